//! What the laws share: places to point at, and the flows that a flow may call.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::super::block::BlockId;
use super::super::graph::Flow;
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};

/// The other flows of a site, as far as they could be read.
pub(in crate::flow) type Others = BTreeMap<Name, Arc<Flow>>;

/// A place of the text, to point at.
pub(super) fn at(range: &Range<usize>) -> Node {
    Node { range: range.clone(), value: Value::Null }
}

/// Where the name of a block stands.
pub(super) fn name_of(flow: &Flow, id: BlockId) -> Node {
    at(&flow.block(id).place)
}
