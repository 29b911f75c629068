//! Small header values with a grammar of their own: CSeq, Session-Expires, Content-Type.

use super::lex::{clamped, number};
use super::method::Method;
use super::params::Params;

/// The greatest sequence number: below 2^31 (RFC 3261 §8.1.1.5).
pub(crate) const CSEQ_MAX: u32 = 0x7fff_ffff;

/// A CSeq value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSeq {
    /// 0 to 2^31 - 1.
    pub number: u32,
    /// The method of the request.
    pub(crate) method: Method,
}

impl CSeq {
    /// Reads `4711 INVITE`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let number = sequence(words.next()?)?;
        let method = Method::parse(words.next()?)?;
        words.next().is_none().then_some(Self { number, method })
    }
}

/// Who refreshes a session (RFC 4028 §4).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refresher {
    /// The client of the transaction.
    Uac,
    /// Its server.
    Uas,
}

/// A Session-Expires value (RFC 4028 §4).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionExpires {
    /// The interval.
    pub(crate) seconds: u32,
    /// Who refreshes, when it is said.
    pub(crate) refresher: Option<Refresher>,
}

impl SessionExpires {
    /// Reads `1800;refresher=uac`; an unknown refresher counts as none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (seconds, params) = text.split_once(';').unwrap_or((text, ""));
        let refresher = match Params::new(params).value("refresher") {
            Some(who) if who.eq_ignore_ascii_case("uac") => Some(Refresher::Uac),
            Some(who) if who.eq_ignore_ascii_case("uas") => Some(Refresher::Uas),
            Some(_) | None => None,
        };
        Some(Self { seconds: clamped(seconds)?, refresher })
    }
}

/// A Content-Type value (RFC 3261 §20.15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// `type/subtype` in lower case.
    pub essence: String,
    params: String,
}

impl MediaType {
    /// Reads `application/sdp;charset=utf-8`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (essence, params) = text.split_once(';').unwrap_or((text, ""));
        let (kind, subtype) = essence.split_once('/')?;
        let (kind, subtype) = (kind.trim(), subtype.trim());
        let is_type = super::lex::is_token(kind.as_bytes()) && super::lex::is_token(subtype.as_bytes());
        is_type.then(|| Self {
            essence: format!("{kind}/{subtype}").to_ascii_lowercase(),
            params: params.trim().to_owned(),
        })
    }

    /// Its parameters: `boundary`, `charset`.
    pub(crate) fn params(&self) -> Params<'_> {
        Params::new(&self.params)
    }
}

/// A sequence number, 0 to 2^31 - 1.
fn sequence(text: &str) -> Option<u32> {
    let value = number(text.as_bytes()).and_then(|value| u32::try_from(value).ok())?;
    (value <= CSEQ_MAX).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_stay_below_two_to_the_31() {
        assert_eq!(CSeq::parse("0009  INVITE"), Some(CSeq { number: 9, method: Method::Invite }));
        assert_eq!(CSeq::parse("2147483647 BYE").map(|cseq| cseq.number), Some(CSEQ_MAX));
        for bad in [
            "2147483648 BYE",
            "36893488147419103232 REGISTER",
            "-1 BYE",
            "1",
            "BYE 1",
            "1 BYE x",
            "",
            "1, BYE",
        ] {
            assert_eq!(CSeq::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn session_timers_are_read() {
        let wanted = SessionExpires { seconds: 90, refresher: Some(Refresher::Uas) };
        assert_eq!(SessionExpires::parse("90 ; refresher=UAS"), Some(wanted));
        assert_eq!(SessionExpires::parse("4000;x").map(|value| value.refresher), Some(None));
        assert_eq!(SessionExpires::parse("soon"), None);
    }

    #[test]
    fn media_types_compare_in_lower_case() {
        let media = MediaType::parse("Multipart / Mixed ; boundary=\"x;y\"").unwrap();
        assert_eq!(media.essence, "multipart/mixed");
        assert_eq!(media.params().value("boundary").as_deref(), Some("x;y"));
        assert_eq!(MediaType::parse("sdp"), None);
    }
}
