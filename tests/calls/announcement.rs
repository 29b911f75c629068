//! Law 3: the announcement is the first audio of every call on a free number, whole, whatever is pressed.

use svi::sim::network::Weather;

use crate::support::{Caller, path, run, seconds, world};

#[test]
fn it_is_heard_first_and_whole_and_the_record_says_so() {
    let mut world = world(1, Weather::FAIR);
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .hears("appel-gratuit.wav")
        .hears("Bienvenue.")
        .hangs_up()
        .enters(&mut world);
    let record = run(&mut world);
    let heard = &world.phone(caller).ear.heard[0];
    assert_eq!(heard.name, "appel-gratuit.wav");
    assert_eq!(heard.packets, 100, "two seconds of 20 ms");
    let announcement = record.announcement.expect("the record has the announcement");
    assert!(announcement.full);
    assert!(announcement.begun_ms <= 300, "{announcement:?}");
    assert_eq!(announcement.ended_ms, Some(announcement.begun_ms + 1_980));
}

#[test]
fn no_key_cuts_it_and_keys_typed_meanwhile_are_kept() {
    let mut world = world(2, Weather::FAIR);
    let caller = Caller::new("0612345678")
        .dials("0800123456")
        .hears("appel-gratuit.wav")
        .presses("3")
        .hears("Nous sommes ouverts.")
        .hears("Au revoir.")
        .is_hung_up_on()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(world.phone(caller).ear.heard[0].packets, 100);
    assert_eq!(record.keys, "3");
    assert_eq!(path(&record), ["bienvenue", "menu", "horaires", "ouvert", "au_revoir"]);
}

#[test]
fn a_caller_who_hangs_up_during_it_has_not_heard_it_in_full() {
    let mut world = world(3, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("appel-gratuit.wav")
        .hangs_up_after(seconds(1))
        .enters(&mut world);
    let record = run(&mut world);
    let announcement = record.announcement.expect("it had begun");
    assert!(!announcement.full && announcement.ended_ms.is_some_and(|ms| ms < 1_500), "{announcement:?}");
}

#[test]
fn a_number_that_is_not_free_does_not_have_it() {
    let mut world = world(4, Weather::FAIR);
    let caller =
        Caller::new("0612345678").dials("0123456789").hears("Bienvenue.").hangs_up().enters(&mut world);
    let record = run(&mut world);
    assert!(world.phone(caller).ear.find("appel-gratuit", 0).is_none());
    assert_eq!(record.announcement, None);
}
