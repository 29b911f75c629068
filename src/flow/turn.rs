//! One turn of a walk: what it may read, what it keeps, what it asks for. Steps take it; which step is taken, in which
//! flow, is the matter of `walk/`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::block::BlockId;
use super::errand::Fetched;
use super::facts::Facts;
use super::numbers::Numbers;
use super::prompt::{Part, Speech, phrase_clip};
use super::reading::Reading;
use super::speech::Language;
use super::system::Phrase;
use super::value::{Path, Value};
use super::vocabulary::{Action, Clip, Event, Trace};
use crate::base::digit::Digit;
use crate::base::limit::KEYS_AHEAD_MAX;
use crate::base::name::Name;
use crate::base::time::Duration;

/// What a walk knows in one flow; each flow that is called has its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Variables of the flow.
    pub(super) variables: BTreeMap<Name, Value>,
    /// Variables that an answer should have brought and did not, with where the call goes when one is needed.
    pub(super) missing: BTreeMap<Name, BlockId>,
    /// Variables that hold what a caller typed in secret.
    pub(super) secrets: BTreeSet<Name>,
}

/// What a walk remembers from turn to turn, whatever flow it is in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// The language that is spoken.
    pub(super) language: Language,
    /// Wrong and missing answers so far.
    pub(super) tries: u32,
    /// Menu choices since anything was achieved: a talk, a message, a call back that is promised.
    pub(super) laps: u32,
    /// The caller was called back.
    pub(super) called_back: bool,
    /// The look-up that was sent ahead while the announcement plays.
    pub(super) ahead: Option<Ahead>,
    /// Keys that were pressed before anything asked for them, each with its ordinal in the call.
    keys: VecDeque<(Digit, u32)>,
    /// How many keys were pressed in this call.
    heard: u32,
    /// A wake-up is due.
    awake: bool,
    /// An answer has just ended with its last digit: a hash that follows belongs to it still.
    hash_due: bool,
}

impl Memory {
    /// The memory of a call that begins in a language.
    pub(super) fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// What is still known when the caller is called back.
    pub(super) fn copy_for_callback(&self) -> Self {
        Self { language: self.language, called_back: true, ..Self::default() }
    }
}

/// A look-up that was sent ahead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ahead {
    /// Its answer is awaited.
    Asked,
    /// It came before it was needed.
    Answered(Fetched),
}

/// See the module.
pub(super) struct Turn<'a> {
    /// What telephone numbers are, and where calls may go.
    pub(super) plan: &'a dyn Numbers,
    pub(super) cx: &'a dyn Facts,
    pub(super) memory: &'a mut Memory,
    pub(super) scope: &'a mut Scope,
    /// The number that a call back goes to, while it is offered.
    number: Option<String>,
    actions: Vec<Action>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        plan: &'a dyn Numbers,
        cx: &'a dyn Facts,
        memory: &'a mut Memory,
        scope: &'a mut Scope,
    ) -> Self {
        Self { plan, cx, memory, scope, number: None, actions: Vec::new() }
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

    /// The key that was taken last in this turn.
    pub(super) fn pressed(&self) -> Option<Digit> {
        self.actions.iter().rev().find_map(|action| match action {
            Action::Trace(Trace::Key(key)) => Some(*key),
            _ => None,
        })
    }

    /// What can be read now.
    pub(super) fn reading(&self) -> Reading<'_> {
        let Memory { language, tries, .. } = *self.memory;
        Reading { variables: &self.scope.variables, cx: self.cx, language, tries }
    }

    pub(super) fn language(&self) -> Language {
        self.memory.language
    }

    /// Where the call goes because a step needs what an answer did not bring.
    pub(super) fn lacking<'p>(&self, reads: impl FnOnce() -> Vec<&'p Path>) -> Option<BlockId> {
        if self.scope.missing.is_empty() {
            return None;
        }
        reads().into_iter().find_map(|path| self.scope.missing.get(path.0.as_str()).copied())
    }

    /// Whether a step reads what a caller typed in secret.
    pub(super) fn is_secret<'p>(&self, mut reads: impl Iterator<Item = &'p Path>) -> bool {
        !self.scope.secrets.is_empty() && reads.any(|path| self.scope.secrets.contains(path.0.as_str()))
    }

    /// Gives a variable its value.
    pub(super) fn set(&mut self, name: &Name, value: Value, secret: bool) {
        self.scope.missing.remove(name);
        if secret {
            self.scope.secrets.insert(name.clone());
        } else {
            self.scope.secrets.remove(name);
        }
        self.scope.variables.insert(name.clone(), value);
    }

    /// Says these, one after the other; false when there is nothing to say.
    pub(super) fn say(&mut self, speeches: &[&Speech]) -> bool {
        let reading = self.reading();
        let value = |path: &Path| match (&self.number, &*path.0) {
            (Some(number), "caller") => Some(spoken_number(number)),
            (_, _) => spoken_value(path, &reading),
        };
        let clips = speeches.iter().flat_map(|speech| speech.clips(self.language(), value)).collect();
        self.play(clips)
    }

    /// Says this; the caller's number is this one.
    pub(super) fn say_as(&mut self, speech: &Speech, number: &str) -> bool {
        self.number = Some(number.to_owned());
        let said = self.say(&[speech]);
        self.number = None;
        said
    }

    /// A phrase of svi's own, in the language of the call.
    pub(super) fn phrase(&self, phrase: &Phrase) -> Clip {
        phrase_clip(self.language(), phrase)
    }

    /// Says a phrase of svi's own, then these.
    pub(super) fn say_after(&mut self, phrase: &Phrase, speech: &Speech) -> bool {
        self.say(&[&Speech::phrase(phrase), speech])
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
        if let Some(Part::Fixed(clip)) = music.parts(self.language()).first() {
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

    /// A key comes: counted, whatever becomes of it.
    pub(super) fn count(&mut self, event: &Event) {
        if matches!(event, Event::Digit(_)) {
            self.memory.heard += 1;
        }
    }

    /// The ordinal of the key that has just come.
    pub(super) fn ordinal(&self) -> u32 {
        self.memory.heard.saturating_sub(1)
    }

    /// A key that nothing has asked for yet. Beyond the bound the newest are dropped.
    pub(super) fn keep(&mut self, digit: Digit) {
        if self.memory.keys.len() < KEYS_AHEAD_MAX {
            let ordinal = self.ordinal();
            self.memory.keys.push_back((digit, ordinal));
        }
    }

    /// An answer has ended with its last digit. Many callers press hash all the same, as they were taught.
    pub(super) fn answered(&mut self) {
        match self.memory.keys.front() {
            Some((Digit::HASH, _)) => {
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
            Event::Begin
            | Event::Queue(_)
            | Event::Rung(_)
            | Event::Recorded(_)
            | Event::Fetched(_)
            | Event::Promised(_)
            | Event::HungUp => false,
        }
    }

    /// Keys that were typed ahead of something that went wrong were meant for what did not come.
    pub(super) fn forget_keys(&mut self) {
        self.memory.keys.clear();
    }

    /// The same where the keys were meant to be secret.
    pub(super) fn forget_secret_keys(&mut self) {
        let keys = std::mem::take(&mut self.memory.keys);
        keys.into_iter().for_each(|(_, ordinal)| self.trace(Trace::Secret(ordinal)));
    }

    pub(super) fn has_keys(&self) -> bool {
        !self.memory.keys.is_empty()
    }

    pub(super) fn kept(&mut self) -> Option<Digit> {
        self.memory.keys.pop_front().map(|(digit, _)| digit)
    }

    /// The next key that was typed ahead, with its ordinal in the call.
    pub(super) fn kept_with_ordinal(&mut self) -> Option<(Digit, u32)> {
        self.memory.keys.pop_front()
    }
}

/// A value as the bank of fragments wants it: French numbers by their ten digits.
fn spoken_value(path: &Path, reading: &Reading<'_>) -> Option<String> {
    let text = path.value(reading)?.to_string();
    match &*path.0 {
        "caller" | "call.number" => Some(spoken_number(&text)),
        _ => Some(text),
    }
}

fn spoken_number(number: &str) -> String {
    number.strip_prefix("+33").map_or_else(|| number.to_owned(), |rest| format!("0{rest}"))
}
