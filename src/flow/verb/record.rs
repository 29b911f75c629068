//! `record`: a beep, then the caller is recorded into a variable, which an `email` can take along.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, at_most, line};
use super::super::draw::diagram::{self, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, VARIABLE, opt};
use super::super::read::{Reader, StepText};
use super::super::value::Kind;
use super::super::vocabulary::{RecordInto, RecordRequest};
use super::lawful::{Ends, Lawful, Verb};
use super::way::{Label, Way};
use crate::base::name::Name;
use crate::base::time::Duration;

pub(crate) const RECORD: Verb = Verb {
    name: "record",
    says: "beeps, and records the caller into a variable; an `email` takes it along with `attach`",
    argument: VARIABLE,
    options: &[
        opt("longest", Form::Duration, "how long it may be (30s)"),
        opt("silence", Form::Duration, "the silence that ends it (3s)"),
        opt("failed", BLOCK, FAILED),
    ],
    ends: Ends::Never,
    example: "- record: nom_dicte\n  longest: 20s",
};

/// `failed:`
pub(super) const FAILED: &str =
    "when it could not be recorded (svi says so, and leaves out what is said directly behind)";

const LONGEST: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(3);

/// A value that no format can say: the place of a recording.
pub(in crate::flow) const UNSAYABLE: &str = "…";

/// A recording into a variable.
#[derive(Debug)]
pub(crate) struct Record {
    /// The variable that holds its place; empty when nothing was said.
    pub(crate) variable: Name,
    /// How long.
    pub(crate) request: RecordRequest,
    /// Where the call goes when it could not be kept: the disk is full. None: svi apologises.
    pub(crate) failed: Option<BlockId>,
}

impl Lawful for Record {
    fn ways(&self) -> Vec<Way> {
        ways(self.failed)
    }
    fn types(&self) -> Vec<(&Name, Option<Kind>)> {
        vec![(&self.variable, Some(Kind::Text))]
    }
    fn samples(&self) -> Vec<(&Name, String)> {
        vec![(&self.variable, UNSAYABLE.to_owned())]
    }
    fn listens(&self) -> bool {
        true
    }
    fn sets(&self) -> Vec<&Name> {
        vec![&self.variable]
    }
}

impl Drawn for Record {
    fn kind(&self) -> diagram::Kind {
        diagram::Kind::Message
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        vec![line(Sign::Records, at_most(&self.variable, self.request.longest, words))]
    }
}

/// The way of a recording that could not be kept. A disk that is full says so at once, and again: who leads the call back to
/// the same recording leads it round for ever.
pub(super) fn ways(failed: Option<BlockId>) -> Vec<Way> {
    failed.map(|to| Way::deaf(Label::Error, to)).into_iter().collect()
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Record> {
    let variable = reader.variable(step.argument)?;
    let longest = reader.duration_or(step, "longest", LONGEST);
    let silence = reader.duration_or(step, "silence", SILENCE);
    let request = RecordRequest { into: RecordInto::Variable(variable.clone()), longest, silence };
    Some(Record { variable, request, failed: reader.exit(step, "failed") })
}
