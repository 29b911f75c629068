//! RTP ports of the site's range: handed out in a random order, rested after use (`PORT_QUARANTINE`).

use std::collections::VecDeque;
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
}

impl Ports {
    pub(super) fn new(range: RangeInclusive<u16>, rng: &mut Rng) -> Self {
        let mut free: Vec<u16> = even(&range).collect();
        for place in (1..free.len()).rev() {
            let other = rng.below(place as u64 + 1) as usize;
            free.swap(place, other);
        }
        Self { range, free: free.into(), resting: VecDeque::new() }
    }

    /// Takes another range on reload; ports in use outside it are simply not given back.
    pub(super) fn resize(&mut self, range: RangeInclusive<u16>, rng: &mut Rng) {
        if range != self.range {
            *self = Self::new(range, rng);
        }
    }

    /// A port that has rested, or `None` when all are in use.
    pub(super) fn take(&mut self, now: Instant) -> Option<u16> {
        while self.resting.front().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, port)) = self.resting.pop_front() {
                self.free.push_back(port);
            }
        }
        self.free.pop_front()
    }

    pub(super) fn give_back(&mut self, now: Instant, port: u16) {
        if self.range.contains(&port) {
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
