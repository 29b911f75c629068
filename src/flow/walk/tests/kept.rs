//! What a walk keeps from one event to the next: counts, keys, secrets, what was told in line.

use super::further::with_called;
use super::*;
use crate::base::limit::{KEYS_AHEAD_MAX, LAPS_MAX, WRONG_ANSWERS_MAX};
use crate::flow::testing::text;
use crate::flow::walk::Walk;

#[test]
fn wrong_keys_and_silences_are_counted_apart() {
    let mut call = menu();
    call.begin();
    call.played();
    assert!(call.press("9").last().unwrap().contains("pas valable"));
    call.played();
    assert!(call.timeout_after(6)[0].starts_with("play Nous n'avons pas reçu"), "the first silence");
}

#[test]
fn a_key_typed_behind_a_wrong_one_answers_no_other_menu() {
    let blocks = "  debut:
    - menu: Choisissez.
      keys: { 2: { label: rester, goto: autre } }
      tries: 1
      otherwise: autre
  autre:
    - menu: Et maintenant ?
      keys: { 1: { label: partir, goto: fin } }
      otherwise: fin
";
    let mut call = Stroll::new(&format!("{blocks}{END}")).free();
    call.begin();
    call.press("91");
    let lines = call.played();
    assert_eq!(lines[2..4], ["Key(9)".to_owned(), block("autre")], "{lines:?}");
    assert!(lines[4].starts_with("play Et maintenant ?"), "{lines:?}");
}

#[test]
fn corrections_of_an_answer_cost_tries() {
    let mut call = ask("      confirm: true\n");
    call.begin();
    call.press("12#");
    assert_eq!(call.press("2"), ["silence", "play Votre code ?"]);
    call.press("34#");
    assert_eq!(call.press("2"), ["silence", &block("panne"), "hang up Technical"]);
}

#[test]
fn a_call_with_too_many_wrong_answers_is_ended() {
    let blocks = "  debut:\n    - menu: Choisissez.\n      keys: { 1: { label: partir, goto: fin } }\n      tries: 2\n      otherwise: debut\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    let wrong = (1..1_000).find(|_| call.press("9").last().is_some_and(|line| line == "hang up Normal"));
    assert_eq!(wrong, Some(WRONG_ANSWERS_MAX + 1));
}

#[test]
fn a_caller_who_goes_round_and_round_is_let_go_and_one_who_gets_something_is_not() {
    let blocks = "  debut:\n    - menu: Choisissez.\n      keys:\n        star: { label: réécouter, goto: debut }\n        1: { label: joindre Alice, goto: alice }\n      tries: 2\n      otherwise: fin\n  alice:\n    - ring: [alice]\n      failed: debut\n      after: debut\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    let ends = |call: &mut Stroll| {
        (1..1_000).find(|_| call.press("*").last().is_some_and(|line| line == "hang up Normal"))
    };
    assert_eq!(ends(&mut call), Some(LAPS_MAX + 1));
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    (0..20).for_each(|_| drop(call.press("*")));
    call.press("1");
    call.on(Event::Rung(RingNews::Answered("alice".into())));
    call.on(Event::Rung(RingNews::Ended));
    assert_eq!(ends(&mut call), Some(LAPS_MAX + 1), "the talk is where it begins to count");
}

#[test]
fn a_hash_that_comes_after_the_next_words_is_a_key() {
    let mut call = ask("");
    call.begin();
    call.press("1234");
    call.played();
    assert!(call.press("#").contains(&"Key(#)".to_owned()));
}

#[test]
fn who_hangs_up_during_the_beep_has_left_no_message() {
    let mut call = Stroll::new(&format!("{VOICEMAIL}{END}"));
    call.begin();
    assert_eq!(call.played(), ["play [bip.wav]"]);
    assert_eq!(call.on(Event::HungUp), [""; 0]);
    assert!(call.walk.is_over());
}

const SECRET: &str = "  debut:
    - ask: code
      say: Votre code ?
      digits: 2..4
      secret: true
      tries: 2
      otherwise: fin
";

#[test]
fn keys_typed_ahead_of_a_secret_are_bounded_and_none_of_them_is_told() {
    let mut call = Stroll::new(&format!("{SECRET}    - goto: fin\n{END}")).free();
    call.begin();
    // `1#` is too short; those behind it fall with it, and were meant to be secret.
    call.press(&format!("1#{}", "2".repeat(2 * KEYS_AHEAD_MAX)));
    let lines = call.played();
    let secret = |place: usize| format!("Secret({place})");
    let told: Vec<String> = lines.iter().filter(|line| line.contains("Secret(")).cloned().collect();
    assert_eq!(told, (0..KEYS_AHEAD_MAX).map(secret).collect::<Vec<_>>());
    assert!(!lines.iter().any(|line| line.starts_with("Key")), "{lines:?}");
}

#[test]
fn what_came_of_a_secret_is_witnessed_wherever_it_went() {
    let branch = "    - if: code == \"12\"\n      then: fin\n    - hangup: busy\n";
    let mut call = Stroll::new(&format!("{SECRET}{branch}{END}"));
    call.begin();
    assert_eq!(call.press("12#").last().unwrap(), "hang up Normal");
    assert_eq!(*call.world.witnessed.borrow(), [1, 1], "right, and the first exit");

    let copied =
        format!("{SECRET}    - set: {{ copie: \"{{code}}\" }}\n{}{END}", branch.replace("code", "copie"));
    let mut call = Stroll::new(&copied);
    call.begin();
    assert_eq!(call.press("34#").last().unwrap(), "hang up Busy");
    assert_eq!(*call.world.witnessed.borrow(), [1, 0], "a copy of a secret is one");

    // Into another flow and back: what is secret here is so again.
    let call_it = "    - call: sous\n      with: { donne: \"{code}\" }\n";
    let called = "svi: 1\nname: sous\ninputs: { donne: text }\noutputs: { rendu: text }\nstart: debut\nblocks:\n  debut:\n    - if: donne == \"12\"\n      then: retour\n    - return: { rendu: autre }\n  retour:\n    - return: { rendu: trois }\n";
    let mut call = with_called(&text(&format!("{SECRET}{call_it}{branch}{END}")), called);
    call.begin();
    assert_eq!(call.press("12#").last().unwrap(), "hang up Normal");
    assert_eq!(*call.world.witnessed.borrow(), [1, 1, 1], "right, there, and here again");
}

#[test]
fn who_is_called_back_hears_why_and_has_the_same_secrets() {
    let back = "    - callback: conseillers\n      say: Nous vous rappelons. Tapez 1.\n      within: 2h\n      refused: fin\n    - if: code == \"12\"\n      then: fin\n    - hangup: busy\n";
    let mut call = Stroll::new(&format!("{SECRET}{back}{END}"));
    call.begin();
    call.press("12#");
    call.press("1");
    call.walk = Walk::resume(call.walk.bookmark().unwrap());
    assert!(call.walk.scope.secrets.contains("code"));
    // We pay for this call: no announcement, but why the telephone rang.
    call.world.facts.free = true;
    let why = call.begin();
    assert!(
        why.len() == 1 && why[0].starts_with("play Bonjour, vous avez demandé à être rappelé"),
        "{why:?}"
    );
    assert_eq!(call.played()[0], "enqueue conseillers head");
}

#[test]
fn a_wait_that_got_longer_is_not_told_and_who_comes_back_is_not_welcomed_again() {
    let minutes = |minutes: u64| Some(Duration::from_secs(60 * minutes));
    let news = |call: &mut Stroll, position, wait| call.on(Event::Queue(QueueNews::Position(position, wait)));
    let mut call = queue();
    call.begin();
    let welcome = news(&mut call, 3, minutes(5));
    assert!(welcome[0].len() > format!("play Merci de patienter | {}", position(3)).len(), "{welcome:?}");
    news(&mut call, 2, minutes(10));
    assert_eq!(call.timeout_after(30)[0], format!("play {}", position(2)), "the place alone");
    news(&mut call, 1, minutes(2));
    call.timeout_after(20);
    let told = call.timeout_after(10);
    assert!(told[0].starts_with(&format!("play {} | ", position(1))), "{told:?}");

    assert_eq!(call.on(Event::Queue(QueueNews::Answered("alice".into()))), ["sleep"], "its clock rests");
    call.on(Event::Queue(QueueNews::AgentLost("alice".into())));
    call.played();
    let back = news(&mut call, 1, None);
    assert_eq!(back[0], format!("play {}", position(1)), "no welcome: {back:?}");
}
