//! D6: session timers (RFC 4028), ours and theirs to refresh.

use super::*;

#[test]
fn they_refresh_and_when_they_stop_the_call_is_lost() {
    let mut bench = Bench::new();
    bench.hear(&invite("z9hG4bKi", "10", "Supported: timer\r\nSession-Expires: 90\r\n", SDP));
    let (id, _) = bench.invited();
    bench.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
    let ok = bench.texts().remove(1);
    assert_eq!(header(&ok, HeaderName::SessionExpires), "90;refresher=uac");
    assert_eq!(header(&ok, HeaderName::Require), "timer");
    let tag = tag(&ok);
    bench.hear(&in_dialog("ACK", "z9hG4bKa", 10, &tag, ""));
    bench.event();
    bench.run_to(45_000);
    let update = "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n\r\n";
    bench.hear(&in_dialog("UPDATE", "z9hG4bKu", 11, &tag, update));
    let ok = bench.only();
    assert_eq!(
        (head(&ok), header(&ok, HeaderName::SessionExpires)),
        ("200".to_owned(), "90;refresher=uac".to_owned())
    );
    bench.run_to(104_000);
    assert!(bench.events.is_empty());
    bench.run_to(105_000);
    assert!(matches!(bench.event(), Event::Ended(it, End::Lost) if it == id), "45 + 90 - 30 s");
    assert_eq!(bench.heads(), ["BYE"]);
    bench.assert_empty();
}

#[test]
fn we_refresh_at_half_with_the_same_sdp() {
    let mut bench = Bench::new();
    let (id, _) = bench.call("Supported: timer\r\nSession-Expires: 100;refresher=uas\r\n");
    bench.run_to(49_000);
    assert!(bench.sent.is_empty());
    bench.run_to(50_000);
    let refresh = bench.only();
    assert_eq!(head(&refresh), "INVITE");
    assert_eq!(header(&refresh, HeaderName::SessionExpires), "100;refresher=uac");
    assert!(refresh.ends_with(std::str::from_utf8(OUR_SDP).unwrap()), "the very SDP, version and all");
    bench.hear(&response(
        &refresh,
        200,
        "",
        &format!("Session-Expires: 100;refresher=uac\r\n{}", accepted()),
    ));
    assert_eq!(bench.heads(), ["ACK"]);
    assert!(bench.events.is_empty(), "nobody need know");
    bench.run_to(100_000);
    let refresh = bench.only();
    let moved = accepted().replace("audio 4000", "audio 4444");
    bench.hear(&response(&refresh, 200, "", &format!("Session-Expires: 100;refresher=uac\r\n{moved}")));
    assert!(matches!(bench.event(), Event::OfferAnswered(it, Ok(_)) if it == id), "they moved their media");
}

#[test]
fn a_refresh_that_is_refused_is_tried_again_and_then_the_session_expires() {
    let mut bench = Bench::new();
    let (id, _) = bench.call("Supported: timer\r\nSession-Expires: 100;refresher=uas\r\n");
    bench.run_to(50_000);
    let refresh = bench.only();
    bench.hear(&response(&refresh, 500, "", ""));
    bench.sent.clear();
    bench.run_to(75_000);
    let refresh = bench.only();
    bench.hear(&response(&refresh, 422, "", "Min-SE: 200\r\n\r\n"));
    bench.sent.clear();
    bench.run_to(75_001);
    let refresh = bench.only();
    assert_eq!(header(&refresh, HeaderName::SessionExpires), "200;refresher=uac");
    bench.hear(&response(&refresh, 500, "", ""));
    bench.run_to(100_000);
    assert!(matches!(bench.event(), Event::Ended(it, End::Lost) if it == id));
    bench.assert_empty();
}

#[test]
fn a_refresh_that_nobody_answers_ends_the_call() {
    let mut bench = Bench::new();
    let (id, _) = bench.call("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n");
    bench.run_to(932_000);
    assert!(matches!(bench.event(), Event::Ended(it, End::Lost) if it == id));
    bench.assert_empty();
}

#[test]
fn a_callee_may_ask_us_to_refresh() {
    let mut bench = Bench::new();
    let id = bench.act(|endpoint, now| endpoint.invite(now, invitation()));
    let invite = bench.only();
    bench.hear(&response(
        &invite,
        200,
        "b",
        &format!("Require: timer\r\nSession-Expires: 90;refresher=uac\r\n{}", accepted()),
    ));
    assert!(matches!(bench.event(), Event::Answered(it, Some(_)) if it == id));
    bench.sent.clear();
    bench.run_to(45_000);
    assert_eq!(bench.heads(), ["INVITE"]);
}
