//! A caller and a world for a walk: keys, silence, replies by chance; and what must hold at each of its steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use svi::base::digit::Digit;
use svi::base::limit::KEYS_AHEAD_MAX;
use svi::base::name::Name;
use svi::base::pii::Pii;
use svi::base::rng::Rng;
use svi::base::time::{Duration, Now};
use svi::flow::context::Context;
use svi::flow::errand::{FetchFailure, Fetched};
use svi::flow::facts::Facts;
use svi::flow::graph::Flow;
use svi::flow::vocabulary::{
    Action, CallFacts, Event, HoursState, QueueFacts, QueueNews, Recorded, RingFailure, RingNews, Trace,
};
use svi::flow::walk::{Posture, Walk};

/// How a caller behaves.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Says and presses nothing; nobody answers, nothing outside works.
    Silent,
    /// Presses keys that no menu and no question has.
    Wrong,
    /// Anything, and the world too.
    Random,
}

/// Events within which every walk ends.
pub const EVENTS_MAX: usize = 3_000;
/// Actions that one event may cause: every key typed ahead is noted, and a few blocks are entered.
const ACTIONS_MAX: usize = 3 * KEYS_AHEAD_MAX;

struct World {
    now: Now,
    facts: CallFacts,
    hours: HoursState,
    flows: BTreeMap<Name, Arc<Flow>>,
}

impl Facts for World {
    fn now(&self) -> Now {
        self.now
    }
    fn hours(&self, _calendar: &str) -> HoursState {
        self.hours
    }
    fn week(&self, _calendar: &str) -> Option<String> {
        Some("mon-fri 09:00-12:30; sat 09:00-12:00".to_owned())
    }
    fn next_open(&self, _calendar: &str) -> Option<String> {
        Some("2026-11-26T09:30".to_owned())
    }
    fn waiting(&self, _queue: &str) -> usize {
        2
    }
    fn agents(&self, _queue: &str) -> usize {
        1
    }
    fn call(&self) -> &CallFacts {
        &self.facts
    }
    fn queue(&self, _queue: &str) -> QueueFacts {
        QueueFacts { music: None, position_every: Some(Duration::from_secs(45)) }
    }
    fn civil_in(&self, _after: Duration) -> String {
        "2026-11-26T11:30".to_owned()
    }
}

impl Context for World {
    fn flow(&self, name: &str) -> Option<Arc<Flow>> {
        self.flows.get(name).cloned()
    }
}

/// What the walk waits for.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Waits {
    Nothing,
    Queue,
    Talk,
    Ring,
    Recording,
    Answer,
    Promise,
}

/// A call in progress.
struct Call<'r> {
    walk: Walk,
    world: World,
    rng: &'r mut Rng,
    manner: Manner,
    speaking: bool,
    wake: Option<Duration>,
    waits: Waits,
    queued: bool,
    announced: bool,
    heard: bool,
    over: bool,
    gone: bool,
    seen: Seen,
}

/// What a walk came through.
#[derive(Default)]
pub struct Seen {
    pub events: usize,
    pub blocks: usize,
    pub fetches: usize,
    pub letters: usize,
}

/// Walks a call to its end.
pub fn walk(flow: &Arc<Flow>, flows: &BTreeMap<Name, Arc<Flow>>, manner: Manner, rng: &mut Rng) -> Seen {
    let free = flow.announcement.is_some() && rng.chance(700);
    let facts = CallFacts {
        caller: rng.chance(800).then(|| Pii::new("+33612345678".to_owned())),
        caller_mobile: rng.chance(500),
        caller_country: rng.chance(500).then(|| Name::from("FR")),
        number: if free { "+33800123456" } else { "+33123456789" }.to_owned(),
        free,
        reference: "042137".to_owned(),
        chance: rng.u64(),
        ..CallFacts::default()
    };
    let hours = [HoursState::Open, HoursState::Closed, HoursState::Holiday][rng.below(3) as usize];
    let world = World { now: Now::default(), facts, hours, flows: flows.clone() };
    let mut call = Call {
        walk: Walk::new(Arc::clone(flow)),
        world,
        rng,
        manner,
        speaking: false,
        wake: None,
        waits: Waits::Nothing,
        queued: false,
        announced: false,
        heard: false,
        over: false,
        gone: false,
        seen: Seen::default(),
    };
    call.tell(Event::Begin);
    while !call.walk.is_over() && !call.over {
        assert!(
            call.seen.events < EVENTS_MAX,
            "a {manner:?} caller is still there after {EVENTS_MAX} events"
        );
        let event = call.next();
        call.tell(event);
    }
    call.tell(Event::HungUp);
    while call.walk.is_leaving() {
        let event = call.reply_of_the_world();
        call.tell(event);
        assert!(call.seen.events < EVENTS_MAX, "silent steps go on for ever");
    }
    assert!(call.walk.is_over() || call.over);
    call.seen
}

impl Call<'_> {
    fn next(&mut self) -> Event {
        let random = self.manner == Manner::Random;
        if random && self.rng.chance(15) {
            return Event::HungUp;
        }
        if random && self.rng.chance(60) {
            // Late and stray news.
            let stray = [
                Event::Played,
                Event::Timeout,
                Event::Queue(QueueNews::Position(3, None)),
                Event::Rung(RingNews::Ringing),
                Event::Promised(true),
                Event::Fetched(Fetched::Failed(FetchFailure::Timeout)),
            ];
            let wanted = matches!(self.waits, Waits::Answer | Waits::Promise);
            let event = stray[self.rng.below(if wanted { 4 } else { 6 }) as usize].clone();
            return event;
        }
        if self.walk.posture() == Posture::Keys && self.manner != Manner::Silent && self.rng.chance(600) {
            let key = if random { self.rng.below(12) } else { 12 + self.rng.below(4) };
            return Event::Digit(Digit::from_event(key as u8).unwrap());
        }
        if random && self.rng.chance(100) {
            return Event::Digit(Digit::from_event(self.rng.below(12) as u8).unwrap());
        }
        if !matches!(self.waits, Waits::Nothing | Waits::Queue)
            || (self.waits == Waits::Queue && random && self.rng.chance(300))
        {
            return self.reply_of_the_world();
        }
        if self.speaking {
            return Event::Played;
        }
        match self.wake.take() {
            Some(after) => {
                self.world.now = self.world.now.later(after);
                Event::Timeout
            }
            None => panic!("nothing is said, nothing is awaited, and no clock runs"),
        }
    }

    fn reply_of_the_world(&mut self) -> Event {
        let works = self.manner == Manner::Random && self.rng.chance(600);
        let alice = || Name::from("alice");
        match self.waits {
            Waits::Queue => match self.rng.below(5) {
                0 => QueueNews::NoAgent.into(),
                1 => QueueNews::Full.into(),
                2 => QueueNews::Ringing(alice()).into(),
                3 => QueueNews::Position(self.rng.below(9) as usize, Some(Duration::from_secs(90))).into(),
                _ => QueueNews::Answered(alice()).into(),
            },
            Waits::Talk if self.queued && self.rng.chance(300) => QueueNews::AgentLost(alice()).into(),
            Waits::Talk if self.queued => QueueNews::AgentLeft(alice()).into(),
            Waits::Talk => RingNews::Ended.into(),
            Waits::Ring if works => RingNews::Answered(alice()).into(),
            Waits::Ring => RingNews::Failed(RingFailure::NoAnswer).into(),
            Waits::Recording => {
                let path = works.then(|| Name::from(".recordings/x"));
                let failed = !works && self.rng.chance(300);
                Event::Recorded(Recorded {
                    duration: Duration::from_secs(5),
                    kept: works,
                    key: None,
                    failed,
                    path,
                })
            }
            Waits::Promise => Event::Promised(works),
            Waits::Answer | Waits::Nothing if !works => {
                Event::Fetched(Fetched::Failed(FetchFailure::Unreachable))
            }
            Waits::Answer | Waits::Nothing => {
                let bodies = [
                    json!({ "statut": "ok", "solde": 12.5, "livraison": [{ "date": "2026-11-26" }], "note": "x", "nom": "Martin" }),
                    json!({ "statut": 3, "solde": "cher", "livraison": [], "nom": null }),
                    json!([]),
                    json!("texte"),
                ];
                let status = [200, 200, 200, 404, 500, 302][self.rng.below(6) as usize];
                let body = bodies[self.rng.below(4) as usize].clone();
                Event::Fetched(Fetched::Answer { status, body })
            }
        }
    }

    fn tell(&mut self, event: Event) {
        self.seen.events += 1;
        self.gone |= event == Event::HungUp;
        match &event {
            Event::Played => self.speaking = false,
            Event::Timeout => self.wake = None,
            Event::Queue(QueueNews::Answered(_)) if self.waits == Waits::Queue => self.waits = Waits::Talk,
            Event::Rung(RingNews::Answered(_)) if self.waits == Waits::Ring => self.waits = Waits::Talk,
            Event::Queue(QueueNews::AgentLeft(_) | QueueNews::AgentLost(_)) if self.waits == Waits::Talk => {
                (self.queued, self.waits) = (false, Waits::Nothing);
            }
            // Stray news answers nothing.
            Event::Rung(RingNews::Failed(_)) if self.waits == Waits::Ring => self.waits = Waits::Nothing,
            Event::Rung(RingNews::Ended | RingNews::Lost) if self.waits == Waits::Talk => {
                self.waits = Waits::Nothing
            }
            Event::Recorded(_) if self.waits == Waits::Recording => self.waits = Waits::Nothing,
            Event::Fetched(_) if self.waits == Waits::Answer => self.waits = Waits::Nothing,
            Event::Promised(_) if self.waits == Waits::Promise => self.waits = Waits::Nothing,
            _ => {}
        }
        let actions = self.walk.on(event, &self.world);
        assert!(actions.len() <= ACTIONS_MAX, "{} actions for one event", actions.len());
        for action in actions {
            self.judge(&action);
            self.follow(action);
        }
    }

    /// The laws of every step.
    fn judge(&mut self, action: &Action) {
        let silent = matches!(action, Action::Trace(_) | Action::Fetch(_) | Action::Send(_));
        assert!(silent || !self.over, "{action:?} after the end");
        assert!(silent || !self.gone, "{action:?} to a caller who is gone");
        let free = self.world.facts.free;
        match action {
            Action::Trace(Trace::AnnouncementBegun) => self.announced = true,
            Action::Trace(Trace::AnnouncementEnded(_)) => self.heard = true,
            Action::Play(clips) => {
                assert!(!clips.is_empty());
                let first = &*clips[0].key == "appel-gratuit.wav";
                assert!(
                    !free || self.heard || (first && self.announced),
                    "{clips:?} before the announcement"
                );
                assert!(!(first && self.heard), "announced twice");
                assert!(free || !first, "announced on a number that is not free");
            }
            Action::Music(_)
            | Action::Record(_)
            | Action::Enqueue(_)
            | Action::Ring(_)
            | Action::Transfer(_)
            | Action::Silence
            | Action::Promise(_) => {
                assert!(!free || self.heard, "{action:?} before the announcement");
            }
            Action::Wake(after) => assert!(*after > Duration::ZERO),
            _ => {}
        }
    }

    fn follow(&mut self, action: Action) {
        match action {
            Action::Play(_) => self.speaking = true,
            Action::Music(_) | Action::Silence => self.speaking = false,
            Action::Wake(after) => self.wake = Some(after),
            Action::Sleep => self.wake = None,
            Action::Enqueue(_) => {
                assert!(!self.queued, "in line twice");
                (self.queued, self.waits) = (true, Waits::Queue);
            }
            Action::Dequeue => {
                assert!(self.queued, "left a line that it did not stand in");
                (self.queued, self.waits) = (false, Waits::Nothing);
            }
            Action::Ring(_) | Action::Transfer(_) => self.waits = Waits::Ring,
            Action::Record(_) => self.waits = Waits::Recording,
            Action::Fetch(_) => {
                self.seen.fetches += 1;
                self.waits = Waits::Answer;
            }
            Action::Promise(_) => self.waits = Waits::Promise,
            Action::Send(_) => self.seen.letters += 1,
            Action::HangUp(_) => self.over = true,
            Action::Trace(Trace::Block(_)) => self.seen.blocks += 1,
            Action::Trace(_) => {}
        }
    }
}
