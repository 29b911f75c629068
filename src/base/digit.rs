//! A key of a telephone.

use std::fmt;

/// One of the sixteen DTMF keys, numbered as RFC 4733 §3.2 numbers its events: 0-9, `*` = 10, `#` = 11, A-D = 12-15.
///
/// Written down it is its character.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "char", try_from = "char")]
pub struct Digit(u8);

impl Digit {
    /// The star key, `*`.
    pub(crate) const STAR: Self = Self(10);
    /// The hash key, `#`.
    pub(crate) const HASH: Self = Self(11);

    /// From an event code of RFC 4733; `None` above 15 (flash and tones are not keys).
    pub const fn from_event(event: u8) -> Option<Self> {
        if event < 16 { Some(Self(event)) } else { None }
    }

    /// From `0`-`9`, `*`, `#`, `A`-`D` in either case.
    pub const fn from_char(key: char) -> Option<Self> {
        match key {
            '0'..='9' => Some(Self(key as u8 - b'0')),
            '*' => Some(Self::STAR),
            '#' => Some(Self::HASH),
            'A'..='D' => Some(Self(key as u8 - b'A' + 12)),
            'a'..='d' => Some(Self(key as u8 - b'a' + 12)),
            _ => None,
        }
    }

    /// The event code of RFC 4733.
    pub(crate) const fn event(self) -> u8 {
        self.0
    }

    /// `0`-`9`, `*`, `#`, `A`-`D`.
    pub const fn as_char(self) -> char {
        b"0123456789*#ABCD"[self.0 as usize] as char
    }
}

impl From<Digit> for char {
    fn from(digit: Digit) -> Self {
        digit.as_char()
    }
}

impl TryFrom<char> for Digit {
    type Error = &'static str;

    fn try_from(key: char) -> Result<Self, Self::Error> {
        Self::from_char(key).ok_or("no key of a telephone")
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

impl fmt::Debug for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_goes_round() {
        for event in 0..16 {
            let digit = Digit::from_event(event).unwrap();
            assert_eq!(Digit::from_char(digit.as_char()), Some(digit));
            let written = serde_json::to_string(&digit).unwrap();
            assert_eq!((written.len(), serde_json::from_str(&written).ok()), (3, Some(digit)));
        }
        assert_eq!(Digit::from_event(16), None);
        assert_eq!(Digit::from_char('x'), None);
        assert!(serde_json::from_str::<Digit>("\"x\"").is_err());
    }
}
