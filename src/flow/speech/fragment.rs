//! What speech is made of: recorded pieces, each with its words.

use std::sync::Arc;

use crate::base::name::Name;

/// A piece of recorded speech, and the words that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Key of the recording in the library of sounds: `nombres/21.wav`.
    pub key: Name,
    /// Its words, with the comma, full stop or hyphen that follows; empty for a pause.
    pub(crate) text: Arc<str>,
}

/// The words of fragments: what a caller hears, written.
pub(crate) fn text(fragments: &[Fragment]) -> String {
    let mut words = String::new();
    for fragment in fragments.iter().filter(|fragment| !fragment.text.is_empty()) {
        if !words.is_empty() && !words.ends_with('-') {
            words.push(' ');
        }
        words.push_str(&fragment.text);
    }
    words
}
