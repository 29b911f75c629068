//! `goto` moves to a block, `hangup` ends the call.

use super::super::read::{Reader, StepText};
use super::super::vocabulary::HangUp;
use super::Step;

pub(crate) fn goto(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    reader.target(step.argument).map(Step::Goto)
}

pub(crate) fn hangup(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let how = match reader.text(step.argument)? {
        "normal" => HangUp::Normal,
        "busy" => HangUp::Busy,
        "technical" => HangUp::Technical,
        "rejected" => HangUp::Rejected,
        _ => {
            reader.unknown(
                step.argument,
                "unknown-reason",
                "reason",
                ["normal", "busy", "technical", "rejected"],
            );
            return None;
        }
    };
    Some(Step::HangUp(how))
}
