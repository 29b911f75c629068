use crate::figures::tally::QUARTER_MS;
use std::collections::BTreeMap;

use super::*;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Wall};
use crate::centre::cost_record::CostRecord;
use crate::centre::record::{Announcement, Clocks, EndedBy};
use crate::figures::interval::Width;
use crate::figures::sample::{BEGAN, call, later, leg, moment, visit};
use crate::figures::tally;

fn served() -> CallRecord {
    CallRecord {
        clocks: Clocks { ring_ms: 1_000, flow_ms: 9_000, wait_ms: 20_000, talk_ms: 100_000 },
        announcement: Some(Announcement { begun_ms: 80, ended_ms: Some(2_580), full: true }),
        visits: vec![visit(VisitEnd::Answered)],
        legs: vec![leg(LegOutcome::Answered, Some(100_000), Some(10_000))],
        agents: vec!["alice".into()],
        cost: Some(CostRecord { total_micros: 7, waiting_micros: 2, unsure: true, ..CostRecord::default() }),
        ..call()
    }
}

fn total(record: &CallRecord) -> Tally {
    Tally::sum(of(record, &Aims::default()).iter().map(|(_, tally)| tally))
}

#[test]
fn a_served_call_fills_three_buckets() {
    let all = of(&served(), &Aims::default());
    let names: Vec<_> = all.iter().map(|(key, _)| (key.queue.as_deref(), key.agent.as_deref())).collect();
    assert_eq!(names, [(None, None), (Some("sav"), None), (Some("sav"), Some("alice"))]);
    assert!(all.iter().all(|(key, _)| key.number.as_deref() == Some("+33800123456")));
    let calls = &all[0].1.calls;
    assert_eq!((calls.calls, calls.answered, calls.outcomes[Outcome::Served as usize]), (1, 1, 1));
    assert_eq!(calls.outcomes.iter().sum::<u64>(), 1);
    assert_eq!(
        (calls.ring_ms, calls.announcement_ms, calls.flow_ms, calls.wait_ms, calls.talk_ms),
        (1_000, 2_500, 9_000, 20_000, 100_000)
    );
    assert_eq!((calls.cost_micros, calls.waiting_micros, calls.unsure), (7, 2, 1));
    let stays = &all[1].1.stays;
    assert_eq!((stays.offered, stays.answered, stays.within, stays.wait_answered_ms), (1, 1, 1, 20_000));
    assert_eq!((stays.waits[3], stays.patience, stays.offers), (1, [0; tally::BINS], 1));
    let work = &all[2].1.work;
    assert_eq!((work.rung, work.answered, work.talk_ms, work.hold_ms), (1, 1, 90_000, 10_000));
}

#[test]
fn each_counts_in_the_quarter_hour_in_which_it_began() {
    let began = "2026-11-03T10:14:55+01:00";
    let record = CallRecord { started: moment(began), ..served() };
    let quarters: Vec<_> = of(&record, &Aims::default()).iter().map(|(key, _)| key.quarter).collect();
    let ten = Wall::parse("2026-11-03T09:00:00Z").unwrap().epoch_ms();
    assert_eq!(quarters, [ten, ten + QUARTER_MS, ten + QUARTER_MS]);
    let interval = Width::Quarter.of(record.started.wall(), "Europe/Paris");
    assert_eq!(interval.id(), ten, "the quarter hours of the calendar are the same");
}

#[test]
fn each_end_of_a_stay_has_its_count() {
    let stays = |left| {
        let record = CallRecord { visits: vec![visit(left)], ended_by: EndedBy::Flow, ..call() };
        total(&record).stays
    };
    let counts =
        |stays: &Stays| [stays.answered, stays.abandoned, stays.overflowed, stays.promised, stays.ended];
    for (place, left) in
        [VisitEnd::Answered, VisitEnd::Abandoned, VisitEnd::Overflow, VisitEnd::Callback, VisitEnd::Ended]
            .into_iter()
            .enumerate()
    {
        let stays = stays(left);
        let mut expected = [0; 5];
        expected[place] = 1;
        assert_eq!((stays.offered, counts(&stays)), (1, expected), "{left:?}");
    }
    let abandoned = stays(VisitEnd::Abandoned);
    assert_eq!((abandoned.short, abandoned.wait_abandoned_ms, abandoned.patience[3]), (0, 20_000, 1));
}

#[test]
fn thresholds_are_of_the_queue_and_meet_their_bounds() {
    let mut aims = Aims::default();
    let quick = Thresholds { within: Duration::from_secs(19), short: Duration::from_secs(21), ..aims.usual };
    aims.queues.insert("sav".into(), quick);
    let stays = |left, aims: &Aims| {
        Tally::sum(
            of(&CallRecord { visits: vec![visit(left)], ..call() }, aims).iter().map(|(_, tally)| tally),
        )
        .stays
    };
    assert_eq!(stays(VisitEnd::Answered, &aims).within, 0);
    assert_eq!(stays(VisitEnd::Answered, &Aims::default()).within, 1, "20 s are within 20 s");
    assert_eq!(stays(VisitEnd::Abandoned, &aims).short, 1);
    aims.queues.insert("sav".into(), Thresholds { short: Duration::from_secs(20), ..quick });
    assert_eq!(stays(VisitEnd::Abandoned, &aims).short, 0, "20 s are not before 20 s");
}

#[test]
fn what_an_agent_was_rung_for_is_one_of_five() {
    for (outcome, expected) in [
        (LegOutcome::Answered, Some([1, 0, 0, 0, 0])),
        (LegOutcome::NoAnswer, Some([0, 1, 0, 0, 0])),
        (LegOutcome::Busy, Some([0, 0, 1, 0, 0])),
        (LegOutcome::Refused, Some([0, 0, 0, 1, 0])),
        (LegOutcome::Unreachable, Some([0, 0, 0, 1, 0])),
        (LegOutcome::Elsewhere, Some([0, 0, 0, 0, 1])),
        (LegOutcome::GivenUp, Some([0, 0, 0, 0, 1])),
        (LegOutcome::Ringing, Some([0, 0, 0, 0, 1])),
        (LegOutcome::NoWay, None),
        (LegOutcome::Barred, None),
        (LegOutcome::NoPort, None),
    ] {
        let legs = vec![leg(outcome, None, None)];
        let work = total(&CallRecord { legs, agents: vec!["alice".into()], ..call() }).work;
        let counts = [work.answered, work.missed, work.declined, work.failed, work.withdrawn];
        assert_eq!(
            (work.rung, counts),
            (u64::from(expected.is_some()), expected.unwrap_or_default()),
            "{outcome:?}"
        );
    }
    let voicemail = CallRecord { legs: vec![leg(LegOutcome::Answered, Some(9_000), None)], ..call() };
    let work = total(&voicemail).work;
    assert_eq!((work.missed, work.answered, work.talk_ms), (1, 0, 0), "nobody pressed the key that accepts");
}

#[test]
fn a_call_back_is_work_and_money_but_no_call_and_no_stay() {
    let back = CallRecord { callback_of: Some("00".into()), ..served() };
    let tally = total(&back);
    assert_eq!((tally.calls.calls, tally.calls.outcomes, tally.stays.offered), (0, [0; tally::OUTCOMES], 0));
    assert_eq!((tally.calls.called_back, tally.calls.cost_micros, tally.work.answered), (1, 7, 1));
    let unanswered = CallRecord { answered: None, ..back };
    assert_eq!(total(&unanswered).calls.called_back, 0);
}

#[test]
fn older_records_add_what_they_know() {
    let old = CallRecord { visits: Vec::new(), legs: Vec::new(), queue: Some("sav".into()), ..served() };
    let tally = total(&old);
    assert_eq!((tally.stays.offered, tally.stays.answered, tally.stays.wait_answered_ms), (1, 1, 20_000));
    assert_eq!((tally.work.answered, tally.work.talk_ms), (1, 100_000));
    let two = CallRecord { agents: ["alice", "bruno"].map(Name::from).into(), ..old.clone() };
    let tally = total(&two);
    assert_eq!((tally.work.answered, tally.work.talk_ms, tally.stays.offered), (2, 100_000, 1));
    let nobody = CallRecord { agents: Vec::new(), clocks: Clocks { talk_ms: 0, ..old.clocks }, ..old };
    assert_eq!(total(&nobody).stays.abandoned, 1);
    let sent_away = CallRecord { ended_by: EndedBy::Flow, ..nobody };
    assert_eq!(total(&sent_away).stays.overflowed, 1);
}

fn random(rng: &mut Rng) -> CallRecord {
    let ends =
        [VisitEnd::Answered, VisitEnd::Abandoned, VisitEnd::Overflow, VisitEnd::Callback, VisitEnd::Ended];
    let mut visit_of = |_| {
        let left = ends[usize::try_from(rng.below(5)).unwrap()];
        let queue = Name::from(["sav", "ventes"][usize::try_from(rng.below(2)).unwrap()]);
        crate::centre::visit_record::VisitRecord {
            queue,
            wait_ms: rng.below(100_000),
            after_ms: rng.below(2_000_000),
            ..visit(left)
        }
    };
    let visits: Vec<_> = (0..3).map(&mut visit_of).collect();
    let started = later(BEGAN, i64::try_from(rng.below(20_000_000)).unwrap());
    CallRecord { started, visits, ..served() }
}

proptest::proptest! {
    #![proptest_config(crate::base::property::cases(64))]

    #[test]
    fn whatever_is_rolled_up_first_the_sum_is_the_same(seed in 0_u64..u64::MAX) {
        let mut rng = Rng::seeded(seed);
        let records: Vec<_> = (0..20).map(|_| random(&mut rng)).collect();
        let mut forth = BTreeMap::new();
        let mut back = BTreeMap::new();
        records.iter().for_each(|record| tally::add(&mut forth, of(record, &Aims::default())));
        records.iter().rev().for_each(|record| tally::add(&mut back, of(record, &Aims::default())));
        proptest::prop_assert_eq!(&forth, &back);
        let sum = Tally::sum(forth.values());
        proptest::prop_assert_eq!(sum.calls.calls, 20);
        proptest::prop_assert_eq!(sum.stays.offered, 60);
        let stays = &sum.stays;
        let ends = stays.answered + stays.abandoned + stays.overflowed + stays.promised + stays.ended;
        proptest::prop_assert_eq!(ends, 60);
        proptest::prop_assert_eq!(stays.waits.iter().sum::<u64>(), 60);
    }
}
