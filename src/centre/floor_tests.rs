use super::super::group::Order;
use super::*;
use crate::base::time::at;
use proptest::prelude::*;

pub(super) const SECOND: Duration = Duration::from_secs(1);

pub(super) fn name(text: &str) -> Name {
    Name::from(text)
}

pub(super) fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| name(text)).collect()
}

pub(super) fn config(agents: &[(&str, &[&str])], queues: &[(&str, Rules)]) -> CentreConfig {
    let profile =
        |skills: &[&str]| Profile { skills: names(skills).into_iter().collect(), has_number: false };
    CentreConfig {
        agents: agents.iter().map(|(agent, skills)| (name(agent), profile(skills))).collect(),
        queues: queues.iter().map(|(queue, rules)| (name(queue), rules.clone())).collect(),
    }
}

pub(super) fn rules(order: Order, agents: &[&str]) -> Rules {
    Rules { agents: names(agents), order, wrap_up: 15 * SECOND, ..Rules::default() }
}

/// Two agents, one queue, both at their phones.
pub(super) fn floor(order: Order) -> Centre {
    let config = config(&[("alice", &["sav"]), ("bruno", &[])], &[("q", rules(order, &["alice", "bruno"]))]);
    let mut centre = Centre::new(at(0), &config);
    centre.available(at(0), "alice", true);
    centre.available(at(0), "bruno", true);
    centre
}

pub(super) fn enqueue(centre: &mut Centre, ms: u64, caller: u64) -> Enqueued {
    centre.enqueue(at(ms), Waiter(caller), "q", None, 0, false)
}

pub(super) fn offered(centre: &mut Centre, ms: u64) -> Vec<(u64, String)> {
    let offers =
        centre.offers(at(ms)).into_iter().map(|offer| (offer.caller.0, offer.agent.to_string())).collect();
    centre.check().unwrap();
    offers
}

pub(super) fn pair(caller: u64, agent: &str) -> (u64, String) {
    (caller, agent.to_owned())
}

#[test]
fn a_call_goes_from_the_line_to_an_agent_and_the_agent_rests() {
    let mut centre = floor(Order::LongestIdle);
    assert_eq!(enqueue(&mut centre, 0, 1), Enqueued::Position(1));
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice")]);
    assert_eq!(offered(&mut centre, 10), [], "offered once");
    let answered = centre.answered(at(4_000), Waiter(1), "alice").unwrap();
    assert_eq!((answered.waited, answered.others), (4 * SECOND, vec![]));
    assert_eq!(centre.waiting("q"), 0);
    centre.hung_up(at(10_000), "alice");
    assert_eq!(centre.agent("alice"), Some(&State::WrapUp { until: at(25_000) }));
    assert_eq!(centre.deadline(), Some(at(25_000)));
    enqueue(&mut centre, 11_000, 2);
    enqueue(&mut centre, 11_000, 3);
    assert_eq!(offered(&mut centre, 11_000), [pair(2, "bruno")], "alice writes up");
    centre.timeout(at(24_999));
    assert_eq!(offered(&mut centre, 24_999), []);
    centre.timeout(at(25_000));
    assert_eq!(offered(&mut centre, 25_000), [pair(3, "alice")]);
    let (_, status) = centre.queue_states().next().unwrap();
    assert_eq!((status.counts.served, status.counts.talk_ms, status.counts.wait_ms), (1, 6_000, 4_000));
    assert_eq!((status.waiting, status.agents, status.idle), (2, 2, 0));
}

#[test]
fn the_line_is_first_come_first_served_within_a_priority_and_the_head_before_all() {
    let mut centre = floor(Order::LongestIdle);
    centre.available(at(0), "bruno", false);
    assert!(centre.take(at(0), "alice"));
    enqueue(&mut centre, 0, 1);
    enqueue(&mut centre, 1, 2);
    assert_eq!(centre.enqueue(at(2), Waiter(3), "q", None, 5, false), Enqueued::Position(1));
    assert_eq!(centre.enqueue(at(3), Waiter(4), "q", None, 0, true), Enqueued::Position(1));
    assert_eq!([3, 1, 2].map(|caller| centre.position(Waiter(caller))), [Some(2), Some(3), Some(4)]);
    for (turn, expected) in [4, 3, 1, 2].into_iter().enumerate() {
        centre.hung_up(at(100_000 * turn as u64), "alice");
        centre.timeout(at(100_000 * turn as u64 + 20_000));
        assert_eq!(offered(&mut centre, 100_000 * turn as u64 + 20_000), [pair(expected, "alice")]);
        centre.answered(at(100_000 * turn as u64 + 21_000), Waiter(expected), "alice").unwrap();
    }
}

#[test]
fn who_hangs_up_while_the_phone_rings_frees_the_agent_without_a_rest() {
    let mut centre = floor(Order::LongestIdle);
    enqueue(&mut centre, 0, 1);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice")]);
    assert_eq!(centre.leave(at(500), Waiter(1), Leave::Abandoned), names(&["alice"]));
    assert_eq!(centre.agent("alice"), Some(&State::Idle));
    assert_eq!(centre.answered(at(500), Waiter(1), "alice"), None, "the 200 crossed the CANCEL");
    assert_eq!(centre.leave(at(501), Waiter(1), Leave::Abandoned), names(&[]));
    let (_, status) = centre.queue_states().next().unwrap();
    assert_eq!((status.counts.entered, status.counts.abandoned), (1, 1));
    centre.check().unwrap();
}

#[test]
fn who_refuses_is_skipped_for_a_while_then_tried_again() {
    let mut centre = floor(Order::InTurn);
    enqueue(&mut centre, 0, 1);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice")]);
    centre.declined(at(1_000), Waiter(1), "alice");
    assert_eq!(offered(&mut centre, 1_000), [pair(1, "bruno")]);
    centre.declined(at(2_000), Waiter(1), "bruno");
    assert_eq!(offered(&mut centre, 2_000), []);
    enqueue(&mut centre, 3_000, 2);
    assert_eq!(offered(&mut centre, 3_000), [pair(2, "alice")], "free for another caller at once");
    centre.declined(at(4_000), Waiter(2), "alice");
    assert_eq!(centre.deadline(), Some(at(1_000) + limit::DECLINED_REST));
    let later = at(1_000) + limit::DECLINED_REST;
    centre.timeout(later);
    assert_eq!(offered(&mut centre, later.as_millis()), [pair(1, "alice"), pair(2, "bruno")]);
}

#[test]
fn a_chain_of_refusals_ends() {
    let mut centre = floor(Order::LongestIdle);
    enqueue(&mut centre, 0, 1);
    let (mut now, mut rings) = (0, 0);
    while centre.stranded().is_empty() {
        assert!(now < 10_000_000, "the chain has no end");
        for (caller, agent) in offered(&mut centre, now) {
            rings += 1;
            centre.declined(at(now), Waiter(caller), &agent);
        }
        now += 10_000;
        centre.timeout(at(now));
        assert!(rings <= limit::OFFERS_PER_CALL_MAX);
    }
    assert_eq!(rings, limit::OFFERS_PER_CALL_MAX);
    assert_eq!(offered(&mut centre, now + 100_000), []);
    assert_eq!(centre.stranded(), [], "told once");
}

#[test]
fn all_ring_at_once_and_the_first_has_the_call() {
    let mut centre = floor(Order::RingAll);
    enqueue(&mut centre, 0, 1);
    enqueue(&mut centre, 0, 2);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice"), pair(1, "bruno")]);
    let answered = centre.answered(at(1_000), Waiter(1), "bruno").unwrap();
    assert_eq!(answered.others, names(&["alice"]));
    assert_eq!(offered(&mut centre, 1_000), [pair(2, "alice")]);
    centre.hung_up(at(2_000), "bruno");
    centre.timeout(at(17_000));
    assert_eq!(offered(&mut centre, 17_000), [pair(2, "bruno")], "joins those who ring");
}

#[test]
fn a_skill_chooses_the_agent_and_does_not_block_the_others() {
    let mut centre = floor(Order::LongestIdle);
    assert!(centre.take(at(0), "alice"));
    let sav = Some(name("sav"));
    assert_eq!(centre.enqueue(at(0), Waiter(1), "q", sav.clone(), 0, false), Enqueued::Position(1));
    enqueue(&mut centre, 1, 2);
    assert_eq!(offered(&mut centre, 1), [pair(2, "bruno")]);
    centre.hung_up(at(2), "alice");
    assert_eq!(offered(&mut centre, 2), [pair(1, "alice")]);
    centre.available(at(3), "alice", false);
    assert_eq!(centre.enqueue(at(4), Waiter(9), "q", sav, 0, false), Enqueued::NoAgent);
}

#[test]
fn full_and_empty_queues_refuse() {
    let mut config = config(&[("alice", &[])], &[("q", rules(Order::LongestIdle, &["alice"]))]);
    let mut centre = Centre::new(at(0), &config);
    assert_eq!(enqueue(&mut centre, 0, 1), Enqueued::NoAgent);
    assert_eq!(centre.enqueue(at(0), Waiter(1), "nowhere", None, 0, false), Enqueued::NoAgent);
    for rules in config.queues.values_mut() {
        rules.length_max = 1;
    }
    config.agents.insert(name("alice"), Profile { has_number: true, ..Profile::default() });
    centre.configure(at(0), &config);
    assert_eq!(enqueue(&mut centre, 0, 2), Enqueued::Position(1), "a mobile is always reachable");
    assert_eq!(enqueue(&mut centre, 0, 3), Enqueued::Full);
    let back = centre.enqueue(at(0), Waiter(4), "q", None, 0, true);
    assert_eq!(back, Enqueued::Position(1), "who lost an agent comes back all the same");
    centre.check().unwrap();
}

#[test]
fn a_phone_that_comes_back_soon_loses_nobody() {
    let mut centre = floor(Order::LongestIdle);
    assert!(centre.take(at(0), "alice") && centre.take(at(0), "bruno"));
    enqueue(&mut centre, 0, 1);
    centre.available(at(1_000), "alice", false);
    centre.available(at(1_000), "bruno", false);
    centre.timeout(at(2_000));
    assert_eq!(centre.stranded(), []);
    centre.available(at(3_000), "bruno", true);
    centre.timeout(at(60_000));
    assert_eq!(centre.stranded(), []);
    centre.available(at(61_000), "bruno", false);
    let given = at(61_000) + limit::NOBODY_GRACE;
    assert_eq!(centre.deadline(), Some(given));
    centre.timeout(given);
    assert_eq!(centre.stranded(), [Waiter(1)]);
    assert_eq!(centre.leave(given, Waiter(1), Leave::Overflowed), names(&[]));
    centre.check().unwrap();
}

#[test]
fn direct_rings_share_the_agents() {
    let mut centre = floor(Order::LongestIdle);
    assert!(centre.take(at(0), "alice"));
    assert!(!centre.take(at(0), "alice") && !centre.take(at(0), "nobody"));
    enqueue(&mut centre, 0, 1);
    assert_eq!(offered(&mut centre, 0), [pair(1, "bruno")]);
    centre.taken(at(1_000), "alice");
    assert_eq!(centre.agent("alice"), Some(&State::Talking { with: With::Direct, since: at(1_000) }));
    centre.hung_up(at(2_000), "alice");
    assert_eq!(centre.agent("alice"), Some(&State::Idle), "no rest after a direct call");
}

#[test]
fn a_pause_waits_for_the_end_of_the_call() {
    let mut centre = floor(Order::LongestIdle);
    enqueue(&mut centre, 0, 1);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice")]);
    centre.answered(at(0), Waiter(1), "alice").unwrap();
    centre.pause(at(1), "alice", true);
    assert!(matches!(centre.agent("alice"), Some(State::Talking { .. })));
    centre.hung_up(at(2), "alice");
    centre.timeout(at(60_000));
    assert_eq!(centre.agent("alice"), Some(&State::Paused));
    centre.pause(at(60_001), "alice", false);
    assert_eq!(centre.agent("alice"), Some(&State::Idle));
}

#[test]
fn a_reload_keeps_the_line_and_ends_what_is_gone() {
    let before = config(
        &[("alice", &[]), ("bruno", &[])],
        &[("q", rules(Order::LongestIdle, &["alice"])), ("old", rules(Order::LongestIdle, &["bruno"]))],
    );
    let mut centre = Centre::new(at(0), &before);
    centre.available(at(0), "alice", true);
    centre.available(at(0), "bruno", true);
    enqueue(&mut centre, 0, 1);
    enqueue(&mut centre, 0, 2);
    centre.enqueue(at(0), Waiter(3), "old", None, 0, false);
    assert_eq!(offered(&mut centre, 0), [pair(1, "alice"), pair(3, "bruno")]);
    centre.answered(at(1), Waiter(1), "alice").unwrap();
    let after = config(&[("bruno", &[])], &[("q", rules(Order::LongestIdle, &["bruno"]))]);
    let gone = centre.configure(at(2), &after);
    assert_eq!((gone.callers, gone.agents), (vec![Waiter(3)], names(&["bruno"])));
    assert_eq!(centre.position(Waiter(2)), Some(1));
    assert_eq!(offered(&mut centre, 2), [pair(2, "bruno")]);
    assert!(matches!(centre.agent("alice"), Some(State::Talking { .. })), "her talk goes on");
    centre.hung_up(at(3), "alice");
    assert_eq!(centre.agent("alice"), None);
    centre.check().unwrap();
}

#[test]
fn the_wait_is_estimated_from_the_calls_of_the_past() {
    let mut centre = floor(Order::LongestIdle);
    for turn in 0..3 {
        let start = turn * 1_000_000;
        centre.timeout(at(start));
        enqueue(&mut centre, start, turn);
        let agent = offered(&mut centre, start)[0].1.clone();
        centre.answered(at(start), Waiter(turn), &agent).unwrap();
        assert_eq!(centre.estimate(Waiter(turn)), None);
        centre.hung_up(at(start + 105_000), &agent);
    }
    enqueue(&mut centre, 5_000_000, 8);
    enqueue(&mut centre, 5_000_000, 9);
    assert_eq!(centre.estimate(Waiter(9)), Some(Duration::from_secs(120)), "2 x (105 + 15) s over 2 agents");
}

#[derive(Clone, Debug)]
enum Op {
    Enqueue { queue: usize, skill: bool, priority: i32, head: bool },
    Leave(usize),
    Answer(usize),
    Decline(usize),
    HangUp(usize),
    Available(usize, bool),
    Pause(usize, bool),
    Take(usize),
    Pass(u64),
    Reload(bool),
}

fn op() -> impl Strategy<Value = Op> {
    let agent = 0..AGENTS.len();
    prop_oneof![
        4 => (0..2_usize, any::<bool>(), -1..2_i32, prop::bool::weighted(0.1))
            .prop_map(|(queue, skill, priority, head)| Op::Enqueue { queue, skill, priority, head }),
        1 => (0..8_usize).prop_map(Op::Leave),
        4 => agent.clone().prop_map(Op::Answer),
        2 => agent.clone().prop_map(Op::Decline),
        3 => agent.clone().prop_map(Op::HangUp),
        2 => (agent.clone(), prop::bool::weighted(0.8)).prop_map(|(agent, yes)| Op::Available(agent, yes)),
        1 => (agent.clone(), any::<bool>()).prop_map(|(agent, yes)| Op::Pause(agent, yes)),
        1 => agent.prop_map(Op::Take),
        3 => (1..40_000_u64).prop_map(Op::Pass),
        1 => any::<bool>().prop_map(Op::Reload),
    ]
}

const AGENTS: [&str; 4] = ["alice", "bruno", "chloe", "denis"];

fn world(order: Order, small: bool) -> CentreConfig {
    let agents: [(&str, &[&str]); 4] =
        [("alice", &["sav"]), ("bruno", &[]), ("chloe", &["sav"]), ("denis", &[])];
    let agents = &agents[..if small { 2 } else { 4 }];
    let mut queues = vec![("q", rules(order, &AGENTS))];
    if !small {
        queues.push(("r", rules(Order::LongestIdle, &["chloe", "denis"])));
    }
    config(agents, &queues)
}

/// Plays random steps; after each all laws hold, no agent is rung twice, and the order of the line is kept.
fn play(order: Order, ops: Vec<Op>) {
    let mut centre = Centre::new(at(0), &world(order, false));
    let (mut now, mut next) = (at(0), 0_u64);
    for op in ops {
        match op {
            Op::Enqueue { queue, skill, priority, head } => {
                next += 1;
                let skill = skill.then(|| name("sav"));
                centre.enqueue(now, Waiter(next), ["q", "r"][queue], skill, priority, head);
            }
            Op::Leave(back) => {
                drop(centre.leave(now, Waiter(next.saturating_sub(back as u64)), Leave::Abandoned))
            }
            Op::Answer(agent) | Op::Decline(agent) => {
                if let Some(State::Ringing { with: With::Queued(caller, _), .. }) =
                    centre.agent(AGENTS[agent]).cloned()
                {
                    match op {
                        Op::Answer(_) => drop(centre.answered(now, caller, AGENTS[agent])),
                        _ => centre.declined(now, caller, AGENTS[agent]),
                    }
                }
            }
            Op::HangUp(agent) => centre.hung_up(now, AGENTS[agent]),
            Op::Available(agent, yes) => centre.available(now, AGENTS[agent], yes),
            Op::Pause(agent, yes) => centre.pause(now, AGENTS[agent], yes),
            Op::Take(agent) => drop(centre.take(now, AGENTS[agent])),
            Op::Pass(ms) => now += Duration::from_millis(ms),
            Op::Reload(small) => drop(centre.configure(now, &world(order, small))),
        }
        centre.timeout(now);
        centre.check().unwrap();
        let idle: Vec<Name> = centre
            .agent_states()
            .filter(|(_, state)| **state == State::Idle)
            .map(|(name, _)| name.clone())
            .collect();
        let fresh =
            |caller: &Waiter| centre.callers[caller].offers == 0 && centre.callers[caller].skill.is_none();
        let first = centre.queues["q"].line.values().find(|caller| fresh(caller)).copied();
        let mut stirred = Centre { stirred: true, ..centre.clone() };
        let offers = centre.offers(now);
        assert_eq!(offers, stirred.offers(now), "what changes who may be rung stirs the floor");
        centre.check().unwrap();
        let rung: BTreeSet<&Name> = offers.iter().map(|offer| &offer.agent).collect();
        assert_eq!(rung.len(), offers.len(), "nobody is rung twice at once");
        assert!(rung.iter().all(|agent| idle.contains(agent)), "only free agents are rung");
        let of_q =
            offers.iter().filter(|offer| offer.queue == "q" && centre.callers[&offer.caller].offers == 1);
        let plain = of_q
            .filter(|offer| centre.callers[&offer.caller].skill.is_none())
            .map(|offer| offer.caller)
            .next();
        assert!(plain.is_none() || plain == first, "first come, first served");
        assert_eq!(centre.offers(now), [], "an offer is made once");
        assert!(centre.deadline().is_none_or(|deadline| deadline > now), "what is due was done");
    }
}

proptest! {
    #![proptest_config(crate::base::property::cases(200))]

    #[test]
    fn the_laws_of_the_floor_hold_at_each_step(
        order in prop::sample::select(Order::ALL.to_vec()), ops in prop::collection::vec(op(), 1..200),
    ) {
        play(order.1, ops);
    }
}
