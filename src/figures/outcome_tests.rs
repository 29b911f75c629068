use super::*;
use crate::figures::sample::{call, key, silence, visit};

use crate::base::name::Name;
use crate::centre::record::{Announcement, Clocks, Lookup, Message, Promised};

fn message() -> Option<Message> {
    Some(Message { mailbox: "accueil".into(), file: "a/b.wav".into(), duration_ms: 9_000 })
}

fn promised() -> Option<Promised> {
    Some(Promised { queue: "sav".into(), number: "+33612345678".into(), before: call().started })
}

fn ended(by: EndedBy, reason: &str) -> CallRecord {
    CallRecord { ended_by: by, reason: Some(reason.into()), ..call() }
}

fn flow() -> CallRecord {
    ended(EndedBy::Flow, "normal")
}

fn caller() -> CallRecord {
    CallRecord { path: vec!["menu".into()], ..ended(EndedBy::Caller, "bye") }
}

#[test]
fn each_way_to_be_served_has_its_rule() {
    let talk = Clocks { talk_ms: 1, ..Clocks::default() };
    let cases = [
        ("talked to an agent", CallRecord { agents: vec!["alice".into()], ..caller() }, Outcome::Served),
        ("talked to somebody outside", CallRecord { clocks: talk, ..caller() }, Outcome::Served),
        (
            "answered in a queue",
            CallRecord { visits: vec![visit(VisitEnd::Answered)], ..caller() },
            Outcome::Served,
        ),
        ("left a message", CallRecord { message: message(), ..caller() }, Outcome::Message),
        ("was promised a call back", CallRecord { callback: promised(), ..flow() }, Outcome::Callback),
        (
            "pressed a key, and heard the answer",
            CallRecord { keys: "2".into(), ..flow() },
            Outcome::SelfServed,
        ),
        ("was looked up", CallRecord { lookups: vec![looked_up()], ..flow() }, Outcome::SelfServed),
        (
            "answered a survey",
            CallRecord { answers: [("avis".into(), 4)].into(), ..flow() },
            Outcome::SelfServed,
        ),
    ];
    judge(&cases);
}

#[test]
fn each_way_to_leave_unserved_has_its_rule() {
    let cases = [
        (
            "hung up in a queue",
            CallRecord { visits: vec![visit(VisitEnd::Abandoned)], ..caller() },
            Outcome::AbandonedQueue,
        ),
        ("hung up in a menu", caller(), Outcome::AbandonedFlow),
        (
            "hung up after a queue",
            CallRecord { visits: vec![visit(VisitEnd::Overflow)], ..caller() },
            Outcome::AbandonedFlow,
        ),
        (
            "pressed nothing, three times",
            CallRecord { steps: vec![key(0), silence(9)], ..flow() },
            Outcome::AbandonedFlow,
        ),
        ("hung up in the announcement", announced(), Outcome::AbandonedAnnouncement),
        ("hung up before its first word", before_announcement(), Outcome::AbandonedAnnouncement),
        (
            "left a queue, and was sent away",
            CallRecord { visits: vec![visit(VisitEnd::Overflow)], ..flow() },
            Outcome::OverflowedLost,
        ),
        ("heard that the line is closed", flow(), Outcome::OverflowedLost),
        (
            "was refused",
            CallRecord { answered: None, status: 486, ..ended(EndedBy::Server, "busy") },
            Outcome::Refused,
        ),
        ("gave up while it rang", CallRecord { answered: None, status: 487, ..caller() }, Outcome::Refused),
        ("was lost by the network", ended(EndedBy::Network, "media timeout"), Outcome::Failed),
        ("never sent its ACK", ended(EndedBy::Network, "no ACK"), Outcome::Failed),
        ("met a bug", ended(EndedBy::Server, "internal error"), Outcome::Failed),
        (
            "was told that nothing works",
            CallRecord { keys: "1".into(), ..ended(EndedBy::Flow, "technical") },
            Outcome::Failed,
        ),
        ("was cut off", ended(EndedBy::Server, "interrupted"), Outcome::Interrupted),
        (
            "was cut off while it rang",
            CallRecord { answered: None, status: 0, ..ended(EndedBy::Server, "interrupted") },
            Outcome::Interrupted,
        ),
        ("outlasted a stopping server", ended(EndedBy::Server, "drain limit reached"), Outcome::Interrupted),
    ];
    judge(&cases);
}

fn judge(cases: &[(&str, CallRecord, Outcome)]) {
    for (who, record, outcome) in cases {
        assert_eq!(of(record), *outcome, "who {who}");
    }
}

fn looked_up() -> Lookup {
    Lookup { host: "crm".into(), outcome: "200".into() }
}

fn announced() -> CallRecord {
    let announcement = Some(Announcement { begun_ms: 80, ended_ms: Some(900), full: false });
    CallRecord { path: Vec::new(), announcement, number: Some("+33123456789".into()), ..caller() }
}

fn before_announcement() -> CallRecord {
    CallRecord { path: Vec::new(), number: Some("+33800123456".into()), ..caller() }
}

/// Each takes what the ones after it would be, too.
#[test]
fn an_earlier_rule_wins() {
    let mut record = CallRecord {
        visits: vec![visit(VisitEnd::Answered)],
        message: message(),
        callback: promised(),
        answered: None,
        status: 503,
        keys: "1".into(),
        ..ended(EndedBy::Server, "interrupted")
    };
    assert_eq!(of(&record), Outcome::Served);
    record.visits = vec![visit(VisitEnd::Abandoned)];
    assert_eq!(of(&record), Outcome::Message);
    record.message = None;
    assert_eq!(of(&record), Outcome::Callback);
    record.callback = None;
    assert_eq!(of(&record), Outcome::Refused);
    record.answered = call().answered;
    assert_eq!(of(&record), Outcome::Interrupted, "hung up in a queue is only who hung up");
    record.ended_by = EndedBy::Caller;
    assert_eq!(of(&record), Outcome::AbandonedQueue);
    record.ended_by = EndedBy::Flow;
    assert_eq!(of(&record), Outcome::OverflowedLost, "the key brought them to the queue");
}

#[test]
fn a_key_counts_as_an_answer_only_after_the_queue_that_was_left() {
    let mut record = CallRecord { keys: "1".into(), visits: vec![visit(VisitEnd::Overflow)], ..flow() };
    record.steps = vec![key(0)];
    assert_eq!(of(&record), Outcome::OverflowedLost);
    record.steps.push(key(60_000));
    assert_eq!(of(&record), Outcome::SelfServed);
    record.message = message();
    assert_eq!(of(&record), Outcome::Message, "a queue's exit led to the mailbox");
}

#[test]
fn older_records_are_judged_by_what_they_have() {
    let waited = Clocks { wait_ms: 20_000, ..Clocks::default() };
    let queue = Some(Name::from("sav"));
    let old = CallRecord { queue: queue.clone(), clocks: waited, keys: "1".into(), ..caller() };
    assert_eq!(of(&old), Outcome::AbandonedQueue);
    assert_eq!(of(&CallRecord { ended_by: EndedBy::Flow, ..old.clone() }), Outcome::OverflowedLost);
    assert_eq!(of(&CallRecord { agents: vec!["alice".into()], ..old.clone() }), Outcome::Served);
    assert_eq!(of(&CallRecord { message: message(), ..old }), Outcome::Message);
    let full = CallRecord { queue, ..caller() };
    assert_eq!(of(&full), Outcome::AbandonedFlow, "a queue that was full at once");
}

#[test]
fn a_call_back_that_reached_nobody_failed() {
    let back = |by, reason| CallRecord {
        callback_of: Some("01".into()),
        answered: None,
        status: 503,
        number: Some("+33800123456".into()),
        path: Vec::new(),
        ..ended(by, reason)
    };
    assert_eq!(of(&back(EndedBy::Network, "call back not answered")), Outcome::Failed);
    assert_eq!(of(&back(EndedBy::Server, "call back not made in time")), Outcome::Failed);
    assert_eq!(
        of(&back(EndedBy::Caller, "bye")),
        Outcome::AbandonedFlow,
        "who called back hears no announcement"
    );
}
