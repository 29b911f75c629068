//! `hours` branches on a calendar, `if` on a condition, `switch` on a value.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::graph::BlockId;
use super::super::read::{Reader, StepText};
use super::super::value::{Expression, Path, Value};
use super::super::vocabulary::{Context, HoursState};
use super::Step;
use crate::base::name::Name;
use crate::base::yaml;

/// A branch. What it leads to is known at once.
#[derive(Debug)]
pub enum Branch {
    /// On a calendar.
    Hours {
        /// Which.
        calendar: Name,
        /// When open.
        open: BlockId,
        /// When closed.
        closed: BlockId,
        /// On a public holiday.
        holiday: BlockId,
    },
    /// On a condition; without `else` the next step follows.
    If {
        /// The condition.
        condition: Expression,
        /// Its place in the text.
        place: Range<usize>,
        /// When it holds.
        then: BlockId,
        /// When not.
        otherwise: Option<BlockId>,
    },
    /// On a value.
    Switch {
        /// The value.
        value: Expression,
        /// Its place in the text.
        place: Range<usize>,
        /// By its text.
        cases: BTreeMap<String, BlockId>,
        /// All other values.
        otherwise: BlockId,
    },
}

impl Branch {
    /// Where to, if not to the next step.
    pub(crate) fn choose(&self, variables: &BTreeMap<Name, Value>, cx: &dyn Context) -> Option<BlockId> {
        match self {
            Self::Hours { calendar, open, closed, holiday } => Some(match cx.hours(calendar) {
                HoursState::Open => *open,
                HoursState::Closed => *closed,
                HoursState::Holiday => *holiday,
            }),
            Self::If { condition, then, otherwise, .. } => {
                if condition.holds(variables, cx) {
                    Some(*then)
                } else {
                    *otherwise
                }
            }
            Self::Switch { value, cases, otherwise, .. } => {
                let value = value.evaluate(variables, cx).map(|value| value.case());
                Some(value.and_then(|value| cases.get(&value).copied()).unwrap_or(*otherwise))
            }
        }
    }

    pub(super) fn exits(&self) -> Vec<BlockId> {
        match self {
            Self::Hours { open, closed, holiday, .. } => vec![*open, *closed, *holiday],
            Self::If { then, otherwise, .. } => std::iter::once(*then).chain(*otherwise).collect(),
            Self::Switch { cases, otherwise, .. } => cases.values().copied().chain([*otherwise]).collect(),
        }
    }

    /// Whether it always leads elsewhere.
    pub(super) fn is_total(&self) -> bool {
        !matches!(self, Self::If { otherwise: None, .. })
    }

    pub(super) fn asks(&self) -> Vec<&Path> {
        match self {
            Self::Hours { .. } => Vec::new(),
            Self::If { condition, .. } => condition.asks(),
            Self::Switch { value, .. } => value.asks(),
        }
    }

    pub(super) fn reads(&self) -> Vec<&Path> {
        match self {
            Self::Hours { .. } => Vec::new(),
            Self::If { condition, .. } => condition.reads(),
            Self::Switch { value, .. } => value.reads(),
        }
    }
}

pub(crate) fn hours(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let known = &reader.names.hours;
    let calendar = reader.one_of(step.argument, "calendar", known);
    let open = reader.own_exit(step, "open");
    let closed = reader.own_exit(step, "closed");
    let holiday = if step.option("holiday").is_some() { reader.exit(step, "holiday") } else { closed };
    Some(Step::Branch(Branch::Hours { calendar: calendar?, open: open?, closed: closed?, holiday: holiday? }))
}

pub(crate) fn condition(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let condition = reader.expression(step.argument);
    let then = match step.option("then") {
        Some(node) => reader.target(node),
        None => {
            reader.error(step.verb, "missing-exit", "`if` does not say what then", "add `then: BLOCK`");
            None
        }
    };
    let otherwise = reader.exit(step, "else");
    Some(Step::Branch(Branch::If {
        condition: condition?,
        place: step.argument.range.clone(),
        then: then?,
        otherwise,
    }))
}

pub(crate) fn switch(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let value = reader.expression(step.argument);
    let mut cases = BTreeMap::new();
    match step.option("cases").filter(|node| node.value != yaml::Value::Null) {
        Some(node) => {
            for (key, target) in reader.pairs(node, "`cases`") {
                if let (Some(key), Some(target)) = (key.text(), reader.target(target)) {
                    cases.insert(key.to_owned(), target);
                }
            }
        }
        None => {
            reader.error(step.verb, "missing-cases", "`switch` has no cases", "add `cases: { value: BLOCK }`")
        }
    }
    let otherwise = reader.last_exit(step);
    Some(Step::Branch(Branch::Switch {
        value: value?,
        place: step.argument.range.clone(),
        cases,
        otherwise: otherwise?,
    }))
}
