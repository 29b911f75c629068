//! A recording: a beep, the message, and an apology when it could not be kept.

use super::super::block::BlockId;
use super::super::next::Next;
use super::super::prompt::{Speech, file_clip};
use super::super::system::{BEEP, RECORDER_APOLOGY};
use super::super::turn::Turn;
use super::super::value::Value;
use super::super::verb::Step;
use super::super::vocabulary::{Action, Recorded};
use super::state::State;
use crate::base::name::Name;

/// The beep.
pub(super) fn beep(turn: &mut Turn<'_>) {
    turn.play(vec![file_clip(BEEP)]);
}

/// The message. False when the step records nothing.
pub(super) fn record(step: &Step, turn: &mut Turn<'_>) -> bool {
    let request = match step {
        Step::Voicemail(voicemail) => &voicemail.request,
        Step::Record(record) => &record.request,
        _ => return false,
    };
    turn.act(Action::Record(request.clone()));
    true
}

/// It has ended. When it could not be kept, the caller hears so: by the step's own exit, or by an apology.
pub(super) fn ended(step: &Step, recorded: &Recorded, turn: &mut Turn<'_>) -> Next<State> {
    keep(step, Some(recorded), turn);
    match failed(step) {
        _ if !recorded.failed => Next::Step,
        Some(block) => Next::Goto(block),
        None => {
            turn.say(&[&Speech::system(RECORDER_APOLOGY)]);
            Next::Stay(State::Apologising)
        }
    }
}

/// The variable of a recording holds its place; nothing when nothing was recorded.
pub(super) fn keep(step: &Step, recorded: Option<&Recorded>, turn: &mut Turn<'_>) {
    if let Some(variable) = variable(step) {
        let path = recorded.filter(|recorded| recorded.kept).and_then(|recorded| recorded.path.as_deref());
        turn.set(variable, Value::Text(path.unwrap_or("").to_owned()), false);
    }
}

/// The variable that holds the place of what a step records.
pub(super) fn variable(step: &Step) -> Option<&Name> {
    match step {
        Step::Record(record) => Some(&record.variable),
        Step::Voicemail(voicemail) => voicemail.save.as_ref(),
        _ => None,
    }
}

/// The step's own exit for a recording that was not kept.
fn failed(step: &Step) -> Option<BlockId> {
    match step {
        Step::Voicemail(voicemail) => voicemail.failed,
        Step::Record(record) => record.failed,
        _ => None,
    }
}
