//! The site whose calls a store has: its clock, and where its messages lie.

use std::path::{Path, PathBuf};

use crate::base::name::Name;
use crate::config::site::Shared;
use crate::io::load::{self, SiteSource};
use crate::io::store::Place;
use crate::io::versions;

/// What the site says of a state folder.
pub(in crate::cli) struct Home {
    /// Everything that the server writes.
    pub(in crate::cli) state: PathBuf,
    /// The site's clock: days begin by it.
    pub(in crate::cli) zone: Name,
    /// The folder of messages.
    pub(in crate::cli) messages: PathBuf,
}

impl Home {
    /// By the site that the server read last; if that is not known, by the one of this folder; then as sites are that say nothing.
    pub(in crate::cli) fn of(place: &Place) -> Self {
        let state = place.file.parent().unwrap_or(Path::new("")).to_owned();
        let sites = versions::newest(&state).into_iter().chain(load::here());
        let mut editions = sites.filter_map(|site| load::words_only(&SiteSource::new(Some(site))).ok());
        let default = Shared::default();
        let edition = editions.next();
        let shared = edition.as_ref().map_or(&default, |edition| &edition.site.shared);
        let messages = shared.server.messages.clone().unwrap_or_else(|| state.join("voicemail"));
        Self { zone: shared.zone.clone(), messages, state }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kept::Kept;
    use super::*;

    #[test]
    fn the_clock_and_the_folder_of_messages_are_those_of_the_site_that_was_read_last() {
        let kept = Kept::new("home");
        versions::keep(&kept.0, "ab12", &SiteSource::new(None)).unwrap();
        let text = std::fs::read_to_string(kept.0.join("versions/ab12/site.yaml")).unwrap();
        kept.file("versions/ab12/site.yaml", &text.replace("Europe/Paris", "America/Guadeloupe"));
        let home = Home::of(&kept.place());
        assert_eq!((home.zone.as_str(), home.messages), ("America/Guadeloupe", kept.0.join("voicemail")));
        assert_eq!(home.state, kept.0);
    }
}
