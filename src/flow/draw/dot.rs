//! A drawing as a graph of Graphviz, for those who want another layout.

use std::fmt::Write;

use super::diagram::{Course, Diagram, Kind, Node};
use super::palette::{self, LIGHT};
use super::text::shortened;

/// Characters of a line of a card.
const CHARACTERS_MAX: usize = 48;

/// Diagrams as one graph; several stand in a frame each.
pub(crate) fn dot(diagrams: &[Diagram]) -> String {
    let mut out = String::from("digraph svi {\n");
    let _ = writeln!(out, "  graph [rankdir=TB, bgcolor=\"transparent\", fontname=\"sans-serif\"];");
    let _ = writeln!(
        out,
        "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=11, fontcolor=\"{}\"];",
        LIGHT.text
    );
    let _ = writeln!(
        out,
        "  edge [fontname=\"sans-serif\", fontsize=10, color=\"{}\", fontcolor=\"{}\"];",
        LIGHT.line, LIGHT.text
    );
    let framed = diagrams.len() > 1;
    for (place, diagram) in diagrams.iter().enumerate() {
        if framed {
            let title = quoted(&shortened(&diagram.title, CHARACTERS_MAX));
            let _ = writeln!(out, "  subgraph cluster_{place} {{\n  label={title};");
        }
        for (number, node) in diagram.nodes.iter().enumerate() {
            let _ = writeln!(out, "  f{place}n{number} [{}];", card(node));
        }
        for edge in &diagram.edges {
            let mut label = shortened(&edge.label.text(), CHARACTERS_MAX);
            if let Some(figure) = &edge.figure {
                label = format!("{label} · {}", shortened(figure, CHARACTERS_MAX));
            }
            let style = match edge.kind {
                Course::Usual => String::new(),
                Course::Fallback => {
                    format!(", style=dashed, color=\"{0}\", fontcolor=\"{0}\"", LIGHT.fallback)
                }
            };
            let label = quoted(&label);
            let _ = writeln!(out, "  f{place}n{} -> f{place}n{} [label={label}{style}];", edge.from, edge.to);
        }
        if framed {
            out.push_str("  }\n");
        }
    }
    out.push_str("}\n");
    out
}

fn card(node: &Node) -> String {
    let mut rows = vec![shortened(&node.name, CHARACTERS_MAX)];
    if let (Some(figure), Some(head)) = (&node.figure, rows.first_mut()) {
        let _ = write!(head, " · {}", shortened(figure, CHARACTERS_MAX));
    }
    rows.extend(
        node.lines
            .iter()
            .map(|line| format!("{} {}", line.sign.character(), shortened(&line.text, CHARACTERS_MAX))),
    );
    // `\l` ends a row that begins at the left.
    let label: String = rows.iter().map(|row| format!("{}\\l", escaped(row))).collect();
    let colours = palette::colours(node.kind)[0];
    let shape = match node.kind {
        Kind::Branch => ", style=\"filled\"",
        Kind::Start | Kind::End => ", penwidth=2",
        _ => "",
    };
    format!("label=\"{label}\", fillcolor=\"{}\", color=\"{}\"{shape}", colours.ground, colours.ink)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Within quotes Graphviz reads backslashes, and HTML entities.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '&' => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}
