//! Stretches of civil time: quarter hours, hours, days, weeks, months of a zone, right on both days on which the clock changes.
//!
//! An interval is known by its start, in milliseconds of UTC: so the two hours from 2 to 3 of an autumn night are two. Days have
//! 23 and 25 hours then. Quarter hours begin where they begin in UTC, for every zone of today is so many of them ahead of it.

use crate::base::diagnostic::Tongue;
use crate::base::limit::INTERVALS_MAX;
use crate::base::time::{Civil, Date, TimeOfDay, Wall};

const MINUTE_MS: i64 = 60_000;

/// How long intervals are.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Width {
    /// 15 minutes.
    Quarter,
    /// 30 minutes.
    Half,
    /// An hour.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday (ISO 8601).
    Week,
    /// A month.
    Month,
}

/// A stretch of time: its start belongs to it, its end does not.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Interval {
    /// When it begins.
    pub(crate) start: Wall,
    /// When the next one begins.
    pub(crate) end: Wall,
    width: Width,
}

impl Width {
    /// All, with their words.
    pub(crate) const ALL: [(&'static str, Self); 6] = [
        ("quarter", Self::Quarter),
        ("half", Self::Half),
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
    ];

    /// The interval of a zone in which a moment lies.
    pub(crate) fn of(self, at: Wall, zone: &str) -> Interval {
        let civil = civil(at, zone);
        let (start, end) = match self {
            Self::Quarter => within_hour(at, civil.time, 15),
            Self::Half => within_hour(at, civil.time, 30),
            Self::Hour => within_hour(at, civil.time, 60),
            Self::Day | Self::Week | Self::Month => {
                let first = self.first_day(civil.date);
                (first.begins(zone), self.next_day(first).begins(zone))
            }
        };
        Interval { start, end, width: self }
    }

    /// All intervals that have a moment in common with a span of time, in order; a year of quarter hours at the most.
    pub(crate) fn over(self, from: Wall, until: Wall, zone: &str) -> impl Iterator<Item = Interval> {
        let first = Some(self.of(from, zone)).filter(|_| from < until);
        let all = std::iter::successors(first, move |last| Some(self.of(last.end, zone)));
        all.take_while(move |interval| interval.start < until).take(INTERVALS_MAX)
    }

    /// The day on which the interval of a day begins.
    fn first_day(self, date: Date) -> Date {
        match self {
            Self::Week => date.plus_days(-(date.weekday() as i32)),
            Self::Month => date.first_of_month(),
            Self::Quarter | Self::Half | Self::Hour | Self::Day => date,
        }
    }

    /// The day on which the next one begins.
    fn next_day(self, first: Date) -> Date {
        first.plus_days(match self {
            Self::Week => 7,
            Self::Month => i32::from(first.days_in_month()),
            Self::Quarter | Self::Half | Self::Hour | Self::Day => 1,
        })
    }
}

/// A part of an hour. Zones change their clocks by whole parts of it.
fn within_hour(at: Wall, time: TimeOfDay, minutes: i64) -> (Wall, Wall) {
    let (width, ms) = (minutes * MINUTE_MS, at.epoch_ms());
    let gone = i64::from(time.minute) * MINUTE_MS + i64::from(time.second) * 1_000 + ms.rem_euclid(1_000);
    let start = ms.saturating_sub(gone % width);
    (Wall::from_epoch_ms(start), Wall::from_epoch_ms(start.saturating_add(width)))
}

/// In UTC when the zone is unknown, which the loader of sites refuses.
pub(super) fn civil(at: Wall, zone: &str) -> Civil {
    at.civil(zone).or_else(|| at.civil("UTC")).unwrap_or(Civil {
        date: Date { year: 1970, month: 1, day: 1 },
        time: TimeOfDay::default(),
        offset_minutes: 0,
    })
}

impl Interval {
    /// By what it is known: its start, in milliseconds of UTC.
    pub(crate) const fn id(self) -> i64 {
        self.start.epoch_ms()
    }

    /// As people read it: `mar. 3 nov. 10 h 15`, `semaine 45 (2 nov. 2026)`, `novembre 2026`. Of an hour that comes twice, which.
    pub(crate) fn label(self, zone: &str, tongue: Tongue) -> String {
        let words = Words::of(tongue);
        let Civil { date, time, .. } = civil(self.start, zone);
        let month = usize::from(date.month.unsigned_abs()).saturating_sub(1);
        let short = words.short_months.get(month).unwrap_or(&"");
        let number = words.day_of_month(date.day);
        let day = format!("{} {number} {short}", words.days[date.weekday() as usize]);
        match self.width {
            Width::Quarter | Width::Half | Width::Hour => {
                format!("{day} {}{}", words.clock(time), words.of_two(self.start, zone))
            }
            Width::Day => format!("{day} {}", date.year),
            Width::Week => {
                let week = date.iso_week().1;
                format!("{} {week} ({number} {short} {})", words.week, date.year)
            }
            Width::Month => format!("{} {}", words.months.get(month).unwrap_or(&""), date.year),
        }
    }
}

/// What stands in labels.
struct Words {
    days: [&'static str; 7],
    short_months: [&'static str; 12],
    months: [&'static str; 12],
    week: &'static str,
    /// The first and the second of two hours of the same name.
    twice: [&'static str; 2],
    is_french: bool,
}

#[rustfmt::skip]
static FRENCH: Words = Words {
    days: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
    short_months: [
        "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ],
    months: [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
        "novembre", "décembre",
    ],
    week: "semaine",
    twice: [" (été)", " (hiver)"],
    is_french: true,
};

#[rustfmt::skip]
static ENGLISH: Words = Words {
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    months: [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ],
    week: "week",
    twice: [" (summer)", " (winter)"],
    is_french: false,
};

impl Words {
    const fn of(tongue: Tongue) -> &'static Self {
        match tongue {
            Tongue::English => &ENGLISH,
            Tongue::French(_) => &FRENCH,
        }
    }

    fn day_of_month(&self, day: i8) -> String {
        if self.is_french && day == 1 { "1er".to_owned() } else { day.to_string() }
    }

    fn clock(&self, TimeOfDay { hour, minute, .. }: TimeOfDay) -> String {
        match (self.is_french, minute) {
            (true, 0) => format!("{hour} h"),
            (true, _) => format!("{hour} h {minute:02}"),
            (false, _) => format!("{hour}:{minute:02}"),
        }
    }

    /// Which of two moments of the same name it is; nothing when it has its name for itself.
    fn of_two(&self, at: Wall, zone: &str) -> &'static str {
        let name = |hours: i64| {
            let moment = Wall::from_epoch_ms(at.epoch_ms().saturating_add(hours * 60 * MINUTE_MS));
            let civil = civil(moment, zone);
            (civil.date, civil.time)
        };
        match name(0) {
            own if own == name(1) => self.twice[0],
            own if own == name(-1) => self.twice[1],
            _ => "",
        }
    }
}

#[cfg(test)]
#[path = "interval_tests.rs"]
mod tests;
