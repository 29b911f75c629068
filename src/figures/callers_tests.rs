use super::*;
use crate::base::time::Duration;
use crate::centre::record::EndedBy;
use crate::figures::sample::{BEGAN, call, later, visit};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The day of the sample call, judged two weeks later.
fn day() -> Span {
    let began = later(BEGAN, 0).epoch_ms();
    let wall = |ms| Wall::from_epoch_ms(began + ms);
    Span { from: wall(-HOUR_MS), until: wall(DAY_MS), now: wall(14 * DAY_MS) }
}

fn at(ms: i64, left: VisitEnd) -> CallRecord {
    let (started, ended) = (later(BEGAN, ms), later(BEGAN, ms + 30_000));
    let answered = Some(later(BEGAN, ms + 1_000));
    CallRecord { started, answered, ended: Some(ended), visits: vec![visit(left)], ..call() }
}

fn back(ms: i64, left: VisitEnd) -> CallRecord {
    CallRecord { callback_of: Some("01".into()), ..at(ms, left) }
}

fn judged(records: &[CallRecord]) -> Callers {
    of(records, day(), &Aims::default())
}

#[test]
fn a_missed_call_is_called_back_called_again_or_owed() {
    let missed = at(0, VisitEnd::Abandoned);
    let owed = judged(std::slice::from_ref(&missed));
    assert_eq!((owed.offered, owed.owed), (1, 1));
    let soon = judged(&[missed.clone(), back(2 * HOUR_MS, VisitEnd::Answered)]);
    assert_eq!((soon.offered, soon.called_back, soon.back_in_time, soon.owed), (1, 1, 1, 0));
    let late = judged(&[back(5 * HOUR_MS, VisitEnd::Answered), missed.clone()]);
    assert_eq!((late.called_back, late.back_in_time), (1, 0), "in any order of records");
    let again =
        judged(&[missed.clone(), at(HOUR_MS, VisitEnd::Answered), back(2 * HOUR_MS, VisitEnd::Answered)]);
    assert_eq!((again.offered, again.called_again, again.called_back), (2, 1, 0), "what came first");
    let in_vain =
        judged(&[missed.clone(), back(HOUR_MS, VisitEnd::Abandoned), at(2 * HOUR_MS, VisitEnd::Abandoned)]);
    assert_eq!((in_vain.offered, in_vain.owed), (2, 2), "each call is owed");
    let before = judged(&[at(-HOUR_MS / 2, VisitEnd::Answered), missed]);
    assert_eq!((before.called_again, before.owed), (0, 1), "who was served before is owed");
}

#[test]
fn every_call_in_a_queue_is_one_of_six() {
    let secret = CallRecord { caller: None, ..at(0, VisitEnd::Abandoned) };
    let slow = CallRecord {
        visits: vec![crate::centre::visit_record::VisitRecord {
            wait_ms: 21_000,
            ..visit(VisitEnd::Answered)
        }],
        caller: Some("+33699999999".into()),
        ..at(0, VisitEnd::Answered)
    };
    let outside = CallRecord { caller: Some("+33688888888".into()), ..at(2 * DAY_MS, VisitEnd::Abandoned) };
    let elsewhere =
        CallRecord { visits: Vec::new(), caller: Some("+33677777777".into()), ..at(0, VisitEnd::Abandoned) };
    let sum = judged(&[at(0, VisitEnd::Answered), slow, secret, outside, elsewhere]);
    assert_eq!((sum.offered, sum.within, sum.late, sum.secret), (3, 1, 1, 1));
    assert_eq!((sum.called_back, sum.called_again, sum.owed), (0, 0, 0));
    let promised = CallRecord { ended_by: EndedBy::Flow, ..at(0, VisitEnd::Overflow) };
    assert_eq!(judged(&[promised]).owed, 1, "who was sent away is missed, too");
}

#[test]
fn who_calls_the_same_line_again_within_a_week_was_not_helped() {
    let helped = |records: &[CallRecord]| {
        let sum = judged(records);
        (sum.judged, sum.helped)
    };
    let first = at(0, VisitEnd::Answered);
    let other = |ms| CallRecord { number: Some("+33123456789".into()), ..at(ms, VisitEnd::Answered) };
    assert_eq!(helped(std::slice::from_ref(&first)), (1, 1));
    assert_eq!(helped(&[first.clone(), at(7 * DAY_MS, VisitEnd::Abandoned)]), (1, 0));
    assert_eq!(helped(&[first.clone(), at(7 * DAY_MS + 1, VisitEnd::Answered)]), (1, 1));
    assert_eq!(helped(&[first.clone(), other(2 * DAY_MS)]), (1, 1), "about something else");
    assert_eq!(helped(&[first.clone(), other(HOUR_MS)]), (2, 2), "two reasons");
    assert_eq!(helped(&[first.clone(), at(HOUR_MS, VisitEnd::Answered)]), (1, 0), "one caller, once");
    assert_eq!(helped(&[first.clone(), back(HOUR_MS, VisitEnd::Answered)]), (1, 1), "it was we who called");
    assert_eq!(helped(&[at(0, VisitEnd::Abandoned)]), (0, 0), "who was not served has nothing to judge");
    let early = Span { now: first.started.wall() + Duration::from_secs(86_400), ..day() };
    let sum = of(&[first], early, &Aims::default());
    assert_eq!((sum.judged, sum.helped), (0, 0), "the week is not over");
}
