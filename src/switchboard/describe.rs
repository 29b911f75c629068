//! What we say of a leg in SDP: always the two codecs of G.711 with A-law first, both ways.

use crate::base::codec::{Direction, G711, Negotiated};
use crate::sdp::{self, Local};

/// A-law first: French trunks carry it from end to end, so nothing is transcoded (domain rule T3).
const CODECS: [G711; 2] = [G711::Alaw, G711::Ulaw];

/// Our offer.
pub(super) fn offer(local: &Local) -> Vec<u8> {
    sdp::offer(local, &CODECS, Direction::BOTH)
}

/// Our answer to an offer, and what it settles; none when no audio of ours is in it (488).
pub(super) fn answer(offer: &[u8], local: &Local) -> Option<(Vec<u8>, Negotiated)> {
    let session = sdp::parse(offer).ok()?;
    sdp::answer(&session, local, &CODECS).ok()
}

/// Our answer to an offer within the dialog: its version rises only if it says something else than what we said last
/// (RFC 3264 §8).
pub(super) fn reanswer(offer: &[u8], local: &mut Local, previous: &[u8]) -> Option<(Vec<u8>, Negotiated)> {
    let session = sdp::parse(offer).ok()?;
    sdp::reanswer(&session, local, &CODECS, previous).ok()
}

/// Our offer within the dialog, by the same rule.
pub(super) fn reoffer(local: &mut Local, previous: &[u8]) -> Vec<u8> {
    let unchanged = offer(local);
    if unchanged == previous {
        return unchanged;
    }
    local.version = local.version.wrapping_add(1);
    offer(local)
}

/// What the answer to our offer settles; none when the far end wants no audio of ours.
pub(super) fn settle(local: &Local, answer: &[u8]) -> Option<Negotiated> {
    sdp::accept_answer(local, &CODECS, Direction::BOTH, answer).ok()
}
