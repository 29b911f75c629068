//! `say` speaks a text, `play` a prompt file.

use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::Step;

/// Something that is said.
#[derive(Debug)]
pub struct Say {
    /// What.
    pub speech: Speech,
    /// A key cuts it (and is kept for the next menu or question).
    pub interruptible: bool,
}

pub(crate) fn say(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let speech = reader.speech(step.argument)?;
    Some(Step::Say(Say { speech, interruptible: reader.yes(step, "interrupt", true) }))
}

pub(crate) fn play(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let speech = reader.file(step.argument)?;
    Some(Step::Say(Say { speech, interruptible: reader.yes(step, "interrupt", true) }))
}
