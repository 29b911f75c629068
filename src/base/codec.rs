//! What offer and answer settle and media carries: the words that `sdp` and `media` share without knowing each other.

use std::net::SocketAddr;

/// The two codecs of G.711 (RFC 3551: payload types 8 and 0).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum G711 {
    /// A-law, PCMA, payload type 8.
    Alaw,
    /// mu-law, PCMU, payload type 0.
    Ulaw,
}

impl G711 {
    /// Both, in the order in which we like them: A-law is what French networks carry.
    pub(crate) const PREFERRED: [Self; 2] = [Self::Alaw, Self::Ulaw];

    /// The static payload type (RFC 3551 §6).
    pub const fn payload_type(self) -> u8 {
        match self {
            Self::Alaw => 8,
            Self::Ulaw => 0,
        }
    }

    /// The encoding name of SDP (RFC 3551 §4.5.14).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Alaw => "PCMA",
            Self::Ulaw => "PCMU",
        }
    }
}

/// Which way audio flows, seen from us (RFC 3264 §5.1).
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Direction {
    /// We send.
    pub(crate) send: bool,
    /// We expect to receive.
    pub(crate) receive: bool,
}

impl Direction {
    /// Both ways.
    pub const BOTH: Self = Self { send: true, receive: true };
    /// We send, the peer only listens.
    pub(crate) const SEND_ONLY: Self = Self { send: true, receive: false };
    /// We listen, the peer only sends.
    pub(crate) const RECEIVE_ONLY: Self = Self { send: false, receive: true };
    /// Neither way.
    pub(crate) const INACTIVE: Self = Self { send: false, receive: false };
}

/// What offer and answer have settled for a session.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Negotiated {
    /// Where the peer said it wants its RTP.
    pub remote: SocketAddr,
    /// Where the peer wants its RTCP (RFC 3605, else port + 1; equal to `remote` with rtcp-mux).
    pub remote_rtcp: SocketAddr,
    /// The codec, both ways.
    pub codec: G711,
    /// Its payload type, the static one as a rule.
    pub payload_type: u8,
    /// Another payload type at which keys are heard: that of a telephone-event that was not taken.
    pub stray_event: Option<u8>,
    /// The payload type of telephone-event that we accept and send, if the peer has it.
    pub telephone_event: Option<u8>,
    /// Milliseconds of audio in one packet that we send: 10, 20, 30, 40 or 60.
    pub ptime_ms: u8,
    /// Which way audio flows.
    pub direction: Direction,
}
