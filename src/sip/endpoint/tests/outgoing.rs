//! Outgoing calls: T6 and T7 of the catalogue, challenges, CANCEL, forks.

use super::*;
use crate::base::pii::Secret;

fn call(bench: &mut Bench) -> (InviteId, String) {
    let id = bench.act(|endpoint, now| endpoint.invite(now, invitation()));
    (id, bench.only())
}

#[test]
fn a_call_rings_is_answered_and_they_hang_up() {
    let mut bench = Bench::new();
    let (id, invite) = call(&mut bench);
    assert!(invite.starts_with("INVITE sip:bob@192.0.2.9:5060 SIP/2.0\r\n"));
    assert_eq!(header(&invite, HeaderName::PAssertedIdentity), "<tel:+33612345678>");
    assert_eq!(header(&invite, HeaderName::Contact), "<sip:svi@192.0.2.1:5060>");
    bench.hear(&response(&invite, 100, "", ""));
    assert!(matches!(bench.event(), Event::Progress(it, 100, None) if it == id));
    bench.hear(&response(&invite, 183, "b", &format!("Content-Type: application/sdp\r\n\r\n{SDP}")));
    match bench.event() {
        Event::Progress(it, 183, sdp) => assert_eq!((it, sdp.as_deref()), (id, Some(SDP.as_bytes()))),
        other => panic!("{other:?}"),
    }
    let ok = response(&invite, 200, "b", &accepted());
    bench.hear(&ok);
    assert!(matches!(bench.event(), Event::Answered(it, Some(_)) if it == id));
    let ack = bench.only();
    assert_eq!(header(&ack, HeaderName::CSeq), "1 ACK");
    assert!(header(&ack, HeaderName::To).ends_with(";tag=b"));
    bench.hear(&ok);
    assert_eq!(bench.only(), ack, "a repeated 200 gets the same ACK");
    let from = header(&ack, HeaderName::From);
    let bye = format!(
        "BYE sip:svi@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKb\r\nFrom: {}\r\nTo: {from}\r\n\
         Call-ID: {}\r\nCSeq: 1 BYE\r\n\r\n",
        header(&ack, HeaderName::To),
        header(&ack, HeaderName::CallId)
    );
    bench.hear(&bye);
    assert_eq!(bench.heads(), ["200"]);
    assert!(matches!(bench.event(), Event::Ended(it, End::Bye(None)) if it == id));
    bench.assert_empty();
}

#[test]
fn t6_other_forks_that_answer_are_acknowledged_and_let_go() {
    let mut bench = Bench::new();
    let (id, invite) = call(&mut bench);
    bench.hear(&response(&invite, 180, "b", ""));
    bench.hear(&response(&invite, 180, "c", ""));
    bench.events.clear();
    bench.hear(&response(&invite, 200, "c", &accepted()));
    assert!(matches!(bench.event(), Event::Answered(..)));
    bench.sent.clear();
    let loser = response(&invite, 200, "b", &accepted());
    bench.hear(&loser);
    let texts = bench.texts();
    assert_eq!(texts.iter().map(|it| head(it)).collect::<Vec<_>>(), ["ACK", "BYE"]);
    assert!(texts.iter().all(|it| header(it, HeaderName::To).ends_with(";tag=b")));
    bench.hear(&loser);
    assert_eq!(bench.heads(), ["ACK"], "once more the ACK, not the BYE");
    assert_eq!(bench.endpoint.invites_len(), 1);
    bench.hear(&response(&invite.replace("z9hG4bK", "z9hG4bKx"), 200, "d", &accepted()));
    assert!(bench.heads().is_empty(), "a branch that is none of ours");
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    bench.assert_empty();
}

#[test]
fn t7_a_peer_that_is_silent_or_unreachable() {
    let mut bench = Bench::new();
    let id = bench.act(|endpoint, now| {
        endpoint
            .invite(now, Invitation { timeout: crate::base::time::Duration::from_secs(60), ..invitation() })
    });
    bench.run_to(31_999);
    assert_eq!(bench.heads(), ["INVITE"; 7]);
    bench.run_to(32_000);
    assert!(matches!(bench.event(), Event::Failed(it, Failure::Timeout) if it == id));
    bench.assert_empty();

    let mut bench = Bench::new();
    let (id, _) = call(&mut bench);
    bench.act(|endpoint, now| endpoint.unreachable(now, Protocol::Udp, "192.0.2.8:5060".parse().unwrap()));
    assert!(bench.events.is_empty(), "somebody else");
    bench.act(|endpoint, now| endpoint.unreachable(now, Protocol::Udp, PEER.parse().unwrap()));
    assert!(matches!(bench.event(), Event::Failed(it, Failure::Unreachable) if it == id));
    bench.assert_empty();
}

#[test]
fn what_a_refusal_says_for_people_is_told() {
    let mut bench = Bench::new();
    let (_, invite) = call(&mut bench);
    let rest = format!(
        "Reason: Q.850;cause=21;text=\"no credit\"\r\nWarning: 399 sbc \"{}\"\r\n\r\n",
        "limit reached ".repeat(40)
    );
    bench.hear(&response(&invite, 403, "b", &rest));
    let Event::Told(_, told) = bench.told().remove(0) else { panic!() };
    assert_eq!((told.status, told.reason.as_deref()), (403, Some("Q.850;cause=21;text=\"no credit\"")));
    let warning = told.warning.unwrap();
    assert!(warning.starts_with("399 sbc \"limit reached") && warning.chars().count() == 200, "{warning}");
}

#[test]
fn a_refusal_is_acknowledged_and_told() {
    for (status, rest, retry) in [
        (486, "", None),
        (302, "Contact: <sip:evil@e>\r\n\r\n", None),
        (503, "Retry-After: 7\r\n\r\n", Some(7)),
    ] {
        let mut bench = Bench::new();
        let (id, invite) = call(&mut bench);
        let refusal = response(&invite, status, "b", rest);
        bench.hear(&refusal);
        let ack = bench.only();
        assert_eq!(
            (head(&ack).as_str(), header(&ack, HeaderName::Via)),
            ("ACK", header(&invite, HeaderName::Via))
        );
        let told = bench.told().remove(0);
        assert!(matches!(told, Event::Told(it, told) if it == id && told.status == status));
        match bench.event() {
            Event::Failed(it, Failure::Refused(got, after)) => {
                assert_eq!((it, got, after), (id, status, retry))
            }
            other => panic!("{other:?}"),
        }
        bench.hear(&refusal);
        assert_eq!(bench.only(), ack);
        bench.assert_empty();
    }
}

#[test]
fn ringing_too_long_is_cancelled() {
    let mut bench = Bench::new();
    let (id, invite) = call(&mut bench);
    bench.hear(&response(&invite, 180, "b", ""));
    bench.event();
    bench.run_to(20_000);
    assert!(matches!(bench.event(), Event::Failed(it, Failure::Timeout) if it == id));
    let cancel = bench.only();
    assert_eq!(head(&cancel), "CANCEL");
    for name in [HeaderName::Via, HeaderName::From, HeaderName::To, HeaderName::CallId] {
        assert_eq!(header(&cancel, name), header(&invite, name), "RFC 3261 §9.1");
    }
    assert_eq!(header(&cancel, HeaderName::CSeq), "1 CANCEL");
    bench.hear(&response(&cancel, 200, "b", ""));
    bench.hear(&response(&invite, 180, "b", ""));
    bench.hear(&response(&invite, 487, "b", ""));
    assert_eq!(bench.heads(), ["ACK"]);
    assert!(bench.events.is_empty());
    bench.assert_empty();
}

#[test]
fn no_cancel_before_a_provisional_response() {
    let mut bench = Bench::new();
    let (id, invite) = call(&mut bench);
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    assert!(bench.heads().is_empty());
    assert_eq!(bench.endpoint.invites_len(), 0);
    bench.hear(&response(&invite, 100, "", ""));
    assert_eq!(bench.heads(), ["CANCEL"]);
    bench.hear(&response(&invite, 180, "b", ""));
    assert!(bench.heads().is_empty() && bench.events.is_empty(), "one CANCEL, and no news of the dead");
    bench.assert_empty();
}

#[test]
fn a_200_that_crosses_our_cancel_is_acknowledged_and_ended() {
    let mut bench = Bench::new();
    let (id, invite) = call(&mut bench);
    bench.hear(&response(&invite, 180, "b", ""));
    bench.event();
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    bench.hear(&response(&invite, 200, "b", &accepted()));
    assert_eq!(bench.heads(), ["CANCEL", "ACK", "BYE"]);
    assert!(bench.events.is_empty());
    bench.assert_empty();
}

const CHALLENGE: &str =
    "WWW-Authenticate: Digest realm=\"op\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n\r\n";

fn credentials() -> Option<Credentials> {
    Some(Credentials { user: "svi".to_owned(), password: Secret::new("secret") })
}

#[test]
fn a_challenge_is_answered_once_with_the_credentials_of_this_call() {
    let mut bench = Bench::new();
    let id = bench
        .act(|endpoint, now| endpoint.invite(now, Invitation { credentials: credentials(), ..invitation() }));
    let first = bench.only();
    bench.hear(&response(&first, 401, "b", CHALLENGE));
    let texts = bench.texts();
    assert_eq!(texts.iter().map(|it| head(it)).collect::<Vec<_>>(), ["ACK", "INVITE"]);
    let second = &texts[1];
    assert_eq!(header(second, HeaderName::CSeq), "2 INVITE");
    assert_eq!(header(second, HeaderName::CallId), header(&first, HeaderName::CallId));
    assert!(header(second, HeaderName::Authorization).contains("username=\"svi\""));
    assert_ne!(header(second, HeaderName::Via), header(&first, HeaderName::Via));
    bench.hear(&response(second, 401, "b", CHALLENGE));
    assert_eq!(bench.heads(), ["ACK"]);
    bench.told();
    assert!(matches!(bench.event(), Event::Failed(it, Failure::Refused(401, None)) if it == id));
    bench.assert_empty();
}

#[test]
fn a_nonce_that_is_too_old_is_not_a_wrong_password() {
    let mut bench = Bench::new();
    bench
        .act(|endpoint, now| endpoint.invite(now, Invitation { credentials: credentials(), ..invitation() }));
    let mut invite = bench.only();
    // Again and again, but not for ever.
    for _ in 0..3 {
        bench.hear(&response(
            &invite,
            407,
            "b",
            &CHALLENGE.replace("WWW-", "Proxy-").replace("nonce=", "stale=TRUE,nonce="),
        ));
        let mut texts = bench.texts();
        assert_eq!(texts.iter().map(|it| head(it)).collect::<Vec<_>>(), ["ACK", "INVITE"]);
        invite = texts.remove(1);
        assert!(has(&invite, HeaderName::ProxyAuthorization));
    }
    bench.hear(&response(
        &invite,
        407,
        "b",
        &CHALLENGE.replace("WWW-", "Proxy-").replace("nonce=", "stale=TRUE,nonce="),
    ));
    assert_eq!(bench.heads(), ["ACK"]);
}

#[test]
fn a3_a_call_without_credentials_gives_none_away() {
    let mut bench = Bench::new();
    let (id, invite) = call(&mut bench);
    bench.hear(&response(&invite, 401, "b", CHALLENGE));
    assert_eq!(bench.heads(), ["ACK"]);
    bench.told();
    assert!(matches!(bench.event(), Event::Failed(it, _) if it == id));
    let (id, invite) = call(&mut bench);
    bench.hear(&response(&invite, 200, "b", &accepted()));
    bench.sent.clear();
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    let bye = bench.only();
    bench.hear(&response(&bye, 401, "", CHALLENGE));
    assert!(bench.heads().is_empty(), "CVE-2021-41158");
}

#[test]
fn a_challenged_bye_is_said_once_more() {
    let mut bench = Bench::new();
    let id = bench
        .act(|endpoint, now| endpoint.invite(now, Invitation { credentials: credentials(), ..invitation() }));
    let invite = bench.only();
    bench.hear(&response(&invite, 200, "b", &accepted()));
    bench.sent.clear();
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    let bye = bench.only();
    bench.hear(&response(&bye, 401, "", CHALLENGE));
    let again = bench.only();
    assert_eq!((head(&again).as_str(), header(&again, HeaderName::CSeq).as_str()), ("BYE", "3 BYE"));
    assert!(has(&again, HeaderName::Authorization));
    bench.hear(&response(&again, 401, "", CHALLENGE));
    assert!(bench.heads().is_empty());
}

#[test]
fn what_a_crm_put_into_a_header_never_becomes_one() {
    let mut bench = Bench::new();
    let headers =
        vec![("X-Name".to_owned(), "a\r\nX-Evil: 1".to_owned()), ("Bad Name".to_owned(), "x".to_owned())];
    bench.act(|endpoint, now| endpoint.invite(now, Invitation { headers, ..invitation() }));
    let invite = bench.only();
    let parsed = message(&invite);
    assert_eq!(parsed.headers().other("X-Evil").count() + parsed.headers().other("Bad Name").count(), 0);
}

#[test]
fn over_a_stream_nothing_is_repeated_and_contact_says_so() {
    let mut bench = Bench::new();
    let connection = Some(crate::sip::transport::ConnectionId(3));
    bench.act(|endpoint, now| {
        endpoint.invite(now, Invitation { protocol: Protocol::Tcp, connection, ..invitation() })
    });
    assert_eq!(bench.sent[0].1.connection, connection);
    bench.run_to(10_000);
    let invite = bench.only();
    assert_eq!(header(&invite, HeaderName::Contact), "<sip:svi@192.0.2.1:5060;transport=tcp>");
    assert!(header(&invite, HeaderName::Via).starts_with("SIP/2.0/TCP "));
}

#[test]
fn a_call_that_is_sent_elsewhere_goes_there_once_and_only_when_it_may() {
    let mut bench = Bench::new();
    let moved = |invite: &str, to: &str| response(invite, 302, "x", &format!("Contact: <{to}>\r\n\r\n"));
    let elsewhere = "sip:+33123456789@192.0.2.9";
    let follow = |bench: &mut Bench| {
        let id =
            bench.act(|endpoint, now| endpoint.invite(now, Invitation { follows: true, ..invitation() }));
        let first = bench.only();
        bench.hear(&moved(&first, elsewhere));
        assert_eq!(bench.heads(), ["ACK"]);
        assert!(matches!(bench.event(), Event::Redirected(it, to) if it == id && to == [elsewhere]));
        (id, first)
    };
    let refused = |bench: &mut Bench, id: InviteId| {
        let events = std::mem::take(&mut bench.events);
        let [Event::Told(one, told), Event::Failed(other, Failure::Refused(302, None))] = &events[..] else {
            panic!("{events:?}")
        };
        assert_eq!((*one, *other, told.status), (id, id, 302));
    };
    let (id, first) = follow(&mut bench);
    bench.act(|endpoint, now| endpoint.redirect(now, id, Some(elsewhere.to_owned())));
    let second = bench.only();
    assert!(second.starts_with("INVITE sip:+33123456789@192.0.2.9 SIP/2.0\r\n"), "{second}");
    assert_eq!(header(&second, HeaderName::CallId), header(&first, HeaderName::CallId));
    assert_eq!(header(&second, HeaderName::CSeq), "2 INVITE");
    // Sent on once more, it is refused: nobody is led round for ever.
    bench.hear(&moved(&second, "sip:+33123456780@192.0.2.9"));
    refused(&mut bench, id);
    // Where it may not go.
    bench.sent.clear();
    let (id, _) = follow(&mut bench);
    bench.act(|endpoint, now| endpoint.redirect(now, id, None));
    refused(&mut bench, id);
    // Who does not follow is refused at once.
    let (id, invite) = call(&mut bench);
    bench.hear(&moved(&invite, elsewhere));
    refused(&mut bench, id);
    assert_eq!(bench.endpoint.invites_len(), 0);
}
