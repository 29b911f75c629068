//! A table of figures: as people read it, as a French Excel does, and as programs do.

use serde_json::{Map, Value as Json, json};

use crate::base::diagnostic::{Text, Tongue};
use crate::figures::value::Value;

/// Letters of a head before it is broken.
const HEAD_WIDTH: usize = 12;

/// What stands in a column.
pub(super) struct Column {
    pub(super) id: &'static str,
    pub(super) name: Text,
}

/// A line, and the same of the period before.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) now: Vec<Option<Value>>,
    pub(super) before: Option<Vec<Option<Value>>>,
}

/// See the module.
pub(super) struct Table {
    /// What its lines are about.
    pub(super) about: Text,
    pub(super) columns: Vec<Column>,
    pub(super) lines: Vec<Line>,
    pub(super) total: Option<Line>,
}

impl Table {
    fn all(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().chain(&self.total)
    }

    /// As people read it.
    pub(super) fn to_text(&self, tongue: Tongue) -> String {
        let before = format!("  {}", Text::word("before").to(tongue));
        let shown = |values: &[Option<Value>]| -> Vec<String> {
            values
                .iter()
                .map(|value| value.map_or_else(|| "—".to_owned(), |value| value.text(tongue)))
                .collect()
        };
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for line in self.all() {
            rows.push((line.label.clone(), shown(&line.now)));
            rows.extend(line.before.as_ref().map(|values| (before.clone(), shown(values))));
        }
        let heads: Vec<Vec<String>> =
            self.columns.iter().map(|column| broken(&column.name.to(tongue))).collect();
        let height = heads.iter().map(Vec::len).max().unwrap_or(0);
        let about = self.about.to(tongue);
        let first = rows.iter().map(|(label, _)| width(label)).chain([width(&about)]).max().unwrap_or(0);
        let widths: Vec<usize> = heads
            .iter()
            .enumerate()
            .map(|(column, head)| {
                let cells = rows.iter().filter_map(|(_, cells)| cells.get(column));
                head.iter().chain(cells).map(|text| width(text)).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in 0..height {
            let label = if row + 1 == height { about.as_str() } else { "" };
            let word = |head: &Vec<String>| {
                (row + head.len())
                    .checked_sub(height)
                    .and_then(|place| head.get(place))
                    .cloned()
                    .unwrap_or_default()
            };
            push(&mut text, label, first, &heads.iter().map(word).collect::<Vec<_>>(), &widths);
        }
        let rule = first + widths.iter().map(|width| width + 2).sum::<usize>();
        text += &format!("{}\n", "─".repeat(rule));
        let of_total = self.total.as_ref().map_or(0, |total| 1 + usize::from(total.before.is_some()));
        for (place, (label, cells)) in rows.iter().enumerate() {
            if of_total > 0 && place + of_total == rows.len() && place > 0 {
                text += &format!("{}\n", "─".repeat(rule));
            }
            push(&mut text, label, first, cells, &widths);
        }
        text
    }

    /// As a French Excel opens it: `;`, decimal commas, a mark of UTF-8, and no cell that it would reckon.
    pub(super) fn to_csv(&self, tongue: Tongue) -> String {
        let mut heads = vec![self.about.to(tongue)];
        let before = Text::word("before").to(tongue);
        let twice = self.all().any(|line| line.before.is_some());
        for column in &self.columns {
            let name = column.name.to(tongue);
            heads.push(name.clone());
            heads.extend(twice.then(|| format!("{name} ({before})")));
        }
        let mut text =
            format!("\u{feff}{}\r\n", heads.iter().map(|head| cell(head)).collect::<Vec<_>>().join(";"));
        for line in self.all() {
            let mut cells = vec![cell(&line.label)];
            let plain = |value: &Option<Value>| value.map(|value| value.plain(',')).unwrap_or_default();
            for (place, value) in line.now.iter().enumerate() {
                cells.push(plain(value));
                let other = line.before.as_ref().and_then(|before| before.get(place));
                cells.extend(twice.then(|| other.map(plain).unwrap_or_default()));
            }
            text += &format!("{}\r\n", cells.join(";"));
        }
        text
    }

    /// As programs read it: whole hundredths of each unit, which no rounding changes; `null` is a part of nothing.
    pub(super) fn to_json(&self) -> Json {
        let values = |values: &[Option<Value>]| {
            let told = |value: &Value| json!({ "unit": value.unit.id(), "hundredths": value.hundredths() });
            let fields = self.columns.iter().zip(values);
            Json::Object(
                fields
                    .map(|(column, value)| (column.id.to_owned(), value.as_ref().map(told).into()))
                    .collect::<Map<_, _>>(),
            )
        };
        let line = |line: &Line| {
            let before = line.before.as_ref().map(|before| values(before));
            json!({ "label": line.label, "figures": values(&line.now), "before": before })
        };
        json!({
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
            "total": self.total.as_ref().map(line),
        })
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// A head in several lines.
fn broken(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= HEAD_WIDTH => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn push(text: &mut String, label: &str, first: usize, cells: &[String], widths: &[usize]) {
    let mut line = format!("{label:<first$}");
    for (cell, width) in cells.iter().zip(widths) {
        line += &format!("  {cell:>width$}");
    }
    *text += line.trim_end();
    text.push('\n');
}

/// A cell of text: quoted where it must be, and never a formula.
pub(super) fn cell(text: &str) -> String {
    let safe =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if safe.contains([';', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::FRENCH;
    use crate::figures::catalogue::Figure;
    use crate::figures::tally::Tally;
    use crate::figures::value::Unit;

    fn table() -> Table {
        let figures = [Figure::Calls, Figure::AnswerRate, Figure::Cost];
        let column = |figure: Figure| Column { id: figure.id(), name: figure.name().clone() };
        let of = |calls, answered, micros| {
            let mut tally = Tally::default();
            (tally.calls.calls, tally.stays.offered, tally.stays.answered) = (calls, calls, answered);
            tally.calls.cost_micros = micros;
            figures.iter().map(|figure| figure.value(&tally)).collect::<Vec<_>>()
        };
        let line = |label: &str, now, before| Line { label: label.to_owned(), now, before };
        Table {
            about: Text::word("number"),
            columns: figures.map(column).into(),
            lines: vec![
                line("+33800123450", of(9, 4, 1_234_500), Some(of(12, 12, 0))),
                line("=1+1;\"x\"", of(0, 0, 0), None),
            ],
            total: Some(line("total", of(1_009, 4, 1_234_500), None)),
        }
    }

    #[test]
    fn people_read_it_in_their_language() {
        let french = table().to_text(FRENCH);
        let lines: Vec<&str> = french.lines().collect();
        assert!(lines[1].starts_with("numéro "), "heads stand on their last line: {french}");
        assert!(
            french.contains("44,4\u{a0}%") && french.contains("1,23\u{a0}€") && french.contains('—'),
            "{french}"
        );
        assert!(french.contains("  avant ") && lines.last().unwrap().starts_with("total"), "{french}");
        let widths: Vec<usize> = lines.iter().skip(2).map(|line| width(line)).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{french}");
        assert!(table().to_text(Tongue::English).contains("44.4%"));
    }

    #[test]
    fn a_french_excel_reckons_nothing_of_it() {
        let csv = table().to_csv(FRENCH);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "\u{feff}numéro;appels reçus;appels reçus (avant);taux de décroché;taux de décroché (avant);coût (estimé);coût (estimé) (avant)",
                "'+33800123450;9;12;44,44;100,00;1,23;0,00",
                "\"'=1+1;\"\"x\"\"\";0;;;;0,00;",
                "total;1009;;0,40;;1,23;",
                "",
            ]
        );
    }

    #[test]
    fn programs_read_whole_numbers_with_their_units() {
        let json = table().to_json();
        assert_eq!(
            json["lines"][0]["figures"]["answer-rate"],
            json!({ "unit": "percent", "hundredths": 4_444 })
        );
        assert_eq!(json["lines"][0]["before"]["calls"]["hundredths"], 1_200);
        assert_eq!(json["lines"][1]["figures"]["answer-rate"], Json::Null);
        assert_eq!(json["total"]["figures"]["cost"]["unit"], Unit::Euros.id());
    }
}
