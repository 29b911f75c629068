//! Our session descriptions as text: always the same lines in the same order (RFC 8866 §5).

use std::fmt::Write;
use std::net::IpAddr;

use super::Local;
use super::session::Media;
use crate::base::codec::{Direction, G711};

/// The lines above the media.
pub(super) fn session(local: &Local, time: (u64, u64)) -> String {
    let address = address(local.address);
    let (id, version, (start, stop)) = (local.session_id, local.version, time);
    format!("v=0\r\no=- {id} {version} {address}\r\ns=-\r\nc={address}\r\nt={start} {stop}\r\n")
}

/// An audio medium of ours.
pub(super) struct Audio<'a> {
    pub(crate) port: u16,
    pub(crate) protocol: &'a str,
    pub(crate) codecs: Vec<(G711, u8)>,
    pub(crate) telephone_event: Option<u8>,
    pub(crate) ptime_ms: u8,
    pub(crate) direction: Direction,
    pub(crate) rtcp_mux: bool,
}

impl Audio<'_> {
    pub(super) fn write(&self, body: &mut String) {
        let _ = self.try_write(body);
    }

    fn try_write(&self, body: &mut String) -> std::fmt::Result {
        write!(body, "m=audio {} {}", self.port, self.protocol)?;
        for (_, payload_type) in &self.codecs {
            write!(body, " {payload_type}")?;
        }
        if let Some(event) = self.telephone_event {
            write!(body, " {event}")?;
        }
        body.push_str("\r\n");
        // Static payload types need no rtpmap, but some read nothing else.
        for (codec, payload_type) in &self.codecs {
            write!(body, "a=rtpmap:{payload_type} {}/8000\r\n", codec.name())?;
        }
        if let Some(event) = self.telephone_event {
            write!(body, "a=rtpmap:{event} telephone-event/8000\r\na=fmtp:{event} 0-15\r\n")?;
        }
        write!(body, "a=ptime:{}\r\na={}\r\n", self.ptime_ms, direction(self.direction))?;
        if self.rtcp_mux {
            body.push_str("a=rtcp-mux\r\n");
        }
        Ok(())
    }
}

/// A medium that we refuse: its own line with port 0. One format must stand there, and is ignored (RFC 3264 §6).
pub(super) fn refused(media: &Media, body: &mut String) {
    let format = media.formats.first().map_or("0", String::as_str);
    let _ = write!(body, "m={} 0 {} {format}\r\n", media.kind, media.protocol);
}

fn address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("IN IP4 {address}"),
        IpAddr::V6(address) => format!("IN IP6 {address}"),
    }
}

fn direction(direction: Direction) -> &'static str {
    match (direction.send, direction.receive) {
        (true, true) => "sendrecv",
        (true, false) => "sendonly",
        (false, true) => "recvonly",
        (false, false) => "inactive",
    }
}
