//! Octets to lines: the start line, the header lines by name, the body, and the one decision about Content-Length that
//! framing and parsing share. Reads RFC 3261 §7 and §25; never fails: what is wrong is noted, the rest is still indexed.
//!
//! Headers are octets. Nothing here asks for UTF-8, so that one odd octet in one header cannot hide the others.

use std::borrow::Cow;

use super::Framing;
use super::fault::Fault;
use super::name::HeaderName;
use super::scan::looks_at;
use crate::base::limit::{SIP_HEADER_BYTES_MAX, SIP_HEADERS_MAX, SIP_MESSAGE_BYTES_MAX};

/// A range of octets of the message. Messages are below 64 KiB, so 32 bits always hold it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: u32::try_from(start).unwrap_or(0), end: u32::try_from(end).unwrap_or(0) }
    }

    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    pub(super) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(super) fn str(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// One header line (with its folds).
#[derive(Copy, Clone, Debug)]
pub(super) struct Line {
    pub(super) id: HeaderName,
    pub(super) name: Span,
    /// Without the blanks around it; folds still inside.
    pub(super) value: Span,
}

/// The head of a message, cut into lines.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) start_line: Span,
    pub(super) lines: Vec<Line>,
    /// Where the body begins; the end of the octets if the headers had no end.
    pub(super) body: usize,
    /// The first thing that was wrong.
    pub(super) fault: Option<Fault>,
}

/// Cuts the head of a message into lines. Ends of line are CRLF, or LF alone throughout as old devices send it.
pub(super) fn head(bytes: &[u8]) -> Head {
    let mut head =
        Head { start_line: Span::default(), lines: Vec::with_capacity(24), body: bytes.len(), fault: None };
    if bytes.len() > SIP_MESSAGE_BYTES_MAX {
        head.fault = Some(Fault::TooLarge);
        return head;
    }
    // RFC 3261 §7.5: empty lines before the start line are skipped.
    let mut at = bytes.iter().position(|octet| !matches!(octet, b'\r' | b'\n')).unwrap_or(bytes.len());
    let Some((start_line, next)) = line_at(bytes, at) else {
        head.start_line = Span::new(at, bytes.len());
        head.fault = Some(Fault::Cut);
        return head;
    };
    head.start_line = start_line;
    // Whose start line ends in CRLF means CRLF: to a peer that reads a lone LF, or CR, as text, the rest of that line is text, and
    // to us it would be headers of its own (Via, From, P-Asserted-Identity).
    let strict = bytes[..next].ends_with(b"\r\n");
    if start_line.of(bytes).contains(&b'\r') {
        head.fault = Some(Fault::HeaderLine);
    }
    at = next;
    loop {
        let Some((line, next)) = folded_line_at(bytes, at) else {
            head.fault.get_or_insert(Fault::Cut);
            return head;
        };
        if strict
            && bytes[at..next].iter().enumerate().any(|(place, octet)| {
                *octet == b'\n' && place.checked_sub(1).is_none_or(|before| bytes[at + before] != b'\r')
            })
        {
            head.fault.get_or_insert(Fault::HeaderLine);
        }
        if line.start == line.end {
            head.body = next;
            return head;
        }
        match header_line(bytes, line) {
            Ok(_) if head.lines.len() == SIP_HEADERS_MAX => {
                head.fault.get_or_insert(Fault::TooLarge);
            }
            Ok(parsed) => head.lines.push(parsed),
            Err(fault) => {
                head.fault.get_or_insert(fault);
            }
        }
        at = next;
    }
}

/// The line at `at` without its end, and where the next one begins.
fn line_at(bytes: &[u8], at: usize) -> Option<(Span, usize)> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().position(|octet| *octet == b'\n');
    looks_at(length.unwrap_or(rest.len()));
    let length = length?;
    let text = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
    Some((Span::new(at, at + text.len()), at + length + 1))
}

/// A line with the lines that continue it: those that begin with a blank (RFC 3261 §7.3.1).
fn folded_line_at(bytes: &[u8], at: usize) -> Option<(Span, usize)> {
    let (mut line, mut next) = line_at(bytes, at)?;
    if line.start == line.end {
        return Some((line, next));
    }
    while matches!(bytes.get(next), Some(b' ' | b'\t')) {
        let (more, after) = line_at(bytes, next)?;
        line.end = more.end;
        next = after;
    }
    Some((line, next))
}

fn header_line(bytes: &[u8], line: Span) -> Result<Line, Fault> {
    let text = line.of(bytes);
    if text.len() > SIP_HEADER_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    // A CR alone ends a line for some and not for others: such a header says two things (request smuggling).
    if text.iter().enumerate().any(|(place, octet)| *octet == b'\r' && text.get(place + 1) != Some(&b'\n')) {
        return Err(Fault::HeaderLine);
    }
    let colon = text.iter().position(|octet| *octet == b':').ok_or(Fault::HeaderLine)?;
    // HCOLON (RFC 3261 §25.1) allows blanks before the colon: `Content-Length : 5` is a Content-Length.
    let name = trim_end(&text[..colon]);
    if !is_token(name) {
        return Err(Fault::HeaderLine);
    }
    let start = line.start as usize;
    let value = trim(&text[colon + 1..]);
    let offset = value.as_ptr() as usize - text.as_ptr() as usize;
    Ok(Line {
        id: HeaderName::parse(name),
        name: Span::new(start, start + name.len()),
        value: Span::new(start + offset, start + offset + value.len()),
    })
}

/// How long the body is: decided here and nowhere else, for the framer of streams and for the parser (RFC 3261 §18.3,
/// §20.14). `available`: the octets after the head, on a datagram.
pub(super) fn body_length(head: &Head, bytes: &[u8], framing: Framing) -> Result<usize, Fault> {
    let mut lengths = head.lines.iter().filter(|line| line.id == HeaderName::ContentLength);
    let available = bytes.len().saturating_sub(head.body);
    let Some(line) = lengths.next() else {
        // RFC 3261 §18.3: without Content-Length a datagram's body is the rest of it; a stream has no rest.
        return match framing {
            Framing::Datagram => Ok(available),
            Framing::Stream => Err(Fault::ContentLength),
        };
    };
    // Twice is refused even when both agree: another element may have used the one that we would not (RFC 4475 §3.3.9).
    if lengths.next().is_some() {
        return Err(Fault::Repeated(HeaderName::ContentLength));
    }
    let length = number(line.value.of(bytes)).ok_or(Fault::ContentLength)?;
    let length = usize::try_from(length).map_err(|_| Fault::ContentLength)?;
    match framing {
        Framing::Datagram if length > available => Err(Fault::ContentLength),
        Framing::Stream if length > SIP_MESSAGE_BYTES_MAX => Err(Fault::TooLarge),
        Framing::Datagram | Framing::Stream => Ok(length),
    }
}

/// An unsigned decimal number, digits only; `None` when it does not fit.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |value, octet| {
        let digit = octet.is_ascii_digit().then(|| u64::from(octet - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// A number that is clamped to 32 bits where RFC 3261 lets a delta-seconds be larger (RFC 4475 §3.1.2.4).
pub(super) fn clamped(text: &str) -> Option<u32> {
    let digits = text.trim();
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    Some(number(digits.as_bytes()).and_then(|value| u32::try_from(value).ok()).unwrap_or(u32::MAX))
}

/// `token` of RFC 3261 §25.1.
pub(in crate::sip) fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|octet| octet.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(octet))
}

fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

pub(super) fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|octet| !is_blank(*octet)).unwrap_or(text.len());
    trim_end(&text[start..])
}

fn trim_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|octet| !is_blank(*octet)).map_or(0, |last| last + 1);
    &text[..end]
}

/// The octets with each fold (end of line and the blanks around it) made one space (RFC 3261 §7.3.1).
pub(super) fn unfolded(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.contains(&b'\n') {
        return Cow::Borrowed(value);
    }
    let mut flat = Vec::with_capacity(value.len());
    for piece in value.split(|octet| *octet == b'\n') {
        let piece = trim(piece);
        if !flat.is_empty() && !piece.is_empty() {
            flat.push(b' ');
        }
        flat.extend_from_slice(piece);
    }
    Cow::Owned(flat)
}

/// A header value as text: unfolded, and lossily decoded only now.
pub(super) fn text(value: &[u8]) -> Cow<'_, str> {
    match unfolded(value) {
        Cow::Borrowed(flat) => String::from_utf8_lossy(flat),
        Cow::Owned(flat) => Cow::Owned(String::from_utf8_lossy(&flat).into_owned()),
    }
}
