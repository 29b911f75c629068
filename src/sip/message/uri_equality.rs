//! When two URIs are the same (RFC 3261 §19.1.4, RFC 3966 §5): for the bindings of the registrar and for dialogs.

use std::collections::BTreeMap;

use super::params::Params;
use super::uri::{SipUri, TelUri, Uri, escape_at};

/// Parameters that must be in both URIs when they are in one (RFC 3261 §19.1.4).
const NEVER_IGNORED: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];

impl Uri {
    /// Whether both name the same resource. Not transitive, as RFC 3261 §19.1.4 itself says.
    pub fn is_equivalent(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sip(a), Self::Sip(b)) => same_sip(a, b),
            (Self::Tel(a), Self::Tel(b)) => same_tel(a, b),
            (Self::Other(_), Self::Other(_)) => self.text() == other.text(),
            (Self::Sip(_) | Self::Tel(_) | Self::Other(_), _) => false,
        }
    }
}

fn same_sip(a: &SipUri, b: &SipUri) -> bool {
    let same_host = match (a.ip(), b.ip()) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.host().eq_ignore_ascii_case(b.host()),
        (Some(_), None) | (None, Some(_)) => false,
    };
    a.secure() == b.secure()
        && same_host
        // `sip:h` and `sip:h:5060` differ (RFC 3261 §19.1.4).
        && a.port() == b.port()
        && same_optional(a.user(), b.user())
        && same_optional(a.password(), b.password())
        && same_params(a.params(), b.params())
        && same_headers(a.headers(), b.headers())
}

fn same_tel(a: &TelUri, b: &TelUri) -> bool {
    let plain = |number: &str| -> String {
        number.chars().filter(|c| !"-.()".contains(*c)).map(|c| c.to_ascii_lowercase()).collect()
    };
    // RFC 3966 §5: any order, all compared.
    plain(a.number()) == plain(b.number()) && by_name(a.params()) == by_name(b.params())
}

fn same_params(a: Params<'_>, b: Params<'_>) -> bool {
    let (a, b) = (by_name(a), by_name(b));
    a.iter().all(|(name, value)| b.get(name).is_none_or(|other| other == value))
        && NEVER_IGNORED.iter().all(|name| a.contains_key(*name) == b.contains_key(*name))
}

/// Parameters by name, ready to compare. A map, because a hostile URI has thousands of them.
fn by_name(params: Params<'_>) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut map = BTreeMap::new();
    for (name, value) in params.iter() {
        let value = value.map(|value| canonical(value, Case::Ignored));
        map.entry(name.to_ascii_lowercase()).or_insert(value);
    }
    map
}

/// Headers are never ignored; their order is (RFC 3261 §19.1.4).
fn same_headers(a: Option<&str>, b: Option<&str>) -> bool {
    let fields = |text: Option<&str>| -> Vec<Vec<u8>> {
        let mut all: Vec<_> = text
            .unwrap_or_default()
            .split('&')
            .filter(|field| !field.is_empty())
            .map(|field| {
                let (name, value) = field.split_once('=').unwrap_or((field, ""));
                let mut key = canonical(name, Case::Ignored);
                key.push(b'=');
                key.extend(canonical(value, Case::Matters));
                key
            })
            .collect();
        all.sort();
        all
    };
    fields(a) == fields(b)
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Case {
    Matters,
    Ignored,
}

fn same_optional(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a == b || canonical(a, Case::Matters) == canonical(b, Case::Matters),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The octets with those escapes decoded that stand for unreserved characters; an escaped reserved one stays escaped, in
/// upper case, for it differs from the plain one (RFC 3261 §19.1.4).
fn canonical(text: &str, case: Case) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(octet) = bytes.get(at) {
        let (octet, step) = match escape_at(bytes, at) {
            Some(decoded) if b";/?:@&=+$,%".contains(&decoded) => {
                out.extend(bytes[at..at + 3].to_ascii_uppercase());
                at += 3;
                continue;
            }
            Some(decoded) => (decoded, 3),
            None => (*octet, 1),
        };
        out.push(if case == Case::Ignored { octet.to_ascii_lowercase() } else { octet });
        at += step;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let (a, b) = (Uri::parse(a).unwrap(), Uri::parse(b).unwrap());
        assert_eq!(a.is_equivalent(&b), b.is_equivalent(&a), "{a} {b}");
        a.is_equivalent(&b)
    }

    #[test]
    fn the_examples_of_the_rfc_are_equivalent() {
        assert!(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
        assert!(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
        assert!(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"));
        assert!(same(
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
        ));
        assert!(same(
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
        ));
    }

    #[test]
    fn the_counter_examples_of_the_rfc_are_not() {
        assert!(!same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
        assert!(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
        assert!(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
        assert!(!same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
        assert!(!same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
        assert!(!same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
        assert!(!same("sip:a%3Bb@h", "sip:a;b@h"));
        assert!(!same("sip:a@h", "sips:a@h"));
    }

    #[test]
    fn telephone_numbers_compare_without_separators() {
        assert!(same("tel:+33-1-23-45-67-89", "tel:+33123456789"));
        assert!(same("tel:0123;phone-context=+33;ext=2", "tel:0123;ext=2;phone-context=+33"));
        assert!(!same("tel:0123;phone-context=+33", "tel:0123"));
        assert!(!same("tel:+33123456789", "sip:+33123456789@h"));
    }

    #[test]
    fn addresses_compare_as_addresses() {
        assert!(same("sip:a@[2001:DB8::1]", "sip:a@[2001:db8:0:0::1]"));
        assert!(same("sip:a@[2001:db8:::192.0.2.1]", "sip:a@[2001:db8::192.0.2.1]"));
    }
}
