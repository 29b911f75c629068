//! Civil moments and durations as a scenario writes them.

use crate::base::time::Wall;
use crate::switchboard::Edition;

/// A moment by the clock of a site.
pub(crate) fn parse(text: &str, edition: &Edition) -> Option<Wall> {
    Wall::parse_local(text, zone(edition)).ok().map(|local| local.wall)
}

/// The clock of a site.
pub(crate) fn zone(edition: &Edition) -> &str {
    &edition.site.shared.zone
}
