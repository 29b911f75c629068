//! Messages that say two things, or too much; and what a peer of a talk may not do to its caller.

use svi::switchboard::Order;

use crate::bench::{Bench, PEER, head, in_dialog, invite, tag};
use crate::support::{FLOW, SITE, edition};

fn bench() -> Bench {
    Bench::new(edition(SITE, FLOW))
}

#[test]
fn a_line_that_ends_differently_from_the_others_is_no_line() {
    // To a carrier that reads a lone LF as text, what follows it is text; to us it would be who calls.
    for smuggled in [
        "Subject: x\nP-Asserted-Identity: <sip:+33699999999@10.1.0.9>\r\n",
        "Subject: x\rP-Asserted-Identity: <sip:+33699999999@10.1.0.9>\r\n",
        "Subject: x\n Via: SIP/2.0/UDP 10.1.0.66:5060;branch=z9hG4bKx\r\n",
        "Subject: x\n\r\n",
    ] {
        let mut bench = bench();
        bench.hear(PEER, &invite("a", smuggled));
        assert_eq!(bench.heads(), ["400"], "{smuggled:?}");
        assert!(bench.records.is_empty());
    }
    // Who writes LF throughout means LF.
    let mut bench = bench();
    bench.hear(PEER, &invite("a", "").replace("\r\n", "\n"));
    assert_eq!(bench.heads(), ["100", "200"]);
}

#[test]
fn what_is_kept_of_a_request_is_bounded_in_octets() {
    let mut bench = bench();
    let long = format!("Record-Route: <sip:{}@10.1.0.9;lr>\r\n", "x".repeat(8_000));
    bench.hear(PEER, &invite("a", &long.repeat(6)));
    assert_eq!(bench.heads(), ["513"]);
    bench.hear(PEER, &format!("{}{}", invite("b", ""), "a=x:y\r\n".repeat(7_000)));
    assert_eq!(bench.heads(), ["413"]);
    assert_eq!(bench.board.leftovers(), [""; 0], "not even a transaction");
    // Responses of a usual size, from a peer that never lets go: the sum is bounded, calls in progress are served.
    let usual = "X-Padding: y\r\n".repeat(20);
    let tag = bench.call("c");
    for number in 0..300 {
        bench.hear(PEER, &invite(&format!("n{number}"), &usual).replace("0800123456@", "0899999999@"));
    }
    assert!(bench.heads().iter().all(|head| head == "100" || head == "404"));
    bench.hear(PEER, &in_dialog("BYE", "c", 2, &tag, ""));
    assert_eq!(bench.heads(), ["200"]);
}

#[test]
fn headers_in_a_contact_do_not_become_headers_of_ours() {
    let mut bench = bench();
    let text = invite("a", "")
        .replace("<sip:al@10.1.0.9:5060>", "<sip:al@10.1.0.9:5060;x=1?Subject=owned&Replaces=b>");
    bench.hear(PEER, &text);
    let tag = tag(&bench.texts()[1]);
    bench.hear(PEER, &in_dialog("ACK", "a", 1, &tag, "").replace("Contact: <sip:al@10.1.0.9:5060>\r\n", ""));
    bench.order(Order::EndAll);
    let bye = bench.texts().into_iter().find(|text| head(text) == "BYE").expect("the call is ended");
    assert!(bye.starts_with("BYE sip:al@10.1.0.9:5060;x=1 SIP/2.0\r\n"), "{bye}");
}

#[test]
fn an_agent_who_wants_to_transfer_does_not_cut_the_caller() {
    let mut bench = Bench::new(edition(SITE, FLOW));
    let tag = bench.call("a");
    bench.run_to(3_000);
    bench.hear(PEER, &in_dialog("INFO", "a", 2, &tag, "Content-Type: application/dtmf\r\n\r\n*"));
    let invite =
        bench.texts().into_iter().find(|text| head(text) == "INVITE").expect("the workshop is called");
    bench.hear("10.1.0.200:5060", &crate::keys::accept(&invite));
    bench.run_to(4_000);
    bench.sent.clear();
    for (method, number) in [("REFER", 1), ("BYE", 2)] {
        bench.hear("10.1.0.200:5060", &crate::keys::back(&invite, method, number));
    }
    let heads = bench.heads();
    assert!(heads.starts_with(&["405".to_owned(), "200".to_owned()]), "{heads:?}");
    bench.run_to(9_000);
    assert!(
        bench.records.is_empty() && !heads.contains(&"BYE".to_owned()),
        "the caller is where the ring's failure leads"
    );
    bench.assert_nothing_stays();
    assert!(bench.records[0].path.iter().any(|block| **block == *"message"), "{:?}", bench.records[0].path);
}

/// `incoming:` is heard before the answer, and what it refuses has a record.
#[test]
fn a_caller_whom_the_site_refuses_costs_nothing() {
    let rules = "incoming:\n  rules: [{ from: 06 99*, answer: declined }]\n  per_caller: { at_once: 1 }\n";
    let mut bench = Bench::new(edition(&format!("{SITE}{rules}"), FLOW));
    bench.hear(PEER, &invite("a", "").replace("+33612345678", "+33699000000"));
    assert_eq!(bench.heads(), ["100", "603"]);
    let tag = bench.call("b");
    bench.hear(PEER, &invite("c", ""));
    assert_eq!(bench.heads(), ["100", "486"], "the same caller");
    bench.hear(PEER, &in_dialog("BYE", "b", 2, &tag, ""));
    bench.run_to(2_000);
    bench.sent.clear();
    bench.hear(PEER, &invite("d", ""));
    assert_eq!(bench.heads(), ["100", "200"]);
    let why: Vec<&str> = bench.records.iter().filter_map(|record| record.reason.as_deref()).collect();
    assert_eq!(why[..2], ["a rule of `incoming:`", "a bound of `incoming: per_caller`"], "{why:?}");
}
