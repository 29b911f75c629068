//! An operator's trunk: whose calls it brings, how many at once, where the dialled number stands, what is shown outside.
//!
//! It sends nothing and resolves no name: `io` resolves the registrar's.

use std::net::IpAddr;

use super::caller::CalledSource;
use crate::base::name::Name;
use crate::base::pii::Pii;

/// An operator's trunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trunk {
    /// Its name in the site.
    pub(crate) name: Name,
    /// Only these may call, whatever their port (rule T1).
    pub(crate) peers: Vec<Peer>,
    /// Whether its P-Asserted-Identity is believed: an operator's is (RFC 3325 §3).
    pub(crate) trusted: bool,
    /// Calls at once, both directions; none: as many as the server carries.
    pub(crate) channels: Option<usize>,
    /// Where the dialled number is looked for, in order.
    pub(crate) called_number: Vec<CalledSource>,
    /// What number a call shows that leaves by it.
    pub(crate) present: Present,
    /// How numbers are written towards it.
    pub(crate) dial: Dial,
}

impl Trunk {
    /// Whether a message from this address is this trunk's.
    pub(crate) fn accepts(&self, remote: IpAddr) -> bool {
        self.peers.iter().any(|peer| peer.contains(remote))
    }

    /// Whether one more call fits beside `calls`.
    pub(crate) fn has_room(&self, calls: usize) -> bool {
        self.channels.is_none_or(|channels| calls < channels)
    }

    /// The user part under which a number in normal form is dialled through this trunk.
    pub(crate) fn dialled(&self, number: &str) -> String {
        match (self.dial, number.strip_prefix('+')) {
            (Dial::E164, _) | (_, None) => number.to_owned(),
            (Dial::International, Some(digits)) => format!("00{digits}"),
            (Dial::National, Some(digits)) => {
                super::number::national(number).unwrap_or_else(|| format!("00{digits}"))
            }
        }
    }

    /// What a call through this trunk shows for this caller (rule C5): never the number of a secret one.
    pub(crate) fn shown(&self, caller: Option<&Pii<String>>) -> Shown {
        let shown = |how: fn(Pii<String>) -> Shown| caller.cloned().map_or(Shown::Anonymous, how);
        match self.present {
            Present::Company => Shown::Company,
            Present::Anonymous => Shown::Anonymous,
            Present::Caller => shown(Shown::Caller),
            Present::CallerIfDiverted => shown(Shown::Diverted),
        }
    }
}

/// An address, or a network of them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    address: IpAddr,
    prefix: u8,
}

impl Peer {
    /// Reads `192.0.2.10`, `192.0.2.0/24`, `2001:db8::/32`; none if it is neither.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(longest), |prefix| prefix.trim().parse().ok())?;
        // `::ffff:192.0.2.0/120` is `192.0.2.0/24`.
        let mapped = if address.to_canonical() == address { 0 } else { 96 };
        (mapped..=longest)
            .contains(&prefix)
            .then(|| Self { address: address.to_canonical(), prefix: prefix - mapped })
    }

    /// Whether the address is in it. IPv4 mapped into IPv6 counts as IPv4: a dual-stack socket reports it so.
    pub(crate) fn contains(self, remote: IpAddr) -> bool {
        match (self.address, remote.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                shifted(own.to_bits().into(), self.prefix, 32)
                    == shifted(other.to_bits().into(), self.prefix, 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                shifted(own.to_bits(), self.prefix, 128) == shifted(other.to_bits(), self.prefix, 128)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// The address when it is one, not a network.
    pub(crate) fn address(self) -> IpAddr {
        self.address
    }
}

/// The bits of the network alone; a shift by the whole width leaves none.
fn shifted(bits: u128, prefix: u8, width: u32) -> u128 {
    bits.checked_shr(width.saturating_sub(prefix.into())).unwrap_or(0)
}

/// What number a call shows that leaves.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Present {
    /// The company's number that the caller dialled.
    #[default]
    Company,
    /// The caller's.
    Caller,
    /// The caller's, with the Diversion that proves the forward: without it many operators let no foreign number pass.
    CallerIfDiverted,
    /// None.
    Anonymous,
}

/// How numbers are written towards an operator.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dial {
    /// `+33612345678`.
    #[default]
    E164,
    /// `0033612345678`.
    International,
    /// `0612345678`; `00...` for what is abroad.
    National,
}

/// What a call that leaves shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The company's number that the caller dialled.
    Company,
    /// The caller's.
    Caller(Pii<String>),
    /// The caller's, with a Diversion that names the company's.
    Diverted(Pii<String>),
    /// One of the company's.
    Number(Name),
    /// `anonymous@anonymous.invalid`.
    Anonymous,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::caller::{CALLED_ORDER, caller};

    fn trunk(peers: &[&str], present: Present) -> Trunk {
        Trunk {
            name: Name::from("operateur"),
            peers: peers.iter().map(|peer| Peer::parse(peer).unwrap()).collect(),
            trusted: true,
            channels: Some(2),
            called_number: CALLED_ORDER.to_vec(),
            present,
            dial: Dial::E164,
        }
    }

    #[test]
    fn only_its_peers_may_call_whatever_form_the_socket_reports() {
        let trunk = trunk(
            &["192.0.2.10", "198.51.100.0/24", "2001:db8::/32", "::ffff:203.0.113.1"],
            Present::Company,
        );
        let accepts = |text: &str| trunk.accepts(text.parse().unwrap());
        assert!(accepts("192.0.2.10") && accepts("::ffff:192.0.2.10") && accepts("198.51.100.255"));
        assert!(accepts("2001:db8:1::5") && !accepts("2001:db9::1"));
        assert!(!accepts("192.0.2.11") && !accepts("198.51.101.0"));
        let everyone = Peer::parse("0.0.0.0/0").unwrap();
        assert!(everyone.contains("8.8.8.8".parse().unwrap()) && !everyone.contains("::1".parse().unwrap()));
        for text in ["192.0.2.10/33", "sip.operateur.example", "192.0.2", "1.2.3.4/x", ""] {
            assert_eq!(Peer::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_channels_are_a_bound() {
        let trunk = trunk(&["192.0.2.10"], Present::Company);
        assert!(trunk.has_room(1) && !trunk.has_room(2));
    }

    #[test]
    fn a_secret_number_never_leaves() {
        let secret = caller(true, &["<tel:+33612345678>".to_owned()], "<sip:06@x>", &[], Some("id"));
        let open = caller(true, &[], "<sip:0612345678@x>", &[], None);
        let number = || Pii::new("+33612345678".to_owned());
        for (present, of_secret, of_open) in [
            (Present::Company, Shown::Company, Shown::Company),
            (Present::Anonymous, Shown::Anonymous, Shown::Anonymous),
            (Present::Caller, Shown::Anonymous, Shown::Caller(number())),
            (Present::CallerIfDiverted, Shown::Anonymous, Shown::Diverted(number())),
        ] {
            let trunk = trunk(&["192.0.2.10"], present);
            assert_eq!(trunk.shown(secret.number.as_ref()), of_secret, "{present:?}");
            assert_eq!(trunk.shown(open.number.as_ref()), of_open, "{present:?}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_operator_wants() {
        let mut trunk = trunk(&["192.0.2.10"], Present::Company);
        assert_eq!(trunk.dialled("+33612345678"), "+33612345678");
        trunk.dial = Dial::International;
        assert_eq!(trunk.dialled("+33612345678"), "0033612345678");
        assert_eq!(trunk.dialled("3018"), "3018");
        trunk.dial = Dial::National;
        assert_eq!(trunk.dialled("+33612345678"), "0612345678");
        assert_eq!(trunk.dialled("+377612345678"), "00377612345678");
    }
}
