//! The way a message travels: protocol, our end, their end, and the stream if there is one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::transport::{ConnectionId, Datagram, Protocol, Transmit};

/// One way between us and a peer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// UDP or TCP.
    pub(crate) protocol: Protocol,
    /// Our end, when a message has shown it.
    pub(crate) local: Option<SocketAddr>,
    /// Their end.
    pub(crate) remote: SocketAddr,
    /// The stream.
    pub(crate) connection: Option<ConnectionId>,
}

impl Path {
    /// Back to where a message came from. Neither `maddr` nor a forged `received` leads elsewhere (RFC 3261 §18.2.2 is
    /// knowingly narrowed: what we send must never be aimed by the text of a message that nobody proved).
    pub(crate) fn back(datagram: &Datagram) -> Self {
        Self {
            protocol: datagram.protocol,
            local: Some(datagram.local),
            remote: datagram.remote,
            connection: datagram.connection,
        }
    }

    /// Whether the transport repeats for us.
    pub(crate) fn is_reliable(&self) -> bool {
        match self.protocol {
            Protocol::Udp => false,
            Protocol::Tcp => true,
        }
    }

    /// `bytes`, on this way.
    pub(crate) fn carry(&self, bytes: Arc<[u8]>) -> Transmit {
        Transmit {
            protocol: self.protocol,
            local: self.local,
            remote: self.remote,
            connection: self.connection,
            bytes,
        }
    }
}

/// Whether an address is of a network like ours behind the NAT, where a public address of ours leads nowhere, or around.
pub(crate) fn is_inside(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_loopback() || ip.is_unicast_link_local(),
    }
}
