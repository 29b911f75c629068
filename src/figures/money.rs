//! Money, exact: whole millionths of a euro, in integers. What is reckoned is rounded once, when a product of rate and time is
//! brought to whole millionths (half up); cents are rounded when they are shown.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use crate::base::diagnostic::Tongue;

/// An amount that is paid, in millionths of a euro. Sums stop at the largest: 18 billion euros.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Money(u64);

impl Money {
    /// Nothing.
    pub(crate) const ZERO: Self = Self(0);

    /// So many millionths of a euro.
    pub(crate) const fn micros(micros: u64) -> Self {
        Self(micros)
    }

    /// In millionths of a euro.
    pub(crate) const fn as_micros(self) -> u64 {
        self.0
    }

    /// So many times.
    pub(crate) const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// The part `part / whole` of it, half up; none of it when there is no whole.
    pub(crate) fn part(self, part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self::ZERO;
        }
        let (part, whole) = (u128::from(part), u128::from(whole));
        // 2^64 * 2^64 has room in 128 bits, and so has half a divisor beside it unless all is at its end.
        let share = (u128::from(self.0) * part).saturating_add(whole / 2) / whole;
        Self(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// As it is shown: cents, half up. `12,35 €`, `12.35 €`.
    pub(crate) fn text(self, tongue: Tongue) -> String {
        let cents = self.0.saturating_add(5_000) / 10_000;
        let (euros, cents) = (cents / 100, cents % 100);
        match tongue {
            Tongue::English => format!("{euros}.{cents:02}\u{a0}€"),
            Tongue::French(_) => format!("{euros},{cents:02}\u{a0}€"),
        }
    }
}

/// Exact: `0.022000`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::french::tongue as french;

    #[test]
    fn amounts_are_exact_until_they_are_shown() {
        let amount = Money::micros(12_345_000);
        assert_eq!(amount.to_string(), "12.345000");
        assert_eq!(
            (amount.text(french()), amount.text(Tongue::English)),
            ("12,35\u{a0}€".into(), "12.35\u{a0}€".into())
        );
        assert_eq!(Money::micros(4_999).text(french()), "0,00\u{a0}€");
        assert_eq!([1, 2].map(Money::micros).into_iter().sum::<Money>(), Money::micros(3));
        assert_eq!(Money::micros(u64::MAX) + Money::micros(1), Money::micros(u64::MAX));
    }

    #[test]
    fn a_part_is_rounded_half_up_and_never_overflows() {
        assert_eq!(Money::micros(15_000).part(1, 60), Money::micros(250));
        assert_eq!(Money::micros(1).part(1, 2), Money::micros(1));
        assert_eq!(Money::micros(1).part(49, 100), Money::ZERO);
        assert_eq!(Money::micros(7).part(3, 0), Money::ZERO);
        assert_eq!(Money::micros(u64::MAX).part(u64::MAX, u64::MAX), Money::micros(u64::MAX));
        assert_eq!(Money::micros(u64::MAX).part(u64::MAX, 1), Money::micros(u64::MAX));
    }
}
