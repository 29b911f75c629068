//! Sessions of two workers hear each other.

use super::*;
use crate::base::digit::Digit;
use crate::rtp::telephone_event::Event;

const AGENT: &str = "203.0.113.50:6000";
const FAR: u64 = ELSEWHERE + 1;

fn agent() -> Negotiated {
    Negotiated {
        remote: address(AGENT),
        remote_rtcp: address("203.0.113.50:6001"),
        codec: G711::Ulaw,
        payload_type: G711::Ulaw.payload_type(),
        ..terms()
    }
}

/// A caller here and an agent on the other worker, who hear each other.
fn joined() -> Bench {
    let mut bench = Bench::talking(terms());
    bench.open(FAR, agent());
    bench.run(100);
    bench.hears(1, &[FAR]);
    bench.hears(FAR, &[1]);
    bench.sent.clear();
    bench
}

fn listeners(bench: &mut Bench, serial: u64) -> usize {
    let session = id(serial);
    bench.planes[usize::from(session.worker)].session(session).map_or(0, |session| session.listeners.len())
}

#[test]
fn each_hears_the_other_at_once_with_keys_and_in_its_own_law() {
    let mut bench = joined();
    for n in 0..50u32 {
        bench.hear(1, PEER, &audio(n));
        assert_eq!(bench.sent.last().map(|packet| (packet.session, packet.ms)), Some((id(FAR), bench.ms)));
        bench.hear(FAR, AGENT, &Packet { payload_type: 0, ssrc: 40, payload: &[0x7E; 160], ..audio(n) });
        bench.run(20);
    }
    for (serial, heard) in [(1, 0x55), (FAR, 0x7E)] {
        let sent = bench.sent_by(serial);
        assert_eq!(sent.len(), 50);
        assert!(sent.iter().all(|packet| packet.payload == [heard; 160]));
        assert!(sent.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)
            && pair[1].timestamp == pair[0].timestamp.wrapping_add(160)));
    }
    let payload = Event { code: 7, end: false, volume: 10, duration: 160 }.octets();
    bench.hear(1, PEER, &Packet { payload_type: 101, payload: &payload, ..audio(50) });
    assert_eq!(bench.sent.last().unwrap().payload, payload);
    assert!(bench.happened(&MediaEvent::Digit(id(1), Digit::from_char('7').unwrap())).is_some());
}

#[test]
fn hold_crosses_and_music_stands_in() {
    let mut bench = joined();
    let music = sound(160, 1);
    let sources = vec![Source { session: id(FAR), gain: Gain::UNITY }];
    bench.order(MediaCommand::Hear { session: id(1), sources, meanwhile: Some(Arc::clone(&music)) });
    bench.order(MediaCommand::Negotiate(id(FAR), Negotiated { direction: Direction::SEND_ONLY, ..agent() }));
    bench.run(1_000);
    let sent = bench.sent_by(1);
    assert_eq!(sent.len(), 50);
    assert!(sent.iter().all(|packet| packet.payload[..] == music.alaw[..]));
    bench.order(MediaCommand::Negotiate(id(FAR), agent()));
    bench.hear(FAR, AGENT, &Packet { payload_type: 0, payload: &[0x7E; 160], ..audio(0) });
    assert_eq!(bench.sent_by(1).last().unwrap().payload, [0x55; 160]);
}

#[test]
fn three_of_two_workers_are_mixed() {
    use crate::audio::g711;
    let mut bench = joined();
    bench.open(2, Negotiated { remote: address("203.0.113.52:6000"), ..terms() });
    bench.hears(1, &[FAR, 2]);
    let (low, high) = ([g711::encode(G711::Alaw, 1_000); 160], [g711::encode(G711::Ulaw, 2_000); 160]);
    for n in 0..20 {
        bench.hear(2, "203.0.113.52:6000", &Packet { payload: &low, ..audio(n) });
        bench.hear(FAR, AGENT, &Packet { payload_type: 0, payload: &high, ..audio(n) });
        bench.run(20);
    }
    let level = g711::decode(G711::Alaw, bench.sent_by(1).last().unwrap().payload[0]);
    assert!((level - 3_000).abs() < 200, "{level}");
}

#[test]
fn closing_either_side_leaves_nothing_behind_in_whatever_order() {
    for order in [[1, FAR], [FAR, 1]] {
        let mut bench = joined();
        assert_eq!((listeners(&mut bench, 1), listeners(&mut bench, FAR)), (1, 1));
        bench.order(MediaCommand::Close(id(order[0])));
        assert_eq!(listeners(&mut bench, order[1]), 0);
        bench.run(5_000);
        bench.order(MediaCommand::Close(id(order[1])));
        bench.run(5_000);
        assert!(bench.planes.iter().all(MediaPlane::is_empty));
        assert!(bench.crossings.is_empty());
    }
}

#[test]
fn packets_are_wanted_as_they_come_as_long_as_anybody_hears_them() {
    let mut bench = joined();
    assert_eq!(Vec::from_iter(bench.watched.clone()), [id(1), id(FAR)]);
    bench.open(2, agent());
    bench.hears(2, &[FAR]);
    bench.hears(1, &[]);
    assert!(bench.watched.contains(&id(FAR)), "another still hears it");
    bench.hears(2, &[1]);
    assert_eq!(Vec::from_iter(bench.watched.clone()), [id(1)]);
    bench.order(MediaCommand::Close(id(2)));
    bench.order(MediaCommand::Close(id(FAR)));
    assert!(bench.watched.is_empty());
}

#[test]
fn parting_across_workers_parts() {
    let mut bench = joined();
    bench.hears(1, &[]);
    assert_eq!((listeners(&mut bench, 1), listeners(&mut bench, FAR)), (1, 0));
    bench.sent.clear();
    bench.hear(FAR, AGENT, &Packet { payload_type: 0, ..audio(0) });
    assert!(bench.sent.is_empty());
}

#[test]
fn what_is_lost_between_workers_is_mended_within_a_second() {
    let mut bench = Bench::talking(terms());
    bench.open(FAR, agent());
    bench.crossings_wait = true;
    // The wish to hear is lost.
    bench.hears(1, &[FAR]);
    bench.crossings.clear();
    bench.run(500);
    bench.hear(FAR, AGENT, &Packet { payload_type: 0, ..audio(0) });
    assert!(bench.crossings.is_empty());
    bench.run(600);
    bench.cross();
    bench.cross();
    assert_eq!(listeners(&mut bench, FAR), 1);
    // That it is on hold is lost; the next answer says so.
    bench.order(MediaCommand::Negotiate(id(FAR), Negotiated { direction: Direction::SEND_ONLY, ..agent() }));
    bench.crossings.clear();
    let held = |bench: &mut Bench| bench.planes[0].session(id(1)).unwrap().ear.is_on_hold();
    assert!(!held(&mut bench));
    bench.run(1_020);
    bench.cross();
    bench.cross();
    assert!(held(&mut bench));
    // That the listener has gone is lost; who asks no more is forgotten.
    bench.order(MediaCommand::Close(id(1)));
    bench.crossings.clear();
    bench.run(4_000);
    assert_eq!(listeners(&mut bench, FAR), 1);
    bench.run(2_000);
    assert_eq!(listeners(&mut bench, FAR), 0);
}

#[test]
fn what_arrives_for_who_is_not_there_does_nothing() {
    let mut bench = joined();
    bench.crossings_wait = true;
    bench.hear(1, PEER, &audio(0));
    bench.hears(FAR, &[1]);
    bench.order(MediaCommand::Negotiate(id(1), Negotiated { direction: Direction::SEND_ONLY, ..terms() }));
    bench.order(MediaCommand::Close(id(FAR)));
    bench.order(MediaCommand::Close(id(1)));
    assert!(!bench.crossings.is_empty());
    bench.sent.clear();
    bench.cross();
    bench.cross();
    assert!(bench.sent.is_empty() && bench.planes.iter().all(MediaPlane::is_empty));
    // One that hears somebody who is not yet open hears it once it is.
    bench.crossings_wait = false;
    bench.open(3, terms());
    bench.hears(3, &[FAR + 1]);
    bench.open(FAR + 1, agent());
    bench.run(1_100);
    bench.sent.clear();
    bench.hear(FAR + 1, AGENT, &Packet { payload_type: 0, payload: &[0x7E; 160], ..audio(0) });
    assert_eq!(bench.sent_by(3).last().unwrap().payload, [0x55; 160]);
}

#[test]
fn no_more_than_the_bound_hear_one() {
    use crate::base::limit::{LISTENERS_MAX, SOURCES_MAX};
    let mut bench = Bench::talking(terms());
    for serial in 0..LISTENERS_MAX as u64 + 10 {
        bench.open(100 + serial, agent());
        bench.hears(100 + serial, &[1]);
    }
    assert_eq!(listeners(&mut bench, 1), LISTENERS_MAX);
    let many = Vec::from_iter(100..100 + 2 * SOURCES_MAX as u64);
    bench.hears(1, &many);
    assert_eq!(
        (100..100 + 2 * SOURCES_MAX as u64).filter(|&serial| listeners(&mut bench, serial) == 1).count(),
        SOURCES_MAX
    );
}
