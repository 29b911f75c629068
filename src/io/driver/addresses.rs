//! Addresses under which peers can reach us.

use std::net::SocketAddr;

use crate::sip::transport::Protocol;

/// Wildcard addresses cannot stand in a Via or Contact: the address that the default route leaves from can.
pub(super) fn reachable(addresses: &[(Protocol, SocketAddr)]) -> Vec<(Protocol, SocketAddr)> {
    let outside: SocketAddr = ([192, 0, 2, 1], 9).into();
    let named = addresses.iter().map(|(protocol, address)| {
        let ip = if address.ip().is_unspecified() {
            crate::io::udp::source_towards(outside).unwrap_or(std::net::Ipv4Addr::LOCALHOST.into())
        } else {
            address.ip()
        };
        (*protocol, SocketAddr::new(ip, address.port()))
    });
    named.collect()
}
