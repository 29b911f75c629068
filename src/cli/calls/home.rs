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
