//! `goto` moves to a block, `hangup` ends the call.

use super::super::block::BlockId;
use super::super::read::{Reader, StepText};
use super::super::vocabulary::HangUp;
use super::lawful::{Ends, Lawful, Verb};
use super::super::form::{BLOCK, Form};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;

pub(crate) const GOTO: Verb = Verb {
    name: "goto",
    says: "moves to a block",
    argument: BLOCK,
    options: &[],
    ends: Ends::Always,
    example: "- goto: accueil",
};

pub(crate) const HANGUP: Verb = Verb {
    name: "hangup",
    says: "ends the call with a reason",
    argument: Form::Word(&["normal", "busy", "technical", "rejected"]),
    options: &[],
    ends: Ends::Always,
    example: "- hangup: normal",
};

/// The reasons with their words.
const REASONS: [(&str, HangUp); 4] = [
    ("normal", HangUp::Normal),
    ("busy", HangUp::Busy),
    ("technical", HangUp::Technical),
    ("rejected", HangUp::Rejected),
];

impl Lawful for BlockId {
    fn ways(&self) -> Vec<Way> {
        vec![Way::deaf(Label::Always, *self)]
    }
    fn is_end(&self) -> bool {
        true
    }
}

impl Lawful for HangUp {
    fn is_end(&self) -> bool {
        true
    }
    fn can_end_call(&self) -> bool {
        true
    }
}

pub(super) fn goto(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<BlockId> {
    reader.target(step.argument)
}

pub(super) fn hangup(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<HangUp> {
    let word = reader.text(step.argument)?;
    match REASONS.iter().find(|(known, _)| *known == word) {
        Some((_, how)) => Some(*how),
        None => {
            let known = REASONS.iter().map(|(word, _)| *word);
            reader.unknown(step.argument, "unknown-reason", Text::word("reason"), known);
            None
        }
    }
}
