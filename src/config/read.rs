//! Reads typed values out of a YAML tree and reports what is not what it should be, without stopping at the first.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::form::Key;
use super::site::Secret;
use super::value;
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text, nearest};
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};
use crate::centre::number;
use crate::flow::verb::shape::not_carried_out;
use crate::say;

/// A node of the tree.
pub type Yaml = Node;

/// Gives the secret of a `credential:NAME`; `io` reads `$CREDENTIALS_DIRECTORY/NAME`.
pub type Credentials<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Names of things are words that also make good file names: messages lie in a folder of the mailbox's name.
const NAME_CHARS_MAX: usize = 64;

/// See the module.
pub struct Reader<'a> {
    source: &'a Arc<Source>,
    report: &'a mut Report,
    credentials: Credentials<'a>,
}

impl<'a> Reader<'a> {
    /// A reader of one source.
    pub fn new(source: &'a Arc<Source>, report: &'a mut Report, credentials: Credentials<'a>) -> Self {
        Self { source, report, credentials }
    }

    /// Reports a mistake at a node.
    pub fn error(&mut self, node: &Yaml, code: &'static str, message: Text, help: Text) {
        self.report.push(Diagnostic {
            severity: Severity::Error,
            code,
            message,
            source: Arc::clone(self.source),
            range: node.range.clone(),
            help: Some(help).filter(|help| !help.is_empty()),
        });
    }

    /// Reports a word that should have been one of `known`.
    pub fn unknown(&mut self, node: &Yaml, what: Text, word: &str, known: &[&str]) {
        let help = match nearest(word, known.iter().copied()) {
            Some(meant) => say!("did you mean `{}`?", meant),
            None if known.is_empty() => say!("there is no {}", &what),
            None => say!("known: {}", known.join(", ")),
        };
        self.error(node, "unknown-name", say!("unknown {} `{}`", what, word), help);
    }

    /// Whether a node is a mapping.
    pub fn is_map(&self, node: &Yaml) -> bool {
        matches!(node.value, Value::Map(_))
    }

    /// The fields of a mapping that may have only `known` keys.
    pub fn fields<'n, K: Key>(&mut self, node: &'n Yaml, what: Text, known: &[K]) -> Fields<'n> {
        let not_yet: Vec<&str> = known.iter().filter(|row| row.not_yet()).map(Key::key).collect();
        let known: Vec<&str> = known.iter().map(Key::key).collect();
        let mut fields = Fields { what: what.clone(), node, values: BTreeMap::new() };
        for (key, value) in self.pairs(node) {
            let Some(name) = key.text() else { continue };
            if not_yet.contains(&name) {
                self.report.push(not_carried_out(self.source, key));
            }
            if known.contains(&name) {
                fields.values.insert(name, value);
            } else {
                let help = match nearest(name, known.iter().copied()) {
                    Some(meant) => say!("did you mean `{}`?", meant),
                    None => say!("known here: {}", known.join(", ")),
                };
                self.error(key, "unknown-key", say!("unknown key `{}` in {}", name, &what), help);
            }
        }
        fields
    }

    /// Keys and values of a mapping; nothing written is an empty one.
    pub fn pairs<'n>(&mut self, node: &'n Yaml) -> Vec<(&'n Yaml, &'n Yaml)> {
        match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            Value::Null => Vec::new(),
            Value::Text { .. } | Value::List(_) => {
                self.error(
                    node,
                    "not-a-map",
                    Text::word("keys and values are expected here"),
                    Text::word("write `key: value` lines"),
                );
                Vec::new()
            }
        }
    }

    /// The entries of a mapping whose keys are names that the operator chose.
    pub fn named<'n>(&mut self, node: &'n Yaml) -> Vec<(Name, &'n Yaml)> {
        let mut named = Vec::new();
        for (key, value) in self.pairs(node) {
            if let Some(name) = self.name(key) {
                named.push((name, value));
            }
        }
        named
    }

    /// A name that the operator chose: letters, digits, `-`, `_`.
    pub fn name(&mut self, node: &Yaml) -> Option<Name> {
        let text = self.text(node)?;
        let fit = text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if fit && text.chars().count() <= NAME_CHARS_MAX {
            return Some(Name::from(text));
        }
        let help = match text.contains(',') {
            true => say!("write a list: `{}`", format!("[{}]", text.trim())),
            false => Text::word("use letters, digits, `-` and `_`, 64 at most"),
        };
        self.error(node, "not-a-name", Text::word("this cannot be a name"), help);
        None
    }

    /// A list of names with their nodes; a name alone is a list of one.
    pub fn names<'n>(&mut self, node: Option<&'n Yaml>) -> Vec<(Name, &'n Yaml)> {
        let Some(node) = node else { return Vec::new() };
        let nodes = self.list(node);
        nodes.into_iter().filter_map(|node| self.name(node).map(|name| (name, node))).collect()
    }

    /// The items of a list; a text alone is a list of one.
    pub fn list<'n>(&mut self, node: &'n Yaml) -> Vec<&'n Yaml> {
        match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Text { .. } => vec![node],
            Value::Null => Vec::new(),
            Value::Map(_) => {
                let help = Text::word("write `[one, two]`");
                self.error(node, "not-a-list", Text::word("a list is expected here"), help);
                Vec::new()
            }
        }
    }

    /// A text that is not empty.
    pub fn text(&mut self, node: &Yaml) -> Option<String> {
        match node.text() {
            Some(text) if !text.trim().is_empty() => Some(text.to_owned()),
            _ => {
                self.error(node, "not-a-text", Text::word("a value is expected here"), Text::default());
                None
            }
        }
    }

    /// A text that `parse` understands; `expected` says which those are.
    pub fn value<T>(&mut self, node: &Yaml, expected: Text, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(node)?;
        let value = parse(&text);
        if value.is_none() {
            let why = say!("`{}` is not understood here", text);
            self.error(node, "bad-value", why, say!("write {}", expected));
        }
        value
    }

    /// A duration.
    pub fn duration(&mut self, node: &Yaml) -> Option<Duration> {
        self.value(node, Text::word("a duration like 45s, 8m, 2h or 30d"), value::duration)
    }

    /// A whole number from 1 to `max`.
    pub fn count(&mut self, node: &Yaml, max: usize) -> Option<usize> {
        let within = |text: &str| text.parse().ok().filter(|count| (1..=max).contains(count));
        self.value(node, say!("a whole number from 1 to {}", max), within)
    }

    /// One of a few words.
    pub fn one_of<T: Copy>(&mut self, node: &Yaml, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.unknown(node, Text::word("word"), &text, &known);
        }
        found.map(|(_, value)| *value)
    }

    /// A password: written, or `credential:NAME` for one that stands in no file of the site.
    pub fn secret(&mut self, node: &Yaml) -> Option<Secret> {
        let text = self.text(node)?;
        let Some(name) = text.strip_prefix("credential:") else {
            return Some(Secret::new(text));
        };
        self.credential(node, name).map(Secret::new)
    }

    /// The value of a header: as a secret, or one that ends with it, `Bearer credential:NAME`.
    pub fn sealed(&mut self, node: &Yaml) -> Option<Secret> {
        let text = self.text(node)?;
        let Some((before, name)) = text.rsplit_once(" credential:") else {
            return self.secret(node);
        };
        self.credential(node, name).map(|secret| Secret::new(format!("{before} {secret}")))
    }

    fn credential(&mut self, node: &Yaml, name: &str) -> Option<String> {
        // The name becomes a file name below $CREDENTIALS_DIRECTORY.
        let fit =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let found = (self.credentials)(name).filter(|_| fit && !name.starts_with('.'));
        if found.is_none() {
            let why = say!("the credential `{}` is not there", name);
            let help = say!(
                "put it into the file `{}` of $CREDENTIALS_DIRECTORY (systemd: `LoadCredential={}:…`)",
                name,
                name
            );
            self.error(node, "credential-missing", why, help);
        }
        found.map(|secret| secret.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// One of the site's own numbers, in normal form.
    pub fn own_number(&mut self, node: &Yaml) -> Option<String> {
        let text = self.text(node)?;
        if let Some(problem) = number::own_number_problem(&text) {
            let why = say!("`{}` cannot be one's own number: {}", text, problem.text());
            let help =
                Text::word("write it as it is dialled: 0800 123 456, 01 23 45 67 89, +800 1234 5678, 3018");
            self.error(node, "own-number", why, help);
            return None;
        }
        number::normalise(&text).number
    }
}

/// The fields of a mapping.
pub struct Fields<'n> {
    what: Text,
    node: &'n Yaml,
    values: BTreeMap<&'n str, &'n Yaml>,
}

impl<'n> Fields<'n> {
    /// A field that may be left out.
    pub fn get(&self, key: &str) -> Option<&'n Yaml> {
        self.values.get(key).copied()
    }

    /// A field that must be there.
    pub fn need(&self, reader: &mut Reader<'_>, key: &str) -> Option<&'n Yaml> {
        let found = self.get(key);
        if found.is_none() {
            let why = say!("{} lacks `{}`", &self.what, key);
            reader.error(self.node, "missing-key", why, say!("add `{}: …`", key));
        }
        found
    }
}
