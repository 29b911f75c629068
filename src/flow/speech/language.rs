//! The languages that callers hear.

/// A language of a call.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// French: what every flow speaks unless it says otherwise.
    #[default]
    French,
    /// English.
    English,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// Its word in flows: `fr`, `en`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == word)
    }
}
