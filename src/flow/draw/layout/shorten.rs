//! Shorter lines: pieces, and chains of pieces that stand straight below one another, move to where their lines are
//! shortest, as far as their neighbours leave place. The order of the layers does not change.

use super::super::diagram::Course;
use super::grid::{Grid, Pen, What};
use super::place;

/// Rounds of moves: each one makes the sum of all lines shorter, and the later ones by little.
const ROUNDS: usize = 12;
/// Axes nearer than this are one.
const SAME: f64 = 0.5;

/// A line that pulls at both its ends.
struct Pull {
    ends: [usize; 2],
    weight: f64,
}

/// Moves the axes.
pub(super) fn shorten(grid: &Grid, axes: &mut [f64]) {
    let pulls = pulls(grid);
    let mut sides: Vec<Vec<usize>> = vec![Vec::new(); grid.items.len()];
    for (place, pull) in pulls.iter().enumerate() {
        pull.ends.iter().for_each(|end| sides[*end].push(place));
    }
    let places = grid.places();
    let is_lane = |item: usize| matches!(grid.items[item].what, What::Lane { .. });
    for round in 0..ROUNDS {
        // Whole straight chains by turns with their pieces; lanes always stay straight.
        let chains = round % 2 == 0;
        let holds = |axes: &[f64], [one, two]: [usize; 2]| {
            let straight =
                (axes[one] - axes[two]).abs() < SAME && grid.items[one].rank != grid.items[two].rank;
            straight && (chains || (is_lane(one) && is_lane(two)))
        };
        let (units, owners) = units(grid, &pulls, |ends| holds(axes, ends));
        for unit in units {
            let free = free(grid, axes, &places, &unit);
            let wanted = wanted(axes, &pulls, &sides, &owners, &unit);
            // Rounding may leave less than nothing.
            let shift = wanted.max(free.0).min(free.1.max(free.0));
            unit.iter().for_each(|item| axes[*item] += shift);
        }
    }
}

/// How long all lines are across, the usual ones twice.
#[cfg(test)]
pub(super) fn length(grid: &Grid, axes: &[f64]) -> f64 {
    let long = |pull: &Pull| (axes[pull.ends[0]] - axes[pull.ends[1]]).abs() * pull.weight;
    pulls(grid).iter().map(long).sum()
}

fn pulls(grid: &Grid) -> Vec<Pull> {
    let links =
        grid.links.iter().map(|link| Pull { ends: [link.upper, link.lower], weight: weight(link.pen) });
    let turns = grid.turns.iter().map(|turn| Pull { ends: [turn.from, turn.to], weight: weight(turn.pen) });
    links.chain(turns).collect()
}

fn weight(pen: Pen) -> f64 {
    match (pen.course, pen.back) {
        (Course::Usual, false) => 2.0,
        (Course::Fallback, _) | (Course::Usual, true) => 1.0,
    }
}

/// The pieces that move together, in the order of the layers; and of each piece, to which of them it belongs.
fn units(grid: &Grid, pulls: &[Pull], holds: impl Fn([usize; 2]) -> bool) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut roots: Vec<usize> = (0..grid.items.len()).collect();
    for pull in pulls.iter().filter(|pull| holds(pull.ends)) {
        let [one, two] = pull.ends.map(|end| root(&mut roots, end));
        roots[one.max(two)] = one.min(two);
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); grid.items.len()];
    let mut order = Vec::new();
    for item in grid.ranks.iter().flatten() {
        let root = root(&mut roots, *item);
        if members[root].is_empty() {
            order.push(root);
        }
        members[root].push(*item);
    }
    let units = order.into_iter().map(|root| std::mem::take(&mut members[root])).collect();
    let owners = (0..roots.len()).map(|item| root(&mut roots, item)).collect();
    (units, owners)
}

/// The piece that stands for all of its unit.
fn root(roots: &mut [usize], mut item: usize) -> usize {
    while roots[item] != item {
        roots[item] = roots[roots[item]];
        item = roots[item];
    }
    item
}

/// How far a unit can move to the left (below zero) and to the right.
fn free(grid: &Grid, axes: &[f64], places: &[usize], unit: &[usize]) -> (f64, f64) {
    let mut free = (f64::MIN, f64::MAX);
    for item in unit {
        let rank = &grid.ranks[grid.items[*item].rank];
        let left = places[*item].checked_sub(1).map(|place| rank[place]);
        if let Some(left) = left {
            free.0 = free.0.max(axes[left] + place::distance(grid, left, *item) - axes[*item]);
        }
        if let Some(right) = rank.get(places[*item] + 1) {
            free.1 = free.1.min(axes[*right] - place::distance(grid, *item, *right) - axes[*item]);
        }
    }
    (free.0.min(0.0), free.1.max(0.0))
}

/// The shift by which the lines that leave a unit are shortest together: their weighted median; none, if the unit stands
/// between both middles.
fn wanted(axes: &[f64], pulls: &[Pull], sides: &[Vec<usize>], owners: &[usize], unit: &[usize]) -> f64 {
    let mut shifts: Vec<(f64, f64)> = Vec::new();
    for item in unit {
        for pull in &sides[*item] {
            let pull = &pulls[*pull];
            let other = if pull.ends[0] == *item { pull.ends[1] } else { pull.ends[0] };
            if owners[other] != owners[*item] {
                shifts.push((axes[other] - axes[*item], pull.weight));
            }
        }
    }
    shifts.sort_by(|one, two| one.0.total_cmp(&two.0));
    let half = shifts.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    for (place, (shift, weight)) in shifts.iter().enumerate() {
        sum += weight;
        if sum > half {
            return *shift;
        }
        if (sum - half).abs() < f64::EPSILON {
            let next = shifts.get(place + 1).map_or(*shift, |(next, _)| *next);
            return 0.0_f64.clamp(*shift, next);
        }
    }
    0.0
}
