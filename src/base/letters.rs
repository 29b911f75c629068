//! Letters and their accents (Unicode Annex 15). Some systems write `é` as one character (NFC), others as `e` and an accent
//! (NFD: files that come from a Mac): what looks alike must be alike.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The text with each accented letter as one character, where there is one: NFC.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The letters without their accents: `été` is `ete`.
pub(crate) fn unaccented(text: &str) -> String {
    let is_accent = |letter: &char| ('\u{300}'..='\u{36f}').contains(letter);
    DecomposingNormalizerBorrowed::new_nfd()
        .normalize(text)
        .chars()
        .filter(|letter| !is_accent(letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_alike() {
        let (one, two) = ("été ç œuf Ÿ", "e\u{301}te\u{301} c\u{327} œuf Y\u{308}");
        assert_ne!(one, two);
        assert_eq!((&*composed(one), &*composed(two)), (one, one));
        assert_eq!((unaccented(one), unaccented(two)), ("ete c œuf Y".to_owned(), "ete c œuf Y".to_owned()));
    }
}
