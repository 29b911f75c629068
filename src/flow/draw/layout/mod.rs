//! Where everything stands: layers, an order with few crossings, straight chains, lines that pass beside every card.
//!
//! Cards stand in layers, the labels of the ways that leave them in layers of their own between these, so that no label can
//! lie on a card or on another label. What leads to the same card over several layers shares one lane, as tracks join at
//! a switch. Ways back rise in lanes of their own. A way over very many layers is cut: its label names the card.

mod crossings;
mod grid;
mod layers;
mod measure;
mod place;
mod route;
mod shorten;
#[cfg(test)]
mod tests;

use std::fmt;

pub(super) use self::layers::Strand;
pub(super) use self::measure::{
    CARD_HEAD, CARD_PAD, CARD_ROW, CardText, FIGURE, LABEL, LABEL_ROW, LabelRow, NAME, SIGN,
};
pub(super) use self::route::{Piece, Stroke, Tip};
use super::diagram::Diagram;
use crate::base::limit::DRAWN_ITEMS_MAX;

/// The diagram has more cards, labels and lanes than are drawn.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge {
    /// How many.
    pub(crate) items: usize,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pieces to draw, {DRAWN_ITEMS_MAX} at the most", self.items)
    }
}

/// A laid out diagram, in pixels from its top left corner.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) cards: Vec<Card>,
    pub(super) tags: Vec<Tag>,
    pub(super) strokes: Vec<Stroke>,
    pub(super) tips: Vec<Tip>,
    /// The ways, equal ones made one.
    pub(super) strands: Vec<Strand>,
}

/// A rectangle.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A card in its place.
#[derive(Debug)]
pub(super) struct Card {
    /// Its place in `Diagram::nodes`.
    pub(super) node: usize,
    pub(super) frame: Frame,
    pub(super) text: CardText,
}

/// The labels of a way in their place.
#[derive(Debug)]
pub(super) struct Tag {
    /// Its place in `Picture::strands`.
    pub(super) strand: usize,
    pub(super) frame: Frame,
    /// Where the line passes.
    pub(super) axis: f64,
    pub(super) rows: Vec<LabelRow>,
}

/// Lays a diagram out.
///
/// # Errors
/// When it is too large to be drawn.
pub(super) fn layout(diagram: &Diagram) -> Result<Picture, TooLarge> {
    let mut strands = layers::strands(diagram);
    let levels = layers::levels(diagram.nodes.len(), &mut strands);
    let cards: Vec<CardText> = diagram.nodes.iter().map(measure::card).collect();
    let labels: Vec<measure::LabelText> =
        strands.iter().map(|strand| measure::label(diagram, strand)).collect();
    let mut grid = grid::Grid::new(&levels, &strands, &cards, &labels);
    if grid.items.len() > DRAWN_ITEMS_MAX {
        return Err(TooLarge { items: grid.items.len() });
    }
    crossings::arrange(&mut grid);
    grid.forget_turns();
    let mut x = place::axes(&grid);
    shorten::shorten(&grid, &mut x);
    let (y, width, height) = route::rows(&grid, &mut x);
    let (strokes, tips) = route::strokes(&grid, &x, &y);
    let mut picture = Picture { width, height, cards: Vec::new(), tags: Vec::new(), strokes, tips, strands };
    let mut texts: (Vec<Option<CardText>>, Vec<Option<measure::LabelText>>) =
        (cards.into_iter().map(Some).collect(), labels.into_iter().map(Some).collect());
    for (place, item) in grid.items.iter().enumerate() {
        let top = y.top(item.rank);
        let frame =
            Frame { left: x[place] - item.left, top, width: item.left + item.right, height: item.height };
        match item.what {
            grid::What::Block(node) => {
                let text = texts.0[node].take();
                picture.cards.extend(text.map(|text| Card { node, frame, text }));
            }
            grid::What::Label(strand) => {
                let rows = texts.1[strand].take().map(|text| text.rows);
                picture.tags.extend(rows.map(|rows| Tag { strand, frame, axis: x[place], rows }));
            }
            grid::What::Lane { .. } | grid::What::Turn => {}
        }
    }
    Ok(picture)
}
