//! `event` tells the company's other systems that something has happened.

use super::super::read::{Reader, StepText};
use super::super::template::Template;
use super::super::value::Path;
use super::shape::{Shape, opt};
use super::{Ends, Lawful, Step, Verb};
use crate::base::diagnostic::Text;
use crate::base::name::Name;

pub(crate) const EVENT: Verb = Verb {
    name: "event",
    says: "a business event: it stands in the call's record, and goes to who listens",
    argument: Shape::Text,
    options: &[opt("with", Shape::Texts, "what belongs to it")],
    ends: Ends::Never,
    example: "- event: retour_demande\n  with: { commande: \"{commande}\" }",
    read,
};

/// A business event.
#[derive(Debug)]
pub struct Event {
    /// Its name.
    pub(crate) name: Name,
    /// What belongs to it.
    pub(crate) fields: Vec<(Name, Template)>,
}

impl Lawful for Event {
    fn is_silent(&self) -> bool {
        true
    }
    fn reads(&self) -> Vec<&Path> {
        self.fields.iter().flat_map(|(_, value)| value.reads()).collect()
    }
}

fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let name = reader.name(step.argument)?;
    let mut fields = Vec::new();
    if let Some(node) = step.option("with") {
        for (key, node) in reader.pairs(node, Text::word("`with`")) {
            fields.extend(reader.name(key).zip(reader.template(node)));
        }
    }
    Some(Step::Event(Event { name, fields }))
}
