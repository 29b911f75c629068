//! Telephone numbers, digits one by one, and references spelled.

use super::super::read::{Phone, Spelled, groups_to_write};
use super::atom::{Atom, Phrase};
use super::word;

/// Adds a telephone number, digit by digit, in its groups.
pub(super) fn phone(phrase: &mut Phrase, phone: &Phone) {
    if let Some(country) = &phone.country {
        phrase.say(&word::PLUS);
        group(phrase, country);
    }
    in_groups(phrase, phone.groups.iter().map(Vec::as_slice));
}

/// Adds one digit after another, three by three: what a person can write down.
pub(super) fn digits(phrase: &mut Phrase, digits: &[u8]) {
    in_groups(phrase, groups_to_write(digits).into_iter());
}

/// Adds a reference: letters by their names, digits one by one, a blank as a pause.
pub(super) fn spelling(phrase: &mut Phrase, reference: &[Spelled]) {
    for spelled in reference {
        let atom = match spelled {
            Spelled::Digit(digit) => Atom::Number(*digit),
            Spelled::Letter(letter) => Atom::Letter(*letter),
            Spelled::Sign('-') => Atom::Word(&word::DASH),
            Spelled::Sign('_') => Atom::Word(&word::UNDERSCORE),
            Spelled::Sign('/') => Atom::Word(&word::SLASH),
            Spelled::Sign('@') => Atom::Word(&word::AT_SIGN),
            Spelled::Sign(_) => Atom::Word(&word::DOT),
            Spelled::Blank => {
                phrase.comma();
                continue;
            }
        };
        phrase.say(atom).beat();
    }
}

fn in_groups<'a>(phrase: &mut Phrase, groups: impl Iterator<Item = &'a [u8]>) {
    for digits in groups {
        if !phrase.is_empty() {
            phrase.comma();
        }
        group(phrase, digits);
    }
}

fn group(phrase: &mut Phrase, digits: &[u8]) {
    for digit in digits {
        phrase.say(Atom::Number(*digit)).beat();
    }
}
