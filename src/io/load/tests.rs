use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const SITE: &str = include_str!("../../../flows/site.yaml");
const FLOW: &str = include_str!("../../../flows/accueil.yaml");

/// A folder of these files, checked: what is said, its own path left out, and how many errors there are.
fn checked(files: &[(&str, &str)], asked: &str) -> (String, usize) {
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
    let place = format!("{}/", folder.display());
    (checked.report.replace(&place, ""), checked.errors)
}

#[test]
fn a_site_that_is_not_there_is_told_in_a_line() {
    let one = |text: &str| (format!("{text}\n"), 1);
    assert_eq!(checked(&[], "rien"), one("rien cannot be read: no such file or directory"));
    assert_eq!(checked(&[], "rien.yaml"), one("rien.yaml cannot be read: no such file or directory"));
    let why = "no YAML file in it or in its `flows/`; a site has `site.yaml` and a flow";
    assert_eq!(checked(&[("a.txt", "")], ""), one(&format!(": {why}")));
    assert_eq!(
        checked(&[("site.yaml", SITE)], ""),
        one("there is no flow: no file of the site has `blocks`")
    );
}

#[test]
fn a_flow_is_checked_within_its_site_wherever_it_lies() {
    let well = ("all well: 1 flow, 12 blocks, 2 numbers\n".to_owned(), 0);
    let beside = [("site.yaml", SITE), ("accueil.yaml", FLOW)];
    assert_eq!(checked(&beside, ""), well);
    assert_eq!(checked(&beside, "accueil.yaml"), well);
    let below = [("site.yaml", SITE), ("flows/accueil.yaml", FLOW)];
    assert_eq!(checked(&below, ""), well);
    assert_eq!(checked(&below, "flows/accueil.yaml"), well);
    let (report, errors) = checked(&[("accueil.yaml", FLOW)], "accueil.yaml");
    assert_eq!(errors, 4, "{report}");
    assert!(report.contains("there is no queue at all: add it to `site.yaml`"), "{report}");
}

#[test]
fn a_prompt_that_is_no_sound_is_told_by_its_path() {
    let flow = FLOW.replace("- say: Bienvenue à la Maison Lavande.", "- play: bonjour.wav");
    let files = [("site.yaml", SITE), ("accueil.yaml", flow.as_str()), ("prompts/bonjour.wav", "bonjour")];
    let expected = "\
error[unreadable-prompt]: the prompt prompts/bonjour.wav cannot be played: the file is a text, not a sound
--> prompts/bonjour.wav
 = help: use a WAV, MP3 or Ogg Vorbis file

1 error
";
    assert_eq!(checked(&files, ""), (expected.to_owned(), 1));
    let (report, errors) = checked(&files[..2], "");
    assert!(
        errors == 1 && report.starts_with("error[unknown-prompt]: there is no prompt `bonjour.wav`"),
        "{report}"
    );
}

#[test]
fn broken_yaml_is_told_once_at_its_line() {
    let flow = FLOW.replace("      max_wait: 5m", "        max_wait: 5m");
    let (report, errors) = checked(&[("site.yaml", SITE), ("accueil.yaml", &flow)], "");
    assert_eq!(errors, 1, "{report}");
    assert!(report.starts_with("error[yaml]: ") && report.contains("accueil.yaml:27:"), "{report}");
}
