//! How a step describes itself on a card: what it is asked, and the words for what many verbs have in common.

use super::super::prompt::{Part, Speech};
use super::super::value::{Comparison, Expression, Value};
use super::super::vocabulary::Clip;
use super::diagram::{Kind, Line, Sign};
use super::words::Words;
use crate::base::time::Duration;

/// What the drawing asks of a step.
pub(in crate::flow) trait Drawn {
    /// The kind of card that it makes of its block; of several steps, the greatest by weight decides.
    fn kind(&self) -> Kind;
    /// What a card shows of it. Nothing, where all of it stands on its ways.
    fn lines(&self, words: &Words) -> Vec<Line>;
}

/// A line of a card.
pub(in crate::flow) fn line(sign: Sign, text: impl Into<String>) -> Line {
    Line { sign, text: text.into() }
}

/// Something that lasts, or takes, so long at the most: `sav (5 min au plus)`.
pub(in crate::flow) fn at_most(what: &str, longest: Duration, words: &Words) -> String {
    format!("{what} ({} {})", lasting(longest), words.at_most)
}

/// The words, with `{name}` where a value is spoken.
pub(in crate::flow) fn said(speech: &Speech) -> String {
    let spoken = if speech.fr.is_empty() { &speech.en } else { &speech.fr };
    let parts = spoken.iter().map(|part| match part {
        Part::Fixed(clip) => words_of(clip),
        Part::Value(path, _) => format!("{{{}}}", path.0),
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a clip says; a file, by its name.
pub(in crate::flow) fn words_of(clip: &Clip) -> String {
    let file = clip.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    file.filter(|file| *file == clip.key.as_str()).unwrap_or(&clip.text).to_owned()
}

/// `45 s`, `5 min`, `1 min 30 s`, `2 h`.
pub(in crate::flow) fn lasting(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

/// A condition or value as people read it.
pub(in crate::flow) fn condition(expression: &Expression, words: &Words) -> String {
    let inner = |inner: &Expression| match inner {
        Expression::And(..) | Expression::Or(..) => format!("({})", condition(inner, words)),
        _ => condition(inner, words),
    };
    match expression {
        Expression::Literal(value) => literal(value),
        Expression::Read(path) => path.0.to_string(),
        Expression::Known(path) => format!("{} {}", path.0, words.known),
        Expression::Open(calendar) => format!("{calendar} {}", words.is_open),
        Expression::Waiting(queue) => format!("{queue} {}", words.waiting),
        Expression::Agents(queue) => format!("{} {queue}", words.agents),
        Expression::Not(not) => format!("{} {}", words.not, inner(not)),
        Expression::And(left, right) => format!("{} {} {}", inner(left), words.and, inner(right)),
        Expression::Or(left, right) => format!("{} {} {}", inner(left), words.or, inner(right)),
        Expression::Compare(how, left, right) => format!("{} {} {}", inner(left), sign(*how), inner(right)),
        Expression::In(value, known) => {
            let known = known.iter().map(literal).collect::<Vec<_>>().join(", ");
            format!("{} {} {known}", inner(value), words.one_of)
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("“{text}”"),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
    }
}

const fn sign(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "=",
        Comparison::Unequal => "≠",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => "≥",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(lasting(Duration::from_secs(300)), "5 min");
        assert_eq!(lasting(Duration::from_secs(90)), "1 min 30 s");
        assert_eq!(lasting(Duration::ZERO), "0 s");
    }
}
