//! `goto` moves to a block, `hangup` ends the call.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form};
use super::super::read::{Reader, StepText};
use super::super::vocabulary::HangUp;
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
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
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Left
    }
    fn ways(&self) -> Vec<Way> {
        vec![Way::deaf(Label::Always, *self)]
    }
    fn is_end(&self) -> bool {
        true
    }
}

impl Drawn for BlockId {
    fn kind(&self) -> Kind {
        Kind::Say
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        // Its way says it.
        Vec::new()
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

impl Drawn for HangUp {
    fn kind(&self) -> Kind {
        Kind::End
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        vec![line(Sign::Ends, words.hang_up[place(*self)])]
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

/// The place of a reason among the words of the drawing.
const fn place(how: HangUp) -> usize {
    match how {
        HangUp::Normal => 0,
        HangUp::Busy => 1,
        HangUp::Technical => 2,
        HangUp::Rejected => 3,
    }
}
