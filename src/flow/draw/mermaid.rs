//! A drawing as a Mermaid flowchart, for pages that draw such texts themselves.

use std::fmt::Write;

use super::diagram::{Course, Diagram, Kind, Node};
use super::palette;
use super::text::shortened;

/// Characters of a line: Mermaid breaks long ones by itself, but a card with a whole speech is no card.
const CHARACTERS_MAX: usize = 60;

/// Diagrams as one flowchart; several stand in a frame each.
pub(crate) fn mermaid(diagrams: &[Diagram]) -> String {
    let mut out = String::from("flowchart TD\n");
    let framed = diagrams.len() > 1;
    for (place, diagram) in diagrams.iter().enumerate() {
        if framed {
            let _ = writeln!(
                out,
                "subgraph f{place} [\"{}\"]",
                escaped(&shortened(&diagram.title, CHARACTERS_MAX))
            );
        }
        for (number, node) in diagram.nodes.iter().enumerate() {
            let _ = writeln!(out, "  f{place}n{number}{}", card(node));
        }
        for edge in &diagram.edges {
            let mut label = shortened(&edge.label.text(), CHARACTERS_MAX);
            if let Some(figure) = &edge.figure {
                label = format!("{label} · {}", shortened(figure, CHARACTERS_MAX));
            }
            let line = if edge.kind == Course::Usual { "-->" } else { "-.->" };
            let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&label)) };
            let _ = writeln!(out, "  f{place}n{} {line}{label} f{place}n{}", edge.from, edge.to);
        }
        if framed {
            out.push_str("end\n");
        }
    }
    for kind in Kind::ALL {
        let colours = palette::colours(kind)[0];
        let (class, text) = (class(kind), palette::LIGHT.text);
        let _ = writeln!(out, "classDef {class} fill:{},stroke:{},color:{text}", colours.ground, colours.ink);
    }
    out
}

/// `end` alone is a word of Mermaid's.
fn class(kind: Kind) -> String {
    format!("svi_{}", kind.class())
}

fn card(node: &Node) -> String {
    let mut text = format!("<b>{}</b>", escaped(&shortened(&node.name, CHARACTERS_MAX)));
    if let Some(figure) = &node.figure {
        let _ = write!(text, " · {}", escaped(&shortened(figure, CHARACTERS_MAX)));
    }
    for line in &node.lines {
        let shown = shortened(&format!("{} {}", line.sign.character(), line.text), CHARACTERS_MAX);
        let _ = write!(text, "<br/>{}", escaped(&shown));
    }
    let (open, close) = match node.kind {
        Kind::Start | Kind::End => ("([", "])"),
        Kind::SubFlow => ("[[", "]]"),
        _ => ("[", "]"),
    };
    format!("{open}\"{text}\"{close}:::{}", class(node.kind))
}

/// Mermaid reads `#name;` and `#code;` where HTML has `&name;`; everything that it or HTML might read is written so.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '\'' | '`' | '\\' | '|' | '{' | '}' | '[' | ']' | '(' | ')'
            | ';' | '*' | '_' | '~' | '%' | '$' | '@' => {
                let _ = write!(escaped, "#{};", character as u32);
            }
            other => escaped.push(other),
        }
    }
    escaped
}
