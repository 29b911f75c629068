//! Every block can be reached.

use std::collections::BTreeSet;

use super::super::block::BlockId;
use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::verb::Step;
use super::place::name_of;
use crate::base::diagnostic::Text;
use crate::say;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow) {
    let roots = std::iter::once(flow.start).chain(flow.defaults.iter().copied());
    let reached: BTreeSet<BlockId> = roots.flat_map(|root| from(flow, root)).collect();
    for (id, block) in flow.blocks() {
        if !reached.contains(&id) {
            let message = say!("nothing leads to the block `{}`", block.name);
            reader.warn(&name_of(flow, id), "unreachable", message, Text::word("lead to it, or remove it"));
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
