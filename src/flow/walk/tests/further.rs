//! What a caller lives through: call backs, surveys, shares, flows that call each other, languages, what comes after a talk.

use std::sync::Arc;

use crate::base::diagnostic::{Report, Source};
use crate::base::name::Name;
use crate::base::yaml;
use crate::flow::compile;
use crate::flow::siblings::Siblings;
use crate::flow::testing::{Stroll, names, text};
use crate::flow::vocabulary::{Event, QueueNews, RingNews};

const END: &str = "  fin:\n    - hangup: normal\n";
const CALLBACK: &str = "  debut:
    - callback: conseillers
      say: Nous vous rappelons au {caller|phone}. Tapez 1.
      within: 2h
      tries: 2
      timeout: 5s
      refused: non
    - sms: Avant {callback.before|time}.
    - hangup: normal
  non:
    - hangup: busy
";
const REFUSED: [&str; 2] = ["Block(\"non\")", "hang up Busy"];

#[test]
fn a_call_back_is_offered_confirmed_and_promised() {
    let mut call = Stroll::new(CALLBACK);
    let offer = call.begin().pop().unwrap();
    assert!(offer.starts_with("play Nous vous rappelons au | zéro six"), "{offer}");
    assert_eq!(call.press("1"), ["silence", "Key(1)", "promise conseillers +33612345678"]);
    let lines = call.on(Event::Promised(true));
    assert!(lines[0].contains("Avant ") && lines[0].contains("+33612345678"), "{lines:?}");
    assert!(lines[0].contains("\"Avant 3h.\""), "two hours after the epoch, in Paris: {lines:?}");
    assert_eq!(lines[1], "hang up Normal");
}

#[test]
fn a_call_back_is_refused_by_another_key_by_silence_or_by_us() {
    let mut call = Stroll::new(CALLBACK);
    call.begin();
    assert_eq!(call.press("2")[2..], REFUSED);
    let mut call = Stroll::new(CALLBACK);
    call.begin();
    assert_eq!(call.press("3")[2..], REFUSED, "only 1 takes it");
    let mut call = Stroll::new(CALLBACK);
    call.begin();
    assert_eq!(call.played(), ["wake 5s"]);
    assert!(call.timeout_after(5)[0].starts_with("play Nous vous rappelons"));
    call.played();
    assert_eq!(call.timeout_after(5), REFUSED);
    let mut call = Stroll::new(CALLBACK);
    call.begin();
    call.press("1");
    assert_eq!(call.on(Event::Promised(false)), REFUSED);
}

#[test]
fn a_secret_number_is_asked_for_and_read_back() {
    let mut call = Stroll::new(CALLBACK);
    call.world.facts.caller = None;
    let question = call.begin().pop().unwrap();
    assert!(question.starts_with("play "), "{question}");
    assert!(!question.contains("rappelons au"), "no offer without a number: {question}");
    let lines = call.press("0612345678");
    let offer = lines.last().unwrap();
    assert!(offer.starts_with("play Nous vous rappelons au | zéro six"), "{offer}");
    assert_eq!(call.press("1").last().unwrap(), "promise conseillers +33612345678");
    // Who types none is not called back.
    let mut call = Stroll::new(CALLBACK);
    call.world.facts.caller = None;
    call.begin();
    for _ in 0..2 {
        call.played();
        call.timeout_after(5);
    }
    assert!(call.played().is_empty() && call.walk.is_over());
}

const SURVEY: &str = "  debut:
    - survey: note
      say: Quelle note ?
      scale: 1..5
      tries: 2
      timeout: 4s
    - if: known(note)
      then: oui
    - hangup: busy
  oui:
    - if: note >= 4
      then: fin
    - hangup: rejected
";

fn survey() -> Stroll {
    let mut call = Stroll::new(&format!("{SURVEY}{END}"));
    assert_eq!(call.begin(), ["Block(\"debut\")", "play Quelle note ?"]);
    call
}

#[test]
fn a_survey_takes_a_key_of_its_scale() {
    let answered = [
        "silence",
        "Key(5)",
        "Answer(\"note\", Digit('5'))",
        "Block(\"oui\")",
        "Block(\"fin\")",
        "hang up Normal",
    ];
    let lines = survey().press("5");
    assert_eq!(lines.len(), answered.len(), "{lines:?}");
    assert!(lines[2].starts_with("Answer(\"note\""), "{lines:?}");
    assert_eq!(lines[3..], answered[3..]);
    assert_eq!(survey().press("2").last().unwrap(), "hang up Rejected");
}

#[test]
fn a_survey_holds_nobody_up() {
    let mut call = survey();
    call.played();
    assert_eq!(call.timeout_after(4), ["play Quelle note ?"]);
    call.played();
    assert_eq!(call.timeout_after(4), ["hang up Busy"]);
    let mut call = survey();
    assert!(call.press("9").last().unwrap().ends_with("Quelle note ?"));
    assert_eq!(call.press("0").last().unwrap(), "hang up Busy");
}

#[test]
fn calls_are_split_by_their_shares_and_each_always_alike() {
    let blocks = format!(
        "  debut:\n    - split: {{ a: 80%, b: 20% }}\n  a:\n    - hangup: busy\n  b:\n    - goto: fin\n{END}"
    );
    let way = |chance: u64| {
        let mut call = Stroll::new(&blocks);
        call.world.facts.chance = chance;
        call.begin()[1].clone()
    };
    let few = (0..1_000).filter(|chance| way(*chance) == "Block(\"b\")").count();
    // Four standard deviations of 1,000 draws at 20 %.
    assert!((150..=250).contains(&few), "{few}");
    assert!((0..50).all(|chance| way(chance) == way(chance)));
}

#[test]
fn two_splits_of_a_call_decide_each_for_itself() {
    let blocks = format!(
        "  debut:\n    - split: {{ a: 50%, b: 50% }}\n  a:\n    - split: {{ c: 50%, d: 50% }}\n  b:\n    - hangup: busy\n  c:\n    - hangup: rejected\n  d:\n    - goto: fin\n{END}"
    );
    let ways = (0..100).map(|chance| {
        let mut call = Stroll::new(&blocks);
        call.world.facts.chance = chance;
        call.begin().pop().unwrap()
    });
    let ways: std::collections::BTreeSet<String> = ways.collect();
    assert_eq!(ways.len(), 3, "{ways:?}");
}

const CALLER: &str = "  debut:
    - set: { n: 3, secret: \"x\" }
    - call: sous
      with: { essais: \"{n}\" }
    - if: rendu == \"trois\" and n == 3 and montant > 2
      then: fin
    - hangup: busy
";
pub(super) const CALLED: &str = "svi: 1
name: sous
start: debut
inputs: { essais: number }
outputs: { rendu: text, montant: euros }
blocks:
  debut:
    - set: { n: 99, montant: 2.5 }
    - if: essais == 3
      then: trois
    - return: { rendu: autre }
  trois:
    - menu: Encore ?
      keys: { 1: { label: revenir, goto: retour } }
      otherwise: retour
  retour:
    - return: { rendu: trois }
";

/// A call through a flow that may call `sous`.
pub(super) fn with_called(flow: &str, called: &str) -> Stroll {
    let mut report = Report::default();
    let sources =
        [("essai", flow), ("sous", called)].map(|(name, text)| (Name::from(name), Source::new(name, text)));
    let trees = sources.clone().map(|(name, source)| (name, yaml::parse(&source, &mut report).unwrap()));
    let mut names = names();
    names.siblings = Arc::new(Siblings::of(trees.iter().map(|(name, tree)| (name.clone(), tree))));
    let [essai, sous] = [0, 1].map(|place| {
        let flow = compile(&sources[place].1, &trees[place].1, &sources[place].0, &names, &mut report);
        Arc::new(flow.unwrap_or_else(|| panic!("{report}")))
    });
    let mut call = Stroll::new(&format!("  debut:\n    - goto: fin\n{END}"));
    call.walk = crate::flow::walk::Walk::new(essai);
    call.world.flows.insert("sous".into(), sous);
    call
}

#[test]
fn a_flow_calls_another_with_values_and_comes_back_with_values() {
    let mut call = with_called(&text(&format!("{CALLER}{END}")), CALLED);
    let lines = call.begin();
    assert_eq!(lines[..3], ["Block(\"debut\")", "Block(\"sous/debut\")", "Block(\"sous/trois\")"]);
    assert!(lines[3].starts_with("play Encore ?"), "{lines:?}");
    let lines = call.press("1");
    assert_eq!(
        lines[2..],
        ["Block(\"sous/retour\")", "Block(\"fin\")", "hang up Normal"],
        "its own `n` is as it was"
    );
}

#[test]
fn who_hangs_up_in_a_flow_that_was_called_ends_the_call() {
    let mut call = with_called(&text(&format!("{CALLER}{END}")), CALLED);
    call.begin();
    assert_eq!(call.on(Event::HungUp), [""; 0]);
    assert!(call.walk.is_over());
}

const TWO: &str = "  debut:
    - menu: { fr: Français, en: English }
      keys:
        1: { label: { fr: continuer, en: continue }, goto: suite }
        2: { label: { fr: anglais, en: go on in English }, goto: anglais }
      otherwise: suite
  anglais:
    - set: { call.language: en }
    - goto: suite
  suite:
    - say: { fr: Bonjour., en: Hello. }
    - if: call.language == \"en\"
      then: fin
    - hangup: busy
";

#[test]
fn a_call_changes_its_language_and_is_spoken_to_in_it() {
    let mut call = Stroll::new(&format!("{TWO}{END}"));
    assert!(call.begin()[1].contains("Pour continuer, tapez 1."));
    assert_eq!(call.press("2").last().unwrap(), "play Hello.");
    assert_eq!(call.played().last().unwrap(), "hang up Normal");
    let mut call = Stroll::new(&format!("{TWO}{END}"));
    call.begin();
    assert_eq!(call.press("1").last().unwrap(), "play Bonjour.");
    assert_eq!(call.played(), ["hang up Busy"]);
}

#[test]
fn after_a_talk_the_call_goes_where_the_step_says() {
    let blocks = format!(
        "  debut:\n    - queue: conseillers\n      no_agent: fin\n      too_long: fin\n      after: avis\n  avis:\n    - say: Merci.\n    - goto: fin\n{END}"
    );
    let mut call = Stroll::new(&blocks);
    call.begin();
    call.on(Event::Queue(QueueNews::Answered("alice".into())));
    assert_eq!(
        call.on(Event::Queue(QueueNews::AgentLeft("alice".into()))),
        ["Block(\"avis\")", "play Merci."]
    );
    let blocks = format!(
        "  debut:\n    - ring: alice\n      failed: fin\n      after: avis\n  avis:\n    - say: Merci.\n    - goto: fin\n{END}"
    );
    let mut call = Stroll::new(&blocks);
    call.begin();
    call.on(Event::Rung(RingNews::Answered("alice".into())));
    assert_eq!(call.on(Event::Rung(RingNews::Ended)), ["Block(\"avis\")", "play Merci."]);
    // The caller who hangs up in the talk hears no more.
    let mut call = Stroll::new(&blocks);
    call.begin();
    call.on(Event::Rung(RingNews::Answered("alice".into())));
    assert_eq!(call.on(Event::HungUp), [""; 0]);
}

#[test]
fn a_line_that_is_lost_in_a_talk_is_nobodys_hanging_up() {
    let blocks = "  debut:\n    - ring: [alice]\n      failed: fin\n      after: avis\n  avis:\n    - say: Merci.\n    - goto: fin\n";
    let mut call = Stroll::new(&format!("{blocks}{END}"));
    call.begin();
    call.on(Event::Rung(RingNews::Answered("alice".into())));
    assert_eq!(call.on(Event::Rung(RingNews::Lost)), ["Block(\"fin\")", "hang up Normal"]);
}
