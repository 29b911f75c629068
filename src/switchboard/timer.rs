//! All the timers of calls, on one screen. A call has one timer of a kind; those of a call that is over are forgotten.

use std::collections::BTreeMap;

use super::call::CallKey;
use super::leg::LegKey;
use crate::base::time::Instant;

/// Why a call is woken.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) enum Timer {
    /// The walk asked (`Action::Wake`).
    Wake,
    /// This outgoing leg has rung long enough, or its callee has not confirmed in time.
    Ringing(LegKey),
    /// A call back: its turn to stand in line again, its ringing, or the end of its promise.
    Callback,
    /// A message should have its name on the disk by now.
    Stored,
    /// The call has lasted as long as any may.
    Longest,
    /// The call is over, and its media sessions should have reported by now.
    Reports,
}

/// Deadlines of all calls, soonest first.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeMap<(Instant, u64), (CallKey, Timer)>,
    /// Where each stands in `due`.
    set: BTreeMap<(CallKey, Timer), (Instant, u64)>,
    serial: u64,
}

impl Timers {
    /// Sets a timer, in the place of an older one of its kind.
    pub(super) fn set(&mut self, at: Instant, call: CallKey, timer: Timer) {
        self.serial += 1;
        let place = (at, self.serial);
        if let Some(old) = self.set.insert((call, timer), place) {
            self.due.remove(&old);
        }
        self.due.insert(place, (call, timer));
    }

    /// Forgets all timers of a call: otherwise each call would leave its longest one behind for hours.
    pub(super) fn forget(&mut self, call: CallKey) {
        let timers: Vec<Timer> = self.of(call).map(|(timer, _)| timer).collect();
        for timer in timers {
            if let Some(place) = self.set.remove(&(call, timer)) {
                self.due.remove(&place);
            }
        }
    }

    /// The timers of a call.
    pub(super) fn of(&self, call: CallKey) -> impl Iterator<Item = (Timer, Instant)> {
        let of_call = (call, Timer::Wake)..=(call, Timer::Reports);
        self.set.range(of_call).map(|((_, timer), (at, _))| (*timer, *at))
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next timer that is due.
    pub(super) fn due(&mut self, now: Instant) -> Option<(CallKey, Timer)> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let owner = entry.remove();
        self.set.remove(&owner);
        Some(owner)
    }

    /// The calls that have a timer.
    pub(super) fn calls(&self) -> impl Iterator<Item = CallKey> {
        self.set.keys().map(|(call, _)| *call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn a_call_has_one_timer_of_a_kind_and_none_when_it_is_over() {
        let (one, other) = (CallKey::from_number(1), CallKey::from_number(2));
        let ringing = Timer::Ringing(LegKey::from_number(9));
        let mut timers = Timers::default();
        for millis in [100, 300, 200] {
            timers.set(at(millis), one, Timer::Wake);
        }
        timers.set(at(250), one, ringing);
        timers.set(at(250), other, Timer::Longest);
        assert_eq!(timers.due(at(199)), None);
        assert_eq!(timers.due(at(200)), Some((one, Timer::Wake)));
        timers.set(at(260), one, Timer::Reports);
        timers.forget(one);
        assert_eq!(timers.calls().collect::<Vec<_>>(), [other]);
        assert_eq!(timers.due(at(1_000)), Some((other, Timer::Longest)));
        assert_eq!((timers.due(at(1_000)), timers.deadline()), (None, None));
    }
}
