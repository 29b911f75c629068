use proptest::prelude::*;

use super::super::diagram::{Course, Diagram, Edge, Kind, Label, Line, Node, Sign};
use super::grid::{Grid, What};
use super::*;
use crate::base::limit::{DRAWN_SPAN_MAX, DRAWN_SWEEPS_MAX};

fn node(number: usize, text: &str) -> Node {
    Node {
        id: number.to_string(),
        name: format!("bloc_{number}"),
        kind: Kind::ALL[number % Kind::ALL.len()],
        lines: text.lines().map(|text| Line { sign: Sign::Says, text: text.to_owned() }).collect(),
        figure: None,
    }
}

fn edge(from: usize, to: usize) -> Edge {
    Edge { from, to, label: Label::default(), kind: Course::Usual, figure: None }
}

fn diagram(count: usize, edges: &[(usize, usize)]) -> Diagram {
    Diagram {
        title: "essai".to_owned(),
        nodes: (0..count).map(|number| node(number, "")).collect(),
        edges: edges.iter().map(|(from, to)| edge(*from, *to)).collect(),
    }
}

fn levels(diagram: &Diagram) -> (Vec<usize>, Vec<Strand>) {
    let mut strands = layers::strands(diagram);
    let levels = layers::levels(diagram.nodes.len(), &mut strands);
    (levels, strands)
}

fn grid(diagram: &Diagram) -> Grid {
    let (levels, strands) = levels(diagram);
    let cards: Vec<CardText> = diagram.nodes.iter().map(measure::card).collect();
    let labels: Vec<_> = strands.iter().map(|strand| measure::label(diagram, strand)).collect();
    Grid::new(&levels, &strands, &cards, &labels)
}

#[test]
fn cards_stand_below_all_that_lead_to_them() {
    //   0 → 1 → 2 → 4, and 0 → 3 → 4: the short side hangs near the end that has more ways.
    let (levels, strands) = levels(&diagram(5, &[(0, 1), (1, 2), (2, 4), (0, 3), (3, 4), (3, 4)]));
    assert_eq!(levels, [0, 1, 2, 1, 3]);
    assert!(strands.iter().all(|strand| !strand.back));
    assert_eq!(strands.len(), 5, "parallel ways are one line");
    assert_eq!(strands[4].edges, [4, 5]);
}

#[test]
fn a_card_without_a_way_to_it_stands_right_above_what_it_leads_to() {
    let (levels, _) = levels(&diagram(5, &[(0, 1), (1, 2), (2, 3), (4, 3)]));
    assert_eq!(levels, [0, 1, 2, 3, 2]);
}

#[test]
fn ways_back_are_found_depth_first_in_the_order_of_the_text() {
    let (levels, strands) = levels(&diagram(4, &[(0, 1), (1, 2), (2, 1), (2, 3), (3, 0), (2, 2)]));
    let back: Vec<(usize, usize)> =
        strands.iter().filter(|strand| strand.back).map(|strand| (strand.from, strand.to)).collect();
    assert_eq!(back, [(2, 1), (3, 0), (2, 2)]);
    assert_eq!(levels, [0, 1, 2, 3]);
}

#[test]
fn lines_that_need_not_cross_do_not() {
    // Depth first puts 4 before 5, and 1 → 5 crosses 2 → 4.
    let diagram = diagram(6, &[(0, 1), (0, 2), (1, 4), (1, 5), (2, 4)]);
    let mut grid = grid(&diagram);
    crossings::first_order(&mut grid);
    assert_eq!(crossings::crossings(&grid), 1);
    crossings::arrange(&mut grid);
    assert_eq!(crossings::crossings(&grid), 0);
}

#[test]
fn crossings_that_cannot_be_avoided_are_as_few_as_can_be() {
    // Every card of one layer leads to every card of the next: of K3,3 in two layers nine crossings remain.
    let edges: Vec<(usize, usize)> =
        (1..4).map(|to| (0, to)).chain((1..4).flat_map(|from| (4..7).map(move |to| (from, to)))).collect();
    let mut grid = grid(&diagram(7, &edges));
    crossings::arrange(&mut grid);
    assert_eq!(crossings::crossings(&grid), 9);
}

#[test]
fn a_chain_is_straight() {
    let picture = layout(&diagram(6, &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)])).unwrap();
    let axis = |card: &Card| card.frame.left + card.frame.width / 2.0;
    let first = axis(&picture.cards[0]);
    assert!(picture.cards.iter().all(|card| (axis(card) - first).abs() < 1.0));
}

#[test]
fn what_leads_to_one_card_over_layers_shares_its_lane() {
    // 1, 2, 3 and 4 stand below one another, and each also leads to 5.
    let edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 5), (2, 5), (3, 5)];
    let grid = grid(&diagram(6, &edges));
    let lanes = grid.items.iter().filter(|item| matches!(item.what, What::Lane { to: 5, up: false }));
    let mut ranks: Vec<usize> = lanes.map(|item| item.rank).collect();
    let all = ranks.len();
    ranks.dedup();
    assert_eq!((all, ranks.len()), (6, 6), "one lane in each layer between");
}

#[test]
fn a_way_over_very_many_layers_is_cut_and_names_its_card() {
    let count = DRAWN_SPAN_MAX + 3;
    let mut edges: Vec<(usize, usize)> = (1..count).map(|to| (to - 1, to)).collect();
    edges.push((0, count - 1));
    edges.push((count - 1, 0));
    let picture = layout(&diagram(count, &edges)).unwrap();
    let cut: Vec<&Strand> = picture.strands.iter().filter(|strand| strand.cut).collect();
    assert_eq!(cut.len(), 2);
    let named = picture.tags.iter().filter(|tag| picture.strands[tag.strand].cut);
    let texts: Vec<&str> = named.map(|tag| tag.rows[0].text.as_str()).collect();
    assert_eq!(texts, [format!("→ bloc_{}", count - 1), "→ bloc_0".to_owned()]);
}

#[test]
fn a_diagram_that_is_too_large_is_refused() {
    let count = DRAWN_ITEMS_MAX + 1;
    let nodes: Vec<Node> = (0..count).map(|number| node(number, "")).collect();
    let error = layout(&Diagram { nodes, ..Diagram::default() }).unwrap_err();
    assert_eq!(error.to_string(), "200001 pieces to draw, 200000 at the most");
}

#[test]
fn nothing_is_drawn_of_nothing() {
    let picture = layout(&Diagram::default()).unwrap();
    assert!(picture.cards.is_empty() && picture.strokes.is_empty());
    // Ways to cards that are not there are left out.
    let picture = layout(&diagram(1, &[(0, 7), (7, 0)])).unwrap();
    assert!(picture.strands.is_empty());
}

fn overlap(one: Frame, two: Frame) -> bool {
    one.left < two.left + two.width
        && two.left < one.left + one.width
        && one.top < two.top + two.height
        && two.top < one.top + one.height
}

fn within(point: (f64, f64), frame: Frame) -> bool {
    // A line may begin and end at a border.
    frame.left + 1.0 < point.0
        && point.0 < frame.left + frame.width - 1.0
        && frame.top + 1.0 < point.1
        && point.1 < frame.top + frame.height - 1.0
}

/// Points along a stroke, a few pixels apart.
fn points(stroke: &Stroke) -> Vec<(f64, f64)> {
    let (mut points, mut at) = (vec![stroke.start], stroke.start);
    for piece in &stroke.pieces {
        for step in 1..=40 {
            let t = f64::from(step) / 40.0;
            let u = 1.0 - t;
            let mix = |one: f64, two: f64, three: f64, four: f64| {
                u * u * u * one + 3.0 * u * u * t * two + 3.0 * u * t * t * three + t * t * t * four
            };
            points.push(match piece {
                Piece::Line(to) => (u * at.0 + t * to.0, u * at.1 + t * to.1),
                Piece::Curve(one, two, to) => (mix(at.0, one.0, two.0, to.0), mix(at.1, one.1, two.1, to.1)),
            });
        }
        at = match piece {
            Piece::Line(to) | Piece::Curve(_, _, to) => *to,
        };
    }
    points
}

fn check(diagram: &Diagram) {
    let picture = layout(diagram).unwrap();
    let all: Vec<Frame> = (picture.cards.iter().map(|card| card.frame))
        .chain(picture.tags.iter().filter(|tag| !tag.rows.is_empty()).map(|tag| tag.frame))
        .collect();
    let page = Frame { left: 0.0, top: 0.0, width: picture.width, height: picture.height };
    for (place, one) in all.iter().enumerate() {
        assert!(one.left >= 0.0 && one.left + one.width <= page.width, "{one:?} leaves {page:?}");
        assert!(one.top >= 0.0 && one.top + one.height <= page.height, "{one:?} leaves {page:?}");
        for two in &all[place + 1..] {
            assert!(!overlap(*one, *two), "{one:?} {two:?}");
        }
    }
    let worded: Vec<Frame> = (picture.cards.iter().map(|card| card.frame))
        .chain(picture.tags.iter().filter(|tag| tag.frame.left + 1.0 < tag.axis).map(|tag| tag.frame))
        .collect();
    for stroke in &picture.strokes {
        for point in points(stroke) {
            assert!(within(
                point,
                Frame { left: -1.0, top: -1.0, width: page.width + 2.0, height: page.height + 2.0 }
            ));
            let over = worded.iter().find(|frame| within(point, **frame));
            assert!(over.is_none(), "a line passes at {point:?} over {over:?}");
        }
    }
    assert_eq!(picture.cards.len(), diagram.nodes.len());
    // Each way that is drawn ends in a tip at its card.
    let reached: std::collections::BTreeSet<usize> =
        picture.strands.iter().filter(|strand| !strand.cut).map(|strand| strand.to).collect();
    assert_eq!(picture.tips.len(), reached.len());
}

fn diagrams() -> impl Strategy<Value = Diagram> {
    (1_usize..24).prop_flat_map(|count| {
        let texts = proptest::collection::vec("([a-zé ]{0,40}\n){0,4}", count);
        let ways = (
            0..count,
            0..count,
            proptest::option::of(proptest::char::range('0', '9')),
            "[a-zù ]{0,30}",
            any::<bool>(),
            any::<bool>(),
        );
        let ways = proptest::collection::vec(ways, 0..count * 3);
        (texts, ways).prop_map(|(texts, ways)| {
            let nodes = texts.iter().enumerate().map(|(number, text)| node(number, text)).collect();
            let edges = ways.into_iter().map(|(from, to, key, words, usual, figure)| Edge {
                from,
                to,
                label: Label { key, words },
                kind: if usual { Course::Usual } else { Course::Fallback },
                figure: figure.then(|| "12 345".to_owned()),
            });
            Diagram { title: "essai".to_owned(), nodes, edges: edges.collect() }
        })
    })
}

proptest! {
    #![proptest_config(crate::base::property::cases(200))]

    #[test]
    fn nothing_lies_on_anything_else_and_no_line_passes_over_it(diagram in diagrams()) {
        check(&diagram);
    }

    #[test]
    fn ordering_never_makes_it_worse(diagram in diagrams()) {
        let mut grid = grid(&diagram);
        crossings::first_order(&mut grid);
        let before = crossings::crossings(&grid);
        crossings::arrange(&mut grid);
        prop_assert!(crossings::crossings(&grid) <= before);
    }

    #[test]
    fn every_way_leads_down_but_those_that_lead_back(diagram in diagrams()) {
        let (levels, strands) = levels(&diagram);
        for strand in strands {
            let (from, to) = (levels[strand.from], levels[strand.to]);
            prop_assert!(strand.back && to <= from || !strand.back && from < to, "{strand:?} {levels:?}");
        }
        prop_assert_eq!(levels[0], *levels.iter().min().unwrap());
    }

    #[test]
    fn shorter_lines_are_shorter(diagram in diagrams()) {
        let mut grid = grid(&diagram);
        crossings::arrange(&mut grid);
        grid.forget_turns();
        let mut axes = place::axes(&grid);
        let before = shorten::length(&grid, &axes);
        shorten::shorten(&grid, &mut axes);
        prop_assert!(shorten::length(&grid, &axes) <= before + 0.01);
    }
}

#[test]
fn sweeps_are_bounded() {
    assert_eq!(crossings::sweeps(10), DRAWN_SWEEPS_MAX);
    assert_eq!(crossings::sweeps(100_000), 4);
    assert_eq!(crossings::sweeps(10_000_000), 1);
}
