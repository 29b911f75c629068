//! Values as they are written in a text message, an e-mail or a request: `jeudi 26 novembre`, `11h30`, `12,50 €`.

use super::decimal::Decimal;
use super::speech::{Format, Language};
use crate::base::time::{Date, Weekday};

/// Whether a value reads as its format.
pub(crate) fn fits(format: Format, value: &str) -> bool {
    let plain = matches!(
        format,
        Format::Digits | Format::Number | Format::Ordinal | Format::Hours | Format::Spell | Format::Phone
    );
    plain || read(Language::French, format, value).is_some()
}

/// A value in writing. What does not read as its format is written as it is: a message is not held up for it.
pub(crate) fn written(language: Language, format: Format, value: &str) -> String {
    read(language, format, value).unwrap_or_else(|| value.to_owned())
}

fn read(language: Language, format: Format, value: &str) -> Option<String> {
    match format {
        Format::Euros => euros(language, value),
        Format::Date => date(language, value),
        Format::Time => time(language, value),
        Format::DateTime => moment(language, value),
        Format::Duration => duration(value),
        Format::Phone => Some(phone(value)),
        Format::Digits | Format::Number | Format::Ordinal | Format::Hours | Format::Spell => None,
    }
}

fn euros(language: Language, value: &str) -> Option<String> {
    let cents = Decimal::parse(value)?.hundredths();
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.abs());
    Some(match language {
        Language::French => format!("{sign}{},{:02} €", cents / 100, cents % 100),
        Language::English => format!("{sign}€{}.{:02}", cents / 100, cents % 100),
    })
}

fn date(language: Language, value: &str) -> Option<String> {
    let date = Date::parse(value.get(..10)?)?;
    let (weekday, month) = (date.weekday() as usize, usize::try_from(date.month - 1).ok()?);
    Some(match language {
        Language::French => {
            let day = if date.day == 1 { "1er".to_owned() } else { date.day.to_string() };
            format!("{} {day} {}", WEEKDAYS[weekday].0, MONTHS[month].0)
        }
        Language::English => format!("{} {} {}", WEEKDAYS[weekday].1, date.day, MONTHS[month].1),
    })
}

fn time(language: Language, value: &str) -> Option<String> {
    let time = value.split_once('T').map_or(value, |(_, time)| time);
    let (hour, minute) = time.get(..5)?.split_once(':')?;
    let hour: u8 = hour.parse().ok()?;
    Some(match (language, minute) {
        (Language::French, "00") => format!("{hour}h"),
        (Language::French, minute) => format!("{hour}h{minute}"),
        (Language::English, minute) => format!("{hour}:{minute}"),
    })
}

fn moment(language: Language, value: &str) -> Option<String> {
    let (day, hour) = (date(language, value)?, time(language, value)?);
    Some(match language {
        Language::French => format!("{day} à {hour}"),
        Language::English => format!("{day} at {hour}"),
    })
}

fn duration(value: &str) -> Option<String> {
    let seconds: u64 = value.parse().ok()?;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "min"), (seconds, "s")];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    Some(if said.is_empty() { "0 s".to_owned() } else { said.join(" ") })
}

/// French numbers of ten figures by pairs; others as they are.
fn phone(value: &str) -> String {
    let national = value.strip_prefix("+33").map_or_else(|| value.to_owned(), |rest| format!("0{rest}"));
    if national.len() != 10 || !national.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.to_owned();
    }
    let pairs = national.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned());
    pairs.collect::<Vec<_>>().join(" ")
}

/// Monday to Sunday, French and English.
const WEEKDAYS: [(&str, &str); Weekday::ALL.len()] = [
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
];

const MONTHS: [(&str, &str); 12] = [
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_people_write_them() {
        let fr = |format, value| written(Language::French, format, value);
        assert_eq!(fr(Format::Euros, "12.5"), "12,50 €");
        assert_eq!(fr(Format::Date, "2026-12-01"), "mardi 1er décembre");
        assert_eq!(fr(Format::DateTime, "2026-11-26T09:00"), "jeudi 26 novembre à 9h");
        assert_eq!(fr(Format::Time, "2026-11-26T11:30"), "11h30");
        assert_eq!(fr(Format::Phone, "+33612345678"), "06 12 34 56 78");
        assert_eq!(fr(Format::Duration, "3725"), "1 h 2 min 5 s");
        assert_eq!(fr(Format::Digits, "0042"), "0042");
        assert_eq!(fr(Format::Euros, "cher"), "cher");
        let en = |format, value| written(Language::English, format, value);
        assert_eq!(en(Format::DateTime, "2026-11-26T09:00"), "Thursday 26 November at 9:00");
        assert_eq!(en(Format::Euros, "-3"), "-€3.00");
    }
}
