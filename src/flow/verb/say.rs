//! `say` speaks a text, `play` a prompt file.

use super::super::form::{FILE, Form, Row, SPEECH, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::{Ends, Lawful, Step, Verb};

const OPTIONS: &[Row] =
    &[opt("interrupt", Form::YesNo, "whether a key cuts it; the key is kept for the next menu (true)")];

pub(crate) const SAY: Verb = Verb {
    name: "say",
    says: "speaks a text; values in braces are spoken from the bank of numbers",
    argument: SPEECH,
    options: OPTIONS,
    ends: Ends::Never,
    example: "- say: Votre commande {commande|digits} arrivera {arrivee|date}.",
    read: say,
};

pub(crate) const PLAY: Verb = Verb {
    name: "play",
    says: "plays a prompt file",
    argument: FILE,
    options: OPTIONS,
    ends: Ends::Never,
    example: "- play: promotion.wav",
    read: play,
};

/// Something that is said.
#[derive(Debug)]
pub struct Say {
    /// What.
    pub speech: Speech,
    /// A key cuts it (and is kept for the next menu or question).
    pub interruptible: bool,
}

impl Lawful for Say {
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.speech]
    }
}

fn say(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let speech = reader.speech(step.argument)?;
    Some(Step::Say(Say { speech, interruptible: reader.yes_or(step, "interrupt", true) }))
}

fn play(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let speech = reader.file(step.argument)?;
    Some(Step::Say(Say { speech, interruptible: reader.yes_or(step, "interrupt", true) }))
}
