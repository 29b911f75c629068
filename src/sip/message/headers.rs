//! The headers of a message: raw lines, comma-separated values, typed values. All reads are on demand.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::fault::Fault;
use super::lex::{Line, clamped, text};
use super::name::HeaderName;
use super::name_addr::NameAddr;
use super::scan::split_open;
use super::value::{CSeq, MediaType, SessionExpires};
use super::via::Via;
use crate::base::limit::SIP_VALUES_MAX;

/// The header lines of a message, in order. Cheap to clone.
#[derive(Clone)]
pub struct Headers {
    bytes: Arc<[u8]>,
    lines: Arc<[Line]>,
}

/// The Contact headers of a message (RFC 3261 §20.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// `*`: all bindings, to be removed (RFC 3261 §10.2.2).
    All,
    /// These, possibly none.
    List(Vec<NameAddr>),
}

impl Headers {
    pub(super) fn new(bytes: Arc<[u8]>, lines: Vec<Line>) -> Self {
        Self { bytes, lines: lines.into() }
    }

    /// The octets of each line of that name, as they came: trimmed, with folds.
    pub(super) fn octets(&self, name: HeaderName) -> impl Iterator<Item = &[u8]> {
        self.lines.iter().filter(move |line| line.id == name).map(|line| line.value.of(&self.bytes))
    }

    /// Each line of that name, unfolded and lossily decoded. A known name finds its long and its compact form.
    pub(crate) fn all(&self, name: HeaderName) -> impl Iterator<Item = Cow<'_, str>> {
        self.octets(name).map(text)
    }

    /// The first line of that name.
    pub fn first(&self, name: HeaderName) -> Option<Cow<'_, str>> {
        self.all(name).next()
    }

    /// Whether there is a line of that name.
    pub(crate) fn has(&self, name: HeaderName) -> bool {
        self.octets(name).next().is_some()
    }

    /// Each line whose name is `name`, known or not, in any case.
    pub fn other(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let lines = self
            .lines
            .iter()
            .filter(move |line| line.name.of(&self.bytes).eq_ignore_ascii_case(name.as_bytes()));
        lines.map(|line| text(line.value.of(&self.bytes)))
    }

    /// All lines in order: name as it is written, value unfolded.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let bytes = &self.bytes;
        self.lines
            .iter()
            .map(move |line| (String::from_utf8_lossy(line.name.of(bytes)), text(line.value.of(bytes))))
    }

    /// The comma-separated values of all lines of that name, in order, at most `SIP_VALUES_MAX`; empty ones are skipped
    /// (RFC 3261 §7.3.1). Not for headers whose value may hold a bare comma: Date, the challenges and credentials.
    pub(crate) fn values(&self, name: HeaderName) -> Vec<Cow<'_, str>> {
        let pieces = self.all(name).flat_map(|line| match line {
            Cow::Borrowed(line) => pieces_of(line).map(Cow::Borrowed).collect::<Vec<_>>(),
            Cow::Owned(line) => pieces_of(&line).map(|piece| Cow::Owned(piece.to_owned())).collect(),
        });
        pieces.take(SIP_VALUES_MAX).collect()
    }

    /// Whether one of the comma-separated values of that name is `token`, in any case: Supported, Require, Allow.
    pub(crate) fn lists(&self, name: HeaderName, token: &str) -> bool {
        self.all(name).any(|line| pieces_of(&line).any(|piece| piece.eq_ignore_ascii_case(token)))
    }

    // Who, to whom, which: the headers that each message must have.

    /// All Via values, the nearest hop first.
    ///
    /// # Errors
    /// One is malformed (an empty value counts), there is none, or there are more than `SIP_VALUES_MAX`.
    pub fn vias(&self) -> Result<Vec<Via>, Fault> {
        let mut vias = Vec::new();
        for line in self.all(HeaderName::Via) {
            for piece in split_open(&line, b',') {
                if vias.len() == SIP_VALUES_MAX {
                    return Err(Fault::TooLarge);
                }
                vias.push(Via::parse(piece).ok_or(Fault::Malformed(HeaderName::Via))?);
            }
        }
        if vias.is_empty() { Err(Fault::Missing(HeaderName::Via)) } else { Ok(vias) }
    }

    /// The nearest hop.
    ///
    /// # Errors
    /// There is none, or it is malformed.
    pub(crate) fn top_via(&self) -> Result<Via, Fault> {
        let line = self.first(HeaderName::Via).ok_or(Fault::Missing(HeaderName::Via))?;
        let top = split_open(&line, b',').next().and_then(Via::parse);
        top.ok_or(Fault::Malformed(HeaderName::Via))
    }

    /// Who asks.
    ///
    /// # Errors
    /// Missing, repeated or malformed.
    pub(crate) fn from(&self) -> Result<NameAddr, Fault> {
        self.single(HeaderName::From, NameAddr::parse)
    }

    /// Who is asked.
    ///
    /// # Errors
    /// Missing, repeated or malformed.
    pub(crate) fn to(&self) -> Result<NameAddr, Fault> {
        self.single(HeaderName::To, NameAddr::parse)
    }

    /// The Call-ID; compares with case.
    ///
    /// # Errors
    /// Missing, repeated, empty, or with a blank inside.
    pub(crate) fn call_id(&self) -> Result<String, Fault> {
        self.single(HeaderName::CallId, |id| {
            let is_word = !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || c.is_control());
            is_word.then(|| id.to_owned())
        })
    }

    /// The CSeq.
    ///
    /// # Errors
    /// Missing, repeated, malformed, or 2^31 and above.
    pub(crate) fn cseq(&self) -> Result<CSeq, Fault> {
        self.single(HeaderName::CSeq, CSeq::parse)
    }

    // Where to.

    /// The Contact values.
    ///
    /// # Errors
    /// One is malformed, or `*` stands beside others.
    pub fn contacts(&self) -> Result<Contacts, Fault> {
        let fault = Fault::Malformed(HeaderName::Contact);
        if self.lists(HeaderName::Contact, "*") {
            return if self.values(HeaderName::Contact).len() == 1 { Ok(Contacts::All) } else { Err(fault) };
        }
        self.addresses(HeaderName::Contact).map(Contacts::List)
    }

    /// The Contact values when they are addresses, the first of them: the remote target of a dialog.
    pub fn contact(&self) -> Option<NameAddr> {
        match self.contacts() {
            Ok(Contacts::List(list)) => list.into_iter().next(),
            Ok(Contacts::All) | Err(_) => None,
        }
    }

    /// The Route values.
    ///
    /// # Errors
    /// One is malformed.
    pub fn routes(&self) -> Result<Vec<NameAddr>, Fault> {
        self.addresses(HeaderName::Route)
    }

    /// The Record-Route values.
    ///
    /// # Errors
    /// One is malformed.
    pub(crate) fn record_routes(&self) -> Result<Vec<NameAddr>, Fault> {
        self.addresses(HeaderName::RecordRoute)
    }

    /// The values of a header made of addresses: P-Asserted-Identity, Diversion, Path, Service-Route…
    ///
    /// # Errors
    /// One is malformed, or there are more than `SIP_VALUES_MAX`.
    pub(crate) fn addresses(&self, name: HeaderName) -> Result<Vec<NameAddr>, Fault> {
        let mut list = Vec::new();
        for line in self.all(name) {
            for piece in pieces_of(&line) {
                if list.len() == SIP_VALUES_MAX {
                    return Err(Fault::TooLarge);
                }
                list.push(NameAddr::parse(piece).ok_or(Fault::Malformed(name))?);
            }
        }
        Ok(list)
    }

    // What else. An absent value and one that cannot be read are `None`: these decide nothing that 400 should answer
    // (RFC 3261 §8.2), but for Max-Forwards, which the parser has checked.

    /// Hops left.
    pub fn max_forwards(&self) -> Option<u8> {
        self.first(HeaderName::MaxForwards)?.trim().parse().ok()
    }

    /// Expires in seconds, clamped to 32 bits; a malformed one counts as 3600 (RFC 3261 §20.19).
    pub(crate) fn expires(&self) -> Option<u32> {
        self.first(HeaderName::Expires).map(|value| clamped(&value).unwrap_or(3_600))
    }

    /// Min-Expires in seconds.
    pub(crate) fn min_expires(&self) -> Option<u32> {
        clamped(&self.first(HeaderName::MinExpires)?)
    }

    /// The type of the body.
    pub fn content_type(&self) -> Option<MediaType> {
        MediaType::parse(&self.first(HeaderName::ContentType)?)
    }

    /// Extensions that the sender insists on.
    pub fn require(&self) -> Vec<Cow<'_, str>> {
        self.values(HeaderName::Require)
    }

    /// Session-Expires (RFC 4028).
    pub(crate) fn session_expires(&self) -> Option<SessionExpires> {
        SessionExpires::parse(&self.first(HeaderName::SessionExpires)?)
    }

    /// Min-SE in seconds (RFC 4028).
    pub(crate) fn min_se(&self) -> Option<u32> {
        SessionExpires::parse(&self.first(HeaderName::MinSe)?).map(|value| value.seconds)
    }

    /// Retry-After in seconds; its comment and parameters are dropped (RFC 3261 §20.33).
    pub(crate) fn retry_after(&self) -> Option<u32> {
        let value = self.first(HeaderName::RetryAfter)?;
        clamped(value.split([';', '(', ' ']).next()?)
    }

    /// The Reason value, whole (RFC 3326).
    pub(crate) fn reason(&self) -> Option<Cow<'_, str>> {
        self.first(HeaderName::Reason)
    }

    /// The only value of a header that may stand once.
    fn single<T>(&self, name: HeaderName, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let mut lines = self.all(name);
        let line = lines.next().ok_or(Fault::Missing(name))?;
        if lines.next().is_some() {
            return Err(Fault::Repeated(name));
        }
        parse(&line).ok_or(Fault::Malformed(name))
    }

    /// The first header that stands twice though it may not.
    pub(super) fn repeated(&self) -> Option<HeaderName> {
        let mut seen = 0_u128;
        for line in self.lines.iter().filter(|line| line.id.is_single()) {
            let bit = 1_u128.checked_shl(line.id as u32).unwrap_or(0);
            if seen & bit != 0 {
                return Some(line.id);
            }
            seen |= bit;
        }
        None
    }
}

impl fmt::Debug for Headers {
    /// Names only: values hold credentials and callers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lines.iter().map(|line| line.id)).finish()
    }
}

fn pieces_of(line: &str) -> impl Iterator<Item = &str> {
    split_open(line, b',').filter(|piece| !piece.is_empty())
}
