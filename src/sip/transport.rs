//! What carries SIP: datagrams in, transmissions out. Sockets live in `io`.

use std::net::SocketAddr;
use std::sync::Arc;

/// The transport of a message (RFC 3261 §18). TLS comes later.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Protocol {
    /// One message a datagram.
    Udp,
    /// A stream; the framer of `sip/message/frame.rs` has cut it into messages.
    Tcp,
}

impl Protocol {
    /// As it stands in a Via: `UDP`, `TCP`.
    pub(crate) const fn via(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        }
    }
}

/// A stream that is open, named by `io`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ConnectionId(pub u64);

/// One whole message as it came from the network.
#[derive(Clone, Debug)]
pub struct Datagram {
    /// How it came.
    pub protocol: Protocol,
    /// Our address that received it (never a wildcard: `io` names the address that answers reach the peer from).
    pub local: SocketAddr,
    /// Where it really came from.
    pub remote: SocketAddr,
    /// The stream it came on, when it is one.
    pub connection: Option<ConnectionId>,
    /// The message.
    pub bytes: Arc<[u8]>,
}

/// One whole message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// How to send it.
    pub(crate) protocol: Protocol,
    /// Our address to send from, when the message answers one that came there.
    pub(crate) local: Option<SocketAddr>,
    /// Where to send it.
    pub remote: SocketAddr,
    /// The stream to use; when it is gone, or none is named and the protocol is TCP, `io` opens one to `remote`.
    pub(crate) connection: Option<ConnectionId>,
    /// The message.
    pub bytes: Arc<[u8]>,
}
