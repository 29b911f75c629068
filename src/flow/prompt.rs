//! What is said: texts with placeholders, as clips of the library. A static text has one recording, found by its words.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::speech::{self, Format};
use super::value::Path;
use super::vocabulary::Clip;
use crate::base::name::Name;

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
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The clip of a static text.
pub fn text_clip(text: &str) -> Clip {
    let text = collapsed(text);
    Clip { key: text_key("fr", &text), text: Arc::from(text) }
}

/// The clip of a prompt file.
pub fn file_clip(file: &str) -> Clip {
    Clip { key: Name::from(file), text: Arc::from(format!("[{file}]")) }
}

/// Something to say: static pieces and values between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speech {
    /// The pieces, in order.
    pub parts: Vec<Part>,
}

/// A piece of speech.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A recording.
    Fixed(Clip),
    /// A value, spoken from the bank of fragments.
    Value(Path, Format),
}

impl Speech {
    /// Speech of one static text.
    pub fn text(text: &str) -> Self {
        Self { parts: vec![Part::Fixed(text_clip(text))] }
    }

    /// Speech of one prompt file.
    pub fn file(file: &str) -> Self {
        Self { parts: vec![Part::Fixed(file_clip(file))] }
    }

    /// Both, one after the other.
    pub fn then(mut self, other: &Self) -> Self {
        self.parts.extend(other.parts.iter().cloned());
        self
    }

    /// The clips, with values spoken; a value that is not there (the checker forbids it) is left out.
    pub fn clips(&self, value: impl Fn(&Path) -> Option<String>) -> Vec<Clip> {
        let mut clips = Vec::new();
        for part in &self.parts {
            match part {
                Part::Fixed(clip) => clips.push(clip.clone()),
                Part::Value(path, format) => {
                    let said = value(path).and_then(|text| spoken(*format, &text).ok());
                    clips.extend(said.into_iter().flatten().map(fragment_clip));
                }
            }
        }
        clips
    }

    /// The recordings that it needs, beside the bank.
    pub fn fixed(&self) -> impl Iterator<Item = &Clip> {
        self.parts.iter().filter_map(|part| match part {
            Part::Fixed(clip) => Some(clip),
            Part::Value(..) => None,
        })
    }
}

/// Says a value in French.
pub(super) fn spoken(format: Format, text: &str) -> Result<Vec<speech::Fragment>, speech::SpeechError> {
    speech::speak(format, text)
}

/// The clip of a fragment of the bank.
pub fn fragment_clip(fragment: speech::Fragment) -> Clip {
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
}
