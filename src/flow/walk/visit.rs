//! Into another flow, and back with what it gives.

use std::sync::Arc;

use super::super::graph::{BlockId, Flow};
use super::super::value::{Expression, Value};
use super::super::verb::Step;
use super::super::vocabulary::Trace;
use super::Place;
use super::turn::{Scope, Turn};
use crate::base::limit::CALL_DEPTH_MAX;
use crate::base::name::Name;

/// A flow that waits for another to come back.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) flow: Arc<Flow>,
    pub(super) place: Place,
    pub(super) scope: Scope,
}

/// Goes into the flow that the step at `place` calls. None when it cannot: the checker proves that it can.
pub(super) fn enter(place: &mut Place, callers: &mut Vec<Frame>, turn: &mut Turn<'_>) -> Option<()> {
    let flow = Arc::clone(&turn.flow);
    let Step::Call(call) = flow.block(place.block).steps.get(place.step)? else { return None };
    let called = turn.cx.flow(&call.flow).filter(|_| callers.len() < CALL_DEPTH_MAX)?;
    let inputs = values(&call.inputs, turn);
    let frame = Frame { flow: Arc::clone(&turn.flow), place: *place, scope: std::mem::take(turn.scope) };
    callers.push(frame);
    for (name, value, secret) in inputs {
        turn.set(&name, value, secret);
    }
    *place = Place { block: called.start, step: 0 };
    turn.flow = called;
    trace_block(place.block, callers, turn);
    Some(())
}

/// Goes back to the step behind the `call`. None when nothing called: the checker proves that something did.
pub(super) fn leave(place: &mut Place, callers: &mut Vec<Frame>, turn: &mut Turn<'_>) -> Option<()> {
    let flow = Arc::clone(&turn.flow);
    let Step::Return(back) = flow.block(place.block).steps.get(place.step)? else { return None };
    let outputs = values(&back.outputs, turn);
    let Frame { flow, place: there, scope } = callers.pop()?;
    *turn.scope = scope;
    turn.flow = flow;
    for (name, value, secret) in outputs {
        turn.set(&name, value, secret);
    }
    *place = Place { step: there.step + 1, ..there };
    Some(())
}

/// A block is entered; those of a flow that was called are named with it.
pub(super) fn trace_block(block: BlockId, callers: &[Frame], turn: &mut Turn<'_>) {
    let name = &turn.flow.block(block).name;
    let name = match callers.is_empty() {
        true => name.clone(),
        false => Name::from(format!("{}/{name}", turn.flow.name)),
    };
    turn.trace(Trace::Block(name));
}

/// Values to give, and whether each is a secret.
fn values(given: &[(Name, Expression)], turn: &Turn<'_>) -> Vec<(Name, Value, bool)> {
    let value = |(name, value): &(Name, Expression)| {
        let secret = turn.is_secret(value.reads().into_iter());
        Some((name.clone(), value.evaluate(&turn.reading())?, secret))
    };
    given.iter().filter_map(value).collect()
}
