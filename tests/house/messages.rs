//! What svi says to an operator, it says in every language that it speaks.

use std::collections::BTreeMap;

use svi::base::diagnostic::{Tongue, Words};
use svi::cli::FRENCH;

use crate::source;

/// Rooms that speak to operators, the lower ones first.
const ROOMS: &[&str] = &["base", "flow", "centre", "figures", "config", "switchboard", "sim", "io", "cli"];

fn words() -> Words {
    match FRENCH {
        Tongue::French(words) => words,
        Tongue::English => unreachable!("it is French"),
    }
}

/// Every English pattern that has French, with it.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    words().0.iter().flat_map(|(_, table)| table.iter().copied())
}

/// Every pattern of these rooms, and a file that says it.
fn patterns(rooms: &[&str]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for code in source::code(rooms) {
        for head in ["say!(", "Text::word("] {
            for (at, _) in code.text.match_indices(head) {
                let argument = code.text[at + head.len()..].trim_start();
                if argument.starts_with('"') {
                    found.insert(source::literal(argument).0, code.path.display().to_string());
                }
            }
        }
    }
    found
}

#[test]
fn every_message_has_french_with_the_same_values() {
    let mut missing = Vec::new();
    for (english, file) in patterns(ROOMS) {
        // What stands between backticks is written so in every language.
        if !english.split('`').step_by(2).any(|prose| prose.contains(char::is_alphabetic)) {
            continue;
        }
        match words().of(&english) {
            None => missing.push(format!("{file}: no French of {english:?}")),
            Some(french) if values(&english) != values(french) => {
                missing.push(format!("{file}: {english:?} has other values than {french:?}"));
            }
            Some(_) => {}
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn each_room_holds_the_french_of_what_it_says() {
    assert_eq!(words().0.iter().map(|(room, _)| *room).collect::<Vec<_>>(), ROOMS);
    let said: Vec<_> = ROOMS.iter().map(|room| patterns(&[*room])).collect();
    let mut astray = Vec::new();
    for (room, table) in words().0 {
        for (english, _) in *table {
            let speaker = ROOMS.iter().zip(&said).find(|(_, said)| said.contains_key(*english));
            match speaker {
                None => astray.push(format!("{room}: nobody says {english:?}")),
                Some((speaker, _)) if speaker != room => {
                    astray.push(format!("{room}: it is `{speaker}` that says {english:?}"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(astray.is_empty(), "\n{}", astray.join("\n"));
}

#[test]
fn every_pattern_is_found() {
    for (room, table) in words().0 {
        assert!(table.is_sorted_by(|(one, _), (other, _)| one < other), "{room}");
    }
    for (english, french) in all() {
        assert_eq!(words().of(english), Some(french), "{english} stands in two tables");
    }
    assert_eq!(words().of("what svi never says"), None);
}

#[test]
fn french_keeps_its_typography() {
    for (english, french) in all() {
        // What stands between backticks is not French.
        for prose in french.split('`').step_by(2) {
            let wrong = prose.char_indices().any(|(at, sign)| {
                matches!(sign, ';' | '!' | '?' | '»') && !prose[..at].ends_with('\u{a0}')
                    || prose[at..].starts_with(" :")
                    || prose[at..].starts_with("« ")
                    || sign == '\''
            });
            assert!(!wrong, "{english}: {french}");
        }
    }
}

#[test]
fn a_message_is_never_made_of_a_text_that_no_table_can_know() {
    let mut loose = Vec::new();
    for code in source::code(ROOMS) {
        for (at, head) in code.text.match_indices("Text::word(") {
            let argument = code.text[at + head.len()..].trim_start();
            if !argument.starts_with('"') {
                loose.push(format!("{}: {}", code.path.display(), argument.lines().next().unwrap_or("")));
            }
        }
    }
    assert!(loose.is_empty(), "Text::word wants a literal, so that its French is found: {loose:#?}");
}

#[test]
fn the_scan_finds_what_is_there() {
    let found = patterns(&["config"]);
    assert!(found.len() > 100, "{}", found.len());
    // On a line of its own, and with an escape.
    assert!(found.contains_key(
        "put it into the file `{}` of $CREDENTIALS_DIRECTORY (systemd: `LoadCredential={}:…`)"
    ));
    assert_eq!(source::literal("\"a \\\"b\\\" \\\n   c\" rest"), ("a \"b\" c".to_owned(), 16));
}

/// The numbers of the values of a pattern: `{}` counts up, `{1}` says itself; in the order of the numbers.
fn values(pattern: &str) -> Vec<usize> {
    let mut next = 0;
    let mut found: Vec<usize> = pattern
        .match_indices('{')
        .filter_map(|(at, _)| {
            let (inside, _) = pattern[at + 1..].split_once('}')?;
            if inside.is_empty() {
                next += 1;
                return Some(next - 1);
            }
            inside.parse().ok()
        })
        .collect();
    found.sort_unstable();
    found
}
