//! Erlang C: how long callers wait when so many call, talks are so long and so many agents take them.
//!
//! It assumes that calls come at random and independently (Poisson), that lengths of talks are exponential, and that nobody hangs
//! up: where callers do, it says that they wait longer than they will. Read first: A. K. Erlang (1917); R. B. Cooper,
//! *Introduction to Queueing Theory*, §3.5.
//!
//! No factorials: the recursion of Erlang B only adds and multiplies what is below 1, so that thousands of agents overflow nothing.

use crate::base::limit::ERLANG_AGENTS_MAX;
use crate::base::time::Duration;

/// What comes to a group of agents.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Load {
    /// Calls an hour.
    pub(crate) calls_per_hour: f64,
    /// How long one keeps an agent: talk, hold and wrap-up.
    pub(crate) handling: Duration,
}

/// What a group of agents makes of it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Service {
    /// The part of callers who wait, 0 to 1.
    pub(crate) waiting: f64,
    /// How long all callers wait, on the average; none when they wait for ever.
    pub(crate) mean_wait: Option<Duration>,
    /// The part of their time that agents are busy, 0 to 1.
    pub(crate) occupancy: f64,
    agents: f64,
    erlangs: f64,
    handling: f64,
}

impl Load {
    /// How many agents would be busy at once if there were enough.
    pub(crate) fn erlangs(&self) -> f64 {
        let erlangs = self.calls_per_hour * self.handling.as_secs_f64() / 3_600.0;
        if erlangs.is_finite() { erlangs.max(0.0) } else { 0.0 }
    }

    /// What so many agents make of it; with no more of them than they are busy the line grows without end.
    pub(crate) fn with(&self, agents: u32) -> Service {
        let (count, erlangs) = (f64::from(agents), self.erlangs());
        let handling = self.handling.as_secs_f64();
        let waiting = waiting(erlangs, agents);
        let mean_wait = if erlangs == 0.0 {
            Some(Duration::ZERO)
        } else {
            (count > erlangs).then(|| waiting * handling / (count - erlangs)).and_then(seconds)
        };
        let occupancy = if agents == 0 { 0.0 } else { (erlangs / count).min(1.0) };
        Service { waiting, mean_wait, occupancy, agents: count, erlangs, handling }
    }

    /// The fewest agents with whom this part of callers (0 to 1) waits no longer than `within`; none when no number of them does.
    pub(crate) fn agents_for(&self, target: f64, within: Duration) -> Option<u32> {
        let enough = |agents: u32| self.with(agents).level(within) >= target;
        if !enough(ERLANG_AGENTS_MAX) {
            return None;
        }
        // The level never falls when an agent joins, so that the first of a sorted row is looked for.
        let (mut low, mut high) = (0, ERLANG_AGENTS_MAX);
        while low < high {
            let middle = low.midpoint(high);
            if enough(middle) { high = middle } else { low = middle + 1 }
        }
        Some(low)
    }
}

impl Service {
    /// The part of callers who wait no longer than this, 0 to 1.
    pub(crate) fn level(&self, within: Duration) -> f64 {
        if self.erlangs == 0.0 {
            return 1.0;
        }
        if self.agents <= self.erlangs {
            return 0.0;
        }
        let patience = if self.handling > 0.0 { within.as_secs_f64() / self.handling } else { f64::MAX };
        (1.0 - self.waiting * (-(self.agents - self.erlangs) * patience).exp()).clamp(0.0, 1.0)
    }
}

/// The probability that a caller waits.
fn waiting(erlangs: f64, agents: u32) -> f64 {
    if erlangs <= 0.0 {
        return 0.0;
    }
    let count = f64::from(agents);
    if count <= erlangs {
        return 1.0;
    }
    // Erlang B: the probability that all agents are busy if nobody could wait.
    let mut blocked = 1.0;
    for agent in 1..=agents.min(ERLANG_AGENTS_MAX) {
        let offered = erlangs * blocked;
        blocked = offered / (f64::from(agent) + offered);
    }
    count * blocked / (count - erlangs * (1.0 - blocked))
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(calls_per_hour: f64, handling_s: u64) -> Load {
        Load { calls_per_hour, handling: Duration::from_secs(handling_s) }
    }

    fn near(found: f64, expected: f64, places: f64) -> bool {
        (found - expected).abs() <= 0.5 * 10_f64.powf(-places)
    }

    /// The worked examples of "The Erlang-C Formula" (mitan.co.uk: 360 calls in half an hour, 4 minutes, 55 agents, 15 s) and of
    /// Call Centre Helper (100 calls in half an hour, 3 minutes, 14 agents, 20 s); checked again in fractions.
    #[test]
    fn published_examples_are_met() {
        for (calls, handling, agents, within, waiting, level, mean) in [
            (720.0, 240, 55, 15, 0.239, 0.846, 8.2),
            (200.0, 180, 14, 20, 0.174, 0.888, 7.8),
            (200.0, 180, 11, 20, 0.682, 0.390, 122.8),
        ] {
            let service = load(calls, handling).with(agents);
            assert!(near(service.waiting, waiting, 3.0), "{service:?}");
            assert!(near(service.level(Duration::from_secs(within)), level, 3.0), "{service:?}");
            assert!(near(service.mean_wait.unwrap().as_secs_f64(), mean, 1.0), "{service:?}");
        }
    }

    #[test]
    fn one_and_two_agents_have_closed_forms() {
        for tenths in 1..10 {
            let busy = f64::from(tenths) / 10.0;
            let one = load(busy * 60.0, 60).with(1);
            assert!((one.waiting - busy).abs() < 1e-12, "M/M/1 waits when its agent is busy");
            let two = load(busy * 60.0, 60).with(2);
            assert!((two.waiting - busy * busy / (2.0 + busy)).abs() < 1e-12);
        }
    }

    #[test]
    fn the_limits_are_met() {
        let minute = Duration::from_secs(60);
        let nobody = load(0.0, 180).with(0);
        assert_eq!(
            (nobody.waiting, nobody.level(minute), nobody.mean_wait),
            (0.0, 1.0, Some(Duration::ZERO))
        );
        let closed = load(10.0, 180).with(0);
        assert_eq!((closed.waiting, closed.level(minute), closed.mean_wait), (1.0, 0.0, None));
        let flooded = load(200.0, 180).with(10);
        assert_eq!((flooded.waiting, flooded.mean_wait, flooded.occupancy), (1.0, None, 1.0));
        let short = load(200.0, 0).with(1);
        assert_eq!((short.level(minute), short.mean_wait), (1.0, Some(Duration::ZERO)));
        let hall = load(20.0 * 4_990.0, 180).with(5_000);
        assert!(hall.waiting > 0.8 && hall.waiting < 0.9, "thousands overflow nothing: {hall:?}");
        assert!(load(f64::NAN, 180).with(1).waiting == 0.0 && load(f64::INFINITY, 1).erlangs() == 0.0);
    }

    #[test]
    fn the_fewest_agents_for_a_target_are_found() {
        let (busy, within) = (load(200.0, 180), Duration::from_secs(20));
        assert_eq!(busy.agents_for(0.8, within), Some(14), "13 reach 79.6 %");
        assert_eq!(busy.agents_for(0.0, within), Some(0));
        assert!(busy.agents_for(0.999_999, within).is_some_and(|agents| agents > 20));
        assert_eq!(busy.agents_for(1.1, within), None);
        assert_eq!(load(0.0, 180).agents_for(0.8, within), Some(0));
    }

    proptest::proptest! {
        #![proptest_config(crate::base::property::cases(256))]

        #[test]
        fn one_agent_more_never_makes_anybody_wait_longer(
            calls in 1.0_f64..5_000.0, handling in 1_u64..1_000, agents in 1_u32..500, within in 0_u64..120,
        ) {
            let load = load(calls, handling);
            let (fewer, more) = (load.with(agents), load.with(agents + 1));
            let within = Duration::from_secs(within);
            proptest::prop_assert!(more.waiting <= fewer.waiting && more.level(within) >= fewer.level(within));
            proptest::prop_assert!((0.0..=1.0).contains(&more.waiting) && (0.0..=1.0).contains(&more.level(within)));
        }
    }
}
