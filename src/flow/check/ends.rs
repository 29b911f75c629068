//! Every call can end: from every block that is reached, an end can be reached.

use std::collections::BTreeSet;

use super::super::block::BlockId;
use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::verb::Step;
use super::place::{Others, name_of};
use super::reached;
use crate::base::diagnostic::Text;
use crate::say;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, others: &Others) {
    let ending = ending(flow, others);
    let endless = reached::from(flow, flow.start).into_iter().find(|id| !ending.contains(id));
    // One message, where the call goes round: what leads there is a consequence.
    let endless = endless.map(|id| round(flow, id));
    if let Some(id) = endless {
        let message = say!("from `{}` the call can never end", flow.block(id).name);
        let help = Text::word("lead to a block that ends with `hangup`");
        reader.error(&name_of(flow, id), "endless", message, help);
    }
}

/// Where a call that cannot end goes round: the first block that it comes to again by the last way of each.
fn round(flow: &Flow, mut id: BlockId) -> BlockId {
    let mut seen = BTreeSet::new();
    while seen.insert(id) {
        let Some(next) = flow.block(id).steps.iter().flat_map(Step::exits).last() else { break };
        id = next;
    }
    id
}

/// The blocks from which a call can end, found backwards from those where it does.
fn ending(flow: &Flow, others: &Others) -> BTreeSet<BlockId> {
    let mut before: Vec<Vec<BlockId>> = flow.blocks().map(|_| Vec::new()).collect();
    let mut open = Vec::new();
    for (id, block) in flow.blocks() {
        if block.steps.iter().any(|step| ends(step, others)) {
            open.push(id);
        }
        for exit in block.steps.iter().flat_map(Step::exits) {
            before[exit.0].push(id);
        }
    }
    let mut ending = BTreeSet::new();
    while let Some(id) = open.pop() {
        if ending.insert(id) {
            open.extend(&before[id.0]);
        }
    }
    ending
}

/// Whether a call can end in a step, or in the flow that it calls.
fn ends(step: &Step, others: &Others) -> bool {
    match step {
        Step::Call(call) => others.get(&call.flow).is_none_or(|flow| {
            flow.steps().any(|step| step.can_end_call() && !matches!(step, Step::Return(_)))
        }),
        step => step.can_end_call(),
    }
}
