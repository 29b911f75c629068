//! The axis of each piece: chains straight, neighbours apart. After Brandes and Köpf, Fast and Simple Horizontal Coordinate
//! Assignment (2001): four extreme alignments, of which each piece takes the mean of its two middle places. The pieces of an
//! aligned block are placed by longest paths over all blocks.

use super::grid::{Grid, What};

/// One of the four alignments.
#[derive(Copy, Clone, Debug)]
struct Bias {
    /// Each piece is put below those above it, rather than above those below.
    from_above: bool,
    /// As far to the right as can be, rather than to the left.
    rightmost: bool,
}

const BIASES: [Bias; 4] = [
    Bias { from_above: true, rightmost: false },
    Bias { from_above: true, rightmost: true },
    Bias { from_above: false, rightmost: false },
    Bias { from_above: false, rightmost: true },
];

/// The axis of every piece that stands in a layer.
pub(super) fn axes(grid: &Grid) -> Vec<f64> {
    let bent = bent(grid);
    let mut candidates: Vec<Vec<f64>> = BIASES.iter().map(|bias| candidate(grid, &bent, *bias)).collect();
    let bounds: Vec<(f64, f64)> = candidates.iter().map(|axes| bounds(grid, axes)).collect();
    let narrowest = bounds.iter().min_by(|one, two| (one.1 - one.0).total_cmp(&(two.1 - two.0)));
    let (left, right) = narrowest.copied().unwrap_or((0.0, 0.0));
    for ((axes, bias), own) in candidates.iter_mut().zip(BIASES).zip(&bounds) {
        let shift = if bias.rightmost { right - own.1 } else { left - own.0 };
        axes.iter_mut().for_each(|axis| *axis += shift);
    }
    let middle = |item: usize| {
        let mut four = [0, 1, 2, 3].map(|candidate: usize| candidates[candidate][item]);
        four.sort_by(f64::total_cmp);
        f64::midpoint(four[1], four[2])
    };
    (0..grid.items.len()).map(middle).collect()
}

/// The free place between two neighbours of a layer.
fn gap(left: What, right: What) -> f64 {
    match (left, right) {
        (What::Block(_), What::Block(_)) => 32.0,
        (What::Block(_), _) | (_, What::Block(_)) => 14.0,
        (What::Label(_), What::Label(_)) => 6.0,
        (_, _) => 8.0,
    }
}

fn bounds(grid: &Grid, axes: &[f64]) -> (f64, f64) {
    let standing = grid.ranks.iter().flatten();
    standing.fold((f64::MAX, f64::MIN), |(left, right), item| {
        let piece = &grid.items[*item];
        (left.min(axes[*item] - piece.left), right.max(axes[*item] + piece.right))
    })
}

/// The links that need not be straight: those that cross a lane, or join one that comes from further up.
fn bent(grid: &Grid) -> Vec<bool> {
    let is_lane = |item: usize| matches!(grid.items[item].what, What::Lane { .. });
    let places = grid.places();
    let mut bent = vec![false; grid.links.len()];
    let (mut lane_above, mut lane_below) = (vec![false; grid.items.len()], vec![false; grid.items.len()]);
    let mut by_rank: Vec<Vec<usize>> = vec![Vec::new(); grid.ranks.len()];
    for (place, link) in grid.links.iter().enumerate() {
        by_rank[grid.items[link.upper].rank].push(place);
        if is_lane(link.upper) && is_lane(link.lower) {
            lane_above[link.lower] = true;
            lane_below[link.upper] = true;
        }
    }
    for links in &mut by_rank {
        links.sort_by_key(|link| (places[grid.links[*link].upper], places[grid.links[*link].lower]));
        let ends = |link: usize| (places[grid.links[link].upper], places[grid.links[link].lower]);
        let inner = |link: usize| is_lane(grid.links[link].upper) && is_lane(grid.links[link].lower);
        // The lane furthest to the right of those that begin further left, and the mirrored.
        let mut furthest: Option<usize> = None;
        for link in links.iter() {
            let lower = ends(*link).1;
            bent[*link] |= !inner(*link) && furthest.is_some_and(|lane| lane > lower);
            if inner(*link) {
                furthest = Some(furthest.map_or(lower, |lane| lane.max(lower)));
            }
        }
        let mut furthest: Option<usize> = None;
        for link in links.iter().rev() {
            let lower = ends(*link).1;
            bent[*link] |= !inner(*link) && furthest.is_some_and(|lane| lane < lower);
            if inner(*link) {
                furthest = Some(furthest.map_or(lower, |lane| lane.min(lower)));
            }
        }
    }
    for (place, link) in grid.links.iter().enumerate() {
        let inner = is_lane(link.upper) && is_lane(link.lower);
        bent[place] |= !inner && (lane_above[link.lower] && is_lane(link.lower));
        bent[place] |= !inner && (lane_below[link.upper] && is_lane(link.upper));
    }
    bent
}

/// The layers as an alignment sees them.
struct View<'a> {
    grid: &'a Grid,
    ranks: Vec<Vec<usize>>,
    places: Vec<usize>,
    rightmost: bool,
}

fn candidate(grid: &Grid, bent: &[bool], bias: Bias) -> Vec<f64> {
    let mut ranks = grid.ranks.clone();
    if !bias.from_above {
        ranks.reverse();
    }
    let mut places = vec![0; grid.items.len()];
    for rank in &mut ranks {
        if bias.rightmost {
            rank.reverse();
        }
        for (place, item) in rank.iter().enumerate() {
            places[*item] = place;
        }
    }
    let view = View { grid, ranks, places, rightmost: bias.rightmost };
    let roots = view.align(bent, bias.from_above);
    let mut axes = view.compact(&roots);
    if bias.rightmost {
        axes.iter_mut().for_each(|axis| *axis = -*axis);
    }
    axes
}

impl View<'_> {
    /// The root of the straight chain that each piece belongs to.
    fn align(&self, bent: &[bool], from_above: bool) -> Vec<usize> {
        let (above, below) = self.grid.neighbours();
        let sides = if from_above { above } else { below };
        let mut roots: Vec<usize> = (0..self.grid.items.len()).collect();
        for rank in &self.ranks {
            // The place of the last neighbour that has a piece of this layer in its chain: chains never cross.
            let mut taken: Option<usize> = None;
            for item in rank {
                let end = |link: usize| {
                    let link = &self.grid.links[link];
                    if from_above { link.upper } else { link.lower }
                };
                let mut near: Vec<(usize, usize)> =
                    sides[*item].iter().map(|link| (self.places[end(*link)], *link)).collect();
                near.sort_unstable();
                let Some(last) = near.len().checked_sub(1) else { continue };
                for middle in [last / 2, last.div_ceil(2)] {
                    let (place, link) = near[middle];
                    let alone = roots[*item] == *item;
                    if alone && !bent[link] && taken.is_none_or(|taken| taken < place) {
                        roots[*item] = roots[end(link)];
                        taken = Some(place);
                    }
                }
            }
        }
        roots
    }

    /// Places the chains as far to the left as they can be, then those that are free to the right of there nearer to what
    /// keeps them.
    fn compact(&self, roots: &[usize]) -> Vec<f64> {
        let count = self.grid.items.len();
        let mut after: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
        let mut waits = vec![0_usize; count];
        for rank in &self.ranks {
            for pair in rank.windows(2) {
                let (left, right) = (roots[pair[0]], roots[pair[1]]);
                after[left].push((right, self.distance(pair[0], pair[1])));
                waits[right] += 1;
            }
        }
        let mut ready: Vec<usize> =
            (0..count).filter(|item| roots[*item] == *item && waits[*item] == 0).collect();
        let (mut axes, mut order) = (vec![0.0_f64; count], Vec::with_capacity(count));
        let first: Vec<bool> = waits.iter().map(|waits| *waits == 0).collect();
        while let Some(root) = ready.pop() {
            order.push(root);
            for (right, distance) in &after[root] {
                axes[*right] = axes[*right].max(axes[root] + distance);
                waits[*right] -= 1;
                if waits[*right] == 0 {
                    ready.push(*right);
                }
            }
        }
        for root in order.iter().rev().filter(|root| first[**root]) {
            let free = after[*root].iter().map(|(right, distance)| axes[*right] - distance);
            let nearest = free.fold(f64::MAX, f64::min);
            if nearest < f64::MAX {
                axes[*root] = axes[*root].max(nearest);
            }
        }
        (0..count).map(|item| axes[roots[item]]).collect()
    }

    /// From axis to axis of two neighbours, as this alignment sees them.
    fn distance(&self, left: usize, right: usize) -> f64 {
        if self.rightmost { distance(self.grid, right, left) } else { distance(self.grid, left, right) }
    }
}

/// From axis to axis of two neighbours, at the least.
pub(super) fn distance(grid: &Grid, left: usize, right: usize) -> f64 {
    let (left, right) = (&grid.items[left], &grid.items[right]);
    left.right + gap(left.what, right.what) + right.left
}
