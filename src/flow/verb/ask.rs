//! `ask` collects digits: so many (`8`) or from so many to so many (`4..10`); they end with hash or the last one.

use regex_lite::Regex;

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, line, said};
use super::super::draw::diagram::{self, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, RANGE, Row, SPEECH, VARIABLE, need, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText, TRIES_MAX};
use super::super::system::{CONFIRM, INVALID, Phrase, SILENT, TYPED};
use super::super::value::Kind;
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::{Date, Duration};
use crate::base::yaml::Node;
use crate::say;

pub(crate) const ASK: Verb = Verb {
    name: "ask",
    says: "collects digits into a variable; they end with hash or with the last one",
    argument: VARIABLE,
    options: &[
        need("say", SPEECH, "the question"),
        opt("digits", RANGE, "how many: `8`, `4..10` (those of the check, or 1 to 32)"),
        opt(
            "check",
            Form::Short(&Form::Word(&CHECKS), PATTERN),
            "what a right answer is: luhn, siren, siret, date, phone, or `{ regex: … }`",
        ),
        opt("secret", Form::YesNo, "the keys stand in no record, journal or log (false)"),
        opt("confirm", Form::YesNo, "the answer is read back and confirmed with 1 (false)"),
        opt("tries", Form::Count(TRIES_MAX), "how often it is asked in all (the flow's default, or 3)"),
        opt("timeout", Form::Duration, "how long the first digit is waited for (the flow's default, or 6s)"),
        opt("otherwise", BLOCK, "when no right answer came (the flow's `otherwise`)"),
    ],
    ends: Ends::Never,
    example: "- ask: commande\n  say: Tapez les huit chiffres de votre numéro de commande.\n  digits: 8",
};

/// The checks that have a name.
const CHECKS: [&str; 5] = ["luhn", "siren", "siret", "date", "phone"];
/// `check: { regex: … }`
const PATTERN: &[Row] = &[need("regex", Form::Text, "the pattern of a right answer")];

/// Digits of one answer: a card number and room.
const DIGITS_MAX: u32 = 32;
/// How long the first digit is waited for, unless the step or flow says otherwise.
const TIMEOUT: Duration = Duration::from_secs(6);

/// A question that digits answer.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The variable that holds the answer.
    pub(crate) variable: Name,
    /// What is said.
    pub(crate) question: Speech,
    /// Fewest digits.
    pub(crate) least: usize,
    /// Most digits.
    pub(crate) most: usize,
    /// What a right answer is.
    pub(crate) check: Option<Check>,
    /// The keys stand in no record and no log.
    pub(crate) secret: bool,
    /// The answer is read back and must be confirmed.
    pub(crate) confirm: bool,
    /// How often it is asked in all.
    pub(crate) tries: u32,
    /// How long the first digit is waited for.
    pub(crate) timeout: Duration,
    /// When no right answer came. None: the flow has no exit for it, which the reader has reported.
    pub(crate) otherwise: Option<BlockId>,
}

impl Lawful for Ask {
    fn phrases(&self) -> Vec<Phrase> {
        let confirmed = [TYPED, CONFIRM].into_iter().filter(|_| self.confirm);
        [SILENT, INVALID].into_iter().chain(confirmed).collect()
    }
    fn types(&self) -> Vec<(&Name, Option<Kind>)> {
        vec![(&self.variable, Some(Kind::Text))]
    }
    fn samples(&self) -> Vec<(&Name, String)> {
        vec![(&self.variable, longest_answer(self))]
    }
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Taken
    }
    fn ways(&self) -> Vec<Way> {
        self.otherwise.map(|to| Way::heard(Label::Otherwise, to)).into_iter().collect()
    }
    fn listens(&self) -> bool {
        true
    }
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.question]
    }
    fn sets(&self) -> Vec<&Name> {
        vec![&self.variable]
    }
}

impl Drawn for Ask {
    fn kind(&self) -> diagram::Kind {
        diagram::Kind::Question
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        vec![line(Sign::Says, said(&self.question)), line(Sign::Asks, asked(self, words))]
    }
}

/// What digits must be.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    /// The Luhn sum (cards).
    Luhn,
    /// Nine digits with a Luhn sum (a French company).
    Siren,
    /// Fourteen digits with a Luhn sum (its establishment).
    Siret,
    /// Day, month, year: `24122026`.
    Date,
    /// Ten digits that begin with 0.
    Phone,
    /// Whatever this pattern matches, whole.
    Regex(Box<Regex>),
}

impl Check {
    /// How many digits a right answer has, when they are always as many.
    fn length(&self) -> Option<u32> {
        match self {
            Self::Luhn | Self::Regex(_) => None,
            Self::Siren => Some(9),
            Self::Siret => Some(14),
            Self::Date => Some(8),
            Self::Phone => Some(10),
        }
    }

    /// Whether these digits are right.
    pub(crate) fn accepts(&self, digits: &str) -> bool {
        match self {
            Self::Regex(pattern) => pattern.is_match(digits),
            Self::Luhn => luhn(digits),
            Self::Siren => digits.len() == 9 && luhn(digits),
            Self::Siret => digits.len() == 14 && luhn(digits),
            Self::Date => {
                let part = |range| digits.get(range).and_then(|text: &str| text.parse::<i16>().ok());
                let date = |day: i16, month: i16, year| {
                    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
                };
                digits.len() == 8
                    && matches!((part(0..2), part(2..4), part(4..8)), (Some(d), Some(m), Some(y)) if date(d, m, y).is_some())
            }
            Self::Phone => digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00"),
        }
    }
}

/// ISO/IEC 7812: every second digit from the right counts double.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (u32::from(digit - b'0'), place % 2) {
            (value, 0) => value,
            (value, _) => value * 2 / 10 + value * 2 % 10,
        })
        .sum();
    digits.len() > 1 && sum.is_multiple_of(10)
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Ask> {
    let variable = reader.variable(step.argument);
    let question = reader.question(step);
    let check = step.option("check").and_then(|node| check(reader, node));
    let usual = check.as_ref().and_then(Check::length).map_or((1, DIGITS_MAX), |length| (length, length));
    let (least, most) = step.option("digits").and_then(|node| digits(reader, node)).unwrap_or(usual);
    if let (Some(length), Some(node)) = (check.as_ref().and_then(Check::length), step.option("digits"))
        && !(least..=most).contains(&length)
    {
        let why = say!("no answer is ever right: this check wants {} digits", length);
        reader.error(node, "digits", why, say!("write `digits: {}`, or leave it out", length));
    }
    let tries = step.option("tries").and_then(|node| reader.tries(node)).or(reader.defaults.tries);
    let (secret, confirm) = (reader.yes_or(step, "secret", false), reader.yes_or(step, "confirm", false));
    if secret && confirm {
        let why = Text::word("a secret that is to be confirmed is read aloud");
        reader.warn(step.verb, "secret-aloud", why, Text::word("leave out `confirm`, or `secret`"));
    }
    let timeout = reader.defaults.timeout.unwrap_or(TIMEOUT);
    Some(Ask {
        variable: variable?,
        question: question?,
        least: least as usize,
        most: most as usize,
        check,
        secret,
        confirm,
        tries: tries.unwrap_or(super::menu::TRIES),
        timeout: reader.duration_or(step, "timeout", timeout),
        otherwise: reader.last_exit(step),
    })
}

fn digits(reader: &mut Reader<'_>, node: &Node) -> Option<(u32, u32)> {
    let text = reader.text(node)?;
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let read = (least.trim().parse::<u32>().ok()).zip(most.trim().parse::<u32>().ok());
    let fits = read.filter(|(least, most)| 1 <= *least && least <= most && *most <= DIGITS_MAX);
    if fits.is_none() {
        let help = match text.split_once(['-', '–', 'à']).map(|(least, most)| (least.trim(), most.trim()))
        {
            Some((least, most)) if least.parse::<u32>().is_ok() && most.parse::<u32>().is_ok() => {
                say!("write `{}`", format!("{least}..{most}"))
            }
            _ => say!("write `8` or `4..10`; {} at most", DIGITS_MAX),
        };
        reader.error(node, "digits", say!("`{}` does not say how many digits", text), help);
    }
    fits
}

fn check(reader: &mut Reader<'_>, node: &Node) -> Option<Check> {
    if let Some(pattern) = node.get("regex") {
        reader.fields(node, Text::word("`check`"), PATTERN);
        return regex(reader, pattern);
    }
    match reader.text(node)? {
        "luhn" => Some(Check::Luhn),
        "siren" => Some(Check::Siren),
        "siret" => Some(Check::Siret),
        "date" => Some(Check::Date),
        "phone" => Some(Check::Phone),
        "regex" => {
            let message = Text::word("the pattern is missing");
            reader.error(node, "regex", message, say!("write `{}`", "check: { regex: \"[1-4][0-9]{3}\" }"));
            None
        }
        _ => {
            let known = CHECKS.into_iter().chain(["regex"]);
            reader.unknown(node, "unknown-check", Text::word("check"), known);
            None
        }
    }
}

/// A pattern that the whole answer must match; matching takes time in proportion to the answer, whatever the pattern.
fn regex(reader: &mut Reader<'_>, node: &Node) -> Option<Check> {
    let text = reader.text(node)?;
    match Regex::new(&format!("^(?:{text})$")) {
        Ok(pattern) => Some(Check::Regex(Box::new(pattern))),
        Err(error) => {
            let why = error.to_string().lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
            reader.error(node, "regex", say!("this pattern cannot be read: {}", why), Text::default());
            None
        }
    }
}

/// What is asked for, as a card shows it.
fn asked(ask: &Ask, words: &Words) -> String {
    let count =
        if ask.least == ask.most { ask.most.to_string() } else { format!("{}–{}", ask.least, ask.most) };
    let unit = if ask.most == 1 { words.digit } else { words.digits };
    let mut notes = vec![format!("{count} {unit}")];
    notes.extend(ask.secret.then(|| words.secret.to_owned()));
    notes.extend(ask.confirm.then(|| words.confirmed.to_owned()));
    format!("{} ({})", ask.variable, notes.join(", "))
}

/// The longest answer to a question.
fn longest_answer(ask: &Ask) -> String {
    match &ask.check {
        Some(Check::Date) => "24122026".to_owned(),
        Some(Check::Phone) => "0612345678".to_owned(),
        Some(Check::Luhn | Check::Siren | Check::Siret | Check::Regex(_)) | None => "1".repeat(ask.most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_take_what_is_right_and_nothing_else() {
        assert!(Check::Luhn.accepts("4539578763621486"));
        assert!(!Check::Luhn.accepts("4539578763621487"));
        assert!(Check::Siren.accepts("732829320") && !Check::Siren.accepts("732829321"));
        assert!(Check::Siret.accepts("73282932000074") && !Check::Siret.accepts("732829320"));
        assert!(
            Check::Date.accepts("29022028")
                && !Check::Date.accepts("29022027")
                && !Check::Date.accepts("2902202")
        );
        assert!(Check::Phone.accepts("0612345678") && !Check::Phone.accepts("0012345678"));
    }
}
