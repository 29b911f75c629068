//! Menus: keys, wrong keys, silence, barge-in.

use svi::sim::network::Weather;

use crate::support::{Caller, moment, path, run, seconds, world};

const MENU: &str = "Que souhaitez-vous faire ?";

#[test]
fn a_key_during_the_menu_stops_it_at_once() {
    let mut world = world(1, Weather::FAIR);
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("3")
        .hears("Nous sommes ouverts.")
        .hangs_up()
        .enters(&mut world);
    run(&mut world);
    let heard = &world.phone(caller).ear.heard;
    let menu = heard.iter().position(|heard| heard.name == *svi::flow::prompt::text_key("fr", MENU)).unwrap();
    // The key takes one packet to arrive, the prompt at most 40 ms more to stop.
    assert!(heard[menu].packets <= 5, "{:?}", heard[menu]);
    let gap = heard[menu + 1].from - heard[menu].until;
    assert!(gap.as_millis() <= 60, "{gap:?} between the key and the next prompt");
}

#[test]
fn wrong_keys_and_silence_lead_out_after_the_tries() {
    let mut world = world(2, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("9")
        .hears(MENU)
        .presses("8")
        .hears("Au revoir.")
        .is_hung_up_on()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "menu", "au_revoir"]);

    let mut silent = crate::support::world(3, Weather::FAIR);
    Caller::new("0612345678").dials("0800123456").hears("Au revoir.").is_hung_up_on().enters(&mut silent);
    let record = run(&mut silent);
    assert_eq!(path(&record), ["bienvenue", "menu", "au_revoir"]);
    // A caller who never presses a key costs a bounded time (reliability finding 9).
    assert!(record.clocks.flow_ms < 60_000, "{:?}", record.clocks);
}

#[test]
fn hours_branch_by_the_civil_clock() {
    for (at, words) in [
        ("2026-11-24T10:00:00+01:00", "Nous sommes ouverts."),
        ("2026-11-24T19:00:00+01:00", "Nous sommes fermés."),
        ("2026-11-11T10:00:00+01:00", "Nous sommes fermés."),
    ] {
        let mut world = world(4, Weather::FAIR);
        world.at(moment(at));
        Caller::new("0612345678")
            .dials("0800123456")
            .hears(MENU)
            .presses("3")
            .hears(words)
            .hangs_up()
            .enters(&mut world);
        run(&mut world);
    }
}

#[test]
fn a_bad_network_loses_no_key_and_doubles_none() {
    for seed in 0..20 {
        let mut world = world(seed, Weather { loss: 100, ..Weather::FAIR });
        Caller::new("0612345678")
            .dials("0800123456")
            .hears(MENU)
            .presses("4")
            .waits(seconds(3))
            .presses("1234")
            .hears("Merci.")
            .hangs_up()
            .enters(&mut world);
        let record = run(&mut world);
        assert_eq!(record.keys, "4", "the code is secret and stands in no record");
    }
}
