//! Spoken English, for callers of a French company: simple, and hard to mishear on a telephone line.
//!
//! - Numbers in British style, `one hundred and twenty-three`: what is taught in Europe.
//! - Telephone numbers and references digit by digit, in the groups in which the French write them; `zero`, never `oh`,
//!   which is also a letter.
//! - Times of day by twelve hours with `a.m.` and `p.m.`, `noon` and `midnight`: an American may not know what is meant by
//!   "fourteen thirty", while every learner knows "two thirty p.m."; "nine o'clock" would leave out which half of the day.
//! - Dates as `Thursday, the twenty-sixth of November`: day before month could be misread only in figures.

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
pub(super) use moment::{date_with_year, opening_moment};
pub(super) use number::counted;
pub(super) use queue::{persons_before, position, wait};

/// A value in English. `value` is neither empty nor too long.
pub(super) fn phrase(format: Format, value: &str) -> Result<Phrase, SpeechError> {
    let mut phrase = Phrase::default();
    match format {
        Format::Digits => phone::digits(&mut phrase, &read::digits(value)?),
        Format::Phone => phone::phone(&mut phrase, &read::phone(value)?),
        Format::Spell => phone::spelling(&mut phrase, &read::spelling(value)?),
        Format::Number => number::signed(&mut phrase, read::number(value)?),
        Format::Ordinal => number::rank(&mut phrase, read::ordinal(value)?.0),
        Format::Euros => number::signed_money(&mut phrase, read::amount(value)?),
        Format::Date => {
            let (date, with_year) = read::date(value)?;
            moment::day(&mut phrase, date, with_year);
        }
        Format::Time => moment::time_of_day(&mut phrase, read::time(value, Format::Time)?),
        Format::DateTime => {
            let (date, time) = read::date_time(value)?;
            moment::day_and_time(&mut phrase, date, time);
        }
        Format::Duration => moment::length(&mut phrase, read::duration(value)?),
        Format::Hours => opening::week(&mut phrase, &read::hours(value)?),
    }
    Ok(phrase)
}
