//! What svi says to an operator, it says in every language that it speaks.

use std::collections::BTreeMap;

use svi::base::diagnostic::french;

use crate::source;

/// Rooms that speak to operators.
const ROOMS: &[&str] = &["base", "config", "flow", "io", "centre", "sim", "cli"];

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
        match french::of(&english) {
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
fn no_french_is_left_of_messages_that_are_gone() {
    let said = patterns(ROOMS);
    let orphans: Vec<&str> =
        french::all().map(|(english, _)| english).filter(|english| !said.contains_key(*english)).collect();
    assert!(orphans.is_empty(), "{orphans:#?}");
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
