//! Where a call comes from, or goes to, as tariffs and reports tell it: five kinds of lines.

use serde::{Deserialize, Serialize};

use crate::base::diagnostic::Text;
use crate::centre::number::Class;

/// A kind of lines.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    /// A fixed line of mainland France.
    Fixed,
    /// A mobile of mainland France, or a machine with a card of one.
    Mobile,
    /// The overseas parts.
    Overseas,
    /// Another country, satellites included.
    Abroad,
    /// The number is hidden, or none came.
    Secret,
}

impl Origin {
    /// All, with their words.
    pub(crate) const ALL: [(&'static str, Self); 5] = [
        ("fixed", Self::Fixed),
        ("mobile", Self::Mobile),
        ("overseas", Self::Overseas),
        ("abroad", Self::Abroad),
        ("secret", Self::Secret),
    ];

    /// That of a class of numbers; none of what is no line that one calls from or that has a price of its own.
    pub(crate) const fn of(class: Class) -> Option<Self> {
        match class {
            Class::Fixed | Class::Voip => Some(Self::Fixed),
            Class::Mobile | Class::M2m => Some(Self::Mobile),
            Class::OverseasFixed | Class::OverseasMobile => Some(Self::Overseas),
            Class::Foreign | Class::Satellite => Some(Self::Abroad),
            Class::Secret => Some(Self::Secret),
            Class::Free
            | Class::Shared
            | Class::Premium
            | Class::Short
            | Class::Uifn
            | Class::Emergency
            | Class::Unknown => None,
        }
    }

    /// In words.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::Fixed => Text::word("fixed lines"),
            Self::Mobile => Text::word("mobiles"),
            Self::Overseas => Text::word("overseas"),
            Self::Abroad => Text::word("abroad"),
            Self::Secret => Text::word("hidden numbers"),
        }
    }
}
