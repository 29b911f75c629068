//! Figures in a text, and the ways in which they are said: numbers, digits, pairs, telephone numbers, amounts, times, ranks,
//! dates.

use super::words::{Word, prose_words};
use crate::flow::speech::{self, Format};

/// A longer row of figures is read digit by digit only.
const NUMBER_DIGITS_MAX: usize = 12;

/// A piece of a text.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    /// Without figures.
    Prose(&'t str),
    /// Figures, with all the ways of saying them.
    Figure(Vec<Vec<Word>>),
    /// Figures in groups of three, which may be one number: the ways of each group, and that number.
    Grouped(Vec<Vec<Vec<Word>>>, u64),
}

/// The pieces of a text, in order.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let plus = rest[..start].ends_with('+');
        let prose = &rest[..start - usize::from(plus)];
        // A blank alone does not end a number in letters, and nothing else.
        if !prose.trim().is_empty() {
            pieces.push(Piece::Prose(prose));
        }
        let (piece, taken) = figure(&rest[start..], plus);
        pieces.push(piece);
        rest = &rest[start + taken..];
    }
    if !rest.trim().is_empty() {
        pieces.push(Piece::Prose(rest));
    }
    pieces
}

/// The figure that a text begins with, and its length.
fn figure(text: &str, plus: bool) -> (Piece<'static>, usize) {
    let digits = digits_of(text);
    let after = &text[digits.len()..];
    if plus {
        return (Piece::Figure(international(digits)), digits.len());
    }
    if let Some(date) = text.get(..10).filter(|date| after.starts_with('-') && is_date(date)) {
        return (Piece::Figure(vec![said(Format::Date, date)]), 10);
    }
    if let Some((minute, taken)) = minutes(after) {
        return (Piece::Figure(time(digits, minute)), digits.len() + taken);
    }
    if let Some((amount, taken)) = amount(text) {
        return (Piece::Figure(amount), taken);
    }
    if let Some(suffix) = rank_suffix(after) {
        let rank = if suffix == "er" { format!("{digits}er") } else { format!("{digits}e") };
        return (Piece::Figure(vec![said(Format::Ordinal, &rank)]), digits.len() + suffix.len());
    }
    if let Some((groups, whole, taken)) = thousands(text).filter(|(groups, ..)| groups.len() > 1) {
        return (Piece::Grouped(groups.iter().map(|group| plain(group)).collect(), whole), taken);
    }
    (Piece::Figure(plain(digits)), digits.len())
}

fn digits_of(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

/// What svi itself says, as an ear takes it.
fn said(format: Format, value: &str) -> Vec<Word> {
    speech::words(format, value).map(|said| words(&said)).unwrap_or_default()
}

fn words(text: &str) -> Vec<Word> {
    prose_words(text).into_iter().map(|(word, _)| word).collect()
}

fn unit(word: &str) -> Word {
    Word::Text(word.to_owned())
}

/// A row of digits: as a number, one by one, by pairs, by threes, as a telephone number.
fn plain(digits: &str) -> Vec<Vec<Word>> {
    let mut ways = vec![by(digits, 1)];
    if digits.len() <= NUMBER_DIGITS_MAX {
        ways.push(group(digits));
    }
    ways.extend(
        [2, 3]
            .into_iter()
            .filter(|size| digits.len() > *size && digits.len().is_multiple_of(*size))
            .map(|size| by(digits, size)),
    );
    if digits.len() > 2 {
        ways.push(said(Format::Phone, digits));
    }
    ways
}

/// `+33611223344`
fn international(digits: &str) -> Vec<Vec<Word>> {
    let behind_plus = |way: Vec<Word>| std::iter::once(unit("plus")).chain(way).collect();
    let ways = plain(digits).into_iter().map(behind_plus);
    ways.chain([said(Format::Phone, &format!("+{digits}"))]).collect()
}

/// Digits in groups of a size.
fn by(digits: &str, size: usize) -> Vec<Word> {
    let chunks = digits.as_bytes().chunks(size);
    chunks.flat_map(|chunk| group(&String::from_utf8_lossy(chunk))).collect()
}

/// A group of digits as it is said: leading zeros one by one, then a number.
fn group(digits: &str) -> Vec<Word> {
    let rest = digits.trim_start_matches('0');
    let zeros = digits.len() - rest.len();
    let zeros = std::iter::repeat_n(Word::Number(0), zeros);
    zeros.chain(rest.parse().ok().map(Word::Number)).collect()
}

fn is_date(text: &str) -> bool {
    let shape = |(place, byte): (usize, u8)| {
        if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
    };
    text.bytes().enumerate().all(shape) && speech::words(Format::Date, text).is_ok()
}

/// What stands behind the hour, `h30`, ` h 30`, `h`, `:30`: the minutes, and the length.
fn minutes(after: &str) -> Option<(Option<&str>, usize)> {
    if let Some(rest) = after.strip_prefix(':') {
        let minute = digits_of(rest);
        return (minute.len() == 2).then_some((Some(minute), 3));
    }
    let blank = after.len() - after.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    let rest = after[blank..].strip_prefix('h')?;
    if rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let gap =
        if blank > 0 { rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len() } else { 0 };
    let minute = digits_of(&rest[gap..]);
    match minute.len() {
        2 => Some((Some(minute), blank + 1 + gap + 2)),
        _ => Some((None, blank + 1)),
    }
}

fn time(hour: &str, minute: Option<&str>) -> Vec<Vec<Word>> {
    let hours = group(hour.trim_start_matches('0'));
    let hours = if hours.is_empty() { vec![Word::Number(0)] } else { hours };
    let mut ways = vec![said(Format::Time, &format!("{hour}h{}", minute.unwrap_or("")))];
    let mut plainly = hours.clone();
    plainly.push(unit("heure"));
    if let Some(minute) = minute.filter(|minute| *minute != "00") {
        plainly.extend(group(minute.trim_start_matches('0')));
        // "9:30" is said without the word in English.
        ways.push(hours.into_iter().chain(group(minute)).collect());
    }
    ways.push(plainly);
    ways
}

/// `12,50 €`, `12.50`, `12 €`, `1 234,50 euros`: the ways of saying it, and its length.
fn amount(text: &str) -> Option<(Vec<Vec<Word>>, usize)> {
    let (whole, mut taken) = match thousands(text) {
        Some((_, whole, taken)) => (whole, taken),
        None => (digits_of(text).parse().ok()?, digits_of(text).len()),
    };
    let decimals = text[taken..]
        .strip_prefix([',', '.'])
        .map(digits_of)
        .filter(|digits| (1..=2).contains(&digits.len()));
    taken += decimals.map_or(0, |digits| 1 + digits.len());
    let rest = &text[taken..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    let name = ["€", "euros", "euro", "EUR"].into_iter().find(|name| {
        rest[blank..].strip_prefix(name).is_some_and(|after| !after.starts_with(char::is_alphabetic))
    });
    let number = |number: u64| Word::Number(number);
    match (decimals, name) {
        (Some(decimals), Some(name)) => {
            let cents = decimals.parse::<u64>().ok()? * if decimals.len() == 1 { 10 } else { 1 };
            let euros = vec![number(whole), unit("euro")];
            let only_cents = vec![number(cents), unit("centime")];
            let with =
                |joint: &str| euros.iter().cloned().chain([unit(joint)]).chain(only_cents.clone()).collect();
            let ways = match (whole, cents) {
                (_, 0) => vec![euros],
                (0, _) => vec![only_cents],
                _ => vec![with("et"), with("and"), euros.iter().cloned().chain([number(cents)]).collect()],
            };
            Some((ways, taken + blank + name.len()))
        }
        (Some(decimals), None) => {
            let with =
                |joint: &str| [number(whole), unit(joint)].into_iter().chain(group(decimals)).collect();
            let both = std::iter::once(number(whole)).chain(group(decimals)).collect();
            Some((vec![with("virgule"), with("point"), both], taken))
        }
        (None, _) => None,
    }
}

/// Digits in groups of three with single blanks between, the first one shorter or equal and without a leading zero.
fn thousands(text: &str) -> Option<(Vec<&str>, u64, usize)> {
    let first = digits_of(text);
    if first.len() > 3 || first.starts_with('0') {
        return None;
    }
    let (mut groups, mut taken) = (vec![first], first.len());
    while let Some(rest) = text[taken..].strip_prefix([' ', '\u{a0}', '\u{202f}', '.']) {
        let group = digits_of(rest);
        if group.len() != 3 || groups.len() == 4 {
            break;
        }
        taken = text.len() - rest.len() + 3;
        groups.push(group);
    }
    let whole = groups.concat().parse().ok()?;
    Some((groups, whole, taken))
}

fn rank_suffix(after: &str) -> Option<&'static str> {
    let suffixes = ["er", "re", "ère", "ème", "e"];
    suffixes.into_iter().find(|suffix| {
        after.strip_prefix(suffix).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}
