//! Spoken French and English against their tables of pairs, and the voice that is shipped against what it must contain.
//!
//! `SVI_BLESS=1 cargo test --test house speech::` rewrites `prompts/src/fragments.tsv` from the code; `prompts/make.sh` then renders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use svi::flow::speech::{self, Format, Fragment, Kind, Language};
use svi::flow::system;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// What is said otherwise than a table of pairs wants it.
fn wrong(language: Language, table: &str) -> Vec<String> {
    let table = fs::read_to_string(root().join("tests/data").join(table)).unwrap();
    let mut wrong = Vec::new();
    for line in table.lines().skip(1) {
        let [kind, input, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("bad line {line}")
        };
        let said = Kind::parse(kind).unwrap_or_else(|| panic!("unknown kind {kind}")).say(language, input);
        let said = said.map_or_else(|error| error.to_string(), |said| said.text);
        if said != expected {
            wrong.push(format!("{kind} {input}: expected {expected:?}, said {said:?}"));
        }
    }
    wrong
}

#[test]
fn all_pairs_of_the_tables_are_said() {
    for (language, table) in [
        (Language::French, "french-speech.tsv"),
        (Language::French, "french-rules-speech.tsv"),
        (Language::English, "english-speech.tsv"),
    ] {
        let wrong = wrong(language, table);
        assert!(wrong.is_empty(), "{table}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn the_list_of_fragments_is_the_bank() {
    let path = root().join("prompts/src/fragments.tsv");
    let mut list = String::from("key\tdelivery\ttext\tsay\n");
    for recording in speech::bank() {
        list += &format!(
            "{}\t{}\t{}\t{}\n",
            recording.key,
            recording.delivery.as_str(),
            recording.text,
            recording.say
        );
    }
    if std::env::var("SVI_BLESS").is_ok() {
        fs::write(&path, &list).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == list,
        "fragments.tsv is not bank(): run SVI_BLESS=1 cargo test --test house speech::, then prompts/make.sh"
    );
}

/// A row of `prompts/manifest.tsv`.
struct Row {
    text: String,
    duration_ms: usize,
    level: f64,
}

fn manifest() -> BTreeMap<String, Row> {
    let table = fs::read_to_string(root().join("prompts/manifest.tsv")).unwrap();
    let row = |line: &str| {
        let [file, _language, text, duration_ms, level, _unit, _source] =
            line.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("bad line {line}")
        };
        let (duration_ms, level) = (duration_ms.parse().unwrap(), level.parse().unwrap());
        (file.to_owned(), Row { text: text.to_owned(), duration_ms, level })
    };
    table.lines().skip(1).map(row).collect()
}

/// Samples of a WAV file with the 44-byte header: PCM, mono, 8 kHz, 16 bits.
fn samples(path: &Path) -> Vec<i16> {
    let bytes = fs::read(path).unwrap();
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!(
        (&bytes[0..4], &bytes[8..16], &bytes[36..40]),
        (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]),
        "{path:?}"
    );
    assert_eq!(
        (u32_at(20), u32_at(24), u32_at(32)),
        (0x0001_0001, 8_000, 0x0010_0002),
        "{path:?}: not 8 kHz mono 16 bits"
    );
    assert_eq!(u32_at(40) as usize, bytes.len() - 44, "{path:?}: wrong length in the header");
    bytes[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

fn files() -> BTreeSet<String> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else if name.ends_with(".wav") {
                found.insert(name);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&root().join("prompts"), "", &mut found);
    found
}

/// dBFS of the root mean square.
fn rms(samples: &[i16]) -> f64 {
    let power: f64 = samples.iter().map(|sample| (f64::from(*sample) / 32_768.0).powi(2)).sum();
    10.0 * (power / samples.len().max(1) as f64).max(1e-10).log10()
}

/// Milliseconds below -50 dBFS at the start.
fn silence_ms<'a>(samples: impl Iterator<Item = &'a i16>) -> usize {
    samples.take_while(|sample| sample.unsigned_abs() < 104).count() / 8
}

fn is_fragment(file: &str) -> bool {
    let french = ["nombres/", "rangs/", "heures/", "lettres/", "mots/"];
    let english = ["en/numbers/", "en/ranks/", "en/letters/", "en/words/"];
    french.iter().chain(&english).any(|folder| file.starts_with(folder))
}

#[test]
fn the_manifest_lists_the_files_as_they_are() {
    let manifest = manifest();
    let listed: BTreeSet<String> = manifest.keys().cloned().collect();
    assert_eq!(listed, files());
    for (file, row) in &manifest {
        let ms = samples(&root().join("prompts").join(file)).len() / 8;
        assert_eq!(row.duration_ms, ms, "{file}");
    }
}

#[test]
fn every_fragment_has_its_recording_and_no_other_is_shipped() {
    let recorded: BTreeSet<String> = files().into_iter().filter(|file| is_fragment(file)).collect();
    let bank: BTreeSet<String> = speech::bank().into_iter().map(|recording| recording.key).collect();
    assert_eq!(recorded, bank);
}

#[test]
fn every_static_text_has_its_recording_under_its_key() {
    use sha2::{Digest, Sha256};
    let texts = fs::read_to_string(root().join("prompts/src/texts.tsv")).unwrap();
    let files = files();
    let mut expected = BTreeSet::new();
    for line in texts.lines().skip(1) {
        let (language, text) = line.split_once('\t').unwrap();
        assert_eq!(text, text.split_whitespace().collect::<Vec<_>>().join(" "), "blanks are not normal");
        let digest = Sha256::digest(format!("{language}\n{text}"));
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        expected.insert(format!("voix/{hex}.wav"));
    }
    let recorded: BTreeSet<String> = files.into_iter().filter(|file| file.starts_with("voix/")).collect();
    assert_eq!(recorded, expected);
}

#[test]
fn what_svi_says_itself_is_recorded_in_every_language() {
    let manifest = manifest();
    for phrase in system::PHRASES {
        for language in Language::ALL {
            let key = svi::flow::prompt::text_key(language.as_str(), phrase.text(language));
            let text = &manifest.get(&*key).unwrap_or_else(|| panic!("{phrase:?} lacks {language:?}")).text;
            assert_eq!(text, phrase.text(language));
        }
    }
    let french = manifest.keys().filter(|file| !file.contains('/'));
    for file in french.filter(|file| *file != system::BEEP && *file != system::MUSIC) {
        assert!(manifest.contains_key(&system::file_in(Language::English, file)), "{file} has no English");
    }
}

#[test]
fn levels_are_even_and_nothing_clips() {
    for (file, row) in manifest() {
        let samples = samples(&root().join("prompts").join(&file));
        if file == "mots/pause.wav" {
            assert!(samples.iter().all(|sample| *sample == 0));
            continue;
        }
        // -3 dBFS is 23,198.
        let peak = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!(peak <= 23_198, "{file}: peak {peak}");
        assert!((-29.0..=-14.0).contains(&rms(&samples)), "{file}: {:.1} dBFS", rms(&samples));
        if !is_fragment(&file) && file != "bip.wav" {
            assert!((-23.0..=-19.0).contains(&row.level), "{file}: {} LUFS", row.level);
        }
    }
}

#[test]
fn speech_starts_at_once_and_ends_without_a_tail() {
    for (file, _) in
        manifest().into_iter().filter(|(file, _)| file != "mots/pause.wav" && file != "attente.wav")
    {
        let samples = samples(&root().join("prompts").join(&file));
        let (lead, tail) = (silence_ms(samples.iter()), silence_ms(samples.iter().rev()));
        let most = if is_fragment(&file) { 40 } else { 130 };
        assert!(lead <= most && tail <= most, "{file}: {lead} ms before, {tail} ms behind");
    }
}

#[test]
fn the_music_loops_without_a_step() {
    let music = samples(&root().join("prompts/attente.wav"));
    assert!((45 * 8_000..=75 * 8_000).contains(&music.len()));
    let step = (i32::from(music[0]) - i32::from(music[music.len() - 1])).abs();
    let usual = music.windows(2).map(|pair| (i32::from(pair[0]) - i32::from(pair[1])).abs()).max().unwrap();
    assert!(step <= usual, "a step of {step} where the loop closes");
    let second = |at: usize| rms(&music[at..at + 8_000]);
    assert!((second(0) - second(music.len() - 8_000)).abs() < 6.0, "the loop closes with a jump in level");
}

/// The longest silence inside what fragments say, in milliseconds; 10 ms of less than -45 dBFS count.
fn longest_hole_ms(fragments: &[Fragment]) -> usize {
    let mut spoken = Vec::new();
    for fragment in fragments {
        spoken.extend(samples(&root().join("prompts").join(&*fragment.key)));
    }
    let (mut silent, mut longest) = (0, 0);
    for window in spoken.chunks(80) {
        silent = if rms(window) < -45.0 { silent + 10 } else { 0 };
        longest = longest.max(silent);
    }
    longest
}

#[test]
fn numbers_are_spoken_without_holes() {
    for language in Language::ALL {
        for n in ["1998", "21", "777777", "999999999", "80200"] {
            let hole = longest_hole_ms(&speech::speak_in(language, Format::Number, n).unwrap());
            // English `thousand` begins so softly that its `th` counts as silence, behind the end of `nine`.
            let most = if language == Language::English { 150 } else { 120 };
            assert!(hole < most, "{language:?} {n}: a hole of {hole} ms");
        }
        let hole = longest_hole_ms(&speech::position_in(language, 21));
        assert!(hole < 120, "{language:?}: a hole of {hole} ms in the position");
    }
}

#[test]
fn groups_of_a_telephone_number_stand_apart() {
    for language in Language::ALL {
        let fragments = speech::speak_in(language, Format::Phone, "0 800 123 456").unwrap();
        let pause = longest_hole_ms(&fragments);
        assert!((230..450).contains(&pause), "{language:?}: {pause} ms between the groups");
    }
}

#[test]
fn durations_fit_their_words() {
    for (file, row) in manifest().into_iter().filter(|(_, row)| row.text.chars().count() >= 12) {
        let per_letter = row.duration_ms / row.text.chars().count();
        if file != "attente.wav" && file != "bip.wav" {
            assert!((30..=140).contains(&per_letter), "{file}: {per_letter} ms a letter");
        }
    }
}
