//! What a record says of each stay in a queue.

use serde::{Deserialize, Serialize};

use crate::base::name::Name;

/// A stay in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRecord {
    /// Which queue.
    pub queue: Name,
    /// When it was entered, after the call began.
    pub after_ms: u64,
    /// How long the caller waited in it, until somebody answered or it was left.
    pub wait_ms: u64,
    /// How it was left.
    pub left: VisitEnd,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// The exit of the queue that was taken: `full`, `too-long`, `no-agents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Name>,
    /// The place at entry; the next to be served has place 1.
    pub place_first: u32,
    /// The place at the end.
    pub place_last: u32,
    /// The longest place.
    pub place_max: u32,
    /// How often the caller was offered to an agent.
    pub offers: u32,
}

/// How a queue was left.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitEnd {
    /// The caller hung up, or the line was lost.
    #[default]
    Abandoned,
    /// Somebody answered.
    Answered,
    /// An exit of the queue was taken.
    Overflow,
    /// A call back was promised.
    Callback,
    /// We ended the call: a server that stops, a bound.
    Ended,
}
