//! A call as words: the walk of a flow with a clock that the reader moves. No SIP, no audio; the same walk as real calls.
//!
//! Who plays the caller presses keys, waits and hangs up; who plays the world answers for agents and for the company's own
//! system. What happens comes out as scenes, and adds up to a [`Story`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant, Now};
use crate::flow::errand::{Fetch, Fetched, Letter};
use crate::flow::graph::Flow;
use crate::flow::journal::Journal;
use crate::flow::vocabulary::{
    Action, CallFacts, CallbackRequest, Clip, Event, HangUp, QueueNews, RecordInto, Recorded, RingFailure,
    RingNews, Target, Trace,
};
use crate::flow::walk::{Posture, Walk};
use crate::switchboard::{Crowd, Edition, Known};

/// French is spoken at about this many letters a second.
const LETTERS_A_SECOND: usize = 15;

/// What the caller lives through, and what is done for them, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Words are heard.
    Hears(Heard),
    /// Music is heard.
    Music(String),
    /// The flow enters a block.
    Block(Name),
    /// A label is put on the call.
    Tag(Name),
    /// A business event is reported.
    Event(Name, Vec<(Name, String)>),
    /// A question for statistics is answered.
    Answers(Name, Digit),
    /// The company's own system is asked: the call goes on with [`Conversation::respond`].
    Asks(Fetch),
    /// It has answered: the host, and the status or why not.
    Answered(Name, String),
    /// The caller's card in the company's own system.
    Card(String),
    /// A message is sent.
    Sends(Letter),
    /// A call back is promised.
    Promises(CallbackRequest),
    /// The caller waits in a queue.
    Waits(Name),
    /// Phones are rung.
    Rings(Vec<String>),
    /// Somebody answers, talks to the caller, and hangs up.
    Talks(Name),
    /// The caller is recorded.
    Records(RecordInto),
    /// The flow ends the call.
    Over(HangUp),
}

/// Words that are heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The words, prompt files in brackets.
    pub text: String,
    /// The recordings, in order.
    pub recordings: Vec<Name>,
    /// It is the free-call announcement.
    pub announcement: bool,
}

/// What can be answered to a flow that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Somebody answers, talks, and hangs up; whoever is rung first when none is named.
    Answer(Option<Name>),
    /// Nobody does in time.
    NoAnswer,
    /// All are busy, or the queue is full.
    Busy,
    /// None is there.
    Unreachable,
}

/// Callers and agents of the queues.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// Agents who are logged in, by queue.
    pub agents: BTreeMap<Name, usize>,
    /// Callers who wait already, by queue.
    pub waiting: BTreeMap<Name, usize>,
}

impl Crowd for Others {
    fn waiting(&self, queue: &str) -> usize {
        self.waiting.get(queue).copied().unwrap_or(0)
    }
    fn agents(&self, queue: &str) -> usize {
        self.agents.get(queue).copied().unwrap_or(0)
    }
}

impl Others {
    /// Every agent of a site is logged in, and nobody else calls.
    pub fn all_agents(edition: &Edition) -> Self {
        let queues = edition.site.shared.queues.iter();
        Self {
            agents: queues.map(|(name, queue)| (name.clone(), queue.rules.agents.len())).collect(),
            waiting: BTreeMap::new(),
        }
    }
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// Blocks in the order in which they were entered.
    pub path: Vec<Name>,
    /// Labels, each once.
    pub tags: Vec<Name>,
    /// Keys that menus and open questions took.
    pub keys: String,
    /// Business events.
    pub events: Vec<(Name, Vec<(Name, String)>)>,
    /// Answers to surveys.
    pub answers: BTreeMap<Name, u8>,
    /// Messages that were sent.
    pub letters: Vec<Letter>,
    /// The queue that the caller waited in last.
    pub queue: Option<Name>,
    /// Who talked to the caller, in order.
    pub agents: Vec<Name>,
    /// The mailbox that has a message.
    pub mailbox: Option<Name>,
    /// The call back that was promised.
    pub callback: Option<CallbackRequest>,
    /// The caller's card.
    pub card: Option<String>,
    /// How the flow ended the call; none: the caller hung up, or it goes on.
    pub ended: Option<HangUp>,
}

/// A call in words. See the module.
#[derive(Debug)]
pub struct Conversation {
    edition: Arc<Edition>,
    flow: Arc<Flow>,
    walk: Walk,
    journal: Journal,
    facts: CallFacts,
    others: Others,
    now: Now,
    wake: Option<Instant>,
    /// When what is being said ends.
    speaking: Option<Instant>,
    waiting: Waiting,
    announcing: bool,
    gone: bool,
    story: Story,
}

/// What the flow has asked of the world and not got yet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Waiting {
    Nothing,
    Queue,
    Ring(Option<Name>),
    Recording(RecordInto),
    Answer,
}

fn name_of(target: &Target) -> &Name {
    match target {
        Target::Agent(name) | Target::Number(name) | Target::Uri(name) => name,
    }
}

impl Conversation {
    /// A call that has just been answered.
    pub fn new(edition: Arc<Edition>, flow: Arc<Flow>, facts: CallFacts, now: Now, others: Others) -> Self {
        Self {
            walk: Walk::new(Arc::clone(&flow)),
            edition,
            flow,
            journal: Journal::default(),
            facts,
            others,
            now,
            wake: None,
            speaking: None,
            waiting: Waiting::Nothing,
            announcing: false,
            gone: false,
            story: Story::default(),
        }
    }

    /// The caller is connected: what is heard first.
    pub fn begin(&mut self) -> Vec<Scene> {
        self.tell(Event::Begin)
    }

    /// A key.
    pub fn press(&mut self, digit: Digit) -> Vec<Scene> {
        if matches!(self.waiting, Waiting::Recording(_)) {
            return self.recorded(Some(digit));
        }
        self.tell(Event::Digit(digit))
    }

    /// Nothing is done: what is spoken is heard to its end; when nothing is, time passes to what comes next by itself.
    pub fn wait(&mut self) -> Vec<Scene> {
        if matches!(self.waiting, Waiting::Recording(_)) {
            return self.recorded(None);
        }
        match (self.speaking.take(), self.wake.take()) {
            (Some(end), wake) => {
                self.wake = wake;
                self.advance(end);
                self.tell(Event::Played)
            }
            (None, Some(at)) => {
                self.advance(at);
                self.tell(Event::Timeout)
            }
            (None, None) => Vec::new(),
        }
    }

    /// So much time passes, with all that comes in it by itself.
    pub fn elapse(&mut self, time: Duration) -> Vec<Scene> {
        let end = self.now.at + time;
        let mut scenes = Vec::new();
        while !self.is_over() {
            let next = [self.speaking, self.wake].into_iter().flatten().min();
            if next.is_none_or(|next| next > end) {
                break;
            }
            if self.speaking.is_none_or(|speaking| self.wake.is_some_and(|wake| wake < speaking)) {
                let at = self.wake.take().unwrap_or(end);
                self.advance(at);
                scenes.extend(self.tell(Event::Timeout));
            } else {
                scenes.extend(self.wait());
            }
        }
        self.advance(end);
        scenes
    }

    /// Those whom the flow waits for answer, or do not.
    pub fn reply(&mut self, reply: Reply) -> Vec<Scene> {
        let waiting = std::mem::replace(&mut self.waiting, Waiting::Nothing);
        let somebody = || Name::from("conseiller");
        let (first, last, who) = match (waiting, reply) {
            (Waiting::Queue, Reply::Answer(who)) => {
                let who = who.unwrap_or_else(somebody);
                (
                    QueueNews::Answered(who.clone()).into(),
                    Some(QueueNews::AgentLeft(who.clone()).into()),
                    Some(who),
                )
            }
            (Waiting::Queue, Reply::NoAnswer | Reply::Unreachable) => (QueueNews::NoAgent.into(), None, None),
            (Waiting::Queue, Reply::Busy) => (QueueNews::Full.into(), None, None),
            (Waiting::Ring(first), Reply::Answer(who)) => {
                let who = who.or(first).unwrap_or_else(somebody);
                (RingNews::Answered(who.clone()).into(), Some(RingNews::Ended.into()), Some(who))
            }
            (Waiting::Ring(_), Reply::NoAnswer) => {
                (RingNews::Failed(RingFailure::NoAnswer).into(), None, None)
            }
            (Waiting::Ring(_), Reply::Busy) => (RingNews::Failed(RingFailure::Busy).into(), None, None),
            (Waiting::Ring(_), Reply::Unreachable) => {
                (RingNews::Failed(RingFailure::Unreachable).into(), None, None)
            }
            (other, _) => {
                self.waiting = other;
                return Vec::new();
            }
        };
        let mut scenes = self.tell(first);
        if let Some(who) = who {
            self.story.agents.push(who.clone());
            scenes.push(Scene::Talks(who));
        }
        if let Some(last) = last {
            scenes.extend(self.tell(last));
        }
        scenes
    }

    /// The caller hears where they stand in line.
    pub fn position(&mut self, position: usize, expected: Option<Duration>) -> Vec<Scene> {
        match self.waiting {
            Waiting::Queue => self.tell(Event::Queue(QueueNews::Position(position, expected))),
            _ => Vec::new(),
        }
    }

    /// The company's own system answers, after so long.
    pub fn respond(&mut self, fetched: Fetched, after: Duration) -> Vec<Scene> {
        if self.waiting != Waiting::Answer {
            return Vec::new();
        }
        self.waiting = Waiting::Nothing;
        self.now = self.now.later(after);
        self.tell(Event::Fetched(fetched))
    }

    /// The caller hangs up.
    pub fn hang_up(&mut self) -> Vec<Scene> {
        if self.is_over() {
            return Vec::new();
        }
        self.gone = true;
        let recording = std::mem::replace(&mut self.waiting, Waiting::Nothing);
        let mut scenes = self.tell(Event::HungUp);
        // What was said until then is handed over.
        if let Waiting::Recording(into) = recording {
            scenes.extend(self.hand_over(&into, None));
        }
        scenes
    }

    /// Whether nothing follows any more.
    pub fn is_over(&self) -> bool {
        self.walk.is_over() || self.gone && self.waiting != Waiting::Answer
    }

    /// What the flow wants of its caller.
    pub fn posture(&self) -> Posture {
        self.walk.posture()
    }

    /// Whether something is being said.
    pub fn is_speaking(&self) -> bool {
        self.speaking.is_some()
    }

    /// Whether the flow waits for a phone to be answered.
    pub fn awaits_somebody(&self) -> bool {
        matches!(self.waiting, Waiting::Queue | Waiting::Ring(_))
    }

    /// Whether the company's own system is asked.
    pub fn awaits_answer(&self) -> bool {
        self.waiting == Waiting::Answer
    }

    /// Whether the caller is being recorded.
    pub fn is_recording(&self) -> bool {
        matches!(self.waiting, Waiting::Recording(_))
    }

    /// Whether something comes by itself when time passes.
    pub fn is_timed(&self) -> bool {
        self.speaking.is_some() || self.wake.is_some()
    }

    /// The clocks of the call.
    pub fn now(&self) -> Now {
        self.now
    }

    /// Moves the civil clock: opening hours are others from here.
    pub fn set_wall(&mut self, wall: crate::base::time::Wall) {
        self.now.wall = wall;
    }

    /// What has come of it so far.
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The record of the call, as far as words have one: enough to walk it again.
    pub fn record(&self, id: &str) -> serde_json::Value {
        serde_json::json!({
            "id": id,
            "reference": self.facts.reference,
            "number": self.facts.number,
            "caller": self.facts.caller.as_ref().map(crate::base::pii::Pii::reveal),
            "campaign": self.facts.campaign,
            "flow": self.flow.name,
            "flow_version": self.flow.version,
            "site_version": self.edition.site.version,
            "path": self.story.path,
            "keys": self.story.keys,
            "tags": self.story.tags,
            "journal": self.journal.to_json(&self.facts),
        })
    }

    fn advance(&mut self, at: Instant) {
        self.now = self.now.later(at.since(self.now.at));
    }

    fn recorded(&mut self, key: Option<Digit>) -> Vec<Scene> {
        match std::mem::replace(&mut self.waiting, Waiting::Nothing) {
            Waiting::Recording(into) => self.hand_over(&into, key),
            _ => Vec::new(),
        }
    }

    fn hand_over(&mut self, into: &RecordInto, key: Option<Digit>) -> Vec<Scene> {
        let duration = Duration::from_secs(10);
        self.now = self.now.later(duration);
        let path = match into {
            RecordInto::Mailbox(mailbox) => {
                self.story.mailbox = Some(mailbox.clone());
                format!("{mailbox}/message")
            }
            RecordInto::Variable(variable) => format!(".recordings/{variable}"),
        };
        let recorded = Recorded { duration, kept: true, key, failed: false, path: Some(Name::from(path)) };
        self.tell(Event::Recorded(recorded))
    }

    fn tell(&mut self, event: Event) -> Vec<Scene> {
        let mut scenes = Vec::new();
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let known =
                Known { now: self.now, facts: &self.facts, edition: &self.edition, crowd: &self.others };
            for action in self.journal.tell(&mut self.walk, event, &known) {
                self.perform(action, &mut scenes, &mut events);
            }
        }
        scenes
    }

    fn perform(&mut self, action: Action, scenes: &mut Vec<Scene>, events: &mut VecDeque<Event>) {
        match action {
            Action::Play(clips) => {
                let announcement = std::mem::take(&mut self.announcing);
                let heard = heard(&clips, announcement);
                let seconds = 1 + heard.text.chars().count() / LETTERS_A_SECOND;
                self.speaking = Some(self.now.at + Duration::from_secs(seconds as u64));
                scenes.push(Scene::Hears(heard));
            }
            Action::Music(clip) => {
                self.speaking = None;
                scenes.push(Scene::Music(clip.text.to_string()));
            }
            Action::Silence => self.speaking = None,
            Action::Wake(after) => self.wake = Some(self.now.at + after),
            Action::Sleep => self.wake = None,
            Action::Enqueue(request) => {
                self.story.queue = Some(request.queue.clone());
                scenes.push(Scene::Waits(request.queue.clone()));
                if self.others.agents(&request.queue) == 0 {
                    events.push_back(QueueNews::NoAgent.into());
                } else {
                    let position = self.others.waiting(&request.queue) + 1;
                    self.waiting = Waiting::Queue;
                    events.push_back(QueueNews::Position(position, None).into());
                }
            }
            Action::Ring(request) => {
                self.waiting = Waiting::Ring(request.targets.first().map(name_of).cloned());
                scenes.push(Scene::Rings(
                    request.targets.iter().map(|target| name_of(target).to_string()).collect(),
                ));
            }
            Action::Transfer(request) => {
                self.waiting = Waiting::Ring(Some(name_of(&request.to).clone()));
                scenes.push(Scene::Rings(vec![name_of(&request.to).to_string()]));
            }
            Action::Dequeue | Action::Cancel => self.waiting = Waiting::Nothing,
            Action::Record(request) => {
                self.waiting = Waiting::Recording(request.into.clone());
                scenes.push(Scene::Records(request.into));
            }
            Action::StopRecording => {}
            Action::Fetch(fetch) => {
                self.waiting = Waiting::Answer;
                scenes.push(Scene::Asks(fetch));
            }
            Action::Send(letter) => {
                self.story.letters.push(letter.clone());
                scenes.push(Scene::Sends(letter));
            }
            Action::Promise(request) => {
                self.story.callback = Some(request.clone());
                scenes.push(Scene::Promises(request));
                events.push_back(Event::Promised(true));
            }
            Action::HangUp(how) => {
                self.story.ended = Some(how);
                scenes.push(Scene::Over(how));
            }
            Action::Trace(trace) => self.note(trace, scenes),
        }
    }

    fn note(&mut self, trace: Trace, scenes: &mut Vec<Scene>) {
        match trace {
            Trace::Block(block) => {
                self.story.path.push(block.clone());
                scenes.push(Scene::Block(block));
            }
            Trace::Tag(tag) => {
                if !self.story.tags.contains(&tag) {
                    self.story.tags.push(tag.clone());
                }
                scenes.push(Scene::Tag(tag));
            }
            Trace::Key(key) => self.story.keys.push(key.as_char()),
            Trace::AnnouncementBegun => self.announcing = true,
            Trace::AnnouncementEnded(_) | Trace::Secret(_) => {}
            Trace::Event(name, fields) => {
                self.story.events.push((name.clone(), fields.clone()));
                scenes.push(Scene::Event(name, fields));
            }
            Trace::Answer(survey, digit) => {
                self.story.answers.insert(survey.clone(), digit.event());
                scenes.push(Scene::Answers(survey, digit));
            }
            Trace::Card(card) => {
                self.story.card = Some(card.clone());
                scenes.push(Scene::Card(card));
            }
            Trace::Lookup(host, outcome) => scenes.push(Scene::Answered(host, outcome)),
        }
    }
}

fn heard(clips: &[Clip], announcement: bool) -> Heard {
    let text = clips.iter().map(|clip| &*clip.text).filter(|text| !text.is_empty());
    let text = text.fold(String::new(), |mut text, word| {
        if !text.is_empty() && !text.ends_with('-') {
            text.push(' ');
        }
        text.push_str(word);
        text
    });
    Heard { text, recordings: clips.iter().map(|clip| clip.key.clone()).collect(), announcement }
}
