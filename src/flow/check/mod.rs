//! The laws of a flow, one a file. Each takes a flow that could be read, and reports what does not hold.

mod assigned;
mod ends;
mod loops;
mod place;
mod reached;
mod returns;
mod size;
mod spoken;
mod typed;

use self::place::Others;
use super::graph::Flow;
use super::read::Reader;

/// All laws. `others` are the flows that it may call.
pub(super) fn laws(reader: &mut Reader<'_>, flow: &Flow, others: &Others) {
    reached::check(reader, flow);
    loops::check(reader, flow, others);
    ends::check(reader, flow, others);
    returns::check(reader, flow);
    assigned::check(reader, flow);
    typed::check(reader, flow);
    spoken::check(reader, flow);
    size::check(reader, flow);
}

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod tests;
