//! An operator that sends a call elsewhere: followed where the site allows it, to where anybody may call, within its own domain.

use svi::sip::message::HeaderName;

use crate::bench::{Bench, PEER, head, header, in_dialog, invite, tag};
use crate::support::{FLOW, SITE, edition};

const OPERATOR: &str = "10.1.0.200:5060";

/// The Request-URIs that a transfer is tried at when the operator answers 302 with this Contact.
fn tried(trunk: &str, contact: &str) -> Vec<String> {
    let site = SITE.replace("outbound: 10.1.0.200", &format!("outbound: 10.1.0.200{trunk}"));
    let mut bench = Bench::new(edition(&site, FLOW));
    bench.hear(PEER, &invite("a", ""));
    let to = tag(&bench.texts()[1]);
    bench.hear(PEER, &in_dialog("ACK", "a", 1, &to, ""));
    bench.run_to(3_000);
    bench.hear(PEER, &in_dialog("INFO", "a", 2, &to, "Content-Type: application/dtmf\r\n\r\n*"));
    let mut tried = Vec::new();
    for _ in 0..3 {
        let Some(text) = bench.texts().into_iter().find(|text| head(text) == "INVITE") else { break };
        tried.push(text.split(' ').nth(1).unwrap().to_owned());
        let lines: String = [HeaderName::Via, HeaderName::From, HeaderName::CallId, HeaderName::CSeq]
            .map(|name| format!("{}: {}\r\n", name.as_str(), header(&text, name).unwrap()))
            .concat();
        let to = header(&text, HeaderName::To).unwrap();
        let moved = format!(
            "SIP/2.0 302 Moved Temporarily\r\n{lines}To: {to};tag=o\r\nContact: <{contact}>\r\nContent-Length: 0\r\n\r\n"
        );
        bench.hear(OPERATOR, &moved);
    }
    tried
}

#[test]
fn a_call_goes_on_where_its_operator_sends_it_when_that_is_allowed() {
    let first = "sip:+33199887766@10.1.0.200;user=phone";
    let follow = ", follow_redirects: true";
    let there = tried(follow, "sip:0033123456789@10.1.0.200");
    assert_eq!(there, [first, "sip:+33123456789@10.1.0.200;user=phone"], "once, and written our way");
    for (trunk, contact, why) in [
        ("", "sip:+33123456789@10.1.0.200", "the site does not allow it"),
        (follow, "sip:+33123456789@203.0.113.7", "another's domain"),
        (follow, "sip:+33899123456@10.1.0.200", "a premium number"),
        (follow, "sip:112@10.1.0.200", "an emergency number"),
        (follow, "sip:somebody@10.1.0.200", "no number"),
        (follow, "tel:+33123456789", "nobody's domain"),
    ] {
        assert_eq!(tried(trunk, contact), [first], "{why}");
    }
}
