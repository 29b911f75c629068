//! From when to when: days of the site's clock, as people name them.

use crate::base::diagnostic::Text;
use crate::base::time::{Date, Duration, Wall, read_duration};
use crate::cli::calls::named_day;
use crate::say;

/// A day.
const DAY: Duration = Duration::from_secs(86_400);
/// Days of a period at the most: ten years.
const DAYS_MAX: u64 = 3_660;

/// Whole days, the last of them included.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Period {
    /// Of what was asked; the seven days until today when nothing was.
    pub(super) fn read(since: Option<&str>, until: Option<&str>, today: Date) -> Result<Self, Text> {
        let day = |text: &str| day(text, today).ok_or_else(|| not_a_day(text));
        let last = until.map(day).transpose()?.unwrap_or(today);
        let first = since.map(day).transpose()?.unwrap_or_else(|| last.plus_days(-6));
        if first > last {
            return Err(say!("{} is after {}", first, last));
        }
        Ok(Self { first, last })
    }

    /// As many days, just before.
    pub(super) fn before(self) -> Self {
        let mut days = 1;
        while self.first.plus_days(days) <= self.last {
            days += 1;
        }
        Self { first: self.first.plus_days(-days), last: self.first.plus_days(-1) }
    }

    /// From its first moment to its end.
    pub(super) fn moments(self, zone: &str) -> (Wall, Wall) {
        (self.first.begins(zone), self.last.plus_days(1).begins(zone))
    }
}

fn not_a_day(text: &str) -> Text {
    say!("`{}` is no day; write 2026-11-24, 24/11/2026, 7d, today or yesterday", text)
}

/// `2026-11-24`, `24/11/2026`, `7d` (that many days, today included), `today`, `yesterday`, `week`, `month`.
fn day(text: &str, today: Date) -> Option<Date> {
    if let Some(day) = named_day(text, today) {
        return Some(day);
    }
    let word = text.trim().to_lowercase();
    match word.as_str() {
        "week" | "semaine" => return Some(today.plus_days(-(today.weekday() as i32))),
        "month" | "mois" => return Some(today.first_of_month()),
        _ => {}
    }
    if let Some(length) = read_duration(&word) {
        let days = length.as_secs().div_ceil(DAY.as_secs()).clamp(1, DAYS_MAX);
        return Some(today.plus_days(1 - i32::try_from(days).ok()?));
    }
    // Noon of that day in a zone whose days are those of the calendar.
    let local = Wall::parse_local(text, "UTC").ok()?;
    local.wall.civil("UTC").map(|civil| civil.date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn days_are_named_in_many_ways() {
        // A Tuesday.
        let today = date("2026-11-24");
        for (text, expected) in [
            ("today", "2026-11-24"),
            ("Aujourd’hui", "2026-11-24"),
            ("hier", "2026-11-23"),
            ("7d", "2026-11-18"),
            ("7 jours", "2026-11-18"),
            ("24h", "2026-11-24"),
            ("semaine", "2026-11-23"),
            ("month", "2026-11-01"),
            ("2026-01-31", "2026-01-31"),
            ("31/01/2026", "2026-01-31"),
        ] {
            assert_eq!(day(text, today), Some(date(expected)), "{text}");
        }
        assert_eq!((day("7", today), day("2026-02-30", today), day("demain", today)), (None, None, None));
    }

    #[test]
    fn a_period_has_its_last_day_and_another_before_it() {
        let today = date("2026-11-24");
        let read = |since, until| Period::read(since, until, today);
        let week = read(None, None).unwrap();
        assert_eq!((week.first, week.last), (date("2026-11-18"), today));
        assert_eq!(week.before(), Period { first: date("2026-11-11"), last: date("2026-11-17") });
        let october = read(Some("2026-10-01"), Some("2026-10-31")).unwrap();
        assert_eq!(october.before(), Period { first: date("2026-08-31"), last: date("2026-09-30") });
        let (from, until) = october.moments("Europe/Paris");
        let hours = (until.epoch_ms() - from.epoch_ms()) / 3_600_000;
        assert_eq!(hours, 31 * 24 + 1, "the clock goes back");
        assert!(read(Some("today"), Some("yesterday")).is_err() && read(Some("soon"), None).is_err());
    }
}
