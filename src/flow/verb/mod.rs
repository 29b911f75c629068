//! The verbs. One file each: its options, how it is read, how it behaves in a walk. This table is the one source of the
//! parser; a new verb is a file, a line in the table, and a line in `Step`.

pub(super) mod ask;
pub(super) mod branch;
pub(super) mod menu;
pub(super) mod move_on;
pub(super) mod queue;
pub(super) mod ring;
pub(super) mod say;
pub(super) mod set;
pub(super) mod voicemail;
pub(super) mod wait;

use super::graph::BlockId;
use super::prompt::Speech;
use super::read::{Reader, StepText};
use super::value::Path;
use super::vocabulary::HangUp;
use crate::base::name::Name;

/// A step of a block.
#[derive(Debug)]
pub enum Step {
    /// `say`, `play`
    Say(say::Say),
    /// `wait`
    Wait(wait::Wait),
    /// `menu`
    Menu(menu::Menu),
    /// `ask`
    Ask(ask::Ask),
    /// `hours`, `if`, `switch`
    Branch(branch::Branch),
    /// `goto`
    Goto(BlockId),
    /// `set`
    Set(set::Set),
    /// `tag`
    Tag(Name),
    /// `queue`
    Queue(queue::Queue),
    /// `ring`, `transfer`
    Ring(ring::Ring),
    /// `voicemail`
    Voicemail(voicemail::Voicemail),
    /// `hangup`
    HangUp(HangUp),
}

/// Whether a verb says where the call goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// Never: a step follows.
    Never,
    /// Always: nothing may follow.
    Always,
    /// By its options (`if` with both branches, `queue`).
    Either,
}

/// A line of the table.
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) options: &'static [&'static str],
    pub(super) ends: Ends,
    /// How it is read; none for a verb of the language that this version does not have yet.
    pub(super) read: Option<fn(&mut Reader<'_>, &StepText<'_>) -> Option<Step>>,
}

const fn later(name: &'static str) -> Verb {
    Verb { name, options: &[], ends: Ends::Either, read: None }
}

/// Every verb of the language.
pub(super) const VERBS: &[Verb] = &[
    Verb { name: "say", options: &["interrupt"], ends: Ends::Never, read: Some(say::say) },
    Verb { name: "play", options: &["interrupt"], ends: Ends::Never, read: Some(say::play) },
    Verb { name: "wait", options: &["music"], ends: Ends::Never, read: Some(wait::read) },
    Verb { name: "menu", options: menu::OPTIONS, ends: Ends::Always, read: Some(menu::read) },
    Verb { name: "ask", options: ask::OPTIONS, ends: Ends::Never, read: Some(ask::read) },
    Verb {
        name: "hours",
        options: &["open", "closed", "holiday"],
        ends: Ends::Always,
        read: Some(branch::hours),
    },
    Verb { name: "if", options: &["then", "else"], ends: Ends::Either, read: Some(branch::condition) },
    Verb { name: "switch", options: &["cases", "otherwise"], ends: Ends::Always, read: Some(branch::switch) },
    Verb { name: "goto", options: &[], ends: Ends::Always, read: Some(move_on::goto) },
    Verb { name: "set", options: &[], ends: Ends::Never, read: Some(set::set) },
    Verb { name: "tag", options: &[], ends: Ends::Never, read: Some(set::tag) },
    Verb { name: "queue", options: queue::OPTIONS, ends: Ends::Either, read: Some(queue::read) },
    Verb {
        name: "ring",
        options: &["timeout", "order", "failed", "music"],
        ends: Ends::Either,
        read: Some(ring::ring),
    },
    Verb {
        name: "transfer",
        options: &["caller_id", "timeout", "failed", "music"],
        ends: Ends::Either,
        read: Some(ring::transfer),
    },
    Verb {
        name: "voicemail",
        options: &["longest", "silence"],
        ends: Ends::Never,
        read: Some(voicemail::read),
    },
    Verb { name: "hangup", options: &[], ends: Ends::Always, read: Some(move_on::hangup) },
    later("record"),
    later("call"),
    later("return"),
    later("http"),
    later("callback"),
    later("sms"),
    later("email"),
    later("event"),
    later("survey"),
    later("split"),
    later("identify"),
];

impl Step {
    /// The blocks that it can lead to.
    pub fn exits(&self) -> Vec<BlockId> {
        match self {
            Self::Menu(menu) => menu.exits(),
            Self::Ask(ask) => ask.otherwise.into_iter().collect(),
            Self::Branch(branch) => branch.exits(),
            Self::Goto(block) => vec![*block],
            Self::Queue(queue) => queue.exits(),
            Self::Ring(ring) => vec![ring.failed],
            Self::Say(_)
            | Self::Wait(_)
            | Self::Set(_)
            | Self::Tag(_)
            | Self::Voicemail(_)
            | Self::HangUp(_) => Vec::new(),
        }
    }

    /// The blocks that it can lead to without having listened to the caller, and without time having passed: an agent who is
    /// not there and a phone that is not registered are known at once.
    pub fn deaf_exits(&self) -> Vec<BlockId> {
        match self {
            Self::Queue(queue) => vec![queue.no_agent, queue.too_long],
            Self::Ring(ring) => vec![ring.failed],
            Self::Branch(_) | Self::Goto(_) => self.exits(),
            Self::Menu(_)
            | Self::Ask(_)
            | Self::Say(_)
            | Self::Wait(_)
            | Self::Set(_)
            | Self::Tag(_)
            | Self::Voicemail(_)
            | Self::HangUp(_) => Vec::new(),
        }
    }

    /// Whether nothing of the block can come after it.
    pub fn is_end(&self) -> bool {
        match self {
            Self::Menu(_) | Self::Goto(_) | Self::HangUp(_) | Self::Queue(_) | Self::Ring(_) => true,
            Self::Branch(branch) => branch.is_total(),
            Self::Say(_)
            | Self::Wait(_)
            | Self::Ask(_)
            | Self::Set(_)
            | Self::Tag(_)
            | Self::Voicemail(_) => false,
        }
    }

    /// Whether it listens to the caller: what comes after it in its block is no part of a deaf loop.
    pub fn listens(&self) -> bool {
        matches!(self, Self::Menu(_) | Self::Ask(_) | Self::Voicemail(_))
    }

    /// Whether it still runs when the caller has hung up: it is heard by nobody.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Set(_) | Self::Tag(_))
    }

    /// Everything that it can say.
    pub fn speeches(&self) -> Vec<&Speech> {
        match self {
            Self::Say(say) => vec![&say.speech],
            Self::Wait(wait) => vec![&wait.music],
            Self::Menu(menu) => vec![&menu.first, &menu.again],
            Self::Ask(ask) => vec![&ask.question],
            Self::Queue(queue) => queue.offer.iter().map(|offer| &offer.speech).collect(),
            Self::Ring(ring) => ring.music.iter().collect(),
            Self::Branch(_)
            | Self::Goto(_)
            | Self::Set(_)
            | Self::Tag(_)
            | Self::Voicemail(_)
            | Self::HangUp(_) => Vec::new(),
        }
    }

    /// The variables and facts that it reads.
    pub fn reads(&self) -> Vec<&Path> {
        let spoken = self.speeches().into_iter().flat_map(|speech| {
            speech.parts.iter().filter_map(|part| match part {
                super::prompt::Part::Value(path, _) => Some(path),
                super::prompt::Part::Fixed(_) => None,
            })
        });
        let mut reads: Vec<&Path> = spoken.collect();
        match self {
            Self::Branch(branch) => reads.extend(branch.reads()),
            Self::Set(set) => reads.extend(set.reads()),
            _ => {}
        }
        reads
    }

    /// The variables of which it asks whether they are known.
    pub fn asks(&self) -> Vec<&Path> {
        match self {
            Self::Branch(branch) => branch.asks(),
            _ => Vec::new(),
        }
    }

    /// The variable that it sets, if any.
    pub fn sets(&self) -> Vec<&Name> {
        match self {
            Self::Ask(ask) => vec![&ask.variable],
            Self::Set(set) => set.values.iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }
}
