//! Voicemail: the beep, the message, silence, a full disk.

use std::time::Duration;

use svi::sim::network::Weather;
use svi::switchboard::Event;

use crate::support::{Caller, path, run, seconds, world};

fn leaves_a_message() -> Caller {
    Caller::new("0612345678").dials("0800123456").presses("2").hears("bip.wav")
}

#[test]
fn a_message_is_kept_with_its_file_in_the_record_and_silent_steps_run_after_the_hang_up() {
    let mut world = world(1, Weather::FAIR);
    leaves_a_message().hangs_up_after(seconds(6)).enters(&mut world);
    let record = run(&mut world);
    let message = record.message.expect("the record names the message");
    assert_eq!(message.mailbox, "accueil");
    assert!((5_000..6_500).contains(&message.duration_ms), "{message:?}");
    assert!(message.file.starts_with("accueil/") && message.file.ends_with(".wav"), "{message:?}");
    assert_eq!(record.tags, ["message laissé"]);
}

#[test]
fn a_key_ends_the_message_and_the_flow_goes_on() {
    let mut world = world(2, Weather::FAIR);
    leaves_a_message().waits(seconds(4)).presses("#").hears("Au revoir.").is_hung_up_on().enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "menu", "message", "au_revoir"]);
}

#[test]
fn a_full_disk_is_an_apology_and_an_alarm_and_not_a_lost_call() {
    let mut world = world(3, Weather::FAIR);
    world.disk_full = true;
    leaves_a_message().hears("panne-messagerie.wav").hears("Au revoir.").is_hung_up_on().enters(&mut world);
    run(&mut world);
    assert!(world.events.iter().any(|(_, event)| matches!(event, Event::Alarm(_))));
}

#[test]
fn a_message_too_short_to_keep_is_thrown_away() {
    let mut world = world(4, Weather::FAIR);
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("2")
        .hears("Laissez votre message après le bip.")
        // Hung up at the beep.
        .hangs_up_after(Duration::from_millis(2_450))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.message, None, "what nobody said is no message");
    assert_eq!(world.discarded, 1);
}
