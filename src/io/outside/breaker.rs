//! A breaker per host: one that keeps failing is left alone for a while, so that callers hear at once that it does not work
//! instead of waiting for it, and so that it can recover. A pure state machine.

use std::collections::BTreeMap;

use crate::base::limit::{BREAKER_FAILURES, BREAKER_HOSTS_MAX, BREAKER_REST, FETCH_DURATION_MAX};
use crate::base::time::Instant;

/// The breakers of all hosts. A host of which nothing bad is known takes no room.
#[derive(Debug, Default)]
pub(crate) struct Breakers {
    hosts: BTreeMap<String, Breaker>,
}

#[derive(Debug)]
struct Breaker {
    state: State,
    /// Its last failure, or the begin of its probe.
    touched: Instant,
}

#[derive(Debug)]
enum State {
    /// It is asked; so many failures in a row.
    Closed(u32),
    /// It rests.
    Open {
        /// Until then.
        until: Instant,
    },
    /// One question is on its way to find out whether it works again.
    HalfOpen,
}

/// The right to ask a host once; to be given back with how it went.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Permit {
    /// As usual.
    Usual,
    /// To find out whether it works again.
    Probe,
}

impl Breakers {
    /// Whether a host may be asked now.
    pub(crate) fn permit(&mut self, host: &str, now: Instant) -> Option<Permit> {
        let Some(breaker) = self.hosts.get_mut(host) else { return Some(Permit::Usual) };
        let may_probe = match breaker.state {
            State::Closed(_) => return Some(Permit::Usual),
            State::Open { until } => until <= now,
            // A probe that is never told of is lost: another one goes.
            State::HalfOpen => breaker.touched + FETCH_DURATION_MAX + BREAKER_REST <= now,
        };
        may_probe.then(|| {
            *breaker = Breaker { state: State::HalfOpen, touched: now };
            Permit::Probe
        })
    }

    /// A host answered.
    pub(crate) fn succeeded(&mut self, host: &str, permit: Permit) {
        let late = |breaker: &Breaker| !matches!(breaker.state, State::Closed(_)) && permit == Permit::Usual;
        // The answer to a question from before the rest tells nothing of now.
        if self.hosts.get(host).is_some_and(|breaker| !late(breaker)) {
            self.hosts.remove(host);
        }
    }

    /// A host did not answer, or said that it is broken. True when it begins to rest by that.
    pub(crate) fn failed(&mut self, host: &str, permit: Permit, now: Instant) -> bool {
        self.make_room(host);
        let new = || Breaker { state: State::Closed(0), touched: now };
        let breaker = self.hosts.entry(host.to_owned()).or_insert_with(new);
        let rest = State::Open { until: now + BREAKER_REST };
        let state = match (&breaker.state, permit) {
            (State::Closed(failures), _) if failures + 1 < BREAKER_FAILURES => State::Closed(failures + 1),
            (State::Closed(_), _) | (State::HalfOpen, Permit::Probe) => rest,
            (State::Open { .. }, _) | (State::HalfOpen, Permit::Usual) => return false,
        };
        let rests = matches!(state, State::Open { .. });
        *breaker = Breaker { state, touched: now };
        rests
    }

    /// What was touched longest ago is forgotten.
    fn make_room(&mut self, host: &str) {
        if self.hosts.len() < BREAKER_HOSTS_MAX || self.hosts.contains_key(host) {
            return;
        }
        let oldest = self.hosts.iter().min_by_key(|(_, breaker)| breaker.touched);
        if let Some(oldest) = oldest.map(|(host, _)| host.clone()) {
            self.hosts.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    const HOST: &str = "api.exemple.fr";

    fn tripped(now: Instant) -> Breakers {
        let mut breakers = Breakers::default();
        for failure in 1..=5 {
            assert_eq!(breakers.permit(HOST, now), Some(Permit::Usual));
            assert_eq!(breakers.failed(HOST, Permit::Usual, now), failure == 5);
        }
        breakers
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_fifteen_seconds_then_one_probe_goes() {
        let mut breakers = tripped(at(1_000));
        assert_eq!(breakers.permit(HOST, at(1_000)), None);
        assert_eq!(breakers.permit("other.exemple.fr", at(1_000)), Some(Permit::Usual));
        assert_eq!(breakers.permit(HOST, at(15_999)), None);
        assert_eq!(breakers.permit(HOST, at(16_000)), Some(Permit::Probe));
        assert_eq!(breakers.permit(HOST, at(16_001)), None, "one at a time");
        breakers.succeeded(HOST, Permit::Probe);
        assert_eq!(breakers.permit(HOST, at(16_002)), Some(Permit::Usual));
        assert!(breakers.hosts.is_empty());
    }

    #[test]
    fn a_probe_that_fails_lets_it_rest_again() {
        let mut breakers = tripped(at(0));
        assert_eq!(breakers.permit(HOST, at(15_000)), Some(Permit::Probe));
        assert!(breakers.failed(HOST, Permit::Probe, at(18_000)));
        assert_eq!(breakers.permit(HOST, at(32_999)), None);
        assert_eq!(breakers.permit(HOST, at(33_000)), Some(Permit::Probe));
    }

    #[test]
    fn an_answer_in_between_begins_the_count_anew() {
        let mut breakers = Breakers::default();
        for _ in 0..20 {
            assert!((0..4).all(|_| !breakers.failed(HOST, Permit::Usual, at(0))));
            breakers.succeeded(HOST, Permit::Usual);
        }
        assert_eq!(breakers.permit(HOST, at(0)), Some(Permit::Usual));
    }

    #[test]
    fn answers_to_questions_of_before_the_rest_tell_nothing() {
        let mut breakers = tripped(at(0));
        breakers.succeeded(HOST, Permit::Usual);
        assert!(!breakers.failed(HOST, Permit::Usual, at(10_000)), "the rest is not made longer");
        assert_eq!(breakers.permit(HOST, at(14_999)), None);
        assert_eq!(breakers.permit(HOST, at(15_000)), Some(Permit::Probe));
        breakers.succeeded(HOST, Permit::Usual);
        assert_eq!(breakers.permit(HOST, at(15_001)), None, "the probe is still awaited");
    }

    #[test]
    fn a_probe_that_is_lost_is_followed_by_another() {
        let mut breakers = tripped(at(0));
        assert_eq!(breakers.permit(HOST, at(15_000)), Some(Permit::Probe));
        assert_eq!(breakers.permit(HOST, at(49_999)), None);
        assert_eq!(breakers.permit(HOST, at(50_000)), Some(Permit::Probe));
    }

    #[test]
    fn hosts_are_bounded_and_the_oldest_is_forgotten() {
        let mut breakers = tripped(at(1_000));
        for host in 0..BREAKER_HOSTS_MAX as u64 {
            breakers.failed(&format!("{host}.exemple.fr"), Permit::Usual, at(2_000 + host));
        }
        assert_eq!(breakers.hosts.len(), BREAKER_HOSTS_MAX);
        assert_eq!(breakers.permit(HOST, at(3_000)), Some(Permit::Usual));
    }
}
