//! Civil moments as a scenario writes them. To be exchanged for `Wall::parse_local` once `base/time.rs` has it: nothing
//! else here knows how a moment is read.

use crate::base::time::{Date, Duration, TimeOfDay, Wall};
use crate::switchboard::Edition;

/// A moment in the zone of a site: that of its first calendar, or mainland France's.
pub fn parse(text: &str, edition: &Edition) -> Option<Wall> {
    parse_local(text, zone(edition))
}

/// The zone of a site's times.
pub fn zone(edition: &Edition) -> &str {
    edition.site.shared.hours.values().next().map_or("Europe/Paris", |calendar| &*calendar.zone)
}

/// `500ms`, `30s`, `5m`, `2h`; none when it is not a duration, or longer than a day.
pub fn duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let count: u64 = text[..split].parse().ok()?;
    let unit_ms: u64 = match &text[split..] {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let ms = count.checked_mul(unit_ms)?;
    (ms <= 86_400_000).then(|| Duration::from_millis(ms))
}

/// Reads `2026-11-24 10h`, `2026-11-24 10h30`, `2026-11-24 10:30`, `2026-11-24T10:00` in a zone, or RFC 3339 with its own
/// offset. A time that the change of the clock leaves out is the one an hour later; of one that comes twice it is the first.
pub(super) fn parse_local(text: &str, zone: &str) -> Option<Wall> {
    let text = text.trim();
    if let Some(wall) = Wall::parse(text) {
        return Some(wall);
    }
    let (date, clock) = text.split_once(['T', ' '])?;
    let (date, time) = (Date::parse(date)?, clock_time(clock.trim())?);
    let utc = Wall::parse(&format!("{date}T{:02}:{:02}:00Z", time.hour, time.minute))?;
    let minutes = |offset: i32| i64::from(offset) * 60_000;
    // The two offsets that a zone can have around that moment: a day is longer than any of them.
    let day = Duration::from_secs(86_400).as_millis() as i64;
    let offsets = [-day, day].map(|away| {
        let near = Wall::from_epoch_ms(utc.epoch_ms() + away);
        near.civil(zone).map_or(0, |civil| minutes(civil.offset_minutes))
    });
    let candidates = offsets.map(|offset| Wall::from_epoch_ms(utc.epoch_ms() - offset));
    let fits = |wall: &&Wall| wall.civil(zone).is_some_and(|civil| civil.date == date && civil.time == time);
    candidates.iter().filter(fits).min().or(candidates.iter().max()).copied()
}

/// `10h`, `10h30`, `10:30`.
fn clock_time(text: &str) -> Option<TimeOfDay> {
    let (hour, minute) = text.split_once(['h', ':'])?;
    let minute = match minute {
        "" if text.ends_with('h') => "0",
        minute => minute,
    };
    let part = |part: &str, most: i8| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i8>().ok().filter(|number| digits && *number <= most)
    };
    Some(TimeOfDay::new(part(hour, 23)?, part(minute, 59)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_local_unless_it_says_otherwise() {
        let read = |text| parse_local(text, "Europe/Paris").map(|wall| wall.rfc3339("Europe/Paris"));
        let ten = Some("2026-11-24T10:00:00.000+01:00".to_owned());
        for text in ["2026-11-24 10h", "2026-11-24 10h00", "2026-11-24T10:00", "2026-11-24T09:00:00Z"] {
            assert_eq!(read(text), ten, "{text}");
        }
        assert_eq!(read("2026-07-14 8h05"), Some("2026-07-14T08:05:00.000+02:00".into()));
        for text in ["2026-11-24", "2026-11-24 25h", "2026-11-31 10h", "2026-11-24 10", "demain 10h", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn both_changes_of_the_clock_have_an_answer() {
        let read = |text| parse_local(text, "Europe/Paris").map(|wall| wall.rfc3339("Europe/Paris"));
        assert_eq!(read("2026-03-29 2h30"), Some("2026-03-29T03:30:00.000+02:00".into()));
        assert_eq!(read("2026-10-25 2h30"), Some("2026-10-25T02:30:00.000+02:00".into()));
        assert_eq!(read("2026-10-25 3h30"), Some("2026-10-25T03:30:00.000+01:00".into()));
    }
}
