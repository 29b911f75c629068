//! Values and conditions of a flow: read once, typed when checked. What they are at a moment of a call is the matter of
//! `reading.rs`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use crate::base::diagnostic::Text;
use crate::base::name::Name;

/// A value at run time. Written down it bears its type, `{ "text": "007" }`, for digits are no number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Value {
    /// Text; digits that a caller typed are text too: they keep their zeros.
    Text(String),
    /// A number.
    Number(Decimal),
    /// Yes or no.
    #[serde(rename = "yes-no")]
    Bool(bool),
}

impl Value {
    /// A whole number.
    pub(crate) const fn whole(number: i64) -> Self {
        Self::Number(Decimal::whole(number))
    }

    /// Its type.
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::Number,
            Self::Bool(_) => Kind::Bool,
        }
    }

    /// As the case of a `switch` is written.
    pub(crate) fn case(&self) -> String {
        match self {
            Self::Bool(yes) => yes.to_string(),
            Self::Text(_) | Self::Number(_) => self.to_string(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(yes) => f.write_str(if *yes { "oui" } else { "non" }),
        }
    }
}

/// The type of a value.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// An amount of money: a number.
    Euros,
    /// A date, `2026-11-26`: a text.
    Date,
}

impl Kind {
    /// The types that a flow can name, with their words.
    pub(crate) const NAMED: [(&'static str, Self); 5] = [
        ("text", Self::Text),
        ("number", Self::Number),
        ("euros", Self::Euros),
        ("date", Self::Date),
        ("yes-no", Self::Bool),
    ];

    /// As the operator reads it.
    pub(crate) const fn word(self) -> Text {
        match self {
            Self::Text => Text::word("a text"),
            Self::Number => Text::word("a number"),
            Self::Bool => Text::word("yes or no"),
            Self::Euros => Text::word("an amount"),
            Self::Date => Text::word("a date"),
        }
    }

    /// What it is compared as: amounts are numbers, dates are texts that sort.
    pub(crate) const fn base(self) -> Self {
        match self {
            Self::Euros => Self::Number,
            Self::Date => Self::Text,
            other => other,
        }
    }
}

/// A variable, or a fact of the call: `commande`, `caller.mobile`, `call.number`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(pub Name);

/// What follows a calendar's name to say when it opens next.
pub(crate) const NEXT_OPEN: &str = ".next_open";
/// Until when a caller has been promised a call back; set by `callback`.
pub(crate) const CALLBACK_BEFORE: &str = "callback.before";
/// The language of the call, the one fact that a flow can set.
pub(crate) const CALL_LANGUAGE: &str = "call.language";

/// Facts of a call, with their types.
pub(crate) const FACTS: &[(&str, Kind)] = &[
    ("caller", Kind::Text),
    ("caller.name", Kind::Text),
    ("caller.mobile", Kind::Bool),
    ("caller.anonymous", Kind::Bool),
    ("caller.country", Kind::Text),
    ("call.number", Kind::Text),
    ("call.campaign", Kind::Text),
    ("call.ref", Kind::Text),
    (CALL_LANGUAGE, Kind::Text),
    ("call.tries", Kind::Number),
];

/// Facts that a call may lack: a text that reads them asks `known(…)` first. (A secret number is read aloud as such.)
pub(crate) const UNSURE: &[&str] = &["caller.name", "caller.country", "call.campaign"];

impl Path {
    /// The type of a fact; none for a variable.
    pub(crate) fn fact(&self) -> Option<Kind> {
        FACTS.iter().find(|(name, _)| *name == self.0.as_str()).map(|(_, kind)| *kind)
    }
}

/// A condition or a value, as a tree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// As written.
    Literal(Value),
    /// A variable or fact.
    Read(Path),
    /// Whether a variable or fact is set.
    Known(Path),
    /// Whether a calendar is open.
    Open(Name),
    /// How many wait in a queue.
    Waiting(Name),
    /// How many agents serve a queue.
    Agents(Name),
    /// The contrary.
    Not(Box<Self>),
    /// Both.
    And(Box<Self>, Box<Self>),
    /// One of them.
    Or(Box<Self>, Box<Self>),
    /// A comparison.
    Compare(Comparison, Box<Self>, Box<Self>),
    /// One of several literals.
    In(Box<Self>, Vec<Value>),
}

/// How two values are compared.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Expression {
    /// The variables that are surely set when it holds.
    pub(crate) fn proves(&self) -> Vec<Name> {
        match self {
            Self::Known(path) => vec![path.0.clone()],
            Self::And(left, right) => [left.proves(), right.proves()].concat(),
            Self::Not(inner) => inner.proves_if_not(),
            _ => Vec::new(),
        }
    }

    /// The variables that are surely set when it does not hold.
    pub(crate) fn proves_if_not(&self) -> Vec<Name> {
        match self {
            Self::Not(inner) => inner.proves(),
            Self::Or(left, right) => [left.proves_if_not(), right.proves_if_not()].concat(),
            _ => Vec::new(),
        }
    }

    /// Every variable or fact that it reads without having asked before whether it is known.
    pub(crate) fn reads(&self) -> Vec<&Path> {
        match self {
            Self::Read(path) => vec![path],
            Self::Not(inner) | Self::In(inner, _) => inner.reads(),
            Self::And(left, right) => both(left, right, &left.proves()),
            Self::Or(left, right) => both(left, right, &left.proves_if_not()),
            Self::Compare(_, left, right) => both(left, right, &[]),
            Self::Literal(_) | Self::Known(_) | Self::Open(_) | Self::Waiting(_) | Self::Agents(_) => {
                Vec::new()
            }
        }
    }

    /// The variables of which it asks whether they are known.
    pub(crate) fn asks(&self) -> Vec<&Path> {
        match self {
            Self::Known(path) => vec![path],
            Self::Not(inner) | Self::In(inner, _) => inner.asks(),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                [left.asks(), right.asks()].concat()
            }
            Self::Read(_) | Self::Literal(_) | Self::Open(_) | Self::Waiting(_) | Self::Agents(_) => {
                Vec::new()
            }
        }
    }
}

/// What both sides read; what the left one has proven to be set may be read by the right one.
fn both<'e>(left: &'e Expression, right: &'e Expression, proven: &[Name]) -> Vec<&'e Path> {
    let mut reads = left.reads();
    reads.extend(right.reads().into_iter().filter(|path| !proven.contains(&path.0)));
    reads
}
