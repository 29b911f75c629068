//! What we read in a session description: the lines that offer/answer looks at, typed, with the session's defaults already
//! applied to each medium (RFC 8866 §5.7, §5.13).

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::base::codec::Direction;

/// A session description, as the peer sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The first `t=`: an answer repeats it (RFC 3264 §6).
    pub(crate) time: (u64, u64),
    /// One for each `m=`, in its order.
    pub(crate) media: Vec<Media>,
}

/// One `m=` with its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    /// `audio`, `video`, `image`…
    pub(crate) kind: String,
    /// Where the peer wants it; 0 says no to this medium.
    pub(crate) port: u16,
    /// `RTP/AVP`…
    pub(crate) protocol: String,
    /// The formats, by preference; for RTP, payload types.
    pub(crate) formats: Vec<String>,
    /// Where the peer wants it.
    pub(crate) address: Address,
    /// `a=rtcp`: a port, and perhaps an address (RFC 3605).
    pub(crate) rtcp: Option<(u16, Option<IpAddr>)>,
    /// `a=rtcp-mux` (RFC 5761).
    pub(crate) rtcp_mux: bool,
    /// Which way audio flows, seen from the peer; a medium that does not say flows both ways.
    pub(crate) direction: Direction,
    /// `a=ptime`, in milliseconds.
    pub(crate) ptime_ms: Option<u32>,
    /// `a=maxptime`, in milliseconds.
    pub(crate) ptime_ms_max: Option<u32>,
    /// `a=rtpmap`, by payload type.
    pub(crate) encodings: BTreeMap<u8, Encoding>,
}

/// A connection address, `c=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// Neither the medium nor the session has one.
    Missing,
    /// Not an address: a host name, or nonsense. We resolve nothing for a stranger.
    Name(String),
    /// An address.
    Ip(IpAddr),
}

/// What a payload type stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    /// `PCMA`, `telephone-event`…; compared without regard to case (RFC 8866 §6.6).
    pub(crate) name: String,
    /// Clock rate in Hz.
    pub(crate) rate: u32,
    /// Channels, 1 if not said.
    pub(crate) channels: u32,
}

impl Session {
    /// Takes what we need out of the line model of `sdp-types`.
    pub(super) fn lift(lines: &sdp_types::Session) -> Self {
        let time = lines.times.first().map_or((0, 0), |time| (time.start_time, time.stop_time));
        let media = lines.medias.iter().map(|medium| Media::lift(lines, medium)).collect();
        Self { time, media }
    }
}

impl Media {
    fn lift(session: &sdp_types::Session, medium: &sdp_types::Media) -> Self {
        let own = Attributes(&medium.attributes);
        let common = Attributes(&session.attributes);
        let connection = medium.connections.first().or(session.connection.as_ref());
        Self {
            kind: medium.media.clone(),
            port: medium.port,
            protocol: medium.proto.clone(),
            formats: medium.fmt.split_ascii_whitespace().map(str::to_owned).collect(),
            address: connection.map_or(Address::Missing, |c| Address::read(&c.connection_address)),
            rtcp: own.value("rtcp").and_then(read_rtcp),
            rtcp_mux: own.has("rtcp-mux"),
            direction: own.direction().or(common.direction()).unwrap_or(Direction::BOTH),
            // Some write ptime once, above all media.
            ptime_ms: own.number("ptime").or(common.number("ptime")),
            ptime_ms_max: own.number("maxptime").or(common.number("maxptime")),
            encodings: own.encodings(),
        }
    }
}

impl Address {
    fn read(text: &str) -> Self {
        // `/ttl` and `/count` belong to multicast (RFC 8866 §5.7); some write them after any address.
        let host = text.split('/').next().unwrap_or_default();
        match host.parse::<IpAddr>() {
            Ok(address) => Self::Ip(address.to_canonical()),
            Err(_) => Self::Name(text.to_owned()),
        }
    }
}

struct Attributes<'a>(&'a [sdp_types::Attribute]);

impl<'a> Attributes<'a> {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|attribute| attribute.attribute.eq_ignore_ascii_case(name))
    }

    fn values(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let named = self.0.iter().filter(move |attribute| attribute.attribute.eq_ignore_ascii_case(name));
        named.filter_map(|attribute| attribute.value.as_deref())
    }

    fn value(&self, name: &'a str) -> Option<&'a str> {
        self.values(name).next()
    }

    fn number(&self, name: &'a str) -> Option<u32> {
        // RFC 8866 §6.4 allows a fraction; we do not send fractions of a millisecond.
        let digits = self.value(name)?.trim().split('.').next()?;
        digits.parse().ok()
    }

    fn direction(&self) -> Option<Direction> {
        self.0.iter().find_map(|attribute| match attribute.attribute.to_ascii_lowercase().as_str() {
            "sendrecv" => Some(Direction::BOTH),
            "sendonly" => Some(Direction::SEND_ONLY),
            "recvonly" => Some(Direction::RECEIVE_ONLY),
            "inactive" => Some(Direction::INACTIVE),
            _ => None,
        })
    }

    /// By payload type; the first to name one wins.
    fn encodings(&self) -> BTreeMap<u8, Encoding> {
        let mut encodings = BTreeMap::new();
        for (payload_type, encoding) in self.values("rtpmap").filter_map(read_rtpmap) {
            encodings.entry(payload_type).or_insert(encoding);
        }
        // Some telephones say of telephone-event only which events they know.
        for payload_type in self.values("fmtp").filter_map(read_events) {
            let events = || Encoding { name: "telephone-event".to_owned(), rate: 8_000, channels: 1 };
            encodings.entry(payload_type).or_insert_with(events);
        }
        encodings
    }
}

/// `101 0-15` (RFC 4733 §2.4.1): the payload type of a list of events that begins with the keys.
fn read_events(value: &str) -> Option<u8> {
    let (payload_type, events) = value.split_once(char::is_whitespace)?;
    let events = events.trim();
    let listed =
        events.starts_with("0-") && events.chars().all(|sign| sign.is_ascii_digit() || "-, ".contains(sign));
    payload_type.parse().ok().filter(|payload_type| listed && (96..=127).contains(payload_type))
}

/// `101 telephone-event/8000/1` (RFC 8866 §6.6).
fn read_rtpmap(value: &str) -> Option<(u8, Encoding)> {
    let mut words = value.split_ascii_whitespace();
    let payload_type = words.next()?.parse().ok().filter(|payload_type| *payload_type <= 127)?;
    let mut parts = words.next()?.split('/');
    let name = parts.next()?.to_owned();
    let rate = parts.next()?.parse().ok()?;
    let channels = parts.next().map_or(Some(1), |channels| channels.parse().ok())?;
    Some((payload_type, Encoding { name, rate, channels }))
}

/// `53020` or `53020 IN IP4 126.16.64.4` (RFC 3605 §2.1).
fn read_rtcp(value: &str) -> Option<(u16, Option<IpAddr>)> {
    let mut words = value.split_ascii_whitespace();
    let port = words.next()?.parse().ok().filter(|port| *port != 0)?;
    let address = words.nth(2).and_then(|word| word.parse().ok());
    Some((port, address))
}
