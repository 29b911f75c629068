//! What one may ask of the floor: places, estimates, states. Changes nothing.

use super::agent::{State, With};
use super::floor::Centre;
use super::queue::{Counts, Waiter};
use crate::base::name::Name;
use crate::base::time::{Duration, Instant};

/// A queue as `status` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueueStatus {
    /// Callers in line.
    pub(crate) waiting: usize,
    /// Agents logged in.
    pub(crate) agents: usize,
    /// When the one came who has waited longest.
    pub(crate) since: Option<Instant>,
    /// Of these, free.
    pub(crate) idle: usize,
    /// What came of the callers.
    pub(crate) counts: Counts,
}

impl Centre {
    /// The caller's place; 1 is next.
    pub(crate) fn position(&self, caller: Waiter) -> Option<usize> {
        let waiting = self.callers.get(&caller)?;
        Some(self.queues.get(&waiting.queue)?.line.range(..=waiting.rank).count())
    }

    /// What the caller may still expect to wait, by the calls of the past; none when too few are known.
    pub(crate) fn estimate(&self, caller: Waiter) -> Option<Duration> {
        let queue = &self.callers.get(&caller)?.queue;
        self.queues.get(queue)?.estimate(self.position(caller)?, self.agents(queue))
    }

    /// Callers in line.
    pub(crate) fn waiting(&self, queue: &str) -> usize {
        self.queues.get(queue).map_or(0, |queue| queue.line.len())
    }

    /// Agents logged in who serve a queue, busy ones included.
    pub(crate) fn agents(&self, queue: &str) -> usize {
        self.logged_in(queue, None)
    }

    /// Whether the agent's phone rings for this caller, or they talk; `caller` is not asked for a direct ring.
    pub(crate) fn serves(&self, caller: Waiter, agent: &str) -> bool {
        let whose = |with: &With| match with {
            With::Queued(other, _) => *other == caller,
            With::Direct => true,
        };
        matches!(self.agent(agent), Some(State::Ringing { with, .. } | State::Talking { with, .. }) if whose(with))
    }

    /// Agents whose phones ring for callers of queues, and for whom.
    pub(crate) fn rung(&self) -> impl Iterator<Item = (Waiter, &Name)> {
        self.callers.iter().flat_map(|(caller, waiting)| waiting.ringing.iter().map(|agent| (*caller, agent)))
    }

    /// What an agent is doing.
    pub(crate) fn agent(&self, agent: &str) -> Option<&State> {
        self.agents.get(agent).map(|agent| &agent.state)
    }

    /// All agents with what they are doing, in order of name.
    #[cfg(test)]
    pub(crate) fn agent_states(&self) -> impl Iterator<Item = (&Name, &State)> {
        self.agents.iter().map(|(name, agent)| (name, &agent.state))
    }

    /// All queues as `status` shows them, in order of name.
    pub(crate) fn queue_states(&self) -> impl Iterator<Item = (&Name, QueueStatus)> {
        self.queues.iter().map(|(name, queue)| {
            let idle = self.members(queue).filter(|agent| agent.is_idle()).count();
            let in_line = queue.line.values().filter_map(|caller| self.callers.get(caller));
            let status = QueueStatus {
                since: in_line.map(|waiting| waiting.since).min(),
                waiting: queue.line.len(),
                agents: self.agents(name),
                idle,
                counts: queue.counts,
            };
            (name, status)
        })
    }
}
