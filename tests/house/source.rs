//! Reads svi's own source: which texts a call holds. Enough of Rust for the files of this repository.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src/` without its tests and comments.
pub struct Code {
    pub path: PathBuf,
    pub text: String,
}

/// The code of some rooms: `base`, `config`. Files of tests are left out, and modules of tests at the end of a file.
pub fn code(rooms: &[&str]) -> Vec<Code> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = rooms.iter().map(|room| Path::new("src").join(room)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a room of the source") {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !is_test(&path, &name) {
                let whole = fs::read_to_string(&path).expect("UTF-8");
                // Tests stand at the end, or in a file of their own; what else is built for tests alone stands among the rest.
                let text = whole.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push(Code { path, text: lines.map(|line| format!("{line}\n")).collect() });
            }
        }
    }
    found
}

fn is_test(path: &Path, name: &str) -> bool {
    // `chaos`, `mistakes` and `testing` are tests of the flow language beside its code.
    let tests = ["chaos", "mistakes", "testing"];
    name.ends_with("tests") || tests.contains(&name) || path.iter().any(|part| part == "tests")
}

/// The string literals that stand in the arguments of each call whose head is `head` (`.error(`): for each call, its
/// literals at the first level, in order.
pub fn calls(text: &str, head: &str) -> Vec<Vec<String>> {
    text.match_indices(head).map(|(at, _)| literals(&text[at + head.len()..])).collect()
}

/// The literals up to the parenthesis that closes what is open, those within inner parentheses left out.
fn literals(text: &str) -> Vec<String> {
    let (mut found, mut depth, mut at) = (Vec::new(), 1_usize, 0);
    while let Some(sign) = text[at..].chars().next() {
        match sign {
            '"' => {
                let (literal, length) = literal(&text[at..]);
                if depth == 1 {
                    found.push(literal);
                }
                at += length;
                continue;
            }
            // A character, not a lifetime: `'"'`, `'('`.
            '\'' if text[at + 1..].chars().nth(1) == Some('\'') => {
                at += 2 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 1 => break,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        at += sign.len_utf8();
    }
    found
}

/// The literal at the head of a text, its escapes resolved, and how many octets it takes.
pub fn literal(text: &str) -> (String, usize) {
    let (mut value, mut signs) = (String::new(), text.char_indices().skip(1));
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (value, at + 1),
            '\\' => match signs.next().map(|(_, escaped)| escaped) {
                Some('n') => value.push('\n'),
                // A line that goes on: its blanks belong to the source.
                Some('\n') => {
                    let rest = text[at + 2..].trim_start();
                    let resume = text.len() - rest.len();
                    let (tail, length) = literal(&format!("\"{rest}"));
                    return (value + &tail, resume + length - 1);
                }
                Some(other) => value.push(other),
                None => break,
            },
            sign => value.push(sign),
        }
    }
    (value, text.len())
}
