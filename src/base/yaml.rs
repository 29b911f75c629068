//! The one door of the YAML crates: a text becomes a tree in which every node knows its place.
//!
//! Two readers read it. `saphyr-parser` gives shape and places, and with them everything is checked that makes a text
//! unfit: size, depth, anchors, aliases, tags, several documents, duplicate keys, mappings as keys. Only a text that
//! passes is shown to `serde_yaml`, which reads the values into that shape; where the two differ, that is a mistake too.
//! Scalars stay text, because `0800` is no number and `no` is no boolean here.

mod cause;
mod syntax;
mod traps;
mod tree;
mod values;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Report, Severity, Source, Text};
use super::limit::{YAML_BYTES_MAX, YAML_MISTAKES_MAX};
use crate::say;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The octets of the source that it was read from.
    pub(crate) range: Range<usize>,
    /// The value.
    pub value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing was written.
    Null,
    /// A text; `plain` when it stands without quotes.
    Text {
        /// What it says.
        text: String,
        /// Without quotes.
        plain: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order of the text: key, value.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text { text, .. } => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether it is a mapping.
    pub(crate) fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// The value of a key of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
            }
            Value::Null | Value::Text { .. } | Value::List(_) => None,
        }
    }
}

/// Reads a text. What cannot be read as one tidy document is reported; the tree is what could be read, if anything.
pub fn parse(source: &Arc<Source>, report: &mut Report) -> Option<Node> {
    let mut mistakes = Mistakes { source, report, told: 0, errors: 0 };
    if source.text.len() > YAML_BYTES_MAX {
        let why = say!("the file is larger than {} KiB", YAML_BYTES_MAX / 1_024);
        mistakes.error(0..0, "file-too-large", why, None);
        return None;
    }
    if traps::find_unreadable(&source.text, &mut mistakes) {
        return None;
    }
    let places = Places::new(&source.text);
    // A block of text that the end of the file ends has a last newline for one reader, none for the other.
    let ended: Cow<'_, str> = match source.text.ends_with('\n') {
        true => Cow::Borrowed(&source.text),
        false => Cow::Owned(format!("{}\n", source.text)),
    };
    let tree = tree::build(&ended, &places, &mut mistakes)?;
    traps::find_in_comments(&source.text, &tree.leaves, &mut mistakes);
    let mut root = tree.root.filter(|root| root.value != Value::Null).or_else(|| {
        let help = Some(Text::word("begin with `svi: 1`"));
        mistakes.error(0..0, "empty-file", Text::word("the file says nothing"), help);
        None
    })?;
    if mistakes.errors == 0 {
        values::read(&ended, &places, &mut root, &mut mistakes);
    }
    Some(root)
}

/// Where each character lies: both readers count characters, a range counts octets.
struct Places(Vec<usize>);

impl Places {
    fn new(text: &str) -> Self {
        Self(text.char_indices().map(|(at, _)| at).chain([text.len()]).collect())
    }

    fn octet(&self, character: usize) -> usize {
        self.0.get(character).or(self.0.last()).copied().unwrap_or(0)
    }
}

/// What is wrong with one text.
struct Mistakes<'a> {
    source: &'a Arc<Source>,
    report: &'a mut Report,
    told: usize,
    errors: usize,
}

impl Mistakes<'_> {
    fn error(&mut self, range: Range<usize>, code: &'static str, message: Text, help: Option<Text>) {
        self.errors += 1;
        self.push(Severity::Error, range, code, message, help);
    }

    fn warning(&mut self, range: Range<usize>, code: &'static str, message: Text, help: Option<Text>) {
        self.push(Severity::Warning, range, code, message, help);
    }

    /// Tells it, unless so much was told that the file is not what it was meant to be.
    fn push(
        &mut self,
        severity: Severity,
        range: Range<usize>,
        code: &'static str,
        message: Text,
        help: Option<Text>,
    ) {
        self.told += 1;
        let (severity, code, message, help) = match self.told {
            ..=YAML_MISTAKES_MAX => (severity, code, message, help),
            told if told == YAML_MISTAKES_MAX + 1 => {
                self.errors += 1;
                let message = Text::word("more mistakes follow, which are not told");
                (Severity::Error, "too-many-mistakes", message, None)
            }
            _ => return,
        };
        self.report.push(Diagnostic {
            severity,
            code,
            message,
            source: Arc::clone(self.source),
            range,
            help,
        });
    }
}

#[cfg(test)]
mod tests;
