//! What can be wrong with a message, and what is still readable of one that is refused.

use std::fmt;

use super::headers::Headers;
use super::method::Method;
use super::name::HeaderName;

/// Why a message, or one of its headers, is refused.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The first line is neither a request line nor a status line (RFC 3261 §7.1, §7.2).
    StartLine,
    /// The SIP version is not 2.0.
    Version,
    /// The Request-URI cannot be read, or holds headers (RFC 3261 §19.1.1).
    RequestUri,
    /// A header line without a colon, with a name that is no token, or with a bare CR.
    HeaderLine,
    /// The headers do not end in an empty line.
    Cut,
    /// More octets, or more header lines, than `base/limit.rs` allows.
    TooLarge,
    /// Content-Length is missing where it must stand, repeated, no number, or more than came (RFC 3261 §18.3).
    ContentLength,
    /// A header that must stand is absent.
    Missing(HeaderName),
    /// A header that may stand once stands twice, or has two values.
    Repeated(HeaderName),
    /// A header's value breaks its grammar or its range.
    Malformed(HeaderName),
    /// CSeq names another method than the request line (RFC 3261 §8.1.1.5).
    MethodMismatch,
}

impl Fault {
    /// The status that answers a request with this fault, and its reason phrase.
    pub fn status(self) -> (u16, &'static str) {
        match self {
            Self::Version => (505, "Version Not Supported"),
            Self::TooLarge => (513, "Message Too Large"),
            Self::StartLine
            | Self::RequestUri
            | Self::HeaderLine
            | Self::Cut
            | Self::ContentLength
            | Self::Missing(_)
            | Self::Repeated(_)
            | Self::Malformed(_)
            | Self::MethodMismatch => (400, "Bad Request"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StartLine => f.write_str("malformed start line"),
            Self::Version => f.write_str("unknown SIP version"),
            Self::RequestUri => f.write_str("malformed Request-URI"),
            Self::HeaderLine => f.write_str("malformed header line"),
            Self::Cut => f.write_str("headers without an end"),
            Self::TooLarge => f.write_str("message too large"),
            Self::ContentLength => f.write_str("bad Content-Length"),
            Self::Missing(name) => write!(f, "missing {name}"),
            Self::Repeated(name) => write!(f, "repeated {name}"),
            Self::Malformed(name) => write!(f, "malformed {name}"),
            Self::MethodMismatch => f.write_str("CSeq and request method differ"),
        }
    }
}

impl std::error::Error for Fault {}

/// A refused message.
#[derive(Clone, Debug)]
pub struct ParseError {
    /// What is wrong; the first thing found.
    pub fault: Fault,
    /// What can be read of it, when it was a request (or nothing that one can name): enough to answer it by
    /// `ResponseBuilder::to_draft`. `None`: a response, to be discarded (RFC 3261 §8.1.3, §18.1.2).
    pub draft: Option<Draft>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl std::error::Error for ParseError {}

/// What is readable of a request that was refused. Nothing in it is validated.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The first word of the start line, if it is a method. An ACK must never be answered.
    pub(crate) method: Option<Method>,
    /// The header lines that could be told apart.
    pub(crate) headers: Headers,
}

impl Draft {}
