//! What is sent again until it is answered: the timers of RFC 3261 §17.1 and §13.3.1.4, as one small value.

use crate::base::time::{Duration, Instant};
use crate::phone::message::Transport;

/// T1, the estimate of a round trip (RFC 3261 §17.1.1.1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// T2, the longest pause between two repeats of anything but an INVITE.
pub(crate) const T2: Duration = Duration::from_secs(4);
/// 64 T1: after that nobody is there (timers B, F, H).
pub(crate) const PATIENCE: Duration = Duration::from_secs(32);

/// A message under way.
#[derive(Clone, Debug)]
pub(crate) struct Repeat {
    bytes: Vec<u8>,
    /// When it is sent again; `None` when it is not, and only the end is awaited.
    due: Option<Instant>,
    pause: Duration,
    pause_max: Duration,
    until: Instant,
}

/// What the moment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// Nothing.
    Quiet,
    /// Send this again.
    Again(Vec<u8>),
    /// Nobody has answered.
    GaveUp,
}

impl Repeat {
    /// An INVITE: on UDP at T1, 2 T1, 4 T1 … (timer A), 64 T1 in all (timer B).
    pub(crate) fn invite(bytes: Vec<u8>, transport: Transport, now: Instant) -> Self {
        Self::new(bytes, transport == Transport::Udp, PATIENCE, now)
    }

    /// Any other request, or a refusal of an INVITE: the pause grows to T2 only (timers E and G).
    pub(crate) fn other(bytes: Vec<u8>, transport: Transport, now: Instant) -> Self {
        Self::new(bytes, transport == Transport::Udp, T2, now)
    }

    /// A 2xx to an INVITE: repeated on every transport until the ACK comes (RFC 3261 §13.3.1.4).
    pub(crate) fn success(bytes: Vec<u8>, now: Instant) -> Self {
        Self::new(bytes, true, T2, now)
    }

    fn new(bytes: Vec<u8>, repeats: bool, pause_max: Duration, now: Instant) -> Self {
        Self { bytes, due: repeats.then_some(now + T1), pause: T1, pause_max, until: now + PATIENCE }
    }

    /// What is sent.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The other side is at work (a 1xx to an INVITE): no more repeats, wait until `until`.
    pub(crate) fn settle(&mut self, until: Instant) {
        self.due = None;
        self.until = until;
    }

    /// When to call [`Repeat::tick`].
    pub(crate) fn wake(&self) -> Instant {
        self.due.map_or(self.until, |due| due.min(self.until))
    }

    /// What this moment asks for.
    pub(crate) fn tick(&mut self, now: Instant) -> Beat {
        if now >= self.until {
            return Beat::GaveUp;
        }
        match self.due {
            Some(due) if now >= due => {
                self.pause = (self.pause * 2).min(self.pause_max);
                self.due = Some(due + self.pause);
                Beat::Again(self.bytes.clone())
            }
            _ => Beat::Quiet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn beats(mut repeat: Repeat) -> Vec<u64> {
        let mut at_ms = Vec::new();
        loop {
            let now = repeat.wake();
            match repeat.tick(now) {
                Beat::Again(_) => at_ms.push(now.as_millis()),
                Beat::Quiet => panic!("woken for nothing"),
                Beat::GaveUp => {
                    at_ms.push(now.as_millis());
                    return at_ms;
                }
            }
        }
    }

    #[test]
    fn an_invite_doubles_without_end_and_a_bye_stays_at_t2() {
        let invite = beats(Repeat::invite(vec![], Transport::Udp, at(0)));
        assert_eq!(invite, [500, 1_500, 3_500, 7_500, 15_500, 31_500, 32_000]);
        let bye = beats(Repeat::other(vec![], Transport::Udp, at(0)));
        assert_eq!(bye, [500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500, 32_000]);
        assert_eq!(beats(Repeat::other(vec![], Transport::Tcp, at(0))), [32_000]);
        assert_eq!(beats(Repeat::success(vec![], at(0))).len(), 11);
    }
}
