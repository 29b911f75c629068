//! A recording: a beep, the message, and a word when there is none.

use super::super::block::BlockId;
use super::super::next::{Next, Unkept};
use super::super::prompt::{Speech, file_clip};
use super::super::system::{BEEP, RECORDER_APOLOGY, UNHEARD};
use super::super::turn::Turn;
use super::super::value::Value;
use super::super::verb::Step;
use super::super::verb::letter::Letter;
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

/// It has ended. When there is no message, the caller hears so: by the step's own exit, or from svi.
pub(super) fn ended(step: &Step, recorded: &Recorded, turn: &mut Turn<'_>) -> Next<State> {
    keep(step, Some(recorded), turn);
    let Some(why) = unkept(recorded) else { return Next::Step };
    let (failed, empty) = exits(step);
    let (exit, word) = match why {
        Unkept::Failed => (failed, Speech::system(RECORDER_APOLOGY)),
        Unkept::Empty => (empty, Speech::phrase(&UNHEARD)),
    };
    match exit {
        Some(block) => Next::Goto(block),
        None => {
            turn.say(&[&word]);
            Next::Stay(State::Apologising(why))
        }
    }
}

/// Why there is no message; none when there is one.
pub(super) fn unkept(recorded: &Recorded) -> Option<Unkept> {
    match recorded {
        Recorded { failed: true, .. } => Some(Unkept::Failed),
        Recorded { kept: false, .. } => Some(Unkept::Empty),
        Recorded { .. } => None,
    }
}

/// Whether a step directly behind a recording takes it for kept: what it says, writes or reports would be a lie.
pub(super) fn believes(step: &Step, recording: Option<&Step>, why: Unkept) -> bool {
    match step {
        Step::Say(_) | Step::Tag(_) | Step::Event(_) | Step::Letter(Letter::Sms { .. }) => true,
        // That somebody could not be recorded is worth a mail; that somebody had nothing to say is not.
        Step::Letter(Letter::Email { .. }) => {
            why == Unkept::Empty && matches!(recording, Some(Step::Voicemail(_)))
        }
        _ => false,
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

/// The step's own exits: for a recording that failed, and for one of nothing.
fn exits(step: &Step) -> (Option<BlockId>, Option<BlockId>) {
    match step {
        Step::Voicemail(voicemail) => (voicemail.failed, voicemail.empty),
        Step::Record(record) => (record.failed, record.empty),
        _ => (None, None),
    }
}
