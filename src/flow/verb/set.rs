//! `set` gives variables their values, `tag` labels the call.

use super::super::prompt::collapsed;
use super::super::read::{Reader, StepText};
use super::super::value::{Expression, Path, Value};
use super::Step;
use crate::base::name::Name;
use crate::base::yaml::{self, Node};

/// Variables and their values.
#[derive(Debug)]
pub struct Set {
    /// Each variable with what it becomes: a literal, or another's value (`ville: "{autre}"`; YAML makes a mapping of it
    /// without the quotes, which is understood as well).
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
        let name = reader.variable(key);
        let read = |other: &str| Expression::Read(Path(Name::from(other.trim())));
        let value = match &node.value {
            yaml::Value::Text { text, plain } => {
                match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                    Some(other) => read(other),
                    None => Expression::Literal(literal(text, *plain)),
                }
            }
            yaml::Value::Map(entries)
                if matches!(&entries[..], [(_, Node { value: yaml::Value::Null, .. })]) =>
            {
                read(entries.first().and_then(|(other, _)| other.text()).unwrap_or(""))
            }
            yaml::Value::Null | yaml::Value::List(_) | yaml::Value::Map(_) => {
                reader.error(node, "not-a-value", "a variable is a text, a number, true or false", "");
                continue;
            }
        };
        values.extend(name.map(|name| (name, value)));
    }
    if matches!(&step.argument.value, yaml::Value::Null) {
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
