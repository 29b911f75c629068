//! One turn of a walk: what it may read, what it keeps, what it asks for.

use std::collections::{BTreeMap, VecDeque};

use super::super::graph::Flow;
use super::super::prompt::{Speech, text_clip};
use super::super::value::{Path, Value};
use super::super::vocabulary::{Action, Clip, Context, Event, Trace};
use crate::base::digit::Digit;
use crate::base::limit::KEYS_AHEAD_MAX;
use crate::base::name::Name;
use crate::base::time::Duration;

/// What a walk remembers from turn to turn.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Variables of the flow.
    pub(super) variables: BTreeMap<Name, Value>,
    /// Keys that were pressed before anything asked for them.
    keys: VecDeque<Digit>,
    /// A wake-up is due.
    awake: bool,
    /// An answer has just ended with its last digit: a hash that follows belongs to it still.
    hash_due: bool,
}

/// See the module.
pub(super) struct Turn<'a> {
    pub(super) flow: &'a Flow,
    pub(super) cx: &'a dyn Context,
    pub(super) memory: &'a mut Memory,
    actions: Vec<Action>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(flow: &'a Flow, cx: &'a dyn Context, memory: &'a mut Memory) -> Self {
        Self { flow, cx, memory, actions: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Action> {
        self.actions
    }

    pub(super) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    pub(super) fn trace(&mut self, trace: Trace) {
        self.actions.push(Action::Trace(trace));
    }

    /// Says these, one after the other; false when there is nothing to say.
    pub(super) fn say(&mut self, speeches: &[&Speech]) -> bool {
        let (variables, cx) = (&self.memory.variables, self.cx);
        let value = |path: &Path| spoken_value(path, variables, cx);
        let clips = speeches.iter().flat_map(|speech| speech.clips(value)).collect();
        self.play(clips)
    }

    /// Says a phrase of svi's own, then these.
    pub(super) fn say_after(&mut self, phrase: &str, speech: &Speech) -> bool {
        let phrase = Speech { parts: vec![super::super::prompt::Part::Fixed(text_clip(phrase))] };
        self.say(&[&phrase, speech])
    }

    pub(super) fn play(&mut self, clips: Vec<Clip>) -> bool {
        if clips.is_empty() {
            return false;
        }
        self.actions.push(Action::Play(clips));
        true
    }

    /// Music, in a loop.
    pub(super) fn music(&mut self, music: &Speech) {
        if let Some(clip) = music.fixed().next() {
            self.actions.push(Action::Music(clip.clone()));
        }
    }

    pub(super) fn hush(&mut self) {
        self.actions.push(Action::Silence);
    }

    pub(super) fn wake(&mut self, after: Duration) {
        self.memory.awake = true;
        self.actions.push(Action::Wake(after));
    }

    /// No wake-up is wanted any more.
    pub(super) fn rest(&mut self) {
        if std::mem::take(&mut self.memory.awake) {
            self.actions.push(Action::Sleep);
        }
    }

    /// A key that nothing has asked for yet. Beyond the bound the newest are dropped.
    pub(super) fn keep(&mut self, digit: Digit) {
        if self.memory.keys.len() < KEYS_AHEAD_MAX {
            self.memory.keys.push_back(digit);
        }
    }

    /// An answer has ended with its last digit. Many callers press hash all the same, as they were taught.
    pub(super) fn answered(&mut self) {
        match self.memory.keys.front() {
            Some(&Digit::HASH) => {
                self.memory.keys.pop_front();
            }
            Some(_) => {}
            None => self.memory.hash_due = true,
        }
    }

    /// Whether this event is the hash of an answer that had ended already.
    pub(super) fn swallows(&mut self, event: &Event) -> bool {
        match event {
            Event::Digit(digit) => std::mem::take(&mut self.memory.hash_due) && *digit == Digit::HASH,
            Event::Played | Event::Timeout => {
                self.memory.hash_due = false;
                false
            }
            Event::Begin | Event::Queue(_) | Event::Rung(_) | Event::Recorded(_) | Event::HungUp => false,
        }
    }

    /// Keys that were typed ahead of something that went wrong were meant for what did not come.
    pub(super) fn forget_keys(&mut self) {
        self.memory.keys.clear();
    }

    pub(super) fn has_keys(&self) -> bool {
        !self.memory.keys.is_empty()
    }

    pub(super) fn kept(&mut self) -> Option<Digit> {
        self.memory.keys.pop_front()
    }
}

/// A value as the bank of fragments wants it: French numbers by their ten digits.
fn spoken_value(path: &Path, variables: &BTreeMap<Name, Value>, cx: &dyn Context) -> Option<String> {
    let text = path.value(variables, cx)?.to_string();
    let number = matches!(path.0.as_str(), "caller" | "call.number");
    match text.strip_prefix("+33") {
        Some(rest) if number => Some(format!("0{rest}")),
        _ => Some(text),
    }
}
