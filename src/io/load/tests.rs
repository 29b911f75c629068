use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const SITE: &str = include_str!("../../../flows/site.yaml");
const FLOW: &str = include_str!("../../../flows/accueil.yaml");

/// A folder of these files, checked: what is said, its own path left out.
fn checked(files: &[(&str, &str)], asked: &str) -> (Checked, String) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("svi-load-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let checked = check(&SiteSource::new(Some(folder.join(asked))));
    std::fs::remove_dir_all(&folder).unwrap();
    let told = checked.report.to_string().replace(&format!("{}/", folder.display()), "");
    (checked, told)
}

#[test]
fn a_site_that_is_not_there_is_told() {
    let told = |files: &[(&str, &str)], asked: &str| checked(files, asked).1;
    let missing = |name: &str| {
        format!(
            "error[unreadable-file]: this cannot be read: there is no such file or folder\n--> {name}\n\n"
        )
    };
    assert_eq!(told(&[], "rien"), missing("rien"));
    assert_eq!(told(&[], "rien.yaml"), missing("rien.yaml"));
    assert!(told(&[("a.txt", "")], "").starts_with("error[no-site]: there is no YAML file in this folder"));
    let no_flow = told(&[("site.yaml", SITE)], "");
    assert!(no_flow.starts_with("error[no-flow]: there is no flow: no file"), "{no_flow}");
}

#[test]
fn a_file_that_is_too_large_is_refused_without_its_being_read() {
    let large = "# x\n".repeat(3_000_000);
    let (checked, told) = checked(&[("site.yaml", SITE), ("a.yaml", &large)], "");
    assert_eq!(checked.report.errors(), 1, "{told}");
    assert!(
        told.starts_with("error[file-too-large]: the file is larger than 256 KiB\n--> a.yaml\n"),
        "{told}"
    );
}

#[test]
fn a_flow_is_checked_within_its_site_wherever_it_lies() {
    let counts = |files: &[(&str, &str)], asked: &str| {
        let (checked, told) = checked(files, asked);
        (told, checked.flows, checked.blocks, checked.numbers)
    };
    let well = (String::new(), 1, 12, 2);
    let beside = [("site.yaml", SITE), ("accueil.yaml", FLOW)];
    assert_eq!(counts(&beside, ""), well);
    assert_eq!(counts(&beside, "accueil.yaml"), well);
    let below = [("site.yaml", SITE), ("flows/accueil.yaml", FLOW)];
    assert_eq!(counts(&below, ""), well);
    assert_eq!(counts(&below, "flows/accueil.yaml"), well);
    let (found, report) = checked(&[("accueil.yaml", FLOW)], "accueil.yaml");
    assert_eq!(found.report.errors(), 4, "{report}");
    assert!(report.contains("there is no queue at all yet: add one"), "{report}");
}

#[test]
fn a_prompt_that_is_no_sound_is_told_by_its_path() {
    let flow = FLOW.replace("- say: Bienvenue à la Maison Lavande.", "- play: bonjour.wav");
    let files = [("site.yaml", SITE), ("accueil.yaml", flow.as_str()), ("prompts/bonjour.wav", "bonjour")];
    let expected = "\
error[unreadable-prompt]: the prompt prompts/bonjour.wav cannot be played: the file is a text, not a sound
--> prompts/bonjour.wav
 = help: use a WAV, MP3 or Ogg Vorbis file

";
    assert_eq!(checked(&files, "").1, expected);
    let (found, report) = checked(&files[..2], "");
    assert!(
        found.report.errors() == 1
            && report.starts_with("error[unknown-prompt]: there is no prompt `bonjour.wav`"),
        "{report}"
    );
}

#[test]
fn broken_yaml_is_told_once_at_its_line() {
    let flow = FLOW.replace("      max_wait: 5m", "        max_wait: 5m");
    let (found, report) = checked(&[("site.yaml", SITE), ("accueil.yaml", &flow)], "");
    assert_eq!(found.report.errors(), 1, "{report}");
    assert!(report.starts_with("error[yaml]: ") && report.contains("accueil.yaml:28:"), "{report}");
}

/// `svi check` promises that a site can be served: it says no wherever `svi serve` would, and nowhere else.
#[test]
fn check_and_serve_say_no_to_the_same_sites() {
    let silence = "[sh, -c, \"cat FOLDER/beep.wav\"]";
    let spoken = FLOW.replace("Bienvenue à la Maison Lavande.", "Bienvenue au jardin.");
    let english = spoken.replace("Bienvenue au jardin.", "{ fr: Bienvenue au jardin., en: Welcome. }");
    let speech = |command: &str| SITE.replacen("\nserver:", &format!("\nserver:\n  speech: {command}"), 1);
    let with = |step: &str| FLOW.replace("    - tag: conseiller\n", step);
    let sms = with("    - sms: Bonjour\n");
    let email = with("    - email: Bonjour\n      to: a@b.fr\n");
    let gateway = format!("{SITE}sms: {{ url: \"https://a.fr/?t={{to}}&m={{text}}\" }}\n");
    let mail = format!("{SITE}mail: {{ server: a.fr, from: a@b.fr }}\n");
    let mailbox = SITE.replace("accueil: { longest", "accueil: { email: a@b.fr, longest");
    let idle = SITE.replace("agents: [alice, bruno]", "agents: []");
    let cases: [(&str, &str, bool, &str); 14] = [
        (SITE, FLOW, true, ""),
        (SITE, &spoken, false, "no-voice"),
        (&speech(silence), &spoken, true, ""),
        (&speech("[svi-has-no-such-command, \"{text}\"]"), &spoken, false, "speech-failed"),
        (&speech("[sh, -c, \"exit 3\", \"{text}\"]"), &spoken, false, "speech-failed"),
        (&speech("[svi-has-no-such-command, \"{text}\"]"), FLOW, true, ""),
        (&speech(&format!("{{ fr: {silence} }}")), &english, true, ""),
        (&speech(&format!("{{ en: {silence} }}")), &spoken, false, "no-voice"),
        (SITE, &sms, false, "nothing-sends"),
        (&gateway, &sms, true, ""),
        (SITE, &email, false, "nothing-sends"),
        (&mail, &email, true, ""),
        (&mailbox, FLOW, false, "nothing-sends"),
        (&idle, FLOW, false, "nobody"),
    ];
    for (place, (site, flow, served, code)) in cases.into_iter().enumerate() {
        let folder = std::env::temp_dir().join(format!("svi-served-{}-{place}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let beep = crate::audio::wav::to_file(&crate::audio::tone::beep()).unwrap();
        std::fs::write(folder.join("beep.wav"), beep).unwrap();
        let here = folder.display().to_string();
        std::fs::write(folder.join("site.yaml"), site.replace("FOLDER", &here)).unwrap();
        std::fs::write(folder.join("accueil.yaml"), flow).unwrap();
        let source = |cache: &str| SiteSource::new(Some(folder.clone())).with_cache(folder.join(cache));
        let checked = check(&source("checked")).report;
        let edition = edition(&source("served"));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!((!checked.has_errors(), edition.is_ok()), (served, served), "{place}: {checked}");
        let codes: Vec<&str> = checked.iter().map(|told| told.code).collect();
        assert_eq!(codes, if code.is_empty() { vec![] } else { vec![code] }, "{place}: {checked}");
        if let Err(refused) = edition {
            assert!(refused.to_string().contains(code), "{place}: {refused}");
        }
    }
}

/// A Mac writes `é` in the names of files as two characters.
#[test]
fn a_file_is_found_whichever_way_its_accents_are_written() {
    let (one, two) = ("été", "e\u{301}te\u{301}");
    for (file, said) in [(two, one), (one, two), (two, two)] {
        let flow = format!(
            "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: fin\nblocks:\n  fin:\n    - play: {said}.wav\n    - hangup: normal\n"
        );
        let (_, told) = checked(&[("a.yaml", &flow), (&format!("prompts/{file}.wav"), "no sound")], "");
        assert!(told.contains("unreadable-prompt") && !told.contains("missing"), "{told}");
    }
}
