//! `voicemail`: a beep, then the caller's message goes into a mailbox.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, at_most, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, VARIABLE, opt};
use super::super::read::{Reader, StepText};
use super::super::system::Phrase;
use super::super::value::Kind as ValueKind;
use super::super::vocabulary::{RecordInto, RecordRequest};
use super::lawful::{Ends, Lawful, Verb};
use super::record::{self, EMPTY, FAILED, UNSAYABLE};
use super::way::Way;
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::Duration;

pub(crate) const VOICEMAIL: Verb = Verb {
    name: "voicemail",
    says: "beeps, and records the caller into a mailbox",
    argument: Form::Name("mailbox"),
    options: &[
        opt("longest", Form::Duration, "how long a message may be (the mailbox's own)"),
        opt("silence", Form::Duration, "the silence that ends it (5s)"),
        opt("save", VARIABLE, "a variable for the message; an `email` takes it along with `attach`"),
        opt("failed", BLOCK, FAILED),
        opt("empty", BLOCK, EMPTY),
    ],
    ends: Ends::Never,
    example: "- voicemail: sav\n  silence: 4s\n  failed: conseiller\n  empty: message",
};

/// Silence that ends a message, unless the step says otherwise.
const SILENCE: Duration = Duration::from_secs(5);

/// A message to be left.
#[derive(Debug)]
pub(crate) struct Voicemail {
    /// Where, and how long.
    pub(crate) request: RecordRequest,
    /// The variable that holds its place; empty when nothing was said.
    pub(crate) save: Option<Name>,
    /// Where the call goes when it could not be kept: the disk is full. None: svi apologises.
    pub(crate) failed: Option<BlockId>,
    /// Where it goes when nothing was said: no message is kept. None: svi says that nothing was heard.
    pub(crate) empty: Option<BlockId>,
}

impl Lawful for Voicemail {
    fn ways(&self) -> Vec<Way> {
        record::ways(self.failed, self.empty)
    }
    fn phrases(&self) -> Vec<Phrase> {
        record::unheard(self.empty)
    }
    fn types(&self) -> Vec<(&Name, Option<ValueKind>)> {
        self.save.iter().map(|name| (name, Some(ValueKind::Text))).collect()
    }
    fn samples(&self) -> Vec<(&Name, String)> {
        self.save.iter().map(|name| (name, UNSAYABLE.to_owned())).collect()
    }
    fn listens(&self) -> bool {
        true
    }
    fn sets(&self) -> Vec<&Name> {
        self.save.iter().collect()
    }
}

impl Drawn for Voicemail {
    fn kind(&self) -> Kind {
        Kind::Message
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        let (RecordInto::Mailbox(into) | RecordInto::Variable(into)) = &self.request.into;
        vec![line(Sign::Records, at_most(into, self.request.longest, words))]
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Voicemail> {
    let known = &reader.names.mailboxes;
    let mailbox = reader.one_of(step.argument, Text::word("mailbox"), known)?;
    let longest = known.get(&mailbox).copied()?;
    let longest = reader.duration_or(step, "longest", longest);
    let silence = reader.duration_or(step, "silence", SILENCE);
    let request = RecordRequest { into: RecordInto::Mailbox(mailbox), longest, silence };
    let save = step.option("save").and_then(|node| reader.variable(node));
    let (failed, empty) = (reader.exit(step, "failed"), reader.exit(step, "empty"));
    Some(Voicemail { request, save, failed, empty })
}
