//! Whose turn it is, and what is counted and foretold: behaviour that no single call shows.

use super::super::group::Order;
use super::tests::{SECOND, config, enqueue, floor, name, names, offered, pair, rules};
use super::*;
use crate::base::time::at;

/// One call of `ms` from its first ring to its end.
fn talk(centre: &mut Centre, start: u64, caller: u64, ms: u64) -> String {
    centre.timeout(at(start));
    enqueue(centre, start, caller);
    let (_, agent) = offered(centre, start).remove(0);
    centre.answered(at(start), Waiter(caller), &agent).unwrap();
    centre.hung_up(at(start + ms), &agent);
    agent
}

#[test]
fn who_has_just_talked_or_just_come_is_rung_last() {
    let mut centre = floor(Order::LongestIdle);
    assert_eq!(talk(&mut centre, 1_000_000, 1, 5_000), "alice");
    assert_eq!(talk(&mut centre, 2_000_000, 2, 5_000), "bruno");
    assert_eq!(talk(&mut centre, 3_000_000, 3, 5_000), "alice");
    centre.available(at(3_500_000), "bruno", false);
    centre.available(at(3_600_000), "bruno", true);
    assert_eq!(talk(&mut centre, 4_000_000, 4, 5_000), "alice", "bruno came back after her last call");
}

#[test]
fn of_two_queues_with_one_agent_the_better_place_is_served_first() {
    let one = rules(Order::LongestIdle, &["alice"]);
    let mut centre = Centre::new(at(0), &config(&[("alice", &[])], &[("a", one.clone()), ("z", one)]));
    centre.available(at(0), "alice", true);
    assert!(centre.take(at(0), "alice"));
    centre.enqueue(at(1), Waiter(1), "z", None, 0, false);
    centre.enqueue(at(2), Waiter(2), "a", None, 0, false);
    centre.enqueue(at(3), Waiter(3), "z", None, 5, false);
    centre.hung_up(at(4), "alice");
    for caller in [3, 1, 2] {
        assert_eq!(offered(&mut centre, 5), [pair(caller, "alice")]);
        centre.leave(at(5), Waiter(caller), Leave::Abandoned);
    }
}

#[test]
fn who_waits_already_has_one_place_in_one_line() {
    let one = rules(Order::LongestIdle, &["alice"]);
    let mut centre = Centre::new(at(0), &config(&[("alice", &[])], &[("a", one.clone()), ("z", one)]));
    centre.available(at(0), "alice", true);
    assert!(centre.take(at(0), "alice"));
    centre.enqueue(at(1), Waiter(1), "a", None, 0, false);
    assert_eq!(centre.enqueue(at(2), Waiter(1), "z", None, 0, false), Enqueued::Position(1));
    assert_eq!((centre.waiting("a"), centre.waiting("z")), (0, 1));
    centre.check().unwrap();
}

#[test]
fn an_answer_that_was_not_asked_for_takes_nobody_out_of_the_line() {
    let mut centre = floor(Order::InTurn);
    enqueue(&mut centre, 0, 1);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice")]);
    assert_eq!(centre.answered(at(1), Waiter(1), "bruno"), None, "his phone does not ring");
    centre.declined(at(2), Waiter(1), "bruno");
    assert_eq!(centre.agent("bruno"), Some(&State::Idle));
    centre.declined(at(3), Waiter(1), "alice");
    assert_eq!(centre.answered(at(4), Waiter(1), "alice"), None, "her answer crossed the end of the ring");
    assert_eq!(offered(&mut centre, 5), [pair(1, "bruno")], "who was not rung has refused nothing");
    let (_, status) = centre.queue_states().next().unwrap();
    assert_eq!((status.counts.offers, status.counts.declined, status.waiting), (2, 1, 1));
}

#[test]
fn an_agent_who_was_taken_out_gives_no_hope_while_the_last_talk_goes_on() {
    let rules = rules(Order::LongestIdle, &["alice"]);
    let mut centre = Centre::new(at(0), &config(&[("alice", &[])], &[("q", rules.clone())]));
    centre.available(at(0), "alice", true);
    enqueue(&mut centre, 0, 1);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice")]);
    centre.answered(at(1), Waiter(1), "alice").unwrap();
    enqueue(&mut centre, 2, 2);
    centre.configure(at(3), &config(&[], &[("q", rules)]));
    assert_eq!(enqueue(&mut centre, 4, 3), Enqueued::NoAgent);
    let given = at(3) + limit::NOBODY_GRACE;
    centre.timeout(given);
    assert_eq!(centre.stranded(), [Waiter(2)]);
}

#[test]
fn however_many_ring_at_once_a_caller_rings_no_more_phones_than_the_bound() {
    let agents = ["alice", "bruno", "chloe"];
    let everyone = agents.map(|agent| (agent, &[] as &[&str]));
    let mut centre = Centre::new(at(0), &config(&everyone, &[("q", rules(Order::RingAll, &agents))]));
    for agent in agents {
        centre.available(at(0), agent, true);
    }
    enqueue(&mut centre, 0, 1);
    let (mut now, mut rings) = (0, 0);
    while centre.stranded().is_empty() {
        for (caller, agent) in offered(&mut centre, now) {
            rings += 1;
            centre.declined(at(now), Waiter(caller), &agent);
        }
        now += 10_000;
        assert!(now < 10_000_000, "the chain has no end");
        centre.timeout(at(now));
    }
    assert_eq!(rings, limit::OFFERS_PER_CALL_MAX, "three at once do not divide it");
    // A phone that goes and comes back changes nothing for who was given up.
    for (agent, registered) in agents.into_iter().flat_map(|agent| [(agent, false), (agent, true)]) {
        centre.available(at(now), agent, registered);
    }
    for agent in agents {
        centre.available(at(now), agent, false);
    }
    centre.timeout(at(now) + limit::NOBODY_GRACE);
    assert_eq!(centre.stranded(), [], "told once");
}

#[test]
fn the_last_moment_of_the_target_is_in_the_target() {
    let mut centre = floor(Order::LongestIdle);
    let target = Rules::default().target;
    for (caller, waited) in [(1, target), (2, target + Duration::from_millis(1))] {
        enqueue(&mut centre, 0, caller);
        let agent = offered(&mut centre, 0)[0].1.clone();
        centre.answered(at(0) + waited, Waiter(caller), &agent).unwrap();
    }
    let (_, status) = centre.queue_states().next().unwrap();
    assert_eq!((status.counts.served, status.counts.served_in_target), (2, 1));
    assert_eq!(status.counts.wait_ms_max, status.counts.wait_ms / 2 + 1);
}

#[test]
fn a_wait_is_foretold_after_three_talks_and_the_last_weighs_an_eighth() {
    let mut centre = floor(Order::LongestIdle);
    let ask = |centre: &mut Centre, now: u64| {
        centre.timeout(at(now));
        centre.enqueue(at(now), Waiter(99), "q", None, 0, false);
        let told = centre.estimate(Waiter(99));
        centre.leave(at(now), Waiter(99), Leave::Abandoned);
        told
    };
    talk(&mut centre, 1_000_000, 1, 65_000);
    assert_eq!(ask(&mut centre, 1_500_000), None);
    talk(&mut centre, 2_000_000, 2, 65_000);
    assert_eq!(ask(&mut centre, 2_500_000), None);
    talk(&mut centre, 3_000_000, 3, 65_000);
    assert_eq!(ask(&mut centre, 3_500_000), Some(40 * SECOND), "65 s and 15 s of wrap-up, two agents");
    talk(&mut centre, 4_000_000, 4, 225_000);
    assert_eq!(ask(&mut centre, 4_500_000), Some(50 * SECOND), "(7 x 80 + 240) / 8 is 100 s");
}

#[test]
fn a_kept_place_keeps_the_wait_and_the_skill() {
    let mut centre = floor(Order::LongestIdle);
    assert!(centre.take(at(0), "alice"));
    centre.enqueue(at(1_000), Waiter(1), "q", Some(name("sav")), 0, false);
    let place = centre.place(Waiter(1)).unwrap();
    centre.leave(at(2_000), Waiter(1), Leave::Overflowed);
    centre.stand_in(at(60_000), Waiter(2), "q", Some(&place));
    assert_eq!(offered(&mut centre, 60_000), [], "bruno has not the skill");
    centre.hung_up(at(61_000), "alice");
    assert_eq!(offered(&mut centre, 61_000), [pair(2, "alice")]);
    let answered = centre.answered(at(62_000), Waiter(2), "alice").unwrap();
    assert_eq!((answered.waited, answered.others), (61 * SECOND, names(&[])));
}
