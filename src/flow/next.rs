//! What comes after an event, or after a step was begun.

use serde::{Deserialize, Serialize};

use super::block::BlockId;
use super::vocabulary::HangUp;

/// See the module. `S` is what the step waits in, if it waits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Next<S> {
    /// The walk stays in its step, in this state.
    Stay(S),
    /// The next step of the block.
    Step,
    /// The next step that does not take this one for done; see `leaving::pass_over`.
    PassOver(Unkept),
    /// Another block.
    Goto(BlockId),
    /// Into the flow that the step calls.
    Call,
    /// Back to the flow that called.
    Return,
    /// The end of the call.
    End(HangUp),
}

/// Why there is no message behind a recording.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Unkept {
    /// It could not be written.
    Failed,
    /// Nothing was said.
    Empty,
}

impl<S> Next<S> {
    /// The same, its state as one of more states.
    pub(super) fn map<T>(self, wider: impl FnOnce(S) -> T) -> Next<T> {
        match self {
            Self::Stay(state) => Next::Stay(wider(state)),
            Self::Step => Next::Step,
            Self::PassOver(why) => Next::PassOver(why),
            Self::Goto(block) => Next::Goto(block),
            Self::Call => Next::Call,
            Self::Return => Next::Return,
            Self::End(how) => Next::End(how),
        }
    }
}
