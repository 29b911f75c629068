//! The pieces that stand in layers: cards, labels, and the lanes by which lines pass the layers between.

use std::collections::BTreeMap;

use super::super::diagram::Course;
use super::layers::Strand;
use super::measure::{CardText, LabelText};

/// A piece that has a place in a layer of its own.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) rank: usize,
    /// From its axis to its left border.
    pub(super) left: f64,
    /// From its axis to its right border.
    pub(super) right: f64,
    pub(super) height: f64,
}

/// What a piece is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A card.
    Block(usize),
    /// The labels of a strand.
    Label(usize),
    /// What leads to a card passes here, down or back up.
    Lane {
        /// The card.
        to: usize,
        /// Back up.
        up: bool,
    },
    /// A line turns round here. It takes no place, and is there so that both sides of the turn come near each other.
    Turn,
}

/// How a line is drawn.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Pen {
    /// Usual, if anything usual passes.
    pub(in super::super) course: Course,
    /// Leads back.
    pub(in super::super) back: bool,
}

/// A line between pieces of neighbouring layers.
#[derive(Copy, Clone, Debug)]
pub(super) struct Link {
    pub(super) upper: usize,
    pub(super) lower: usize,
    pub(super) pen: Pen,
}

/// A line that turns round: from a label below itself into a rising lane, or from such a lane above itself into its card.
#[derive(Copy, Clone, Debug)]
pub(super) struct Turn {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Below both, or above both.
    pub(super) below: bool,
    pub(super) pen: Pen,
}

/// All pieces, layer by layer from left to right.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) items: Vec<Item>,
    pub(super) ranks: Vec<Vec<usize>>,
    pub(super) links: Vec<Link>,
    pub(super) turns: Vec<Turn>,
}

/// Half the width that a lane takes.
const LANE: f64 = 4.0;

impl Grid {
    /// The pieces of these cards and strands. Cards stand in the odd layers, so that above the first one there is place for
    /// a turn.
    pub(super) fn new(
        levels: &[usize],
        strands: &[Strand],
        cards: &[CardText],
        labels: &[LabelText],
    ) -> Self {
        let empty = Self { items: Vec::new(), ranks: Vec::new(), links: Vec::new(), turns: Vec::new() };
        let mut builder =
            Builder { grid: empty, lanes: BTreeMap::new(), links: BTreeMap::new(), turns: BTreeMap::new() };
        for (node, card) in cards.iter().enumerate() {
            let half = card.width / 2.0;
            let item = Item {
                what: What::Block(node),
                rank: 2 * levels[node] + 1,
                left: half,
                right: half,
                height: card.height,
            };
            builder.grid.items.push(item);
        }
        for (place, (strand, label)) in strands.iter().zip(labels).enumerate() {
            builder.strand(place, strand, label);
        }
        let mut grid = builder.grid;
        let ranks = grid.items.iter().map(|item| item.rank + 1).max().unwrap_or(0);
        grid.ranks = vec![Vec::new(); ranks];
        for (place, item) in grid.items.iter().enumerate() {
            grid.ranks[item.rank].push(place);
        }
        grid
    }

    /// Once the order is known, turns have done their work.
    pub(super) fn forget_turns(&mut self) {
        let items = &self.items;
        for rank in &mut self.ranks {
            rank.retain(|place| items[*place].what != What::Turn);
        }
        self.links
            .retain(|link| [link.upper, link.lower].iter().all(|place| items[*place].what != What::Turn));
    }

    /// The neighbours of each piece in the layers above and below, as places in `links`.
    pub(super) fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let (mut above, mut below) = (vec![Vec::new(); self.items.len()], vec![Vec::new(); self.items.len()]);
        for (place, link) in self.links.iter().enumerate() {
            above[link.lower].push(place);
            below[link.upper].push(place);
        }
        (above, below)
    }

    /// Where each piece stands in its layer.
    pub(super) fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.items.len()];
        for rank in &self.ranks {
            for (place, item) in rank.iter().enumerate() {
                places[*item] = place;
            }
        }
        places
    }
}

struct Builder {
    grid: Grid,
    lanes: BTreeMap<(usize, usize, bool), usize>,
    links: BTreeMap<(usize, usize), usize>,
    /// The turns into a card from above, by card.
    turns: BTreeMap<usize, usize>,
}

impl Builder {
    fn strand(&mut self, place: usize, strand: &Strand, text: &LabelText) {
        let pen = Pen { course: strand.course, back: strand.back };
        let (from, to) = (self.grid.items[strand.from].rank, self.grid.items[strand.to].rank);
        let label = self.item(What::Label(place), from + 1, (text.left, text.right), text.height);
        self.link(strand.from, label, pen);
        if strand.cut {
            return;
        }
        if strand.back {
            self.rise(label, strand.to, from + 1, pen);
            return;
        }
        let mut above = label;
        for rank in from + 2..to {
            let lane = self.lane(strand.to, rank, false);
            self.link(above, lane, pen);
            above = lane;
        }
        self.link(above, strand.to, pen);
    }

    /// From a label round into the rising lane of a card, and at its end round into the card.
    fn rise(&mut self, label: usize, to: usize, bottom: usize, pen: Pen) {
        let top = self.grid.items[to].rank;
        let lowest = self.lane(to, bottom, true);
        let turn = self.item(What::Turn, bottom + 1, (0.0, 0.0), 0.0);
        self.link(label, turn, pen);
        self.link(lowest, turn, pen);
        self.grid.turns.push(Turn { from: label, to: lowest, below: true, pen });
        for rank in (top..bottom).rev() {
            let (lower, upper) = (self.lane(to, rank + 1, true), self.lane(to, rank, true));
            self.link(upper, lower, pen);
        }
        let highest = self.lane(to, top, true);
        if let Some(turn) = self.turns.get(&to) {
            let pen_known = &mut self.grid.turns[*turn].pen;
            pen_known.course = pen_known.course.min(pen.course);
            return;
        }
        let turn = self.item(What::Turn, top - 1, (0.0, 0.0), 0.0);
        self.link(turn, highest, pen);
        self.link(turn, to, pen);
        self.turns.insert(to, self.grid.turns.len());
        self.grid.turns.push(Turn { from: highest, to, below: false, pen });
    }

    fn lane(&mut self, to: usize, rank: usize, up: bool) -> usize {
        if let Some(lane) = self.lanes.get(&(to, rank, up)) {
            return *lane;
        }
        let lane = self.item(What::Lane { to, up }, rank, (LANE, LANE), 0.0);
        self.lanes.insert((to, rank, up), lane);
        lane
    }

    fn item(&mut self, what: What, rank: usize, (left, right): (f64, f64), height: f64) -> usize {
        self.grid.items.push(Item { what, rank, left, right, height });
        self.grid.items.len() - 1
    }

    fn link(&mut self, upper: usize, lower: usize, pen: Pen) {
        let next = self.grid.links.len();
        let place = *self.links.entry((upper, lower)).or_insert(next);
        if place == next {
            self.grid.links.push(Link { upper, lower, pen });
        }
        let known = &mut self.grid.links[place].pen;
        known.course = known.course.min(pen.course);
    }
}
