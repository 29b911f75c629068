//! All the timers of calls, on one screen. A timer that no longer matters fires into nothing: the call compares.

use std::collections::BTreeMap;

use super::call::CallKey;
use crate::base::time::Instant;
use crate::media::vocabulary::SessionId;

/// Why a call is woken.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The walk asked (`Action::Wake`).
    Wake,
    /// This outgoing leg has rung long enough, or its callee has not confirmed in time.
    Ringing(SessionId),
    /// The call has lasted as long as any may.
    Longest,
}

/// Deadlines of all calls, soonest first.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeMap<(Instant, u64), (CallKey, Timer)>,
    serial: u64,
}

impl Timers {
    pub(super) fn set(&mut self, at: Instant, call: CallKey, timer: Timer) {
        self.serial += 1;
        self.due.insert((at, self.serial), (call, timer));
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next timer that is due.
    pub(super) fn due(&mut self, now: Instant) -> Option<(CallKey, Timer)> {
        let entry = self.due.first_entry()?;
        if entry.key().0 > now { None } else { Some(entry.remove()) }
    }
}
