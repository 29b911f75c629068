//! The figures of RFC 3261 Table 4, intervals that double, and a queue of deadlines. No clock: moments come in.

use std::collections::BTreeSet;

use crate::base::time::{Duration, Instant};

/// Round-trip estimate (RFC 3261 §17.1.1.1).
pub(crate) const T1: Duration = Duration::from_millis(500);
/// Ceiling of the interval of non-INVITE requests and of INVITE responses.
pub(crate) const T2: Duration = Duration::from_secs(4);
/// How long a message may linger in the network.
pub(crate) const T4: Duration = Duration::from_secs(5);
/// `64 * T1`: timers B, F, H, J, L, M, and how long a 200 waits for its ACK.
pub(crate) const PATIENCE: Duration = Duration::from_secs(32);

/// A retransmission whose interval doubles, up to a ceiling if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repeat {
    due: Instant,
    interval: Duration,
    ceiling: Duration,
}

impl Repeat {
    /// First due `T1` after `now`, then `2*T1`, … never more than `ceiling` apart.
    pub(crate) fn start(now: Instant, ceiling: Duration) -> Self {
        Self { due: now + T1, interval: T1, ceiling }
    }

    /// When it is due.
    pub(crate) fn due(&self) -> Instant {
        self.due
    }

    /// It has been sent: the next interval. A late wake-up skips what it missed instead of sending a burst.
    pub(crate) fn step(&mut self, now: Instant) {
        self.interval = (self.interval * 2).min(self.ceiling);
        self.due += self.interval;
        if self.due <= now {
            self.due = now + self.interval;
        }
    }

    /// From now on only at the ceiling (RFC 3261 §17.1.2.2: a provisional response came).
    pub(crate) fn slow_down(&mut self) {
        self.interval = self.ceiling;
    }
}

/// Deadlines of many things, the earliest first. Each thing has at most one, and remembers it itself (its `armed`
/// field), so that moving it costs O(log n).
#[derive(Clone, Debug)]
pub(crate) struct Deadlines<K> {
    queue: BTreeSet<(Instant, K)>,
}

impl<K: Ord + Copy> Default for Deadlines<K> {
    fn default() -> Self {
        Self { queue: BTreeSet::new() }
    }
}

impl<K: Ord + Copy> Deadlines<K> {
    /// Moves the deadline of `key` from what `armed` remembers to `to`.
    pub(crate) fn arm(&mut self, key: K, armed: &mut Option<Instant>, to: Option<Instant>) {
        if *armed == to {
            return;
        }
        if let Some(old) = armed.take() {
            self.queue.remove(&(old, key));
        }
        if let Some(new) = to {
            self.queue.insert((new, key));
        }
        *armed = to;
    }

    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.first().map(|(at, _)| *at)
    }

    /// A key whose deadline is `now` or earlier. It stays queued until it is armed anew.
    pub(crate) fn due(&self, now: Instant) -> Option<K> {
        self.queue.first().filter(|(at, _)| *at <= now).map(|(_, key)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn sequence(ceiling: Duration) -> Vec<u64> {
        let mut repeat = Repeat::start(at(0), ceiling);
        let mut seen = Vec::new();
        while repeat.due() < at(32_000) {
            seen.push(repeat.due().as_millis());
            repeat.step(repeat.due());
        }
        seen
    }

    #[test]
    fn intervals_double_up_to_their_ceiling() {
        assert_eq!(sequence(PATIENCE), [500, 1_500, 3_500, 7_500, 15_500, 31_500]);
        assert_eq!(sequence(T2), [500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    }

    #[test]
    fn a_late_wake_up_sends_no_burst() {
        let mut repeat = Repeat::start(at(0), T2);
        repeat.step(at(20_000));
        assert!(repeat.due() > at(20_000));
    }

    #[test]
    fn deadlines_move_and_come_in_order() {
        let mut deadlines = Deadlines::default();
        let (mut a, mut b) = (None, None);
        deadlines.arm('a', &mut a, Some(at(10)));
        deadlines.arm('b', &mut b, Some(at(5)));
        assert_eq!((deadlines.next(), deadlines.due(at(4))), (Some(at(5)), None));
        deadlines.arm('b', &mut b, Some(at(20)));
        assert_eq!(deadlines.due(at(10)), Some('a'));
        deadlines.arm('a', &mut a, None);
        deadlines.arm('b', &mut b, None);
        assert_eq!(deadlines.next(), None);
    }
}
