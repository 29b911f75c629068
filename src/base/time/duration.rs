//! Durations as people write them, in English and French: one grammar for sites, flows, scenarios, orders and options.
//!
//! Numbers with units, the greatest first: `1m30s`, `90m`, `30d`, `5 minutes`, `2 heures`, `1 h 30`. A number without a unit
//! at the end of hours are minutes, at the end of minutes seconds. A number alone is none: nobody knows what it counts.

use std::time::Duration;

use crate::base::limit::DURATION_MAX;

/// The grammar as a pattern of JSON Schema, for editors. It lets an empty text pass: a pattern that wants a digit stands
/// beside it.
pub(crate) const DURATION_PATTERN: &str = "^\\s*([0-9]{1,9}\\s*(d|days?|j|jours?)\\s*)?\
    ([0-9]{1,9}\\s*(h|hours?|heures?)\\s*([0-5]?[0-9]\\s*$)?)?\
    ([0-9]{1,9}\\s*(m|mn|mins?|minutes?)\\s*([0-5]?[0-9]\\s*$)?)?\
    ([0-9]{1,9}\\s*(s|secs?|seconds?|secondes?)\\s*)?([0-9]{1,9}\\s*ms\\s*)?$";

/// Figures of one number.
const FIGURES_MAX: usize = 9;

/// A unit, the greatest first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

impl Unit {
    fn of(word: &str) -> Option<Self> {
        match word {
            "d" | "day" | "days" | "j" | "jour" | "jours" => Some(Self::Day),
            "h" | "hour" | "hours" | "heure" | "heures" => Some(Self::Hour),
            "m" | "mn" | "min" | "mins" | "minute" | "minutes" => Some(Self::Minute),
            "s" | "sec" | "secs" | "second" | "seconds" | "seconde" | "secondes" => Some(Self::Second),
            "ms" => Some(Self::Millisecond),
            _ => None,
        }
    }

    /// What a number without a unit counts behind this one, when it is less than sixty.
    const fn below(self) -> Option<Self> {
        match self {
            Self::Hour => Some(Self::Minute),
            Self::Minute => Some(Self::Second),
            Self::Day | Self::Second | Self::Millisecond => None,
        }
    }

    const fn millis(self) -> u64 {
        match self {
            Self::Day => 86_400_000,
            Self::Hour => 3_600_000,
            Self::Minute => 60_000,
            Self::Second => 1_000,
            Self::Millisecond => 1,
        }
    }
}

/// Reads a duration; none when it is not one, or longer than [`DURATION_MAX`].
pub(crate) fn read_duration(text: &str) -> Option<Duration> {
    let (mut rest, mut last, mut millis) = (text.trim(), None, 0);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, behind) = split(rest, |c| c.is_ascii_digit());
        let (word, behind) = split(behind.trim_start(), char::is_alphabetic);
        let count: u64 = number.parse().ok().filter(|_| number.len() <= FIGURES_MAX)?;
        let unit = match (word, last) {
            ("", Some(above)) if behind.is_empty() && number.len() <= 2 && count < 60 => Unit::below(above)?,
            (word, _) => Unit::of(word)?,
        };
        if last.is_some_and(|above| unit <= above) {
            return None;
        }
        millis += count * unit.millis();
        (last, rest) = (Some(unit), behind.trim_start());
    }
    Some(Duration::from_millis(millis)).filter(|read| *read <= DURATION_MAX)
}

/// The beginning of a text whose letters are all such, and the rest.
fn split(text: &str, such: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !such(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is a duration, with its milliseconds, and what is none; `tests/schema` shows the same list to the schema.
    const TEXTS: &str = include_str!("../../../tests/data/durations.json");

    #[test]
    fn people_write_durations_in_many_ways() {
        let texts: Vec<(String, Option<u64>)> = serde_json::from_str(TEXTS).unwrap();
        assert!(texts.len() > 60, "{}", texts.len());
        for (text, millis) in texts {
            assert_eq!(read_duration(&text), millis.map(Duration::from_millis), "{text}");
        }
    }

    #[test]
    fn a_duration_has_a_bound() {
        assert_eq!(read_duration("3660d"), Some(DURATION_MAX));
        assert_eq!((read_duration("3660d 1ms"), read_duration("999999999d 999999999h")), (None, None));
    }
}
