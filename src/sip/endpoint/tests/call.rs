//! Incoming calls: T1 to T5 of the catalogue, answers, refusals, CANCEL at every moment.

use super::*;

fn times(bench: &Bench, status: &str) -> Vec<u64> {
    let is = |it: &&(u64, Transmit)| head(&String::from_utf8_lossy(&it.1.bytes)) == status;
    bench.sent.iter().filter(is).map(|(millis, _)| *millis).collect()
}

#[test]
fn a_call_comes_is_answered_and_ends() {
    let mut bench = Bench::new();
    bench.hear(&invite(
        "z9hG4bK1",
        "10",
        "P-Asserted-Identity: <tel:+331>, <sip:a@b>\r\nDiversion: <sip:d@e>\r\n",
        SDP,
    ));
    assert_eq!(bench.heads(), ["100"], "100 at once");
    let (id, invited) = bench.invited();
    assert_eq!(invited.from, "\"Al\" <sip:+33612345678@192.0.2.9>;tag=their");
    assert_eq!(invited.asserted, ["<tel:+331>", "<sip:a@b>"]);
    assert_eq!(invited.diversion, ["<sip:d@e>"]);
    assert_eq!(invited.offer.as_deref(), Some(SDP.as_bytes()));
    assert_eq!(invited.remote, Some(PEER.parse().unwrap()));
    bench.act(|endpoint, now| endpoint.progress(now, id, 183, Some(OUR_SDP)));
    let early = bench.only();
    assert_eq!(head(&early), "183");
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let ok = bench.only();
    assert_eq!((head(&ok), tag(&ok)), ("200".to_owned(), tag(&early)), "one dialog, one tag");
    assert_eq!(header(&ok, HeaderName::Contact), "<sip:svi@192.0.2.1:5060>");
    assert!(ok.ends_with(std::str::from_utf8(OUR_SDP).unwrap()));
    assert!(has(&ok, HeaderName::Allow) && has(&ok, HeaderName::Supported));
    assert!(!has(&ok, HeaderName::Server) && !has(&ok, HeaderName::UserAgent), "no version for scanners");
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 10, &tag(&ok), ""));
    assert!(matches!(bench.event(), Event::Acknowledged(it, None) if it == id));
    bench.hear(&in_dialog("BYE", "z9hG4bK3", 11, &tag(&ok), "Reason: Q.850;cause=16\r\n\r\n"));
    assert_eq!(bench.heads(), ["200"]);
    match bench.event() {
        Event::Ended(it, End::Bye(reason)) => {
            assert_eq!((it, reason.as_deref()), (id, Some("Q.850;cause=16")))
        }
        other => panic!("{other:?}"),
    }
    bench.assert_empty();
}

#[test]
fn t1_repeated_invites_are_one_call() {
    let mut bench = Bench::new();
    let text = invite("z9hG4bK1", "10", "", SDP);
    (0..3).for_each(|_| bench.hear(&text));
    assert_eq!(bench.heads(), ["100", "100", "100"]);
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.progress(now, id, 180, None));
    bench.hear(&text);
    let texts = bench.texts();
    assert_eq!(texts[0], texts[1]);
    assert_eq!(head(&texts[1]), "180");
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let tag = tag(&bench.only());
    bench.hear(&text);
    bench.hear(&in_dialog("ACK", "z9hG4bKa", 10, &tag, ""));
    bench.run_to(31_000);
    bench.hear(&text);
    assert_eq!(bench.heads(), Vec::<String>::new(), "timer L: deaf for 32 s, no ghost call");
    assert!(matches!(bench.event(), Event::Acknowledged(..)));
}

#[test]
fn t2_a_200_without_ack_repeats_for_32_s_on_every_transport_then_bye() {
    for protocol in [Protocol::Udp, Protocol::Tcp] {
        let mut bench = Bench::new();
        let text = invite("z9hG4bK1", "10", &format!("Content-Length: {}\r\n", SDP.len()), SDP);
        bench.hear_by(protocol, PEER, &text);
        let (id, _) = bench.invited();
        bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
        bench.run_to(33_000);
        let expected = [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
        assert_eq!(times(&bench, "200"), expected);
        assert_eq!(times(&bench, "BYE")[0], 32_000);
        assert!(matches!(bench.event(), Event::Ended(it, End::NoAck) if it == id));
        bench.assert_empty();
    }
}

#[test]
fn t3_an_ack_that_comes_late_and_twice_connects_once() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let tag = tag(&bench.texts()[1]);
    bench.run_to(600);
    assert_eq!(bench.heads(), ["200"]);
    bench.hear(&in_dialog("ACK", "z9hG4bK1", 11, &tag, ""));
    assert!(bench.events.is_empty(), "another number is another INVITE's");
    bench.hear(&in_dialog("ACK", "z9hG4bK1", 10, &tag, ""));
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 10, &tag, ""));
    assert!(matches!(bench.event(), Event::Acknowledged(..)), "and it may reuse the branch of the INVITE");
    bench.run_to(40_000);
    assert!(bench.heads().is_empty());
}

#[test]
fn t4_cancel_before_our_answer_is_200_and_487() {
    for progress in [None, Some(180)] {
        let mut bench = Bench::new();
        bench.hear(&invite("z9hG4bK1", "10", "", SDP));
        let (id, _) = bench.invited();
        if let Some(status) = progress {
            bench.act(|endpoint, now| endpoint.progress(now, id, status, None));
        }
        bench.sent.clear();
        bench.hear(&cancel("z9hG4bK1", 10));
        let texts = bench.texts();
        assert_eq!(texts.iter().map(|it| head(it)).collect::<Vec<_>>(), ["200", "487"]);
        assert_eq!(tag(&texts[0]), tag(&texts[1]));
        assert_eq!(header(&texts[0], HeaderName::CSeq), "10 CANCEL");
        assert!(matches!(bench.event(), Event::Ended(it, End::Cancelled) if it == id));
        // The switchboard did not know yet.
        bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
        bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
        assert!(bench.heads().is_empty());
        bench.hear(&cancel("z9hG4bK1", 10));
        bench.hear(&invite("z9hG4bK1", "10", "", SDP));
        assert_eq!(bench.heads(), ["200", "487"], "both are repeated");
        bench.run_to(500);
        assert_eq!(bench.heads(), ["487"], "timer G");
        bench.hear(&in_dialog("ACK", "z9hG4bK1", 10, &tag(&texts[1]), ""));
        bench.run_to(4_000);
        assert!(bench.heads().is_empty());
        bench.assert_empty();
    }
}

#[test]
fn t4_cancel_after_our_200_changes_nothing() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let tag = tag(&bench.texts()[1]);
    bench.hear(&cancel("z9hG4bK1", 10));
    assert_eq!(bench.heads(), ["200"]);
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 10, &tag, ""));
    assert!(matches!(bench.event(), Event::Acknowledged(..)));
    bench.hear(&cancel("z9hG4bK1", 10));
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    assert_eq!(bench.heads(), ["200", "BYE"]);
}

#[test]
fn a_cancel_of_nothing_is_481() {
    let mut bench = Bench::new();
    bench.hear(&cancel("z9hG4bK1", 10));
    assert_eq!(bench.heads(), ["481"]);
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    bench.sent.clear();
    bench.hear(&cancel("z9hG4bK2", 10));
    assert_eq!(bench.heads(), ["481"], "another branch is another INVITE");
}

#[test]
fn t5_a_merged_request_is_482() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    bench.hear(&invite("z9hG4bK2", "10", "", SDP));
    assert_eq!(bench.heads(), ["100", "482"]);
    bench.invited();
    bench.hear(&invite("z9hG4bK3", "11", "", SDP));
    assert_eq!(bench.heads(), ["100"], "another number is another request");
}

#[test]
fn an_invite_without_offer_gets_ours_and_its_ack_has_the_answer() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", ""));
    let (id, invited) = bench.invited();
    assert_eq!(invited.offer, None);
    bench.act(|endpoint, now| endpoint.progress(now, id, 183, Some(OUR_SDP)));
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let texts = bench.texts();
    assert!(!has(&texts[1], HeaderName::ContentType), "no offer in an unreliable response");
    let rest = body_lines(SDP);
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 10, &tag(&texts[2]), &rest));
    match bench.event() {
        Event::Acknowledged(_, answer) => assert_eq!(answer.as_deref(), Some(SDP.as_bytes())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refusal_says_when_to_come_back_and_waits_for_its_ack() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    let (id, _) = bench.invited();
    bench.sent.clear();
    bench.act(|endpoint, now| endpoint.refuse(now, id, Refusal { status: 503, retry_after: Some(9) }));
    let refusal = bench.only();
    assert_eq!((head(&refusal).as_str(), header(&refusal, HeaderName::RetryAfter).as_str()), ("503", "9"));
    bench.run_to(1_600);
    assert_eq!(bench.heads(), ["503", "503"]);
    bench.hear(&in_dialog("ACK", "z9hG4bK1", 10, &tag(&refusal), ""));
    bench.run_to(10_000);
    assert!(bench.heads().is_empty() && bench.events.is_empty());
    bench.assert_empty();
}

#[test]
fn hanging_up_before_the_ack_waits_for_it_and_the_id_is_dead_at_once() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let tag = tag(&bench.texts()[1]);
    bench.act(|endpoint, now| endpoint.hang_up(now, id, Some("Q.850;cause=16")));
    assert!(bench.heads().is_empty(), "no BYE before the ACK (RFC 3261 §15)");
    assert_eq!(bench.endpoint.invites_len(), 0);
    bench.run_to(500);
    assert_eq!(bench.heads(), ["200"]);
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 10, &tag, ""));
    let bye = bench.only();
    assert_eq!((head(&bye).as_str(), header(&bye, HeaderName::Reason).as_str()), ("BYE", "Q.850;cause=16"));
    bench.hear(&response(&bye, 200, "", ""));
    assert!(bench.events.is_empty());
    bench.assert_empty();
}

#[test]
fn a_caller_may_say_bye_to_an_early_dialog() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.progress(now, id, 180, None));
    let tag = tag(&bench.texts()[1]);
    bench.hear(&in_dialog("BYE", "z9hG4bK2", 11, &tag, ""));
    assert_eq!(bench.heads(), ["200", "487"]);
    assert!(matches!(bench.event(), Event::Ended(it, End::Bye(None)) if it == id));
    bench.assert_empty();
}

#[test]
fn an_unanswered_invite_expires_and_is_reminded_each_minute() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bK1", "10", "Expires: 90\r\n", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.progress(now, id, 182, None));
    bench.sent.clear();
    bench.run_to(89_000);
    assert_eq!(times(&bench, "182"), [60_000]);
    bench.run_to(90_000);
    assert_eq!(times(&bench, "487"), [90_000]);
    assert!(matches!(bench.event(), Event::Ended(_, End::Cancelled)));
    bench.assert_empty();
}

#[test]
fn peers_of_rfc_2543_are_served() {
    let old = |text: String| text.replace(";branch=z9hG4bK0", "").replace(";tag=their", "");
    let mut bench = Bench::new();
    let invite = old(invite("z9hG4bK0", "1", "", SDP));
    bench.hear(&invite);
    bench.hear(&invite);
    assert_eq!(bench.heads(), ["100", "100"]);
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let tag = tag(&bench.only());
    bench.hear(&old(in_dialog("ACK", "z9hG4bK0", 1, &tag, "")));
    assert!(matches!(bench.event(), Event::Acknowledged(..)));
    bench.hear(&old(in_dialog("BYE", "z9hG4bK0", 2, &tag, "")));
    assert_eq!(bench.heads(), ["200"]);
    assert!(matches!(bench.event(), Event::Ended(..)));
}

#[test]
fn an_old_ack_of_a_refusal_finds_its_invite_though_it_has_a_tag_more() {
    let old = |text: String| text.replace(";branch=z9hG4bK0", "");
    let mut bench = Bench::new();
    bench.hear(&old(invite("z9hG4bK0", "1", "", SDP)));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.refuse(now, id, Refusal { status: 486, retry_after: None }));
    let refusal = bench.texts().pop().unwrap();
    let ack = old(in_dialog("ACK", "z9hG4bK0", 1, &tag(&refusal), ""))
        .replace("sip:svi@192.0.2.1:5060", "sip:0800123456@192.0.2.1");
    bench.hear(&ack);
    bench.run_to(5_000);
    assert!(bench.heads().is_empty());
}
