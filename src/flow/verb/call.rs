//! `call` runs another flow and comes back; `return` is where that flow comes back.

use super::super::draw::card::{Drawn, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{Form, VALUES, opt};
use super::super::read::{Reader, StepText};
use super::super::value::{Expression, Path};
use super::lawful::{Ends, Lawful, Verb};
use super::set;

use crate::base::diagnostic::{Text, nearest};
use crate::base::name::Name;
use crate::base::yaml::Value;
use crate::say;

pub(crate) const CALL: Verb = Verb {
    name: "call",
    says: "runs another flow of the site and comes back with its outputs as variables",
    argument: Form::Name("flow"),
    options: &[opt("with", VALUES, "its inputs: `{ numero: \"{commande}\" }`")],
    ends: Ends::Never,
    example: "- call: identification\n  with: { numero: \"{commande}\" }",
};

pub(crate) const RETURN: Verb = Verb {
    name: "return",
    says: "goes back to the flow that called this one; the outputs are variables of their names, or written here",
    argument: VALUES,
    options: &[],
    ends: Ends::Always,
    example: "- return: { client: \"{numero}\" }",
};

/// A visit to another flow.
#[derive(Debug)]
pub(crate) struct Call {
    /// Which.
    pub(crate) flow: Name,
    /// What it is given.
    pub(crate) inputs: Vec<(Name, Expression)>,
    /// The variables that it gives back.
    pub(crate) outputs: Vec<Name>,
}

/// The way back.
#[derive(Debug)]
pub(crate) struct Return {
    /// What is given back.
    pub(crate) outputs: Vec<(Name, Expression)>,
}

impl Lawful for Call {
    fn reads(&self) -> Vec<&Path> {
        self.inputs.iter().flat_map(|(_, value)| value.reads()).collect()
    }
    fn sets(&self) -> Vec<&Name> {
        self.outputs.iter().collect()
    }
}

impl Drawn for Call {
    fn kind(&self) -> Kind {
        Kind::SubFlow
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![line(Sign::Runs, self.flow.as_str())]
    }
}

impl Lawful for Return {
    fn is_end(&self) -> bool {
        true
    }
    fn can_end_call(&self) -> bool {
        true
    }
    fn reads(&self) -> Vec<&Path> {
        self.outputs.iter().flat_map(|(_, value)| value.reads()).collect()
    }
}

impl Drawn for Return {
    fn kind(&self) -> Kind {
        Kind::End
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        vec![line(Sign::Ends, words.returns)]
    }
}

pub(super) fn call(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Call> {
    let known = reader.names.siblings.names();
    let flow = reader.one_of(step.argument, Text::word("flow"), &known)?;
    if reader.names.siblings.reaches(&flow, &reader.flow) {
        let message = say!("`{}` comes back to this flow by calls, without an end", flow);
        let help = Text::word("use `goto` within a flow; a called flow comes back by `return`");
        reader.error(step.argument, "call-loop", message, help);
        return None;
    }
    let wanted = reader.names.siblings.get(&flow).cloned().unwrap_or_default();
    let mut inputs: Vec<(Name, Expression)> = Vec::new();
    let mut all_known = true;
    for (key, node) in
        step.option("with").map(|node| reader.pairs(node, Text::word("`with`"))).unwrap_or_default()
    {
        let name = reader.name(key)?;
        if !wanted.inputs.iter().any(|(input, _)| *input == name) {
            let inputs: Vec<&str> = wanted.inputs.iter().map(|(input, _)| input.as_str()).collect();
            let help = match nearest(&name, inputs.iter().copied()) {
                Some(meant) => say!("did you mean `{}`?", meant),
                None if inputs.is_empty() => {
                    Text::word("it takes none: declare it there with `inputs: [NAME]`")
                }
                None => say!("there are: {}", inputs.join(", ")),
            };
            all_known = false;
            reader.error(key, "unknown-input", say!("the flow `{}` takes no `{}`", flow, name), help);
        }
        inputs.extend(set::value(reader, node).map(|value| (name, value)));
    }
    let given = |input: &Name| inputs.iter().any(|(name, _)| name == input);
    // One that is misspelled is the one that is missing.
    let missing = wanted.inputs.iter().find(|(input, _)| all_known && !given(input));
    if let Some((missing, _)) = missing {
        let message = say!("the flow `{}` wants `{}`", flow, missing);
        let help = say!("add `{}`", format!("with: {{ {missing}: … }}"));
        reader.error(step.argument, "missing-input", message, help);
    }
    let outputs = wanted.outputs.into_iter().map(|(name, _)| name).collect();
    Some(Call { flow, inputs, outputs })
}

pub(super) fn back(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Return> {
    let mut outputs = Vec::new();
    if step.argument.value != Value::Null {
        for (key, node) in reader.pairs(step.argument, Text::word("`return`")) {
            let name = reader.name(key)?;
            if !reader.outputs.iter().any(|(output, _)| *output == name) {
                let message = say!("this flow declares no output `{}`", name);
                reader.error(key, "unknown-output", message, Text::word("declare it: `outputs: [NAME]`"));
            }
            outputs.extend(set::value(reader, node).map(|value| (name, value)));
        }
    }
    // What is not written here is the variable of that name.
    for (name, _) in reader.outputs.clone() {
        if !outputs.iter().any(|(given, _)| *given == name) {
            outputs.push((name.clone(), Expression::Read(Path(name))));
        }
    }
    Some(Return { outputs })
}
