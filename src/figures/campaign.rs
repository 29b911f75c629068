//! What a campaign brought: the calls to an advert's number, who made them, from where and when, what became of them, what they
//! cost. Two campaigns side by side are two of these.

use std::collections::{BTreeMap, BTreeSet};

use super::contribution;
use super::cost::length_ms;
use super::interval::civil;
use super::money::Money;
use super::origin::Origin;
use super::tally::{Additive, Tally};
use super::thresholds::Aims;
use super::value::{Unit, Value};
use crate::base::name::Name;
use crate::base::time::millis;
use crate::centre::record::CallRecord;

/// Digits of a fixed line that tell its area: `0144`. Indicative, for geographic numbers move.
const AREA_DIGITS: usize = 4;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Campaign {
    /// All that tallies know: calls, outcomes, stays, costs.
    pub(crate) tally: Tally,
    /// From the answer to the end, all calls together.
    pub(crate) length_ms: u64,
    /// Calls by weekday, Monday first, and hour of the site's clock.
    pub(crate) heat: [[u64; 24]; 7],
    /// Calls by kind of line; none: a number that is no line.
    pub(crate) origins: BTreeMap<Option<Origin>, u64>,
    /// Calls from fixed lines of mainland France, by their first two digits: 01 to 05.
    pub(crate) areas: [u64; 5],
    /// The same by their first four.
    pub(crate) districts: BTreeMap<String, u64>,
    /// Calls by the code that an advert told.
    pub(crate) extensions: BTreeMap<Name, u64>,
    /// Talks by agent.
    pub(crate) agents: BTreeMap<Name, u64>,
    /// When each caller called, in milliseconds of UTC.
    callers: BTreeMap<String, Vec<i64>>,
}

impl Campaign {
    /// Of these records, by the clock of a zone.
    pub(crate) fn of<'r>(records: impl IntoIterator<Item = &'r CallRecord>, zone: &str) -> Self {
        let mut campaign = Self::default();
        records.into_iter().for_each(|record| campaign.add(record, zone));
        campaign
    }

    /// One call more.
    pub(crate) fn add(&mut self, record: &CallRecord, zone: &str) {
        for (_, tally) in contribution::of(record, &Aims::default()) {
            self.tally.merge(&tally);
        }
        for agent in &record.agents {
            *self.agents.entry(agent.clone()).or_default() += 1;
        }
        // Calls back are answers to calls that stand here already.
        if record.callback_of.is_some() {
            return;
        }
        self.length_ms = self.length_ms.saturating_add(length_ms(&record.clocks));
        let civil = civil(record.started.wall(), zone);
        let hour = usize::from(civil.time.hour.unsigned_abs()).min(23);
        self.heat[civil.date.weekday() as usize][hour] += 1;
        let origin = record.caller_class.and_then(Origin::of);
        *self.origins.entry(origin).or_default() += 1;
        if let Some(extension) = &record.extension {
            *self.extensions.entry(extension.clone()).or_default() += 1;
        }
        let Some(caller) = &record.caller else { return };
        self.callers.entry(caller.clone()).or_default().push(record.started.epoch_ms());
        if origin == Some(Origin::Fixed) {
            self.locate(caller);
        }
    }

    fn locate(&mut self, caller: &str) {
        let Some(own) = caller.strip_prefix("+33") else { return };
        let area = own.chars().next().and_then(|digit| digit.to_digit(10));
        // 09 is nowhere.
        let Some(place @ 1..=5) = area else { return };
        if let Some(count) = usize::try_from(place).ok().and_then(|place| self.areas.get_mut(place - 1)) {
            *count += 1;
        }
        let district: String = "0".chars().chain(own.chars()).take(AREA_DIGITS).collect();
        *self.districts.entry(district).or_default() += 1;
    }

    /// Callers whose number was told, each once.
    pub(crate) fn callers(&self) -> usize {
        self.callers.len()
    }

    /// Those who had never called before, as far as `known` tells of a number.
    pub(crate) fn new_callers(&self, known: impl Fn(&str) -> bool) -> usize {
        self.callers.keys().filter(|caller| !known(caller)).count()
    }

    /// Calls of somebody who had called within these days before: `Thresholds::again`.
    pub(crate) fn repeats(&self, aims: &Aims) -> usize {
        let again = i64::try_from(millis(aims.usual.again)).unwrap_or(i64::MAX);
        let of_caller = |moments: &Vec<i64>| {
            let sorted: Vec<i64> = BTreeSet::from_iter(moments.iter().copied()).into_iter().collect();
            let apart = sorted.windows(2).filter(|pair| pair[1].saturating_sub(pair[0]) > again).count();
            // Calls of one millisecond are repeats, too.
            moments.len().saturating_sub(apart + 1)
        };
        self.callers.values().map(of_caller).sum()
    }

    /// How long its answered calls last.
    pub(crate) const fn mean_length(&self) -> Option<Value> {
        Value::ratio(Unit::Seconds, self.length_ms, self.tally.calls.answered)
    }

    /// What it cost.
    pub(crate) const fn cost(&self) -> Money {
        Money::micros(self.tally.calls.cost_micros)
    }

    /// For each call that was answered.
    pub(crate) const fn cost_per_answered(&self) -> Option<Value> {
        Value::ratio(Unit::Euros, self.tally.calls.cost_micros, self.tally.calls.answered)
    }

    /// For each caller.
    pub(crate) fn cost_per_caller(&self) -> Option<Value> {
        let callers = u64::try_from(self.callers()).unwrap_or(u64::MAX);
        Value::ratio(Unit::Euros, self.tally.calls.cost_micros, callers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::cost_record::CostRecord;
    use crate::centre::number::{Class, normalise};
    use crate::centre::outcome::Outcome;
    use crate::centre::record::Clocks;
    use crate::figures::sample::{BEGAN, call, later};

    const HOUR_MS: i64 = 3_600_000;

    fn from(number: &str, ms: i64) -> CallRecord {
        let normal = normalise(number);
        CallRecord {
            caller: normal.number,
            caller_class: Some(normal.class),
            started: later(BEGAN, ms),
            clocks: Clocks { ring_ms: 9, flow_ms: 30_000, ..Clocks::default() },
            cost: Some(CostRecord { total_micros: 15_000, ..CostRecord::default() }),
            ..call()
        }
    }

    fn campaign(records: &[CallRecord]) -> Campaign {
        Campaign::of(records, "Europe/Paris")
    }

    #[test]
    fn calls_are_counted_by_caller_hour_and_place() {
        let paris = CallRecord { extension: Some("12".into()), ..from("01 44 12 34 56", 0) };
        let agent = CallRecord { agents: vec!["alice".into()], ..from("05 56 12 34 56", 14 * HOUR_MS) };
        let refused =
            CallRecord { answered: None, status: 486, clocks: Clocks::default(), ..from("+32471234567", 0) };
        let found = campaign(&[
            paris,
            agent,
            refused,
            from("06 12 34 56 78", 0),
            from("09 62 12 34 56", 0),
            from("06 90 12 34 56", 0),
            from("anonymous", 0),
            CallRecord { caller_class: Some(Class::Unknown), ..from("", 0) },
        ]);
        assert_eq!((found.tally.calls.calls, found.callers()), (8, 6));
        assert_eq!((found.heat[1][10], found.heat[2][0]), (7, 1), "Tuesday at ten, Wednesday after midnight");
        assert_eq!(found.areas, [1, 0, 0, 0, 1]);
        assert_eq!(found.districts, [("0144".to_owned(), 1), ("0556".to_owned(), 1)].into());
        let origins = [
            (None, 1),
            (Some(Origin::Fixed), 3),
            (Some(Origin::Mobile), 1),
            (Some(Origin::Overseas), 1),
            (Some(Origin::Abroad), 1),
            (Some(Origin::Secret), 1),
        ];
        assert_eq!(found.origins, origins.into());
        assert_eq!((found.extensions["12"], found.agents["alice"]), (1, 1));
        assert_eq!(found.tally.calls.outcomes[Outcome::Refused as usize], 1);
        assert_eq!(found.new_callers(|number| number.starts_with("+336")), 5);
        assert_eq!(
            found.mean_length().map(Value::hundredths),
            Some(3_000),
            "of the seven that were answered"
        );
    }

    #[test]
    fn money_is_shared_by_calls_and_callers() {
        let records = [from("06 12 34 56 78", 0), from("06 12 34 56 78", 1), from("anonymous", 2)];
        let back = CallRecord { callback_of: Some("01".into()), ..from("06 12 34 56 78", 3) };
        let found = campaign(&[records.as_slice(), &[back]].concat());
        assert_eq!(found.cost(), Money::micros(60_000), "a call back is no call, but costs");
        assert_eq!(found.cost_per_answered().map(Value::hundredths), Some(2));
        assert_eq!(found.cost_per_caller().map(Value::hundredths), Some(6));
        assert_eq!((campaign(&[]).cost_per_answered(), campaign(&[]).mean_length()), (None, None));
    }

    #[test]
    fn who_calls_again_within_a_week_repeats() {
        let day = 24 * HOUR_MS;
        let of = |moments: &[i64]| {
            let records: Vec<_> = moments.iter().map(|ms| from("06 12 34 56 78", *ms)).collect();
            campaign(&records).repeats(&Aims::default())
        };
        assert_eq!(of(&[0]), 0);
        assert_eq!(of(&[7 * day, 0]), 1, "in any order");
        assert_eq!(of(&[0, 7 * day + 1]), 0);
        assert_eq!(of(&[0, 0, day, 20 * day, 21 * day]), 3);
    }
}
