//! Golden ladders: a reviewer reads the SIP of a call as a drawing. The same seed draws the same ladder (law 10).

use svi::sim::network::Weather;

use crate::support::{Caller, answers_after, run, seconds, world};

fn queue_call() -> String {
    let mut world = world(7, Weather::FAIR);
    world.agent("alice", answers_after(seconds(2)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("appel-gratuit.wav")
        .presses("1")
        .is_bridged_to("alice")
        .hangs_up_after(seconds(5))
        .enters(&mut world);
    run(&mut world);
    world.ladder.draw()
}

#[test]
fn a_call_to_an_agent() {
    insta::assert_snapshot!("call_to_an_agent", queue_call());
}

#[test]
fn the_same_seed_draws_the_same_ladder() {
    assert_eq!(queue_call(), queue_call());
}
