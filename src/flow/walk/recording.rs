//! A recording: a beep, the message, and an apology when it could not be kept.

use super::super::prompt::{Speech, file_clip};
use super::super::system::{BEEP, RECORDER_APOLOGY};
use super::super::value::Value;
use super::super::verb::Step;
use super::super::vocabulary::{Action, Recorded};
use super::turn::Turn;
use super::{Next, State};

pub(super) fn enter(turn: &mut Turn<'_>) -> Next {
    turn.play(vec![file_clip(BEEP)]);
    Next::Stay(State::Beeping)
}

pub(super) fn record(step: &Step, turn: &mut Turn<'_>) -> Next {
    match step {
        Step::Voicemail(voicemail) => {
            turn.act(Action::Record(voicemail.request.clone()));
            Next::Stay(State::Recording)
        }
        Step::Record(record) => {
            turn.act(Action::Record(record.request.clone()));
            Next::Stay(State::Recording)
        }
        _ => Next::Step,
    }
}

pub(super) fn ended(step: &Step, recorded: &Recorded, turn: &mut Turn<'_>) -> Next {
    keep(step, Some(recorded), turn);
    if recorded.failed {
        turn.say(&[&Speech::system(RECORDER_APOLOGY)]);
        return Next::Stay(State::Hearing { interruptible: false });
    }
    Next::Step
}

/// The variable of a `record` holds the place of what was recorded; nothing when nothing was.
pub(super) fn keep(step: &Step, recorded: Option<&Recorded>, turn: &mut Turn<'_>) {
    if let Step::Record(record) = step {
        let path = recorded.filter(|recorded| recorded.kept).and_then(|recorded| recorded.path.as_deref());
        turn.set(&record.variable, Value::Text(path.unwrap_or("").to_owned()), false);
    }
}
