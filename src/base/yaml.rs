//! The one door of the YAML crates: `serde_yaml` reads values, `saphyr-parser` gives their places.
//!
//! A flow is data, not a program: anchors, aliases, tags and several documents are refused. See
//! `docs/decisions/0003-serde-yaml-reads-saphyr-finds-places.md`. Reads YAML 1.2 (yaml.org/spec/1.2.2) as far as operators write it.

use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use serde::de::DeserializeOwned;

use super::diagnostic::{Diagnostic, Report};
use super::limit::{YAML_BYTES_MAX, YAML_DEPTH_MAX};
use super::name::Name;

/// A text that an operator wrote, and what its file is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As shown in diagnostics.
    pub name: Name,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// Takes the bytes of a file: at most `YAML_BYTES_MAX` of UTF-8 without NUL; a byte order mark is dropped.
    pub fn read(name: impl Into<Name>, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let name = name.into();
        let refuse = |code, message: String| Err(Diagnostic::error(code, &name, message));
        if bytes.len() > YAML_BYTES_MAX {
            return refuse("too-large", format!("the file is above {} KiB", YAML_BYTES_MAX / 1_024));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(_) => return refuse("not-utf8", "the file is not UTF-8 text".into()),
        };
        if text.contains('\0') {
            return refuse("not-text", "the file has a NUL byte: this is not text".into());
        }
        Ok(Self { text: text.into(), name })
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A single value, as written.
    Scalar {
        /// Its text, unquoted.
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with values, in their order.
    Mapping(Vec<(Key, Node)>),
}

/// A key and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Bytes of the text.
    pub span: Range<usize>,
}

impl Node {
    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }

    /// The place of a key.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries().iter().find(|(name, _)| name.text == key).map(|(name, _)| name.span.clone())
    }

    /// Keys and values, none if this is not a mapping.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            Kind::Scalar { .. } | Kind::Sequence(_) => &[],
        }
    }

    /// The items, none if this is not a list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            Kind::Scalar { .. } | Kind::Mapping(_) => &[],
        }
    }

    /// The text of a single value.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// `a value`, `a list` or `keys with values`: for messages.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar { text, plain: true } if text.is_empty() => "nothing",
            Kind::Scalar { .. } => "a value",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "keys with values",
        }
    }
}

/// The tree of a text with the place of everything. All duplicate keys are reported at once; a syntax error ends the reading.
pub fn parse(source: &Source) -> Result<Node, Report> {
    let mut builder = Builder::new(source);
    let mut parser = Parser::new_from_str(&source.text);
    loop {
        match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok((event, span))) => builder.take(event, span)?,
            Some(Err(error)) => return Err(builder.syntax(&error)),
        }
    }
    let Builder { root, report, .. } = builder;
    match root {
        _ if !report.is_ok() => Err(report),
        Some(root) => Ok(root),
        None => Err(Diagnostic::error("empty", &source.name, "the file is empty").into()),
    }
}

/// The typed values of a text that [`parse`] accepted. `String` targets keep `0800`, `no` and `1` as written.
pub fn values<T: DeserializeOwned>(source: &Source) -> Result<T, Diagnostic> {
    serde_yaml::from_str(&source.text).map_err(|error| {
        let diagnostic = Diagnostic::error("yaml", &source.name, error.to_string());
        match error.location() {
            Some(at) => diagnostic.at(at.index()..at.index() + 1),
            None => diagnostic,
        }
    })
}

/// A list or mapping that is being read.
enum Open {
    Sequence(usize, Vec<Node>),
    Mapping(usize, Vec<(Key, Node)>, Option<Key>),
}

struct Builder<'a> {
    source: &'a Source,
    /// Byte of each character: the parser counts characters. Empty when the text is ASCII and they are the same.
    bytes: Vec<u32>,
    open: Vec<Open>,
    root: Option<Node>,
    report: Report,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Source) -> Self {
        let bytes = if source.text.is_ascii() {
            Vec::new()
        } else {
            source.text.char_indices().map(|(byte, _)| byte as u32).collect()
        };
        Self { source, bytes, open: Vec::new(), root: None, report: Report::default() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.source.text.is_ascii() {
            return character.min(self.source.text.len());
        }
        self.bytes.get(character).map_or(self.source.text.len(), |byte| *byte as usize)
    }

    fn place(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }

    fn error(&self, code: &'static str, at: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, &self.source.name, message).at(at)
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Report> {
        let at = self.place(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.only_data(&at, anchor, tag.is_some())?;
                let kind =
                    Kind::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                self.put(Node { span: at, kind })
            }
            Event::SequenceStart(anchor, tag) => {
                self.only_data(&at, anchor, tag.is_some())?;
                self.open(Open::Sequence(at.start, Vec::new()), at)
            }
            Event::MappingStart(anchor, tag) => {
                self.only_data(&at, anchor, tag.is_some())?;
                self.open(Open::Mapping(at.start, Vec::new(), None), at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at.end),
            Event::Alias(_) => Err(self
                .error("alias", at, "an alias (`*name`) is not allowed")
                .help("the keys of a telephone are written `star` and `hash`")
                .into()),
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.error("documents", at, "a file has one document: `---` stands here").into())
            }
            Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::StreamStart
            | Event::StreamEnd
            | Event::Nothing => Ok(()),
        }
    }

    fn only_data(&self, at: &Range<usize>, anchor: usize, tag: bool) -> Result<(), Report> {
        if anchor != 0 {
            return Err(self.error("anchor", at.clone(), "an anchor (`&name`) is not allowed").into());
        }
        if tag {
            return Err(self.error("tag", at.clone(), "a YAML tag (`!name`) is not allowed").into());
        }
        Ok(())
    }

    fn open(&mut self, open: Open, at: Range<usize>) -> Result<(), Report> {
        if self.open.len() >= YAML_DEPTH_MAX {
            return Err(self.error("too-deep", at, format!("more than {YAML_DEPTH_MAX} levels")).into());
        }
        if matches!(self.open.last(), Some(Open::Mapping(_, _, None))) {
            return Err(self.not_a_key(at));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Report> {
        let (start, kind) = match self.open.pop() {
            Some(Open::Sequence(start, items)) => (start, Kind::Sequence(items)),
            Some(Open::Mapping(start, entries, _)) => (start, Kind::Mapping(entries)),
            None => return Ok(()),
        };
        // A block ends where the next one begins: the blanks between belong to nobody.
        let text = &self.source.text;
        let end = text.get(start..end).map_or(end, |body| start + body.trim_end().len());
        self.put(Node { span: start..end.max(start), kind })
    }

    fn put(&mut self, node: Node) -> Result<(), Report> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence(_, items)) => items.push(node),
            Some(Open::Mapping(_, entries, key)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => return self.key(node),
            },
        }
        Ok(())
    }

    fn key(&mut self, node: Node) -> Result<(), Report> {
        let Kind::Scalar { text, .. } = node.kind else { return Err(self.not_a_key(node.span)) };
        let Some(Open::Mapping(_, entries, key)) = self.open.last_mut() else { return Ok(()) };
        // Linear per key, but a file has at most 256 KiB and a mapping of it rarely a hundred keys; see the test of hostile texts.
        let twice = entries.len() < 4_096 && entries.iter().any(|(name, _)| name.text == text);
        let too_many = entries.len() >= 4_096;
        *key = Some(Key { text: text.clone(), span: node.span.clone() });
        if too_many {
            return Err(self.error("too-many-keys", node.span, "more than 4096 keys in one place").into());
        }
        if twice {
            let wrong = self.error("duplicate-key", node.span, format!("`{text}` stands here twice"));
            self.report.push(wrong.help("the second would silently replace the first: remove one"));
        }
        Ok(())
    }

    fn not_a_key(&self, at: Range<usize>) -> Report {
        self.error("key", at, "a key is a single word, not a list or keys with values").into()
    }

    fn syntax(&self, error: &ScanError) -> Report {
        let start = self.byte(error.marker().index());
        let text = &self.source.text;
        let line = text.get(..start).map_or("", |before| before.rsplit('\n').next().unwrap_or(""));
        let after = text.get(start..).unwrap_or("");
        let end = start + after.chars().next().map_or(0, char::len_utf8);
        let mut wrong = self.error("yaml", start..end, format!("this is not YAML: {}", error.info()));
        if line.trim_start_matches(' ').starts_with('\t') || after.starts_with('\t') {
            wrong = wrong.help("indent with spaces, not with tabs");
        } else if after.starts_with('*') || line.trim_start().starts_with('*') {
            wrong = wrong.help("the keys of a telephone are written `star` and `hash`");
        }
        let mut report = self.report.clone();
        report.push(wrong);
        report
    }
}

#[cfg(test)]
mod tests;
