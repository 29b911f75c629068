//! `say` speaks a text, `play` a prompt file.

use super::super::draw::card::{Drawn, line, said};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{FILE, Form, Row, SPEECH, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::lawful::{Ends, Lawful, TypedAhead, Verb};

const OPTIONS: &[Row] =
    &[opt("interrupt", Form::YesNo, "whether a key cuts it; the key is kept for the next menu (true)")];

pub(crate) const SAY: Verb = Verb {
    name: "say",
    says: "speaks a text; values in braces are spoken from the bank of numbers",
    argument: SPEECH,
    options: OPTIONS,
    ends: Ends::Never,
    example: "- say: Votre commande {commande|digits} arrivera {arrivee|date}.",
};

pub(crate) const PLAY: Verb = Verb {
    name: "play",
    says: "plays a prompt file",
    argument: FILE,
    options: OPTIONS,
    ends: Ends::Never,
    example: "- play: promotion.wav",
};

/// Something that is said.
#[derive(Debug)]
pub(crate) struct Say {
    /// What.
    pub(crate) speech: Speech,
    /// A key cuts it (and is kept for the next menu or question).
    pub(crate) interruptible: bool,
}

impl Lawful for Say {
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Left
    }
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.speech]
    }
}

impl Drawn for Say {
    fn kind(&self) -> Kind {
        Kind::Say
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![line(Sign::Says, said(&self.speech))]
    }
}

pub(super) fn say(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Say> {
    let speech = reader.speech(step.argument)?;
    Some(Say { speech, interruptible: reader.yes_or(step, "interrupt", true) })
}

pub(super) fn play(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Say> {
    let speech = reader.file(step.argument)?;
    Some(Say { speech, interruptible: reader.yes_or(step, "interrupt", true) })
}
