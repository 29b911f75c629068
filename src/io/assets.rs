//! What the binary carries: the shipped prompts (`prompts/nombres/21.wav`, `prompts/manifest.tsv`) and flows
//! (`flows/*.yaml`), so that svi runs from one file. A site's own files come first; these are the last place to look.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The content of an asset, by its path in the source tree.
pub(crate) fn asset(name: &str) -> Option<&'static [u8]> {
    let index = ASSETS.binary_search_by(|(candidate, _)| (*candidate).cmp(name)).ok()?;
    Some(ASSETS[index].1)
}

/// A shipped prompt by its key in the library of sounds: `appel-gratuit.wav`, `nombres/21.wav`, `voix/….wav`.
pub(crate) fn prompt(key: &str) -> Option<&'static [u8]> {
    asset(&format!("prompts/{key}"))
}

/// The paths of all assets, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::decode::{Decoded, decode};
    use crate::audio::dtmf::Detector;
    use crate::flow::speech;

    #[test]
    fn the_binary_carries_every_prompt_that_speech_can_ask_for() {
        for recording in speech::bank() {
            assert!(prompt(&recording.key).is_some_and(|wav| wav.starts_with(b"RIFF")), "{}", recording.key);
        }
        for shipped in ["appel-gratuit.wav", "appel-enregistre.wav", "attente.wav", "bip.wav", "panne.wav"] {
            assert!(prompt(shipped).is_some(), "{shipped}");
        }
    }

    #[test]
    fn assets_are_found_by_their_whole_name() {
        assert!(names().is_sorted());
        assert_eq!(names().filter(|name| asset(name).is_none()).count(), 0);
        assert!(asset("prompts/manifest.tsv").is_some_and(|table| table.starts_with(b"file\t")));
        assert_eq!(asset("prompts/src/render.py"), None);
        assert_eq!(asset(""), None);
    }

    /// What callers say must not press keys: all voices and words that svi has are heard without one.
    #[test]
    fn speech_is_no_key() {
        let voices = names().filter(|name| name.starts_with("prompts/") && name.ends_with(".wav"));
        let mut heard = 0;
        for name in voices {
            let Ok(Decoded::Samples(sound)) = decode(asset(name).unwrap(), name) else { panic!("{name}") };
            Detector::new().hear(sound, |key| panic!("{name} presses {key:?}"));
            heard += 1;
        }
        assert!(heard > 900, "{heard}");
    }
}
