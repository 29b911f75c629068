//! A dialog: who it is between, where its requests go, and in which order they count. RFC 3261 §12.
//!
//! It sends nothing and knows no call; `invite/` does both.

use std::net::SocketAddr;

use super::kept::KeptDialog;
use super::message::{CSEQ_MAX, DEFAULT_PORT, NameAddr, Request, Response, SipUri, Uri, ip};
use super::path::Path;
use super::transport::Protocol;

/// Above any number that a process can have used after a dialog of it was written down.
const SEQUENCE_STEP: u32 = 1_000;

/// One dialog, seen from our end.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// Its Call-ID.
    pub(crate) call_id: String,
    /// Our tag.
    pub(crate) local_tag: String,
    /// Their tag; RFC 2543 peers have none.
    pub(crate) remote_tag: Option<String>,
    /// Our From value, with the tag.
    pub(crate) local: String,
    /// Their To value, with their tag.
    pub(crate) remote: String,
    target: Uri,
    routes: Vec<NameAddr>,
    local_seq: u32,
    remote_seq: Option<u32>,
    path: Path,
    routing: Routing,
}

/// How requests in a dialog find the peer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Routing {
    /// The peer told its true address in its message: route set and target rule (RFC 3261 §12.2.1.1).
    ByText,
    /// It stands behind a NAT, so that what it wrote names nobody: back to where its messages come from.
    Symmetric,
}

/// What the order of requests says of one (RFC 3261 §12.2.2).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sequence {
    /// Newer than all before; jumps are legal.
    New,
    /// As new as the last one.
    Same,
    /// Older: 500.
    Old,
}

impl Dialog {
    /// The dialog of an INVITE that we answer with `tag` (RFC 3261 §12.1.1). `None`: a Record-Route cannot be read.
    pub(crate) fn of_uas(request: &Request, tag: &str, path: Path, routing: Routing) -> Option<Self> {
        let headers = request.headers();
        // RFC 2543 peers may send no Contact: then From is where they are.
        let target = headers.contact().map_or_else(|| request.from().uri().clone(), |it| it.uri().clone());
        Some(Self {
            call_id: request.call_id().to_owned(),
            local_tag: tag.to_owned(),
            remote_tag: request.from().tag().map(Into::into),
            local: format!("{};tag={tag}", request.to().text()),
            remote: request.from().text().to_owned(),
            target,
            routes: headers.record_routes().ok()?,
            local_seq: 0,
            remote_seq: Some(request.cseq().number),
            path,
            routing,
        })
    }

    /// The dialog that a 2xx to our INVITE makes (RFC 3261 §12.1.2). `None`: a Record-Route cannot be read.
    pub(crate) fn of_uac(request: &Request, response: &Response, path: Path) -> Option<Self> {
        let headers = response.headers();
        let target = headers.contact().map_or_else(|| request.uri().clone(), |it| it.uri().clone());
        let mut routes = headers.record_routes().ok()?;
        routes.reverse();
        // What we called was an address of the peer's own: it knows its address, and we can follow it.
        let routing = match request.uri().as_sip().and_then(address) {
            Some(called) if called == path.remote => Routing::ByText,
            Some(_) | None => Routing::Symmetric,
        };
        Some(Self {
            call_id: request.call_id().to_owned(),
            local_tag: request.from().tag().map(Into::into).unwrap_or_default(),
            remote_tag: response.to().tag().map(Into::into),
            local: request.from().text().to_owned(),
            remote: response.to().text().to_owned(),
            target,
            routes,
            local_seq: request.cseq().number,
            remote_seq: None,
            path,
            routing,
        })
    }

    /// As it is written down.
    pub(crate) fn keep(&self) -> KeptDialog {
        let ((target, routes), way) = (self.addressing(), self.way());
        KeptDialog {
            call_id: self.call_id.clone(),
            local_tag: self.local_tag.clone(),
            remote_tag: self.remote_tag.clone(),
            local: self.local.clone(),
            remote: self.remote.clone(),
            target,
            routes,
            sequence: self.local_seq,
            protocol: way.protocol,
            from: way.local,
            to: way.remote,
        }
    }

    /// One that an earlier process had: good for a BYE. A stream of that process is no more. `None`: it cannot be read.
    pub(crate) fn of_kept(kept: &KeptDialog) -> Option<Self> {
        let routes: Option<Vec<NameAddr>> = kept.routes.iter().map(|text| NameAddr::parse(text)).collect();
        let path = Path { protocol: kept.protocol, local: kept.from, remote: kept.to, connection: None };
        Some(Self {
            call_id: kept.call_id.clone(),
            local_tag: kept.local_tag.clone(),
            remote_tag: kept.remote_tag.clone(),
            local: kept.local.clone(),
            remote: kept.remote.clone(),
            target: Uri::parse(&kept.target)?,
            routes: routes?,
            local_seq: kept.sequence.wrapping_add(SEQUENCE_STEP) & CSEQ_MAX,
            remote_seq: None,
            path,
            // Where it goes was worked out when it was written down.
            routing: Routing::Symmetric,
        })
    }

    /// Whether a request that names our tag is of this dialog.
    pub(crate) fn holds(&self, request: &Request) -> bool {
        let tag = request.from().tag();
        self.call_id == request.call_id() && self.remote_tag.as_deref() == tag.as_deref()
    }

    /// Judges the number of a request of theirs, and keeps it unless it is old.
    pub(crate) fn sequence(&mut self, number: u32) -> Sequence {
        let order = match self.remote_seq {
            Some(last) if number < last => return Sequence::Old,
            Some(last) if number == last => Sequence::Same,
            Some(_) | None => Sequence::New,
        };
        self.remote_seq = Some(number);
        order
    }

    /// The number of our next request.
    pub(crate) fn next_sequence(&mut self) -> u32 {
        self.local_seq = self.local_seq.wrapping_add(1) & CSEQ_MAX;
        self.local_seq
    }

    /// The peer moves to the Contact of a message that refreshes the target (RFC 3261 §12.2.1.2).
    pub(crate) fn refresh(&mut self, contact: Option<NameAddr>) {
        if let Some(contact) = contact {
            self.target = contact.uri().clone();
        }
    }

    /// A request came by another way (a new stream, a NAT that changed its mind): answers to NAT follow it.
    pub(crate) fn moved(&mut self, path: Path) {
        self.path = path;
    }

    /// Request-URI and Route values of a request in this dialog: RFC 3261 §12.2.1.1, loose and strict.
    pub(crate) fn addressing(&self) -> (String, Vec<String>) {
        // RFC 3261 §19.1.5: what a Contact says behind `?` would become headers of our own.
        let target = without_headers(self.target.text());
        let texts = |routes: &[NameAddr]| routes.iter().map(|it| it.text().to_owned()).collect::<Vec<_>>();
        match self.routes.split_first() {
            None => (target, Vec::new()),
            Some((first, rest)) if !is_loose(first) => {
                let mut routes = texts(rest);
                routes.push(format!("<{target}>"));
                (strict_target(first.uri()), routes)
            }
            Some(_) => (target, texts(&self.routes)),
        }
    }

    /// The way of a request in this dialog. There is no DNS here: a name leads back to where the peer's messages come
    /// from, which is the proxy or the peer that the name stands for.
    pub(crate) fn way(&self) -> Path {
        let hop = self.routes.first().map_or(&self.target, NameAddr::uri);
        let Some(uri) = hop.as_sip() else { return self.path };
        let (Routing::ByText, Some(remote)) = (self.routing, address(uri)) else { return self.path };
        let protocol = match uri.params().value("transport") {
            Some(name) if name.eq_ignore_ascii_case("tcp") => Protocol::Tcp,
            Some(name) if name.eq_ignore_ascii_case("udp") => Protocol::Udp,
            Some(_) | None => self.path.protocol,
        };
        if protocol == self.path.protocol {
            Path { remote, ..self.path }
        } else {
            Path { protocol, local: None, remote, connection: None }
        }
    }
}

/// Whether the peer's Via names the address that its message came from: then no NAT stands between.
pub(crate) fn routing_of(request: &Request, source: SocketAddr) -> Routing {
    let via = request.via();
    let same_host = ip(via.host()) == Some(source.ip());
    // Without rport, a peer may send from one port and listen on another (RFC 3581 §3).
    let same_port = via.port().unwrap_or(DEFAULT_PORT) == source.port() || !via.wants_rport();
    if same_host && same_port { Routing::ByText } else { Routing::Symmetric }
}

/// The address that a URI is, when its host is none of a name.
fn address(uri: &SipUri) -> Option<SocketAddr> {
    uri.ip().map(|ip| SocketAddr::new(ip, uri.port().unwrap_or(DEFAULT_PORT)))
}

fn is_loose(route: &NameAddr) -> bool {
    route.uri().as_sip().is_some_and(SipUri::is_loose)
}

/// A URI without its headers: `sip:alice@192.0.2.1?Subject=x` asks for a header of a request, and is no part of an address.
pub(crate) fn without_headers(uri: &str) -> String {
    // A `?` before the host is of the user part.
    let host = uri.find('@').unwrap_or(0);
    let end = uri[host..].find('?').map_or(uri.len(), |at| host + at);
    uri[..end].to_owned()
}

/// A strict router's URI as a Request-URI: without `method` and headers (RFC 3261 §12.2.1.1, §19.1.1).
fn strict_target(uri: &Uri) -> String {
    let text = uri.text();
    let text = text.split_once('?').map_or(text, |(before, _)| before);
    let mut pieces = text.split(';');
    let mut target = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces.filter(|piece| !piece.to_ascii_lowercase().starts_with("method=")) {
        target.push(';');
        target.push_str(piece);
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::message::{Framing, Message, parse};

    fn invite(extra: &str) -> Request {
        let text = format!(
            "INVITE sip:0800@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1\r\n\
             From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 10 INVITE\r\n\
             Contact: <sip:a@192.0.2.9:5070>\r\n{extra}\r\n"
        );
        match parse(text.as_bytes().into(), Framing::Datagram) {
            Ok(Message::Request(request)) => request,
            other => panic!("{other:?}"),
        }
    }

    fn path() -> Path {
        let remote = "192.0.2.9:5060".parse().unwrap();
        Path { protocol: Protocol::Udp, local: None, remote, connection: None }
    }

    fn dialog(extra: &str) -> Dialog {
        let request = invite(extra);
        let routing = routing_of(&request, path().remote);
        Dialog::of_uas(&request, "t", path(), routing).unwrap()
    }

    #[test]
    fn without_routes_the_contact_is_target_and_way() {
        let dialog = dialog("");
        assert_eq!(dialog.addressing(), ("sip:a@192.0.2.9:5070".to_owned(), vec![]));
        assert_eq!(dialog.way().remote, "192.0.2.9:5070".parse().unwrap());
    }

    #[test]
    fn loose_routes_stay_routes() {
        let dialog = dialog("Record-Route: <sip:192.0.2.7;lr>, <sip:p2.example;lr>\r\n");
        let (uri, routes) = dialog.addressing();
        assert_eq!(uri, "sip:a@192.0.2.9:5070");
        assert_eq!(routes, ["<sip:192.0.2.7;lr>", "<sip:p2.example;lr>"]);
        assert_eq!(dialog.way().remote, "192.0.2.7:5060".parse().unwrap());
    }

    #[test]
    fn a_strict_router_becomes_the_request_uri_and_the_target_the_last_route() {
        let dialog = dialog(
            "Record-Route: <sip:192.0.2.7:5080;method=INVITE;x=1?a=b>\r\nRecord-Route: <sip:p2;lr>\r\n",
        );
        let (uri, routes) = dialog.addressing();
        assert_eq!(uri, "sip:192.0.2.7:5080;x=1");
        assert_eq!(routes, ["<sip:p2;lr>", "<sip:a@192.0.2.9:5070>"]);
        assert_eq!(dialog.way().remote, "192.0.2.7:5080".parse().unwrap());
    }

    #[test]
    fn one_that_was_written_down_goes_the_same_way_with_a_higher_number() {
        for extra in [
            "",
            "Record-Route: <sip:192.0.2.7;lr>, <sip:p2.example;lr>\r\n",
            "Record-Route: <sip:192.0.2.7:5080;x=1>\r\nRecord-Route: <sip:p2;lr>\r\n",
        ] {
            let mut dialog = dialog(extra);
            let text = serde_json::to_string(&dialog.keep()).unwrap();
            let mut again = Dialog::of_kept(&serde_json::from_str(&text).unwrap()).unwrap();
            assert_eq!(again.way(), dialog.way(), "{extra}");
            let strict = extra.contains("x=1");
            assert!(strict || again.addressing() == dialog.addressing(), "{extra}");
            assert!(again.next_sequence() > dialog.next_sequence() + 500);
        }
    }

    #[test]
    fn behind_a_nat_requests_go_where_the_messages_come_from() {
        let request = invite("");
        let source = "198.51.100.1:40000".parse().unwrap();
        assert_eq!(routing_of(&request, source), Routing::Symmetric);
        let path = Path { remote: source, ..path() };
        let dialog = Dialog::of_uas(&request, "t", path, Routing::Symmetric).unwrap();
        assert_eq!(dialog.way().remote, source);
    }

    #[test]
    fn a_lower_number_is_old_and_jumps_are_legal() {
        let mut dialog = dialog("");
        assert_eq!(dialog.sequence(10), Sequence::Same);
        assert_eq!(dialog.sequence(9), Sequence::Old);
        assert_eq!(dialog.sequence(1_000), Sequence::New);
        assert_eq!(dialog.sequence(999), Sequence::Old);
    }
}
