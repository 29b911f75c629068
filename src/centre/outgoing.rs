//! Where calls and messages may go that we pay for: the one door for every number that is dialled or written to.
//!
//! A number that a caller types or shows, or that a flow names, leaves only when its class is allowed, or it is listed by hand;
//! an emergency number never does. How often, and for how much, is bounded by the hour and the day: who finds a way to make us
//! call cannot make us pay without end. Prices are on the safe side and count for the bounds alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::incoming::Periods;
use super::number::{self, Class, Normalised};
use crate::base::diagnostic::Text;
use crate::base::time::{Duration, Instant};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// What the site allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// Whole classes.
    pub(crate) kinds: BTreeSet<Kind>,
    /// Countries and ranges abroad, in normal form: `+32`.
    pub(crate) prefixes: Vec<String>,
    /// Single numbers, in normal form, whatever their class.
    pub(crate) numbers: BTreeSet<String>,
    /// Calls and messages to one number that a caller has typed or shown.
    pub(crate) per_number: Cap<usize>,
    /// Calls and messages in all.
    pub(crate) in_all: Cap<usize>,
    /// What they may cost, in millionths of a euro.
    pub(crate) micros: Cap<u64>,
}

/// A bound by the hour and by the day.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cap<T> {
    pub(crate) hour: T,
    pub(crate) day: T,
}

impl<T> Cap<T> {
    /// The same, but for what is written.
    pub(crate) fn but(self, written: Periods<T>) -> Self {
        Self { hour: written.hour.unwrap_or(self.hour), day: written.day.unwrap_or(self.day) }
    }
}

impl Default for Outgoing {
    fn default() -> Self {
        Self {
            kinds: [Kind::Fixed, Kind::Mobile, Kind::Overseas].into(),
            prefixes: Vec::new(),
            numbers: BTreeSet::new(),
            per_number: Cap { hour: 6, day: 12 },
            in_all: Cap { hour: 1_000, day: 5_000 },
            micros: Cap { hour: 100_000_000, day: 500_000_000 },
        }
    }
}

/// What can be allowed as a whole.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// 01 to 05, 09.
    Fixed,
    /// 06, 07.
    Mobile,
    /// The overseas parts.
    Overseas,
    /// Numbers that are free to call.
    Free,
    /// 0806 to 0809.
    Shared,
    /// Other countries.
    Foreign,
}

impl Kind {
    /// All, with their words.
    pub(crate) const ALL: [(&'static str, Self); 6] = [
        ("fixed", Self::Fixed),
        ("mobile", Self::Mobile),
        ("overseas", Self::Overseas),
        ("free", Self::Free),
        ("shared", Self::Shared),
        ("foreign", Self::Foreign),
    ];

    fn of(number: &str, class: Class) -> Option<Self> {
        match class {
            Class::Fixed | Class::Voip => Some(Self::Fixed),
            Class::Mobile => Some(Self::Mobile),
            Class::OverseasFixed | Class::OverseasMobile => Some(Self::Overseas),
            Class::Free | Class::Uifn => Some(Self::Free),
            Class::Short => number::is_free(number).then_some(Self::Free),
            Class::Shared => Some(Self::Shared),
            Class::Foreign => Some(Self::Foreign),
            Class::Premium
            | Class::Satellite
            | Class::M2m
            | Class::Emergency
            | Class::Secret
            | Class::Unknown => None,
        }
    }
}

/// Why nothing goes to a number.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Barred {
    /// An emergency number: never.
    Emergency,
    /// Not a number that can be dialled.
    NotANumber,
    /// Its class is not allowed, and it is not listed.
    Class(Class),
    /// One number has been called too often.
    NumberTooOften,
    /// So many calls are not usual.
    TooMany,
    /// They would cost too much.
    TooDear,
}

impl Barred {
    /// What the number is, or what is exhausted.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::Emergency => Text::word("an emergency number"),
            Self::NotANumber => Text::word("no telephone number"),
            Self::Class(class) => match class {
                Class::Premium => Text::word("a premium number"),
                Class::Satellite => Text::word("a satellite or international network"),
                Class::Short => Text::word("a short number that costs"),
                Class::Foreign => Text::word("a number abroad"),
                Class::Free | Class::Uifn => Text::word("a free number"),
                Class::Shared => Text::word("a number of the range 0806 to 0809"),
                Class::M2m => Text::word("a number of a machine"),
                Class::Fixed | Class::Voip => Text::word("a fixed line"),
                Class::Mobile => Text::word("a mobile"),
                Class::OverseasFixed | Class::OverseasMobile => Text::word("a number overseas"),
                Class::Emergency | Class::Secret | Class::Unknown => Text::word("no telephone number"),
            },
            Self::NumberTooOften => Text::word("a number that was called too often"),
            Self::TooMany => Text::word("one call more than `outgoing:` allows"),
            Self::TooDear => Text::word("dearer than `outgoing:` allows"),
        }
    }
}

impl Outgoing {
    /// The normal form of a number that may be called and written to.
    ///
    /// # Errors
    /// What it is that may not.
    pub(crate) fn judge(&self, raw: &str) -> Result<String, Barred> {
        let Normalised { number, class } = number::normalise(raw);
        let number = match (number, class) {
            (_, Class::Emergency) => return Err(Barred::Emergency),
            (Some(number), class) if class != Class::Unknown => number,
            (_, _) => return Err(Barred::NotANumber),
        };
        let ranged = || !matches!(class, Class::Premium | Class::Satellite) && self.is_in_range(&number);
        let allowed = self.numbers.contains(&number)
            || Kind::of(&number, class).is_some_and(|kind| self.kinds.contains(&kind))
            || ranged();
        if allowed { Ok(number) } else { Err(Barred::Class(class)) }
    }

    fn is_in_range(&self, number: &str) -> bool {
        self.prefixes.iter().any(|prefix| number.starts_with(prefix.as_str()))
    }
}

/// What a minute to a number costs at most, in millionths of a euro: for the bounds, not for a bill.
fn micros_a_minute(number: &str) -> u64 {
    match number::normalise(number).class {
        Class::Fixed | Class::Voip => 30_000,
        Class::Free | Class::Uifn => 0,
        Class::Mobile | Class::Shared => 150_000,
        Class::OverseasFixed | Class::OverseasMobile => 400_000,
        Class::Foreign => 1_000_000,
        Class::Premium
        | Class::Short
        | Class::Satellite
        | Class::M2m
        | Class::Emergency
        | Class::Secret
        | Class::Unknown => 3_000_000,
    }
}

/// How a number came to be called.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outlet {
    /// The operator wrote it: into a flow, or as an agent's telephone.
    Written,
    /// A caller typed or showed it, or the company's system said it.
    Data,
}

/// What has left in the last day. Bounded by the caps: what does not fit does not leave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    calls: VecDeque<Instant>,
    /// What they cost, in millionths of a euro: the first minute of each, and the rest of its talk when it has ended.
    costs: VecDeque<(Instant, u64)>,
    /// Of numbers that came as data: when each was called.
    numbers: BTreeMap<String, VecDeque<Instant>>,
    /// The sum of `costs`.
    micros: u64,
}

impl Ledger {
    /// One call or message more, to a number in normal form that is allowed. Its first minute is booked.
    ///
    /// # Errors
    /// Which bound it would break; nothing is booked then.
    pub(crate) fn book(
        &mut self,
        now: Instant,
        rules: &Outgoing,
        number: &str,
        origin: Outlet,
    ) -> Result<(), Barred> {
        self.forget(now);
        let price = micros_a_minute(number);
        let in_hour = |at: &Instant| now.since(*at) < HOUR;
        let calls = self.calls.iter().rev().take_while(|at| in_hour(at)).count();
        let micros: u64 =
            self.costs.iter().rev().take_while(|(at, _)| in_hour(at)).map(|(_, micros)| micros).sum();
        if calls >= rules.in_all.hour || self.calls.len() >= rules.in_all.day {
            return Err(Barred::TooMany);
        }
        if micros + price > rules.micros.hour || self.micros + price > rules.micros.day {
            return Err(Barred::TooDear);
        }
        if origin == Outlet::Data {
            let calls = self.numbers.entry(number.to_owned()).or_default();
            let of_hour = calls.iter().rev().take_while(|at| in_hour(at)).count();
            if of_hour >= rules.per_number.hour || calls.len() >= rules.per_number.day {
                return Err(Barred::NumberTooOften);
            }
            calls.push_back(now);
        }
        self.calls.push_back(now);
        self.spend(now, price);
        Ok(())
    }

    /// A talk has ended: what it cost beyond its first minute.
    pub(crate) fn talked(&mut self, now: Instant, number: &str, talk: Duration) {
        let minutes = talk.as_secs().div_ceil(60).saturating_sub(1);
        self.spend(now, micros_a_minute(number).saturating_mul(minutes));
    }

    fn spend(&mut self, at: Instant, micros: u64) {
        if micros > 0 {
            self.costs.push_back((at, micros));
            self.micros += micros;
        }
    }

    fn forget(&mut self, now: Instant) {
        while self.calls.front().is_some_and(|at| now.since(*at) >= DAY) {
            self.calls.pop_front();
        }
        while let Some((_, micros)) = self.costs.pop_front_if(|(at, _)| now.since(*at) >= DAY) {
            self.micros -= micros;
        }
        self.numbers.retain(|_, calls| {
            while calls.front().is_some_and(|at| now.since(*at) >= DAY) {
                calls.pop_front();
            }
            !calls.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn what_costs_or_saves_lives_does_not_leave_by_default() {
        let rules = Outgoing::default();
        for raw in
            ["01 23 45 67 89", "0912345678", "06 12 34 56 78", "+33712345678", "0692123456", "0590123456"]
        {
            assert!(rules.judge(raw).is_ok(), "{raw}");
        }
        for raw in ["15", "112", "17", "18", "114", "115", "119", "+33112", "0033 112", "191"] {
            assert_eq!(rules.judge(raw), Err(Barred::Emergency), "{raw}");
        }
        let classes = [
            ("0899123456", Class::Premium),
            ("+33 8 99 12 34 56", Class::Premium),
            ("0033 899 12 34 56", Class::Premium),
            ("0820123456", Class::Premium),
            ("+97912345678", Class::Premium),
            ("+8816123456789", Class::Satellite),
            ("00870 773 123456", Class::Satellite),
            ("+88213123456", Class::Satellite),
            ("118218", Class::Short),
            ("3949", Class::Short),
            ("3018", Class::Short),
            ("0800123456", Class::Free),
            ("0806123456", Class::Shared),
            ("+32471234567", Class::Foreign),
            ("07000123456789", Class::M2m),
        ];
        for (raw, class) in classes {
            assert_eq!(rules.judge(raw), Err(Barred::Class(class)), "{raw}");
        }
        for raw in ["", "anonymous", "12345", "jean", "08 99"] {
            assert_eq!(rules.judge(raw), Err(Barred::NotANumber), "{raw}");
        }
    }

    #[test]
    fn the_site_allows_kinds_countries_and_single_numbers() {
        let rules = Outgoing {
            kinds: [Kind::Free].into(),
            prefixes: vec!["+32".to_owned(), "+33".to_owned(), "+881".to_owned()],
            numbers: ["+33899123456".to_owned(), "118218".to_owned(), "112".to_owned()].into(),
            ..Outgoing::default()
        };
        for raw in ["0800123456", "3018", "+32471234567", "0899 12 34 56", "118218"] {
            assert!(rules.judge(raw).is_ok(), "{raw}");
        }
        // Not by a range, not by hand: what must be listed one by one, and what never leaves.
        for raw in ["0899123457", "+8816123456789", "112", "+41791234567"] {
            assert!(rules.judge(raw).is_err(), "{raw}");
        }
        assert!(Outgoing { kinds: [Kind::Foreign].into(), ..rules }.judge("+41791234567").is_ok());
    }

    #[test]
    fn one_number_is_not_called_for_ever_and_all_not_without_end() {
        let rules = Outgoing {
            per_number: Cap { hour: 2, day: 3 },
            in_all: Cap { hour: 5, day: 100 },
            ..Outgoing::default()
        };
        let (mobile, hour_ms) = ("+33612345678", 3_600_000);
        let mut ledger = Ledger::default();
        let mut call = |ms: u64, number: &str, origin| ledger.book(at(ms), &rules, number, origin);
        assert_eq!(call(0, mobile, Outlet::Data), Ok(()));
        assert_eq!(call(1, mobile, Outlet::Data), Ok(()));
        assert_eq!(call(2, mobile, Outlet::Data), Err(Barred::NumberTooOften));
        // What the operator wrote is rung as often as it takes, within the bound of all.
        assert_eq!(call(3, mobile, Outlet::Written), Ok(()));
        assert_eq!(call(4, "+33123456789", Outlet::Written), Ok(()));
        assert_eq!(call(5, "+33123456789", Outlet::Written), Ok(()));
        assert_eq!(call(6, "+33123456780", Outlet::Written), Err(Barred::TooMany));
        assert_eq!(call(hour_ms + 1, mobile, Outlet::Data), Ok(()));
        assert_eq!(call(3 * hour_ms, mobile, Outlet::Data), Err(Barred::NumberTooOften));
        assert_eq!(call(25 * hour_ms + 2, mobile, Outlet::Data), Ok(()));
    }

    #[test]
    fn what_is_talked_counts_against_the_euros() {
        let rules = Outgoing { micros: Cap { hour: 1_000_000, day: 1_200_000 }, ..Outgoing::default() };
        let mobile = "+33612345678";
        let mut ledger = Ledger::default();
        assert_eq!(ledger.book(at(0), &rules, mobile, Outlet::Written), Ok(()));
        // Five minutes and a second are six begun, of 0.15 EUR.
        ledger.talked(at(301_000), mobile, Duration::from_secs(301));
        assert_eq!(ledger.book(at(302_000), &rules, mobile, Outlet::Written), Err(Barred::TooDear));
        assert_eq!(ledger.book(at(302_000), &rules, "+33123456789", Outlet::Written), Ok(()));
        // An hour later the day's bound is left.
        assert_eq!(ledger.book(at(3_900_000), &rules, mobile, Outlet::Written), Ok(()));
        assert_eq!(ledger.book(at(3_900_000), &rules, mobile, Outlet::Written), Err(Barred::TooDear));
        assert_eq!(ledger.book(at(90_400_000), &rules, mobile, Outlet::Written), Ok(()));
    }
}
