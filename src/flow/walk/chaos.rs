//! Any events in any order: no panic, the laws hold, and the call ends with the caller.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::super::block::BlockId;
use super::super::errand::{FetchFailure, Fetched};
use super::super::graph::Flow;
use super::super::testing::{compiled, text};
use super::super::verb::Step;
use super::super::vocabulary::{
    Action, CallFacts, Event, HangUp, HoursState, QueueFacts, QueueNews, Recorded, RingFailure, RingNews,
    Trace,
};
use super::course::Walk;
use super::frozen::FrozenWalk;
use super::state::State;
use crate::base::digit::Digit;
use crate::base::limit::BLOCKS_WITHOUT_EVENT_MAX;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::rng::Rng;
use crate::base::time::Duration;
use crate::flow::testing::World;

/// Every verb, in a net in which each can come after each.
const NET: &str = "
  debut:
    - identify: GET https://crm.exemple.fr/c?t={caller}
      save: { client: nom }
      card: https://crm.exemple.fr/{client}
    - set: { n: 1 }
    - say: Bienvenue.
    - if: n == 1 and open(boutique)
      then: choix
    - goto: ferme
  choix:
    - menu: Que voulez-vous ?
      keys:
        1: { label: attendre, goto: file }
        2: { label: joindre Alice, goto: alice }
        3: { label: laisser un message, goto: message }
        4: { label: donner un code, goto: code }
        5: { label: sortir, goto: dehors }
        0: { label: continuer, goto: suite }
        star: { label: recommencer, goto: choix }
      tries: 2
      silence: fin
      otherwise: message
  code:
    - ask: code
      say: Votre code ?
      digits: 2..4
      confirm: true
      tries: 2
      otherwise: choix
    - say: Voici {code|digits}, {caller|phone}.
    - goto: choix
  file:
    - queue: conseillers
      max_wait: 60s
      keys: { 9: { goto: choix } }
      callback: { after: 20s, key: 1, goto: message }
      no_agent: message
      too_long: alice
  alice:
    - ring: [alice, bruno]
      failed: message
  dehors:
    - transfer: 01 23 45 67 89
      failed: fin
  message:
    - say: Parlez.
      interrupt: false
    - voicemail: accueil
    - tag: message
    - wait: 2s
    - goto: choix
  suite:
    - survey: note
      say: Quelle note ?
      tries: 2
    - http: GET https://api.exemple.fr/x/{call.ref}
      save: { statut: statut, reste: { solde: euros } }
      not_found: choix
      error: message
    - event: vu
      with: { reference: \"{call.ref}\" }
    - if: statut == \"a\"
      then: tirage
    - say: Il reste {reste|euros}.
    - goto: tirage
  tirage:
    - split: { rappel: 50%, dicter: 50% }
  rappel:
    - callback: conseillers
      say: Nous vous rappelons au {caller|phone}.
      refused: choix
    - sms: Avant {callback.before|time}.
    - goto: choix
  dicter:
    - record: nom
    - email: Un nom.
      to: accueil
      attach: nom
    - http: POST https://api.exemple.fr/x
      body: { nom: \"{nom}\" }
      error: choix
    - tag: dicté
    - goto: choix
  ferme:
    - say: Fermé.
    - goto: message
  fin:
    - hangup: normal
";

/// The flow that svi ships.
const SHIPPED: &str = include_str!("../../../flows/accueil.yaml");

fn events() -> impl Strategy<Value = Event> {
    let name = || Name::from("alice");
    prop_oneof![
        6 => (0u8..16).prop_map(|key| Event::Digit(Digit::from_event(key).unwrap())),
        6 => Just(Event::Played),
        4 => Just(Event::Timeout),
        1 => Just(Event::Begin),
        3 => prop_oneof![
            (0usize..200).prop_map(|n| QueueNews::Position(n, None)),
            Just(QueueNews::NoAgent),
            Just(QueueNews::Full),
            Just(QueueNews::Ringing(name())),
            Just(QueueNews::Answered(name())),
            Just(QueueNews::AgentLeft(name())),
            Just(QueueNews::AgentLost(name())),
        ].prop_map(Event::Queue),
        2 => prop_oneof![
            Just(RingNews::Ringing),
            Just(RingNews::Answered(name())),
            Just(RingNews::Failed(RingFailure::Busy)),
            Just(RingNews::Ended),
            Just(RingNews::Lost),
        ].prop_map(Event::Rung),
        2 => any::<bool>().prop_map(|failed| {
            Event::Recorded(Recorded { duration: Duration::from_secs(1), kept: !failed, key: None, failed, path: None })
        }),
        3 => prop_oneof![
            Just(Fetched::Failed(FetchFailure::Timeout)),
            Just(Fetched::Answer { status: 404, body: json!(null) }),
            Just(Fetched::Answer { status: 200, body: json!({ "statut": "a" }) }),
            Just(Fetched::Answer { status: 200, body: json!({ "statut": "b", "solde": 2.5, "nom": "Petit" }) }),
            Just(Fetched::Answer { status: 200, body: json!([]) }),
        ].prop_map(Event::Fetched),
        1 => any::<bool>().prop_map(Event::Promised),
        1 => Just(Event::HungUp),
    ]
}

/// Actions that one event may cause: every key typed ahead is noted, and a few blocks are entered.
const ACTIONS_MAX: usize = 3 * crate::base::limit::KEYS_AHEAD_MAX;

/// What holds of the actions of a call, whatever happened.
#[derive(Default)]
struct Laws {
    announced: bool,
    heard: bool,
    over: bool,
    queued: bool,
}

impl Laws {
    fn judge(&mut self, free: bool, gone: bool, actions: &[Action]) {
        let silent =
            |action: &Action| matches!(action, Action::Trace(_) | Action::Fetch(_) | Action::Send(_));
        assert!(actions.len() <= ACTIONS_MAX, "{} actions for one event", actions.len());
        for action in actions {
            assert!(!self.over || silent(action), "{action:?} after the end");
            assert!(!gone || silent(action), "{action:?} to a caller who is gone");
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
                }
                Action::Music(_)
                | Action::Record(_)
                | Action::Enqueue(_)
                | Action::Ring(_)
                | Action::Transfer(_) => {
                    assert!(!free || self.heard, "{action:?} before the announcement");
                    if matches!(action, Action::Enqueue(_)) {
                        assert!(!self.queued, "in line twice");
                        self.queued = true;
                    }
                }
                Action::Dequeue => {
                    assert!(self.queued, "left a line that it did not stand in");
                    self.queued = false;
                }
                Action::Silence => assert!(!free || self.heard, "the announcement was cut"),
                Action::HangUp(_) => self.over = true,
                Action::Wake(after) => assert!(*after > Duration::ZERO),
                Action::Promise(_) => assert!(!free || self.heard, "{action:?} before the announcement"),
                Action::Sleep | Action::Fetch(_) | Action::Send(_) | Action::Trace(_) => {}
            }
        }
    }
}

/// A walk that is left alone, and its twin that is written down and read back by chance: both do the same.
struct Twins {
    walk: Walk,
    twin: Walk,
    flow: Arc<Flow>,
    coins: Rng,
}

impl Twins {
    fn new(flow: &Arc<Flow>, coins: u64) -> Self {
        let walk = || Walk::new(Arc::clone(flow));
        Self { walk: walk(), twin: walk(), flow: Arc::clone(flow), coins: Rng::seeded(coins) }
    }

    fn on(&mut self, event: Event, world: &World) -> Vec<Action> {
        if self.coins.chance(500) {
            let frozen = self.twin.freeze();
            let written = serde_json::to_string(&frozen).unwrap();
            let read: FrozenWalk = serde_json::from_str(&written).unwrap();
            assert!(read == frozen, "{written}");
            let find = |name: &str| (self.flow.name == name).then(|| Arc::clone(&self.flow));
            self.twin = read.thaw(&find).unwrap_or_else(|| panic!("{written}"));
        }
        let actions = self.walk.on(event.clone(), world);
        assert_eq!(self.twin.on(event, world), actions);
        actions
    }
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]
    #[test]
    fn whatever_happens_the_laws_hold(
        shipped in any::<bool>(),
        free in any::<bool>(),
        open in any::<bool>(),
        told in any::<bool>(),
        coins in any::<u64>(),
        events in proptest::collection::vec((events(), 0u64..40), 1..120),
    ) {
        let (flow, report) = compiled(&if shipped { SHIPPED.to_owned() } else { text(NET) });
        let flow = flow.unwrap_or_else(|| panic!("{report}"));
        let caller = told.then(|| Pii::new("+33612345678".to_owned()));
        let facts = CallFacts { free, caller, chance: u64::from(open), number: "+33800123456".into(), ..CallFacts::default() };
        let hours = if open { HoursState::Open } else { HoursState::Closed };
        let queue = QueueFacts { music: None, position_every: told.then(|| Duration::from_secs(15)) };
        let mut world = World { facts, hours, queue, ..World::default() };
        let flow = Arc::new(flow);
        let mut walk = Twins::new(&flow, coins);
        let mut laws = Laws::default();
        laws.judge(free, false, &walk.on(Event::Begin, &world));
        let mut gone = false;
        for (event, seconds) in events.into_iter().chain([(Event::HungUp, 1)]) {
            world.now = world.now.later(Duration::from_secs(seconds));
            gone |= event == Event::HungUp;
            // An agent who has answered took the caller out of the line.
            if matches!(event, Event::Queue(QueueNews::Answered(_) | QueueNews::NoAgent | QueueNews::Full)) {
                let answered = matches!(event, Event::Queue(QueueNews::Answered(_)));
                laws.judge(free, gone, &walk.on(event, &world));
                laws.queued &= !(answered && matches!(walk.walk.state, State::Talking));
                continue;
            }
            laws.judge(free, gone, &walk.on(event, &world));
        }
        // What silent steps still wait for comes.
        for _ in 0..4 {
            let nothing = Recorded { duration: Duration::ZERO, kept: false, key: None, failed: false, path: None };
            for event in [Event::Recorded(nothing), Event::Fetched(Fetched::Failed(FetchFailure::Timeout))] {
                laws.judge(free, true, &walk.on(event, &world));
            }
        }
        prop_assert!(matches!(walk.walk.state, State::Over));
    }
}

#[test]
fn a_flow_that_spins_is_ended_all_the_same() {
    // The laws refuse such a flow; this is what holds if they erred.
    let (flow, _) = compiled(&text(
        "  debut:\n    - queue: sav\n      no_agent: fin\n      too_long: fin\n  fin:\n    - hangup: normal\n",
    ));
    let mut flow = flow.unwrap();
    if let Some(Step::Queue(queue)) = flow.blocks[0].steps.first_mut() {
        queue.no_agent = BlockId(0);
    }
    let world = World::default();
    let mut walk = Walk::new(Arc::new(flow));
    walk.on(Event::Begin, &world);
    let spins = (0..10_000).take_while(|_| {
        let actions = walk.on(Event::Queue(QueueNews::NoAgent), &world);
        !actions.iter().any(|action| matches!(action, Action::HangUp(HangUp::Technical)))
    });
    assert!(spins.count() <= BLOCKS_WITHOUT_EVENT_MAX);
    assert!(matches!(walk.state, State::Over));
}
