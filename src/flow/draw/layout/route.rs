//! How high each layer is, and the lines: upright within a layer, curved between two of them, so that none passes over a
//! card or a label.

use super::super::diagram::Course;
use super::grid::{Grid, Pen, Turn, What};

/// Free place around the drawing.
const MARGIN: f64 = 28.0;
/// Between a card and the labels below it, and between labels and the cards below these.
const GAPS: [f64; 2] = [24.0, 16.0];
/// A gap grows by so much of the longest way across, so that no line is flat; up to this.
const SLOPE: f64 = 0.10;
const SLOPE_MAX: f64 = 64.0;
/// What a turn needs beside what the gap has already.
const TURN_MAX: f64 = 14.0;
/// The height of an arrow's tip.
pub(in super::super) const TIP: f64 = 8.0;

/// A line without a fork.
#[derive(Clone, Debug)]
pub(in super::super) struct Stroke {
    pub(in super::super) pen: Pen,
    pub(in super::super) start: Point,
    pub(in super::super) pieces: Vec<Piece>,
}

/// A part of a line.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(in super::super) enum Piece {
    /// Straight on.
    Line(Point),
    /// A cubic Bézier curve: two handles and its end.
    Curve(Point, Point, Point),
}

/// From the left, from the top.
pub(in super::super) type Point = (f64, f64);

/// The tip of an arrow that points down to a card, at its end.
#[derive(Copy, Clone, Debug)]
pub(in super::super) struct Tip {
    pub(in super::super) at: Point,
    pub(in super::super) pen: Pen,
}

/// Top and bottom of the layers.
#[derive(Debug)]
pub(super) struct Rows(Vec<(f64, f64)>);

impl Rows {
    /// The top of a layer.
    pub(super) fn top(&self, rank: usize) -> f64 {
        self.0[rank].0
    }

    fn bottom(&self, rank: usize) -> f64 {
        self.0[rank].1
    }
}

/// The layers; moves the axes so that the drawing begins at the margin, and tells how wide and high it is.
pub(super) fn rows(grid: &Grid, axes: &mut [f64]) -> (Rows, f64, f64) {
    let standing = || grid.ranks.iter().flatten().map(|item| (*item, &grid.items[*item]));
    let left = standing().map(|(item, piece)| axes[item] - piece.left).fold(f64::MAX, f64::min);
    axes.iter_mut().for_each(|axis| *axis = ((*axis - left + MARGIN) * 2.0).round() / 2.0);
    let right = standing().map(|(item, piece)| axes[item] + piece.right).fold(0.0, f64::max);
    let mut across = vec![0.0_f64; grid.ranks.len() + 1];
    let mut cross = |rank: usize, from: usize, to: usize, most: f64| {
        across[rank] = across[rank].max(((axes[from] - axes[to]).abs() * SLOPE).min(most));
    };
    for link in &grid.links {
        cross(grid.items[link.upper].rank, link.upper, link.lower, SLOPE_MAX);
    }
    for turn in &grid.turns {
        let rank = grid.items[turn.from].rank;
        cross(if turn.below { rank } else { rank - 1 }, turn.from, turn.to, TURN_MAX);
    }
    let (mut rows, mut top) = (Vec::new(), MARGIN - GAPS[0]);
    for (rank, items) in grid.ranks.iter().enumerate() {
        let height = items.iter().map(|item| grid.items[*item].height).fold(0.0, f64::max);
        rows.push((top, top + height));
        top += height + GAPS[rank % 2] + across[rank];
    }
    let bottom = rows.last().map_or(0.0, |(_, bottom)| *bottom);
    (Rows(rows), right + MARGIN, bottom + MARGIN)
}

/// All lines, and the tips of their arrows.
pub(super) fn strokes(grid: &Grid, axes: &[f64], rows: &Rows) -> (Vec<Stroke>, Vec<Tip>) {
    let legs = Legs { grid, axes, rows };
    let mut all: Vec<Leg> =
        grid.links.iter().filter_map(|link| legs.of_link(link.upper, link.lower, link.pen)).collect();
    all.extend(grid.turns.iter().map(|turn| legs.of_turn(turn)));
    (joined(grid, &all), tips(grid, axes, rows, &all))
}

/// A line from a piece to the next one, in the direction of the call.
struct Leg {
    from: usize,
    to: usize,
    stroke: Stroke,
}

struct Legs<'a> {
    grid: &'a Grid,
    axes: &'a [f64],
    rows: &'a Rows,
}

impl Legs<'_> {
    /// None for a link that only holds the order.
    fn of_link(&self, upper: usize, lower: usize, pen: Pen) -> Option<Leg> {
        let item = |place: usize| &self.grid.items[place];
        match (item(upper).what, item(lower).what) {
            (What::Turn, _) | (_, What::Turn) => None,
            (What::Lane { up: true, .. }, What::Lane { up: true, .. }) => {
                let (from, to) = (self.axes[lower], self.axes[upper]);
                let top = self.rows.top(item(lower).rank);
                let start = (from, self.rows.bottom(item(lower).rank));
                let end = (to, self.rows.bottom(item(upper).rank));
                let pieces = vec![Piece::Line((from, top)), curve((from, top), end)];
                Some(Leg { from: lower, to: upper, stroke: Stroke { pen, start, pieces } })
            }
            (_, _) => {
                let (from, to) = (self.axes[upper], self.axes[lower]);
                let start = self.exit(upper);
                let bottom = (from, self.rows.bottom(item(upper).rank));
                let tip = if matches!(item(lower).what, What::Block(_)) { TIP } else { 0.0 };
                let end = (to, self.rows.top(item(lower).rank) - tip + 0.5);
                let pieces = vec![Piece::Line(bottom), curve(bottom, end)];
                Some(Leg { from: upper, to: lower, stroke: Stroke { pen, start, pieces } })
            }
        }
    }

    /// Where a line leaves a piece downwards. A lane, and a label without words, is passed from its top.
    fn exit(&self, place: usize) -> Point {
        let item = &self.grid.items[place];
        let top = self.rows.top(item.rank);
        let y = if passes(self.grid, place) { top } else { top + item.height };
        (self.axes[place], y)
    }

    fn of_turn(&self, turn: &Turn) -> Leg {
        let rank = self.grid.items[turn.from].rank;
        let (from, to) = (self.axes[turn.from], self.axes[turn.to]);
        let (start, edge, end) = if turn.below {
            let bottom = self.rows.bottom(rank);
            (self.exit(turn.from), (from, bottom), (to, bottom))
        } else {
            let top = self.rows.top(rank);
            ((from, self.rows.bottom(rank)), (from, top), (to, top - TIP + 0.5))
        };
        let depth = if turn.below {
            self.rows.top(rank + 1) - self.rows.bottom(rank)
        } else {
            self.rows.bottom(rank - 1) - self.rows.top(rank)
        };
        // A curve with level handles bulges to three quarters of them.
        let handle = edge.1 + depth * 0.95;
        let pieces = vec![Piece::Line(edge), Piece::Curve((edge.0, handle), (end.0, handle), end)];
        Leg { from: turn.from, to: turn.to, stroke: Stroke { pen: turn.pen, start, pieces } }
    }
}

/// From upright to upright.
fn curve(from: Point, to: Point) -> Piece {
    if (from.0 - to.0).abs() < 0.5 {
        return Piece::Line(to);
    }
    let middle = f64::midpoint(from.1, to.1);
    Piece::Curve((from.0, middle), (to.0, middle), to)
}

/// Whether lines go on through a piece, instead of ending at its border.
fn passes(grid: &Grid, place: usize) -> bool {
    let item = &grid.items[place];
    match item.what {
        What::Lane { .. } => true,
        What::Label(_) => item.left == 0.0,
        What::Block(_) | What::Turn => false,
    }
}

/// Legs that follow one another without a fork, as one stroke.
fn joined(grid: &Grid, legs: &[Leg]) -> Vec<Stroke> {
    let (mut into, mut out) = (vec![Vec::new(); grid.items.len()], vec![Vec::new(); grid.items.len()]);
    for (place, leg) in legs.iter().enumerate() {
        out[leg.from].push(place);
        into[leg.to].push(place);
    }
    let next = |leg: usize| -> Option<usize> {
        let at = legs[leg].to;
        match (passes(grid, at), &into[at][..], &out[at][..]) {
            (true, [_], [next]) if legs[*next].stroke.pen == legs[leg].stroke.pen => Some(*next),
            _ => None,
        }
    };
    let follows: Vec<bool> = {
        let mut follows = vec![false; legs.len()];
        (0..legs.len()).filter_map(next).for_each(|leg| follows[leg] = true);
        follows
    };
    let mut strokes = Vec::new();
    for first in (0..legs.len()).filter(|leg| !follows[*leg]) {
        let mut stroke = legs[first].stroke.clone();
        let mut leg = first;
        while let Some(following) = next(leg) {
            stroke.pieces.extend(legs[following].stroke.pieces.iter().copied());
            leg = following;
        }
        strokes.push(stroke);
    }
    strokes
}

fn tips(grid: &Grid, axes: &[f64], rows: &Rows, legs: &[Leg]) -> Vec<Tip> {
    let mut pens: Vec<Option<Pen>> = vec![None; grid.items.len()];
    for leg in legs.iter().filter(|leg| matches!(grid.items[leg.to].what, What::Block(_))) {
        let own = leg.stroke.pen;
        let known = pens[leg.to].unwrap_or(own);
        let course = Course::min(known.course, own.course);
        pens[leg.to] = Some(Pen { course, back: known.back && own.back });
    }
    let placed = pens.iter().enumerate().filter_map(|(item, pen)| pen.map(|pen| (item, pen)));
    placed.map(|(item, pen)| Tip { at: (axes[item], rows.top(grid.items[item].rank)), pen }).collect()
}
