//! `"Display name" <uri>;params` (RFC 3261 §20.10): From, To, Contact, Route, P-Asserted-Identity, Diversion…
//!
//! Who calls is read here: the address is what stands in the brackets that no quoted string holds, never anything else.

use std::borrow::Cow;

use super::lex::{Span, clamped};
use super::params::Params;
use super::scan::{find_open, quoted_end, unquoted};
use super::uri::Uri;

/// A `name-addr` or `addr-spec` with the header parameters behind it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    text: Box<str>,
    display: Option<Span>,
    uri: Uri,
    params: Span,
}

impl NameAddr {
    /// Reads one value. Unquoted display names may hold any character but a quote (RFC 4475 §3.1.2.15 allows that
    /// leniency, and phones need it). Without brackets, `;` begins header parameters and `?` is refused (§3.1.2.13).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t']);
        let (display, uri, params) = match find_open(text, b'<') {
            Some(open) => {
                let close = open + text[open..].find('>')?;
                (display_of(&text[..open])?, &text[open + 1..close], close + 1)
            }
            None => {
                let end = text.find(';').unwrap_or(text.len());
                let uri = text[..end].trim_end();
                if uri.contains(['?', ',']) {
                    return None;
                }
                (None, uri, end)
            }
        };
        let rest = text[params..].trim_start();
        if (!rest.is_empty() && !rest.starts_with(';')) || find_open(rest, b',').is_some() {
            return None;
        }
        let uri = Uri::parse(uri)?;
        Some(Self { display, uri, params: Span::new(params, text.len()), text: text.into() })
    }

    /// The whole value as it came, unfolded.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The display name without quotes and escapes; `None` if there is none, or an empty one.
    pub fn display(&self) -> Option<Cow<'_, str>> {
        let plain = unquoted(self.display?.str(&self.text));
        (!plain.is_empty()).then_some(plain)
    }

    /// The URI.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The header parameters (not those of the URI).
    pub fn params(&self) -> Params<'_> {
        Params::new(self.params.str(&self.text))
    }

    /// The value of a header parameter, without quotes.
    pub fn param(&self, name: &str) -> Option<Cow<'_, str>> {
        self.params().value(name)
    }

    /// The tag of a From or To. Tags compare with case.
    pub fn tag(&self) -> Option<Cow<'_, str>> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }

    /// The `expires` of a Contact, in seconds, clamped to 32 bits (RFC 4475 §3.1.2.4); a malformed one counts as 3600
    /// (RFC 3261 §20.10).
    pub(crate) fn expires(&self) -> Option<u32> {
        self.param("expires").map(|value| clamped(&value).unwrap_or(3_600))
    }

    /// The `q` of a Contact in thousandths; 1000 if there is none or it cannot be read.
    pub fn q(&self) -> u16 {
        self.param("q").and_then(|value| thousandths(&value)).unwrap_or(1_000)
    }
}

/// What stands before the bracket: nothing, a quoted string, or words.
fn display_of(before: &str) -> Option<Option<Span>> {
    let words = before.trim_matches([' ', '\t']);
    if words.is_empty() {
        return Some(None);
    }
    if words.starts_with('"') {
        if quoted_end(words) != Some(words.len()) {
            return None;
        }
    } else if names_somebody(words) {
        return None;
    }
    let start = before.len() - before.trim_start_matches([' ', '\t']).len();
    Some(Some(Span::new(start, start + words.len())))
}

/// Whether words before the bracket are an address themselves: `sip:+33612345678@op;x=<sip:evil@h>` is one caller for
/// those who read an `addr-spec` and another for those who look for the bracket.
fn names_somebody(words: &str) -> bool {
    let start = words.find(';').map_or(words, |end| &words[..end]);
    matches!(Uri::parse(start.trim_end()), Some(Uri::Sip(_) | Uri::Tel(_)))
}

/// `qvalue` of RFC 3261 §25.1: `0.25` is 250, `1` is 1000.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if fraction.len() > 3 || !fraction.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0" | "", fraction) => Some(fraction),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> NameAddr {
        NameAddr::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn the_address_is_in_the_brackets_that_no_string_holds() {
        let from = read(r#""Acme <sip:evil@evil.example>, \"SARL\"" <sip:+33612345678@op.example>;tag=a"#);
        assert_eq!(from.uri().text(), "sip:+33612345678@op.example");
        assert_eq!(from.display().as_deref(), Some(r#"Acme <sip:evil@evil.example>, "SARL""#));
        assert_eq!(from.tag().as_deref(), Some("a"));
    }

    #[test]
    fn without_brackets_parameters_are_the_headers() {
        let short = read("sip:alice@h;tag=1");
        assert_eq!((short.uri().text(), short.tag().as_deref()), ("sip:alice@h", Some("1")));
        let long = read("<sip:alice@h;transport=tcp>;tag=1");
        assert_eq!(long.uri().params().value("transport").as_deref(), Some("tcp"));
        assert_eq!(read("tel:+33-1;tag=z").uri().user().as_deref(), Some("+33-1"));
        assert_eq!(NameAddr::parse("sip:user@example.com?Route=%3Csip:sip.example.com%3E"), None);
    }

    #[test]
    fn names_are_lenient_and_brackets_are_not() {
        assert_eq!(read("Bell, Alexander <sip:a@h>;tag=43").display().as_deref(), Some("Bell, Alexander"));
        assert_eq!(read("Jérôme <sip:a@h>").display().as_deref(), Some("Jérôme"));
        assert_eq!(read("caller<sip:a@h>").display().as_deref(), Some("caller"));
        assert_eq!(read("\"\" <sip:a@h>").display(), None);
        for bad in [
            "\"Mr. J. User <sip:j@h>",
            "<sip:a@h",
            "<sip:a@h> x",
            "\"a\" b <sip:a@h>",
            "< sip:a@h>",
            "<>",
            "",
            "alice",
            "<sip:a@h>, <sip:b@h>",
            "<sip:a@h>;tag=1, <sip:b@h>",
            "sip:a@h;tag=1,sip:b@h",
            "sip:+33612345678@op.example;x=<sip:evil@h>",
            "sip:a@h <sip:evil@h>",
        ] {
            assert_eq!(NameAddr::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contact_parameters_are_clamped() {
        assert_eq!(read("<sip:a@h>;expires=280297596632815;q=0.25").expires(), Some(u32::MAX));
        assert_eq!(read("<sip:a@h>;expires=soon").expires(), Some(3_600));
        assert_eq!(read("<sip:a@h>").expires(), None);
        for (q, expected) in
            [("0.25", 250), ("1", 1_000), ("1.0", 1_000), ("0", 0), (".5", 500), ("7", 1_000)]
        {
            assert_eq!(read(&format!("<sip:a@h>;q={q}")).q(), expected, "{q}");
        }
    }
}
