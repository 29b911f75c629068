//! Web addresses, RFC 3986 as far as a client of `http` and `https` needs it: strict, so that no two readers can see two
//! hosts in one text. There is no user, no password and no fragment in them; names of hosts are ASCII.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An address that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// `https`.
    pub(crate) secure: bool,
    /// The host in lower case: a name without a dot at its end, an IPv4 address, or an IPv6 address without brackets.
    pub(crate) host: String,
    /// The port, written or usual.
    pub(crate) port: u16,
    /// Path and query, at least `/`; only characters that may stand there.
    pub(crate) target: String,
}

impl Url {
    /// Reads `https://api.exemple.fr/commandes?nr=12`; `None` when it is no such address. What may not stand in a path is
    /// percent-encoded, except control characters: those are refused.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, port) = split_authority(&rest[..end])?;
        Some(Self { secure, host, port: port.unwrap_or(usual(secure)), target: target(&rest[end..])? })
    }

    /// Where a `Location` leads that came from here (RFC 3986 §5.2): absolute, or relative to this.
    pub(crate) fn join(&self, location: &str) -> Option<Self> {
        let scheme = location.find([':', '/', '?', '#']).filter(|at| location[*at..].starts_with(':'));
        if scheme.is_some() {
            return Self::parse(location);
        }
        if let Some(rest) = location.strip_prefix("//") {
            let scheme = if self.secure { "https" } else { "http" };
            return Self::parse(&format!("{scheme}://{rest}"));
        }
        let location = location.split('#').next().unwrap_or_default();
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let joined = match location {
            "" if query.is_empty() => path.to_owned(),
            "" => format!("{path}?{query}"),
            rooted if rooted.starts_with('/') => rooted.to_owned(),
            query if query.starts_with('?') => format!("{path}{query}"),
            relative => format!("{}{relative}", &path[..=path.rfind('/')?]),
        };
        let (path, query) =
            joined.split_once('?').map_or((&*joined, None), |(path, query)| (path, Some(query)));
        let path = without_dots(path);
        let joined = query.map_or(path.clone(), |query| format!("{path}?{query}"));
        Some(Self { target: target(&joined)?, ..self.clone() })
    }

    /// Host, and the port unless it is the usual one: as it stands in the header `Host` and in the site's `apis`.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == usual(self.secure) { host } else { format!("{host}:{}", self.port) }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.target)
    }
}

/// `host` or `host:port`, as [`Url::authority`] writes it; `None` when it is neither.
pub(crate) fn authority(text: &str) -> Option<String> {
    let (host, port) = split_authority(text)?;
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    Some(port.map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// Percent-encodes all but the unreserved characters (RFC 3986 §2.3): a value that goes into a path or a query.
pub(crate) fn encoded(value: &str) -> String {
    let keep = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
    let mut text = String::with_capacity(value.len());
    value.bytes().for_each(|octet| push(&mut text, octet, keep(octet)));
    text
}

fn push(text: &mut String, octet: u8, keep: bool) {
    use fmt::Write;
    if keep {
        text.push(char::from(octet));
    } else {
        let _ = write!(text, "%{octet:02X}");
    }
}

const fn usual(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn split_authority(text: &str) -> Option<(String, Option<u16>)> {
    let (host, rest) = if let Some(open) = text.strip_prefix('[') {
        let (inner, rest) = open.split_once(']')?;
        (inner.parse::<Ipv6Addr>().ok()?.to_string(), rest)
    } else {
        let end = text.find(':').unwrap_or(text.len());
        (name(&text[..end])?, &text[end..])
    };
    if rest.is_empty() {
        return Some((host, None));
    }
    let digits = rest.strip_prefix(':')?;
    let all_digits = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    let port: u16 = all_digits.then(|| digits.parse().ok())??;
    (port > 0).then_some((host, Some(port)))
}

/// A name of DNS, or an IPv4 address of four decimal parts. A last label of digits alone that is no such address is refused:
/// some readers would take `127.1` or `0x7f000001` for an address.
fn name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet))
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return None;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    let numeric = last.bytes().all(|octet| octet.is_ascii_digit()) || last.starts_with("0x");
    (!numeric || name.parse::<Ipv4Addr>().is_ok()).then_some(name)
}

fn target(text: &str) -> Option<String> {
    let text = text.split('#').next().unwrap_or_default();
    if text.chars().any(char::is_control) {
        return None;
    }
    let mut target = String::with_capacity(text.len() + 1);
    if !text.starts_with('/') {
        target.push('/');
    }
    let keep = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%[]".contains(&octet);
    text.bytes().for_each(|octet| push(&mut target, octet, keep(octet)));
    Some(target)
}

/// RFC 3986 §5.2.4.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            part => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Option<String> {
        Url::parse(text).map(|url| url.to_string())
    }

    #[test]
    fn addresses_are_read_and_written() {
        assert_eq!(parsed("HTTPS://API.Exemple.FR").as_deref(), Some("https://api.exemple.fr/"));
        assert_eq!(parsed("http://a.fr:80/x?y=1#z").as_deref(), Some("http://a.fr/x?y=1"));
        assert_eq!(parsed("https://a.fr.:8443?q").as_deref(), Some("https://a.fr:8443/?q"));
        assert_eq!(parsed("http://[2001:DB8::1]:81/").as_deref(), Some("http://[2001:db8::1]:81/"));
        assert_eq!(parsed("http://a.fr/é d\"").as_deref(), Some("http://a.fr/%C3%A9%20d%22"));
        assert_eq!(Url::parse("https://a.fr:443/").unwrap().authority(), "a.fr");
        assert_eq!(
            (authority("A.fr:81"), authority("[::1]")),
            (Some("a.fr:81".into()), Some("[::1]".into()))
        );
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            "ftp://a.fr/",
            "a.fr/x",
            "http:///x",
            "http://user:word@a.fr/",
            "http://a.fr\\@b.fr/",
            "http://a.fr:x/",
            "http://a.fr:/",
            "http://a.fr:+80/",
            "http://a.fr:0/",
            "http://a.fr:70000/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://[::1/",
            "http://[fe80::1%25eth0]/",
            "http://::1/",
            "http://a..fr/",
            "http://é.fr/",
            "http://a b.fr/",
            "http://a.fr/\r\nX: y",
            "",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn a_location_is_relative_to_where_it_came_from() {
        let from = Url::parse("https://a.fr/x/y?z=1").unwrap();
        let led = |location: &str| from.join(location).map(|url| url.to_string());
        for (location, url) in [
            ("https://b.fr/c", "https://b.fr/c"),
            ("//b.fr/c", "https://b.fr/c"),
            ("/c?d", "https://a.fr/c?d"),
            ("c", "https://a.fr/x/c"),
            ("../c", "https://a.fr/c"),
            ("../../../c/.", "https://a.fr/c/"),
            ("?d=2", "https://a.fr/x/y?d=2"),
            ("", "https://a.fr/x/y?z=1"),
            ("c:d/e#f", ""),
        ] {
            assert_eq!(led(location).unwrap_or_default(), url, "{location}");
        }
    }

    #[test]
    fn values_are_encoded_whole() {
        assert_eq!(encoded("+33 6&é=~"), "%2B33%206%26%C3%A9%3D~");
    }

    proptest! {
        #![proptest_config(crate::base::property::cases(256))]

        #[test]
        fn what_was_read_reads_the_same_again(text in "https?://[a-z0-9.:\\[\\]@-]{0,12}[/?#]?\\PC{0,16}", more in "\\PC{0,16}") {
            if let Some(url) = Url::parse(&text) {
                prop_assert_eq!(Url::parse(&url.to_string()), Some(url.clone()));
                prop_assert!(url.target.starts_with('/') && url.target.is_ascii());
                let _ = url.join(&more);
            }
        }
    }
}
