//! `voicemail`: a beep, then the caller's message goes into a mailbox.

use super::super::read::{Reader, StepText};
use super::super::vocabulary::RecordRequest;
use super::Step;
use crate::base::name::Name;
use crate::base::time::Duration;

/// Silence that ends a message, unless the step says otherwise.
const SILENCE: Duration = Duration::from_secs(5);

/// A message to be left.
#[derive(Debug)]
pub struct Voicemail {
    /// Where, and how long.
    pub request: RecordRequest,
}

pub(crate) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let name = reader.name(step.argument)?;
    let Some((mailbox, longest)) = reader.names.mailboxes.get_key_value(name.as_str()) else {
        let known: Vec<Name> = reader.names.mailboxes.keys().cloned().collect();
        reader.unknown(step.argument, "unknown-name", "mailbox", known.iter().map(Name::as_str));
        return None;
    };
    let (mailbox, longest) = (mailbox.clone(), *longest);
    let longest = reader.duration_or(step, "longest", longest);
    let silence = reader.duration_or(step, "silence", SILENCE);
    Some(Step::Voicemail(Voicemail { request: RecordRequest { mailbox, longest, silence } }))
}
