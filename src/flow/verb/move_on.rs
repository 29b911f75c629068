//! `goto` moves to a block, `hangup` ends the call.

use super::super::form::{BLOCK, Form};
use super::super::graph::BlockId;
use super::super::read::{Reader, StepText};
use super::super::vocabulary::HangUp;
use super::way::{Label, Way};
use super::{Ends, Lawful, Step, Verb};
use crate::base::diagnostic::Text;

pub(crate) const GOTO: Verb = Verb {
    name: "goto",
    says: "moves to a block",
    argument: BLOCK,
    options: &[],
    ends: Ends::Always,
    example: "- goto: accueil",
    read: goto,
};

pub(crate) const HANGUP: Verb = Verb {
    name: "hangup",
    says: "ends the call with a reason",
    argument: Form::Word(&["normal", "busy", "technical", "rejected"]),
    options: &[],
    ends: Ends::Always,
    example: "- hangup: normal",
    read: hangup,
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

fn goto(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    reader.target(step.argument).map(Step::Goto)
}

fn hangup(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let word = reader.text(step.argument)?;
    match REASONS.iter().find(|(known, _)| *known == word) {
        Some((_, how)) => Some(Step::HangUp(*how)),
        None => {
            let known = REASONS.iter().map(|(word, _)| *word);
            reader.unknown(step.argument, "unknown-reason", Text::word("reason"), known);
            None
        }
    }
}
