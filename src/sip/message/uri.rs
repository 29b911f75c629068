//! URIs: `sip`, `sips` (RFC 3261 §19.1), `tel` (RFC 3966), and any other by its scheme.
//!
//! The text is kept as it came and is what we write back: a URI that is re-encoded breaks digests, dialogs and bindings.
//! The parts are views on it, still escaped; `user_plain` decodes. Comparison stands in `uri_equality.rs`.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use super::host::{ip, split_port};
use super::lex::Span;
use super::params::Params;
use crate::base::limit::SIP_HEADER_BYTES_MAX;

/// A URI, with its text as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Uri {
    /// `sip:` or `sips:`.
    Sip(SipUri),
    /// `tel:`.
    Tel(TelUri),
    /// Any other scheme: a Request-URI of it is answered 416.
    Other(OtherUri),
}

/// A `sip:` or `sips:` URI. Equality (`==`) is that of the text; see [`Uri::is_equivalent`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SipUri {
    text: Box<str>,
    secure: bool,
    parts: SipParts,
}

/// Where the parts of a [`SipUri`] stand in its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SipParts {
    user: Option<Span>,
    password: Option<Span>,
    host: Span,
    port: Option<u16>,
    params: Span,
    headers: Option<Span>,
}

/// A `tel:` URI.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TelUri {
    text: Box<str>,
    number: Span,
    params: Span,
}

/// A URI of another scheme.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherUri {
    text: Box<str>,
    scheme: Span,
}

impl Uri {
    /// Reads a URI that stands alone, without brackets; `None` if it is none. No blank is allowed in it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > SIP_HEADER_BYTES_MAX || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return None;
        }
        if text.contains(['<', '>']) {
            return None;
        }
        let colon = text.find(':')?;
        let scheme = &text[..colon];
        if scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips") {
            return SipUri::parse(text, colon).map(Self::Sip);
        }
        if scheme.eq_ignore_ascii_case("tel") {
            return TelUri::parse(text, colon).map(Self::Tel);
        }
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet));
        is_scheme.then(|| Self::Other(OtherUri { text: text.into(), scheme: Span::new(0, colon) }))
    }

    /// The text, octet for octet as it came.
    pub fn text(&self) -> &str {
        match self {
            Self::Sip(uri) => &uri.text,
            Self::Tel(uri) => &uri.text,
            Self::Other(uri) => &uri.text,
        }
    }

    /// The scheme, as it is written.
    pub fn scheme(&self) -> &str {
        self.text().split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// The `sip:`/`sips:` view.
    pub fn as_sip(&self) -> Option<&SipUri> {
        match self {
            Self::Sip(uri) => Some(uri),
            Self::Tel(_) | Self::Other(_) => None,
        }
    }

    /// The `tel:` view.
    #[cfg(test)]
    pub(crate) fn as_tel(&self) -> Option<&TelUri> {
        match self {
            Self::Tel(uri) => Some(uri),
            Self::Sip(_) | Self::Other(_) => None,
        }
    }

    /// Who it names: the user part of a SIP URI, the number of a `tel:` URI; escapes decoded.
    pub fn user(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Sip(uri) => uri.user_plain(),
            Self::Tel(uri) => Some(Cow::Borrowed(uri.number())),
            Self::Other(_) => None,
        }
    }

    /// Its URI parameters.
    pub fn params(&self) -> Params<'_> {
        match self {
            Self::Sip(uri) => uri.params(),
            Self::Tel(uri) => uri.params(),
            Self::Other(_) => Params::new(""),
        }
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl SipUri {
    fn parse(text: &str, colon: usize) -> Option<Self> {
        let start = colon + 1;
        // An `@` stands only once unescaped, behind the userinfo; but phones also leave one unescaped in `?Replaces=`.
        let (user, password, host_start) = match text[start..].find('@') {
            None => (None, None, start),
            Some(at) => {
                let userinfo = &text[start..start + at];
                let (user, password) = match userinfo.find(':') {
                    Some(mark) => {
                        (Span::new(start, start + mark), Some(Span::new(start + mark + 1, start + at)))
                    }
                    None => (Span::new(start, start + at), None),
                };
                (Some(user), password, start + at + 1)
            }
        };
        // `sip:@host` is how some gateways write a caller that they do not know.
        let user = user.filter(|user| !user.str(text).is_empty());
        let question = text[host_start..].find('?').map(|place| host_start + place);
        let params_end = question.unwrap_or(text.len());
        let host_end = text[host_start..params_end].find(';').map_or(params_end, |place| host_start + place);
        if text[host_end..params_end].contains('@') {
            return None;
        }
        let hostport = &text[host_start..host_end];
        let (host, port) = split_port(hostport)?;
        let parts = SipParts {
            user,
            password,
            host: Span::new(host_start, host_start + host.len()),
            port,
            params: Span::new(host_end, params_end),
            headers: question.map(|place| Span::new(place + 1, text.len())),
        };
        Some(Self { text: text.into(), secure: colon == 4, parts })
    }

    /// The text, octet for octet as it came.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// `sips:`.
    pub(crate) fn secure(&self) -> bool {
        self.secure
    }

    /// The user part as it is written: escapes, `;npdi;rn=`, `;cpc=` and all.
    pub fn user(&self) -> Option<&str> {
        self.parts.user.map(|span| span.str(&self.text))
    }

    /// The user part with its `%` escapes decoded; an escape of invalid UTF-8 decodes lossily.
    pub(crate) fn user_plain(&self) -> Option<Cow<'_, str>> {
        self.user().map(unescaped)
    }

    /// The password, as it is written.
    pub fn password(&self) -> Option<&str> {
        self.parts.password.map(|span| span.str(&self.text))
    }

    /// The host; IPv6 in brackets, as it is written.
    pub fn host(&self) -> &str {
        self.parts.host.str(&self.text)
    }

    /// The host as an address, if it is one.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        ip(self.host())
    }

    /// The port, if one is written.
    pub fn port(&self) -> Option<u16> {
        self.parts.port
    }

    /// The URI parameters.
    pub(crate) fn params(&self) -> Params<'_> {
        Params::new(self.parts.params.str(&self.text))
    }

    /// What stands behind `?`, still escaped.
    pub fn headers(&self) -> Option<&str> {
        self.parts.headers.map(|span| span.str(&self.text))
    }

    /// A route of a loose router (RFC 3261 §16.12): has `;lr`.
    pub fn is_loose(&self) -> bool {
        self.params().has("lr")
    }
}

impl TelUri {
    fn parse(text: &str, colon: usize) -> Option<Self> {
        let start = colon + 1;
        let end = text[start..].find(';').map_or(text.len(), |place| start + place);
        let number = &text[start..end];
        // RFC 3966 §3: digits, visual separators, and letters of hexadecimal local numbers.
        let is_number = number.strip_prefix('+').unwrap_or(number);
        let fits = is_number.bytes().all(|octet| octet.is_ascii_hexdigit() || b"*#-.()".contains(&octet));
        let has_digit = is_number.bytes().any(|octet| octet.is_ascii_hexdigit() || b"*#".contains(&octet));
        (fits && has_digit).then(|| Self {
            text: text.into(),
            number: Span::new(start, end),
            params: Span::new(end, text.len()),
        })
    }

    /// The number as it is written, with `+` and visual separators.
    pub(crate) fn number(&self) -> &str {
        self.number.str(&self.text)
    }

    /// The parameters: `phone-context`, `ext`, `cpc`…
    pub(crate) fn params(&self) -> Params<'_> {
        Params::new(self.params.str(&self.text))
    }
}

impl OtherUri {}

/// The text with its `%XX` decoded; a `%` that begins no escape stays.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(octet) = bytes.get(at) {
        match escape_at(bytes, at) {
            Some(decoded) => {
                plain.push(decoded);
                at += 3;
            }
            None => {
                plain.push(*octet);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&plain).into_owned())
}

/// The octet that the escape at `at` stands for, if there is one.
pub(super) fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let [b'%', high, low] = bytes.get(at..at + 3)? else { return None };
    let digit = |octet: u8| char::from(octet).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(*high)? * 16 + digit(*low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sip(text: &str) -> SipUri {
        match Uri::parse(text) {
            Some(Uri::Sip(uri)) => uri,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_parts_of_a_sip_uri_are_views_on_its_text() {
        let uri = sip("SIPS:+33612345678;npdi;rn=+33:p%40ss@h.example:5061;transport=TLS;lr?Subject=a%20b");
        assert!(uri.secure() && uri.is_loose());
        assert_eq!((uri.user(), uri.password()), (Some("+33612345678;npdi;rn=+33"), Some("p%40ss")));
        assert_eq!((uri.host(), uri.port(), uri.headers()), ("h.example", Some(5061), Some("Subject=a%20b")));
        assert_eq!(uri.params().value("Transport").as_deref(), Some("TLS"));
        let bare = sip("sip:192.0.2.1");
        assert_eq!((bare.user(), bare.port(), bare.ip()), (None, None, "192.0.2.1".parse().ok()));
        assert_eq!((sip("sip:@h").user(), sip("sip:@h").host()), (None, "h"));
        // Phones leave an `@` in the headers of Refer-To.
        assert_eq!(sip("sip:b@h?Replaces=1@x;to-tag=2").headers(), Some("Replaces=1@x;to-tag=2"));
    }

    #[test]
    fn other_schemes_are_kept_and_nonsense_is_none() {
        assert_eq!(Uri::parse("soap.beep://192.0.2.103:3002").unwrap().scheme(), "soap.beep");
        assert_eq!(Uri::parse("tel:+33-1(23)45.67;ext=1").unwrap().user().as_deref(), Some("+33-1(23)45.67"));
        for bad in [
            "",
            "sip",
            "sip:",
            "sip:a@",
            "sip:a@h:",
            "sip:a@h:99999",
            "sip:a@b@c",
            "sip:a b@h",
            "sip:a@h;x y",
            "sip:a@[::1",
            "sip:2001:db8::1",
            "<sip:a@h>",
            "tel:",
            "tel:+",
            "tel:bob@h",
            "1x:y",
            ":x",
            "sip:a@h\r\nX: y",
        ] {
            assert_eq!(Uri::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn escapes_decode_and_stray_percents_stay() {
        assert_eq!(unescaped("%61%C3%A9%"), "a\u{e9}%");
        assert_eq!(unescaped("%4g%2"), "%4g%2");
        assert_eq!(unescaped("%ff"), "\u{fffd}");
    }
}
