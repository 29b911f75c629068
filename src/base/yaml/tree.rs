//! Shape and places: the events of `saphyr-parser` become a tree, and what is no tidy tree is told.

use std::collections::BTreeSet;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::{Mistakes, Node, Places, Value, cause, syntax};
use crate::base::diagnostic::Text;
use crate::base::limit::{YAML_DEPTH_MAX, YAML_MISTAKES_MAX};
use crate::say;

/// What was read.
pub(super) struct Tree {
    /// The document, unless the text has none.
    pub(super) root: Option<Node>,
    /// Every scalar in the order of the text; all between them is signs, blanks and comments.
    pub(super) leaves: Vec<Leaf>,
}

/// A scalar.
pub(super) struct Leaf {
    /// Its octets.
    pub(super) range: Range<usize>,
    /// It is text without quotes.
    pub(super) plain: bool,
}

/// Builds the tree; `None` when reading on made no sense.
pub(super) fn build(text: &str, places: &Places, mistakes: &mut Mistakes<'_>) -> Option<Tree> {
    let mut builder =
        Builder { text, places, mistakes, stack: Vec::new(), root: None, leaves: Vec::new(), documents: 0 };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                // With so many mistakes no site is meant by this, so that nothing more is asked of it.
                if !builder.take(event, span) || builder.mistakes.told > YAML_MISTAKES_MAX {
                    return None;
                }
            }
            Err(error) => {
                builder.refuse(&error);
                return None;
            }
        }
    }
    Some(Tree { root: builder.root, leaves: builder.leaves })
}

struct Builder<'a, 'm> {
    text: &'a str,
    places: &'a Places,
    mistakes: &'a mut Mistakes<'m>,
    stack: Vec<Open>,
    root: Option<Node>,
    leaves: Vec<Leaf>,
    documents: usize,
}

/// A collection that is not closed yet.
struct Open {
    start: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Node>),
    Map(OpenMap),
}

/// A mapping that is not closed yet.
#[derive(Default)]
struct OpenMap {
    entries: Vec<(Node, Node)>,
    /// Its value is awaited.
    key: Option<Node>,
    seen: BTreeSet<String>,
}

impl Builder<'_, '_> {
    /// Takes an event; false when reading on makes no sense.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let range = self.places.octet(span.start.index())..self.places.octet(span.end.index());
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let (why, help) =
                        (Text::word("a second document begins here"), Text::word("remove the `---`"));
                    self.mistakes.error(range, "two-documents", why, Some(help));
                    return false;
                }
            }
            Event::Alias(_) => {
                self.alias(range.clone());
                self.put(Node { range, value: Value::Null });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(&range, anchor, tag.is_some());
                self.scalar(range, text.into_owned(), style);
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(&range, anchor, tag.is_some());
                return self.open(range, Kind::List(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(&range, anchor, tag.is_some());
                return self.open(range, Kind::Map(OpenMap::default()));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { start, kind }) = self.stack.pop() {
                    let value = match kind {
                        Kind::List(items) => Value::List(items),
                        Kind::Map(map) => Value::Map(map.entries),
                    };
                    let end = self.text[start..range.end.max(start)].trim_end().len() + start;
                    self.put(Node { range: start..end, value });
                }
            }
        }
        true
    }

    fn scalar(&mut self, range: Range<usize>, text: String, style: ScalarStyle) {
        let plain = style == ScalarStyle::Plain;
        let null = plain && matches!(text.as_str(), "" | "~" | "null");
        self.leaves.push(Leaf { range: range.clone(), plain: plain && !null });
        let value = if null { Value::Null } else { Value::Text { text, plain } };
        self.put(Node { range, value });
    }

    fn open(&mut self, range: Range<usize>, kind: Kind) -> bool {
        if self.stack.len() >= YAML_DEPTH_MAX {
            self.too_deep(range);
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
            Some(Open { kind: Kind::Map(map), .. }) => match map.key.take() {
                None => map.key = Some(node),
                Some(key) => {
                    match key.text() {
                        None => {
                            let why = Text::word("a key must be a word");
                            self.mistakes.error(key.range.clone(), "key", why, None);
                        }
                        Some(name) if !map.seen.insert(name.to_owned()) => {
                            let why = say!("`{}` stands twice here", name);
                            let help = Text::word("keep one of them");
                            self.mistakes.error(key.range.clone(), "duplicate-key", why, Some(help));
                        }
                        Some(_) => {}
                    }
                    map.entries.push((key, node));
                }
            },
        }
    }

    fn refuse_extras(&mut self, range: &Range<usize>, anchor: usize, tagged: bool) {
        let help = Some(Text::word("quote the text"));
        if anchor != 0 {
            let why = Text::word("`&` makes a YAML anchor, which flows do not use");
            self.mistakes.error(range.clone(), "anchor", why, help.clone());
        }
        if tagged {
            let why = Text::word("`!` makes a YAML tag, which flows do not use");
            self.mistakes.error(range.clone(), "tag", why, help);
        }
    }

    fn too_deep(&mut self, range: Range<usize>) {
        let why = say!("nested deeper than {} levels", YAML_DEPTH_MAX);
        self.mistakes.error(range, "too-deep", why, None);
    }

    fn alias(&mut self, range: Range<usize>) {
        let why = Text::word("`*` makes a YAML alias, which flows do not use");
        let help = Text::word("write the value out; the star key is written `star`");
        self.mistakes.error(range, "alias", why, Some(help));
    }

    /// Tells why the text ends to be YAML, in the operator's words where the slip is a known one.
    fn refuse(&mut self, error: &ScanError) {
        let mut at = self.places.octet(error.marker().index());
        let (mut why, mut help) = syntax::words(error.info());
        let line_of = |at: usize| self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        if error.info().contains("simple key expect") {
            // It is noticed where the next word stands; the one that lacks its colon is before.
            let before = self.text[..at].trim_end().len();
            let start = line_of(before);
            at = start + self.text[start..before].len() - self.text[start..before].trim_start().len();
            why = Text::word("this is not YAML: a `: ` is missing here, or a blank after `-`");
            help = None;
        }
        let start = line_of(at);
        let first = start + self.text[start..].find(|c: char| !matches!(c, ' ' | '\t')).unwrap_or(0);
        let tabbed = |start: usize| {
            let line = self.text[start..].split('\n').next().unwrap_or("");
            line[..line.len() - line.trim_start().len()].find('\t').map(|tab| start + tab)
        };
        let next = self.text[at..].find('\n').map(|newline| at + newline + 1);
        let tab = tabbed(start).or(next.filter(|_| error.info().contains("tab")).and_then(tabbed));
        if self.text[first..].starts_with("*:") {
            let why = Text::word("`*` cannot be a key in YAML, where it makes an alias");
            let help = Text::word("write `star:` for the star key");
            self.mistakes.error(first..first + 1, "star-key", why, Some(help));
        } else if let Some(tab) = tab {
            let why = Text::word("a tab cannot indent in YAML");
            self.mistakes.error(tab..tab + 1, "tab", why, Some(Text::word("indent with spaces")));
        } else if error.info().contains("recursion limit") {
            self.too_deep(at..at);
        } else if error.info().contains("unknown anchor") {
            self.alias(at..at + 1);
        } else if let Some((range, why, help)) = cause::of(self.text, at) {
            self.mistakes.error(range, "yaml", why, Some(help));
        } else {
            self.mistakes.error(at..at, "yaml", why, help);
        }
    }
}
