//! An agent: who may be rung, and what each is doing now.

use std::collections::BTreeSet;

use super::queue::Waiter;
use crate::base::name::Name;
use crate::base::time::Instant;

/// What the site says of an agent, as far as queues need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// What callers they can help with.
    pub(crate) skills: BTreeSet<Name>,
    /// Reached by a telephone number: available without any registration.
    pub(crate) has_number: bool,
}

/// What an agent is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// No phone is registered.
    Offline,
    /// Waits for a call.
    Idle,
    /// Their phone rings.
    Ringing {
        /// For whom.
        with: With,
        /// Since when.
        since: Instant,
    },
    /// In a call.
    Talking {
        /// With whom.
        with: With,
        /// Since when.
        since: Instant,
    },
    /// Writes up the last call; rung again from then on.
    WrapUp {
        /// When it ends.
        until: Instant,
    },
    /// Logged in, takes no calls.
    Paused,
}

/// Whose call occupies an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum With {
    /// A caller of this queue.
    Queued(Waiter, Name),
    /// A call that a flow rang directly.
    Direct,
}

/// One agent on the floor.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) profile: Profile,
    pub(super) state: State,
    /// The end of the last call, or the login: who waits longest is rung first. A ring without answer does not move it.
    pub(super) free_since: Instant,
    /// A phone is registered.
    pub(super) registered: bool,
    /// Wants no calls after this one.
    pub(super) paused: bool,
    /// Taken out of the site while busy: leaves the floor after the call.
    pub(super) leaving: bool,
}

impl Agent {
    pub(super) fn new(now: Instant, profile: Profile) -> Self {
        let mut agent = Self {
            profile,
            state: State::Offline,
            free_since: now,
            registered: false,
            paused: false,
            leaving: false,
        };
        agent.settle();
        agent
    }

    /// Can be reached by phone, whatever they are doing.
    pub(super) fn is_logged_in(&self) -> bool {
        (self.registered || self.profile.has_number) && !self.leaving
    }

    pub(super) fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(self.state, State::Ringing { .. } | State::Talking { .. })
    }

    /// Rung for a caller of a queue?
    pub(super) fn rings_for(&self, caller: Waiter) -> bool {
        matches!(&self.state, State::Ringing { with: With::Queued(rung_for, _), .. } if *rung_for == caller)
    }

    pub(super) fn serves(&self, skill: Option<&Name>) -> bool {
        skill.is_none_or(|skill| self.profile.skills.contains(skill))
    }

    /// Takes the state of one who has nothing to do now.
    pub(super) fn settle(&mut self) {
        self.state = match (self.is_logged_in(), self.paused) {
            (false, _) => State::Offline,
            (true, true) => State::Paused,
            (true, false) => State::Idle,
        };
    }

    /// Registration or pause changed: shows at once, unless a call or its wrap-up is on.
    pub(super) fn refresh(&mut self, now: Instant) {
        match self.state {
            State::Offline => {
                self.settle();
                self.free_since = now;
            }
            State::Idle | State::Paused => self.settle(),
            State::Ringing { .. } | State::Talking { .. } | State::WrapUp { .. } => {}
        }
    }
}
