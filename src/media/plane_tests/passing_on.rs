use super::*;
use crate::audio::g711;
use crate::base::digit::Digit;
use crate::rtp::telephone_event::{Event, Receiver};

const AGENT: &str = "203.0.113.50:6000";
/// What `audio` says, in mu-law.
const HEARD: u8 = 0x7E;

/// A caller in A-law and an agent in mu-law with another payload type for keys, joined.
fn joined() -> Bench {
    let mut bench = Bench::talking(terms());
    let agent = Negotiated {
        remote: address(AGENT),
        remote_rtcp: address("203.0.113.50:6001"),
        codec: G711::Ulaw,
        payload_type: G711::Ulaw.payload_type(),
        telephone_event: Some(96),
        ..terms()
    };
    bench.open(2, agent);
    bench.run(100);
    bench.hears(1, &[2]);
    bench.hears(2, &[1]);
    bench.sent.clear();
    bench
}

fn tone(law: G711, n: u32) -> Vec<u8> {
    let sample = |k: u32| (f64::from(n * 160 + k) * 0.3).sin() * 8_000.0;
    (0..160).map(|k| g711::encode(law, sample(k) as i16)).collect()
}

#[test]
fn each_hears_the_other_in_its_own_codec_as_one_stream() {
    let mut bench = joined();
    for n in 0..200u32 {
        let (caller, agent) = (tone(G711::Alaw, n), tone(G711::Ulaw, n));
        bench.hear(1, PEER, &Packet { payload: &caller, ..audio(n) });
        bench.hear(2, AGENT, &Packet { payload_type: 0, ssrc: 40, payload: &agent, ..audio(n) });
        bench.run(20);
    }
    for (serial, to, law, payload_type) in [(2, AGENT, G711::Ulaw, 0), (1, PEER, G711::Alaw, 8)] {
        let heard: Vec<_> = bench.sent.iter().filter(|packet| packet.session == id(serial)).collect();
        assert_eq!(heard.len(), 200);
        for (n, packet) in heard.iter().enumerate() {
            assert_eq!(
                (packet.to, packet.payload_type, packet.ssrc),
                (address(to), payload_type, 0xA000 + serial as u32)
            );
            for (&octet, wanted) in packet.payload.iter().zip(tone(law, n as u32)) {
                let (octet, wanted) =
                    (i32::from(g711::decode(law, octet)), i32::from(g711::decode(law, wanted)));
                assert!((octet - wanted).abs() <= wanted.abs() / 8 + 64, "packet {n}: {octet} for {wanted}");
            }
        }
        assert!(heard.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)
            && pair[1].timestamp == pair[0].timestamp.wrapping_add(160)
            && pair[1].ms - pair[0].ms == 20));
        assert!(heard[0].marker && !heard[1].marker);
    }
}

#[test]
fn a_packet_is_passed_on_when_it_comes() {
    let mut bench = joined();
    bench.run(7);
    let before = bench.sent.len();
    bench.hear(1, PEER, &audio(0));
    assert_eq!((bench.sent.len(), bench.sent[before].ms), (before + 1, bench.ms));
}

#[test]
fn loss_and_order_of_the_source_stay_and_a_new_source_goes_on() {
    let mut bench = joined();
    for n in [0u32, 1, 2, 5, 4, 6] {
        bench.hear(1, PEER, &audio(n));
    }
    let first = bench.sent[0].clone();
    let steps: Vec<_> =
        bench.sent.iter().map(|packet| packet.sequence.wrapping_sub(first.sequence)).collect();
    assert_eq!(steps, [0, 1, 2, 5, 4, 6]);
    bench.run(20);
    bench.hear(1, PEER, &Packet { ssrc: 1_000, sequence: 9, timestamp: 1, ..audio(0) });
    let last = bench.sent.last().unwrap();
    assert_eq!(last.sequence.wrapping_sub(first.sequence), 7);
    assert_eq!(last.timestamp.wrapping_sub(first.timestamp), 7 * 160);
}

#[test]
fn keys_pass_under_the_other_payload_type_and_are_reported() {
    let mut bench = joined();
    let press = |bench: &mut Bench, n: u16, end| {
        let payload = Event { code: 7, end, volume: 10, duration: n * 160 }.octets();
        let packet = Packet {
            marker: n == 1,
            payload_type: 101,
            sequence: 110 + n,
            timestamp: 8_000,
            ssrc: 7,
            payload: &payload,
        };
        bench.hear(1, PEER, &packet);
    };
    bench.hear(1, PEER, &audio(10));
    (1..=5).for_each(|n| press(&mut bench, n, n == 5));
    let heard = MediaEvent::Digit(id(1), Digit::from_char('7').unwrap());
    assert_eq!(bench.events().into_iter().filter(|event| **event == heard).count(), 1);
    let mut receiver = Receiver::new();
    let passed: Vec<_> = bench.sent.iter().filter(|packet| packet.payload_type == 96).collect();
    let keys: Vec<_> = passed
        .iter()
        .filter_map(|packet| receiver.packet(at(packet.ms), packet.marker, packet.timestamp, &packet.payload))
        .collect();
    assert_eq!((passed.len(), keys), (5, Vec::from_iter(Digit::from_char('7'))));
    // An agent without telephone-event gets none.
    let mut deaf = joined();
    let agent = Negotiated {
        remote: address(AGENT),
        telephone_event: None,
        codec: G711::Ulaw,
        payload_type: 0,
        ..terms()
    };
    deaf.order(MediaCommand::Negotiate(id(2), agent));
    press(&mut deaf, 1, false);
    assert!(deaf.sent.iter().all(|packet| packet.payload.len() > 4));
}

#[test]
fn what_plays_goes_on_until_it_ends_and_parting_goes_back_to_silence() {
    let mut bench = joined();
    bench.play(2, 1, vec![sound(16_000, 0)], false);
    bench.run(10);
    bench.hears(2, &[1]);
    for n in 0..150u32 {
        bench.hear(1, PEER, &audio(n));
        bench.run(20);
    }
    let sent = bench.sent_by(2);
    assert!(sent.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)));
    let played = sent.iter().position(|packet| packet.payload == [HEARD; 160]).unwrap();
    assert!((99..=102).contains(&played), "{played}");
    assert!(sent[played..].iter().all(|packet| packet.payload == [HEARD; 160]));
    assert!(matches!(bench.events()[..], [.., MediaEvent::Played { finished: true, .. }]));
    bench.hears(2, &[]);
    bench.sent.clear();
    bench.run(200);
    bench.hear(1, PEER, &audio(150));
    let sent = bench.sent_by(2);
    assert_eq!(sent.len(), 10, "nothing passes any more");
    assert!(sent.windows(2).all(|pair| pair[1].timestamp == pair[0].timestamp.wrapping_add(160)));
    assert!(sent[0].marker && sent.iter().all(|packet| packet.payload == [0xFF; 160]));
}

#[test]
fn a_prompt_comes_before_what_is_heard_and_no_number_is_used_twice() {
    let mut bench = joined();
    let mut played = false;
    for n in 0..300u32 {
        bench.hear(1, PEER, &audio(n));
        if n % 50 == 20 {
            bench.play(2, u64::from(n), vec![sound(1_600, 0)], false);
            played = true;
        }
        bench.run(20);
    }
    assert!(played);
    let mut numbers: Vec<_> = bench.sent.iter().filter(|packet| packet.session == id(2)).collect();
    let sent = numbers.len();
    numbers.sort_by_key(|packet| packet.sequence);
    numbers.dedup_by_key(|packet| packet.sequence);
    assert_eq!(numbers.len(), sent);
    assert!(numbers.windows(2).all(|pair| pair[1].timestamp.wrapping_sub(pair[0].timestamp) as i32 > 0));
    assert!((295..=304).contains(&sent), "{sent}");
}

#[test]
fn closing_one_side_parts_them() {
    let mut bench = joined();
    bench.order(MediaCommand::Close(id(2)));
    bench.open(3, Negotiated { remote: address(AGENT), ..terms() });
    bench.sent.clear();
    bench.hear(1, PEER, &audio(0));
    assert!(bench.sent.is_empty(), "the place of the one that left is another's now");
    // Nobody hears itself, and one that is not there is silent.
    bench.hears(1, &[1]);
    bench.hear(1, PEER, &audio(1));
    assert!(bench.sent.is_empty());
    bench.hears(1, &[99]);
    bench.hears(3, &[1]);
    bench.hear(1, PEER, &audio(2));
    assert_eq!(bench.sent.len(), 1);
    // One that is opened after it was to be heard is heard within a second.
    bench.hears(3, &[4]);
    bench.open(4, terms());
    bench.run(1_020);
    bench.sent.clear();
    bench.hear(4, PEER, &audio(0));
    assert_eq!(bench.sent_by(3).len(), 1);
}

#[test]
fn one_is_heard_by_many_and_a_sound_of_another_law_is_turned_as_it_comes() {
    let mut bench = joined();
    bench.open(3, Negotiated { remote: address("203.0.113.51:6000"), ..terms() });
    bench.hears(3, &[1]);
    bench.sent.clear();
    bench.hear(1, PEER, &audio(0));
    let (two, three) = (bench.sent_by(2), bench.sent_by(3));
    assert_eq!((&two[0].payload[..], &three[0].payload[..]), (&[HEARD; 160][..], &[0x55; 160][..]));
    assert_eq!((two.len(), three.len(), bench.sent.len()), (1, 1, 2));
}

#[test]
fn two_planes_talk_through_a_bad_network() {
    use crate::base::rng::Rng;
    let (mut near, mut far) = (Bench::talking(terms()), Bench::new());
    let back = Negotiated { remote: SocketAddr::new(address(LOCAL).ip(), 30_002), ..terms() };
    far.open(9, back);
    far.play(9, 1, vec![sound(80_000, 7)], false);
    let mut rng = Rng::seeded(4);
    let mut wire: Vec<(u64, Left)> = Vec::new();
    for key in 0..10 {
        for step in 0..1_000u64 {
            if step == 100 {
                far.order(MediaCommand::SendDigit(id(9), Digit::from_event(key).unwrap()));
            }
            near.run(1);
            far.run(1);
            for packet in far.sent.drain(..) {
                let copies = usize::from(!rng.chance(100)) + usize::from(rng.chance(50));
                for _ in 0..copies {
                    let delay = if rng.chance(50) { rng.below(60) } else { 0 };
                    wire.push((packet.ms + 5 + delay, packet.clone()));
                }
            }
            let now = near.ms;
            let (arrived, later) = wire.into_iter().partition(|(ms, _)| *ms <= now);
            wire = later;
            for (_, packet) in Vec::from_iter::<Vec<(u64, Left)>>(arrived) {
                let Left { marker, payload_type, sequence, timestamp, ssrc, payload, .. } = &packet;
                let packet = Packet {
                    marker: *marker,
                    payload_type: *payload_type,
                    sequence: *sequence,
                    timestamp: *timestamp,
                    ssrc: *ssrc,
                    payload,
                };
                near.hear(1, PEER, &packet);
            }
        }
    }
    let keys: String = near
        .events()
        .into_iter()
        .filter_map(
            |event| if let MediaEvent::Digit(_, digit) = event { Some(digit.as_char()) } else { None },
        )
        .collect();
    assert_eq!(keys, "0123456789");
    near.order(MediaCommand::Close(id(1)));
    let MediaEvent::Closed(_, report) = near.events().pop().unwrap() else { panic!() };
    assert!(report.received > 450 && report.dropped == 0 && report.lost > 5, "{report:?}");
}

#[test]
fn the_rest_of_a_key_that_was_pressed_before_is_not_passed_on() {
    let mut bench = joined();
    bench.hears(1, &[]);
    let press = |bench: &mut Bench, n: u16, timestamp| {
        let payload = Event { code: 1, end: n == 5, volume: 10, duration: n * 160 }.octets();
        let sequence = timestamp as u16 + n;
        let packet =
            Packet { marker: n == 1, payload_type: 96, sequence, timestamp, ssrc: 40, payload: &payload };
        bench.hear(2, AGENT, &packet);
    };
    // The agent accepts the call with this key; from its first packet on they are joined.
    press(&mut bench, 1, 8_000);
    bench.hears(1, &[2]);
    (2..=5).for_each(|n| press(&mut bench, n, 8_000));
    let keys = |bench: &Bench| bench.sent_by(1).iter().filter(|packet| packet.payload_type == 101).count();
    assert_eq!(keys(&bench), 0);
    (1..=5).for_each(|n| press(&mut bench, n, 16_000));
    assert_eq!(keys(&bench), 5);
}
