//! The layers: ways back are found depth first from the first card, the others all lead down.

use std::collections::BTreeMap;

use super::super::diagram::{Course, Diagram};
use crate::base::limit::DRAWN_SPAN_MAX;

/// The ways from one card to another, as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Strand {
    pub(in super::super) from: usize,
    pub(in super::super) to: usize,
    /// Their places in `Diagram::edges`.
    pub(in super::super) edges: Vec<usize>,
    /// Usual, if one of them is.
    pub(in super::super) course: Course,
    /// It leads back to a card that the call has passed.
    pub(in super::super) back: bool,
    /// It leads so far that it is not drawn; its label says where to.
    pub(in super::super) cut: bool,
}

/// Tightening ends by itself after a few rounds; this many are enough for any flow that was tried.
const ROUNDS: usize = 8;

/// The strands of a diagram, in the order of their first edge.
pub(super) fn strands(diagram: &Diagram) -> Vec<Strand> {
    let mut known: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut strands: Vec<Strand> = Vec::new();
    let exists = |node: usize| node < diagram.nodes.len();
    for (place, edge) in diagram.edges.iter().enumerate().filter(|(_, it)| exists(it.from) && exists(it.to)) {
        let strand = *known.entry((edge.from, edge.to)).or_insert_with(|| {
            strands.push(Strand {
                from: edge.from,
                to: edge.to,
                edges: Vec::new(),
                course: edge.kind,
                back: false,
                cut: false,
            });
            strands.len() - 1
        });
        strands[strand].edges.push(place);
        strands[strand].course = strands[strand].course.min(edge.kind);
    }
    strands
}

/// The layer of each card, 0 at the top; marks the strands that lead back and those that are cut.
pub(super) fn levels(nodes: usize, strands: &mut [Strand]) -> Vec<usize> {
    let mut leaving = vec![Vec::new(); nodes];
    for (place, strand) in strands.iter().enumerate() {
        leaving[strand.from].push(place);
    }
    let order = depth_first(strands, &leaving);
    let mut arriving = vec![Vec::new(); nodes];
    for strand in leaving.iter_mut() {
        strand.retain(|place| !strands[*place].back);
        for place in strand.iter() {
            arriving[strands[*place].to].push(*place);
        }
    }
    let mut levels = vec![0; nodes];
    for node in &order {
        let above = arriving[*node].iter().map(|place| levels[strands[*place].from] + 1);
        levels[*node] = above.max().unwrap_or(0);
    }
    tighten(&mut levels, strands, &order, &leaving, &arriving);
    for strand in strands.iter_mut() {
        strand.cut = levels[strand.from].abs_diff(levels[strand.to]) > DRAWN_SPAN_MAX;
    }
    levels
}

/// Walks from the first card, then from those that it does not reach, in the order of the text. A strand that meets a card
/// whose walk is not over leads back. Returns the cards so that all other strands lead forward.
fn depth_first(strands: &mut [Strand], leaving: &[Vec<usize>]) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum Walk {
        Before,
        Within,
        Over,
    }
    let mut walks = vec![Walk::Before; leaving.len()];
    let mut ended = Vec::with_capacity(leaving.len());
    for first in 0..leaving.len() {
        if walks[first] != Walk::Before {
            continue;
        }
        walks[first] = Walk::Within;
        let mut path = vec![(first, 0)];
        while let Some((node, next)) = path.last_mut() {
            let Some(place) = leaving[*node].get(*next) else {
                walks[*node] = Walk::Over;
                ended.push(*node);
                path.pop();
                continue;
            };
            *next += 1;
            let strand = &mut strands[*place];
            // The first card stays on top, even if a card that no call reaches leads to it.
            strand.back = strand.to == 0;
            match walks[strand.to] {
                Walk::Within => strand.back = true,
                Walk::Over => {}
                Walk::Before => {
                    walks[strand.to] = Walk::Within;
                    path.push((strand.to, 0));
                }
            }
        }
    }
    ended.reverse();
    ended
}

/// Brings each card nearer to where most of its ways are, so that the lines become short. The first card stays on top.
fn tighten(
    levels: &mut [usize],
    strands: &[Strand],
    order: &[usize],
    leaving: &[Vec<usize>],
    arriving: &[Vec<usize>],
) {
    let pull = |places: &[usize]| -> usize {
        places.iter().map(|place| if strands[*place].course == Course::Usual { 2 } else { 1 }).sum()
    };
    for _ in 0..ROUNDS {
        let mut moved = false;
        for node in order.iter().rev().filter(|node| **node != 0) {
            let highest = arriving[*node].iter().map(|place| levels[strands[*place].from] + 1).max();
            let lowest = leaving[*node].iter().map(|place| levels[strands[*place].to]).min();
            let (up, down) = (pull(&arriving[*node]), pull(&leaving[*node]));
            let wanted = match (highest, lowest) {
                (_, Some(lowest)) if down > up => lowest.saturating_sub(1),
                (Some(highest), _) if up > down => highest,
                _ => levels[*node],
            };
            moved |= wanted != levels[*node];
            levels[*node] = wanted;
        }
        if !moved {
            break;
        }
    }
}
