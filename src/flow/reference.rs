//! The reference of the language, from the tables that the parser goes by: for `docs/language.md`, and for the terminal.

use std::fmt::Write;

use super::compile::SECTIONS;
use super::speech::{self, Format};
use super::value::{CALLBACK_BEFORE, FACTS, NEXT_OPEN};
use super::verb::{Ends, VERBS, Verb};
use crate::base::form::page::{self, words};

/// What each fact of a call is.
const FACTS_SAY: &[(&str, &str)] = &[
    ("caller", "the caller's number; unset when it is secret"),
    ("caller.name", "the name that came with it; ask `known(caller.name)` before a text says it"),
    ("caller.mobile", "whether it is a mobile"),
    ("caller.anonymous", "whether it is secret"),
    ("caller.country", "its country, `FR`; ask `known(caller.country)` before a text says it"),
    ("call.number", "the number dialled"),
    ("call.campaign", "the campaign of that number; ask `known(call.campaign)` before a text says it"),
    ("call.ref", "the reference of the call: six digits"),
    ("call.language", "the language spoken, `fr` or `en`; the one fact that `set` changes"),
    ("call.tries", "wrong and missing answers so far"),
];

/// What can be asked in a condition.
const FUNCTIONS: &[(&str, &str)] = &[
    ("open(CALENDAR)", "whether it is open"),
    ("waiting(QUEUE)", "how many callers wait"),
    ("agents(QUEUE)", "how many agents are logged in"),
    ("known(NAME)", "whether the variable or fact is set"),
];

/// A value for each format.
const FORMAT_VALUES: [(Format, &str); Format::ALL.len()] = [
    (Format::Digits, "12345678"),
    (Format::Phone, "0612345678"),
    (Format::Number, "1250"),
    (Format::Ordinal, "3"),
    (Format::Euros, "12.50"),
    (Format::Date, "2026-11-26"),
    (Format::Time, "09:30"),
    (Format::DateTime, "2026-11-26T09:30"),
    (Format::Duration, "90"),
    (Format::Hours, "mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00"),
    (Format::Spell, "AB-123"),
];

/// The keys of a flow's file, as a table.
pub fn sections() -> String {
    page::table("key", SECTIONS)
}

/// Every verb, a section each.
pub fn verbs() -> String {
    let mut page = String::new();
    for verb in VERBS {
        let _ = write!(
            page,
            "### `{}`\n\n{}. {}\n\n```yaml\n{}\n```\n\n",
            verb.name,
            capital(verb.says),
            ends(verb),
            verb.example
        );
        if verb.options.is_empty() {
            let _ = write!(page, "Behind `{}:` {}. No options.\n\n", verb.name, words(verb.argument));
            continue;
        }
        let options = page::table("option", verb.options);
        let _ = write!(page, "Behind `{}:` {}.\n\n{options}\n", verb.name, words(verb.argument));
    }
    page
}

/// Formats, facts, conditions.
pub fn values() -> String {
    let mut page = String::from("| format | a value | is said |\n|---|---|---|\n");
    for (format, value) in FORMAT_VALUES {
        let said = speech::words(format, value).unwrap_or_default();
        line(&mut page, &format!("| `{}` | `{value}` | {said} |", format.as_str()));
    }
    page.push_str("\n| fact | type | what it is |\n|---|---|---|\n");
    for (fact, kind) in FACTS {
        let says = FACTS_SAY.iter().find(|(known, _)| known == fact).map_or("", |(_, says)| says);
        line(&mut page, &format!("| `{fact}` | {} | {says} |", kind.word().english()));
    }
    for (name, kind, says) in [
        ("CALENDAR".to_owned(), "its hours", "said by `{CALENDAR|hours}`"),
        (format!("CALENDAR{NEXT_OPEN}"), "a moment", "when it opens next: `date-time`, `date` or `time`"),
        (CALLBACK_BEFORE.to_owned(), "a moment", "until when `callback` has promised to call"),
    ] {
        line(&mut page, &format!("| `{name}` | {kind} | {says} |"));
    }
    page.push_str("\n| in a condition | is |\n|---|---|\n");
    line(
        &mut page,
        "| `== != < <= > >=` | a comparison; nothing is converted: `\"8\"` is a text, `8` a number |",
    );
    line(&mut page, "| `and or not ( )` | as they are read; `not` binds before `and`, `and` before `or` |");
    line(&mut page, "| `in [\"a\", \"b\"]` | one of these |");
    for (function, says) in FUNCTIONS {
        line(&mut page, &format!("| `{function}` | {says} |"));
    }
    page
}

/// A verb for the terminal; none when there is no such verb.
/// `say` gives each phrase in the reader's language.
pub(crate) fn verb(name: &str, say: &dyn Fn(&str) -> String) -> Option<String> {
    let verb = VERBS.iter().find(|verb| verb.name == name)?;
    let mut page = format!(
        "{}: {}\n{}\n\n{} `{}:` {}.\n",
        verb.name,
        say(verb.says),
        say(ends(verb)),
        say("Behind"),
        verb.name,
        say(&words(verb.argument))
    );
    let longest = verb.options.iter().map(|option| option.name.len()).max().unwrap_or(0);
    for option in verb.options {
        let needed = if option.needed { format!(" {}", say("Required.")) } else { String::new() };
        line(
            &mut page,
            &format!(
                "  {:longest$}  {}: {}.{needed}",
                option.name,
                say(&words(option.form)),
                say(&option.says())
            ),
        );
    }
    let _ = write!(page, "\n{}\n\n{}\n", say("For example:"), verb.example);
    Some(page)
}

/// The verbs for the terminal, a line each.
pub(crate) fn verb_names(say: &dyn Fn(&str) -> String) -> String {
    let longest = VERBS.iter().map(|verb| verb.name.len()).max().unwrap_or(0);
    VERBS.iter().map(|verb| format!("{:longest$}  {}\n", verb.name, say(verb.says))).collect()
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn ends(verb: &Verb) -> &'static str {
    match verb.ends {
        Ends::Never => "A step follows.",
        Ends::Always => "Ends its block.",
        Ends::Either => "Ends its block when it names both ways.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{compiled_with, names};
    use super::*;
    use crate::base::diagnostic::Severity;
    use crate::base::name::Name;

    /// Everything that the examples of the table name.
    const AROUND: &str = "svi: 1
name: essai
start: debut
language: fr
defaults: { otherwise: accueil, error: accueil }
blocks:
  debut:
    - set: { commande: \"12345678\", numero: \"1\", statut: prete, arrivee: \"2026-11-26\", reste: 12, code_postal: \"69001\" }
    - goto: exemple
  exemple:
EXAMPLE
";
    const BLOCKS: [&str; 18] = [
        "accueil",
        "suivi",
        "conseiller",
        "ferie",
        "ferme",
        "solde_du",
        "en_preparation",
        "expediee",
        "inconnue",
        "messagerie",
        "rappel",
        "accueil_court",
        "accueil_long",
        "preparation",
        "inconnu",
        "message",
        "menu",
        "sav",
    ];

    #[test]
    fn every_example_of_the_table_compiles() {
        for verb in VERBS {
            let indented: String = verb.example.lines().map(|line| format!("    {line}\n")).collect();
            let mut text = AROUND.replace("EXAMPLE\n", &indented);
            if verb.ends != Ends::Always {
                text.push_str("    - goto: accueil\n");
            }
            for block in BLOCKS {
                let _ = write!(text, "  {block}:\n    - hangup: normal\n");
            }
            let mut names = names();
            names.recordings.insert("promotion.wav".into());
            names.mailboxes.insert("sav".into(), crate::base::time::Duration::from_secs(60));
            names.addresses.insert("sav".into(), vec!["sav@exemple.fr".to_owned()]);
            let called = "inputs: [numero]\noutputs: [client]\nblocks: {}\n";
            let source = crate::base::diagnostic::Source::new("identification.yaml", called);
            let root = crate::base::yaml::parse(&source, &mut Default::default()).unwrap();
            let flows = std::iter::once((Name::from("identification"), &root));
            names.siblings = std::sync::Arc::new(super::super::Siblings::of(flows));
            if verb.name == "return" {
                text = text.replace("language: fr", "outputs: [client]");
            }
            let (_, report) = compiled_with(&text, &names);
            let told: Vec<String> = report
                .iter()
                .filter(|told| told.severity == Severity::Error)
                .map(ToString::to_string)
                .collect();
            assert!(told.is_empty(), "{}: {}", verb.name, told.join("\n"));
        }
    }

    #[test]
    fn every_fact_is_explained() {
        let explained: Vec<&str> = FACTS_SAY.iter().map(|(fact, _)| *fact).collect();
        assert_eq!(FACTS.iter().map(|(fact, _)| *fact).collect::<Vec<_>>(), explained);
    }

    #[test]
    fn a_verb_is_explained_in_the_terminal() {
        let english = |text: &str| text.to_owned();
        let page = verb("menu", &english).unwrap();
        for word in
            ["menu: says what to press", "keys", "Required.", "1 to 20", "- menu: Que souhaitez-vous faire ?"]
        {
            assert!(page.contains(word), "{word}: {page}");
        }
        assert_eq!(verb("dire", &english), None);
        assert_eq!(verb_names(&english).lines().count(), VERBS.len());
    }
}
