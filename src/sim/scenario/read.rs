//! Reads values out of the YAML tree of a scenario, and reports what is not what it should be without stopping at the first.

use std::sync::Arc;

use super::moment;
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text, nearest};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Duration, Wall, read_duration};
use crate::base::yaml::{Node, Value};
use crate::say;
use crate::switchboard::Edition;

/// See the module.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) edition: &'a Edition,
    pub(super) report: &'a mut Report,
}

impl Reader<'_> {
    pub(super) fn error(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl Into<Text>,
        help: impl Into<Text>,
    ) {
        let help = help.into();
        self.report.push(Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            source: Arc::clone(self.source),
            range: node.range.clone(),
            help: (!help.is_empty()).then_some(help),
        });
    }

    /// A word that should be one of `known`.
    pub(super) fn unknown<'k>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: Text,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let word = node.text().unwrap_or("");
        let known: Vec<&str> = known.into_iter().collect();
        let help = match nearest(word, known.iter().copied()) {
            Some(meant) => say!("did you mean `{}`?", meant),
            None if known.is_empty() => say!("the site has no {} at all", &what),
            None => say!("there are: {}", known.join(", ")),
        };
        self.error(node, code, say!("there is no {} `{}`", what, word), help);
    }

    /// A name that should be one of `known`.
    pub(super) fn one_of<'k>(
        &mut self,
        node: &Node,
        what: Text,
        known: impl IntoIterator<Item = &'k Name>,
    ) -> Option<Name> {
        let text = self.text(node)?;
        let known: Vec<&Name> = known.into_iter().collect();
        let found = known.iter().find(|name| **name == text).map(|name| Name::clone(name));
        if found.is_none() {
            self.unknown(node, "unknown-name", what, known.iter().map(|name| name.as_str()));
        }
        found
    }

    /// Reports keys of a mapping that are not among `known`.
    pub(super) fn only(&mut self, pairs: &[(&Node, &Node)], what: Text, known: &[&str]) {
        for (key, _) in pairs {
            let name = key.text().unwrap_or("");
            if !known.contains(&name) {
                let help = match nearest(name, known.iter().copied()) {
                    Some(meant) => say!("did you mean `{}`?", meant),
                    None => say!("it may have: {}", known.join(", ")),
                };
                self.error(key, "unknown-key", say!("{} has no `{}`", &what, name), help);
            }
        }
    }

    pub(super) fn pairs<'n>(&mut self, node: &'n Node, what: Text) -> Vec<(&'n Node, &'n Node)> {
        match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            Value::Null => Vec::new(),
            Value::Text { .. } | Value::List(_) => {
                self.error(node, "not-a-map", say!("{} wants `key: value` lines", what), Text::default());
                Vec::new()
            }
        }
    }

    /// A list; what stands alone is a list of one.
    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Text { .. } | Value::Map(_) => vec![node],
            Value::Null => Vec::new(),
        }
    }

    pub(super) fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let hash = self.source.text[node.range.start..].trim_start_matches([' ', ':']).starts_with('#');
            let help =
                if hash { say!("`{}` begins a comment in YAML: quote it", "#") } else { Text::default() };
            self.error(node, "not-a-text", Text::word("a text is expected here"), help);
        }
        text
    }

    pub(super) fn number(&mut self, node: &Node) -> Option<usize> {
        let text = self.text(node)?;
        let read = text.trim().parse().ok();
        if read.is_none() {
            self.error(node, "not-a-number", say!("`{}` is not a whole number", text), Text::default());
        }
        read
    }

    /// `500ms`, `30s`, `5m`, `2h`.
    pub(super) fn duration(&mut self, node: &Node) -> Option<Duration> {
        let text = self.text(node)?.trim();
        let read = read_duration(text);
        if read.is_none() {
            let help = Text::word("write 500ms, 6s, 5m or 2h");
            self.error(node, "not-a-duration", say!("`{}` is not a duration", text), help);
        }
        read
    }

    /// A civil moment, local to the site.
    pub(super) fn moment(&mut self, node: &Node) -> Option<Wall> {
        let text = self.text(node)?;
        let read = moment::parse(text, self.edition);
        if read.is_none() {
            let help = say!("write `{}` or `{}`", "2026-11-24 10h", "2026-11-24 10h30");
            self.error(node, "not-a-moment", say!("`{}` is not a moment", text), help);
        }
        read
    }

    /// Keys one after another: `1`, `12345678`, `12#`, `star`, `hash`.
    pub(super) fn keys(&mut self, node: &Node) -> Option<Vec<Digit>> {
        let text = self.text(node)?;
        let keys = keys(text);
        if keys.is_none() {
            let help = Text::word("keys are 0 to 9, star and hash; `12#` presses three");
            self.error(node, "not-a-key", say!("`{}` are no keys", text), help);
        }
        keys
    }
}

/// Keys one after another; none when something else is among them.
pub fn keys(text: &str) -> Option<Vec<Digit>> {
    match text.trim() {
        "" => None,
        "star" => Some(vec![Digit::STAR]),
        "hash" => Some(vec![Digit::HASH]),
        keys => keys.chars().filter(|c| *c != ' ').map(Digit::from_char).collect(),
    }
}
