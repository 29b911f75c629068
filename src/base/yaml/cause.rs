//! Slips that end a text to be YAML some lines later, or in words that name something else: what the hand did, where it did it.

use std::ops::Range;

use crate::base::diagnostic::Text;
use crate::say;

/// The slip that has caused what is noticed at an octet, if it is a known one: its place, what is wrong, what would be right.
pub(super) fn of(text: &str, at: usize) -> Option<(Range<usize>, Text, Text)> {
    let lines = Lines(text);
    let here = lines.start(at);
    let above = lines.above(here);
    let near = || [Some(here), above].into_iter().flatten();
    near()
        .find_map(|start| glued_dash(text, start))
        .or_else(|| near().find_map(|start| bracket_first(text, start)))
        .or_else(|| block_at_the_edge(text, here))
}

/// `-hangup: normal`
fn glued_dash(text: &str, start: usize) -> Option<(Range<usize>, Text, Text)> {
    let line = line(text, start);
    let first = start + line.len() - line.trim_start().len();
    let rest = line.trim().strip_prefix('-')?;
    rest.starts_with(char::is_alphabetic).then(|| {
        let why = Text::word("this is not YAML: a blank is missing behind the `-`");
        (first..first + 1, why, say!("write `{}`", format!("- {rest}")))
    })
}

/// `say: {name} waits`: what begins with a bracket is a map or list to YAML, and cannot be followed by words.
fn bracket_first(text: &str, start: usize) -> Option<(Range<usize>, Text, Text)> {
    let line = line(text, start);
    let value = line.find(": ").map(|colon| colon + 2).or_else(|| line.find("- ").map(|dash| dash + 2))?;
    let from = value + line[value..].len() - line[value..].trim_start().len();
    let (open, close) = match line[from..].chars().next()? {
        '{' => ('{', '}'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let end = from + line[from..].find(close)?;
    let behind = line[end + 1..].trim();
    (!behind.is_empty() && !behind.starts_with(['#', ',', '}', ']'])).then(|| {
        let why = say!("this is not YAML: a text that begins with `{}` stands in quotes", open);
        let help = say!("write `{}`", format!("\"{}\"", line[from..].trim()));
        (start + from..start + line.trim_end().len(), why, help)
    })
}

/// A key at the edge of the page with steps below it, among keys that are indented.
fn block_at_the_edge(text: &str, here: usize) -> Option<(Range<usize>, Text, Text)> {
    let lines = Lines(text);
    let indented = |start: usize| line(text, start).starts_with(' ');
    if !indented(here) || line(text, here).trim_start().starts_with('-') {
        return None;
    }
    let mut below = here;
    let mut start = lines.above(here)?;
    while indented(start) {
        below = start;
        start = lines.above(start)?;
    }
    let name =
        line(text, start).trim_end().strip_suffix(':').filter(|name| !name.contains([' ', '#', ':']))?;
    let steps = line(text, below).trim_start().starts_with('-');
    (steps && indented(lines.above(start)?)).then(|| {
        let why =
            say!("this is not YAML: `{}` begins at the edge of the page, and what follows does not", name);
        (start..start + name.len(), why, Text::word("indent it and its steps by two blanks"))
    })
}

fn line(text: &str, start: usize) -> &str {
    text[start..].lines().next().unwrap_or("")
}

struct Lines<'t>(&'t str);

impl Lines<'_> {
    /// Where the line of an octet begins.
    fn start(&self, at: usize) -> usize {
        let at = self.0.floor_char_boundary(at);
        self.0[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Where the line above begins that is neither empty nor a comment.
    fn above(&self, start: usize) -> Option<usize> {
        let mut start = start;
        loop {
            start = self.start(start.checked_sub(1)?);
            let line = line(self.0, start).trim_start();
            if !line.is_empty() && !line.starts_with('#') {
                return Some(start);
            }
        }
    }
}
