//! Written texts with placeholders: addresses, bodies, messages. Values are put in once, escaped for their place, and never
//! read again: what a caller or a distant system says is text, nothing more.

use super::read::Reader;
use super::reading::Reading;
use super::speech::Format;
use super::value::{Path, Value};
use super::written::written;
use crate::base::name::Name;
use crate::base::yaml::{self, Node};

/// A text with values in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Template(Vec<Piece>);

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Fixed(String),
    Value(Path, Option<Format>),
}

/// Where a value is put.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Into prose.
    Prose,
    /// Into an address: everything but RFC 3986's unreserved characters is percent-encoded.
    Address,
}

impl Template {
    /// The text now. What is not set is left out.
    pub(crate) fn fill(&self, place: Place, reading: &Reading<'_>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Fixed(fixed) => text.push_str(fixed),
                Piece::Value(path, format) => {
                    let value = path.value(reading).map(|value| value.to_string()).unwrap_or_default();
                    let value = match format {
                        Some(format) => written(reading.language, *format, &value),
                        None => value,
                    };
                    match place {
                        Place::Prose => text.push_str(&value),
                        Place::Address => percent_encode(&value, &mut text),
                    }
                }
            }
        }
        text
    }

    /// The value of a template that is one placeholder and nothing else, with its type.
    fn value(&self, reading: &Reading<'_>) -> Option<Option<Value>> {
        match &self.0[..] {
            [Piece::Value(path, None)] => Some(path.value(reading)),
            _ => None,
        }
    }

    /// The values that are written by a format.
    pub(crate) fn formats(&self) -> impl Iterator<Item = (&Path, Format)> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(path, Some(format)) => Some((path, *format)),
            Piece::Value(_, None) | Piece::Fixed(_) => None,
        })
    }

    /// What it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(path, _) => Some(path),
            Piece::Fixed(_) => None,
        })
    }

    /// What stands before the first placeholder.
    pub(crate) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Fixed(text)) => text,
            Some(Piece::Value(..)) | None => "",
        }
    }

    /// As it is written in the flow: placeholders by their names.
    /// What of it is written, and whether values are put in.
    pub(crate) fn written(&self) -> (String, bool) {
        let fixed = self.0.iter().filter_map(|piece| match piece {
            Piece::Fixed(text) => Some(text.as_str()),
            Piece::Value(..) => None,
        });
        (fixed.collect(), self.0.iter().any(|piece| matches!(piece, Piece::Value(..))))
    }

    pub(crate) fn pattern(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Fixed(text) => text.clone(),
            Piece::Value(path, _) => format!("{{{}}}", path.0),
        };
        self.0.iter().map(piece).collect()
    }
}

fn percent_encode(value: &str, text: &mut String) {
    use std::fmt::Write;
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte))
            }
            // Writing to a String cannot fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
}

/// The body of a request, as the flow writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BodyText {
    /// A text as it is.
    Text(Template),
    /// A tree that becomes JSON.
    Json(Tree),
}

/// A tree of templates.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// A text; a template that is one placeholder keeps the type of its value.
    Leaf(Template),
    /// A literal number, truth, or nothing.
    Literal(serde_json::Value),
    /// A list.
    List(Vec<Tree>),
    /// Keys and values.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// As JSON now.
    pub(crate) fn fill(&self, reading: &Reading<'_>) -> serde_json::Value {
        match self {
            Self::Leaf(template) => match template.value(reading) {
                Some(value) => value.map_or(serde_json::Value::Null, |value| json_of(&value)),
                None => template.fill(Place::Prose, reading).into(),
            },
            Self::Literal(value) => value.clone(),
            Self::List(items) => items.iter().map(|item| item.fill(reading)).collect(),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), value.fill(reading)));
                serde_json::Value::Object(entries.collect())
            }
        }
    }

    /// What it reads.
    pub(crate) fn reads(&self) -> Vec<&Path> {
        match self {
            Self::Leaf(template) => template.reads().collect(),
            Self::Literal(_) => Vec::new(),
            Self::List(items) => items.iter().flat_map(Self::reads).collect(),
            Self::Map(entries) => entries.iter().flat_map(|(_, value)| value.reads()).collect(),
        }
    }
}

/// A value as JSON: numbers stay exact.
pub(crate) fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Bool(yes) => (*yes).into(),
        Value::Number(number) => {
            let text = number.to_string();
            text.parse::<serde_json::Number>().map_or_else(|_| text.into(), serde_json::Value::Number)
        }
    }
}

impl Reader<'_> {
    /// A written text: `Votre réclamation {call.ref}`.
    pub(super) fn template(&mut self, node: &Node) -> Option<Template> {
        let text = self.scalar(node)?;
        self.template_of(node, text)
    }

    /// The same of a text that stands in `node`.
    pub(super) fn template_of(&mut self, node: &Node, text: &str) -> Option<Template> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let length = self.closed(node, &rest[open..])?;
            self.bare(node, &rest[..open], &rest[open..=open + length]);
            if open > 0 {
                pieces.push(Piece::Fixed(rest[..open].to_owned()));
            }
            let (path, format) = self.placeholder(node, &rest[open + 1..open + length])?;
            pieces.push(Piece::Value(path, format));
            rest = &rest[open + length + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Fixed(rest.to_owned()));
        }
        Some(Template(pieces))
    }

    /// The body of a request: a map or list becomes JSON, a text is sent as it is.
    pub(super) fn body(&mut self, node: &Node) -> Option<BodyText> {
        match &node.value {
            yaml::Value::Text { .. } => self.template(node).map(BodyText::Text),
            yaml::Value::Null | yaml::Value::List(_) | yaml::Value::Map(_) => {
                self.tree(node).map(BodyText::Json)
            }
        }
    }

    fn tree(&mut self, node: &Node) -> Option<Tree> {
        match &node.value {
            yaml::Value::Null => Some(Tree::Literal(serde_json::Value::Null)),
            yaml::Value::List(items) => {
                items.iter().map(|item| self.tree(item)).collect::<Option<Vec<_>>>().map(Tree::List)
            }
            yaml::Value::Map(entries) => {
                // `{name}` without quotes is a map with one empty entry for YAML.
                if let [(key, Node { value: yaml::Value::Null, .. })] = &entries[..] {
                    let name = key.text().unwrap_or("");
                    return Some(Tree::Leaf(Template(vec![Piece::Value(Path(Name::from(name)), None)])));
                }
                let entry = |(key, value): &(Node, Node)| Some((key.text()?.to_owned(), self.tree(value)?));
                entries.iter().map(entry).collect::<Option<Vec<_>>>().map(Tree::Map)
            }
            yaml::Value::Text { text, plain } => match literal(text, *plain) {
                Some(literal) => Some(Tree::Literal(literal)),
                None => self.template(node).map(Tree::Leaf),
            },
        }
    }
}

/// A plain scalar of YAML's JSON subset as JSON: a number keeps its zeros and its plus by being a text.
pub(crate) fn literal(text: &str, plain: bool) -> Option<serde_json::Value> {
    if !plain {
        return None;
    }
    match text {
        "true" => Some(true.into()),
        "false" => Some(false.into()),
        "null" => Some(serde_json::Value::Null),
        // JSON knows no leading zeros and no plus, so that `0800` and `+33` stay texts.
        _ => text.parse::<serde_json::Number>().ok().map(serde_json::Value::Number),
    }
}
