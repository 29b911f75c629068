//! Hosts and ports as URIs and Via share them (RFC 3261 §25.1 `hostport`, RFC 5118).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::lex::number;

/// Whether the text is a host: a name, an IPv4 address, or an IPv6 address in brackets.
pub(super) fn is_host(text: &str) -> bool {
    if text.starts_with('[') {
        return ip(text).is_some();
    }
    // An underscore is no host name of RFC 1034, but the names of many SBCs have one.
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._".contains(&octet))
}

/// The address that a host is, with or without brackets; `None` for a name.
///
/// Takes `[2001:db8:::192.0.2.1]`, which the grammar of RFC 3261 produced by mistake (RFC 5118 §4.10).
pub(crate) fn ip(host: &str) -> Option<IpAddr> {
    let inner = match host.strip_prefix('[') {
        Some(open) => open.strip_suffix(']')?,
        None => host,
    };
    if let Ok(address) = inner.parse::<Ipv6Addr>() {
        return Some(IpAddr::V6(address));
    }
    if inner.contains(":::") {
        return inner.replacen(":::", "::", 1).parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    if host.starts_with('[') {
        return None;
    }
    inner.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
}

/// Cuts `host[:port]` into its parts, blanks allowed round the colon; `None` if it is neither.
pub(super) fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
    let (host, rest) = (text[..end].trim_end(), text[end..].trim_start());
    if !is_host(host) {
        return None;
    }
    if rest.is_empty() {
        return Some((host, None));
    }
    let digits = rest.strip_prefix(':')?.trim();
    let port = number(digits.as_bytes()).and_then(|port| u16::try_from(port).ok())?;
    Some((host, Some(port)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_hosts_are_told_apart() {
        assert_eq!(split_port("h.example:5060"), Some(("h.example", Some(5060))));
        assert_eq!(split_port("h : 5060"), Some(("h", Some(5060))));
        assert_eq!(split_port("[2001:db8::10:5070]"), Some(("[2001:db8::10:5070]", None)));
        assert_eq!(split_port("[2001:db8::10]:5070"), Some(("[2001:db8::10]", Some(5070))));
        for bad in
            ["2001:db8::10", "h:", "h:65536", "h:5o60", "", ":5060", "[::1", "[::1]x", "[h]", "a b", "é"]
        {
            assert_eq!(split_port(bad), None, "{bad}");
        }
    }

    #[test]
    fn three_colons_are_tolerated() {
        assert_eq!(ip("[2001:db8:::192.0.2.1]"), ip("[2001:db8::192.0.2.1]"));
        assert_eq!(ip("2001:db8::1"), ip("[2001:db8::1]"));
        assert_eq!(ip("192.0.2.1"), Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))));
        assert_eq!(ip("[192.0.2.1]"), None);
        assert_eq!(ip("example.com"), None);
    }
}
