//! Atoms of spoken English: what one recording says.

use super::super::phrase::{self, Piece};
use super::super::recording::Delivery;
use super::word::Word;

/// What one recording says.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(in super::super) enum Atom {
    /// 0 to 20, 30, 40 … 90. Those between are composed.
    Number(u8),
    /// `first` to `twentieth`, `thirtieth` … `ninetieth`.
    Rank(u8),
    /// A letter of the alphabet, upper case.
    Letter(char),
    /// Any other word or sentence.
    Word(&'static Word),
}

/// Atoms in order.
pub(in super::super) type Phrase = phrase::Phrase<Atom>;

impl From<&'static Word> for Atom {
    fn from(word: &'static Word) -> Self {
        Self::Word(word)
    }
}

impl Piece for Atom {
    fn text(self, _: Option<Self>) -> String {
        self.words()
    }

    /// English neighbours leave each other alone.
    fn key(self, _: Option<Self>, delivery: Delivery) -> String {
        self.recording(delivery)
    }
}

impl Atom {
    /// What it says.
    pub(super) fn words(self) -> String {
        match self {
            Self::Number(n) => below_hundred(n).into(),
            Self::Rank(n) => ordinal(n),
            Self::Letter(letter) => letter.into(),
            Self::Word(word) => word.text.into(),
        }
    }

    /// The key of its recording, delivered as asked, or as near as recorded.
    pub(super) fn recording(self, delivery: Delivery) -> String {
        let stem = match self {
            Self::Number(n) => format!("numbers/{n}"),
            Self::Rank(n) => format!("ranks/{n}"),
            Self::Letter(letter) => format!("letters/{}", letter.to_ascii_lowercase()),
            Self::Word(word) => format!("words/{}", word.slug),
        };
        format!("en/{stem}{}.wav", delivery.or_nearest(self.deliveries()).suffix())
    }

    /// How this atom is recorded. Never empty.
    pub(super) fn deliveries(self) -> &'static [Delivery] {
        use Delivery::{Final, Linked, Listed};
        match self {
            // Digits are also the items of telephone numbers and references.
            Self::Number(0..=9) => &[Linked, Listed, Final],
            Self::Number(_) | Self::Rank(_) => &[Linked, Final],
            Self::Letter(_) => &[Listed, Final],
            Self::Word(word) => word.deliveries,
        }
    }
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn below_hundred(n: u8) -> &'static str {
    match n {
        0..=19 => UNITS[usize::from(n)],
        _ => TENS[usize::from(n / 10 % 10)],
    }
}

fn ordinal(n: u8) -> String {
    match n {
        1 => "first".into(),
        2 => "second".into(),
        3 => "third".into(),
        5 => "fifth".into(),
        8 => "eighth".into(),
        9 => "ninth".into(),
        12 => "twelfth".into(),
        20.. => below_hundred(n).replace('y', "ieth"),
        _ => format!("{}th", below_hundred(n)),
    }
}
