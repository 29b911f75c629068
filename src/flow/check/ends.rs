//! Every call can end: from every block that is reached, an end can be reached.

use std::collections::BTreeSet;

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use super::super::verb::Step;
use super::reached;
use crate::base::yaml::Node;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    let ending = ending(flow);
    let endless = reached::from(flow, flow.start).into_iter().find(|id| !ending.contains(id));
    // One message: the others are consequences.
    if let Some(id) = endless {
        let message = format!("from `{}` the call can never end", flow.block(id).name);
        reader.error(keys[id.0], "endless", message, "lead to a block that ends with `hangup`");
    }
}

/// The blocks from which a call can end, found backwards from those where it does.
fn ending(flow: &Flow) -> BTreeSet<BlockId> {
    let mut before: Vec<Vec<BlockId>> = flow.blocks().map(|_| Vec::new()).collect();
    let mut open = Vec::new();
    for (id, block) in flow.blocks() {
        if block.steps.iter().any(|step| matches!(step, Step::HangUp(_) | Step::Queue(_) | Step::Ring(_))) {
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
