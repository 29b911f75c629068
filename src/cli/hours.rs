//! `svi hours`: whether the calendars of a site are open at a moment, why, and when they open next.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use super::asked;
use super::language::{Language, tongue};
use crate::base::diagnostic::{Text, Tongue, nearest};
use crate::base::name::Name;
use crate::base::time::{Civil, Date, LocalError, Twist, Wall};
use crate::centre::hours::{Hours, State};
use crate::flow::speech;
use crate::io::load::{self, SiteSource};
use crate::io::terminal::{self, errln};
use crate::say;

/// Days that are listed at the most: a year.
const DAYS_MAX: u16 = 366;

/// `svi hours`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example.
    site: Option<PathBuf>,
    /// One calendar of the site; all when none is given.
    #[arg(long, value_name = "NAME")]
    calendar: Option<String>,
    /// The moment, in the calendar's own zone: `2026-12-24T17:30`, `2026-12-24 17h30`, `2026-12-24` (noon),
    /// `2026-12-24 17:30 Europe/Paris`, or with an offset, `2026-12-24T17:30:00+01:00`. Now when none is given.
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
    /// List this many days from that day on, with their hours, holidays and exceptions.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(DAYS_MAX)))]
    days: Option<u16>,
    /// The language; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// Tells it, calendar by calendar.
pub(crate) fn run(args: &Args) -> ExitCode {
    let tongue = tongue(args.language);
    let calendars = match load::shared(&SiteSource::new(asked::site(args.site.clone()))) {
        Ok(shared) => shared.hours,
        Err(error) => {
            terminal::err(&error.render(false, tongue));
            return ExitCode::FAILURE;
        }
    };
    let now = crate::io::clock::Clock::start().now().wall;
    match answer(&calendars, args.calendar.as_deref(), args.at.as_deref(), args.days, now) {
        Ok(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| part.in_words(tongue)).collect();
            terminal::out(&parts.join("\n"));
            ExitCode::SUCCESS
        }
        Err(why) => {
            errln!("svi: {}", why.to(tongue));
            ExitCode::from(2)
        }
    }
}

/// What is told of one calendar.
struct Part<'a> {
    name: &'a Name,
    hours: &'a Hours,
    wall: Wall,
    twist: Option<Text>,
    days: u16,
}

fn answer<'a>(
    calendars: &'a BTreeMap<Name, Hours>,
    asked: Option<&str>,
    at: Option<&str>,
    days: Option<u16>,
    now: Wall,
) -> Result<Vec<Part<'a>>, Text> {
    if calendars.is_empty() {
        return Err(Text::word("the site has no calendar: write one under `hours:` in `site.yaml`"));
    }
    if let Some(asked) = asked.filter(|asked| !calendars.contains_key(*asked)) {
        let known: Vec<&str> = calendars.keys().map(Name::as_str).collect();
        return Err(match nearest(asked, known.iter().copied()) {
            Some(meant) => say!("there is no calendar `{}`; did you mean `{}`?", asked, meant),
            None => say!("there is no calendar `{}`; there are: {}", asked, known.join(", ")),
        });
    }
    let chosen = calendars.iter().filter(|(name, _)| asked.is_none_or(|asked| name.as_str() == asked));
    let part = |(name, hours): (&'a Name, &'a Hours)| {
        let (wall, twist) = match at {
            None => (now, None),
            Some(at) => moment(at, &hours.zone).map_err(|error| say!("`{}`: {}", at, error.text()))?,
        };
        let twist = twist.map(|twist: Twist| twist.text(&hours.zone));
        Ok(Part { name, hours, wall, twist, days: days.unwrap_or(0) })
    };
    chosen.map(part).collect()
}

fn moment(text: &str, zone: &str) -> Result<(Wall, Option<Twist>), LocalError> {
    Wall::parse_local(text, zone).map(|local| (local.wall, local.twist))
}

impl Part<'_> {
    fn in_words(&self, tongue: Tongue) -> String {
        let explained = self.hours.explain(self.wall);
        let civil = explained.civil;
        let place = format!("{}, {}", explained.zone, offset(civil.offset_minutes));
        let head = say!("{}: {} {} ({})", self.name, civil.date.weekday().text(), figures(civil), place);
        let state = match explained.state {
            State::Open => Text::word("open"),
            State::Holiday | State::Closed => Text::word("closed"),
        };
        let mut lines = vec![head];
        lines.extend(self.twist.clone());
        lines.push(say!("{}: {}", state, explained.why.text()));
        lines.push(match explained.next_open {
            Some(next) => {
                let words = words(civil.date, next, tongue);
                say!("opens next {}: {} ({})", words, figures(next), offset(next.offset_minutes))
            }
            None if explained.state == State::Open => Text::word("it never closes"),
            None => Text::word("it does not open again within a year"),
        });
        let mut text = String::new();
        for (place, line) in lines.iter().enumerate() {
            text += &format!("{}{}\n", if place == 0 { "" } else { "  " }, line.to(tongue));
        }
        (0..self.days).for_each(|day| text += &self.day(civil.date.plus_days(i32::from(day)), tongue));
        text
    }

    /// `  vendredi 2026-12-25   fermé             Noël`
    fn day(&self, date: Date, tongue: Tongue) -> String {
        let plan = self.hours.day(date);
        let spans: Vec<String> = plan.spans.iter().map(ToString::to_string).collect();
        let spans = if spans.is_empty() { Text::word("closed").to(tongue) } else { spans.join(", ") };
        let holiday = plan.holiday.map(|holiday| holiday.text().to(tongue));
        let excepted = plan.excepted.then(|| Text::word("exception").to(tongue));
        let notes: Vec<String> = holiday.into_iter().chain(excepted).collect();
        let weekday = date.weekday().text().to(tongue);
        let line = format!("  {weekday:9} {date}  {spans:22} {}", notes.join(", "));
        format!("{}\n", line.trim_end())
    }
}

/// `2026-12-24 17:30`
fn figures(Civil { date, time, .. }: Civil) -> String {
    format!("{date} {:02}:{:02}", time.hour, time.minute)
}

/// `UTC+1`, `UTC-9:30`
fn offset(minutes: i32) -> String {
    let (sign, ahead) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    match (ahead / 60, ahead % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// As somebody says it who is asked on `today`: `demain à neuf heures`, `lundi à neuf heures`, with the date from the
/// seventh day on.
fn words(today: Date, next: Civil, tongue: Tongue) -> String {
    let days = (0..7).find(|days| today.plus_days(*days) == next.date);
    let clock = format!("{:02}:{:02}", next.time.hour, next.time.minute);
    let day = match (days, tongue) {
        (Some(0), _) => Text::word("today").to(tongue),
        (Some(1), _) => Text::word("tomorrow").to(tongue),
        (Some(_), _) => next.date.weekday().text().to(tongue),
        (None, Tongue::French(_)) => speech::text(&speech::date(next.date)),
        (None, Tongue::English) => english_date(next.date),
    };
    match tongue {
        Tongue::French(_) => format!("{day} à {}", speech::text(&speech::time(next.time))),
        Tongue::English => format!("{day} at {clock}"),
    }
}

/// `Monday 28 December`
fn english_date(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = MONTHS[usize::from(date.month.unsigned_abs()).clamp(1, 12) - 1];
    format!("{} {} {month}", date.weekday().text().english(), date.day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::load::SiteSource;

    fn told(asked: Option<&str>, at: &str, days: Option<u16>, tongue: Tongue) -> String {
        let calendars = load::shared(&SiteSource::new(None)).unwrap().hours;
        match answer(&calendars, asked, Some(at), days, Wall::default()) {
            Ok(parts) => parts.iter().map(|part| part.in_words(tongue)).collect(),
            Err(why) => why.to(tongue),
        }
    }

    #[test]
    fn it_says_whether_why_and_when_next() {
        assert_eq!(
            told(None, "2026-12-25T17:30", None, crate::cli::FRENCH),
            "boutique\u{a0}: vendredi 2026-12-25 17:30 (Europe/Paris, UTC+1)\n  fermé\u{a0}: jour férié, Noël\n  \
             prochaine ouverture demain à neuf heures\u{a0}: 2026-12-26 09:00 (UTC+1)\n"
        );
        assert_eq!(
            told(Some("boutique"), "2026-12-25T17:30", None, Tongue::English),
            "boutique: Friday 2026-12-25 17:30 (Europe/Paris, UTC+1)\n  closed: public holiday, Christmas Day\n  \
             opens next tomorrow at 09:00: 2026-12-26 09:00 (UTC+1)\n"
        );
    }

    #[test]
    fn the_change_of_clock_is_said() {
        let spring = told(None, "2026-03-29 02:30", None, Tongue::English);
        assert!(
            spring.contains("2026-03-29 03:00 (Europe/Paris, UTC+2)\n  this time does not exist"),
            "{spring}"
        );
        let autumn = told(None, "2026-10-25 02:30", None, crate::cli::FRENCH);
        assert!(autumn.contains("cette heure revient deux fois"), "{autumn}");
        assert!(told(None, "2026-10-25", None, crate::cli::FRENCH).contains("midi"));
    }

    #[test]
    fn days_are_listed_with_their_holidays() {
        let days = told(None, "2026-05-13 18h", Some(4), crate::cli::FRENCH);
        let days: Vec<&str> = days.lines().skip(3).collect();
        assert_eq!(
            days,
            [
                "  mercredi  2026-05-13  9h-12h30, 14h-18h",
                "  jeudi     2026-05-14  fermé                  Ascension",
                "  vendredi  2026-05-15  9h-12h30, 14h-18h",
                "  samedi    2026-05-16  9h-12h",
            ]
        );
    }

    #[test]
    fn what_is_not_there_is_told() {
        assert_eq!(
            told(Some("boutiqe"), "2026-05-13", None, Tongue::English),
            "there is no calendar `boutiqe`; did you mean `boutique`?"
        );
        assert!(told(None, "hier", None, Tongue::English).starts_with("`hier`: this is no moment; write "));
        assert_eq!(offset(-570), "UTC-9:30");
    }
}
