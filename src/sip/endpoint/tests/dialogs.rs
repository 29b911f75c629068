//! In a call that is up: D1 to D3 and D7 of the catalogue, offers both ways, INFO, the end.

use super::*;

#[test]
fn d1_requests_for_unknown_dialogs() {
    let mut bench = Bench::new();
    let (_, tag) = bench.call("");
    for method in ["BYE", "INFO", "INVITE", "UPDATE", "OPTIONS"] {
        bench.hear(&in_dialog(method, "z9hG4bK1", 11, "0123456789abcdef", ""));
        bench.hear(&in_dialog(method, "z9hG4bK2", 11, &tag, "").replace("call-1", "call-2"));
        bench.hear(&in_dialog(method, "z9hG4bK3", 11, &tag, "").replace("tag=their", "tag=other"));
        assert_eq!(bench.heads(), ["481", "481", "481"], "{method}");
    }
    bench.hear(&in_dialog("ACK", "z9hG4bK4", 11, "0123456789abcdef", ""));
    assert!(bench.heads().is_empty() && bench.events.is_empty());
}

#[test]
fn d2_the_order_of_requests() {
    let mut bench = Bench::new();
    let (_, tag) = bench.call("");
    bench.hear(&in_dialog("INFO", "z9hG4bK1", 9, &tag, ""));
    assert_eq!(bench.heads(), ["500"], "older than the INVITE");
    bench.hear(&in_dialog("INFO", "z9hG4bK2", 5_000, &tag, ""));
    assert_eq!(bench.heads(), ["200"], "jumps are legal");
    bench.hear(&in_dialog("INFO", "z9hG4bK3", 5_000, &tag, ""));
    assert_eq!(bench.heads(), ["500"], "the same number by another branch");
    bench.hear(&in_dialog("BYE", "z9hG4bK4", 2_147_483_648, &tag, ""));
    assert_eq!(bench.heads(), ["400"]);
    bench.hear(&in_dialog("BYE", "z9hG4bK5", 5_000, &tag, ""));
    assert_eq!(bench.heads(), ["200"], "the end of a call is not refused for its number");
    assert!(matches!(bench.event(), Event::Ended(_, End::Bye(None))));
}

#[test]
fn a_repeated_request_in_a_dialog_counts_once() {
    let mut bench = Bench::new();
    let (_, tag) = bench.call("");
    let info = in_dialog(
        "INFO",
        "z9hG4bK1",
        11,
        &tag,
        "Content-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n",
    );
    bench.hear(&info);
    bench.hear(&info);
    let texts = bench.texts();
    assert_eq!((head(&texts[0]).as_str(), texts.len()), ("200", 2));
    assert_eq!(texts[0], texts[1]);
    assert!(matches!(bench.event(), Event::Digit(_, digit) if digit.as_char() == '5'));
    let bye = in_dialog("BYE", "z9hG4bK2", 12, &tag, "");
    bench.hear(&bye);
    bench.hear(&bye);
    assert_eq!(bench.heads(), ["200", "200"]);
    bench.event();
    bench.assert_empty();
}

#[test]
fn k8_keys_by_info() {
    let mut bench = Bench::new();
    let (_, tag) = bench.call("");
    let mut number = 10;
    let mut told = |kind: &str, body: &str| {
        number += 1;
        let rest = format!("Content-Type: {kind}\r\n\r\n{body}");
        bench.hear(&in_dialog("INFO", &format!("z9hG4bK{number}"), number, &tag, &rest));
        let key = bench.events.drain(..).next().map(|event| match event {
            Event::Digit(_, digit) => digit.as_char(),
            other => panic!("{other:?}"),
        });
        (bench.heads().remove(0), key)
    };
    assert_eq!(told("application/dtmf", "#\r\n"), ("200".to_owned(), Some('#')));
    assert_eq!(told("application/dtmf-relay", "Signal= * \r\n"), ("200".to_owned(), Some('*')));
    assert_eq!(told("application/dtmf-relay", "Signal=99\r\n"), ("400".to_owned(), None));
    assert_eq!(told("application/dtmf-relay", &"Signal=1\r\n".repeat(1_000)), ("400".to_owned(), None));
    assert_eq!(told("text/plain", "5"), ("415".to_owned(), None));
    assert_eq!(told("application/dtmf", ""), ("200".to_owned(), None));
}

#[test]
fn their_offer_is_answered_and_confirmed() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    let moved = in_dialog("INVITE", "z9hG4bK1", 11, &tag, &body_lines(SDP))
        .replace("sip:al@192.0.2.9:5060", "sip:al@192.0.2.9:5099");
    bench.hear(&moved);
    assert_eq!(bench.heads(), ["100"]);
    match bench.event() {
        Event::Offered(it, offer) => assert_eq!((it, offer.as_deref()), (id, Some(SDP.as_bytes()))),
        other => panic!("{other:?}"),
    }
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Ok(OUR_SDP)));
    assert_eq!(bench.heads(), ["200"]);
    bench.run_to(500);
    assert_eq!(bench.heads(), ["200"], "repeated until the ACK");
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 11, &tag, ""));
    bench.run_to(40_000);
    assert!(bench.heads().is_empty() && bench.events.is_empty());
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    assert_eq!(bench.sent[0].1.remote, "192.0.2.9:5099".parse().unwrap(), "the re-INVITE moved the target");
}

#[test]
fn an_offerless_reinvite_gets_our_offer_and_its_ack_has_the_answer() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.hear(&in_dialog("INVITE", "z9hG4bK1", 11, &tag, ""));
    assert!(matches!(bench.event(), Event::Offered(_, None)));
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Ok(OUR_SDP)));
    bench.hear(&in_dialog("ACK", "z9hG4bK2", 11, &tag, &body_lines(SDP)));
    match bench.event() {
        Event::Acknowledged(it, answer) => assert_eq!((it, answer.as_deref()), (id, Some(SDP.as_bytes()))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reinvite_whose_200_is_never_acknowledged_ends_the_call() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.hear(&in_dialog("INVITE", "z9hG4bK1", 11, &tag, &body_lines(SDP)));
    bench.event();
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Ok(OUR_SDP)));
    bench.run_to(33_000);
    assert!(matches!(bench.event(), Event::Ended(it, End::NoAck) if it == id));
    assert!(bench.heads().contains(&"BYE".to_owned()));
    bench.assert_empty();
}

#[test]
fn an_offer_of_ours_before_the_ack_waits_for_it() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bKi", "10", "", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let tag = tag(&bench.texts()[1]);
    bench.act(|endpoint, now| endpoint.reoffer(now, id, OUR_SDP));
    bench.run_to(100);
    assert!(bench.heads().is_empty());
    bench.hear(&in_dialog("ACK", "z9hG4bKa", 10, &tag, ""));
    bench.run_to(101);
    assert_eq!(bench.heads(), ["INVITE"]);
}

#[test]
fn d3_their_offers_that_come_too_soon() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.hear(&in_dialog("INVITE", "z9hG4bK1", 11, &tag, &body_lines(SDP)));
    bench.hear(&in_dialog("INVITE", "z9hG4bK2", 12, &tag, &body_lines(SDP)));
    bench.hear(&in_dialog("UPDATE", "z9hG4bK3", 13, &tag, &body_lines(SDP)));
    let texts = bench.texts();
    assert_eq!(texts.iter().map(|it| head(it)).collect::<Vec<_>>(), ["100", "500", "500"]);
    assert!(header(&texts[1], HeaderName::RetryAfter).parse::<u32>().unwrap() <= 10);
    bench.event();
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Err(488)));
    assert_eq!(bench.heads(), ["488"]);
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Ok(OUR_SDP)));
    assert!(bench.heads().is_empty(), "there is nothing to answer any more");
}

#[test]
fn d3_offers_that_cross_are_tried_again_at_different_times() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.act(|endpoint, now| endpoint.reoffer(now, id, OUR_SDP));
    let ours = bench.only();
    assert_eq!(head(&ours), "INVITE");
    bench.hear(&in_dialog("INVITE", "z9hG4bK1", 11, &tag, &body_lines(SDP)));
    bench.hear(&in_dialog("UPDATE", "z9hG4bK2", 12, &tag, &body_lines(SDP)));
    assert_eq!(bench.heads(), ["491", "491"]);
    bench.hear(&response(&ours, 491, "", ""));
    assert_eq!(bench.heads(), ["ACK"]);
    bench.run_to(2_000);
    // They made the Call-ID, so that we wait 0 to 2 s.
    let again = bench.texts().into_iter().find(|it| head(it) == "INVITE").unwrap();
    let number = |text: &str| message(text).headers().cseq().unwrap().number;
    assert_eq!(number(&again), number(&ours) + 1);
    bench.hear(&response(&again, 200, "", &accepted()));
    assert_eq!(bench.heads(), ["ACK"]);
    match bench.event() {
        Event::OfferAnswered(it, Ok(sdp)) => assert_eq!((it, &*sdp), (id, SDP.as_bytes())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn our_offer_is_acknowledged_each_time_it_is_answered() {
    let mut bench = Bench::new();
    let (id, _) = bench.call("");
    bench.act(|endpoint, now| endpoint.reoffer(now, id, OUR_SDP));
    let ours = bench.only();
    bench.act(|endpoint, now| endpoint.reoffer(now, id, b"v=0 second"));
    assert!(bench.heads().is_empty(), "one at a time");
    let ok = response(&ours, 200, "", &accepted());
    bench.hear(&ok);
    let texts = bench.texts();
    assert_eq!(head(&texts[0]), "ACK");
    bench.hear(&ok);
    assert_eq!(bench.only(), texts[0], "the same ACK again");
    bench.event();
    bench.run_to(1);
    let second = bench.only();
    assert!(second.ends_with("v=0 second"), "its turn has come: {second}");
    bench.hear(&response(&second, 488, "", ""));
    assert_eq!(bench.heads(), ["ACK"]);
    assert!(matches!(bench.event(), Event::OfferAnswered(_, Err(488))));
    bench.act(|endpoint, now| endpoint.reoffer(now, id, OUR_SDP));
    let third = bench.only();
    bench.hear(&response(&third, 481, "", ""));
    assert_eq!(bench.heads(), ["ACK"], "a dialog that they do not know needs no BYE");
    assert!(matches!(bench.event(), Event::Ended(_, End::Lost)));
    bench.assert_empty();
}

#[test]
fn an_update_moves_the_media_and_a_bare_one_asks_nobody() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.hear(&in_dialog("UPDATE", "z9hG4bK1", 11, &tag, &body_lines(SDP)));
    assert!(matches!(bench.event(), Event::Offered(_, Some(_))));
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Ok(OUR_SDP)));
    bench.hear(&in_dialog("UPDATE", "z9hG4bK2", 12, &tag, ""));
    assert_eq!(bench.heads(), ["200", "200"]);
    bench.run_to(5_000);
    assert!(bench.heads().is_empty() && bench.events.is_empty(), "UPDATE knows no ACK");
}

#[test]
fn a_cancelled_reinvite_leaves_the_call_up() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    let reinvite = in_dialog("INVITE", "z9hG4bK1", 11, &tag, &body_lines(SDP));
    bench.hear(&reinvite);
    bench.event();
    bench.hear(&in_dialog("CANCEL", "z9hG4bK1", 11, &tag, ""));
    assert_eq!(bench.heads(), ["100", "200", "487"]);
    bench.act(|endpoint, now| endpoint.answer_offer(now, id, Ok(OUR_SDP)));
    assert!(bench.heads().is_empty() && bench.events.is_empty());
    assert_eq!(bench.endpoint.invites_len(), 1);
}

#[test]
fn hanging_up_answers_what_is_open() {
    let mut bench = Bench::new();
    let (id, tag) = bench.call("");
    bench.hear(&in_dialog("INVITE", "z9hG4bK1", 11, &tag, &body_lines(SDP)));
    bench.event();
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    assert_eq!(bench.heads(), ["100", "487", "BYE"]);
    bench.hear(&in_dialog("INFO", "z9hG4bK2", 12, &tag, ""));
    assert_eq!(bench.heads(), ["481"]);
    bench.assert_empty();
}

#[test]
fn our_bye_is_repeated_and_the_end_is_the_end_without_an_answer() {
    let mut bench = Bench::new();
    let (id, _) = bench.call("");
    bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
    bench.run_to(4_000);
    assert_eq!(bench.heads(), ["BYE", "BYE", "BYE", "BYE"]);
    bench.assert_empty();
    assert!(bench.events.is_empty());
}

#[test]
fn d7_requests_follow_the_route_set() {
    let bye = |extra: &str| {
        let mut bench = Bench::new();
        let (id, _) = bench.call(extra);
        bench.act(|endpoint, now| endpoint.hang_up(now, id, None));
        let remote = bench.sent[0].1.remote.to_string();
        let text = bench.only();
        let routes: Vec<String> = message(&text).headers().all(HeaderName::Route).map(Into::into).collect();
        (remote, text.lines().next().unwrap().to_owned(), routes)
    };
    let (remote, line, routes) = bye("Record-Route: <sip:192.0.2.7;lr>, <sip:192.0.2.8;lr>\r\n");
    assert_eq!((remote.as_str(), line.as_str()), ("192.0.2.7:5060", "BYE sip:al@192.0.2.9:5060 SIP/2.0"));
    assert_eq!(routes, ["<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"]);
    let (remote, line, routes) =
        bye("Record-Route: <sip:192.0.2.7:5080>\r\nRecord-Route: <sip:p2.example;lr>\r\n");
    assert_eq!((remote.as_str(), line.as_str()), ("192.0.2.7:5080", "BYE sip:192.0.2.7:5080 SIP/2.0"));
    assert_eq!(routes, ["<sip:p2.example;lr>", "<sip:al@192.0.2.9:5060>"]);
    let (remote, line, routes) = bye("");
    assert_eq!(
        (remote.as_str(), line.as_str(), routes.len()),
        ("192.0.2.9:5060", "BYE sip:al@192.0.2.9:5060 SIP/2.0", 0)
    );
}

#[test]
fn d7_the_route_set_stands_in_our_200() {
    let mut bench = Bench::new();
    let routes = "Record-Route: <sip:192.0.2.7;lr>\r\nRecord-Route: <sip:192.0.2.8;lr>\r\n";
    bench.hear(&invite("z9hG4bK1", "10", routes, SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let ok = bench.texts().remove(1);
    let copied: Vec<_> = message(&ok).headers().all(HeaderName::RecordRoute).map(String::from).collect();
    assert_eq!(copied, ["<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"]);
}
