//! Civil moments and durations as a scenario writes them.

use crate::base::time::{Duration, Wall};
use crate::switchboard::Edition;

/// A moment in the zone of a site: that of its first calendar, or mainland France's.
pub fn parse(text: &str, edition: &Edition) -> Option<Wall> {
    Wall::parse_local(text, zone(edition)).ok().map(|local| local.wall)
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
