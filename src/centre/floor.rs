//! The floor: all agents and all queues as one value. Who waits, who is rung for whom, who talks.
//!
//! The switchboard tells what happened and asks for [`Centre::offers`] after each input; it rings and cancels the phones.
//! An agent is in one place at a time, also when several queues and direct rings share them. What must always hold is
//! in `floor_check.rs`, who is given up in
//! `floor_hope.rs`, what one may ask of it in `floor_view.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::agent::{Agent, Profile, State, With};
use super::queue::{Hope, Queue, Rank, Rules, Waiter, Waiting};
use crate::base::limit;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant};

/// What the site says of agents and queues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CentreConfig {
    /// Every agent.
    pub(crate) agents: BTreeMap<Name, Profile>,
    /// Every queue.
    pub(crate) queues: BTreeMap<Name, Rules>,
}

/// The floor. See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Centre {
    pub(super) agents: BTreeMap<Name, Agent>,
    pub(super) queues: BTreeMap<Name, Queue>,
    pub(super) callers: BTreeMap<Waiter, Waiting>,
    pub(super) timers: BTreeSet<(Instant, Timer)>,
    sequence: u64,
    /// Something has changed since offers were asked for: somebody may be rung who could not be before.
    pub(super) stirred: bool,
    pub(super) stranded: Vec<Waiter>,
}

/// What the floor waits for. A timer whose cause has gone does nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// An agent's wrap-up ends.
    WrapUp(Name),
    /// An agent who refused a caller may be tried again.
    Retry(Waiter),
    /// A caller whom nobody could serve is given up.
    Hope(Waiter),
}

/// What became of a request to wait.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Enqueued {
    /// Waits at this place; 1 is next.
    Position(usize),
    /// Too many wait already. Counted as overflowed.
    Full,
    /// Nobody is logged in who could serve (or there is no such queue). Counted as overflowed.
    NoAgent,
}

/// Ring this agent for this caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The caller.
    pub(crate) caller: Waiter,
    /// Whose phone.
    pub(crate) agent: Name,
    /// The queue.
    pub(crate) queue: Name,
    /// Tell [`Centre::declined`] when nobody has answered after this.
    pub(crate) ring: Duration,
}

/// A caller has reached an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// How long the caller has waited.
    pub(crate) waited: Duration,
    /// Other agents whose phones rang for this caller: stop them.
    pub(crate) others: Vec<Name>,
}

/// Why a caller leaves the line.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Hung up, or the line was lost.
    Abandoned,
    /// Goes on elsewhere in the flow.
    Overflowed,
}

/// What a new configuration took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reconfigured {
    /// Callers whose queue is gone: they wait no more, counted as overflowed.
    pub(crate) callers: Vec<Waiter>,
    /// Agents whose phones rang for these: stop them.
    pub(crate) agents: Vec<Name>,
}

impl Centre {
    /// An empty floor; agents with a telephone number are free at once.
    pub(crate) fn new(now: Instant, config: &CentreConfig) -> Self {
        let mut centre = Self::default();
        centre.configure(now, config);
        centre
    }

    /// Takes a new configuration. Callers of queues that stay keep their places, talks go on, agents who were taken
    /// out leave after their call. Tell [`Centre::available`] of new agents whose phones are registered already.
    pub(crate) fn configure(&mut self, now: Instant, config: &CentreConfig) -> Reconfigured {
        self.stirred = true;
        let mut gone = Reconfigured::default();
        let orphans: Vec<Waiter> = self
            .callers
            .iter()
            .filter(|(_, w)| !config.queues.contains_key(&w.queue))
            .map(|(id, _)| *id)
            .collect();
        for caller in orphans {
            gone.agents.extend(self.leave(now, caller, Leave::Overflowed));
            gone.callers.push(caller);
        }
        self.queues.retain(|name, _| config.queues.contains_key(name));
        for (name, rules) in &config.queues {
            match self.queues.get_mut(name) {
                Some(queue) => queue.rules = rules.clone(),
                None => drop(self.queues.insert(name.clone(), Queue::new(rules.clone()))),
            }
        }
        for (name, agent) in &mut self.agents {
            agent.leaving = !config.agents.contains_key(name);
        }
        self.agents.retain(|_, agent| !agent.leaving || agent.is_busy());
        for (name, profile) in &config.agents {
            let agent = self.agents.entry(name.clone()).or_insert_with(|| Agent::new(now, profile.clone()));
            agent.profile = profile.clone();
            agent.refresh(now);
        }
        self.look_for_hope(now, None);
        gone
    }

    /// A phone of the agent is registered, or none is any more.
    pub(crate) fn available(&mut self, now: Instant, agent: &str, registered: bool) {
        self.stirred = true;
        if let Some(found) = self.agents.get_mut(agent)
            && found.registered != registered
        {
            found.registered = registered;
            found.refresh(now);
            self.look_for_hope(now, Some(agent));
        }
    }

    /// The agent wants no calls for a while, or wants them again. A call that is on goes on.
    #[cfg_attr(not(test), expect(dead_code, reason = "no order lets an agent pause yet"))]
    pub(crate) fn pause(&mut self, now: Instant, agent: &str, paused: bool) {
        self.stirred = true;
        if let Some(found) = self.agents.get_mut(agent) {
            found.paused = paused;
            found.refresh(now);
        }
    }

    /// A caller wants to wait. `head`: in front of all, after an agent's line was lost. Who waits already loses that
    /// place: [`Centre::leave`] it first, to learn whose phones to stop.
    pub(crate) fn enqueue(
        &mut self,
        now: Instant,
        caller: Waiter,
        queue: &str,
        skill: Option<Name>,
        priority: i32,
        head: bool,
    ) -> Enqueued {
        self.leave(now, caller, Leave::Overflowed);
        let Some((name, _)) = self.queues.get_key_value(queue) else {
            return Enqueued::NoAgent;
        };
        let name = name.clone();
        let served = self.logged_in(queue, skill.as_ref()) > 0;
        let Some(line) = self.queues.get_mut(queue) else {
            return Enqueued::NoAgent;
        };
        line.counts.entered += 1;
        // Who was promised an agent already is not turned away.
        if !served || line.is_full() && !head {
            line.counts.overflowed += 1;
            return if served { Enqueued::Full } else { Enqueued::NoAgent };
        }
        self.sequence += 1;
        let rank = Rank::new(head, priority, self.sequence);
        line.line.insert(rank, caller);
        let position = line.line.range(..=rank).count();
        let waiting = Waiting {
            queue: name,
            rank,
            skill,
            since: now,
            ringing: BTreeSet::new(),
            skipped: BTreeMap::new(),
            offers: 0,
            hope: Hope::Agents,
        };
        self.callers.insert(caller, waiting);
        self.stirred = true;
        Enqueued::Position(position)
    }

    /// The caller waits no more. Gives the agents whose phones rang for them: stop these. Nothing for who does not wait.
    pub(crate) fn leave(&mut self, _now: Instant, caller: Waiter, why: Leave) -> Vec<Name> {
        let Some((waiting, queue)) = self.remove(caller) else {
            return Vec::new();
        };
        match why {
            Leave::Abandoned => queue.counts.abandoned += 1,
            Leave::Overflowed => queue.counts.overflowed += 1,
        }
        self.release(&waiting.ringing)
    }

    /// Who shall be rung for whom now; each pair is marked as ringing, so that it is offered once. Ask after every input: it
    /// costs nothing where nothing has changed, and no more than as many as are offered, or cannot be, where something has.
    pub(crate) fn offers(&mut self, now: Instant) -> Vec<Offer> {
        let mut offers = Vec::new();
        if !std::mem::take(&mut self.stirred) {
            return offers;
        }
        let mut seen: BTreeMap<Name, Rank> = BTreeMap::new();
        while self.agents.values().any(Agent::is_idle)
            && let Some((name, rank, caller)) = self.next_in_line(&seen)
        {
            seen.insert(name, rank);
            let Some((queue, chosen)) = self.chosen(now, caller) else {
                continue;
            };
            for agent in chosen {
                offers.push(self.ring(now, caller, &queue, agent));
            }
        }
        offers
    }

    /// The agent took the call. None when that pair does not ring (any more): end the agent's leg.
    pub(crate) fn answered(&mut self, now: Instant, caller: Waiter, agent: &str) -> Option<Answered> {
        if !self.agents.get(agent)?.rings_for(caller) {
            return None;
        }
        let (mut waiting, queue) = self.remove(caller)?;
        let waited = now - waiting.since;
        queue.count_served(waited);
        waiting.ringing.remove(agent);
        if let Some(found) = self.agents.get_mut(agent) {
            found.state = State::Talking { with: With::Queued(caller, waiting.queue.clone()), since: now };
        }
        let others = self.release(&waiting.ringing);
        Some(Answered { waited, others })
    }

    /// The agent did not take the call: busy, refused, unreachable, no answer. They are skipped for this caller for a
    /// while, and free for others at once.
    pub(crate) fn declined(&mut self, now: Instant, caller: Waiter, agent: &str) {
        self.stirred = true;
        let rings = self.agents.get(agent).is_some_and(|found| found.rings_for(caller));
        let Some(waiting) = self.callers.get_mut(&caller).filter(|_| rings) else {
            return;
        };
        let until = now + limit::DECLINED_REST;
        if let Some(name) = waiting.ringing.take(agent) {
            waiting.skipped.insert(name, until);
        }
        self.timers.insert((until, Timer::Retry(caller)));
        let exhausted = waiting.is_exhausted() && waiting.ringing.is_empty() && waiting.hope != Hope::Given;
        if exhausted {
            waiting.hope = Hope::Given;
            self.stranded.push(caller);
        }
        if let Some(queue) = self.queues.get_mut(&waiting.queue) {
            queue.counts.declined += 1;
        }
        self.settle(agent);
    }

    /// The agent's call is over, whoever ended it: wrap-up after a queue's call, free after a direct one.
    pub(crate) fn hung_up(&mut self, now: Instant, agent: &str) {
        self.stirred = true;
        let Some(found) = self.agents.get_mut(agent) else {
            return;
        };
        match found.state.clone() {
            State::Ringing { with: With::Queued(caller, _), .. } => self.declined(now, caller, agent),
            State::Ringing { with: With::Direct, .. } => self.settle(agent),
            State::Talking { with, since } => {
                found.free_since = now;
                let queue = match &with {
                    With::Queued(_, queue) => self.queues.get_mut(queue),
                    With::Direct => None,
                };
                let wrap_up = queue.map_or(Duration::ZERO, |queue| {
                    queue.count_talk(now - since);
                    queue.rules.wrap_up
                });
                self.rest(now, agent, wrap_up);
            }
            State::Offline | State::Idle | State::Paused | State::WrapUp { .. } => {}
        }
    }

    /// Takes a free agent for a direct ring; false when they are not free. Ends by [`Centre::hung_up`].
    pub(crate) fn take(&mut self, now: Instant, agent: &str) -> bool {
        match self.agents.get_mut(agent) {
            Some(found) if found.is_idle() => {
                found.state = State::Ringing { with: With::Direct, since: now };
                true
            }
            _ => false,
        }
    }

    /// The agent took the direct ring.
    pub(crate) fn taken(&mut self, now: Instant, agent: &str) {
        if let Some(found) = self.agents.get_mut(agent)
            && matches!(found.state, State::Ringing { with: With::Direct, .. })
        {
            found.state = State::Talking { with: With::Direct, since: now };
        }
    }

    /// When [`Centre::timeout`] wants to be called.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Runs what is due; ask for offers and news afterwards. Harmless earlier.
    pub(crate) fn timeout(&mut self, now: Instant) {
        while self.timers.first().is_some_and(|(at, _)| *at <= now) {
            self.stirred = true;
            match self.timers.pop_first() {
                Some((_, Timer::WrapUp(agent))) => {
                    if let Some(found) = self.agents.get_mut(&agent)
                        && matches!(found.state, State::WrapUp { until } if until <= now)
                    {
                        found.settle();
                    }
                }
                Some((_, Timer::Retry(caller))) => {
                    if let Some(waiting) = self.callers.get_mut(&caller) {
                        waiting.skipped.retain(|_, until| *until > now);
                    }
                }
                Some((_, Timer::Hope(caller))) => self.give_up(now, caller),
                None => {}
            }
        }
    }

    /// Callers, each told once, whom nobody can serve any more: all agents who could have logged out, or all refused
    /// too often. They still wait until [`Centre::leave`].
    pub(crate) fn stranded(&mut self) -> Vec<Waiter> {
        std::mem::take(&mut self.stranded)
            .into_iter()
            .filter(|caller| self.callers.contains_key(caller))
            .collect()
    }
}

/// The inside.
impl Centre {
    /// The best of all who wait in a queue with a free agent and stand behind who was seen there.
    fn next_in_line(&self, seen: &BTreeMap<Name, Rank>) -> Option<(Name, Rank, Waiter)> {
        let next = |(name, queue): (&Name, &Queue)| {
            let behind = seen.get(name).map_or(Bound::Unbounded, |rank| Bound::Excluded(*rank));
            let (rank, caller) = queue.line.range((behind, Bound::Unbounded)).next()?;
            self.members(queue).any(Agent::is_idle).then(|| (*rank, *caller, name.clone()))
        };
        let (rank, caller, name) = self.queues.iter().filter_map(next).min()?;
        Some((name, rank, caller))
    }

    /// Whom to ring for a caller now.
    fn chosen(&self, now: Instant, caller: Waiter) -> Option<(Name, Vec<Name>)> {
        let waiting = self.callers.get(&caller)?;
        let queue = self.queues.get(&waiting.queue)?;
        let one_at_a_time = queue.rules.order != super::group::Order::RingAll;
        if waiting.is_exhausted() || one_at_a_time && !waiting.ringing.is_empty() {
            return None;
        }
        let free = |name: &Name| {
            let agent = self.agents.get(name)?;
            let able = agent.is_idle() && agent.serves(waiting.skill.as_ref()) && waiting.may_ring(now, name);
            able.then_some(agent.free_since)
        };
        let mut chosen = queue.rules.order.choose(&queue.rules.agents, queue.last_rung.as_ref(), free);
        chosen.truncate(limit::OFFERS_PER_CALL_MAX - waiting.offers);
        Some((waiting.queue.clone(), chosen))
    }

    fn ring(&mut self, now: Instant, caller: Waiter, queue: &Name, agent: Name) -> Offer {
        let mut ring = Duration::ZERO;
        if let Some(found) = self.agents.get_mut(&agent) {
            found.state = State::Ringing { with: With::Queued(caller, queue.clone()), since: now };
        }
        if let Some(waiting) = self.callers.get_mut(&caller) {
            waiting.ringing.insert(agent.clone());
            waiting.offers += 1;
        }
        if let Some(found) = self.queues.get_mut(queue) {
            found.last_rung = Some(agent.clone());
            found.counts.offers += 1;
            ring = found.rules.ring;
        }
        Offer { caller, agent, queue: queue.clone(), ring }
    }

    fn remove(&mut self, caller: Waiter) -> Option<(Waiting, &mut Queue)> {
        let waiting = self.callers.remove(&caller)?;
        let queue = self.queues.get_mut(&waiting.queue)?;
        queue.line.remove(&waiting.rank);
        Some((waiting, queue))
    }

    /// Frees agents whose phones rang for a caller who is no longer there.
    fn release(&mut self, ringing: &BTreeSet<Name>) -> Vec<Name> {
        self.stirred = true;
        for agent in ringing {
            self.settle(agent);
        }
        ringing.iter().cloned().collect()
    }

    fn settle(&mut self, agent: &str) {
        if let Some(found) = self.agents.get_mut(agent) {
            found.settle();
            if found.leaving {
                self.agents.remove(agent);
            }
        }
    }

    fn rest(&mut self, now: Instant, agent: &str, wrap_up: Duration) {
        match self.agents.get_mut(agent) {
            Some(found) if !found.leaving && wrap_up > Duration::ZERO => {
                let until = now + wrap_up;
                found.state = State::WrapUp { until };
                self.timers.insert((until, Timer::WrapUp(Name::from(agent))));
            }
            _ => self.settle(agent),
        }
    }

    pub(super) fn members<'a>(&'a self, queue: &'a Queue) -> impl Iterator<Item = &'a Agent> {
        queue.rules.agents.iter().filter_map(|name| self.agents.get(name))
    }

    pub(super) fn logged_in(&self, queue: &str, skill: Option<&Name>) -> usize {
        let Some(queue) = self.queues.get(queue) else {
            return 0;
        };
        self.members(queue).filter(|agent| agent.is_logged_in() && agent.serves(skill)).count()
    }
}

#[cfg(test)]
#[path = "floor_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "floor_turn_tests.rs"]
mod turn_tests;
