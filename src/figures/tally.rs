//! Counts and sums of a bucket: a quarter hour of a number, a campaign, a queue, an agent. All times in milliseconds.
//!
//! Each field is filled by one kind of bucket alone, so that whatever buckets are merged nothing is counted twice:
//! [`Calls`] without queue and agent, [`Stays`] with a queue, [`Work`] with an agent, [`Callers`] by no record alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use super::additive::Additive;
use super::additive::additive;
use crate::base::name::Name;
use crate::centre::outcome::Outcome;

/// Upper bounds of the bins of waits, in seconds, each belonging to its bin; the last bin has what is longer.
pub(crate) const WAITS_S: [u64; 13] = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900];
/// How many bins there are.
pub(crate) const BINS: usize = WAITS_S.len() + 1;
/// How many outcomes there are.
pub(crate) const OUTCOMES: usize = Outcome::Interrupted as usize + 1;
/// A quarter of an hour.
pub(crate) const QUARTER_MS: i64 = 900_000;

/// The quarter of an hour that a moment lies in; both in milliseconds since 1970.
pub(crate) const fn quarter(ms: i64) -> i64 {
    ms.saturating_sub(ms.rem_euclid(QUARTER_MS))
}

/// Which bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key {
    /// The start of its quarter hour, in milliseconds of UTC.
    pub(crate) quarter: i64,
    /// The number dialled, in normal form.
    pub(crate) number: Option<String>,
    /// The campaign.
    pub(crate) campaign: Option<Name>,
    /// The queue.
    pub(crate) queue: Option<Name>,
    /// The agent.
    pub(crate) agent: Option<Name>,
}

additive! {
    /// What a bucket adds up to.
    Tally {
        /// Of calls.
        calls: Calls,
        /// Of stays in queues.
        stays: Stays,
        /// Of agents.
        work: Work,
        /// Of callers, by all their calls together.
        callers: Callers,
    }
}

additive! {
    /// Calls, in the quarter hour in which they began.
    Calls {
        /// Calls that came in.
        calls: u64,
        /// Of these: that were answered, by the flow.
        answered: u64,
        /// By outcome, in the order of [`Outcome`].
        outcomes: [u64; OUTCOMES],
        /// Before the answer.
        ring_ms: u64,
        /// The announcement that the call is free; a part of the flow.
        announcement_ms: u64,
        /// In the flow.
        flow_ms: u64,
        /// Waiting.
        wait_ms: u64,
        /// Talking.
        talk_ms: u64,
        /// Calls back that we made: these are in no count above, and in all sums of money below.
        called_back: u64,
        /// Text messages.
        sms: u64,
        /// What all that costs, in millionths of a euro.
        cost_micros: u64,
        /// Of that: calls that came in.
        incoming_micros: u64,
        /// Of that: calls that went out.
        outgoing_micros: u64,
        /// Of that: text messages.
        messages_micros: u64,
        /// Of calls that came in: the time in queues.
        waiting_micros: u64,
        /// Calls whose cost is not sure.
        unsure: u64,
    }
}

additive! {
    /// Stays in queues, in the quarter hour in which the queue was entered. Call backs have none: who is called back waited before.
    Stays {
        /// All.
        offered: u64,
        /// Somebody answered.
        answered: u64,
        /// Of these: within the threshold.
        within: u64,
        /// The caller hung up.
        abandoned: u64,
        /// Of these: before the threshold of short ones.
        short: u64,
        /// Left by an exit.
        overflowed: u64,
        /// Left with the promise of a call back.
        promised: u64,
        /// Ended by us.
        ended: u64,
        /// Times that an agent was offered the caller.
        offers: u64,
        /// Waits of who was answered.
        wait_answered_ms: u64,
        /// Waits of who hung up.
        wait_abandoned_ms: u64,
        /// All waits, by [`WAITS_S`].
        waits: [u64; BINS],
        /// Waits of who hung up, by [`WAITS_S`].
        patience: [u64; BINS],
    }
}

additive! {
    /// Work of agents, in the quarter hour in which their telephones were rung; their states by who keeps these.
    Work {
        /// Calls that their telephones were rung for: the sum of the next five.
        rung: u64,
        /// They took them and talked.
        answered: u64,
        /// They did not take them in time, or did not accept them.
        missed: u64,
        /// They were busy, or declined.
        declined: u64,
        /// Their telephones could not be reached, or refused.
        failed: u64,
        /// The caller or another agent was quicker.
        withdrawn: u64,
        /// Ringing.
        ring_ms: u64,
        /// Talking, without hold.
        talk_ms: u64,
        /// With the caller on hold.
        hold_ms: u64,
        /// After talks. No record knows it: it comes from the floor.
        wrap_ms: u64,
        /// Logged in; from the floor.
        logged_ms: u64,
        /// Of that: on pause; from the floor.
        paused_ms: u64,
    }
}

additive! {
    /// What became of callers, by all their calls together (`callers.rs`).
    Callers {
        /// Calls that entered a queue.
        offered: u64,
        /// Of these: answered within the threshold.
        within: u64,
        /// Answered, or helped otherwise, later than that.
        late: u64,
        /// Nobody answered, and the number is hidden.
        secret: u64,
        /// Nobody answered, and we have called back since.
        called_back: u64,
        /// Of these: within the threshold of call backs.
        back_in_time: u64,
        /// Nobody answered, and they have called again by themselves and were served.
        called_again: u64,
        /// Nobody answered, and nobody has since.
        owed: u64,
        /// Callers who were served and whose days are over in which they might call again.
        judged: u64,
        /// Of these: who did not.
        helped: u64,
    }
}

/// The bin of a wait.
pub(crate) fn bin(wait_ms: u64) -> usize {
    WAITS_S.iter().position(|bound| wait_ms <= bound.saturating_mul(1_000)).unwrap_or(WAITS_S.len())
}

impl Tally {
    /// All of some tallies.
    pub(crate) fn sum<'t>(tallies: impl IntoIterator<Item = &'t Self>) -> Self {
        let mut sum = Self::default();
        tallies.into_iter().for_each(|tally| sum.merge(tally));
        sum
    }

    /// Time that the floor knows of an agent.
    pub(crate) fn of_states(logged_ms: u64, paused_ms: u64, wrap_ms: u64) -> Self {
        let work = Work { logged_ms, paused_ms, wrap_ms, ..Work::default() };
        Self { work, ..Self::default() }
    }
}

/// Puts contributions into their buckets.
pub(crate) fn add(buckets: &mut BTreeMap<Key, Tally>, contributions: impl IntoIterator<Item = (Key, Tally)>) {
    for (key, tally) in contributions {
        buckets.entry(key).or_default().merge(&tally);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn a_wait_belongs_to_the_bin_of_its_bound() {
        for (wait_ms, place) in
            [(0, 0), (5_000, 0), (5_001, 1), (20_000, 3), (20_001, 4), (900_000, 12), (900_001, 13)]
        {
            assert_eq!(bin(wait_ms), place, "{wait_ms}");
        }
        assert!(WAITS_S.is_sorted() && bin(u64::MAX) == BINS - 1);
    }

    /// A tally with a number of its own in each field, by way of its written form, so that no field is forgotten.
    fn random(rng: &mut Rng) -> Tally {
        let mut value = serde_json::to_value(Tally::default()).unwrap();
        fill(&mut value, rng);
        serde_json::from_value(value).unwrap()
    }

    fn fill(value: &mut serde_json::Value, rng: &mut Rng) {
        match value {
            serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, rng)),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| fill(item, rng)),
            number => *number = if rng.chance(20) { u64::MAX } else { rng.below(1 << 40) }.into(),
        }
    }

    fn merged(one: &Tally, other: &Tally) -> Tally {
        Tally::sum([one, other])
    }

    proptest::proptest! {
        #![proptest_config(crate::base::property::cases(256))]

        #[test]
        fn merging_knows_no_order_and_no_groups(seed in 0_u64..u64::MAX) {
            let mut rng = Rng::seeded(seed);
            let [a, b, c] = std::array::from_fn(|_| random(&mut rng));
            proptest::prop_assert_eq!(merged(&a, &b), merged(&b, &a));
            proptest::prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
            proptest::prop_assert_eq!(&merged(&a, &Tally::default()), &a);
        }
    }

    #[test]
    fn every_field_is_merged() {
        let mut ones = serde_json::to_value(Tally::default()).unwrap();
        set(&mut ones, 1);
        let mut twos = ones.clone();
        set(&mut twos, 2);
        let one: Tally = serde_json::from_value(ones).unwrap();
        assert_eq!(serde_json::to_value(merged(&one, &one)).unwrap(), twos);
    }

    fn set(value: &mut serde_json::Value, to: u64) {
        match value {
            serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| set(field, to)),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| set(item, to)),
            number => *number = to.into(),
        }
    }
}
