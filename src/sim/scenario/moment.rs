//! Civil moments and durations as a scenario writes them.

use crate::base::time::Wall;
use crate::switchboard::Edition;

/// A moment in the zone of a site: that of its first calendar, or mainland France's.
pub fn parse(text: &str, edition: &Edition) -> Option<Wall> {
    Wall::parse_local(text, zone(edition)).ok().map(|local| local.wall)
}

/// The zone of a site's times.
pub fn zone(edition: &Edition) -> &str {
    edition.site.shared.hours.values().next().map_or("Europe/Paris", |calendar| &*calendar.zone)
}
