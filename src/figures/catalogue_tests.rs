use std::collections::BTreeSet;

use super::*;
use crate::base::diagnostic::Tongue;
use crate::centre::leg_record::LegOutcome;
use crate::centre::record::CallRecord;
use crate::centre::visit_record::{VisitEnd, VisitRecord};
use crate::figures::contribution;
use crate::figures::french::tongue as french;
use crate::figures::sample::{call, leg, visit};
use crate::figures::thresholds::Aims;

/// The test set of `domain.md` §5: (wait, talk, hold, wrap-up) of six who were answered, three who hung up, one who overflowed.
const ANSWERED: [(u64, u64, u64, u64); 6] = [
    (5, 120, 0, 30),
    (12, 200, 20, 30),
    (19, 60, 0, 15),
    (20, 90, 0, 0),
    (21, 300, 60, 60),
    (45, 180, 0, 30),
];
const ABANDONED: [u64; 3] = [3, 25, 60];

fn waited(seconds: u64, left: VisitEnd) -> CallRecord {
    CallRecord { visits: vec![VisitRecord { wait_ms: seconds * 1_000, ..visit(left) }], ..call() }
}

fn hour() -> Tally {
    let answered = ANSWERED.map(|(wait, talk, hold, _)| {
        let leg = leg(LegOutcome::Answered, Some((talk + hold) * 1_000), Some(hold * 1_000));
        CallRecord { legs: vec![leg], agents: vec!["alice".into()], ..waited(wait, VisitEnd::Answered) }
    });
    let abandoned = ABANDONED.map(|wait| waited(wait, VisitEnd::Abandoned));
    let records = answered.into_iter().chain(abandoned).chain([waited(120, VisitEnd::Overflow)]);
    let contributions: Vec<_> =
        records.flat_map(|record| contribution::of(&record, &Aims::default())).collect();
    let wrap_s: u64 = ANSWERED.iter().map(|(.., wrap)| wrap).sum();
    let states = Tally::of_states(3_600_000, 600_000, wrap_s * 1_000);
    Tally::sum(contributions.iter().map(|(_, tally)| tally).chain([&states]))
}

#[test]
fn the_test_set_gives_exactly_its_figures() {
    let hour = hour();
    for (figure, hundredths) in [
        (Figure::Calls, 1_000),
        (Figure::Offered, 1_000),
        (Figure::Answered, 600),
        (Figure::Abandoned, 300),
        (Figure::AnswerRate, 6_000),
        (Figure::ServiceLevel, 4_000),
        (Figure::ServiceLevelWithoutShort, 4_444),
        (Figure::AbandonRate, 3_000),
        (Figure::AbandonRateWithoutShort, 2_222),
        (Figure::MeanWait, 2_033),
        (Figure::MeanTalk, 15_833),
        (Figure::HandlingTime, 19_917),
        (Figure::WaitBeforeAbandon, 2_933),
        (Figure::Occupancy, 3_983),
    ] {
        assert_eq!(figure.value(&hour).map(Value::hundredths), Some(hundredths), "{figure:?}");
    }
    assert_eq!(Figure::ServiceLevel.value(&hour).unwrap().text(french()), "40\u{a0}%");
}

#[test]
fn of_nothing_there_are_counts_and_sums_but_no_parts() {
    for figure in Figure::all() {
        let value = figure.value(&Tally::default());
        let is_sum = figure.unit() == Unit::Count || [Figure::Cost, Figure::CostOfWaiting].contains(&figure);
        assert_eq!(value.map(Value::hundredths), is_sum.then_some(0), "{figure:?}");
    }
}

#[test]
fn figures_of_callers_and_of_money_have_their_parts() {
    let mut tally = Tally::default();
    tally.callers.offered = 12;
    tally.callers.within = 5;
    tally.callers.secret = 2;
    tally.callers.back_in_time = 2;
    tally.callers.judged = 4;
    tally.callers.helped = 3;
    tally.calls.cost_micros = 1_000_000;
    tally.calls.outcomes[0] = 4;
    tally.calls.calls = 20;
    tally.calls.answered = 10;
    tally.work.missed = 2;
    tally.work.declined = 1;
    tally.calls.outcomes[1] = 9;
    let hundredths = |figure: Figure| figure.value(&tally).map(Value::hundredths);
    assert_eq!(hundredths(Figure::ServiceLevelWithCallbacks), Some(7_000));
    assert_eq!(hundredths(Figure::FirstCallResolution), Some(7_500));
    assert_eq!(hundredths(Figure::CostPerCall), Some(5));
    assert_eq!(hundredths(Figure::CostPerAnsweredCall), Some(10));
    assert_eq!(hundredths(Figure::Missed), Some(300));
    assert_eq!((hundredths(Figure::Cost), hundredths(Figure::CostPerServedCall)), (Some(100), Some(25)));
}

#[test]
fn the_table_is_in_the_order_of_the_figures_and_ids_are_their_own() {
    assert!(ENTRIES.iter().enumerate().all(|(place, entry)| entry.figure as usize == place));
    let ids: BTreeSet<_> = Figure::all().map(Figure::id).collect();
    assert_eq!(ids.len(), ENTRIES.len());
    assert!(Figure::all().all(|figure| Figure::parse(figure.id()) == Some(figure)));
    assert_eq!(Figure::parse("taux"), None);
}

#[test]
fn a_formula_tells_its_thresholds_in_both_languages() {
    let thresholds = Thresholds::default();
    let formula = |figure: Figure, tongue| figure.formula(&thresholds).to(tongue);
    assert_eq!(formula(Figure::ServiceLevel, Tongue::English), "answered within 20\u{a0}s / offered");
    assert_eq!(formula(Figure::ServiceLevel, french()), "décrochés en 20\u{a0}s au plus / présentés");
    assert!(formula(Figure::FirstCallResolution, french()).contains("7 jours"));
    assert!(formula(Figure::ServiceLevelWithCallbacks, french()).contains("4\u{a0}h"));
    for (ms, text) in
        [(1_500, "1500\u{a0}ms"), (90_000, "90\u{a0}s"), (120_000, "2\u{a0}min"), (86_400_000, "24\u{a0}h")]
    {
        assert_eq!(length(Duration::from_millis(ms)).english(), text);
    }
    for figure in Figure::all() {
        let formula = figure.formula(&thresholds);
        assert_ne!(formula.to(french()), formula.english(), "no French of {figure:?}");
    }
}
