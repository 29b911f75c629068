//! A bill as operators give it out: CSV with `;` or `,`, names of columns in French or English, in UTF-8 or Latin-1.

use crate::base::diagnostic::Text;
use crate::base::letters::unaccented;
use crate::base::time::{Wall, read_duration};
use crate::figures::bill::Line;
use crate::figures::money::Money;
use crate::say;

/// How columns are called, the surest first; a name that begins so is meant.
const NUMBER: &[&str] =
    &["numero appelant", "appelant", "caller", "calling", "correspondant", "from", "numero", "number"];
const MOMENT: &[&str] =
    &["date et heure", "date/heure", "date heure", "datetime", "timestamp", "start", "debut", "date"];
const TIME: &[&str] = &["heure", "time", "hour"];
const LENGTH: &[&str] = &["duree", "duration", "length", "secondes", "seconds"];
const COST: &[&str] = &["montant", "cout", "prix", "cost", "amount", "price"];

/// The text of a file: UTF-8, or else Latin-1, each of whose octets is a letter.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec())
        .unwrap_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect());
    text.trim_start_matches('\u{feff}').to_owned()
}

/// Its calls.
pub(super) fn read(text: &str, zone: &str) -> Result<Vec<Line>, Text> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() >= head.matches(',').count() { ';' } else { ',' };
    let heads = cells(head, delimiter);
    let plain: Vec<String> = heads.iter().map(|head| unaccented(&head.trim().to_lowercase())).collect();
    let find =
        |names: &[&str]| names.iter().find_map(|name| plain.iter().position(|head| head.starts_with(name)));
    let (Some(number), Some(moment), Some(length)) = (find(NUMBER), find(MOMENT), find(LENGTH)) else {
        return Err(say!(
            "columns of caller, moment and length are needed (`{}`); there are: {}",
            "appelant;date;duree;montant",
            heads.join(", ")
        ));
    };
    let (time, cost) = (find(TIME).filter(|time| *time != moment), find(COST));
    let mut lines = Vec::new();
    for (place, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        let cells = cells(row, delimiter);
        let cell = |column: usize| cells.get(column).map_or("", |cell| cell.trim());
        let refuse = |what: &str| say!("line {}: `{}` cannot be read", place + 1, what);
        let at = format!("{} {}", cell(moment), time.map_or("", cell));
        let began = Wall::parse_local(at.trim(), zone).map_err(|_| refuse(at.trim()))?.wall;
        let ms = length_ms(cell(length)).ok_or_else(|| refuse(cell(length)))?;
        let price = cost.map(cell).filter(|cell| !cell.is_empty());
        let price =
            price.map_or(Some(Money::ZERO), euros).ok_or_else(|| refuse(price.unwrap_or_default()))?;
        lines.push(Line::billed(cell(number), began, ms, price));
    }
    Ok(lines)
}

/// `95`, `1:35`, `00:01:35`, `1m35s`.
fn length_ms(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<u64>() {
        return seconds.checked_mul(1_000);
    }
    if text.contains(':') {
        let parts: Option<Vec<u64>> = text.split(':').map(|part| part.parse().ok()).collect();
        let parts = parts.filter(|parts| parts.len() <= 3)?;
        let seconds = parts.iter().try_fold(0_u64, |sum, part| sum.checked_mul(60)?.checked_add(*part))?;
        return seconds.checked_mul(1_000);
    }
    read_duration(text).map(crate::base::time::millis)
}

/// `0,0152`, `0.0152 €`, in euros.
fn euros(text: &str) -> Option<Money> {
    const DECIMALS: usize = 6;
    let text = text.trim_end_matches("EUR").trim_end_matches('€').trim();
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) || part.len() > DECIMALS {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let micros = format!("{part:0<DECIMALS$}").parse::<u64>().ok()?;
    Some(Money::micros(whole.checked_mul(1_000_000)?.checked_add(micros)?))
}

/// The cells of a row; what stands in quotes may hold the delimiter, and a quote twice.
fn cells(row: &str, delimiter: char) -> Vec<String> {
    let (mut cells, mut quoted, mut signs) =
        (vec![String::new()], false, row.trim_end_matches('\r').chars().peekable());
    while let Some(sign) = signs.next() {
        let twice = quoted && sign == '"' && signs.peek() == Some(&'"');
        match sign {
            '"' if !twice => quoted = !quoted,
            sign if sign == delimiter && !quoted => cells.push(String::new()),
            sign => {
                if twice {
                    signs.next();
                }
                cells.last_mut().into_iter().for_each(|cell| cell.push(sign));
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::Tongue;

    fn line(number: &str, at: &str, ms: u64, micros: u64) -> Line {
        Line::billed(number, Wall::parse(at).unwrap(), ms, Money::micros(micros))
    }

    #[test]
    fn bills_in_french_and_english_are_read() {
        let french = "\u{feff}Numéro appelant;Date;Heure;Durée;Montant HT\r\n0612345678;24/11/2026;10:00:05;00:01:35;\"0,0152\"\r\n";
        let english = "from,start,duration,cost\n\"+33612345678\",2026-11-24T10:00:05+01:00,95,0.0152\n\n";
        let expected = [line("0612345678", "2026-11-24T10:00:05+01:00", 95_000, 15_200)];
        for text in [french, english] {
            assert_eq!(read(&decoded(text.as_bytes()), "Europe/Paris").unwrap(), expected, "{text}");
        }
        let latin: Vec<u8> = "Appelant;Date;Durée\n0612345678;24/11/2026 10:00:05;95\n"
            .chars()
            .map(|sign| sign as u8)
            .collect();
        let free = [line("0612345678", "2026-11-24T10:00:05+01:00", 95_000, 0)];
        assert_eq!(read(&decoded(&latin), "Europe/Paris").unwrap(), free);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_what_was_found() {
        let why = |text: &str| read(text, "UTC").unwrap_err().to(Tongue::English);
        assert!(why("Nom;Prénom\n").ends_with("there are: Nom, Prénom"));
        let head = "caller;date;duration;price\n";
        assert_eq!(why(&format!("{head}06;hier;5;1\n")), "line 2: `hier` cannot be read");
        assert_eq!(why(&format!("{head}06;2026-11-24 10:00;x;1\n")), "line 2: `x` cannot be read");
        assert_eq!(why(&format!("{head}06;2026-11-24 10:00;5;1,2,3\n")), "line 2: `1,2,3` cannot be read");
    }

    #[test]
    fn quotes_hold_what_would_end_a_cell() {
        assert_eq!(cells("a;\"b;\"\"c\"\"\";\r", ';'), ["a", "b;\"c\"", ""]);
    }
}
