//! `say` speaks a text, `play` a prompt file.

use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::shape::{Opt, Shape, opt};
use super::{Ends, Lawful, Step, Verb};

const OPTIONS: &[Opt] =
    &[opt("interrupt", Shape::YesNo, "whether a key cuts it; the key is kept for the next menu (true)")];

pub(crate) const SAY: Verb = Verb {
    name: "say",
    says: "speaks a text; values in braces are spoken from the bank of numbers",
    argument: Shape::Speech,
    options: OPTIONS,
    ends: Ends::Never,
    example: "- say: Votre commande {commande|digits} arrivera {arrivee|date}.",
    read: say,
};

pub(crate) const PLAY: Verb = Verb {
    name: "play",
    says: "plays a prompt file",
    argument: Shape::File,
    options: OPTIONS,
    ends: Ends::Never,
    example: "- play: promotion.wav",
    read: play,
};

/// Something that is said.
#[derive(Debug)]
pub struct Say {
    /// What.
    pub(crate) speech: Speech,
    /// A key cuts it (and is kept for the next menu or question).
    pub(crate) interruptible: bool,
}

impl Lawful for Say {
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.speech]
    }
}

fn say(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let speech = reader.speech(step.argument)?;
    Some(Step::Say(Say { speech, interruptible: reader.yes(step, "interrupt", true) }))
}

fn play(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let speech = reader.file(step.argument)?;
    Some(Step::Say(Say { speech, interruptible: reader.yes(step, "interrupt", true) }))
}
