//! Queues: an agent, no agent, refusals, leaving, order.

use svi::sim::network::Weather;

use crate::support::{
    Caller, answers_after, never_answers, path, refuses, run, run_all, seconds, talks, world,
};

#[test]
fn a_caller_is_brought_to_an_agent_and_they_hear_each_other() {
    let mut world = world(1, Weather::FAIR);
    let alice = world.agent("alice", answers_after(seconds(12)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("appel-gratuit.wav")
        .presses("1")
        .hears("attente.wav")
        .is_bridged_to("alice")
        .hangs_up_after(seconds(120))
        .enters(&mut world);
    let record = run(&mut world);
    assert!(world.phone(alice).ear.find("voice:0612345678", 0).is_some(), "Alice heard the caller");
    assert_eq!(record.agents, ["alice"]);
    assert!((119_000..121_000).contains(&record.clocks.talk_ms), "{:?}", record.clocks);
    assert!((11_500..13_000).contains(&record.clocks.wait_ms), "{:?}", record.clocks);
    assert_eq!(record.queue.as_deref(), Some("conseillers"));
}

#[test]
fn without_an_agent_the_flow_says_what_then() {
    let mut world = world(2, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "menu", "conseiller", "message"]);
}

#[test]
fn an_agent_who_refuses_is_passed_over_for_the_next() {
    let mut world = world(3, Weather::FAIR);
    world.agent("alice", refuses(486));
    world.agent("bruno", answers_after(seconds(1)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("bruno")
        .hangs_up_after(seconds(10))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.agents, ["bruno"]);
}

#[test]
fn who_waits_too_long_is_let_out() {
    let mut world = world(4, Weather::FAIR);
    world.agent("alice", never_answers());
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert!((119_000..125_000).contains(&record.clocks.wait_ms), "{:?}", record.clocks);
}

#[test]
fn a_caller_who_gives_up_while_the_agent_rings_lets_the_agent_go() {
    let mut world = world(5, Weather::FAIR);
    let alice = world.agent("alice", answers_after(seconds(10)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .hears("attente.wav")
        .hangs_up_after(seconds(3))
        .enters(&mut world);
    let record = run(&mut world);
    assert!(!world.phone(alice).is_talking());
    assert!(record.agents.is_empty());
    assert!(world.ladder.draw().contains("CANCEL"), "{}", world.ladder.draw());
}

#[test]
fn first_come_first_served_and_no_agent_has_two() {
    let mut world = world(6, Weather::FAIR);
    world.agent("alice", talks(seconds(1), seconds(5)));
    world.agent("bruno", talks(seconds(1), seconds(5)));
    world.run_for(seconds(1));
    for caller in 0..8 {
        Caller::new(&format!("06123456{caller:02}"))
            .waits(seconds(caller))
            .dials("0800123456")
            .presses("1")
            .hears("voice:")
            .is_hung_up_on()
            .enters(&mut world);
    }
    run_all(&mut world, seconds(600));
    assert_eq!(world.records.len(), 8);
    let order: Vec<String> = world.records.iter().filter_map(|record| record.caller.clone()).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted, "they are served in the order in which they came");
    assert!(world.records.iter().all(|record| record.agents.len() == 1));
}

#[test]
fn an_agent_who_hangs_up_ends_the_call() {
    let mut world = world(7, Weather::FAIR);
    world.agent("alice", talks(seconds(1), seconds(4)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("alice")
        .is_hung_up_on()
        .enters(&mut world);
    let record = run(&mut world);
    assert!((3_900..4_200).contains(&record.clocks.talk_ms), "{:?}", record.clocks);
    assert_eq!(record.ended_by, svi::centre::record::EndedBy::Agent);
}
