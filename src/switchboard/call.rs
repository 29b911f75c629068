//! One call: the walk through its flow, its record, the legs of those who take part, and how somebody is being brought to
//! the caller. It is taken out of the switchboard's table, worked on beside what all calls have in common, and put back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::common::{Common, Seat};
use super::edition::Edition;
use super::effect::EffectId;
use super::kept::Kept;
use super::leg::{Happened, Leg, LegKey, News, State};
use super::leg_record::LegBook;
use super::timer::Timer;
use crate::base::arena::{Arena, Key};
use crate::base::digit::Digit;
use crate::base::limit::CALL_DURATION_MAX;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Duration, Instant, micros};
use crate::centre::Place;
use crate::centre::queue::Waiter;
use crate::centre::record::{CallRecord, Phase, Stopwatch};
use crate::flow::journal::Journal;
use crate::flow::vocabulary::{CallFacts, Event as FlowEvent, RecordInto, RingFailure, RingRequest};
use crate::flow::walk::Walk;
use crate::media::vocabulary::{PlayId, RecordingEnd, RecordingId};

/// A call in the switchboard's table.
pub(crate) type CallKey = Key<Box<Call>>;

/// A call from its INVITE to its record.
#[derive(Debug)]
pub(crate) struct Call {
    pub(super) key: CallKey,
    /// Its record's id: what events, the log and files call it by.
    pub(super) id: Name,
    /// What the operator had loaded when the call came: it stays on it.
    pub(super) edition: Arc<Edition>,
    pub(super) facts: CallFacts,
    /// The trunk that brought it, or `agents`.
    pub(super) trunk: Name,
    pub(super) stage: Stage,
    pub(super) legs: Arena<Leg>,
    pub(super) leg_book: LegBook,
    pub(super) walk: Walk,
    /// What the walk was told.
    pub(super) journal: Journal,
    /// The question to the company's own system whose answer the walk waits for.
    pub(super) fetch: Option<EffectId>,
    /// The place in line that the caller has left, to be kept if they are promised a call back.
    pub(super) place: Option<Place>,
    /// The moment that the walk asked to be woken at.
    pub(super) wake: Option<Instant>,
    pub(super) playing: Playing,
    pub(super) recording: Option<Recording>,
    pub(super) effort: Effort,
    /// Whom the caller talks to.
    pub(super) talk: Option<LegKey>,
    pub(super) record: CallRecord,
    pub(super) watch: Stopwatch,
    /// The question that a walk without a caller was given more time for.
    pub(super) patience: Option<EffectId>,
    /// When the caller's leg was answered.
    pub(super) answered: Option<Instant>,
    /// The next thing played is the announcement.
    pub(super) announcement_due: bool,
    /// Who talked to the caller has hung up, and the flow has said nothing since.
    pub(super) left: bool,
    /// The last visit of the record goes on.
    pub(super) waits: bool,
    /// The words that they hear last, because the server stops.
    pub(super) leave: Option<PlayId>,
    /// What of it was written down last.
    pub(super) kept: Kept,
}

/// How far the caller has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Stage {
    /// A call back was promised: it waits for its turn.
    Promised(Promise),
    /// Their telephone is being rung for it.
    CallingBack(Promise, LegKey),
    /// They have called, or answered: this is their leg.
    Live(LegKey),
    /// Over; the reports of its media, or a silent step of its walk, are awaited for the record.
    Ended,
    /// Nothing is awaited any more.
    Over,
}

/// A call back that was promised.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Promise {
    /// The number to call, E.164.
    pub(super) number: Pii<String>,
    /// The queue in which it stands in line.
    pub(super) queue: Name,
    /// Until when it was promised.
    pub(super) until: Instant,
    /// How often the number was called.
    pub(super) tries: u32,
    /// The call in which it was promised, as long as that is on.
    pub(super) after: Option<CallKey>,
}

/// What the caller hears of ours.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Playing {
    /// Nothing: silence, or others.
    Nothing,
    /// Speech that the walk waits for; `announcement` if it is the free-call announcement.
    Speech { play: PlayId, announcement: bool },
    /// Music.
    Music(PlayId),
}

/// A message that is being recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Recording {
    pub(super) id: RecordingId,
    /// The effect that opens its file: replied to only when that fails.
    pub(super) opened: EffectId,
    pub(super) into: RecordInto,
    /// Below the mailboxes' folder, without extension.
    pub(super) path: String,
    pub(super) begun: Instant,
    /// The file could not be opened or written.
    pub(super) failed: bool,
    /// All of it has been handed over.
    pub(super) handed: Option<Handed>,
}

/// A message that is on its way to its name on the disk: what was promised to be kept is told when it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Handed {
    /// The effect that names the file.
    pub(super) effect: EffectId,
    #[serde(with = "micros")]
    pub(super) duration: Duration,
    /// The key that ended it.
    pub(super) key: Option<Digit>,
    /// Whether the walk has heard of it.
    pub(super) told: bool,
}

/// How somebody is being brought to the caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Effort {
    /// Nobody is.
    None,
    /// The call stands in a queue, or talks to an agent of it.
    Queue,
    /// Phones are rung: which of the request comes next, and the failure so far that says most.
    Ring { request: RingRequest, next: usize, worst: Option<RingFailure> },
    /// One number or address outside.
    Transfer,
}

impl Call {
    /// A call without a leg yet.
    pub(super) fn new(common: &Common, origin: Origin) -> Self {
        let Origin { edition, facts, trunk, stage, walk, place, record } = origin;
        Self {
            key: CallKey::from_number(u64::MAX),
            id: Name::from(record.id.as_str()),
            edition,
            facts,
            trunk,
            stage,
            legs: Arena::new(),
            leg_book: LegBook::default(),
            walk,
            journal: Journal::default(),
            fetch: None,
            place,
            wake: None,
            playing: Playing::Nothing,
            recording: None,
            effort: Effort::None,
            talk: None,
            record,
            watch: Stopwatch::start(common.now.at),
            patience: None,
            answered: None,
            announcement_due: false,
            left: false,
            waits: false,
            leave: None,
            kept: Kept::default(),
        }
    }

    /// Something happened to one of its legs.
    pub(super) fn happened(&mut self, common: &mut Common, key: LegKey, happened: Happened<'_>) {
        let seat = Seat { call: self.key, leg: key };
        self.note_leg(key, &happened);
        let Some(leg) = self.legs.get_mut(key) else { return };
        let Some(news) = leg.on(common, seat, happened) else { return };
        match leg.role.party() {
            None => self.on_caller_news(common, key, news),
            Some(_) => self.on_party_news(common, key, news),
        }
        let over = |leg: &Leg| matches!(leg.state, State::Over);
        if self.legs.get(key).is_some_and(over) {
            self.legs.remove(key);
        }
    }

    fn on_caller_news(&mut self, common: &mut Common, key: LegKey, news: News) {
        match news {
            News::Answered => self.was_answered(common, key),
            News::Up => {
                if let Stage::CallingBack(..) = self.stage {
                    self.stage = Stage::Live(key);
                    self.was_answered(common, key);
                    common.timers.set(common.now.at + CALL_DURATION_MAX, self.key, Timer::Longest);
                }
                self.note_codec(key);
                common.tell(self.key, FlowEvent::Begin);
            }
            News::Key(digit, path) if self.legs.get(key).is_some_and(Leg::is_up) => {
                // A key that came by INFO ends a message too.
                self.stop_taking_down(common, RecordingEnd::Digit(digit));
                self.pass_key_on(common, key, digit, path);
                common.tell(self.key, FlowEvent::Digit(digit));
            }
            News::Failed(_) => self.on_callback_failed(common),
            News::Refused(status, why) => self.conclude(common, super::ending::Why::server(why), status),
            News::Gone(gone) => self.end(common, super::ending::Why::of_caller(&gone)),
            // A try to call back that reached nobody says nothing of the call.
            News::Closed(report) if self.answered.is_some() || !self.is_called_back() => {
                self.record.media = Some(report.into());
            }
            News::Closed(_) | News::Key(..) | News::Progress { .. } | News::Settled => {}
        }
    }

    fn was_answered(&mut self, common: &Common, key: LegKey) {
        self.answered = Some(common.now.at);
        self.record.answered(self.edition.moment(common.now.wall));
        self.watch.enter(common.now.at, Phase::Flow);
        self.note_codec(key);
    }

    fn note_codec(&mut self, key: LegKey) {
        if let Some(terms) = self.legs.get(key).and_then(Leg::terms) {
            self.record.codec = Some(Name::from(terms.codec.name()));
        }
    }

    fn on_party_news(&mut self, common: &mut Common, key: LegKey, news: News) {
        match news {
            News::Progress { rings, early } => self.on_progress(common, key, rings, early),
            News::Up => self.on_party_up(common, key),
            News::Key(digit, path) => {
                // The key that accepts is for us.
                if self.talk == Some(key) {
                    self.pass_key_on(common, key, digit, path);
                } else {
                    self.on_party_key(common, key, digit);
                }
            }
            News::Failed(why) => self.on_party_failed(common, key, why),
            News::Refused(..) => self.on_party_failed(common, key, RingFailure::Unreachable),
            News::Gone(gone) => self.on_party_gone(common, key, &gone),
            News::Answered | News::Settled | News::Closed(_) => {}
        }
    }

    /// The caller's leg, from the first message to the end of the call.
    pub(super) fn caller(&self) -> Option<(LegKey, &Leg)> {
        let key = match self.stage {
            Stage::Live(key) | Stage::CallingBack(_, key) => key,
            Stage::Promised(_) | Stage::Ended | Stage::Over => return None,
        };
        self.legs.get(key).map(|leg| (key, leg))
    }

    /// The legs of others, in order.
    pub(super) fn parties(&self) -> impl Iterator<Item = (LegKey, &Leg, &Name)> {
        self.legs.iter().filter_map(|(key, leg)| leg.role.party().map(|who| (key, leg, who)))
    }

    /// Whether a leg is rung for the caller and does not talk to them yet.
    pub(super) fn rings(&self, key: LegKey, leg: &Leg) -> bool {
        leg.role.party().is_some() && leg.is_alive() && self.talk != Some(key)
    }

    /// The promise of a call that waits to be made.
    pub(super) fn promise(&self) -> Option<&Promise> {
        match &self.stage {
            Stage::Promised(promise) => Some(promise),
            Stage::CallingBack(..) | Stage::Live(_) | Stage::Ended | Stage::Over => None,
        }
    }

    /// Over, or as good as.
    pub(super) fn is_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended | Stage::Over)
    }

    fn is_called_back(&self) -> bool {
        self.record.callback_of.is_some()
    }

    /// As the floor knows it.
    pub(super) fn waiter(&self) -> Waiter {
        Waiter(self.key.number())
    }
}

/// What a call begins with.
pub(super) struct Origin {
    pub(super) edition: Arc<Edition>,
    pub(super) facts: CallFacts,
    pub(super) trunk: Name,
    pub(super) stage: Stage,
    pub(super) walk: Walk,
    pub(super) place: Option<Place>,
    pub(super) record: CallRecord,
}
