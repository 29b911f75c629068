//! Offer and answer together, on whole bodies.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::negotiate::Refusal;
use super::*;
use crate::base::codec::{Direction, G711, Negotiated};

const OURS: Local =
    Local { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), port: 30_000, session_id: 7, version: 1 };

fn answered(offer: &str) -> Result<(String, Negotiated), Refusal> {
    let (body, negotiated) = answer(&parse(offer.as_bytes())?, &OURS, &G711::PREFERRED)?;
    Ok((String::from_utf8(body).unwrap(), negotiated))
}

/// An offer of one medium at 198.51.100.1.
fn offered(media: &str) -> Result<(String, Negotiated), Refusal> {
    answered(&format!("v=0\no=- 1 1 IN IP4 198.51.100.1\ns=-\nc=IN IP4 198.51.100.1\nt=0 0\n{media}"))
}

fn m_lines(body: &str) -> Vec<&str> {
    body.lines().filter(|line| line.starts_with("m=")).collect()
}

#[test]
fn baresip_gets_alaw_and_its_video_is_refused() {
    let (body, negotiated) = answered(bodies::BARESIP).unwrap();
    assert_eq!(
        body,
        "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
         m=audio 30000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
         a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\nm=video 0 RTP/AVP 99\r\n"
    );
    let expected = Negotiated {
        remote: "198.51.100.7:21058".parse().unwrap(),
        remote_rtcp: "198.51.100.7:21059".parse().unwrap(),
        codec: G711::Alaw,
        payload_type: G711::Alaw.payload_type(),
        stray_event: Some(102),
        telephone_event: Some(101),
        ptime_ms: 20,
        direction: Direction::BOTH,
    };
    assert_eq!(negotiated, expected);
}

#[test]
fn linphone_gets_its_protocol_its_mux_and_the_event_of_our_clock() {
    let (body, negotiated) = answered(bodies::LINPHONE).unwrap();
    assert_eq!(m_lines(&body), ["m=audio 30000 RTP/AVPF 8 100", "m=text 0 RTP/AVP 98"]);
    assert!(body.contains("a=rtcp-mux\r\n"));
    assert_eq!(negotiated.telephone_event, Some(100));
    assert_eq!(negotiated.remote_rtcp, negotiated.remote);
}

#[test]
fn sipp_gets_mulaw_without_events() {
    let (body, negotiated) = answered(bodies::SIPP).unwrap();
    assert_eq!(m_lines(&body), ["m=audio 30000 RTP/AVP 0"]);
    assert_eq!((negotiated.codec, negotiated.telephone_event), (G711::Ulaw, None));
    assert_eq!(negotiated.remote_rtcp, "127.0.0.1:6001".parse().unwrap());
}

#[test]
fn asterisk_and_a_relayed_trunk_get_alaw() {
    assert_eq!(m_lines(&answered(bodies::ASTERISK).unwrap().0), ["m=audio 30000 RTP/AVP 8 101"]);
    let (body, negotiated) = answered(bodies::RELAYED_TRUNK).unwrap();
    assert_eq!(m_lines(&body), ["m=audio 30000 RTP/AVP 8 96"]);
    assert_eq!(negotiated.remote, "192.0.2.200:41022".parse().unwrap());
}

#[test]
fn of_two_audios_the_plain_one_is_taken() {
    let (body, negotiated) = answered(bodies::SECURE_THEN_PLAIN).unwrap();
    let lines = ["m=audio 0 RTP/SAVP 8", "m=audio 30000 RTP/AVP 8 101", "m=image 0 udptl t38"];
    assert_eq!(m_lines(&body), lines);
    assert_eq!(negotiated.remote.port(), 5002);
}

/// An answer stays small whatever the offer repeats.
#[test]
fn refused_media_keep_one_format() {
    let formats = "99 ".repeat(5_000);
    let (body, _) = offered(&format!("m=video 4000 RTP/AVP {formats}\nm=audio 4000 RTP/AVP 8\n")).unwrap();
    assert_eq!(m_lines(&body), ["m=video 0 RTP/AVP 99", "m=audio 30000 RTP/AVP 8"]);
}

#[test]
fn refusals_say_why() {
    assert_eq!(answered(bodies::BROWSER).unwrap_err(), Refusal::Transport);
    for (media, why) in [
        ("", Refusal::NoAudio),
        ("m=audio 0 RTP/AVP 8\n", Refusal::NoAudio),
        ("m=video 4000 RTP/AVP 8\n", Refusal::NoAudio),
        ("m=audio 4000 TCP/Carrier-Pigeon 8\n", Refusal::Transport),
        ("m=audio 4000 RTP/AVP 18\n", Refusal::NoCodec),
        // A dynamic payload type without rtpmap, and G.711 at clocks and channels that are not its own.
        ("m=audio 4000 RTP/AVP 96 8\na=rtpmap:8 PCMA/0\n", Refusal::NoCodec),
        ("m=audio 4000 RTP/AVP 8 0\na=rtpmap:8 PCMA/16000\na=rtpmap:0 PCMU/8000/2\n", Refusal::NoCodec),
        ("m=audio 4000 RTP/AVP 264 -8 8.0 eight\n", Refusal::NoCodec),
        ("m=audio 4000 RTP/AVP 8\nc=IN IP4 media.example.com\n", Refusal::Address),
        ("m=audio 4000 RTP/AVP 8\nc=IN IP4 224.2.1.1/127\n", Refusal::Address),
        ("m=audio 4000 RTP/AVP 8\nc=IN IP4 255.255.255.255\n", Refusal::Address),
        ("m=audio 4000 RTP/AVP 8\nc=IN IP6 2001:db8::5\n", Refusal::Address),
    ] {
        assert_eq!(offered(media).unwrap_err(), why, "{media}");
    }
    assert_eq!(answered("v=0\nm=audio 4000 RTP/AVP 8\n").unwrap_err(), Refusal::Address);
    assert_eq!(answered("hello").unwrap_err(), Refusal::Unreadable(SdpError::NotSdp));
}

#[test]
fn holding_is_mirrored() {
    for (line, ours, said) in [
        ("a=sendrecv", Direction::BOTH, "a=sendrecv\r\n"),
        ("a=sendonly", Direction::RECEIVE_ONLY, "a=recvonly\r\n"),
        ("a=recvonly", Direction::SEND_ONLY, "a=sendonly\r\n"),
        ("a=inactive", Direction::INACTIVE, "a=inactive\r\n"),
        // RFC 3264 §8.4, the older hold: nothing may be sent to 0.0.0.0.
        ("c=IN IP4 0.0.0.0", Direction::RECEIVE_ONLY, "a=recvonly\r\n"),
        ("c=IN IP4 0.0.0.0\na=inactive", Direction::INACTIVE, "a=inactive\r\n"),
    ] {
        let (body, negotiated) = offered(&format!("m=audio 4000 RTP/AVP 8\n{line}\n")).unwrap();
        assert_eq!(negotiated.direction, ours, "{line}");
        assert!(body.contains(said), "{line}: {body}");
    }
}

#[test]
fn packet_times_are_ones_that_we_can_send() {
    for (lines, ms) in [
        ("", 20),
        ("a=ptime:10\n", 10),
        ("a=ptime:30\n", 30),
        ("a=ptime:40\n", 40),
        ("a=ptime:50\n", 40),
        ("a=ptime:60\n", 60),
        ("a=ptime:4294967295\n", 60),
        ("a=ptime:5\n", 10),
        ("a=ptime:0\n", 20),
        ("a=ptime:-20\n", 20),
        ("a=ptime\n", 20),
        ("a=ptime:30\na=maxptime:20\n", 20),
        ("a=maxptime:10\n", 10),
    ] {
        let (body, negotiated) = offered(&format!("m=audio 4000 RTP/AVP 8\n{lines}")).unwrap();
        assert_eq!(negotiated.ptime_ms, ms, "{lines}");
        assert!(body.contains(&format!("a=ptime:{ms}\r\n")));
    }
}

#[test]
fn telephone_event_needs_our_clock_and_a_payload_type_of_its_own() {
    for (formats, maps, event) in [
        ("8 101", "a=rtpmap:101 telephone-event/8000\n", Some(101)),
        ("8 97 98", "a=rtpmap:97 telephone-event/16000\na=rtpmap:98 TELEPHONE-EVENT/8000/1\n", Some(98)),
        ("8 101", "a=rtpmap:101 telephone-event/48000\n", None),
        ("8 101", "a=rtpmap:101 telephone-event/0\n", None),
        ("8", "a=rtpmap:101 telephone-event/8000\n", None),
        ("8 0", "a=rtpmap:0 telephone-event/8000\n", None),
        ("8 72", "a=rtpmap:72 telephone-event/8000\n", None),
        ("8 200", "a=rtpmap:200 telephone-event/8000\n", None),
        // Only its list of events says what it is.
        ("8 101", "a=fmtp:101 0-15\n", Some(101)),
        ("8 96", "a=fmtp:96 0-15,32\n", Some(96)),
        ("8 96", "a=fmtp:96 mode=30\n", None),
        ("8 96", "a=rtpmap:96 opus/48000/2\na=fmtp:96 0-15\n", None),
    ] {
        let (_, negotiated) = offered(&format!("m=audio 4000 RTP/AVP {formats}\n{maps}")).unwrap();
        assert_eq!(negotiated.telephone_event, event, "{formats} {maps}");
    }
}

#[test]
fn rtcp_goes_where_the_peer_says() {
    for (line, rtcp) in [
        ("", "198.51.100.1:4001"),
        ("a=rtcp:5000\n", "198.51.100.1:5000"),
        ("a=rtcp:5000 IN IP4 198.51.100.9\n", "198.51.100.9:5000"),
        ("a=rtcp:5000 IN IP6 2001:db8::1\n", "198.51.100.1:5000"),
        ("a=rtcp:0\n", "198.51.100.1:4001"),
        ("a=rtcp-mux\na=rtcp:5000\n", "198.51.100.1:4000"),
    ] {
        let (_, negotiated) = offered(&format!("m=audio 4000 RTP/AVP 8\n{line}")).unwrap();
        assert_eq!(negotiated.remote_rtcp, rtcp.parse().unwrap(), "{line}");
    }
    let (_, negotiated) = offered("m=audio 65535 RTP/AVP 8\n").unwrap();
    assert_eq!(negotiated.remote_rtcp.port(), 65_535);
}

#[test]
fn ipv6_is_answered_in_ipv6() {
    let ours = Local { address: IpAddr::V6(Ipv6Addr::LOCALHOST), ..OURS };
    let offer = parse(b"v=0\nc=IN IP6 2001:db8::5\nt=0 0\nm=audio 4000 RTP/AVP 8\n").unwrap();
    let (body, negotiated) = answer(&offer, &ours, &G711::PREFERRED).unwrap();
    assert!(String::from_utf8(body).unwrap().contains("c=IN IP6 ::1\r\n"));
    assert_eq!(negotiated.remote, "[2001:db8::5]:4000".parse().unwrap());
}

#[test]
fn the_preferred_codec_wins_and_a_running_call_keeps_its_own() {
    let offer = parse(b"v=0\nc=IN IP4 198.51.100.1\nm=audio 4000 RTP/AVP 0 8\n").unwrap();
    assert_eq!(answer(&offer, &OURS, &G711::PREFERRED).unwrap().1.codec, G711::Alaw);
    assert_eq!(answer(&offer, &OURS, &[G711::Ulaw, G711::Alaw]).unwrap().1.codec, G711::Ulaw);
    assert_eq!(answer(&offer, &OURS, &[]).unwrap_err(), Refusal::NoCodec);
}

#[test]
fn the_version_goes_up_only_when_our_answer_changes() {
    let talking = parse(bodies::ASTERISK.as_bytes()).unwrap();
    let held = parse(bodies::ASTERISK.replace("sendrecv", "sendonly").as_bytes()).unwrap();
    let mut ours = OURS;
    let (first, _) = answer(&talking, &ours, &G711::PREFERRED).unwrap();
    let (refresh, _) = reanswer(&talking, &mut ours, &G711::PREFERRED, &first).unwrap();
    assert_eq!((refresh == first, ours.version), (true, 1));
    let (hold, negotiated) = reanswer(&held, &mut ours, &G711::PREFERRED, &refresh).unwrap();
    assert_eq!((ours.version, negotiated.direction), (2, Direction::RECEIVE_ONLY));
    assert!(String::from_utf8_lossy(&hold).contains("o=- 7 2 IN IP4"));
    let nothing = parse(b"v=0\nm=audio 0 RTP/AVP 8\n").unwrap();
    assert_eq!(reanswer(&nothing, &mut ours, &G711::PREFERRED, &hold).unwrap_err(), Refusal::NoAudio);
    let (back, _) = reanswer(&talking, &mut ours, &G711::PREFERRED, &hold).unwrap();
    assert_eq!(ours.version, 3);
    assert_eq!(String::from_utf8_lossy(&back).replace("o=- 7 3", "o=- 7 1").into_bytes(), first);
}

#[test]
fn an_answer_may_list_more_and_number_events_otherwise() {
    let answer = "v=0\no=- 1 1 IN IP4 198.51.100.1\ns=-\nc=IN IP4 198.51.100.1\nt=0 0\n\
        m=audio 4000 RTP/AVP 0 8 96\na=rtpmap:96 telephone-event/8000\na=rtcp-mux\na=ptime:30\n";
    let accept = |codecs: &[G711], way| accept_answer(&OURS, codecs, way, answer.as_bytes());
    let negotiated = accept(&G711::PREFERRED, Direction::BOTH).unwrap();
    assert_eq!((negotiated.codec, negotiated.telephone_event), (G711::Ulaw, Some(96)));
    assert_eq!((negotiated.ptime_ms, negotiated.remote_rtcp.port()), (30, 4001));
    assert_eq!(accept(&[G711::Alaw], Direction::BOTH).unwrap().codec, G711::Alaw);
    // Both ways in answer to less: no more than we offered.
    let held = accept(&G711::PREFERRED, Direction::SEND_ONLY).unwrap();
    assert_eq!(held.direction, Direction::SEND_ONLY);
}

#[test]
fn an_answer_that_refuses_is_a_refusal() {
    let accept = |answer: &str| accept_answer(&OURS, &G711::PREFERRED, Direction::BOTH, answer.as_bytes());
    let with = |media: &str| accept(&format!("v=0\nc=IN IP4 198.51.100.1\n{media}\n"));
    assert_eq!(with("m=audio 0 RTP/AVP 8").unwrap_err(), Refusal::NoAudio);
    assert_eq!(with("m=audio 4000 RTP/AVP 18").unwrap_err(), Refusal::NoCodec);
    assert_eq!(with("m=video 4000 RTP/AVP 8\nm=audio 4000 RTP/AVP 8").unwrap_err(), Refusal::NoAudio);
    assert_eq!(with("").unwrap_err(), Refusal::NoAudio);
    assert_eq!(accept("").unwrap_err(), Refusal::Unreadable(SdpError::Empty));
}

/// Drawn once by the property below: the answer said `m=audio` for it.
#[test]
fn a_medium_that_is_no_audio_to_the_letter_is_refused_as_it_stands() {
    let offer = |media: &str| parse(format!("v=0\nc=IN IP4 198.51.100.1\n{media}\n").as_bytes()).unwrap();
    let answered = |media: &str| answer(&offer(media), &OURS, &G711::PREFERRED);
    assert_eq!(answered("m=audIo 4000 RTP/AVP 8").unwrap_err(), Refusal::NoAudio);
    let (body, _) = answered("m=audIo 4000 RTP/AVP 8\nm=audio 4002 RTP/AVP 8").unwrap();
    let kinds = parse(&body).unwrap().media.into_iter().map(|media| (media.kind, media.port));
    assert_eq!(kinds.collect::<Vec<_>>(), [("audIo".to_owned(), 0), ("audio".to_owned(), OURS.port)]);
}

const SEEDS: [&str; 7] = [
    bodies::BARESIP,
    bodies::LINPHONE,
    bodies::SIPP,
    bodies::ASTERISK,
    bodies::RELAYED_TRUNK,
    bodies::BROWSER,
    bodies::SECURE_THEN_PLAIN,
];

fn directions() -> impl Strategy<Value = Direction> {
    (any::<bool>(), any::<bool>()).prop_map(|(send, receive)| Direction { send, receive })
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    #[test]
    fn mutated_bodies_do_no_harm_and_answers_keep_the_media(
        seed in 0..SEEDS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..12),
    ) {
        let mut body = SEEDS[seed].as_bytes().to_vec();
        for (place, octet, what) in edits {
            let place = place.index(body.len());
            match what {
                0 => body[place] = octet,
                1 => body.insert(place, octet),
                2 => { body.remove(place); }
                // Half of a line, again: duplicate lines and attributes.
                _ => { let part = body[place..(place + 24).min(body.len())].to_vec(); body.splice(place..place, part); }
            }
        }
        let Ok(offer) = parse(&body) else { return Ok(()) };
        let _ = accept_answer(&OURS, &G711::PREFERRED, Direction::BOTH, &body);
        let Ok((answer, negotiated)) = answer(&offer, &OURS, &G711::PREFERRED) else { return Ok(()) };
        let ours = parse(&answer).unwrap();
        prop_assert_eq!(ours.media.len(), offer.media.len());
        prop_assert_eq!(ours.media.iter().filter(|media| media.port != 0).count(), 1);
        for (ours, theirs) in ours.media.iter().zip(&offer.media) {
            prop_assert_eq!((&ours.kind, &ours.protocol), (&theirs.kind, &theirs.protocol));
        }
        prop_assert!(negotiated.remote.port() != 0 && negotiated.remote.is_ipv4());
        prop_assert!(matches!(negotiated.ptime_ms, 10 | 20 | 30 | 40 | 60));
        prop_assert!(!(negotiated.direction.send && negotiated.remote.ip().is_unspecified()));
    }

    #[test]
    fn two_of_us_agree(port in 1..=u16::MAX, way in directions(), first in 0..2_usize, one in any::<bool>()) {
        let caller = Local { address: IpAddr::from([198, 51, 100, 1]), port, session_id: 9, version: 3 };
        let mut codecs = G711::PREFERRED.to_vec();
        codecs.rotate_left(first);
        codecs.truncate(if one { 1 } else { 2 });
        let session = parse(&offer(&caller, &codecs, way)).unwrap();
        let (body, callee) = answer(&session, &OURS, &G711::PREFERRED).unwrap();
        let caller = accept_answer(&caller, &codecs, way, &body).unwrap();
        prop_assert_eq!((caller.codec, caller.ptime_ms), (callee.codec, callee.ptime_ms));
        prop_assert_eq!((caller.telephone_event, callee.telephone_event), (Some(101), Some(101)));
        prop_assert_eq!(caller.direction, way);
        prop_assert_eq!(callee.direction, Direction { send: way.receive, receive: way.send });
        prop_assert_eq!((caller.remote.port(), callee.remote.port()), (OURS.port, port));
    }
}

#[test]
fn keys_are_heard_at_the_event_that_was_not_taken_too() {
    for (formats, maps, taken, stray) in [
        (
            "8 101 102",
            "a=rtpmap:101 telephone-event/8000\na=rtpmap:102 telephone-event/48000\n",
            Some(101),
            Some(102),
        ),
        (
            "8 102 101",
            "a=rtpmap:101 telephone-event/8000\na=rtpmap:102 telephone-event/48000\n",
            Some(101),
            Some(102),
        ),
        ("8 102", "a=rtpmap:102 telephone-event/48000\n", None, Some(102)),
        ("8", "", None, Some(101)),
        ("8 101", "a=rtpmap:101 opus/48000/2\n", None, None),
    ] {
        let (body, negotiated) = offered(&format!("m=audio 4000 RTP/AVP {formats}\n{maps}")).unwrap();
        assert_eq!((negotiated.telephone_event, negotiated.stray_event), (taken, stray), "{formats} {maps}");
        assert_eq!(body.contains("telephone-event"), taken.is_some(), "what is not taken is not answered");
    }
}

#[test]
fn g711_may_have_a_payload_type_of_its_own() {
    for (formats, maps, wanted) in [
        ("96", "a=rtpmap:96 PCMA/8000\n", Some((G711::Alaw, 96))),
        ("97 96", "a=rtpmap:96 pcma/8000/1\na=rtpmap:97 PCMU/8000\n", Some((G711::Alaw, 96))),
        ("96 8", "a=rtpmap:96 PCMA/8000\n", Some((G711::Alaw, 96))),
        ("96", "a=rtpmap:96 PCMA/16000\n", None),
        ("96", "", None),
        ("0", "a=rtpmap:0 PCMA/8000\n", None),
    ] {
        let settled = offered(&format!("m=audio 4000 RTP/AVP {formats}\n{maps}"));
        let got = settled.as_ref().ok().map(|(_, it)| (it.codec, it.payload_type));
        assert_eq!(got, wanted, "{formats} {maps}");
        if let (Ok((body, _)), Some((_, payload_type))) = (settled, wanted) {
            assert!(body.contains(&format!("RTP/AVP {payload_type}\r\n")), "{body}");
        }
    }
}
