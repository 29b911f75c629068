//! How a value is read aloud, and why it cannot be.

use std::fmt;

use crate::base::diagnostic::Text;
use crate::base::limit::SPOKEN_VALUE_BYTES_MAX;
use crate::say;

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
    pub(crate) const ALL: [Self; 11] = [
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
    pub(crate) fn as_str(self) -> &'static str {
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
    pub(crate) fn parse(word: &str) -> Option<Self> {
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
    pub(crate) fn text(self) -> Text {
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
