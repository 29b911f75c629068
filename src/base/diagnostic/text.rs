//! What svi says to an operator, in every language that it speaks: an English pattern and the values that stand in it.
//!
//! The English pattern is the key of its translations, so that a message is written once, in English, where the mistake is
//! found. Each room holds the French of what it says (`flow/french.rs`), and the commands, which know all rooms, put the tables
//! together: French is spoken by whoever has its [`Words`]. A value that is itself a word of svi's (`calendar`, `queue`) is
//! translated too; what the operator wrote never is.
//!
//! French is short and exact, as a compiler would speak to a shopkeeper: *vous*, French typography (a no-break space before
//! `:`, `;`, `!`, `?`), names and what is written in a file between backticks as they are. `{}` stands for the next value;
//! `{0}`, `{1}` where French wants another order. `tests/house/messages.rs` finds every pattern of the source and wants its French.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter, Write};

/// A language that svi speaks to operators.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// French, with the words for it.
    French(Words),
}

/// What one room says, in another language: the English pattern and that of the language, sorted by the English.
pub type Table = &'static [(&'static str, &'static str)];

/// What svi says, in another language: the tables of all rooms, each with the room's name.
#[derive(Copy, Clone, PartialEq, Eq)]
pub struct Words(pub &'static [(&'static str, Table)]);

impl Words {
    /// The pattern for an English one.
    pub fn of(self, english: &str) -> Option<&'static str> {
        self.0.iter().find_map(|(_, table)| {
            let place = table.binary_search_by(|(known, _)| (*known).cmp(english)).ok()?;
            Some(table[place].1)
        })
    }
}

/// How many, not which: they are many.
impl Debug for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.0.iter().map(|(_, table)| table.len()).sum::<usize>())
    }
}

/// A sentence. Made by [`say!`](crate::say), or from a text that is the same in all languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pattern: Cow<'static, str>,
    values: Vec<Piece>,
}

/// What stands at a `{}` of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// As it is: names, numbers, what the operator wrote.
    Raw(String),
    /// A word or sentence of svi's, translated with the rest.
    Said(Text),
}

/// What can stand at a `{}`.
pub(crate) trait IntoPiece {
    /// As a piece.
    fn piece(self) -> Piece;
}

impl<T: Display> IntoPiece for T {
    fn piece(self) -> Piece {
        Piece::Raw(self.to_string())
    }
}

impl IntoPiece for &&Text {
    fn piece(self) -> Piece {
        Piece::Said(Text::clone(self))
    }
}

impl IntoPiece for &Text {
    fn piece(self) -> Piece {
        Piece::Said(self.clone())
    }
}

/// A [`Text`] of a pattern and its values: `say!("there is no {} `{}`", Text::word("calendar"), name)`.
#[macro_export]
macro_rules! say {
    ($pattern:literal $(, $value:expr)* $(,)?) => {
        $crate::base::diagnostic::Text::new($pattern, vec![$($crate::base::diagnostic::IntoPiece::piece(&$value)),*])
    };
}

impl Text {
    /// See [`say!`](crate::say).
    pub(crate) fn new(pattern: &'static str, values: Vec<Piece>) -> Self {
        debug_assert_eq!(pattern.matches("{}").count(), values.len(), "{pattern}");
        Self { pattern: Cow::Borrowed(pattern), values }
    }

    /// A word or sentence of svi's without values.
    pub(crate) const fn word(text: &'static str) -> Self {
        Self { pattern: Cow::Borrowed(text), values: Vec::new() }
    }

    /// What is the same in all languages: a name, or what the system says.
    pub(crate) fn raw(text: impl Into<String>) -> Self {
        Self { pattern: Cow::Owned(text.into()), values: Vec::new() }
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.pattern.is_empty()
    }

    /// In words of a language; English where there is no translation.
    pub(crate) fn to(&self, tongue: Tongue) -> String {
        let pattern = match (&self.pattern, tongue) {
            (Cow::Borrowed(pattern), Tongue::French(words)) => words.of(pattern).unwrap_or(pattern),
            (pattern, Tongue::English | Tongue::French(_)) => pattern,
        };
        if self.values.is_empty() {
            return pattern.to_owned();
        }
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| match value {
                Piece::Raw(text) => text.clone(),
                Piece::Said(text) => text.to(tongue),
            })
            .collect();
        filled(pattern, &values)
    }

    /// In English.
    pub fn english(&self) -> String {
        self.to(Tongue::English)
    }
}

impl From<&Text> for Text {
    fn from(text: &Text) -> Self {
        text.clone()
    }
}

/// `{}` is the next value, `{1}` the second one: a language may want them in another order.
fn filled(pattern: &str, values: &[String]) -> String {
    let (mut text, mut rest, mut next) = (String::new(), pattern, 0);
    while let Some(open) = rest.find('{') {
        let place = rest[open + 1..].find('}').map(|length| &rest[open + 1..open + 1 + length]);
        let index = match place {
            Some("") => {
                next += 1;
                Some(next - 1)
            }
            Some(number) => number.parse().ok(),
            None => None,
        };
        text.push_str(&rest[..open]);
        match (index.and_then(|index: usize| values.get(index)), place) {
            (Some(value), Some(place)) => {
                let _ = write!(text, "{value}");
                rest = &rest[open + place.len() + 2..];
            }
            // A brace of the sentence's own.
            (_, _) => {
                text.push('{');
                rest = &rest[open + 1..];
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_the_pattern_says() {
        let text = say!("there is no {} `{}`", Text::word("calendar"), "boutik");
        assert_eq!(text.english(), "there is no calendar `boutik`");
        let values = ["a".to_owned(), "{}".to_owned()];
        assert_eq!(filled("{1} {0}", &values), "{} a");
        assert_eq!(filled("write `{ fr: … }` and {}", &values), "write `{ fr: … }` and a");
        assert_eq!(filled("{", &values), "{");
    }
}
