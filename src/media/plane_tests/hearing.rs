use super::*;
use crate::base::digit::Digit;
use crate::base::limit::MEDIA_SILENCE_MAX;
use crate::media::session::HELD;
use crate::rtp::rtcp::{self, Block, SenderInfo};
use crate::rtp::telephone_event::Event;

fn key(code: u8, sequence: u16, timestamp: u32, duration: u16, end: bool) -> ([u8; 4], u16, u32) {
    (Event { code, end, volume: 10, duration }.octets(), sequence, timestamp)
}

fn press(bench: &mut Bench, payload_type: u8, (payload, sequence, timestamp): ([u8; 4], u16, u32)) {
    let marker = Event::parse(&payload).unwrap().duration == 160;
    let packet = Packet { marker, payload_type, sequence, timestamp, ssrc: 7, payload: &payload };
    bench.hear(1, PEER, &packet);
}

#[test]
fn a_key_is_reported_once_at_its_first_packet() {
    let mut bench = Bench::talking(terms());
    bench.hear(1, PEER, &audio(0));
    for n in 1..=5u16 {
        press(&mut bench, 101, key(4, 100 + n, 5_160, n * 160, n == 5));
        bench.run(20);
    }
    press(&mut bench, 101, key(4, 106, 5_160, 800, true));
    press(&mut bench, 101, key(4, 107, 5_160, 800, true));
    let digit = MediaEvent::Digit(id(1), Digit::from_char('4').unwrap());
    assert_eq!(bench.events().into_iter().filter(|event| **event == digit).count(), 1);
    assert_eq!(bench.happened(&digit), Some(0));
    // Under a payload type that was not agreed it is nothing; after a new agreement it is.
    press(&mut bench, 96, key(5, 108, 9_000, 160, false));
    bench.order(MediaCommand::Negotiate(id(1), Negotiated { telephone_event: Some(96), ..terms() }));
    press(&mut bench, 96, key(6, 109, 12_000, 160, false));
    let keys: Vec<_> =
        bench.events().into_iter().filter(|event| matches!(event, MediaEvent::Digit(..))).collect();
    assert_eq!(keys, [&digit, &MediaEvent::Digit(id(1), Digit::from_char('6').unwrap())]);
}

#[test]
fn what_was_not_agreed_is_dropped_and_counted() {
    let mut bench = Bench::talking(terms());
    bench.hear(1, PEER, &audio(0));
    for payload_type in [0, 3, 9, 18, 34, 100, 127] {
        bench.hear(1, PEER, &Packet { payload_type, ..audio(1) });
    }
    for rubbish in [&[][..], &[0x80], &[0xFF; 40], &[0x80; 11]] {
        bench.planes[0].packet(at(0), id(1), address(PEER), rubbish);
    }
    // Comfort noise is heard, as silence; an extension, sources and padding are no harm.
    bench.hear(1, PEER, &Packet { payload_type: 13, payload: &[40], ..audio(2) });
    let mut odd =
        vec![0xB1, 0x08, 0, 103, 0, 0, 0x15, 0x68, 0, 0, 0, 7, 0, 0, 0, 9, 0xBE, 0xDE, 0, 1, 1, 2, 3, 4];
    odd.extend([0x55; 160]);
    odd.extend([0, 0, 0, 4]);
    bench.planes[0].packet(at(0), id(1), address(PEER), &odd);
    bench.order(MediaCommand::Close(id(1)));
    let MediaEvent::Closed(_, report) = bench.events().pop().unwrap() else { panic!() };
    assert_eq!((report.received, report.dropped), (3, 11));
}

#[test]
fn a_sprayer_hears_nothing_and_is_not_heard() {
    let mut bench = Bench::talking(terms());
    bench.play(1, 1, vec![sound(80_000, 0)], true);
    bench.order(MediaCommand::Record {
        session: id(1),
        recording: RecordingId(1),
        longest: Duration::from_secs(60),
        silence: None,
        stop_on_digit: true,
    });
    for n in 0..500u32 {
        bench.hear(1, "192.0.2.66:666", &Packet { ssrc: 66, ..audio(n) });
        let payload = Event { code: 1, end: false, volume: 0, duration: 160 }.octets();
        let evil = Packet { payload_type: 101, payload: &payload, sequence: n as u16, ..audio(n * 9) };
        bench.hear(1, "192.0.2.66:666", &evil);
        if n >= 100 {
            bench.hear(1, PEER, &audio(n));
        }
        bench.run(20);
    }
    assert!(bench.sent.len() >= 490 && bench.sent.iter().all(|packet| packet.to == address(PEER)));
    assert!(bench.reports.iter().all(|(to, _)| to.ip() == address(PEER).ip()));
    assert!(!bench.events().iter().any(|event| matches!(event, MediaEvent::Digit(..))));
    bench.order(MediaCommand::Close(id(1)));
    let MediaEvent::Closed(_, report) = bench.events().pop().unwrap() else { panic!() };
    assert_eq!((report.received, report.dropped), (400, 1_000));
}

#[test]
fn a_nat_is_followed_and_a_new_address_starts_over() {
    let mut bench = Bench::talking(terms());
    for n in 0..5 {
        bench.hear(1, "203.0.113.9:61000", &audio(n));
        bench.run(20);
    }
    assert!(bench.happened(&MediaEvent::Locked(id(1), address("203.0.113.9:61000"))).is_some());
    bench.run(20);
    assert_eq!(bench.sent.last().unwrap().to, address("203.0.113.9:61000"));
    // The same answer again changes nothing; another address does, at once.
    bench.order(MediaCommand::Negotiate(id(1), terms()));
    bench.run(20);
    assert_eq!(bench.sent.last().unwrap().to, address("203.0.113.9:61000"));
    let moved = Negotiated { remote: address("192.0.2.7:7000"), ..terms() };
    bench.order(MediaCommand::Negotiate(id(1), moved));
    bench.run(20);
    let [.., before, after] = &bench.sent[..] else { panic!() };
    assert_eq!((after.to, after.ms - before.ms), (address("192.0.2.7:7000"), 20));
    bench.hear(1, "192.0.2.7:7000", &Packet { ssrc: 99, ..audio(3) });
    assert!(bench.happened(&MediaEvent::Locked(id(1), address("192.0.2.7:7000"))).is_some());
}

#[test]
fn a_dead_leg_is_noticed_unless_it_is_on_hold() {
    let mut bench = Bench::talking(terms());
    bench.run(1_000);
    bench.hear(1, PEER, &audio(0));
    bench.run(40_000);
    let near = |ms: Option<u64>, wanted: u64| ms.is_some_and(|ms| (wanted..=wanted + 20).contains(&ms));
    let quiet = |event: &&(u64, MediaEvent)| matches!(event.1, MediaEvent::Quiet(..));
    let told: Vec<u64> = bench.events.iter().filter(quiet).map(|(ms, _)| *ms).collect();
    assert!(near(told.first().copied(), 3_000) && told.len() == 19, "{told:?}");
    bench.events.retain(|event| !quiet(&event));
    assert!(near(bench.happened(&MediaEvent::Dead(id(1))), 1_000 + MEDIA_SILENCE_MAX.as_millis() as u64));
    assert_eq!(bench.events.len(), 3, "once each: {:?}", bench.events);
    // Whoever holds, nothing is expected; that it is on hold is told now and then, so that it can be asked whether it lives.
    for direction in [Direction::SEND_ONLY, Direction::RECEIVE_ONLY, Direction::INACTIVE] {
        let mut held = Bench::talking(Negotiated { direction, ..terms() });
        held.run(100_000);
        let asked = held.events.iter().filter(|(_, event)| *event == MediaEvent::Quiet(id(1), HELD)).count();
        assert!((19..=20).contains(&asked) && held.events.len() == asked + 1, "{:?}", held.events);
        held.events.clear();
        held.order(MediaCommand::Negotiate(id(1), terms()));
        held.run(1_900);
        assert_eq!(held.events, []);
        held.run(200);
        assert_eq!(held.events.len(), 1);
    }
}

#[test]
fn reports_of_the_peer_are_read_and_its_goodbye_ends_nothing() {
    let mut bench = Bench::talking(terms());
    bench.hear(1, PEER, &audio(0));
    bench.hear(1, PEER, &audio(3));
    bench.run(3_000);
    let our_report = rtcp::ntp(at(2_000));
    let block = Block {
        ssrc: 0xA001,
        lost: 12,
        last_report: rtcp::middle(our_report),
        delay: 65_536 / 2,
        ..Block::default()
    };
    let mut buffer = [0; 256];
    let sender = SenderInfo { ntp: rtcp::ntp(at(50)), timestamp: 0, packets: 0, octets: 0 };
    let length = rtcp::write(&mut buffer, 7, "peer", Some(sender), Some(block), true).unwrap();
    // A stranger's report is not believed; the peer's is.
    let forged = Block { lost: 999, ..block };
    let mut evil = [0; 256];
    let evil_length = rtcp::write(&mut evil, 7, "evil", Some(sender), Some(forged), true).unwrap();
    bench.planes[0].report(at(3_000), id(1), address(PEER), &buffer[..length]);
    bench.planes[0].report(at(3_000), id(1), address("192.0.2.66:1"), &evil[..evil_length]);
    bench.planes[0].packet(at(3_000), id(1), address(PEER), &[0x80, 0xC9, 0, 0]);
    bench.reports.clear();
    bench.run(10_000);
    let ours = rtcp::read(&bench.reports[0].1, 7).unwrap().about_us.unwrap();
    assert_eq!((ours.lost, ours.last_report), (2, rtcp::middle(rtcp::ntp(at(50)))));
    assert!(bench.sent.len() > 600);
    bench.order(MediaCommand::Close(id(1)));
    let MediaEvent::Closed(_, report) = bench.events().pop().unwrap() else { panic!() };
    assert_eq!((report.lost, report.lost_there, report.round_trip_us), (2, 12, 500_000));
}

#[test]
fn a_recording_ends_with_a_key_and_holds_what_was_said() {
    let mut bench = Bench::talking(terms());
    bench.order(MediaCommand::Record {
        session: id(1),
        recording: RecordingId(8),
        longest: Duration::from_secs(60),
        silence: Some(Duration::from_secs(4)),
        stop_on_digit: true,
    });
    let loud = [crate::audio::g711::encode(G711::Alaw, 8_000); 160];
    for n in 0..100 {
        bench.hear(1, PEER, &Packet { payload: &loud, ..audio(n) });
        bench.run(20);
    }
    press(&mut bench, 101, key(11, 200, 21_000, 160, false));
    let event = bench.events().into_iter().find(|event| matches!(event, MediaEvent::Recorded { .. }));
    let Some(MediaEvent::Recorded { recording, duration, speech, end, .. }) = event else { panic!() };
    assert_eq!((recording.0, *duration, *end), (8, Duration::from_secs(2), RecordingEnd::Digit(Digit::HASH)));
    assert!(*speech >= Duration::from_millis(1_900));
    assert_eq!(bench.recorded.len(), 16_000);
    // A recorder that fails ends a recording too.
    bench.order(MediaCommand::Record {
        session: id(1),
        recording: RecordingId(9),
        longest: Duration::from_secs(60),
        silence: None,
        stop_on_digit: false,
    });
    bench.planes[0].recorder_failed(RecordingId(9));
    bench.drain();
    assert!(matches!(bench.events()[..], [.., MediaEvent::Recorded { end: RecordingEnd::Failed, .. }]));
}

/// A phone whose offer names no telephone-event presses its keys in the sound; one that sends events all the same needs no ear.
#[test]
fn keys_in_the_sound_are_heard_of_a_peer_that_has_no_other_way() {
    let four: Vec<u8> = crate::audio::tone::tone(&[770.0, 1_209.0], Duration::from_millis(100), -9.0)
        .into_iter()
        .map(|sample| crate::audio::g711::encode(G711::Alaw, sample))
        .collect();
    let keys = |telephone_event, event_first: bool| {
        let mut bench = Bench::talking(Negotiated { telephone_event, stray_event: Some(101), ..terms() });
        bench.hear(1, PEER, &audio(0));
        if event_first {
            press(&mut bench, 101, key(9, 1, 5_160, 160, true));
        }
        for (n, payload) in four.chunks(160).chain(std::iter::repeat_n(&[0xD5; 160][..], 3)).enumerate() {
            let packet = audio(10 + n as u32);
            bench.hear(1, PEER, &Packet { payload, ..packet });
            bench.run(20);
        }
        let digit = |event: &&MediaEvent| match event {
            MediaEvent::Digit(_, digit) => Some(digit.as_char()),
            _ => None,
        };
        bench.events().iter().filter_map(digit).collect::<String>()
    };
    assert_eq!(keys(None, false), "4");
    assert_eq!(
        keys(Some(101), false),
        "",
        "who has agreed on events is not listened to: a voice could press keys"
    );
    assert_eq!(keys(None, true), "9");
}
