//! When each session is due: a wheel of 128 slots of one millisecond, with a bit for each slot that holds something.
//!
//! Deadlines are absolute, so nothing drifts; empty slots are skipped by the bits, so an idle server sleeps. A new session gets
//! the phase of the 20 ms in which the fewest others are, which keeps the bursts short.

use super::vocabulary::SessionId;
use crate::base::time::{Duration, Instant};

const SLOTS: u64 = 128;
/// An owner that is later than this has stalled; no deadline is further ahead than the rest of the wheel.
const STALL_MS: u64 = 32;
/// The tick of a session whose packets are 20 ms long.
const PERIOD_MS: u64 = 20;

/// One entry: whose tick, and for which millisecond. An entry whose session has moved to another deadline is stale and skipped.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) session: SessionId,
    pub(super) at_ms: u64,
}

pub(super) struct Wheel {
    slots: Vec<Vec<Due>>,
    occupied: u128,
    /// All before this millisecond has been given out.
    cursor_ms: u64,
    phases: [u32; PERIOD_MS as usize],
    /// What came due while the owner stalled.
    late: Vec<Due>,
}

impl Wheel {
    pub(super) fn new() -> Self {
        Self {
            slots: vec![Vec::new(); SLOTS as usize],
            occupied: 0,
            cursor_ms: 0,
            phases: [0; PERIOD_MS as usize],
            late: Vec::new(),
        }
    }

    /// The first tick of a new session: within the next 20 ms, in the phase with the fewest sessions.
    pub(super) fn first(&mut self, now: Instant) -> u64 {
        // An idle wheel has not followed the clock.
        if now.as_millis() > self.cursor_ms + STALL_MS {
            self.skip_to(now.as_millis());
        }
        let next = now.as_millis() + 1;
        let at_ms = (next..next + PERIOD_MS)
            .min_by_key(|at_ms| self.phases[(at_ms % PERIOD_MS) as usize])
            .unwrap_or(next);
        self.phases[(at_ms % PERIOD_MS) as usize] += 1;
        at_ms
    }

    /// A session has left: its phase is freer.
    pub(super) fn leave(&mut self, first_ms: u64) {
        let phase = &mut self.phases[(first_ms % PERIOD_MS) as usize];
        *phase = phase.saturating_sub(1);
    }

    /// Puts a deadline in; one in the past is due at once, none may be further away than the wheel is long.
    pub(super) fn insert(&mut self, due: Due) {
        let slot_ms = due.at_ms.clamp(self.cursor_ms, self.cursor_ms + SLOTS - 1);
        let slot = (slot_ms % SLOTS) as usize;
        self.slots[slot].push(due);
        self.occupied |= 1 << slot;
    }

    /// The next deadline that has come.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Due> {
        let now_ms = now.as_millis();
        if now_ms > self.cursor_ms + STALL_MS {
            self.skip_to(now_ms);
        }
        if let Some(due) = self.late.pop() {
            return Some(due);
        }
        loop {
            let Some(next_ms) = self.next_ms() else {
                self.cursor_ms = self.cursor_ms.max(now_ms);
                return None;
            };
            if next_ms > now_ms {
                self.cursor_ms = self.cursor_ms.max(now_ms);
                return None;
            }
            self.cursor_ms = next_ms;
            let slot = (next_ms % SLOTS) as usize;
            match self.slots[slot].pop() {
                Some(due) => return Some(due),
                None => self.occupied &= !(1 << slot),
            }
        }
    }

    /// Time has jumped: what is due by now is taken out of its slot, so that the slots are free for what comes.
    fn skip_to(&mut self, now_ms: u64) {
        for (place, slot) in self.slots.iter_mut().enumerate() {
            self.late.extend(slot.extract_if(.., |due| due.at_ms <= now_ms));
            if slot.is_empty() {
                self.occupied &= !(1 << place);
            }
        }
        self.late.sort_unstable_by_key(|due| std::cmp::Reverse(due.at_ms));
        self.cursor_ms = now_ms;
    }

    /// When something will be due; `None` if nothing waits.
    pub(super) fn next(&self) -> Option<Instant> {
        self.next_ms().map(Instant::from_millis)
    }

    fn next_ms(&self) -> Option<u64> {
        let ahead = self.occupied.rotate_right((self.cursor_ms % SLOTS) as u32).trailing_zeros();
        (self.occupied != 0).then(|| self.cursor_ms + u64::from(ahead))
    }
}

impl Due {
    /// The deadline after this one.
    pub(super) fn after(self, period: Duration, now: Instant) -> (Self, u64) {
        let period_ms = (period.as_millis() as u64).max(1);
        let missed = now.as_millis().saturating_sub(self.at_ms) / period_ms;
        (Self { at_ms: self.at_ms + (missed + 1) * period_ms, ..self }, missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn due(serial: u64, at_ms: u64) -> Due {
        Due { session: SessionId { worker: 0, serial }, at_ms }
    }

    #[test]
    fn deadlines_come_in_order_and_not_before_their_time() {
        let mut wheel = Wheel::new();
        for at_ms in [30, 7, 100, 8] {
            wheel.insert(due(at_ms, at_ms));
        }
        assert_eq!(wheel.next(), Some(at(7)));
        assert_eq!(wheel.pop(at(6)), None);
        let popped: Vec<u64> = std::iter::from_fn(|| wheel.pop(at(50))).map(|due| due.at_ms).collect();
        assert_eq!(popped, [7, 8, 30]);
        assert_eq!(wheel.next(), Some(at(100)));
    }

    #[test]
    fn a_late_owner_gets_each_session_once_and_the_count_of_what_was_missed() {
        let mut wheel = Wheel::new();
        wheel.insert(due(1, 20));
        let (next, missed) =
            wheel.pop(at(1_000_000)).unwrap().after(Duration::from_millis(20), at(1_000_000));
        assert_eq!((next.at_ms, missed), (1_000_020, 49_999));
        wheel.insert(next);
        assert_eq!(wheel.pop(at(1_000_019)), None);
        assert_eq!(wheel.pop(at(1_000_020)), Some(next));
        assert_eq!((wheel.pop(at(2_000_000)), wheel.next()), (None, None));
        // After a long sleep the wheel still finds its slots.
        let first_ms = wheel.first(at(5_000_000));
        wheel.insert(due(2, first_ms));
        assert_eq!(wheel.pop(at(5_000_000)), None);
        assert_eq!(wheel.next(), Some(at(5_000_001)));
        assert_eq!(wheel.pop(at(5_000_001)), Some(due(2, first_ms)));
    }

    #[test]
    fn new_sessions_spread_over_the_phases() {
        let mut wheel = Wheel::new();
        let mut firsts: Vec<u64> = (0..20).map(|_| wheel.first(at(1_000))).collect();
        firsts.sort_unstable();
        assert_eq!(firsts, (1_001..=1_020).collect::<Vec<_>>());
        wheel.leave(1_007);
        assert_eq!(wheel.first(at(1_000)), 1_007);
    }
}
