//! Values as they are written, read once for all languages: numbers, amounts, telephone numbers, moments, opening hours.

use super::format::{Format, SpeechError};
use crate::base::time::{Date, TimeOfDay, Weekday};

/// The largest number that is said.
pub(super) const NUMBER_MAX: u32 = 999_999_999;
/// Above this the estimate only says "plus de quinze minutes": what is promised further ahead is not kept.
pub(super) const WAIT_MINUTES_MAX: u64 = 15;
/// A rank above this is long to say and hard to grasp; a place further back is told as the number of persons before it.
pub(super) const RANK_MAX: usize = 999;
/// ITU-T E.164: country code and number together have at most 15 digits.
const PHONE_DIGITS_MAX: usize = 15;

/// Grammatical gender of what is counted or ranked.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gender {
    /// `un`, `premier`.
    Masculine,
    /// `une`, `première`.
    Feminine,
}

/// What is counted.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Unit {
    Euro,
    Centime,
    Hour,
    Minute,
    Second,
    Day,
    Person,
    Call,
}

impl Unit {
    /// The unit of a noun, French or English, one or many.
    pub(super) fn of_noun(noun: &str) -> Option<Self> {
        Some(match noun.to_lowercase().as_str() {
            "euro" | "euros" => Self::Euro,
            "centime" | "centimes" | "cent" | "cents" => Self::Centime,
            "heure" | "heures" | "hour" | "hours" => Self::Hour,
            "minute" | "minutes" => Self::Minute,
            "seconde" | "secondes" | "second" | "seconds" => Self::Second,
            "jour" | "jours" | "day" | "days" => Self::Day,
            "personne" | "personnes" | "person" | "people" => Self::Person,
            "appel" | "appels" | "call" | "calls" => Self::Call,
            _ => return None,
        })
    }
}

/// A number and the noun behind it: `21 minutes`.
pub(super) fn quantity(value: &str) -> Result<(u32, &str), SpeechError> {
    let split = value.find(|c: char| !c.is_ascii_digit() && !is_blank(c));
    let (digits, noun) = value.split_at(split.unwrap_or(value.len()));
    Ok((whole(digits, Format::Number)?, noun.trim()))
}

/// Blanks that people write between digits: the usual one, and the two that typography wants.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// Whether a number is negative, and its digits.
fn sign(value: &str) -> (bool, &str) {
    match value.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, value),
    }
}

/// Digits only, at most `max`. Blanks between them are how people write thousands.
fn digits_up_to(digits: &str, max: u64, format: Format) -> Result<u64, SpeechError> {
    let mut n = 0_u64;
    let mut seen = false;
    for c in digits.chars().filter(|c| !is_blank(*c)) {
        let digit = c.to_digit(10).ok_or(SpeechError::Malformed(format))?;
        seen = true;
        n = n.saturating_mul(10).saturating_add(u64::from(digit));
    }
    match seen {
        false => Err(SpeechError::Malformed(format)),
        true if n <= max => Ok(n),
        true => Err(SpeechError::OutOfRange(format)),
    }
}

/// A whole number of anything: a place, persons, seconds.
pub(super) fn count(value: &str) -> Result<u64, SpeechError> {
    digits_up_to(value, u64::MAX, Format::Number)
}

/// A whole number without a sign.
pub(super) fn whole(digits: &str, format: Format) -> Result<u32, SpeechError> {
    digits_up_to(digits, u64::from(NUMBER_MAX), format).map(|n| n as u32)
}

/// Whether it is below zero, and how much.
pub(super) fn number(value: &str) -> Result<(bool, u32), SpeechError> {
    let (negative, digits) = sign(value);
    let n = whole(digits, Format::Number)?;
    Ok((negative && n > 0, n))
}

/// A rank; feminine unless written as the masculine is: `1er`, `2nd`.
pub(super) fn ordinal(value: &str) -> Result<(u32, Gender), SpeechError> {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'è');
    let gender = match &value[digits.len()..] {
        "er" => Gender::Masculine,
        "" | "e" | "re" | "ère" | "ème" | "st" | "nd" | "rd" | "th" => Gender::Feminine,
        _ => return Err(SpeechError::Malformed(Format::Ordinal)),
    };
    match whole(digits, Format::Ordinal)? {
        0 => Err(SpeechError::OutOfRange(Format::Ordinal)),
        n => Ok((n, gender)),
    }
}

/// Whether it is below zero, and how many cents: euros when it has a decimal point or comma, else cents.
pub(super) fn amount(value: &str) -> Result<(bool, u64), SpeechError> {
    const CENTS_MAX: u64 = NUMBER_MAX as u64 * 100 + 99;
    let (negative, digits) = sign(value);
    let malformed = SpeechError::Malformed(Format::Euros);
    let cents = match digits.split_once(['.', ',']) {
        None => digits_up_to(digits, CENTS_MAX, Format::Euros)?,
        Some((euros, cents)) => {
            let euros = whole(euros, Format::Euros)?;
            let tens = match cents.len() {
                1 => 10,
                2 => 1,
                _ => return Err(malformed),
            };
            u64::from(euros) * 100 + u64::from(whole(cents, Format::Euros)? * tens)
        }
    };
    Ok((negative && cents > 0, cents))
}

/// Digits one by one; blanks are left out.
pub(super) fn digits(value: &str) -> Result<Vec<u8>, SpeechError> {
    let malformed = SpeechError::Malformed(Format::Digits);
    let digits = value.chars().filter(|c| !c.is_whitespace());
    digits.map(|c| c.to_digit(10).map(|digit| digit as u8).ok_or(malformed)).collect()
}

/// Digits in the groups in which people write them down: three by three; up to four are one group, so that a lone last digit
/// joins the group before it.
pub(super) fn groups_to_write(digits: &[u8]) -> Vec<&[u8]> {
    let (mut groups, mut left) = (Vec::new(), digits);
    while !left.is_empty() {
        let (group, rest) = left.split_at(if left.len() <= 4 { left.len() } else { 3 });
        groups.push(group);
        left = rest;
    }
    groups
}

/// A telephone number in the groups in which it is said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phone {
    /// The country code, where one is written.
    pub(super) country: Option<Vec<u8>>,
    /// The rest, in groups.
    pub(super) groups: Vec<Vec<u8>>,
}

/// A telephone number. What people write between the digits is left out.
pub(super) fn phone(value: &str) -> Result<Phone, SpeechError> {
    let (digits, international) = phone_digits(value)?;
    if international {
        let (country, rest) = digits.split_at(country_code_len(&digits).min(digits.len()));
        let by_threes = country == [3, 3] && rest.first() == Some(&8) && rest.len() == 9;
        let groups = grouped(rest, if by_threes { 3 } else { 2 });
        return Ok(Phone { country: Some(country.to_vec()), groups });
    }
    let groups = match (digits.len(), digits.as_slice()) {
        // The 08 numbers are written and said by threes: 0 805 123 456.
        (10, [0, 8, ..]) => {
            let mut groups = vec![digits[..4].to_vec()];
            groups.extend(grouped(&digits[4..], 3));
            groups
        }
        (3 | 6, _) => grouped(&digits, 3),
        _ => grouped(&digits, 2),
    };
    Ok(Phone { country: None, groups })
}

/// Groups of `size` digits; what is left over comes first, as in `+33 6 12 …`.
fn grouped(digits: &[u8], size: usize) -> Vec<Vec<u8>> {
    let (first, rest) = digits.split_at(digits.len() % size);
    let first = Some(first).filter(|first| !first.is_empty());
    first.into_iter().chain(rest.chunks(size)).map(<[u8]>::to_vec).collect()
}

/// The digits, and whether a country code comes first (`+33…` or `0033…`).
fn phone_digits(value: &str) -> Result<(Vec<u8>, bool), SpeechError> {
    let malformed = SpeechError::Malformed(Format::Phone);
    let (plus, rest) = match value.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let mut digits = Vec::with_capacity(PHONE_DIGITS_MAX);
    // `+33 (0)6` is written, but the zero in brackets is not dialled.
    for c in rest.replace("(0)", "").chars() {
        match c {
            '0'..='9' => digits.push(c as u8 - b'0'),
            '.' | '-' | '/' | '(' | ')' => {}
            c if is_blank(c) => {}
            _ => return Err(malformed),
        }
    }
    let abroad = !plus && digits.len() > 10 && digits.starts_with(&[0, 0]);
    if abroad {
        digits.drain(..2);
    }
    match digits.len() {
        0 => Err(malformed),
        1..=PHONE_DIGITS_MAX => Ok((digits, plus || abroad)),
        _ => Err(SpeechError::OutOfRange(Format::Phone)),
    }
}

/// Digits of the country code, ITU-T E.164 (annex to the operational bulletin): 1 and 7 alone, a list of pairs, else three.
fn country_code_len(digits: &[u8]) -> usize {
    match digits {
        [1 | 7, ..] => 1,
        [2, 0 | 7, ..]
        | [3, 0..=4 | 6 | 9, ..]
        | [4, 0 | 1 | 3..=9, ..]
        | [5, 1..=8, ..]
        | [6, 0..=6, ..]
        | [8, 1 | 2 | 4 | 6, ..]
        | [9, 0..=5 | 8, ..] => 2,
        _ => 3,
    }
}

/// A character of a reference.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Spelled {
    /// A letter of the alphabet, upper case, its accent left out.
    Letter(char),
    /// A digit.
    Digit(u8),
    /// `-`, `_`, `.`, `/` or `@`.
    Sign(char),
    /// A blank: a pause.
    Blank,
}

/// A reference, character by character.
pub(super) fn spelling(value: &str) -> Result<Vec<Spelled>, SpeechError> {
    let read = |c: char| match c {
        '0'..='9' => Ok(Spelled::Digit(c as u8 - b'0')),
        '-' | '_' | '.' | '/' | '@' => Ok(Spelled::Sign(c)),
        c if c.is_whitespace() => Ok(Spelled::Blank),
        c => letter(c).map(Spelled::Letter).ok_or(SpeechError::Malformed(Format::Spell)),
    };
    value.chars().map(read).collect()
}

/// The letter of the alphabet under an accent, upper case.
fn letter(c: char) -> Option<char> {
    let plain = match c.to_lowercase().next()? {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ÿ' => 'y',
        other => other,
    };
    plain.is_ascii_lowercase().then(|| plain.to_ascii_uppercase())
}

/// A date, and whether its year is said: of `24122026`, which a caller has typed and which may be any, but not of
/// `2026-12-24`, which is near. What follows a `T` is left out.
pub(super) fn date(value: &str) -> Result<(Date, bool), SpeechError> {
    let typed = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    if typed {
        let iso = format!("{}-{}-{}", &value[4..], &value[2..4], &value[..2]);
        return Ok((iso_date(&iso, Format::Date)?, true));
    }
    let day = value.split_once('T').map_or(value, |(day, _)| day);
    Ok((iso_date(day, Format::Date)?, false))
}

/// `2026-12-24`.
pub(super) fn iso_date(text: &str, format: Format) -> Result<Date, SpeechError> {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return Err(SpeechError::Malformed(format));
    }
    Date::parse(text).ok_or(SpeechError::OutOfRange(format))
}

/// A day and a time of it.
pub(super) fn date_time(value: &str) -> Result<(Date, TimeOfDay), SpeechError> {
    let malformed = SpeechError::Malformed(Format::DateTime);
    let (day, rest) = value.split_once(['T', ' ']).ok_or(malformed)?;
    // RFC 3339 goes on with seconds, their fraction and an offset; the civil time stands before them.
    let clock = match rest.get(..5) {
        Some(clock) if rest[5..].is_empty() || rest[5..].starts_with([':', 'Z', '+', '-']) => clock,
        Some(_) => return Err(malformed),
        None => rest,
    };
    Ok((iso_date(day, Format::DateTime)?, time(clock, Format::DateTime)?))
}

/// `09:30`, `9:30`, `09:30:00`, `9h30`, `9h`; 24:00 is the end of a day.
pub(super) fn time(text: &str, format: Format) -> Result<TimeOfDay, SpeechError> {
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

/// Hours, minutes and seconds of a number of seconds. `None` above 999,999,999 hours.
pub(super) fn length(seconds: u64) -> Option<(u32, u32, u32)> {
    let hours = u32::try_from(seconds / 3_600).ok().filter(|hours| *hours <= NUMBER_MAX)?;
    Some((hours, (seconds / 60 % 60) as u32, (seconds % 60) as u32))
}

/// A duration in seconds.
pub(super) fn duration(value: &str) -> Result<(u32, u32, u32), SpeechError> {
    let seconds = digits_up_to(value, u64::MAX, Format::Duration)?;
    length(seconds).ok_or(SpeechError::OutOfRange(Format::Duration))
}

/// Days that share their opening hours.
#[derive(Debug)]
pub(super) struct OpenDays {
    /// Days: one, or from one to another.
    pub(super) days: Vec<(Weekday, Option<Weekday>)>,
    /// From when until when.
    pub(super) spans: Vec<(TimeOfDay, TimeOfDay)>,
}

/// Opening hours of a week: `mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00`.
pub(super) fn hours(value: &str) -> Result<Vec<OpenDays>, SpeechError> {
    const MALFORMED: SpeechError = SpeechError::Malformed(Format::Hours);
    let groups = value.split(';').map(str::trim).filter(|group| !group.is_empty());
    let mut week = Vec::new();
    for group in groups {
        let (days, spans) = group.split_once(' ').ok_or(MALFORMED)?;
        let read_days = |item: &str| match item.split_once('-') {
            None => Some((weekday(item)?, None)),
            Some((from, until)) => Some((weekday(from)?, Some(weekday(until)?))),
        };
        let read_span = |span: &str| {
            let (from, until) = span.split_once('-').ok_or(MALFORMED)?;
            Ok((time(from, Format::Hours)?, time(until, Format::Hours)?))
        };
        let days = days.split(',').map(read_days).collect::<Option<Vec<_>>>().ok_or(MALFORMED)?;
        let spans = spans.split([' ', ',']).filter(|span| !span.is_empty());
        let spans = spans.map(read_span).collect::<Result<Vec<_>, _>>()?;
        if spans.is_empty() {
            return Err(MALFORMED);
        }
        week.push(OpenDays { days, spans });
    }
    if week.is_empty() { Err(MALFORMED) } else { Ok(week) }
}

fn weekday(name: &str) -> Option<Weekday> {
    let index = match name.trim().to_lowercase().as_str() {
        "mon" | "lun" => 0,
        "tue" | "mar" => 1,
        "wed" | "mer" => 2,
        "thu" | "jeu" => 3,
        "fri" | "ven" => 4,
        "sat" | "sam" => 5,
        "sun" | "dim" => 6,
        _ => return None,
    };
    Some(Weekday::ALL[index])
}
