//! Strangers and peers that do not keep the rules, at the whole switchboard. Time is written as literals, in milliseconds.

use svi::sip::message::HeaderName;
use svi::switchboard::{Event, Order};

use crate::bench::{Bench, PEER, STRANGER, cancel, head, header, in_dialog, invite, tag};
use crate::support::{FLOW, SITE, edition};

fn bench() -> Bench {
    Bench::new(edition(SITE, FLOW))
}

/// The site without agents' phones.
fn bench_without_phones() -> Bench {
    let site = SITE.replace("sip: alice, password: alice", "phone: 06 12 34 56 78");
    Bench::new(edition(&site.replace("sip: bruno, password: bruno", "phone: 06 12 34 56 79"), FLOW))
}

/// A request of no dialog.
fn alone(method: &str, extra: &str) -> String {
    format!(
        "{method} sip:10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK{method}\r\nMax-Forwards: 70\r\n\
         From: <sip:x@203.0.113.7>;tag=x\r\nTo: <sip:alice@10.0.0.1>\r\nCall-ID: alone\r\nCSeq: 1 {method}\r\n{extra}\r\n"
    )
}

fn register(user: &str, sequence: u32, extra: &str) -> String {
    alone("REGISTER", extra)
        .replace("alice@", &format!("{user}@"))
        .replace("1 REGISTER", &format!("{sequence} REGISTER"))
        .replace("z9hG4bKREGISTER", &format!("z9hG4bKREGISTER{sequence}"))
}

// Strangers.

#[test]
fn a_stranger_is_challenged_and_nothing_of_it_is_kept() {
    let mut bench = bench();
    bench.hear(STRANGER, &invite("a", ""));
    let texts = bench.texts();
    assert_eq!(texts.iter().map(|text| head(text)).collect::<Vec<_>>(), ["100", "401"]);
    assert!(header(&texts[1], HeaderName::WwwAuthenticate).unwrap().contains("Digest"));
    // RFC 3261 §8.2.7: stateless, so that a forged sender is not answered again and again.
    assert_eq!(bench.board.leftovers(), [""; 0]);
    bench.run_to(60_000);
    assert_eq!(bench.heads(), [""; 0]);
    bench.hear(STRANGER, &in_dialog("ACK", "a", 1, &tag(&texts[1]), ""));
    assert_eq!(bench.heads(), [""; 0]);
    assert!(!bench.events.iter().any(|event| matches!(event, Event::CallBegan { .. })));
}

#[test]
fn a_strangers_call_is_told_with_where_it_came_from() {
    for (mut bench, status) in [(bench(), 401), (bench_without_phones(), 403)] {
        bench.hear(STRANGER, &invite("a", ""));
        let told: Vec<_> = bench
            .events
            .iter()
            .filter_map(|event| match event {
                Event::CallRefused { status, remote, called, peer, .. } => {
                    Some((*status, remote.unwrap().to_string(), called.clone(), *peer))
                }
                _ => None,
            })
            .collect();
        assert_eq!(told, [(status, STRANGER.to_owned(), "0800123456".to_owned(), false)]);
    }
}

#[test]
fn without_agents_a_stranger_is_forbidden() {
    let mut bench = bench_without_phones();
    for millis in [10, 20] {
        bench.run_to(millis);
        bench.hear(STRANGER, &invite("a", ""));
        assert_eq!(bench.heads(), ["100", "403"]);
        assert_eq!(bench.board.leftovers(), [""; 0]);
    }
}

#[test]
fn a_flood_from_forged_addresses_takes_no_memory_and_shuts_nobody_out() {
    let mut bench = bench();
    for number in 0..5_000_u32 {
        let source = format!("203.0.{}.{}:5060", number >> 8 & 255, number & 255);
        bench.hear(&source, &invite(&format!("f{number}"), ""));
        bench.sent.clear();
        bench.events.clear();
    }
    assert_eq!(bench.board.leftovers(), [""; 0]);
    bench.call("real");
    assert_eq!(bench.board.calls_len(), 1);
}

#[test]
fn wrong_passwords_and_unknown_users_are_told_the_same() {
    let mut bench = bench();
    bench.hear(STRANGER, &register("alice", 1, ""));
    let nonce = header(&bench.only(), HeaderName::WwwAuthenticate).unwrap();
    let nonce = nonce.split_once("nonce=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let realm = "svi";
    let mut shapes = Vec::new();
    for (sequence, user) in (2..).zip(["alice", "bruno", "nobody", "alice", ""]) {
        let proof = format!(
            "Authorization: Digest username=\"{user}\",realm=\"{realm}\",nonce=\"{nonce}\",uri=\"sip:10.0.0.1\",\
             response=\"{:032x}\",algorithm=MD5,qop=auth,nc={sequence:08x},cnonce=\"c\"\r\n",
            sequence
        );
        bench.hear(STRANGER, &register("alice", sequence, &proof));
        let text = bench.only();
        let lines = text.lines().filter(|line| !line.starts_with("CSeq") && !line.starts_with("Via"));
        let shape: Vec<_> = lines.map(|line| line.split(['=', ';']).next().unwrap().to_owned()).collect();
        shapes.push((head(&text), text.contains("stale=true"), shape));
    }
    assert!(shapes.iter().all(|shape| *shape == shapes[0] && shape.0 == "401" && !shape.1), "{shapes:#?}");
    assert_eq!(bench.board.leftovers(), [""; 0]);
}

#[test]
fn options_tell_strangers_nothing_unless_the_site_wants_it() {
    let mut bench = bench();
    bench.hear(STRANGER, &alone("OPTIONS", ""));
    assert_eq!(bench.heads(), [""; 0]);
    bench.hear(PEER, &alone("OPTIONS", ""));
    let text = bench.only();
    assert_eq!(head(&text), "200");
    assert!(header(&text, HeaderName::Allow).unwrap().contains("INVITE"));
    assert_eq!(bench.board.leftovers(), [""; 0]);
    let site = SITE.replace("udp: 127.0.0.1:5060", "udp: 127.0.0.1:5060, options: everybody");
    let mut bench = Bench::new(edition(&site, FLOW));
    bench.hear(STRANGER, &alone("OPTIONS", ""));
    assert_eq!(head(&bench.only()), "200");
}

/// A REGISTER of alice's with a password that is wrong, by a nonce that was given to this very address.
fn guess(bench: &mut Bench, source: &str, sequence: u32) {
    bench.hear(source, &register("alice", sequence, ""));
    let Some(challenge) = bench.texts().pop() else { return };
    let nonce = header(&challenge, HeaderName::WwwAuthenticate).unwrap();
    let nonce = nonce.split_once("nonce=\"").unwrap().1.split('"').next().unwrap().to_owned();
    bench.hear(source, &register("alice", sequence + 1, &proof("alice", &nonce, sequence)));
}

/// An Authorization line that proves nothing.
fn proof(user: &str, nonce: &str, number: u32) -> String {
    format!(
        "Authorization: Digest username=\"{user}\",realm=\"svi\",nonce=\"{nonce}\",uri=\"sip:10.0.0.1\",\
         response=\"{number:032x}\",algorithm=MD5,qop=auth,nc=00000001,cnonce=\"c\"\r\n"
    )
}

#[test]
fn who_guesses_passwords_is_heard_no_more_until_the_ban_is_over_or_lifted() {
    let mut bench = bench();
    for n in 0..20 {
        guess(&mut bench, STRANGER, 10 * n + 1);
        bench.sent.clear();
    }
    let tries = |bench: &Bench| {
        let wrong = |event: &&Event| matches!(event, Event::WrongPassword(_));
        bench.events.iter().filter(wrong).count()
    };
    assert_eq!(tries(&bench), 10, "each is told, and no more are heard");
    let alarms = bench.events.iter().filter(|event| matches!(event, Event::Alarm(_))).count();
    assert_eq!(alarms, 1, "{:?}", bench.events);
    bench.hear(STRANGER, &invite("a", ""));
    assert_eq!(bench.heads(), [""; 0]);
    bench.hear("203.0.113.8:5060", &register("alice", 1, ""));
    assert_eq!(head(&bench.only()), "401", "its neighbour is heard");
    bench.call("real");
    bench.order(Order::Lift(Some("203.0.113.7".parse().unwrap())));
    bench.hear(STRANGER, &register("alice", 1_000, ""));
    assert_eq!(head(&bench.only()), "401", "lifted");
    for n in 200..220 {
        guess(&mut bench, STRANGER, 10 * n + 1);
    }
    bench.sent.clear();
    bench.run_to(3_599_000);
    bench.hear(STRANGER, &register("alice", 9_000, ""));
    assert!(!bench.heads().contains(&"401".to_owned()));
    bench.run_to(3_601_000);
    bench.sent.clear();
    bench.hear(STRANGER, &register("alice", 9_001, ""));
    assert_eq!(bench.heads(), ["401"], "an hour is over");
}

/// Datagrams that merely bear somebody's address bring no ban upon it: they have no nonce that was given to it.
#[test]
fn nobody_is_shut_out_by_forged_addresses() {
    let mut bench = bench();
    bench.hear("198.51.100.9:5060", &register("alice", 1, ""));
    let nonce = header(&bench.only(), HeaderName::WwwAuthenticate).unwrap();
    let nonce = nonce.split_once("nonce=\"").unwrap().1.split('"').next().unwrap().to_owned();
    for n in 0..50 {
        bench.hear(STRANGER, &register("alice", n + 1, &proof("alice", &nonce, n)));
        bench.hear(STRANGER, &register("alice", n + 100, &proof("alice", &"0".repeat(48), n)));
    }
    bench.sent.clear();
    bench.hear(STRANGER, &register("alice", 1_000, ""));
    assert_eq!(head(&bench.only()), "401");
    assert!(!bench.events.iter().any(|event| matches!(event, Event::WrongPassword(_))));
}

#[test]
fn what_a_peer_sends_in_vain_leaves_a_record_and_a_strangers_does_not() {
    let mut bench = bench();
    bench.hear(PEER, &invite("wrong", "").replace("0800123456", "0800999999"));
    assert_eq!(bench.heads(), ["100", "404"]);
    bench.hear(STRANGER, &invite("stranger", ""));
    let [record] = bench.records.as_slice() else { panic!("{:?}", bench.records) };
    let value: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    assert_eq!(
        (&value["number"], &value["caller"], &value["status"], &value["reason"], &value["trunk"]),
        (
            &"+33800999999".into(),
            &"+33612345678".into(),
            &404.into(),
            &"number not served".into(),
            &"operateur".into()
        )
    );
    let told = bench.events.iter().find_map(|event| match event {
        Event::CallRefused { called, caller, peer: true, .. } => Some((called.clone(), caller.to_string())),
        _ => None,
    });
    assert_eq!(told, Some(("0800999999".to_owned(), "+3361*****78".to_owned())));
    for n in 0..500 {
        bench.hear(PEER, &invite(&format!("f{n}"), "").replace("0800123456", "0800999999"));
        bench.sent.clear();
    }
    assert_eq!(bench.records.len(), 120, "a loop of a trunk's does not fill the disk");
}

/// RFC 3261 §18.2.1, §18.2.2: neither `received`, nor `maddr`, nor sent-by sends an answer elsewhere.
#[test]
fn answers_go_where_the_request_came_from() {
    for forged in ["received=198.51.100.1", "maddr=198.51.100.1", "received=198.51.100.1;rport=99", "rport"] {
        let site = SITE.replace("udp: 127.0.0.1:5060", "udp: 127.0.0.1:5060, options: everybody");
        let mut bench = Bench::new(edition(&site, FLOW));
        let text = alone("OPTIONS", "");
        let text = text.replace("203.0.113.7:5060;", &format!("198.51.100.2:5062;{forged};"));
        bench.hear("203.0.113.7:4444", &text);
        let (_, transmit) = bench.sent.last().unwrap();
        assert_eq!(transmit.remote.ip().to_string(), "203.0.113.7", "{forged}");
        let via = header(&bench.only(), HeaderName::Via).unwrap();
        assert!(via.contains("received=203.0.113.7"), "{forged}: {via}");
        assert!(!via.contains("received=198"), "{forged}: {via}");
    }
}

#[test]
fn requests_of_no_dialog_are_refused() {
    let mut bench = bench();
    for source in [STRANGER, PEER] {
        for method in ["BYE", "INFO", "UPDATE", "INVITE"] {
            for forged in ["0123456789abcdef", "nonsense", "FFFFFFFFFFFFFFFF"] {
                bench.hear(source, &in_dialog(method, "none", 2, forged, ""));
                assert_eq!(head(&bench.only()), "481", "{method}");
            }
        }
        bench.hear(source, &cancel("none"));
        assert_eq!(head(&bench.only()), "481");
        bench.hear(source, &in_dialog("ACK", "none", 2, "0123456789abcdef", ""));
        assert_eq!(bench.heads(), [""; 0]);
    }
    assert_eq!(bench.board.leftovers(), [""; 0]);
}

/// Whoever has overheard a call's tags but not all of them ends nothing.
#[test]
fn a_dialog_is_all_three_of_its_names() {
    let mut bench = bench();
    let ours = bench.call("a");
    bench.heads();
    for (from, to) in
        [("their-a", "other"), ("Call-ID: a", "Call-ID: b"), (ours.as_str(), "0000000000000000")]
    {
        bench.hear(PEER, &in_dialog("BYE", "a", 2, &ours, "").replace(from, to));
        assert_eq!(head(&bench.only()), "481", "{from}");
    }
    assert_eq!(bench.board.status().calls, 1);
    bench.assert_nothing_stays();
}

// Peers.

/// RFC 3261 §8.2.2.2.
#[test]
fn a_merged_request_is_a_loop() {
    let mut bench = bench();
    bench.hear(PEER, &invite("a", ""));
    assert_eq!(bench.heads(), ["100", "200"]);
    bench.hear(PEER, &invite("a", "").replace("z9hG4bKa-i1", "z9hG4bKother"));
    assert_eq!(head(&bench.only()), "482");
    assert_eq!(bench.board.calls_len(), 1);
    bench.assert_nothing_stays();
}

/// RFC 3261 §12.2.2.
#[test]
fn an_older_cseq_is_refused() {
    let mut bench = bench();
    let ours = bench.call("a");
    bench.heads();
    let info = |cseq| in_dialog("INFO", "a", cseq, &ours, "Content-Type: application/dtmf\r\n\r\n1");
    bench.hear(PEER, &info(7));
    assert_eq!(head(&bench.only()), "200");
    bench.hear(PEER, &info(7));
    assert_eq!(head(&bench.only()), "200", "the same request, repeated");
    for cseq in [6, 1, 0] {
        bench.hear(PEER, &info(cseq));
        assert_eq!(head(&bench.only()), "500", "{cseq}");
    }
    bench.hear(PEER, &in_dialog("BYE", "a", 3, &ours, ""));
    assert_eq!(head(&bench.only()), "500");
    bench.hear(PEER, &in_dialog("BYE", "a", 8, &ours, ""));
    assert_eq!(head(&bench.only()), "200");
    bench.assert_nothing_stays();
}

/// RFC 3261 §9.2: a CANCEL has no effect on what is answered, and belongs to nothing once the INVITE is forgotten.
#[test]
fn a_late_cancel_ends_nothing() {
    let mut bench = bench();
    bench.call("a");
    bench.heads();
    bench.run_to(1_000);
    bench.hear(PEER, &cancel("a"));
    assert_eq!(head(&bench.only()), "200");
    assert_eq!(bench.board.status().calls, 1);
    bench.run_to(60_000);
    bench.heads();
    bench.hear(PEER, &cancel("a"));
    assert_eq!(head(&bench.only()), "481");
    bench.assert_nothing_stays();
}

#[test]
fn a_call_without_ack_ends_after_32_seconds() {
    let mut bench = bench();
    bench.hear(PEER, &invite("a", ""));
    bench.run_to(31_000);
    assert!(bench.heads().iter().filter(|head| *head == "200").count() > 5);
    assert_eq!(bench.board.status().calls, 1);
    bench.run_to(33_000);
    assert!(bench.heads().contains(&"BYE".to_owned()));
    assert_eq!((bench.board.calls_len(), bench.records.len()), (0, 1));
    bench.assert_nothing_stays();
}

#[test]
fn a_flood_of_calls_from_a_peer_stops_at_the_limit_of_the_site() {
    let site = SITE.replace("  media:", "  limits: { calls: 20 }\n  media:");
    let mut bench = Bench::new(edition(&site, FLOW));
    for number in 0..200 {
        bench.hear(PEER, &invite(&format!("c{number}"), ""));
    }
    let heads = bench.heads();
    let count = |status: &str| heads.iter().filter(|head| *head == status).count();
    assert_eq!((count("200"), count("503")), (20, 180));
    assert_eq!(bench.board.calls_len(), 20);
    // A stranger is told nothing of that.
    bench.hear(STRANGER, &invite("s", ""));
    assert_eq!(bench.heads(), ["100", "401"]);
    bench.assert_nothing_stays();
}

#[test]
fn a_call_that_will_not_end_is_ended_and_leaves_no_timer() {
    let mut bench = bench();
    let ours = bench.call("a");
    // It stays by pressing the key that leads to nowhere, again and again, for four hours.
    for cseq in 2..3_000 {
        bench.run_to(u64::from(cseq) * 5_000);
        bench.hear(PEER, &in_dialog("INFO", "a", cseq, &ours, "Content-Type: application/dtmf\r\n\r\n9"));
        bench.sent.clear();
    }
    assert!(bench.records.len() == 1, "four hours are enough");
    bench.assert_nothing_stays();
}

/// The data plane has died: the calls end, and their records do not wait for ever.
#[test]
fn a_dead_data_plane_keeps_no_record_back() {
    let mut bench = bench();
    let ours = bench.call("a");
    bench.mute = true;
    bench.hear(PEER, &in_dialog("BYE", "a", 2, &ours, ""));
    bench.run_to(9_000);
    assert_eq!((bench.board.calls_len(), bench.records.len()), (1, 0));
    bench.run_to(11_000);
    assert_eq!((bench.board.calls_len(), bench.records.len()), (0, 1));
    assert!(bench.events.iter().any(|event| matches!(event, Event::Alarm(_))));
    bench.assert_nothing_stays();
}

/// What a caller writes into its headers appears in no message of ours but where it is copied from (RFC 3261 §8.2.6).
#[test]
fn nothing_of_a_callers_name_becomes_a_header() {
    for name in ["\"x\\\"\r\n Evil: 1\"", "%0d%0aEvil:%201"] {
        let mut bench = bench();
        let text = invite("a", "P-Asserted-Identity: <tel:+33612345678%0d%0aEvil:1>\r\n");
        bench.hear(PEER, &text.replace("From: <", &format!("From: {name} <")));
        for text in bench.texts() {
            assert!(!text.lines().any(|line| line.starts_with("Evil")), "{text}");
        }
        bench.assert_nothing_stays();
    }
}

#[test]
fn while_draining_new_calls_are_refused_and_old_ones_go_on() {
    let mut bench = bench();
    let ours = bench.call("a");
    bench.order(Order::Drain(30));
    bench.heads();
    bench.hear(PEER, &invite("b", ""));
    let text = bench.only();
    assert_eq!((head(&text).as_str(), header(&text, HeaderName::RetryAfter).as_deref()), ("503", Some("30")));
    bench.hear(PEER, &in_dialog("INFO", "a", 2, &ours, "Content-Type: application/dtmf\r\n\r\n9"));
    assert_eq!(head(&bench.only()), "200");
    bench.assert_nothing_stays();
}

/// A message that was recorded, with the effects of its file.
#[test]
fn a_message_leaves_no_effect_behind() {
    let mut bench = bench();
    let ours = bench.call("a");
    bench.run_to(3_000);
    bench.hear(PEER, &in_dialog("INFO", "a", 2, &ours, "Content-Type: application/dtmf\r\n\r\n2"));
    bench.run_to(9_000);
    bench.hear(PEER, &in_dialog("BYE", "a", 3, &ours, ""));
    bench.run_to(10_000);
    assert!(bench.records[0].message.is_some(), "{:?}", bench.records);
    bench.assert_nothing_stays();
}

/// Whom we ring does not send our calls elsewhere: toll fraud begins with a 302.
#[test]
fn a_redirection_is_not_followed() {
    let mut bench = bench_without_phones();
    let ours = bench.call("a");
    bench.run_to(3_000);
    bench.hear(PEER, &in_dialog("INFO", "a", 2, &ours, "Content-Type: application/dtmf\r\n\r\n0"));
    bench.run_to(5_000);
    let asked = bench.texts().into_iter().find(|text| text.starts_with("INVITE")).expect("a phone is rung");
    let line = |name: &str| asked.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    let moved = format!(
        "SIP/2.0 302 Moved\r\n{}\r\n{}\r\n{};tag=t\r\n{}\r\n{}\r\n\
         Contact: <sip:+881612345678@203.0.113.7>\r\nContent-Length: 0\r\n\r\n",
        line("Via:"),
        line("From:"),
        line("To:"),
        line("Call-ID:"),
        line("CSeq:")
    );
    bench.hear("10.1.0.200:5060", &moved);
    assert_eq!(bench.heads(), ["ACK"]);
    bench.run_to(9_000);
    for (_, transmit) in &bench.sent {
        let text = String::from_utf8_lossy(&transmit.bytes);
        assert!(transmit.remote.ip().to_string() != "203.0.113.7" && !text.contains("+8816"), "{text}");
    }
    bench.assert_nothing_stays();
}
