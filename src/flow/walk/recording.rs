//! Voicemail: a beep, the message, and an apology when it could not be kept.

use super::super::prompt::file_clip;
use super::super::system::{BEEP, RECORDER_APOLOGY};
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
        _ => Next::Step,
    }
}

pub(super) fn ended(recorded: &Recorded, turn: &mut Turn<'_>) -> Next {
    if recorded.failed {
        turn.play(vec![file_clip(RECORDER_APOLOGY)]);
        return Next::Stay(State::Hearing { interruptible: false });
    }
    Next::Step
}
