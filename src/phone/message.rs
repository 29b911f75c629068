//! SIP text, written and read by `rsip`: the one file that names it.
//!
//! The server has its own SIP layers (`src/sip`) and this phone shares no line with them, so that no fault can be made
//! by both and hide itself. What `rsip` cannot read (IPv6 hosts, folded headers, unknown methods) the phone does not
//! need. Read first: RFC 3261 §7, §8.1.1, §8.2.6.

use std::fmt;
use std::net::SocketAddr;

pub(crate) use rsip::Method;
use rsip::headers::{self, ToTypedHeader, UntypedHeader};
use rsip::prelude::{HasHeaders, HeadersExt};
use rsip::{Header, SipMessage, StatusCode};

/// How SIP travels between the phone and its server.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams: requests and 2xx are repeated until they are answered.
    Udp,
    /// One connection: framed by Content-Length.
    Tcp,
}

impl Transport {
    /// As it is written in a Via.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        }
    }
}

/// The content type of a session description.
pub(crate) const SDP: &str = "application/sdp";
/// The content type of a key sent by INFO.
pub(crate) const DTMF_RELAY: &str = "application/dtmf-relay";

/// A message that came, with the five headers that every message has (RFC 3261 §8.1.1).
#[derive(Clone, Debug)]
pub(crate) struct Message(SipMessage);

/// Why a message that came is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Message {
    /// Reads one whole message: a datagram, or what the framing of a stream has cut.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let refused = |what: rsip::Error| Unreadable(what.to_string());
        let message = SipMessage::try_from(bytes).map_err(refused)?;
        message.via_header().map_err(refused)?;
        message.from_header().map_err(refused)?;
        message.to_header().map_err(refused)?;
        message.call_id_header().map_err(refused)?;
        message.cseq_header().map_err(refused)?.typed().map_err(refused)?;
        Ok(Self(message))
    }

    /// The method, of a request.
    pub(crate) fn method(&self) -> Option<Method> {
        match &self.0 {
            SipMessage::Request(request) => Some(request.method),
            SipMessage::Response(_) => None,
        }
    }

    /// The status, of a response.
    pub(crate) fn status(&self) -> Option<u16> {
        match &self.0 {
            SipMessage::Request(_) => None,
            SipMessage::Response(response) => Some(response.status_code.code()),
        }
    }

    /// `INVITE`, or `200 OK`: the message in one or two words.
    pub(crate) fn title(&self) -> String {
        match &self.0 {
            SipMessage::Request(request) => request.method.to_string(),
            SipMessage::Response(response) => {
                let code = response.status_code.code();
                format!("{code} {}", reason(code))
            }
        }
    }

    /// The Call-ID.
    pub(crate) fn call_id(&self) -> &str {
        self.0.call_id_header().map(|header| header.value()).unwrap_or_default()
    }

    /// The number and the method of CSeq.
    pub(crate) fn cseq(&self) -> (u32, Method) {
        let typed = self.0.cseq_header().and_then(|header| header.typed());
        typed.map(|cseq| (cseq.seq, cseq.method)).unwrap_or((0, Method::Options))
    }

    /// The branch of the topmost Via.
    pub(crate) fn branch(&self) -> Option<String> {
        let via = self.0.via_header().and_then(|header| header.typed()).ok()?;
        via.branch().map(|branch| branch.value().to_string())
    }

    /// The From header as it came.
    pub(crate) fn from(&self) -> &str {
        self.0.from_header().map(|header| header.value()).unwrap_or_default()
    }

    /// The To header as it came.
    pub(crate) fn to(&self) -> &str {
        self.0.to_header().map(|header| header.value()).unwrap_or_default()
    }

    /// The tag of To.
    pub(crate) fn to_tag(&self) -> Option<String> {
        let to = self.0.to_header().and_then(|header| header.typed()).ok()?;
        to.tag().map(|tag| tag.value().to_string())
    }

    /// The URI of the first Contact.
    pub(crate) fn contact(&self) -> Option<String> {
        let contact = self.0.contact_header().and_then(|header| header.typed()).ok()?;
        Some(contact.uri.to_string())
    }

    /// The Record-Route values, from the top, each as it came.
    pub(crate) fn record_routes(&self) -> Vec<String> {
        let values = self.0.headers().iter().filter_map(|header| match header {
            Header::RecordRoute(route) => Some(route.value()),
            _ => None,
        });
        values.flat_map(|value| value.split(',')).map(|route| route.trim().to_string()).collect()
    }

    /// What the server asks of us with a 401 or a 407: whether it is a proxy that asks, and the value of each
    /// challenge, in order.
    pub(crate) fn challenges(&self) -> Vec<(bool, &str)> {
        let headers = self.0.headers().iter().filter_map(|header| match header {
            Header::WwwAuthenticate(challenge) => Some((false, challenge.value())),
            Header::ProxyAuthenticate(challenge) => Some((true, challenge.value())),
            _ => None,
        });
        headers.collect()
    }

    /// The life of a registration, in seconds: of our Contact, else of the Expires header.
    pub(crate) fn expires(&self) -> Option<u32> {
        let contact = self.0.contact_header().and_then(|header| header.typed()).ok();
        let of_contact = contact.and_then(|c| c.expires().and_then(|e| e.value().parse().ok()));
        of_contact.or_else(|| self.0.expires_header().and_then(|header| header.seconds().ok()))
    }

    /// The value of Min-Expires, of a 423.
    pub(crate) fn min_expires(&self) -> Option<u32> {
        self.0.min_expires_header().and_then(|header| header.value().trim().parse().ok())
    }

    /// The session description, if there is one.
    pub(crate) fn sdp(&self) -> Option<&str> {
        let is_sdp = self.0.headers().iter().any(|header| match header {
            Header::ContentType(kind) => kind.value().trim().to_ascii_lowercase().starts_with(SDP),
            Header::Other(name, kind) => {
                name.eq_ignore_ascii_case("c") && kind.to_ascii_lowercase().starts_with(SDP)
            }
            _ => false,
        });
        let text = self.text();
        (is_sdp && !text.trim().is_empty()).then_some(text)
    }

    /// The body as text; empty when it is not text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.0.body()).unwrap_or_default()
    }

    /// The response of `status` to this request (RFC 3261 §8.2.6.2): Via, From, To, Call-ID, CSeq and Record-Route as
    /// they came, `to_tag` added to a To that has none.
    pub(crate) fn answer(
        &self,
        status: u16,
        to_tag: &str,
        contact: Option<&str>,
        body: Option<&str>,
    ) -> Vec<u8> {
        let mut headers = rsip::Headers::default();
        for header in self.0.headers().iter() {
            match header {
                Header::To(to) if status > 100 && self.to_tag().is_none() => {
                    headers.push(headers::To::new(format!("{};tag={to_tag}", to.value())).into());
                }
                Header::Via(_)
                | Header::From(_)
                | Header::To(_)
                | Header::CallId(_)
                | Header::CSeq(_)
                | Header::RecordRoute(_) => headers.push(header.clone()),
                _ => {}
            }
        }
        if let Some(contact) = contact {
            headers.push(headers::Contact::new(contact).into());
        }
        if status < 300 {
            headers.push(headers::Allow::new(ALLOW).into());
        }
        push_body(&mut headers, body.map(|_| SDP), body.unwrap_or_default().len());
        let status_code = StatusCode::Other(status, reason(status).into());
        let body = body.unwrap_or_default().as_bytes().to_vec();
        rsip::Response { status_code, version: Default::default(), headers, body }.into()
    }
}

/// What the phone does when asked: the value of Allow.
const ALLOW: &str = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE";

/// A request to write.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing<'a> {
    /// What is asked.
    pub(crate) method: Method,
    /// Of whom: the Request-URI.
    pub(crate) uri: &'a str,
    /// How it travels.
    pub(crate) transport: Transport,
    /// Our address, for the Via.
    pub(crate) sent_by: SocketAddr,
    /// The branch of the Via, with its `z9hG4bK`.
    pub(crate) branch: &'a str,
    /// The From header with its tag.
    pub(crate) from: &'a str,
    /// The To header, with a tag inside a dialog.
    pub(crate) to: &'a str,
    /// The Call-ID.
    pub(crate) call_id: &'a str,
    /// The number of CSeq.
    pub(crate) cseq: u32,
    /// The Route headers, first hop first.
    pub(crate) routes: &'a [String],
    /// The Contact header.
    pub(crate) contact: Option<&'a str>,
    /// The answer to a challenge: whether a proxy asked, and the value.
    pub(crate) authorization: Option<(bool, &'a str)>,
    /// The life of a registration.
    pub(crate) expires: Option<u32>,
    /// Content type and text.
    pub(crate) body: Option<(&'a str, &'a str)>,
}

impl Outgoing<'_> {
    /// The message as it goes out; refused if the URI is not one that `rsip` can read.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Unreadable> {
        let uri = rsip::Uri::try_from(self.uri)
            .map_err(|_| Unreadable(format!("`{}` is not a SIP address", self.uri)))?;
        let mut headers = rsip::Headers::default();
        let via = format!("SIP/2.0/{} {};branch={};rport", self.transport.name(), self.sent_by, self.branch);
        headers.push(headers::Via::new(via).into());
        headers.push(headers::MaxForwards::new("70").into());
        headers.push(headers::From::new(self.from).into());
        headers.push(headers::To::new(self.to).into());
        headers.push(headers::CallId::new(self.call_id).into());
        headers.push(headers::CSeq::new(format!("{} {}", self.cseq, self.method)).into());
        for route in self.routes {
            headers.push(headers::Route::new(route.clone()).into());
        }
        if let Some(contact) = self.contact {
            headers.push(headers::Contact::new(contact).into());
        }
        match self.authorization {
            Some((true, value)) => headers.push(headers::ProxyAuthorization::new(value).into()),
            Some((false, value)) => headers.push(headers::Authorization::new(value).into()),
            None => {}
        }
        if let Some(seconds) = self.expires {
            headers.push(headers::Expires::new(seconds.to_string()).into());
        }
        if matches!(self.method, Method::Invite | Method::Register) {
            headers.push(headers::Allow::new(ALLOW).into());
            headers.push(headers::UserAgent::new(concat!("svi-phone/", env!("CARGO_PKG_VERSION"))).into());
        }
        let text = self.body.map(|(_, text)| text).unwrap_or_default();
        push_body(&mut headers, self.body.map(|(kind, _)| kind), text.len());
        let body = text.as_bytes().to_vec();
        Ok(rsip::Request { method: self.method, uri, version: Default::default(), headers, body }.into())
    }
}

fn push_body(headers: &mut rsip::Headers, kind: Option<&str>, length: usize) {
    if let Some(kind) = kind {
        headers.push(headers::ContentType::new(kind).into());
    }
    headers.push(headers::ContentLength::new(length.to_string()).into());
}

/// A SIP address taken apart: `sip:0800123456@127.0.0.1:5060`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// What stands before the `@`.
    pub(crate) user: String,
    /// Host name or IP address.
    pub(crate) host: String,
    /// The port, 5060 unless given.
    pub(crate) port: u16,
    /// Whether the address asks for TCP.
    pub(crate) tcp: bool,
}

impl Address {
    /// Reads `sip:user@host[:port][;transport=tcp]`.
    pub(crate) fn read(text: &str) -> Result<Self, Unreadable> {
        let refused = || Unreadable(format!("`{text}` is not a SIP address like sip:0800123456@127.0.0.1"));
        if !text.to_ascii_lowercase().starts_with("sip:") {
            return Err(refused());
        }
        let uri = rsip::Uri::try_from(text).map_err(|_| refused())?;
        let user = uri.user().filter(|user| !user.is_empty()).ok_or_else(refused)?.to_string();
        let port = uri.port().map_or(5060, |port| *port.value());
        let tcp = uri.transport() == Some(&rsip::Transport::Tcp);
        Ok(Self { user, host: uri.host().to_string(), port, tcp })
    }
}

/// The usual words of a status (RFC 3261 §21).
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        181 => "Call Is Being Forwarded",
        182 => "Queued",
        183 => "Session Progress",
        200 => "OK",
        202 => "Accepted",
        302 => "Moved Temporarily",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        410 => "Gone",
        415 => "Unsupported Media Type",
        420 => "Bad Extension",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        484 => "Address Incomplete",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        600 => "Busy Everywhere",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        other => match other / 100 {
            1 => "Progress",
            3 => "Redirected",
            4 => "Refused",
            5 => "Failed",
            _ => "Refused Everywhere",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite() -> Vec<u8> {
        let outgoing = Outgoing {
            method: Method::Invite,
            uri: "sip:0800123456@127.0.0.1:5070",
            transport: Transport::Udp,
            sent_by: "127.0.0.1:5090".parse().unwrap(),
            branch: "z9hG4bKabc",
            from: "<sip:0612345678@127.0.0.1>;tag=a1",
            to: "<sip:0800123456@127.0.0.1:5070>",
            call_id: "call-1",
            cseq: 7,
            routes: &["<sip:10.0.0.1;lr>".to_string()],
            contact: Some("<sip:0612345678@127.0.0.1:5090>"),
            authorization: None,
            expires: None,
            body: Some((SDP, "v=0\r\n")),
        };
        outgoing.bytes().unwrap()
    }

    #[test]
    fn a_request_goes_out_with_what_every_request_has() {
        let bytes = invite();
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(text.starts_with("INVITE sip:0800123456@127.0.0.1:5070 SIP/2.0\r\n"), "{text}");
        assert!(text.contains("Via: SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bKabc;rport\r\n"), "{text}");
        assert!(text.contains("Route: <sip:10.0.0.1;lr>\r\n"), "{text}");
        assert!(text.ends_with("Content-Length: 5\r\n\r\nv=0\r\n"), "{text}");
        let message = Message::read(&bytes).unwrap();
        assert_eq!(message.cseq(), (7, Method::Invite));
        assert_eq!(message.branch().as_deref(), Some("z9hG4bKabc"));
        assert_eq!(message.sdp(), Some("v=0\r\n"));
        assert_eq!(message.contact().as_deref(), Some("sip:0612345678@127.0.0.1:5090"));
    }

    #[test]
    fn a_response_keeps_what_it_must_and_adds_the_tag_once() {
        let request = Message::read(&invite()).unwrap();
        let trying = Message::read(&request.answer(100, "b2", None, None)).unwrap();
        assert_eq!((trying.status(), trying.to_tag()), (Some(100), None));
        let answer = request.answer(200, "b2", Some("<sip:alice@127.0.0.1>"), Some("v=0\r\n"));
        let answer = Message::read(&answer).unwrap();
        assert_eq!((answer.status(), answer.to_tag().as_deref()), (Some(200), Some("b2")));
        assert_eq!((answer.call_id(), answer.cseq()), ("call-1", (7, Method::Invite)));
        assert_eq!(answer.sdp(), Some("v=0\r\n"));
    }

    #[test]
    fn routes_challenges_and_lives_are_read() {
        let text = "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
                    To: <sip:a@h>;tag=2\r\nCall-ID: x\r\nCSeq: 1 REGISTER\r\n\
                    Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n\
                    WWW-Authenticate: Digest realm=\"svi\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n\
                    WWW-Authenticate: Digest realm=\"svi\", nonce=\"n\", algorithm=MD5\r\n\
                    Contact: <sip:a@127.0.0.1:5090>;expires=60\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n";
        let message = Message::read(text.as_bytes()).unwrap();
        assert_eq!(message.record_routes(), ["<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"]);
        assert_eq!(message.challenges().len(), 2);
        assert_eq!(message.expires(), Some(60));
    }

    #[test]
    fn nonsense_and_headers_that_are_missing_are_refused() {
        assert!(Message::read(b"").is_err());
        assert!(Message::read(b"GET / HTTP/1.1\r\n\r\n").is_err());
        assert!(Message::read(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z\r\n\r\n").is_err());
    }

    proptest::proptest! {
        #![proptest_config(crate::base::property::cases(256))]
        /// Whatever comes, nothing panics: neither reading nor asking nor answering.
        #[test]
        fn a_message_with_wounds_never_panics(place in 0usize..600, octet: u8, cut in 0usize..600) {
            let mut bytes = invite();
            let length = bytes.len();
            bytes[place % length] = octet;
            bytes.truncate(length - cut % 40);
            if let Ok(message) = Message::read(&bytes) {
                let _ = (message.title(), message.branch(), message.to_tag(), message.contact(), message.expires());
                let _ = (message.record_routes(), message.challenges(), message.min_expires(), message.sdp());
                let _ = message.answer(200, "t", None, Some("v=0"));
            }
        }
    }

    #[test]
    fn an_address_is_taken_apart() {
        let address = Address::read("sip:0800123456@127.0.0.1").unwrap();
        assert_eq!((address.user.as_str(), address.port, address.tcp), ("0800123456", 5060, false));
        assert_eq!(Address::read("sip:1@h:5070;transport=tcp").unwrap().port, 5070);
        for wrong in ["", "sip:", "127.0.0.1", "sip:127.0.0.1", "tel:+33800123456", "http://x@y"] {
            assert!(Address::read(wrong).is_err(), "{wrong}");
        }
    }
}
