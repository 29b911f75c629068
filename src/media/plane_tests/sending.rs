use super::*;
use crate::base::digit::Digit;
use crate::base::limit::MEDIA_SILENCE_MAX;
use crate::rtp::telephone_event::{Event, Receiver};

#[test]
fn a_prompt_leaves_bit_by_bit_and_evenly() {
    for (codec, ptime_ms) in [
        (G711::Alaw, 20u8),
        (G711::Ulaw, 20),
        (G711::Alaw, 10),
        (G711::Alaw, 30),
        (G711::Ulaw, 40),
        (G711::Alaw, 60),
    ] {
        let mut bench =
            Bench::talking(Negotiated { codec, payload_type: codec.payload_type(), ptime_ms, ..terms() });
        let sounds = [sound(3_333, 1), sound(1, 2), sound(4_806, 3)];
        bench.play(1, 5, sounds.to_vec(), false);
        bench.run(1_500);
        let samples = usize::from(ptime_ms) * 8;
        let whole: Vec<u8> = sounds
            .iter()
            .flat_map(|sound| if codec == G711::Alaw { sound.alaw.to_vec() } else { sound.ulaw.to_vec() })
            .collect();
        let heard: Vec<u8> = bench.sent.iter().flat_map(|packet| packet.payload.clone()).collect();
        assert_eq!(heard[..whole.len()], whole[..], "{codec:?} {ptime_ms} ms");
        assert!(heard[whole.len()..].iter().all(|&octet| octet == crate::audio::g711::silence(codec)));
        for pair in bench.sent.windows(2) {
            assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
            assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(samples as u32));
            assert_eq!(pair[1].ms - pair[0].ms, u64::from(ptime_ms));
            assert_eq!(pair[1].payload.len(), samples);
            assert!(!pair[1].marker);
        }
        assert!(bench.sent[0].marker && bench.sent.iter().all(|packet| packet.ssrc == 0xA001));
        let packets = whole.len().div_ceil(samples);
        let (first, last) = (bench.sent[0].ms, bench.sent[packets - 1].ms);
        assert_eq!(bench.happened(&MediaEvent::Started(id(1), PlayId(5), at(first))), Some(first));
        let played = MediaEvent::Played { session: id(1), play: PlayId(5), at: at(last), finished: true };
        assert_eq!(bench.happened(&played), Some(last));
        assert!(first <= 20, "{first}");
    }
}

#[test]
fn a_stopped_prompt_is_silent_within_a_tick() {
    let mut bench = Bench::talking(terms());
    bench.play(1, 1, vec![sound(80_000, 1)], true);
    bench.run(207);
    bench.order(MediaCommand::Stop(id(1)));
    let after = bench.sent.len();
    bench.run(100);
    assert_eq!(bench.sent[after..].len(), 5);
    assert!(bench.sent[after..].iter().all(|packet| packet.payload == [0xD5; 160] && !packet.marker));
    // Another prompt begins at once, with a marker, in the same stream.
    bench.play(1, 2, vec![sound(160, 9)], false);
    bench.play(1, 3, vec![sound(160, 8)], false);
    bench.run(20);
    let last = bench.sent.last().unwrap();
    assert!(last.marker && last.payload == sound(160, 8).alaw.to_vec());
    let ends: Vec<_> = bench
        .events()
        .into_iter()
        .filter_map(|event| match event {
            MediaEvent::Played { play, finished, .. } => Some((play.0, *finished)),
            _ => None,
        })
        .collect();
    assert_eq!(ends, [(1, false), (2, false), (3, true)]);
}

#[test]
fn an_empty_prompt_is_over_with_the_next_packet() {
    let mut bench = Bench::talking(terms());
    bench.play(1, 4, vec![], true);
    bench.run(20);
    assert!(matches!(
        bench.events()[..],
        [_, MediaEvent::Started(..), MediaEvent::Played { finished: true, .. }]
    ));
}

#[test]
fn nothing_leaves_before_the_answer_nor_on_hold() {
    let mut bench = Bench::new();
    bench.order(MediaCommand::open(id(1), address(LOCAL), 1));
    bench.play(1, 1, vec![sound(800, 1)], false);
    bench.run(500);
    assert!(bench.sent.is_empty());
    bench.order(MediaCommand::Negotiate(id(1), terms()));
    bench.run(40);
    assert_eq!(bench.sent.len(), 2);
    for direction in [Direction::INACTIVE, Direction::RECEIVE_ONLY] {
        bench.order(MediaCommand::Negotiate(id(1), Negotiated { direction, ..terms() }));
        bench.order(MediaCommand::SendDigit(id(1), Digit::STAR));
        let before = bench.sent.len();
        bench.run(1_000);
        assert_eq!(bench.sent.len(), before);
    }
    // Back: the prompt goes on where it was, the clock has moved on, a marker says so.
    bench.order(MediaCommand::Negotiate(id(1), terms()));
    bench.run(60);
    let prompt = sound(800, 1).alaw.clone();
    let [.., before, after, _, _] = &bench.sent[..] else { panic!() };
    assert_eq!((&after.payload[..], after.marker), (&prompt[320..480], true));
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    assert_eq!(u64::from(after.timestamp.wrapping_sub(before.timestamp)) / 8, after.ms - before.ms);
    // A peer without an address gets nothing.
    bench.order(MediaCommand::Negotiate(id(1), Negotiated { remote: address("0.0.0.0:4000"), ..terms() }));
    let before = bench.sent.len();
    bench.run(200);
    assert_eq!(bench.sent.len(), before);
}

#[test]
fn a_stall_sends_what_is_little_late_and_jumps_over_the_rest() {
    let mut bench = Bench::talking(terms());
    bench.play(1, 1, vec![sound(80_000, 1)], false);
    bench.run(100);
    // Two ticks missed: three packets at once, each with its own timestamp.
    let before = bench.sent.len();
    bench.ms += 60;
    bench.wake();
    let late = &bench.sent[before - 1..];
    assert_eq!(late.len(), 4);
    assert!(late.windows(2).all(|pair| pair[1].timestamp == pair[0].timestamp.wrapping_add(160)));
    // Half a second missed: one packet, whose timestamp stands where the clock stands.
    let before = bench.sent.len();
    bench.ms += 500;
    bench.wake();
    let [last, jumped] = &bench.sent[before - 1..] else { panic!("{:?}", bench.sent.len()) };
    assert_eq!((jumped.sequence, jumped.marker), (last.sequence.wrapping_add(1), true));
    assert_eq!(jumped.timestamp.wrapping_sub(last.timestamp), 4_000);
    // Nothing of the prompt was left out, and from here on all is even again.
    bench.run(1_000);
    let heard: Vec<u8> = bench.sent.iter().flat_map(|packet| packet.payload.clone()).collect();
    assert_eq!(heard[..], sound(80_000, 1).alaw[..heard.len()]);
    let even = |pair: &[Left]| pair[1].ms - pair[0].ms == 20;
    assert!(bench.sent[before + 1..].windows(2).all(even));
}

#[test]
fn keys_are_sent_between_the_words() {
    let mut bench = Bench::talking(terms());
    bench.play(1, 1, vec![sound(16_000, 1)], false);
    bench.run(100);
    bench.order(MediaCommand::SendDigit(id(1), Digit::from_char('4').unwrap()));
    bench.order(MediaCommand::SendDigit(id(1), Digit::HASH));
    bench.run(3_000);
    let mut receiver = Receiver::new();
    let mut keys = String::new();
    for packet in bench.sent.iter().filter(|packet| packet.payload_type == 101) {
        let heard = receiver.packet(at(packet.ms), packet.marker, packet.timestamp, &packet.payload);
        keys.extend(heard.map(Digit::as_char));
    }
    assert_eq!(keys, "4#");
    assert!(bench.sent.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)));
    let spoken = bench.sent.iter().filter(|packet| packet.payload_type == 8);
    let heard: Vec<u8> = spoken.flat_map(|packet| packet.payload.clone()).collect();
    assert_eq!(heard[..16_000], sound(16_000, 1).alaw[..]);
    let first = bench.sent.iter().find(|packet| packet.payload_type == 101).unwrap();
    assert!(first.marker && Event::parse(&first.payload).unwrap().duration == 160);
    // A peer that has no telephone-event hears nothing of it.
    let mut deaf = Bench::talking(Negotiated { telephone_event: None, ..terms() });
    deaf.order(MediaCommand::SendDigit(id(1), Digit::HASH));
    deaf.run(200);
    assert!(deaf.sent.iter().all(|packet| packet.payload_type == 8));
}

#[test]
fn reports_leave_every_five_seconds_or_so() {
    let mut bench = Bench::talking(terms());
    bench.hear(1, PEER, &audio(0));
    bench.run(60_000);
    assert!((8..=16).contains(&bench.reports.len()), "{}", bench.reports.len());
    assert!(bench.reports.iter().all(|(to, report)| *to == address("203.0.113.9:4001") && report[1] == 200));
    // One port for both: reports go where packets go.
    let mut muxed = Bench::talking(Negotiated { remote_rtcp: address(PEER), ..terms() });
    let mut octets = 0;
    for _ in 0..10_000 {
        muxed.ms += 1;
        while let Some(session) = muxed.planes[0].due(at(muxed.ms)) {
            muxed.planes[0].tick(at(muxed.ms), session);
            loop {
                match muxed.planes[0].poll() {
                    MediaOutput::Transmit { channel, to, octets: datagram, .. } => {
                        assert_eq!((channel, to), (Channel::Rtp, address(PEER)));
                        octets += usize::from(is_rtcp(datagram));
                    }
                    MediaOutput::Sleep(_) => break,
                    _ => {}
                }
            }
        }
    }
    assert!(octets >= 1);
}

#[test]
fn a_thousand_sessions_share_the_milliseconds() {
    let mut bench = Bench::new();
    for serial in 0..1_000 {
        bench.open(serial, terms());
    }
    bench.run(100);
    bench.sent.clear();
    bench.run(20);
    assert_eq!(bench.sent.len(), 1_000);
    for ms in bench.ms - 19..=bench.ms {
        assert_eq!(bench.sent.iter().filter(|packet| packet.ms == ms).count(), 50);
    }
}

/// A session whose SIP comes from `signalled`, with a peer that SDP names.
fn guarded(signalled: &str, remote: &str) -> Bench {
    let mut bench = Bench::new();
    let (session, signalled) = (id(1), Some(address(signalled).ip()));
    let silence_max = MEDIA_SILENCE_MAX;
    bench.order(MediaCommand::Open { session, local: address(LOCAL), ssrc: 1, signalled, silence_max });
    let remote = address(remote);
    let remote_rtcp = SocketAddr::new(remote.ip(), remote.port() + 1);
    bench.order(MediaCommand::Negotiate(session, Negotiated { remote, remote_rtcp, ..terms() }));
    bench
}

#[test]
fn before_the_ack_only_the_address_of_its_sip_gets_anything() {
    let mut bench = guarded("203.0.113.9:5060", "192.0.2.66:4000");
    bench.play(1, 1, vec![sound(1_600, 1)], false);
    bench.run(30_000);
    assert!(bench.sent.is_empty() && bench.reports.is_empty(), "a third party");
    // The prompt has waited.
    bench.order(MediaCommand::Confirm(id(1)));
    bench.run(40);
    assert_eq!(&bench.sent[0].payload[..], &sound(1_600, 1).alaw[..160]);
    let mut bench = guarded("203.0.113.9:5060", "203.0.113.9:4000");
    bench.run(100);
    assert_eq!(bench.sent.len(), 5);
}

#[test]
fn an_address_that_says_nothing_is_on_probation() {
    let mut bench = guarded("203.0.113.9:5060", "192.0.2.66:4000");
    bench.order(MediaCommand::Confirm(id(1)));
    bench.run(20_000);
    assert!((495..=501).contains(&bench.sent.len()), "{} packets", bench.sent.len());
    assert!(
        bench.reports.iter().all(|(to, _)| to.ip() == address("192.0.2.66:1").ip())
            && bench.reports.len() <= 4
    );
    // It speaks: it is heard, and hears.
    bench.hear(1, "192.0.2.66:4000", &audio(0));
    let before = bench.sent.len();
    bench.run(60_000);
    assert!(bench.sent.len() - before >= 2_990);
    // Another third party, by a new offer, has its own.
    let (remote, remote_rtcp) = (address("192.0.2.77:4000"), address("192.0.2.77:4001"));
    bench.order(MediaCommand::Negotiate(id(1), Negotiated { remote, remote_rtcp, ..terms() }));
    let before = bench.sent.len();
    bench.run(20_000);
    assert!((495..=501).contains(&(bench.sent.len() - before)), "{} packets", bench.sent.len() - before);
}
