//! Dates, times of day and durations.

use super::super::fragment::Fragment;
use super::super::read::Unit;
use super::atom::{Atom, Phrase};
use super::number::{below_hundred, cardinal, count, rank_below_hundred};
use super::word::{self, Word};
use crate::base::time::{Date, TimeOfDay, Weekday};

/// A date with its year.
pub(in super::super) fn date_with_year(date: Date) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    day(&mut phrase, date, true);
    phrase.fragments()
}

/// When a door opens next, within a week: `Monday at nine a.m.`
pub(in super::super) fn opening_moment(date: Date, time: TimeOfDay) -> Phrase {
    let mut phrase = Phrase::default();
    phrase.say(weekday(date.weekday())).say(&word::AT);
    time_of_day(&mut phrase, time);
    phrase
}

/// Adds a day and a time of it.
pub(super) fn day_and_time(phrase: &mut Phrase, date: Date, time: TimeOfDay) {
    day(phrase, date, false);
    phrase.say(&word::AT);
    time_of_day(phrase, time);
}

/// Adds `Thursday, the twenty-sixth of November`, with its year or without.
pub(super) fn day(phrase: &mut Phrase, date: Date, with_year: bool) {
    const MONTHS: [&Word; 12] = [
        &word::JANUARY,
        &word::FEBRUARY,
        &word::MARCH,
        &word::APRIL,
        &word::MAY,
        &word::JUNE,
        &word::JULY,
        &word::AUGUST,
        &word::SEPTEMBER,
        &word::OCTOBER,
        &word::NOVEMBER,
        &word::DECEMBER,
    ];
    phrase.say(weekday(date.weekday())).comma().say(&word::THE);
    rank_below_hundred(phrase, date.day.unsigned_abs() % 32);
    let month = MONTHS[usize::from(date.month.unsigned_abs().saturating_sub(1) % 12)];
    phrase.say(&word::OF).say(month);
    if with_year {
        year(phrase, u32::try_from(date.year).unwrap_or(0));
    }
}

/// Adds `twenty twenty-six`, `nineteen oh five`, `nineteen hundred`; `two thousand and six`.
fn year(phrase: &mut Phrase, year: u32) {
    let (century, rest) = ((year / 100 % 100) as u8, (year % 100) as u8);
    if !(1_100..=2_099).contains(&year) || (2_000..=2_009).contains(&year) {
        cardinal(phrase, year);
        return;
    }
    below_hundred(phrase, century);
    match rest {
        0 => phrase.say(&word::HUNDRED),
        1..=9 => phrase.say(&word::OH).say(Atom::Number(rest)),
        _ => {
            below_hundred(phrase, rest);
            phrase
        }
    };
}

/// Adds `nine a.m.`, `nine oh five a.m.`, `two thirty p.m.`, `noon` or `midnight`.
pub(super) fn time_of_day(phrase: &mut Phrase, time: TimeOfDay) {
    let (hour, minute) = (time.hour.unsigned_abs() % 24, time.minute.unsigned_abs() % 60);
    match (hour, minute) {
        (0, 0) => {
            phrase.say(&word::MIDNIGHT);
            return;
        }
        (12, 0) => {
            phrase.say(&word::NOON);
            return;
        }
        _ => {}
    }
    below_hundred(phrase, if hour.is_multiple_of(12) { 12 } else { hour % 12 });
    match minute {
        0 => {}
        1..=9 => {
            phrase.say(&word::OH).say(Atom::Number(minute));
        }
        _ => below_hundred(phrase, minute),
    }
    phrase.say(if hour < 12 { &word::AM } else { &word::PM });
}

/// The name of a day.
pub(super) fn weekday(day: Weekday) -> &'static Word {
    match day {
        Weekday::Monday => &word::MONDAY,
        Weekday::Tuesday => &word::TUESDAY,
        Weekday::Wednesday => &word::WEDNESDAY,
        Weekday::Thursday => &word::THURSDAY,
        Weekday::Friday => &word::FRIDAY,
        Weekday::Saturday => &word::SATURDAY,
        Weekday::Sunday => &word::SUNDAY,
    }
}

/// Adds a duration: hours, minutes, seconds; those that are none are not said.
pub(super) fn length(phrase: &mut Phrase, (hours, minutes, seconds): (u32, u32, u32)) {
    let parts = [(hours, Unit::Hour), (minutes, Unit::Minute), (seconds, Unit::Second)];
    let mut left = parts.iter().filter(|(n, _)| *n > 0).count();
    if left == 0 {
        count(phrase, 0, Unit::Second);
    }
    for (n, unit) in parts.into_iter().filter(|(n, _)| *n > 0) {
        if !phrase.is_empty() {
            if left == 1 {
                phrase.say(&word::AND);
            } else {
                phrase.comma();
            }
        }
        count(phrase, n, unit);
        left -= 1;
    }
}
