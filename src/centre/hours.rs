//! Opening hours: a week, public holidays, exceptions, in a time zone. Is it open at a moment, why, and when next?
//!
//! Beside `base/time.rs` the only file that names `jiff`. Hours are local times: on the night when the clock goes
//! forward the missing hour passes at once, on the night when it goes back a span of it is open twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::holiday::{Holiday, Region};
use crate::base::diagnostic::Text;
use crate::base::letters::unaccented;
use crate::base::time::{Civil, Date, TimeOfDay, Wall, Weekday};
use crate::say;

/// Days that `next_open` looks ahead before it says never: more than a year of closure is closed for good.
const DAYS_AHEAD_MAX: i32 = 400;
/// Changes of the clock that `next_open` looks at: a zone has two a year.
const CHANGES_AHEAD_MAX: usize = 3;
const DAY: u16 = 24 * 60;

/// A calendar of opening hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// IANA time zone, `Europe/Paris`.
    pub zone: String,
    /// Open spans by day, Monday first.
    pub week: [Vec<Span>; 7],
    /// Public holidays, on which it is closed.
    pub holidays: Holidays,
    /// Days that are otherwise than their week and their holiday say; empty: closed. The day of the year alone
    /// (`12-24`) counts every year, and gives way to a full date.
    pub except: BTreeMap<Day, Vec<Span>>,
}

/// A day of one year, or of every year.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Day {
    /// `2026-12-24`.
    Once(Date),
    /// `12-24`: month and day.
    Yearly(i8, i8),
}

/// Open from a minute of the day until another; past 24:00 it reaches into the next day (`22h-2h`).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    from: u16,
    until: u16,
}

impl Span {
    /// From one time to another, in minutes of the day; an end that is not after the start is of the next day.
    /// None when a time does not exist, or the span is empty.
    pub const fn new(from_minute: u16, until_minute: u16) -> Option<Self> {
        if from_minute >= DAY || until_minute > DAY || from_minute == until_minute {
            return None;
        }
        let until = if until_minute < from_minute { until_minute + DAY } else { until_minute };
        Some(Self { from: from_minute, until })
    }

    /// Open around the clock.
    pub(crate) const WHOLE_DAY: Self = Self { from: 0, until: DAY };

    /// Its start.
    pub(crate) const fn from(self) -> TimeOfDay {
        time_of(self.from)
    }

    /// Its end, 24:00 at the latest; of the next day when it is not after the start.
    pub(crate) const fn until(self) -> TimeOfDay {
        time_of(if self.until > DAY { self.until - DAY } else { self.until })
    }

    /// Whether two spans of one day have a minute in common.
    pub(crate) const fn overlaps(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    const fn contains(self, minute: u16) -> bool {
        self.from <= minute && minute < self.until
    }
}

const fn time_of(minute: u16) -> TimeOfDay {
    TimeOfDay::new((minute / 60) as i8, (minute % 60) as i8)
}

/// `9h`, `12h30`, as it is written in the hours of a site.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |f: &mut fmt::Formatter<'_>, time: TimeOfDay| match time.minute {
            0 => write!(f, "{}h", time.hour),
            minute => write!(f, "{}h{minute:02}", time.hour),
        };
        time(f, self.from())?;
        f.write_str("-")?;
        time(f, self.until())
    }
}

/// Which public holidays count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// Whose; none: no computed ones.
    pub region: Option<Region>,
    /// Days more.
    pub add: BTreeSet<Day>,
    /// Computed holidays more, of another region (`vendredi saint`).
    pub add_named: BTreeSet<Holiday>,
    /// Days that are not a holiday here.
    pub remove: BTreeSet<Day>,
    /// Computed holidays that are not one here (`lundi de Pentecôte`).
    pub remove_named: BTreeSet<Holiday>,
}

impl Holidays {
    /// The holiday that a date is, if it is one.
    pub fn holiday(&self, date: Date) -> Option<Holiday> {
        let days = [Day::Once(date), Day::Yearly(date.month, date.day)];
        if days.iter().any(|day| self.add.contains(day)) {
            return Some(Holiday::Local);
        }
        if days.iter().any(|day| self.remove.contains(day)) {
            return None;
        }
        let named = self.add_named.iter().copied().find(|holiday| holiday.date(date.year) == Some(date));
        let computed = self.region.and_then(|region| region.holiday(date));
        named.or(computed).filter(|holiday| !self.remove_named.contains(holiday))
    }
}

/// A calendar at a moment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Open.
    Open,
    /// Closed, and the day is a public holiday.
    Holiday,
    /// Closed.
    Closed,
}

/// Why a calendar is open or closed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Within this span of the week.
    Week(Span),
    /// Within this span of an exception.
    Exception(Span),
    /// Within this span that began the day before.
    Eve(Span),
    /// Outside the spans of the week.
    OutsideWeek,
    /// The week has no span on this day.
    ClosedDay,
    /// An exception closes the day, or its spans are over or to come.
    ClosedByException,
    /// A public holiday.
    Holiday(Holiday),
}

/// The answer of `svi hours`: what, when there, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// Open or not.
    pub(crate) state: State,
    /// The moment in the calendar's zone.
    pub(crate) civil: Civil,
    /// That zone.
    pub(crate) zone: String,
    /// The reason.
    pub(crate) why: Why,
    /// When it opens next, strictly later than the moment.
    pub(crate) next_open: Option<Civil>,
}

/// What a calendar says of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPlan {
    /// The spans that begin on it, none when it is closed.
    pub spans: Vec<Span>,
    /// An exception says so.
    pub(crate) excepted: bool,
    /// The public holiday that it is, open by an exception or not.
    pub(crate) holiday: Option<Holiday>,
}

impl Hours {
    /// What is planned for a day.
    pub fn day(&self, date: Date) -> DayPlan {
        let (excepted, spans) = self.spans(date);
        DayPlan { spans: spans.to_vec(), excepted, holiday: self.holidays.holiday(date) }
    }

    /// Whether the zone exists in the time zone database.
    pub(crate) fn is_zone(zone: &str) -> bool {
        TimeZone::get(zone).is_ok()
    }

    /// The zone of a city that was written alone: `Paris`, `La Réunion`. None of what is a zone.
    pub(crate) fn zone_of_city(text: &str) -> Option<String> {
        let plain = |text: &str| unaccented(&text.trim().to_lowercase()).replace([' ', '-'], "_");
        let wanted = plain(text);
        let wanted = wanted.strip_prefix("la_").or_else(|| wanted.strip_prefix("le_")).unwrap_or(&wanted);
        if wanted.is_empty() || Self::is_zone(text) {
            return None;
        }
        let mut zones = jiff::tz::db().available().map(|name| name.as_str().to_owned());
        zones.find(|name| name.rsplit_once('/').is_some_and(|(_, city)| plain(city) == wanted))
    }

    /// Open, closed for a holiday, or closed.
    pub fn state(&self, wall: Wall) -> State {
        self.reason(self.civil(wall)).0
    }

    /// The next moment at which it opens, strictly after `wall`; none when it never closes or does not open again.
    pub fn next_open(&self, wall: Wall) -> Option<Civil> {
        let zone = self.time_zone();
        let now = jiff::Timestamp::from_millisecond(wall.epoch_ms()).ok()?;
        let today = self.civil(wall).date;
        // The evening before may have a span that begins again when the clock goes back.
        let start = (-1..=DAYS_AHEAD_MAX).find_map(|days| {
            let date = today.plus_days(days);
            let spans = self.spans(date).1;
            let starts = spans.iter().flat_map(|span| moments(&zone, date, span.from)).flatten();
            starts.filter(|start| *start > now && self.opens(*start)).min()
        });
        // A span that is over opens once more in its midst when the clock goes back into it.
        let changes = zone.following(now).map(|change| change.timestamp()).take(CHANGES_AHEAD_MAX);
        let change = changes.take_while(|change| start.is_none_or(|start| *change < start));
        let change = change.filter(|change| self.opens(*change)).min();
        change.or(start).map(|moment| self.civil(Wall::from_epoch_ms(moment.as_millisecond())))
    }

    /// Whether it is open, why, and when next.
    pub(crate) fn explain(&self, wall: Wall) -> Explanation {
        let civil = self.civil(wall);
        let (state, why) = self.reason(civil);
        Explanation { state, civil, zone: self.zone.clone(), why, next_open: self.next_open(wall) }
    }

    /// The open spans of a weekday, by the week alone.
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        &self.week[weekday as usize]
    }

    /// The week as speech reads it: `mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00`; days with the same hours
    /// together, closed days left out.
    pub fn week_text(&self) -> String {
        let mut groups: Vec<(&[Span], Vec<usize>)> = Vec::new();
        for (day, spans) in self.week.iter().enumerate().filter(|(_, spans)| !spans.is_empty()) {
            match groups.iter_mut().find(|(same, _)| *same == spans.as_slice()) {
                Some((_, days)) => days.push(day),
                None => groups.push((spans, vec![day])),
            }
        }
        let group = |(spans, days): &(&[Span], Vec<usize>)| {
            let clock = |time: TimeOfDay| format!("{:02}:{:02}", time.hour, time.minute);
            let spans = spans.iter().map(|span| format!(" {}-{}", clock(span.from()), clock(span.until())));
            format!("{}{}", day_words(days), spans.collect::<String>())
        };
        groups.iter().map(group).collect::<Vec<_>>().join("; ")
    }

    /// Open at this moment and not just before it.
    fn opens(&self, moment: jiff::Timestamp) -> bool {
        let at = moment.as_millisecond();
        let is_open = |ms: i64| self.state(Wall::from_epoch_ms(ms)) == State::Open;
        is_open(at) && !is_open(at - 1)
    }

    fn reason(&self, civil: Civil) -> (State, Why) {
        let minute =
            u16::from(civil.time.hour.unsigned_abs()) * 60 + u16::from(civil.time.minute.unsigned_abs());
        let (excepted, today) = self.spans(civil.date);
        if let Some(span) = today.iter().find(|span| span.contains(minute)) {
            return (State::Open, if excepted { Why::Exception(*span) } else { Why::Week(*span) });
        }
        let (_, eve) = self.spans(civil.date.plus_days(-1));
        if let Some(span) = eve.iter().find(|span| span.contains(minute + DAY)) {
            return (State::Open, Why::Eve(*span));
        }
        match self.holidays.holiday(civil.date) {
            Some(holiday) if today.is_empty() => (State::Holiday, Why::Holiday(holiday)),
            _ if excepted => (State::Closed, Why::ClosedByException),
            _ if today.is_empty() => (State::Closed, Why::ClosedDay),
            _ => (State::Closed, Why::OutsideWeek),
        }
    }

    /// The spans that begin on a date, and whether an exception gave them.
    fn spans(&self, date: Date) -> (bool, &[Span]) {
        let exception =
            self.except.get(&Day::Once(date)).or_else(|| self.except.get(&Day::Yearly(date.month, date.day)));
        match exception {
            Some(spans) => (true, spans),
            None if self.holidays.holiday(date).is_some() => (false, &[]),
            None => (false, self.on(date.weekday())),
        }
    }

    /// The moment in this calendar's zone; UTC should the zone be unknown, which the loader refuses.
    pub(crate) fn civil(&self, wall: Wall) -> Civil {
        wall.civil(&self.zone).or_else(|| wall.civil("UTC")).unwrap_or(Civil {
            date: Date { year: 1970, month: 1, day: 1 },
            time: TimeOfDay::new(0, 0),
            offset_minutes: 0,
        })
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }
}

/// `mon-fri`, `sat,sun`, `mon,wed`: a run of three days or more is a range.
fn day_words(days: &[usize]) -> String {
    const WORDS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut words = Vec::new();
    for run in days.chunk_by(|day, next| day + 1 == *next) {
        match run {
            [first, _, .., last] => words.push(format!("{}-{}", WORDS[*first], WORDS[*last])),
            short => words.extend(short.iter().map(|day| WORDS[*day].to_owned())),
        }
    }
    words.join(",")
}

/// The moments at which a zone's clock shows (or passes) a minute of a date: one, two when the clock goes back over it,
/// and the moment of the change when it goes forward over it.
fn moments(zone: &TimeZone, date: Date, minute: u16) -> [Option<jiff::Timestamp>; 2] {
    let (hour, minute) = ((minute / 60) as i8, (minute % 60) as i8);
    let Ok(civil) = DateTime::new(date.year, date.month, date.day, hour, minute, 0, 0) else {
        return [None, None];
    };
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => [ambiguous.compatible().ok(), None],
        AmbiguousOffset::Fold { .. } => [ambiguous.earlier().ok(), ambiguous.later().ok()],
        AmbiguousOffset::Gap { .. } => {
            let change = ambiguous.earlier().ok().and_then(|before| zone.following(before).next());
            [change.map(|transition| transition.timestamp()), None]
        }
    }
}

impl Explanation {
    /// In a sentence.
    pub(crate) fn text(&self) -> Text {
        let state = match self.state {
            State::Open => Text::word("open"),
            State::Holiday => Text::word("closed (holiday)"),
            State::Closed => Text::word("closed"),
        };
        let at = moment_text(self.civil);
        match self.next_open {
            None => say!("{} at {} {}: {}", state, at, &self.zone, self.why.text()),
            Some(next) => say!(
                "{} at {} {}: {}; opens next at {}",
                state,
                at,
                &self.zone,
                self.why.text(),
                moment_text(next)
            ),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().english())
    }
}

impl Why {
    /// In words.
    pub(crate) fn text(self) -> Text {
        match self {
            Self::Week(span) => say!("within {} of the week", span),
            Self::Exception(span) => say!("within {} of an exception (`except`)", span),
            Self::Eve(span) => say!("within {} of the day before", span),
            Self::OutsideWeek => Text::word("outside the hours of this weekday"),
            Self::ClosedDay => Text::word("the week has no hours on this day"),
            Self::ClosedByException => Text::word("an exception (`except`) closes this day or hour"),
            Self::Holiday(holiday) => say!("public holiday, {}", holiday.text()),
        }
    }
}

/// `Tuesday 2026-11-24 10:00`.
fn moment_text(Civil { date, time, .. }: Civil) -> Text {
    let clock = format!("{:02}:{:02}", time.hour, time.minute);
    say!("{} {} {}", date.weekday().text(), date, clock)
}

#[cfg(test)]
#[path = "hours_tests.rs"]
mod tests;
