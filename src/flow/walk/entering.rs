//! A step begins: what is said and asked first, or what it does without a word.

use super::super::graph::Flow;
use super::super::next::Next;
use super::super::template::{Place as Written, Template};
use super::super::turn::Turn;
use super::super::verb::Step;
use super::super::verb::branch::Branch;
use super::super::vocabulary::{Action, Trace};
use super::state::State;
use super::visit::Place;
use super::{choosing, collecting, fetching, offering, recording, ringing, waiting};
use crate::base::name::Name;

/// Begins a step.
pub(super) fn enter(step: &Step, flow: &Flow, place: Place, turn: &mut Turn<'_>) -> Next<State> {
    match step {
        Step::Say(say)
            if say.interruptible && turn.has_keys() && flow.leads_to_key(place.block, place.step) =>
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
        Step::Menu(menu) => choosing::enter(menu, turn).map(State::Choosing),
        Step::Ask(ask) => collecting::enter(ask, turn).map(State::from),
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
        Step::Http(http) => fetching::enter(http, flow, turn).map(|()| State::Fetching),
        Step::Queue(queue) => waiting::enter(queue, turn, false).map(State::from),
        Step::Callback(callback) => offering::enter(callback, turn).map(State::from),
        Step::Ring(ring) => ringing::enter(ring, turn).map(State::from),
        Step::Voicemail(_) | Step::Record(_) => {
            recording::beep(turn);
            Next::Stay(State::Beeping)
        }
        Step::HangUp(how) => Next::End(*how),
        Step::Whole(own) => own.step().begin_walking(turn).map(State::Conversing),
    }
}

/// A branch. What hangs on a secret cannot be repeated from the journal, so that what came out stands there.
fn choose(branch: &Branch, step: &Step, turn: &mut Turn<'_>) -> Next<State> {
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
pub(super) fn quietly(step: &Step, turn: &mut Turn<'_>) {
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
            let fill = |(name, value): &(Name, Template)| {
                (name.clone(), value.fill(Written::Prose, &turn.reading()))
            };
            let fields = event.fields.iter().map(fill).collect();
            turn.trace(Trace::Event(event.name.clone(), fields));
        }
        Step::Letter(letter) => {
            if let Some(letter) = letter.write(turn.plan, &turn.reading()) {
                turn.act(Action::Send(letter));
            }
        }
        _ => {}
    }
}
