//! SIP messages: octets to [`Message`] ([`parse()`]), and back ([`build`]).
//!
//! Zero copy where it pays: a message is its octets and an index of header lines. What each message must have (top Via,
//! From, To, Call-ID, CSeq) is read once, when the message is parsed, so that those who hold a [`Request`] need not ask
//! whether it is whole; the rest is read on demand from [`Headers`].
//!
//! Strictness: what RFC 4475 calls invalid is refused where accepting it would let two elements read two messages in one
//! text; where the RFC allows leniency and telephones need it (display names, bare LF, empty list elements), it is lenient.
//! What an application must decide (unknown scheme, method, extension) is not decided here.
//!
//! Read RFC 3261 §7, §18.3, §20, §25; RFC 4475; RFC 5118.

pub(crate) mod build;
mod fault;
pub(crate) mod frame;
mod headers;
mod host;
mod lex;
mod method;
mod name;
mod name_addr;
mod params;
mod parse;
mod scan;
mod uri;
mod uri_equality;
mod value;
mod via;

pub(crate) use build::RequestBuilder;
pub use build::ResponseBuilder;
pub use fault::Fault;
pub(crate) use fault::ParseError;
#[cfg(test)]
pub(crate) use frame::FrameError;
pub use frame::{Frame, Framer};
pub use headers::Contacts;
pub(crate) use headers::Headers;
pub(crate) use host::ip;
pub(in crate::sip) use lex::is_token;
pub use method::Method;
pub use name::HeaderName;
pub(crate) use name_addr::NameAddr;
pub(crate) use parse::Response;
pub use parse::{Framing, Message, Request, parse};
pub(crate) use scan::quoted;
pub(in crate::sip) use scan::{split_open, unquoted};
pub(crate) use uri::SipUri;
pub use uri::Uri;
pub(crate) use value::{CSEQ_MAX, MediaType, Refresher, SessionExpires};
#[cfg(test)]
pub(crate) use via::Via;
pub(crate) use via::{BRANCH_COOKIE, DEFAULT_PORT};

#[cfg(test)]
mod frame_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod trap_tests;
