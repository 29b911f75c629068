//! Scalars of a site as people write them: times, days, amounts. Text in, value out, none when it is not one.

use std::net::{IpAddr, SocketAddr};

use crate::base::letters::unaccented;
use crate::base::time::{Date, Duration, Weekday, read_duration};
use crate::centre::hours::{Day, Span};

/// `every 45s`.
pub(crate) fn every(text: &str) -> Option<Duration> {
    read_duration(text.trim().strip_prefix("every ")?).filter(|period| !period.is_zero())
}

/// `80% in 20s`: percent and time.
pub(crate) fn service_level(text: &str) -> Option<(u8, Duration)> {
    let (percent, within) = text.split_once('%')?;
    let percent: u8 = percent.trim().parse().ok()?;
    let within = read_duration(within.trim().strip_prefix("in ")?)?;
    (1..=100).contains(&percent).then_some((percent, within))
}

/// `16384-32767`.
pub(crate) fn ports(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-')?;
    let (first, last): (u16, u16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first > 0 && first < last).then_some((first, last))
}

/// `0.0.0.0:5060`, `[::]:5060`, or an address alone with the port that is usual.
pub(crate) fn socket(text: &str, usual_port: u16) -> Option<SocketAddr> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, usual_port)))
}

/// An exact amount in millionths of a euro: `15 EUR`, `0.015 EUR`, `0,06 €`.
pub(crate) fn euros(text: &str) -> Option<i64> {
    const DECIMALS: usize = 6;
    let text = text.trim();
    let amount = text.strip_suffix("EUR").or_else(|| text.strip_suffix('€'))?.trim_end();
    let (whole, part) = amount.split_once(['.', ',']).unwrap_or((amount, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > DECIMALS || !all_digits(whole) || !all_digits(part)
    {
        return None;
    }
    let micros = format!("{part:0<DECIMALS$}");
    Some(whole.parse::<i64>().ok()? * 1_000_000 + micros.parse::<i64>().ok()?)
}

/// `9h-12h30, 14h-18h`; `fermé` or `closed` is no span; `24h/24` is the whole day. Spans that overlap are none.
pub(crate) fn spans(text: &str) -> Result<Vec<Span>, NotHours> {
    let text = text.trim();
    if ["fermé", "ferme", "closed"].contains(&text.to_lowercase().as_str()) {
        return Ok(Vec::new());
    }
    if text.eq_ignore_ascii_case("24h/24") {
        return Ok(vec![Span::WHOLE_DAY]);
    }
    let one = |part: &str| {
        let (from, until) = part.split_once(['-', '–'])?;
        Span::new(minute_of_day(from)?, minute_of_day(until)?)
    };
    let mut spans: Vec<(Span, &str)> = Vec::new();
    for part in text.split(',') {
        let span = one(part).ok_or(NotHours::Unreadable)?;
        if let Some((_, other)) = spans.iter().find(|(other, _)| other.overlaps(span)) {
            return Err(NotHours::Overlap((*other).to_owned(), part.trim().to_owned()));
        }
        spans.push((span, part.trim()));
    }
    spans.sort_unstable_by_key(|(span, _)| *span);
    Ok(spans.into_iter().map(|(span, _)| span).collect())
}

/// What was meant by hours in words: `de 8h à 12h et de 14h à 18h` is `8h-12h, 14h-18h`, `9-12` is `9h-12h`.
pub(crate) fn meant_hours(text: &str) -> Option<String> {
    let mut words = format!(" {} ", text.trim().to_lowercase());
    if ["non", "no", "fermer", "ferme", "fermée", "jamais", "repos", "rien"].contains(&words.trim()) {
        return Some("fermé".to_owned());
    }
    if ["ouvert", "open", "oui", "24h", "24/24", "24/7", "24h/7", "toujours", "7j/7"].contains(&words.trim())
    {
        return Some("24h/24".to_owned());
    }
    for (word, sign) in [
        (" et ", " , "),
        (" and ", " , "),
        (" puis ", " , "),
        ("/", ","),
        (";", ","),
        (" à ", " - "),
        (" a ", " - "),
        (" jusqu'", "-"),
        (" to ", " - "),
        ("→", "-"),
        ("->", "-"),
        (" de ", " "),
        (" from ", " "),
        ("midi", "12h"),
        ("minuit", "24h"),
        ("heures", "h"),
        ("heure", "h"),
    ] {
        words = words.replace(word, sign);
    }
    let spaceless: String = words.chars().filter(|sign| !sign.is_whitespace()).collect();
    let hour = |part: &str| {
        if part.bytes().all(|byte| byte.is_ascii_digit()) { format!("{part}h") } else { part.to_owned() }
    };
    let spans =
        spaceless.split(',').map(|span| span.split(['-', '–']).map(hour).collect::<Vec<_>>().join("-"));
    let meant = spans.collect::<Vec<_>>().join(", ");
    self::spans(&meant).is_ok().then_some(meant)
}

/// What was meant by days in words: `du lundi au vendredi` is `lundi-vendredi`.
pub(crate) fn meant_weekdays(text: &str) -> Option<String> {
    let mut words = format!(" {} ", text.trim().to_lowercase());
    match words.trim() {
        "semaine" | "en semaine" | "jours ouvrés" | "weekdays" => return Some("lun-ven".to_owned()),
        "tous" | "tous les jours" | "chaque jour" | "toujours" | "everyday" | "every day" | "7j/7" => {
            return Some("lun-dim".to_owned());
        }
        "week-end" | "weekend" | "le week-end" => return Some("sam-dim".to_owned()),
        _ => {}
    }
    for (word, sign) in [
        (" du ", " "),
        (" le ", " "),
        (" les ", " "),
        (" au ", "-"),
        (" à ", "-"),
        (" to ", "-"),
        (" et ", ","),
        (" and ", ","),
        ("/", ","),
        ("..", "-"),
    ] {
        words = words.replace(word, sign);
    }
    let days: String = words.chars().filter(|sign| !sign.is_whitespace()).collect();
    let singular = |day: &str| day.trim_end_matches('s').trim_end_matches('.').to_owned();
    let meant = days.split(',').map(|part| part.split('-').map(singular).collect::<Vec<_>>().join("-"));
    let meant = meant.collect::<Vec<_>>().join(", ");
    weekdays(&meant).map(|_| meant)
}

/// What was meant by a date as the French write it: `14/07` is `07-14`, `24 décembre 2026` is `2026-12-24`.
pub(crate) fn meant_day(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ];
    let words = slug(text);
    let parts: Vec<&str> = words.split('-').filter(|part| !["le", "du"].contains(part)).collect();
    let number = |part: &str| part.trim_end_matches("er").parse::<u16>().ok();
    let month = |part: &str| {
        let named = MONTHS.iter().position(|month| part.len() > 2 && month.starts_with(part));
        named.map(|place| place as u16 + 1).or_else(|| number(part))
    };
    let meant = match parts[..] {
        [day, mon] => format!("{:02}-{:02}", month(mon)?, number(day)?),
        [year, mon, day] if year.len() == 4 => format!("{year}-{:02}-{:02}", month(mon)?, number(day)?),
        [day, mon, year] if year.len() == 4 => format!("{year}-{:02}-{:02}", month(mon)?, number(day)?),
        _ => return None,
    };
    days(&meant).map(|_| meant)
}

/// Why a text is no hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotHours {
    /// It does not read as such.
    Unreadable,
    /// These two overlap.
    Overlap(String, String),
}

/// `9h`, `9h05`, `12h30`, `9:30`, `24h`, in minutes of the day.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(['h', 'H', ':'])?;
    let minute = match minute {
        "" => 0,
        two if two.len() == 2 => two.parse().ok()?,
        _ => return None,
    };
    let hour: u16 = if (1..=2).contains(&hour.len()) { hour.parse().ok()? } else { return None };
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

/// `lun`, `lun-ven`, `sam, dim`, `monday`, in the order written; a range may pass the end of the week.
pub(crate) fn weekdays(text: &str) -> Option<Vec<Weekday>> {
    let mut days = Vec::new();
    for part in text.split(',') {
        match part.split_once('-') {
            None => days.push(weekday(part)?),
            Some((first, last)) => {
                let (first, last) = (weekday(first)? as usize, weekday(last)? as usize);
                let count = (last + 7 - first) % 7 + 1;
                days.extend((first..first + count).map(|day| Weekday::ALL[day % 7]));
            }
        }
    }
    Some(days)
}

fn weekday(text: &str) -> Option<Weekday> {
    const WORDS: [[&str; 4]; 7] = [
        ["lun", "lundi", "mon", "monday"],
        ["mar", "mardi", "tue", "tuesday"],
        ["mer", "mercredi", "wed", "wednesday"],
        ["jeu", "jeudi", "thu", "thursday"],
        ["ven", "vendredi", "fri", "friday"],
        ["sam", "samedi", "sat", "saturday"],
        ["dim", "dimanche", "sun", "sunday"],
    ];
    let wanted = text.trim().to_lowercase();
    let place = WORDS.iter().position(|words| words.contains(&wanted.as_str()))?;
    Some(Weekday::ALL[place])
}

/// `2026-12-24`, `12-24` (every year), `2026-08-03..2026-08-21`: the days meant, at most a year of them.
pub(crate) fn days(text: &str) -> Option<Vec<Day>> {
    const DAYS_MAX: usize = 366;
    let text = text.trim();
    let Some((first, last)) = text.split_once("..") else {
        return day(text).map(|day| vec![day]);
    };
    let (mut date, last) = (Date::parse(first.trim())?, Date::parse(last.trim())?);
    let mut days = Vec::new();
    while date <= last && days.len() < DAYS_MAX {
        days.push(Day::Once(date));
        date = date.plus_days(1);
    }
    (date > last && !days.is_empty()).then_some(days)
}

fn day(text: &str) -> Option<Day> {
    if let Some(date) = Date::parse(text) {
        return Some(Day::Once(date));
    }
    let (month, day) = text.split_once('-')?;
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    // 2028 is a leap year: 29 February is a day of every year that has it.
    let date = Date::new(2028, month.parse().ok()?, day.parse().ok()?)?;
    Some(Day::Yearly(date.month, date.day))
}

/// An e-mail address: enough to catch a slip; the mail server knows the rest.
pub(crate) fn email(text: &str) -> Option<String> {
    let (user, host) = text.split_once('@')?;
    let clean = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    (clean(user) && clean(host)).then(|| text.to_owned())
}

/// Without accents, case, and with `-` for what is no letter or digit: so that `Vendredi saint` is `vendredi-saint`.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in unaccented(&text.to_lowercase()).chars() {
        let plain = if c.is_alphanumeric() { c } else { '-' };
        if plain != '-' || !slug.ends_with('-') {
            slug.push(plain);
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(text: &str) -> Option<String> {
        spans(text).ok().map(|spans| spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn days_and_hours_in_words_are_understood_well_enough_to_say_how_to_write_them() {
        let hours = |text| meant_hours(text).unwrap_or_default();
        assert_eq!(hours("de 8h à 12h"), "8h-12h");
        assert_eq!(hours("de 8h à 12h et de 14h à 18h30"), "8h-12h, 14h-18h30");
        assert_eq!(
            (hours("9-12"), hours("9 h - 12 h"), hours("9h00 à midi")),
            ("9h-12h".into(), "9h-12h".into(), "9h00-12h".into())
        );
        assert_eq!(
            (hours("9h-12h / 14h-18h"), hours("9h-12h;14h-18h")),
            ("9h-12h, 14h-18h".into(), "9h-12h, 14h-18h".into())
        );
        assert_eq!(
            (hours("non"), hours("ouvert"), hours("sur rendez-vous")),
            ("fermé".into(), "24h/24".into(), String::new())
        );
        let days = |text| meant_weekdays(text).unwrap_or_default();
        assert_eq!(
            (days("du lundi au vendredi"), days("lundi à jeudi et samedi")),
            ("lundi-vendredi".into(), "lundi-jeudi, samedi".into())
        );
        assert_eq!(
            (days("les mardis"), days("tous les jours"), days("noël")),
            ("mardi".into(), "lun-dim".into(), String::new())
        );
        let day = |text| meant_day(text).unwrap_or_default();
        assert_eq!(
            (day("14/07"), day("14/07/2026"), day("2026/07/14")),
            ("07-14".into(), "2026-07-14".into(), "2026-07-14".into())
        );
        assert_eq!(
            (day("24 décembre"), day("1er mai 2027"), day("24-12")),
            ("12-24".into(), "2027-05-01".into(), "12-24".into())
        );
        assert_eq!((day("Noël"), day("14/17")), (String::new(), String::new()));
    }

    #[test]
    fn durations_among_other_words() {
        assert_eq!(every("every 45s"), Some(Duration::from_secs(45)));
        assert_eq!(every("every 1m30"), Some(Duration::from_secs(90)));
        assert_eq!(every("every 0s"), None);
        assert_eq!(service_level("80% in 20s"), Some((80, Duration::from_secs(20))));
        assert_eq!((service_level("180% in 20s"), service_level("80 in 20s")), (None, None));
    }

    #[test]
    fn hours_of_a_day() {
        assert_eq!(spelled("9h-12h30, 14h-18h").as_deref(), Some("9h-12h30, 14h-18h"));
        assert_eq!(spelled("14h-18h,9:00-12:30").as_deref(), Some("9h-12h30, 14h-18h"), "in order");
        assert_eq!(spelled("22h-2h").as_deref(), Some("22h-2h"));
        assert_eq!(spelled("0h-24h").as_deref(), Some("0h-24h"));
        assert_eq!(spans("24h/24"), Ok(vec![Span::WHOLE_DAY]));
        assert_eq!((spans("fermé"), spans("Closed")), (Ok(vec![]), Ok(vec![])));
        for text in ["9-12", "9h-9h", "25h-26h", "9h-12h60", "9h-12h, 11h-13h", "9h", "", "9h5-12h", "h-12h"]
        {
            assert!(spans(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_of_the_week_in_both_languages() {
        use Weekday::{Friday, Monday, Saturday, Sunday};
        assert_eq!(weekdays("lun-ven").map(|days| days.len()), Some(5));
        assert_eq!(weekdays("Mon-Fri"), weekdays("lundi-vendredi"));
        assert_eq!(weekdays("sam-lun"), Some(vec![Saturday, Sunday, Monday]));
        assert_eq!(weekdays("ven, dim"), Some(vec![Friday, Sunday]));
        assert_eq!((weekdays("lum"), weekdays("lun-"), weekdays("")), (None, None, None));
    }

    #[test]
    fn dates_years_and_stretches() {
        assert_eq!(days("2026-12-24"), Some(vec![Day::Once(Date::parse("2026-12-24").unwrap())]));
        assert_eq!(days("12-24"), Some(vec![Day::Yearly(12, 24)]));
        assert_eq!(days("02-29"), Some(vec![Day::Yearly(2, 29)]));
        assert_eq!(days("2026-08-03..2026-08-21").map(|days| days.len()), Some(19));
        for text in ["2026-02-30", "13-01", "24/12", "2026-08-21..2026-08-03", "2026-01-01..2099-01-01", ""] {
            assert_eq!(days(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(euros("15 EUR"), Some(15_000_000));
        assert_eq!(euros("0.015 EUR"), Some(15_000));
        assert_eq!(euros("0,06 €"), Some(60_000));
        for text in ["15", "EUR", "-1 EUR", "1.2345678 EUR", "1e3 EUR", "15 USD", "9999999999 EUR"] {
            assert_eq!(euros(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_and_ports() {
        assert_eq!(ports("16384-32767"), Some((16_384, 32_767)));
        assert_eq!((ports("32767-16384"), ports("0-9"), ports("1-70000")), (None, None, None));
        assert_eq!(socket("0.0.0.0:5062", 5_060), "0.0.0.0:5062".parse().ok());
        assert_eq!(socket("::", 5_060), "[::]:5060".parse().ok());
        assert_eq!(socket("svi.example:5060", 5_060), None);
        assert_eq!(slug("Lundi de  Pentecôte"), "lundi-de-pentecote");
    }

    proptest! {
        #![proptest_config(crate::base::property::cases(256))]
        #[test]
        fn no_text_panics(text in "[0-9hmsd:,. %/€EUR-]{0,20}|\\PC{0,20}") {
            let _ = (every(&text), service_level(&text), ports(&text), socket(&text, 1));
            let _ = (euros(&text), spans(&text), weekdays(&text), days(&text), slug(&text));
        }
    }
}
