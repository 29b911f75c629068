//! `record`: a beep, then the caller is recorded into a variable, which an `email` can take along.

use super::super::read::{Reader, StepText};
use super::super::vocabulary::{RecordInto, RecordRequest};
use super::shape::{Shape, opt};
use super::{Ends, Lawful, Step, Verb};
use crate::base::name::Name;
use crate::base::time::Duration;

pub(crate) const RECORD: Verb = Verb {
    name: "record",
    says: "beeps, and records the caller into a variable; an `email` takes it along with `attach`",
    argument: Shape::Variable,
    options: &[
        opt("longest", Shape::Duration, "how long it may be (30s)"),
        opt("silence", Shape::Duration, "the silence that ends it (3s)"),
    ],
    ends: Ends::Never,
    example: "- record: nom_dicte\n  longest: 20s",
    read,
};

const LONGEST: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(3);

/// A recording into a variable.
#[derive(Debug)]
pub struct Record {
    /// The variable that holds its place; empty when nothing was said.
    pub(crate) variable: Name,
    /// How long.
    pub(crate) request: RecordRequest,
}

impl Lawful for Record {
    fn listens(&self) -> bool {
        true
    }
    fn sets(&self) -> Vec<&Name> {
        vec![&self.variable]
    }
}

fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let variable = reader.variable(step.argument)?;
    let longest = reader.duration_or(step, "longest", LONGEST);
    let silence = reader.duration_or(step, "silence", SILENCE);
    let request = RecordRequest { into: RecordInto::Variable(variable.clone()), longest, silence };
    Some(Step::Record(Record { variable, request }))
}
