//! Every block can be reached.

use std::collections::BTreeSet;

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use super::super::verb::Step;
use crate::base::yaml::Node;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    let reached = from(flow, flow.start);
    for (id, block) in flow.blocks() {
        if !reached.contains(&id) {
            let message = format!("nothing leads to the block `{}`", block.name);
            reader.warn(keys[id.0], "unreachable", message, "lead to it, or remove it");
        }
    }
}

/// All blocks that a call can come to from one.
pub(super) fn from(flow: &Flow, start: BlockId) -> BTreeSet<BlockId> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(flow.block(id).steps.iter().flat_map(Step::exits));
        }
    }
    reached
}
