//! No loop goes round without listening to the caller: it would talk for ever to nobody, or go round as fast as it can.

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use crate::base::yaml::Node;

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

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    let mut marks = vec![Mark::New; keys.len()];
    for (start, _) in flow.blocks() {
        if marks[start.0] != Mark::New {
            continue;
        }
        marks[start.0] = Mark::Open;
        let mut way: Way = vec![(start, deaf_exits(flow, start))];
        while let Some((id, exits)) = way.last_mut() {
            match exits.pop() {
                None => {
                    marks[id.0] = Mark::Done;
                    way.pop();
                }
                Some(exit) => match marks[exit.0] {
                    Mark::New => {
                        marks[exit.0] = Mark::Open;
                        way.push((exit, deaf_exits(flow, exit)));
                    }
                    Mark::Open => tell(reader, flow, keys, &way, exit),
                    Mark::Done => {}
                },
            }
        }
    }
}

fn tell(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node], way: &Way, from: BlockId) {
    let round = way.iter().map(|(id, _)| *id).skip_while(|id| *id != from).chain([from]);
    let names: Vec<&str> = round.map(|id| flow.block(id).name.as_str()).collect();
    let message = format!("the call can go round without listening to the caller: {}", names.join(" → "));
    let help = "put a `menu` or `ask` into the loop, or leave it; agents who are away are known at once";
    reader.error(keys[from.0], "deaf-loop", message, help);
}

/// Where the call can go from a block before any step of it has listened.
fn deaf_exits(flow: &Flow, id: BlockId) -> Vec<BlockId> {
    let mut exits = Vec::new();
    for step in &flow.block(id).steps {
        exits.extend(step.deaf_exits());
        if step.listens() {
            break;
        }
    }
    exits
}
