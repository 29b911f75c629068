//! A value, said in a language.

use super::format::{Format, SpeechError};
use super::fragment::{Fragment, text};
use super::language::Language;
use super::{english, french};
use crate::base::limit::SPOKEN_VALUE_BYTES_MAX;
use crate::base::time::Date;

/// The words of a value, in French.
///
/// # Errors
/// Why the value cannot be said.
pub(crate) fn words(format: Format, value: &str) -> Result<String, SpeechError> {
    words_in(Language::French, format, value)
}

/// The words of a value.
///
/// # Errors
/// Why the value cannot be said.
pub(crate) fn words_in(language: Language, format: Format, value: &str) -> Result<String, SpeechError> {
    Ok(text(&speak_in(language, format, value)?))
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
pub(crate) fn date_with_year_in(language: Language, date: Date) -> Vec<Fragment> {
    match language {
        Language::French => french::date_with_year(date),
        Language::English => english::date_with_year(date),
    }
}
