//! What an operator charges: for calls that come in by the kind of line that calls, for calls that go out by number, for text
//! messages, for the number itself.
//!
//! The model is that of carriers' price lists: a fee, a rate a minute, a first interval and steps after it.

use std::collections::BTreeMap;

use super::money::Money;
use super::origin::Origin;
use crate::base::time::{Date, Duration};
use crate::centre::number::Class;

const MINUTE_MS: u64 = 60_000;

/// What an operator charges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tariff {
    /// Once.
    pub(crate) setup: Money,
    /// Each month.
    pub(crate) monthly: Money,
    /// Calls that come in.
    pub(crate) from: BTreeMap<Origin, Rate>,
    /// Calls that go out.
    pub(crate) to: BTreeMap<Target, Rate>,
    /// A text message of one part.
    pub(crate) sms: Option<Money>,
}

/// Whom a call goes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// Numbers in normal form that begin so: `+336`.
    Prefix(String),
    /// A kind of lines.
    Kind(Origin),
}

/// The price of calls.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Each call that is answered.
    pub(crate) per_call: Money,
    /// Each minute.
    pub(crate) per_minute: Money,
    /// Billed at least this long.
    pub(crate) first: Duration,
    /// Then in steps of this; none at all: to the millisecond.
    pub(crate) step: Duration,
}

impl Default for Rate {
    fn default() -> Self {
        let second = Duration::from_secs(1);
        Self { per_call: Money::ZERO, per_minute: Money::ZERO, first: second, step: second }
    }
}

/// What one call is billed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Billed {
    /// The price.
    pub(crate) price: Money,
    /// How much of it is for the time.
    pub(crate) of_time: Money,
    /// The time that is billed.
    pub(crate) ms: u64,
    /// The line or the number has no rate of its own: the dearest was taken, or there is none.
    pub(crate) unsure: bool,
}

impl Rate {
    /// What an answered call of this length is billed: the first interval, then every step that was begun.
    pub(crate) fn bill(&self, ms: u64) -> Billed {
        let whole = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let (first, step) = (whole(self.first), whole(self.step).max(1));
        let billed = first.saturating_add(ms.saturating_sub(first).div_ceil(step).saturating_mul(step));
        let of_time = self.per_minute.part(billed, MINUTE_MS);
        Billed { price: self.per_call + of_time, of_time, ms: billed, unsure: false }
    }
}

impl Tariff {
    /// A call that came in and was answered.
    pub(crate) fn incoming(&self, class: Class, ms: u64) -> Billed {
        let rate = Origin::of(class).and_then(|origin| self.from.get(&origin));
        rate.map_or_else(|| dearest(self.from.values(), ms), |rate| rate.bill(ms))
    }

    /// A call that went out to a number in normal form and was answered: the longest prefix, or its kind.
    pub(crate) fn outgoing(&self, number: &str, class: Class, ms: u64) -> Billed {
        let longest = (1..=number.len()).rev().filter_map(|length| number.get(..length));
        let by_prefix = longest.filter_map(|prefix| self.to.get(&Target::Prefix(prefix.to_owned()))).next();
        let by_kind = || Origin::of(class).and_then(|kind| self.to.get(&Target::Kind(kind)));
        let rate = by_prefix.or_else(by_kind);
        rate.map_or_else(|| dearest(self.to.values(), ms), |rate| rate.bill(ms))
    }

    /// The monthly fee of the days from one to another, both of them: each month by its own days. Spans that follow each other
    /// add up to the millionth.
    pub(crate) fn standing(&self, from: Date, until: Date) -> Money {
        let mut sum = Money::ZERO;
        let mut first = from;
        while first <= until {
            let month = u64::from(first.days_in_month().unsigned_abs());
            let last = first.first_of_month().plus_days(i32::from(first.days_in_month()) - 1);
            let until_day = u64::from(last.min(until).day.unsigned_abs());
            let before = u64::from(first.day.unsigned_abs()) - 1;
            let up_to = |days| self.monthly.part(days, month).as_micros();
            sum += Money::micros(up_to(until_day).saturating_sub(up_to(before)));
            let next = last.plus_days(1);
            if next <= first {
                break;
            }
            first = next;
        }
        sum
    }
}

/// The dearest of some rates for a call of this length; nothing when there is none, which is not sure either.
fn dearest<'r>(rates: impl Iterator<Item = &'r Rate>, ms: u64) -> Billed {
    let dearest = rates.map(|rate| rate.bill(ms)).max_by_key(|billed| billed.price);
    Billed { unsure: true, ..dearest.unwrap_or_default() }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The fixtures of `domain.md` §6, of no operator: A by the second, B 30/6, C by begun minutes.
    pub(crate) fn fixture(name: char) -> Tariff {
        let (setup, monthly, fixed, mobile, fee, first, step) = match name {
            'A' => (0, 10, 15_000, 60_000, 0, 1, 1),
            'B' => (50, 25, 20_000, 70_000, 10_000, 30, 6),
            _ => (99, 39, 80_000, 80_000, 0, 60, 60),
        };
        let rate = |per_minute| Rate {
            per_call: Money::micros(fee),
            per_minute: Money::micros(per_minute),
            first: Duration::from_secs(first),
            step: Duration::from_secs(step),
        };
        Tariff {
            setup: Money::micros(setup * 1_000_000),
            monthly: Money::micros(monthly * 1_000_000),
            from: [(Origin::Fixed, rate(fixed)), (Origin::Mobile, rate(mobile))].into(),
            ..Tariff::default()
        }
    }

    #[test]
    fn the_vectors_are_met_to_the_millionth() {
        for (name, class, seconds, billed, price) in [
            ('A', Class::Fixed, 1, 1, "0.000250"),
            ('A', Class::Fixed, 61, 61, "0.015250"),
            ('A', Class::Fixed, 3_600, 3_600, "0.900000"),
            ('A', Class::Mobile, 95, 95, "0.095000"),
            ('B', Class::Fixed, 1, 30, "0.020000"),
            ('B', Class::Fixed, 31, 36, "0.022000"),
            ('B', Class::Fixed, 61, 66, "0.032000"),
            ('B', Class::Fixed, 95, 96, "0.042000"),
            ('B', Class::Mobile, 37, 42, "0.059000"),
            ('B', Class::Mobile, 60, 60, "0.080000"),
            ('C', Class::Fixed, 59, 60, "0.080000"),
            ('C', Class::Mobile, 61, 120, "0.160000"),
        ] {
            let bill = fixture(name).incoming(class, seconds * 1_000);
            assert_eq!(
                (bill.ms, bill.price.to_string().as_str()),
                (billed * 1_000, price),
                "{name} {seconds}"
            );
            assert!(!bill.unsure);
        }
    }

    #[test]
    fn what_begins_is_billed_and_remainders_are_rounded_half_up() {
        let tariff = fixture('A');
        assert_eq!(tariff.incoming(Class::Fixed, 1_001).ms, 2_000);
        assert_eq!(tariff.incoming(Class::Fixed, 0).ms, 1_000, "answered is answered");
        let rate = |per_minute, step| Rate {
            per_minute: Money::micros(per_minute),
            first: Duration::ZERO,
            step,
            ..Rate::default()
        };
        let second = Duration::from_secs(1);
        assert_eq!(rate(90, second).bill(1_000).price, Money::micros(2), "1.5");
        assert_eq!(rate(89, second).bill(1_000).price, Money::micros(1), "1.48");
        assert_eq!(rate(60, Duration::ZERO).bill(1_500).ms, 1_500, "no step, no loop");
        assert_eq!(rate(60, second).bill(0).price, Money::ZERO);
        assert_eq!(rate(u64::MAX, second).bill(u64::MAX).price, Money::micros(u64::MAX));
    }

    #[test]
    fn who_has_no_rate_pays_the_dearest_and_that_is_told() {
        let mut tariff = fixture('A');
        for class in [Class::Secret, Class::Unknown, Class::OverseasMobile, Class::Foreign] {
            let bill = tariff.incoming(class, 60_000);
            assert_eq!((bill.price, bill.unsure), (Money::micros(60_000), true), "{class:?}");
        }
        let rate = Rate { per_minute: Money::micros(30_000), ..Rate::default() };
        tariff.from.insert(Origin::Secret, rate);
        assert_eq!(
            tariff.incoming(Class::Secret, 60_000),
            rate.bill(60_000),
            "the operator says what they cost"
        );
        let fee = Rate { per_call: Money::micros(50_000), ..Rate::default() };
        tariff.from.insert(Origin::Abroad, fee);
        assert_eq!(
            tariff.incoming(Class::Unknown, 1_000).price,
            Money::micros(50_000),
            "dearest for this length"
        );
        assert_eq!(tariff.incoming(Class::Unknown, 600_000).price, Money::micros(600_000));
        assert_eq!(Tariff::default().incoming(Class::Fixed, 1), Billed { unsure: true, ..Billed::default() });
    }

    #[test]
    fn a_call_out_pays_by_the_longest_prefix_then_by_its_kind() {
        let rate = |per_minute| Rate { per_minute: Money::micros(per_minute), ..Rate::default() };
        let prefix = |prefix: &str| Target::Prefix(prefix.to_owned());
        let tariff = Tariff {
            to: [
                (prefix("+336"), rate(50)),
                (prefix("+33612"), rate(40)),
                (prefix("+32"), rate(70)),
                (Target::Kind(Origin::Mobile), rate(60)),
                (Target::Kind(Origin::Fixed), rate(10)),
            ]
            .into(),
            ..Tariff::default()
        };
        for (number, class, price, unsure) in [
            ("+33612345678", Class::Mobile, 40, false),
            ("+33699999999", Class::Mobile, 50, false),
            ("+33712345678", Class::Mobile, 60, false),
            ("+33123456789", Class::Fixed, 10, false),
            ("+32471234567", Class::Foreign, 70, false),
            ("+4915112345678", Class::Foreign, 70, true),
            ("é", Class::Unknown, 70, true),
        ] {
            let bill = tariff.outgoing(number, class, 60_000);
            assert_eq!((bill.price, bill.unsure), (Money::micros(price), unsure), "{number}");
        }
    }

    #[test]
    fn the_monthly_fee_goes_by_days_and_its_parts_add_up() {
        let date = |text: &str| Date::parse(text).unwrap();
        let tariff = fixture('A');
        let standing = |from: &str, until: &str| tariff.standing(date(from), date(until));
        assert_eq!(standing("2026-11-01", "2026-11-30"), tariff.monthly);
        assert_eq!(standing("2026-11-01", "2026-11-03"), Money::micros(1_000_000));
        assert_eq!(standing("2026-02-28", "2026-02-28").to_string(), "0.357143");
        assert_eq!(standing("2026-11-16", "2027-01-31").to_string(), "25.000000");
        assert_eq!(standing("2026-11-03", "2026-11-02"), Money::ZERO);
        let days = (0..31).map(|day| date("2026-10-01").plus_days(day));
        assert_eq!(days.map(|day| tariff.standing(day, day)).sum::<Money>(), tariff.monthly);
        assert!(standing("2026-01-01", "9999-12-31") > tariff.monthly, "the calendar ends");
    }
}
