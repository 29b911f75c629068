//! `event` tells the company's other systems that something has happened.

use super::super::draw::card::{Drawn, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{TEMPLATE, TEXTS, opt};
use super::super::read::{Reader, StepText};
use super::super::template::Template;
use super::super::value::Path;
use super::lawful::{Ends, Lawful, Verb};
use crate::base::diagnostic::Text;
use crate::base::name::Name;

pub(crate) const EVENT: Verb = Verb {
    name: "event",
    says: "a business event: it stands in the call's record, and goes to who listens",
    argument: TEMPLATE,
    options: &[opt("with", TEXTS, "what belongs to it")],
    ends: Ends::Never,
    example: "- event: retour_demande\n  with: { commande: \"{commande}\" }",
};

/// A business event.
#[derive(Debug)]
pub(crate) struct Event {
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

impl Drawn for Event {
    fn kind(&self) -> Kind {
        Kind::Say
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![line(Sign::Tags, format!("{} !", self.name))]
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Event> {
    let name = reader.name(step.argument)?;
    let mut fields = Vec::new();
    if let Some(node) = step.option("with") {
        for (key, node) in reader.pairs(node, Text::word("`with`")) {
            fields.extend(reader.name(key).zip(reader.template(node)));
        }
    }
    Some(Event { name, fields })
}
