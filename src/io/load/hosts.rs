//! The host names of a site, resolved.

use std::net::{SocketAddr, ToSocketAddrs};

use crate::switchboard::literal_address;

/// The addresses of a host name, asked once, when the site is loaded.
pub(super) fn resolve(host: &str) -> Vec<SocketAddr> {
    if host.is_empty() || literal_address(host).is_some() {
        return literal_address(host).into_iter().collect();
    }
    let place = if host.contains(':') { host.to_owned() } else { format!("{host}:5060") };
    let found: Vec<SocketAddr> = place.to_socket_addrs().map(Iterator::collect).unwrap_or_default();
    if found.is_empty() {
        tracing::warn!(%host, "this host is not found; calls and registrations that need it fail until a reload finds it");
    }
    found
}
