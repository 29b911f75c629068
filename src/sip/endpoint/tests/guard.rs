//! What a request must fulfil, and where answers go: P3 of the catalogue, floods, forged addresses.

use super::*;

/// What one INVITE with these headers and body is answered.
fn refusal(extra: &str, body: &str) -> String {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", extra, body));
    assert!(matches!(bench.told().as_slice(), [Event::Turned(_)]), "each is told: {:?}", bench.events);
    assert!(bench.events.is_empty());
    bench.only()
}

fn options(rest: &str) -> String {
    format!(
        "OPTIONS sip:svi.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKo{rest}\r\n\
         From: <sip:x@y>;tag=1\r\nTo: <sip:svi.example>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\n\r\n"
    )
}

#[test]
fn each_refusal_says_what_would_have_pleased() {
    let extension = refusal("Require: timer, 100rel, x\r\n", SDP);
    assert_eq!(
        (head(&extension).as_str(), header(&extension, HeaderName::Unsupported).as_str()),
        ("420", "100rel, x")
    );
    let text = "Content-Type: text/plain\r\n\r\nhello";
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", "").replace("\r\n\r\n", &format!("\r\n{text}")));
    let media = bench.only();
    assert_eq!(head(&media), "415");
    assert!(header(&media, HeaderName::Accept).contains("application/sdp"));
    let gzip = refusal("Content-Encoding: gzip\r\n", SDP);
    assert_eq!(
        (head(&gzip).as_str(), header(&gzip, HeaderName::AcceptEncoding).as_str()),
        ("415", "identity")
    );
    assert_eq!(head(&refusal("Accept: text/plain\r\n", SDP)), "406");
    let timer = refusal("Supported: timer\r\nSession-Expires: 60\r\n", SDP);
    assert_eq!((head(&timer).as_str(), header(&timer, HeaderName::MinSe).as_str()), ("422", "90"));
    assert!(has(&timer, HeaderName::To) && !tag(&timer).is_empty(), "a tag in all but 100");
}

#[test]
fn methods_and_schemes() {
    let with = |from: &str, to: &str| {
        let mut bench = Bench::new();
        bench.hear(&options("").replace(from, to));
        bench.only()
    };
    for (method, status) in [("NEWMETHOD", "501"), ("options", "501"), ("REFER", "405"), ("PRACK", "405")] {
        let answer = with("OPTIONS", method);
        assert_eq!(head(&answer), status, "{method}");
        assert!(header(&answer, HeaderName::Allow).contains("INVITE"));
    }
    for (method, status) in [("BYE", "481"), ("INFO", "481"), ("UPDATE", "481")] {
        assert_eq!(head(&with("OPTIONS", method)), status, "{method} of no dialog");
    }
    assert_eq!(head(&with("sip:svi.example SIP", "soap.beep://192.0.2.1:1 SIP")), "416");
    assert_eq!(head(&with("sip:svi.example SIP", "tel:+33800123456 SIP")), "200");
    assert_eq!(head(&with("1 OPTIONS", "1 INVITE")), "400", "CSeq names another method");
    assert_eq!(head(&with("1 OPTIONS", "2147483648 OPTIONS")), "400");
    assert_eq!(head(&with("SIP/2.0\r\nVia", "SIP/7.0\r\nVia")), "505");
}

#[test]
fn options_are_answered_to_anybody_without_a_trace() {
    let mut bench = Bench::new();
    bench.hear_from("203.0.113.7:9", &options(""));
    let answer = bench.only();
    assert_eq!(head(&answer), "200");
    for name in [HeaderName::Allow, HeaderName::Accept, HeaderName::Supported] {
        assert!(has(&answer, name));
    }
    bench.hear_from("203.0.113.7:9", &options(""));
    assert_eq!(bench.only(), answer, "a repeated request gets the same answer, tag and all");
    assert_eq!(bench.endpoint.census(), Census::default());
    bench.act(|endpoint, _| endpoint.admit(Admission::Draining(30)));
    bench.hear(&options(""));
    let answer = bench.only();
    assert_eq!((head(&answer).as_str(), header(&answer, HeaderName::RetryAfter).as_str()), ("503", "30"));
}

#[test]
fn a_house_that_closes_lets_nobody_in_and_keeps_who_is_there() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.act(|endpoint, _| endpoint.admit(Admission::Draining(60)));
    bench.hear(&invite("z9hG4bK9", "1", "", SDP).replace("call-1", "call-2"));
    let answer = bench.only();
    assert_eq!((head(&answer).as_str(), header(&answer, HeaderName::RetryAfter).as_str()), ("503", "60"));
    bench.hear(&in_dialog("INFO", "z9hG4bKb", 11, &tag, ""));
    assert_eq!(bench.heads(), ["200"]);
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    assert_eq!(bench.heads(), ["BYE"]);
}

#[test]
fn nonsense_is_answered_once_or_dropped_and_counted() {
    let mut bench = Bench::new();
    for nonsense in
        ["", "\r\n\r\n", "\0\0", "hello", "SIP/2.0 200 OK\r\n\r\n", "INVITE sip:a@b SIP/2.0\r\n\r\n"]
    {
        bench.hear(nonsense);
    }
    bench.hear(&options("").replace("OPTIONS", "ACK").replace("Call-ID: o\r\n", ""));
    assert!(bench.sent.is_empty());
    assert_eq!(bench.endpoint.counters().dropped, 7);
    bench.hear(&options("").replace("Call-ID: o\r\n", ""));
    assert_eq!(bench.heads(), ["400"]);
    bench.hear(&in_dialog("ACK", "z9hG4bK1", 1, "0123456789abcdef", ""));
    bench.hear(&response(&options(""), 200, "x", ""));
    assert_eq!(
        (bench.heads().len(), bench.endpoint.counters().stray),
        (0, 2),
        "an ACK and a response of nothing"
    );
}

#[test]
fn answers_go_to_the_source_whatever_the_via_says() {
    let to = |source: &str, rest: &str| {
        let mut bench = Bench::new();
        bench.hear_from(source, &options(rest));
        let (_, transmit) = bench.sent.remove(0);
        (transmit.remote.to_string(), header(&String::from_utf8_lossy(&transmit.bytes), HeaderName::Via))
    };
    let (remote, via) = to("203.0.113.7:9", ";received=127.0.0.9;maddr=127.0.0.8");
    assert_eq!(remote, "203.0.113.7:9");
    assert!(via.contains("received=203.0.113.7") && !via.contains("127.0.0.9"), "{via}");
    let (remote, via) = to("203.0.113.7:9", ";rport");
    assert_eq!(remote, "203.0.113.7:9");
    assert!(via.contains("rport=9"), "{via}");
    // RFC 3261 §18.2.2: without rport, a host that has no NAT before it listens where its Via says.
    assert_eq!(to("192.0.2.9:40000", "").0, "192.0.2.9:5060");
    assert_eq!(to("192.0.2.9:40000", ";rport").0, "192.0.2.9:40000");
}

#[test]
fn on_a_stream_answers_name_the_stream() {
    let mut bench = Bench::new();
    bench.hear_by(Protocol::Tcp, PEER, &options("").replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"));
    assert_eq!(bench.sent[0].1.connection, Some(crate::sip::transport::ConnectionId(7)));
    assert_eq!(bench.sent[0].1.protocol, Protocol::Tcp);
}

#[test]
fn sdp_among_other_parts_is_the_offer() {
    let mut bench = Bench::new();
    let body = format!(
        "--x\r\nContent-Type: application/isup\r\n\r\n\u{1}\r\n--x\r\nContent-Type: application/sdp\r\n\r\n{SDP}\r\n--x--\r\n"
    );
    let text = invite("z9hG4bK1", "10", "", "")
        .replace("\r\n\r\n", &format!("\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n{body}"));
    bench.hear(&text);
    let (_, invited) = bench.invited();
    assert_eq!(invited.offer.as_deref(), Some(SDP.as_bytes()));
}

#[test]
fn a_flood_of_refused_requests_takes_no_memory() {
    let mut bench = Bench::new();
    for number in 0..1_000 {
        bench.hear(&invite(&format!("z9hG4bK{number}"), "1", "Require: x\r\n", SDP));
        bench.hear(&in_dialog("BYE", &format!("z9hG4bKb{number}"), 1, "nobody", ""));
    }
    assert_eq!(bench.endpoint.census(), Census::default());
    assert_eq!(bench.endpoint.counters().refused, 2_000);
}

/// A bug of ours breaks a transition off in the middle of a call: the dialog is ended by BYE, and the usage is told as lost.
#[test]
fn a_usage_that_was_left_half_moved_is_ended() {
    let mut bench = Bench::new();
    let (id, _) = bench.call("");
    bench.act(|endpoint, _| drop(endpoint.invites.get_mut(id).unwrap().take()));
    assert_eq!(bench.endpoint.violations().len(), 1);
    bench.texts();
    bench.events.clear();
    bench.act(|endpoint, now| endpoint.mend(now));
    assert_eq!(bench.heads(), ["BYE"]);
    assert!(
        matches!(bench.events[..], [Event::Ended(ended, End::Lost)] if ended == id),
        "{:?}",
        bench.events
    );
    assert!(bench.endpoint.violations().is_empty() && !bench.endpoint.knows(id));
    assert_eq!(bench.endpoint.invites_len(), 0);
}
