//! What a walk may ask of the world during one step: the edition answers, and the crowd in the queues.

use std::sync::Arc;

use super::Edition;
use crate::base::time::{Duration, Now};
use crate::centre::floor::Centre;
use crate::centre::queue::Waiter;
use crate::flow::context::Context;
use crate::flow::facts::Facts;
use crate::flow::graph::Flow;
use crate::flow::vocabulary::{CallFacts, HoursState, QueueFacts, Standing};

/// See the module. Of a real call, and of one in words (`sim/conversation.rs`).
pub struct Known<'a> {
    /// The clocks of the step.
    pub now: Now,
    /// The call.
    pub facts: &'a CallFacts,
    /// What the operator has loaded.
    pub edition: &'a Edition,
    /// Who else is there.
    pub crowd: &'a dyn Crowd,
}

/// Callers and agents of queues.
pub trait Crowd {
    /// Callers who wait in a queue.
    fn waiting(&self, queue: &str) -> usize;
    /// Agents logged in who serve it.
    fn agents(&self, queue: &str) -> usize;
    /// Where the call itself stands; none when only its news tell.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// The floor, as one who may wait on it sees it.
pub(super) struct OnTheFloor<'a> {
    pub(super) floor: &'a Centre,
    pub(super) waiter: Waiter,
}

impl Crowd for OnTheFloor<'_> {
    fn waiting(&self, queue: &str) -> usize {
        self.floor.waiting(queue)
    }
    fn agents(&self, queue: &str) -> usize {
        self.floor.agents(queue)
    }
    fn standing(&self) -> Option<Standing> {
        let position = self.floor.position(self.waiter)?;
        Some(Standing { position, expected: self.floor.estimate(self.waiter) })
    }
}

impl Facts for Known<'_> {
    fn now(&self) -> Now {
        self.now
    }
    fn hours(&self, calendar: &str) -> HoursState {
        self.edition.hours(calendar, self.now.wall)
    }
    fn week(&self, calendar: &str) -> Option<String> {
        self.edition.week(calendar)
    }
    fn next_open(&self, calendar: &str) -> Option<String> {
        self.edition.next_open(calendar, self.now.wall)
    }
    fn waiting(&self, queue: &str) -> usize {
        self.crowd.waiting(queue)
    }
    fn agents(&self, queue: &str) -> usize {
        self.crowd.agents(queue)
    }
    fn call(&self) -> &CallFacts {
        self.facts
    }
    fn queue(&self, queue: &str) -> QueueFacts {
        self.edition.queue_facts(queue)
    }
    fn standing(&self) -> Option<Standing> {
        self.crowd.standing()
    }
    fn civil_in(&self, after: Duration) -> String {
        self.edition.civil(self.now.wall + after)
    }
}

impl Context for Known<'_> {
    fn flow(&self, name: &str) -> Option<Arc<Flow>> {
        self.edition.site.flows.get(name).cloned()
    }
}
