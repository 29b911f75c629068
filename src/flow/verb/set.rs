//! `set` gives variables their values, `tag` labels the call.

use super::super::prompt::collapsed;
use super::super::read::{Reader, StepText};
use super::super::value::{Expression, Path, Value};
use super::Step;
use crate::base::name::Name;
use crate::base::yaml;

/// Variables and their values.
#[derive(Debug)]
pub struct Set {
    /// Each variable with what it becomes: a literal, or another's value (`ville: {autre}`).
    pub values: Vec<(Name, Expression)>,
}

impl Set {
    pub(super) fn reads(&self) -> impl Iterator<Item = &Path> {
        self.values.iter().flat_map(|(_, value)| value.reads())
    }
}

pub(crate) fn set(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let mut values = Vec::new();
    for (key, node) in reader.pairs(step.argument, "`set`") {
        let name = reader.name(key)?;
        let yaml::Value::Text { text, plain } = &node.value else {
            reader.error(node, "not-a-value", "a variable is a text, a number, true or false", "");
            continue;
        };
        let value = match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(other) => Expression::Read(Path(Name::from(other.trim()))),
            None => Expression::Literal(literal(text, *plain)),
        };
        values.push((name, value));
    }
    if values.is_empty() {
        reader.error(step.argument, "empty-set", "`set` sets nothing", "write `set: { name: value }`");
    }
    Some(Step::Set(Set { values }))
}

/// A number or truth when it is written without quotes; a number keeps its zeros and its plus by being a text.
fn literal(text: &str, plain: bool) -> Value {
    let whole = text == "0" || !text.trim_start_matches('-').starts_with(['0', '+']);
    match text.parse::<i64>() {
        Ok(number) if plain && whole => Value::Number(number),
        _ if plain && (text == "true" || text == "false") => Value::Bool(text == "true"),
        _ => Value::Text(text.to_owned()),
    }
}

pub(crate) fn tag(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    reader.text(step.argument).map(|text| Step::Tag(Name::from(collapsed(text))))
}
