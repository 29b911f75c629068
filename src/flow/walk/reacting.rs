//! What the present state makes of an event; one that does not concern it changes nothing.

use super::super::graph::Flow;
use super::super::next::Next;
use super::super::turn::{Ahead, Turn};
use super::super::verb::Step;
use super::super::vocabulary::{Event, HangUp, QueueNews, RingNews, Trace};
use super::state::State;
use super::visit::Place;
use super::{fetching, offering, recording, ringing, waiting};

/// What the present state makes of an event.
pub(super) fn react(
    state: State,
    event: Event,
    flow: &Flow,
    place: Place,
    turn: &mut Turn<'_>,
) -> Next<State> {
    let Some(step) = flow.block(place.block).steps.get(place.step) else { return Next::Stay(state) };
    match (state, event) {
        (State::Fetching, Event::Fetched(fetched)) => match step {
            Step::Http(http) => fetching::answered(http, fetched, flow, turn).map(|()| State::Fetching),
            _ => Next::Stay(State::Fetching),
        },
        (state, Event::Fetched(fetched)) if matches!(turn.memory.ahead, Some(Ahead::Asked)) => {
            turn.memory.ahead = Some(Ahead::Answered(fetched));
            Next::Stay(state)
        }
        (State::Announcing, Event::Played) => {
            turn.trace(Trace::AnnouncementEnded(true));
            Next::Goto(flow.start)
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
            | State::Apologising(_)
            | State::Promising),
            Event::Digit(digit),
        ) => {
            turn.keep(digit);
            Next::Stay(state)
        }
        (state, event) => wait(state, event, step, turn),
    }
}

/// The event goes to the step's own state; one that does not concern it changes nothing.
fn wait(state: State, event: Event, step: &Step, turn: &mut Turn<'_>) -> Next<State> {
    match (state, event) {
        (State::Choosing(choosing), event) => match step {
            Step::Menu(menu) => choosing.on(menu, event, turn).map(State::Choosing),
            _ => Next::Stay(State::Choosing(choosing)),
        },
        (State::Collecting(collecting), event) => match step {
            Step::Ask(ask) => collecting.on(ask, event, turn).map(State::from),
            _ => Next::Stay(State::Collecting(collecting)),
        },
        (State::Confirming(confirming), event) => match step {
            Step::Ask(ask) => confirming.on(ask, event, turn).map(State::from),
            _ => Next::Stay(State::Confirming(confirming)),
        },
        (State::Conversing(moment), event) => match step {
            Step::Whole(own) => own.step().walk_on(moment, event, turn).map(State::Conversing),
            _ => Next::Stay(State::Conversing(moment)),
        },
        (State::Numbering(collecting), event) => match step {
            Step::Callback(callback) => {
                offering::on_number(collecting, callback, event, turn).map(State::from)
            }
            _ => Next::Stay(State::Numbering(collecting)),
        },
        (State::Offering(offering), event) => match step {
            Step::Callback(callback) => offering.on(callback, event, turn).map(State::from),
            _ => Next::Stay(State::Offering(offering)),
        },
        (State::Promising, Event::Promised(kept)) => match step {
            Step::Callback(callback) => offering::promised(kept, callback, turn).map(State::from),
            _ => Next::Stay(State::Promising),
        },
        (State::Greeting, Event::Played) => match step {
            Step::Callback(callback) => waiting::enter(&callback.wait, turn, true).map(State::from),
            _ => Next::End(HangUp::Technical),
        },
        (State::Waiting(waiting), event) => match step {
            Step::Queue(queue) => waiting.on(queue, event, turn).map(State::from),
            Step::Callback(callback) => waiting.on(&callback.wait, event, turn).map(State::from),
            _ => Next::Stay(State::Waiting(waiting)),
        },
        (State::Ringing, Event::Rung(news)) => match step {
            Step::Ring(ring) => ringing::on(ring, &news, turn).map(State::from),
            _ => Next::Stay(State::Ringing),
        },
        (State::Talking, Event::Queue(QueueNews::AgentLeft(_)) | Event::Rung(RingNews::Ended)) => {
            let after = match step {
                Step::Queue(queue) => queue.after,
                Step::Ring(ring) => ring.after,
                _ => None,
            };
            after.map_or(Next::End(HangUp::Normal), Next::Goto)
        }
        // Who was cut off and has not hung up is where nobody could be reached.
        (State::Talking, Event::Rung(RingNews::Lost)) => match step {
            Step::Ring(ring) => Next::Goto(ring.failed),
            _ => Next::End(HangUp::Technical),
        },
        (State::Talking, Event::Queue(QueueNews::AgentLost(_))) => waiting::excuse(turn).map(State::from),
        (State::Returning, Event::Played) => match step {
            Step::Queue(queue) => waiting::enter(queue, turn, true).map(State::from),
            Step::Callback(callback) => waiting::enter(&callback.wait, turn, true).map(State::from),
            _ => Next::End(HangUp::Technical),
        },
        (State::Beeping, Event::Played) => match recording::record(step, turn) {
            true => Next::Stay(State::Recording),
            false => Next::Step,
        },
        (State::Recording, Event::Recorded(recorded)) => recording::ended(step, &recorded, turn),
        (State::Apologising(why), Event::Played) => Next::PassOver(why),
        (state, _) => Next::Stay(state),
    }
}
