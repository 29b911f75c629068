//! Answering an offer (RFC 3264 §6, §8).

use super::Local;
use super::negotiate::{self, Refusal};
use super::session::{Media, Session};
use super::write::{self, Audio};
use crate::base::codec::{Direction, G711, Negotiated};

/// Answers an offer: the first audio that we can do is taken, with the first codec of `prefer` that it has and its
/// telephone-event; all other media are refused in their place, so that the answer has the media of the offer in their order.
///
/// A stream that the peer holds (`sendonly`, `inactive`, `c=0.0.0.0`) is answered as held. To keep the codec of a running
/// call in a re-INVITE, let `prefer` begin with it.
///
/// # Errors
/// A [`Refusal`] if nothing of it can be taken; of several reasons, that of the first audio.
pub(crate) fn answer(
    offer: &Session,
    local: &Local,
    prefer: &[G711],
) -> Result<(Vec<u8>, Negotiated), Refusal> {
    let (chosen, negotiated) = choose(offer, local, prefer)?;
    let mut body = write::session(local, offer.time);
    for (place, media) in offer.media.iter().enumerate() {
        if place == chosen {
            accepted(media, local, &negotiated).write(&mut body);
        } else {
            write::refused(media, &mut body);
        }
    }
    Ok((body.into_bytes(), negotiated))
}

/// Answers an offer within a dialog: as [`answer`], with the version of `local` raised by one if the answer differs from
/// `previous`, which is what we sent last (RFC 3264 §8).
///
/// # Errors
/// As [`answer`]; `local` stays as it is, and so does the session that runs (RFC 3261 §14.2).
pub(crate) fn reanswer(
    offer: &Session,
    local: &mut Local,
    prefer: &[G711],
    previous: &[u8],
) -> Result<(Vec<u8>, Negotiated), Refusal> {
    let unchanged = answer(offer, local, prefer)?;
    if unchanged.0 == previous {
        return Ok(unchanged);
    }
    let raised = Local { version: local.version.wrapping_add(1), ..*local };
    let changed = answer(offer, &raised, prefer)?;
    *local = raised;
    Ok(changed)
}

fn choose(offer: &Session, local: &Local, prefer: &[G711]) -> Result<(usize, Negotiated), Refusal> {
    let mut refusal = Refusal::NoAudio;
    for (place, media) in offer.media.iter().enumerate() {
        match settle(media, local, prefer) {
            Ok(negotiated) => return Ok((place, negotiated)),
            Err(why) if refusal == Refusal::NoAudio => refusal = why,
            Err(_) => {}
        }
    }
    Err(refusal)
}

fn settle(media: &Media, local: &Local, prefer: &[G711]) -> Result<Negotiated, Refusal> {
    let remote = negotiate::reach(media, local)?;
    let codec =
        prefer.iter().find_map(|codec| negotiate::codecs(media).find(|(offered, _)| offered == codec));
    let codec = codec.ok_or(Refusal::NoCodec)?;
    Ok(negotiate::settle(media, remote, codec, Direction::BOTH))
}

fn accepted<'a>(media: &'a Media, local: &Local, negotiated: &'a Negotiated) -> Audio<'a> {
    Audio {
        port: local.port,
        // RFC 3264 §6: the protocol of an answer is that of the offer.
        protocol: &media.protocol,
        codecs: vec![(negotiated.codec, negotiated.payload_type)],
        telephone_event: negotiated.telephone_event,
        ptime_ms: negotiated.ptime_ms,
        direction: negotiated.direction,
        rtcp_mux: media.rtcp_mux,
    }
}
