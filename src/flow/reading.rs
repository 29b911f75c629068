//! What values and conditions are at a moment of a call, evaluated without a way to fail or to loop.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::speech::Language;
use super::value::{CALL_LANGUAGE, Comparison, Expression, NEXT_OPEN, Path, Value};
use super::vocabulary::HoursState;
use crate::base::name::Name;

/// All that an expression or a text of a flow can read.
pub(crate) struct Reading<'a> {
    /// The variables of the flow.
    pub(crate) variables: &'a BTreeMap<Name, Value>,
    /// The world.
    pub(crate) cx: &'a dyn Facts,
    /// The language of the call.
    pub(crate) language: Language,
    /// Wrong and missing answers so far.
    pub(crate) tries: u32,
}

impl Path {
    /// The value now, if it is set.
    pub(crate) fn value(&self, reading: &Reading<'_>) -> Option<Value> {
        let call = reading.cx.call();
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        match self.0.as_str() {
            "caller" => call.caller.as_ref().map(|number| Value::Text(number.reveal().clone())),
            "caller.name" => call.caller_name.as_ref().map(|name| Value::Text(name.reveal().clone())),
            "caller.mobile" => Some(Value::Bool(call.caller_mobile)),
            "caller.anonymous" => Some(Value::Bool(call.caller.is_none())),
            "caller.country" => call.caller_country.as_deref().and_then(text),
            "call.number" => text(&call.number),
            "call.campaign" => call.campaign.as_deref().and_then(text),
            "call.ref" => text(&call.reference),
            CALL_LANGUAGE => text(reading.language.as_str()),
            "call.tries" => Some(Value::whole(i64::from(reading.tries))),
            // No variable has a calendar's name: the reader refuses it.
            name => reading.variables.get(name).cloned().or_else(|| {
                let cx = reading.cx;
                let told = name.strip_suffix(NEXT_OPEN).map_or_else(|| cx.week(name), |it| cx.next_open(it));
                told.map(Value::Text)
            }),
        }
    }
}

impl Expression {
    /// The value now. What is not set compares as unequal to everything and is false.
    pub(crate) fn evaluate(&self, reading: &Reading<'_>) -> Option<Value> {
        let cx = reading.cx;
        let count = |count: usize| Some(Value::whole(i64::try_from(count).unwrap_or(i64::MAX)));
        let truth = |expression: &Self| expression.evaluate(reading) == Some(Value::Bool(true));
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Read(path) => path.value(reading),
            Self::Known(path) => Some(Value::Bool(path.value(reading).is_some())),
            Self::Open(calendar) => Some(Value::Bool(cx.hours(calendar) == HoursState::Open)),
            Self::Waiting(queue) => count(cx.waiting(queue)),
            Self::Agents(queue) => count(cx.agents(queue)),
            Self::Not(inner) => Some(Value::Bool(!truth(inner))),
            Self::And(left, right) => Some(Value::Bool(truth(left) && truth(right))),
            Self::Or(left, right) => Some(Value::Bool(truth(left) || truth(right))),
            Self::Compare(how, left, right) => {
                let (left, right) = (left.evaluate(reading), right.evaluate(reading));
                Some(Value::Bool(how.holds(left.as_ref(), right.as_ref())))
            }
            Self::In(value, known) => {
                let value = value.evaluate(reading);
                Some(Value::Bool(value.is_some_and(|value| known.contains(&value))))
            }
        }
    }

    /// Whether it holds now.
    pub(crate) fn holds(&self, reading: &Reading<'_>) -> bool {
        self.evaluate(reading) == Some(Value::Bool(true))
    }
}

impl Comparison {
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        let order = match (left, right) {
            (Some(Value::Number(left)), Some(Value::Number(right))) => Some(left.cmp(right)),
            (Some(Value::Text(left)), Some(Value::Text(right))) => Some(left.cmp(right)),
            (Some(Value::Bool(left)), Some(Value::Bool(right))) => Some(left.cmp(right)),
            _ => None,
        };
        match self {
            Self::Equal => order.is_some_and(std::cmp::Ordering::is_eq),
            Self::Unequal => !order.is_some_and(std::cmp::Ordering::is_eq),
            Self::Less => order.is_some_and(std::cmp::Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
            Self::GreaterOrEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        }
    }
}
