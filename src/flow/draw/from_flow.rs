//! The diagram of a compiled flow: a card a block, and one where calls come in.

use super::super::graph::{Block, Flow};
use super::super::prompt::Part;
use super::card::words_of;
use super::diagram::{Course, Diagram, Edge, Kind, Label, Line, Node, Sign};
use super::steps;
use super::words::Words;
use crate::base::diagnostic::Tongue;

/// The diagram of a flow, with svi's own words in a language. `number` writes a number as people read it.
pub(crate) fn diagram(flow: &Flow, tongue: Tongue, number: &dyn Fn(&str) -> String) -> Diagram {
    let words = Words::of(tongue);
    let mut nodes = vec![entrance(flow, words, number)];
    nodes.extend(flow.blocks().map(|(_, block)| card(block, words)));
    let mut edges = vec![Edge {
        from: 0,
        to: flow.start.0 + 1,
        label: Label::default(),
        kind: Course::Usual,
        figure: None,
    }];
    for (id, block) in flow.blocks() {
        let ways = block.steps.iter().flat_map(|step| steps::ways(step, words));
        edges.extend(ways.map(|way| Edge {
            from: id.0 + 1,
            to: way.to.0 + 1,
            label: way.label,
            kind: way.kind,
            figure: None,
        }));
    }
    Diagram { title: flow.name.to_string(), nodes, edges }
}

/// Where calls come in: the numbers, and what a caller of a free one hears first.
fn entrance(flow: &Flow, words: &Words, number: &dyn Fn(&str) -> String) -> Node {
    let numbers = flow.numbers.iter().map(|known| Line { sign: Sign::Enters, text: number(known) });
    let clips = flow.announcement.iter().flat_map(|speech| speech.parts(flow.language));
    let announcement = clips.filter_map(|part| match part {
        Part::Fixed(clip) => Some(Line { sign: Sign::Says, text: words_of(clip) }),
        Part::Value(..) => None,
    });
    Node {
        id: String::new(),
        name: words.calls.to_owned(),
        kind: Kind::Start,
        lines: numbers.chain(announcement).collect(),
        figure: None,
    }
}

fn card(block: &Block, words: &Words) -> Node {
    // The first of equals: what a block does first is what it is for.
    let kinds = block.steps.iter().map(|step| step.drawn().kind());
    let kind = kinds.reduce(|best, kind| if steps::weight(kind) > steps::weight(best) { kind } else { best });
    Node {
        id: block.name.to_string(),
        name: block.name.to_string(),
        kind: kind.unwrap_or(Kind::Say),
        lines: block.steps.iter().flat_map(|step| step.drawn().lines(words)).collect(),
        figure: None,
    }
}
