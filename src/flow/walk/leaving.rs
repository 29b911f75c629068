//! The caller is gone. Silent steps that directly follow a recording still run: people hang up after the beep.

use std::sync::Arc;

use super::super::verb::Step;
use super::super::vocabulary::{Event, Trace};
use super::turn::Turn;
use super::{Next, Place, State, fetching, quietly, recording};

/// The caller hangs up.
pub(super) fn begin(state: &State, place: &mut Place, turn: &mut Turn<'_>) -> State {
    match state {
        State::Announcing => {
            turn.trace(Trace::AnnouncementEnded(false));
            State::Over
        }
        State::Beeping | State::Recording => {
            let flow = Arc::clone(&turn.flow);
            let step = flow.block(place.block).steps.get(place.step);
            match (state, step) {
                // What was said is handed over in a moment: the steps behind may send it on.
                (State::Recording, Some(Step::Record(_))) => return State::Leaving,
                (_, Some(step)) => recording::keep(step, None, turn),
                (_, None) => {}
            }
            place.step += 1;
            run(place, turn)
        }
        _ => State::Over,
    }
}

/// What a silent step has waited for.
pub(super) fn on(event: Event, place: &mut Place, turn: &mut Turn<'_>) -> State {
    let flow = Arc::clone(&turn.flow);
    let Some(step) = flow.block(place.block).steps.get(place.step) else { return State::Over };
    match (step, event) {
        (Step::Http(http), Event::Fetched(fetched)) => match fetching::answered(http, fetched, turn) {
            Next::Step => {}
            // Another block is no longer silent.
            _ => return State::Over,
        },
        (Step::Record(_), Event::Recorded(recorded)) => recording::keep(step, Some(&recorded), turn),
        (_, _) => return State::Leaving,
    }
    place.step += 1;
    run(place, turn)
}

/// Runs silent steps until one waits, or one is not silent.
fn run(place: &mut Place, turn: &mut Turn<'_>) -> State {
    let flow = Arc::clone(&turn.flow);
    for step in flow.block(place.block).steps.iter().skip(place.step) {
        if !step.is_silent() || turn.lacking(step).is_some() {
            break;
        }
        match step {
            Step::Http(http) => {
                if fetching::ask(http, turn) {
                    return State::Leaving;
                }
            }
            step => quietly(step, turn),
        }
        place.step += 1;
    }
    State::Over
}
