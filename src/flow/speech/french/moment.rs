//! Dates, times of day and durations.

use super::super::fragment::Fragment;
#[cfg(test)]
use super::super::read;
use super::super::read::{Gender, Unit};
use super::atom::{Atom, Phrase};
use super::number::{cardinal, count};
use super::word::{self, Word};
use crate::base::time::{Date, TimeOfDay, Weekday};

/// A date near today: weekday, day and month.
pub(crate) fn date(date: Date) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    day(&mut phrase, date, false);
    phrase.fragments()
}

/// A date with its year.
pub(crate) fn date_with_year(date: Date) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    day(&mut phrase, date, true);
    phrase.fragments()
}

/// When a door opens next, within a week: `lundi à neuf heures`.
pub(in super::super) fn opening_moment(date: Date, time: TimeOfDay) -> Phrase {
    let mut phrase = Phrase::default();
    phrase.say(weekday(date.weekday())).say(&word::A);
    hour_and_minute(&mut phrase, time);
    phrase
}

/// A time of day, 24 hours; seconds are not said.
pub(crate) fn time(time: TimeOfDay) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    hour_and_minute(&mut phrase, time);
    phrase.fragments()
}

/// A duration in whole seconds. `None` above 999,999,999 hours.
#[cfg(test)]
pub(crate) fn duration(seconds: u64) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    length(&mut phrase, read::length(seconds)?);
    Some(phrase.fragments())
}

/// Adds a day and a time of it.
pub(super) fn day_and_time(phrase: &mut Phrase, date: Date, time: TimeOfDay) {
    day(phrase, date, false);
    phrase.say(&word::A);
    hour_and_minute(phrase, time);
}

/// Adds `huit heures cinq`, `midi` or `minuit`.
pub(super) fn hour_and_minute(phrase: &mut Phrase, time: TimeOfDay) {
    let (hour, minute) = (time.hour.unsigned_abs(), time.minute.unsigned_abs());
    match (hour % 24, minute % 60) {
        (0, 0) => phrase.say(&word::MINUIT),
        (12, 0) => phrase.say(&word::MIDI),
        (hour, 0) => phrase.say(Atom::Clock(hour)),
        (hour, minute) => phrase.say(Atom::Clock(hour)).say(Atom::number(minute, Gender::Feminine)),
    };
}

/// The name of a day.
pub(super) fn weekday(day: Weekday) -> &'static Word {
    match day {
        Weekday::Monday => &word::LUNDI,
        Weekday::Tuesday => &word::MARDI,
        Weekday::Wednesday => &word::MERCREDI,
        Weekday::Thursday => &word::JEUDI,
        Weekday::Friday => &word::VENDREDI,
        Weekday::Saturday => &word::SAMEDI,
        Weekday::Sunday => &word::DIMANCHE,
    }
}

/// Adds a date, with its year or without.
pub(super) fn day(phrase: &mut Phrase, date: Date, with_year: bool) {
    const MONTHS: [&Word; 12] = [
        &word::JANVIER,
        &word::FEVRIER,
        &word::MARS,
        &word::AVRIL,
        &word::MAI,
        &word::JUIN,
        &word::JUILLET,
        &word::AOUT,
        &word::SEPTEMBRE,
        &word::OCTOBRE,
        &word::NOVEMBRE,
        &word::DECEMBRE,
    ];
    phrase.say(weekday(date.weekday()));
    match date.day.unsigned_abs() {
        1 => phrase.say(&word::PREMIER),
        day => phrase.say(Atom::number(day % 32, Gender::Masculine)),
    };
    phrase.say(MONTHS[usize::from(date.month.unsigned_abs().saturating_sub(1) % 12)]);
    if with_year {
        cardinal(phrase, u32::try_from(date.year).unwrap_or(0), Gender::Masculine);
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
                phrase.say(&word::ET);
            } else {
                phrase.comma();
            }
        }
        match (unit, n) {
            (Unit::Hour, 1..=23) => {
                phrase.say(Atom::Clock(n as u8));
            }
            _ => count(phrase, n, unit),
        }
        left -= 1;
    }
}
