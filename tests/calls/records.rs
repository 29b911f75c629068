//! What the record of a call tells: its blocks and how each was left, its waits, its phones, and how it went.

use svi::centre::outcome::Outcome;
use svi::centre::record::{CallRecord, EndedBy};
use svi::centre::step_record::StepEnd;
use svi::centre::visit_record::VisitEnd;
use svi::sim::network::Weather;

use crate::support::{
    Caller, FLOW, SITE, answers_after, edition, length, never_answers, refuses, run, run_all, seconds, world,
};

/// Its blocks, each with how it was left and by what.
fn steps(record: &CallRecord) -> Vec<(&str, StepEnd, &str)> {
    let steps = record.steps.iter();
    steps.map(|step| (step.block.as_str(), step.left, step.by.as_deref().unwrap_or_default())).collect()
}

#[test]
fn each_block_says_how_long_it_lasted_and_how_it_was_left() {
    let mut world = world(1, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("Que souhaitez-vous faire ?")
        .presses("9")
        .waits(seconds(26))
        .presses("3")
        .hears("Nous sommes ouverts.")
        .is_hung_up_on()
        .enters(&mut world);
    let record = run(&mut world);
    let wanted = [
        ("bienvenue", StepEnd::Goto, "menu"),
        ("menu", StepEnd::Key, "3"),
        ("horaires", StepEnd::Exit, "open"),
        ("ouvert", StepEnd::Goto, "au_revoir"),
        ("au_revoir", StepEnd::End, ""),
    ];
    assert_eq!(steps(&record), wanted);
    let menu = &record.steps[1];
    assert_eq!((menu.wrong_keys, menu.silences), (1, 1));
    let total: u64 = record.steps.iter().map(|step| step.ms).sum();
    let clocks = record.clocks;
    assert!(total.abs_diff(clocks.flow_ms) < 2_500, "all but the announcement: {total} of {clocks:?}");
    assert!(record.steps.windows(2).all(|pair| pair[0].after_ms + pair[0].ms == pair[1].after_ms));
    assert_eq!(record.outcome, Some(Outcome::SelfServed));
}

#[test]
fn who_hangs_up_is_known_to_have_done_so_in_a_block() {
    let mut world = world(2, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("Que souhaitez-vous faire ?")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(steps(&record).last(), Some(&("menu", StepEnd::HungUp, "")));
    assert_eq!(record.outcome, Some(Outcome::AbandonedFlow));
    // Who does nothing is let go by the flow: by silence, once too often.
    let mut world = crate::support::world(3, Weather::FAIR);
    Caller::new("0612345678").dials("0800123456").is_hung_up_on().enters(&mut world);
    let record = run(&mut world);
    let menu = record.steps.iter().find(|step| step.block == "menu").unwrap();
    assert_eq!((menu.left, menu.by.as_deref(), menu.silences), (StepEnd::Exit, Some("otherwise"), 2));
}

#[test]
fn a_wait_says_where_the_caller_stood_whom_it_was_offered_and_who_answered() {
    let mut world = world(4, Weather::FAIR);
    world.agent("alice", refuses(486));
    world.agent("bruno", answers_after(seconds(3)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("bruno")
        .hangs_up_after(seconds(20))
        .enters(&mut world);
    let record = run(&mut world);
    let [visit] = &record.visits[..] else { panic!("{:?}", record.visits) };
    assert_eq!(
        (visit.queue.as_str(), visit.left, visit.by.as_deref()),
        ("conseillers", VisitEnd::Answered, Some("bruno"))
    );
    assert_eq!((visit.place_first, visit.place_last, visit.place_max), (1, 1, 1));
    assert_eq!(visit.offers, 2);
    assert!(visit.wait_ms.abs_diff(record.clocks.wait_ms) < 100, "{visit:?} {:?}", record.clocks);
    let [alice, bruno] = &record.legs[..] else { panic!("{:?}", record.legs) };
    assert_eq!((alice.queue.as_deref(), bruno.queue.as_deref()), (Some("conseillers"), Some("conseillers")));
    assert_eq!((alice.ended_by, bruno.ended_by), (None, Some(EndedBy::Caller)));
    assert!(bruno.media.is_some() && alice.media.is_none());
    assert_eq!(record.outcome, Some(Outcome::Served));
}

#[test]
fn who_waits_in_vain_has_abandoned_or_left_by_an_exit() {
    let mut world = world(5, Weather::FAIR);
    world.agent("alice", never_answers());
    world.run_for(seconds(1));
    for (number, patience) in [("0612345671", 30), ("0612345672", 20)] {
        Caller::new(number)
            .dials("0800123456")
            .presses("1")
            .hears("attente.wav")
            .hangs_up_after(seconds(patience))
            .enters(&mut world);
        world.run_for(seconds(1));
    }
    run_all(&mut world, seconds(300));
    for record in &world.records {
        let [visit] = &record.visits[..] else { panic!("{:?}", record.visits) };
        assert_eq!((visit.left, visit.exit.as_ref()), (VisitEnd::Abandoned, None));
        assert!(visit.wait_ms > 10_000, "{visit:?}");
        assert_eq!(record.outcome, Some(Outcome::AbandonedQueue));
    }
    let places: Vec<u32> = world.records.iter().map(|record| record.visits[0].place_first).collect();
    assert!(places.contains(&1) && places.contains(&2), "{places:?}");
    // Until the flow lets them out.
    let short = FLOW.replace("max_wait: 2m", "max_wait: 30s");
    let mut world = svi::sim::world::World::new(edition(SITE, &short), 6, Weather::FAIR, length);
    world.agent("alice", never_answers());
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .hears("Laissez votre message après le bip.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    let visit = &record.visits[0];
    assert_eq!((visit.left, visit.exit.as_deref()), (VisitEnd::Overflow, Some("too-long")));
    assert!((29_000..31_500).contains(&visit.wait_ms), "{visit:?}");
}
