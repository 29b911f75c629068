//! What `svi speech` and the tables of pairs can ask for: the formats of the flow language, and what svi says of its own
//! accord (places, waits, quantities), each by the name that a table gives it.

use std::fmt;

use super::format::{Format, SpeechError};
use super::fragment::{Fragment, text};
use super::language::Language;
use super::queue::{persons_before_in, position_in, wait_in};
use super::read::{self, Gender, Unit};
use super::speak::{date_with_year_in, speak_in};
use super::{english, french};

/// What kind of thing is said.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value of a flow.
    Value(Format),
    /// A number of things, `21 minutes`. The gender is that of a noun that is not among [`Unit`]s.
    Quantity(Option<Gender>),
    /// A rank.
    Ordinal(Gender),
    /// A date with its year.
    DateWithYear,
    /// When a door opens next: weekday and time of a date and time.
    Opening,
    /// The place in a queue.
    Position,
    /// The persons before the caller.
    PersonsBefore,
    /// The estimated wait, in seconds.
    Wait,
}

/// Names of the kinds, without accents. The first of each kind is the one to write.
const NAMES: &[(&str, Kind)] = &[
    ("nombre", Kind::Value(Format::Number)),
    ("number", Kind::Value(Format::Number)),
    ("quantite", Kind::Quantity(None)),
    ("quantite_f", Kind::Quantity(Some(Gender::Feminine))),
    ("quantite_m", Kind::Quantity(Some(Gender::Masculine))),
    ("quantity", Kind::Quantity(None)),
    ("ordinal", Kind::Value(Format::Ordinal)),
    ("ordinal_f", Kind::Ordinal(Gender::Feminine)),
    ("ordinal_m", Kind::Ordinal(Gender::Masculine)),
    ("telephone", Kind::Value(Format::Phone)),
    ("phone", Kind::Value(Format::Phone)),
    ("chiffres", Kind::Value(Format::Digits)),
    ("digits", Kind::Value(Format::Digits)),
    ("epele", Kind::Value(Format::Spell)),
    ("epeler", Kind::Value(Format::Spell)),
    ("epellation", Kind::Value(Format::Spell)),
    ("spell", Kind::Value(Format::Spell)),
    ("euros_centimes", Kind::Value(Format::Euros)),
    ("euros", Kind::Value(Format::Euros)),
    ("montant", Kind::Value(Format::Euros)),
    ("heure", Kind::Value(Format::Time)),
    ("time", Kind::Value(Format::Time)),
    ("date_j", Kind::Value(Format::Date)),
    ("date", Kind::Value(Format::Date)),
    ("date_j_a", Kind::DateWithYear),
    ("date_annee", Kind::DateWithYear),
    ("date_year", Kind::DateWithYear),
    ("date_heure", Kind::Value(Format::DateTime)),
    ("date_time", Kind::Value(Format::DateTime)),
    ("duree_s", Kind::Value(Format::Duration)),
    ("duree", Kind::Value(Format::Duration)),
    ("duration", Kind::Value(Format::Duration)),
    ("horaires", Kind::Value(Format::Hours)),
    ("heures", Kind::Value(Format::Hours)),
    ("hours", Kind::Value(Format::Hours)),
    ("prochaine_ouverture", Kind::Opening),
    ("next_open", Kind::Opening),
    ("position", Kind::Position),
    ("avant_vous", Kind::PersonsBefore),
    ("before_you", Kind::PersonsBefore),
    ("attente_s", Kind::Wait),
    ("attente", Kind::Wait),
    ("wait", Kind::Wait),
];

/// What is said of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// In words.
    pub text: String,
    /// In recordings.
    pub(crate) fragments: Vec<Fragment>,
    /// A noun that stands in the words and has no recording.
    pub(crate) unrecorded: Option<String>,
}

/// Why an input cannot be said. It does not repeat it: it may be personal.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// As a value.
    Value(SpeechError),
    /// Not a whole number.
    NotWhole,
    /// Not a number and a noun.
    NotQuantity,
    /// A noun whose gender is not known.
    NoGender,
    /// Not a date that exists.
    NotDate,
    /// Not a date and a time.
    NotMoment,
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value(error) => return error.fmt(f),
            Self::NotWhole => "a whole number is expected, like 5",
            Self::NotQuantity => "a number and a noun are expected, like `21 minutes`",
            Self::NoGender => {
                "the gender of this noun is not known: the kind `quantité_f` or `quantité_m` says it"
            }
            Self::NotDate => "a date is expected, like 2026-11-26",
            Self::NotMoment => "a date and a time are expected, like 2026-11-26T09:30",
        })
    }
}

impl std::error::Error for Unsaid {}

impl From<SpeechError> for Unsaid {
    fn from(error: SpeechError) -> Self {
        Self::Value(error)
    }
}

impl Kind {
    /// The kind of that name; case, accents and hyphens do not matter.
    pub fn parse(name: &str) -> Option<Self> {
        let plain: String = name.trim().chars().flat_map(char::to_lowercase).filter_map(plain).collect();
        NAMES.iter().find(|(known, _)| *known == plain).map(|(_, kind)| *kind)
    }

    /// All names.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// Says an input of this kind.
    ///
    /// # Errors
    /// Why it cannot be said.
    pub fn say(self, language: Language, input: &str) -> Result<Said, Unsaid> {
        let input = input.trim();
        let count = || read::count(input).map_err(|_| Unsaid::NotWhole);
        let size = || count().map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        let fragments = match self {
            Self::Value(format) => speak_in(language, format, input)?,
            Self::Quantity(gender) => return quantity(language, gender, input),
            Self::Ordinal(gender) => match language {
                Language::French => {
                    let (n, _) = read::ordinal(input)?;
                    french::ordinal(n, gender).ok_or(SpeechError::OutOfRange(Format::Ordinal))?
                }
                Language::English => speak_in(language, Format::Ordinal, input)?,
            },
            Self::DateWithYear => {
                let (date, _) = read::date(input).map_err(|_| Unsaid::NotDate)?;
                date_with_year_in(language, date)
            }
            Self::Opening => {
                let (date, time) = read::date_time(input).map_err(|_| Unsaid::NotMoment)?;
                match language {
                    Language::French => french::opening_moment(date, time).fragments(),
                    Language::English => english::opening_moment(date, time).fragments(),
                }
            }
            Self::Position => position_in(language, size()?),
            Self::PersonsBefore => persons_before_in(language, size()?),
            Self::Wait => wait_in(language, count()?),
        };
        Ok(Said { text: text(&fragments), fragments, unrecorded: None })
    }
}

/// A letter of a kind's name without its accent; nothing for an accent that stands alone, as macOS writes it.
fn plain(c: char) -> Option<char> {
    match c {
        'é' | 'è' | 'ê' => Some('e'),
        'à' | 'â' => Some('a'),
        'ô' => Some('o'),
        '-' | ' ' => Some('_'),
        '\u{300}'..='\u{36f}' => None,
        other => Some(other),
    }
}

/// A number of things. Of a noun that is not recorded, the number is all that can be heard.
fn quantity(language: Language, gender: Option<Gender>, input: &str) -> Result<Said, Unsaid> {
    let (n, noun) = read::quantity(input).map_err(|error| match error {
        SpeechError::OutOfRange(_) => Unsaid::Value(error),
        _ => Unsaid::NotQuantity,
    })?;
    if noun.is_empty() {
        return Err(Unsaid::NotQuantity);
    }
    if let Some(unit) = Unit::of_noun(noun) {
        let fragments = match language {
            Language::French => french::quantity(n, unit),
            Language::English => english::counted(n, unit).map(english::Phrase::fragments),
        };
        let fragments = fragments.ok_or(SpeechError::OutOfRange(Format::Number))?;
        return Ok(Said { text: text(&fragments), fragments, unrecorded: None });
    }
    let fragments = match language {
        Language::French => french::gendered(n, gender.ok_or(Unsaid::NoGender)?).fragments(),
        Language::English => speak_in(language, Format::Number, &n.to_string())?,
    };
    let of = match language {
        Language::French if n > 0 && n.is_multiple_of(1_000_000) => "de ",
        Language::French | Language::English => "",
    };
    let vowel = noun.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u', 'é', 'è', 'ê', 'â', 'î', 'ô', 'y']);
    let of = if vowel && !of.is_empty() { "d'" } else { of };
    let text = format!("{} {of}{noun}", text(&fragments));
    Ok(Said { text, fragments, unrecorded: Some(noun.to_owned()) })
}
