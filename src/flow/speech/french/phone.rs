//! Telephone numbers, digits one by one, and references spelled.

use super::super::read::{Gender, Phone, Spelled, groups_to_write};
use super::atom::{Atom, Phrase};
use super::number::below_thousand;
use super::word;

/// Adds a telephone number, its groups as numbers.
pub(super) fn phone(phrase: &mut Phrase, phone: &Phone) {
    if let Some(country) = &phone.country {
        phrase.say(&word::PLUS);
        group(phrase, country);
    }
    for digits in &phone.groups {
        if !phrase.is_empty() {
            phrase.comma();
        }
        group(phrase, digits);
    }
}

/// Adds one digit after another, three by three: what a person can write down.
pub(super) fn digits(phrase: &mut Phrase, digits: &[u8]) {
    for group in groups_to_write(digits) {
        if !phrase.is_empty() {
            phrase.comma();
        }
        for digit in group {
            phrase.say(Atom::number(*digit, Gender::Masculine)).beat();
        }
    }
}

/// Adds a reference: letters by their names, digits one by one, a blank as a pause.
pub(super) fn spelling(phrase: &mut Phrase, reference: &[Spelled]) {
    for spelled in reference {
        let atom = match spelled {
            Spelled::Digit(digit) => Atom::number(*digit, Gender::Masculine),
            Spelled::Letter(letter) => Atom::Letter(*letter),
            Spelled::Sign('-') => Atom::Word(&word::DASH),
            Spelled::Sign('_') => Atom::Word(&word::UNDERSCORE),
            Spelled::Sign('/') => Atom::Word(&word::SLASH),
            Spelled::Sign('@') => Atom::Word(&word::AT_SIGN),
            Spelled::Sign(_) => Atom::Word(&word::POINT),
            Spelled::Blank => {
                phrase.comma();
                continue;
            }
        };
        phrase.say(atom).beat();
    }
}

/// Adds one group of digits as a number whose leading zeros are said.
fn group(phrase: &mut Phrase, digits: &[u8]) {
    match digits {
        [0, digit] => {
            phrase.say(Atom::ZeroAnd(*digit));
        }
        _ => below_thousand_with_zeros(phrase, digits),
    }
}

fn below_thousand_with_zeros(phrase: &mut Phrase, digits: &[u8]) {
    match digits {
        [0, rest @ ..] if !rest.is_empty() => {
            phrase.say(Atom::number(0, Gender::Masculine));
            group(phrase, rest);
        }
        _ => {
            let n = digits.iter().fold(0_u32, |n, digit| n * 10 + u32::from(*digit));
            below_thousand(phrase, n, Gender::Masculine);
        }
    }
}
