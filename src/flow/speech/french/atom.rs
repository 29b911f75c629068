//! Atoms of spoken French: what one recording says. Spelling (the plural `s`) and liaison are decided here, from the
//! neighbours, and nowhere else.

use super::super::phrase::{self, Piece};
use super::super::read::Gender;
use super::super::recording::Delivery;
use super::word::{self, Word};

/// What one recording says.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(in super::super) enum Atom {
    /// 0 to 99. The gender is feminine only where it is heard (`une`, `vingt et une`).
    Number(u8, Gender),
    /// `zéro zéro` to `zéro neuf`.
    ZeroAnd(u8),
    /// 1 to 9 hundreds.
    Hundreds(u8),
    /// A rank.
    Rank(Rank),
    /// An hour of the day in one recording, 0 to 23: said so often that it deserves its own.
    Clock(u8),
    /// A letter of the alphabet, upper case.
    Letter(char),
    /// Any other word or sentence.
    Word(&'static Word),
}

/// The last word of an ordinal.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Rank {
    /// `premier`, `première`.
    First(Gender),
    /// `deuxième` to `vingt-neuvième`, and `trentième`, `quarantième`, `cinquantième`, `soixantième`, `quatre-vingtième`;
    /// those between are composed.
    Nth(u8),
    /// `unième`, behind tens, hundreds or thousands.
    CompoundFirst,
    /// `centième`.
    Hundredth,
    /// `millième`.
    Thousandth,
    /// `millionième`.
    Millionth,
}

/// Atoms in order.
pub(in super::super) type Phrase = phrase::Phrase<Atom>;

impl From<&'static Word> for Atom {
    fn from(word: &'static Word) -> Self {
        Self::Word(word)
    }
}

impl Piece for Atom {
    fn text(self, next: Option<Self>) -> String {
        self.words(next)
    }

    fn key(self, before: Option<Self>, delivery: Delivery) -> String {
        self.recording(before.and_then(Self::liaison), delivery)
    }
}

impl Atom {
    /// A number below 100, feminine only where that is heard: never in 11, 71, 91.
    pub(super) fn number(n: u8, gender: Gender) -> Self {
        let heard = n % 10 == 1 && !matches!(n, 11 | 71 | 91);
        Self::Number(n, if heard { gender } else { Gender::Masculine })
    }

    /// The words, before `next` in the same breath.
    pub(super) fn words(self, next: Option<Self>) -> String {
        match self {
            Self::Number(n, gender) => below_hundred(n, gender, next.is_some_and(Self::is_numeral)),
            Self::ZeroAnd(n) => format!("zéro {}", UNITS[usize::from(n)]),
            Self::Hundreds(1) => "cent".into(),
            Self::Hundreds(n) => {
                let plural = if next.is_some_and(Self::is_numeral) { "" } else { "s" };
                format!("{} cent{plural}", UNITS[usize::from(n)])
            }
            Self::Rank(rank) => rank.text(),
            Self::Clock(hour) => {
                let plural = if hour > 1 { "s" } else { "" };
                format!("{} heure{plural}", below_hundred(hour, Gender::Feminine, false))
            }
            Self::Letter(letter) => letter.into(),
            Self::Word(word) => word.text.into(),
        }
    }

    /// The key of its recording: behind a consonant that French links, delivered as asked, or as near as recorded.
    pub(super) fn recording(self, liaison: Option<char>, delivery: Delivery) -> String {
        let stem = match self {
            Self::Number(n, Gender::Masculine) => format!("nombres/{n}"),
            Self::Number(n, Gender::Feminine) => format!("nombres/{n}-f"),
            Self::ZeroAnd(n) => format!("nombres/0{n}"),
            Self::Hundreds(n) => format!("nombres/{n}00"),
            Self::Rank(rank) => rank.stem(),
            Self::Clock(hour) => format!("heures/{hour}"),
            Self::Letter(letter) => format!("lettres/{}", letter.to_ascii_lowercase()),
            Self::Word(word) => match liaison.filter(|consonant| word.onsets.contains(consonant)) {
                Some(consonant) => format!("mots/{}-{consonant}", word.slug),
                None => format!("mots/{}", word.slug),
            },
        };
        format!("{stem}{}.wav", delivery.or_nearest(self.deliveries()).suffix())
    }

    /// How this atom is recorded. Never empty.
    pub(super) fn deliveries(self) -> &'static [Delivery] {
        use Delivery::{Final, Linked, Listed};
        match self {
            Self::Number(_, Gender::Masculine) | Self::Hundreds(_) => &[Linked, Listed, Final],
            Self::Number(_, Gender::Feminine) | Self::Clock(_) => &[Linked, Final],
            Self::ZeroAnd(_) | Self::Letter(_) => &[Listed, Final],
            // Ranks stand before their noun: "en deuxième position".
            Self::Rank(_) => &[Linked],
            Self::Word(word) => word.deliveries,
        }
    }

    /// The consonant that this atom lends to a vowel behind it. The others sound theirs in any case (`sept`, `neuf`, `cinq`).
    fn liaison(self) -> Option<char> {
        match self {
            Self::Number(20, _) | Self::Hundreds(1) => Some('t'),
            Self::Number(80, _) | Self::Hundreds(_) => Some('z'),
            Self::Number(11..=17 | 19 | 71..=77 | 79 | 91..=97 | 99, _) => {
                // 16, 76 and 96 end in `seize`, 13 in `treize`; their last consonant is always heard.
                None
            }
            Self::Number(n, gender) => match n % 10 {
                0 if matches!(n, 10 | 70 | 90) => Some('z'),
                1 if gender == Gender::Masculine => Some('n'),
                2 | 3 | 6 => Some('z'),
                8 => Some('t'),
                _ => None,
            },
            _ => None,
        }
    }

    /// `quatre-vingt` and `cent` lose their `s` before these.
    fn is_numeral(self) -> bool {
        match self {
            Self::Number(..) | Self::ZeroAnd(_) | Self::Hundreds(_) | Self::Rank(_) => true,
            Self::Word(word) => std::ptr::eq(word, &word::MILLE),
            Self::Clock(_) | Self::Letter(_) => false,
        }
    }
}

impl Rank {
    fn text(self) -> String {
        match self {
            Self::First(Gender::Masculine) => "premier".into(),
            Self::First(Gender::Feminine) => "première".into(),
            Self::CompoundFirst => "unième".into(),
            Self::Hundredth => "centième".into(),
            Self::Thousandth => "millième".into(),
            Self::Millionth => "millionième".into(),
            Self::Nth(n) => {
                let cardinal = below_hundred(n, Gender::Masculine, true);
                match cardinal.as_bytes().last() {
                    Some(b'e') => format!("{}ième", &cardinal[..cardinal.len() - 1]),
                    Some(b'q') => format!("{cardinal}uième"),
                    Some(b'f') => format!("{}vième", &cardinal[..cardinal.len() - 1]),
                    _ => format!("{cardinal}ième"),
                }
            }
        }
    }

    fn stem(self) -> String {
        match self {
            Self::First(Gender::Masculine) => "rangs/1".into(),
            Self::First(Gender::Feminine) => "rangs/1-f".into(),
            Self::Nth(n) => format!("rangs/{n}"),
            Self::CompoundFirst => "rangs/unieme".into(),
            Self::Hundredth => "rangs/100".into(),
            Self::Thousandth => "rangs/1000".into(),
            Self::Millionth => "rangs/1000000".into(),
        }
    }
}

const UNITS: [&str; 20] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
];
const TENS: [&str; 7] = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"];

/// A number below 100; `quatre-vingts` loses its `s` when another numeral follows.
fn below_hundred(n: u8, gender: Gender, numeral_follows: bool) -> String {
    let unit = |n: u8| match (n, gender) {
        (1, Gender::Feminine) => "une",
        _ => UNITS[usize::from(n % 20)],
    };
    match n {
        0..=19 => unit(n).into(),
        80 if numeral_follows => "quatre-vingt".into(),
        80 => "quatre-vingts".into(),
        81..=99 => format!("quatre-vingt-{}", unit(n - 80)),
        71 => "soixante et onze".into(),
        60..=79 if n.is_multiple_of(20) => "soixante".into(),
        61 => format!("soixante et {}", unit(1)),
        62..=79 => format!("soixante-{}", unit(n - 60)),
        _ => {
            let ten = TENS[usize::from(n / 10 % 7)];
            match n % 10 {
                0 => ten.into(),
                1 => format!("{ten} et {}", unit(1)),
                n => format!("{ten}-{}", unit(n)),
            }
        }
    }
}
