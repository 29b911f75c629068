//! A queue: its rules, its line of waiting callers, its counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::group::Order;
use crate::base::limit;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant, millis};

/// Who waits on the floor, or was brought from there to an agent: the number that the switchboard knows its call by.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Waiter(pub u64);

/// What the site says of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Who serves it, in the order of the list.
    pub(crate) agents: Vec<Name>,
    /// In which order they are rung.
    pub(crate) order: Order,
    /// How long an agent's phone rings before the next is tried.
    pub(crate) ring: Duration,
    /// Rest after a call.
    pub(crate) wrap_up: Duration,
    /// Callers who may wait; one more is told that the queue is full.
    pub(crate) length_max: usize,
    /// Service level: answered within this counts as in target.
    pub(crate) target: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            agents: Vec::new(),
            order: Order::default(),
            ring: Duration::from_secs(20),
            wrap_up: Duration::ZERO,
            length_max: limit::QUEUE_LENGTH_MAX,
            target: Duration::from_secs(20),
        }
    }
}

/// What has come of the callers of a queue since the start. `entered = served + abandoned + overflowed + waiting` (Q4).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Counts {
    /// Callers who asked for a place, refused ones included.
    pub(crate) entered: u64,
    /// Brought to an agent.
    pub(crate) served: u64,
    /// Of these, within the target.
    pub(crate) served_in_target: u64,
    /// Hung up while they waited.
    pub(crate) abandoned: u64,
    /// Sent on: full, no agent, waited too long, chose another way.
    pub(crate) overflowed: u64,
    /// Rings of agents' phones.
    pub(crate) offers: u64,
    /// Of these, refused, busy, unreachable or unanswered.
    pub(crate) declined: u64,
    /// Waits of the served, together.
    pub(crate) wait_ms: u64,
    /// The longest of them.
    pub(crate) wait_ms_max: u64,
    /// Talks that have ended.
    pub(crate) talks: u64,
    /// Their length, together.
    pub(crate) talk_ms: u64,
}

/// A place in line: back at the head first, then by priority, then by coming.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Rank {
    behind_the_head: bool,
    priority: Reverse<i32>,
    sequence: u64,
}

impl Rank {
    pub(super) const fn new(head: bool, priority: i32, sequence: u64) -> Self {
        Self { behind_the_head: !head, priority: Reverse(priority), sequence }
    }

    /// The same before all who come now, in the order of such ones among themselves.
    pub(super) const fn before_all(self) -> Self {
        Self { behind_the_head: false, ..self }
    }
}

/// A caller in line.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) queue: Name,
    pub(super) rank: Rank,
    pub(super) skill: Option<Name>,
    pub(super) since: Instant,
    /// Whose phones ring for this caller now.
    pub(super) ringing: BTreeSet<Name>,
    /// Who did not take this caller, and when they are tried again.
    pub(super) skipped: BTreeMap<Name, Instant>,
    /// Phones rung so far.
    pub(super) offers: usize,
    pub(super) hope: Hope,
}

/// Whether anybody could serve a caller.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Hope {
    /// Somebody is logged in who could.
    Agents,
    /// Nobody since then; a phone that registers again soon changes it back.
    NobodySince(Instant),
    /// The caller has been given up, and that was told.
    Given,
}

impl Waiting {
    /// Whether this agent may be rung for this caller now.
    pub(super) fn may_ring(&self, now: Instant, agent: &Name) -> bool {
        !self.ringing.contains(agent) && self.skipped.get(agent).is_none_or(|until| *until <= now)
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.offers >= limit::OFFERS_PER_CALL_MAX
    }
}

/// A queue on the floor.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) rules: Rules,
    pub(super) line: BTreeMap<Rank, Waiter>,
    pub(super) counts: Counts,
    pub(super) last_rung: Option<Name>,
    /// Mean of talk and wrap-up, the later calls weighing more.
    handling: Option<Duration>,
}

impl Queue {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, line: BTreeMap::new(), counts: Counts::default(), last_rung: None, handling: None }
    }

    pub(super) fn is_full(&self) -> bool {
        self.line.len() >= self.rules.length_max.min(limit::QUEUE_LENGTH_MAX)
    }

    pub(super) fn count_served(&mut self, waited: Duration) {
        let waited_ms = millis(waited);
        self.counts.served += 1;
        self.counts.served_in_target += u64::from(waited <= self.rules.target);
        self.counts.wait_ms += waited_ms;
        self.counts.wait_ms_max = self.counts.wait_ms_max.max(waited_ms);
    }

    pub(super) fn count_talk(&mut self, talked: Duration) {
        self.counts.talks += 1;
        self.counts.talk_ms += millis(talked);
        let handled = talked + self.rules.wrap_up;
        // An exponential mean over about the last eight calls: the afternoon is not the morning.
        self.handling = Some(self.handling.map_or(handled, |mean| (mean * 7 + handled) / 8));
    }

    /// How long the one at `position` may expect to wait with so many agents; none before the first calls have ended.
    pub(super) fn estimate(&self, position: usize, agents: usize) -> Option<Duration> {
        const TALKS_MIN: u64 = 3;
        if self.counts.talks < TALKS_MIN || agents == 0 {
            return None;
        }
        let agents = u32::try_from(agents).ok()?;
        self.handling.map(|mean| mean.saturating_mul(u32::try_from(position).unwrap_or(u32::MAX)) / agents)
    }
}
