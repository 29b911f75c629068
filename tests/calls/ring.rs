//! Direct rings.

use svi::sim::network::Weather;
use svi::sim::phone::Habit;
use svi::sim::world::World;

use crate::support::{
    Caller, FLOW, SITE, answers_after, edition, length, never_answers, path, refuses, run, run_all, seconds,
    world,
};

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

/// Two phones at once, then one after another.
fn both(order: &str) -> World {
    let ring = format!("    - ring: [alice, bruno]\n      order: {order}\n      timeout: 15s\n");
    let flow = FLOW.replace("    - ring: [alice]\n      timeout: 15s\n", &ring);
    World::new(edition(SITE, &flow), 7, Weather::FAIR, length)
}

/// What is said between the server and a phone, as lines of the ladder's text.
fn count(world: &World, what: &str) -> usize {
    world.ladder.draw().lines().filter(|line| line.ends_with(what)).count()
}

#[test]
fn the_others_stop_ringing_when_one_answers() {
    let mut world = both("at-once");
    world.agent("alice", never_answers());
    world.agent("bruno", answers_after(seconds(3)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .is_bridged_to("bruno")
        .hangs_up_after(seconds(20))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.agents, ["bruno"]);
    // The phone that loses shows no missed call.
    assert_eq!(count(&world, " CANCEL Call completed elsewhere"), 1, "{}", world.ladder.draw());
    assert!((19_500..20_500).contains(&record.clocks.talk_ms), "{:?}", record.clocks);
}

#[test]
fn in_turn_the_second_rings_when_the_first_has_refused() {
    let mut world = both("in-turn");
    world.agent("alice", refuses(486));
    world.agent("bruno", answers_after(seconds(2)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .is_bridged_to("bruno")
        .hangs_up_after(seconds(2))
        .enters(&mut world);
    assert_eq!(run(&mut world).agents, ["bruno"]);
}

/// Of several failures the flow hears the one that says most, in whatever order they come.
#[test]
fn of_several_failures_the_one_that_says_most_counts() {
    for (alice, bruno, worst) in [
        (refuses(486), refuses(480), "busy"),
        (refuses(480), refuses(486), "busy"),
        (refuses(480), never_answers(), "no-answer"),
        (never_answers(), refuses(603), "busy"),
        (refuses(480), refuses(404), "unreachable"),
    ] {
        let mut world = both("at-once");
        world.agent("alice", alice);
        world.agent("bruno", bruno);
        world.run_for(seconds(1));
        Caller::new("0612345678")
            .dials("0800123456")
            .presses("0")
            .hears("Laissez votre message après le bip.")
            .hangs_up()
            .enters(&mut world);
        let journal = run(&mut world).journal.unwrap().to_string();
        assert!(journal.contains(&format!("[\"ring-failed\",\"{worst}\"]")), "{worst}: {journal}");
    }
}

#[test]
fn an_agent_who_was_let_go_is_free_for_the_next() {
    let mut world = both("at-once");
    world.agent("alice", Habit { talk: Some(seconds(30)), ..answers_after(seconds(5)) });
    world.agent("bruno", answers_after(seconds(2)));
    world.run_for(seconds(1));
    let calls = |number: &str, world: &mut World| {
        Caller::new(number)
            .dials("0800123456")
            .presses("0")
            .hears("voice:")
            .hangs_up_after(seconds(9))
            .enters(world)
    };
    calls("0612345678", &mut world);
    world.run_for(seconds(9));
    calls("0612345679", &mut world);
    run_all(&mut world, seconds(200));
    let agents: Vec<_> = world.records.iter().map(|record| record.agents[0].as_str()).collect();
    assert_eq!(agents, ["bruno", "alice"]);
}

#[test]
fn a_phone_that_is_gone_beside_one_that_is_busy_is_not_waited_for() {
    let mut world = world(9, Weather::FAIR);
    // Two telephones of one account; the first has left without a word.
    let gone = world.agent("alice", Habit { dies: Some(seconds(2)), ..answers_after(seconds(0)) });
    world.run_for(seconds(1));
    Caller::new("0612345670")
        .dials("0800123456")
        .presses("0")
        .is_bridged_to("alice")
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(60));
    assert!(!world.phone(gone).is_talking());
    world.agent("alice", refuses(486));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("0")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(40));
    let record = world.records.last().expect("the call is over");
    assert_eq!(path(record), ["bienvenue", "menu", "alice", "message"]);
    assert!(record.clocks.wait_ms < 5_000, "15 s is how long phones ring: {:?}", record.clocks);
}
