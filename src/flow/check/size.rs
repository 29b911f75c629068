//! A menu tree of at most three levels: callers get lost in deeper ones (warning).

use std::collections::BTreeSet;

use super::super::block::BlockId;
use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::verb::Step;
use super::place::name_of;
use crate::base::diagnostic::Text;
use crate::say;

/// Menus one below the other.
const LEVELS_MAX: usize = 3;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow) {
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
            if menu && depth == LEVELS_MAX {
                let message = say!("`{}` is a menu below {} others", flow.block(id).name, LEVELS_MAX);
                let help = Text::word("bring it nearer to the first menu");
                reader.warn(&name_of(flow, id), "deep-menu", message, help);
            }
            // What a block leads to before its menu is not below it.
            for step in &flow.block(id).steps {
                let depth = depth + usize::from(matches!(step, Step::Menu(_)));
                next.extend(step.exits().into_iter().map(|exit| (exit, depth)));
            }
        }
        level = next;
    }
}
