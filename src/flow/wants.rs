//! What a flow needs of the answers of the company's system. It is found out from how the flow reads each value, so that an
//! answer that does not fit is met when it comes, and never as a hole in a sentence.

use std::collections::BTreeMap;

use super::decimal::Decimal;
use super::prompt::{Part, spoken};
use super::speech::{Format, Language};
use super::value::{Expression, Kind, Path, Value};
use super::verb::Step;
use super::verb::branch::Branch;
use crate::base::name::Name;
use crate::base::time::{Date, Wall};

/// What a value must be like.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Want {
    /// Its type; none when any will do.
    pub(super) kind: Option<Kind>,
    /// How it is said.
    pub(super) formats: Vec<(Language, Format)>,
}

/// The wants of every variable that an answer brings.
pub(super) fn of<'s, S: Iterator<Item = &'s Step>>(steps: impl Fn() -> S) -> BTreeMap<Name, Want> {
    let mut wants: BTreeMap<Name, Want> = BTreeMap::new();
    let mut written = Vec::new();
    for step in steps() {
        if let Step::Http(http) = step {
            for save in &http.saves {
                let want = wants.entry(save.variable.clone()).or_default();
                if save.kind.is_some() {
                    want.kind = save.kind;
                    written.push(save.variable.clone());
                }
            }
        }
    }
    let mut inferred: BTreeMap<Name, Vec<Kind>> = BTreeMap::new();
    for step in steps() {
        for (language, part) in step.speeches().into_iter().flat_map(|speech| speech.all_parts()) {
            if let Part::Value(path, format) = part
                && let Some(want) = wants.get_mut(path.0.as_str())
                && !want.formats.contains(&(language, *format))
            {
                want.formats.push((language, *format));
            }
        }
        if let Step::Branch(Branch::If { condition, .. }) = step {
            truth(condition, &mut inferred);
        }
    }
    for (name, kinds) in inferred {
        if let Some(want) = wants.get_mut(&name).filter(|_| !written.contains(&name)) {
            let first = kinds[0];
            want.kind = kinds.iter().all(|kind| *kind == first).then_some(first);
        }
    }
    wants
}

impl Want {
    /// A value of an answer as the flow wants it; none when it does not fit. Systems write as they please: what can mean one
    /// thing only is taken for it. `zone`: the site's, in which moments of another offset are told.
    pub(super) fn accept(&self, json: &serde_json::Value, zone: &str) -> Option<Value> {
        use serde_json::Value as Json;
        let value = match json {
            Json::String(text) => {
                Value::Text(if self.is_moment() { local(text, zone) } else { text.clone() })
            }
            Json::Bool(yes) => Value::Bool(*yes),
            Json::Number(number) => {
                let text = number.as_f64().filter(|_| number.is_f64()).map_or(number.to_string(), exact);
                Decimal::parse(&text).map_or(Value::Text(text), Value::Number)
            }
            Json::Null | Json::Array(_) | Json::Object(_) => return None,
        };
        let value = match (self.kind, value) {
            (Some(Kind::Number | Kind::Euros), Value::Text(text)) => Value::Number(amount(&text)?),
            (Some(Kind::Number | Kind::Euros), value @ Value::Number(_)) => value,
            (Some(Kind::Text), Value::Number(number)) => Value::Text(number.to_string()),
            (Some(Kind::Text), value @ Value::Text(_)) => value,
            (Some(Kind::Date), Value::Text(text)) => {
                Date::parse(text.get(..10)?)?;
                Value::Text(text)
            }
            (Some(Kind::Bool), value @ Value::Bool(_)) => value,
            (Some(Kind::Bool), Value::Number(number)) => yes_or_no(&number.to_string())?,
            (Some(Kind::Bool), Value::Text(text)) => yes_or_no(&text)?,
            (None, value) => value,
            (Some(_), _) => return None,
        };
        let text = value.to_string();
        let said = self.formats.iter().all(|(language, format)| spoken(*language, *format, &text).is_ok());
        said.then_some(value)
    }
}

impl Want {
    /// Whether it is read or said as a date or a time.
    fn is_moment(&self) -> bool {
        let of_time = |(_, format): &(Language, Format)| {
            matches!(format, Format::Date | Format::Time | Format::DateTime)
        };
        self.kind == Some(Kind::Date) || self.formats.iter().any(of_time)
    }
}

/// A moment with an offset (`2026-03-01T23:30:00Z`) as the clock of a zone shows it; any other text as it is.
fn local(text: &str, zone: &str) -> String {
    let Some(wall) = Wall::parse(text.trim()) else { return text.to_owned() };
    wall.rfc3339(zone).get(..19).unwrap_or_default().to_owned()
}

/// A float without the noise of its binary form: 15 digits are what it has.
fn exact(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// `12.5`, `1 234,56 €`, `1.234,56`, `EUR 12`; none for what could be two numbers (`1,234`).
fn amount(text: &str) -> Option<Decimal> {
    let bare = text.replace(['€', '\u{a0}', '\u{202f}', ' ', '\u{2009}'], "");
    let bare = bare.strip_suffix("EUR").or_else(|| bare.strip_prefix("EUR")).unwrap_or(&bare);
    let plain = match (bare.rfind(','), bare.rfind('.')) {
        (None, _) => bare.to_owned(),
        (Some(comma), Some(point)) if comma > point => bare.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => bare.replace(',', ""),
        (Some(comma), None) if bare.matches(',').count() > 1 || bare.len() - comma == 4 => return None,
        (Some(_), None) => bare.replace(',', "."),
    };
    Decimal::parse(&plain)
}

/// The words for yes and no that mean nothing else.
fn yes_or_no(text: &str) -> Option<Value> {
    match text.trim().to_lowercase().as_str() {
        "1" | "true" | "oui" | "yes" | "vrai" => Some(Value::Bool(true)),
        "0" | "false" | "non" | "no" | "faux" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// What a condition makes of the values that it reads: this one is read as yes or no.
fn truth(expression: &Expression, kinds: &mut BTreeMap<Name, Vec<Kind>>) {
    match expression {
        Expression::Read(path) => note(path, Kind::Bool, kinds),
        Expression::Not(inner) => truth(inner, kinds),
        Expression::And(left, right) | Expression::Or(left, right) => {
            truth(left, kinds);
            truth(right, kinds);
        }
        Expression::Compare(_, left, right) => compared(left, right, kinds),
        Expression::In(value, known) => {
            if let (Expression::Read(path), Some(first)) = (&**value, known.first()) {
                note(path, first.kind(), kinds);
            }
        }
        Expression::Literal(_)
        | Expression::Known(_)
        | Expression::Open(_)
        | Expression::Waiting(_)
        | Expression::Agents(_) => {}
    }
}

fn compared(left: &Expression, right: &Expression, kinds: &mut BTreeMap<Name, Vec<Kind>>) {
    let known = |side: &Expression| match side {
        Expression::Literal(value) => Some(value.kind()),
        Expression::Waiting(_) | Expression::Agents(_) => Some(Kind::Number),
        Expression::Read(path) => path.fact().map(Kind::base),
        _ => None,
    };
    for (side, other) in [(left, right), (right, left)] {
        if let (Expression::Read(path), Some(kind)) = (side, known(other)) {
            note(path, kind, kinds);
        }
    }
}

fn note(path: &Path, kind: Kind, kinds: &mut BTreeMap<Name, Vec<Kind>>) {
    kinds.entry(path.0.clone()).or_default().push(kind);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_can_mean_one_thing_only_is_taken_for_it() {
        let want = |kind| Want { kind: Some(kind), formats: Vec::new() };
        for (written, number) in [
            (json!(0.300_000_000_000_000_04), Some("0.3")),
            (json!(12.299_999_999_999_999), Some("12.3")),
            (json!("1 234,56 €"), Some("1234.56")),
            (json!("1\u{202f}234,56\u{a0}€"), Some("1234.56")),
            (json!("1.234,56"), Some("1234.56")),
            (json!("1,234.56"), Some("1234.56")),
            (json!("EUR 12,5"), Some("12.5")),
            (json!(" 12.50 EUR"), Some("12.5")),
            // One and two thirds of a thing, or more than a thousand of it.
            (json!("1,234"), None),
            (json!("1,234,567"), None),
            (json!("douze"), None),
        ] {
            let accepted = want(Kind::Euros).accept(&written, "Europe/Paris").map(|value| value.to_string());
            assert_eq!(accepted.as_deref(), number, "{written}");
        }
        for (written, yes) in [
            (json!(1), Some(true)),
            (json!("Oui"), Some(true)),
            (json!("true"), Some(true)),
            (json!(0), Some(false)),
            (json!("NON"), Some(false)),
            (json!(2), None),
            (json!("peut-être"), None),
        ] {
            assert_eq!(want(Kind::Bool).accept(&written, "Europe/Paris"), yes.map(Value::Bool), "{written}");
        }
        for (written, told) in [
            ("2026-03-01T23:30:00Z", "2026-03-02T00:30:00"),
            ("2026-07-01T23:30:00+00:00", "2026-07-02T01:30:00"),
            ("2026-03-01T23:30", "2026-03-01T23:30"),
            ("2026-03-01", "2026-03-01"),
        ] {
            let accepted = want(Kind::Date).accept(&json!(written), "Europe/Paris");
            assert_eq!(accepted, Some(Value::Text(told.into())), "{written}");
        }
    }

    #[test]
    fn what_does_not_fit_counts_as_missing() {
        let want = |kind, formats: &[Format]| Want {
            kind,
            formats: formats.iter().map(|format| (Language::French, *format)).collect(),
        };
        let number = |text| Some(Value::Number(Decimal::parse(text).unwrap()));
        assert_eq!(want(None, &[]).accept(&json!(12.5), "Europe/Paris"), number("12.5"));
        assert_eq!(
            want(Some(Kind::Euros), &[Format::Euros]).accept(&json!("12.50"), "Europe/Paris"),
            number("12.5")
        );
        assert_eq!(want(Some(Kind::Euros), &[]).accept(&json!("cher"), "Europe/Paris"), None);
        assert_eq!(
            want(Some(Kind::Text), &[]).accept(&json!(8), "Europe/Paris"),
            Some(Value::Text("8".into()))
        );
        assert_eq!(want(Some(Kind::Bool), &[]).accept(&json!("vraiment"), "Europe/Paris"), None);
        assert_eq!(want(Some(Kind::Date), &[]).accept(&json!("2026-02-30"), "Europe/Paris"), None);
        assert_eq!(want(None, &[Format::Date]).accept(&json!("demain"), "Europe/Paris"), None);
        assert_eq!(want(None, &[]).accept(&json!([1]), "Europe/Paris"), None);
        assert_eq!(want(None, &[]).accept(&json!(null), "Europe/Paris"), None);
    }
}
