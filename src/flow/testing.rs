//! A small site, flows in a few lines, and a walk whose world the test writes. For tests only.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context::Context;
use super::errand::Letter;
use super::facts::Facts;
use super::graph::Flow;
use super::vocabulary::{
    Action, CallFacts, Clip, Event, HoursState, QueueFacts, RecordInto, Standing, Trace,
};
use super::walk::Walk;
use super::{Names, compile};
use crate::base::diagnostic::{Report, Source, Text};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Duration, Now};
use crate::base::yaml;
use crate::flow::numbers::Numbers;

fn set(names: &[&str]) -> BTreeSet<Name> {
    names.iter().map(|name| Name::from(*name)).collect()
}

/// The plan of a small world: 0800 is free, 089 is barred.
#[derive(Debug)]
pub(super) struct Plan;

impl Numbers for Plan {
    fn normal(&self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.starts_with('+') {
            return Some(format!("+{digits}"));
        }
        (digits.len() >= 4).then(|| match digits.strip_prefix('0') {
            Some(national) => format!("+33{national}"),
            None => digits.clone(),
        })
    }

    fn is_free(&self, number: &str) -> bool {
        number.starts_with("+33800")
    }

    fn barred(&self, number: &str) -> Option<(Text, Text)> {
        number.starts_with("+3389").then(|| (Text::raw("barred"), Text::raw("list it")))
    }
}

pub(super) fn names() -> Names {
    Names {
        hours: set(&["boutique"]),
        queues: set(&["conseillers", "sav"]),
        skills: BTreeMap::from([("conseillers".into(), set(&["sav"])), ("sav".into(), set(&[]))]),
        mailboxes: BTreeMap::from([(Name::from("accueil"), Duration::from_secs(60))]),
        agents: set(&["alice", "bruno"]),
        phones: BTreeMap::from([("bruno".into(), "+33698765432".to_owned())]),
        addresses: BTreeMap::from([("accueil".into(), vec!["accueil@exemple.fr".to_owned()])]),
        recordings: set(&["appel-gratuit.wav", "appel-enregistre.wav", "attente.wav", "bip.wav"]),
        can_render: super::speech::Language::ALL.into(),
        zone: Name::from("Europe/Paris"),
        numbers: Arc::new(Plan),
        campaign_numbers: Vec::new(),
        siblings: Arc::default(),
    }
}

/// The flow of these blocks, and what was said about it.
pub(super) fn compiled(text: &str) -> (Option<Flow>, Report) {
    compiled_with(text, &names())
}

/// The same in a site of other names.
pub(super) fn compiled_with(text: &str, names: &Names) -> (Option<Flow>, Report) {
    let (source, mut report) = (Source::new("flow.yaml", text), Report::default());
    let Some(root) = yaml::parse(&source, &mut report) else { return (None, report) };
    let flow = compile(&source, &root, &Name::from("essai"), names, &mut report);
    (flow, report)
}

/// A flow with these blocks, reached by a free number.
pub(super) fn text(blocks: &str) -> String {
    format!(
        "svi: 1\nname: essai\nnumbers: [0800 123 456]\nstart: debut\nlegal: {{ free_call: appel-gratuit.wav }}\nblocks:\n{blocks}"
    )
}

/// Code and marked text of each diagnostic about these blocks.
pub(super) fn told(blocks: &str) -> Vec<(String, String)> {
    let (_, report) = compiled(&text(blocks));
    let marked =
        |text: &str, range: std::ops::Range<usize>| text[range].lines().next().unwrap_or("").to_owned();
    report.iter().map(|d| (d.code.to_owned(), marked(&d.source.text, d.range.clone()))).collect()
}

/// The world of a test: everything that a walk may ask.
#[derive(Debug)]
pub(super) struct World {
    pub(super) now: Now,
    pub(super) facts: CallFacts,
    pub(super) hours: HoursState,
    pub(super) queue: QueueFacts,
    pub(super) standing: Option<Standing>,
    pub(super) flows: BTreeMap<Name, Arc<Flow>>,
    /// What came of secrets, as the journal is told it.
    pub(super) witnessed: RefCell<Vec<u32>>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            now: Now::default(),
            facts: CallFacts::default(),
            hours: HoursState::Open,
            queue: QueueFacts::default(),
            standing: None,
            flows: BTreeMap::new(),
            witnessed: RefCell::default(),
        }
    }
}

impl Facts for World {
    fn now(&self) -> Now {
        self.now
    }
    fn hours(&self, _calendar: &str) -> HoursState {
        self.hours
    }
    fn week(&self, calendar: &str) -> Option<String> {
        (calendar == "boutique").then(|| "mon-fri 09:00-12:30; sat 09:00-12:00".to_owned())
    }
    fn next_open(&self, calendar: &str) -> Option<String> {
        (calendar == "boutique").then(|| "2026-11-26T09:30".to_owned())
    }
    fn standing(&self) -> Option<Standing> {
        self.standing
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
        self.queue.clone()
    }
    fn witness(&self, outcome: u32) -> u32 {
        self.witnessed.borrow_mut().push(outcome);
        outcome
    }
    fn civil_in(&self, after: Duration) -> String {
        self.now.later(after).wall.rfc3339("Europe/Paris")[..16].to_owned()
    }
}

impl Context for World {
    fn flow(&self, name: &str) -> Option<Arc<Flow>> {
        self.flows.get(name).cloned()
    }
}

/// A walk in its world. What it asks for is told as short lines.
pub(super) struct Stroll {
    pub(super) walk: Walk,
    pub(super) world: World,
}

impl Stroll {
    /// A call to the geographic number: no announcement stands before the flow.
    pub(super) fn new(blocks: &str) -> Self {
        Self::of(&text(blocks))
    }

    /// The same through a whole text.
    pub(super) fn of(text: &str) -> Self {
        let (flow, report) = compiled(text);
        let flow = Arc::new(flow.unwrap_or_else(|| panic!("{report}")));
        let facts = CallFacts {
            caller: Some(Pii::new("+33612345678".to_owned())),
            number: "+33123456789".to_owned(),
            reference: "042137".to_owned(),
            ..CallFacts::default()
        };
        let world = World { facts, ..World::default() };
        Self { walk: Walk::new(flow), world }
    }

    pub(super) fn free(mut self) -> Self {
        self.world.facts.free = true;
        self
    }

    pub(super) fn on(&mut self, event: Event) -> Vec<String> {
        self.walk.on(event, &self.world).iter().filter(|action| !is_aside(action)).map(line).collect()
    }

    pub(super) fn begin(&mut self) -> Vec<String> {
        self.on(Event::Begin)
    }

    pub(super) fn press(&mut self, keys: &str) -> Vec<String> {
        let digits: Vec<Digit> = keys.chars().filter_map(Digit::from_char).collect();
        digits.into_iter().flat_map(|digit| self.on(Event::Digit(digit))).collect()
    }

    pub(super) fn played(&mut self) -> Vec<String> {
        self.on(Event::Played)
    }

    /// This long later the wake-up comes.
    pub(super) fn timeout_after(&mut self, seconds: u64) -> Vec<String> {
        self.world.now = self.world.now.later(Duration::from_secs(seconds));
        self.on(Event::Timeout)
    }
}

fn words(clips: &[Clip]) -> String {
    clips.iter().map(|clip| &*clip.text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
}

/// What only a record wants to know.
fn is_aside(action: &Action) -> bool {
    matches!(action, Action::Trace(Trace::Aside(_)))
}

fn line(action: &Action) -> String {
    match action {
        Action::Play(clips) => format!("play {}", words(clips)),
        Action::Music(clip) => format!("music {}", clip.key),
        Action::Wake(after) => format!("wake {}s", after.as_secs_f32()),
        Action::Trace(trace) => format!("{trace:?}"),
        Action::Enqueue(request) => {
            format!("enqueue {}{}", request.queue, if request.head { " head" } else { "" })
        }
        Action::Record(request) => {
            let (RecordInto::Mailbox(into) | RecordInto::Variable(into)) = &request.into;
            format!("record {into} {:?} {:?}", request.longest, request.silence)
        }
        Action::HangUp(how) => format!("hang up {how:?}"),
        Action::Ring(request) => {
            format!("ring {:?} {:?} {:?}", request.targets, request.order, request.timeout)
        }
        Action::Transfer(request) => {
            format!("transfer {:?} {:?} {:?}", request.to, request.caller_id, request.timeout)
        }
        Action::Fetch(fetch) => format!("fetch {} {}", fetch.method.as_str(), fetch.url),
        // Whole: what prints itself masks the number.
        Action::Send(Letter::Sms { to, text }) => format!("send Sms {{ to: {to:?}, text: {text:?} }}"),
        Action::Send(Letter::Email { to, subject, text, attachments }) => format!(
            "send Email {{ to: {to:?}, subject: {subject:?}, text: {text:?}, attachments: {attachments:?} }}"
        ),
        Action::Promise(request) => format!("promise {} {}", request.queue, request.number.reveal()),
        Action::Silence | Action::Sleep | Action::Dequeue => format!("{action:?}").to_lowercase(),
    }
}
