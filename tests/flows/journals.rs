//! Calls that are kept can be walked again: a thousand of them take the same path through their own flow, and through a changed
//! one exactly those go elsewhere whom the change concerns.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use svi::base::digit::Digit;
use svi::base::rng::Rng;
use svi::base::time::{Instant, Now};
use svi::flow::errand::{FetchFailure, Fetched};
use svi::flow::journal::{Replay, ReplayError, Walked};
use svi::flow::vocabulary::CallFacts;
use svi::flow::walk::Posture;
use svi::io::load;
use svi::sim::conversation::{Conversation, Others, Reply};
use svi::switchboard::{Edition, Known};

use crate::support;

const SITE: &str = include_str!("../data/site/site.yaml");
const FLOW: &str = include_str!("../data/site/service-client.yaml");

fn edition(texts: &[(&str, &str)]) -> Arc<Edition> {
    Arc::new(load::from_texts(texts).unwrap_or_else(|report| panic!("{report}")))
}

fn reference() -> Arc<Edition> {
    // No secret of the site is needed here.
    edition(&[("site.yaml", &SITE.replace("credential:", "")), ("service-client.yaml", FLOW)])
}

fn call(edition: &Arc<Edition>, number: Option<&str>, at: &str, caller: &str, chance: u64) -> Conversation {
    let (number, flow) = edition.number(number).unwrap();
    let facts = CallFacts { reference: "042137".into(), chance, ..edition.facts(&number, caller) };
    let now = Now { at: Instant::ZERO, wall: support::moment(at) };
    Conversation::new(Arc::clone(edition), flow, facts, now, Others::all_agents(edition))
}

/// One of the company's answers.
fn answer(rng: &mut Rng) -> Fetched {
    let statut = ["preparation", "expediee", "inconnu"][rng.below(3) as usize];
    match rng.below(6) {
        0 => Fetched::Failed(FetchFailure::Timeout),
        1 => Fetched::Answer { status: 404, body: Json::Null },
        2 => Fetched::Answer { status: 200, body: json!({ "statut": statut }) },
        _ => Fetched::Answer {
            status: 200,
            body: json!({ "statut": statut, "livraison": { "date": "2026-11-26" }, "solde": rng.below(3), "iban": "FR76" }),
        },
    }
}

/// A caller who does anything, in a world that does anything.
fn live(call: &mut Conversation, rng: &mut Rng) {
    call.begin();
    for _ in 0..120 {
        if call.is_over() {
            break;
        }
        if call.awaits_answer() {
            let fetched = answer(rng);
            call.respond(fetched, Duration::from_millis(rng.below(3_000)));
        } else if call.awaits_somebody() && rng.chance(300) {
            let reply = [Reply::Answer(None), Reply::NoAnswer, Reply::Busy, Reply::Unreachable]
                [rng.below(4) as usize]
                .clone();
            call.reply(reply);
        } else if call.awaits_somebody() && rng.chance(300) {
            call.position(1 + rng.below(9) as usize, None);
        } else if call.posture() == Posture::Keys && rng.chance(800) || rng.chance(100) {
            call.press(Digit::from_event(rng.below(12) as u8).unwrap());
        } else if call.is_timed() || call.is_recording() {
            call.wait();
        } else if rng.chance(100) {
            break;
        }
    }
    call.hang_up();
    while call.awaits_answer() {
        let fetched = answer(rng);
        call.respond(fetched, Duration::from_millis(500));
    }
}

/// A call as it comes back from its line of the file of records.
fn kept(call: &Conversation, id: &str) -> Replay {
    let line = call.record(id).to_string();
    Replay::of_record(&serde_json::from_str(&line).unwrap()).unwrap_or_else(|why| panic!("{why}: {line}"))
}

fn again(replay: &Replay, edition: &Arc<Edition>) -> Walked {
    let flow = edition.site.flows.get(&replay.flow).unwrap();
    let others = Others::all_agents(edition);
    replay
        .walk(Arc::clone(flow), |now| Box::new(Known { now, facts: &replay.facts, edition, crowd: &others }))
}

#[test]
fn a_thousand_calls_take_the_same_path_again() {
    let edition = reference();
    let (mut blocks, mut ended) = (0, 0);
    for seed in 0..1_000 {
        let mut rng = Rng::seeded(seed);
        let at = format!("2026-11-{}T{:02}:{:02}:00+01:00", 16 + rng.below(14), rng.below(24), rng.below(60));
        let caller = if rng.chance(100) { "secret" } else { "0612345678" };
        let mut call = call(&edition, None, &at, caller, rng.u64());
        live(&mut call, &mut rng);
        let replay = kept(&call, &format!("c{seed}"));
        assert_eq!(replay.path, call.story().path);
        let walked = again(&replay, &edition);
        assert_eq!(
            (&walked.path, walked.ended),
            (&call.story().path, call.story().ended),
            "call {seed} at {at}"
        );
        assert!(!walked.strayed, "call {seed} asked for what it had not asked for");
        blocks += walked.path.len();
        ended += usize::from(walked.ended.is_some());
    }
    // The calls are real ones: some six blocks each, and many are heard to their end.
    assert!(blocks > 4_000 && ended > 200, "{blocks} blocks, {ended} ended by the flow");
}

const HOURS: &str = "svi: 1
name: accueil
numbers: [01 23 45 67 89]
start: debut
blocks:
  debut:
    - hours: boutique
      open: ouvert
      closed: ferme
  ouvert:
    - menu: Que voulez-vous ?
      keys: { 1: { label: partir, goto: fin } }
      otherwise: fin
  ferme:
    - say: Nous sommes fermés.
    - goto: fin
  fin:
    - hangup: normal
";

#[test]
fn a_change_of_hours_moves_the_calls_of_those_hours_and_no_others() {
    let now = edition(&[("site.yaml", support::SITE), ("accueil.yaml", HOURS)]);
    let later = support::SITE.replace("9h-18h", "10h-18h");
    assert_ne!(later, support::SITE);
    let later = edition(&[("site.yaml", &later), ("accueil.yaml", HOURS)]);
    let (mut moved, mut expected) = (0, 0);
    for seed in 0..600 {
        let mut rng = Rng::seeded(seed);
        // Monday 23 to Sunday 29 November 2026.
        let (day, hour) = (rng.below(7), rng.below(24));
        let at = format!("2026-11-{}T{hour:02}:{:02}:00+01:00", 23 + day, rng.below(60));
        let mut call = call(&now, None, &at, "0612345678", 0);
        live(&mut call, &mut rng);
        let replay = kept(&call, "c");
        assert_eq!(again(&replay, &now).path, call.story().path);
        let concerned = day < 5 && hour == 9;
        let elsewhere = again(&replay, &later).path != call.story().path;
        assert_eq!(elsewhere, concerned, "the call at {at}");
        moved += usize::from(elsewhere);
        expected += usize::from(concerned);
    }
    assert_eq!(moved, expected);
    assert!(expected > 5, "the hours that change have calls");
}

#[test]
fn no_digit_of_a_secret_stands_in_the_journal_and_the_path_is_the_same() {
    let edition = edition(&[("site.yaml", support::SITE), ("accueil.yaml", support::FLOW)]);
    for (keys, then) in [("4", "7391"), ("47391", ""), ("4", "73#"), ("4", "7")] {
        let mut call = call(&edition, Some("01 23 45 67 89"), "2026-11-24T10:00:00+01:00", "0612345678", 0);
        call.begin();
        for key in keys.chars() {
            call.press(Digit::from_char(key).unwrap());
        }
        while call.is_speaking() && !call.is_over() {
            call.wait();
        }
        for key in then.chars() {
            call.press(Digit::from_char(key).unwrap());
        }
        for _ in 0..20 {
            call.wait();
        }
        let record = call.record("c");
        let journal = record["journal"].to_string();
        for digit in ["7", "3", "9", "1"] {
            assert!(!journal.contains(&format!("[\"key\",\"{digit}\"]")), "{keys}{then}: {journal}");
        }
        assert!(journal.contains("[\"key\",\"4\"]") && journal.contains('•'), "{journal}");
        assert!(!record["keys"].as_str().unwrap().contains('7'), "{record}");
        assert_eq!(again(&kept(&call, "c"), &edition).path, call.story().path);
    }
}

#[test]
fn a_record_that_cannot_be_walked_says_why() {
    let edition = reference();
    let mut whole = call(&edition, None, "2026-11-24T10:00:00+01:00", "0612345678", 0);
    whole.begin();
    whole.hang_up();
    let record = whole.record("c");
    let why = |change: &dyn Fn(&mut Json)| {
        let mut record = record.clone();
        change(&mut record);
        Replay::of_record(&record).unwrap_err()
    };
    assert_eq!(why(&|record| record["journal"] = Json::Null), ReplayError::NoJournal);
    assert_eq!(why(&|record| record["journal"]["cut"] = json!(true)), ReplayError::Cut);
    assert_eq!(why(&|record| record["callback_of"] = json!("b")), ReplayError::CalledBack);
    assert_eq!(
        why(&|record| record["journal"]["events"][0] = json!([0, ["sings"]])),
        ReplayError::Unreadable
    );
    assert_eq!(why(&|record| record["number"] = json!(8)), ReplayError::Unreadable);
}
