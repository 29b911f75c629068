use super::*;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Moment, Wall};
use crate::centre::cost_record::CostRecord;
use crate::centre::record::{Announcement, Clocks, Message};
use crate::cli::FRENCH;

fn name(text: &str) -> Option<Name> {
    Some(Name::from(text))
}

fn step(block: &str, after_ms: u64, left: StepEnd, by: Option<Name>) -> StepRecord {
    let block = Name::from(block);
    StepRecord { flow: None, block, after_ms, ms: 4_000, left, by, silences: 0, wrong_keys: 0 }
}

fn leg(who: Option<Name>, after_ms: u64, outcome: LegOutcome, talk_ms: Option<u64>) -> LegRecord {
    let to = Pii::new("+33140506070".to_owned());
    LegRecord { who, to, after_ms, ring_ms: 5_000, outcome, talk_ms, ..LegRecord::default() }
}

/// A call with everything that happens in one.
fn call() -> CallRecord {
    let at = |ms: i64| Moment::of(Wall::from_epoch_ms(1_795_510_800_000 + ms), "Europe/Paris");
    CallRecord {
        id: "01KB".into(),
        reference: "042137".into(),
        trunk: name("ovh"),
        number: Some("+33800123456".into()),
        campaign: name("affiche"),
        caller: Some("+33612345678".into()),
        started: at(0),
        answered: Some(at(1_000)),
        ended: Some(at(95_000)),
        clocks: Clocks { ring_ms: 1_000, flow_ms: 12_000, wait_ms: 22_000, talk_ms: 60_000 },
        flow: name("accueil"),
        announcement: Some(Announcement { begun_ms: 40, ended_ms: Some(2_540), full: true }),
        steps: vec![
            step("bienvenue", 3_600, StepEnd::Goto, name("menu")),
            StepRecord { wrong_keys: 1, ..step("menu", 8_000, StepEnd::Key, name("1")) },
        ],
        visits: vec![VisitRecord {
            queue: Name::from("conseillers"),
            after_ms: 13_000,
            wait_ms: 22_000,
            left: VisitEnd::Answered,
            by: name("alice"),
            exit: None,
            place_first: 2,
            place_last: 1,
            place_max: 2,
            offers: 2,
        }],
        legs: vec![
            leg(None, 14_000, LegOutcome::NoAnswer, None),
            LegRecord {
                hold_ms: Some(7_000),
                ..leg(name("alice"), 30_000, LegOutcome::Answered, Some(60_000))
            },
        ],
        agents: vec![Name::from("alice")],
        keys: "71".into(),
        tags: vec![Name::from("sav")],
        message: Some(Message {
            mailbox: Name::from("accueil"),
            file: "accueil/1.wav".into(),
            duration_ms: 4_000,
        }),
        ended_by: EndedBy::Caller,
        status: 200,
        cost: Some(CostRecord {
            total_micros: 93_000,
            incoming_micros: 63_000,
            outgoing_micros: 30_000,
            unsure: true,
            ..CostRecord::default()
        }),
        ..CallRecord::default()
    }
}

#[test]
fn a_call_is_told_from_its_beginning_to_its_end() {
    let expected = "\
call 042137 of Tuesday 2026-11-24 at 10:00:00 (+01:00), id 01KB

from       06 12 34 56 78
to         0 800 123 456, campaign affiche, flow accueil
outcome    served
lasted     1m35: 1s ringing, 12s in the flow, 22s waiting, 1m00 talking
cost       0.09 € (estimated): 0.06 € for the call in, 0.03 € for calls out, 0.00 € for text messages
           a price was not known: the dearest rate was taken
message    4s, in the mailbox accueil: accueil/1.wav
keys       71
tags       sav

     +0:00  10:00:00  the call comes in by the trunk ovh
     +0:01  10:00:01  svi answers
     +0:01  10:00:01  announcement that the call is free: heard to its end, 2.5 s
     +0:03  10:00:03  block bienvenue, for 4s: on to menu
     +0:08  10:00:08  block menu, for 4s: key 1 (silences: 0, wrong keys: 1)
     +0:13  10:00:13  waits in the queue conseillers, at place 2; offered 2 times
     +0:14  10:00:14  01 40 50 60 70 is rung: does not answer, for 5s
     +0:30  10:00:30  alice is rung: answers after 5s
     +0:35  10:00:35  after 22s of waiting alice answers
     +0:35  10:00:35  talks with alice for 1m00, of it 7s on hold
     +1:35  10:01:35  the caller hung up
";
    assert_eq!(told(&call(), Tongue::English).replace('\u{a0}', " "), expected);
}

#[test]
fn all_of_it_is_french_in_french() {
    let told = told(&call(), FRENCH);
    for line in [
        "appel 042137 du mardi 2026-11-24 à 10:00:00 (+01:00), identifiant 01KB",
        "issue        servi",
        "annonce de gratuité : entendue jusqu’au bout, 2,5 s",
        "     +0:35  10:00:35  conversation avec alice pendant 1m00, dont 7s de mise en attente",
        "     +1:35  10:01:35  l’appelant a raccroché",
    ] {
        assert!(told.replace('\u{a0}', " ").contains(line), "{line}\n{told}");
    }
    for english in [" the ", " of ", "queue", "block"] {
        assert!(!told.contains(english), "{english}\n{told}");
    }
}

#[test]
fn a_call_that_was_refused_or_cut_says_why() {
    let last = |call: &CallRecord| moments(call).pop().unwrap().1.english();
    let refused = CallRecord {
        answered: None,
        status: 486,
        reason: Some("incoming".into()),
        ended_by: EndedBy::Server,
        ..call()
    };
    assert_eq!(last(&refused), "refused before an answer, SIP status 486 (incoming)");
    assert!(!moments(&refused).iter().any(|(_, what)| what.english().contains("announcement")));
    let cut = CallRecord { ended_by: EndedBy::Server, reason: Some("interrupted".into()), ..call() };
    assert_eq!(last(&cut), "svi ended the call (interrupted)");
    let back = CallRecord { callback_of: Some("01KA".into()), ..call() };
    assert_eq!(moments(&back)[0].1.english(), "svi calls back, as was promised in the call 01KA");
}

#[test]
fn an_older_record_has_its_path_instead_of_steps() {
    let older =
        CallRecord { steps: Vec::new(), path: ["bienvenue", "menu"].map(Name::from).into(), ..call() };
    let told = told(&older, Tongue::English);
    assert!(told.contains("path       bienvenue → menu\n") && !told.contains("block "), "{told}");
}

#[test]
fn each_way_to_take_or_leave_has_its_words() {
    let leg = |outcome| {
        took(&LegRecord { outcome, status: Some(404), ring_ms: 61_000, ..LegRecord::default() }).english()
    };
    let expected = [
        (LegOutcome::Busy, "is busy, or declines"),
        (LegOutcome::Refused, "refused by the network (SIP status 404)"),
        (LegOutcome::Elsewhere, "another telephone was faster"),
        (LegOutcome::GivenUp, "given up after 1m01: the caller hung up, or the flow went on"),
        (LegOutcome::Barred, "not allowed by `outgoing:`"),
    ];
    expected.into_iter().for_each(|(outcome, words)| assert_eq!(leg(outcome), words));
    let left = |left| {
        stay(&VisitRecord { left, by: None, exit: name("too-long"), ..call().visits[0].clone() })[1]
            .1
            .english()
    };
    assert_eq!(left(VisitEnd::Overflow), "leaves the queue after 22s, by its exit `too-long`");
    assert_eq!(left(VisitEnd::Abandoned), "the caller gives up after 22s of waiting");
    assert_eq!([5_000, 3_725_000].map(offset), ["+0:05", "+1:02:05"]);
}
