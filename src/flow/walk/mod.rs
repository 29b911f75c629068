//! The walk of one call through its flow: the conversation, as a state machine that one can read aloud.
//!
//! Announcing, Hearing, Pausing, Choosing, Collecting, Confirming, Surveying, Fetching, Waiting, Ringing, Talking, Offering,
//! Beeping, Recording, Leaving, Over.
//! Each state has a file with its data and what it makes of each event. No clock, no audio, no telephony: events in,
//! actions out.

mod choosing;
mod collecting;
mod fetching;
mod frozen;
mod leaving;
mod offering;
mod reacting;
mod recording;
mod ringing;
mod surveying;
mod turn;
mod visit;
mod waiting;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::choosing::Choosing;
use self::collecting::{Collecting, Confirming};
pub use self::frozen::FrozenWalk;
use self::offering::Offering;
use self::surveying::Surveying;
pub use self::turn::Reading;
use self::turn::{Ahead, Memory, Scope, Turn};
use self::visit::Frame;
use self::waiting::Waiting;
use super::graph::{BlockId, Flow};
use super::system;
use super::template::Place as Written;
use super::verb::Step;
use super::verb::branch::Branch;
use super::vocabulary::{Action, Context, Event, HangUp, QueueNews, RingNews, Trace};
use crate::base::limit::{BLOCKS_WITHOUT_EVENT_MAX, WRONG_ANSWERS_MAX};
use crate::base::name::Name;

/// The walk of one call.
#[derive(Debug)]
pub struct Walk {
    flow: Arc<Flow>,
    place: Place,
    scope: Scope,
    /// The flows that have called this one, the first one first.
    callers: Vec<Frame>,
    state: State,
    memory: Memory,
    /// Steps begun since the caller was last heard, or time passed.
    steps: usize,
}

/// Where a walk stands: a step of a block.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Place {
    block: BlockId,
    step: usize,
}

/// What a call is in the middle of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// Not answered yet.
    Fresh,
    /// The free-call announcement is being heard.
    Announcing,
    /// Speech is being heard; a key cuts it, or not.
    Hearing { interruptible: bool },
    /// Music, for a while.
    Pausing,
    /// A menu waits for a key.
    Choosing(Choosing),
    /// A question waits for digits.
    Collecting(Collecting),
    /// Digits were read back and wait to be confirmed.
    Confirming(Confirming),
    /// A question for statistics waits for a key.
    Surveying(Surveying),
    /// The company's own system was asked.
    Fetching,
    /// The number of a call back is being typed.
    Numbering(Collecting),
    /// A call back is offered, and a key awaited.
    Offering(Offering),
    /// Whether the call back can be promised is awaited.
    Promising,
    /// Who was called back hears why, before they wait.
    Greeting,
    /// In a queue.
    Waiting(Waiting),
    /// Phones ring for the caller.
    Ringing,
    /// Caller and callee talk.
    Talking,
    /// An agent's line was lost; the excuse is being heard before the queue has the caller back.
    Returning,
    /// The beep before a recording.
    Beeping,
    /// The caller leaves a message.
    Recording,
    /// The caller is gone; silent steps still run, and one of them waits for its answer.
    Leaving,
    /// Nothing follows.
    Over,
}

/// What comes after an event.
#[derive(Debug)]
enum Next {
    /// The walk stays in its step, in this state.
    Stay(State),
    /// The next step of the block.
    Step,
    /// Another block.
    Goto(BlockId),
    /// Into the flow that the step calls.
    Call,
    /// Back to the flow that called.
    Return,
    /// The end of the call.
    End(HangUp),
}

/// What a walk wants of its caller now: for who plays the caller.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Posture {
    /// To listen to the end; keys are kept.
    Speaking,
    /// A key: it acts at once.
    Keys,
    /// To be patient: a queue, phones that ring, a system that is asked.
    Waiting,
    /// To talk, with somebody or after the beep.
    Talking,
    /// Nothing: the call is over.
    Over,
}

impl Walk {
    /// A walk that has not begun.
    pub fn new(flow: Arc<Flow>) -> Self {
        let place = Place { block: flow.start, step: 0 };
        let memory = Memory::new(flow.language);
        let (scope, callers) = (Scope::default(), Vec::new());
        Self { flow, place, scope, callers, state: State::Fresh, memory, steps: 0 }
    }

    /// Where it stands, to be gone on from when the caller is called back. None unless a call back was just promised.
    pub fn bookmark(&self) -> Option<Bookmark> {
        let promising = matches!(self.state, State::Promising);
        promising.then(|| Bookmark {
            flow: Arc::clone(&self.flow),
            place: self.place,
            scope: self.scope.clone(),
            callers: self.callers.clone(),
            memory: self.memory.copy_for_callback(),
        })
    }

    /// The walk of a caller who is called back: it begins with why, and waits in the queue that was promised.
    pub fn resume(bookmark: Bookmark) -> Self {
        let Bookmark { flow, place, scope, callers, memory } = bookmark;
        Self { flow, place, scope, callers, state: State::Fresh, memory, steps: 0 }
    }

    /// Whether nothing follows any more.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Whether the caller is gone and a silent step waits for its answer.
    pub fn is_leaving(&self) -> bool {
        matches!(self.state, State::Leaving)
    }

    /// The places in the answer of the company's system that are read when it comes.
    pub fn wanted_of_answer(&self) -> Vec<Vec<String>> {
        let asked = match (&self.state, &self.memory.ahead) {
            (State::Fetching | State::Leaving, _) => {
                self.flow.block(self.place.block).steps.get(self.place.step)
            }
            (_, Some(Ahead::Asked)) => self.flow.block(self.flow.start).steps.first(),
            (_, _) => None,
        };
        match asked {
            Some(Step::Http(http)) => http.saves.iter().map(|save| save.path.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// What it wants of its caller now.
    pub fn posture(&self) -> Posture {
        match &self.state {
            State::Fresh | State::Announcing | State::Hearing { .. } | State::Pausing => Posture::Speaking,
            State::Greeting | State::Returning | State::Beeping => Posture::Speaking,
            State::Choosing(_) | State::Collecting(_) | State::Confirming(_) => Posture::Keys,
            State::Surveying(_) | State::Numbering(_) | State::Offering(_) => Posture::Keys,
            State::Fetching | State::Promising | State::Waiting(_) | State::Ringing => Posture::Waiting,
            State::Talking | State::Recording => Posture::Talking,
            State::Leaving | State::Over => Posture::Over,
        }
    }

    /// What is to be done now that this has happened. An event that means nothing in the present state changes nothing.
    pub fn on(&mut self, event: Event, cx: &dyn Context) -> Vec<Action> {
        let mut turn = Turn::new(Arc::clone(&self.flow), cx, &mut self.memory, &mut self.scope);
        turn.count(&event);
        let state = std::mem::replace(&mut self.state, State::Over);
        if matches!(state, State::Leaving) {
            self.state = leaving::on(event, &mut self.place, &mut turn);
            return turn.finish();
        }
        if event == Event::HungUp {
            self.state = leaving::begin(&state, &mut self.place, &mut turn);
            return turn.finish();
        }
        if turn.swallows(&event) {
            self.state = state;
            return turn.finish();
        }
        // A refusal can come at once, again and again: it gives no new breath. Nor does an answer of a system.
        if !matches!(event, Event::Queue(_) | Event::Rung(_) | Event::Fetched(_) | Event::Promised(_)) {
            self.steps = 0;
        }
        let tries = turn.memory.tries;
        let mut next = react(state, event, &mut turn, self.place);
        if turn.memory.tries > tries.max(WRONG_ANSWERS_MAX) {
            next = Next::End(HangUp::Normal);
        }
        while self.steps < BLOCKS_WITHOUT_EVENT_MAX {
            match next {
                Next::Stay(state) => {
                    self.state = state;
                    self.flow = Arc::clone(&turn.flow);
                    return turn.finish();
                }
                Next::Step => self.place.step += 1,
                Next::Goto(block) => {
                    self.place = Place { block, step: 0 };
                    visit::trace_block(block, &self.callers, &mut turn);
                }
                Next::Call => match visit::enter(&mut self.place, &mut self.callers, &mut turn) {
                    Some(()) => {}
                    None => break,
                },
                Next::Return => match visit::leave(&mut self.place, &mut self.callers, &mut turn) {
                    Some(()) => {}
                    None => break,
                },
                Next::End(how) => {
                    turn.act(Action::HangUp(how));
                    return turn.finish();
                }
            }
            self.steps += 1;
            let flow = Arc::clone(&turn.flow);
            next = match flow.block(self.place.block).steps.get(self.place.step) {
                Some(step) => match turn.lacking(step) {
                    Some(block) => Next::Goto(block),
                    None => enter(step, &mut turn, self.place),
                },
                // A block that compiled has an end.
                None => Next::End(HangUp::Technical),
            };
        }
        // The checker proves that no loop is deaf; this holds if it erred.
        turn.act(Action::HangUp(HangUp::Technical));
        turn.finish()
    }
}

/// Where a walk stands when its caller was promised a call back.
#[derive(Debug)]
pub struct Bookmark {
    flow: Arc<Flow>,
    place: Place,
    scope: Scope,
    callers: Vec<Frame>,
    memory: Memory,
}

/// Begins a step.
fn enter(step: &Step, turn: &mut Turn<'_>, place: Place) -> Next {
    match step {
        Step::Say(say)
            if say.interruptible && turn.has_keys() && turn.flow.leads_to_key(place.block, place.step) =>
        {
            Next::Step
        }
        Step::Say(say) => match turn.say(&[&say.speech]) {
            true => Next::Stay(State::Hearing { interruptible: say.interruptible }),
            false => Next::Step,
        },
        Step::Wait(wait) => {
            turn.music(&wait.music);
            turn.wake(wait.duration);
            Next::Stay(State::Pausing)
        }
        Step::Menu(menu) => choosing::enter(menu, turn),
        Step::Ask(ask) => collecting::enter(ask, turn),
        Step::Survey(survey) => surveying::enter(survey, turn),
        Step::Branch(branch) => choose(branch, step, turn),
        Step::Split(split) => {
            let place = (place.block.0 as u64) << 16 | place.step as u64;
            Next::Goto(split.choose(mixed(turn.cx.call().chance, place)))
        }
        Step::Goto(block) => Next::Goto(*block),
        Step::Call(_) => Next::Call,
        Step::Return(_) => Next::Return,
        Step::Set(_) | Step::Tag(_) | Step::Event(_) | Step::Letter(_) => {
            quietly(step, turn);
            Next::Step
        }
        Step::Http(http) => fetching::enter(http, turn),
        Step::Queue(queue) => waiting::enter(queue, turn, false),
        Step::Callback(callback) => offering::enter(callback, turn),
        Step::Ring(ring) => ringing::enter(ring, turn),
        Step::Voicemail(_) | Step::Record(_) => recording::enter(turn),
        Step::HangUp(how) => Next::End(*how),
    }
}

/// A branch. What hangs on a secret cannot be repeated from the journal, so that what came out stands there.
fn choose(branch: &Branch, step: &Step, turn: &mut Turn<'_>) -> Next {
    let chosen = branch.choose(&turn.reading());
    let exits = step.exits();
    let chosen = if turn.is_secret(step.reads().into_iter()) {
        let place = chosen.and_then(|block| exits.iter().position(|exit| *exit == block));
        let outcome = u32::try_from(place.map_or(0, |place| place + 1)).unwrap_or(0);
        let witnessed = turn.cx.witness(outcome) as usize;
        witnessed.checked_sub(1).and_then(|place| exits.get(place).copied())
    } else {
        chosen
    };
    chosen.map_or(Next::Step, Next::Goto)
}

/// The number that a call drew, for one of its steps: SplitMix64's finaliser, so that two steps do not decide alike.
fn mixed(chance: u64, place: u64) -> u64 {
    let mut bits = chance ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A step that nobody hears and nothing is awaited of.
fn quietly(step: &Step, turn: &mut Turn<'_>) {
    match step {
        Step::Set(set) => {
            let values: Vec<_> = set
                .values
                .iter()
                .filter_map(|(name, value)| {
                    let secret = turn.is_secret(value.reads().into_iter());
                    Some((name, value.evaluate(&turn.reading())?, secret))
                })
                .collect();
            for (name, value, secret) in values {
                turn.set(name, value, secret);
            }
            if let Some(language) = set.language {
                turn.memory.language = language;
            }
        }
        Step::Tag(tag) => turn.trace(Trace::Tag(tag.clone())),
        Step::Event(event) => {
            let fill = |(name, value): &(Name, super::template::Template)| {
                (name.clone(), value.fill(Written::Prose, &turn.reading()))
            };
            let fields = event.fields.iter().map(fill).collect();
            turn.trace(Trace::Event(event.name.clone(), fields));
        }
        Step::Letter(letter) => {
            if let Some(letter) = letter.write(turn.flow.normalise, &turn.reading()) {
                turn.act(Action::Send(letter));
            }
        }
        _ => {}
    }
}

/// What the present state makes of an event.
fn react(state: State, event: Event, turn: &mut Turn<'_>, place: Place) -> Next {
    if let (State::Fresh, Event::Begin) = (&state, &event) {
        return begin(turn);
    }
    let flow = Arc::clone(&turn.flow);
    let Some(step) = flow.block(place.block).steps.get(place.step) else { return Next::Stay(state) };
    match (state, event) {
        (State::Fetching, Event::Fetched(fetched)) => match step {
            Step::Http(http) => fetching::answered(http, fetched, turn),
            _ => Next::Stay(State::Fetching),
        },
        (state, Event::Fetched(fetched)) if matches!(turn.memory.ahead, Some(Ahead::Asked)) => {
            turn.memory.ahead = Some(Ahead::Answered(fetched));
            Next::Stay(state)
        }
        (State::Announcing, Event::Played) => {
            turn.trace(Trace::AnnouncementEnded(true));
            Next::Goto(turn.flow.start)
        }
        (State::Hearing { .. }, Event::Played) => Next::Step,
        (State::Pausing, Event::Timeout) => {
            turn.hush();
            Next::Step
        }
        (State::Hearing { interruptible: true }, Event::Digit(digit)) => {
            turn.keep(digit);
            turn.hush();
            Next::Step
        }
        (
            state @ (State::Announcing
            | State::Hearing { .. }
            | State::Pausing
            | State::Fetching
            | State::Promising),
            Event::Digit(digit),
        ) => {
            turn.keep(digit);
            Next::Stay(state)
        }
        (state, event) => reacting::on(state, event, step, turn),
    }
}

/// Law 3: on a free number the announcement is the first thing heard, and nothing cuts it. Who is called back pays nothing,
/// and hears why the telephone rang.
fn begin(turn: &mut Turn<'_>) -> Next {
    if turn.memory.called_back {
        let clip = turn.phrase(&system::CALLING_BACK);
        turn.play(vec![clip]);
        return Next::Stay(State::Greeting);
    }
    let flow = Arc::clone(&turn.flow);
    if let Some(announcement) = flow.announcement.as_ref().filter(|_| turn.cx.call().free) {
        turn.trace(Trace::AnnouncementBegun);
        turn.say(&[announcement]);
        // A look-up that comes first is asked now: its answer is there when the announcement ends.
        if let Some(Step::Http(http)) = flow.block(flow.start).steps.first()
            && http.exits.is_none()
            && fetching::ask(http, turn)
        {
            turn.memory.ahead = Some(Ahead::Asked);
        }
        return Next::Stay(State::Announcing);
    }
    Next::Goto(flow.start)
}

#[cfg(test)]
mod chaos;
#[cfg(test)]
mod tests;
