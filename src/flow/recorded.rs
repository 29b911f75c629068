//! Recordings made by hand: each keeps the text that it was recorded for, and is heard wherever a flow says that text.
//! When the text of the flow changes, the recording fits nothing any more, and that is told.

use std::collections::{BTreeMap, BTreeSet};

use super::prompt::text_key;
use super::speech::Language;
use crate::base::name::Name;

/// A recording and its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HandRecording {
    /// Its key in the library: `accueil.wav`.
    pub(crate) file: Name,
    /// The language of its text.
    pub(crate) language: Language,
    /// What was recorded.
    pub(crate) text: String,
}

/// A recording that no text fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stale {
    /// The recording.
    pub(crate) recording: HandRecording,
    /// The text of a flow that is most like its own: probably what has become of it.
    pub(crate) nearest: Option<String>,
}

/// Which recording says which text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    /// By the key of the text, the file of the recording.
    pub(crate) files: BTreeMap<Name, Name>,
    /// Recordings that no text fits, in order.
    pub(crate) stale: Vec<Stale>,
}

/// Finds the texts (their keys, and their words) that recordings were made for. Blanks, case and punctuation do not matter;
/// words do. Two recordings of one text: the first, by name, is heard.
pub(crate) fn matched(recordings: &[HandRecording], texts: &BTreeSet<(Name, String)>) -> Matched {
    let mut by_words: BTreeMap<(Language, String), Vec<(&Name, &str)>> = BTreeMap::new();
    for (key, text) in texts {
        if let Some(language) = language_of(key, text) {
            by_words.entry((language, words(text))).or_default().push((key, text));
        }
    }
    let mut sorted: Vec<&HandRecording> = recordings.iter().collect();
    sorted.sort();
    let mut matched = Matched::default();
    for recording in sorted {
        match by_words.get(&(recording.language, words(&recording.text))) {
            Some(same) => {
                for (key, _) in same {
                    matched.files.entry((*key).clone()).or_insert_with(|| recording.file.clone());
                }
            }
            None => {
                let same_language =
                    by_words.iter().filter(|((language, _), _)| *language == recording.language);
                let texts = same_language.flat_map(|(_, texts)| texts.iter().map(|(_, text)| *text));
                let nearest = nearest(&recording.text, texts).map(str::to_owned);
                matched.stale.push(Stale { recording: recording.clone(), nearest });
            }
        }
    }
    matched
}

/// The language of a text, which its key tells; none if the key is not that of a text.
pub(crate) fn language_of(key: &str, text: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| *text_key(language.as_str(), text) == *key)
}

/// What is heard of a text: its letters and digits, in lower case, with single blanks between words.
fn words(text: &str) -> String {
    let spaced: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text that shares most of its words with this one: at least a third of all that both have.
fn nearest<'a>(text: &str, others: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let own = words(text);
    let own: BTreeSet<&str> = own.split(' ').collect();
    let mut best: Option<(usize, &str)> = None;
    for other in others {
        let theirs = words(other);
        let theirs: BTreeSet<&str> = theirs.split(' ').collect();
        let shared = own.intersection(&theirs).count() * 1_000 / own.union(&theirs).count().max(1);
        if shared >= 333 && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, other));
        }
    }
    best.map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[(&str, &str)]) -> BTreeSet<(Name, String)> {
        texts.iter().map(|(language, text)| (text_key(language, text), (*text).to_owned())).collect()
    }

    fn recording(file: &str, language: Language, text: &str) -> HandRecording {
        HandRecording { file: Name::from(file), language, text: text.to_owned() }
    }

    #[test]
    fn a_recording_is_heard_wherever_its_text_is_said() {
        let texts = texts(&[
            ("fr", "Bienvenue à la Maison Lavande !"),
            ("fr", "Bienvenue, à la maison Lavande"),
            ("fr", "Au revoir."),
            ("en", "Bienvenue à la Maison Lavande !"),
        ]);
        let hand = recording("accueil.wav", Language::French, "  bienvenue à la Maison\n Lavande. ");
        let matched = matched(&[hand], &texts);
        assert_eq!(matched.files.len(), 2);
        assert_eq!(matched.files[&text_key("fr", "Bienvenue à la Maison Lavande !")], "accueil.wav");
        assert_eq!(matched.stale, []);
    }

    #[test]
    fn a_recording_whose_text_has_changed_fits_nothing_and_is_told_with_what_is_nearest() {
        let texts = texts(&[
            ("fr", "Nous sommes ouverts de neuf heures à dix-huit heures."),
            ("fr", "Merci de votre appel."),
            ("fr", "[appel-gratuit.wav]"),
        ]);
        let hand = recording("horaires.wav", Language::French, "Nous sommes ouverts de neuf heures à midi.");
        let other = recording("promo.wav", Language::French, "Soldes !");
        let matched = matched(&[other.clone(), hand.clone()], &texts);
        assert!(matched.files.is_empty());
        let nearest = Some("Nous sommes ouverts de neuf heures à dix-huit heures.".to_owned());
        let stale = [Stale { recording: hand, nearest }, Stale { recording: other, nearest: None }];
        assert_eq!(matched.stale, stale);
    }

    #[test]
    fn digits_and_accents_are_words_too() {
        let texts = texts(&[("fr", "Tapez 1."), ("fr", "Fermé.")]);
        let one = recording("a.wav", Language::French, "tapez 2");
        let accent = recording("b.wav", Language::French, "ferme");
        assert_eq!(matched(&[one, accent], &texts).stale.len(), 2);
    }

    #[test]
    fn a_key_tells_its_language() {
        assert_eq!(language_of(&text_key("en", "Hello."), "Hello."), Some(Language::English));
        assert_eq!(language_of("appel-gratuit.wav", "[appel-gratuit.wav]"), None);
    }
}
