//! Reads typed values out of a YAML tree, and reports what is not what it should be without stopping at the first.
//!
//! The one reader of sites, flows and scenarios: the same words for the same mistake wherever it stands. It knows only what
//! all of them share; a room that knows more holds one and adds its own (`flow/read.rs`, `config/read.rs`,
//! `sim/scenario/read.rs`). What may stand where is said by tables (`form.rs`). Numbers, durations and words are read in
//! `read/typed.rs`.

mod typed;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Mark, Report, Severity, Source, Text, nearest};
use super::form::{Row, keys};
use super::name::Name;
use super::yaml::{Node, Value};
use crate::say;

/// A key of a mapping with its value.
pub(crate) type Pair<'n> = (&'n Node, &'n Node);

/// Names of things are words that also make good file names: messages lie in a folder of the mailbox's name.
const NAME_CHARS_MAX: usize = 64;

/// See the module.
pub(crate) struct Reader<'a> {
    /// The text that is read.
    pub(crate) source: &'a Arc<Source>,
    /// What was found wrong with it.
    report: &'a mut Report,
}

impl<'a> Reader<'a> {
    /// A reader of one source.
    pub(crate) fn new(source: &'a Arc<Source>, report: &'a mut Report) -> Self {
        Self { source, report }
    }

    /// The place of a node, to be kept.
    pub(crate) fn mark(&self, node: &Node) -> Mark {
        Mark { source: Arc::clone(self.source), range: node.range.clone() }
    }

    /// Reports a mistake at a node.
    pub(crate) fn error(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl Into<Text>,
        help: impl Into<Text>,
    ) {
        self.tell(Severity::Error, node, code, message.into(), help.into());
    }

    /// Reports what the operator should look at.
    pub(crate) fn warn(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl Into<Text>,
        help: impl Into<Text>,
    ) {
        self.tell(Severity::Warning, node, code, message.into(), help.into());
    }

    fn tell(&mut self, severity: Severity, node: &Node, code: &'static str, message: Text, help: Text) {
        let (source, range) = (Arc::clone(self.source), node.range.clone());
        let help = Some(help).filter(|help| !help.is_empty());
        self.report.push(Diagnostic { severity, code, message, source, range, help });
    }

    /// Reports a word that should have been one of `known`.
    pub(crate) fn unknown<'k>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: Text,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.unknown_word(node, code, what, node.text().unwrap_or(""), known);
    }

    /// The same of a word that stands somewhere in a text.
    pub(crate) fn unknown_word<'k>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: Text,
        word: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = match nearest(word, known.iter().copied()) {
            Some(meant) => say!("did you mean `{}`?", meant),
            None if known.is_empty() => say!("there is no {} at all yet: add one", &what),
            None => say!("there are: {}", known.join(", ")),
        };
        self.error(node, code, say!("there is no {} `{}`", what, word), help);
    }

    /// The values of a mapping that may have only the keys of a table.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, what: Text, table: &[Row]) -> Fields<'n> {
        let pairs = self.pairs(node, what.clone());
        self.only(&pairs, what.clone(), table);
        let known = keys(table);
        let values = pairs.into_iter().map(|(key, value)| (key.text().unwrap_or(""), value));
        let (values, strays) = values.partition(|(key, _)| known.contains(key));
        Fields { what, node, values, strays }
    }

    /// Reports keys that stand in no row of a table, and those of which nothing comes.
    pub(crate) fn only(&mut self, pairs: &[Pair<'_>], what: Text, table: &[Row]) {
        self.idle(pairs.iter().map(|(key, _)| *key), table);
        self.strays(pairs, what, table);
    }

    /// Reports keys that stand in no row of a table.
    pub(crate) fn strays(&mut self, pairs: &[Pair<'_>], what: Text, table: &[Row]) {
        let known = keys(table);
        for (key, _) in pairs.iter().filter(|(key, _)| !known.contains(&key.text().unwrap_or(""))) {
            self.unknown_key(key, what.clone(), &known);
        }
    }

    /// Reports keys that are read and checked, and of which nothing comes in this version.
    pub(crate) fn idle<'n>(&mut self, keys: impl IntoIterator<Item = &'n Node>, table: &[Row]) {
        for key in keys {
            let Some(row) = table.iter().find(|row| row.not_yet && key.text() == Some(row.name)) else {
                continue;
            };
            let message = say!("`{}` is read, and this version does nothing with it", row.name);
            let help = say!("take it out, or read `{}`", "svi explain not-carried-out");
            self.warn(key, "not-carried-out", message, help);
        }
    }

    /// Reports a key that should have been one of `known`.
    pub(crate) fn unknown_key(&mut self, key: &Node, what: Text, known: &[&str]) {
        let name = key.text().unwrap_or("");
        let help = match nearest(name, known.iter().copied()) {
            Some(meant) => say!("did you mean `{}`?", meant),
            None if known.is_empty() => Text::word("it has no options"),
            None => say!("known here: {}", known.join(", ")),
        };
        self.error(key, "unknown-key", say!("unknown key `{}` in {}", name, what), help);
    }

    /// Reports at a node that a key is missing from it.
    pub(crate) fn missing_key(&mut self, node: &Node, what: Text, key: &str) {
        self.error(node, "missing-key", say!("{} lacks `{}`", what, key), say!("add `{}: …`", key));
    }

    /// Keys and values of a mapping; nothing written is an empty one.
    pub(crate) fn pairs<'n>(&mut self, node: &'n Node, what: Text) -> Vec<Pair<'n>> {
        match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            Value::Null => Vec::new(),
            Value::Text { .. } | Value::List(_) => {
                self.error(node, "not-a-map", say!("{} wants `key: value` lines", what), Text::default());
                Vec::new()
            }
        }
    }

    /// The entries of a mapping whose keys are names that the operator chose.
    pub(crate) fn named<'n>(&mut self, node: &'n Node, what: Text) -> Vec<(Name, &'n Node)> {
        let pairs = self.pairs(node, what);
        pairs.into_iter().filter_map(|(key, value)| Some((self.new_name(key)?, value))).collect()
    }

    /// The items of a list; a text alone is a list of one.
    pub(crate) fn list<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Text { .. } => vec![node],
            Value::Null => Vec::new(),
            Value::Map(_) => {
                let help = Text::word("write `[one, two]`, or lines that begin with `- `");
                self.error(node, "not-a-list", Text::word("a list is expected here"), help);
                Vec::new()
            }
        }
    }

    /// The items of a list; whatever stands alone, a mapping too, is a list of one.
    pub(crate) fn one_or_more<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        if matches!(node.value, Value::Map(_)) { vec![node] } else { self.list(node) }
    }

    /// A text that says something.
    pub(crate) fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        self.scalar(node).filter(|text| {
            let blank = text.trim().is_empty();
            if blank {
                self.no_text(node);
            }
            !blank
        })
    }

    /// A text, though it may be empty: who reads it has something to say of that.
    pub(crate) fn scalar<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            self.no_text(node);
        }
        text
    }

    fn no_text(&mut self, node: &Node) {
        let help = match node.value {
            Value::Null | Value::Text { .. } if self.is_comment(node.range.start) => {
                say!("`{}` begins a comment in YAML: quote it", "#")
            }
            Value::Null | Value::Text { .. } => Text::word("write it behind the colon"),
            Value::List(_) | Value::Map(_) => Text::word("put the whole text in quotes"),
        };
        self.error(node, "not-a-text", Text::word("a text is expected here"), help);
    }

    /// Whether a comment begins where something should stand.
    pub(crate) fn is_comment(&self, at: usize) -> bool {
        self.source.text.get(at..).unwrap_or("").trim_start_matches([':', ' ']).starts_with('#')
    }

    /// A name of something that is there.
    pub(crate) fn name(&mut self, node: &Node) -> Option<Name> {
        self.text(node).map(Name::from)
    }

    /// A name that the operator chose: letters, digits, `-`, `_`.
    pub(crate) fn new_name(&mut self, node: &Node) -> Option<Name> {
        let text = self.text(node)?;
        let fit = text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if fit && text.chars().count() <= NAME_CHARS_MAX {
            return Some(Name::from(text));
        }
        let help = match text.contains(',') {
            true => say!("write a list: `{}`", format!("[{}]", text.trim())),
            false if text.trim().contains(' ') => {
                let words: Vec<&str> = text.split_whitespace().collect();
                say!(
                    "of one name write `{}`, of several `{}`",
                    words.join("-").to_lowercase(),
                    format!("[{}]", words.join(", "))
                )
            }
            false => Text::word("use letters, digits, `-` and `_`, 64 at most"),
        };
        self.error(node, "not-a-name", Text::word("this cannot be a name"), help);
        None
    }

    /// A name that should be one of `known`.
    pub(crate) fn one_of(&mut self, node: &Node, what: Text, known: &impl Known) -> Option<Name> {
        let found = known.find(self.text(node)?).cloned();
        if found.is_none() {
            self.unknown(node, "unknown-name", what, known.all().into_iter().map(Name::as_str));
        }
        found
    }
}

/// Names of what is there.
pub(crate) trait Known {
    /// The name that a text is.
    fn find(&self, text: &str) -> Option<&Name>;
    /// All of them, in order.
    fn all(&self) -> Vec<&Name>;
}

impl Known for BTreeSet<Name> {
    fn find(&self, text: &str) -> Option<&Name> {
        self.get(text)
    }
    fn all(&self) -> Vec<&Name> {
        self.iter().collect()
    }
}

impl<T> Known for BTreeMap<Name, T> {
    fn find(&self, text: &str) -> Option<&Name> {
        self.get_key_value(text).map(|(name, _)| name)
    }
    fn all(&self) -> Vec<&Name> {
        self.keys().collect()
    }
}

/// The first line of a document: where to point when something is missing from it as a whole.
pub(crate) fn head(source: &Source, root: &Node) -> Node {
    let text = source.text.get(root.range.start..).unwrap_or("");
    let end = root.range.start + text.lines().next().map_or(0, str::len);
    mark(root.range.start..end)
}

/// A place without a value, for a mistake to point at.
pub(crate) const fn mark(range: Range<usize>) -> Node {
    Node { range, value: Value::Null }
}

/// The values of a mapping that was read by a table.
pub(crate) struct Fields<'n> {
    what: Text,
    /// The mapping.
    pub(crate) node: &'n Node,
    values: BTreeMap<&'n str, &'n Node>,
    /// Keys that the table does not know.
    strays: BTreeMap<&'n str, &'n Node>,
}

impl<'n> Fields<'n> {
    /// A field that may be left out.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.values.get(key).copied()
    }

    /// The same, also under a key that can only mean it: that was told where it stands, and once.
    pub(crate) fn meant(&self, key: &str, table: &[Row]) -> Option<&'n Node> {
        let means = |stray: &str| nearest(stray, keys(table)) == Some(key);
        self.get(key).or_else(|| self.strays.iter().find(|(stray, _)| means(stray)).map(|(_, value)| *value))
    }

    /// Whether all its keys are known: a key that is misspelled is often the one that is missing.
    pub(crate) fn are_known(&self) -> bool {
        self.strays.is_empty()
    }

    /// A field that must be there. One that is misspelled, and what is no mapping at all, was told already.
    pub(crate) fn need(&self, reader: &mut Reader<'_>, key: &str) -> Option<&'n Node> {
        let found = self.get(key);
        let misspelled = self.strays.keys().any(|stray| nearest(stray, [key]).is_some());
        let keyed = matches!(self.node.value, Value::Map(_) | Value::Null);
        if found.is_none() && keyed && !misspelled {
            reader.missing_key(self.node, self.what.clone(), key);
        }
        found
    }
}

#[cfg(test)]
mod tests;
