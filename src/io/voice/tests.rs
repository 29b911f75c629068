use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::audio::{tone, wav};
use crate::flow::prompt::text_key;

/// What a shell would make something else of.
const TEXT: &str = "Bonjour ; $HOME `id` {x}";

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("svi-voice-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("beep.wav"), wav::to_file(&tone::beep()).unwrap()).unwrap();
        Self(folder)
    }

    /// Runs a command on a text; what was made of it.
    fn run(&self, language: Language, words: &[&str]) -> Result<Vec<u8>, String> {
        self.run_within(command::PATIENCE, language, words)
    }

    fn run_within(
        &self,
        patience: std::time::Duration,
        language: Language,
        words: &[&str],
    ) -> Result<Vec<u8>, String> {
        let words: Vec<String> = words
            .iter()
            .map(|word| word.replace("BEEP", &self.0.join("beep.wav").to_string_lossy()))
            .collect();
        let file = self.0.join("made.wav");
        let made = command::run(&words, language, TEXT, &file, patience).map_err(|error| error.to_string());
        let left: Vec<String> = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.contains("part"))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "half-made files are left");
        made.map(|()| std::fs::read(&file).unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_command_writes_to_its_file_or_to_its_output() {
    let folder = Folder::new();
    let beep = wav::to_file(&tone::beep()).unwrap();
    assert_eq!(folder.run(Language::French, &["cp", "BEEP", "{out}"]), Ok(beep.clone()));
    assert_eq!(folder.run(Language::French, &["cat", "BEEP"]), Ok(beep));
}

#[test]
fn the_text_is_one_argument_or_the_input_and_no_shell_reads_it() {
    let folder = Folder::new();
    let script = "test \"$1\" = 'Bonjour ; $HOME `id` {x}' && test \"$2\" = en && cp \"$3\" \"$4\"";
    let words = ["sh", "-c", script, "sh", "{text}", "{language}", "BEEP", "{out}"];
    assert!(folder.run(Language::English, &words).is_ok());
    let script = "test \"$(cat)\" = 'Bonjour ; $HOME `id` {x}' && cat \"$1\"";
    assert!(folder.run(Language::French, &["sh", "-c", script, "sh", "BEEP"]).is_ok());
    let script = "test \"$(cat)\" = Bonjour && cat \"$1\"";
    assert!(folder.run(Language::French, &["sh", "-c", script, "sh", "BEEP"]).is_err());
}

#[test]
fn a_text_that_begins_with_a_dash_is_no_option() {
    let folder = Folder::new();
    let words = |text: &str, before: &[&str]| {
        let script = "test \"$#\" = 2 || exit 1; case \"$2\" in -*) exit 1;; esac; cat \"$1\"";
        let command =
            ["sh", "-c", script, "sh", "BEEP"].into_iter().chain(before.iter().copied()).chain(["{text}"]);
        let words: Vec<String> =
            command.map(|word| word.replace("BEEP", &folder.0.join("beep.wav").to_string_lossy())).collect();
        command::run(&words, Language::French, text, &folder.0.join("made.wav"), command::PATIENCE)
    };
    assert_eq!(words("-20 % sur tout.", &[]), Ok(()));
    assert_eq!(words("20 % sur tout.", &[]), Ok(()));
    // Who has said where options end is given the text as it is: here that is one word too many for the script.
    assert!(words("-20 % sur tout.", &["--"]).is_err());
}

#[test]
fn commands_are_tried_with_one_text_of_each_language_and_with_one_that_looks_like_an_option() {
    let folder = Folder::new();
    let script = "case \"$1\" in *20*) echo no minus >&2; exit 1;; esac; cat \"$2\"";
    let beep = folder.0.join("beep.wav").to_string_lossy().into_owned();
    let words = ["sh", "-c", script, "sh", "{text}", &beep].map(str::to_owned).to_vec();
    let commands = SpeechCommands([(Language::French, words)].into());
    let texts = |all: &[&str]| -> BTreeMap<Name, String> {
        all.iter().map(|text| (text_key("fr", text), (*text).to_owned())).collect()
    };
    assert_eq!(try_out(&commands, &folder.0, &texts(&["Bonjour.", "Merci."])), Ok(()));
    let made: usize = folders(&folder.0, &commands)
        .iter()
        .map(|voice| std::fs::read_dir(voice.join("voix")).unwrap().count())
        .sum();
    assert_eq!(made, 1);
    let told = try_out(&commands, &folder.0, &texts(&["Bonjour.", "-20 % sur tout."])).unwrap_err();
    assert_eq!(told.own_words.as_deref(), Some("no minus"));
    let english = BTreeMap::from([(text_key("en", "Hello."), "Hello.".to_owned())]);
    assert_eq!(
        try_out(&commands, &folder.0, &english),
        Ok(()),
        "which has no command, and is told where it stands"
    );
}

#[test]
fn what_goes_wrong_is_told_with_the_commands_own_words() {
    let folder = Folder::new();
    let told = |words: &[&str]| folder.run(Language::French, words).unwrap_err();
    assert_eq!(
        told(&["sh", "-c", "echo no such voice >&2; exit 3", "{text}"]),
        "the text-to-speech command `sh` failed at “Bonjour ; $HOME `id` {x}”: exit status: 3\n\
         its own words: no such voice\n"
    );
    let nothing = told(&["true", "{text}"]);
    assert!(nothing.contains("it wrote no recording"), "{nothing}");
    let text = told(&["sh", "-c", "echo this voice is not licensed; echo pay >&2"]);
    assert!(text.contains("cannot be played") && text.ends_with("its own words: pay\n"), "{text}");
    let missing = told(&["svi-has-no-such-command"]);
    assert!(missing.contains("cannot be run") && missing.contains("help: "), "{missing}");
}

#[test]
fn a_command_that_never_stops_writing_is_ended() {
    let folder = Folder::new();
    let endless = folder.run(Language::French, &["cat", "/dev/zero"]).unwrap_err();
    assert!(endless.contains("it wrote more than 32 MB"), "{endless}");
}

#[test]
fn a_command_that_does_not_come_to_an_end_is_ended_with_all_that_it_started() {
    let folder = Folder::new();
    let patience = std::time::Duration::from_millis(100);
    let begun = std::time::Instant::now();
    let words = ["sh", "-c", "sleep 600 & wait", "{text}"];
    let told = folder.run_within(patience, Language::French, &words).unwrap_err();
    assert!(told.contains("it took longer than 100ms"), "{told}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn every_voice_has_a_folder_of_its_own() {
    let folder = Folder::new();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (one, other) = (words(&["a", "b"]), words(&["a b"]));
    assert_ne!(super::folder(&folder.0, &one), super::folder(&folder.0, &other));
    let beep = folder.0.join("beep.wav").to_string_lossy().into_owned();
    let commands = SpeechCommands([(Language::French, words(&["cat", &beep]))].into());
    let key = text_key("fr", "Bonjour.");
    let texts = BTreeMap::from([(key.clone(), "Bonjour.".to_owned())]);
    let mut heard = Vec::new();
    render(&commands, &folder.0, &texts, &mut |place, text| heard.push(format!("{place} {text}"))).unwrap();
    assert_eq!(heard, ["0 Bonjour."]);
    assert!(folders(&folder.0, &commands)[0].join(key.as_str()).is_file());
    let english = BTreeMap::from([(text_key("en", "Hello."), "Hello.".to_owned())]);
    let told = render(&commands, &folder.0, &english, &mut |_, _| {}).unwrap_err().to_string();
    assert!(told.contains("Hello.") && told.contains("-v, en"), "{told}");
}
