//! The value of a figure: a fraction of whole numbers in a unit, rounded only when it is shown.

use crate::base::diagnostic::Tongue;

/// What a figure counts.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A number of things.
    Count,
    /// A part of a hundred.
    Percent,
    /// A length of time.
    Seconds,
    /// Money.
    Euros,
}

impl Unit {
    /// By what machines know it.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Seconds => "seconds",
            Self::Euros => "euros",
        }
    }
}

/// A value: `over / under` things, parts of a whole, milliseconds or millionths of a euro.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// Its unit.
    pub(crate) unit: Unit,
    over: u64,
    under: u64,
}

impl Value {
    /// So many things.
    pub(crate) const fn count(count: u64) -> Self {
        Self { unit: Unit::Count, over: count, under: 1 }
    }

    /// A fraction; none of nothing: it is shown as "—", never as 0 or 100.
    pub(crate) const fn ratio(unit: Unit, over: u64, under: u64) -> Option<Self> {
        if under == 0 { None } else { Some(Self { unit, over, under }) }
    }

    /// In hundredths of its unit, half up: 44.44 % are 4,444, 20.33 s are 2,033.
    pub(crate) fn hundredths(self) -> u64 {
        let (over, under) = (u128::from(self.over), u128::from(self.under));
        let (times, parts) = match self.unit {
            Unit::Count => (100, 1),
            Unit::Percent => (10_000, 1),
            Unit::Seconds => (1, 10),
            Unit::Euros => (1, 10_000),
        };
        let (over, under) = (over * times, (under * parts).max(1));
        u64::try_from((over + under / 2) / under).unwrap_or(u64::MAX)
    }

    /// As tables of other programs read it: `44,44`, with the sign that stands before decimals; a count has none.
    pub(crate) fn plain(self, point: char) -> String {
        let hundredths = self.hundredths();
        match self.unit {
            Unit::Count => (hundredths / 100).to_string(),
            Unit::Percent | Unit::Seconds | Unit::Euros => {
                format!("{}{point}{:02}", hundredths / 100, hundredths % 100)
            }
        }
    }

    /// As it is shown: `44,4 %`, `20,3 s`, `12,35 €`; a decimal that is 0 falls away, but for money.
    pub(crate) fn text(self, tongue: Tongue) -> String {
        let (hundredths, point) = (self.hundredths(), if tongue == Tongue::English { "." } else { "," });
        let space = if tongue == Tongue::English && self.unit == Unit::Percent { "" } else { "\u{a0}" };
        let tenths = hundredths.saturating_add(5) / 10;
        let number = match (self.unit, tenths % 10) {
            (Unit::Euros, _) => format!("{}{point}{:02}", hundredths / 100, hundredths % 100),
            (_, 0) => (tenths / 10).to_string(),
            (_, tenth) => format!("{}{point}{tenth}", tenths / 10),
        };
        let unit = match self.unit {
            Unit::Count => return number,
            Unit::Percent => "%",
            Unit::Seconds => "s",
            Unit::Euros => "€",
        };
        format!("{number}{space}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::french::tongue as french;

    #[test]
    fn a_fraction_is_rounded_when_it_is_shown() {
        for (unit, over, under, hundredths, fr, en) in [
            (Unit::Percent, 4, 9, 4_444, "44,4\u{a0}%", "44.4%"),
            (Unit::Percent, 6, 10, 6_000, "60\u{a0}%", "60%"),
            (Unit::Percent, 9_996, 10_000, 9_996, "100\u{a0}%", "100%"),
            (Unit::Seconds, 122_000, 6, 2_033, "20,3\u{a0}s", "20.3\u{a0}s"),
            (Unit::Euros, 12_345_000, 1, 1_235, "12,35\u{a0}€", "12.35\u{a0}€"),
            (Unit::Euros, 12_300_000, 1, 1_230, "12,30\u{a0}€", "12.30\u{a0}€"),
            (Unit::Percent, u64::MAX, u64::MAX, 10_000, "100\u{a0}%", "100%"),
        ] {
            let value = Value::ratio(unit, over, under).unwrap();
            assert_eq!(value.hundredths(), hundredths, "{value:?}");
            assert_eq!((value.text(french()).as_str(), value.text(Tongue::English).as_str()), (fr, en));
        }
        assert_eq!(Value::count(7).text(french()), "7");
    }

    #[test]
    fn a_part_of_nothing_is_no_value() {
        assert_eq!(Value::ratio(Unit::Percent, 0, 0), None);
        assert_eq!(Value::ratio(Unit::Percent, 0, 1).unwrap().hundredths(), 0);
    }
}
