//! Dates, times of day and durations.

use super::atom::{Atom, Gender, Phrase};
use super::number::{NUMBER_MAX, Unit, cardinal, count};
use super::word::{self, Word};
use super::{Format, Fragment, SpeechError};
use crate::base::time::{Date, TimeOfDay, Weekday};

/// A date near today: weekday, day and month.
pub fn date(date: Date) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    day_and_month(&mut phrase, date);
    phrase.fragments()
}

/// A date with its year.
pub fn date_with_year(date: Date) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    day_and_month(&mut phrase, date);
    cardinal(&mut phrase, u32::try_from(date.year).unwrap_or(0), Gender::Masculine);
    phrase.fragments()
}

/// A time of day, 24 hours; seconds are not said.
pub fn time(time: TimeOfDay) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    hour_and_minute(&mut phrase, time);
    phrase.fragments()
}

/// A duration in whole seconds. `None` above 999,999,999 hours.
pub fn duration(seconds: u64) -> Option<Vec<Fragment>> {
    length(seconds).map(Phrase::fragments)
}

pub(super) fn read_date(value: &str) -> Result<Phrase, SpeechError> {
    let day = value.split_once('T').map_or(value, |(day, _)| day);
    let mut phrase = Phrase::default();
    day_and_month(&mut phrase, parse_date(day, Format::Date)?);
    Ok(phrase)
}

pub(super) fn read_time(value: &str) -> Result<Phrase, SpeechError> {
    let mut phrase = Phrase::default();
    hour_and_minute(&mut phrase, parse_time(value, Format::Time)?);
    Ok(phrase)
}

pub(super) fn read_date_time(value: &str) -> Result<Phrase, SpeechError> {
    let malformed = SpeechError::Malformed(Format::DateTime);
    let (day, rest) = value.split_once(['T', ' ']).ok_or(malformed)?;
    // RFC 3339 goes on with seconds, their fraction and an offset; the civil time stands before them.
    let clock = match rest.get(..5) {
        Some(clock) if rest[5..].is_empty() || rest[5..].starts_with([':', 'Z', '+', '-']) => clock,
        Some(_) => return Err(malformed),
        None => rest,
    };
    let mut phrase = Phrase::default();
    day_and_month(&mut phrase, parse_date(day, Format::DateTime)?);
    phrase.word(&word::A);
    hour_and_minute(&mut phrase, parse_time(clock, Format::DateTime)?);
    Ok(phrase)
}

pub(super) fn read_duration(value: &str) -> Result<Phrase, SpeechError> {
    if !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SpeechError::Malformed(Format::Duration));
    }
    let out_of_range = SpeechError::OutOfRange(Format::Duration);
    length(value.parse().map_err(|_| out_of_range)?).ok_or(out_of_range)
}

/// Adds `huit heures cinq`, `midi` or `minuit`.
pub(super) fn hour_and_minute(phrase: &mut Phrase, time: TimeOfDay) {
    let (hour, minute) = (time.hour.unsigned_abs(), time.minute.unsigned_abs());
    match (hour % 24, minute % 60) {
        (0, 0) => phrase.word(&word::MINUIT),
        (12, 0) => phrase.word(&word::MIDI),
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

/// Reads `09:30`, `9:30`, `09:30:00`, `9h30`, `9h`; 24:00 is the end of a day.
pub(super) fn parse_time(text: &str, format: Format) -> Result<TimeOfDay, SpeechError> {
    let malformed = SpeechError::Malformed(format);
    let (hour, rest) = text.split_once([':', 'h']).ok_or(malformed)?;
    let minute = match rest {
        "" if text.ends_with('h') => "0",
        rest => rest.split_once(':').map_or(rest, |(minute, _)| minute),
    };
    let two_digits = |part: &str| match part.len() {
        1 | 2 if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse::<i8>().map_err(|_| malformed),
        _ => Err(malformed),
    };
    match (two_digits(hour)?, two_digits(minute)?) {
        (hour @ 0..=23, minute @ 0..=59) => Ok(TimeOfDay::new(hour, minute)),
        (24, 0) => Ok(TimeOfDay::new(24, 0)),
        _ => Err(SpeechError::OutOfRange(format)),
    }
}

fn parse_date(text: &str, format: Format) -> Result<Date, SpeechError> {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return Err(SpeechError::Malformed(format));
    }
    Date::parse(text).ok_or(SpeechError::OutOfRange(format))
}

fn day_and_month(phrase: &mut Phrase, date: Date) {
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
    phrase.word(weekday(date.weekday()));
    match date.day.unsigned_abs() {
        1 => phrase.word(&word::PREMIER),
        day => phrase.say(Atom::number(day % 32, Gender::Masculine)),
    };
    phrase.word(MONTHS[usize::from(date.month.unsigned_abs().saturating_sub(1) % 12)]);
}

fn length(seconds: u64) -> Option<Phrase> {
    let hours = u32::try_from(seconds / 3_600).ok().filter(|hours| *hours <= NUMBER_MAX)?;
    let (minutes, rest) = ((seconds / 60 % 60) as u32, (seconds % 60) as u32);
    let mut phrase = Phrase::default();
    let parts = [(hours, Unit::Hour), (minutes, Unit::Minute), (rest, Unit::Second)];
    let mut left = parts.iter().filter(|(n, _)| *n > 0).count();
    if left == 0 {
        count(&mut phrase, 0, Unit::Second);
    }
    for (n, unit) in parts.into_iter().filter(|(n, _)| *n > 0) {
        if !phrase.is_empty() {
            if left == 1 {
                phrase.word(&word::ET);
            } else {
                phrase.comma();
            }
        }
        match (unit, n) {
            (Unit::Hour, 1..=23) => phrase.say(Atom::Clock(n as u8)),
            _ => {
                count(&mut phrase, n, unit);
                &mut phrase
            }
        };
        left -= 1;
    }
    Some(phrase)
}
