//! The laws of a flow, one a file. Each takes a flow that could be read, and reports what does not hold.

mod assigned;
mod ends;
mod loops;
mod reached;
mod size;
mod spoken;
mod typed;

use super::graph::Flow;
use super::read::Reader;
use crate::base::yaml::Node;

/// All laws. `keys` are the places of the blocks' names.
pub(super) fn laws(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    reached::check(reader, flow, keys);
    loops::check(reader, flow, keys);
    ends::check(reader, flow, keys);
    assigned::check(reader, flow);
    typed::check(reader, flow);
    spoken::check(reader, flow);
    size::check(reader, flow, keys);
}

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod tests;
