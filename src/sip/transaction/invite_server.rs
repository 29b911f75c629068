//! The INVITE server transaction: RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1. It does not repeat the
//! 2xx: that is the user's duty until the ACK comes (RFC 3261 §13.3.1.4, `invite/uas.rs`).

use std::sync::Arc;

use super::Wake;
use crate::base::time::Instant;
use crate::sip::timer::{PATIENCE, Repeat, T2, T4};

/// The timers of this machine.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Repeats a 300-699 until the ACK (unreliable transports).
    G,
    /// Gives up waiting for that ACK.
    H,
    /// Absorbs repeated ACKs.
    I,
    /// Absorbs repeated INVITEs after a 2xx (RFC 6026).
    L,
}

/// The states, each with exactly its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// No final response yet; the last provisional one, to be replayed.
    Proceeding(Option<Arc<[u8]>>),
    /// 300-699 sent, ACK awaited.
    Completed(Completed),
    /// The ACK came.
    Confirmed {
        /// Timer I.
        until: Instant,
    },
    /// 2xx sent: deaf to repeated INVITEs, else a late one would be a ghost call.
    Accepted {
        /// Timer L.
        until: Instant,
    },
    /// Over.
    Terminated,
}

/// See [`State::Completed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completed {
    response: Arc<[u8]>,
    repeat: Option<Repeat>,
    give_up: Instant,
}

/// The machine.
#[derive(Clone, Debug)]
pub(crate) struct InviteServer {
    state: State,
    reliable: bool,
}

impl InviteServer {
    /// A new INVITE came in.
    pub(crate) fn new(reliable: bool) -> Self {
        Self { state: State::Proceeding(None), reliable }
    }

    /// Where it is.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The INVITE came again: what to send again.
    pub(crate) fn repeated(&self) -> Option<Arc<[u8]>> {
        match &self.state {
            State::Proceeding(last) => last.clone(),
            State::Completed(completed) => Some(completed.response.clone()),
            State::Confirmed { .. } | State::Accepted { .. } | State::Terminated => None,
        }
    }

    /// The user responds. False: it is too late for this response, do not send it.
    pub(crate) fn respond(&mut self, now: Instant, status: u16, response: &Arc<[u8]>) -> bool {
        let State::Proceeding(_) = self.state else { return false };
        self.state = match status {
            100..=199 => State::Proceeding(Some(response.clone())),
            200..=299 => State::Accepted { until: now + PATIENCE },
            _ => State::Completed(Completed {
                response: response.clone(),
                repeat: (!self.reliable).then(|| Repeat::start(now, T2)),
                give_up: now + PATIENCE,
            }),
        };
        true
    }

    /// An ACK with this transaction's branch came. True: it was for us (a non-2xx), nobody else needs it.
    pub(crate) fn ack(&mut self, now: Instant) -> bool {
        match self.state {
            State::Completed(_) if self.reliable => self.state = State::Terminated,
            State::Completed(_) => self.state = State::Confirmed { until: now + T4 },
            State::Confirmed { .. } => {}
            State::Proceeding(_) | State::Accepted { .. } | State::Terminated => return false,
        }
        true
    }

    /// The next timer and when it fires.
    pub(crate) fn next(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Proceeding(_) => None,
            State::Completed(Completed { repeat, give_up, .. }) => {
                let g = repeat.as_ref().map(|repeat| (repeat.due(), Timer::G));
                g.into_iter().chain([(*give_up, Timer::H)]).min()
            }
            State::Confirmed { until } => Some((*until, Timer::I)),
            State::Accepted { until } => Some((*until, Timer::L)),
            State::Terminated => None,
        }
    }

    /// Runs the timer that is due.
    pub(crate) fn wake(&mut self, now: Instant) -> Wake {
        let Some((due, timer)) = self.next() else { return Wake::Idle };
        if due > now {
            return Wake::Idle;
        }
        match (timer, &mut self.state) {
            (Timer::G, State::Completed(Completed { response, repeat: Some(repeat), .. })) => {
                repeat.step(now);
                Wake::Send(response.clone())
            }
            (Timer::G | Timer::H | Timer::I | Timer::L, _) => {
                self.state = State::Terminated;
                Wake::Over
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn bytes(text: &str) -> Arc<[u8]> {
        text.as_bytes().into()
    }

    #[test]
    fn the_last_provisional_is_replayed() {
        let mut machine = InviteServer::new(false);
        assert_eq!(machine.repeated(), None);
        machine.respond(at(0), 100, &bytes("100"));
        machine.respond(at(1), 180, &bytes("180"));
        assert_eq!(machine.repeated(), Some(bytes("180")));
        assert_eq!(machine.next(), None);
    }

    #[test]
    fn a_refusal_is_repeated_until_the_ack() {
        let mut machine = InviteServer::new(false);
        assert!(machine.respond(at(0), 486, &bytes("486")));
        assert_eq!(machine.next(), Some((at(500), Timer::G)));
        assert_eq!(machine.wake(at(499)), Wake::Idle);
        assert_eq!(machine.wake(at(500)), Wake::Send(bytes("486")));
        assert_eq!(machine.next(), Some((at(1_500), Timer::G)));
        assert_eq!(machine.repeated(), Some(bytes("486")));
        assert!(machine.ack(at(1_600)));
        assert_eq!(machine.next(), Some((at(6_600), Timer::I)));
        assert!(machine.ack(at(1_700)), "a repeated ACK is absorbed");
        assert_eq!(machine.repeated(), None);
        assert_eq!(machine.wake(at(6_600)), Wake::Over);
    }

    #[test]
    fn without_ack_a_refusal_ends_after_64_t1() {
        let mut machine = InviteServer::new(false);
        machine.respond(at(0), 503, &bytes("503"));
        let mut sent = 0;
        loop {
            let (due, _) = machine.next().unwrap();
            match machine.wake(due) {
                Wake::Send(_) => sent += 1,
                Wake::Over => break assert_eq!(due, at(32_000)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(sent, 10);
    }

    #[test]
    fn a_stream_repeats_nothing() {
        let mut machine = InviteServer::new(true);
        machine.respond(at(0), 404, &bytes("404"));
        assert_eq!(machine.next(), Some((at(32_000), Timer::H)));
        assert!(machine.ack(at(10)));
        assert_eq!(machine.state(), &State::Terminated);
    }

    #[test]
    fn after_a_2xx_it_is_deaf_for_64_t1_and_leaves_the_ack_to_the_dialog() {
        let mut machine = InviteServer::new(false);
        machine.respond(at(0), 200, &bytes("200"));
        assert_eq!(machine.repeated(), None);
        assert!(!machine.ack(at(5)));
        assert!(!machine.respond(at(6), 487, &bytes("487")), "a final response is final");
        assert_eq!(machine.next(), Some((at(32_000), Timer::L)));
        assert_eq!(machine.wake(at(32_000)), Wake::Over);
    }
}
