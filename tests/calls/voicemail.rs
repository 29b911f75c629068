//! Voicemail: the beep, the message, silence, a full disk.

use std::time::Duration;

use svi::flow::errand::Letter;
use svi::flow::prompt::text_key;
use svi::sim::network::Weather;
use svi::sim::world::World;
use svi::switchboard::Event;

use crate::support::{Caller, FLOW, SITE, edition, length, path, run, seconds, world};

const KEPT: &str = "Votre message est enregistré.";

/// The world of the tests, whose flow tells of a message that it is kept.
fn world_that_tells() -> World {
    let told = format!("    - tag: message laissé\n    - say: {KEPT}\n");
    World::new(edition(SITE, &FLOW.replace("    - tag: message laissé\n", &told)), 3, Weather::FAIR, length)
}

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

/// Whenever the disk refuses a message, its caller hears that it was not kept, and not that it was; no record names it.
#[test]
fn a_message_that_was_not_kept_is_not_told_to_be() {
    let breaks: [fn(&mut World); 3] = [
        |world| world.disk_full = true,
        |world| world.disk_breaks = true,
        |world| world.disk_takes = seconds(8),
    ];
    for (place, breaks) in breaks.into_iter().enumerate() {
        let mut world = world_that_tells();
        breaks(&mut world);
        let caller = leaves_a_message().waits(seconds(3)).presses("#").hears("panne-messagerie.wav");
        let caller = caller.hears("Au revoir.").is_hung_up_on().enters(&mut world);
        let record = run(&mut world);
        // What a slow disk keeps in the end is in the record.
        assert_eq!(record.message.is_some(), place == 2, "{place}");
        let kept = text_key("fr", KEPT);
        let heard = &world.phone(caller).ear.heard;
        assert!(heard.iter().all(|heard| heard.name != kept), "{place}: {heard:?}");
        assert!(world.events.iter().any(|(_, event)| matches!(event, Event::Alarm(_))), "{place}");
    }
    let mut world = world_that_tells();
    let caller = leaves_a_message().waits(seconds(3)).presses("#").hears(KEPT).hears("Au revoir.");
    caller.is_hung_up_on().enters(&mut world);
    run(&mut world);
}

/// Who says nothing has left no message, and is not told of one.
#[test]
fn a_message_of_nothing_is_not_told_to_be_kept() {
    let mut world = world_that_tells();
    let caller = leaves_a_message()
        .waits(Duration::from_millis(700))
        .presses("#")
        .hears("Nous n'avons rien entendu.")
        .hears("Au revoir.");
    let caller = caller.is_hung_up_on().enters(&mut world);
    let record = run(&mut world);
    let kept = text_key("fr", KEPT);
    let heard = &world.phone(caller).ear.heard;
    assert!(heard.iter().all(|heard| heard.name != kept), "{heard:?}");
    assert!(record.message.is_none() && record.tags.is_empty(), "{record:?}");
    assert_eq!(path(&record), ["bienvenue", "menu", "message", "au_revoir"]);
}

#[test]
fn a_mailbox_with_an_address_is_told_by_mail_once_the_message_is_on_the_disk() {
    let site = SITE.replace("accueil: {", "accueil: { email: sav@exemple.fr, ");
    let with_mail =
        format!("{site}mail: {{ server: smtp.exemple.fr, from: svi@exemple.fr, security: none }}\n");
    let letters = |site: &str, disk_breaks: bool, after: Duration| {
        let mut world = World::new(edition(site, FLOW), 1, Weather::FAIR, length);
        world.disk_breaks = disk_breaks;
        leaves_a_message().hangs_up_after(after).enters(&mut world);
        let record = run(&mut world);
        (record, world.letters)
    };
    let (record, sent) = letters(&with_mail, false, seconds(6));
    let file = record.message.unwrap().file;
    let [Letter::Email { to, subject, text, attachments }] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(to[..], ["sav@exemple.fr"]);
    assert!(subject.contains("06 12 34 56 78") && subject.contains("0:05"), "{subject}");
    let reference = file.split('-').nth(2).unwrap();
    assert!(text.contains("0 800 123 456") && text.contains(reference), "{text}");
    assert_eq!(attachments[..], [file.trim_end_matches(".wav")]);
    for (site, disk_breaks, after) in [
        (with_mail.as_str(), true, seconds(6)),
        (with_mail.as_str(), false, Duration::from_millis(500)),
        (site.as_str(), false, seconds(6)),
        (SITE, false, seconds(6)),
    ] {
        assert_eq!(letters(site, disk_breaks, after).1, [], "nothing was kept, or nobody is to be told");
    }
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
