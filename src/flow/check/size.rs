//! A menu tree of at most three levels: callers get lost in deeper ones (warning).

use std::collections::BTreeSet;

use super::super::graph::{BlockId, Flow};
use super::super::read::Reader;
use super::super::verb::Step;
use crate::base::yaml::Node;

/// Menus one below the other.
const LEVELS_MAX: usize = 3;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow, keys: &[&Node]) {
    // The shortest way counts: a menu that a caller can come back to is not below itself.
    let mut seen = BTreeSet::new();
    let mut level: Vec<(BlockId, usize)> = vec![(flow.start, 0)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (id, depth) in level {
            if !seen.insert(id) {
                continue;
            }
            let menu = flow.block(id).steps.iter().any(|step| matches!(step, Step::Menu(_)));
            let depth = depth + usize::from(menu);
            if menu && depth == LEVELS_MAX + 1 {
                let message = format!("`{}` is a menu below {LEVELS_MAX} others", flow.block(id).name);
                reader.warn(keys[id.0], "deep-menu", message, "bring it nearer to the first menu");
            }
            next.extend(flow.block(id).steps.iter().flat_map(Step::exits).map(|exit| (exit, depth)));
        }
        level = next;
    }
}
