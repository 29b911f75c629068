//! What a script, or who sits at the terminal, can tell a call to do.

use crate::base::diagnostic::{Text, Tongue};
use crate::base::digit::Digit;
use crate::base::limit::STEP_DURATION_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, read_duration};
use crate::sim::conversation::Reply;
use crate::sim::scenario::keys;

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Keys, one after another.
    Press(Vec<Digit>),
    /// What is spoken ends, or time passes to what comes next.
    Wait,
    /// So much time passes.
    Elapse(Duration),
    /// The civil clock is moved.
    Clock(String),
    /// Those whom the flow waits for answer, or do not.
    Reply(Reply),
    /// The caller's place in line.
    Position(usize),
    /// The caller talks to the recording.
    Say(Duration),
    /// The caller and who has answered talk so long.
    Talk(Duration),
    /// The caller hangs up.
    HangUp,
}

/// Word, example or short form, what it does.
const ORDERS: &[(&str, Text)] = &[
    ("1, 12345678#, star, hash", Text::word("press keys")),
    ("wait", Text::word("listen to the end of what is said, or let time pass to what comes next")),
    ("+30s", Text::word("let so much time pass")),
    ("clock 2026-11-24 12h31", Text::word("move the civil clock")),
    ("a, answer, answer alice", Text::word("somebody answers, talks and hangs up")),
    ("n, none, no_answer", Text::word("nobody answers")),
    ("b, busy", Text::word("all are busy, or the queue is full")),
    ("u, unreachable", Text::word("nobody is there")),
    ("position 3", Text::word("the caller is third in line")),
    ("say 10s", Text::word("talk while being recorded")),
    (
        "talk 10s",
        Text::word("talk so long with who has answered, who hangs up then if you do not (--ladder, --pcap)"),
    ),
    ("h, hangup", Text::word("hang up")),
];

/// The list of all orders.
pub(super) fn all(tongue: Tongue) -> String {
    let lines = ORDERS.iter().map(|(word, says)| format!("  {word:<26}{}", says.to(tongue)));
    lines.collect::<Vec<_>>().join("\n")
}

impl Order {
    /// Reads one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(time) = text.strip_prefix('+') {
            return duration(time.trim()).map(Self::Elapse);
        }
        let (word, rest) = text.split_once([' ', ':']).unwrap_or((text, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("" | "wait", "") => Some(Self::Wait),
            ("wait", time) => duration(time).map(Self::Elapse),
            ("a" | "answer", "") => Some(Self::Reply(Reply::Answer(None))),
            ("a" | "answer", who) => Some(Self::Reply(Reply::Answer(Some(Name::from(who))))),
            ("n" | "none" | "no_answer", "") => Some(Self::Reply(Reply::NoAnswer)),
            ("b" | "busy", "") => Some(Self::Reply(Reply::Busy)),
            ("u" | "unreachable", "") => Some(Self::Reply(Reply::Unreachable)),
            ("h" | "hangup", "") => Some(Self::HangUp),
            ("position", place) => place.parse().ok().filter(|place| *place > 0).map(Self::Position),
            ("say", time) => duration(time).map(Self::Say),
            ("talk", time) => duration(time).map(Self::Talk),
            ("clock", at) if !at.is_empty() => Some(Self::Clock(at.to_owned())),
            ("press", pressed) => keys(pressed).map(Self::Press),
            (_, _) => keys(text).map(Self::Press),
        }
    }
}
/// As long as a step of a scenario can be.
fn duration(text: &str) -> Option<Duration> {
    read_duration(text).filter(|read| *read <= STEP_DURATION_MAX)
}
