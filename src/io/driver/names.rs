//! Host names are asked again: a server that starts before its network, or whose operator moves, finds it by itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::Driver;
use crate::io::load::hosts::{self, Hosts};
use crate::switchboard::{Input, Order};

/// Between two looks.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The names are being asked for.
pub(super) type Looking = JoinHandle<Hosts>;

impl Driver {
    /// Begins to ask, if there are names and none are being asked for.
    pub(super) fn look_names_up(&mut self) {
        if self.looking.is_some() || self.drain_until.is_some() {
            return;
        }
        let names = hosts::names(&self.board.edition().site);
        if !names.is_empty() {
            self.looking = Some(tokio::task::spawn_blocking(move || hosts::resolve(names)));
        }
    }

    /// What was found.
    pub(super) fn names_are_found(&mut self, found: Option<Hosts>) {
        self.looking = None;
        let edition = self.board.edition();
        let Some(changed) = found.map(|found| hosts::changed(&edition.hosts, found)) else { return };
        // The site may have been read again meanwhile.
        let named = hosts::names(&edition.site);
        let changed: Hosts = changed.into_iter().filter(|(host, _)| named.contains(host)).collect();
        if changed.is_empty() {
            return;
        }
        for (host, addresses) in &changed {
            tracing::info!(%host, ?addresses, "this host has other addresses");
        }
        let mut edition = (**edition).clone();
        edition.hosts.extend(changed);
        self.take(Input::Order(Order::Reload(Arc::new(edition))));
    }
}

/// The next answer; never, as long as nothing is asked.
pub(super) async fn found(looking: &mut Option<Looking>) -> Option<Hosts> {
    match looking {
        Some(looking) => looking.await.ok(),
        None => std::future::pending().await,
    }
}
