//! The one door of the YAML crates: a text becomes a tree in which every node knows its place.
//!
//! Scalars stay text, because `0800` is no number and `no` is no boolean here. The traps of YAML are closed: anchors,
//! aliases, tags, several documents, duplicate keys and mappings as keys are mistakes.

use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::diagnostic::{Diagnostic, Report, Severity, Source};
use super::limit::{YAML_BYTES_MAX, YAML_DEPTH_MAX};

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The octets of the source that it was read from.
    pub range: Range<usize>,
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

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
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
    let mut builder =
        Builder { source, report, bytes: Vec::new(), stack: Vec::new(), root: None, documents: 0 };
    if source.text.len() > YAML_BYTES_MAX {
        let why = format!("the file is larger than {} KiB", YAML_BYTES_MAX / 1_024);
        builder.mistake(0..0, "file-too-large", why, None);
        return None;
    }
    builder.bytes = source.text.char_indices().map(|(at, _)| at).chain([source.text.len()]).collect();
    for event in Parser::new_from_str(&source.text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = builder.octet(error.marker().index());
                builder.mistake(at..at, "yaml", format!("this is not YAML: {}", error.info()), None);
                return None;
            }
        };
        if !builder.take(event, span) {
            return None;
        }
    }
    builder.root
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    report: &'a mut Report,
    /// The octet of each character: the parser counts characters.
    bytes: Vec<usize>,
    stack: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

/// A collection that is not closed yet.
struct Open {
    start: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Node>),
    Map(Vec<(Node, Node)>, Option<Node>),
}

impl Builder<'_> {
    /// Takes an event; false when reading on makes no sense.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let range = self.octet(span.start.index())..self.octet(span.end.index());
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.mistake(
                        range,
                        "two-documents",
                        "a second document begins here".into(),
                        Some("remove the `---`"),
                    );
                    return false;
                }
            }
            Event::Alias(_) => {
                let help = "write the value out; the star key is written `star`";
                self.mistake(
                    range.clone(),
                    "alias",
                    "`*` makes a YAML alias, which flows do not use".into(),
                    Some(help),
                );
                self.put(Node { range, value: Value::Null });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(&range, anchor, tag.is_some());
                let plain = style == ScalarStyle::Plain;
                let null = plain && (text.is_empty() || text == "~" || text == "null");
                let value = if null { Value::Null } else { Value::Text { text: text.into_owned(), plain } };
                self.put(Node { range, value });
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(&range, anchor, tag.is_some());
                return self.open(range, Kind::List(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(&range, anchor, tag.is_some());
                return self.open(range, Kind::Map(Vec::new(), None));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { start, kind }) = self.stack.pop() {
                    let value = match kind {
                        Kind::List(items) => Value::List(items),
                        Kind::Map(entries, _) => Value::Map(entries),
                    };
                    let end = self.source.text[start..range.end.max(start)].trim_end().len() + start;
                    self.put(Node { range: start..end, value });
                }
            }
        }
        true
    }

    fn open(&mut self, range: Range<usize>, kind: Kind) -> bool {
        if self.stack.len() >= YAML_DEPTH_MAX {
            self.mistake(range, "too-deep", format!("nested deeper than {YAML_DEPTH_MAX} levels"), None);
            return false;
        }
        self.stack.push(Open { start: range.start, kind });
        true
    }

    /// Puts a finished node where it belongs.
    fn put(&mut self, node: Node) {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open { kind: Kind::List(items), .. }) => items.push(node),
            Some(Open { kind: Kind::Map(entries, key), .. }) => match key.take() {
                None => *key = Some(node),
                Some(key) => {
                    let twice =
                        key.text().is_some() && entries.iter().any(|(other, _)| other.text() == key.text());
                    let not_text = key.text().is_none();
                    let range = key.range.clone();
                    let name = key.text().unwrap_or("").to_owned();
                    entries.push((key, node));
                    if twice {
                        self.mistake(
                            range,
                            "duplicate-key",
                            format!("`{name}` stands twice here"),
                            Some("keep one of them"),
                        );
                    } else if not_text {
                        self.mistake(range, "key", "a key must be a word".into(), None);
                    }
                }
            },
        }
    }

    fn refuse_extras(&mut self, range: &Range<usize>, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.mistake(
                range.clone(),
                "anchor",
                "`&` makes a YAML anchor, which flows do not use".into(),
                Some("quote the text"),
            );
        }
        if tagged {
            self.mistake(
                range.clone(),
                "tag",
                "`!` makes a YAML tag, which flows do not use".into(),
                Some("quote the text"),
            );
        }
    }

    fn octet(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.source.text.len())
    }

    fn mistake(&mut self, range: Range<usize>, code: &'static str, message: String, help: Option<&str>) {
        self.report.push(Diagnostic {
            severity: Severity::Error,
            code,
            message,
            source: Arc::clone(self.source),
            range,
            help: help.map(str::to_owned),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node>, Vec<&'static str>) {
        let mut report = Report::default();
        let node = parse(&Source::new("t.yaml", text), &mut report);
        (node, report.iter().map(|diagnostic| diagnostic.code).collect())
    }

    #[test]
    fn scalars_stay_text_and_know_their_place() {
        let text = "é: 0800 123 456\nlist: [no, 12e3, ~]\n";
        let (node, mistakes) = read(text);
        let node = node.unwrap();
        assert_eq!(mistakes, [""; 0]);
        let number = node.get("é").unwrap();
        assert_eq!((number.text(), &text[number.range.clone()]), (Some("0800 123 456"), "0800 123 456"));
        let Value::List(items) = &node.get("list").unwrap().value else { panic!("a list") };
        assert_eq!(items.iter().map(Node::text).collect::<Vec<_>>(), [Some("no"), Some("12e3"), None]);
    }

    #[test]
    fn the_traps_are_closed() {
        assert_eq!(read("a: 1\na: 2\n").1, ["duplicate-key"]);
        assert_eq!(read("a: &x 1\n").1, ["anchor"]);
        assert_eq!(read("a: &x 1\nb: *x\n").1, ["anchor", "alias"]);
        assert_eq!(read("a: !t 1\n").1, ["tag"]);
        assert_eq!(read("a: 1\n---\nb: 2\n").1, ["two-documents"]);
        assert_eq!(read("a: [1\n").1, ["yaml"]);
        assert_eq!(read(&format!("a: {}{}\n", "[".repeat(100), "]".repeat(100))).1, ["too-deep"]);
        assert_eq!(read(&"# x\n".repeat(70_000)).1, ["file-too-large"]);
        assert_eq!(read("[a]: 1\n").1, ["key"]);
    }
}
