//! Definite assignment: a variable is set on every path before it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::block::BlockId;
use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::value::{FACTS, NEXT_OPEN, Path, UNSURE};
use super::super::verb::Step;
use super::super::verb::branch::Branch;
use super::place::at;
use crate::base::diagnostic::{Text, nearest};
use crate::base::name::Name;
use crate::say;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow) {
    let known = known_at_entry(flow);
    let sets = |step| [Step::sets(step), Step::may_set(step)].concat();
    let inputs = flow.inputs.iter().map(|(name, _)| name);
    let ever: BTreeSet<&Name> = flow.steps().flat_map(sets).chain(inputs).collect();
    for (id, block) in flow.blocks() {
        let Some(mut set) = known.get(&id).cloned() else { continue };
        for (step, place) in block.steps.iter().zip(&block.places) {
            let mut reads: BTreeSet<&Path> = step.reads().into_iter().collect();
            // A condition that compares what a call lacks does not hold; a text would have a hole.
            let fine = |path: &&Path| {
                path.fact().is_none() || (UNSURE.contains(&&*path.0) && !matches!(step, Step::Branch(_)))
            };
            reads.retain(fine);
            for path in reads.into_iter().filter(|path| !set.contains(path.0.as_str())) {
                tell(reader, path, place, ever.contains(&path.0), &ever);
            }
            for path in step.asks().into_iter().filter(|path| !ever.contains(&path.0)) {
                tell(reader, path, place, false, &ever);
            }
            set.extend(known_after(step));
        }
    }
}

fn tell(reader: &mut Reader<'_>, path: &Path, step: &Range<usize>, somewhere: bool, ever: &BTreeSet<&Name>) {
    let calendar = path.0.strip_suffix(NEXT_OPEN).unwrap_or(&path.0);
    if reader.names.hours.contains(calendar) {
        return;
    }
    let node = at(&place_of(&path.0, &reader.source.text, step));
    if path.fact().is_some() {
        if UNSURE.contains(&&*path.0) {
            let message = say!("not every call has a `{}`", path.0);
            reader.error(&node, "unset", message, say!("ask `known({})` first", path.0));
        }
    } else if somewhere {
        let message = say!("`{}` may not be set yet here", path.0);
        reader.error(
            &node,
            "unset",
            message,
            Text::word("set it on every way to here, or ask `known(…)` first"),
        );
    } else {
        let names = ever.iter().map(|name| name.as_str()).chain(FACTS.iter().map(|(fact, _)| *fact));
        let calendars =
            reader.names.hours.iter().flat_map(|name| [name.to_string(), format!("{name}{NEXT_OPEN}")]);
        let names: Vec<String> = names.map(str::to_owned).chain(calendars).collect();
        let help = match nearest(&path.0, names.iter().map(String::as_str)) {
            Some(meant) => say!("did you mean `{}`?", meant),
            None => Text::word("set it with `ask` or `set`; a text in a condition stands in quotes"),
        };
        reader.error(&node, "unknown-variable", say!("nothing sets `{}`", path.0), help);
    }
}

/// The name itself, where it stands as a word of its own in the text of the step.
fn place_of(name: &str, text: &str, step: &Range<usize>) -> Range<usize> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let whole = &text[step.clone()];
    let mut found = whole.match_indices(name).filter(|(at, _)| {
        let behind = whole[at + name.len()..].chars().next();
        let before = whole[..*at].chars().next_back();
        before.is_some_and(|c| matches!(c, '{' | '(' | ' ') || c == '"') && !behind.is_some_and(part)
    });
    // In a placeholder rather than as a word of the prose around it.
    let all: Vec<usize> = found.by_ref().map(|(at, _)| at).collect();
    let braced = all.iter().find(|at| whole[..**at].trim_end().ends_with('{'));
    match braced.or(all.first()) {
        Some(at) => step.start + at..step.start + at + name.len(),
        None => step.clone(),
    }
}

/// What is surely set when a step has let the call go on to the next.
fn known_after(step: &Step) -> Vec<Name> {
    match step {
        Step::Branch(Branch::If { condition, .. }) => condition.proves_if_not(),
        _ => step.sets().into_iter().cloned().collect(),
    }
}

/// The variables that are set on every path to a block; blocks that are not reached are not there.
fn known_at_entry(flow: &Flow) -> BTreeMap<BlockId, BTreeSet<Name>> {
    let inputs: BTreeSet<Name> = flow.inputs.iter().map(|(name, _)| name.clone()).collect();
    let mut known = BTreeMap::from([(flow.start, inputs)]);
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
            set.extend(known_after(step));
        }
    }
    known
}

/// What `if: known(x)` proves on the way to its `then`, and `if: not known(x)` on the way to its `else`.
fn known_on_the_way(step: &Step, exit: BlockId) -> Vec<Name> {
    match step {
        Step::Branch(Branch::If { condition, then, otherwise, .. }) => {
            match (*then == exit, *otherwise == Some(exit)) {
                (true, false) => condition.proves(),
                (false, true) => condition.proves_if_not(),
                (true, true) | (false, false) => Vec::new(),
            }
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
