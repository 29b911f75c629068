//! An operator's bill against our records: which calls both have, which only one, and where they do not agree on the price.
//!
//! Neither side has an id of the other. A call is the same when the number is, it began within three seconds, and it lasted as long
//! but for two; of several that fit, the nearest.

use std::collections::BTreeMap;

use super::cost::length_ms;
use super::money::Money;
use crate::base::time::Wall;
use crate::centre::number;
use crate::centre::record::CallRecord;

/// How far two clocks may be apart.
const BEGAN_MS_MAX: u64 = 3_000;
/// How far two lengths may be apart: one rounds up, and one side hangs up first.
const LENGTH_MS_MAX: u64 = 2_000;

/// A call, as one side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The other's number, in normal form where it has one; empty when it is hidden.
    pub(crate) number: String,
    /// When it was answered.
    pub(crate) began: Wall,
    /// How long it lasted.
    pub(crate) ms: u64,
    /// What it costs.
    pub(crate) cost: Money,
}

impl Line {
    /// One of a bill; the number in any form.
    pub(crate) fn billed(number: &str, began: Wall, ms: u64, cost: Money) -> Self {
        Self { number: number::normalise(number).number.unwrap_or_default(), began, ms, cost }
    }
}

/// What both sides say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Calls that both have: places in ours and in theirs.
    pub(crate) matched: Vec<(usize, usize)>,
    /// Only we have them.
    pub(crate) only_ours: Vec<usize>,
    /// Only they have them: what to ask the operator about.
    pub(crate) only_theirs: Vec<usize>,
    /// What they ask more than we reckoned for calls that both have, in millionths of a euro; less: negative.
    pub(crate) difference_micros: i128,
}

/// What a record should be billed by the trunk that brought it and by those of its legs: every call that was answered.
pub(crate) fn lines(record: &CallRecord) -> Vec<Line> {
    let mut lines = Vec::new();
    let cost = record.cost.as_ref().map_or(0, |cost| cost.incoming_micros);
    if let Some(answered) = record.answered
        && record.trunk.is_some()
        && record.callback_of.is_none()
    {
        lines.push(Line {
            number: record.caller.clone().unwrap_or_default(),
            began: answered.wall(),
            ms: length_ms(&record.clocks),
            cost: Money::micros(cost),
        });
    }
    for leg in record.legs.iter().filter(|leg| leg.trunk.is_some()) {
        let Some(ms) = leg.talk_ms else { continue };
        let after_ms = leg.after_ms.saturating_add(leg.ring_ms);
        let began = Wall::from_epoch_ms(record.started.later_ms(after_ms));
        lines.push(Line::billed(leg.to.reveal(), began, ms, Money::micros(leg.cost_micros.unwrap_or(0))));
    }
    lines
}

/// Compares them. Each call of one side is matched with one of the other at the most.
pub(crate) fn compare(ours: &[Line], theirs: &[Line]) -> Comparison {
    let mut by_number: BTreeMap<&str, Vec<(i64, usize)>> = BTreeMap::new();
    for (place, line) in ours.iter().enumerate() {
        by_number.entry(&line.number).or_default().push((line.began.epoch_ms(), place));
    }
    by_number.values_mut().for_each(|calls| calls.sort_unstable());
    let mut pairs: Vec<(u64, u64, usize, usize)> = Vec::new();
    for (their, line) in theirs.iter().enumerate() {
        let calls = by_number.get(line.number.as_str()).map_or(&[][..], Vec::as_slice);
        let reach = i64::try_from(BEGAN_MS_MAX).unwrap_or(i64::MAX);
        let earliest = line.began.epoch_ms().saturating_sub(reach);
        let first = calls.partition_point(|(began, _)| *began < earliest);
        for (began, our) in calls.iter().skip(first) {
            let apart = began.abs_diff(line.began.epoch_ms());
            if apart > BEGAN_MS_MAX {
                break;
            }
            let longer = ours.get(*our).map_or(u64::MAX, |ours| ours.ms.abs_diff(line.ms));
            if longer <= LENGTH_MS_MAX {
                pairs.push((apart, longer, *our, their));
            }
        }
    }
    pairs.sort_unstable();
    matched(&pairs, ours, theirs)
}

/// The nearest pairs first.
fn matched(pairs: &[(u64, u64, usize, usize)], ours: &[Line], theirs: &[Line]) -> Comparison {
    let mut comparison = Comparison::default();
    let (mut our_taken, mut their_taken) = (vec![false; ours.len()], vec![false; theirs.len()]);
    for (.., our, their) in pairs {
        let (Some(our_place), Some(their_place)) = (our_taken.get_mut(*our), their_taken.get_mut(*their))
        else {
            continue;
        };
        if *our_place || *their_place {
            continue;
        }
        (*our_place, *their_place) = (true, true);
        comparison.matched.push((*our, *their));
        let micros = |line: Option<&Line>| line.map_or(0, |line| i128::from(line.cost.as_micros()));
        comparison.difference_micros += micros(theirs.get(*their)) - micros(ours.get(*our));
    }
    let left = |taken: &[bool]| {
        taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(place, _)| place).collect()
    };
    comparison.matched.sort_unstable();
    (comparison.only_ours, comparison.only_theirs) = (left(&our_taken), left(&their_taken));
    comparison
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pii::Pii;
    use crate::centre::cost_record::CostRecord;
    use crate::centre::leg_record::{LegOutcome, LegRecord};
    use crate::centre::record::Clocks;
    use crate::figures::sample::{call, leg};

    fn line(number: &str, began_ms: i64, ms: u64, micros: u64) -> Line {
        Line::billed(number, Wall::from_epoch_ms(began_ms), ms, Money::micros(micros))
    }

    #[test]
    fn calls_match_by_number_moment_and_length() {
        let ours = [line("06 12 34 56 78", 10_000, 60_000, 15_000)];
        for (theirs, is_same) in [
            (line("+33612345678", 10_000, 60_000, 0), true),
            (line("0033612345678", 13_000, 62_000, 0), true),
            (line("0612345678", 7_000, 58_000, 0), true),
            (line("0612345678", 13_001, 60_000, 0), false),
            (line("0612345678", 6_999, 60_000, 0), false),
            (line("0612345678", 10_000, 62_001, 0), false),
            (line("0612345679", 10_000, 60_000, 0), false),
        ] {
            let found = compare(&ours, std::slice::from_ref(&theirs));
            assert_eq!(found.matched.len(), usize::from(is_same), "{theirs:?}");
            assert_eq!((found.only_ours.is_empty(), found.only_theirs.is_empty()), (is_same, is_same));
        }
    }

    #[test]
    fn each_call_is_matched_once_and_the_nearest_first() {
        let ours =
            [line("0612345678", 0, 9_000, 10), line("0612345678", 2_000, 9_000, 20), line("", 0, 5_000, 1)];
        let theirs = [
            line("0612345678", 1_900, 9_000, 25),
            line("0612345678", 2_500, 9_000, 7),
            line("", 500, 5_000, 1),
        ];
        let found = compare(&ours, &theirs);
        assert_eq!(found.matched, [(0, 1), (1, 0), (2, 2)]);
        assert_eq!(found.difference_micros, 5 - 3);
        let twice = compare(&ours[..1], &[theirs[0].clone(), theirs[0].clone()]);
        assert_eq!((twice.matched.len(), twice.only_theirs.len()), (1, 1), "billed twice");
        let nothing = compare(&ours, &[]);
        assert_eq!((nothing.only_ours, nothing.difference_micros), (vec![0, 1, 2], 0));
    }

    #[test]
    fn a_record_should_be_billed_for_each_answered_call_of_an_operator() {
        let forwarded = |talk_ms| LegRecord {
            trunk: Some("operateur".into()),
            to: Pii::new("0698765432".into()),
            cost_micros: Some(9),
            ..leg(LegOutcome::Answered, talk_ms, None)
        };
        let record = CallRecord {
            clocks: Clocks { ring_ms: 1_000, flow_ms: 60_000, ..Clocks::default() },
            legs: vec![forwarded(Some(30_000)), forwarded(None), leg(LegOutcome::Answered, Some(1), None)],
            cost: Some(CostRecord { incoming_micros: 60, total_micros: 69, ..CostRecord::default() }),
            ..call()
        };
        let began = record.started.epoch_ms();
        let expected =
            [line("0612345678", began + 1_000, 60_000, 60), line("0698765432", began + 30_000, 30_000, 9)];
        assert_eq!(lines(&record), expected);
        assert_eq!(lines(&CallRecord { answered: None, legs: Vec::new(), ..record.clone() }), []);
        assert_eq!(
            lines(&CallRecord { trunk: None, legs: Vec::new(), ..record.clone() }),
            [],
            "a phone of ours"
        );
        assert_eq!(lines(&CallRecord { callback_of: Some("00".into()), ..record }).len(), 1, "only the leg");
    }
}
