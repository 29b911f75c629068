//! Messages out: one pass into one buffer, the body octet for octet, Content-Length exact. Nothing is parsed again.
//!
//! No value can end its line: CR, LF and NUL in a value become spaces, a name that is no token is left out. What a caller,
//! a flow or a CRM put into a name or a number thus never becomes a header of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use super::fault::Draft;
use super::headers::Headers;
use super::lex::{is_token, unfolded};
use super::method::Method;
use super::name::HeaderName;
use super::parse::Request;
use super::scan::find_open;
use super::via::Via;

/// A response to be written (RFC 3261 §8.2.6).
#[derive(Clone, Debug)]
pub struct ResponseBuilder {
    buffer: Buffer,
    /// Where a tag of ours is to be put: behind the To value, if that has none.
    to_end: Option<usize>,
}

/// A request to be written. Which headers it has, and in which order, is the caller's part.
#[derive(Clone, Debug)]
pub(crate) struct RequestBuilder {
    buffer: Buffer,
}

impl ResponseBuilder {
    /// A response to `request`, which came from `source`: Via (with `received` and `rport` as we saw them), From, To,
    /// Call-ID and CSeq are copied, all as they came. Record-Route and the rest are the caller's part.
    pub(crate) fn to(request: &Request, source: SocketAddr, status: u16, reason: &str) -> Self {
        let may_tag = request.to().tag().is_none();
        Self::copying(request.headers(), Some(request.via()), source, (status, reason), may_tag)
    }

    /// A response to a request that was refused by the parser, to be sent to where its top Via says; `None` if it cannot be
    /// answered, because it is an ACK or has no Via. What is absent is left out, what is unreadable is copied as it came.
    pub fn to_draft(draft: &Draft, source: SocketAddr, status: u16, reason: &str) -> Option<Self> {
        if draft.method == Some(Method::Ack) || !draft.headers.has(HeaderName::Via) {
            return None;
        }
        let top = draft.headers.top_via().ok();
        let may_tag = draft.headers.to().is_ok_and(|to| to.tag().is_none());
        Some(Self::copying(&draft.headers, top.as_ref(), source, (status, reason), may_tag))
    }

    fn copying(
        headers: &Headers,
        top: Option<&Via>,
        source: SocketAddr,
        (status, reason): (u16, &str),
        may_tag: bool,
    ) -> Self {
        let mut buffer = Buffer::default();
        buffer.text.extend_from_slice(format!("SIP/2.0 {status:03} ").as_bytes());
        buffer.value(reason.as_bytes());
        buffer.end_line();
        for (place, line) in headers.octets(HeaderName::Via).enumerate() {
            let mut line = unfolded(line);
            if let (0, Some(top)) = (place, top) {
                // The values behind the first one on its line are copied as they are.
                let others = find_open(&line, b',').map_or(&[][..], |comma| &line[comma..]);
                line = [top.stamped(source).as_bytes(), others].concat().into();
            }
            buffer.line("Via", &line);
        }
        let mut to_end = None;
        for name in [HeaderName::From, HeaderName::To, HeaderName::CallId, HeaderName::CSeq] {
            if let Some(value) = headers.octets(name).next() {
                buffer.line(name.as_str(), &unfolded(value));
                if name == HeaderName::To && may_tag {
                    to_end = Some(buffer.text.len() - 2);
                }
            }
        }
        Self { buffer, to_end }
    }

    /// Puts our tag behind To, unless the request's To had one (RFC 3261 §8.2.6.2).
    pub fn tag(mut self, tag: &str) -> Self {
        if let Some(place) = self.to_end.take()
            && is_token(tag.as_bytes())
        {
            self.buffer.text.splice(place..place, format!(";tag={tag}").into_bytes());
        }
        self
    }
}

impl RequestBuilder {
    /// Begins a request. A blank or control character in `uri` is escaped: it would end the Request-URI.
    pub(crate) fn new(method: &Method, uri: &str) -> Self {
        let mut buffer = Buffer::default();
        buffer.text.extend_from_slice(method.as_str().as_bytes());
        buffer.text.push(b' ');
        for octet in uri.bytes() {
            if octet.is_ascii_control() || octet == b' ' {
                buffer.text.extend_from_slice(format!("%{octet:02X}").as_bytes());
            } else {
                buffer.text.push(octet);
            }
        }
        buffer.text.extend_from_slice(b" SIP/2.0");
        buffer.end_line();
        Self { buffer }
    }
}

macro_rules! writes_headers {
    ($($seen:vis $builder:ident),*) => {$(
        impl $builder {
            /// Adds a header line. Content-Length is written by `build` alone: one given here is left out.
            $seen fn header(mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
                if HeaderName::parse(name.as_ref().as_bytes()) != HeaderName::ContentLength {
                    self.buffer.line(name.as_ref(), value.as_ref());
                }
                self
            }

            /// Copies all lines of that name from other headers: Record-Route, Path.
            $seen fn copy(mut self, from: &Headers, name: HeaderName) -> Self {
                for value in from.octets(name) {
                    self.buffer.line(name.as_str(), &unfolded(value));
                }
                self
            }

            /// Gives it a body, octet for octet.
            $seen fn body(mut self, content_type: &str, body: &[u8]) -> Self {
                self.buffer.line("Content-Type", content_type.as_bytes());
                self.buffer.body = body.to_vec();
                self
            }

            /// The octets to send.
            $seen fn build(self) -> Arc<[u8]> {
                self.buffer.build()
            }
        }
    )*};
}

writes_headers!(pub ResponseBuilder, pub(crate) RequestBuilder);

/// The message on its way.
#[derive(Clone, Debug, Default)]
struct Buffer {
    text: Vec<u8>,
    body: Vec<u8>,
}

impl Buffer {
    fn line(&mut self, name: &str, value: &[u8]) {
        if !is_token(name.as_bytes()) {
            return;
        }
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b": ");
        self.value(value);
        self.end_line();
    }

    fn value(&mut self, value: &[u8]) {
        let octets = value.iter().map(|octet| if matches!(octet, b'\r' | b'\n' | 0) { b' ' } else { *octet });
        self.text.extend(octets);
    }

    fn end_line(&mut self) {
        self.text.extend_from_slice(b"\r\n");
    }

    fn build(mut self) -> Arc<[u8]> {
        // RFC 3261 §20.14: always written, and last, so that nothing written before can stand for it.
        let length = self.body.len().to_string();
        self.line("Content-Length", length.as_bytes());
        self.end_line();
        self.text.extend_from_slice(&self.body);
        self.text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Framing, Message, parse};
    use super::*;

    const SOURCE: &str = "192.0.2.9:4711";

    fn request(text: &str) -> Request {
        match parse(text.as_bytes().into(), Framing::Datagram) {
            Ok(Message::Request(request)) => request,
            other => panic!("{other:?}"),
        }
    }

    fn written(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).replace("\r\n", "\n")
    }

    #[test]
    fn a_response_copies_what_the_rfc_says() {
        let request = request(
            "INVITE sip:a@h SIP/2.0\r\nv: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK1,\r\n SIP/2.0/UDP p;branch=z9hG4bK0\r\n\
             Via: SIP/2.0/TCP q\r\nf: \"J\u{e9}\" <sip:b@h>;tag=1\r\nt: <sip:a@h>\r\ni: x@y\r\nCSeq:  7  INVITE\r\nSubject: no\r\n\r\n",
        );
        let source = SOURCE.parse().unwrap();
        let answer =
            ResponseBuilder::to(&request, source, 180, "Ringing").tag("t1").header("Server", "svi").build();
        assert_eq!(
            written(&answer),
            "SIP/2.0 180 Ringing\n\
             Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=192.0.2.9;rport=4711, SIP/2.0/UDP p;branch=z9hG4bK0\n\
             Via: SIP/2.0/TCP q\nFrom: \"Jé\" <sip:b@h>;tag=1\nTo: <sip:a@h>;tag=t1\nCall-ID: x@y\nCSeq: 7  INVITE\n\
             Server: svi\nContent-Length: 0\n\n"
        );
    }

    #[test]
    fn a_tag_that_is_there_stays_alone() {
        let request = request(
            "BYE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:b@h>;tag=1\r\nTo: <sip:a@h>;tag=2\r\nCall-ID: x\r\n\
             CSeq: 8 BYE\r\n\r\n",
        );
        let answer = ResponseBuilder::to(&request, SOURCE.parse().unwrap(), 200, "OK").tag("3").build();
        assert!(written(&answer).contains("To: <sip:a@h>;tag=2\n"));
    }

    #[test]
    fn no_value_becomes_a_header() {
        let bytes = RequestBuilder::new(&Method::Invite, "sip:a@h SIP/2.0\r\nEvil: 1")
            .header("Subject", "x\r\nEvil: 2\n\0")
            .header("Bad Name\r\nEvil", "3")
            .header("l", "99")
            .body("application/sdp\r\nEvil: 4", b"\0\r\n\xff")
            .build();
        let text = written(&bytes);
        assert!(
            text.starts_with("INVITE sip:a@h%20SIP/2.0%0D%0AEvil:%201 SIP/2.0\nSubject: x  Evil: 2  \n"),
            "{text}"
        );
        assert!(!text.contains("\nEvil"));
        assert!(bytes.ends_with(b"Content-Length: 4\r\n\r\n\0\r\n\xff"));
        assert_eq!(text.matches("99").count(), 0);
    }

    #[test]
    fn a_refused_request_is_answered_with_what_is_readable_and_an_ack_never() {
        let refused = |text: &str| parse(text.as_bytes().into(), Framing::Datagram).unwrap_err();
        let error =
            refused("OPTIONS sip:a@h SIP/7.0\r\nVia: SIP/2.0/UDP h:5070\r\nCall-ID: 1\r\nno colon\r\n\r\n");
        let (status, reason) = error.fault.status();
        let source = SOURCE.parse().unwrap();
        let answer =
            ResponseBuilder::to_draft(&error.draft.unwrap(), source, status, reason).unwrap().build();
        assert_eq!(
            written(&answer),
            "SIP/2.0 505 Version Not Supported\nVia: SIP/2.0/UDP h:5070;received=192.0.2.9\nCall-ID: 1\nContent-Length: 0\n\n"
        );
        let ack = refused("ACK sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n");
        assert!(ResponseBuilder::to_draft(&ack.draft.unwrap(), source, 400, "Bad Request").is_none());
        let nowhere = refused("OPTIONS sip:a@h SIP/2.0\r\nCall-ID: 1\r\n\r\n");
        assert!(ResponseBuilder::to_draft(&nowhere.draft.unwrap(), source, 400, "Bad Request").is_none());
    }
}
