//! A whole message: start line, mandatory headers, body.

use std::fmt;
use std::sync::Arc;

use super::fault::{Draft, Fault, ParseError};
use super::headers::Headers;
use super::lex::{Head, Span, body_length, head};
use super::method::Method;
use super::name::HeaderName;
use super::name_addr::NameAddr;
use super::uri::Uri;
use super::value::CSeq;
use super::via::Via;

/// How the octets of a message were told from the next one's (RFC 3261 §18.3).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A datagram: without Content-Length the body is its rest; what stands behind the body is ignored.
    Datagram,
    /// A stream: Content-Length must stand.
    Stream,
}

/// A message that is whole: what RFC 3261 §8.1.1 wants is there and readable.
#[derive(Clone, Debug)]
pub enum Message {
    /// A request.
    Request(Request),
    /// A response.
    Response(Response),
}

/// A request. Cheap to clone.
#[derive(Clone)]
pub struct Request(Arc<Parts<RequestLine>>);

/// A response. Cheap to clone.
#[derive(Clone)]
pub struct Response(Arc<Parts<StatusLine>>);

struct Parts<L> {
    bytes: Arc<[u8]>,
    line: L,
    headers: Headers,
    body: Span,
    via: Via,
    from: NameAddr,
    to: NameAddr,
    call_id: String,
    cseq: CSeq,
}

struct RequestLine {
    method: Method,
    uri: Uri,
}

struct StatusLine {
    status: u16,
    reason: Span,
}

/// Reads a message. On a stream, `bytes` is what [`super::Framer`] cut out.
///
/// # Errors
/// What is wrong first, with what is readable: a bad request can still be answered, a bad response is to be discarded.
pub fn parse(bytes: Arc<[u8]>, framing: Framing) -> Result<Message, ParseError> {
    let head = head(&bytes);
    let fault = head.fault;
    let body = fault.map_or_else(|| body_of(&head, &bytes, framing), Err);
    let headers = Headers::new(bytes.clone(), head.lines);
    let start_line = head.start_line.of(&bytes);
    if start_line.len() >= 4 && start_line[..4].eq_ignore_ascii_case(b"SIP/") {
        let line = status_line(&bytes, head.start_line);
        let parts = line.and_then(|line| Parts::read(&bytes, headers, body?, line));
        return match parts {
            Ok(parts) => Ok(Message::Response(Response(Arc::new(parts)))),
            Err(fault) => Err(ParseError { fault, draft: None }),
        };
    }
    let line =
        if start_line.is_empty() { Err(fault.unwrap_or(Fault::StartLine)) } else { request_line(start_line) };
    let parts = line.and_then(|line| Parts::read(&bytes, headers.clone(), body?, line));
    match parts.and_then(|parts| parts.check_request().map(|()| parts)) {
        Ok(parts) => Ok(Message::Request(Request(Arc::new(parts)))),
        Err(fault) => {
            let method = first_word(start_line).and_then(Method::parse);
            Err(ParseError { fault, draft: Some(Draft { method, headers }) })
        }
    }
}

fn body_of(head: &Head, bytes: &[u8], framing: Framing) -> Result<Span, Fault> {
    let end = head.body + body_length(head, bytes, framing)?;
    if end > bytes.len() { Err(Fault::ContentLength) } else { Ok(Span::new(head.body, end)) }
}

/// `METHOD SP Request-URI SP SIP-Version`, with single spaces (RFC 3261 §7.1): blanks inside a Request-URI or round it
/// could be cut in two ways (RFC 4475 §3.1.2.8 to 10).
fn request_line(line: &[u8]) -> Result<RequestLine, Fault> {
    let line = std::str::from_utf8(line).map_err(|_| Fault::StartLine)?;
    let mut words = line.split(' ');
    let (Some(method), Some(uri), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Fault::StartLine);
    };
    let method = Method::parse(method).ok_or(Fault::StartLine)?;
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        let is_version = version.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("SIP/"));
        return Err(if is_version { Fault::Version } else { Fault::StartLine });
    }
    let uri = Uri::parse(uri).ok_or(Fault::RequestUri)?;
    // RFC 3261 §19.1.1: no headers in a Request-URI; they must never act (RFC 4475 §3.1.2.11).
    if uri.as_sip().is_some_and(|uri| uri.headers().is_some()) {
        return Err(Fault::RequestUri);
    }
    Ok(RequestLine { method, uri })
}

/// `SIP/2.0 SP 3DIGIT SP Reason-Phrase` (RFC 3261 §7.2); the space of an empty reason may be missing.
fn status_line(bytes: &[u8], span: Span) -> Result<StatusLine, Fault> {
    let line = span.of(bytes);
    let rest = line.get(7..).ok_or(Fault::StartLine)?;
    if !line[..7].eq_ignore_ascii_case(b"SIP/2.0") {
        return Err(Fault::Version);
    }
    let [b' ', a @ b'1'..=b'6', b @ b'0'..=b'9', c @ b'0'..=b'9', reason @ ..] = rest else {
        return Err(Fault::StartLine);
    };
    if !matches!(reason.first(), None | Some(b' ')) {
        return Err(Fault::StartLine);
    }
    let status = [a, b, c].iter().fold(0, |value, digit| value * 10 + u16::from(**digit - b'0'));
    let end = span.start() + line.len();
    let start = (end - reason.len() + 1).min(end);
    Ok(StatusLine { status, reason: Span::new(start, end) })
}

impl<L> Parts<L> {
    fn read(bytes: &Arc<[u8]>, headers: Headers, body: Span, line: L) -> Result<Self, Fault> {
        if let Some(name) = headers.repeated() {
            return Err(Fault::Repeated(name));
        }
        // All Vias, not only the top one: an answer copies them, and must not carry on what is no Via.
        let via = headers.vias()?.swap_remove(0);
        let (from, to) = (headers.from()?, headers.to()?);
        let (call_id, cseq) = (headers.call_id()?, headers.cseq()?);
        Ok(Self { bytes: bytes.clone(), line, headers, body, via, from, to, call_id, cseq })
    }
}

impl Parts<RequestLine> {
    /// What more a request must fulfil before anybody looks at it.
    fn check_request(&self) -> Result<(), Fault> {
        // RFC 3261 §8.1.1.5: the method of CSeq is that of the request (RFC 4475 §3.1.2.17, 18).
        if self.cseq.method != self.line.method {
            return Err(Fault::MethodMismatch);
        }
        // RFC 3261 §20.22: 0 to 255. Absent is fine: RFC 2543 had none (RFC 4475 §3.4.1).
        if self.headers.has(HeaderName::MaxForwards) && self.headers.max_forwards().is_none() {
            return Err(Fault::Malformed(HeaderName::MaxForwards));
        }
        // RFC 3261 §20.17: SIP dates are GMT; another zone means that the sender and we read two moments (RFC 4475 §3.1.2.12).
        if self.headers.first(HeaderName::Date).is_some_and(|date| !date.trim_end().ends_with("GMT")) {
            return Err(Fault::Malformed(HeaderName::Date));
        }
        // Where the Contact is what the request is for, it must be readable (RFC 4475 §3.1.2.13); elsewhere it is not asked.
        if matches!(self.line.method, Method::Invite | Method::Register | Method::Subscribe | Method::Refer) {
            self.headers.contacts()?;
        }
        Ok(())
    }
}

#[cfg(test)]
impl Message {
    /// The headers of either.
    pub(crate) fn headers(&self) -> &Headers {
        match self {
            Self::Request(request) => request.headers(),
            Self::Response(response) => response.headers(),
        }
    }
}

fn first_word(line: &[u8]) -> Option<&str> {
    let word = line.split(|octet| octet.is_ascii_whitespace()).next()?;
    std::str::from_utf8(word).ok()
}

impl Request {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.line.method
    }

    /// The Request-URI.
    pub fn uri(&self) -> &Uri {
        &self.0.line.uri
    }

    /// The Request-URI as it came.
    pub fn uri_text(&self) -> &str {
        self.uri().text()
    }
}

impl Response {
    /// The status, 100 to 699.
    pub(crate) fn status(&self) -> u16 {
        self.0.line.status
    }

    /// The reason phrase, lossily decoded; may be empty.
    pub fn reason(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.0.line.reason.of(&self.0.bytes))
    }
}

macro_rules! whole_message {
    ($($message:ident),*) => {$(
        impl $message {
            /// All headers.
            pub fn headers(&self) -> &Headers {
                &self.0.headers
            }

            /// The top Via.
            pub fn via(&self) -> &Via {
                &self.0.via
            }

            /// The From value.
            pub fn from(&self) -> &NameAddr {
                &self.0.from
            }

            /// The To value.
            pub fn to(&self) -> &NameAddr {
                &self.0.to
            }

            /// The Call-ID.
            pub fn call_id(&self) -> &str {
                &self.0.call_id
            }

            /// The CSeq; in a request, its method is the request's.
            pub fn cseq(&self) -> &CSeq {
                &self.0.cseq
            }

            /// The body, octet for octet.
            pub fn body(&self) -> &[u8] {
                self.0.body.of(&self.0.bytes)
            }

            /// The message as it came.
            pub fn bytes(&self) -> &Arc<[u8]> {
                &self.0.bytes
            }
        }
    )*};
}

whole_message!(Request, Response);

impl fmt::Debug for Request {
    /// Without values: they hold credentials and callers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} cseq {} call-id {})", self.method(), self.cseq().number, self.call_id())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cseq = self.cseq();
        write!(
            f,
            "Response({} cseq {} {} call-id {})",
            self.status(),
            cseq.number,
            cseq.method,
            self.call_id()
        )
    }
}
