//! A kept call, walked again: through the flow that it walked, or through another.
//!
//! Through its own flow each event is told as it was. Another flow may say more or less, ask more or less: then what it
//! waits for is given from the journal where there is such a thing, speech is heard to its end, and what it does not wait for
//! is passed over.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use super::super::context::Context;
use super::super::errand::{FetchFailure, Fetched};
use super::super::graph::Flow;
use super::super::vocabulary::{
    Action, CallFacts, Event, HangUp, QueueNews, Recorded, RingFailure, RingNews, Trace,
};
use super::super::walk::Walk;
use super::entries::{Entry, Journal, facts_of};
use super::tape::Replaying;
use crate::base::name::Name;
use crate::base::time::{Duration, Now};

/// A call of yesterday.
#[derive(Clone, Debug)]
pub struct Replay {
    /// Its record's id.
    pub(crate) id: String,
    /// Its reference.
    pub(crate) reference: String,
    /// The flow that it entered.
    pub flow: Name,
    /// Which version of the whole site.
    pub(crate) site_version: Option<String>,
    /// What was known of it.
    pub facts: CallFacts,
    /// The blocks that it went through.
    pub path: Vec<Name>,
    journal: Journal,
}

/// Why a record cannot be walked again.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ReplayError {
    /// It has no journal: the call never reached its flow, or svi was older.
    NoJournal,
    /// The journal cannot be read.
    Unreadable,
    /// The call was longer than its journal.
    Cut,
    /// It is a call back: its beginning stands in another record.
    CalledBack,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoJournal => "the record has no journal",
            Self::Unreadable => "the journal of the record cannot be read",
            Self::Cut => "the call was longer than its journal",
            Self::CalledBack => "the call is a call back: its beginning stands in another record",
        })
    }
}

impl std::error::Error for ReplayError {}

/// How a call went when it was walked again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// The blocks that it went through.
    pub path: Vec<Name>,
    /// How the flow ended it; none: it did not, the caller hung up.
    pub ended: Option<HangUp>,
    /// It asked for something of which the journal knows nothing.
    pub strayed: bool,
}

impl Replay {
    /// Reads a record, as a line of JSON was read.
    ///
    /// # Errors
    /// The record cannot be walked again, and why.
    pub fn of_record(record: &Json) -> Result<Self, ReplayError> {
        if record["callback_of"].is_string() {
            return Err(ReplayError::CalledBack);
        }
        if !record["journal"].is_object() {
            return Err(ReplayError::NoJournal);
        }
        let read = || {
            let text = |key: &str| record[key].as_str().map(str::to_owned);
            let path = record["path"].as_array()?.iter().filter_map(Json::as_str).map(Name::from);
            Some(Self {
                id: text("id")?,
                reference: text("reference")?,
                flow: Name::from(text("flow")?),
                site_version: text("site_version"),
                facts: facts_of(record)?,
                path: path.collect(),
                journal: Journal::of_json(&record["journal"])?,
            })
        };
        let replay: Self = read().ok_or(ReplayError::Unreadable)?;
        if replay.journal.cut { Err(ReplayError::Cut) } else { Ok(replay) }
    }

    /// Walks it through a flow. `world` gives what the call may ask of the site at a moment.
    pub fn walk<'w>(&self, flow: Arc<Flow>, world: impl Fn(Now) -> Box<dyn Context + 'w>) -> Walked {
        let begun = self.journal.begun.unwrap_or_default();
        let mut again = Again {
            walk: Walk::new(flow),
            walked: Walked::default(),
            speaking: false,
            awake: false,
            awaits: Awaits::Nothing,
        };
        let mut entries: VecDeque<&Entry> = self.journal.entries.iter().collect();
        while let Some(entry) = entries.pop_front() {
            let now = begun.later(entry.after);
            let event = entry.event.event();
            // What the flow waits for before this: it hears speech to its end, and gets the reply that is kept for later.
            for _ in 0..EXTRA_MAX {
                let Some(extra) = again.owed(&event, &mut entries) else { break };
                let cx = world(now);
                again.tell(extra, &Replaying::new(&*cx, &[]));
            }
            if again.takes(&event) {
                let cx = world(now);
                let replaying = Replaying::new(&*cx, &entry.readings);
                again.tell(event, &replaying);
                again.walked.strayed |= replaying.has_strayed();
            }
        }
        again.walked
    }
}

/// Events that another flow may need between two of the journal's.
const EXTRA_MAX: usize = 64;

/// Events within which the answer of a system comes, if it is the one that is waited for.
const SOON: usize = 8;

/// A walk that is walked again.
struct Again {
    walk: Walk,
    walked: Walked,
    speaking: bool,
    awake: bool,
    awaits: Awaits,
}

/// What a walk has asked of the outside and not got yet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Awaits {
    Nothing,
    Queue,
    Ring,
    Recording,
    Answer,
    Promise,
}

/// What of the outside an event brings.
fn brings(event: &Event) -> Awaits {
    match event {
        Event::Queue(_) => Awaits::Queue,
        Event::Rung(_) => Awaits::Ring,
        Event::Recorded(_) => Awaits::Recording,
        Event::Fetched(_) => Awaits::Answer,
        Event::Promised(_) => Awaits::Promise,
        Event::Begin | Event::Digit(_) | Event::Played | Event::Timeout | Event::HungUp => Awaits::Nothing,
    }
}

impl Again {
    /// What must be told before `next` can be: speech heard to its end before a pause, a reply before anything else.
    fn owed(&mut self, next: &Event, entries: &mut VecDeque<&Entry>) -> Option<Event> {
        if self.awaits != Awaits::Nothing && brings(next) != self.awaits && *next != Event::HungUp {
            let found = entries.iter().position(|entry| brings(&entry.event.event()) == self.awaits);
            // A caller presses keys while music plays, and time passes: the reply comes later. An answer comes soon, or
            // was asked for elsewhere in the flow of then.
            let soon = match self.awaits {
                Awaits::Queue | Awaits::Ring | Awaits::Recording => usize::MAX,
                Awaits::Answer | Awaits::Promise | Awaits::Nothing => SOON,
            };
            if found.is_some_and(|place| place < soon) {
                return None;
            }
            let kept = found.and_then(|place| entries.remove(place)).map(|entry| entry.event.event());
            self.walked.strayed |= kept.is_none();
            return Some(kept.unwrap_or_else(|| self.nothing_kept()));
        }
        let pause = matches!(next, Event::Timeout) || brings(next) != Awaits::Nothing;
        (pause && self.speaking && self.awaits == Awaits::Nothing).then_some(Event::Played)
    }

    /// The reply of an outside of which the journal knows nothing: it fails.
    fn nothing_kept(&self) -> Event {
        match self.awaits {
            Awaits::Queue => Event::Queue(QueueNews::NoAgent),
            Awaits::Ring => Event::Rung(RingNews::Failed(RingFailure::Unreachable)),
            Awaits::Recording => Event::Recorded(Recorded {
                duration: Duration::ZERO,
                kept: false,
                key: None,
                failed: false,
                path: None,
            }),
            Awaits::Promise => Event::Promised(false),
            Awaits::Answer | Awaits::Nothing => Event::Fetched(Fetched::Failed(FetchFailure::Unreachable)),
        }
    }

    /// Whether the walk can make something of an event now.
    fn takes(&self, event: &Event) -> bool {
        match event {
            Event::Played => self.speaking,
            Event::Timeout => self.awake,
            Event::Begin | Event::Digit(_) | Event::HungUp => true,
            // An agent who hangs up ends a talk that was no wait any more.
            Event::Queue(_)
            | Event::Rung(_)
            | Event::Recorded(_)
            | Event::Fetched(_)
            | Event::Promised(_) => brings(event) == self.awaits,
        }
    }

    fn tell(&mut self, event: Event, cx: &dyn Context) {
        match &event {
            Event::Played => self.speaking = false,
            Event::Timeout => self.awake = false,
            Event::Recorded(_) | Event::Fetched(_) | Event::Promised(_) => self.awaits = Awaits::Nothing,
            Event::Queue(QueueNews::NoAgent | QueueNews::Full | QueueNews::AgentLeft(_))
            | Event::Rung(RingNews::Failed(_) | RingNews::Ended | RingNews::Lost) => {
                self.awaits = Awaits::Nothing
            }
            Event::Begin | Event::Digit(_) | Event::Queue(_) | Event::Rung(_) | Event::HungUp => {}
        }
        for action in self.walk.on(event, cx) {
            match action {
                Action::Play(_) => self.speaking = true,
                Action::Music(_) | Action::Silence => self.speaking = false,
                Action::Wake(_) => self.awake = true,
                Action::Sleep => self.awake = false,
                Action::Enqueue(_) => self.awaits = Awaits::Queue,
                Action::Ring(_) | Action::Transfer(_) => self.awaits = Awaits::Ring,
                Action::Record(_) => self.awaits = Awaits::Recording,
                Action::Fetch(_) => self.awaits = Awaits::Answer,
                Action::Promise(_) => self.awaits = Awaits::Promise,
                Action::Dequeue => self.awaits = Awaits::Nothing,
                Action::HangUp(how) => self.walked.ended = Some(how),
                Action::Trace(Trace::Block(block)) => self.walked.path.push(block),
                Action::Send(_) | Action::Trace(_) => {}
            }
        }
    }
}
