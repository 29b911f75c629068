//! Calls that leave: a mobile that must accept, a number outside through a trunk.

use std::net::IpAddr;

use svi::sim::network::Weather;
use svi::sim::phone::Habit;

use crate::support::{Caller, answers_after, never_answers, path, refuses, run, seconds, world};

/// Where the trunk of the tests sends what leaves.
const OUTSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 1, 0, 200));

#[test]
fn a_mobile_takes_a_call_only_by_its_accepting_key() {
    let mut world = world(1, Weather::FAIR);
    let mobile = world.outside("chloe", OUTSIDE, Habit { presses: "1", ..answers_after(seconds(2)) });
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("7")
        .is_bridged_to("chloe")
        .hangs_up_after(seconds(5))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.agents, ["chloe"]);
    let heard: Vec<&str> = world.phone(mobile).ear.heard.iter().map(|heard| heard.name.as_str()).collect();
    assert_eq!(heard.first(), Some(&"accepter-appel.wav"), "{heard:?}");
    assert!(heard.contains(&"voice:0612345678"), "{heard:?}");
}

/// Its voicemail answers, or somebody presses another key.
#[test]
fn a_mobile_that_does_not_accept_does_not_have_the_call() {
    for presses in ["", "5"] {
        let mut world = world(2, Weather::FAIR);
        world.outside("chloe", OUTSIDE, Habit { presses, ..answers_after(seconds(2)) });
        Caller::new("0612345678")
            .dials("0800123456")
            .presses("7")
            .hears("Laissez votre message après le bip.")
            .hangs_up()
            .enters(&mut world);
        let record = run(&mut world);
        assert!(record.agents.is_empty(), "{:?}", record.agents);
        assert_eq!(path(&record), ["bienvenue", "menu", "chloe", "message"]);
    }
}

#[test]
fn a_transfer_leaves_through_the_trunk() {
    let mut world = world(3, Weather::FAIR);
    world.outside("atelier", OUTSIDE, answers_after(seconds(2)));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("*")
        .is_bridged_to("atelier")
        .hangs_up_after(seconds(5))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.agents, ["+33199887766"]);
    assert!((4_900..5_200).contains(&record.clocks.talk_ms), "{:?}", record.clocks);
}

#[test]
fn a_transfer_that_is_refused_takes_its_failure_exit() {
    let mut world = world(4, Weather::FAIR);
    world.outside("atelier", OUTSIDE, refuses(486));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("*")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "menu", "atelier", "message"]);
}

#[test]
fn what_the_network_of_a_transfer_says_is_heard_before_the_answer() {
    let mut world = world(5, Weather::FAIR);
    world.outside("atelier", OUTSIDE, Habit { early: true, ..never_answers() });
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("*")
        .is_bridged_to("atelier")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert!(record.agents.is_empty(), "nobody has answered");
}

#[test]
fn what_the_network_of_a_mobile_says_is_not_for_the_caller() {
    let mut world = world(6, Weather::FAIR);
    world.outside("chloe", OUTSIDE, Habit { early: true, ..never_answers() });
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .presses("7")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    run(&mut world);
    let heard = &world.phone(caller).ear.heard;
    assert!(heard.iter().all(|heard| heard.name != *"voice:chloe"), "{heard:?}");
}

#[test]
fn the_caller_hears_nothing_of_the_key_by_which_a_mobile_accepts() {
    let mut world = world(7, Weather::FAIR);
    let mobile = world.outside("chloe", OUTSIDE, Habit { presses: "91", ..answers_after(seconds(2)) });
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("7")
        .is_bridged_to("chloe")
        .hangs_up_after(seconds(5))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.agents, ["chloe"], "a wrong key before the right one does no harm");
    let heard: Vec<&str> = world.phone(mobile).ear.heard.iter().map(|heard| heard.name.as_str()).collect();
    assert_eq!(heard.last(), Some(&"voice:0612345678"), "the prompt has stopped: {heard:?}");
}
