//! Telephone numbers, digits one by one, and references spelled.

use super::atom::{Atom, Gender, Phrase};
use super::number::below_thousand;
use super::word;
use super::{Format, SpeechError};

/// ITU-T E.164: country code and number together have at most 15 digits.
const PHONE_DIGITS_MAX: usize = 15;

/// A telephone number. What people write between the digits is left out.
pub(super) fn phone(value: &str) -> Result<Phrase, SpeechError> {
    let (digits, international) = phone_digits(value)?;
    let mut phrase = Phrase::default();
    if international {
        let (country, rest) = digits.split_at(country_code_len(&digits).min(digits.len()));
        phrase.word(&word::PLUS);
        group(&mut phrase, country);
        let by_threes = country == [3, 3] && matches!(rest, [8, 0..=2 | 9, ..]) && rest.len() == 9;
        groups(&mut phrase, rest, if by_threes { 3 } else { 2 });
        return Ok(phrase);
    }
    match (digits.len(), digits.as_slice()) {
        // The 08 numbers are written and said by threes: 0 805 123 456.
        (10, [0, 8, 0 | 1 | 2 | 9, ..]) => {
            phrase.say(Atom::number(0, Gender::Masculine));
            below_thousand_with_zeros(&mut phrase, &digits[1..4]);
            groups(&mut phrase, &digits[4..], 3);
        }
        (3 | 6, _) => groups(&mut phrase, &digits, 3),
        _ => groups(&mut phrase, &digits, 2),
    }
    Ok(phrase)
}

/// One digit after another, three by three: what a person can write down.
pub(super) fn digits(value: &str) -> Result<Phrase, SpeechError> {
    let malformed = SpeechError::Malformed(Format::Digits);
    let mut digits = Vec::new();
    for c in value.chars().filter(|c| !c.is_whitespace()) {
        digits.push(c.to_digit(10).ok_or(malformed)? as u8);
    }
    let mut phrase = Phrase::default();
    // Up to four digits are one group; a lone last digit joins the group before it.
    let mut left = digits.as_slice();
    while !left.is_empty() {
        let (group, rest) = left.split_at(if left.len() <= 4 { left.len() } else { 3 });
        for digit in group {
            phrase.say(Atom::number(*digit, Gender::Masculine)).beat();
        }
        if !rest.is_empty() {
            phrase.comma();
        }
        left = rest;
    }
    Ok(phrase)
}

/// A reference: letters by their names, digits one by one, a blank as a pause.
pub(super) fn spelling(value: &str) -> Result<Phrase, SpeechError> {
    let mut phrase = Phrase::default();
    for c in value.chars() {
        let atom = match c {
            '0'..='9' => Atom::number(c as u8 - b'0', Gender::Masculine),
            '-' => Atom::Word(&word::DASH),
            '_' => Atom::Word(&word::UNDERSCORE),
            '.' => Atom::Word(&word::POINT),
            '/' => Atom::Word(&word::SLASH),
            '@' => Atom::Word(&word::AT_SIGN),
            c if c.is_whitespace() => {
                phrase.comma();
                continue;
            }
            c => Atom::Letter(letter(c).ok_or(SpeechError::Malformed(Format::Spell))?),
        };
        phrase.say(atom).beat();
    }
    Ok(phrase)
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
            ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' => {}
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

/// Adds groups of `size` digits with commas; what is left over comes first, as in `+33 6 12 …`.
fn groups(phrase: &mut Phrase, digits: &[u8], size: usize) {
    let (first, rest) = digits.split_at(digits.len() % size);
    for digits in Some(first).filter(|first| !first.is_empty()).into_iter().chain(rest.chunks(size)) {
        if !phrase.is_empty() {
            phrase.comma();
        }
        group(phrase, digits);
    }
}

/// Adds one group of up to three digits as a number whose leading zeros are said.
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
