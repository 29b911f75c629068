//! A call as words: the walk of a flow with a clock that the reader moves. No SIP, no audio; the same walk as real calls.

use std::sync::Arc;

use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant, Now};
use crate::flow::graph::Flow;
use crate::flow::vocabulary::{
    Action, CallFacts, Clip, Event, HangUp, QueueNews, Recorded, RingFailure, RingNews, Target, Trace,
};
use crate::flow::walk::Walk;
use crate::switchboard::{Crowd, Edition, Known};

/// What the caller lives through, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Words are heard.
    Hears {
        /// The words.
        text: String,
        /// It is the free-call announcement.
        announcement: bool,
    },
    /// Music is heard.
    Music(String),
    /// The flow enters a block.
    Block(Name),
    /// A label is put on the call.
    Tag(Name),
    /// The caller waits in a queue.
    Waits(Name),
    /// Phones are rung.
    Rings(String),
    /// Somebody answers and talks to the caller.
    Talks,
    /// The caller's message is recorded.
    Records(Name),
    /// The call is over.
    Over(HangUp),
}

/// What can be answered to a flow that waits for somebody.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Somebody answers, talks, and hangs up.
    Answer,
    /// Nobody does.
    NoAnswer,
}

/// A call in words. See the module.
#[derive(Debug)]
pub struct Conversation {
    edition: Arc<Edition>,
    walk: Walk,
    facts: CallFacts,
    now: Now,
    wake: Option<Instant>,
    speaking: bool,
    waiting: Waiting,
    over: bool,
    announcing: bool,
    agents: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Waiting {
    Nothing,
    Queue,
    Ring,
    Recording,
}

/// Nobody else waits; so many agents are logged in.
struct Alone(usize);

impl Crowd for Alone {
    fn waiting(&self, _queue: &str) -> usize {
        0
    }
    fn agents(&self, _queue: &str) -> usize {
        self.0
    }
}

fn name_of(target: &Target) -> &str {
    match target {
        Target::Agent(name) | Target::Number(name) | Target::Uri(name) => name,
    }
}

impl Conversation {
    /// A call that has just been answered, at a moment of civil time. `agents` are logged in.
    pub fn new(edition: Arc<Edition>, flow: Arc<Flow>, facts: CallFacts, now: Now, agents: usize) -> Self {
        Self {
            edition,
            walk: Walk::new(flow),
            facts,
            now,
            wake: None,
            speaking: false,
            waiting: Waiting::Nothing,
            over: false,
            announcing: false,
            agents,
        }
    }

    /// The caller is connected: what is heard first.
    pub fn begin(&mut self) -> Vec<Scene> {
        self.tell(Event::Begin)
    }

    /// A key.
    pub fn press(&mut self, digit: Digit) -> Vec<Scene> {
        if self.waiting == Waiting::Recording {
            return self.recorded(Some(digit));
        }
        self.tell(Event::Digit(digit))
    }

    /// Nothing is done: what is spoken ends; when nothing is, time passes to the next timeout.
    pub fn wait(&mut self) -> Vec<Scene> {
        if self.waiting == Waiting::Recording {
            return self.recorded(None);
        }
        if self.speaking {
            self.speaking = false;
            return self.tell(Event::Played);
        }
        match self.wake.take() {
            Some(at) => {
                self.now = self.now.later(at.since(self.now.at));
                self.tell(Event::Timeout)
            }
            None => Vec::new(),
        }
    }

    /// Those whom the flow waits for answer, or do not.
    pub fn reply(&mut self, reply: Reply) -> Vec<Scene> {
        let who = Name::from("conseiller");
        let events = match (&self.waiting, reply) {
            (Waiting::Queue, Reply::Answer) => {
                vec![Event::Queue(QueueNews::Answered(who.clone())), Event::Queue(QueueNews::AgentLeft(who))]
            }
            (Waiting::Queue, Reply::NoAnswer) => vec![Event::Queue(QueueNews::NoAgent)],
            (Waiting::Ring, Reply::Answer) => {
                vec![Event::Rung(RingNews::Answered(who)), Event::Rung(RingNews::Ended)]
            }
            (Waiting::Ring, Reply::NoAnswer) => vec![Event::Rung(RingNews::Failed(RingFailure::NoAnswer))],
            (Waiting::Nothing | Waiting::Recording, _) => Vec::new(),
        };
        self.waiting = Waiting::Nothing;
        let talks = reply == Reply::Answer && !events.is_empty();
        let after = events.into_iter().flat_map(|event| self.tell(event));
        talks.then_some(Scene::Talks).into_iter().chain(after).collect()
    }

    /// The caller hangs up.
    pub fn hang_up(&mut self) -> Vec<Scene> {
        let scenes = self.tell(Event::HungUp);
        self.over = true;
        scenes
    }

    /// Whether the call is over.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Whether something is being said.
    pub fn is_speaking(&self) -> bool {
        self.speaking
    }

    /// Whether the flow waits for a phone to be answered.
    pub fn awaits_somebody(&self) -> bool {
        matches!(self.waiting, Waiting::Queue | Waiting::Ring)
    }

    /// Whether the caller is being recorded.
    pub fn is_recording(&self) -> bool {
        self.waiting == Waiting::Recording
    }

    /// The clocks of the call.
    pub fn now(&self) -> Now {
        self.now
    }

    fn recorded(&mut self, key: Option<Digit>) -> Vec<Scene> {
        self.waiting = Waiting::Nothing;
        let duration = Duration::from_secs(10);
        self.tell(Event::Recorded(Recorded { duration, kept: true, key, failed: false }))
    }

    fn tell(&mut self, event: Event) -> Vec<Scene> {
        let mut scenes = Vec::new();
        let mut events = std::collections::VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            if self.over {
                break;
            }
            let crowd = Alone(self.agents);
            let known = Known { now: self.now, facts: &self.facts, edition: &self.edition, crowd: &crowd };
            for action in self.walk.on(event, &known) {
                self.perform(action, &mut scenes, &mut events);
            }
        }
        scenes
    }

    fn perform(
        &mut self,
        action: Action,
        scenes: &mut Vec<Scene>,
        events: &mut std::collections::VecDeque<Event>,
    ) {
        match action {
            Action::Play(clips) => {
                self.speaking = true;
                let announcement = std::mem::take(&mut self.announcing);
                scenes.push(Scene::Hears { text: spoken(&clips), announcement });
            }
            Action::Music(clip) => scenes.push(Scene::Music(clip.text.to_string())),
            Action::Silence => self.speaking = false,
            Action::Wake(after) => self.wake = Some(self.now.at + after),
            Action::Sleep => self.wake = None,
            Action::Enqueue(request) => {
                scenes.push(Scene::Waits(request.queue.clone()));
                if self.agents == 0 {
                    events.push_back(Event::Queue(QueueNews::NoAgent));
                } else {
                    self.waiting = Waiting::Queue;
                    events.push_back(Event::Queue(QueueNews::Position(1, None)));
                }
            }
            Action::Ring(request) => {
                self.waiting = Waiting::Ring;
                let targets: Vec<&str> = request.targets.iter().map(name_of).collect();
                scenes.push(Scene::Rings(targets.join(", ")));
            }
            Action::Transfer(request) => {
                self.waiting = Waiting::Ring;
                scenes.push(Scene::Rings(name_of(&request.to).to_owned()));
            }
            Action::Dequeue | Action::Cancel => self.waiting = Waiting::Nothing,
            Action::Record(request) => {
                self.waiting = Waiting::Recording;
                scenes.push(Scene::Records(request.mailbox));
            }
            Action::StopRecording => {}
            Action::HangUp(how) => {
                self.over = true;
                scenes.push(Scene::Over(how));
            }
            Action::Trace(Trace::Block(block)) => scenes.push(Scene::Block(block)),
            Action::Trace(Trace::Tag(tag)) => scenes.push(Scene::Tag(tag)),
            Action::Trace(Trace::AnnouncementBegun) => self.announcing = true,
            Action::Trace(Trace::Key(_) | Trace::AnnouncementEnded(_) | Trace::Note(_)) => {}
        }
    }
}

fn spoken(clips: &[Clip]) -> String {
    clips.iter().map(|clip| &*clip.text).collect::<Vec<_>>().join(" ")
}
