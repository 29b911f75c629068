//! No loop goes round without listening to the caller.

use std::collections::BTreeSet;

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use crate::base::yaml::Node;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    let mut told = BTreeSet::new();
    for (id, block) in flow.blocks() {
        if told.contains(&id) {
            continue;
        }
        let round = deaf_from(flow, id);
        if round.contains(&id) {
            let message = format!("from `{}` the call comes back to it without ever listening to the caller", block.name);
            reader.error(keys[id.0], "deaf-loop", message, "put a `menu` or `ask` into the loop, or leave it");
            // One message a loop.
            told.extend(round);
        }
    }
}

/// The blocks that can be come to from one without any step that listens.
fn deaf_from(flow: &Flow, start: BlockId) -> BTreeSet<BlockId> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        for step in &flow.block(id).steps {
            if step.listens() {
                break;
            }
            open.extend(step.exits().into_iter().filter(|exit| reached.insert(*exit)));
        }
    }
    reached
}
