//! Time as the core knows it: it comes in as an argument, monotonic and civil together, once per input.
//!
//! With `time/local.rs` and `centre/hours.rs` the only place that names `jiff`.

mod calendar;
mod duration;
mod local;
pub(crate) mod micros;
mod moment;

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
pub use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::diagnostic::Text;

pub(crate) use duration::{DURATION_PATTERN, read_duration};
pub(crate) use local::{LocalError, Twist};
pub(crate) use moment::Moment;

/// A moment of the monotonic clock, in microseconds since an origin that the owner of the clock chose.
///
/// Our own type, because the standard one cannot be written as a literal: a test says `at(500)`. Written down it is its
/// microseconds, which only the same clock can read.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(u64);

/// `at(500)` is half a second after the origin: the literal of tests.
pub const fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

impl Instant {
    /// The origin.
    pub const ZERO: Self = Self(0);

    /// A moment `micros` microseconds after the origin.
    pub(crate) const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// A moment `millis` milliseconds after the origin.
    pub(crate) const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000)
    }

    /// Microseconds since the origin.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whole milliseconds since the origin.
    pub(crate) const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// The moment `duration` before; the origin if that is before it.
    pub(crate) fn earlier(self, duration: Duration) -> Self {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// Time elapsed since `earlier`; zero if `earlier` is later.
    pub(crate) const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(micros))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub for Instant {
    type Output = Duration;
    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000_000, self.0 / 1_000 % 1_000)
    }
}

/// A moment of civil time, UTC, milliseconds since 1970: what a wall clock showed. Zones are applied by `centre/hours.rs`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wall(i64);

impl Wall {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_epoch_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn epoch_ms(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, `2026-11-24T10:00:00+01:00` or `…Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let stamp: jiff::Timestamp = text.parse().ok()?;
        Some(Self(stamp.as_millisecond()))
    }

    /// Reads a date of HTTP (RFC 9110 §5.6.7): `Fri, 27 Nov 2026 19:04:00 GMT`.
    pub(crate) fn parse_http(text: &str) -> Option<Self> {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Self(zoned.timestamp().as_millisecond()))
    }

    /// Civil date and time of this moment in an IANA zone (`Europe/Paris`); `None` if the zone is unknown.
    pub fn civil(self, zone: &str) -> Option<Civil> {
        let zoned = self.stamp().in_tz(zone).ok()?;
        Some(Civil {
            date: Date { year: zoned.year(), month: zoned.month(), day: zoned.day() },
            time: TimeOfDay { hour: zoned.hour(), minute: zoned.minute(), second: zoned.second() },
            offset_minutes: zoned.offset().seconds() / 60,
        })
    }

    /// RFC 3339 with milliseconds and the offset of `zone` (UTC if the zone is unknown).
    pub fn rfc3339(self, zone: &str) -> String {
        match self.stamp().in_tz(zone) {
            Ok(zoned) => zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
            Err(_) => format!("{:.3}", self.stamp()),
        }
    }

    fn stamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// So long before; what would be before all time is its beginning.
impl Sub<Duration> for Wall {
    type Output = Self;
    fn sub(self, duration: Duration) -> Self {
        let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(ms))
    }
}

impl Add<Duration> for Wall {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(ms))
    }
}

/// A duration in whole milliseconds, as records have it.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Both clocks, read once per input: the same moment on the monotonic and on the civil clock.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// The monotonic clock: timers, durations.
    pub at: Instant,
    /// The civil clock: opening hours, records.
    pub wall: Wall,
}

impl Now {
    /// The same pair of clocks `duration` later.
    pub fn later(self, duration: Duration) -> Self {
        Self { at: self.at + duration, wall: self.wall + duration }
    }
}

/// A date of the Gregorian calendar.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, 2026.
    pub(crate) year: i16,
    /// Month, 1 to 12.
    pub(crate) month: i8,
    /// Day of the month, 1 to 31.
    pub(crate) day: i8,
}

impl Date {
    /// A date that exists, or `None`.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(|_| Self { year, month, day })
    }

    /// Reads `2026-12-24`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// Day of the week.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[self.civil().weekday().to_monday_zero_offset() as usize]
    }

    /// The date `days` later (earlier if negative); stays in the years that exist.
    pub fn plus_days(self, days: i32) -> Self {
        let moved = self.civil().saturating_add(jiff::Span::new().days(days));
        Self { year: moved.year(), month: moved.month(), day: moved.day() }
    }

    fn civil(self) -> jiff::civil::Date {
        jiff::civil::Date::new(self.year, self.month, self.day).unwrap_or(jiff::civil::Date::ZERO)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A time of day, 00:00:00 to 23:59:59 (24:00:00 as the end of an interval).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    /// Hour, 0 to 24.
    pub hour: i8,
    /// Minute, 0 to 59.
    pub minute: i8,
    /// Second, 0 to 59.
    pub second: i8,
}

impl TimeOfDay {
    /// `hour:minute:00`.
    pub(crate) const fn new(hour: i8, minute: i8) -> Self {
        Self { hour, minute, second: 0 }
    }
}

/// A civil moment in some zone.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The date there.
    pub date: Date,
    /// The time of day there.
    pub time: TimeOfDay,
    /// What the zone is ahead of UTC at that moment, in minutes.
    pub offset_minutes: i32,
}

/// Day of the week, from Monday.
#[allow(missing_docs)]
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Its name.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::Monday => Text::word("Monday"),
            Self::Tuesday => Text::word("Tuesday"),
            Self::Wednesday => Text::word("Wednesday"),
            Self::Thursday => Text::word("Thursday"),
            Self::Friday => Text::word("Friday"),
            Self::Saturday => Text::word("Saturday"),
            Self::Sunday => Text::word("Sunday"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_literals_and_never_underflow() {
        assert_eq!(at(500) - at(200), Duration::from_millis(300));
        assert_eq!(at(200) - at(500), Duration::ZERO);
        assert_eq!(at(1_234).to_string(), "1.234");
    }

    #[test]
    fn civil_time_follows_the_zone_across_the_change_of_clock() {
        let winter = Wall::parse("2026-10-25T01:30:00Z").unwrap();
        assert_eq!(winter.civil("Europe/Paris").unwrap().time, TimeOfDay::new(2, 30));
        let summer = Wall::parse("2026-10-25T00:30:00Z").unwrap();
        assert_eq!(summer.civil("Europe/Paris").unwrap().time, TimeOfDay::new(2, 30));
        assert_eq!(summer.rfc3339("Europe/Paris"), "2026-10-25T02:30:00.000+02:00");
        assert_eq!(winter.civil("Mars/Olympus"), None);
    }

    #[test]
    fn dates_know_their_weekday() {
        let date = Date::parse("2026-11-24").unwrap();
        assert_eq!(date.weekday(), Weekday::Tuesday);
        assert_eq!(date.plus_days(7).to_string(), "2026-12-01");
        assert_eq!(Date::parse("2026-02-30"), None);
    }
}
