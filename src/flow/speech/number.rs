//! Cardinals, ordinals, counted things and amounts of money.

use super::atom::{Atom, Gender, Phrase, Rank};
use super::word::{self, Word};
use super::{Format, Fragment, SpeechError};

/// The largest number that is said.
pub(super) const NUMBER_MAX: u32 = 999_999_999;

/// What is counted.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Euro,
    Centime,
    Hour,
    Minute,
    Second,
    Person,
}

/// A whole number, masculine. `None` above 999,999,999.
pub fn number(n: u32) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    (n <= NUMBER_MAX).then(|| {
        cardinal(&mut phrase, n, Gender::Masculine);
        phrase.fragments()
    })
}

/// A number of things, `vingt et une minutes`. `None` above 999,999,999.
pub fn quantity(n: u32, unit: Unit) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    (n <= NUMBER_MAX).then(|| {
        count(&mut phrase, n, unit);
        phrase.fragments()
    })
}

/// A rank, `deuxième`. `None` for 0 and above 999,999,999.
pub fn ordinal(n: u32, gender: Gender) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    (1..=NUMBER_MAX).contains(&n).then(|| {
        rank(&mut phrase, n, gender);
        phrase.fragments()
    })
}

/// An amount of money in cents, `douze euros et cinquante centimes`. `None` above 999,999,999.99 euros.
pub fn amount(cents: u64) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    money(&mut phrase, cents).then(|| phrase.fragments())
}

pub(super) fn read_number(value: &str) -> Result<Phrase, SpeechError> {
    let (negative, digits) = sign(value);
    let n = whole(digits, Format::Number)?;
    let mut phrase = Phrase::default();
    if negative && n > 0 {
        phrase.word(&word::MOINS);
    }
    cardinal(&mut phrase, n, Gender::Masculine);
    Ok(phrase)
}

pub(super) fn read_ordinal(value: &str) -> Result<Phrase, SpeechError> {
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'è');
    let gender = match &value[digits.len()..] {
        "er" => Gender::Masculine,
        "" | "e" | "re" | "ère" | "ème" => Gender::Feminine,
        _ => return Err(SpeechError::Malformed(Format::Ordinal)),
    };
    let mut phrase = Phrase::default();
    match whole(digits, Format::Ordinal)? {
        0 => return Err(SpeechError::OutOfRange(Format::Ordinal)),
        n => rank(&mut phrase, n, gender),
    }
    Ok(phrase)
}

pub(super) fn read_amount(value: &str) -> Result<Phrase, SpeechError> {
    let (negative, digits) = sign(value);
    let malformed = SpeechError::Malformed(Format::Euros);
    let out_of_range = SpeechError::OutOfRange(Format::Euros);
    let cents = match digits.split_once(['.', ',']) {
        None => {
            let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            if !only_digits || digits.is_empty() {
                return Err(malformed);
            }
            digits.parse::<u64>().map_err(|_| out_of_range)?
        }
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
    let mut phrase = Phrase::default();
    if negative && cents > 0 {
        phrase.word(&word::MOINS);
    }
    if money(&mut phrase, cents) { Ok(phrase) } else { Err(out_of_range) }
}

/// Adds `n` in words.
pub(super) fn cardinal(phrase: &mut Phrase, n: u32, gender: Gender) {
    let (millions, thousands, rest) = (n / 1_000_000, n / 1_000 % 1_000, n % 1_000);
    if millions > 0 {
        below_thousand(phrase, millions, Gender::Masculine);
        phrase.word(if millions == 1 { &word::MILLION } else { &word::MILLIONS });
    }
    if thousands > 0 {
        // 1000 is "mille", never "un mille".
        if thousands > 1 {
            below_thousand(phrase, thousands, Gender::Masculine);
        }
        phrase.word(&word::MILLE);
    }
    if rest > 0 || n == 0 {
        below_thousand(phrase, rest, gender);
    }
}

/// Adds `n` (0 to 999) in words.
pub(super) fn below_thousand(phrase: &mut Phrase, n: u32, gender: Gender) {
    let (hundreds, rest) = ((n / 100 % 10) as u8, (n % 100) as u8);
    if hundreds > 0 {
        phrase.say(Atom::Hundreds(hundreds));
    }
    if rest > 0 || hundreds == 0 {
        phrase.say(Atom::number(rest, gender));
    }
}

/// Adds a number of things.
pub(super) fn count(phrase: &mut Phrase, n: u32, unit: Unit) {
    let (gender, one, many) = unit.noun();
    cardinal(phrase, n, gender);
    // "million" is a noun: what it counts follows with "de", but only when nothing stands between.
    if n > 0 && n.is_multiple_of(1_000_000) {
        match unit {
            Unit::Euro => phrase.word(&word::D_EUROS),
            Unit::Hour => phrase.word(&word::D_HEURES),
            _ => phrase.word(&word::DE).word(many),
        };
    } else {
        phrase.word(if n < 2 { one } else { many });
    }
}

impl Unit {
    fn noun(self) -> (Gender, &'static Word, &'static Word) {
        match self {
            Self::Euro => (Gender::Masculine, &word::EURO, &word::EUROS),
            Self::Centime => (Gender::Masculine, &word::CENTIME, &word::CENTIMES),
            Self::Hour => (Gender::Feminine, &word::HEURE, &word::HEURES),
            Self::Minute => (Gender::Feminine, &word::MINUTE, &word::MINUTES),
            Self::Second => (Gender::Feminine, &word::SECONDE, &word::SECONDES),
            Self::Person => (Gender::Feminine, &word::PERSONNE, &word::PERSONNES),
        }
    }
}

fn money(phrase: &mut Phrase, cents: u64) -> bool {
    let (Ok(euros), rest) = (u32::try_from(cents / 100), (cents % 100) as u32) else {
        return false;
    };
    if euros > NUMBER_MAX {
        return false;
    }
    if euros > 0 || rest == 0 {
        count(phrase, euros, Unit::Euro);
    }
    if rest > 0 {
        if euros > 0 {
            phrase.word(&word::ET);
        }
        count(phrase, rest, Unit::Centime);
    }
    true
}

/// Adds an ordinal: the cardinal, its last word turned into a rank.
pub(super) fn rank(phrase: &mut Phrase, n: u32, gender: Gender) {
    let last = (n % 100) as u8;
    if n == 1 {
        phrase.say(Atom::Rank(Rank::First(gender)));
    } else if last > 0 {
        above(phrase, n, 100);
        rank_below_hundred(phrase, last);
    } else if !n.is_multiple_of(1_000) {
        above(phrase, n, 1_000);
        multiplier(phrase, n / 100 % 10);
        phrase.say(Atom::Rank(Rank::Hundredth));
    } else if !n.is_multiple_of(1_000_000) {
        above(phrase, n, 1_000_000);
        multiplier(phrase, n / 1_000 % 1_000);
        phrase.say(Atom::Rank(Rank::Thousandth));
    } else {
        multiplier(phrase, n / 1_000_000);
        phrase.say(Atom::Rank(Rank::Millionth));
    }
}

/// Adds 1 to 99 as the end of an ordinal.
fn rank_below_hundred(phrase: &mut Phrase, n: u8) {
    let tens = match n {
        0..=29 => 0,
        60..=79 => 60,
        80..=99 => 80,
        _ => n / 10 * 10,
    };
    let unit = n - tens;
    if unit == 0 {
        phrase.say(Atom::Rank(Rank::Nth(n)));
        return;
    }
    if tens > 0 {
        phrase.say(Atom::number(tens, Gender::Masculine));
        match (tens, unit) {
            (80, _) => phrase.hyphen(),
            (_, 1 | 11) => phrase.word(&word::ET),
            _ => phrase.hyphen(),
        };
    }
    phrase.say(Atom::Rank(if unit == 1 { Rank::CompoundFirst } else { Rank::Nth(unit) }));
}

/// Adds what stands above the last `step` of `n` as a cardinal.
fn above(phrase: &mut Phrase, n: u32, step: u32) {
    if n >= step {
        cardinal(phrase, n / step * step, Gender::Masculine);
    }
}

/// `deux` in `deux centième`; nothing for one.
fn multiplier(phrase: &mut Phrase, n: u32) {
    if n > 1 {
        below_thousand(phrase, n, Gender::Masculine);
    }
}

fn sign(value: &str) -> (bool, &str) {
    match value.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (true, digits),
        None => (false, value),
    }
}

/// Digits only, at most `NUMBER_MAX`. Blanks between them are how people write thousands.
fn whole(digits: &str, format: Format) -> Result<u32, SpeechError> {
    let mut n = 0_u32;
    let mut seen = false;
    for c in digits.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')) {
        let digit = c.to_digit(10).ok_or(SpeechError::Malformed(format))?;
        seen = true;
        n = n.saturating_mul(10).saturating_add(digit);
    }
    match (seen, n) {
        (false, _) => Err(SpeechError::Malformed(format)),
        (true, 0..=NUMBER_MAX) => Ok(n),
        (true, _) => Err(SpeechError::OutOfRange(format)),
    }
}
