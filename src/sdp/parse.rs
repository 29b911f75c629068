//! Octets to a [`Session`]: forgives what telephones get wrong and refuses what nobody could answer.
//!
//! Read RFC 8866 §5 and §9. The lines themselves are read by `sdp-types`; what it refuses and we need not refuse is mended
//! or left out before.

use std::fmt;

use super::session::Session;
use crate::base::limit::{SDP_BYTES_MAX, SDP_LINES_MAX, SDP_MEDIA_MAX};

/// Why a body is no session description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SdpError {
    /// Nothing in it.
    Empty,
    /// More than `SDP_BYTES_MAX` octets or `SDP_LINES_MAX` lines.
    TooLong,
    /// More than `SDP_MEDIA_MAX` media.
    TooManyMedia,
    /// A `v=` that is not 0, or no line of SDP at all.
    NotSdp,
    /// An `m=` or `t=` that makes no sense.
    Malformed,
}

impl fmt::Display for SdpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the session description is empty"),
            Self::TooLong => f.write_str("the session description is too long"),
            Self::TooManyMedia => f.write_str("the session description has too many media"),
            Self::NotSdp => f.write_str("the body is not a session description"),
            Self::Malformed => f.write_str("the session description is malformed"),
        }
    }
}

impl std::error::Error for SdpError {}

/// Reads a session description.
///
/// Forgiven: lines ended by LF or CR alone, blanks around lines and in runs, octets that are not UTF-8, lines that are not
/// `x=`, missing `v=`, `o=`, `s=`, `t=`, a second session-level `c=`, an incomplete `c=`, `m=` without format, nonsense
/// in lines that we do not use (`o=`, `b=`, `k=`…).
pub fn parse(body: &[u8]) -> Result<Session, SdpError> {
    if body.len() > SDP_BYTES_MAX {
        return Err(SdpError::TooLong);
    }
    let text = String::from_utf8_lossy(body);
    let mended = mend(&text)?;
    let lines = sdp_types::Session::parse(mended.as_bytes()).map_err(|_| SdpError::Malformed)?;
    if lines.medias.len() > SDP_MEDIA_MAX {
        return Err(SdpError::TooManyMedia);
    }
    Ok(Session::lift(&lines))
}

/// The lines that we read, one blank between words, each ended by CRLF, behind a `v=0`.
fn mend(text: &str) -> Result<String, SdpError> {
    let mut mended = String::with_capacity(text.len() + 8);
    mended.push_str("v=0\r\n");
    let (mut read, mut in_media, mut connected) = (0_usize, false, false);
    for (count, line) in lines(text).enumerate() {
        if count >= SDP_LINES_MAX {
            return Err(SdpError::TooLong);
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let words = || value.split_ascii_whitespace();
        match key {
            "v" if value != "0" => return Err(SdpError::NotSdp),
            "m" => {
                in_media = true;
                push(&mut mended, key, words());
                // `m=video 0 RTP/AVP`: who refuses a medium sometimes leaves out its formats.
                if words().count() == 3 {
                    mended.truncate(mended.len() - 2);
                    mended.push_str(" 0\r\n");
                }
            }
            "c" if words().count() == 3 && (in_media || !connected) => {
                connected |= !in_media;
                push(&mut mended, key, words());
            }
            "t" if words().count() == 2 && !in_media => push(&mut mended, key, words()),
            "a" => push(&mut mended, key, words()),
            // The version (written above), what we have no use for, and what is not a line of SDP.
            _ => {
                read += usize::from(key == "v" || key == "o");
                continue;
            }
        }
        read += 1;
    }
    match (read, text.trim().is_empty()) {
        (_, true) => Err(SdpError::Empty),
        (0, false) => Err(SdpError::NotSdp),
        (1.., false) => Ok(mended),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\r', '\n']).map(|line| line.trim_matches([' ', '\t', '\0'])).filter(|line| !line.is_empty())
}

fn push<'a>(mended: &mut String, key: &str, words: impl Iterator<Item = &'a str>) {
    mended.push_str(key);
    let mut separator = '=';
    for word in words {
        mended.push(separator);
        // RFC 8866 §9: no NUL inside a line.
        mended.extend(word.chars().filter(|c| *c != '\0'));
        separator = ' ';
    }
    if separator == '=' {
        mended.push('=');
    }
    mended.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::super::session::{Address, Encoding};
    use super::*;
    use crate::base::codec::Direction;

    #[test]
    fn a_tidy_body_is_read_whole() {
        let body = b"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=3 4\r\n\
            m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
            a=fmtp:101 0-15\r\na=ptime:30\r\na=maxptime:60\r\na=rtcp:5000 IN IP4 192.0.2.9\r\na=rtcp-mux\r\n\
            a=sendonly\r\n";
        let session = parse(body).unwrap();
        assert_eq!(session.time, (3, 4));
        let [audio] = session.media.as_slice() else { panic!("one medium: {session:?}") };
        assert_eq!((audio.kind.as_str(), audio.port, audio.protocol.as_str()), ("audio", 4000, "RTP/AVP"));
        assert_eq!(audio.formats, ["8", "101"]);
        assert_eq!(audio.address, Address::Ip("192.0.2.1".parse().unwrap()));
        assert_eq!(audio.rtcp, Some((5000, Some("192.0.2.9".parse().unwrap()))));
        assert_eq!((audio.rtcp_mux, audio.direction), (true, Direction::SEND_ONLY));
        assert_eq!((audio.ptime_ms, audio.ptime_ms_max), (Some(30), Some(60)));
        let event = Encoding { name: "telephone-event".into(), rate: 8_000, channels: 1 };
        assert_eq!(audio.encodings.get(&101), Some(&event));
    }

    #[test]
    fn an_untidy_body_says_the_same() {
        let tidy = parse(
            b"v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
              m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n",
        );
        for untidy in [
            // LF only, no t=, no s=, no last line end.
            &b"v=0\no=- 1 2 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\na=recvonly"[..],
            // CR only; an origin that is no origin; junk; blanks.
            b"v=0\ro=me\rs=\xFF\xFE\rnonsense\r\r c=IN  IP4 192.0.2.1 \rm=audio   4000 RTP/AVP  8\ra=rtpmap:8  PCMA/8000\ra=recvonly \r",
            // No v=, no o=, the session's lines twice, a bandwidth that is no number, NULs at the end.
            b"s=-\ns=-\nc=IN IP4 192.0.2.1\nc=IN IP4 192.0.2.2\nb=AS:many\nt=0 0\nt=1 1\nm=audio 4000/1 RTP/AVP 8\nc=IN\n\
              a=RTPMAP:8 PCMA/8000\na=rtpmap:8 PCMU/8000\nk=\na=RecvOnly\n\0\0",
        ] {
            assert_eq!(parse(untidy), tidy, "{}", String::from_utf8_lossy(untidy));
        }
    }

    #[test]
    fn attributes_before_the_media_are_defaults() {
        let session = parse(b"v=0\na=inactive\na=ptime:40\nm=audio 4000 RTP/AVP 8\nm=audio 4002 RTP/AVP 8\na=sendrecv\na=ptime:20.5\n");
        let media = session.unwrap().media;
        assert_eq!((media[0].direction, media[0].ptime_ms), (Direction::INACTIVE, Some(40)));
        assert_eq!((media[1].direction, media[1].ptime_ms), (Direction::BOTH, Some(20)));
        assert_eq!(media[0].address, Address::Missing);
    }

    #[test]
    fn what_nobody_could_answer_is_refused_with_its_reason() {
        assert_eq!(parse(b""), Err(SdpError::Empty));
        assert_eq!(parse(b" \r\n\r\n"), Err(SdpError::Empty));
        assert_eq!(parse(b"<xml/>"), Err(SdpError::NotSdp));
        assert_eq!(parse(b"v=1\r\nm=audio 4000 RTP/AVP 8\r\n"), Err(SdpError::NotSdp));
        assert_eq!(parse(b"v=0\nm=audio 492170 RTP/AVP 8\n"), Err(SdpError::Malformed));
        assert_eq!(parse(b"v=0\nm=audio 4000\n"), Err(SdpError::Malformed));
        assert_eq!(parse(&[b'a'; SDP_BYTES_MAX + 1]), Err(SdpError::TooLong));
        assert_eq!(parse("a=x\n".repeat(SDP_LINES_MAX + 1).as_bytes()), Err(SdpError::TooLong));
        let many = "m=audio 4000 RTP/AVP 8\n".repeat(SDP_MEDIA_MAX + 1);
        assert_eq!(parse(many.as_bytes()), Err(SdpError::TooManyMedia));
    }

    #[test]
    fn host_names_stay_names() {
        let session = parse(b"v=0\nc=IN IP4 media.example.com\nm=audio 4000 RTP/AVP 8\nm=audio 4 RTP/AVP 8\nc=IN IP6 2001:db8::1\n");
        let media = session.unwrap().media;
        assert_eq!(media[0].address, Address::Name("media.example.com".into()));
        assert_eq!(media[1].address, Address::Ip("2001:db8::1".parse().unwrap()));
    }
}
