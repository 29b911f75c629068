//! What is known of each telephone that was rung: in the record of its call, and told when it is known.

use std::net::IpAddr;

use svi::centre::leg_record::LegOutcome;
use svi::centre::record::CallRecord;
use svi::sim::network::Weather;
use svi::sim::phone::Habit;
use svi::sim::world::World;
use svi::switchboard::Event;

use crate::support::{
    Caller, FLOW, SITE, answers_after, edition, length, never_answers, refuses, run, seconds, talks, world,
};

const OUTSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 1, 0, 200));

/// How each leg went, with its status.
fn legs(record: &CallRecord) -> Vec<(LegOutcome, Option<u16>)> {
    record.legs.iter().map(|leg| (leg.outcome, leg.status)).collect()
}

/// A call that is transferred to a number outside which takes it like this.
fn transferred(habit: Habit) -> (World, CallRecord) {
    let mut world = world(3, Weather::FAIR);
    world.outside("atelier", OUTSIDE, habit);
    let caller = Caller::new("0612345678").dials("0800123456").presses("*");
    caller.hears("Laissez votre message après le bip.").hangs_up().enters(&mut world);
    let record = run(&mut world);
    (world, record)
}

#[test]
fn each_refusal_stands_in_the_record_as_what_it_is() {
    use LegOutcome as O;
    for (status, outcome) in [
        (403, O::Refused),
        (404, O::Refused),
        (480, O::NoAnswer),
        (486, O::Busy),
        (488, O::Refused),
        (503, O::Refused),
        (603, O::Busy),
    ] {
        let (world, record) = transferred(refuses(status));
        assert_eq!(legs(&record), [(outcome, Some(status))], "{status}");
        let value: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
        let leg = &value["legs"][0];
        assert_eq!((&leg["to"], &leg["trunk"]), (&"+33199887766".into(), &"operateur".into()), "{leg}");
        assert!((900..1_500).contains(&leg["ring_ms"].as_u64().unwrap()), "{leg}");
        assert!(leg["phrase"].as_str().is_some_and(|phrase| !phrase.is_empty()), "{leg}");
        let told: Vec<String> = world
            .events
            .iter()
            .filter_map(|(_, event)| match event {
                Event::Leg { leg, .. } => Some(format!("{leg:?}")),
                _ => None,
            })
            .collect();
        assert_eq!(told.len(), 1, "one line a leg: {told:?}");
        assert!(!told[0].contains("+33199887766"), "a number prints masked: {}", told[0]);
    }
}

#[test]
fn a_phone_that_lets_it_ring_and_one_that_takes_the_call() {
    let (_, record) = transferred(never_answers());
    assert_eq!(legs(&record), [(LegOutcome::NoAnswer, None)]);
    let mut world = world(4, Weather::FAIR);
    world.agent("alice", talks(seconds(3), seconds(5)));
    world.run_for(seconds(1));
    Caller::new("0612345678").dials("0800123456").presses("0").is_hung_up_on().enters(&mut world);
    let record = run(&mut world);
    assert_eq!(legs(&record), [(LegOutcome::Answered, Some(200))]);
    let value: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    let leg = &value["legs"][0];
    assert!((2_900..3_300).contains(&leg["ring_ms"].as_u64().unwrap()), "{leg}");
    assert!((4_900..5_300).contains(&leg["talk_ms"].as_u64().unwrap()), "{leg}");
    assert_eq!((&leg["who"], &leg["reason"]), (&"alice".into(), &"bye".into()), "{leg}");
}

#[test]
fn those_who_are_let_go_and_those_whose_caller_hangs_up() {
    let ring = "    - ring: [alice, bruno]\n      order: at-once\n      timeout: 15s\n";
    let flow = FLOW.replace("    - ring: [alice]\n      timeout: 15s\n", ring);
    let mut both = World::new(edition(SITE, &flow), 7, Weather::FAIR, length);
    both.agent("alice", never_answers());
    both.agent("bruno", answers_after(seconds(3)));
    both.run_for(seconds(1));
    let caller = Caller::new("0612345678").dials("0800123456").presses("0");
    caller.is_bridged_to("bruno").hangs_up_after(seconds(2)).enters(&mut both);
    let record = run(&mut both);
    let mut went: Vec<_> = record.legs.iter().map(|leg| (leg.who.as_deref(), leg.outcome)).collect();
    went.sort_by_key(|(who, _)| *who);
    assert_eq!(went, [(Some("alice"), LegOutcome::Elsewhere), (Some("bruno"), LegOutcome::Answered)]);

    let mut world = world(5, Weather::FAIR);
    world.agent("alice", never_answers());
    world.run_for(seconds(1));
    let caller = Caller::new("0612345678").dials("0800123456").presses("0");
    caller.hangs_up_after(seconds(4)).enters(&mut world);
    assert_eq!(legs(&run(&mut world)), [(LegOutcome::GivenUp, None)]);
}

#[test]
fn a_target_to_which_nothing_can_be_sent_is_said_too() {
    let site = SITE.replace(", outbound: 10.1.0.200", ", outbound: nowhere.example");
    let mut world = World::new(edition(&site, FLOW), 7, Weather::FAIR, length);
    let caller = Caller::new("0612345678").dials("0800123456").presses("*");
    caller.hears("Laissez votre message après le bip.").hangs_up().enters(&mut world);
    assert_eq!(legs(&run(&mut world)), [(LegOutcome::NoWay, None)]);
}

#[test]
fn a_number_that_may_not_be_called_is_said_too() {
    // Its first minute costs more than an hour may.
    let site = format!("{SITE}outgoing: {{ cost: {{ hour: 0.01 EUR }} }}\n");
    let mut world = World::new(edition(&site, FLOW), 7, Weather::FAIR, length);
    let caller = Caller::new("0612345678").dials("0800123456").presses("*");
    caller.hears("Laissez votre message après le bip.").hangs_up().enters(&mut world);
    assert_eq!(legs(&run(&mut world)), [(LegOutcome::Barred, None)]);
}
