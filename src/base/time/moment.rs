//! A moment as a record has it: civil time with the offset of a zone.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Date, Wall};

/// A moment of civil time that keeps the offset under which it was written. Text and JSON: RFC 3339 with milliseconds,
/// `2026-11-24T10:00:00.250+01:00`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    wall: Wall,
    offset_s: i32,
}

impl Moment {
    /// The moment in an IANA zone; in UTC if the zone is unknown.
    pub(crate) fn of(wall: Wall, zone: &str) -> Self {
        let offset_s = wall.stamp().in_tz(zone).map_or(0, |zoned| zoned.offset().seconds());
        Self { wall, offset_s }
    }

    /// The moment, whatever its zone.
    pub(crate) const fn wall(self) -> Wall {
        self.wall
    }

    /// Milliseconds since 1970, UTC.
    pub(crate) const fn epoch_ms(self) -> i64 {
        self.wall.epoch_ms()
    }

    /// The same, so much later.
    pub(crate) fn later_ms(self, ms: u64) -> i64 {
        self.epoch_ms().saturating_add_unsigned(ms)
    }

    /// So much later, under the same offset.
    pub(crate) const fn after(self, ms: u64) -> Self {
        let wall = Wall::from_epoch_ms(self.epoch_ms().saturating_add_unsigned(ms));
        Self { wall, offset_s: self.offset_s }
    }

    /// Its date, as the clock there shows it.
    pub(crate) fn date(self) -> Date {
        Date::parse(self.to_string().get(..10).unwrap_or_default()).unwrap_or_default()
    }

    /// Its time of day there: `10:00:05`.
    pub(crate) fn clock(self) -> String {
        self.to_string().get(11..19).unwrap_or_default().to_owned()
    }

    /// Reads RFC 3339 with an offset or `Z`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let wall = Wall::parse(text)?;
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).ok()?;
        let offset_s = pieces.to_numeric_offset().map_or(0, jiff::tz::Offset::seconds);
        Some(Self { wall, offset_s })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = jiff::tz::Offset::from_seconds(self.offset_s).unwrap_or(jiff::tz::Offset::UTC);
        let zoned = self.wall.stamp().to_zoned_datetime(jiff::tz::TimeZone::fixed(offset));
        write!(f, "{}", zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a moment is RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_keeps_its_offset() {
        for (zone, text) in [
            ("Europe/Paris", "2026-11-24T10:00:00.250+01:00"),
            ("Indian/Reunion", "2026-11-24T13:00:00.250+04:00"),
            ("America/Cayenne", "2026-11-24T06:00:00.250-03:00"),
            ("nowhere", "2026-11-24T09:00:00.250+00:00"),
        ] {
            let moment = Moment::of(Wall::from_epoch_ms(1_795_510_800_250), zone);
            assert_eq!(moment.to_string(), text);
            assert_eq!(Moment::parse(text), Some(moment), "{zone}");
            let json = serde_json::to_string(&moment).unwrap();
            assert_eq!(
                (json.as_str(), serde_json::from_str(&json).ok()),
                (format!("\"{text}\"").as_str(), Some(moment))
            );
        }
        assert_eq!(
            Moment::parse("2026-11-24T09:00:00Z"),
            Some(Moment::of(Wall::from_epoch_ms(1_795_510_800_000), "UTC"))
        );
        assert_eq!(Moment::parse("yesterday"), None);
    }

    #[test]
    fn a_moment_tells_the_day_and_the_time_of_its_own_clock() {
        let late = Moment::of(Wall::from_epoch_ms(1_795_510_800_250), "Indian/Reunion")
            .after(11 * 3_600_000 + 1_000);
        assert_eq!((late.date().to_string(), late.clock()), ("2026-11-25".into(), "00:00:01".into()));
    }
}
