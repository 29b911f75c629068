//! What a walk is in the middle of. Each state that knows something is a struct in the file of its own kind of waiting.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::super::next::Unkept;
use super::choosing::Choosing;
use super::collecting::{Answering, Collecting, Confirming};
use super::offering::{Offering, Promising};
use super::ringing::Ringing;
use super::waiting::{Queued, Waiting};

/// What a call is in the middle of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// Not answered yet.
    Fresh,
    /// The free-call announcement is being heard.
    Announcing,
    /// Speech is being heard; a key cuts it, or not.
    Hearing { interruptible: bool },
    /// Music, for a while.
    Pausing,
    /// A menu waits for a key.
    Choosing(Choosing),
    /// A question waits for digits.
    Collecting(Collecting),
    /// Digits were read back and wait to be confirmed.
    Confirming(Confirming),
    /// A verb whose file is all of it holds its own conversation; this is what it would write of its moment.
    Conversing(Json),
    /// The company's own system was asked.
    Fetching,
    /// The number of a call back is being typed.
    Numbering(Collecting),
    /// A call back is offered, and a key awaited.
    Offering(Offering),
    /// Whether the call back can be promised is awaited.
    Promising,
    /// Who was called back hears why, before they wait.
    Greeting,
    /// In a queue.
    Waiting(Waiting),
    /// Phones ring for the caller.
    Ringing,
    /// Caller and callee talk.
    Talking,
    /// An agent's line was lost; the excuse is being heard before the queue has the caller back.
    Returning,
    /// The beep before a recording.
    Beeping,
    /// The caller leaves a message.
    Recording,
    /// There is no message, and the caller is being told so.
    Apologising(Unkept),
    /// The caller is gone; silent steps still run, and one of them waits for its answer.
    Leaving,
    /// Nothing follows.
    Over,
}

/// What a walk wants of its caller now: for who plays the caller.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Posture {
    /// To listen to the end; keys are kept.
    Speaking,
    /// A key: it acts at once.
    Keys,
    /// To be patient: a queue, phones that ring, a system that is asked.
    Waiting,
    /// To talk, with somebody or after the beep.
    Talking,
    /// Nothing: the call is over.
    Over,
}

impl State {
    /// What it wants of its caller.
    pub(super) fn posture(&self) -> Posture {
        match self {
            State::Fresh | State::Announcing | State::Hearing { .. } | State::Pausing => Posture::Speaking,
            State::Greeting | State::Returning | State::Beeping | State::Apologising(_) => Posture::Speaking,
            State::Choosing(_) | State::Collecting(_) | State::Confirming(_) => Posture::Keys,
            State::Conversing(_) | State::Numbering(_) | State::Offering(_) => Posture::Keys,
            State::Fetching | State::Promising | State::Waiting(_) | State::Ringing => Posture::Waiting,
            State::Talking | State::Recording => Posture::Talking,
            State::Leaving | State::Over => Posture::Over,
        }
    }
}

impl From<Answering> for State {
    fn from(answering: Answering) -> Self {
        match answering {
            Answering::Collecting(collecting) => Self::Collecting(collecting),
            Answering::Confirming(confirming) => Self::Confirming(confirming),
        }
    }
}

impl From<Promising> for State {
    fn from(promising: Promising) -> Self {
        match promising {
            Promising::Numbering(collecting) => Self::Numbering(collecting),
            Promising::Offering(offering) => Self::Offering(offering),
            Promising::Asked => Self::Promising,
        }
    }
}

impl From<Queued> for State {
    fn from(queued: Queued) -> Self {
        match queued {
            Queued::Waiting(waiting) => Self::Waiting(waiting),
            Queued::Talking => Self::Talking,
            Queued::Returning => Self::Returning,
        }
    }
}

impl From<Ringing> for State {
    fn from(ringing: Ringing) -> Self {
        match ringing {
            Ringing::Ringing => Self::Ringing,
            Ringing::Talking => Self::Talking,
        }
    }
}
