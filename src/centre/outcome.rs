//! How a call went, in one word. The rules are `figures/outcome.rs`.

use serde::{Deserialize, Serialize};

/// Exactly one for each call, in the order in which they are judged.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Talked to a person.
    Served,
    /// Left a message.
    Message,
    /// Was promised a call back.
    Callback,
    /// The flow ended it after at least one answer or look-up of the caller.
    SelfServed,
    /// Hung up in a queue.
    AbandonedQueue,
    /// Hung up in the flow.
    AbandonedFlow,
    /// Hung up during the announcement that the call is free.
    AbandonedAnnouncement,
    /// Left a queue by an exit, and the flow ended the call without another outcome.
    OverflowedLost,
    /// Never answered.
    Refused,
    /// Failed, by us or by the network.
    Failed,
    /// Cut off when the server was.
    Interrupted,
}
