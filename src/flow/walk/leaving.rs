//! The caller is gone. Silent steps that directly follow a recording still run: people hang up after the beep. And what is
//! passed over behind a recording that was not kept.

use super::super::graph::Flow;
use super::super::next::{Next, Unkept};
use super::super::turn::Turn;
use super::super::verb::Step;
use super::super::vocabulary::{Event, Trace};
use super::entering::quietly;
use super::state::State;
use super::visit::Place;
use super::{fetching, recording};

/// The caller hangs up.
pub(super) fn begin(flow: &Flow, state: &State, place: &mut Place, turn: &mut Turn<'_>) -> State {
    match state {
        State::Fetching if is_after_keeping(flow, place) => State::Leaving,
        State::Announcing => {
            turn.trace(Trace::AnnouncementEnded(false));
            State::Over
        }
        State::Beeping | State::Recording => {
            let step = flow.block(place.block).steps.get(place.step);
            match (state, step) {
                // What was said is handed over in a moment: the steps behind may send it on.
                (State::Recording, Some(_)) => return State::Leaving,
                // Who hangs up at the beep has said nothing.
                (_, Some(step)) => recording::keep(step, None, turn),
                (_, None) => {}
            }
            place.step += 1;
            run(flow, place, Some(Unkept::Empty), turn)
        }
        _ => State::Over,
    }
}

/// Whether only silent steps stand between this one and what the caller left behind: a message, or a promise taken.
fn is_after_keeping(flow: &Flow, place: &Place) -> bool {
    let mut before = flow.block(place.block).steps.iter().take(place.step).rev();
    let last = before.find(|step| !step.is_silent());
    matches!(last, Some(Step::Voicemail(_) | Step::Record(_) | Step::Callback(_)))
}

/// What a silent step has waited for.
pub(super) fn on(flow: &Flow, event: Event, place: &mut Place, turn: &mut Turn<'_>) -> State {
    let Some(step) = flow.block(place.block).steps.get(place.step) else { return State::Over };
    let mut why = None;
    match (step, event) {
        (Step::Http(http), Event::Fetched(fetched)) => match fetching::answered(http, fetched, flow, turn) {
            Next::Step => {}
            // Another block is no longer silent.
            _ => return State::Over,
        },
        (Step::Record(_) | Step::Voicemail(_), Event::Recorded(recorded)) => {
            recording::keep(step, Some(&recorded), turn);
            why = recording::unkept(&recorded);
        }
        (_, _) => return State::Leaving,
    }
    place.step += 1;
    run(flow, place, why, turn)
}

/// Runs silent steps until one waits, or one is not silent.
fn run(flow: &Flow, place: &mut Place, unkept: Option<Unkept>, turn: &mut Turn<'_>) -> State {
    if let Some(why) = unkept {
        let recording = Place { step: place.step.saturating_sub(1), ..*place };
        *place = pass_over(flow, recording, why, turn);
        return State::Over;
    }
    for step in flow.block(place.block).steps.iter().skip(place.step) {
        if !step.is_silent() || turn.lacking(|| step.reads()).is_some() {
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

/// The place of the first step behind a recording, of which there is no message, that neither takes it for kept nor is silent.
/// Silent steps on the way that do not take it for kept are done.
pub(super) fn pass_over(flow: &Flow, place: Place, why: Unkept, turn: &mut Turn<'_>) -> Place {
    let steps = &flow.block(place.block).steps;
    let recording = steps.get(place.step);
    let mut place = Place { step: place.step + 1, ..place };
    for step in steps.iter().skip(place.step) {
        match step {
            step if recording::believes(step, recording, why) => {}
            Step::Http(_) => break,
            step if step.is_silent() && turn.lacking(|| step.reads()).is_none() => quietly(step, turn),
            _ => break,
        }
        place.step += 1;
    }
    place
}
