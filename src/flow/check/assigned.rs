//! Definite assignment: a variable is set on every path before it is read.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use super::super::value::Path;
use super::super::verb::Step;
use super::super::verb::branch::Branch;
use crate::base::name::Name;
use crate::base::yaml::Node;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    let known = known_at_entry(flow);
    for (id, block) in flow.blocks() {
        let Some(mut set) = known.get(&id).cloned() else { continue };
        for step in &block.steps {
            for path in step.reads() {
                tell_unset(reader, flow, keys[id.0], path, &set);
            }
            set.extend(step.sets().into_iter().cloned());
        }
    }
}

fn tell_unset(reader: &mut Reader<'_>, flow: &Flow, key: &Node, path: &Path, set: &BTreeSet<Name>) {
    if path.fact().is_some() || set.contains(path.0.as_str()) {
        return;
    }
    let block = key.text().unwrap_or("").to_owned();
    let calendar = path.0.split('.').next().is_some_and(|name| reader.names.hours.contains(name));
    if calendar || path.0 == "call.tries" || path.0.starts_with("callback.") {
        let message = format!("`{}` cannot be read in this version (block `{block}`)", path.0);
        return reader.error(key, "verb-later", message, "see CHANGELOG for what is available");
    }
    let ever = flow
        .blocks()
        .any(|(_, block)| block.steps.iter().any(|step| step.sets().into_iter().any(|name| *name == path.0)));
    if ever {
        let message = format!("`{}` may not be set yet where `{block}` reads it", path.0);
        reader.error(key, "unset", message, "set it on every way to here, or ask `known(…)` first");
    } else {
        let message = format!("`{block}` reads `{}`, which nothing sets", path.0);
        reader.error(key, "unknown-variable", message, "set it with `ask` or `set`");
    }
}

/// The variables that are set on every path to a block; blocks that are not reached are not there.
fn known_at_entry(flow: &Flow) -> BTreeMap<BlockId, BTreeSet<Name>> {
    let mut known = BTreeMap::from([(flow.start, BTreeSet::new())]);
    let mut open = vec![flow.start];
    while let Some(id) = open.pop() {
        let mut set = known.get(&id).cloned().unwrap_or_default();
        for step in &flow.block(id).steps {
            // A question that was given up has set nothing: its exit stands before what it sets.
            for exit in step.exits() {
                let mut there = set.clone();
                there.extend(known_on_the_way(step, exit));
                enter(&mut known, &mut open, exit, &there);
            }
            set.extend(step.sets().into_iter().cloned());
        }
    }
    known
}

/// What `if: known(x)` proves on the way to its `then`.
fn known_on_the_way(step: &Step, exit: BlockId) -> Vec<Name> {
    match step {
        Step::Branch(Branch::If { condition, then, otherwise, .. })
            if *then == exit && *otherwise != Some(exit) =>
        {
            condition.proves()
        }
        _ => Vec::new(),
    }
}

/// Notes a way into a block; looks at it again when that way sets less than those seen before.
fn enter(
    known: &mut BTreeMap<BlockId, BTreeSet<Name>>,
    open: &mut Vec<BlockId>,
    block: BlockId,
    set: &BTreeSet<Name>,
) {
    match known.get_mut(&block) {
        None => {
            known.insert(block, set.clone());
            open.push(block);
        }
        Some(before) => {
            let both: BTreeSet<Name> = before.intersection(set).cloned().collect();
            if both.len() < before.len() {
                *before = both;
                open.push(block);
            }
        }
    }
}
