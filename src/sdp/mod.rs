//! SDP (RFC 8866 on `sdp-types`) and offer/answer (RFC 3264). Knows nothing of SIP, sockets or IVR.
//!
//! What it settles: one stream of G.711 audio with telephone-event (RFC 4733) over plain RTP. What it does not: secure RTP,
//! ICE, video, any other codec; those are refused line by line, as RFC 3264 wants it.
//!
//! A body goes through [`parse()`], which forgives what a telephone does wrong, to a `Session`, which holds what we negotiate
//! and nothing else; `answer` and `accept_answer` settle it into [`Negotiated`](crate::base::codec::Negotiated).

mod answer;
mod negotiate;
mod offer;
mod parse;
mod session;
mod write;

#[cfg(test)]
mod bodies;
#[cfg(test)]
mod tests;

pub(crate) use answer::{answer, reanswer};
pub(crate) use offer::{accept_answer, offer};
#[cfg(test)]
pub(crate) use parse::SdpError;
pub use parse::parse;

use std::net::IpAddr;

/// Our end of a session, as it stands in what we write.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Local {
    /// Where we want the peer's RTP.
    pub(crate) address: IpAddr,
    /// The RTP port; RTCP is one above.
    pub(crate) port: u16,
    /// Names the session in `o=`: the same in all that we write in one dialog (RFC 3264 §8).
    pub(crate) session_id: u64,
    /// Goes up by one whenever what we write changes (RFC 3264 §8).
    pub(crate) version: u64,
}
