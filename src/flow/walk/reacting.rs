//! What a step that waits for something makes of an event.

use super::*;

/// The event goes to the step's own state; one that does not concern it changes nothing.
pub(super) fn on(state: State, event: Event, step: &Step, turn: &mut Turn<'_>) -> Next {
    match (state, event) {
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
        (State::Surveying(surveying), event) => match step {
            Step::Survey(survey) => surveying.on(survey, event, turn),
            _ => Next::Stay(State::Surveying(surveying)),
        },
        (State::Numbering(collecting), event) => match step {
            Step::Callback(callback) => offering::on_number(collecting, callback, event, turn),
            _ => Next::Stay(State::Numbering(collecting)),
        },
        (State::Offering(offering), event) => match step {
            Step::Callback(callback) => offering.on(callback, event, turn),
            _ => Next::Stay(State::Offering(offering)),
        },
        (State::Promising, Event::Promised(kept)) => match step {
            Step::Callback(callback) => offering::promised(kept, callback, turn),
            _ => Next::Stay(State::Promising),
        },
        (State::Greeting, Event::Played) => match step {
            Step::Callback(callback) => waiting::enter(&callback.wait, turn, true),
            _ => Next::End(HangUp::Technical),
        },
        (State::Waiting(waiting), event) => match step {
            Step::Queue(queue) => waiting.on(queue, event, turn),
            Step::Callback(callback) => waiting.on(&callback.wait, event, turn),
            _ => Next::Stay(State::Waiting(waiting)),
        },
        (State::Ringing, Event::Rung(news)) => match step {
            Step::Ring(ring) => ringing::on(ring, &news, turn),
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
        (State::Talking, Event::Queue(QueueNews::AgentLost(_))) => waiting::excuse(turn),
        (State::Returning, Event::Played) => match step {
            Step::Queue(queue) => waiting::enter(queue, turn, true),
            Step::Callback(callback) => waiting::enter(&callback.wait, turn, true),
            _ => Next::End(HangUp::Technical),
        },
        (State::Beeping, Event::Played) => recording::record(step, turn),
        (State::Recording, Event::Recorded(recorded)) => recording::ended(step, &recorded, turn),
        (state, _) => Next::Stay(state),
    }
}
