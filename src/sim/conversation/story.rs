//! What came of a call of words.

use std::collections::BTreeMap;

use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::flow::errand::{Fetch, Fetched, Letter};
use crate::flow::vocabulary::{CallbackRequest, Event, HangUp, QueueNews, RingNews};

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// Blocks in the order in which they were entered; those of a flow that was called as `FLOW/BLOCK`.
    pub path: Vec<Name>,
    /// Why each block of the path was entered.
    pub(crate) causes: Vec<Cause>,
    /// Labels, each once.
    pub(crate) tags: Vec<Name>,
    /// Keys that menus and open questions took.
    pub(crate) keys: String,
    /// Business events.
    pub(crate) events: Vec<(Name, Vec<(Name, String)>)>,
    /// Answers to surveys.
    pub(crate) answers: BTreeMap<Name, u8>,
    /// Messages that were sent.
    pub(crate) letters: Vec<Letter>,
    /// What the company's own system was asked.
    pub(crate) requests: Vec<Fetch>,
    /// The queue that the caller waited in last.
    pub(crate) queue: Option<Name>,
    /// Who talked to the caller, in order.
    pub(crate) agents: Vec<Name>,
    /// The mailbox that has a message.
    pub(crate) mailbox: Option<Name>,
    /// The call back that was promised.
    pub(crate) callback: Option<CallbackRequest>,
    /// The caller's card.
    pub(crate) card: Option<String>,
    /// How the flow ended the call; none: the caller hung up, or it goes on.
    pub ended: Option<HangUp>,
}

/// What made a call enter a block: it tells two ways of a step apart that lead to one block.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The step itself: a branch, a `goto`.
    #[default]
    Step,
    /// A key was taken.
    Key(Digit),
    /// Time has passed.
    Time,
    /// The company's own system does not know it.
    NotFound,
    /// It failed.
    Error,
    /// Nobody works in the queue.
    NoAgent,
    /// The queue is full.
    Full,
    /// Nobody could be brought to the caller.
    Failed,
    /// The other side has hung up.
    After,
}

impl Cause {
    /// What an event may make a flow do.
    pub(super) fn of(event: &Event) -> Self {
        match event {
            Event::Timeout => Self::Time,
            Event::Fetched(Fetched::Answer { status: 404 | 410, .. }) => Self::NotFound,
            Event::Fetched(Fetched::Answer { status: 200..=299, .. }) => Self::Step,
            Event::Fetched(_) => Self::Error,
            Event::Queue(QueueNews::NoAgent) => Self::NoAgent,
            Event::Queue(QueueNews::Full) => Self::Full,
            Event::Queue(QueueNews::AgentLeft(_)) | Event::Rung(RingNews::Ended) => Self::After,
            Event::Rung(RingNews::Failed(_)) => Self::Failed,
            _ => Self::Step,
        }
    }
}
