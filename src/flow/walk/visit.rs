//! Into another flow, and back with what it gives.

use std::sync::Arc;

use super::super::block::BlockId;
use super::super::context::Context;
use super::super::graph::Flow;
use super::super::turn::{Scope, Turn};
use super::super::value::{Expression, Value};
use super::super::verb::Step;
use super::super::vocabulary::Trace;
use crate::base::limit::CALL_DEPTH_MAX;
use crate::base::name::Name;

/// Where a walk stands: a step of a block.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) block: BlockId,
    pub(super) step: usize,
}

/// A flow that waits for another to come back.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) flow: Arc<Flow>,
    pub(super) place: Place,
    pub(super) scope: Scope,
}

/// Goes into the flow that the step at `place` calls. None when it cannot: the checker proves that it can.
pub(super) fn enter(
    flow: &mut Arc<Flow>,
    place: &mut Place,
    callers: &mut Vec<Frame>,
    cx: &dyn Context,
    turn: &mut Turn<'_>,
) -> Option<()> {
    let caller = Arc::clone(flow);
    let Step::Call(call) = caller.block(place.block).steps.get(place.step)? else { return None };
    let called = cx.flow(&call.flow).filter(|_| callers.len() < CALL_DEPTH_MAX)?;
    let inputs = values(&call.inputs, turn);
    let scope = std::mem::take(turn.scope);
    callers.push(Frame { flow: Arc::clone(&caller), place: *place, scope });
    for (name, value, secret) in inputs {
        turn.set(&name, value, secret);
    }
    *place = Place { block: called.start, step: 0 };
    *flow = called;
    trace_block(flow, place.block, callers, turn);
    Some(())
}

/// Goes back to the step behind the `call`. None when nothing called: the checker proves that something did.
pub(super) fn leave(
    flow: &mut Arc<Flow>,
    place: &mut Place,
    callers: &mut Vec<Frame>,
    turn: &mut Turn<'_>,
) -> Option<()> {
    let called = Arc::clone(flow);
    let Step::Return(back) = called.block(place.block).steps.get(place.step)? else { return None };
    let outputs = values(&back.outputs, turn);
    let Frame { flow: caller, place: there, scope } = callers.pop()?;
    *turn.scope = scope;
    *flow = caller;
    for (name, value, secret) in outputs {
        turn.set(&name, value, secret);
    }
    *place = Place { step: there.step + 1, ..there };
    Some(())
}

/// A block is entered; those of a flow that was called are named with it.
pub(super) fn trace_block(flow: &Flow, block: BlockId, callers: &[Frame], turn: &mut Turn<'_>) {
    let name = &flow.block(block).name;
    let name = match callers.is_empty() {
        true => name.clone(),
        false => Name::from(format!("{}/{name}", flow.name)),
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
