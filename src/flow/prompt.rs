//! What is said: texts with placeholders, as clips of the library. A static text has one recording, found by its words.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::decimal::Decimal;
use super::speech::{self, Format, Language};
use super::system::{self, Phrase};
use super::value::Path;
use super::vocabulary::Clip;
use crate::base::name::Name;
use crate::base::time::Date;

/// Key in the library of a text's recording: `voix/` and 16 hex digits of SHA-256 over language, line feed and text, its
/// blanks collapsed. Content-addressed: a text that changes has another recording.
pub fn text_key(language: &str, text: &str) -> Name {
    let mut hash = Sha256::new();
    hash.update(language.as_bytes());
    hash.update(b"\n");
    hash.update(collapsed(text).as_bytes());
    let hex: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Name::from(format!("voix/{hex}.wav"))
}

/// A text without blanks at its ends, and with single ones inside.
pub(crate) fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The clip of a static text.
pub(crate) fn text_clip(language: Language, text: &str) -> Clip {
    let text = collapsed(text);
    Clip { key: text_key(language.as_str(), &text), text: Arc::from(text) }
}

/// The clip of a sentence of svi's own.
pub(crate) fn phrase_clip(language: Language, phrase: &Phrase) -> Clip {
    text_clip(language, phrase.text(language))
}

/// The clip of a prompt file.
pub(crate) fn file_clip(file: &str) -> Clip {
    Clip { key: Name::from(file), text: Arc::from(format!("[{file}]")) }
}

/// Something to say, in every language that its flow speaks: static pieces and values between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speech {
    /// In French: the pieces, in order. Empty in a flow that speaks no French.
    pub(crate) fr: Vec<Part>,
    /// In English.
    pub(crate) en: Vec<Part>,
}

/// A piece of speech.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// A recording.
    Fixed(Clip),
    /// A value, spoken from the bank of fragments.
    Value(Path, Format),
}

impl Speech {
    /// Speech of one sentence of svi's own.
    pub(crate) fn phrase(phrase: &Phrase) -> Self {
        let part = |language| vec![Part::Fixed(phrase_clip(language, phrase))];
        Self { fr: part(Language::French), en: part(Language::English) }
    }

    /// Speech of one prompt file, the same in all languages.
    pub(crate) fn file(file: &str) -> Self {
        let part = || vec![Part::Fixed(file_clip(file))];
        Self { fr: part(), en: part() }
    }

    /// Speech of a file of svi's own, which may have words: a twin in each language.
    pub(crate) fn system(file: &str) -> Self {
        let part = |language| vec![Part::Fixed(file_clip(&system::file_in(language, file)))];
        Self { fr: part(Language::French), en: part(Language::English) }
    }

    /// Both, one after the other.
    #[must_use]
    pub(crate) fn then(mut self, other: &Self) -> Self {
        self.fr.extend(other.fr.iter().cloned());
        self.en.extend(other.en.iter().cloned());
        self
    }

    /// Its pieces in a language.
    pub(crate) fn parts(&self, language: Language) -> &[Part] {
        match language {
            Language::French => &self.fr,
            Language::English => &self.en,
        }
    }

    /// Its pieces in a language, to be changed.
    pub(crate) fn parts_mut(&mut self, language: Language) -> &mut Vec<Part> {
        match language {
            Language::French => &mut self.fr,
            Language::English => &mut self.en,
        }
    }

    /// Its pieces in all languages.
    pub(crate) fn all_parts(&self) -> impl Iterator<Item = (Language, &Part)> {
        Language::ALL
            .into_iter()
            .flat_map(|language| self.parts(language).iter().map(move |part| (language, part)))
    }

    /// The values that it says.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Path> {
        self.all_parts().filter_map(|(_, part)| match part {
            Part::Value(path, _) => Some(path),
            Part::Fixed(_) => None,
        })
    }

    /// The clips in a language, with values spoken; a value that is not there (the checker forbids it) is left out.
    pub(crate) fn clips(&self, language: Language, value: impl Fn(&Path) -> Option<String>) -> Vec<Clip> {
        let mut clips = Vec::new();
        for part in self.parts(language) {
            match part {
                Part::Fixed(clip) => clips.push(clip.clone()),
                Part::Value(path, format) => match value(path) {
                    Some(text) => {
                        let said = spoken(language, *format, &text).unwrap_or_default();
                        clips.extend(said.into_iter().map(fragment_clip));
                    }
                    None if &*path.0 == "caller" => clips.push(phrase_clip(language, &system::SECRET)),
                    None => {}
                },
            }
        }
        clips
    }

    /// The recordings that it needs in all languages, beside the bank.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = &Clip> {
        self.all_parts().filter_map(|(_, part)| match part {
            Part::Fixed(clip) => Some(clip),
            Part::Value(..) => None,
        })
    }
}

/// Says a value of a flow. Of a moment each format says its part. A number is an amount in euros: `12` is twelve euros, not
/// twelve cents.
pub(super) fn spoken(
    language: Language,
    format: Format,
    text: &str,
) -> Result<Vec<speech::Fragment>, speech::SpeechError> {
    let moment = text.split_once('T').filter(|(date, _)| Date::parse(date).is_some());
    match (format, moment, Decimal::parse(text).map(Decimal::hundredths)) {
        (Format::Time, Some((_, time)), _) => {
            speech::speak_in(language, format, time.get(..5).unwrap_or(time))
        }
        (Format::Euros, None, Some(cents)) => {
            let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.abs());
            speech::speak_in(language, format, &format!("{sign}{}.{:02}", cents / 100, cents % 100))
        }
        (_, _, _) => speech::speak_in(language, format, text),
    }
}

/// The clip of a fragment of the bank.
pub(crate) fn fragment_clip(fragment: speech::Fragment) -> Clip {
    Clip { key: fragment.key, text: fragment.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_depends_on_the_words_and_not_on_the_blanks() {
        assert_eq!(text_key("fr", "Bonjour  à\n tous."), text_key("fr", " Bonjour à tous. "));
        assert_ne!(text_key("fr", "Bonjour."), text_key("en", "Bonjour."));
        assert!(text_key("fr", "Bonjour.").starts_with("voix/"));
    }

    #[test]
    fn values_of_a_flow_are_said_as_they_are_meant() {
        let said = |format, text: &str| speech::text(&spoken(Language::French, format, text).unwrap());
        assert_eq!(said(Format::Euros, "12"), "douze euros");
        assert_eq!(said(Format::Euros, "12.5"), "douze euros et cinquante centimes");
        assert_eq!(said(Format::Euros, "-0.5"), "moins cinquante centimes");
        assert_eq!(said(Format::Time, "2026-11-26T11:30"), "onze heures trente");
        assert_eq!(said(Format::Date, "2026-11-26T11:30:00Z"), "jeudi vingt-six novembre");
        assert_eq!(said(Format::Date, "01052026"), "vendredi premier mai deux mille vingt-six");
    }
}
