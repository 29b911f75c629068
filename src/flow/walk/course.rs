//! The walk itself: from event to event, from step to step, within its bounds.

use std::sync::Arc;

use super::super::context::Context;
use super::super::graph::Flow;
use super::super::next::Next;
use super::super::speech::Language;
use super::super::system;
use super::super::turn::{Ahead, Memory, Scope, Turn};
use super::super::verb::Step;
use super::super::vocabulary::{Action, Event, HangUp, QueueNews, RingNews, Trace};
use super::left::Cause;
use super::state::{Posture, State};
use super::visit::{self, Frame, Place};
use super::{entering, fetching, leaving, left, reacting};
use crate::base::limit::{BLOCKS_WITHOUT_EVENT_MAX, LAPS_MAX, WRONG_ANSWERS_MAX};

/// The walk of one call.
#[derive(Debug)]
pub struct Walk {
    pub(super) flow: Arc<Flow>,
    pub(super) place: Place,
    pub(super) scope: Scope,
    /// The flows that have called this one, the first one first.
    pub(super) callers: Vec<Frame>,
    pub(super) state: State,
    pub(super) memory: Memory,
    /// Steps begun since the caller was last heard, or time passed.
    pub(super) steps: usize,
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
    pub(crate) fn bookmark(&self) -> Option<Bookmark> {
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
    pub(crate) fn resume(bookmark: Bookmark) -> Self {
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
    pub(crate) fn wanted_of_answer(&self) -> Vec<Vec<String>> {
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

    /// The language that its caller hears.
    pub(crate) const fn language(&self) -> Language {
        self.memory.language
    }

    /// What it wants of its caller now.
    pub fn posture(&self) -> Posture {
        self.state.posture()
    }

    /// What is to be done now that this has happened. An event that means nothing in the present state changes nothing.
    pub fn on(&mut self, event: Event, cx: &dyn Context) -> Vec<Action> {
        let plan = Arc::clone(&self.flow.plan);
        let mut turn = Turn::new(&*plan, cx, &mut self.memory, &mut self.scope);
        turn.count(&event);
        let state = std::mem::replace(&mut self.state, State::Over);
        if matches!(state, State::Leaving) {
            self.state = leaving::on(&self.flow, event, &mut self.place, &mut turn);
            return turn.finish();
        }
        if event == Event::HungUp {
            self.state = leaving::begin(&self.flow, &state, &mut self.place, &mut turn);
            return turn.finish();
        }
        if turn.swallows(&event) {
            self.state = state;
            return turn.finish();
        }
        take_breath(&event, &mut self.steps, &mut turn.memory.laps);
        let (tries, cause) = (turn.memory.tries, Cause::of(&event));
        let mut next = match (state, event) {
            (State::Fresh, Event::Begin) => begin(&self.flow, &mut turn),
            (state, event) => reacting::react(state, event, &self.flow, self.place, &mut turn),
        };
        // The company pays for each minute: who goes round and round, man or machine, does so within bounds.
        if turn.memory.tries > tries.max(WRONG_ANSWERS_MAX) || turn.memory.laps > LAPS_MAX {
            next = Next::End(HangUp::Normal);
        }
        while self.steps < BLOCKS_WITHOUT_EVENT_MAX {
            match next {
                Next::Stay(state) => {
                    self.state = state;
                    return turn.finish();
                }
                Next::Step => self.place.step += 1,
                Next::PassOver(why) => {
                    self.place = leaving::pass_over(&self.flow, self.place, why, &mut turn);
                }
                Next::Goto(block) => {
                    left::note(&self.flow, self.place, block, cause, &mut turn);
                    self.place = Place { block, step: 0 };
                    visit::trace_block(&self.flow, block, &self.callers, &mut turn);
                }
                Next::Call => {
                    let (flow, place, callers) = (&mut self.flow, &mut self.place, &mut self.callers);
                    if visit::enter(flow, place, callers, cx, &mut turn).is_none() {
                        break;
                    }
                }
                Next::Return => {
                    let (flow, place, callers) = (&mut self.flow, &mut self.place, &mut self.callers);
                    if visit::leave(flow, place, callers, &mut turn).is_none() {
                        break;
                    }
                }
                Next::End(how) => {
                    turn.act(Action::HangUp(how));
                    return turn.finish();
                }
            }
            self.steps += 1;
            let flow = Arc::clone(&self.flow);
            next = match flow.block(self.place.block).steps.get(self.place.step) {
                Some(step) => match turn.lacking(|| step.reads()) {
                    Some(block) => Next::Goto(block),
                    None => entering::enter(step, &flow, self.place, &mut turn),
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

/// Counts anew what this event gives new breath to: blocks without an event, and laps without an achievement.
fn take_breath(event: &Event, steps: &mut usize, laps: &mut u32) {
    // A refusal can come at once, again and again: it gives none. Nor does an answer of a system.
    if !matches!(event, Event::Queue(_) | Event::Rung(_) | Event::Fetched(_) | Event::Promised(_)) {
        *steps = 0;
    }
    if achieves(event) {
        *laps = 0;
    }
}

/// Whether the caller has got something by it.
fn achieves(event: &Event) -> bool {
    match event {
        Event::Queue(QueueNews::Answered(_)) | Event::Rung(RingNews::Answered(_)) | Event::Promised(true) => {
            true
        }
        Event::Recorded(recorded) => recorded.kept,
        _ => false,
    }
}

/// Where a walk stands when its caller was promised a call back.
#[derive(Debug)]
pub(crate) struct Bookmark {
    flow: Arc<Flow>,
    place: Place,
    scope: Scope,
    callers: Vec<Frame>,
    memory: Memory,
}

/// Law 3: on a free number the announcement is the first thing heard, and nothing cuts it. Who is called back pays nothing,
/// and hears why the telephone rang.
fn begin(flow: &Flow, turn: &mut Turn<'_>) -> Next<State> {
    if turn.memory.called_back {
        let clip = turn.phrase(&system::CALLING_BACK);
        turn.play(vec![clip]);
        return Next::Stay(State::Greeting);
    }
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
