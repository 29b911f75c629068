//! Records of tests: a call of a mobile to a free number on Tuesday 3 November 2026, 10:07 in Paris, answered after a second.

use crate::base::pii::Pii;
use crate::base::time::{Moment, Wall};
use crate::centre::leg_record::{LegOutcome, LegRecord};
use crate::centre::number::Class;
use crate::centre::record::{CallRecord, EndedBy};
use crate::centre::step_record::{StepEnd, StepRecord};
use crate::centre::visit_record::{VisitEnd, VisitRecord};

/// Its INVITE.
pub(super) const BEGAN: &str = "2026-11-03T10:07:00+01:00";

/// A moment of Paris.
pub(super) fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// So long after another.
pub(super) fn later(text: &str, ms: i64) -> Moment {
    Moment::of(Wall::from_epoch_ms(moment(text).wall().epoch_ms() + ms), "Europe/Paris")
}

/// The call, hung up by its caller.
pub(super) fn call() -> CallRecord {
    CallRecord {
        id: "01".into(),
        trunk: Some("operateur".into()),
        number: Some("+33800123456".into()),
        caller: Some("+33612345678".into()),
        caller_class: Some(Class::Mobile),
        started: moment(BEGAN),
        answered: Some(later(BEGAN, 1_000)),
        status: 200,
        ended_by: EndedBy::Caller,
        ..CallRecord::default()
    }
}

/// A stay of 20 s in the queue `sav`, entered 10 s after the call began.
pub(super) fn visit(left: VisitEnd) -> VisitRecord {
    VisitRecord {
        queue: "sav".into(),
        after_ms: 10_000,
        wait_ms: 20_000,
        left,
        by: (left == VisitEnd::Answered).then(|| "alice".into()),
        exit: None,
        place_first: 1,
        place_last: 1,
        place_max: 1,
        offers: 1,
    }
}

/// Alice's telephone, rung for that queue 25 s after the call began.
pub(super) fn leg(outcome: LegOutcome, talk_ms: Option<u64>, hold_ms: Option<u64>) -> LegRecord {
    LegRecord {
        who: Some("alice".into()),
        queue: Some("sav".into()),
        to: Pii::new("sip:alice@192.0.2.9".into()),
        after_ms: 25_000,
        ring_ms: 5_000,
        outcome,
        talk_ms,
        hold_ms,
        ..LegRecord::default()
    }
}

/// A menu that was left by its key.
pub(super) fn key(after_ms: u64) -> StepRecord {
    step(after_ms, StepEnd::Key)
}

/// A menu that was left by silence.
pub(super) fn silence(after_ms: u64) -> StepRecord {
    step(after_ms, StepEnd::Silence)
}

fn step(after_ms: u64, left: StepEnd) -> StepRecord {
    StepRecord {
        flow: None,
        block: "menu".into(),
        after_ms,
        ms: 1_000,
        left,
        by: None,
        silences: 0,
        wrong_keys: 0,
    }
}
