//! Whose packets a session takes, and where it sends: symmetric RTP that a stranger cannot turn.
//!
//! The SDP address is believed. Another source (a NAT, a rebinding) must come from the same IP, or from that which the SIP of
//! the leg comes from; it must send what was negotiated, under the SSRC that is known, in sequence, for five packets; and only
//! while nobody else speaks. Nothing is sent to it before that. The class of faults that this closes came back in others more
//! often than any other (AST-2017-005, AST-2017-008, CVE-2025-53399). Read RFC 7362.

use std::net::{IpAddr, SocketAddr};

use crate::base::time::{Duration, Instant};

/// Packets in sequence that a new source must show.
const PROOF: u8 = 5;
/// A lost packet or two between them is not held against it.
const GAP_MAX: u16 = 3;
/// A new source may come when the known one has been silent this long.
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
    /// Where the SIP of its leg comes from: a NAT lets RTP out by the same address.
    signalled: Option<IpAddr>,
    since: Instant,
    known: Option<Known>,
    /// At most [`CANDIDATES`]; hardly any session ever has one.
    candidates: Vec<Candidate>,
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
    /// The peer says in SDP that it is at `said`; its SIP comes from `signalled`.
    pub(super) fn new(now: Instant, said: SocketAddr, signalled: Option<IpAddr>) -> Self {
        Self { said, signalled, since: now, known: None, candidates: Vec::new() }
    }

    /// When SDP named the address.
    pub(super) fn since(&self) -> Instant {
        self.since
    }

    /// Whether somebody was heard there.
    pub(super) fn is_locked(&self) -> bool {
        self.known.is_some()
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
        self.candidates = Vec::new();
    }

    fn may_be_peer(&self, now: Instant, seen: &Seen) -> bool {
        let ip = seen.from.ip().to_canonical();
        if ip != self.said.ip().to_canonical() && Some(ip) != self.signalled.map(|ip| ip.to_canonical()) {
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
        silent >= SILENCE || heir && silent >= SILENCE_OF_A_HEIR
    }

    /// Counts a packet of a candidate; true when it has shown enough.
    fn proven(&mut self, now: Instant, seen: &Seen) -> bool {
        let first =
            Candidate { from: seen.from, ssrc: seen.ssrc, sequence: seen.sequence, count: 1, at: now };
        let known = self.candidates.iter().position(|candidate| candidate.from == seen.from);
        let idle = |candidate: &Candidate| now.since(candidate.at) > CANDIDATE_IDLE;
        let place = known.or_else(|| {
            let free = self.candidates.len();
            if free < CANDIDATES {
                self.candidates.push(first);
                return Some(free);
            }
            self.candidates.iter().position(idle)
        });
        let Some(candidate) = place.and_then(|place| self.candidates.get_mut(place)) else { return false };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn toward(said: &str) -> Lock {
        Lock::new(at(0), address(said), Some(address("203.0.113.77:5060").ip()))
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
            assert_eq!(lock.judge(now, evil), Verdict::Refused, "packet {n}");
        }
    }

    #[test]
    fn random_ports_and_sequences_do_not_make_a_proof_and_do_not_keep_the_true_one_out() {
        let mut rng = crate::base::rng::Rng::seeded(1);
        let mut lock = toward("10.0.0.1:4000");
        for n in 0..100u64 {
            let from = SocketAddr::from(([203, 0, 113, 77], rng.u32() as u16));
            let seen = Seen { from, ssrc: rng.u32(), sequence: rng.u32() as u16 };
            assert_eq!(lock.judge(at(n), seen), Verdict::Refused);
        }
        assert_eq!(send(&mut lock, "203.0.113.77:61000", 7, 1, 1_000, 10), 6);
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
    fn behind_a_nat_only_the_address_of_its_sip_may_be_the_peer() {
        let mut lock = toward("192.168.1.20:4000");
        assert_eq!(send(&mut lock, "192.0.2.66:666", 66, 1, 0, 500), 0);
        assert_eq!(lock.target(), address("192.168.1.20:4000"));
        assert_eq!(send(&mut lock, "203.0.113.77:666", 66, 1, 10_000, 20), 16);
        // The address that SDP names takes back what another took.
        assert_eq!(send(&mut lock, "192.168.1.20:4000", 7, 1, 20_000, 20), 16);
        assert_eq!(lock.target(), address("192.168.1.20:4000"));
        assert_eq!(send(&mut lock, "203.0.113.77:666", 66, 21, 20_400, 500), 0);
    }
}
