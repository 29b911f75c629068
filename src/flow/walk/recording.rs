//! A recording: a beep, the message, and an apology when it could not be kept.

use super::super::prompt::{Speech, file_clip};
use super::super::system::{BEEP, RECORDER_APOLOGY};
use super::super::turn::Turn;
use super::super::value::Value;
use super::super::verb::Step;
use super::super::vocabulary::{Action, Recorded};

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

/// It has ended. True when it could not be kept: the apology is being heard.
pub(super) fn ended(step: &Step, recorded: &Recorded, turn: &mut Turn<'_>) -> bool {
    keep(step, Some(recorded), turn);
    if recorded.failed {
        turn.say(&[&Speech::system(RECORDER_APOLOGY)]);
    }
    recorded.failed
}

/// The variable of a `record` holds the place of what was recorded; nothing when nothing was.
pub(super) fn keep(step: &Step, recorded: Option<&Recorded>, turn: &mut Turn<'_>) {
    if let Step::Record(record) = step {
        let path = recorded.filter(|recorded| recorded.kept).and_then(|recorded| recorded.path.as_deref());
        turn.set(&record.variable, Value::Text(path.unwrap_or("").to_owned()), false);
    }
}
