//! Keys on their other ways: by INFO, and in a talk.

use svi::base::digit::Digit;
use svi::sip::message::HeaderName;

use crate::bench::{Bench, PEER, SDP, head, header, in_dialog};
use crate::support::{FLOW, SITE, edition};

/// The operator's address that calls to the outside go to.
const OUTSIDE: &str = "10.1.0.200:5060";

fn press(bench: &mut Bench, tag: &str, cseq: u32, key: char) {
    let body = format!("Content-Type: application/dtmf\r\n\r\n{key}");
    bench.hear(PEER, &in_dialog("INFO", "a", cseq, tag, &body));
}

/// The answer of who was called to our INVITE.
pub fn accept(invite: &str) -> String {
    let copied = [HeaderName::Via, HeaderName::From, HeaderName::CallId, HeaderName::CSeq];
    let lines: Vec<String> = copied
        .iter()
        .map(|name| format!("{}: {}\r\n", name.as_str(), header(invite, *name).unwrap()))
        .collect();
    let to = header(invite, HeaderName::To).unwrap();
    format!(
        "SIP/2.0 200 OK\r\n{}To: {to};tag=outside\r\nContact: <sip:o@{OUTSIDE}>\r\nContent-Type: application/sdp\r\n\r\n{}",
        lines.concat(),
        SDP.replace("4000", "4400")
    )
}

/// A request of theirs in the dialog of that answer.
pub fn back(invite: &str, method: &str, number: u32) -> String {
    let [from, to] = [HeaderName::From, HeaderName::To].map(|name| header(invite, name).unwrap());
    let call_id = header(invite, HeaderName::CallId).unwrap();
    format!(
        "{method} sip:svi@10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {OUTSIDE};branch=z9hG4bKback{number}\r\n\
         From: {to};tag=outside\r\nTo: {from}\r\nCall-ID: {call_id}\r\nCSeq: {number} {method}\r\n\
         Refer-To: <sip:elsewhere@{OUTSIDE}>\r\nContact: <sip:o@{OUTSIDE}>\r\n\r\n"
    )
}

#[test]
fn a_key_by_info_reaches_the_other_side_of_a_talk() {
    let mut bench = Bench::new(edition(SITE, FLOW));
    let tag = bench.call("a");
    bench.run_to(3_000);
    press(&mut bench, &tag, 2, '*');
    let invite =
        bench.texts().into_iter().find(|text| head(text) == "INVITE").expect("the workshop is called");
    bench.hear(OUTSIDE, &accept(&invite));
    bench.run_to(4_000);
    assert_eq!(bench.keys, [], "the key that chose was for us");
    press(&mut bench, &tag, 3, '5');
    let [(session, key)] = bench.keys[..] else { panic!("{:?}", bench.keys) };
    assert_eq!((key, Some(session)), (Digit::from_char('5').unwrap(), bench.opened.last().copied()));
    bench.assert_nothing_stays();
}

#[test]
fn a_key_by_info_ends_a_message() {
    let mut bench = Bench::new(edition(SITE, FLOW));
    let tag = bench.call("a");
    bench.run_to(3_000);
    press(&mut bench, &tag, 2, '2');
    bench.run_to(6_000);
    press(&mut bench, &tag, 3, '#');
    bench.run_to(60_000);
    let record = bench.records.first().expect("the flow has gone on to its end");
    assert!(record.message.is_some() && record.path.len() > 3, "{:?}", record.path);
    bench.assert_nothing_stays();
}
