//! A place in line that is kept for who hangs up and is called back.

use super::floor::{Centre, Enqueued};
use super::queue::{Rank, Waiter};
use crate::base::name::Name;
use crate::base::time::Instant;

/// A place in the line of a queue.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Place {
    queue: Name,
    rank: Rank,
    since: Instant,
    skill: Option<Name>,
}

/// A place that outlives the process: whoever has come since stands behind it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct KeptPlace {
    queue: Name,
    rank: Rank,
    skill: Option<Name>,
}

impl Place {
    /// What of it the next process can use.
    pub(crate) fn keep(&self) -> KeptPlace {
        KeptPlace { queue: self.queue.clone(), rank: self.rank, skill: self.skill.clone() }
    }
}

impl KeptPlace {
    /// In the line of a new floor.
    pub(crate) fn restored(self, now: Instant) -> Place {
        let Self { queue, rank, skill } = self;
        Place { queue, rank: rank.before_all(), since: now, skill }
    }
}

impl Centre {
    /// The place of a caller who waits.
    pub(crate) fn place(&self, caller: Waiter) -> Option<Place> {
        let waiting = self.callers.get(&caller)?;
        let (queue, skill) = (waiting.queue.clone(), waiting.skill.clone());
        Some(Place { queue, rank: waiting.rank, since: waiting.since, skill })
    }

    /// Stands in line for a caller who has hung up: at the place that was kept, or, when another stands there, at the head.
    pub(crate) fn stand_in(
        &mut self,
        now: Instant,
        caller: Waiter,
        queue: &str,
        place: Option<&Place>,
    ) -> Enqueued {
        let kept = place.filter(|place| place.queue == *queue);
        let skill = kept.and_then(|place| place.skill.clone());
        let placed = self.enqueue(now, caller, queue, skill, 0, kept.is_some());
        let (Some(place), Enqueued::Position(_)) = (kept, placed) else { return placed };
        let (Some(waiting), Some(line)) = (self.callers.get_mut(&caller), self.queues.get_mut(queue)) else {
            return placed;
        };
        if line.line.contains_key(&place.rank) {
            return placed;
        }
        line.line.remove(&waiting.rank);
        line.line.insert(place.rank, caller);
        (waiting.rank, waiting.since) = (place.rank, place.since);
        Enqueued::Position(line.line.range(..=place.rank).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;
    use crate::centre::CentreConfig;
    use crate::centre::agent::Profile;
    use crate::centre::floor::Leave;
    use crate::centre::queue::Rules;

    #[test]
    fn a_place_is_kept_among_those_who_came_later() {
        let agents = [(Name::from("alice"), Profile { has_number: true, ..Profile::default() })].into();
        let rules = Rules { agents: vec!["alice".into()], ..Rules::default() };
        let mut floor =
            Centre::new(at(0), &CentreConfig { agents, queues: [(Name::from("sav"), rules)].into() });
        floor.pause(at(0), "alice", true);
        for caller in 1..=3 {
            floor.enqueue(at(caller), Waiter(caller), "sav", None, 0, false);
        }
        let place = floor.place(Waiter(2)).unwrap();
        floor.leave(at(10), Waiter(2), Leave::Overflowed);
        floor.enqueue(at(11), Waiter(4), "sav", None, 0, false);
        assert_eq!(floor.stand_in(at(12), Waiter(9), "sav", Some(&place)), Enqueued::Position(2));
        assert_eq!(floor.stand_in(at(13), Waiter(10), "sav", None), Enqueued::Position(5));
        // A place is for one: who comes to it second waits in front of all.
        assert_eq!(floor.stand_in(at(13), Waiter(12), "sav", Some(&place)), Enqueued::Position(1));
        assert_eq!(floor.stand_in(at(14), Waiter(11), "autre", Some(&place)), Enqueued::NoAgent);
        assert_eq!(floor.check(), Ok(()));
    }
}
