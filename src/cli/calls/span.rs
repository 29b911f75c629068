//! From when to when, as one types it: a day, a moment, or how long ago.

use crate::base::diagnostic::Text;
use crate::base::time::{Date, Twist, Wall, read_duration};
use crate::centre::number::normalise;
use crate::say;

/// The beginning of what is meant, in milliseconds since 1970.
///
/// # Errors
/// It is neither a day nor a moment nor a duration.
pub(super) fn since(text: &str, zone: &str, now: Wall) -> Result<i64, Text> {
    Ok(match point(text, zone, now)? {
        Point::Day(date) => date.begins(zone).epoch_ms(),
        Point::Moment(wall) => wall.epoch_ms(),
    })
}

/// The end of what is meant: a day counts whole, however many hours it has.
///
/// # Errors
/// As [`since`].
pub(super) fn until(text: &str, zone: &str, now: Wall) -> Result<i64, Text> {
    Ok(match point(text, zone, now)? {
        Point::Day(date) => date.plus_days(1).begins(zone).epoch_ms(),
        Point::Moment(wall) => wall.epoch_ms(),
    })
}

/// What was typed.
enum Point {
    Day(Date),
    Moment(Wall),
}

fn point(text: &str, zone: &str, now: Wall) -> Result<Point, Text> {
    if let Some(day) = named_day(text, date(now, zone)) {
        return Ok(Point::Day(day));
    }
    if ["now", "maintenant"].contains(&&*text.trim().to_lowercase()) {
        return Ok(Point::Moment(now));
    }
    if let Some(ago) = read_duration(text) {
        return Ok(Point::Moment(now - ago));
    }
    match Wall::parse_local(text, zone) {
        Ok(local) if local.twist == Some(Twist::Noon) => Ok(Point::Day(date(local.wall, zone))),
        Ok(local) => Ok(Point::Moment(local.wall)),
        Err(error) => Err(say!(
            "`{}`: {}; or a day (`2026-11-24`, `today`, `yesterday`), or how long ago (`2h`, `7d`)",
            text,
            error.text()
        )),
    }
}

/// The day of a moment, by the clock of a zone.
pub(in crate::cli) fn date(wall: Wall, zone: &str) -> Date {
    wall.civil(zone).map(|civil| civil.date).unwrap_or_default()
}

/// `today`, `yesterday`, in both languages; none: it is another word.
pub(in crate::cli) fn named_day(text: &str, today: Date) -> Option<Date> {
    match &*text.trim().to_lowercase().replace('’', "'") {
        "today" | "aujourd'hui" | "aujourdhui" => Some(today),
        "yesterday" | "hier" => Some(today.plus_days(-1)),
        _ => None,
    }
}

/// A number as one types it, in the form of records; what is no number, a telephone of the house perhaps, stays as it is.
pub(in crate::cli) fn number(text: &str) -> String {
    normalise(text).number.unwrap_or_else(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARIS: &str = "Europe/Paris";

    /// 24 November 2026, 10 h in Paris.
    fn now() -> Wall {
        Wall::from_epoch_ms(1_795_510_800_000)
    }

    fn both(text: &str) -> (String, String) {
        let moment = |ms: i64| Wall::from_epoch_ms(ms).rfc3339(PARIS);
        (moment(since(text, PARIS, now()).unwrap()), moment(until(text, PARIS, now()).unwrap()))
    }

    #[test]
    fn a_day_is_whole_and_a_moment_is_one() {
        let today = ("2026-11-24T00:00:00.000+01:00".to_owned(), "2026-11-25T00:00:00.000+01:00".to_owned());
        for text in ["today", "aujourd'hui", "Aujourd’hui", "2026-11-24", "24/11/2026"] {
            assert_eq!(both(text), today, "{text}");
        }
        assert_eq!(both("hier"), both("yesterday"));
        assert_eq!(both("hier").1, today.0);
        for (text, expected) in [
            ("7d", "2026-11-17T10:00:00.000+01:00"),
            ("7j", "2026-11-17T10:00:00.000+01:00"),
            ("2h30", "2026-11-24T07:30:00.000+01:00"),
            ("2026-11-24 9h15", "2026-11-24T09:15:00.000+01:00"),
            ("now", "2026-11-24T10:00:00.000+01:00"),
        ] {
            assert_eq!(both(text), (expected.to_owned(), expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_day_of_the_change_of_the_clock_has_its_own_length() {
        for (day, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)] {
            let span = until(day, PARIS, now()).unwrap() - since(day, PARIS, now()).unwrap();
            assert_eq!(span, hours * 3_600_000, "{day}");
        }
    }

    #[test]
    fn days_are_those_of_the_sites_own_clock() {
        // 23 h on the 23rd in Martinique is the 24th in Paris.
        let night = Wall::from_epoch_ms(1_795_489_200_000);
        let begins = |zone| Wall::from_epoch_ms(since("today", zone, night).unwrap()).rfc3339(zone);
        assert_eq!(begins("America/Martinique"), "2026-11-23T00:00:00.000-04:00");
        assert_eq!(begins(PARIS), "2026-11-24T00:00:00.000+01:00");
    }

    #[test]
    fn what_is_no_moment_is_told_with_what_would_be() {
        let told = since("lately", PARIS, now()).unwrap_err().english();
        assert!(told.starts_with("`lately`: this is no moment") && told.contains("`7d`"), "{told}");
    }

    #[test]
    fn a_number_may_be_written_in_any_way() {
        for text in
            ["06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78", "06-12-34-56-78"]
        {
            assert_eq!(number(text), "+33612345678", "{text}");
        }
        assert_eq!((number("0 800 123 456").as_str(), number(" 3615x").as_str()), ("+33800123456", "3615x"));
    }
}
