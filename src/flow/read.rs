//! Reads steps out of the YAML tree, and reports what is not what it should be without stopping at the first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::graph::BlockId;
use super::siblings::Siblings;
use super::speech::Language;
use super::value::{FACTS, Kind, Path};
use super::verb::shape::{Opt, not_carried_out};
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text, nearest};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Duration, read_duration};
use crate::base::yaml::{Node, Value};
use crate::say;

/// What a flow may name, as the site has it.
#[derive(Debug)]
pub struct Names {
    /// Calendars.
    pub hours: BTreeSet<Name>,
    /// Queues.
    pub queues: BTreeSet<Name>,
    /// The skills that the agents of each queue have.
    pub skills: BTreeMap<Name, BTreeSet<Name>>,
    /// Mailboxes, with the longest message of each.
    pub mailboxes: BTreeMap<Name, Duration>,
    /// Agents.
    pub agents: BTreeSet<Name>,
    /// The telephone numbers of agents who have one, normal form.
    pub phones: BTreeMap<Name, String>,
    /// The e-mail addresses of each mailbox.
    pub addresses: BTreeMap<Name, Vec<String>>,
    /// Recordings that there are, by key: files, and texts that are rendered.
    pub recordings: BTreeSet<Name>,
    /// Texts without a recording can be rendered when the site is loaded.
    pub can_render: bool,
    /// Normal form of a telephone number; none when it is not one.
    pub normalise: fn(&str) -> Option<String>,
    /// Whether a number is free for who calls it.
    pub is_free: fn(&str) -> bool,
    /// Numbers of campaigns that reach this flow without standing in it, in normal form.
    pub campaign_numbers: Vec<String>,
    /// All flows of the site, with what a `call` gives and gets.
    pub siblings: Arc<Siblings>,
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

/// Tries of one question: who has failed so often will not succeed.
pub(super) const TRIES_MAX: u32 = 20;

/// See the module.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) names: &'a Names,
    pub(super) report: &'a mut Report,
    /// The flow that is read.
    pub(super) flow: Name,
    /// The languages that it speaks.
    pub(super) languages: BTreeSet<Language>,
    /// What it gives back to a flow that calls it.
    pub(super) outputs: Vec<(Name, Kind)>,
    pub(super) blocks: BTreeMap<Name, BlockId>,
    pub(super) defaults: Defaults,
    /// Texts that have no recording, and where each stands first.
    pub(super) voiceless: BTreeMap<String, Range<usize>>,
}

impl<'a> Reader<'a> {
    /// A reader of one flow, which knows nothing of it yet.
    pub(super) fn new(
        source: &'a Arc<Source>,
        names: &'a Names,
        report: &'a mut Report,
        flow: &Name,
    ) -> Self {
        Self {
            source,
            names,
            report,
            flow: flow.clone(),
            languages: BTreeSet::new(),
            outputs: Vec::new(),
            blocks: BTreeMap::new(),
            defaults: Defaults::default(),
            voiceless: BTreeMap::new(),
        }
    }
}

impl Reader<'_> {
    pub(super) fn tell(
        &mut self,
        severity: Severity,
        node: &Node,
        code: &'static str,
        message: impl Into<Text>,
        help: impl Into<Text>,
    ) {
        let help = help.into();
        self.report.push(Diagnostic {
            severity,
            code,
            message: message.into(),
            source: Arc::clone(self.source),
            range: node.range.clone(),
            help: (!help.is_empty()).then_some(help),
        });
    }

    pub(super) fn error(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl Into<Text>,
        help: impl Into<Text>,
    ) {
        self.tell(Severity::Error, node, code, message, help);
    }

    pub(super) fn warn(
        &mut self,
        node: &Node,
        code: &'static str,
        message: impl Into<Text>,
        help: impl Into<Text>,
    ) {
        self.tell(Severity::Warning, node, code, message, help);
    }

    /// A word that should be one of `known`.
    pub(super) fn unknown<'k>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: Text,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.unknown_word(node, code, what, node.text().unwrap_or(""), known);
    }

    /// The same of a word that stands somewhere in a text.
    pub(super) fn unknown_word<'k>(
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
            None if known.is_empty() => say!("there is no {} at all: add it to `site.yaml`", &what),
            None => say!("there are: {}", known.join(", ")),
        };
        self.error(node, code, say!("there is no {} `{}`", what, word), help);
    }

    /// Reports keys of a mapping that are not among `known`: whether there are none.
    pub(super) fn only(&mut self, pairs: &[(&Node, &Node)], what: Text, known: &[&str]) -> bool {
        let mut fine = true;
        for (key, _) in pairs {
            let name = key.text().unwrap_or("");
            if !known.contains(&name) {
                let help = match nearest(name, known.iter().copied()) {
                    Some(meant) => say!("did you mean `{}`?", meant),
                    None if known.is_empty() => Text::word("it has no options"),
                    None => say!("it may have: {}", known.join(", ")),
                };
                self.error(key, "unknown-key", say!("{} has no `{}`", &what, name), help);
                fine = false;
            }
        }
        fine
    }

    /// The same by a table of keys; those of which nothing comes are told.
    pub(super) fn only_of(&mut self, pairs: &[(&Node, &Node)], what: Text, table: &[Opt]) -> bool {
        for (key, _) in pairs {
            if table.iter().any(|row| row.not_yet && key.text() == Some(row.name)) {
                self.report.push(not_carried_out(self.source, key));
            }
        }
        let known: Vec<&str> = table.iter().map(|row| row.name).collect();
        self.only(pairs, what, &known)
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

    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Vec<&'n Node> {
        match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Text { .. } => vec![node],
            Value::Null => Vec::new(),
            Value::Map(_) => {
                self.error(
                    node,
                    "not-a-list",
                    Text::word("a list is expected here"),
                    Text::word("write `[one, two]`"),
                );
                Vec::new()
            }
        }
    }

    pub(super) fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            let help = match node.value {
                Value::Null => Text::word("write it behind the colon"),
                _ => Text::word("put the whole text in quotes"),
            };
            self.error(node, "not-a-text", Text::word("a text is expected here"), help);
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
        self.unknown(node, "unknown-block", Text::word("block"), known.iter().map(Name::as_str));
        None
    }

    /// An option that must be one of a few words; the first one is usual.
    pub(super) fn word<T: Copy>(
        &mut self,
        step: &StepText<'_>,
        code: &'static str,
        key: &'static str,
        what: Text,
        words: &[(&'static str, T)],
    ) -> T {
        let usual = words[0].1;
        let Some(node) = step.option(key) else { return usual };
        match words.iter().find(|(word, _)| node.text() == Some(word)) {
            Some((_, meant)) => *meant,
            None => {
                self.unknown(node, code, what, words.iter().map(|(word, _)| *word));
                usual
            }
        }
    }

    /// The block of an option, if it is written.
    pub(super) fn exit(&mut self, step: &StepText<'_>, key: &str) -> Option<BlockId> {
        step.option(key).and_then(|node| self.target(node))
    }

    /// Where the call goes when something outside fails: the step's own exit, or the flow's default.
    pub(super) fn failure_exit(&mut self, step: &StepText<'_>, key: &str) -> Option<BlockId> {
        let default = self.defaults.error.or(self.defaults.otherwise);
        self.exit_or(step, key, default, |verb| {
            let why =
                say!("`{}` can fail and does not say where the call goes then: `{}` is missing", verb, key);
            (why, say!("add `{}: BLOCK`, or `defaults: {}`", key, "{ error: BLOCK }"))
        })
    }

    /// Where the call goes when the caller gives no right answer, or no case fits.
    pub(super) fn last_exit(&mut self, step: &StepText<'_>) -> Option<BlockId> {
        let default = self.defaults.otherwise.or(self.defaults.error);
        self.exit_or(step, "otherwise", default, |verb| {
            let why =
                say!("`{}` does not say where the call goes when nothing fits: `otherwise` is missing", verb);
            (why, say!("add `{}: BLOCK`, or `defaults: {}`", "otherwise", "{ otherwise: BLOCK }"))
        })
    }

    /// An exit that only the step itself can name.
    pub(super) fn own_exit(&mut self, step: &StepText<'_>, key: &str) -> Option<BlockId> {
        self.exit_or(step, key, None, |verb| {
            (say!("`{}` lacks its exit `{}`", verb, key), say!("add `{}: BLOCK`", key))
        })
    }

    fn exit_or(
        &mut self,
        step: &StepText<'_>,
        key: &str,
        default: Option<BlockId>,
        missing: impl FnOnce(&str) -> (Text, Text),
    ) -> Option<BlockId> {
        if step.option(key).is_some() {
            return self.exit(step, key);
        }
        if default.is_none() {
            let (why, help) = missing(step.verb.text().unwrap_or(""));
            self.error(step.verb, "missing-exit", why, help);
        }
        default
    }

    /// A variable that a step sets. It must be a word that conditions and placeholders can name.
    pub(super) fn variable(&mut self, node: &Node) -> Option<Name> {
        let name = self.text(node)?;
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') || !name.chars().all(part) {
            let help = Text::word("a variable is one word: letters, figures, `_` and `-`");
            self.error(node, "not-a-variable", say!("`{}` is not the name of a variable", name), help);
            return None;
        }
        let fact = FACTS.iter().any(|(fact, _)| *fact == name);
        if fact || ["and", "or", "not", "in", "true", "false", "call", "callback"].contains(&name) {
            let why = say!("`{}` is a word of the language and cannot be set", name);
            self.error(node, "not-a-variable", why, Text::word("take another name"));
            return None;
        }
        if self.names.hours.contains(name) {
            self.error(
                node,
                "not-a-variable",
                say!("`{}` is a calendar", name),
                Text::word("take another name"),
            );
            return None;
        }
        Some(Name::from(name))
    }

    /// A variable that an option reads: `numero`, or `{numero}`.
    pub(super) fn variable_read(&mut self, node: &Node) -> Option<Path> {
        let name = self.text(node)?.trim();
        let bare = name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(name);
        Some(Path(Name::from(bare.trim())))
    }

    pub(super) fn one_of(&mut self, node: &Node, what: Text, known: &BTreeSet<Name>) -> Option<Name> {
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
        let read = read_duration(text);
        if read == Some(Duration::ZERO) {
            self.error(
                node,
                "not-a-duration",
                say!("`{}` is no time at all", text),
                Text::word("1s is the least that makes sense"),
            );
            return None;
        }
        if read.is_none() {
            self.error(
                node,
                "not-a-duration",
                say!("`{}` is not a duration", text),
                Text::word("write 500ms, 6s, 5m or 2h"),
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
            self.error(node, "not-a-number", say!("`{}` is not a whole number", text), Text::default());
        }
        read
    }

    /// How often something is tried.
    pub(super) fn tries(&mut self, node: &Node) -> Option<u32> {
        let read = self.number(node)?;
        if !(1..=TRIES_MAX).contains(&read) {
            let why = say!("`{}` tries are not possible", read);
            self.error(node, "not-a-number", why, say!("write 1 to {}; 3 is usual", TRIES_MAX));
            return None;
        }
        Some(read)
    }

    pub(super) fn yes(&mut self, step: &StepText<'_>, key: &str, default: bool) -> bool {
        let Some(node) = step.option(key) else { return default };
        match self.text(node) {
            Some("true" | "yes" | "oui") => true,
            Some("false" | "no" | "non") => false,
            Some(_) => {
                self.error(node, "not-yes-or-no", say!("`{}` is true or false", key), Text::default());
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
            let word = node.text().unwrap_or("");
            let help = match word {
                "*" => say!("write `{}`", "star"),
                "#" => say!("write `{}`", "hash"),
                _ => Text::word("keys are 0 to 9, star and hash"),
            };
            self.error(node, "not-a-key", say!("`{}` is not a key", word), help);
        }
        digit
    }
}
