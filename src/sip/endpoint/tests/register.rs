//! The registrar: challenges, bindings, their rules and their end; INVITEs that prove an account.

use super::*;
use crate::base::pii::Secret;
use crate::sip::digest;
use crate::sip::transport::ConnectionId;

const PHONE: &str = "198.51.100.4:40000";

fn bench() -> Bench {
    let mut config = config();
    for name in ["alice", "bob"] {
        config.accounts.insert(name.into(), Account { password: Secret::new(format!("{name}-secret")) });
    }
    Bench::with(config)
}

fn register(user: &str, cseq: u32, rest: &str) -> String {
    format!(
        "REGISTER sip:svi.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;rport;branch=z9hG4bK{user}{cseq}\r\n\
         From: <sip:{user}@svi.example>;tag=1\r\nTo: <sip:{user}@svi.example>\r\nCall-ID: {user}-reg\r\nCSeq: {cseq} REGISTER\r\n{rest}\r\n"
    )
}

/// The request once more, with the password and the next number; the answer to it.
fn prove(bench: &mut Bench, text: &str, user: &str, password: &str) -> String {
    bench.hear_from(PHONE, text);
    let challenge = bench.only();
    assert_eq!(head(&challenge), "401", "{challenge}");
    let parsed = message(&challenge);
    let lines: Vec<_> = parsed.headers().all(HeaderName::WwwAuthenticate).map(String::from).collect();
    let credentials = Credentials { user: user.to_owned(), password: Secret::new(password) };
    let Message::Request(request) = message(text) else { panic!() };
    let method = request.method().clone();
    let value = digest::answer(
        lines.iter().map(String::as_str),
        &credentials,
        &method,
        request.uri_text(),
        b"",
        "c",
        1,
    );
    let number = request.cseq().number;
    let text = text
        .replace(
            &format!("CSeq: {number} "),
            &format!("Authorization: {}\r\nCSeq: {} ", value.unwrap(), number + 1),
        )
        .replace("branch=z9hG4bK", "branch=z9hG4bKp");
    bench.hear_from(PHONE, &text);
    let answer = bench.only();
    bench.hear_from(PHONE, &text);
    if head(&answer) == "200" {
        assert_eq!(bench.only(), answer, "a repeated REGISTER is absorbed, though its nonce is used");
    }
    bench.sent.clear();
    answer
}

fn alice(bench: &mut Bench, cseq: u32, rest: &str) -> String {
    prove(bench, &register("alice", cseq, rest), "alice", "alice-secret")
}

fn bound(bench: &mut Bench) -> Vec<String> {
    match bench.event() {
        Event::Bound(name, bindings) => {
            assert_eq!(name, "alice");
            bindings.into_iter().map(|binding| binding.uri).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_phone_behind_a_nat_registers_is_found_and_expires() {
    let mut bench = bench();
    let ok = alice(&mut bench, 1, "Contact: <sip:alice@10.0.0.5:5060;ob>;expires=120\r\n");
    assert_eq!(head(&ok), "200");
    assert_eq!(header(&ok, HeaderName::Contact), "<sip:alice@10.0.0.5:5060;ob>;expires=120");
    assert_eq!(bound(&mut bench), ["sip:alice@10.0.0.5:5060;ob"]);
    let binding = bench.endpoint.bindings("alice").remove(0);
    assert_eq!(binding.remote, PHONE.parse().unwrap(), "calls go where the REGISTER came from");
    assert_eq!((binding.protocol, binding.connection), (Protocol::Udp, None));
    bench.run_to(119_999);
    assert!(bench.events.is_empty());
    bench.run_to(120_000);
    assert!(bound(&mut bench).is_empty());
    assert!(bench.endpoint.bindings("alice").is_empty());
}

#[test]
fn a_refresh_is_no_news_and_a_move_is() {
    let mut bench = bench();
    alice(&mut bench, 1, "Contact: <sip:alice@10.0.0.5>\r\nExpires: 600\r\n");
    bound(&mut bench);
    bench.run_to(400_000);
    alice(&mut bench, 3, "Contact: <sip:alice@10.0.0.5>\r\nExpires: 600\r\n");
    assert!(matches!(bench.told().as_slice(), [.., Event::Registered(_)]), "until when, is told");
    assert!(bench.events.is_empty());
    bench.run_to(700_000);
    assert_eq!(bench.endpoint.bindings("alice").len(), 1);
    alice(&mut bench, 5, "Contact: <sip:alice@10.0.0.5>;q=0.5\r\nContact: <sip:alice@10.0.0.6>\r\n");
    assert_eq!(bound(&mut bench), ["sip:alice@10.0.0.6", "sip:alice@10.0.0.5"], "the preferred first");
    alice(&mut bench, 7, "Contact: <sip:alice@10.0.0.6>;expires=0\r\n");
    assert_eq!(bound(&mut bench), ["sip:alice@10.0.0.5"]);
    let listed = alice(&mut bench, 9, "");
    assert!(header(&listed, HeaderName::Contact).starts_with("<sip:alice@10.0.0.5>;expires="));
    alice(&mut bench, 11, "Contact: *\r\nExpires: 0\r\n");
    assert!(bound(&mut bench).is_empty());
}

#[test]
fn the_rules_of_section_10_3() {
    let mut bench = bench();
    let brief = alice(&mut bench, 1, "Contact: <sip:alice@10.0.0.5>;expires=30\r\n");
    assert_eq!((head(&brief).as_str(), header(&brief, HeaderName::MinExpires).as_str()), ("423", "60"));
    let long = alice(&mut bench, 3, "Contact: <sip:alice@10.0.0.5>;expires=999999\r\n");
    assert!(header(&long, HeaderName::Contact).ends_with("expires=3600"));
    assert!(bench.told().iter().any(|event| matches!(event, Event::Turned(_))));
    bound(&mut bench);
    assert_eq!(head(&alice(&mut bench, 5, "Contact: *\r\nExpires: 60\r\n")), "400");
    assert_eq!(head(&alice(&mut bench, 7, "Contact: <tel:+331>\r\n")), "400");
    // The proved request has the number 3 (2 + 1), as old as that of the binding (4).
    for (millis, asked) in
        [(40_000, "Contact: <sip:alice@10.0.0.5>\r\n"), (80_000, "Contact: *\r\nExpires: 0\r\n")]
    {
        bench.run_to(millis);
        assert_eq!(head(&alice(&mut bench, 2, asked)), "500");
    }
    assert_eq!(bench.endpoint.bindings("alice").len(), 1, "all or nothing");
    let other =
        prove(&mut bench, &register("alice", 20, "Contact: <sip:m@10.6.6.6>\r\n"), "bob", "bob-secret");
    assert_eq!(head(&other), "403", "bob may not move alice");
    let turned = bench.told().into_iter().filter(|event| matches!(event, Event::Turned(_))).count();
    assert_eq!(turned, 5);
    assert!(bench.events.is_empty());
}

#[test]
fn a1_known_and_unknown_users_get_the_same_answer() {
    let mut bench = bench();
    let contact = "Contact: <sip:x@10.0.0.5>\r\n";
    let wrong = prove(&mut bench, &register("alice", 1, contact), "alice", "wrong");
    let unknown = prove(&mut bench, &register("mallory", 1, contact), "mallory", "wrong");
    let shape = |text: &str| {
        let parsed = message(text);
        let names: Vec<_> = parsed.headers().iter().map(|(name, _)| name.into_owned()).collect();
        (head(text), names)
    };
    assert_eq!(shape(&wrong), shape(&unknown));
    assert_eq!(head(&wrong), "401");
    let tries = bench.told().into_iter().map(|event| match event {
        Event::WrongPassword(wrong) => (wrong.user.clone(), wrong.tries),
        other => panic!("{other:?}"),
    });
    assert_eq!(
        tries.collect::<Vec<_>>(),
        [
            ("alice".to_owned(), 1),
            ("alice".to_owned(), 2),
            ("mallory".to_owned(), 3),
            ("mallory".to_owned(), 4)
        ]
    );
    assert!(bench.events.is_empty() && bench.endpoint.counters().denied >= 2);
}

#[test]
fn bindings_of_one_account_are_bounded() {
    let mut bench = bench();
    for number in 0..15_u32 {
        bench.run_to(u64::from(number) * 1_000);
        alice(&mut bench, number * 2 + 1, &format!("Contact: <sip:alice@10.0.0.5:{}>\r\n", 6_000 + number));
    }
    let bindings = bench.endpoint.bindings("alice");
    assert_eq!(bindings.len(), crate::base::limit::SIP_BINDINGS_MAX);
    assert!(bindings.iter().all(|binding| binding.uri != "sip:alice@10.0.0.5:6000"), "the stalest went");
}

#[test]
fn an_account_that_is_removed_loses_its_phones() {
    let mut bench = bench();
    alice(&mut bench, 1, "Contact: <sip:alice@10.0.0.5>\r\n");
    bound(&mut bench);
    bench.act(|endpoint, now| endpoint.configure(now, config()));
    assert!(bound(&mut bench).is_empty());
    assert_eq!(bench.endpoint.census().bindings, 0);
}

#[test]
fn a_phone_on_a_stream_is_called_on_it() {
    let mut bench = bench();
    alice(&mut bench, 1, "Contact: <sip:alice@10.0.0.5>\r\n");
    bench.events.clear();
    // The stream needs a length; the proof is done by hand.
    let text = register("alice", 3, "Contact: <sip:alice@10.0.0.5>\r\nContent-Length: 0\r\n");
    bench.hear_by(Protocol::Tcp, PHONE, &text);
    let challenge = bench.only();
    let line = header(&challenge, HeaderName::WwwAuthenticate);
    let credentials = Credentials { user: "alice".to_owned(), password: Secret::new("alice-secret") };
    let value =
        digest::answer([line.as_str()], &credentials, &Method::Register, "sip:svi.example", b"", "c", 1);
    let text = text.replace("CSeq: 3", &format!("Authorization: {}\r\nCSeq: 4", value.unwrap()));
    bench.hear_by(Protocol::Tcp, PHONE, &text.replace("bKalice3", "bKalice4"));
    let binding = bench.endpoint.bindings("alice").remove(0);
    assert_eq!((binding.protocol, binding.connection), (Protocol::Tcp, Some(ConnectionId(7))));
}

#[test]
fn an_invite_proves_its_account_when_it_is_asked_to() {
    let mut bench = bench();
    let text = invite("z9hG4bK1", "10", "", "");
    bench.hear(&text);
    let (id, invited) = bench.invited();
    assert_eq!(invited.account, None);
    bench.sent.clear();
    bench.act(|endpoint, now| endpoint.challenge(now, id));
    let challenge = bench.only();
    assert_eq!((head(&challenge).as_str(), bench.endpoint.invites_len()), ("401", 0));
    let parsed = message(&challenge);
    let lines: Vec<_> = parsed.headers().all(HeaderName::WwwAuthenticate).map(String::from).collect();
    assert_eq!(lines.len(), 1, "MD5, unless the operator wants more");
    let credentials = Credentials { user: "alice".to_owned(), password: Secret::new("alice-secret") };
    let value = digest::answer(
        lines.iter().map(String::as_str),
        &credentials,
        &Method::Invite,
        "sip:0800123456@192.0.2.1",
        b"",
        "c",
        1,
    );
    bench.hear(&invite("z9hG4bK2", "11", &format!("Authorization: {}\r\n", value.unwrap()), ""));
    assert_eq!(bench.invited().1.account.as_deref(), Some("alice"));
}
