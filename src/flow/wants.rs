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
use crate::base::time::Date;

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
    /// A value of an answer as the flow wants it; none when it does not fit.
    pub(super) fn accept(&self, json: &serde_json::Value) -> Option<Value> {
        use serde_json::Value as Json;
        let value = match json {
            Json::String(text) => Value::Text(text.clone()),
            Json::Bool(yes) => Value::Bool(*yes),
            Json::Number(number) => {
                let text = number.to_string();
                Decimal::parse(&text).map_or(Value::Text(text), Value::Number)
            }
            Json::Null | Json::Array(_) | Json::Object(_) => return None,
        };
        let value = match (self.kind, value) {
            (Some(Kind::Number | Kind::Euros), Value::Text(text)) => {
                Value::Number(Decimal::parse(text.trim())?)
            }
            (Some(Kind::Number | Kind::Euros), value @ Value::Number(_)) => value,
            (Some(Kind::Text), Value::Number(number)) => Value::Text(number.to_string()),
            (Some(Kind::Text), value @ Value::Text(_)) => value,
            (Some(Kind::Date), Value::Text(text)) => {
                Date::parse(text.get(..10)?)?;
                Value::Text(text)
            }
            (Some(Kind::Bool), value @ Value::Bool(_)) => value,
            (None, value) => value,
            (Some(_), _) => return None,
        };
        let text = value.to_string();
        let said = self.formats.iter().all(|(language, format)| spoken(*language, *format, &text).is_ok());
        said.then_some(value)
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
    fn what_does_not_fit_counts_as_missing() {
        let want = |kind, formats: &[Format]| Want {
            kind,
            formats: formats.iter().map(|format| (Language::French, *format)).collect(),
        };
        let number = |text| Some(Value::Number(Decimal::parse(text).unwrap()));
        assert_eq!(want(None, &[]).accept(&json!(12.5)), number("12.5"));
        assert_eq!(want(Some(Kind::Euros), &[Format::Euros]).accept(&json!("12.50")), number("12.5"));
        assert_eq!(want(Some(Kind::Euros), &[]).accept(&json!("cher")), None);
        assert_eq!(want(Some(Kind::Text), &[]).accept(&json!(8)), Some(Value::Text("8".into())));
        assert_eq!(want(Some(Kind::Bool), &[]).accept(&json!("true")), None);
        assert_eq!(want(Some(Kind::Date), &[]).accept(&json!("2026-02-30")), None);
        assert_eq!(want(None, &[Format::Date]).accept(&json!("demain")), None);
        assert_eq!(want(None, &[]).accept(&json!([1])), None);
        assert_eq!(want(None, &[]).accept(&json!(null)), None);
    }
}
