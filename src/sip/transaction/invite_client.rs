//! The INVITE client transaction: RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §7.2. Timer C belongs to
//! proxies; how long a call may ring is the user's own clock (`invite/uac.rs`).

use std::sync::Arc;

use super::{Verdict, Wake};
use crate::base::time::{Duration, Instant};
use crate::sip::timer::{PATIENCE, Repeat};

/// The timers of this machine.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Repeats the INVITE (unreliable transports).
    A,
    /// Nothing came at all.
    B,
    /// Absorbs repeated 300-699 (unreliable transports).
    D,
    /// Lets the 2xx of other branches through (RFC 6026).
    M,
    /// No final response within 64*T1 of our CANCEL (RFC 3261 §9.1).
    Cancelled,
}

/// The states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Sent, nothing has come.
    Calling {
        /// Timer A.
        repeat: Option<Repeat>,
        /// Timer B.
        give_up: Instant,
    },
    /// A provisional response has come.
    Proceeding {
        /// When a cancelled INVITE is given up; none while it may ring.
        give_up: Option<Instant>,
    },
    /// 300-699 came and was acknowledged.
    Completed {
        /// Timer D.
        until: Instant,
    },
    /// A 2xx came.
    Accepted {
        /// Timer M.
        until: Instant,
    },
    /// Over.
    Terminated,
}

/// The machine.
#[derive(Clone, Debug)]
pub(crate) struct InviteClient {
    state: State,
    reliable: bool,
}

impl InviteClient {
    /// The INVITE is sent now.
    pub(crate) fn new(now: Instant, reliable: bool) -> Self {
        // Timer A has no ceiling but timer B: RFC 3261 §17.1.1.2.
        let repeat = (!reliable).then(|| Repeat::start(now, PATIENCE));
        Self { state: State::Calling { repeat, give_up: now + PATIENCE }, reliable }
    }

    /// Where it is.
    #[cfg(test)]
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Whether a CANCEL may be sent now: only after a provisional response (RFC 3261 §9.1).
    pub(crate) fn may_cancel(&self) -> bool {
        matches!(self.state, State::Proceeding { give_up: None })
    }

    /// Whether nothing has come yet.
    pub(crate) fn is_unheard(&self) -> bool {
        matches!(self.state, State::Calling { .. })
    }

    /// A CANCEL was sent.
    pub(crate) fn cancelled(&mut self, now: Instant) {
        if let State::Proceeding { give_up } = &mut self.state {
            *give_up = Some(now + PATIENCE);
        }
    }

    /// A response came.
    pub(crate) fn response(&mut self, now: Instant, status: u16) -> Verdict {
        let linger = if self.reliable { Duration::ZERO } else { PATIENCE };
        match (&self.state, status) {
            (State::Calling { .. }, 100..=199) => {
                self.state = State::Proceeding { give_up: None };
                Verdict::Deliver
            }
            (State::Proceeding { .. }, 100..=199) => Verdict::Deliver,
            (State::Calling { .. } | State::Proceeding { .. }, 200..=299) => {
                self.state = State::Accepted { until: now + PATIENCE };
                Verdict::Deliver
            }
            (State::Calling { .. } | State::Proceeding { .. }, _) => {
                self.state = State::Completed { until: now + linger };
                Verdict::DeliverAndAck
            }
            (State::Completed { .. }, 300..) => Verdict::Ack,
            (State::Accepted { .. }, 200..=299) => Verdict::Deliver,
            (State::Completed { .. } | State::Accepted { .. } | State::Terminated, _) => Verdict::Drop,
        }
    }

    /// The next timer and when it fires.
    pub(crate) fn next(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Calling { repeat, give_up } => {
                let a = repeat.as_ref().map(|repeat| (repeat.due(), Timer::A));
                a.into_iter().chain([(*give_up, Timer::B)]).min()
            }
            State::Proceeding { give_up } => give_up.map(|at| (at, Timer::Cancelled)),
            State::Completed { until } => Some((*until, Timer::D)),
            State::Accepted { until } => Some((*until, Timer::M)),
            State::Terminated => None,
        }
    }

    /// Runs the timer that is due; `request` is what timer A sends.
    pub(crate) fn wake(&mut self, now: Instant, request: &Arc<[u8]>) -> Wake {
        let Some((due, timer)) = self.next() else { return Wake::Idle };
        if due > now {
            return Wake::Idle;
        }
        match (timer, &mut self.state) {
            (Timer::A, State::Calling { repeat: Some(repeat), .. }) => {
                repeat.step(now);
                Wake::Send(request.clone())
            }
            (Timer::B | Timer::Cancelled, _) => {
                self.state = State::Terminated;
                Wake::TimedOut
            }
            (Timer::A | Timer::D | Timer::M, _) => {
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

    fn invite() -> Arc<[u8]> {
        b"INVITE".as_slice().into()
    }

    #[test]
    fn the_invite_is_repeated_until_timer_b() {
        let mut machine = InviteClient::new(at(0), false);
        for due in [500, 1_500, 3_500, 7_500, 15_500, 31_500] {
            assert_eq!(machine.next(), Some((at(due), Timer::A)));
            assert_eq!(machine.wake(at(due), &invite()), Wake::Send(invite()));
        }
        assert_eq!(machine.next(), Some((at(32_000), Timer::B)));
        assert_eq!(machine.wake(at(32_000), &invite()), Wake::TimedOut);
        assert_eq!(machine.response(at(32_001), 200), Verdict::Drop);
    }

    #[test]
    fn a_provisional_response_stops_the_repeats_and_it_may_ring_for_ever() {
        let mut machine = InviteClient::new(at(0), false);
        assert!(!machine.may_cancel());
        assert_eq!(machine.response(at(20), 100), Verdict::Deliver);
        assert_eq!(machine.next(), None);
        assert!(machine.may_cancel());
        machine.cancelled(at(1_000));
        assert!(!machine.may_cancel(), "one CANCEL is enough");
        assert_eq!(machine.response(at(1_001), 180), Verdict::Deliver);
        assert_eq!(machine.next(), Some((at(33_000), Timer::Cancelled)));
        assert_eq!(machine.wake(at(33_000), &invite()), Wake::TimedOut);
    }

    #[test]
    fn a_refusal_is_acknowledged_each_time_and_delivered_once() {
        let mut machine = InviteClient::new(at(0), false);
        assert_eq!(machine.response(at(20), 486), Verdict::DeliverAndAck);
        assert_eq!(machine.response(at(520), 486), Verdict::Ack);
        assert_eq!(machine.response(at(521), 180), Verdict::Drop);
        assert_eq!(machine.response(at(522), 200), Verdict::Drop);
        assert_eq!(machine.wake(at(32_020), &invite()), Wake::Over);
    }

    #[test]
    fn every_2xx_is_delivered_for_64_t1() {
        let mut machine = InviteClient::new(at(0), true);
        assert_eq!(machine.next(), Some((at(32_000), Timer::B)), "no timer A on a stream");
        assert_eq!(machine.response(at(20), 200), Verdict::Deliver);
        assert_eq!(machine.response(at(30), 200), Verdict::Deliver);
        assert_eq!(machine.response(at(31), 486), Verdict::Drop);
        assert_eq!(machine.next(), Some((at(32_020), Timer::M)));
        assert_eq!(machine.wake(at(32_020), &invite()), Wake::Over);
    }
}
