//! Reads steps out of the YAML tree, and reports what is not what it should be without stopping at the first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expression;
use super::graph::BlockId;
use super::prompt::{Part, Speech, collapsed, file_clip, text_clip};
use super::speech::Format;
use super::value::{Expression, Path};
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, nearest};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};

/// What a flow may name, as the site has it.
#[derive(Debug)]
pub struct Names {
    /// Calendars.
    pub hours: BTreeSet<Name>,
    /// Queues.
    pub queues: BTreeSet<Name>,
    /// Mailboxes, with the longest message of each.
    pub mailboxes: BTreeMap<Name, Duration>,
    /// Agents.
    pub agents: BTreeSet<Name>,
    /// Recordings that there are, by key: files, and texts that are rendered.
    pub recordings: BTreeSet<Name>,
    /// Texts without a recording can be rendered when the site is loaded.
    pub can_render: bool,
    /// Normal form of a telephone number; none when it is not one.
    pub normalise: fn(&str) -> Option<String>,
    /// Whether a number is free for who calls it.
    pub is_free: fn(&str) -> bool,
}

/// What steps fall back on.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    pub(super) tries: Option<u32>,
    pub(super) timeout: Option<Duration>,
    pub(super) otherwise: Option<BlockId>,
    pub(super) error: Option<BlockId>,
}

/// A step as it is written: its verb, what stands behind it, its options.
pub(super) struct StepText<'n> {
    pub(super) verb: &'n Node,
    pub(super) argument: &'n Node,
    pub(super) options: Vec<(&'n Node, &'n Node)>,
}

impl<'n> StepText<'n> {
    pub(super) fn option(&self, key: &str) -> Option<&'n Node> {
        self.options.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| *value)
    }
}

/// See the module.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) names: &'a Names,
    pub(super) report: &'a mut Report,
    pub(super) blocks: BTreeMap<Name, BlockId>,
    pub(super) defaults: Defaults,
}

impl Reader<'_> {
    pub(super) fn tell(
        &mut self,
        severity: Severity,
        node: &Node,
        code: &'static str,
        message: String,
        help: &str,
    ) {
        self.report.push(Diagnostic {
            severity,
            code,
            message,
            source: Arc::clone(self.source),
            range: node.range.clone(),
            help: (!help.is_empty()).then(|| help.to_owned()),
        });
    }

    pub(super) fn error(&mut self, node: &Node, code: &'static str, message: impl Into<String>, help: &str) {
        self.tell(Severity::Error, node, code, message.into(), help);
    }

    pub(super) fn warn(&mut self, node: &Node, code: &'static str, message: impl Into<String>, help: &str) {
        self.tell(Severity::Warning, node, code, message.into(), help);
    }

    /// A word that should be one of `known`.
    pub(super) fn unknown<'k>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let word = node.text().unwrap_or("").to_owned();
        let known: Vec<&str> = known.into_iter().collect();
        let help = match nearest(&word, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.is_empty() => format!("there is no {what} yet"),
            None => format!("there are: {}", known.join(", ")),
        };
        self.error(node, code, format!("there is no {what} `{word}`"), &help);
    }

    /// Reports keys of a mapping that are not among `known`.
    pub(super) fn only(&mut self, pairs: &[(&Node, &Node)], what: &str, known: &[&str]) {
        for (key, _) in pairs {
            let name = key.text().unwrap_or("");
            if !known.contains(&name) {
                let help = match nearest(name, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if known.is_empty() => "it has no options".to_owned(),
                    None => format!("it may have: {}", known.join(", ")),
                };
                self.error(key, "unknown-key", format!("{what} has no `{name}`"), &help);
            }
        }
    }

    pub(super) fn pairs<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(&'n Node, &'n Node)> {
        match &node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            Value::Null => Vec::new(),
            Value::Text { .. } | Value::List(_) => {
                self.error(node, "not-a-map", format!("{what} wants `key: value` lines"), "");
                Vec::new()
            }
        }
    }

    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Text { .. } => vec![node],
            Value::Null => Vec::new(),
            Value::Map(_) => {
                self.error(node, "not-a-list", "a list is expected here", "write `[one, two]`");
                Vec::new()
            }
        }
    }

    pub(super) fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            self.error(node, "not-a-text", "a text is expected here", "");
        }
        text
    }

    pub(super) fn name(&mut self, node: &Node) -> Option<Name> {
        self.text(node).map(Name::from)
    }

    /// A block that the call goes to.
    pub(super) fn target(&mut self, node: &Node) -> Option<BlockId> {
        let name = self.text(node)?;
        if let Some(block) = self.blocks.get(name) {
            return Some(*block);
        }
        let known: Vec<Name> = self.blocks.keys().cloned().collect();
        self.unknown(node, "unknown-block", "block", known.iter().map(Name::as_str));
        None
    }

    /// The block of an option, if it is written.
    pub(super) fn exit(&mut self, step: &StepText<'_>, key: &str) -> Option<BlockId> {
        step.option(key).and_then(|node| self.target(node))
    }

    /// The block of an option that must lead somewhere: its own, or the flow's default.
    pub(super) fn needed_exit(&mut self, step: &StepText<'_>, key: &str) -> Option<BlockId> {
        if step.option(key).is_some() {
            return self.exit(step, key);
        }
        let default = self.defaults.otherwise.or(self.defaults.error);
        if default.is_none() {
            let verb = step.verb.text().unwrap_or("").to_owned();
            let message =
                format!("`{verb}` can fail and does not say where the call goes then: `{key}` is missing");
            self.error(
                step.verb,
                "missing-exit",
                message,
                &format!("add `{key}: BLOCK`, or `defaults: {{ otherwise: BLOCK }}`"),
            );
        }
        default
    }

    pub(super) fn one_of(&mut self, node: &Node, what: &str, known: &BTreeSet<Name>) -> Option<Name> {
        let name = self.name(node)?;
        if known.contains(&name) {
            return Some(name);
        }
        self.unknown(node, "unknown-name", what, known.iter().map(Name::as_str));
        None
    }

    /// `500ms`, `6s`, `5m`, `2h`.
    pub(super) fn duration(&mut self, node: &Node) -> Option<Duration> {
        let text = self.text(node)?.trim();
        let read = parse_duration(text);
        if read.is_none() {
            self.error(
                node,
                "not-a-duration",
                format!("`{text}` is not a duration"),
                "write 500ms, 6s, 5m or 2h",
            );
        }
        read
    }

    pub(super) fn duration_or(&mut self, step: &StepText<'_>, key: &str, default: Duration) -> Duration {
        step.option(key).and_then(|node| self.duration(node)).unwrap_or(default)
    }

    pub(super) fn number(&mut self, node: &Node) -> Option<u32> {
        let text = self.text(node)?;
        let read = text.trim().parse().ok();
        if read.is_none() {
            self.error(node, "not-a-number", format!("`{text}` is not a whole number"), "");
        }
        read
    }

    pub(super) fn yes(&mut self, step: &StepText<'_>, key: &str, default: bool) -> bool {
        let Some(node) = step.option(key) else { return default };
        match self.text(node) {
            Some("true" | "yes" | "oui") => true,
            Some("false" | "no" | "non") => false,
            Some(_) => {
                self.error(node, "not-yes-or-no", format!("`{key}` is true or false"), "");
                default
            }
            None => default,
        }
    }

    /// A key of the telephone: `0`-`9`, `star`, `hash`.
    pub(super) fn digit(&mut self, node: &Node) -> Option<Digit> {
        let digit = match node.text() {
            Some("star") => Some(Digit::STAR),
            Some("hash") => Some(Digit::HASH),
            Some(text) if text.len() == 1 && text.as_bytes()[0].is_ascii_digit() => {
                text.chars().next().and_then(Digit::from_char)
            }
            Some(_) | None => None,
        };
        if digit.is_none() {
            let word = node.text().unwrap_or("").to_owned();
            self.error(node, "not-a-key", format!("`{word}` is not a key"), "keys are 0 to 9, star and hash");
        }
        digit
    }

    pub(super) fn expression(&mut self, node: &Node) -> Option<Expression> {
        let text = self.text(node)?;
        match expression::read(text) {
            Ok(expression) => {
                self.named(node, &expression);
                Some(expression)
            }
            Err(why) => {
                self.error(node, "condition", format!("this condition cannot be read: {why}"), "");
                None
            }
        }
    }

    /// The calendars and queues that a condition names exist.
    fn named(&mut self, node: &Node, expression: &Expression) {
        let names = self.names;
        let (what, name, known) = match expression {
            Expression::Open(name) => ("calendar", name, &names.hours),
            Expression::Waiting(name) | Expression::Agents(name) => ("queue", name, &names.queues),
            Expression::Not(inner) | Expression::In(inner, _) => return self.named(node, inner),
            Expression::And(left, right)
            | Expression::Or(left, right)
            | Expression::Compare(_, left, right) => {
                self.named(node, left);
                return self.named(node, right);
            }
            Expression::Literal(_) | Expression::Read(_) | Expression::Known(_) => return,
        };
        if !known.contains(name) {
            let help = match nearest(name, known.iter().map(Name::as_str)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => {
                    format!("there are: {}", known.iter().map(Name::as_str).collect::<Vec<_>>().join(", "))
                }
            };
            self.error(node, "unknown-name", format!("there is no {what} `{name}`"), &help);
        }
    }

    /// A prompt file, by name.
    pub(super) fn file(&mut self, node: &Node) -> Option<Speech> {
        let name = self.text(node)?;
        if self.names.recordings.contains(name) {
            return Some(Speech { parts: vec![Part::Fixed(file_clip(name))] });
        }
        let known: Vec<Name> =
            self.names.recordings.iter().filter(|key| !key.contains('/')).cloned().collect();
        self.unknown(node, "unknown-prompt", "prompt", known.iter().map(Name::as_str));
        None
    }

    /// A text to be said: `Bonjour {nom|spell}.`, or `{fr: …, en: …}`.
    pub(super) fn speech(&mut self, node: &Node) -> Option<Speech> {
        if let Value::Map(entries) = &node.value {
            let pairs: Vec<(&Node, &Node)> = entries.iter().map(|(key, value)| (key, value)).collect();
            self.only(&pairs, "a text by language", &["fr", "en"]);
            return match node.get("fr") {
                Some(french) => self.speech(french),
                None => {
                    self.error(node, "language", "the French text is missing", "add `fr: …`");
                    None
                }
            };
        }
        let text = self.text(node)?;
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else {
                self.error(node, "placeholder", "`{` is not closed", "write `{name|format}`");
                return None;
            };
            self.fixed(node, &rest[..open], &mut parts);
            parts.push(self.placeholder(node, &rest[open + 1..open + length])?);
            rest = &rest[open + length + 1..];
        }
        self.fixed(node, rest, &mut parts);
        if parts.is_empty() {
            self.error(node, "empty-text", "there is nothing to say", "");
        }
        Some(Speech { parts })
    }

    /// A static piece; what stands between two values without a word is their pause.
    fn fixed(&mut self, node: &Node, text: &str, parts: &mut Vec<Part>) {
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        let clip = text_clip(text);
        if !self.names.recordings.contains(&clip.key) && !self.names.can_render {
            let message = format!("this text has no voice yet: {}", collapsed(text));
            self.warn(
                node,
                "no-voice",
                message,
                "name a text-to-speech command: `server: { speech: [espeak-ng, …] }`",
            );
        }
        parts.push(Part::Fixed(clip));
    }

    fn placeholder(&mut self, node: &Node, inside: &str) -> Option<Part> {
        let (name, format) = match inside.split_once('|') {
            Some((name, format)) => (name.trim(), format.trim()),
            None => (inside.trim(), "spell"),
        };
        match Format::parse(format) {
            Some(format) => Some(Part::Value(Path(Name::from(name)), format)),
            None => {
                let known = Format::ALL.map(Format::as_str).join(", ");
                self.error(
                    node,
                    "unknown-format",
                    format!("there is no format `{format}`"),
                    &format!("there are: {known}"),
                );
                None
            }
        }
    }
}

/// `500ms`, `6s`, `5m`, `2h`; none when it is not a duration, or longer than a day.
fn parse_duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let count: u64 = text[..split].parse().ok()?;
    let unit_ms: u64 = match &text[split..] {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let ms = count.checked_mul(unit_ms)?;
    (ms <= 86_400_000).then(|| Duration::from_millis(ms))
}
