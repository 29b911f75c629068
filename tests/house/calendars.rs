//! Calendars against others: public holidays against python-holidays, opening hours against a naive oracle that looks at
//! every minute of a year, and laws that hold for any calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::property;
use proptest::collection::vec;
use proptest::prelude::*;
use svi::base::diagnostic::Source;
use svi::base::time::{Civil, Date, Wall, Weekday};
use svi::centre::holiday::{Holiday, Region};
use svi::centre::hours::{Day, Holidays, Hours, Span, State};

/// By region and year: the days that the law names, and those of custom.
fn vectors() -> BTreeMap<(String, i16), (BTreeSet<Date>, BTreeSet<Date>)> {
    let text = std::fs::read_to_string("tests/data/holidays-fr.tsv").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [region, year, days] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let date = |day: &str| Date::parse(&format!("{year}-{}", day.trim_start_matches('+'))).unwrap();
            let (custom, law): (Vec<&str>, Vec<&str>) = days.split(' ').partition(|day| day.starts_with('+'));
            let sets = (law.into_iter().map(date).collect(), custom.into_iter().map(date).collect());
            ((region.to_owned(), year.parse().unwrap()), sets)
        })
        .collect()
}

fn region(word: &str) -> Region {
    Region::ALL.iter().find(|(known, _)| *known == word).unwrap().1
}

#[test]
fn public_holidays_are_those_of_an_independent_source() {
    let vectors = vectors();
    assert_eq!(vectors.len(), Region::ALL.len() * 26);
    for ((place, year), (law, _)) in vectors {
        let mut expected = law;
        if year < 2_012 && ["saint-martin", "saint-barthelemy"].contains(&place.as_str()) {
            // python-holidays begins to count their own day in 2012; no calendar of today asks for a year before.
            let (month, day) = if place == "saint-martin" { (5, 28) } else { (10, 9) };
            expected.extend(Date::new(year, month, day));
        }
        if (2_006..=2_007).contains(&year) {
            // It was a day of work for most in these years, and a public holiday all the same (Code du travail, then
            // L.222-1); python-holidays leaves it out, Etalab's file has it.
            expected.extend(Holiday::WhitMonday.date(year));
        }
        let computed: BTreeSet<Date> =
            region(&place).holidays(year).into_iter().map(|(date, _)| date).collect();
        assert_eq!(computed, expected, "{place} {year}");
    }
}

#[test]
fn days_of_custom_are_added_by_the_operator() {
    for ((place, year), (_, custom)) in vectors().into_iter().filter(|(_, (_, custom))| !custom.is_empty()) {
        let add: Vec<String> = custom.iter().map(ToString::to_string).collect();
        let holidays = format!("{{ region: {place}, add: [{}] }}", add.join(", "));
        let hours = calendar(&format!("week: {{ lun-dim: 8h-12h }}, holidays: {holidays}"));
        for day in custom {
            assert!(hours.holidays.holiday(day).is_some(), "{place} {day}");
            assert_eq!(hours.day(day).spans, [], "{place} {year}");
        }
    }
}

/// A calendar as a site writes it.
fn calendar(text: &str) -> Hours {
    let site = format!("svi: 1\nhours:\n  c: {{ {text} }}\n");
    let (site, report) =
        svi::config::read(&[Source::new("site.yaml", site)], &BTreeSet::new(), true, &|_| None);
    assert_eq!(report.to_string(), "");
    site.shared.calendar("c").unwrap().clone()
}

#[test]
fn holidays_are_added_and_removed_by_name_and_by_date() {
    let hours = calendar(
        "week: { lun-ven: 9h-18h }, holidays: { region: france, add: [Vendredi saint, Saint-Étienne, 09-24, 2026-03-12], remove: [lundi de Pentecôte, 2026-11-11] }",
    );
    let state = |text: &str| hours.state(Wall::parse_local(text, "Europe/Paris").unwrap().wall);
    for (text, expected) in [
        ("2026-04-03 10h", State::Holiday),
        ("2028-12-26 10h", State::Holiday),
        ("2026-09-24 10h", State::Holiday),
        ("2026-03-12 10h", State::Holiday),
        ("2027-03-12 10h", State::Open),
        ("2027-05-17 10h", State::Open),
        ("2026-11-11 10h", State::Open),
        ("2027-11-11 10h", State::Holiday),
    ] {
        assert_eq!(state(text), expected, "{text}");
    }
    let bridge =
        calendar("week: { lun-ven: 9h-18h }, except: { 2026-12-24..2027-01-03: fermé, 12-31: 9h-12h }");
    let state = |text: &str| bridge.state(Wall::parse_local(text, "Europe/Paris").unwrap().wall);
    for (text, expected) in [
        ("2026-12-23 10h", State::Open),
        ("2026-12-24 10h", State::Closed),
        ("2026-12-31 10h", State::Closed),
        ("2027-12-31 10h", State::Open),
        ("2027-12-31 15h", State::Closed),
        ("2027-01-01 10h", State::Closed),
        ("2027-01-04 10h", State::Open),
    ] {
        assert_eq!(state(text), expected, "{text}");
    }
}

#[test]
fn overseas_zones_are_those_of_their_clocks() {
    for (zone, winter, summer) in [
        ("Europe/Paris", 60, 120),
        ("America/Guadeloupe", -240, -240),
        ("America/Martinique", -240, -240),
        ("America/St_Barthelemy", -240, -240),
        ("America/Marigot", -240, -240),
        ("America/Cayenne", -180, -180),
        ("Indian/Reunion", 240, 240),
        ("Indian/Mayotte", 180, 180),
        ("America/Miquelon", -180, -120),
        ("Pacific/Noumea", 660, 660),
        ("Pacific/Wallis", 720, 720),
        ("Pacific/Tahiti", -600, -600),
        ("Pacific/Marquesas", -570, -570),
        ("Pacific/Gambier", -540, -540),
        ("Indian/Kerguelen", 300, 300),
    ] {
        let offset = |text: &str| Wall::parse(text).unwrap().civil(zone).unwrap().offset_minutes;
        assert_eq!(
            (offset("2026-01-15T12:00:00Z"), offset("2026-07-15T12:00:00Z")),
            (winter, summer),
            "{zone}"
        );
    }
}

/// Minutes of the day, from and until.
type Spans = &'static [(u16, u16)];

/// A calendar twice: as a site writes it, and as the oracle reads it.
struct Plan {
    year: i16,
    zone: &'static str,
    yaml: &'static str,
    region: Option<&'static str>,
    /// Days from Monday as 0, and their minutes.
    week: &'static [(std::ops::Range<usize>, Spans)],
    except: &'static [(&'static str, Spans)],
}

const NINE_TO_SIX: Spans = &[(540, 750), (840, 1_080)];

const PLANS: &[Plan] = &[
    Plan {
        year: 2026,
        zone: "Europe/Paris",
        yaml: "week: { lun-ven: '9h-12h30, 14h-18h', sam: 9h-12h }, holidays: france, except: { 2026-12-24: 9h-16h, 2026-12-26: fermé, 2026-05-01: 10h-11h }",
        region: Some("france"),
        week: &[(0..5, NINE_TO_SIX), (5..6, &[(540, 720)])],
        except: &[("2026-12-24", &[(540, 960)]), ("2026-12-26", &[]), ("2026-05-01", &[(600, 660)])],
    },
    Plan {
        year: 2026,
        zone: "Europe/Paris",
        yaml: "week: { lun-dim: 22h-2h30 }, holidays: alsace-moselle",
        region: Some("alsace-moselle"),
        week: &[(0..7, &[(1_320, 1_590)])],
        except: &[],
    },
    Plan {
        year: 2026,
        zone: "Europe/Paris",
        yaml: "week: { lun-dim: 2h30-5h }",
        region: None,
        week: &[(0..7, &[(150, 300)])],
        except: &[],
    },
    Plan {
        year: 2026,
        zone: "Europe/Paris",
        yaml: "week: { lun-dim: '1h-2h30' }",
        region: None,
        week: &[(0..7, &[(60, 150)])],
        except: &[],
    },
    Plan {
        year: 2027,
        zone: "Pacific/Marquesas",
        yaml: "week: { lun-ven: '9h-12h30, 14h-18h' }, timezone: Pacific/Marquesas, holidays: polynesie",
        region: Some("polynesie"),
        week: &[(0..5, NINE_TO_SIX)],
        except: &[],
    },
    Plan {
        year: 2028,
        zone: "America/Miquelon",
        yaml: "week: { lun-dim: 24h/24 }, timezone: America/Miquelon, holidays: saint-pierre-et-miquelon, except: { 02-29: fermé }",
        region: Some("saint-pierre-et-miquelon"),
        week: &[(0..7, &[(0, 1_440)])],
        except: &[("2028-02-29", &[])],
    },
];

impl Plan {
    /// The spans that begin on a day.
    fn spans(&self, date: Date, holidays: &BTreeSet<Date>) -> Vec<(u16, u16)> {
        if let Some((_, spans)) = self.except.iter().find(|(day, _)| *day == date.to_string()) {
            return spans.to_vec();
        }
        if holidays.contains(&date) {
            return Vec::new();
        }
        let day = date.weekday() as usize;
        self.week
            .iter()
            .filter(|(days, _)| days.contains(&day))
            .flat_map(|(_, spans)| spans.to_vec())
            .collect()
    }

    fn is_open(&self, civil: Civil, holidays: &BTreeSet<Date>) -> bool {
        let minute = u16::try_from(civil.time.hour).unwrap() * 60 + u16::try_from(civil.time.minute).unwrap();
        let within = |date: Date, minute: u16| {
            self.spans(date, holidays).iter().any(|(from, until)| (*from..*until).contains(&minute))
        };
        within(civil.date, minute) || within(civil.date.plus_days(-1), minute + 1_440)
    }
}

#[test]
fn every_minute_of_a_year_is_as_a_naive_reader_sees_it() {
    const MINUTES: i64 = 366 * 1_440;
    let vectors = vectors();
    for plan in PLANS {
        let holidays: BTreeSet<Date> = (plan.year - 1..=plan.year + 1)
            .filter_map(|year| vectors.get(&(plan.region?.to_owned(), year)))
            .flat_map(|(law, _)| law.iter().copied())
            .collect();
        let hours = calendar(plan.yaml);
        let start = Wall::parse(&format!("{}-01-01T00:00:00Z", plan.year)).unwrap().epoch_ms();
        let at = |minute: i64| Wall::from_epoch_ms(start + minute * 60_000);
        let open: Vec<bool> = (-1..MINUTES)
            .map(|minute| plan.is_open(at(minute).civil(plan.zone).unwrap(), &holidays))
            .collect();
        let is_open = |minute: i64| open[usize::try_from(minute + 1).unwrap()];
        // From the end: the next minute at which it opens.
        let mut next = None;
        for minute in (0..MINUTES).rev() {
            let wall = at(minute);
            assert_eq!(
                hours.state(wall) == State::Open,
                is_open(minute),
                "{} {}",
                plan.yaml,
                wall.rfc3339(plan.zone)
            );
            // Near an edge always, elsewhere now and then: it looks ahead for days.
            let edge = is_open(minute) != is_open(minute - 1);
            if let Some(next) = next.filter(|_| edge || minute % 97 == 0) {
                let expected = at(next).civil(plan.zone);
                assert_eq!(
                    hours.next_open(wall),
                    expected,
                    "{} after {}",
                    plan.yaml,
                    wall.rfc3339(plan.zone)
                );
            }
            if is_open(minute) && !is_open(minute - 1) {
                next = Some(minute);
            }
        }
    }
}

fn any_hours() -> impl Strategy<Value = Hours> {
    const ZONES: [&str; 5] =
        ["Europe/Paris", "America/Miquelon", "Pacific/Marquesas", "Australia/Lord_Howe", "UTC"];
    let span = (0_u16..96, 1_u16..96)
        .prop_filter_map("no span", |(from, length)| Span::new(from * 15, (from + length) * 15 % 1_440));
    let day = vec(span, 0..3);
    let except = vec((1_i8..=12, 1_i8..=28, day.clone()), 0..4);
    (0..ZONES.len(), [(); 7].map(|()| day.clone()), except, any::<bool>()).prop_map(
        |(zone, week, except, france)| Hours {
            zone: ZONES[zone].to_owned(),
            week,
            holidays: Holidays { region: france.then_some(Region::France), ..Holidays::default() },
            except: except.into_iter().map(|(month, day, spans)| (Day::Yearly(month, day), spans)).collect(),
        },
    )
}

/// The moment of a civil time and its offset.
fn wall_of(civil: Civil) -> Wall {
    let (sign, ahead) =
        (if civil.offset_minutes < 0 { '-' } else { '+' }, civil.offset_minutes.unsigned_abs());
    let time = civil.time;
    let text = format!(
        "{}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
        civil.date,
        time.hour,
        time.minute,
        time.second,
        ahead / 60,
        ahead % 60
    );
    Wall::parse(&text).unwrap()
}

proptest! {
    #![proptest_config(property::cases(192))]

    #[test]
    fn the_next_opening_is_the_next_opening(hours in any_hours(), minute in 0_i64..3 * 525_600) {
        // Three years from 2026, both changes of the clock of each within reach.
        let from = 1_767_225_600_000 + minute * 60_000;
        let is_open = |ms: i64| hours.state(Wall::from_epoch_ms(ms)) == State::Open;
        let until = match hours.next_open(Wall::from_epoch_ms(from)) {
            Some(next) => {
                let next = wall_of(next).epoch_ms();
                prop_assert!(next > from && is_open(next) && !is_open(next - 1));
                next
            }
            None => from + 20 * 86_400_000,
        };
        // Nothing before it is an opening; a fortnight of minutes is enough to look at.
        let mut before = is_open(from);
        for ms in (from + 60_000..until.min(from + 14 * 86_400_000)).step_by(60_000) {
            let now = is_open(ms);
            prop_assert!(before || !now, "{} opens at {}", hours.week_text(), Wall::from_epoch_ms(ms).rfc3339(&hours.zone));
            before = now;
        }
    }
}

#[test]
fn weekdays_stand_where_the_week_has_them() {
    assert_eq!(Weekday::ALL.map(|day| day as usize), [0, 1, 2, 3, 4, 5, 6]);
    // A shared calendar can be read by many at once.
    let shared = Arc::new(calendar("week: { lun: 9h-12h }"));
    assert_eq!(shared.on(Weekday::Monday).len(), 1);
}
