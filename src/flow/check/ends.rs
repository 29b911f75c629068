//! Every call can end: from every block that is reached, an end can be reached.

use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::verb::Step;
use super::reached;
use crate::base::yaml::Node;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    for id in reached::from(flow, flow.start) {
        let ends = |step: &Step| matches!(step, Step::HangUp(_) | Step::Queue(_) | Step::Ring(_));
        let can_end = reached::from(flow, id).iter().any(|id| flow.block(*id).steps.iter().any(ends));
        if !can_end {
            let message = format!("from `{}` the call can never end", flow.block(id).name);
            reader.error(keys[id.0], "endless", message, "lead to a block that ends with `hangup`");
            return;
        }
    }
}
