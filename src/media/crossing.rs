//! What planes say to each other when a session hears one of another worker.
//!
//! Crossings may be lost (a queue that is tried, never waited for), so what they build is held by repetition: a listener asks
//! anew each second, is answered each time how its source stands, and is forgotten when it has not asked for a while. Nothing
//! that is lost, late or out of order lasts longer than that, and nobody has to tidy up after a worker that died.

use super::vocabulary::{G711, SessionId};
use crate::base::time::Instant;
use crate::rtp::packet::Packet;

/// One crossing; [`to`](Crossing::to) says to which worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The listener wants what the source hears, or still wants it.
    Listen {
        /// Whom.
        source: SessionId,
        /// Who.
        listener: SessionId,
    },
    /// It wants it no more.
    Leave {
        /// Whom.
        source: SessionId,
        /// Who.
        listener: SessionId,
    },
    /// How the source stands.
    Stands {
        /// Who.
        source: SessionId,
        /// Whom that concerns.
        listener: SessionId,
        /// How.
        standing: Standing,
    },
    /// A packet that the source has heard.
    Heard {
        /// By whom.
        source: SessionId,
        /// For whom.
        listener: SessionId,
        /// When, by the clock that all workers share.
        at: Instant,
        /// What.
        packet: Carried,
    },
}

impl Crossing {
    /// The worker that it goes to.
    pub fn to(&self) -> u16 {
        self.session().worker
    }

    /// The session there that it is for.
    pub(crate) fn session(&self) -> SessionId {
        match self {
            Self::Listen { source, .. } | Self::Leave { source, .. } => *source,
            Self::Stands { listener, .. } | Self::Heard { listener, .. } => *listener,
        }
    }
}

/// Whether a source may be heard.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not open, nothing is agreed yet, or it has gone.
    Absent,
    /// Its peer said that it sends nothing: we are on hold.
    Held,
    /// It may send, and has put us on hold: when it sends nothing, what stands in on hold stands in.
    Away,
    /// It may send.
    Live,
}

/// What a packet carries.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Audio(G711),
    /// A key by RFC 4733; `first`: its first packet.
    Key {
        first: bool,
    },
}

/// A packet on its way to another worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    content: Content,
    marker: bool,
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
    payload: Box<[u8]>,
}

impl Carried {
    pub(super) fn new(packet: &Packet<'_>, content: Content) -> Self {
        let Packet { marker, sequence, timestamp, ssrc, payload, .. } = *packet;
        Self { content, marker, sequence, timestamp, ssrc, payload: payload.into() }
    }

    /// The packet as its source had it; the payload type, which was the source's own, is in the content.
    pub(super) fn packet(&self) -> (Packet<'_>, Content) {
        let Self { content, marker, sequence, timestamp, ssrc, ref payload } = *self;
        (Packet { marker, payload_type: 0, sequence, timestamp, ssrc, payload }, content)
    }
}
