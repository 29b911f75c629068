//! `set` gives variables their values, `tag` labels the call.

use super::super::decimal::Decimal;
use super::super::draw::card::{Drawn, condition, line};
use super::super::draw::diagram::{self, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{TEMPLATE, VALUES};
use super::super::prompt::collapsed;
use super::super::read::{Reader, StepText};
use super::super::speech::Language;
use super::super::value::{CALL_LANGUAGE, Expression, Kind, Path, Value};
use super::lawful::{Ends, Lawful, Verb};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::yaml::{self, Node};
use crate::say;

pub(crate) const SET: Verb = Verb {
    name: "set",
    says: "gives variables their values; `call.language` changes the language of the call",
    argument: VALUES,
    options: &[],
    ends: Ends::Never,
    example: "- set: { essais: 3, ville: \"{code_postal}\", call.language: en }",
};

pub(crate) const TAG: Verb = Verb {
    name: "tag",
    says: "labels the call for statistics",
    argument: TEMPLATE,
    options: &[],
    ends: Ends::Never,
    example: "- tag: suivi de commande",
};

/// Variables and their values.
#[derive(Debug)]
pub(crate) struct Set {
    /// Each variable with what it becomes: a literal, or another's value (`ville: "{autre}"`; YAML makes a mapping of it
    /// without the quotes, which is understood as well).
    pub(crate) values: Vec<(Name, Expression)>,
    /// The language that the call speaks from here.
    pub(crate) language: Option<Language>,
}

impl Lawful for Set {
    fn types(&self) -> Vec<(&Name, Option<Kind>)> {
        let kind = |value: &Expression| match value {
            Expression::Literal(value) => Some(value.kind()),
            _ => None,
        };
        self.values.iter().map(|(name, value)| (name, kind(value))).collect()
    }
    fn samples(&self) -> Vec<(&Name, String)> {
        let sample = |(_, value): &(Name, Expression)| match value {
            Expression::Literal(value @ (Value::Text(_) | Value::Number(_))) => Some(value.to_string()),
            _ => None,
        };
        self.values.iter().filter_map(|given| Some((&given.0, sample(given)?))).collect()
    }
    fn is_silent(&self) -> bool {
        true
    }
    fn reads(&self) -> Vec<&Path> {
        self.values.iter().flat_map(|(_, value)| value.reads()).collect()
    }
    fn sets(&self) -> Vec<&Name> {
        self.values.iter().map(|(name, _)| name).collect()
    }
}

impl Drawn for Set {
    fn kind(&self) -> diagram::Kind {
        diagram::Kind::Say
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        let language = self.language.map(|language| format!("{CALL_LANGUAGE} = {}", language.as_str()));
        let values = self.values.iter().map(|(name, value)| format!("{name} = {}", condition(value, words)));
        values.chain(language).map(|text| line(Sign::Sets, text)).collect()
    }
}

impl Lawful for Name {
    fn is_silent(&self) -> bool {
        true
    }
}

impl Drawn for Name {
    fn kind(&self) -> diagram::Kind {
        diagram::Kind::Say
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![line(Sign::Tags, self.as_str())]
    }
}

pub(super) fn set(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Set> {
    let (mut values, mut language) = (Vec::new(), None);
    for (key, node) in reader.pairs(step.argument, Text::word("`set`")) {
        if key.text() == Some(CALL_LANGUAGE) {
            language = language_of(reader, node);
            continue;
        }
        let name = reader.variable(key);
        let value = value(reader, node);
        values.extend(name.zip(value));
    }
    if matches!(&step.argument.value, yaml::Value::Null) {
        let help = say!("write `{}`", "set: { name: value }");
        reader.error(step.argument, "empty-set", Text::word("`set` sets nothing"), help);
    }
    Some(Set { values, language })
}

/// A literal, or `{other}`.
pub(super) fn value(reader: &mut Reader<'_>, node: &Node) -> Option<Expression> {
    let read = |other: &str| Expression::Read(Path(Name::from(other.trim())));
    match &node.value {
        yaml::Value::Text { text, plain } => {
            Some(match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(other) => read(other),
                None => Expression::Literal(literal(text, *plain)),
            })
        }
        yaml::Value::Map(entries) if matches!(&entries[..], [(_, Node { value: yaml::Value::Null, .. })]) => {
            Some(read(entries.first().and_then(|(other, _)| other.text()).unwrap_or("")))
        }
        yaml::Value::Null | yaml::Value::List(_) | yaml::Value::Map(_) => {
            let why = Text::word("a variable is a text, a number, true or false");
            reader.error(node, "not-a-value", why, Text::default());
            None
        }
    }
}

fn language_of(reader: &mut Reader<'_>, node: &Node) -> Option<Language> {
    let language = Language::parse(reader.text(node)?);
    if language.is_none() {
        let known = Language::ALL.map(Language::as_str);
        reader.unknown(node, "language", Text::word("language"), known);
    }
    language
}

/// A number or truth when it is written without quotes; a number keeps its zeros and its plus by being a text.
fn literal(text: &str, plain: bool) -> Value {
    let digits = text.trim_start_matches('-');
    let zeros = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    match Decimal::parse(text) {
        Some(number) if plain && !zeros && !text.contains(',') => Value::Number(number),
        _ if plain && (text == "true" || text == "false") => Value::Bool(text == "true"),
        _ => Value::Text(text.to_owned()),
    }
}

pub(super) fn tag(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Name> {
    let tag = collapsed(reader.scalar(step.argument)?);
    if tag.is_empty() {
        reader.error(step.argument, "empty-text", Text::word("this label is empty"), Text::default());
        return None;
    }
    Some(Name::from(tag))
}
