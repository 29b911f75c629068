//! Who we say that we are on calls that leave, by the trunk's rules and the step's.

use svi::sip::message::HeaderName;
use svi::switchboard::Order;

use crate::bench::{Bench, PEER, head, header, in_dialog, invite};
use crate::support::{FLOW, SITE, edition};

/// The INVITE of a transfer through a trunk with these settings, by a step with this option. `from`: who calls.
fn transferred(trunk: &str, option: &str, from: &str) -> String {
    let site = SITE.replace("outbound: 10.1.0.200", &format!("outbound: 10.1.0.200, {trunk}"));
    let flow = FLOW.replace("      caller_id: caller\n", option);
    let mut bench = Bench::new(edition(&site, &flow));
    bench.hear(PEER, &invite("a", "").replace("+33612345678@10.1.0.9>", from));
    let tag = crate::bench::tag(&bench.texts()[1]);
    let ack = in_dialog("ACK", "a", 1, &tag, "").replace("+33612345678@10.1.0.9>", from);
    bench.hear(PEER, &ack);
    bench.run_to(3_000);
    let info = in_dialog("INFO", "a", 2, &tag, "Content-Type: application/dtmf\r\n\r\n*");
    bench.hear(PEER, &info.replace("+33612345678@10.1.0.9>", from));
    bench.texts().into_iter().find(|text| head(text) == "INVITE").expect("the workshop is called")
}

const OPEN: &str = "+33612345678@10.1.0.9>";
const SECRET: &str = "anonymous@anonymous.invalid>";

fn from(text: &str) -> String {
    header(text, HeaderName::From).unwrap().split(";tag=").next().unwrap().to_owned()
}

#[test]
fn the_trunk_says_what_is_shown_and_how_it_is_written() {
    let company = "<sip:+33800123456@10.1.0.200>";
    for (trunk, shown) in [
        ("present: company", company),
        ("present: caller", "<sip:+33612345678@10.1.0.200>"),
        ("present: caller-if-diverted", "<sip:+33612345678@10.1.0.200>"),
        ("present: anonymous", "\"Anonymous\" <sip:anonymous@anonymous.invalid>"),
        ("dial: international", "<sip:0033800123456@10.1.0.200>"),
        ("dial: national", "<sip:0800123456@10.1.0.200>"),
        ("domain: sip.exemple.fr", "<sip:+33800123456@sip.exemple.fr>"),
        ("from: \"0033972320690\", domain: sip.exemple.fr", "<sip:0033972320690@sip.exemple.fr>"),
    ] {
        let text = transferred(trunk, "", OPEN);
        assert_eq!(from(&text), shown, "{trunk}");
        // Whatever is shown, the company's number is asserted, in the operator's own way.
        let asserted = header(&text, HeaderName::PAssertedIdentity).unwrap();
        assert!(asserted.contains("800123456@"), "{trunk}: {asserted}");
    }
    let forwarded = transferred("present: caller-if-diverted", "", OPEN);
    assert!(forwarded.contains(&format!("\r\nDiversion: {company};reason=unconditional")), "{forwarded}");
    assert!(!transferred("present: caller", "", OPEN).contains("\r\nDiversion:"));
    assert!(transferred("present: anonymous", "", OPEN).contains("\r\nPrivacy: id\r\n"));
}

#[test]
fn a_step_that_says_what_is_shown_counts_before_the_trunk() {
    let text = transferred("present: anonymous", "      caller_id: caller\n", OPEN);
    assert_eq!(from(&text), "<sip:+33612345678@10.1.0.200>");
    let text = transferred("present: caller", "      caller_id: company\n", OPEN);
    assert_eq!(from(&text), "<sip:+33800123456@10.1.0.200>");
}

#[test]
fn a_secret_callers_number_never_leaves() {
    for (trunk, option) in [
        ("present: caller", ""),
        ("present: caller-if-diverted", ""),
        ("present: company", "      caller_id: caller\n"),
    ] {
        let text = transferred(trunk, option, SECRET);
        assert_eq!(from(&text), "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "{trunk} {option}");
        assert!(text.contains("Privacy: id") && !text.contains("612345678"), "{text}");
    }
}

#[test]
fn the_name_that_comes_with_a_number_is_kept_and_that_of_a_secret_caller_is_not() {
    for (from, name) in [
        ("\"Jean Dupont\" <sip:+33612345678@10.1.0.9>", Some("Jean Dupont")),
        ("<sip:+33612345678@10.1.0.9>", None),
        ("\"Jean Dupont\" <sip:anonymous@anonymous.invalid>", None),
    ] {
        let mut bench = Bench::new(edition(SITE, FLOW));
        bench.hear(PEER, &invite("a", "").replace("<sip:+33612345678@10.1.0.9>", from));
        bench.order(Order::EndAll);
        bench.run_to(20_000);
        let record: serde_json::Value = serde_json::from_str(&bench.records[0].to_json()).unwrap();
        assert_eq!(record["caller_name"].as_str(), name, "{from}");
    }
}
