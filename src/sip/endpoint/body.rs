//! The SDP in a body: alone, or in a multipart (RFC 5621), in linear time and with a bound on parts.

use std::sync::Arc;

use crate::base::limit::SIP_BODY_PARTS_MAX;
use crate::sip::message::{HeaderName, Headers, MediaType};

/// What a body is to a method that may carry an offer or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// There is none, or one that need not be understood.
    None,
    /// SDP.
    Sdp(Arc<[u8]>),
    /// Something that we do not read: 415.
    Foreign,
    /// Encoded, gzip say: 415 with Accept-Encoding.
    Encoded,
}

/// Looks for SDP.
pub(crate) fn body_of(headers: &Headers, body: &[u8]) -> Body {
    if body.is_empty() {
        return Body::None;
    }
    let encoding = headers.first(HeaderName::ContentEncoding);
    if encoding.is_some_and(|it| !it.is_empty() && !it.eq_ignore_ascii_case("identity")) {
        return Body::Encoded;
    }
    let found = match headers.content_type() {
        Some(kind) if kind.essence == "application/sdp" => Some(body),
        Some(kind) if kind.essence.starts_with("multipart/") => part_of(&kind, body),
        // RFC 3261 §20.15 makes Content-Type a must; a body that says itself what it is can still be read.
        None if !headers.has(HeaderName::ContentType) && body.starts_with(b"v=") => Some(body),
        Some(_) | None => None,
    };
    let disposition = headers.first(HeaderName::ContentDisposition).unwrap_or_default();
    match found {
        Some(sdp) => Body::Sdp(sdp.into()),
        None if disposition.to_ascii_lowercase().contains("handling=optional") => Body::None,
        None => Body::Foreign,
    }
}

/// The first part of a multipart body that is SDP.
fn part_of<'a>(kind: &MediaType, body: &'a [u8]) -> Option<&'a [u8]> {
    let boundary = kind.params().value("boundary").filter(|it| !it.is_empty() && it.len() <= 70)?;
    let mark = format!("--{boundary}");
    let mut rest = after(body, mark.as_bytes())?;
    for _ in 0..SIP_BODY_PARTS_MAX {
        if rest.starts_with(b"--") {
            return None;
        }
        let end = find(rest, mark.as_bytes())?;
        if let Some(sdp) = sdp_of_part(&rest[..end]) {
            return Some(sdp);
        }
        rest = &rest[end + mark.len()..];
    }
    None
}

/// The content of a part, if its header says that it is SDP.
fn sdp_of_part(part: &[u8]) -> Option<&[u8]> {
    let (head, content) = match find(part, b"\r\n\r\n") {
        Some(end) => (&part[..end], &part[end + 4..]),
        None => find(part, b"\n\n").map(|end| (&part[..end], &part[end + 2..]))?,
    };
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let is_sdp = head.lines().filter_map(|line| line.split_once(':')).any(|(name, value)| {
        matches!(name.trim(), "content-type" | "c") && value.trim().starts_with("application/sdp")
    });
    // The line break before a boundary belongs to the boundary (RFC 2046 §5.1.1).
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    is_sdp.then(|| content.strip_suffix(b"\r").unwrap_or(content))
}

fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    find(text, mark).map(|at| &text[at + mark.len()..])
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::message::{Framing, Message, parse};

    fn body(headers: &str, body: &str) -> Body {
        let text = format!(
            "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
             To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n{headers}\r\n{body}"
        );
        match parse(text.as_bytes().into(), Framing::Datagram) {
            Ok(Message::Request(request)) => body_of(request.headers(), request.body()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sdp_is_found_alone_and_among_other_parts() {
        assert_eq!(body("Content-Type: Application/SDP\r\n", "v=0"), Body::Sdp(b"v=0".as_slice().into()));
        assert_eq!(body("", "v=0"), Body::Sdp(b"v=0".as_slice().into()));
        assert_eq!(body("", ""), Body::None);
        let parts = "junk\r\n--x\r\nContent-Type: application/isup\r\n\r\n\u{1}\u{2}\r\n--x\r\n\
                     c: application/sdp\r\n\r\nv=0\r\n\r\n--x--\r\n";
        assert_eq!(
            body("Content-Type: multipart/mixed;boundary=\"x\"\r\n", parts),
            Body::Sdp(b"v=0\r\n".as_slice().into())
        );
    }

    #[test]
    fn what_is_no_sdp_is_told_apart() {
        assert_eq!(body("Content-Type: text/plain\r\n", "hello"), Body::Foreign);
        assert_eq!(
            body("Content-Type: text/plain\r\nContent-Disposition: x;handling=optional\r\n", "hello"),
            Body::None
        );
        assert_eq!(
            body("Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n", "\u{1}"),
            Body::Encoded
        );
        for headers in ["", ";boundary=", ";boundary=y"] {
            let headers = format!("Content-Type: multipart/mixed{headers}\r\n");
            assert_eq!(body(&headers, "--x\r\n\r\nv=0\r\n--x--"), Body::Foreign);
        }
    }

    #[test]
    fn a_thousand_parts_are_not_searched() {
        let many =
            "--x\r\n\r\na\r\n".repeat(1_000) + "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--";
        assert_eq!(body("Content-Type: multipart/mixed;boundary=x\r\n", &many), Body::Foreign);
    }
}
