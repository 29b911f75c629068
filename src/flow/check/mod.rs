//! The laws of a flow, one a file. Each takes a flow that could be read, and reports what does not hold.

mod assigned;
mod ends;
mod loops;
mod reached;
mod returns;
mod size;
mod spoken;
mod typed;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::graph::{BlockId, Flow};
use super::read::Reader;
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};

/// The other flows of a site, as far as they could be read.
pub(super) type Others = BTreeMap<Name, Arc<Flow>>;

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

/// A place of the text, to point at.
fn at(range: &Range<usize>) -> Node {
    Node { range: range.clone(), value: Value::Null }
}

/// Where the name of a block stands.
fn name_of(flow: &Flow, id: BlockId) -> Node {
    at(&flow.block(id).place)
}

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod tests;
