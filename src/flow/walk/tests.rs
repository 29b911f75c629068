//! What a caller lives through, verb by verb: each event, and what the walk asks for.

mod frozen;
mod further;
mod kept;
mod outside;
mod recording;

use super::super::speech::Language;
use super::super::testing::Stroll;
use super::super::vocabulary::{Event, HoursState, QueueNews, Recorded, RingFailure, RingNews, Standing};
use crate::base::digit::Digit;
use crate::base::time::Duration;

const END: &str = "  fin:\n    - hangup: normal\n";

const MENU: &str = "  debut:
    - say: Bienvenue.
    - menu: { first: Que voulez-vous ?, again: Choisissez. }
      keys:
        1: { label: partir, goto: fin }
      tries: 2
      timeout: 6s
      silence: occupe
      otherwise: panne
  occupe:
    - hangup: busy
  panne:
    - hangup: technical
";

fn menu() -> Stroll {
    Stroll::new(&format!("{MENU}{END}"))
}

fn block(name: &str) -> String {
    format!("Block(\"{name}\")")
}

#[test]
fn a_free_call_begins_with_the_announcement_that_no_key_cuts() {
    let mut call = menu().free();
    assert_eq!(call.begin(), ["AnnouncementBegun", "play [appel-gratuit.wav]"]);
    assert_eq!(call.press("1"), [""; 0]);
    // The key was kept: neither the welcome nor the menu is heard.
    assert_eq!(
        call.played(),
        ["AnnouncementEnded(true)", &block("debut"), "Key(1)", &block("fin"), "hang up Normal"]
    );
    assert_eq!(call.on(Event::HungUp), [""; 0]);
}

#[test]
fn to_hang_up_in_the_announcement_is_told() {
    let mut call = menu().free();
    call.begin();
    assert_eq!(call.on(Event::HungUp), ["AnnouncementEnded(false)"]);
    assert_eq!(call.played(), [""; 0]);
}

#[test]
fn a_key_cuts_speech_and_answers_the_menu_behind() {
    let mut call = menu();
    assert_eq!(call.begin(), [&block("debut"), "play Bienvenue."]);
    assert_eq!(call.press("1"), ["silence", "Key(1)", &block("fin"), "hang up Normal"]);
}

#[test]
fn a_menu_repeats_itself_and_then_leaves_by_the_cause() {
    let mut call = menu();
    call.begin();
    assert_eq!(call.played(), ["play Que voulez-vous ? | Pour partir, tapez 1."]);
    assert_eq!(call.played(), ["wake 6s"]);
    let again = "play Nous n'avons pas reçu de réponse. | Choisissez. | Pour partir, tapez 1.";
    assert_eq!(call.timeout_after(6), [again]);
    assert_eq!(call.played(), ["wake 6s"]);
    assert_eq!(call.timeout_after(6), [&block("occupe"), "hang up Busy"]);

    let mut call = menu();
    call.begin();
    call.played();
    let again = "play Cette saisie n'est pas valable. | Choisissez. | Pour partir, tapez 1.";
    assert_eq!(call.press("9"), ["silence", "Key(9)", again]);
    assert_eq!(call.press("#"), ["silence", "Key(#)", &block("panne"), "hang up Technical"]);
}

#[test]
fn a_key_during_the_menu_acts_at_once_and_no_clock_stays_behind() {
    let mut call = menu();
    call.begin();
    call.played();
    assert_eq!(call.press("1"), ["silence", "Key(1)", &block("fin"), "hang up Normal"]);
    let mut call = menu();
    call.begin();
    call.played();
    call.played();
    assert_eq!(call.press("1"), ["sleep", "Key(1)", &block("fin"), "hang up Normal"]);
}

#[test]
fn an_early_key_passes_over_no_message_that_leads_elsewhere() {
    let blocks = "  debut:\n    - say: Bienvenue.\n    - hours: boutique\n      open: fin\n      closed: ferme\n  ferme:\n    - say: Nous sommes fermés.\n    - goto: fin\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.world.hours = HoursState::Closed;
    call.begin();
    assert_eq!(call.press("5"), ["silence", &block("ferme"), "play Nous sommes fermés."]);
}

#[test]
fn speech_that_must_be_heard_keeps_the_key() {
    let blocks = "  debut:\n    - say: Écoutez.\n      interrupt: false\n    - menu: Choisissez.\n      keys: { 1: { label: partir, goto: fin } }\n      otherwise: fin\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    assert_eq!(call.press("1"), [""; 0]);
    assert_eq!(call.played(), ["Key(1)", &block("fin"), "hang up Normal"]);
}

const ASK: &str = "  debut:
    - ask: code
      say: Votre code ?
      digits: 2..4
      tries: 2
      otherwise: panne
    - say: Voici {code|digits}.
    - menu: Et maintenant ?
      keys: { 1: { label: partir, goto: fin } }
      otherwise: fin
  panne:
    - hangup: technical
";

fn ask(options: &str) -> Stroll {
    let blocks = ASK.replace("      tries: 2\n", &format!("      tries: 2\n{options}"));
    Stroll::new(&format!("{blocks}{END}"))
}

#[test]
fn an_answer_ends_with_hash_with_the_last_digit_or_with_a_pause() {
    let mut call = ask("");
    assert_eq!(call.begin(), [&block("debut"), "play Votre code ?"]);
    assert_eq!(call.press("12"), ["silence", "Key(1)", "wake 3s", "Key(2)", "wake 3s"]);
    assert_eq!(
        call.press("#"),
        ["Key(#)", "sleep", "play Voici | 1 2"].map(str::to_owned).map(|l| l.replace("1 2", &spoken("12")))
    );

    let mut call = ask("");
    call.begin();
    call.played();
    let last = call.press("1234").pop().unwrap_or_default();
    assert_eq!(last, format!("play Voici | {}", spoken("1234")));

    let mut call = ask("");
    call.begin();
    call.press("12");
    assert_eq!(call.timeout_after(3), [format!("play Voici | {}", spoken("12"))]);
}

fn spoken(digits: &str) -> String {
    let fragments =
        super::super::speech::speak_in(Language::French, super::super::speech::Format::Digits, digits)
            .unwrap();
    fragments.iter().map(|f| &*f.text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_hash_after_the_last_digit_spoils_nothing() {
    let mut call = ask("");
    call.begin();
    call.press("1234");
    assert_eq!(call.press("#"), [""; 0]);
    assert_eq!(call.played(), ["play Et maintenant ? | Pour partir, tapez 1."]);
    // Typed ahead it is taken as well.
    let mut call = ask("").free();
    call.begin();
    call.press("1234#1");
    let lines = call.played();
    assert_eq!(lines.last().map(String::as_str), Some("hang up Normal"), "{lines:?}");
}

#[test]
fn too_few_digits_or_none_cost_a_try() {
    let mut call = ask("");
    call.begin();
    call.press("1");
    assert_eq!(call.timeout_after(3), ["play Cette saisie n'est pas valable. | Votre code ?"]);
    assert_eq!(call.played(), ["wake 6s"]);
    assert_eq!(call.timeout_after(6), [&block("panne"), "hang up Technical"]);
}

#[test]
fn a_secret_stands_in_no_trace() {
    let mut call = ask("      secret: true\n");
    call.begin();
    let lines = call.press("12#");
    assert!(!lines.iter().any(|line| line.contains("Key")), "{lines:?}");
}

#[test]
fn an_answer_is_confirmed_or_asked_again() {
    let mut call = ask("      confirm: true\n");
    call.begin();
    let read_back = call.press("12#").pop().unwrap_or_default();
    assert!(read_back.starts_with("play Vous avez tapé") && read_back.contains(&spoken("12")), "{read_back}");
    assert_eq!(call.press("2"), ["silence", "play Votre code ?"]);
    call.press("34#");
    assert_eq!(call.press("1"), ["silence".to_owned(), format!("play Voici | {}", spoken("34"))]);
}

const QUEUE: &str = "  debut:
    - queue: conseillers
      max_wait: 100s
      keys: { 9: { goto: fin } }
      callback: { after: 50s, key: 1, goto: rappel }
      no_agent: personne
      too_long: long
  rappel:
    - hangup: busy
  personne:
    - hangup: rejected
  long:
    - hangup: technical
";

fn queue() -> Stroll {
    let mut call = Stroll::new(&format!("{QUEUE}{END}"));
    call.world.queue.position_every = Some(Duration::from_secs(30));
    call
}

fn place(call: &mut Stroll, position: usize) -> Vec<String> {
    call.on(Event::Queue(QueueNews::Position(position, None)))
}

fn position(n: usize) -> String {
    let fragments = super::super::speech::position(n);
    fragments.iter().map(|f| &*f.text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_queue_welcomes_plays_music_and_never_tells_a_worse_place() {
    let mut call = queue();
    assert_eq!(call.begin(), [&block("debut"), "enqueue conseillers", "wake 50s"]);
    let welcome = place(&mut call, 3);
    assert!(
        welcome[0].starts_with("play Merci de patienter") && welcome[0].ends_with(&position(3)),
        "{welcome:?}"
    );
    assert_eq!(call.played()[0], "music attente.wav");
    assert_eq!(place(&mut call, 4), [""; 0]);
    let lines = call.timeout_after(30);
    assert!(!lines.iter().any(|line| line.starts_with("play")), "{lines:?}");
    place(&mut call, 2);
    call.timeout_after(20);
    assert_eq!(call.timeout_after(10)[0], format!("play {}", position(2)));
}

/// The place is asked for when it is to be said, and the wait that is told never grows.
#[test]
fn a_place_is_asked_for_when_it_is_said() {
    let mut call = queue();
    call.begin();
    place(&mut call, 9);
    let mut told = Vec::new();
    let minutes = |count: u64| Some(Duration::from_secs(60 * count));
    for (position, expected) in [(7, minutes(5)), (6, minutes(8)), (5, minutes(2))] {
        call.world.standing = Some(Standing { position, expected });
        call.timeout_after(20);
        let lines = call.timeout_after(10);
        told.push(lines.into_iter().find(|line| line.starts_with("play")).unwrap_or_default());
        call.played();
    }
    assert!(
        told[0].starts_with(&format!("play {}", position(7))) && told[0].len() > position(7).len() + 6,
        "{told:?}"
    );
    assert_eq!(told[1], format!("play {}", position(6)), "a longer wait is not told");
    assert!(
        told[2].starts_with(&format!("play {}", position(5))) && told[2].len() > position(5).len() + 6,
        "{told:?}"
    );
}

#[test]
fn a_queue_is_left_by_its_keys_its_clock_and_its_news() {
    let left = ["silence", "dequeue"];
    let mut call = queue();
    call.begin();
    place(&mut call, 1);
    assert_eq!(call.press("1"), [""; 0], "the offer was not made yet");
    assert_eq!(call.press("9"), ["Key(9)", "sleep", left[0], left[1], &block("fin"), "hang up Normal"]);

    let mut call = queue();
    call.begin();
    place(&mut call, 1);
    call.timeout_after(30);
    let offer = call.timeout_after(20);
    assert!(offer[0].starts_with("play Pour être rappelé"), "{offer:?}");
    assert!(call.press("1").contains(&block("rappel")));

    let mut call = queue();
    call.begin();
    place(&mut call, 1);
    assert!(call.timeout_after(100).contains(&block("long")));

    for (news, name) in [(QueueNews::NoAgent, "personne"), (QueueNews::Full, "long")] {
        let mut call = queue();
        call.begin();
        assert!(call.on(Event::Queue(news)).contains(&block(name)));
    }
}

#[test]
fn an_agent_who_is_lost_gives_the_caller_back_to_the_head() {
    let mut call = queue();
    call.begin();
    place(&mut call, 1);
    call.on(Event::Queue(QueueNews::Answered("alice".into())));
    let excuse = call.on(Event::Queue(QueueNews::AgentLost("alice".into())));
    assert!(excuse[0].starts_with("play La communication"), "{excuse:?}");
    assert_eq!(call.played(), ["enqueue conseillers head", "wake 50s"]);
    place(&mut call, 1);
    call.on(Event::Queue(QueueNews::Answered("bruno".into())));
    assert_eq!(call.on(Event::Queue(QueueNews::AgentLeft("bruno".into()))), ["hang up Normal"]);
}

#[test]
fn phones_ring_and_their_failure_has_an_exit() {
    let blocks = "  debut:\n    - ring: [alice, 06 12 34 56 78]\n      order: in-turn\n      timeout: 20s\n      failed: fin\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    assert_eq!(
        call.begin(),
        [
            &block("debut"),
            "music attente.wav",
            "ring [Agent(\"alice\"), Number(\"+33612345678\")] InTurn 20s"
        ]
    );
    assert_eq!(call.on(Event::Rung(RingNews::Ringing)), [""; 0]);
    let failed = call.on(Event::Rung(RingNews::Failed(RingFailure::NoAnswer)));
    assert_eq!(failed, ["silence", &block("fin"), "hang up Normal"]);

    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    call.on(Event::Rung(RingNews::Answered("alice".into())));
    assert_eq!(call.press("1"), [""; 0]);
    assert_eq!(call.on(Event::Rung(RingNews::Ended)), ["hang up Normal"]);
}

const VOICEMAIL: &str = "  debut:\n    - say: Parlez.\n    - voicemail: accueil\n      silence: 4s\n    - tag: message\n    - set: { laisse: true }\n    - goto: fin\n";

fn recorded(failed: bool) -> Event {
    Event::Recorded(Recorded {
        duration: Duration::from_secs(3),
        kept: !failed,
        key: Some(Digit::HASH),
        failed,
        path: None,
    })
}

#[test]
fn a_message_is_recorded_after_the_beep() {
    let mut call = Stroll::new(&format!("{VOICEMAIL}{END}"));
    call.begin();
    assert_eq!(call.played(), ["play [bip.wav]"]);
    assert_eq!(call.played(), ["record accueil 60s 4s"]);
    assert_eq!(call.on(recorded(false)), ["Tag(\"message\")", &block("fin"), "hang up Normal"]);
}

#[test]
fn a_message_that_could_not_be_written_is_apologised_for() {
    let mut call = Stroll::new(&format!("{VOICEMAIL}{END}"));
    call.begin();
    call.played();
    call.played();
    assert_eq!(call.on(recorded(true)), ["play [panne-messagerie.wav]"]);
    assert_eq!(call.played(), [block("fin"), "hang up Normal".to_owned()], "no message was left");
}

#[test]
fn silent_steps_run_when_the_caller_hangs_up_after_the_beep_and_only_then() {
    let mut call = Stroll::new(&format!("{VOICEMAIL}{END}"));
    call.begin();
    assert_eq!(call.on(Event::HungUp), [""; 0]);
    let mut call = Stroll::new(&format!("{VOICEMAIL}{END}"));
    call.begin();
    call.played();
    call.played();
    assert_eq!(call.on(Event::HungUp), [""; 0], "whether there is a message is not known yet");
    assert_eq!(call.on(recorded(false)), ["Tag(\"message\")"]);
}

#[test]
fn branches_follow_values_and_calendars() {
    let blocks = "  debut:
    - set: { ville: Lyon }
    - if: caller.mobile and agents(sav) > 0
      then: mobile
    - switch: ville
      cases: { Lyon: choix }
      otherwise: fin
  choix:
    - switch: caller.anonymous
      cases: { false: lyon }
      otherwise: fin
  mobile:
    - hours: boutique
      open: fin
      holiday: ferie
      closed: lyon
  lyon:
    - hangup: busy
  ferie:
    - hangup: rejected
";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    assert_eq!(call.begin(), [&block("debut"), &block("choix"), &block("lyon"), "hang up Busy"]);
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.world.facts.caller_mobile = true;
    call.world.hours = HoursState::Holiday;
    assert_eq!(call.begin(), [&block("debut"), &block("mobile"), &block("ferie"), "hang up Rejected"]);
}

#[test]
fn to_wait_is_to_hear_music_for_so_long() {
    let mut call = Stroll::new(&format!("  debut:\n    - wait: 5s\n    - goto: fin\n{END}"));
    assert_eq!(call.begin(), [&block("debut"), "music attente.wav", "wake 5s"]);
    assert_eq!(call.timeout_after(5), ["silence", &block("fin"), "hang up Normal"]);
}

#[test]
fn a_wrong_key_typed_ahead_takes_those_behind_it_with_it() {
    // `1` was meant for a menu that did not come: it must not answer the next one unheard.
    let mut call = menu().free();
    call.begin();
    call.press("91");
    let again = "play Cette saisie n'est pas valable. | Choisissez. | Pour partir, tapez 1.";
    assert_eq!(call.played(), ["AnnouncementEnded(true)", &block("debut"), "Key(9)", again]);
    assert_eq!(call.played(), ["wake 6s"]);

    let mut call = ask("").free();
    call.begin();
    call.press("1#23#");
    let lines = call.played();
    assert_eq!(lines.last().map(String::as_str), Some("play Cette saisie n'est pas valable. | Votre code ?"));
    assert_eq!(lines.iter().filter(|line| line.starts_with("play")).count(), 1, "{lines:?}");
}

#[test]
fn an_answer_is_confirmed_by_a_key_typed_ahead() {
    let mut call = ask("      confirm: true\n").free();
    call.begin();
    call.press("12#1");
    assert_eq!(call.played().last(), Some(&format!("play Voici | {}", spoken("12"))));
}

#[test]
fn a_date_that_was_typed_is_said_as_a_date() {
    let blocks = "  debut:\n    - ask: jour\n      say: Quel jour ?\n      check: date\n      otherwise: fin\n    - say: \"{jour|date}\"\n    - goto: fin\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    let said = call.press("24122026").pop().unwrap_or_default();
    assert!(said.starts_with("play ") && said.contains("décembre") && said.contains("mille"), "{said}");
}

#[test]
fn what_fails_outside_goes_to_error_and_what_a_caller_fails_at_to_otherwise() {
    let text = "svi: 1\nname: essai\nstart: debut\ndefaults: { tries: 1, timeout: 2s, otherwise: muet, error: panne }\nblocks:
  debut:
    - menu: Choisissez.
      keys: { 1: { label: joindre Alice, goto: alice } }
  alice:
    - ring: alice
  muet:
    - hangup: busy
  panne:
    - hangup: technical
";
    let mut call = Stroll::of(text);
    call.begin();
    assert_eq!(call.played(), ["wake 2s"]);
    assert_eq!(call.timeout_after(2), [&block("muet"), "hang up Busy"]);
    let mut call = Stroll::of(text);
    call.begin();
    call.press("1");
    let failed = call.on(Event::Rung(RingNews::Failed(RingFailure::Busy)));
    assert_eq!(failed, ["silence", &block("panne"), "hang up Technical"]);
}

#[test]
fn a_calendar_says_its_hours_and_when_it_opens_next() {
    let blocks = "  debut:\n    - say: \"Ouvert {boutique|hours}. Rouvre {boutique.next_open|date-time}.\"\n    - goto: fin\n";
    let said = Stroll::new(&format!("{blocks}{END}")).begin().pop().unwrap_or_default();
    for piece in ["Ouvert", "vendredi", "samedi", "Rouvre", "novembre", "neuf", "trente"] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
}
