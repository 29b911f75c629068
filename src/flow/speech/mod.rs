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
mod format;
mod fragment;
mod french;
mod kind;
mod language;
mod phrase;
mod queue;
mod read;
mod recording;
mod speak;

pub use format::Format;
pub(crate) use format::SpeechError;
pub use fragment::Fragment;
pub(crate) use fragment::text;
#[cfg(test)]
pub(crate) use french::{amount, duration, number};
pub(crate) use french::{date, time};
#[cfg(test)]
pub(crate) use french::{date_with_year, ordinal, persons_before, position, quantity, wait};
pub use kind::Kind;
pub(crate) use kind::Said;
pub use language::Language;
pub use queue::position_in;
pub(crate) use queue::wait_in;
#[cfg(test)]
pub(crate) use read::{Gender, Unit};
pub(crate) use recording::{Delivery, Recording};
pub use speak::speak_in;
pub(crate) use speak::words;

/// A value in French.
#[cfg(test)]
fn speak(format: Format, value: &str) -> Result<Vec<Fragment>, SpeechError> {
    speak_in(Language::French, format, value)
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
pub(crate) fn bank_of(language: Language) -> Vec<Recording> {
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

#[cfg(test)]
mod tests;
