//! The order in each layer, so that few lines cross: medians of neighbours in sweeps down and up, and neighbours that change
//! places where that helps. After Gansner, Koutsofios, North and Vo, A Technique for Drawing Directed Graphs (1993).

use super::grid::Grid;
use crate::base::limit::{DRAWN_SWEEP_WORK_MAX, DRAWN_SWEEPS_MAX};

/// Exchanges of neighbours within one sweep.
const EXCHANGES: usize = 4;
/// Pieces with more lines than this stay where their median is: counting would cost more than it brings.
const EXCHANGED_LINES_MAX: usize = 64;

/// Orders each layer.
pub(super) fn arrange(grid: &mut Grid) {
    first_order(grid);
    let (above, below) = sides(grid);
    let (mut best, mut fewest) = (grid.ranks.clone(), crossings(grid));
    for sweep in 0..sweeps(grid.links.len() + grid.items.len()) {
        if fewest == 0 {
            break;
        }
        let down = sweep % 2 == 0;
        by_medians(grid, if down { &above } else { &below }, down);
        // By turns also where it neither helps nor harms: several pieces may have to move before anything is better.
        exchange(grid, &above, &below, sweep % 4 > 1);
        let count = crossings(grid);
        if count < fewest {
            fewest = count;
            best.clone_from(&grid.ranks);
        }
    }
    grid.ranks = best;
}

/// How many sweeps a drawing of so many pieces and lines has.
pub(super) fn sweeps(work: usize) -> usize {
    (DRAWN_SWEEP_WORK_MAX / work.max(1)).clamp(1, DRAWN_SWEEPS_MAX)
}

/// How many pairs of lines cross.
pub(super) fn crossings(grid: &Grid) -> usize {
    let places = grid.places();
    let mut by_rank: Vec<Vec<(usize, usize)>> = vec![Vec::new(); grid.ranks.len()];
    for link in &grid.links {
        by_rank[grid.items[link.upper].rank].push((places[link.upper], places[link.lower]));
    }
    by_rank.iter_mut().map(|pairs| inversions(pairs)).sum()
}

/// Pairs whose lower ends stand in the other order than their upper ones, by a Fenwick tree.
fn inversions(pairs: &mut [(usize, usize)]) -> usize {
    pairs.sort_unstable();
    let size = pairs.iter().map(|(_, lower)| lower + 2).max().unwrap_or(0);
    let (mut tree, mut count) = (vec![0_usize; size + 1], 0);
    for (seen, (_, lower)) in pairs.iter().enumerate() {
        let (mut at, mut before) = (lower + 1, 0);
        while at > 0 {
            before += tree[at];
            at &= at - 1;
        }
        count += seen - before;
        let mut at = lower + 1;
        while at <= size {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    count
}

type Sides = Vec<Vec<usize>>;

/// The pieces above and below each piece.
fn sides(grid: &Grid) -> (Sides, Sides) {
    let (mut above, mut below) = (vec![Vec::new(); grid.items.len()], vec![Vec::new(); grid.items.len()]);
    for link in &grid.links {
        above[link.lower].push(link.upper);
        below[link.upper].push(link.lower);
    }
    (above, below)
}

/// Depth first: a tree is drawn without a crossing.
pub(super) fn first_order(grid: &mut Grid) {
    let (above, below) = sides(grid);
    for rank in &mut grid.ranks {
        rank.clear();
    }
    let mut seen = vec![false; grid.items.len()];
    for first in 0..grid.items.len() {
        let mut open = vec![first];
        while let Some(item) = open.pop() {
            if std::mem::replace(&mut seen[item], true) {
                continue;
            }
            grid.ranks[grid.items[item].rank].push(item);
            open.extend(
                above[item].iter().rev().chain(below[item].iter().rev()).filter(|next| !seen[**next]),
            );
        }
    }
}

/// One sweep: each layer by the medians of its neighbours in the layer before. Pieces without a neighbour there stay.
fn by_medians(grid: &mut Grid, neighbours: &Sides, down: bool) {
    let mut places = grid.places();
    let count = grid.ranks.len();
    for step in 1..count {
        let rank = if down { step } else { count - 1 - step };
        let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(grid.ranks[rank].len());
        for item in &grid.ranks[rank] {
            let key = median(neighbours[*item].iter().map(|next| places[*next]).collect());
            keyed.push((key.unwrap_or_else(|| as_f64(places[*item])), *item));
        }
        keyed.sort_by(|left, right| left.0.total_cmp(&right.0));
        for (place, (_, item)) in keyed.iter().enumerate() {
            places[*item] = place;
        }
        grid.ranks[rank] = keyed.into_iter().map(|(_, item)| item).collect();
    }
}

/// The median; of an even number, between both middles, nearer to the side where they stand closer.
fn median(mut places: Vec<usize>) -> Option<f64> {
    places.sort_unstable();
    let (first, last) = (*places.first()?, *places.last()?);
    let middle = places.len() / 2;
    if places.len() % 2 == 1 {
        return Some(as_f64(places[middle]));
    }
    let (low, high) = (places[middle - 1], places[middle]);
    let (left, right) = (as_f64(low - first), as_f64(last - high));
    if left + right == 0.0 {
        return Some(as_f64(low + high) / 2.0);
    }
    Some((as_f64(low) * right + as_f64(high) * left) / (left + right))
}

#[allow(clippy::cast_precision_loss)] // places in a layer
fn as_f64(place: usize) -> f64 {
    place as f64
}

/// Neighbours change places where that takes crossings away; in the first round, if asked, also where as many remain.
fn exchange(grid: &mut Grid, above: &Sides, below: &Sides, even: bool) {
    let mut places = grid.places();
    for round in 0..EXCHANGES {
        let mut better = false;
        for rank in &mut grid.ranks {
            for at in 1..rank.len() {
                let (left, right) = (rank[at - 1], rank[at]);
                let lines = [left, right].map(|item| above[item].len() + below[item].len());
                if lines.iter().any(|count| *count > EXCHANGED_LINES_MAX) {
                    continue;
                }
                let (mut now, mut then) = (0, 0);
                for side in [above, below] {
                    let (as_is, exchanged) = between(&side[left], &side[right], &places);
                    now += as_is;
                    then += exchanged;
                }
                if then < now || (even && round == 0 && then == now && now > 0) {
                    rank.swap(at - 1, at);
                    places.swap(left, right);
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
}

/// Crossings between the lines of two pieces, as they stand and exchanged.
fn between(left: &[usize], right: &[usize], places: &[usize]) -> (usize, usize) {
    let sorted = |side: &[usize]| {
        let mut side: Vec<usize> = side.iter().map(|item| places[*item]).collect();
        side.sort_unstable();
        side
    };
    let (left, right) = (sorted(left), sorted(right));
    let count = |first: &[usize], second: &[usize]| -> usize {
        let (mut at, mut crossings) = (0, 0);
        for place in first {
            while second.get(at).is_some_and(|other| other < place) {
                at += 1;
            }
            crossings += at;
        }
        crossings
    };
    (count(&left, &right), count(&right, &left))
}
