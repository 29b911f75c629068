//! RTP ports of the site's range: handed out in a random order, rested after use (`PORT_QUARANTINE`).

use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;

use crate::base::limit::PORT_QUARANTINE;
use crate::base::rng::Rng;
use crate::base::time::Instant;

/// Even ports (RTP; the odd one above is RTCP's, RFC 3550 §11) that no session of ours uses.
#[derive(Debug)]
pub(super) struct Ports {
    range: RangeInclusive<u16>,
    free: VecDeque<u16>,
    resting: VecDeque<(Instant, u16)>,
    used: BTreeSet<u16>,
}

impl Ports {
    pub(super) fn new(range: RangeInclusive<u16>, rng: &mut Rng) -> Self {
        let mut free: Vec<u16> = even(&range).collect();
        for place in (1..free.len()).rev() {
            let other = rng.below(place as u64 + 1) as usize;
            free.swap(place, other);
        }
        Self { range, free: free.into(), resting: VecDeque::new(), used: BTreeSet::new() }
    }

    /// Takes another range on reload. Ports in use stay in use, and rest when they come back if they are in the new range.
    pub(super) fn resize(&mut self, range: RangeInclusive<u16>, rng: &mut Rng) {
        if range == self.range {
            return;
        }
        let mut fresh = Self::new(range, rng);
        fresh.used = std::mem::take(&mut self.used);
        let in_range: BTreeSet<u16> = fresh.free.iter().copied().collect();
        fresh.resting = self.resting.drain(..).filter(|(_, port)| in_range.contains(port)).collect();
        let resting: BTreeSet<u16> = fresh.resting.iter().map(|(_, port)| *port).collect();
        let Self { free, used, .. } = &mut fresh;
        free.retain(|port| !used.contains(port) && !resting.contains(port));
        *self = fresh;
    }

    /// A port that has rested, or `None` when all are in use.
    pub(super) fn take(&mut self, now: Instant) -> Option<u16> {
        while self.resting.front().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, port)) = self.resting.pop_front() {
                self.free.push_back(port);
            }
        }
        let port = self.free.pop_front()?;
        self.used.insert(port);
        Some(port)
    }

    pub(super) fn give_back(&mut self, now: Instant, port: u16) {
        let ours = self.used.remove(&port) && port.is_multiple_of(2);
        if ours && self.range.contains(&port) && port < *self.range.end() {
            self.resting.push_back((now + PORT_QUARANTINE, port));
        }
    }

    /// Ports neither in use nor resting.
    pub(super) fn free_len(&self) -> usize {
        self.free.len() + self.resting.len()
    }
}

/// Even ports whose odd neighbour is in the range too.
fn even(range: &RangeInclusive<u16>) -> impl Iterator<Item = u16> + use<> {
    let end = *range.end();
    range.clone().filter(move |port| port % 2 == 0 && *port < end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn another_range_keeps_what_is_in_use() {
        let mut rng = Rng::seeded(1);
        let mut ports = Ports::new(10_000..=10_003, &mut rng);
        let used = ports.take(at(0)).unwrap();
        ports.resize(10_000..=10_005, &mut rng);
        let others: BTreeSet<u16> = std::iter::from_fn(|| ports.take(at(0))).collect();
        assert!(others.len() == 2 && !others.contains(&used), "{used} {others:?}");
        ports.give_back(at(0), used);
        ports.give_back(at(0), used);
        assert_eq!(ports.free_len(), 1, "a port comes back once");
    }

    #[test]
    fn ports_are_even_and_rest_after_use() {
        let mut ports = Ports::new(10_001..=10_005, &mut Rng::seeded(1));
        let (first, second) = (ports.take(at(0)).unwrap(), ports.take(at(0)).unwrap());
        assert_eq!([first.min(second), first.max(second)], [10_002, 10_004]);
        assert_eq!(ports.take(at(0)), None);
        ports.give_back(at(0), first);
        assert_eq!(ports.take(at(1_999)), None);
        assert_eq!(ports.take(at(2_000)), Some(first));
    }
}
