//! Spoken French, by the rules of grammar and of the telephone. The consonant that French adds before a vowel belongs to the
//! syllable that follows it, so it is recorded with the noun: `deux` + `zeuros`, `vingt` + `teuros`.

mod atom;
mod bank;
mod moment;
mod number;
mod opening;
mod phone;
mod queue;
mod word;

use super::format::{Format, SpeechError};
use super::read;
pub(super) use atom::Phrase;

pub(super) use bank::bank;
#[cfg(test)]
pub(crate) use moment::duration;
pub(super) use moment::opening_moment;
pub(crate) use moment::{date, date_with_year, time};
pub(super) use number::gendered;
#[cfg(test)]
pub(crate) use number::{amount, number};
pub(crate) use number::{ordinal, quantity};
pub(crate) use queue::{persons_before, position, wait};

/// A value in French. `value` is neither empty nor too long.
pub(super) fn phrase(format: Format, value: &str) -> Result<Phrase, SpeechError> {
    let mut phrase = Phrase::default();
    match format {
        Format::Digits => phone::digits(&mut phrase, &read::digits(value)?),
        Format::Phone => phone::phone(&mut phrase, &read::phone(value)?),
        Format::Spell => phone::spelling(&mut phrase, &read::spelling(value)?),
        Format::Number => number::signed(&mut phrase, read::number(value)?),
        Format::Ordinal => {
            let (n, gender) = read::ordinal(value)?;
            number::rank(&mut phrase, n, gender);
        }
        Format::Euros => number::signed_money(&mut phrase, read::amount(value)?),
        Format::Date => {
            let (date, with_year) = read::date(value)?;
            moment::day(&mut phrase, date, with_year);
        }
        Format::Time => moment::hour_and_minute(&mut phrase, read::time(value, Format::Time)?),
        Format::DateTime => {
            let (date, time) = read::date_time(value)?;
            moment::day_and_time(&mut phrase, date, time);
        }
        Format::Duration => moment::length(&mut phrase, read::duration(value)?),
        Format::Hours => opening::week(&mut phrase, &read::hours(value)?),
    }
    Ok(phrase)
}
