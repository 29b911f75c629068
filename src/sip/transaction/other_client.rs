//! The non-INVITE client transaction: RFC 3261 §17.1.2 (BYE, CANCEL, REGISTER, OPTIONS, UPDATE).

use std::sync::Arc;

use super::{Verdict, Wake};
use crate::base::time::{Duration, Instant};
use crate::sip::timer::{PATIENCE, Repeat, T2, T4};

/// The timers of this machine.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Repeats the request (unreliable transports).
    E,
    /// No final response came.
    F,
    /// Absorbs repeated responses (unreliable transports).
    K,
}

/// The states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Sent; nothing or only provisional responses have come.
    Trying {
        /// Timer E.
        repeat: Option<Repeat>,
        /// Timer F.
        give_up: Instant,
        /// Whether a provisional response has come (state Proceeding of the RFC).
        heard: bool,
    },
    /// A final response has come.
    Completed {
        /// Timer K.
        until: Instant,
    },
    /// Over.
    Terminated,
}

/// The machine.
#[derive(Clone, Debug)]
pub(crate) struct OtherClient {
    state: State,
    reliable: bool,
}

impl OtherClient {
    /// The request is sent now.
    pub(crate) fn new(now: Instant, reliable: bool) -> Self {
        let repeat = (!reliable).then(|| Repeat::start(now, T2));
        Self { state: State::Trying { repeat, give_up: now + PATIENCE, heard: false }, reliable }
    }

    /// Whether nothing has come yet.
    pub(crate) fn is_unheard(&self) -> bool {
        matches!(self.state, State::Trying { heard: false, .. })
    }

    /// A response came.
    pub(crate) fn response(&mut self, now: Instant, status: u16) -> Verdict {
        match (&mut self.state, status) {
            (State::Trying { repeat, heard, .. }, 100..=199) => {
                // RFC 3261 §17.1.2.2: from now on at T2 only.
                if let Some(repeat) = repeat {
                    repeat.slow_down();
                }
                *heard = true;
                Verdict::Drop
            }
            (State::Trying { .. }, _) => {
                let linger = if self.reliable { Duration::ZERO } else { T4 };
                self.state = State::Completed { until: now + linger };
                Verdict::Deliver
            }
            (State::Completed { .. } | State::Terminated, _) => Verdict::Drop,
        }
    }

    /// The next timer and when it fires.
    pub(crate) fn next(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Trying { repeat, give_up, .. } => {
                let e = repeat.as_ref().map(|repeat| (repeat.due(), Timer::E));
                e.into_iter().chain([(*give_up, Timer::F)]).min()
            }
            State::Completed { until } => Some((*until, Timer::K)),
            State::Terminated => None,
        }
    }

    /// Runs the timer that is due; `request` is what timer E sends.
    pub(crate) fn wake(&mut self, now: Instant, request: &Arc<[u8]>) -> Wake {
        let Some((due, timer)) = self.next() else { return Wake::Idle };
        if due > now {
            return Wake::Idle;
        }
        match (timer, &mut self.state) {
            (Timer::E, State::Trying { repeat: Some(repeat), .. }) => {
                repeat.step(now);
                Wake::Send(request.clone())
            }
            (Timer::F, _) => {
                self.state = State::Terminated;
                Wake::TimedOut
            }
            (Timer::E | Timer::K, _) => {
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

    fn bye() -> Arc<[u8]> {
        b"BYE".as_slice().into()
    }

    #[test]
    fn a_request_is_repeated_up_to_t2_and_given_up_at_timer_f() {
        let mut machine = OtherClient::new(at(0), false);
        let mut sent = Vec::new();
        loop {
            let (due, _) = machine.next().unwrap();
            match machine.wake(due, &bye()) {
                Wake::Send(_) => sent.push(due.as_millis()),
                Wake::TimedOut => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(sent, [500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    }

    #[test]
    fn a_provisional_slows_the_repeats_and_a_final_ends_them() {
        let mut machine = OtherClient::new(at(0), false);
        assert!(machine.is_unheard());
        assert_eq!(machine.response(at(100), 100), Verdict::Drop);
        assert!(!machine.is_unheard());
        assert_eq!(machine.wake(at(500), &bye()), Wake::Send(bye()));
        assert_eq!(machine.next(), Some((at(4_500), Timer::E)));
        assert_eq!(machine.response(at(600), 200), Verdict::Deliver);
        assert_eq!(machine.response(at(700), 200), Verdict::Drop);
        assert_eq!(machine.next(), Some((at(5_600), Timer::K)));
        assert_eq!(machine.wake(at(5_600), &bye()), Wake::Over);
    }
}
