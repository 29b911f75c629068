//! Hold and resume by re-INVITE: what reaches the data plane, and what is heard meanwhile.

use svi::sim::network::Weather;
use svi::sim::phone::Habit;
use svi::sim::world::World;

use crate::support::{Caller, answers_after, run, seconds, world};

/// Packets that a phone gets in so many seconds.
fn packets_in(world: &mut World, phone: usize, time: u64) -> u64 {
    let before = world.phone(phone).ear.packets;
    world.run_for(seconds(time));
    world.phone(phone).ear.packets - before
}

#[test]
fn a_caller_on_hold_hears_nothing_and_is_not_taken_for_dead() {
    let mut world = world(1, Weather::FAIR);
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .hears("Que souhaitez-vous faire ?")
        .holds()
        .waits(seconds(40))
        .resumes()
        .waits(seconds(2))
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(8));
    assert_eq!(
        packets_in(&mut world, caller, 2),
        0,
        "who holds us is sent nothing: the re-INVITE has reached the plane"
    );
    world.run_for(seconds(38));
    // The menu has led out meanwhile; whatever is said then is heard again.
    let record = run(&mut world);
    assert_ne!(record.reason.as_deref(), Some("media timeout"));
}

#[test]
fn after_the_hold_the_caller_hears_again() {
    let mut world = world(2, Weather::FAIR);
    world.agent("alice", answers_after(seconds(1)));
    world.run_for(seconds(1));
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .is_bridged_to("alice")
        .holds()
        .waits(seconds(4))
        .resumes()
        .is_bridged_to("alice")
        .hangs_up_after(seconds(3))
        .enters(&mut world);
    let record = run(&mut world);
    let ear = &world.phone(caller).ear;
    let voices = ear.heard.iter().filter(|heard| heard.name == *"voice:alice").count();
    assert!(voices >= 2, "{:?}", ear.heard);
    assert_eq!(record.agents, ["alice"]);
}

#[test]
fn a_caller_whose_agent_holds_hears_the_music_of_the_line_at_its_full_pace() {
    let mut world = world(3, Weather::FAIR);
    let habit = Habit { holds: Some((seconds(4), seconds(6))), ..answers_after(seconds(1)) };
    let alice = world.agent("alice", habit);
    world.run_for(seconds(1));
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("alice")
        .hears("attente.wav")
        .is_bridged_to("alice")
        .hangs_up_after(seconds(3))
        .enters(&mut world);
    while !world.phone(alice).is_talking() {
        world.run_for(seconds(1));
    }
    world.run_for(seconds(5));
    let got = packets_in(&mut world, caller, 4);
    assert!((199..=201).contains(&got), "{got} packets in four seconds of hold");
    let record = run(&mut world);
    assert_eq!(
        (record.agents.as_slice(), record.reason.as_deref()),
        (["alice".into()].as_slice(), Some("bye"))
    );
    let during = world.phone(alice).ear.heard.iter().any(|heard| heard.name == *"attente.wav");
    assert!(!during, "who holds hears no music of ours");
}

#[test]
fn a_caller_whose_agent_sends_nothing_hears_silence_at_its_full_pace() {
    let mut world = world(4, Weather::FAIR);
    let alice = world.agent("alice", Habit { mute: true, ..answers_after(seconds(1)) });
    world.run_for(seconds(1));
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .waits(seconds(16))
        .hangs_up()
        .enters(&mut world);
    while !world.phone(alice).is_talking() {
        world.run_for(seconds(1));
    }
    world.run_for(seconds(1));
    let got = packets_in(&mut world, caller, 2);
    assert!((99..=101).contains(&got), "{got} packets in two seconds of a silent agent");
    run(&mut world);
}
