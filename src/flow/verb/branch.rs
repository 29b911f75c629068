//! `hours` branches on a calendar, `if` on a condition, `switch` on a value.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, condition as shown, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, CASES, CONDITION, Form, need, opt};
use super::super::read::{Reader, StepText};
use super::super::reading::Reading;
use super::super::value::{Expression, Path};
use super::super::vocabulary::HoursState;
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::yaml;
use crate::say;

pub(crate) const HOURS: Verb = Verb {
    name: "hours",
    says: "branches on a calendar",
    argument: Form::Name("calendar"),
    options: &[
        need("open", BLOCK, "when it is open"),
        need("closed", BLOCK, "when it is closed"),
        opt("holiday", BLOCK, "when it is closed for a public holiday (as `closed`)"),
    ],
    ends: Ends::Always,
    example: "- hours: boutique\n  open: accueil\n  holiday: ferie\n  closed: ferme",
};

pub(crate) const IF: Verb = Verb {
    name: "if",
    says: "branches on a condition; without `else` the next step follows",
    argument: CONDITION,
    options: &[need("then", BLOCK, "when it holds"), opt("else", BLOCK, "when it does not (the next step)")],
    ends: Ends::Either,
    example: "- if: reste > 0 and not caller.anonymous\n  then: solde_du",
};

pub(crate) const SWITCH: Verb = Verb {
    name: "switch",
    says: "branches on a value",
    argument: CONDITION,
    options: &[
        need("cases", CASES, "values, each with the block that it leads to"),
        opt("otherwise", BLOCK, "all other values (the flow's `otherwise`)"),
    ],
    ends: Ends::Always,
    example: "- switch: statut\n  cases: { preparation: en_preparation, expediee: expediee }\n  otherwise: conseiller",
};

/// A branch. What it leads to is known at once.
#[derive(Debug)]
pub(crate) enum Branch {
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
        /// As it is written.
        text: String,
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
    pub(crate) fn choose(&self, reading: &Reading<'_>) -> Option<BlockId> {
        match self {
            Self::Hours { calendar, open, closed, holiday } => Some(match reading.cx.hours(calendar) {
                HoursState::Open => *open,
                HoursState::Closed => *closed,
                HoursState::Holiday => *holiday,
            }),
            Self::If { condition, then, otherwise, .. } => {
                if condition.holds(reading) {
                    Some(*then)
                } else {
                    *otherwise
                }
            }
            Self::Switch { value, cases, otherwise, .. } => {
                let value = value.evaluate(reading).map(|value| value.case());
                Some(value.and_then(|value| cases.get(&value).copied()).unwrap_or(*otherwise))
            }
        }
    }
}

impl Lawful for Branch {
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Left
    }
    fn ways(&self) -> Vec<Way> {
        match self {
            Self::Hours { open, closed, holiday, .. } => {
                let mut ways = vec![Way::deaf(Label::Open, *open), Way::deaf(Label::Closed, *closed)];
                if holiday != closed {
                    ways.push(Way::deaf(Label::Holiday, *holiday));
                }
                ways
            }
            Self::If { then, otherwise, text, .. } => {
                let otherwise = otherwise.map(|to| Way::deaf(Label::Else, to));
                std::iter::once(Way::deaf(Label::Then(text.clone()), *then)).chain(otherwise).collect()
            }
            Self::Switch { cases, otherwise, .. } => {
                let cases = cases.iter().map(|(case, to)| Way::deaf(Label::Case(case.clone()), *to));
                cases.chain([Way::deaf(Label::Otherwise, *otherwise)]).collect()
            }
        }
    }
    fn is_end(&self) -> bool {
        !matches!(self, Self::If { otherwise: None, .. })
    }
    fn asks(&self) -> Vec<&Path> {
        match self {
            Self::Hours { .. } => Vec::new(),
            Self::If { condition, .. } => condition.asks(),
            Self::Switch { value, .. } => value.asks(),
        }
    }
    fn reads(&self) -> Vec<&Path> {
        match self {
            Self::Hours { .. } => Vec::new(),
            Self::If { condition, .. } => condition.reads(),
            Self::Switch { value, .. } => value.reads(),
        }
    }
}

impl Drawn for Branch {
    fn kind(&self) -> Kind {
        Kind::Branch
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        match self {
            Self::Hours { calendar, .. } => vec![line(Sign::Hours, calendar.as_str())],
            // What it asks stands on its ways.
            Self::If { .. } => Vec::new(),
            Self::Switch { value, .. } => vec![line(Sign::Branches, shown(value, words))],
        }
    }
}

pub(super) fn hours(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Branch> {
    let known = &reader.names.hours;
    let calendar = reader.one_of(step.argument, Text::word("calendar"), known);
    let open = reader.own_exit(step, "open");
    let closed = reader.own_exit(step, "closed");
    let holiday = if step.option("holiday").is_some() { reader.exit(step, "holiday") } else { closed };
    Some(Branch::Hours { calendar: calendar?, open: open?, closed: closed?, holiday: holiday? })
}

pub(super) fn condition(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Branch> {
    let condition = reader.expression(step.argument);
    let then = match step.option("then") {
        Some(node) => reader.target(node),
        None => {
            let help = say!("add `{}: BLOCK`", "then");
            reader.error(step.verb, "missing-exit", Text::word("`if` does not say what then"), help);
            None
        }
    };
    let otherwise = reader.exit(step, "else");
    Some(Branch::If {
        condition: condition?,
        place: step.argument.range.clone(),
        text: step.argument.text().unwrap_or("").to_owned(),
        then: then?,
        otherwise,
    })
}

pub(super) fn switch(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Branch> {
    let value = reader.expression(step.argument);
    let mut cases = BTreeMap::new();
    match step.option("cases").filter(|node| node.value != yaml::Value::Null) {
        Some(node) => {
            for (key, target) in reader.pairs(node, Text::word("`cases`")) {
                if let (Some(key), Some(target)) = (key.text(), reader.target(target)) {
                    cases.insert(key.to_owned(), target);
                }
            }
        }
        None => {
            let help = say!("add `{}`", "cases: { value: BLOCK }");
            reader.error(step.verb, "missing-cases", Text::word("`switch` has no cases"), help);
        }
    }
    let otherwise = reader.last_exit(step);
    Some(Branch::Switch { value: value?, place: step.argument.range.clone(), cases, otherwise: otherwise? })
}
