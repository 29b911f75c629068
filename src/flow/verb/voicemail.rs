//! `voicemail`: a beep, then the caller's message goes into a mailbox.

use super::super::draw::card::{Drawn, at_most, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{Form, opt};
use super::super::read::{Reader, StepText};
use super::super::vocabulary::{RecordInto, RecordRequest};
use super::lawful::{Ends, Lawful, Verb};
use crate::base::diagnostic::Text;
use crate::base::time::Duration;

pub(crate) const VOICEMAIL: Verb = Verb {
    name: "voicemail",
    says: "beeps, and records the caller into a mailbox",
    argument: Form::Name("mailbox"),
    options: &[
        opt("longest", Form::Duration, "how long a message may be (the mailbox's own)"),
        opt("silence", Form::Duration, "the silence that ends it (5s)"),
    ],
    ends: Ends::Never,
    example: "- voicemail: sav\n  silence: 4s",
};

/// Silence that ends a message, unless the step says otherwise.
const SILENCE: Duration = Duration::from_secs(5);

/// A message to be left.
#[derive(Debug)]
pub(crate) struct Voicemail {
    /// Where, and how long.
    pub(crate) request: RecordRequest,
}

impl Lawful for Voicemail {
    fn listens(&self) -> bool {
        true
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
    Some(Voicemail { request })
}
