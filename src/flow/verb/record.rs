//! `record`: a beep, then the caller is recorded into a variable, which an `email` can take along.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, at_most, line};
use super::super::draw::diagram::{self, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, VARIABLE, opt};
use super::super::read::{Reader, StepText};
use super::super::system::{Phrase, UNHEARD};
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
        opt("empty", BLOCK, EMPTY),
    ],
    ends: Ends::Never,
    example: "- record: nom_dicte\n  longest: 20s",
};

/// `failed:`
pub(super) const FAILED: &str =
    "when it could not be recorded (svi says so, and leaves out what takes it for kept directly behind)";
/// `empty:`
pub(super) const EMPTY: &str =
    "when nothing was said (svi says so, and leaves out what takes it for kept directly behind)";

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
    /// Where it goes when nothing was said. None: svi says that nothing was heard.
    pub(crate) empty: Option<BlockId>,
}

impl Lawful for Record {
    fn ways(&self) -> Vec<Way> {
        ways(self.failed, self.empty)
    }
    fn phrases(&self) -> Vec<Phrase> {
        unheard(self.empty)
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

/// The ways of a recording of which there is no message. A disk that is full says so at once, and again: who leads the call back
/// to the same recording leads it round for ever.
pub(super) fn ways(failed: Option<BlockId>, empty: Option<BlockId>) -> Vec<Way> {
    let failed = failed.map(|to| Way::deaf(Label::Error, to));
    let empty = empty.map(|to| Way::heard(Label::Silence, to));
    failed.into_iter().chain(empty).collect()
}

/// What svi says of a recording of nothing.
pub(super) fn unheard(empty: Option<BlockId>) -> Vec<Phrase> {
    if empty.is_some() { Vec::new() } else { vec![UNHEARD] }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Record> {
    let variable = reader.variable(step.argument)?;
    let longest = reader.duration_or(step, "longest", LONGEST);
    let silence = reader.duration_or(step, "silence", SILENCE);
    let request = RecordRequest { into: RecordInto::Variable(variable.clone()), longest, silence };
    let (failed, empty) = (reader.exit(step, "failed"), reader.exit(step, "empty"));
    Some(Record { variable, request, failed, empty })
}
