//! What the driver writes into the log: events of the switchboard, callers masked (law 7). What strangers can bring about has a
//! bound: a flood of lines is an attack too.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use crate::base::limit::{LOG_LINES_BURST, LOG_LINES_PER_SOURCE};
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Duration, Instant};
use crate::sip::endpoint::{TrunkState, WrongPassword};
use crate::switchboard::{Event, Input};

/// An input in one line of the log, without a body or a number in clear.
pub(super) struct Brief<'a>(pub(super) &'a Input);

impl std::fmt::Debug for Brief<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Input::Sip(datagram) => {
                write!(f, "{} octets of SIP from {}", datagram.bytes.len(), datagram.remote)
            }
            Input::Order(_) => write!(f, "an order"),
            // A key may be a digit of a PIN.
            Input::Media(event) => write!(f, "the data plane, about {:?}", event.session()),
            other => write!(f, "{other:?}"),
        }
    }
}

/// What of a kind may be said: a burst, then a line each second; of one address a few lines a minute, so that one does not
/// drown the others.
#[derive(Debug, Default)]
pub(super) struct Faucet {
    lines: u32,
    filled: Instant,
    minute: Instant,
    sources: BTreeMap<IpAddr, u32>,
    /// Lines that were not said since the last one.
    unsaid: u64,
}

impl Faucet {
    /// Whether a line may be said, and how many were not since the last.
    pub(super) fn lets(&mut self, now: Instant, source: Option<IpAddr>) -> Option<u64> {
        let seconds = u32::try_from(now.since(self.filled).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            self.filled = now;
            self.lines = self.lines.saturating_sub(seconds);
        }
        if now.since(self.minute) >= Duration::from_secs(60) {
            self.minute = now;
            self.sources.clear();
        }
        let full = self.lines >= LOG_LINES_BURST;
        let of_source = source.map_or(0, |source| self.sources.get(&source).copied().unwrap_or(0));
        if full || of_source >= LOG_LINES_PER_SOURCE {
            self.unsaid += 1;
            return None;
        }
        self.lines += 1;
        if let Some(source) = source {
            *self.sources.entry(source).or_default() += 1;
        }
        Some(std::mem::take(&mut self.unsaid))
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Log {
    peers: Faucet,
    strangers: Faucet,
    passwords: Faucet,
}

impl Log {
    /// What observers were told, as a line.
    pub(super) fn event(&mut self, now: Instant, event: &Event) {
        match event {
            Event::CallBegan { call, caller, number, flow } => {
                let caller = caller.as_ref().map_or_else(|| "no number".to_owned(), ToString::to_string);
                tracing::info!(%call, %caller, %number, %flow, "call");
            }
            Event::CallRefused { status, why, remote, called, caller, peer } => {
                let faucet = if *peer { &mut self.peers } else { &mut self.strangers };
                let Some(unsaid) = faucet.lets(now, remote.map(|remote| remote.ip())) else { return };
                let (from, port) = place(*remote);
                // What a peer of ours sends in vain, its operator must see.
                if *peer {
                    tracing::warn!(from, port, called, %caller, status, why, unsaid, "a call was refused");
                } else {
                    tracing::info!(from, port, called, %caller, status, why, unsaid, "a stranger's call was refused");
                }
            }
            Event::Turned(turned) => {
                let Some(unsaid) = self.strangers.lets(now, Some(turned.remote.ip())) else { return };
                let (from, port) = place(Some(turned.remote));
                let (method, user, status, why) = (&turned.method, &turned.user, turned.status, &turned.why);
                tracing::info!(from, port, %method, user, status, %why, unsaid, "a request was refused");
            }
            Event::WrongPassword(wrong) => self.wrong_password(now, wrong),
            Event::Leg { call, leg } => {
                let who = leg.who.as_ref().map(ToString::to_string);
                // The contact of an agent's phone says nothing that the agent does not, and masked it says nothing at all.
                let to = (who.is_none() || leg.trunk.is_some()).then(|| leg.to.to_string());
                let (trunk, outcome) = (leg.trunk.as_ref().map(ToString::to_string), leg.outcome.as_str());
                tracing::info!(
                    %call, outcome, who, to, trunk, status = leg.status, phrase = leg.phrase,
                    reason = leg.reason, warning = leg.warning, ring_ms = leg.ring_ms, "leg"
                );
            }
            Event::Block { call, block } => tracing::debug!(%call, %block, "block"),
            Event::Connected { call, with } => tracing::info!(%call, with = %masked(with), "connected"),
            Event::Parted { call, who, lost: None } => {
                tracing::info!(%call, who = %masked(who), "has hung up")
            }
            Event::Parted { call, who, lost: Some(why) } => {
                tracing::warn!(%call, who = %masked(who), why, "is lost in the talk");
            }
            Event::Business { call, event, .. } => tracing::info!(%call, %event, "business event"),
            Event::CallbackPromised { call, queue } => tracing::info!(%call, %queue, "call back promised"),
            Event::CallEnded { call, why } => tracing::info!(%call, %why, "call ended"),
            Event::AgentReachable(agent, true) => tracing::info!(%agent, "agent reachable"),
            Event::AgentReachable(agent, false) => tracing::info!(%agent, "agent not reachable"),
            Event::Trunk { trunk, state, changed } => {
                let words = state.in_words();
                match (state, changed) {
                    // Thousands of refreshes a day are no news, and would bury the failure.
                    (TrunkState::Registered(_), false) => tracing::debug!(%trunk, state = %words, "trunk"),
                    (TrunkState::Registered(_), true) => tracing::info!(%trunk, state = %words, "trunk"),
                    (TrunkState::Failing { .. }, _) => tracing::warn!(%trunk, state = %words, "trunk"),
                }
            }
            Event::Alarm(what) => tracing::error!(what = %what.english(), "alarm"),
        }
    }

    /// In a form that fail2ban reads: `wrong password from="198.51.100.7" …`, `banned from="198.51.100.7" …`.
    fn wrong_password(&mut self, now: Instant, wrong: &WrongPassword) {
        let (from, port) = place(Some(wrong.remote));
        let (method, user, tries) = (&wrong.method, &wrong.user, wrong.tries);
        if let Some(unsaid) = self.passwords.lets(now, None) {
            tracing::warn!(from, port, %method, user, tries, unsaid, "wrong password");
        }
        if let Some(length) = wrong.banned {
            tracing::warn!(from, port, tries, seconds = length.as_secs(), "banned");
        }
    }
}

/// An agent by name, a number masked.
fn masked(who: &Name) -> String {
    let is_number = who.strip_prefix('+').unwrap_or(who).bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Pii::new(who.to_string()).to_string() } else { who.to_string() }
}

fn place(remote: Option<SocketAddr>) -> (Option<String>, Option<u16>) {
    (remote.map(|remote| remote.ip().to_canonical().to_string()), remote.map(|remote| remote.port()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn one_address_does_not_drown_the_others_and_a_flood_is_counted() {
        let mut faucet = Faucet::default();
        let address = |n: u32| Some(IpAddr::from(std::net::Ipv4Addr::from(n)));
        let said = (0..100).filter(|_| faucet.lets(at(0), address(1)).is_some()).count();
        assert_eq!(said, LOG_LINES_PER_SOURCE as usize);
        assert_eq!(faucet.lets(at(0), address(2)), Some(100 - u64::from(LOG_LINES_PER_SOURCE)));
        let flood = (10..1_000).filter(|n| faucet.lets(at(10), address(*n)).is_some()).count();
        assert_eq!(flood, (LOG_LINES_BURST - LOG_LINES_PER_SOURCE - 1) as usize);
        assert!(faucet.lets(at(900), address(5)).is_none());
        assert!(faucet.lets(at(5_000), address(5)).is_some_and(|unsaid| unsaid > 900));
        assert!(faucet.lets(at(61_000), address(1)).is_some(), "a minute later it is heard again");
    }
}
