//! Callers whom nobody could serve: given up after a grace, because a phone that reboots registers again soon.

use std::collections::BTreeMap;

use super::floor::{Centre, Timer};
use super::queue::{Hope, Queue, Waiter};
use crate::base::limit;
use crate::base::name::Name;
use crate::base::time::Instant;

impl Centre {
    /// Somebody came or went: who can still be served? Only in the queues of `agent` when one is named.
    pub(super) fn look_for_hope(&mut self, now: Instant, agent: Option<&str>) {
        // One look per queue and skill, not per caller.
        let mut served: BTreeMap<(Name, Option<Name>), bool> = BTreeMap::new();
        let concerned =
            |queue: &Queue| agent.is_none_or(|agent| queue.rules.agents.iter().any(|name| *name == *agent));
        let queues: Vec<Name> =
            self.queues.iter().filter(|(_, queue)| concerned(queue)).map(|(name, _)| name.clone()).collect();
        let callers: Vec<Waiter> = queues
            .iter()
            .filter_map(|name| self.queues.get(name))
            .flat_map(|queue| queue.line.values().copied())
            .collect();
        for caller in callers {
            let Some((queue, skill)) = self.callers.get(&caller).map(|w| (w.queue.clone(), w.skill.clone()))
            else {
                continue;
            };
            let key = (queue, skill);
            let hopeful = match served.get(&key) {
                Some(known) => *known,
                None => {
                    let known = self.logged_in(&key.0, key.1.as_ref()) > 0;
                    served.insert(key, known);
                    known
                }
            };
            self.set_hope(now, caller, hopeful);
        }
    }

    fn set_hope(&mut self, now: Instant, caller: Waiter, hopeful: bool) {
        let Some(waiting) = self.callers.get_mut(&caller) else {
            return;
        };
        match (waiting.hope, hopeful) {
            (Hope::Agents, false) => {
                waiting.hope = Hope::NobodySince(now);
                self.timers.insert((now + limit::NOBODY_GRACE, Timer::Hope(caller)));
            }
            (Hope::NobodySince(_) | Hope::Given, true) if !waiting.is_exhausted() => {
                waiting.hope = Hope::Agents
            }
            (Hope::Agents | Hope::NobodySince(_) | Hope::Given, _) => {}
        }
    }

    pub(super) fn give_up(&mut self, now: Instant, caller: Waiter) {
        if let Some(waiting) = self.callers.get_mut(&caller)
            && matches!(waiting.hope, Hope::NobodySince(since) if since + limit::NOBODY_GRACE <= now)
        {
            waiting.hope = Hope::Given;
            self.stranded.push(caller);
        }
    }
}
