//! What two ends can agree on for one medium: the part that answering an offer and reading an answer share.
//!
//! Read RFC 3264 §5 and §6, RFC 3551 §6 (static payload types), RFC 4733 §2.4 (telephone-event), RFC 5761 and RFC 3605 (RTCP).

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::Local;
use super::parse::SdpError;
use super::session::{Address, Media};
use crate::base::codec::{Direction, G711, Negotiated};

/// Why there is no agreement: 400 for `Unreadable`, 488 for the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is not a session description.
    Unreadable(SdpError),
    /// No audio, or only audio that is switched off (port 0).
    NoAudio,
    /// Audio over something else than plain RTP: secure RTP without our having it, or an unknown protocol.
    Transport,
    /// No codec that we have.
    NoCodec,
    /// A host name, no address, a group address, or the other family of addresses than ours.
    Address,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::NoAudio => f.write_str("no audio is offered"),
            Self::Transport => f.write_str("only audio over plain RTP is supported"),
            Self::NoCodec => f.write_str("neither PCMA nor PCMU is offered"),
            Self::Address => f.write_str("the connection address cannot be reached"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<SdpError> for Refusal {
    fn from(error: SdpError) -> Self {
        Self::Unreadable(error)
    }
}

/// Packets that we can send, in milliseconds of audio.
const PTIMES_MS: [u8; 5] = [10, 20, 30, 40, 60];
const PTIME_MS_DEFAULT: u8 = 20;

/// Checks all about a medium but its codecs: is it audio, is it on, can we speak its protocol, can we reach it.
/// Gives where the peer wants its RTP.
pub(super) fn reach(media: &Media, local: &Local) -> Result<SocketAddr, Refusal> {
    // RFC 8866 §5: tokens are case-significant. `audIo` is no medium that we know, and is refused in its place as it stands.
    if media.kind != "audio" || media.port == 0 {
        return Err(Refusal::NoAudio);
    }
    // AVPF (RFC 4585) without `a=rtcp-fb` is AVP with other RTCP timing: we may answer it.
    if !["RTP/AVP", "RTP/AVPF"].iter().any(|plain| media.protocol.eq_ignore_ascii_case(plain)) {
        return Err(Refusal::Transport);
    }
    let Address::Ip(address) = media.address else { return Err(Refusal::Address) };
    let broadcast = address == IpAddr::from([255, 255, 255, 255]);
    if address.is_multicast() || broadcast || address.is_ipv4() != local.address.to_canonical().is_ipv4() {
        return Err(Refusal::Address);
    }
    Ok(SocketAddr::new(address, media.port))
}

/// The codecs of G.711 in a medium with their payload types, in its order. RFC 3551 §6: 0 and 8 need no rtpmap; if there is
/// one, it decides. Some gateways give them dynamic ones.
pub(super) fn codecs(media: &Media) -> impl Iterator<Item = (G711, u8)> + '_ {
    payload_types(media).filter_map(|payload_type| {
        let said = media.encodings.get(&payload_type);
        let codec = G711::PREFERRED.into_iter().find(|codec| match said {
            Some(encoding) => encoding.is(codec.name()),
            None => codec.payload_type() == payload_type,
        })?;
        let usable = payload_type == codec.payload_type() || (96..=127).contains(&payload_type);
        usable.then_some((codec, payload_type))
    })
}

/// Settles a medium that [`reach`] has passed. `ours` is what we are willing to do.
pub(super) fn settle(
    media: &Media,
    remote: SocketAddr,
    (codec, payload_type): (G711, u8),
    ours: Direction,
) -> Negotiated {
    // RFC 3264 §8.4: an unspecified address is how RFC 2543 said "do not send to me".
    let listens = media.direction.receive && !remote.ip().is_unspecified();
    Negotiated {
        remote,
        remote_rtcp: rtcp_of(media, remote),
        codec,
        payload_type,
        telephone_event: telephone_event(media),
        stray_event: stray_event(media),
        ptime_ms: ptime_ms(media),
        direction: Direction { send: ours.send && listens, receive: ours.receive && media.direction.send },
    }
}

impl super::session::Encoding {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) && self.rate == 8_000 && self.channels == 1
    }
}

fn payload_types(media: &Media) -> impl Iterator<Item = u8> + '_ {
    media.formats.iter().filter_map(|format| format.parse().ok()).filter(|payload_type| *payload_type <= 127)
}

/// The first telephone-event with the clock of G.711: one with another clock belongs to another codec (RFC 4733 §2.1).
fn telephone_event(media: &Media) -> Option<u8> {
    payload_types(media).find(|payload_type| {
        let named = media.encodings.get(payload_type).is_some_and(|encoding| encoding.is("telephone-event"));
        // Not at a payload type that is another codec's for ever, nor at one that looks like RTCP (RFC 5761 §4).
        named && matches!(payload_type, 35..=63 | 96..=127)
    })
}

/// A telephone-event that was not taken. Telephones that offer it at the clocks of several codecs have been seen to use the
/// wrong one, and some that offer none use 101 all the same.
fn stray_event(media: &Media) -> Option<u8> {
    let taken = telephone_event(media);
    let named = |payload_type: &u8| {
        let encoding = media.encodings.get(payload_type);
        encoding.is_some_and(|encoding| encoding.name.eq_ignore_ascii_case("telephone-event"))
    };
    let dynamic = payload_types(media).filter(|payload_type| (96..=127).contains(payload_type));
    let other = dynamic.into_iter().find(|payload_type| named(payload_type) && taken != Some(*payload_type));
    let free = || !media.encodings.contains_key(&super::offer::TELEPHONE_EVENT);
    other.or_else(|| (taken.is_none() && free()).then_some(super::offer::TELEPHONE_EVENT))
}

fn ptime_ms(media: &Media) -> u8 {
    let wanted = media.ptime_ms.filter(|ms| *ms > 0).unwrap_or(u32::from(PTIME_MS_DEFAULT));
    let most = media.ptime_ms_max.filter(|ms| *ms > 0).map_or(wanted, |max| wanted.min(max));
    let fitting = PTIMES_MS.into_iter().rfind(|ms| u32::from(*ms) <= most);
    fitting.unwrap_or(PTIMES_MS[0])
}

fn rtcp_of(media: &Media, remote: SocketAddr) -> SocketAddr {
    if media.rtcp_mux {
        return remote;
    }
    match media.rtcp {
        Some((port, address)) => {
            let same_family = |address: &IpAddr| address.is_ipv4() == remote.is_ipv4();
            SocketAddr::new(address.filter(same_family).unwrap_or(remote.ip()), port)
        }
        None => SocketAddr::new(remote.ip(), remote.port().checked_add(1).unwrap_or(remote.port())),
    }
}
