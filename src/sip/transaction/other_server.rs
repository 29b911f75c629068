//! The non-INVITE server transaction: RFC 3261 §17.2.2, with RFC 4320 (no 408, no provisional but 100, which we never
//! need: everything but a re-INVITE is answered at once).

use std::sync::Arc;

use super::Wake;
use crate::base::time::Instant;
use crate::sip::timer::PATIENCE;

/// The timer of this machine.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Absorbs repeated requests (unreliable transports).
    J,
    /// Nobody answered the request within 64*T1: the client has given up (RFC 4320 §4.2), and so do we.
    Expiry,
}

/// The states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// No response yet.
    Trying {
        /// When the client has given up.
        until: Instant,
    },
    /// Responded; the response is replayed.
    Completed {
        /// The response.
        response: Arc<[u8]>,
        /// Timer J.
        until: Instant,
    },
    /// Over.
    Terminated,
}

/// The machine.
#[derive(Clone, Debug)]
pub(crate) struct OtherServer {
    state: State,
    reliable: bool,
}

impl OtherServer {
    /// A new request came in.
    pub(crate) fn new(now: Instant, reliable: bool) -> Self {
        Self { state: State::Trying { until: now + PATIENCE }, reliable }
    }

    /// Where it is.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The request came again: what to send again.
    pub(crate) fn repeated(&self) -> Option<Arc<[u8]>> {
        match &self.state {
            State::Completed { response, .. } => Some(response.clone()),
            State::Trying { .. } | State::Terminated => None,
        }
    }

    /// The user responds, finally. False: it is too late, do not send it.
    pub(crate) fn respond(&mut self, now: Instant, response: &Arc<[u8]>) -> bool {
        let State::Trying { .. } = self.state else { return false };
        self.state = if self.reliable {
            State::Terminated
        } else {
            State::Completed { response: response.clone(), until: now + PATIENCE }
        };
        true
    }

    /// The next timer and when it fires.
    pub(crate) fn next(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Trying { until } => Some((*until, Timer::Expiry)),
            State::Completed { until, .. } => Some((*until, Timer::J)),
            State::Terminated => None,
        }
    }

    /// Runs the timer that is due.
    pub(crate) fn wake(&mut self, now: Instant) -> Wake {
        match self.next() {
            Some((due, Timer::J | Timer::Expiry)) if due <= now => {
                self.state = State::Terminated;
                Wake::Over
            }
            _ => Wake::Idle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn the_response_is_replayed_for_64_t1() {
        let response: Arc<[u8]> = b"200".as_slice().into();
        let mut machine = OtherServer::new(at(0), false);
        assert_eq!(machine.repeated(), None);
        assert!(machine.respond(at(10), &response));
        assert!(!machine.respond(at(11), &response));
        assert_eq!(machine.repeated(), Some(response));
        assert_eq!(machine.next(), Some((at(32_010), Timer::J)));
        assert_eq!(machine.wake(at(32_010)), Wake::Over);
        assert_eq!(machine.repeated(), None);
    }

    #[test]
    fn a_stream_needs_no_timer_j() {
        let mut machine = OtherServer::new(at(0), true);
        machine.respond(at(10), &b"200".as_slice().into());
        assert_eq!(machine.state(), &State::Terminated);
    }

    #[test]
    fn an_unanswered_request_is_forgotten_when_its_client_has_given_up() {
        let mut machine = OtherServer::new(at(0), false);
        assert_eq!(machine.wake(at(32_000)), Wake::Over);
    }
}
