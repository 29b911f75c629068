//! Days as a calendar on the wall has them: when one begins in a zone, and where it stands in its week and its month.

use super::{Date, Wall};

impl Date {
    /// The first moment of the day in an IANA zone: its midnight, or the end of the hour that the clock skips there. In UTC if the
    /// zone is unknown.
    pub(crate) fn begins(self, zone: &str) -> Wall {
        let zoned = self.civil().in_tz(zone).or_else(|_| self.civil().in_tz("UTC"));
        Wall::from_epoch_ms(zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond()))
    }

    /// Year and week of ISO 8601: the week of a year that holds its first Thursday is its first.
    pub(crate) fn iso_week(self) -> (i16, i8) {
        let week = self.civil().iso_week_date();
        (week.year(), week.week())
    }

    /// How many days its month has.
    pub(crate) fn days_in_month(self) -> i8 {
        self.civil().days_in_month()
    }

    /// The first day of its month.
    pub(crate) const fn first_of_month(self) -> Self {
        Self { day: 1, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn a_day_begins_at_its_midnight_in_its_zone() {
        for (day, zone, begins) in [
            ("2026-11-03", "Europe/Paris", "2026-11-02T23:00:00Z"),
            ("2026-07-14", "Europe/Paris", "2026-07-13T22:00:00Z"),
            ("2026-11-03", "Pacific/Marquesas", "2026-11-03T09:30:00Z"),
            ("2026-11-03", "Mars/Olympus", "2026-11-03T00:00:00Z"),
            // Santiago's clock went from 24:00 to 1:00.
            ("2022-09-11", "America/Santiago", "2022-09-11T04:00:00Z"),
        ] {
            assert_eq!(date(day).begins(zone), Wall::parse(begins).unwrap(), "{day} {zone}");
        }
    }

    #[test]
    fn weeks_and_months_are_those_of_the_calendar() {
        assert_eq!(date("2026-11-03").iso_week(), (2026, 45));
        assert_eq!(date("2027-01-03").iso_week(), (2026, 53), "a Sunday of the old year's last week");
        assert_eq!([date("2026-02-10"), date("2028-02-10")].map(Date::days_in_month), [28, 29]);
        assert_eq!(date("2026-11-03").first_of_month(), date("2026-11-01"));
    }
}
