//! The brake on guessing passwords: who has failed too often from one address is not heard any more for a while.
//!
//! Only a failure against a nonce that was given to this very address counts (`digest/server.rs`), so that nobody is shut out by
//! datagrams that merely bear their address. An address from which phones are registered is heard further for these phones.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::base::limit::SIP_SOURCES_MAX;
use crate::base::time::{Duration, Instant};

/// When an address is banned, and for how long.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuardRules {
    /// So many wrong passwords...
    pub(crate) tries: u32,
    /// ...within this...
    pub(crate) within: Duration,
    /// ...and nothing is heard for this.
    pub(crate) ban: Duration,
}

impl Default for GuardRules {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        Self { tries: 10, within: minutes(10), ban: minutes(60) }
    }
}

/// Addresses that have failed of late.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    sources: BTreeMap<IpAddr, Source>,
}

#[derive(Copy, Clone, Debug)]
struct Source {
    since: Instant,
    tries: u32,
    banned: Option<Instant>,
}

/// What a failure has led to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    /// Wrong passwords from this address so far.
    pub(crate) tries: u32,
    /// It is banned from now on.
    pub(crate) banned: bool,
}

/// An address that is not heard.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Ban {
    /// The address; of IPv6, the first of its network of 64 bits.
    pub(crate) address: IpAddr,
    /// Wrong passwords that it sent.
    pub(crate) tries: u32,
    /// For how many more seconds.
    pub(crate) seconds: u64,
}

impl Guard {
    /// A wrong password came from here.
    pub(crate) fn failed(&mut self, now: Instant, rules: GuardRules, remote: SocketAddr) -> Failed {
        let key = key(remote.ip());
        if !self.sources.contains_key(&key) && self.sources.len() >= SIP_SOURCES_MAX {
            self.forget_one(now, rules);
        }
        let fresh = Source { since: now, tries: 0, banned: None };
        let source = self.sources.entry(key).or_insert(fresh);
        if source.is_over(now, rules) {
            *source = fresh;
        }
        source.tries = source.tries.saturating_add(1);
        let banned = source.banned.is_none() && source.tries >= rules.tries;
        if banned {
            source.banned = Some(now + rules.ban);
        }
        Failed { tries: source.tries, banned }
    }

    /// Whether an address is not heard now.
    pub(crate) fn is_banned(&self, now: Instant, address: IpAddr) -> bool {
        !self.sources.is_empty()
            && self
                .sources
                .get(&key(address))
                .is_some_and(|source| source.banned.is_some_and(|end| now < end))
    }

    /// Lifts the ban of an address, or of all. How many were lifted.
    pub(crate) fn lift(&mut self, now: Instant, address: Option<IpAddr>) -> usize {
        let before = self.bans(now).len();
        match address {
            Some(address) => drop(self.sources.remove(&key(address))),
            None => self.sources.clear(),
        }
        before - self.bans(now).len()
    }

    /// All bans, by address.
    pub(crate) fn bans(&self, now: Instant) -> Vec<Ban> {
        let ban = |(address, source): (&IpAddr, &Source)| {
            let end = source.banned.filter(|end| now < *end)?;
            Some(Ban { address: *address, tries: source.tries, seconds: end.since(now).as_secs() })
        };
        self.sources.iter().filter_map(ban).collect()
    }

    /// Makes room: what is over goes first, then who has failed least of late, bans last.
    fn forget_one(&mut self, now: Instant, rules: GuardRules) {
        self.sources.retain(|_, source| !source.is_over(now, rules));
        let least = |(_, source): &(&IpAddr, &Source)| (source.banned, source.since);
        if self.sources.len() >= SIP_SOURCES_MAX
            && let Some(address) = self.sources.iter().min_by_key(least).map(|(address, _)| *address)
        {
            self.sources.remove(&address);
        }
    }
}

impl Source {
    fn is_over(&self, now: Instant, rules: GuardRules) -> bool {
        match self.banned {
            Some(end) => now >= end,
            None => now.since(self.since) > rules.within,
        }
    }
}

/// One line of IPv6 has 2^64 addresses: its network counts.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    const RULES: GuardRules =
        GuardRules { tries: 3, within: Duration::from_secs(60), ban: Duration::from_secs(600) };

    fn from(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse().unwrap(), 5060)
    }

    fn fail(guard: &mut Guard, times: u32, address: &str) {
        for _ in 0..times {
            guard.failed(at(0), RULES, from(address));
        }
    }

    #[test]
    fn who_fails_too_often_is_not_heard_for_a_while() {
        let mut guard = Guard::default();
        let attacker = from("198.51.100.7");
        let tries: Vec<_> = (0..4).map(|n| guard.failed(at(n), RULES, attacker)).collect();
        let banned: Vec<bool> = tries.iter().map(|failed| failed.banned).collect();
        assert_eq!(banned, [false, false, true, false], "a ban is told once");
        assert!(
            guard.is_banned(at(500_000), attacker.ip()) && !guard.is_banned(at(5), from("198.51.100.8").ip())
        );
        assert!(
            guard.is_banned(at(5), "::ffff:198.51.100.7".parse().unwrap()),
            "as a dual-stack socket says it"
        );
        assert_eq!(guard.bans(at(2))[0], Ban { address: attacker.ip(), tries: 4, seconds: 600 });
        assert!(!guard.is_banned(at(600_002), attacker.ip()));
        assert_eq!(guard.failed(at(600_002), RULES, attacker), Failed { tries: 1, banned: false });
    }

    #[test]
    fn a_slip_now_and_then_is_none() {
        let mut guard = Guard::default();
        for minute in 0..100 {
            assert!(!guard.failed(at(minute * 61_000), RULES, from("192.0.2.1")).banned);
        }
    }

    #[test]
    fn a_ban_is_lifted_by_hand() {
        let mut guard = Guard::default();
        for address in ["192.0.2.1", "192.0.2.2", "2001:db8:1:2::3", "2001:db8:1:2::4"] {
            fail(&mut guard, 2, address);
        }
        assert_eq!(guard.bans(at(1)).len(), 1, "two addresses of one network fail together");
        fail(&mut guard, 1, "192.0.2.1");
        fail(&mut guard, 1, "192.0.2.2");
        assert_eq!(guard.lift(at(1), Some("192.0.2.1".parse().unwrap())), 1);
        assert!(!guard.is_banned(at(1), "192.0.2.1".parse().unwrap()));
        assert_eq!((guard.lift(at(1), None), guard.lift(at(1), None)), (2, 0));
    }

    #[test]
    fn the_memory_is_bounded_and_bans_stay_longest() {
        let mut guard = Guard::default();
        fail(&mut guard, 3, "192.0.2.1");
        for n in 0..SIP_SOURCES_MAX as u32 + 10 {
            guard.failed(at(1), RULES, SocketAddr::from((std::net::Ipv4Addr::from(n), 9)));
        }
        assert_eq!(guard.sources.len(), SIP_SOURCES_MAX);
        assert!(guard.is_banned(at(2), "192.0.2.1".parse().unwrap()));
    }
}
