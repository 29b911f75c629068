//! What must hold on the floor after every step. Called by the laws of the simulation and by tests.

use super::agent::{State, With};
use super::floor::Centre;
use super::queue::Waiter;
use crate::base::name::Name;

/// A law that does not hold: our bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Q4: entered is not served + abandoned + overflowed + waiting.
    Conservation(Name),
    /// A caller stands in no line, or in a wrong one.
    Place(Waiter),
    /// A line has someone whom nobody knows.
    Ghost(Name, Waiter),
    /// The caller thinks that this phone rings for them; the agent does not.
    Ringing(Waiter, Name),
    /// The agent rings for a caller who does not know it.
    Rung(Name, Waiter),
}

impl Centre {
    /// The first law that does not hold.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        for (name, queue) in &self.queues {
            let counts = queue.counts;
            let gone = counts.served + counts.abandoned + counts.overflowed;
            if counts.entered != gone + queue.line.len() as u64 {
                return Err(Broken::Conservation(name.clone()));
            }
            if let Some(ghost) = queue.line.values().find(|caller| !self.callers.contains_key(caller)) {
                return Err(Broken::Ghost(name.clone(), *ghost));
            }
        }
        for (caller, waiting) in &self.callers {
            let line = self.queues.get(&waiting.queue).map(|queue| &queue.line);
            if line.and_then(|line| line.get(&waiting.rank)) != Some(caller) {
                return Err(Broken::Place(*caller));
            }
            let silent =
                |agent: &&Name| !self.agents.get(*agent).is_some_and(|found| found.rings_for(*caller));
            if let Some(agent) = waiting.ringing.iter().find(silent) {
                return Err(Broken::Ringing(*caller, agent.clone()));
            }
        }
        for (name, agent) in &self.agents {
            if let State::Ringing { with: With::Queued(caller, _), .. } = agent.state
                && !self.callers.get(&caller).is_some_and(|waiting| waiting.ringing.contains(name))
            {
                return Err(Broken::Rung(name.clone(), caller));
            }
        }
        Ok(())
    }
}
