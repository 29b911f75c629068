//! Making an offer and reading its answer (RFC 3264 §5, §7): calls that we place, and an INVITE that comes without one.

use super::Local;
use super::negotiate::{self, Refusal};
use super::parse::parse;
use super::write::{self, Audio};
use crate::base::codec::{Direction, G711, Negotiated};

/// The payload type at which we offer telephone-event: the one that everybody uses.
pub(crate) const TELEPHONE_EVENT: u8 = 101;

const PTIME_MS: u8 = 20;

/// An offer of one audio stream: these codecs, by preference, and telephone-event 0-15, 20 ms a packet.
///
/// [`Direction::BOTH`] for a call; `SEND_ONLY` or `INACTIVE` puts the peer on hold and `BOTH` takes it back
/// (RFC 3264 §8.4), in a re-INVITE with the next version.
pub(crate) fn offer(local: &Local, codecs: &[G711], direction: Direction) -> Vec<u8> {
    let mut body = write::session(local, (0, 0));
    let audio = Audio {
        port: local.port,
        protocol: "RTP/AVP",
        codecs: codecs.iter().map(|codec| (*codec, codec.payload_type())).collect(),
        telephone_event: Some(TELEPHONE_EVENT),
        ptime_ms: PTIME_MS,
        direction,
        rtcp_mux: false,
    };
    audio.write(&mut body);
    body.into_bytes()
}

/// Reads the answer to [`offer`], called with what was offered.
///
/// Of several codecs in the answer the first that we offered is taken, and telephone-event at whatever payload type it has
/// there (RFC 3264 §6.1: the answerer's own numbers are what it wants to receive). No more ways than we offered.
///
/// # Errors
/// A [`Refusal`] if the answer refuses the audio or breaks the rules: the call cannot go on.
pub(crate) fn accept_answer(
    local: &Local,
    codecs: &[G711],
    direction: Direction,
    answer: &[u8],
) -> Result<Negotiated, Refusal> {
    let session = parse(answer)?;
    // RFC 3264 §6: the media of an answer stand in the order of the offer, and we offered one.
    let mut media = session.media.into_iter().next().ok_or(Refusal::NoAudio)?;
    // RFC 5761 §5.1.1: rtcp-mux may be answered only where it was offered, and we do not offer it.
    media.rtcp_mux = false;
    let remote = negotiate::reach(&media, local)?;
    let codec =
        negotiate::codecs(&media).find(|(codec, _)| codecs.contains(codec)).ok_or(Refusal::NoCodec)?;
    Ok(negotiate::settle(&media, remote, codec, direction))
}
