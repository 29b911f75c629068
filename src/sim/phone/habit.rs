//! What a simulated caller does, and how a simulated agent treats calls.

use crate::base::time::Duration;

/// What a caller does, one after another.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Call this number.
    Dial(String),
    /// Wait until something whose name contains this is heard.
    Hear(String),
    /// Press these keys, one after another.
    Press(String),
    /// Let time pass.
    Wait(Duration),
    /// Put the call on hold, or take it back.
    Hold(bool),
    /// Hang up, or cancel.
    HangUp,
    /// Wait until the other side hangs up.
    ExpectEnd,
}

/// How an agent treats a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Habit {
    /// Rings this long, then...
    pub after: Duration,
    /// ...answers, or refuses with this status.
    pub refuse: Option<u16>,
    /// Hangs up after this much talk; waits for the caller otherwise.
    pub talk: Option<Duration>,
    /// Keys pressed as soon as it has answered: a mobile accepts a call.
    pub presses: &'static str,
    /// Its network can be heard before it answers: 183 with SDP, and its voice.
    pub early: bool,
    /// Says nothing at all: no packet leaves it.
    pub mute: bool,
    /// Dies so long after it has answered: nothing leaves it any more, no word and no sound.
    pub dies: Option<Duration>,
    /// Puts the call on hold, so long after it has answered, for so long.
    pub holds: Option<(Duration, Duration)>,
}
