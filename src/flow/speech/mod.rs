//! Spoken French: what a value sounds like, in words and as the recorded fragments that say it.
//!
//! Both come from one list of atoms, so that what is written and what is heard cannot differ. Every number up to
//! 999,999,999, date, hour, amount and reference is said from a finite bank of recordings ([`bank`]), without any speech
//! synthesis at run time. Fragments exist as they sound at the end of a phrase, before a comma, and inside a phrase: the
//! three pronunciations of `six` (`sis`, `sis,`, `si`). The consonant that French adds before a vowel belongs to the syllable
//! that follows it, so it is recorded with the noun: `deux` + `zeuros`, `vingt` + `teuros`.
//!
//! This room does not render static texts, does not know files, and speaks no other language.

mod atom;
mod bank;
mod language;
mod moment;
mod number;
mod opening;
mod phone;
mod queue;
mod word;

use std::fmt;
use std::sync::Arc;

use crate::base::diagnostic::Text;
use crate::base::limit::SPOKEN_VALUE_BYTES_MAX;
use crate::base::name::Name;
use crate::say;
use atom::Phrase;

pub use atom::Gender;
pub use bank::{Delivery, Recording, bank};
pub use language::Language;
pub use moment::{date, date_with_year, duration, time};
pub use number::{Unit, amount, number, ordinal, quantity};
pub use queue::{persons_before, position, wait};

/// A piece of recorded speech, and the words that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Key of the recording in the library of sounds: `nombres/21.wav`.
    pub key: Name,
    /// Its words, with the comma, full stop or hyphen that follows; empty for a pause.
    pub text: Arc<str>,
}

/// How a value is read aloud: the word behind the bar in `{name|format}`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// One digit after another, in groups that can be written down: `12345678`.
    Digits,
    /// A telephone number as the French say it, by pairs or by threes: `0612345678`, `0 800 123 456`, `+33612345678`, `3949`.
    Phone,
    /// A whole number, `-999999999` to `999999999`.
    Number,
    /// A rank, feminine (`1` is *première*) unless written as French writes the masculine: `1er`.
    Ordinal,
    /// An amount: euros when it has a decimal point or comma (`12.50`), else cents (`1250`).
    Euros,
    /// A date, `2026-11-26`: weekday, day and month. What follows a `T` is left out.
    Date,
    /// A time of day, `09:30` or `9h30`.
    Time,
    /// Both, `2026-11-26T09:30`, as written: seconds and offset are left out.
    DateTime,
    /// Seconds, `90`.
    Duration,
    /// Opening hours: `mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00`, days in English or French.
    Hours,
    /// A reference, letter by letter: `AB-123`.
    Spell,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 11] = [
        Self::Digits,
        Self::Phone,
        Self::Number,
        Self::Ordinal,
        Self::Euros,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::Duration,
        Self::Hours,
        Self::Spell,
    ];

    /// Its word in the flow language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Phone => "phone",
            Self::Number => "number",
            Self::Ordinal => "ordinal",
            Self::Euros => "euros",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date-time",
            Self::Duration => "duration",
            Self::Hours => "hours",
            Self::Spell => "spell",
        }
    }

    /// The format of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

/// Why a value cannot be said. It never repeats the value, which may be personal.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SpeechError {
    /// Nothing to say.
    Empty,
    /// Longer than `SPOKEN_VALUE_BYTES_MAX`.
    TooLong,
    /// Not written as the format demands.
    Malformed(Format),
    /// Written well, but beyond what can be said (a number above 999,999,999, a date that does not exist).
    OutOfRange(Format),
}

impl SpeechError {
    /// As the operator reads it.
    pub fn text(self) -> Text {
        match self {
            Self::Empty => Text::word("there is nothing to say"),
            Self::TooLong => say!("a spoken value has at most {} bytes", SPOKEN_VALUE_BYTES_MAX),
            Self::Malformed(format) => say!("the value cannot be read as `{}`", format.as_str()),
            Self::OutOfRange(format) => say!("the value is out of the range of `{}`", format.as_str()),
        }
    }
}

impl fmt::Display for SpeechError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().english())
    }
}

impl std::error::Error for SpeechError {}

/// The words of a value.
pub fn words(format: Format, value: &str) -> Result<String, SpeechError> {
    Ok(text(&speak(format, value)?))
}

/// The recordings that say a value, in order.
pub fn speak(format: Format, value: &str) -> Result<Vec<Fragment>, SpeechError> {
    Ok(phrase(format, value)?.fragments())
}

/// The words of fragments: what a caller hears, written.
pub fn text(fragments: &[Fragment]) -> String {
    let mut words = String::new();
    for fragment in fragments.iter().filter(|fragment| !fragment.text.is_empty()) {
        if !words.is_empty() && !words.ends_with('-') {
            words.push(' ');
        }
        words.push_str(&fragment.text);
    }
    words
}

fn phrase(format: Format, value: &str) -> Result<Phrase, SpeechError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(SpeechError::Empty);
    }
    if value.len() > SPOKEN_VALUE_BYTES_MAX {
        return Err(SpeechError::TooLong);
    }
    match format {
        Format::Digits => phone::digits(value),
        Format::Phone => phone::phone(value),
        Format::Spell => phone::spelling(value),
        Format::Number => number::read_number(value),
        Format::Ordinal => number::read_ordinal(value),
        Format::Euros => number::read_amount(value),
        Format::Date => moment::read_date(value),
        Format::Time => moment::read_time(value),
        Format::DateTime => moment::read_date_time(value),
        Format::Duration => moment::read_duration(value),
        Format::Hours => opening::read_hours(value),
    }
}

#[cfg(test)]
mod tests;
