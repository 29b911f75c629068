//! A call as words: the walk of a flow with a clock that the reader moves. No SIP, no audio; the same walk as real calls.
//!
//! One plays the caller, one the world: agents, the company's own system. What happens is scenes, which add up to a [`Story`].

mod scene;
mod story;
mod taping;

use std::collections::VecDeque;
use std::sync::Arc;

pub(crate) use self::scene::{Heard, Scene};
pub use self::scene::{Others, Reply};
pub(crate) use self::story::{Cause, Story};
use self::taping::{MESSAGE, MESSAGE_LEAST, Taping};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant, Now, Wall};
use crate::flow::errand::Fetched;
use crate::flow::graph::Flow;
use crate::flow::journal::Journal;
use crate::flow::vocabulary::{
    Action, CallFacts, Event, QueueNews, RecordInto, Recorded, RingFailure, RingNews, Target, Trace,
};
use crate::flow::walk::{Posture, Walk};
use crate::switchboard::{Crowd, Edition, Known};

/// French is spoken at about this many letters a second.
const LETTERS_A_SECOND: usize = 15;
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
    /// What the next block is entered for.
    cause: Cause,
    story: Story,
}

/// What the flow has asked of the world and not got yet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Waiting {
    Nothing,
    Queue,
    Ring(Option<Name>),
    Recording(Taping),
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
            cause: Cause::default(),
            story: Story::default(),
        }
    }

    /// The caller is connected: what is heard first.
    pub fn begin(&mut self) -> Vec<Scene> {
        self.tell(Event::Begin)
    }

    /// A key.
    pub fn press(&mut self, digit: Digit) -> Vec<Scene> {
        match self.taping() {
            Some(taping) => self.hand_over(taping, Some(digit)),
            None => self.tell(Event::Digit(digit)),
        }
    }

    /// Nothing is done: what is spoken is heard to its end; when nothing is, time passes to what comes next by itself.
    pub fn wait(&mut self) -> Vec<Scene> {
        match (&self.waiting, self.speaking.take(), self.wake.take()) {
            (Waiting::Recording(taping), _, _) => {
                let end = taping.end();
                self.advance(end);
                match self.taping() {
                    Some(taping) => self.hand_over(taping, None),
                    None => Vec::new(),
                }
            }
            (_, Some(end), wake) => {
                self.wake = wake;
                self.advance(end);
                self.tell(Event::Played)
            }
            (_, None, Some(at)) => {
                self.advance(at);
                self.tell(Event::Timeout)
            }
            (_, None, None) => Vec::new(),
        }
    }

    /// The next thing that comes by itself no later than `end`; none when nothing does, and it is `end` then.
    pub(crate) fn next_until(&mut self, end: Instant) -> Option<Vec<Scene>> {
        let taped = match &self.waiting {
            Waiting::Recording(taping) => Some(taping.end()),
            _ => None,
        };
        let next = taped.or([self.speaking, self.wake].into_iter().flatten().min());
        match next.filter(|next| *next <= end && !self.is_over()) {
            None => {
                self.advance(end);
                None
            }
            // A wake-up in mid speech: the walk tells which it was.
            Some(at)
                if taped.is_none()
                    && self.wake == Some(at)
                    && self.speaking.is_some_and(|speaking| at < speaking) =>
            {
                self.wake = None;
                self.advance(at);
                Some(self.tell(Event::Timeout))
            }
            Some(_) => Some(self.wait()),
        }
    }

    /// So much time passes, with all that comes in it by itself.
    pub(crate) fn elapse(&mut self, time: Duration) -> Vec<Scene> {
        let end = self.now.at + time;
        let mut all = Vec::new();
        while let Some(scenes) = self.next_until(end) {
            all.extend(scenes);
        }
        all
    }

    /// The caller talks for so long while they are recorded; what is longer than the recording is not heard any more.
    pub(crate) fn talk(&mut self, time: Duration) -> Vec<Scene> {
        let Waiting::Recording(taping) = &mut self.waiting else { return Vec::new() };
        let talked = taping.talked.unwrap_or_default() + time;
        taping.talked = Some(talked);
        let (since, longest) = (taping.since, taping.request.longest);
        self.advance(since + talked.min(longest));
        if talked >= longest { self.wait() } else { Vec::new() }
    }

    /// The caller says nothing to the recording.
    pub(crate) fn stay_silent(&mut self) -> Vec<Scene> {
        if let Waiting::Recording(taping) = &mut self.waiting {
            taping.talked.get_or_insert(Duration::ZERO);
        }
        self.wait()
    }

    /// Those whom the flow waits for answer, or do not.
    pub fn reply(&mut self, reply: Reply) -> Vec<Scene> {
        let waiting = std::mem::replace(&mut self.waiting, Waiting::Nothing);
        let queue = self.story.queue.as_ref().and_then(|queue| self.edition.site.shared.queues.get(queue));
        let first = queue.and_then(|queue| queue.rules.agents.first()).cloned();
        let somebody = || first.clone().unwrap_or_else(|| Name::from("conseiller"));
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
        // An announcement may end meanwhile.
        let mut scenes = self.elapse(after);
        self.waiting = Waiting::Nothing;
        scenes.extend(self.tell(Event::Fetched(fetched)));
        scenes
    }

    /// The caller hangs up.
    pub fn hang_up(&mut self) -> Vec<Scene> {
        if self.is_over() {
            return Vec::new();
        }
        let taping = self.taping();
        if let Some(Taping { talked: None, since, request }) = &taping {
            let end = *since + MESSAGE.min(request.longest);
            self.advance(end);
        }
        self.gone = true;
        self.waiting = Waiting::Nothing;
        let mut scenes = self.tell(Event::HungUp);
        // What was said until then is handed over.
        if let Some(taping) = taping {
            scenes.extend(self.hand_over(taping, None));
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
        self.speaking.is_some() || self.wake.is_some() || self.is_recording()
    }

    /// The queue in which the caller waits.
    pub(crate) fn queue(&self) -> Option<&Name> {
        self.story.queue.as_ref().filter(|_| self.waiting == Waiting::Queue)
    }

    /// The site as it was when the call began.
    pub(crate) fn edition(&self) -> &Edition {
        &self.edition
    }

    /// The flow that was dialled.
    pub(crate) fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    /// What was known of the call when it began.
    pub(crate) fn facts(&self) -> &CallFacts {
        &self.facts
    }

    /// The clocks of the call.
    pub(crate) fn now(&self) -> Now {
        self.now
    }

    /// Moves the civil clock: opening hours are others from here.
    pub(crate) fn set_wall(&mut self, wall: Wall) {
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

    /// The recording that goes on, taken from what is waited for.
    fn taping(&mut self) -> Option<Taping> {
        match std::mem::replace(&mut self.waiting, Waiting::Nothing) {
            Waiting::Recording(taping) => Some(taping),
            other => {
                self.waiting = other;
                None
            }
        }
    }

    /// A recording has ended, by a key, by time, or with the call.
    fn hand_over(&mut self, taping: Taping, key: Option<Digit>) -> Vec<Scene> {
        let Taping { request, since, talked } = taping;
        let talked = talked.unwrap_or(MESSAGE).min(request.longest);
        // Who ends it by a key has said what there was to say.
        self.advance(since + talked);
        let kept = talked >= MESSAGE_LEAST;
        let path = match &request.into {
            RecordInto::Mailbox(mailbox) => {
                if kept {
                    self.story.mailbox = Some(mailbox.clone());
                }
                format!("{mailbox}/message")
            }
            RecordInto::Variable(variable) => format!(".recordings/{variable}"),
        };
        let path = kept.then(|| Name::from(path));
        self.tell(Event::Recorded(Recorded { duration: talked, kept, key, failed: false, path }))
    }

    fn tell(&mut self, event: Event) -> Vec<Scene> {
        let mut scenes = Vec::new();
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            self.cause = Cause::of(&event);
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
                let heard = Heard { clips, announcement };
                let seconds = 1 + heard.text().chars().count() / LETTERS_A_SECOND;
                self.speaking = Some(self.now.at + Duration::from_secs(seconds as u64));
                scenes.push(Scene::Hears(heard));
            }
            Action::Music(clip) => {
                self.speaking = None;
                scenes.push(Scene::Music(clip));
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
            Action::Dequeue => self.waiting = Waiting::Nothing,
            Action::Record(request) => {
                let into = request.into.clone();
                self.waiting = Waiting::Recording(Taping { request, since: self.now.at, talked: None });
                scenes.push(Scene::Records(into));
            }
            Action::Fetch(fetch) => {
                self.waiting = Waiting::Answer;
                self.story.requests.push(fetch.clone());
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
                self.story.causes.push(std::mem::take(&mut self.cause));
                scenes.push(Scene::Block(block));
            }
            Trace::Tag(tag) => {
                if !self.story.tags.contains(&tag) {
                    self.story.tags.push(tag.clone());
                }
                scenes.push(Scene::Tag(tag));
            }
            Trace::Key(key) => {
                self.cause = Cause::Key(key);
                self.story.keys.push(key.as_char());
            }
            Trace::AnnouncementBegun => self.announcing = true,
            Trace::AnnouncementEnded(_) | Trace::Secret(_) | Trace::Aside(_) => {}
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
