//! Where a piece of a scalar stands in its file, so that a mark stands under the word that is wrong and not under all of it.

use std::ops::Range;

use super::read::Reader;
use crate::base::yaml::{Node, Value};

impl Reader<'_> {
    /// These octets of a scalar's text, where they stand in the file as they were read: on one line, without escapes. Else
    /// the whole scalar.
    pub(super) fn part_of(&self, node: &Node, part: Range<usize>) -> Node {
        let written = self.source.text.get(node.range.clone()).unwrap_or("");
        let text = node.text().unwrap_or("");
        let bare = written.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
        let offset = match bare {
            _ if written == text => 0,
            Some(bare) if bare == text => 1,
            Some(_) | None => return Node { range: node.range.clone(), value: Value::Null },
        };
        let start = node.range.start + offset;
        Node { range: start + part.start..start + part.end, value: Value::Null }
    }

    /// A word of a scalar's text, where it stands first as a word of its own.
    pub(super) fn word_in(&self, node: &Node, word: &str) -> Node {
        let text = node.text().unwrap_or("");
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let alone = |at: &usize| !text[..*at].ends_with(part) && !text[at + word.len()..].starts_with(part);
        let found = text.match_indices(word).map(|(at, _)| at).find(alone);
        self.part_of(node, found.map_or(0..text.len(), |at| at..at + word.len()))
    }

    /// A piece of a scalar's text, where it stands first.
    pub(super) fn piece_in(&self, node: &Node, piece: &str) -> Node {
        let text = node.text().unwrap_or("");
        let found = text.find(piece);
        self.part_of(node, found.map_or(0..text.len(), |at| at..at + piece.len()))
    }

    /// The last piece of a text, where its scalar ends with it.
    pub(super) fn end_of(&self, node: &Node, rest: &str) -> Node {
        let text = node.text().unwrap_or("");
        let start = if text.ends_with(rest) { text.len() - rest.len() } else { 0 };
        self.part_of(node, start..text.len())
    }

    /// The format of the placeholder that has this inside.
    pub(super) fn format_in(&self, node: &Node, inside: &str, format: &str) -> Node {
        let text = node.text().unwrap_or("");
        let braces = text.find(&format!("{{{inside}}}"));
        let bar = inside.find('|').and_then(|bar| inside[bar..].find(format).map(|at| bar + at));
        match braces.zip(bar) {
            Some((braces, at)) => self.part_of(node, braces + 1 + at..braces + 1 + at + format.len()),
            None => self.part_of(node, 0..text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::compiled;

    /// What is marked of the one mistake of a step.
    fn marked(step: &str) -> String {
        let text = format!(
            "svi: 1\nname: a\nstart: b\nblocks:\n  b:\n    - set: {{ n: \"1\" }}\n{step}\n    - hangup: normal\n"
        );
        let report = compiled(&text).1;
        let all: Vec<String> =
            report.iter().map(|told| told.source.text[told.range.clone()].to_owned()).collect();
        all.join(" + ")
    }

    #[test]
    fn the_mark_stands_under_the_word_where_its_place_is_known() {
        assert_eq!(marked("    - say: Voici {n|nombre}, {n|digits}."), "nombre");
        assert_eq!(marked("    - say: \"Voici {n|digits}, {n | nombre}.\""), "nombre");
        assert_eq!(marked("    - say: 'Voici {}.'"), "{}");
        assert_eq!(marked("    - say: Voici {n|digits"), "{n|digits");
        assert_eq!(marked("    - if: n == \"1\" && n == \"2\"\n      then: b"), "&");
        assert_eq!(marked("    - if: 'n == \"1\" or opened(n)'\n      then: b"), "opened");
        assert_eq!(marked("    - if: n ==\n      then: b"), "==");
    }

    #[test]
    fn with_escapes_or_lines_it_stands_under_the_whole() {
        assert_eq!(marked("    - say: \"Voici \\\"{n|nombre}\\\".\""), "\"Voici \\\"{n|nombre}\\\".\"");
        assert_eq!(
            marked("    - say: >\n        Voici\n        {n|nombre}"),
            "Voici\n        {n|nombre}\n    "
        );
    }
}
