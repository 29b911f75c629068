//! Cardinals, ordinals, counted things and amounts of money.

use super::super::fragment::Fragment;
use super::super::read::{Gender, NUMBER_MAX, Unit};
use super::atom::{Atom, Phrase, Rank};
use super::word::{self, Word};

/// A whole number, masculine. `None` above 999,999,999.
#[cfg(test)]
pub(crate) fn number(n: u32) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    (n <= NUMBER_MAX).then(|| {
        cardinal(&mut phrase, n, Gender::Masculine);
        phrase.fragments()
    })
}

/// A whole number before a noun of that gender, at most 999,999,999.
pub(in super::super) fn gendered(n: u32, gender: Gender) -> Phrase {
    let mut phrase = Phrase::default();
    cardinal(&mut phrase, n.min(NUMBER_MAX), gender);
    phrase
}

/// A number of things, `vingt et une minutes`. `None` above 999,999,999.
pub(crate) fn quantity(n: u32, unit: Unit) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    (n <= NUMBER_MAX).then(|| {
        count(&mut phrase, n, unit);
        phrase.fragments()
    })
}

/// A rank, `deuxième`. `None` for 0 and above 999,999,999.
pub(crate) fn ordinal(n: u32, gender: Gender) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    (1..=NUMBER_MAX).contains(&n).then(|| {
        rank(&mut phrase, n, gender);
        phrase.fragments()
    })
}

/// An amount of money in cents, `douze euros et cinquante centimes`. `None` above 999,999,999.99 euros.
#[cfg(test)]
pub(crate) fn amount(cents: u64) -> Option<Vec<Fragment>> {
    let mut phrase = Phrase::default();
    money(&mut phrase, cents).then(|| phrase.fragments())
}

/// Adds a number, below zero or not.
pub(super) fn signed(phrase: &mut Phrase, (negative, n): (bool, u32)) {
    if negative {
        phrase.say(&word::MOINS);
    }
    cardinal(phrase, n, Gender::Masculine);
}

/// Adds an amount that has been read, below zero or not.
pub(super) fn signed_money(phrase: &mut Phrase, (negative, cents): (bool, u64)) {
    if negative {
        phrase.say(&word::MOINS);
    }
    money(phrase, cents);
}

/// Adds `n` in words.
pub(super) fn cardinal(phrase: &mut Phrase, n: u32, gender: Gender) {
    let (millions, thousands, rest) = (n / 1_000_000, n / 1_000 % 1_000, n % 1_000);
    if millions > 0 {
        below_thousand(phrase, millions, Gender::Masculine);
        phrase.say(if millions == 1 { &word::MILLION } else { &word::MILLIONS });
    }
    if thousands > 0 {
        // 1000 is "mille", never "un mille".
        if thousands > 1 {
            below_thousand(phrase, thousands, Gender::Masculine);
        }
        phrase.say(&word::MILLE);
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
            Unit::Euro => phrase.say(&word::D_EUROS),
            Unit::Hour => phrase.say(&word::D_HEURES),
            Unit::Call => phrase.say(&word::D_APPELS),
            _ => phrase.say(&word::DE).say(many),
        };
    } else {
        phrase.say(if n < 2 { one } else { many });
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
            Self::Day => (Gender::Masculine, &word::JOUR, &word::JOURS),
            Self::Call => (Gender::Masculine, &word::APPEL, &word::APPELS),
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
            phrase.say(&word::ET);
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
            (_, 1 | 11) => phrase.say(&word::ET),
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
