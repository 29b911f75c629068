//! Where a step can lead, and why: what the laws follow and what the drawing shows.

use super::super::block::BlockId;
use crate::base::digit::Digit;

/// A way out of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// When the call goes there.
    pub(crate) label: Label,
    /// Where.
    pub(crate) to: BlockId,
    /// Whether it is taken without having listened to the caller, and without time having passed: an agent who is not
    /// there and a phone that is not registered are known at once.
    pub(crate) deaf: bool,
}

/// When a call takes a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Always.
    Always,
    /// A key, with its label.
    Key(Digit, String),
    /// The calendar is open.
    Open,
    /// It is closed.
    Closed,
    /// It is closed for a public holiday.
    Holiday,
    /// The condition holds.
    Then(String),
    /// It does not.
    Else,
    /// The value is this.
    Case(String),
    /// No case fits.
    Otherwise,
    /// Too many wrong keys or answers.
    Invalid,
    /// Too much silence.
    Silence,
    /// Nobody works in the queue.
    NoAgent,
    /// The wait is too long.
    TooLong,
    /// Nobody could be brought to the caller.
    Failed,
    /// The other side has hung up.
    After,
    /// The outside failed.
    Error,
    /// The outside knows no such thing.
    NotFound,
    /// The caller did not want it.
    Refused,
    /// A share of the calls, in percent.
    Share(u32),
}

impl Label {
    /// Whether it is not the way that a call should take.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::Otherwise
                | Self::Invalid
                | Self::Silence
                | Self::NoAgent
                | Self::TooLong
                | Self::Failed
                | Self::Error
        )
    }
}

impl Way {
    /// A way that is taken when the caller was heard, or time has passed.
    pub(crate) fn heard(label: Label, to: BlockId) -> Self {
        Self { label, to, deaf: false }
    }

    /// A way that is taken at once.
    pub(crate) fn deaf(label: Label, to: BlockId) -> Self {
        Self { label, to, deaf: true }
    }
}
