//! The walk of one call through its flow: the conversation, as a state machine that one can read aloud.
//!
//! Announcing, Hearing, Pausing, Choosing, Collecting, Confirming, Waiting, Ringing, Talking, Beeping, Recording, Over.
//! Each state has a file with its data and what it makes of each event. No clock, no audio, no telephony: events in,
//! actions out.

mod choosing;
mod collecting;
mod recording;
mod ringing;
mod turn;
mod waiting;

use std::sync::Arc;

use self::choosing::Choosing;
use self::collecting::{Collecting, Confirming};
use self::turn::{Memory, Turn};
use self::waiting::Waiting;
use super::graph::{BlockId, Flow};
use super::verb::Step;
use super::vocabulary::{Action, Context, Event, HangUp, QueueNews, RingNews, Trace};
use crate::base::limit::BLOCKS_WITHOUT_EVENT_MAX;

/// The walk of one call.
#[derive(Debug)]
pub struct Walk {
    flow: Arc<Flow>,
    place: Place,
    state: State,
    memory: Memory,
    /// Steps begun since the caller was last heard, or time passed.
    steps: usize,
}

/// Where a walk stands: a step of a block.
#[derive(Copy, Clone, Debug)]
struct Place {
    block: BlockId,
    step: usize,
}

/// What a call is in the middle of.
#[derive(Debug)]
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
    /// The end of the call.
    End(HangUp),
}

impl Walk {
    /// A walk that has not begun.
    pub fn new(flow: Arc<Flow>) -> Self {
        let place = Place { block: flow.start, step: 0 };
        Self { flow, place, state: State::Fresh, memory: Memory::default(), steps: 0 }
    }

    /// What is to be done now that this has happened. An event that means nothing in the present state changes nothing.
    pub fn on(&mut self, event: Event, cx: &dyn Context) -> Vec<Action> {
        let flow = Arc::clone(&self.flow);
        let mut turn = Turn::new(&flow, cx, &mut self.memory);
        let state = std::mem::replace(&mut self.state, State::Over);
        if event == Event::HungUp {
            goodbye(&mut turn, &state, self.place);
            return turn.finish();
        }
        if turn.swallows(&event) {
            self.state = state;
            return turn.finish();
        }
        // A refusal can come at once, again and again: it gives no new breath.
        if !matches!(event, Event::Queue(_) | Event::Rung(_)) {
            self.steps = 0;
        }
        let mut next = react(state, event, &mut turn, self.place);
        while self.steps < BLOCKS_WITHOUT_EVENT_MAX {
            match next {
                Next::Stay(state) => {
                    self.state = state;
                    return turn.finish();
                }
                Next::Step => self.place.step += 1,
                Next::Goto(block) => {
                    self.place = Place { block, step: 0 };
                    turn.trace(Trace::Block(flow.block(block).name.clone()));
                }
                Next::End(how) => {
                    turn.act(Action::HangUp(how));
                    return turn.finish();
                }
            }
            self.steps += 1;
            next = match flow.block(self.place.block).steps.get(self.place.step) {
                Some(step) => enter(step, &mut turn, self.place),
                // A block that compiled has an end.
                None => Next::End(HangUp::Technical),
            };
        }
        // The checker proves that no loop is deaf; this holds if it erred.
        turn.act(Action::HangUp(HangUp::Technical));
        turn.finish()
    }
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
        Step::Branch(branch) => match branch.choose(&turn.memory.variables, turn.cx) {
            Some(block) => Next::Goto(block),
            None => Next::Step,
        },
        Step::Goto(block) => Next::Goto(*block),
        Step::Set(_) | Step::Tag(_) => {
            quietly(step, turn);
            Next::Step
        }
        Step::Queue(queue) => waiting::enter(queue, turn, false),
        Step::Ring(ring) => ringing::enter(ring, turn),
        Step::Voicemail(_) => recording::enter(turn),
        Step::HangUp(how) => Next::End(*how),
    }
}

/// A step that nobody hears.
fn quietly(step: &Step, turn: &mut Turn<'_>) {
    match step {
        Step::Set(set) => {
            for (name, value) in &set.values {
                if let Some(value) = value.evaluate(&turn.memory.variables, turn.cx) {
                    turn.memory.variables.insert(name.clone(), value);
                }
            }
        }
        Step::Tag(tag) => turn.trace(Trace::Tag(tag.clone())),
        _ => {}
    }
}

/// What the present state makes of an event.
fn react(state: State, event: Event, turn: &mut Turn<'_>, place: Place) -> Next {
    if let (State::Fresh, Event::Begin) = (&state, &event) {
        return begin(turn);
    }
    let Some(step) = turn.flow.block(place.block).steps.get(place.step) else { return Next::Stay(state) };
    match (state, event) {
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
        (state @ (State::Announcing | State::Hearing { .. } | State::Pausing), Event::Digit(digit)) => {
            turn.keep(digit);
            Next::Stay(state)
        }
        (State::Choosing(choosing), event) => match step {
            Step::Menu(menu) => choosing.on(menu, event, turn),
            _ => Next::Stay(State::Choosing(choosing)),
        },
        (State::Collecting(collecting), event) => match step {
            Step::Ask(ask) => collecting.on(ask, event, turn),
            _ => Next::Stay(State::Collecting(collecting)),
        },
        (State::Confirming(confirming), event) => match step {
            Step::Ask(ask) => confirming.on(ask, event, turn),
            _ => Next::Stay(State::Confirming(confirming)),
        },
        (State::Waiting(waiting), event) => match step {
            Step::Queue(queue) => waiting.on(queue, event, turn),
            _ => Next::Stay(State::Waiting(waiting)),
        },
        (State::Ringing, Event::Rung(news)) => match step {
            Step::Ring(ring) => ringing::on(ring, &news, turn),
            _ => Next::Stay(State::Ringing),
        },
        (State::Talking, Event::Queue(QueueNews::AgentLeft(_)) | Event::Rung(RingNews::Ended)) => {
            Next::End(HangUp::Normal)
        }
        (State::Talking, Event::Queue(QueueNews::AgentLost(_))) => waiting::excuse(turn),
        (State::Returning, Event::Played) => match step {
            Step::Queue(queue) => waiting::enter(queue, turn, true),
            _ => Next::End(HangUp::Technical),
        },
        (State::Beeping, Event::Played) => recording::record(step, turn),
        (State::Recording, Event::Recorded(recorded)) => recording::ended(&recorded, turn),
        (state, _) => Next::Stay(state),
    }
}

/// Law 3: on a free number the announcement is the first thing heard, and nothing cuts it.
fn begin(turn: &mut Turn<'_>) -> Next {
    if let Some(announcement) = turn.flow.announcement.as_ref().filter(|_| turn.cx.call().free) {
        turn.trace(Trace::AnnouncementBegun);
        turn.say(&[announcement]);
        return Next::Stay(State::Announcing);
    }
    Next::Goto(turn.flow.start)
}

/// The caller is gone. Silent steps that directly follow a recording still run: people hang up after the beep.
fn goodbye(turn: &mut Turn<'_>, state: &State, place: Place) {
    match state {
        State::Announcing => turn.trace(Trace::AnnouncementEnded(false)),
        State::Beeping | State::Recording => {
            let steps = turn.flow.block(place.block).steps.iter().skip(place.step + 1);
            for step in steps.take_while(|step| step.is_silent()) {
                quietly(step, turn);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod chaos;
#[cfg(test)]
mod tests;
