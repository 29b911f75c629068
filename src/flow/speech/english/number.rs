//! Cardinals, ordinals, counted things and amounts of money.

use super::super::read::{NUMBER_MAX, Unit};
use super::atom::{Atom, Phrase};
use super::word::{self, Word};

/// A number of things. `None` above 999,999,999.
pub(in super::super) fn counted(n: u32, unit: Unit) -> Option<Phrase> {
    let mut phrase = Phrase::default();
    (n <= NUMBER_MAX).then(|| {
        count(&mut phrase, n, unit);
        phrase
    })
}

/// Adds a number, below zero or not.
pub(super) fn signed(phrase: &mut Phrase, (negative, n): (bool, u32)) {
    if negative {
        phrase.say(&word::MINUS);
    }
    cardinal(phrase, n);
}

/// Adds an amount of money in cents, below zero or not.
pub(super) fn signed_money(phrase: &mut Phrase, (negative, cents): (bool, u64)) {
    if negative {
        phrase.say(&word::MINUS);
    }
    // `read.rs` gives no more than fits.
    let (euros, rest) = (u32::try_from(cents / 100).unwrap_or(NUMBER_MAX), (cents % 100) as u32);
    if euros > 0 || rest == 0 {
        count(phrase, euros, Unit::Euro);
    }
    if rest > 0 {
        if euros > 0 {
            phrase.say(&word::AND);
        }
        count(phrase, rest, Unit::Centime);
    }
}

/// Adds `n` in words: `one million two hundred thousand and one`.
pub(super) fn cardinal(phrase: &mut Phrase, n: u32) {
    let (millions, thousands, rest) = (n / 1_000_000, n / 1_000 % 1_000, n % 1_000);
    if millions > 0 {
        below_thousand(phrase, millions);
        phrase.say(&word::MILLION);
    }
    if thousands > 0 {
        below_thousand(phrase, thousands);
        phrase.say(&word::THOUSAND);
    }
    if n >= 1_000 && (1..100).contains(&rest) {
        phrase.say(&word::AND);
    }
    if rest > 0 || n == 0 {
        below_thousand(phrase, rest);
    }
}

/// Adds a number of things; only one is singular.
pub(super) fn count(phrase: &mut Phrase, n: u32, unit: Unit) {
    let (one, many): (&'static Word, &'static Word) = match unit {
        Unit::Euro => (&word::EURO, &word::EUROS),
        Unit::Centime => (&word::CENT, &word::CENTS),
        Unit::Hour => (&word::HOUR, &word::HOURS),
        Unit::Minute => (&word::MINUTE, &word::MINUTES),
        Unit::Second => (&word::SECOND, &word::SECONDS),
        Unit::Day => (&word::DAY, &word::DAYS),
        Unit::Person => (&word::PERSON, &word::PEOPLE),
        Unit::Call => (&word::CALL, &word::CALLS),
    };
    cardinal(phrase, n);
    phrase.say(if n == 1 { one } else { many });
}

/// Adds an ordinal: the cardinal, its last word turned into a rank.
pub(super) fn rank(phrase: &mut Phrase, n: u32) {
    let last = n % 100;
    if last > 0 {
        if n > 100 {
            cardinal(phrase, n - last);
            phrase.say(&word::AND);
        }
        rank_below_hundred(phrase, last as u8);
        return;
    }
    let (above, multiplier, word) = if !n.is_multiple_of(1_000) {
        (n / 1_000 * 1_000, n / 100 % 10, &word::HUNDREDTH)
    } else if !n.is_multiple_of(1_000_000) {
        (n / 1_000_000 * 1_000_000, n / 1_000 % 1_000, &word::THOUSANDTH)
    } else {
        (0, n / 1_000_000, &word::MILLIONTH)
    };
    if above > 0 {
        cardinal(phrase, above);
    }
    below_thousand(phrase, multiplier);
    phrase.say(word);
}

/// Adds 1 to 99 as the end of an ordinal: `twenty-sixth`.
pub(super) fn rank_below_hundred(phrase: &mut Phrase, n: u8) {
    if n <= 20 || n.is_multiple_of(10) {
        phrase.say(Atom::Rank(n));
    } else {
        phrase.say(Atom::Number(n / 10 * 10)).hyphen().say(Atom::Rank(n % 10));
    }
}

/// Adds 0 to 99.
pub(super) fn below_hundred(phrase: &mut Phrase, n: u8) {
    if n <= 20 || n.is_multiple_of(10) {
        phrase.say(Atom::Number(n));
    } else {
        phrase.say(Atom::Number(n / 10 * 10)).hyphen().say(Atom::Number(n % 10));
    }
}

/// Adds 0 to 999: `one hundred and twenty-three`.
fn below_thousand(phrase: &mut Phrase, n: u32) {
    let (hundreds, rest) = ((n / 100 % 10) as u8, (n % 100) as u8);
    if hundreds > 0 {
        phrase.say(Atom::Number(hundreds)).say(&word::HUNDRED);
        if rest > 0 {
            phrase.say(&word::AND);
        }
    }
    if rest > 0 || hundreds == 0 {
        below_hundred(phrase, rest);
    }
}
