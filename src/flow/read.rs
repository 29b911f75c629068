//! Reads steps out of the YAML tree: the reader of all files (`base/read.rs`), and what a flow adds: its blocks, exits and
//! variables.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

use super::block::BlockId;
use super::numbers::Numbers;
use super::siblings::Siblings;
use super::speech::Language;
use super::value::{FACTS, Kind, Path};
use crate::base::diagnostic::{Report, Source, Text, nearest};
use crate::base::form::Row;
use crate::base::limit::STEP_DURATION_MAX;
use crate::base::name::Name;
use crate::base::read;
use crate::base::time::Duration;
use crate::base::yaml::Node;
use crate::say;

/// What a flow may name, as the site has it.
#[derive(Debug)]
pub(crate) struct Names {
    /// Calendars.
    pub(crate) hours: BTreeSet<Name>,
    /// Queues.
    pub(crate) queues: BTreeSet<Name>,
    /// The skills that the agents of each queue have.
    pub(crate) skills: BTreeMap<Name, BTreeSet<Name>>,
    /// Mailboxes, with the longest message of each.
    pub(crate) mailboxes: BTreeMap<Name, Duration>,
    /// Agents.
    pub(crate) agents: BTreeSet<Name>,
    /// The telephone numbers of agents who have one, normal form.
    pub(crate) phones: BTreeMap<Name, String>,
    /// The e-mail addresses of each mailbox.
    pub(crate) addresses: BTreeMap<Name, Vec<String>>,
    /// Recordings that there are, by key: files, and texts that are rendered.
    pub(crate) recordings: BTreeSet<Name>,
    /// The languages in which texts without a recording can be rendered when the site is loaded.
    pub(crate) can_render: BTreeSet<Language>,
    /// The site's zone.
    pub(crate) zone: Name,
    /// What telephone numbers are, and where calls may go.
    pub(crate) numbers: Arc<dyn Numbers>,
    /// Numbers of campaigns that reach this flow without standing in it, in normal form.
    pub(crate) campaign_numbers: Vec<String>,
    /// All flows of the site, with what a `call` gives and gets.
    pub(crate) siblings: Arc<Siblings>,
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
    /// The options that its verb has.
    pub(super) known: &'static [Row],
}

impl<'n> StepText<'n> {
    /// The value of an option; also of a key that can only mean it: that was told where it stands, and once.
    pub(super) fn option(&self, key: &str) -> Option<&'n Node> {
        let named = |wanted: &str| self.options.iter().find(|(name, _)| name.text() == Some(wanted));
        let known = || self.known.iter().map(|row| row.name);
        let meant = |(name, _): &&(&Node, &Node)| {
            let name = name.text().unwrap_or_default();
            known().all(|known| known != name) && nearest(name, known()) == Some(key)
        };
        named(key).or_else(|| self.options.iter().find(meant)).map(|(_, value)| *value)
    }
}

/// Tries of one question: who has failed so often will not succeed.
pub(super) const TRIES_MAX: usize = 20;

/// See the module.
pub(super) struct Reader<'a> {
    reader: read::Reader<'a>,
    pub(super) names: &'a Names,
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
            reader: read::Reader::new(source, report),
            names,
            flow: flow.clone(),
            languages: BTreeSet::new(),
            outputs: Vec::new(),
            blocks: BTreeMap::new(),
            defaults: Defaults::default(),
            voiceless: BTreeMap::new(),
        }
    }
}

impl<'a> Deref for Reader<'a> {
    type Target = read::Reader<'a>;
    fn deref(&self) -> &read::Reader<'a> {
        &self.reader
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl Reader<'_> {
    /// Tells that nothing may go to a number; see `outgoing:` of the site.
    pub(super) fn admits(&mut self, node: &Node, number: &str) {
        if let Some((why, help)) = self.names.numbers.barred(number) {
            self.error(node, "barred-number", why, help);
        }
    }

    /// A block that the call goes to.
    pub(super) fn target(&mut self, node: &Node) -> Option<BlockId> {
        let name = self.text(node)?;
        if let Some(block) = self.blocks.get(name) {
            return Some(*block);
        }
        let known: Vec<Name> = self.blocks.keys().cloned().collect();
        if ["BLOC", "BLOCK"].contains(&name) {
            let why = say!("`{}` stands for a block of yours in the documentation", name);
            let names: Vec<&str> = known.iter().map(Name::as_str).collect();
            self.error(node, "unknown-block", why, say!("write the name of one: {}", names.join(", ")));
            return None;
        }
        self.unknown(node, "unknown-block", Text::word("block"), known.iter().map(Name::as_str));
        None
    }

    /// An option that must be one of a few words; the first one is usual.
    pub(super) fn word_or<T: Copy>(
        &mut self,
        step: &StepText<'_>,
        code: &'static str,
        key: &'static str,
        what: Text,
        words: &[(&'static str, T)],
    ) -> T {
        step.option(key).and_then(|node| self.word(node, code, what, words)).unwrap_or(words[0].1)
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

    /// A duration of a step: more than nothing, and not longer than calls are.
    pub(super) fn duration(&mut self, node: &Node) -> Option<Duration> {
        self.duration_within(node, STEP_DURATION_MAX)
    }

    pub(super) fn duration_or(&mut self, step: &StepText<'_>, key: &str, default: Duration) -> Duration {
        step.option(key).and_then(|node| self.duration(node)).unwrap_or(default)
    }

    /// How often something is tried.
    pub(super) fn tries(&mut self, node: &Node) -> Option<u32> {
        self.count(node, TRIES_MAX).and_then(|tries| u32::try_from(tries).ok())
    }

    pub(super) fn yes_or(&mut self, step: &StepText<'_>, key: &str, default: bool) -> bool {
        step.option(key).and_then(|node| self.yes(node)).unwrap_or(default)
    }
}
