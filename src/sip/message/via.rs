//! One Via value (RFC 3261 §20.42, RFC 3581): who asked, and where the answer goes.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use super::host::{ip, split_port};
use super::lex::{Span, is_token};
use super::params::Params;
use super::scan::find_open;

/// The mark of a branch that is unique (RFC 3261 §8.1.1.7).
pub(crate) const BRANCH_COOKIE: &str = "z9hG4bK";
/// The port of SIP over UDP and TCP when none is written (RFC 3261 §19.1.2).
pub(crate) const DEFAULT_PORT: u16 = 5060;

/// A Via value, with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    text: Box<str>,
    transport: Span,
    host: Span,
    port: Option<u16>,
    params: Span,
}

impl Via {
    /// Reads one value, `SIP/2.0/UDP host:port;branch=…`, with blanks wherever RFC 3261 §25.1 allows them. Unknown
    /// transports are fine (RFC 4475 §3.1.1.10), empty parameters are not (§3.1.2.1).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t']);
        let first = text.find('/')?;
        let second = first + 1 + text[first + 1..].find('/')?;
        let (protocol, version) = (text[..first].trim(), text[first + 1..second].trim());
        if !is_token(protocol.as_bytes()) || !is_token(version.as_bytes()) {
            return None;
        }
        let after = &text[second + 1..];
        let transport_start = text.len() - after.trim_start().len();
        let transport_end = transport_start + text[transport_start..].find([' ', '\t'])?;
        if !is_token(&text.as_bytes()[transport_start..transport_end]) {
            return None;
        }
        let params_start = find_open(text, b';').unwrap_or(text.len());
        let sent_by = text.get(transport_end..params_start)?;
        let host_start = params_start - sent_by.trim_start().len();
        let (host, port) = split_port(sent_by.trim())?;
        let params = Span::new(params_start, text.len());
        if !Params::new(params.str(text)).are_named() {
            return None;
        }
        Some(Self {
            transport: Span::new(transport_start, transport_end),
            host: Span::new(host_start, host_start + host.len()),
            port,
            params,
            text: text.into(),
        })
    }

    /// The text as it came, unfolded.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The transport as it is written: `UDP`, `tcp`, `SCTP`…
    pub fn transport(&self) -> &str {
        self.transport.str(&self.text)
    }

    /// The host of the sent-by; IPv6 in brackets, as it is written.
    pub fn host(&self) -> &str {
        self.host.str(&self.text)
    }

    /// The port of the sent-by, if one is written.
    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }

    /// Its parameters.
    pub(crate) fn params(&self) -> Params<'_> {
        Params::new(self.params.str(&self.text))
    }

    /// The branch.
    pub fn branch(&self) -> Option<Cow<'_, str>> {
        self.params().value("branch")
    }

    /// The branch, if it identifies a transaction: it begins with the cookie and has more behind it. Else the rules of
    /// RFC 2543 apply (RFC 3261 §17.2.3, RFC 4475 §3.2.1).
    pub fn unique_branch(&self) -> Option<Cow<'_, str>> {
        let branch = self.branch()?;
        // The cookie's case is not to be relied upon: branches compare without case (RFC 3261 §7.3.1).
        let cookie = branch.get(..BRANCH_COOKIE.len())?;
        let is_unique = cookie.eq_ignore_ascii_case(BRANCH_COOKIE) && branch.len() > BRANCH_COOKIE.len();
        is_unique.then_some(branch)
    }

    /// The address in `received`, with or without brackets (RFC 5118 §4.5).
    pub fn received(&self) -> Option<IpAddr> {
        self.params().value("received").and_then(|host| ip(&host))
    }

    /// `rport` is there, with or without a value (RFC 3581): the sender wants the answer at its source port.
    pub(crate) fn wants_rport(&self) -> bool {
        self.params().has("rport")
    }

    /// Where the answer to a datagram from `source` goes: always to the address that it really came from; to its source
    /// port with `rport` (RFC 3581 §4), else to the port of the sent-by (RFC 3261 §18.2.2).
    pub(crate) fn answer_to(&self, source: SocketAddr) -> SocketAddr {
        let port = if self.wants_rport() { source.port() } else { self.port.unwrap_or(DEFAULT_PORT) };
        SocketAddr::new(source.ip(), port)
    }

    /// The value with `received` and `rport` as we saw them, whatever was claimed (RFC 3261 §18.2.1, RFC 3581 §4).
    pub(crate) fn stamped(&self, source: SocketAddr) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(self.text.len() + 40);
        text.push_str(self.text[..self.params.start()].trim_end());
        let wants_rport = self.wants_rport();
        for (name, value) in self.params().iter() {
            if name.eq_ignore_ascii_case("received") || name.eq_ignore_ascii_case("rport") {
                continue;
            }
            let _ = match value {
                Some(value) => write!(text, ";{name}={value}"),
                None => write!(text, ";{name}"),
            };
        }
        if wants_rport || ip(self.host()) != Some(source.ip()) {
            // RFC 5118 §4.5: an IPv6 address stands in `received` without brackets.
            let _ = write!(text, ";received={}", source.ip());
        }
        if wants_rport {
            let _ = write!(text, ";rport={}", source.port());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn via(text: &str) -> Via {
        Via::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn blanks_stand_wherever_the_grammar_allows_them() {
        let via = via("SIP / 2.0 / UDP  h.example : 5061 ; branch = z9hG4bKx ;rport");
        assert_eq!((via.transport(), via.host(), via.port()), ("UDP", "h.example", Some(5061)));
        assert_eq!(via.branch().as_deref(), Some("z9hG4bKx"));
        assert!(via.wants_rport());
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "SIP/2.0/UDP",
            "SIP/2.0 h;branch=1",
            "SIP/2.0/UDP 192.0.2.15;;",
            "SIP/2.0/UDP ;branch=1",
            "SIP/2.0/UDP h:port",
            "SIP/2.0/UDP 2001:db8::1;branch=1",
            "SIP/2.0/UDP a b;branch=1",
            "//x h",
        ] {
            assert_eq!(Via::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_bare_cookie_is_no_transaction_identifier() {
        assert_eq!(via("SIP/2.0/UDP h;branch=z9hG4bK").unique_branch(), None);
        assert_eq!(via("SIP/2.0/UDP h;branch=1").unique_branch(), None);
        assert_eq!(via("SIP/2.0/UDP h").unique_branch(), None);
        assert_eq!(via("SIP/2.0/UDP h;branch=z9hG4bK1").unique_branch().as_deref(), Some("z9hG4bK1"));
    }

    #[test]
    fn received_is_read_with_and_without_brackets() {
        let expected = "2001:db8::9:255".parse().ok();
        assert_eq!(
            via("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3").received(),
            expected
        );
        assert_eq!(
            via("SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3").received(),
            expected
        );
    }

    #[test]
    fn forged_received_and_rport_are_overwritten() {
        let source: SocketAddr = "192.0.2.7:4711".parse().unwrap();
        let forged =
            via("SIP/2.0/UDP 10.0.0.1:5070;received=127.0.0.9;rport=9;branch=z9hG4bK1;maddr=127.0.0.8");
        assert_eq!(
            forged.stamped(source),
            "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1;maddr=127.0.0.8;received=192.0.2.7;rport=4711"
        );
        assert_eq!(forged.answer_to(source), source);
        let plain = via("SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK1;received=127.0.0.9");
        assert_eq!(plain.stamped(source), "SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bK1");
        assert_eq!(plain.answer_to(source), "192.0.2.7:5070".parse().unwrap());
        let v6 = via("SIP/2.0/UDP [2001:db8::1];rport;branch=z9hG4bK1");
        let source = "[2001:db8::2]:5060".parse().unwrap();
        assert_eq!(
            v6.stamped(source),
            "SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1;received=2001:db8::2;rport=5060"
        );
    }
}
