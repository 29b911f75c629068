//! What a value sounds like, in each language that callers hear: in words, and as the recorded fragments that say it.
//!
//! Both come from one list of pieces, so that what is written and what is heard cannot differ. Every number up to
//! 999,999,999, date, hour, amount and reference is said from a finite bank of recordings ([`bank`]), without any speech
//! synthesis at run time. Fragments exist as they sound at the end of a phrase, before a comma, and inside a phrase: the
//! three pronunciations of `six` (`sis`, `sis,`, `si`).
//!
//! A value is read once for all languages (`read.rs`) and said by each (`french/`, `english/`). This room does not render
//! static texts and does not know files.

mod english;
mod french;
mod kind;
mod language;
mod phrase;
mod queue;
mod read;
mod recording;

use std::fmt;
use std::sync::Arc;

use crate::base::diagnostic::Text;
use crate::base::limit::SPOKEN_VALUE_BYTES_MAX;
use crate::base::name::Name;
use crate::base::time::Date;
use crate::say;

#[cfg(test)]
pub use french::{amount, duration, number};
pub use french::{date, date_with_year, ordinal, quantity, time};
pub use french::{persons_before, position, wait};
pub use kind::{Kind, Said, Unsaid};
pub use language::Language;
pub use queue::{persons_before_in, position_in, wait_in};
pub use read::{Gender, Unit};
pub use recording::{Delivery, Recording};

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
    /// A telephone number, by pairs or by threes as the French write it: `0612345678`, `0 800 123 456`, `+33612345678`, `3949`.
    Phone,
    /// A whole number, `-999999999` to `999999999`.
    Number,
    /// A rank, feminine (`1` is *première*) unless written as French writes the masculine: `1er`.
    Ordinal,
    /// An amount: euros when it has a decimal point or comma (`12.50`), else cents (`1250`).
    Euros,
    /// A date, `2026-11-26`: weekday, day and month; what follows a `T` is left out. As callers type it, `24122026`, it may
    /// be any, and is said with its year.
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

/// The words of a value, in French.
///
/// # Errors
/// Why the value cannot be said.
pub fn words(format: Format, value: &str) -> Result<String, SpeechError> {
    words_in(Language::French, format, value)
}

/// The words of a value.
///
/// # Errors
/// Why the value cannot be said.
pub fn words_in(language: Language, format: Format, value: &str) -> Result<String, SpeechError> {
    Ok(text(&speak_in(language, format, value)?))
}

/// The recordings that say a value in French, in order.
///
/// # Errors
/// Why the value cannot be said.
#[cfg(test)]
pub fn speak(format: Format, value: &str) -> Result<Vec<Fragment>, SpeechError> {
    speak_in(Language::French, format, value)
}

/// The recordings that say a value, in order.
///
/// # Errors
/// Why the value cannot be said.
pub fn speak_in(language: Language, format: Format, value: &str) -> Result<Vec<Fragment>, SpeechError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(SpeechError::Empty);
    }
    if value.len() > SPOKEN_VALUE_BYTES_MAX {
        return Err(SpeechError::TooLong);
    }
    match language {
        Language::French => french::phrase(format, value).map(french::Phrase::fragments),
        Language::English => english::phrase(format, value).map(english::Phrase::fragments),
    }
}

/// A date with its year.
pub fn date_with_year_in(language: Language, date: Date) -> Vec<Fragment> {
    match language {
        Language::French => date_with_year(date),
        Language::English => english::date_with_year(date),
    }
}

/// All recordings that speech can ask for, sorted by key. `prompts/src/fragments.tsv` is this list as a file, from which
/// `prompts/make.sh` renders the voice.
pub fn bank() -> Vec<Recording> {
    let mut bank: Vec<Recording> = Language::ALL.into_iter().flat_map(bank_of).collect();
    bank.sort();
    bank.dedup();
    bank
}

/// The recordings of one language, sorted by key; the pause is in all of them.
pub fn bank_of(language: Language) -> Vec<Recording> {
    let mut bank = match language {
        Language::French => french::bank(),
        Language::English => english::bank(),
    };
    bank.push(Recording {
        key: phrase::PAUSE.to_owned(),
        delivery: Delivery::Silence,
        text: String::new(),
        say: String::new(),
    });
    bank.sort();
    bank
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

#[cfg(test)]
mod tests;
