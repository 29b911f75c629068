//! Conditions compare like with like: nothing is coerced, so that `code == 8` would silently never hold for typed digits.

use std::collections::BTreeMap;

use super::super::graph::Flow;
use super::super::read::Reader;
use super::super::value::{Comparison, Expression, Kind, Path};
use super::super::verb::Step;
use super::super::verb::branch::Branch;
use super::place::at;
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::say;

/// What is known of each variable; none when it is set to values of several types, or to another variable.
type Types = BTreeMap<Name, Option<Kind>>;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow) {
    let types = types(reader, flow);
    for step in flow.steps() {
        let Step::Branch(branch) = step else { continue };
        let (wrong, place) = match branch {
            Branch::If { condition, place, .. } => (truth(condition, &types), place),
            Branch::Switch { value, place, cases, .. } => {
                (kind(value, &types).and_then(|kind| possible(kind, cases.keys())), place)
            }
            Branch::Hours { .. } => continue,
        };
        if let Err(wrong) = wrong {
            reader.error(&at(place), "type", wrong.message, wrong.help);
        }
    }
}

struct Wrong {
    message: Text,
    help: Text,
}

fn types(reader: &Reader<'_>, flow: &Flow) -> Types {
    let mut types = Types::new();
    let mut note = |name: &Name, kind: Option<Kind>| {
        let known = types.entry(name.clone()).or_insert(kind);
        if *known != kind {
            *known = None;
        }
    };
    flow.inputs.iter().for_each(|(name, kind)| note(name, Some(kind.base())));
    for step in flow.steps() {
        match step {
            Step::Http(http) => {
                for save in &http.saves {
                    let want = flow.wants.get(&save.variable);
                    note(&save.variable, want.and_then(|want| want.kind).map(Kind::base));
                }
            }
            Step::Call(call) => {
                let gives = reader.names.siblings.get(&call.flow);
                for (name, kind) in gives.into_iter().flat_map(|flow| &flow.outputs) {
                    note(name, Some(kind.base()));
                }
            }
            // All others tell it alone.
            step => step.types().into_iter().for_each(|(name, kind)| note(name, kind)),
        }
    }
    types
}

/// An expression that must be yes or no.
fn truth(expression: &Expression, types: &Types) -> Result<(), Wrong> {
    match kind(expression, types)? {
        None | Some(Kind::Bool) => Ok(()),
        Some(other) => Err(Wrong {
            message: say!("a condition is yes or no, and this is {}", other.word()),
            help: Text::word("compare it: `name == \"value\"`"),
        }),
    }
}

/// Every case can come.
fn possible<'c>(kind: Option<Kind>, mut cases: impl Iterator<Item = &'c String>) -> Result<(), Wrong> {
    let comes = |case: &str| match kind {
        None | Some(Kind::Text | Kind::Date) => true,
        Some(Kind::Number | Kind::Euros) => {
            super::super::decimal::Decimal::parse(case).is_some_and(|number| number.to_string() == case)
        }
        Some(Kind::Bool) => case == "true" || case == "false",
    };
    match (kind, cases.find(|case| !comes(case))) {
        (Some(kind), Some(case)) => Err(Wrong {
            message: say!("the case `{}` never comes: this is {}", case, kind.word()),
            help: Text::word("cases of a number are written like `8`, those of yes or no `true` and `false`"),
        }),
        (_, _) => Ok(()),
    }
}

/// The type of an expression, none when it cannot be told.
fn kind(expression: &Expression, types: &Types) -> Result<Option<Kind>, Wrong> {
    match expression {
        Expression::Literal(value) => Ok(Some(value.kind())),
        Expression::Read(path) => Ok(of(path, types)),
        Expression::Known(_) | Expression::Open(_) => Ok(Some(Kind::Bool)),
        Expression::Waiting(_) | Expression::Agents(_) => Ok(Some(Kind::Number)),
        Expression::Not(inner) => truth(inner, types).map(|()| Some(Kind::Bool)),
        Expression::And(left, right) | Expression::Or(left, right) => {
            truth(left, types)?;
            truth(right, types).map(|()| Some(Kind::Bool))
        }
        Expression::Compare(how, left, right) => {
            let (left, right) = (kind(left, types)?, kind(right, types)?);
            like(left, right)?;
            let ordered = !matches!(how, Comparison::Equal | Comparison::Unequal);
            if ordered && (left == Some(Kind::Bool) || right == Some(Kind::Bool)) {
                let message = Text::word("yes and no have no order");
                return Err(Wrong { message, help: Text::word("write `==` or `!=`") });
            }
            Ok(Some(Kind::Bool))
        }
        Expression::In(value, known) => {
            let value = kind(value, types)?;
            known.iter().try_for_each(|known| like(value, Some(known.kind())))?;
            Ok(Some(Kind::Bool))
        }
    }
}

fn of(path: &Path, types: &Types) -> Option<Kind> {
    path.fact().or_else(|| types.get(path.0.as_str()).copied().flatten())
}

fn like(left: Option<Kind>, right: Option<Kind>) -> Result<(), Wrong> {
    match (left, right) {
        (Some(left), Some(right)) if left != right => Err(Wrong {
            message: say!("{} is compared with {}: they are never equal", left.word(), right.word()),
            help: Text::word("digits that a caller types are a text: write `code == \"8\"`"),
        }),
        _ => Ok(()),
    }
}
