//! What a request must fulfil before a verb sees it: RFC 3261 §8.2.1 to §8.2.3. Each refusal says what would have pleased.

use super::body::{Body, body_of};
use super::wire::{ACCEPT, ALLOW, Asked, SUPPORTED, Wire};
use crate::base::limit::{SIP_DIALOGS_MAX, SIP_OPENING_BYTES_MAX};
use crate::sip::message::{HeaderName, Headers, Method, ResponseBuilder, Uri};

/// A refusal: status, and the header that explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objection {
    /// The status.
    pub(crate) status: u16,
    /// The header.
    pub(crate) header: Option<(HeaderName, String)>,
}

impl Objection {
    fn new(status: u16, header: HeaderName, value: &str) -> Self {
        Self { status, header: Some((header, value.to_owned())) }
    }

    fn bare(status: u16) -> Self {
        Self { status, header: None }
    }

    /// In words.
    pub(crate) fn why(&self) -> &'static str {
        match self.status {
            416 => "a scheme that is not SIP",
            420 => "an extension that it requires",
            415 | 406 => "no SDP",
            _ => "a method that is not served",
        }
    }

    /// Writes the header.
    pub(crate) fn write(&self, response: ResponseBuilder) -> ResponseBuilder {
        match &self.header {
            Some((name, value)) => response.header(*name, value),
            None => response,
        }
    }
}

/// Seconds after which an overloaded server wants to be asked again.
const OVERLOAD_RETRY: u32 = 5;

/// What speaks against a request, in a dialog or out of one.
pub(crate) fn objection(asked: &Asked) -> Option<Objection> {
    let request = &asked.request;
    let headers = request.headers();
    let takes_sdp = match request.method() {
        Method::Invite | Method::Update => true,
        Method::Bye | Method::Options | Method::Info | Method::Register => false,
        Method::Ack | Method::Cancel => return None,
        Method::Prack
        | Method::Refer
        | Method::Notify
        | Method::Subscribe
        | Method::Message
        | Method::Publish => return Some(Objection::new(405, HeaderName::Allow, ALLOW)),
        Method::Other(_) => return Some(Objection::new(501, HeaderName::Allow, ALLOW)),
    };
    if matches!(request.uri(), Uri::Other(_)) {
        return Some(Objection::bare(416));
    }
    if let Some(objection) = unknown_extensions(headers) {
        return Some(objection);
    }
    // What is kept of a request is bounded in octets too: its answer repeats its headers, its call keeps its body.
    let head = request.bytes().len().saturating_sub(request.body().len());
    if head > SIP_OPENING_BYTES_MAX {
        return Some(Objection::bare(513));
    }
    if request.body().len() > SIP_OPENING_BYTES_MAX {
        return Some(Objection::bare(413));
    }
    if takes_sdp { unreadable_body(asked) } else { None }
}

/// What speaks against a new call besides: the state of the house.
pub(crate) fn overload(wire: &Wire, invites: usize, draining: Option<u32>) -> Option<Objection> {
    let is_full = wire.transactions.is_full(false) || invites >= SIP_DIALOGS_MAX;
    let seconds = draining.or_else(|| is_full.then_some(OVERLOAD_RETRY))?;
    Some(Objection::new(503, HeaderName::RetryAfter, &seconds.to_string()))
}

/// RFC 3261 §8.2.2.3.
fn unknown_extensions(headers: &Headers) -> Option<Objection> {
    let unknown: Vec<_> = headers
        .require()
        .into_iter()
        .filter(|it| !SUPPORTED.split(", ").any(|known| it.eq_ignore_ascii_case(known)))
        .collect();
    (!unknown.is_empty()).then(|| Objection::new(420, HeaderName::Unsupported, &unknown.join(", ")))
}

/// RFC 3261 §8.2.3, §13.2.1.
fn unreadable_body(asked: &Asked) -> Option<Objection> {
    let headers = asked.request.headers();
    match body_of(headers, asked.request.body()) {
        Body::Foreign => return Some(Objection::new(415, HeaderName::Accept, ACCEPT)),
        Body::Encoded => return Some(Objection::new(415, HeaderName::AcceptEncoding, "identity")),
        Body::None | Body::Sdp(_) => {}
    }
    let refuses_sdp = headers.has(HeaderName::Accept)
        && !headers.values(HeaderName::Accept).iter().any(|range| {
            let range = range.split(';').next().unwrap_or_default().trim();
            ["application/sdp", "application/*", "*/*"].iter().any(|it| range.eq_ignore_ascii_case(it))
        });
    refuses_sdp.then(|| Objection::bare(406))
}
