//! How large a card and a label are: their texts in rows.

use super::super::diagram::{Diagram, Node, Sign};
use super::super::text::{Font, drawable};
use super::layers::Strand;

/// The font of names.
pub(in super::super) const NAME: Font = Font { size: 13.0, bold: true };
/// The font of a card's rows.
pub(in super::super) const CARD: Font = Font { size: 11.0, bold: false };
/// The font of labels.
pub(in super::super) const LABEL: Font = Font { size: 11.0, bold: false };
/// The font of figures.
pub(in super::super) const FIGURE: Font = Font { size: 10.0, bold: true };
/// The head of a card, with its name.
pub(in super::super) const CARD_HEAD: f64 = 28.0;
/// From row to row of a card.
pub(in super::super) const CARD_ROW: f64 = 15.0;
/// Between the border of a card and its text.
pub(in super::super) const CARD_PAD: f64 = 11.0;
/// A sign and the blank after it.
pub(in super::super) const SIGN: f64 = 17.0;
/// From row to row of a label.
pub(in super::super) const LABEL_ROW: f64 = 16.0;
/// A key and the blank after it.
pub(in super::super) const KEY: f64 = 20.0;

/// Cards are as wide as their text, within this.
const CARD_WIDTH: (f64, f64) = (112.0, 236.0);
/// Rows that one line of a card may take.
const ROWS_PER_LINE_MAX: usize = 2;
/// Lines of a card; a block with more says so by an ellipsis.
const LINES_MAX: usize = 8;
const LABEL_WIDTH_MAX: f64 = 132.0;
/// Rows that one label may take.
const ROWS_PER_LABEL_MAX: usize = 2;
/// Labels of one strand: a `switch` may have a hundred cases that lead to one block.
const LABELS_MAX: usize = 6;
/// Place that is kept for a figure, so that the drawing does not move when figures come: `12 345`.
const FIGURE_ROOM: f64 = 38.0;

/// The text of a card.
#[derive(Clone, Debug)]
pub(in super::super) struct CardText {
    pub(in super::super) name: String,
    /// Rows; the first one of a line has its sign.
    pub(in super::super) rows: Vec<(Option<Sign>, String)>,
    pub(in super::super) width: f64,
    pub(in super::super) height: f64,
}

/// A row of a strand's labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct LabelRow {
    pub(in super::super) key: Option<char>,
    pub(in super::super) text: String,
    pub(in super::super) figure: Option<String>,
    /// From the left border to the text: the place of the key.
    pub(in super::super) indent: f64,
    /// How wide the label is, key and all; the same for all rows of a label.
    pub(in super::super) width: f64,
    /// The place in `Diagram::edges` of whose label it is; none for the name of a far card.
    pub(in super::super) edge: Option<usize>,
}

/// The labels of a strand, one below the other, centred on its line; figures stand at their right.
#[derive(Clone, Debug)]
pub(super) struct LabelText {
    pub(super) rows: Vec<LabelRow>,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) height: f64,
}

fn figure_room(figure: Option<&String>) -> f64 {
    figure.map_or(FIGURE_ROOM, |figure| FIGURE_ROOM.max(FIGURE.width(&drawable(figure)) + 12.0))
}

pub(super) fn card(node: &Node) -> CardText {
    let room = CARD_WIDTH.1 - 2.0 * CARD_PAD - SIGN;
    let name = NAME.rows(&drawable(&node.name), room, 1).pop().unwrap_or_default();
    let mut rows: Vec<(Option<Sign>, String)> = Vec::new();
    for line in node.lines.iter().take(LINES_MAX) {
        let texts = CARD.rows(&drawable(&line.text), room, ROWS_PER_LINE_MAX);
        rows.extend(texts.into_iter().enumerate().map(|(row, text)| ((row == 0).then_some(line.sign), text)));
    }
    if node.lines.len() > LINES_MAX {
        rows.push((None, "…".to_owned()));
    }
    let widest = rows.iter().map(|(_, text)| CARD.width(text)).fold(0.0, f64::max);
    let head = NAME.width(&name) + figure_room(node.figure.as_ref());
    let width = (widest.max(head) + SIGN + 2.0 * CARD_PAD).max(CARD_WIDTH.0).ceil();
    let height = match rows.len() {
        0 => CARD_HEAD + 4.0,
        count => CARD_HEAD + CARD_ROW * rows_height(count) + 8.0,
    };
    CardText { name, rows, width, height }
}

#[allow(clippy::cast_precision_loss)] // rows of one card
fn rows_height(count: usize) -> f64 {
    count as f64
}

pub(super) fn label(diagram: &Diagram, strand: &Strand) -> LabelText {
    let mut rows = Vec::new();
    for place in strand.edges.iter().take(LABELS_MAX) {
        let edge = &diagram.edges[*place];
        let key = edge.label.key;
        let room = LABEL_WIDTH_MAX - if key.is_some() { KEY } else { 0.0 };
        let mut texts = LABEL.rows(&drawable(&edge.label.words), room, ROWS_PER_LABEL_MAX);
        if texts.is_empty() && (key.is_some() || edge.figure.is_some()) {
            texts.push(String::new());
        }
        let last = texts.len().saturating_sub(1);
        let widest = texts.iter().map(|text| LABEL.width(text)).fold(0.0, f64::max);
        let indent = if key.is_some() { KEY } else { 0.0 };
        // A key alone has no blank after it.
        let width = if widest > 0.0 { widest + indent } else { (indent - 5.0).max(0.0) };
        rows.extend(texts.into_iter().enumerate().map(|(row, text)| LabelRow {
            key: key.filter(|_| row == 0),
            figure: edge.figure.as_ref().filter(|_| row == last).map(|figure| drawable(figure)),
            text,
            indent,
            width,
            edge: Some(*place),
        }));
    }
    let more = (strand.edges.len() > LABELS_MAX).then(|| "…".to_owned());
    let far = strand
        .cut
        .then(|| format!("→ {}", LABEL.rows(&drawable(&diagram.nodes[strand.to].name), 100.0, 1).join("")));
    rows.extend(more.into_iter().chain(far).map(|text| LabelRow {
        width: LABEL.width(&text),
        text,
        ..LabelRow::default()
    }));
    let widest = rows.iter().map(|row| row.width).fold(0.0, f64::max);
    let figure = rows.iter().map(|row| row.width / 2.0 + figure_room(row.figure.as_ref()));
    let right = figure.fold(FIGURE_ROOM, f64::max);
    LabelText { height: LABEL_ROW * rows_height(rows.len().max(1)), left: widest / 2.0, right, rows }
}
