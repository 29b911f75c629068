//! What the bank is made of: a recording, and how the voice delivers it.

/// How a fragment is delivered.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// Inside a phrase: the next word follows in the same breath.
    Linked,
    /// An item of a list: the voice stays up.
    Listed,
    /// The end of a phrase: the voice falls.
    Final,
    /// No voice: a pause.
    Silence,
}

impl Delivery {
    /// Its word in the list of recordings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Listed => "listed",
            Self::Final => "final",
            Self::Silence => "silence",
        }
    }

    /// Its mark in keys: `nombres/6-suite.wav` is *six* inside a phrase, `nombres/6-liste.wav` before a comma. The same in
    /// all languages, so that a studio learns one set of names.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Linked => "-suite",
            Self::Listed => "-liste",
            Self::Final | Self::Silence => "",
        }
    }

    /// This delivery if something is `recorded` so, else the first that is. `recorded` is never empty.
    pub(super) fn or_nearest(self, recorded: &[Self]) -> Self {
        if recorded.contains(&self) { self } else { recorded[0] }
    }
}

/// A recording of the bank.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recording {
    /// Its key, `nombres/21-f.wav`.
    pub key: String,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Its words.
    pub text: String,
    /// What the voice must be told: text, or phonemes of espeak-ng in `[[ ]]` where its own reading is wrong.
    pub say: String,
}
