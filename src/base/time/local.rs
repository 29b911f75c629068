//! A moment as a person types it, `2026-12-24 17h30`: local time of a zone, unless the text says another.
//!
//! Twice a year a local time is not one moment: in spring an hour does not exist, in autumn one comes twice. Neither is
//! guessed in silence: what was chosen stands in the [`Twist`].

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{Date, TimeOfDay, Wall};
use crate::base::diagnostic::Text;
use crate::say;

/// A moment that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// The moment.
    pub wall: Wall,
    /// The zone that it was meant in: the text's own, or the one that was given.
    pub(crate) zone: String,
    /// What had to be chosen to make one moment of the text.
    pub(crate) twist: Option<Twist>,
}

/// What had to be chosen.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Twist {
    /// A date without a time is taken as its noon.
    Noon,
    /// The clock goes forward over this time: the moment of the change is taken.
    Skipped,
    /// The clock goes back and shows this time twice: the first is taken.
    Twice {
        /// The other.
        second: Wall,
    },
}

/// Why a text is no moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalError {
    /// It is not written as one.
    NotAMoment,
    /// 30 February.
    NoSuchDate,
    /// 25:00.
    NoSuchTime,
    /// A zone that the time zone database does not have.
    NoSuchZone(String),
}

impl Wall {
    /// Reads `2026-12-24T17:30`, `2026-12-24 17h30`, `24/12/2026 17h`, `2026-12-24` (noon), each in `zone` or in the zone
    /// that follows (`2026-12-24 17:30 Europe/Paris`), and RFC 3339 with an offset.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse_local(text: &str, zone: &str) -> Result<Local, LocalError> {
        let text = text.trim();
        if let Some(wall) = Self::parse(text) {
            return Ok(Local { wall, zone: zone.to_owned(), twist: None });
        }
        let text = text.replace(['[', ']'], " ");
        let mut words = text.split_whitespace().filter(|word| !matches!(*word, "à" | "at")).peekable();
        let first = words.next().ok_or(LocalError::NotAMoment)?;
        let (day, time) = match first.split_once(['T', 't']) {
            Some((day, time)) => (day, Some(time)),
            None => (first, words.next_if(|word| word.starts_with(|c: char| c.is_ascii_digit()))),
        };
        let zone = words.next().unwrap_or(zone);
        if words.next().is_some() {
            return Err(LocalError::NotAMoment);
        }
        let (date, noon) = (date(day)?, TimeOfDay::new(12, 0));
        let time = time.map(time_of_day).transpose()?;
        let (wall, twist) = moment(date, time.unwrap_or(noon), zone)?;
        let twist = twist.or(if time.is_none() { Some(Twist::Noon) } else { None });
        Ok(Local { wall, zone: zone.to_owned(), twist })
    }
}

impl Twist {
    /// In words.
    pub(crate) fn text(self, zone: &str) -> Text {
        match self {
            Self::Noon => Text::word("no time is given: noon is taken"),
            Self::Skipped => Text::word(
                "this time does not exist, for the clock goes forward over it: the moment of the change is taken",
            ),
            Self::Twice { second } => say!(
                "this time comes twice, for the clock goes back over it: the first is taken; the second is {}",
                second.rfc3339(zone)
            ),
        }
    }
}

impl LocalError {
    /// In words.
    pub(crate) fn text(&self) -> Text {
        match self {
            Self::NotAMoment => Text::word(
                "this is no moment; write 2026-12-24T17:30, 2026-12-24 17h30 or 2026-12-24T17:30:00+01:00",
            ),
            Self::NoSuchDate => Text::word("there is no such date"),
            Self::NoSuchTime => Text::word("there is no such time of day; it goes from 0h00 to 23h59"),
            Self::NoSuchZone(zone) => {
                say!("there is no time zone `{}`; a zone is written like Europe/Paris", zone)
            }
        }
    }
}

/// `2026-12-24`, or as it is written in France, `24/12/2026`.
fn date(text: &str) -> Result<Date, LocalError> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [first, month, last] = parts[..] else { return Err(LocalError::NotAMoment) };
    let (year, day) = if text.contains('/') { (last, first) } else { (first, last) };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let fit = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fit {
            text.parse::<i16>().map_err(|_| LocalError::NotAMoment)
        } else {
            Err(LocalError::NotAMoment)
        }
    };
    let (year, month, day) = (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?);
    // Two digits are within an i8.
    Date::new(year, month as i8, day as i8).ok_or(LocalError::NoSuchDate)
}

/// `17:30`, `17:30:15`, `17h30`, `17h`.
fn time_of_day(text: &str) -> Result<TimeOfDay, LocalError> {
    let mut parts = text.split([':', 'h', 'H']);
    let mut next = |digits: std::ops::RangeInclusive<usize>| {
        let Some(part) = parts.next() else { return Ok(0) };
        let hour_alone = part.is_empty() && text.ends_with(['h', 'H']);
        let fit = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        match part.parse::<i8>() {
            Ok(number) if fit => Ok(number),
            _ if hour_alone => Ok(0),
            _ => Err(LocalError::NotAMoment),
        }
    };
    let (hour, minute, second) = (next(1..=2)?, next(2..=2)?, next(2..=2)?);
    if parts.next().is_some() || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LocalError::NotAMoment);
    }
    match (hour, minute, second) {
        (0..=23, 0..=59, 0..=59) => Ok(TimeOfDay { hour, minute, second }),
        _ => Err(LocalError::NoSuchTime),
    }
}

/// The moment at which the clock of a zone shows this.
fn moment(date: Date, time: TimeOfDay, zone: &str) -> Result<(Wall, Option<Twist>), LocalError> {
    let no_zone = |_| LocalError::NoSuchZone(zone.to_owned());
    let zone = TimeZone::get(zone).map_err(no_zone)?;
    let (hour, minute, second) = (time.hour, time.minute, time.second);
    let civil = DateTime::new(date.year, date.month, date.day, hour, minute, second, 0);
    let ambiguous = zone.to_ambiguous_timestamp(civil.map_err(|_| LocalError::NoSuchDate)?);
    let wall = |stamp: jiff::Timestamp| Wall::from_epoch_ms(stamp.as_millisecond());
    let (early, late) = (ambiguous.earlier(), ambiguous.later());
    let (Ok(early), Ok(late)) = (early, late) else { return Err(LocalError::NoSuchDate) };
    Ok(match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => (wall(early), None),
        AmbiguousOffset::Fold { .. } => (wall(early), Some(Twist::Twice { second: wall(late) })),
        AmbiguousOffset::Gap { .. } => {
            let change = zone.following(early).next().map_or(late, |transition| transition.timestamp());
            (wall(change), Some(Twist::Skipped))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, LocalError> {
        Wall::parse_local(text, "Europe/Paris")
            .map(|local| local.wall.rfc3339("Europe/Paris").replace(".000", ""))
    }

    fn twist(text: &str) -> Option<Twist> {
        Wall::parse_local(text, "Europe/Paris").unwrap().twist
    }

    #[test]
    fn a_moment_is_read_as_people_write_it() {
        for text in [
            "2026-12-24T17:30",
            "2026-12-24t17:30",
            " 2026-12-24 17h30 ",
            "2026-12-24  à 17h30",
            "2026-12-24 17:30:00",
            "24/12/2026 17h30",
            "2026-12-24 17:30 Europe/Paris",
            "2026-12-24T17:30[Europe/Paris]",
            "2026-12-24 12:30 America/Guadeloupe",
            "2026-12-24T17:30:00+01:00",
            "2026-12-24 16:30:00Z",
        ] {
            assert_eq!(read(text), Ok("2026-12-24T17:30:00+01:00".to_owned()), "{text}");
        }
        assert_eq!(read("2026-06-01 7h05"), Ok("2026-06-01T07:05:00+02:00".to_owned()));
        assert_eq!(read("2026-06-01 7h"), Ok("2026-06-01T07:00:00+02:00".to_owned()));
        let local = Wall::parse_local("2026-06-01 7h Pacific/Marquesas", "Europe/Paris").unwrap();
        assert_eq!(
            (local.wall, local.zone.as_str()),
            (Wall::parse("2026-06-01T07:00:00-09:30").unwrap(), "Pacific/Marquesas")
        );
    }

    #[test]
    fn a_date_alone_is_its_noon_and_says_so() {
        assert_eq!(read("2026-12-24"), Ok("2026-12-24T12:00:00+01:00".to_owned()));
        assert_eq!(twist("2026-12-24"), Some(Twist::Noon));
        assert_eq!(twist("2026-12-24 Europe/Paris"), Some(Twist::Noon));
        assert_eq!(twist("2026-12-24 12:00"), None);
    }

    #[test]
    fn a_time_that_the_clock_skips_is_the_moment_of_the_change() {
        assert_eq!(read("2026-03-29 02:30"), Ok("2026-03-29T03:00:00+02:00".to_owned()));
        assert_eq!(twist("2026-03-29 02:30"), Some(Twist::Skipped));
        assert_eq!((twist("2026-03-29 01:59:59"), twist("2026-03-29 03:00")), (None, None));
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first() {
        assert_eq!(read("2026-10-25 02:30"), Ok("2026-10-25T02:30:00+02:00".to_owned()));
        let second = Wall::parse("2026-10-25T02:30:00+01:00").unwrap();
        assert_eq!(twist("2026-10-25 02:30"), Some(Twist::Twice { second }));
        assert_eq!((twist("2026-10-25 01:59"), twist("2026-10-25 03:00")), (None, None));
        assert!(Twist::Twice { second }.text("Europe/Paris").english().contains("02:30:00.000+01:00"));
    }

    #[test]
    fn what_is_no_moment_is_told() {
        for text in [
            "",
            "demain",
            "17h30",
            "2026-12-24 1730",
            "2026-12-24 17h3",
            "2026-12-24 17h30 Europe/Paris x",
            "26-12-24",
            "2026-12-24 17:30:00:00",
            "2026-12",
            "+026-01-01",
        ] {
            assert_eq!(read(text), Err(LocalError::NotAMoment), "{text}");
        }
        assert_eq!(read("2026-02-29"), Err(LocalError::NoSuchDate));
        assert_eq!(read("2026-13-01"), Err(LocalError::NoSuchDate));
        for text in ["2026-12-24 24:00", "2026-12-24 17:60", "2026-12-24 25h"] {
            assert_eq!(read(text), Err(LocalError::NoSuchTime), "{text}");
        }
        assert_eq!(read("2026-12-24 17h Europe/Paname"), Err(LocalError::NoSuchZone("Europe/Paname".into())));
    }

    proptest::proptest! {
        #![proptest_config(crate::base::property::cases(256))]

        #[test]
        fn no_text_panics(text in "[0-9TthH:/ .+-]{0,24}|\\PC{0,24}") {
            let _ = Wall::parse_local(&text, "Europe/Paris");
        }

        #[test]
        fn every_minute_is_read_back(minute in 0_i64..60_000_000) {
            let wall = Wall::from_epoch_ms(minute * 60_000);
            let typed = wall.rfc3339("Europe/Paris");
            let local = Wall::parse_local(&typed[..16], "Europe/Paris").unwrap();
            let other = match local.twist { Some(Twist::Twice { second }) => second, _ => local.wall };
            proptest::prop_assert!(local.wall == wall || other == wall, "{}", typed);
        }
    }
}
