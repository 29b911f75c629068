//! Personal data that prints itself masked (law 7), a caller's number above all; and secrets, which do not print at all.

use std::fmt;

/// A value that `{}` and `{:?}` show masked: `+33 6 12 ** ** 78` as `+3361*****78`. [`Pii::reveal`] is the one way to read it.
///
/// Written down with `serde` it stands revealed, for what is written must be read back: a file that holds one is personal
/// data, as the records of calls are, and is kept and deleted like them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Seals a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Each use is a decision: to route a call, to write the record that the operator keeps.
    pub(crate) const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Display> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0.to_string()))
    }
}

impl<T: fmt::Display> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0.to_string()))
    }
}

/// Keeps the first five and the last two characters of what is longer than eight, and nothing of what is shorter.
fn masked(text: &str) -> String {
    let length = text.chars().count();
    let shown = |place: usize| length > 8 && (place < 5 || place + 2 >= length);
    text.chars().enumerate().map(|(place, c)| if shown(place) { c } else { '*' }).collect()
}

/// A password, a key, a token: `{:?}` shows nothing of it, not even its length. [`Secret::reveal`] is the one way to read it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Seals it.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Each use is a decision: to prove who we are, to check who somebody is.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_prints_masked_unless_asked() {
        let caller = Pii::new("+33612345678");
        assert_eq!(format!("{caller} {caller:?}"), "+3361*****78 +3361*****78");
        assert_eq!(format!("{}", Pii::new("3018")), "****");
        assert_eq!(*caller.reveal(), "+33612345678");
    }

    #[test]
    fn a_secret_does_not_print() {
        let secret = Secret::new("zanzibar");
        assert_eq!(format!("{secret:?} {secret:#?}"), "*** ***");
        assert_eq!(secret.reveal(), "zanzibar");
    }
}
