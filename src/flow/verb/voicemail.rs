//! `voicemail`: a beep, then the caller's message goes into a mailbox.

use super::super::read::{Reader, StepText};
use super::super::vocabulary::{RecordInto, RecordRequest};
use super::shape::{Shape, opt};
use super::{Ends, Lawful, Step, Verb};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::Duration;

pub(crate) const VOICEMAIL: Verb = Verb {
    name: "voicemail",
    says: "beeps, and records the caller into a mailbox",
    argument: Shape::Name("mailbox"),
    options: &[
        opt("longest", Shape::Duration, "how long a message may be (the mailbox's own)"),
        opt("silence", Shape::Duration, "the silence that ends it (5s)"),
    ],
    ends: Ends::Never,
    example: "- voicemail: sav\n  silence: 4s",
    read,
};

/// Silence that ends a message, unless the step says otherwise.
const SILENCE: Duration = Duration::from_secs(5);

/// A message to be left.
#[derive(Debug)]
pub struct Voicemail {
    /// Where, and how long.
    pub(crate) request: RecordRequest,
}

impl Lawful for Voicemail {
    fn listens(&self) -> bool {
        true
    }
}

fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let name = reader.name(step.argument)?;
    let Some((mailbox, longest)) = reader.names.mailboxes.get_key_value(name.as_str()) else {
        let known: Vec<Name> = reader.names.mailboxes.keys().cloned().collect();
        reader.unknown(step.argument, "unknown-name", Text::word("mailbox"), known.iter().map(Name::as_str));
        return None;
    };
    let (mailbox, longest) = (mailbox.clone(), *longest);
    let longest = reader.duration_or(step, "longest", longest);
    let silence = reader.duration_or(step, "silence", SILENCE);
    let request = RecordRequest { into: RecordInto::Mailbox(mailbox), longest, silence };
    Some(Step::Voicemail(Voicemail { request }))
}
