use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::base::time::Wall;
use crate::io::load::{self, SiteSource};

fn answers(given: &Given<'_>) -> Result<Answers, Text> {
    Questions::none(Vec::new()).ask(given, Tongue::English)
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("svi-new-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const NOW: &str = "2026-11-24T10:00:00+01:00";

fn written(answers: &Answers, voice: Voice) -> Vec<File> {
    let passwords: Vec<String> = answers.agents.iter().map(|_| "abcd-efgh-jkmn-pqrs".to_owned()).collect();
    site::files(answers, &passwords, voice, Wall::parse(NOW).unwrap())
}

/// What `svi check` says of the site that these answers make.
fn told(answers: &Answers, voice: Voice) -> String {
    let folder = Folder::new();
    write(&folder.0, &written(answers, voice)).unwrap();
    let checked = load::check(&SiteSource::new(Some(folder.0.clone())));
    let sound = checked.flows == 1 && checked.numbers == answers.numbers.len();
    format!("{}{}", checked.report, if sound { "" } else { "the flow or a number is lost" })
}

#[test]
fn every_default_makes_a_site_without_a_mistake() {
    for voice in [Voice::Espeak, Voice::Piper, Voice::None] {
        assert_eq!(told(&answers(&Given::default()).unwrap(), voice), "", "{voice:?}");
    }
}

#[test]
fn awkward_answers_make_a_site_without_a_mistake() {
    let long = "Établissements ".repeat(5) + "Noël";
    for company in [
        r#"L'Atelier "Chez Zoé" : #1 & fils \ 100 %"#,
        "Maison: Lavande",
        "# Lavande",
        "- Lavande *gras* !x @y `z` | > ? [a], b",
        "true",
        "0800",
        "日本の店",
        "  Zoé   et\tPaul ",
        "\"\"\" a",
        "a\\",
        "Null",
        long.as_str(),
    ] {
        let given = Given { company: Some(company), ..Given::default() };
        for voice in [Voice::Espeak, Voice::None] {
            assert_eq!(told(&answers(&given).unwrap(), voice), "", "{company}");
        }
    }
    for agents in [
        "O'Brien \"Bob\"",
        "Zoé: x",
        "alice, Alice, Alice Martin, ALICE",
        "李",
        "Chloé 06 12 34 56 78, Max +33 6 12 34 56 79",
        "-a-b",
        "no, null, true",
    ] {
        let given = Given { agents: Some(agents), ..Given::default() };
        assert_eq!(told(&answers(&given).unwrap(), Voice::Espeak), "", "{agents}");
    }
    for hours in [
        "24h/24",
        "lun-dim 0h-24h",
        "lundi-vendredi de 8h à 12h",
        "du lundi au vendredi de 8h à 12h et de 14h à 18h; samedi: 9h à 12h",
        "lun, mer 9h-12h; ven 22h-2h",
        "Lun-Ven : 9h-12h30, 14h-18h;sam 9h-12h",
        "mon-fri 9:00-17:30",
        "lun 8h-9h, 10h-11h, 12h-13h, 14h-15h, 16h-17h; mar 9h-10h, 11h-12h, 13h-14h, 15h-16h; mer 9h-10h, 11h-12h, 13h-15h, 16h-17h; jeu 9h-10h, 11h-12h; ven 9h-11h; sam 9h-13h; dim 10h-12h",
    ] {
        let given = Given { hours: Some(hours), ..Given::default() };
        assert_eq!(told(&answers(&given).unwrap(), Voice::None), "", "{hours}");
    }
    for numbers in
        ["01 23 45 67 89", "0800123456, +33 1 23 45 67 89, +800 1234 5678, 3018", "0806 123 456", "116 006"]
    {
        let given = Given { numbers: Some(numbers), email: Some("sav+a@exemple.fr"), ..Given::default() };
        assert_eq!(told(&answers(&given).unwrap(), Voice::Espeak), "", "{numbers}");
    }
}

/// Whoever gives an address learns what it takes; with the signs taken off, the lines are right.
#[test]
fn the_lines_for_messages_by_mail_are_right() {
    let answers = answers(&Given { email: Some("sav+a@exemple.fr"), ..Given::default() }).unwrap();
    let folder = Folder::new();
    let files = written(&answers, Voice::None);
    write(&folder.0, &files).unwrap();
    let site = folder.0.join("site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    let text = text.replace("  accueil: { longest: 2m }\n", "").replace("  # accueil:", "  accueil:");
    std::fs::write(&site, text.replace("# mail:", "mail:")).unwrap();
    assert_eq!(load::check(&SiteSource::new(Some(folder.0.clone()))).report.to_string(), "");
    let shared = load::shared(&SiteSource::new(Some(folder.0.clone()))).unwrap();
    assert_eq!(shared.mailboxes["accueil"].email, ["sav+a@exemple.fr"]);
    let told = next_steps(Path::new("s"), &files, &answers, &[String::new()], Voice::None, "192.0.2.7");
    assert!(told.to_text(Tongue::English).contains("To have messages sent to sav+a@exemple.fr"));
}

#[test]
fn an_answer_that_is_none_is_refused_with_its_reason() {
    let why = |given: Given<'_>| answers(&given).unwrap_err().english();
    let company = |text| Given { company: Some(text), ..Given::default() };
    assert_eq!(why(company(" ' ")), "a name has a letter or a figure");
    assert_eq!(why(company("a{b}")), "braces have a meaning in texts: leave them out");
    assert_eq!(why(company("a\u{200b}b")), "an invisible character stands in the name");
    assert!(why(company(&"a".repeat(81))).starts_with("the name has more than 80 letters"));
    let numbers = |text| Given { numbers: Some(text), ..Given::default() };
    assert_eq!(
        why(numbers("3008")),
        "`3008` cannot be one's own number: 3008 and 3170 to 3179 are the same service at every operator, no company owns them"
    );
    assert_eq!(why(numbers("0800 123 456, +33800123456")), "`+33800123456` stands twice");
    assert_eq!(why(numbers(" , ")), "a site needs a number");
    let hours = |text| Given { hours: Some(text), ..Given::default() };
    assert_eq!(why(hours("lum-ven 9h-12h")), "`lum-ven` are no days: write lun-ven, sam, or lun, mer");
    assert_eq!(why(hours("lun-ven 9-12")), "`9-12` are no hours: write 9h-12h, 14h-18h or 24h/24");
    assert_eq!(why(hours("lun-ven 9h-12h; mer 9h-10h")), "Wednesday stands twice in this week");
    assert_eq!(why(hours("fermé")), "write days and hours: `lun-ven 9h-12h, 14h-18h; sam 9h-12h`");
    let agents = |text| Given { agents: Some(text), ..Given::default() };
    assert_eq!(
        why(agents("06 12 34 56 78")),
        "`06 12 34 56 78` has no name: write a name, and a number if it is a mobile"
    );
    assert_eq!(why(agents("Alice 112")), "an emergency number is never rung");
    assert_eq!(why(agents("Alice 06 12")), "`06 12` is not a telephone number: write 06 12 34 56 78");
    assert_eq!(why(agents("")), "a site needs somebody who answers");
    assert_eq!(why(Given { email: Some("a@b@c"), ..Given::default() }), "`a@b@c` is not an e-mail address");
}

#[test]
fn questions_are_asked_until_they_are_answered() {
    let mut heard = Vec::new();
    let input = Cursor::new("\n3008\n01 23 45 67 89\nlun-sam 9h-19h\n\n\n");
    let answers = Questions::new(input, &mut heard).ask(&Given::default(), crate::cli::FRENCH).unwrap();
    assert_eq!(
        (answers.company.as_str(), &answers.numbers[..]),
        ("Maison Lavande", &["01 23 45 67 89".to_owned()][..])
    );
    assert_eq!((answers.week[0].days.len(), answers.email), (6, None));
    let heard = String::from_utf8(heard).unwrap();
    assert!(heard.contains("Nom de la société [Maison Lavande]"), "{heard}");
    assert_eq!(heard.matches("[0800 123 456]").count(), 2, "asked again: {heard}");
    assert!(heard.contains("  `3008` ne peut pas être un numéro à vous"), "{heard}");
    // An input that ends takes defaults, but never in the place of an answer that was refused.
    let ended =
        Questions::new(Cursor::new("Zoé\n"), Vec::new()).ask(&Given::default(), Tongue::English).unwrap();
    assert_eq!((ended.company.as_str(), ended.agents.len()), ("Zoé", 1));
    let refused =
        Questions::new(Cursor::new("Zoé\n3008\n"), Vec::new()).ask(&Given::default(), Tongue::English);
    assert!(refused.is_err());
}

#[test]
fn nothing_is_overwritten_and_passwords_are_not_for_everybody() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let files = written(&answers(&Given::default()).unwrap(), Voice::None);
    assert_eq!(is_free(&folder.0), Ok(()));
    write(&folder.0, &files).unwrap();
    let mode = |name: &str| std::fs::metadata(folder.0.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("site.yaml"), mode("accueil.yaml") & 0o600), (0o600, 0o600));
    assert!(is_free(&folder.0).unwrap_err().english().ends_with("is not empty: choose another folder"));
    assert!(write(&folder.0, &files).is_err());
    assert!(is_free(&folder.0.join("site.yaml")).is_err());
}

#[test]
fn passwords_are_drawn() {
    let mut rng = Rng::seeded(1);
    let (one, other) = (password(&mut rng), password(&mut rng));
    assert!(one != other && one.len() == 19 && one.split('-').all(|group| group.len() == 4), "{one} {other}");
}

#[test]
fn it_says_what_to_do_next() {
    let answers =
        answers(&Given { agents: Some("Alice, Chloé 06 12 34 56 78"), ..Given::default() }).unwrap();
    let passwords = ["abcd-efgh".to_owned(), String::new()];
    let files = written(&answers, Voice::None);
    let told = next_steps(Path::new("mon site"), &files, &answers, &passwords, Voice::None, "192.0.2.7");
    let told = told.to_text(crate::cli::FRENCH);
    for part in [
        "mon site\u{a0}: site.yaml, accueil.yaml, accueil.test.yaml, flow.schema.json, site.schema.json",
        "svi check 'mon site'",
        "svi simulate 'mon site'",
        "svi serve 'mon site'",
        "identifiant alice   mot de passe abcd-efgh   serveur 192.0.2.7",
        "0800123456",
        "espeak-ng",
    ] {
        assert!(told.contains(part), "{part} is not in:\n{told}");
    }
}

#[test]
fn who_answers_in_english_reads_no_french_comment() {
    for voice in [Voice::Espeak, Voice::Piper, Voice::None] {
        for file in written(&answers(&Given::default()).unwrap(), voice) {
            let before: Vec<&str> = file.text.lines().collect();
            let english = comments::in_english(&file.text);
            for (line, french) in english.lines().zip(before) {
                let comment = |line: &str| {
                    let (_, comment) = line.split_once("# ")?;
                    let ours = !comment.starts_with("yaml-language-server") && !comment.contains("say:");
                    let yaml = comment.starts_with("speech:") || comment.starts_with("except:");
                    (ours && !yaml).then(|| comment.to_owned())
                };
                if let (Some(now), Some(then)) = (comment(line), comment(french)) {
                    assert_ne!(now, then, "{}: {line}", file.name);
                }
            }
        }
    }
}
