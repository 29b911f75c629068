//! Exact numbers with six decimals: what a flow counts and compares. No rounding error ever reaches a caller's bill.

use std::fmt;

/// Decimals that are kept.
const DECIMALS: usize = 6;
const ONE: i128 = 1_000_000;
/// Larger numbers are references, not quantities: they are read as texts.
const WHOLE_MAX: i128 = 1_000_000_000_000_000_000;

/// A number in millionths. Written down it is the text that `Display` gives, so that no reader of JSON rounds it.
#[derive(
    Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct Decimal(i128);

impl Decimal {
    /// A whole number.
    pub(crate) const fn whole(number: i64) -> Self {
        Self(number as i128 * ONE)
    }

    /// Reads `12`, `-3`, `12.50`, `12,50`; none when it is no such number, has more than six decimals that count, or more
    /// than eighteen figures before them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::exactly(text).filter(|number| number.0.abs() < WHOLE_MAX * ONE)
    }

    /// The same without a bound but that of the type: what was counted may be larger than what can be written in a flow.
    fn exactly(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
        let decimals = match decimals.trim_end_matches('0') {
            "" if decimals.is_empty() => return None,
            decimals => decimals,
        };
        let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !figures(whole) || !figures(decimals) || decimals.len() > DECIMALS {
            return None;
        }
        let whole: i128 = whole.parse().ok()?;
        let millionths: i128 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
        let magnitude = whole.checked_mul(ONE)?.checked_add(millionths)?;
        Some(Self(if negative { -magnitude } else { magnitude }))
    }

    /// Hundredths, rounded half away from zero: cents of an amount in euros.
    pub(crate) const fn hundredths(self) -> i128 {
        let step = ONE / 100;
        let half = if self.0 < 0 { -step / 2 } else { step / 2 };
        (self.0 + half) / step
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for Decimal {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::exactly(&text).ok_or("no number of six decimals")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, millionths) = (self.0.unsigned_abs() / ONE as u128, self.0.unsigned_abs() % ONE as u128);
        if millionths == 0 {
            return write!(f, "{sign}{whole}");
        }
        let decimals = format!("{millionths:06}");
        write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_exactly() {
        for (text, written) in [
            ("0", "0"),
            ("-0", "0"),
            ("12.50", "12.5"),
            ("12,50", "12.5"),
            ("-3.000001", "-3.000001"),
            ("007", "7"),
            ("999999999999999999", "999999999999999999"),
        ] {
            assert_eq!(
                Decimal::parse(text).map(|number| number.to_string()).as_deref(),
                Some(written),
                "{text}"
            );
        }
        for text in ["", "-", ".5", "5.", "1e3", "0.0000001", "1 000", "1000000000000000000", "١"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert!(Decimal::parse("9.99") < Decimal::parse("10"));
    }

    #[test]
    fn numbers_come_back_from_json_exactly() {
        for number in [Decimal::whole(i64::MAX), Decimal::whole(i64::MIN), Decimal(-1), Decimal(12_500_000)] {
            let written = serde_json::to_string(&number).unwrap();
            assert_eq!(serde_json::from_str::<Decimal>(&written).unwrap(), number, "{written}");
        }
        assert!(serde_json::from_str::<Decimal>("\"12e3\"").is_err());
    }

    #[test]
    fn cents_are_rounded_half_away_from_zero() {
        let cents = |text| Decimal::parse(text).map(Decimal::hundredths);
        assert_eq!(
            (cents("12.5"), cents("12.505"), cents("-12.505")),
            (Some(1_250), Some(1_251), Some(-1_251))
        );
        assert_eq!(cents("0.004"), Some(0));
    }
}
