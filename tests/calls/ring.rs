//! Direct rings.

use svi::sim::network::Weather;

use crate::support::{Caller, answers_after, never_answers, path, run, seconds, world};

#[test]
fn a_ring_that_nobody_answers_takes_its_failure_exit() {
    let mut world = world(1, Weather::FAIR);
    world.agent("alice", never_answers());
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "menu", "alice", "message"]);
    assert!(world.ladder.draw().contains("CANCEL"));
}

#[test]
fn a_ring_that_is_answered_is_a_talk() {
    let mut world = world(2, Weather::FAIR);
    world.agent("alice", answers_after(seconds(3)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .is_bridged_to("alice")
        .hangs_up_after(seconds(5))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.agents, ["alice"]);
}
