//! The ways from one media thread to the planes of the others: tried, never waited for.

use std::sync::mpsc::TrySendError;

use super::Neighbour;
use crate::media::crossing::Crossing;

pub(super) struct Neighbours {
    ways: Vec<Neighbour>,
    /// Who has something new in its queue and has not been woken.
    unwoken: Vec<bool>,
    lost: u64,
}

impl Neighbours {
    pub(super) fn new(ways: Vec<Neighbour>) -> Self {
        let unwoken = vec![false; ways.len()];
        Self { ways, unwoken, lost: 0 }
    }

    /// Puts a crossing into the queue of its worker, or counts it as lost.
    pub(super) fn carry(&mut self, crossing: Crossing) {
        let worker = usize::from(crossing.to());
        let sent = self.ways.get(worker).map(|way| way.crossings.try_send(crossing));
        match sent {
            Some(Ok(())) => self.unwoken[worker] = true,
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => {
                self.lost += 1;
                if self.lost.is_power_of_two() {
                    tracing::error!(
                        worker,
                        lost = self.lost,
                        "what one media worker says to another is lost: it does not take it"
                    );
                }
            }
        }
    }

    /// Wakes those who have been given something since the last call: once, however much it was.
    pub(super) fn wake(&mut self) {
        for (way, unwoken) in self.ways.iter().zip(&mut self.unwoken) {
            if std::mem::take(unwoken) {
                // Fails only if the counter is full, and then the worker is awake anyway.
                let _ = way.shared.wake.write(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::limit::MEDIA_CROSSINGS_MAX;
    use crate::io::media_worker::way;
    use crate::media::vocabulary::SessionId;

    #[test]
    fn what_a_worker_does_not_take_is_counted_and_nobody_waits() {
        let (first, _end) = way().unwrap();
        let (second, inbox) = way().unwrap();
        let mut neighbours = Neighbours::new(vec![first, second]);
        let to = |worker| Crossing::Leave {
            source: SessionId { worker, serial: 1 },
            listener: SessionId { worker: 0, serial: 2 },
        };
        for _ in 0..MEDIA_CROSSINGS_MAX + 3 {
            neighbours.carry(to(1));
        }
        neighbours.carry(to(7));
        assert_eq!(neighbours.lost, 4);
        let woken =
            |neighbours: &Neighbours, worker: usize| neighbours.ways[worker].shared.wake.read().is_ok();
        assert!(!woken(&neighbours, 1), "not before it is told to");
        neighbours.wake();
        assert!(woken(&neighbours, 1) && !woken(&neighbours, 0));
        assert_eq!(inbox.try_iter().count(), MEDIA_CROSSINGS_MAX);
    }
}
