//! The languages in which svi speaks to callers. What it says to operators is another matter: `base/diagnostic/text.rs`.

/// A language that callers hear.
#[derive(
    Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Language {
    /// French: what a caller hears unless the flow says otherwise.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All languages, the usual one first.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// Its code, ISO 639-1, as flows and commands write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language of that code.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == code)
    }
}
