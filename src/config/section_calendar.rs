//! `hours:`.

use std::collections::BTreeMap;

use super::form::{EXCEPT, Form, Row, WEEK, ZONE, need, opt, words};
use super::read::Reader;
use super::value::{self, NotHours};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::TimeOfDay;
use crate::base::yaml::Node;
use crate::centre::holiday::{Holiday, Region};
use crate::centre::hours::{Day, Holidays, Hours, Span};
use crate::say;

const SPANS: Text = Text::word("hours like `9h-12h30, 14h-18h`, `24h/24` or `fermé`, without overlap");
const DAYS: Text = Text::word("a date like 2026-12-24, 12-24 for every year, or 2026-08-03..2026-08-21");

/// Whoever writes it means the end of the day.
const LAST_MINUTE: TimeOfDay = TimeOfDay::new(23, 59);

/// `hours:`
pub(crate) const HOURS: Row = opt("hours", Form::Each(CALENDAR), "calendars of opening hours, by name");

const CALENDAR: &[Row] = &[
    opt("timezone", ZONE, "its time zone (the site's)"),
    need("week", WEEK, "hours by day: `lun-ven: 9h-12h30, 14h-18h`, `sam: fermé`, `dim: 24h/24`"),
    opt(
        "holidays",
        Form::Short(&Form::Word(&REGIONS), HOLIDAYS),
        "public holidays, on which it is closed (none)",
    ),
    opt("except", EXCEPT, "days that are not as usual: `2026-12-24: 9h-16h`, `12-26: fermé`"),
];

const HOLIDAYS: &[Row] = &[
    opt("region", Form::Word(&REGIONS), "where"),
    opt("add", Form::Several(&Form::Text), "more of them: dates, or names"),
    opt("remove", Form::Several(&Form::Text), "those on which it is open all the same"),
];

/// The words of regions, and that for none.
const REGIONS: [&str; Region::ALL.len() + 1] = {
    let (known, mut all, mut place) = (words(&Region::ALL), ["none"; Region::ALL.len() + 1], 0);
    while place < known.len() {
        all[place] = known[place];
        place += 1;
    }
    all
};

/// Reads one calendar.
pub(crate) fn hours(reader: &mut Reader<'_>, name: &Name, node: &Node, zone: &str) -> Option<Hours> {
    let fields = reader.fields(node, Text::word("the hours"), CALENDAR);
    let mut hours = Hours { zone: zone.to_owned(), ..Hours::default() };
    if let Some(node) = fields.get("timezone") {
        hours.zone = timezone(reader, node).unwrap_or(hours.zone);
    }
    // Hours that cannot be read are no closing.
    let mut all_read = true;
    if let Some(node) = fields.need(reader, "week") {
        all_read &= week(reader, node, &mut hours.week);
    }
    if let Some(node) = fields.get("holidays") {
        hours.holidays = holidays(reader, node);
    }
    if let Some(node) = fields.get("except") {
        all_read &= except(reader, node, &mut hours.except);
    }
    let never = hours.week.iter().chain(hours.except.values()).all(Vec::is_empty);
    if never && all_read && fields.get("week").is_some() {
        let help = Text::word("give at least one day hours under `week`");
        reader.error(node, "never-open", say!("`{}` is never open", name), help);
    }
    Some(hours)
}

/// `timezone:`, of the site or of one calendar.
pub(crate) fn timezone(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    const ZONE: Text = Text::word("an IANA time zone like Europe/Paris or America/Guadeloupe");
    if let Some(text) = node.text()
        && let Some(meant) = Hours::zone_of_city(text)
    {
        let why = say!("`{}` is not understood here", text);
        reader.error(node, "bad-value", why, say!("write {}", meant));
        return None;
    }
    reader.value(node, ZONE, |text| Hours::is_zone(text).then(|| text.to_owned()))
}

/// Whether all could be read.
fn week(reader: &mut Reader<'_>, node: &Node, week: &mut [Vec<Span>; 7]) -> bool {
    let mut all_read = true;
    const WEEKDAYS: Text = Text::word("days like `lun-ven`, `sam`, `lun, mer` or `mon-fri`");
    let mut given = [false; 7];
    for (key, node) in reader.pairs(node, Text::word("`week`")) {
        let meant = key.text().filter(|text| value::weekdays(text).is_none()).and_then(value::meant_weekdays);
        let days = match meant {
            // Its hours are read as well; that it is written otherwise is told once.
            Some(meant) => {
                not_understood(reader, key, &meant);
                value::weekdays(&meant)
            }
            None => reader.value(key, WEEKDAYS, value::weekdays),
        };
        let spans = spans(reader, node);
        all_read &= days.is_some() && spans.is_some();
        let spans = spans.unwrap_or_default();
        for day in days.unwrap_or_default() {
            if std::mem::replace(&mut given[day as usize], true) {
                let why = say!("{} stands twice in this week", day.text());
                reader.error(key, "day-twice", why, Text::word("give each day once"));
            }
            week[day as usize] = spans.clone();
        }
    }
    all_read
}

/// A word of the operator's that says what svi writes otherwise.
fn not_understood(reader: &mut Reader<'_>, key: &Node, meant: &str) {
    let why = say!("`{}` is not understood here", key.text().unwrap_or_default());
    reader.error(key, "bad-value", why, say!("write `{}`", meant));
}

/// Hours in one text, or in a list of them.
fn spans(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Span>> {
    let parts: Vec<&str> = reader.list(node).into_iter().filter_map(|node| reader.text(node)).collect();
    if parts.is_empty() {
        return Some(Vec::new());
    }
    match value::spans(&parts.join(", ")) {
        Ok(spans) => {
            if spans.iter().any(|span| span.until() == LAST_MINUTE) {
                let why = Text::word("the last minute of the day is left out: 23h59 is when it begins");
                reader.warn(
                    node,
                    "last-minute",
                    why,
                    Text::word("write 24h for the end of the day, `24h/24` for all of it"),
                );
            }
            Some(spans)
        }
        Err(NotHours::Unreadable) => {
            let help = match value::meant_hours(&parts.join(", ")) {
                Some(meant) => say!("write `{}`", meant),
                None => say!("write {}", SPANS),
            };
            reader.error(node, "not-hours", Text::word("these are not hours"), help);
            None
        }
        Err(NotHours::Overlap(one, other)) => {
            let help = Text::word("write each hour once: `9h-18h` for `9h-13h, 12h-18h`");
            reader.error(node, "not-hours", say!("these hours overlap: {} and {}", one, other), help);
            None
        }
    }
}

/// Whether all could be read.
fn except(reader: &mut Reader<'_>, node: &Node, except: &mut BTreeMap<Day, Vec<Span>>) -> bool {
    let mut all_read = true;
    for (key, node) in reader.pairs(node, Text::word("`except`")) {
        let meant = key.text().filter(|text| value::days(text).is_none()).and_then(value::meant_day);
        let days = match meant {
            Some(meant) => {
                not_understood(reader, key, &meant);
                value::days(&meant)
            }
            None => reader.value(key, DAYS, value::days),
        };
        let spans = spans(reader, node);
        all_read &= days.is_some() && spans.is_some();
        let spans = spans.unwrap_or_default();
        for day in days.unwrap_or_default() {
            if except.insert(day, spans.clone()).is_some() {
                let why = Text::word("one of these days stands twice under `except`");
                reader.error(key, "day-twice", why, Text::word("give each day once"));
            }
        }
    }
    all_read
}

/// `holidays: france`, `none`, or `{ region: france, add: […], remove: […] }`.
fn holidays(reader: &mut Reader<'_>, node: &Node) -> Holidays {
    let mut holidays = Holidays::default();
    if !node.is_map() {
        holidays.region = region(reader, node);
        return holidays;
    }
    let fields = reader.fields(node, Text::word("the holidays"), HOLIDAYS);
    holidays.region = fields.get("region").and_then(|node| region(reader, node));
    for node in fields.get("add").map(|node| reader.list(node)).unwrap_or_default() {
        match holiday(reader, node) {
            Some(Meant::Days(days)) => holidays.add.extend(days),
            Some(Meant::Named(named)) => drop(holidays.add_named.insert(named)),
            None => {}
        }
    }
    for node in fields.get("remove").map(|node| reader.list(node)).unwrap_or_default() {
        match holiday(reader, node) {
            Some(Meant::Days(days)) => holidays.remove.extend(days),
            Some(Meant::Named(named)) => drop(holidays.remove_named.insert(named)),
            None => {}
        }
    }
    holidays
}

fn region(reader: &mut Reader<'_>, node: &Node) -> Option<Region> {
    let mut words: Vec<(&str, Option<Region>)> =
        Region::ALL.iter().map(|(word, region)| (*word, Some(*region))).collect();
    words.push(("none", None));
    reader.word(node, "unknown-name", Text::word("region"), &words).flatten()
}

/// What an entry of `add` or `remove` means.
enum Meant {
    Days(Vec<Day>),
    Named(Holiday),
}

fn holiday(reader: &mut Reader<'_>, node: &Node) -> Option<Meant> {
    let text = reader.text(node)?;
    if let Some(days) = value::days(text) {
        return Some(Meant::Days(days));
    }
    let all = Holiday::COMPUTED.into_iter().chain([Holiday::Abolition]);
    let slugs: Vec<(String, Holiday)> = all.map(|holiday| (value::slug(holiday.french()), holiday)).collect();
    let wanted = value::slug(text);
    if let Some((_, holiday)) = slugs.iter().find(|(slug, _)| *slug == wanted) {
        return Some(Meant::Named(*holiday));
    }
    let known = slugs.iter().map(|(slug, _)| slug.as_str());
    reader.unknown_word(node, "unknown-name", Text::word("holiday"), &wanted, known);
    None
}
