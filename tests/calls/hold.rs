//! Hold and resume by re-INVITE: what reaches the data plane, and what is heard meanwhile.

use svi::sim::network::Weather;
use svi::sim::phone::Habit;
use svi::sim::world::World;

use crate::support::{Caller, FLOW, SITE, answers_after, edition, length, run, seconds, world};

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

#[test]
fn an_agent_who_holds_and_sends_nothing_is_not_taken_for_dead() {
    let mut world = world(5, Weather::FAIR);
    let habit = Habit { mute: true, holds: Some((seconds(4), seconds(90))), ..answers_after(seconds(1)) };
    world.agent("alice", habit);
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .waits(seconds(80))
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(
        (record.agents.as_slice(), record.reason.as_deref()),
        (["alice".into()].as_slice(), Some("bye"))
    );
    assert!(record.clocks.talk_ms > 60_000, "{:?}", record.clocks);
}

#[test]
fn how_long_a_phone_may_be_silent_the_site_says() {
    let site = SITE.replace("ports: 16384-16483", "ports: 16384-16483, silence: 12s");
    let mut world = World::new(edition(&site, FLOW), 6, Weather::FAIR, length);
    // A mobile behind the operator's trunk: whether it lives only its sound can say.
    let habit = Habit { presses: "1", dies: Some(seconds(5)), ..answers_after(seconds(1)) };
    world.outside("0698765432", "10.1.0.200".parse().unwrap(), habit);
    // The line is lost, and not hung up: the caller is where nobody could be reached.
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("7")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(60));
    let record = world.records.first().expect("the call is over");
    assert!((16_000..17_500).contains(&record.clocks.talk_ms), "{:?}", record.clocks);
}

#[test]
fn a_caller_whose_agents_phone_dies_has_another_within_five_seconds() {
    let mut world = world(7, Weather::FAIR);
    world.agent("alice", Habit { dies: Some(seconds(4)), ..answers_after(seconds(1)) });
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("alice")
        .is_bridged_to("bruno")
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(8));
    world.agent("bruno", answers_after(seconds(1)));
    world.run_for(seconds(60));
    let record = world.records.first().expect("the call is over");
    assert_eq!(record.agents, ["alice", "bruno"]);
    let lost = world.ladder.draw();
    let lost =
        lost.lines().find(|line| line.contains("alice    OPTIONS")).unwrap_or_else(|| panic!("{lost}"));
    assert!(lost.len() > 10);
    assert!(
        (8_000..10_000).contains(&record.clocks.talk_ms),
        "4 s with her, and less than 5 s of her silence: {:?}",
        record.clocks
    );
}

#[test]
fn an_agents_phone_that_dies_while_it_holds_is_noticed() {
    let mut world = world(8, Weather::FAIR);
    let holds = Some((seconds(2), seconds(300)));
    world.agent("alice", Habit { holds, dies: Some(seconds(10)), ..answers_after(seconds(1)) });
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("alice")
        .hears("attente.wav")
        .is_bridged_to("bruno")
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(12));
    world.agent("bruno", answers_after(seconds(1)));
    world.run_for(seconds(60));
    let record = world.records.first().expect("the call is over");
    assert_eq!(record.agents, ["alice", "bruno"]);
    assert!((15_000..25_000).contains(&record.clocks.talk_ms), "{:?}", record.clocks);
    assert_eq!(world.broken, [""; 0]);
}
