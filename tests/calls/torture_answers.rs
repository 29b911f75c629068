//! The torture messages of RFC 4475 and RFC 5118 at the whole switchboard: what each is answered, whole and cut short.
//!
//! `tests/data/torture/answers.tsv` says what the RFCs want of a server like ours, and why. All messages come from an address
//! of a trunk, so that an INVITE is judged by its content and then refused because nobody here has the number.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // the messages are files; a test fails by panic

use std::path::PathBuf;

use svi::sip::message::{Frame, Framer};
use svi::sip::transport::Protocol;

use crate::bench::{Bench, PEER, head};
use crate::support::{FLOW, SITE, edition};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/torture")
}

/// A row of the table: what is wanted over UDP, over TCP, and the header that says more.
struct Row {
    file: String,
    bytes: Vec<u8>,
    datagram: String,
    stream: String,
    header: Option<String>,
}

fn rows() -> Vec<Row> {
    let table = |name: &str| {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        let rows = text.lines().skip(1).map(|row| row.split('\t').map(str::to_owned).collect());
        rows.collect::<Vec<Vec<String>>>()
    };
    let (manifest, answers) = (table("manifest.tsv"), table("answers.tsv"));
    assert_eq!((manifest.len(), answers.len()), (62, 62), "each message has its row");
    let both = manifest.into_iter().zip(answers);
    both.map(|(place, wanted)| {
        assert_eq!((&place[1], &place[2]), (&wanted[0], &wanted[1]), "the same order and section");
        Row {
            bytes: std::fs::read(folder().join(&place[0]).join(&place[1])).unwrap(),
            file: wanted[0].clone(),
            datagram: wanted[2].clone(),
            stream: wanted[3].clone(),
            header: (wanted[4] != "-").then(|| wanted[4].clone()),
        }
    })
    .collect()
}

fn bench() -> Bench {
    Bench::new(edition(SITE, FLOW))
}

/// Final statuses that were sent since the last time, and the last message itself.
fn finals(bench: &mut Bench) -> (Vec<String>, Option<String>) {
    let texts = bench.texts();
    let last = texts.last().cloned();
    (texts.iter().map(|text| head(text)).filter(|status| status != "100").collect(), last)
}

fn words(answers: &[String]) -> String {
    if answers.is_empty() { "-".to_owned() } else { answers.join(" ") }
}

#[test]
fn each_datagram_is_answered_as_the_rfcs_want() {
    let mut wrong = Vec::new();
    for row in rows() {
        let mut bench = bench();
        bench.hear_bytes(Protocol::Udp, PEER.parse().unwrap(), &row.bytes);
        let ways: Vec<_> = bench.sent.iter().map(|(_, transmit)| transmit.remote.ip()).collect();
        let (answers, last) = finals(&mut bench);
        if words(&answers) != row.datagram {
            wrong.push(format!("{}: {answers:?}, not {}", row.file, row.datagram));
        }
        // RFC 3261 §18.2.2: whatever Via says, to where it came from.
        assert!(ways.iter().all(|ip| ip.to_string() == "10.1.0.9"), "{}: {ways:?}", row.file);
        if let (Some(name), Some(text)) = (&row.header, last) {
            assert!(text.contains(&format!("\r\n{name}: ")), "{}: no {name} in\n{text}", row.file);
        }
        bench.assert_nothing_stays();
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn each_message_on_a_stream_is_answered_or_ends_it() {
    let mut wrong = Vec::new();
    for row in rows() {
        let mut bench = bench();
        let mut framer = Framer::new();
        framer.push(&row.bytes);
        let mut answers = Vec::new();
        loop {
            match framer.next() {
                Ok(Some(Frame::Message(bytes))) => {
                    bench.hear_bytes(Protocol::Tcp, PEER.parse().unwrap(), &bytes);
                    answers.extend(finals(&mut bench).0);
                }
                Ok(Some(Frame::KeepAlive)) => {}
                Ok(None) => break,
                Err(_) => break answers.push("closed".to_owned()),
            }
        }
        if words(&answers) != row.stream {
            wrong.push(format!("{}: {answers:?}, not {}", row.file, row.stream));
        }
        bench.assert_nothing_stays();
    }
    assert_eq!(wrong, [""; 0]);
}

/// The same request again is answered by the same octets, if it is answered (RFC 3261 §17.2, §8.2.7).
#[test]
fn a_repeated_message_changes_nothing() {
    for row in rows() {
        let mut bench = bench();
        let mut hear = || {
            bench.hear_bytes(Protocol::Udp, PEER.parse().unwrap(), &row.bytes);
            finals(&mut bench)
        };
        let (first, second) = (hear(), hear());
        assert_eq!(first.0, second.0, "{}", row.file);
        assert!(first.0.len() <= 1, "{}", row.file);
        let tag = |text: Option<String>| text.and_then(|text| Some(text.split_once(";tag=")?.1.to_owned()));
        let malformed = first.0 == ["400"] || first.0 == ["505"] || first.0 == ["401"];
        assert!(malformed || tag(first.1) == tag(second.1), "{}: two tags for one request", row.file);
    }
}

/// Cut at every octet: no panic, at most one answer, nothing that stays.
#[test]
fn every_message_may_end_anywhere() {
    for row in rows().into_iter().filter(|row| row.bytes.len() <= 1_024) {
        let mut bench = bench();
        for end in 0..row.bytes.len() {
            bench.hear_bytes(Protocol::Udp, PEER.parse().unwrap(), &row.bytes[..end]);
            let (answers, _) = finals(&mut bench);
            assert!(answers.len() <= 1, "{} cut at {end}: {answers:?}", row.file);
            let known =
                ["400", "401", "404", "405", "406", "415", "416", "420", "481", "482", "501", "505", "200"];
            assert!(
                answers.iter().all(|it| known.contains(&it.as_str())),
                "{} cut at {end}: {answers:?}",
                row.file
            );
        }
        assert_eq!(bench.board.calls_len(), 0, "{}: half a message made a call", row.file);
        bench.assert_nothing_stays();
    }
}
