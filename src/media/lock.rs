//! Whose packets a session takes, and where it sends: symmetric RTP that a stranger cannot turn.
//!
//! The SDP address is believed. Another source (a NAT, a rebinding) must come from the same IP, or the SDP address must be one
//! that cannot be reached from outside; it must send what was negotiated, under the SSRC that is known, in sequence, for five
//! packets; and only at the beginning, or once the known source is silent. Nothing is sent to it before that. The class of faults
//! that this closes came back in others more often than any other (AST-2017-005, AST-2017-008, CVE-2025-53399). Read RFC 7362.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::base::time::{Duration, Instant};

/// Packets in sequence that a new source must show.
const PROOF: u8 = 5;
/// A lost packet or two between them is not held against it.
const GAP_MAX: u16 = 3;
/// A new source may come this long after the address was settled.
const EARLY: Duration = Duration::from_secs(3);
/// Or when the known source has been silent this long.
const SILENCE: Duration = Duration::from_secs(2);
/// Or sooner, if it carries on the sequence of the known source: only who has heard that can (a NAT that rebound).
const SILENCE_OF_A_HEIR: Duration = Duration::from_millis(200);
/// How far an heir may be ahead: ten seconds of packets.
const HEIR_AHEAD_MAX: u16 = 500;
/// Sources under examination at once: a sprayer must not push out the true one.
const CANDIDATES: usize = 4;
/// A candidate that says nothing for this long gives its place away.
const CANDIDATE_IDLE: Duration = Duration::from_millis(500);

/// What the lock looks at in a packet.
#[derive(Copy, Clone, Debug)]
pub(super) struct Seen {
    pub(super) from: SocketAddr,
    pub(super) ssrc: u32,
    pub(super) sequence: u16,
}

/// What becomes of a packet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It comes from the source that is known.
    Known,
    /// It is the first of a source that is known from now on.
    Locked,
    /// It is a stranger's.
    Refused,
}

#[derive(Clone, Debug)]
pub(super) struct Lock {
    /// Where SDP says that the peer is.
    said: SocketAddr,
    /// The SDP address cannot be reached: any IP may be the peer's NAT.
    hidden: bool,
    since: Instant,
    known: Option<Known>,
    candidates: [Option<Candidate>; CANDIDATES],
}

#[derive(Copy, Clone, Debug)]
struct Known {
    from: SocketAddr,
    ssrc: u32,
    sequence: u16,
    at: Instant,
}

#[derive(Copy, Clone, Debug)]
struct Candidate {
    from: SocketAddr,
    ssrc: u32,
    sequence: u16,
    count: u8,
    at: Instant,
}

impl Lock {
    /// The peer says in SDP that it is at `said`; we are at `local`.
    pub(super) fn new(now: Instant, said: SocketAddr, local: SocketAddr) -> Self {
        let hidden = is_hidden(said.ip(), local.ip());
        Self { said, hidden, since: now, known: None, candidates: [None; CANDIDATES] }
    }

    /// Where SDP says that the peer is.
    pub(super) fn said(&self) -> SocketAddr {
        self.said
    }

    /// Where to send.
    pub(super) fn target(&self) -> SocketAddr {
        self.known.map_or(self.said, |known| known.from)
    }

    /// Whether an RTCP packet may be the peer's: its IP is where we send or where SDP says.
    pub(super) fn is_peer(&self, ip: IpAddr) -> bool {
        ip == self.target().ip() || ip == self.said.ip()
    }

    /// Judges a packet of a negotiated payload type.
    pub(super) fn judge(&mut self, now: Instant, seen: Seen) -> Verdict {
        let fresh = Known { from: seen.from, ssrc: seen.ssrc, sequence: seen.sequence, at: now };
        let same = self.known.is_some_and(|known| known.from == seen.from);
        if same {
            self.known = Some(fresh);
            return Verdict::Known;
        }
        // Nobody else is known: the SDP address speaks for itself.
        let said = self.known.is_none() && seen.from == self.said;
        if said || self.may_be_peer(now, &seen) && self.proven(now, &seen) {
            self.lock(fresh);
            return Verdict::Locked;
        }
        Verdict::Refused
    }

    fn lock(&mut self, known: Known) {
        self.known = Some(known);
        self.candidates = [None; CANDIDATES];
    }

    fn may_be_peer(&self, now: Instant, seen: &Seen) -> bool {
        if seen.from.ip() != self.said.ip() && !self.hidden {
            return false;
        }
        let Some(known) = &self.known else { return true };
        // Whoever else was taken for the peer, the address that it names itself can always claim it back.
        if seen.from == self.said {
            return true;
        }
        if seen.ssrc != known.ssrc {
            return false;
        }
        let silent = now.since(known.at);
        let heir = (1..=HEIR_AHEAD_MAX).contains(&seen.sequence.wrapping_sub(known.sequence));
        now.since(self.since) <= EARLY || silent >= SILENCE || heir && silent >= SILENCE_OF_A_HEIR
    }

    /// Counts a packet of a candidate; true when it has shown enough.
    fn proven(&mut self, now: Instant, seen: &Seen) -> bool {
        let place = self
            .candidates
            .iter()
            .position(|slot| slot.as_ref().is_some_and(|candidate| candidate.from == seen.from))
            .or_else(|| {
                let free = |slot: &Option<Candidate>| match slot {
                    Some(candidate) => now.since(candidate.at) > CANDIDATE_IDLE,
                    None => true,
                };
                self.candidates.iter().position(free)
            });
        let Some(slot) = place.and_then(|place| self.candidates.get_mut(place)) else { return false };
        let first =
            Candidate { from: seen.from, ssrc: seen.ssrc, sequence: seen.sequence, count: 1, at: now };
        let candidate = slot.get_or_insert(first);
        let step = seen.sequence.wrapping_sub(candidate.sequence);
        let same = candidate.from == seen.from && candidate.ssrc == seen.ssrc;
        if same && (1..=GAP_MAX).contains(&step) {
            *candidate = Candidate { count: candidate.count + 1, ..first };
        } else if !same || step != 0 {
            *candidate = first;
        }
        candidate.count >= PROOF
    }
}

/// Whether the address that SDP names cannot be that from which packets come: it is private, behind a NAT. The loopback of the
/// same machine is no NAT; but a telephone on this machine that talks to its loopback may name another address of it.
fn is_hidden(said: IpAddr, local: IpAddr) -> bool {
    if said.is_loopback() {
        return !local.is_loopback() && !local.is_unspecified();
    }
    if local.is_loopback() {
        return true;
    }
    match said {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || is_shared(ip),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// 100.64.0.0/10, the NAT of an operator (RFC 6598).
fn is_shared(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    first == 100 && second & 0xC0 == 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    const LOCAL: &str = "198.51.100.1:30000";

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn toward(said: &str) -> Lock {
        Lock::new(at(0), address(said), address(LOCAL))
    }

    /// Sends `count` packets 20 ms apart and gives how many were not refused.
    fn send(lock: &mut Lock, from: &str, ssrc: u32, first: u16, ms: u64, count: u16) -> usize {
        let seen = |n: u16| Seen { from: address(from), ssrc, sequence: first.wrapping_add(n) };
        (0..count).filter(|&n| lock.judge(at(ms + u64::from(n) * 20), seen(n)) != Verdict::Refused).count()
    }

    #[test]
    fn the_sdp_address_is_believed_at_once() {
        let mut lock = toward("203.0.113.9:4000");
        assert_eq!(lock.target(), address("203.0.113.9:4000"));
        let seen = Seen { from: address("203.0.113.9:4000"), ssrc: 1, sequence: 65_535 };
        assert_eq!(lock.judge(at(0), seen), Verdict::Locked);
        assert_eq!(lock.judge(at(20), Seen { sequence: 0, ..seen }), Verdict::Known);
        // The same source may change its SSRC.
        assert_eq!(lock.judge(at(40), Seen { ssrc: 2, ..seen }), Verdict::Known);
    }

    #[test]
    fn another_port_of_the_same_nat_is_found_within_100_ms() {
        let mut lock = toward("203.0.113.9:4000");
        assert_eq!(send(&mut lock, "203.0.113.9:61000", 7, 100, 0, 10), 6);
        assert_eq!(lock.target(), address("203.0.113.9:61000"));
        let mut private = toward("192.168.1.20:4000");
        assert_eq!(send(&mut private, "203.0.113.77:61000", 7, 65_533, 0, 10), 6);
    }

    #[test]
    fn a_sprayer_gets_nothing() {
        let mut lock = toward("203.0.113.9:4000");
        // Before anything was heard, from elsewhere.
        assert_eq!(send(&mut lock, "192.0.2.66:5000", 9, 1, 0, 200), 0);
        assert_eq!(lock.target(), address("203.0.113.9:4000"));
        // After the lock, even from the same IP, with another SSRC, early, late, in the silence.
        send(&mut lock, "203.0.113.9:4000", 7, 1, 0, 10);
        assert_eq!(send(&mut lock, "203.0.113.9:5000", 9, 1, 200, 50), 0);
        assert_eq!(send(&mut lock, "203.0.113.9:5000", 9, 1, 60_000, 500), 0);
        assert_eq!(send(&mut lock, "192.0.2.66:5000", 7, 11, 60_000, 500), 0);
        assert_eq!(lock.target(), address("203.0.113.9:4000"));
    }

    #[test]
    fn a_sprayer_with_the_right_ssrc_does_not_displace_a_source_that_speaks() {
        let mut lock = toward("203.0.113.9:4000");
        for n in 0..500u16 {
            let now = at(u64::from(n) * 20);
            let good = Seen { from: address("203.0.113.9:4000"), ssrc: 7, sequence: n };
            let evil = Seen { from: address("203.0.113.9:5000"), ssrc: 7, sequence: n.wrapping_add(1) };
            assert_ne!(lock.judge(now, good), Verdict::Refused);
            if n > 160 {
                assert_eq!(lock.judge(now, evil), Verdict::Refused, "packet {n}");
            }
        }
    }

    #[test]
    fn random_ports_and_sequences_do_not_make_a_proof_and_do_not_keep_the_true_one_out() {
        let mut rng = crate::base::rng::Rng::seeded(1);
        let mut lock = toward("10.0.0.1:4000");
        for n in 0..100u64 {
            let from = SocketAddr::from(([192, 0, 2, 66], rng.u32() as u16));
            let seen = Seen { from, ssrc: rng.u32(), sequence: rng.u32() as u16 };
            assert_eq!(lock.judge(at(n), seen), Verdict::Refused);
        }
        assert_eq!(send(&mut lock, "203.0.113.9:61000", 7, 1, 1_000, 10), 6);
    }

    #[test]
    fn a_nat_that_rebinds_is_followed_within_a_second() {
        let mut lock = toward("203.0.113.9:4000");
        send(&mut lock, "203.0.113.9:4000", 7, 1, 0, 500);
        // Goes on at another port without a pause: refused for 200 ms, then five packets.
        let taken = send(&mut lock, "203.0.113.9:4999", 7, 501, 10_000, 50);
        assert!((35..45).contains(&taken), "{taken}");
        // Back after a long silence with a sequence of its own.
        assert_eq!(send(&mut lock, "203.0.113.9:4000", 7, 40_000, 20_000, 10), 6);
    }

    #[test]
    fn the_sdp_address_wins_back_what_another_took() {
        // Behind a NAT anybody may be the peer, as long as the peer says nothing.
        let mut lock = toward("192.168.1.20:4000");
        assert_eq!(send(&mut lock, "192.0.2.66:666", 66, 1, 0, 20), 16);
        assert_eq!(send(&mut lock, "192.168.1.20:4000", 7, 1, 10_000, 20), 16);
        assert_eq!(lock.target(), address("192.168.1.20:4000"));
        assert_eq!(send(&mut lock, "192.0.2.66:666", 66, 21, 10_400, 500), 0);
    }

    #[test]
    fn hidden_is_what_a_nat_hides() {
        for said in
            ["192.168.0.1", "10.1.2.3", "172.16.0.1", "100.64.0.1", "169.254.1.1", "127.0.0.1", "fd00::1"]
        {
            assert!(is_hidden(said.parse().unwrap(), "198.51.100.1".parse().unwrap()), "{said}");
        }
        for said in ["203.0.113.1", "100.128.0.1", "2001:db8::1"] {
            assert!(!is_hidden(said.parse().unwrap(), "198.51.100.1".parse().unwrap()), "{said}");
        }
        assert!(!is_hidden("127.0.0.1".parse().unwrap(), "127.0.0.5".parse().unwrap()));
        // Only this machine can reach its loopback, whichever of its addresses it names.
        assert!(is_hidden("203.0.113.9".parse().unwrap(), "127.0.0.1".parse().unwrap()));
    }
}
