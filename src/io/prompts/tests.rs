use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::audio::loudness::{SPEECH_LUFS, measure};
use crate::audio::{tone, wav};
use crate::base::time::Duration;

const SITE: &str = include_str!("../../../flows/site.yaml");
const FLOW: &str = include_str!("../../../flows/accueil.yaml");
const WELCOME: &str = "Bienvenue à la Maison Lavande.";

/// A site in a folder of its own, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new(flow: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("svi-prompts-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let place = Self(std::env::temp_dir().join(name));
        place.write("accueil.yaml", flow.as_bytes());
        place.speak_by("");
        place
    }

    /// Names the text-to-speech command; none if it is empty.
    fn speak_by(&self, command: &str) {
        let speech = if command.is_empty() { String::new() } else { format!("\n  speech: {command}") };
        let site = SITE.replacen("\nserver:", &format!("\nserver:{speech}"), 1);
        self.write("site.yaml", site.as_bytes());
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn sound(&self, name: &str, peak_dbfs: f64) {
        let samples = tone::tone(&[500.0], Duration::from_secs(2), peak_dbfs);
        self.write(name, &wav::to_file(&samples).unwrap());
    }

    fn source(&self) -> SiteSource {
        SiteSource::new(Some(self.0.clone())).with_cache(self.0.join("cache"))
    }

    fn prompts(&self) -> Prompts {
        Prompts::read(self.source()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The report of `svi check`, the folder's own path left out.
    fn checked(&self) -> String {
        load::check(&self.source()).report.to_string().replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn state_of(prompts: &Prompts, text: &str) -> State {
    prompts.list(false).into_iter().find(|prompt| prompt.text == text).unwrap().state
}

#[test]
fn a_hand_recording_is_heard_for_its_text_at_the_level_of_all_and_goes_stale_with_it() {
    let place = Place::new(FLOW);
    place.sound("prompts/bienvenue.wav", -40.0);
    place.write("prompts/bienvenue.txt", "bienvenue, à la maison Lavande\n".as_bytes());
    assert_eq!(state_of(&place.prompts(), WELCOME), State::Recorded);
    assert_eq!(place.prompts().unused(), []);
    let edition = load::edition(&place.source()).unwrap();
    let key = crate::flow::prompt::text_key("fr", WELCOME);
    let heard = edition.library.sound(&key).unwrap().samples(G711::Alaw);
    assert_eq!(heard.len(), 16_000);
    let level = measure(&heard).integrated_lufs.unwrap();
    assert!((level - SPEECH_LUFS).abs() < 0.3, "{level}");

    place
        .write("accueil.yaml", FLOW.replace(WELCOME, "Bienvenue chez nous, à la Maison Lavande.").as_bytes());
    place.write("prompts/encore.txt", b"un texte sans son");
    let report = place.checked();
    assert!(
        report.contains("warning[stale-recording]: no flow says what was recorded in bienvenue.wav"),
        "{report}"
    );
    assert!(report.contains("prompts/bienvenue.txt:1:1"), "{report}");
    assert!(
        report.contains("help: the flow says now: Bienvenue chez nous, à la Maison Lavande."),
        "{report}"
    );
    let nearest = Some("Bienvenue chez nous, à la Maison Lavande.".to_owned());
    let path = place.0.join("prompts/bienvenue.wav").display().to_string();
    assert_eq!(place.prompts().unused(), [Unused::Stale(path, nearest)]);
}

#[test]
fn a_text_recorded_by_hand_does_not_wait_for_a_voice() {
    let flow = FLOW.replace(WELCOME, "Bienvenue au jardin.");
    let place = Place::new(&flow);
    assert!(
        place.checked().contains("this text has no voice yet: Bienvenue au jardin."),
        "{}",
        place.checked()
    );
    place.sound("prompts/jardin.wav", -20.0);
    place.write("prompts/jardin.txt", "Bienvenue au jardin".as_bytes());
    assert_eq!(place.checked(), "");
}

#[test]
fn missing_texts_are_rendered_once_by_each_voice_and_old_ones_are_told() {
    let flow = FLOW.replace(WELCOME, "Bienvenue au jardin.");
    let place = Place::new(&flow);
    place.sound("voice.wav", -30.0);
    let voice = place.0.join("voice.wav");
    let command = |option: &str| format!("[sh, -c, \"cat {}\", {option}]", voice.display());
    place.speak_by(&command("un"));
    assert_eq!(state_of(&place.prompts(), "Bienvenue au jardin."), State::Missing);
    assert_eq!(place.prompts().render(false).unwrap(), 1);
    assert_eq!(state_of(&place.prompts(), "Bienvenue au jardin."), State::Rendered);
    assert_eq!(place.prompts().render(false).unwrap(), 0);
    assert_eq!(place.prompts().render(true).unwrap(), 1);
    assert_eq!(place.prompts().unused(), []);

    place.speak_by(&command("deux"));
    assert_eq!(state_of(&place.prompts(), "Bienvenue au jardin."), State::Missing, "another voice");
    let unused = place.prompts().unused();
    assert!(matches!(&unused[..], [Unused::Cached(file)] if file.is_file()), "{unused:?}");
}

#[test]
fn a_bank_that_is_broken_or_mixed_is_told() {
    let place = Place::new(FLOW);
    place.sound("prompts/nombres/21.wav", -20.0);
    place.write("prompts/en/numbers/5.wav", b"five");
    place.sound("prompts/nombres/21-siute.wav", -20.0);
    let report = place.checked();
    for told in [
        "warning[mixed-voices]: the site brings 1 of ",
        "error[unreadable-prompt]: the prompt prompts/en/numbers/5.wav cannot be played",
        "warning[unknown-fragment]: `nombres/21-siute.wav` is no word of the bank",
        "help: did you mean `nombres/21-suite.wav`?",
    ] {
        assert!(report.contains(told), "{told}\n{report}");
    }
}

#[test]
fn levels_tell_what_must_be_mended() {
    let flow = FLOW.replace(&format!("- say: {WELCOME}"), "- play: bonjour.wav");
    let place = Place::new(&flow);
    let mut samples = vec![0_i16; 8_000];
    samples.extend(tone::tone(&[500.0], Duration::from_secs(1), -12.0));
    place.write("prompts/bonjour.wav", &wav::to_file(&samples).unwrap());
    let levels = place.prompts().levels();
    let [measured] = &levels[..] else { panic!("{levels:?}") };
    assert_eq!((measured.key.as_str(), &measured.faults[..]), ("bonjour.wav", &[Fault::SilenceBefore][..]));
    let builtin = Prompts::read(SiteSource::new(None)).unwrap().levels();
    assert!(builtin.len() > 20 && builtin.iter().all(|measured| measured.faults.is_empty()), "{builtin:?}");
}

/// What a command has spoken passes our own measure: the silence that it leaves at the ends is cut when it is loaded.
#[test]
fn what_is_rendered_needs_no_mending() {
    let flow = FLOW.replace(WELCOME, "Bienvenue au jardin.");
    let place = Place::new(&flow);
    let quiet = |milliseconds: usize| vec![0_i16; milliseconds * 8];
    let samples = [quiet(500), tone::tone(&[500.0], Duration::from_secs(1), -12.0), quiet(900)].concat();
    place.write("voice.wav", &wav::to_file(&samples).unwrap());
    place.speak_by(&format!("[sh, -c, \"cat {}\", un]", place.0.join("voice.wav").display()));
    place.prompts().render(false).unwrap();
    let levels = place.prompts().levels();
    let [measured] = &levels[..] else { panic!("{levels:?}") };
    assert_eq!(measured.faults, []);
    let edition = load::edition(&place.source()).unwrap();
    let key = crate::flow::prompt::text_key("fr", "Bienvenue au jardin.");
    let heard = edition.library.sound(&key).unwrap().duration();
    assert!((1_000..1_300).contains(&heard.as_millis()), "callers hear it so, too: {heard:?}");
}

/// A studio records what is said, and is told how: no sentence of a callback where none is offered, the z of `six heures`.
#[test]
fn a_studio_gets_what_is_said_and_how_it_is_said() {
    let texts = |flow: &str| -> Vec<String> {
        let place = Place::new(flow);
        place.prompts().orders(false).into_iter().map(|order| order.text).collect()
    };
    let has = |step: &str, part: &str| {
        let flow = format!(
            "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: debut\nblocks:\n  debut:\n    - {step}\n    - goto: fin\n  fin:\n    - hangup: normal\n"
        );
        texts(&flow).iter().any(|text| text.contains(part))
    };
    let own = [
        "Vous avez tapé",
        "à être rappelé",
        "recherchons un conseiller",
        "n'a pas pu être enregistré",
        "numéro masqué",
    ];
    for part in own {
        assert!(!has("say: Au revoir.", part), "{part}");
    }
    let asks =
        "ask: code\n      say: Votre code ?\n      digits: 4\n      confirm: true\n      otherwise: fin";
    assert!(has(asks, "Vous avez tapé") && has(asks, "n'est pas valable") && !has(asks, "à être rappelé"));
    assert!(!has(&asks.replace("confirm: true", "confirm: false"), "Vous avez tapé"));
    assert!(has("record: nom", "n'a pas pu être enregistré"));
    assert!(!has("record: nom\n      failed: fin", "n'a pas pu être enregistré"), "the step says it itself");
    assert!(has("voicemail: accueil", "n'a pas pu être enregistré"));
    assert!(!has("say: Au revoir.", "Tapez 1 pour accepter l'appel"), "nobody is asked");
    let place = Place::new(FLOW);
    let orders = place.prompts().orders(true);
    let hint = |file: &str| orders.iter().find(|order| order.file == file).unwrap().hint.clone();
    assert_eq!(hint("mots/heures-z.wav").as_deref(), Some("z‿heures"));
    assert_eq!(hint("mots/euro-n-suite.wav").as_deref(), Some("n‿euro"));
    assert_eq!(hint("nombres/6-suite.wav"), None);
}

#[test]
fn a_studio_gets_every_text_once_under_a_name_of_its_own() {
    let place = Place::new(FLOW);
    let orders = place.prompts().orders(false);
    let welcome = orders.iter().find(|order| order.text == WELCOME).unwrap();
    assert_eq!(welcome.file, "bienvenue-a-la-maison-lavande.wav");
    assert_eq!(welcome.text_file.as_deref(), Some("bienvenue-a-la-maison-lavande.txt"));
    let files: BTreeSet<&String> = orders.iter().map(|order| &order.file).collect();
    assert_eq!(files.len(), orders.len());
    assert!(
        orders.iter().any(|order| order.file == "appel-gratuit.wav" && order.text.starts_with("Bonjour."))
    );
    assert!(!orders.iter().any(|order| order.file == "attente.wav"));
    assert!(place.prompts().orders(true).iter().any(|order| order.file == "nombres/6-suite.wav"));
}
