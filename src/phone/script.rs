//! What a caller does: when it answers, what it says, which keys it presses and when, when it hangs up.

use std::fmt;
use std::str::FromStr;

use crate::base::digit::Digit;
use crate::base::limit::STEP_DURATION_MAX;
use crate::base::time::{Duration, read_duration};

/// A comma among the keys.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// What one side does in a call. The default does nothing and waits for the other side to end it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Keys and pauses, from the answer on.
    pub keys: Keys,
    /// How keys are sent.
    pub keys_by: KeysBy,
    /// Keys that wait for something to be heard, one cue after the other.
    pub cues: Vec<Cue>,
    /// What is said from the answer on, 8,000 samples a second; silence after it.
    pub say: Vec<i16>,
    /// Whether what is said begins again at its end.
    pub repeat: bool,
    /// Hang up this long after the answer.
    pub hang_up_after: Option<Duration>,
    /// Take the call back this long after dialling, unless it was answered.
    pub cancel_after: Option<Duration>,
    /// When called: ring this long, then answer.
    pub ring_for: Duration,
    /// When called: refuse with this status after ringing, instead of answering.
    pub refuse: Option<u16>,
}

/// Keys to be pressed once one of these sounds was heard to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// By name, 8,000 samples a second each: as `fingerprint` looks for them.
    pub sounds: Vec<(String, Vec<i16>)>,
    /// What is pressed then.
    pub keys: Keys,
}

/// How keys are sent.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum KeysBy {
    /// telephone-event, RFC 4733.
    #[default]
    Rtp,
    /// INFO with application/dtmf-relay.
    Info,
}

/// Keys and pauses in order, written `1,,2`: a comma is a pause of a second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Vec<Stroke>);

/// One of them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A key.
    Key(Digit),
    /// Wait.
    Pause(Duration),
}

/// A word of a script that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl FromStr for Keys {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let stroke = |c: char| match c {
            ',' => Ok(Stroke::Pause(PAUSE)),
            key => Digit::from_char(key).map(Stroke::Key).ok_or_else(|| {
                Unreadable(format!("`{key}` is not a key: 0-9, *, #, A-D, and a comma for a pause of 1 s"))
            }),
        };
        text.chars().filter(|c| *c != ' ').map(stroke).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for KeysBy {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        match text {
            "rtp" | "rfc4733" => Ok(Self::Rtp),
            "info" => Ok(Self::Info),
            other => Err(Unreadable(format!("`{other}`: keys go by `rtp` or by `info`"))),
        }
    }
}

/// Reads `10s`, `500ms`, `2m`, `1m30`.
pub(crate) fn duration(text: &str) -> Result<Duration, Unreadable> {
    let read = read_duration(text).filter(|read| *read <= STEP_DURATION_MAX);
    read.ok_or_else(|| Unreadable(format!("`{text}` is not a duration like 10s, 500ms or 1m30")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_pauses_are_read() {
        let key = |c| Stroke::Key(Digit::from_char(c).unwrap());
        let keys: Keys = "1,,2#".parse().unwrap();
        assert_eq!(keys.0, [key('1'), Stroke::Pause(PAUSE), Stroke::Pause(PAUSE), key('2'), key('#')]);
        assert_eq!("".parse::<Keys>(), Ok(Keys::default()));
        let refused = "1x".parse::<Keys>().unwrap_err().to_string();
        assert_eq!(refused, "`x` is not a key: 0-9, *, #, A-D, and a comma for a pause of 1 s");
    }

    #[test]
    fn durations_are_read_and_nonsense_is_not() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1s500ms"), Ok(Duration::from_millis(1_500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "10", "25h", "s", "-1s", "NaNs", "infs", "1e300h", "10 parsecs"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
