//! No loop goes round without listening to the caller: it would talk for ever to nobody, or go round as fast as it can.

use std::collections::{BTreeMap, BTreeSet};

use super::super::block::BlockId;
use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::verb::Step;
use super::place::{Others, name_of};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::say;

/// What the search knows of a block.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Mark {
    New,
    /// On the way that is being followed.
    Open,
    Done,
}

/// A block on the way, with its deaf exits that were not followed yet.
type Way = Vec<(BlockId, Vec<BlockId>)>;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, others: &Others) {
    let deaf = Deaf { others, fallbacks: flow.fallbacks() };
    let mut marks = vec![Mark::New; flow.blocks().count()];
    for (start, _) in flow.blocks() {
        if marks[start.0] != Mark::New {
            continue;
        }
        marks[start.0] = Mark::Open;
        let mut way: Way = vec![(start, deaf.exits(flow, start).0)];
        while let Some((id, exits)) = way.last_mut() {
            match exits.pop() {
                None => {
                    marks[id.0] = Mark::Done;
                    way.pop();
                }
                Some(exit) => match marks[exit.0] {
                    Mark::New => {
                        marks[exit.0] = Mark::Open;
                        way.push((exit, deaf.exits(flow, exit).0));
                    }
                    Mark::Open => tell(reader, flow, &way, exit),
                    Mark::Done => {}
                },
            }
        }
    }
}

fn tell(reader: &mut Reader<'_>, flow: &Flow, way: &Way, from: BlockId) {
    let round = way.iter().map(|(id, _)| *id).skip_while(|id| *id != from).chain([from]);
    let names: Vec<&str> = round.map(|id| flow.block(id).name.as_str()).collect();
    let message = say!("the call can go round without listening to the caller: {}", names.join(" → "));
    let help =
        Text::word("put a `menu` or `ask` into the loop, or leave it; agents who are away are known at once");
    reader.error(&name_of(flow, from), "deaf-loop", message, help);
}

/// What is deaf in a flow.
struct Deaf<'a> {
    others: &'a Others,
    /// Where the call goes when a step reads what an answer did not bring.
    fallbacks: BTreeMap<Name, BTreeSet<BlockId>>,
}

impl Deaf<'_> {
    /// Where the call can go from a block before any step of it has listened, and whether it can go back to the flow that
    /// called this one.
    fn exits(&self, flow: &Flow, id: BlockId) -> (Vec<BlockId>, bool) {
        let mut exits = Vec::new();
        for step in &flow.block(id).steps {
            for path in step.reads() {
                exits.extend(self.fallbacks.get(path.0.as_str()).into_iter().flatten());
            }
            exits.extend(step.deaf_exits());
            match step {
                Step::Return(_) => return (exits, true),
                Step::Call(call) if !returns_deaf(self.others, &call.flow) => break,
                step if step.listens() => break,
                _ => {}
            }
        }
        (exits, false)
    }
}

/// Whether a flow can come back without having listened. Flows do not call each other in a circle.
fn returns_deaf(others: &Others, name: &Name) -> bool {
    // What could not be read gets the benefit of the doubt.
    let Some(flow) = others.get(name) else { return false };
    let deaf = Deaf { others, fallbacks: flow.fallbacks() };
    let mut seen = BTreeSet::new();
    let mut open = vec![flow.start];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let (exits, returns) = deaf.exits(flow, id);
            if returns {
                return true;
            }
            open.extend(exits);
        }
    }
    false
}
