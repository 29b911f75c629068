//! The reference in the operator's language: pages, schemas and the explanations of `svi verbs` are made in English of the
//! tables that the readers go by, and put into French phrase by phrase.

use serde_json::Value;

use super::reference_french::FRENCH;
use crate::base::diagnostic::Tongue;

/// What may stand behind a phrase.
const BEHIND: &[(&str, &str)] = &[
    (", required", ", obligatoire"),
    (" (not carried out yet)", " (pas encore en œuvre)"),
    ("; one or a list", "\u{a0}; un seul ou une liste"),
];
/// What may stand before a phrase.
const BEFORE: &[(&str, &str)] = &[
    ("written like ", "écrit comme "),
    ("names, each with ", "des noms, chacun avec "),
    ("keys of the telephone, each with ", "des touches du téléphone, chacune avec "),
];
/// What ends the first line of a verb.
const ENDS: &[&str] = &["Ends its block when it names both ways.", "Ends its block.", "A step follows."];

/// A phrase in French; none when it is not known.
fn phrase(english: &str) -> Option<String> {
    if let Ok(place) = FRENCH.binary_search_by(|(known, _)| (*known).cmp(english)) {
        return Some(FRENCH[place].1.to_owned());
    }
    if !english.split('`').step_by(2).any(|prose| prose.contains(char::is_alphabetic)) {
        return Some(english.to_owned());
    }
    let behind = BEHIND
        .iter()
        .find_map(|(english_end, french_end)| Some(phrase(english.strip_suffix(english_end)?)? + french_end));
    let before = || {
        BEFORE.iter().find_map(|(english_head, french_head)| {
            Some((*french_head).to_owned() + &phrase(english.strip_prefix(english_head)?)?)
        })
    };
    let either = || {
        let (one, other) = english.rsplit_once(", or `")?;
        Some(format!("{}, ou `{other}", phrase(one)?))
    };
    let count = || {
        let most = english.strip_prefix("1 to ").filter(|most| most.bytes().all(|it| it.is_ascii_digit()))?;
        Some(format!("1 à {most}"))
    };
    behind.or_else(before).or_else(either).or_else(count)
}

/// A phrase in a language; as it is when it is not known.
pub(super) fn say(english: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::French(_) => phrase(english).unwrap_or_else(|| english.to_owned()),
        Tongue::English => english.to_owned(),
    }
}

/// A schema whose explanations are in a language.
pub(crate) fn schema(mut schema: Value, tongue: Tongue) -> Value {
    if let Tongue::French(_) = tongue {
        explain(&mut schema);
    }
    schema
}

fn explain(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    ("description", Value::String(text)) => {
                        *text = phrase(text).unwrap_or_else(|| text.clone())
                    }
                    (_, value) => explain(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(explain),
        _ => {}
    }
}

/// A generated part of a reference page in French.
///
/// # Errors
/// The phrases that have no French.
pub fn page_in_french(english: &str) -> Result<String, Vec<String>> {
    let (mut page, mut missing) = (String::new(), Vec::new());
    let (mut in_code, mut of_formats) = (false, false);
    for line in english.lines() {
        in_code ^= line.starts_with("```");
        of_formats = line.starts_with("| format |") || of_formats && line.starts_with('|');
        let french = if in_code || line.starts_with("```") {
            line.to_owned()
        } else {
            french_line(line, of_formats, &mut missing)
        };
        page.push_str(&french);
        page.push('\n');
    }
    if missing.is_empty() { Ok(page) } else { Err(missing) }
}

/// `of_formats`: a row of the formats, whose last cell is said to callers and is French already.
fn french_line(line: &str, of_formats: bool, missing: &mut Vec<String>) -> String {
    let mut french = |english: &str| {
        phrase(english).unwrap_or_else(|| {
            missing.push(english.to_owned());
            english.to_owned()
        })
    };
    if line.starts_with("|-") || line.starts_with('#') || line.is_empty() {
        return line.to_owned();
    }
    if line.starts_with('|') {
        let cells = cells(line);
        let last = cells.len().saturating_sub(1);
        let mut one =
            |(place, cell): (usize, &&str)| match of_formats && place == last && **cell != *"is said" {
                true => (*cell).to_owned(),
                false => french(&cell.replace("\\|", "|")).replace('|', "\\|"),
            };
        let cells: Vec<String> = cells.iter().enumerate().map(&mut one).collect();
        return format!("| {} |", cells.join(" | "));
    }
    if let Some((verb, rest)) = line.strip_prefix("Behind ").and_then(|rest| rest.split_once(":` ")) {
        let (form, more) = rest.strip_suffix(" No options.").map_or((rest, ""), |form| (form, "No options."));
        let more = if more.is_empty() { String::new() } else { format!(" {}", french(more)) };
        return format!("Après {verb}:`\u{a0}: {}.{more}", french(form.trim_end_matches('.')));
    }
    for end in ENDS {
        if let Some(says) = line.strip_suffix(end) {
            let says = small(says.trim_end().trim_end_matches('.'));
            return format!("{}. {}", capital(&french(&says)), french(end));
        }
    }
    french(line)
}

/// The cells of a row. A bar between backticks is none.
fn cells(line: &str) -> Vec<&str> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    let (mut cells, mut begun, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, sign) in inner.char_indices() {
        match sign {
            '`' => quoted = !quoted,
            '|' if !quoted && !escaped => {
                cells.push(inner[begun..at].trim());
                begun = at + 1;
            }
            _ => {}
        }
        escaped = sign == '\\';
    }
    cells.push(inner[begun..].trim());
    cells
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::reference;

    fn descriptions(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("description").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| descriptions(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| descriptions(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_explanation_has_french() {
        let mut found = Vec::new();
        let schemas = [
            crate::config::schema::flow(),
            crate::config::schema::site(),
            crate::sim::scenario::form::schema(),
        ];
        schemas.iter().for_each(|schema| descriptions(schema, &mut found));
        let mut missing: Vec<&String> = found.iter().filter(|text| phrase(text).is_none()).collect();
        missing.sort();
        missing.dedup();
        assert!(found.len() > 200 && missing.is_empty(), "{missing:#?}");
        let pages =
            [reference::sections(), reference::verbs(), reference::values(), crate::config::schema::page()];
        for page in pages {
            assert_eq!(page_in_french(&page).err(), None);
        }
        assert!(FRENCH.is_sorted_by(|(one, _), (other, _)| one < other));
    }

    #[test]
    fn french_keeps_its_typography() {
        for (english, french) in FRENCH {
            for prose in french.split('`').step_by(2) {
                let wrong =
                    prose.contains('\'') || [" ;", " :", " !", " ?"].iter().any(|sign| prose.contains(sign));
                assert!(!wrong, "{english}: {french}");
            }
        }
    }

    #[test]
    fn a_verb_is_explained_in_french() {
        let page = reference::verb("menu", &|english| say(english, super::super::FRENCH)).unwrap();
        for word in
            ["dit quoi presser", "Obligatoire.", "Par exemple\u{a0}:", "- menu: Que souhaitez-vous faire ?"]
        {
            assert!(page.contains(word), "{word}: {page}");
        }
        assert!(!page.contains("Required"), "{page}");
    }
}
