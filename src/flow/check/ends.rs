//! Every call can end: from every block that is reached, an end can be reached.

use std::collections::BTreeSet;

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use super::super::verb::Step;
use super::{Others, name_of, reached};
use crate::base::diagnostic::Text;
use crate::say;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, others: &Others) {
    let ending = ending(flow, others);
    let endless = reached::from(flow, flow.start).into_iter().filter(|id| !ending.contains(id));
    // One message: the others are consequences. Whence the fewest blocks are reached, there it is.
    let endless = endless.min_by_key(|id| reached::from(flow, *id).len());
    if let Some(id) = endless {
        let message = say!("from `{}` the call can never end", flow.block(id).name);
        let help = Text::word("lead to a block that ends with `hangup`");
        reader.error(&name_of(flow, id), "endless", message, help);
    }
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
