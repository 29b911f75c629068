//! A drawing as SVG 1.1: one file that stands alone, light and dark, and that a screen reader can read aloud.

use std::fmt::Write;

use super::diagram::{Course, Diagram, Kind, Sign};
use super::layout::{
    self, CARD_HEAD, CARD_PAD, CARD_ROW, Card, FIGURE, Frame, LABEL_ROW, NAME, Picture, Piece, SIGN, Stroke,
    Tag, Tip, TooLarge,
};
use super::palette::{self, DARK, LIGHT, Theme};
use super::text::{Font, drawable};
use super::words::Words;
use crate::base::diagnostic::Tongue;

/// Fonts that are likely to be there; none is wider than what the layout reckons with.
const FONTS: &str =
    "Inter,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif";
const TITLE: Font = Font { size: 20.0, bold: true };
/// The title above a drawing, and the legend below the last one.
const TITLE_HEIGHT: f64 = 40.0;
const LEGEND_HEIGHT: f64 = 34.0;
const LEGEND_WIDTH: f64 = 400.0;

/// Diagrams as one document, one below the other.
///
/// # Errors
/// When one of them is too large to be drawn.
pub(crate) fn svg(diagrams: &[Diagram], tongue: Tongue) -> Result<String, TooLarge> {
    let words = Words::of(tongue);
    let pictures = diagrams.iter().map(layout::layout).collect::<Result<Vec<Picture>, TooLarge>>()?;
    let widths = diagrams
        .iter()
        .zip(&pictures)
        .map(|(diagram, picture)| picture.width.max(TITLE.width(&drawable(&diagram.title)) + 56.0));
    let width = widths.fold(LEGEND_WIDTH, f64::max).ceil();
    let height = pictures.iter().map(|picture| picture.height + TITLE_HEIGHT).sum::<f64>() + LEGEND_HEIGHT;
    let mut pen = Writer { out: String::new(), words };
    pen.head(diagrams, width, height.ceil());
    let mut top = 0.0;
    for (place, (diagram, picture)) in diagrams.iter().zip(&pictures).enumerate() {
        // Each stands in the middle of the page.
        let left = ((width - picture.width) / 2.0).floor();
        let title = escaped(&drawable(&diagram.title));
        pen.line(&format!("<g transform=\"translate(0 {})\">", number(top)));
        pen.line(&format!("<text class=\"title\" x=\"28\" y=\"40\">{title}</text>"));
        pen.line(&format!("<g transform=\"translate({} {})\">", number(left), number(TITLE_HEIGHT)));
        pen.picture(place, diagram, picture);
        pen.line("</g>\n</g>");
        top += TITLE_HEIGHT + picture.height;
    }
    pen.legend(top);
    pen.line("</svg>");
    Ok(pen.out)
}

struct Writer {
    out: String,
    words: &'static Words,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn head(&mut self, diagrams: &[Diagram], width: f64, height: f64) {
        let titles: Vec<String> = diagrams.iter().map(|diagram| drawable(&diagram.title)).collect();
        let title = escaped(&titles.join(", "));
        let (width, height) = (number(width), number(height));
        self.line(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"svi-flow\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" lang=\"{}\" role=\"graphics-document\">",
            self.words.code
        ));
        self.line(&format!("<title>{title}</title>"));
        let style = style();
        self.line(&format!("<style>\n{style}</style>"));
        self.line(&format!("<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>"));
    }

    fn picture(&mut self, place: usize, diagram: &Diagram, picture: &Picture) {
        self.line("<g aria-hidden=\"true\">");
        for stroke in &picture.strokes {
            self.stroke(stroke);
        }
        for tip in &picture.tips {
            self.tip(tip);
        }
        self.line("</g>");
        for card in &picture.cards {
            self.card(place, diagram, card);
        }
        for tag in picture.tags.iter().filter(|tag| !tag.rows.is_empty()) {
            self.tag(diagram, picture, tag);
        }
    }

    fn stroke(&mut self, stroke: &Stroke) {
        let mut path = format!("M{} {}", number(stroke.start.0), number(stroke.start.1));
        let mut at = stroke.start;
        for piece in &stroke.pieces {
            match piece {
                Piece::Line(to) if same(*to, at) => {}
                Piece::Line(to) if same((to.0, 0.0), (at.0, 0.0)) => {
                    let _ = write!(path, "V{}", number(to.1));
                }
                Piece::Line(to) => {
                    let _ = write!(path, "L{} {}", number(to.0), number(to.1));
                }
                Piece::Curve(one, two, to) => {
                    let _ = write!(
                        path,
                        "C{} {} {} {} ",
                        number(one.0),
                        number(one.1),
                        number(two.0),
                        number(two.1)
                    );
                    let _ = write!(path, "{} {}", number(to.0), number(to.1));
                }
            }
            at = match piece {
                Piece::Line(to) | Piece::Curve(_, _, to) => *to,
            };
        }
        let class = course(stroke.pen.course, stroke.pen.back);
        self.line(&format!("<path class=\"way {class}\" d=\"{path}\"/>"));
    }

    fn tip(&mut self, tip: &Tip) {
        let (x, y) = (number(tip.at.0), number(tip.at.1));
        let class = course(tip.pen.course, tip.pen.back);
        self.line(&format!("<path class=\"tip {class}\" d=\"M{x} {y}l-4.5 -8.5h9z\"/>"));
    }

    fn card(&mut self, place: usize, diagram: &Diagram, card: &Card) {
        let node = &diagram.nodes[card.node];
        let class = node.kind.class();
        let Frame { left, top, width, height } = card.frame;
        let (name, id) = (escaped(&drawable(&node.name)), escaped(&drawable(&node.id)));
        let kind = self.words.kinds[node.kind as usize];
        self.line(&format!(
            "<g class=\"card {class}\" id=\"card-{place}-{}\" data-block=\"{id}\" role=\"graphics-object\">",
            card.node
        ));
        self.line(&format!("<title>{name} ({kind})</title>"));
        let told = escaped(&self.told(diagram, card.node));
        self.line(&format!("<desc>{told}</desc>"));
        let round = if matches!(node.kind, Kind::Start | Kind::End) { 16 } else { 7 };
        self.line(&format!("<rect{} rx=\"{round}\"/>", placed(card.frame)));
        self.sign(node.kind.sign(), left + CARD_PAD - 1.0, top + 8.0, 1.15);
        let text = left + CARD_PAD + SIGN;
        let head = if card.text.rows.is_empty() { height / 2.0 + 4.5 } else { 19.0 };
        let shown = escaped(&card.text.name);
        self.line(&format!(
            "<text class=\"name\" x=\"{}\" y=\"{}\">{shown}</text>",
            number(text),
            number(top + head)
        ));
        let mut y = top + CARD_HEAD + 12.0;
        for (sign, row) in &card.text.rows {
            if let Some(sign) = sign {
                self.sign(*sign, left + CARD_PAD + 0.5, y - 9.5, 0.9);
            }
            self.line(&format!("<text x=\"{}\" y=\"{}\">{}</text>", number(text), number(y), escaped(row)));
            y += CARD_ROW;
        }
        if let Some(figure) = &node.figure {
            self.figure(&drawable(figure), left + width - 8.0, top + 6.0);
        }
        self.line("</g>");
    }

    /// A card's lines and ways in words, for who does not see it.
    fn told(&self, diagram: &Diagram, node: usize) -> String {
        let mut told: Vec<String> =
            diagram.nodes[node].lines.iter().map(|line| drawable(&line.text)).collect();
        for edge in diagram.edges.iter().filter(|edge| edge.from == node) {
            let label = drawable(&edge.label.text());
            let to = diagram.nodes.get(edge.to).map(|node| drawable(&node.name)).unwrap_or_default();
            let colon = if label.is_empty() { "" } else { " : " };
            told.push(format!("{label}{colon}{} {to}", self.words.leads_to));
        }
        told.join("; ")
    }

    fn sign(&mut self, sign: Sign, x: f64, y: f64, scale: f64) {
        let (x, y, path) = (number(x), number(y), drawn(sign));
        self.line(&format!(
            "<path class=\"sign\" transform=\"translate({x} {y}) scale({scale})\" d=\"{path}\"/>"
        ));
    }

    /// A figure whose right end is here.
    fn figure(&mut self, figure: &str, right: f64, top: f64) {
        let width = FIGURE.width(figure) + 8.0;
        let frame = Frame { left: right - width, top, width, height: 15.0 };
        let (x, y) = (number(right - width / 2.0), number(top + 11.0));
        self.line(&format!("<rect class=\"figure\"{} rx=\"7.5\"/>", placed(frame)));
        self.line(&format!("<text class=\"figure\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(figure)));
    }

    fn tag(&mut self, diagram: &Diagram, picture: &Picture, tag: &Tag) {
        let strand = &picture.strands[tag.strand];
        let name = |node: usize| escaped(&drawable(&diagram.nodes[node].name));
        self.line(&format!("<g class=\"tag {}\">", course(strand.course, strand.back)));
        self.line(&format!("<title>{} → {}</title>", name(strand.from), name(strand.to)));
        let mut top = tag.frame.top;
        for row in &tag.rows {
            let fallback = row.edge.is_some_and(|edge| diagram.edges[edge].kind == Course::Fallback);
            let class = if fallback { " class=\"else\"" } else { "" };
            let mut x = tag.axis - row.width / 2.0;
            let y = number(top + 12.0);
            if let Some(key) = row.key {
                let frame = Frame { left: x, top: top + 0.5, width: 15.0, height: 15.0 };
                self.line(&format!("<rect class=\"key\"{} rx=\"3.5\"/>", placed(frame)));
                let key = escaped(&key.to_string());
                self.line(&format!("<text class=\"key\" x=\"{}\" y=\"{y}\">{key}</text>", number(x + 7.5)));
            }
            x += row.indent;
            if !row.text.is_empty() {
                let text = escaped(&row.text);
                self.line(&format!("<text{class} x=\"{}\" y=\"{y}\">{text}</text>", number(x)));
            }
            if let Some(figure) = &row.figure {
                let right = tag.axis + row.width / 2.0 + FIGURE.width(figure) + 13.0;
                self.figure(figure, right, top + 0.5);
            }
            top += LABEL_ROW;
        }
        self.line("</g>");
    }

    fn legend(&mut self, top: f64) {
        self.line(&format!(
            "<g class=\"legend\" aria-hidden=\"true\" transform=\"translate(28 {})\">",
            number(top + 8.0)
        ));
        let mut x = 0.0;
        for (class, word) in ["usual", "fallback", "back"].iter().zip(self.words.legend) {
            self.line(&format!("<path class=\"way {class}\" d=\"M{} 0h26\"/>", number(x)));
            self.line(&format!("<text x=\"{}\" y=\"4\">{word}</text>", number(x + 33.0)));
            x += 33.0 + layout::LABEL.width(word) + 24.0;
        }
        self.line("</g>");
    }
}

fn same(one: (f64, f64), two: (f64, f64)) -> bool {
    (one.0 - two.0).abs() < 0.05 && (one.1 - two.1).abs() < 0.05
}

fn placed(frame: Frame) -> String {
    let Frame { left, top, width, height } = frame;
    let (x, y, width, height) = (number(left), number(top), number(width), number(height));
    format!(" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

const fn course(course: Course, back: bool) -> &'static str {
    match (course, back) {
        (Course::Usual, false) => "usual",
        (Course::Fallback, false) => "fallback",
        (Course::Usual, true) => "back",
        (Course::Fallback, true) => "back fallback",
    }
}

/// To a tenth of a pixel, without zeros that say nothing.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// As text or attribute of XML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn style() -> String {
    let mut css = format!(
        ".svi-flow text{{font:11px {FONTS};unicode-bidi:isolate}}\n\
         .svi-flow .title{{font-size:{}px;font-weight:700}}\n\
         .svi-flow .name{{font-size:{}px;font-weight:700}}\n\
         .svi-flow text.key,.svi-flow text.figure{{font-size:{}px;font-weight:700;text-anchor:middle}}\n\
         .svi-flow .card>rect{{stroke-width:1.2}}\n\
         .svi-flow .start>rect:first-of-type,.svi-flow .end>rect:first-of-type{{stroke-width:2}}\n\
         .svi-flow rect.key{{stroke-width:1}}\n\
         .svi-flow .card>rect.figure{{stroke:none}}\n\
         .svi-flow .sign{{fill:none;stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round}}\n\
         .svi-flow .way{{fill:none;stroke-width:1.5;stroke-linecap:round}}\n\
         .svi-flow .way.fallback{{stroke-width:1.2;stroke-dasharray:5 4}}\n\
         .svi-flow .way.back{{stroke-width:1.1}}\n",
        number(TITLE.size),
        number(NAME.size),
        number(FIGURE.size),
    );
    css.push_str(&theme(&LIGHT, 0));
    // Paper stays white.
    let _ = writeln!(css, "@media screen and (prefers-color-scheme:dark){{\n{}}}", theme(&DARK, 1));
    css
}

fn theme(theme: &Theme, place: usize) -> String {
    let Theme { page, text, quiet, line, fallback, back, figure_ground, figure_text } = theme;
    let mut css = format!(
        ".svi-flow .page{{fill:{page}}}\n\
         .svi-flow text{{fill:{text}}}\n\
         .svi-flow .legend text{{fill:{quiet}}}\n\
         .svi-flow rect.key{{fill:{page};stroke:{line}}}\n\
         .svi-flow text.else{{fill:{fallback}}}\n\
         .svi-flow .way.usual{{stroke:{line}}}\n\
         .svi-flow .tip.usual{{fill:{line}}}\n\
         .svi-flow .way.fallback{{stroke:{fallback}}}\n\
         .svi-flow .tip.fallback{{fill:{fallback}}}\n\
         .svi-flow .way.back{{stroke:{back}}}\n\
         .svi-flow .tip.back{{fill:{back}}}\n"
    );
    for kind in Kind::ALL {
        let (class, colours) = (kind.class(), palette::colours(kind)[place]);
        let (ground, ink) = (colours.ground, colours.ink);
        let _ = write!(
            css,
            ".svi-flow .{class}>rect{{fill:{ground};stroke:{ink}}}\n.svi-flow .{class} .name{{fill:{ink}}}\n.svi-flow .{class} .sign{{stroke:{ink}}}\n"
        );
    }
    let _ = write!(
        css,
        ".svi-flow rect.figure,.svi-flow .card>rect.figure{{fill:{figure_ground}}}\n.svi-flow text.figure{{fill:{figure_text}}}\n"
    );
    css
}

/// A sign as a path in a square of 12.
const fn drawn(sign: Sign) -> &'static str {
    match sign {
        Sign::Enters => "M1 6h7M5.2 3.2L8 6 5.2 8.8M11 1.5v9",
        Sign::Says => "M1.5 2h9v6.2H6L3.4 10.6V8.2H1.5z",
        Sign::Offers => "M2 2h.01M6 2h.01M10 2h.01M2 6h.01M6 6h.01M10 6h.01M2 10h.01M6 10h.01M10 10h.01",
        Sign::Asks => "M1 3h10v6H1zM3.4 6h.01M6 6h.01M8.6 6h.01",
        Sign::Branches => "M6 1l5 5-5 5-5-5z",
        Sign::Hours => "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10M6 3.2V6l2 1.4",
        Sign::Queues => "M2.5 1h7M2.5 11h7M3.5 1v2.2L6 6l2.5-2.8V1M3.5 11V8.8L6 6l2.5 2.8V11",
        Sign::Pauses => {
            "M4.4 9.4V2.4l5-1v7M4.4 9.4a1.5 1.5 0 1 1-3 0a1.5 1.5 0 1 1 3 0M9.4 8.4a1.5 1.5 0 1 1-3 0a1.5 1.5 0 1 1 3 0"
        }
        Sign::Rings => "M1.8 9h8.4C9.2 8 9 7 9 5a3 3 0 0 0-6 0c0 2-.2 3-1.2 4M5 11h2M6 1v1",
        Sign::Records => {
            "M6 1.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6M6 4.8a1.2 1.2 0 1 0 0 2.4a1.2 1.2 0 1 0 0-2.4"
        }
        Sign::Sets => "M2 4.4h8M2 7.6h8",
        Sign::Tags => "M1.5 1.5H6L10.8 6.3 6.3 10.8 1.5 6zM4 4h.01",
        Sign::Sends => "M1 3.8h9M7.4 1.4L10 3.8 7.4 6.2M11 8.4H2M4.6 6L2 8.4l2.6 2.4",
        Sign::Runs => "M2 1.5V7h7.5M6.8 4.2L9.6 7 6.8 9.8",
        Sign::Ends => "M2 2h8v8H2z",
    }
}
