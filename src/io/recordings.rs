//! All recordings that can be had, by their key in the library: those of the site come before those that a command has
//! rendered, and these before those that svi ships. Recordings that were made by hand for a text say that text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::assets;
use crate::audio::loudness::{MUSIC_LUFS, Meter, SPEECH_LUFS};
use crate::audio::sound::{Level, Sound};
use crate::base::codec::G711;
use crate::base::diagnostic::{Diagnostic, Severity, Source, Text};
use crate::base::letters::composed;
use crate::base::limit::{PROMPT_BYTES_MAX, RECORDED_TEXT_BYTES_MAX};
use crate::base::name::Name;
use crate::flow::recorded::{HandRecording, Stale};
use crate::flow::speech::{self, Language};
use crate::say;

/// Folders below `prompts/`: `en/numbers/21.wav` is the deepest.
const FOLDERS_DEEP: usize = 2;
/// Kinds of sound that may lie beside a text.
const ENDINGS: [&str; 3] = ["wav", "mp3", "ogg"];

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Recordings {
    places: BTreeMap<Name, Place>,
    /// Texts of recordings made by hand: the file, relative to `prompts/`, and its path.
    texts: BTreeMap<String, PathBuf>,
}

/// Where a recording lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the program.
    Shipped,
    /// In the `prompts/` of the site.
    Own(PathBuf),
    /// In the `prompts/` of the site, recorded for this text.
    Hand(PathBuf),
    /// In the cache.
    Rendered(PathBuf),
}

/// How loud each recording is to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels {
    music: BTreeSet<Name>,
    /// Words of the bank, which are spliced: one gain for all that the site brings of a language, so that an `i` stays
    /// softer than an `a`.
    bank: BTreeMap<Name, f64>,
}

impl Levels {
    /// What a recording of the site is brought to, in LUFS.
    pub(super) fn target(&self, key: &str) -> f64 {
        if self.music.contains(key) { MUSIC_LUFS } else { SPEECH_LUFS }
    }
}

impl Recordings {
    /// What the program carries.
    pub(super) fn shipped() -> Self {
        let prompts = assets::names().filter_map(|name| name.strip_prefix("prompts/"));
        let sounds = prompts.filter(|name| name.ends_with(".wav"));
        let places = sounds.map(|name| (Name::from(name), Place::Shipped)).collect();
        Self { places, texts: BTreeMap::new() }
    }

    /// Adds the `prompts/` of a site.
    pub(super) fn add_site(&mut self, folder: &Path) {
        files(folder, "", FOLDERS_DEEP, &mut |name, path| {
            if name.ends_with(".txt") {
                self.texts.insert(name, path);
            } else {
                self.places.insert(Name::from(name), Place::Own(path));
            }
        });
    }

    /// Adds what commands have rendered; a recording of the site's own comes first.
    pub(super) fn add_rendered(&mut self, folders: &[PathBuf]) {
        for folder in folders {
            files(folder, "", 1, &mut |name, path| {
                let made = name.ends_with(".wav") && !name.ends_with(".part.wav");
                let own = matches!(self.places.get(name.as_str()), Some(Place::Own(_) | Place::Hand(_)));
                if made && !own {
                    self.places.insert(Name::from(name), Place::Rendered(path));
                }
            });
        }
    }

    /// Adds recordings made by hand under the keys of the texts that they say.
    pub(super) fn add_matched(&mut self, matched: &BTreeMap<Name, Name>) {
        for (key, file) in matched {
            if let Some(Place::Own(path)) = self.places.get(file) {
                let place = Place::Hand(path.clone());
                self.places.insert(key.clone(), place);
            }
        }
    }

    /// Recordings of the site with a text beside them: `accueil.wav` with `accueil.txt`; the text is French unless it is
    /// `accueil.en.txt`, or lies in `en/`. The English recording is then `accueil.en.wav`, or `accueil.wav` alone.
    pub(super) fn by_hand(&self) -> Vec<HandRecording> {
        let mut found = Vec::new();
        for (name, path) in &self.texts {
            let stem = name.trim_end_matches(".txt");
            let folder = name.split_once('/').and_then(|(folder, _)| Language::parse(folder));
            let ending = stem.rsplit_once('.').and_then(|(_, code)| Language::parse(code));
            let plain = if ending.is_some() { stem.rsplit_once('.').map(|(plain, _)| plain) } else { None };
            let stems = std::iter::once(stem).chain(plain);
            let names = stems.flat_map(|stem| ENDINGS.iter().map(move |ending| format!("{stem}.{ending}")));
            let sound =
                names.map(Name::from).find(|name| matches!(self.places.get(name), Some(Place::Own(_))));
            let Some(file) = sound else { continue };
            let short = std::fs::metadata(path).is_ok_and(|file| file.len() <= RECORDED_TEXT_BYTES_MAX);
            let Some(text) = short.then(|| std::fs::read(path).ok()).flatten() else { continue };
            let text = String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').trim().to_owned();
            found.push(HandRecording { file, language: ending.or(folder).unwrap_or_default(), text });
        }
        found
    }

    /// A hand recording that no text fits, told at its text.
    pub(super) fn stale(&self, stale: &Stale) -> Diagnostic {
        let file = &stale.recording.file;
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let code = stale.recording.language.as_str();
        let names = [format!("{stem}.txt"), format!("{stem}.{code}.txt")];
        let text = names.iter().find_map(|name| self.texts.get(name));
        let path = text.map_or_else(|| file.to_string(), |path| path.display().to_string());
        let text = stale.recording.text.as_str();
        let help = match &stale.nearest {
            Some(nearest) => say!("the flow says now: {}", nearest),
            None => Text::word(
                "no flow says anything like it: delete the recording and its text, or play it by its name",
            ),
        };
        Diagnostic {
            severity: Severity::Warning,
            code: "stale-recording",
            message: say!("no flow says what was recorded in {}", file),
            source: Source::new(path, text),
            range: 0..text.lines().next().map_or(0, str::len),
            help: Some(help),
        }
    }

    /// All keys.
    pub(super) fn keys(&self) -> BTreeSet<Name> {
        self.places.keys().cloned().collect()
    }

    /// All keys with their places.
    pub(super) fn places(&self) -> impl Iterator<Item = (&Name, &Place)> {
        self.places.iter()
    }

    /// Where a recording lies.
    pub(super) fn place(&self, key: &str) -> Option<&Place> {
        self.places.get(key)
    }

    /// Where a recording lies, for people.
    pub(super) fn path(&self, key: &str) -> Option<String> {
        self.places.get(key).map(|place| match place {
            Place::Shipped => format!("prompts/{key}"),
            Place::Own(path) | Place::Hand(path) | Place::Rendered(path) => path.display().to_string(),
        })
    }

    /// Whether a command has made it.
    pub(super) fn is_rendered(&self, key: &str) -> bool {
        matches!(self.places.get(key), Some(Place::Rendered(_)))
    }

    /// Whether the site brings it itself.
    pub(super) fn is_own(&self, key: &str) -> bool {
        matches!(self.places.get(key), Some(Place::Own(_) | Place::Hand(_)))
    }

    /// The levels of a site; `music` has its own.
    pub(super) fn levels(&self, music: BTreeSet<Name>) -> Levels {
        let mut levels = Levels { music, bank: BTreeMap::new() };
        for language in Language::ALL {
            let bank = speech::bank_of(language).into_iter().map(|recording| Name::from(recording.key));
            let own: Vec<Name> = bank.filter(|key| self.is_own(key)).collect();
            let mut meter = Meter::default();
            for sound in own.iter().filter_map(|key| self.load(key, None)?.ok()) {
                meter.hear(&sound.samples(G711::Ulaw));
            }
            let gain = meter.loudness().gain_to(SPEECH_LUFS).unwrap_or(0.0);
            levels.bank.extend(own.into_iter().map(|key| (key, gain)));
        }
        levels
    }

    /// The sound of a key, as it is or at its level; none when there is no recording of it. What is shipped is at its level.
    pub(super) fn load(&self, key: &str, levels: Option<&Levels>) -> Option<Result<Sound, String>> {
        let (bytes, level) = match self.places.get(key)? {
            Place::Shipped => (std::borrow::Cow::Borrowed(assets::prompt(key)?), None),
            Place::Own(path) | Place::Hand(path) | Place::Rendered(path) => {
                match std::fs::metadata(path).map(|metadata| metadata.len()) {
                    Ok(length) if length > PROMPT_BYTES_MAX as u64 => {
                        return Some(Err("the file is too large".into()));
                    }
                    _ => match std::fs::read(path) {
                        Ok(bytes) => (std::borrow::Cow::Owned(bytes), levels),
                        Err(error) => return Some(Err(error.to_string())),
                    },
                }
            }
        };
        let sound = match level {
            None => Sound::load(&bytes, key),
            Some(levels) => {
                let level =
                    levels.bank.get(key).map_or(Level::Lufs(levels.target(key)), |gain| Level::Gain(*gain));
                Sound::load_at(&bytes, key, level)
            }
        };
        let rendered = matches!(self.places.get(key), Some(Place::Rendered(_)));
        let sound = sound.map(|sound| if rendered { sound.trimmed() } else { sound });
        Some(sound.map_err(|error| error.to_string()))
    }
}

/// The files of a folder and of the folders in it, so many levels deep, by name.
fn files(folder: &Path, prefix: &str, deep: usize, found: &mut dyn FnMut(String, PathBuf)) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let Some(file) = path.file_name() else { continue };
        let name = format!("{prefix}{}", composed(&file.to_string_lossy()));
        if path.is_dir() {
            if deep > 0 {
                files(&path, &format!("{name}/"), deep - 1, found);
            }
        } else if path.is_file() {
            found(name, path);
        }
    }
}
