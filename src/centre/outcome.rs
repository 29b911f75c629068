//! How a call went, in one word. The rules are `figures/outcome.rs`.

use serde::{Deserialize, Serialize};

use crate::base::diagnostic::Text;

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

impl Outcome {
    /// All, with their words in records.
    pub(crate) const ALL: [(&'static str, Self); 11] = [
        ("served", Self::Served),
        ("message", Self::Message),
        ("callback", Self::Callback),
        ("self-served", Self::SelfServed),
        ("abandoned-queue", Self::AbandonedQueue),
        ("abandoned-flow", Self::AbandonedFlow),
        ("abandoned-announcement", Self::AbandonedAnnouncement),
        ("overflowed-lost", Self::OverflowedLost),
        ("refused", Self::Refused),
        ("failed", Self::Failed),
        ("interrupted", Self::Interrupted),
    ];

    /// In a word or two, for a column.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::Served => Text::word("served"),
            Self::Message => Text::word("message left"),
            Self::Callback => Text::word("call back promised"),
            Self::SelfServed => Text::word("self-served"),
            Self::AbandonedQueue => Text::word("gave up in queue"),
            Self::AbandonedFlow => Text::word("gave up in flow"),
            Self::AbandonedAnnouncement => Text::word("gave up at once"),
            Self::OverflowedLost => Text::word("sent away"),
            Self::Refused => Text::word("not let in"),
            Self::Failed => Text::word("went wrong"),
            Self::Interrupted => Text::word("interrupted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_stand_in_order_with_the_words_of_records() {
        assert!(Outcome::ALL.is_sorted_by(|(_, one), (_, other)| one < other));
        for (word, outcome) in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), word);
            assert!(outcome.text().english().len() <= 18, "{word} has room in a column");
        }
    }
}
