//! What goes out when a source sends nothing: on hold, or because its phone is silent.

use super::*;
use crate::base::digit::Digit;

const AGENT: &str = "203.0.113.50:6000";
const SILENCE: [u8; 160] = [0xD5; 160];

fn agent() -> Negotiated {
    Negotiated { remote: address(AGENT), remote_rtcp: address("203.0.113.50:6001"), ..terms() }
}

fn held() -> Negotiated {
    Negotiated { direction: Direction::SEND_ONLY, ..agent() }
}

/// The caller hears the agent, who holds music in reserve.
fn joined(meanwhile: Option<Arc<Sound>>) -> Bench {
    let mut bench = Bench::talking(terms());
    bench.open(2, agent());
    bench.run(100);
    bench.order(hear(meanwhile));
    bench.sent.clear();
    bench
}

fn hear(meanwhile: Option<Arc<Sound>>) -> MediaCommand {
    let sources = vec![Source { session: id(2), gain: Gain::UNITY }];
    MediaCommand::Hear { session: id(1), sources, meanwhile }
}

/// The agent speaks from its packet `first` on, one each 20 ms.
fn speaks(bench: &mut Bench, first: u32, count: u32) {
    for n in first..first + count {
        bench.hear(2, AGENT, &audio(n));
        bench.run(20);
    }
}

/// The packets are one stream: no number twice or left out, time never back. Gives the jumps of time that are not a packet.
fn one_stream(packets: &[&Left]) -> Vec<u32> {
    let mut jumps = Vec::new();
    for pair in packets.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1), "at {} ms", pair[1].ms);
        let step = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
        let samples = pair[0].payload.len() as u32;
        assert!((samples..10_000_000).contains(&step), "{step} at {} ms", pair[1].ms);
        if step != samples {
            assert!(pair[1].marker, "a jump of {step} without a marker at {} ms", pair[1].ms);
            jumps.push(step);
        }
    }
    jumps
}

#[test]
fn on_hold_music_goes_out_at_fifty_packets_a_second_and_the_talk_goes_on() {
    let music = sound(1_000, 3);
    let mut bench = joined(Some(Arc::clone(&music)));
    speaks(&mut bench, 0, 50);
    bench.order(MediaCommand::Negotiate(id(2), held()));
    let before = bench.sent_by(1).len();
    bench.run(10_000);
    let sent = bench.sent_by(1);
    assert_eq!(sent.len() - before, 500);
    assert_eq!(one_stream(&sent), [0_u32; 0]);
    let heard: Vec<u8> = sent[before..].iter().flat_map(|packet| packet.payload.clone()).collect();
    assert!(heard.iter().zip(music.alaw.iter().cycle()).all(|(octet, wanted)| octet == wanted));
    assert!(sent[before].marker && !sent[before + 1].marker);
    // Back, with another clock: at once, under the next number.
    bench.order(MediaCommand::Negotiate(id(2), agent()));
    bench.hear(2, AGENT, &Packet { ssrc: 99, sequence: 7, timestamp: 3, ..audio(0) });
    let sent = bench.sent_by(1);
    let [.., last, back] = &sent[..] else { panic!() };
    assert_eq!((back.payload.clone(), back.marker, back.ms), (vec![0x55; 160], true, bench.ms));
    assert_eq!(back.timestamp, last.timestamp.wrapping_add(160));
    bench.run(20);
    bench.hear(2, AGENT, &Packet { ssrc: 99, sequence: 8, timestamp: 163, ..audio(0) });
    assert_eq!(bench.sent_by(1).len(), before + 502, "the music does not go on beside it");
    one_stream(&bench.sent_by(1));
}

#[test]
fn music_goes_on_over_another_hearing_and_without_any_it_is_silence() {
    let music = sound(1_000, 3);
    let mut bench = joined(Some(Arc::clone(&music)));
    bench.order(MediaCommand::Negotiate(id(2), held()));
    bench.run(1_000);
    bench.order(hear(Some(Arc::clone(&music))));
    bench.run(1_000);
    let heard: Vec<u8> = bench.sent_by(1).iter().flat_map(|packet| packet.payload.clone()).collect();
    assert_eq!(heard.len(), 16_000);
    assert!(heard.iter().zip(music.alaw.iter().cycle()).all(|(octet, wanted)| octet == wanted));
    bench.order(hear(None));
    bench.run(200);
    let sent = bench.sent_by(1);
    assert_eq!(sent.len(), 110);
    assert!(sent[100..].iter().all(|packet| packet.payload == SILENCE));
    one_stream(&sent);
}

#[test]
fn a_source_that_says_nothing_is_silence_at_fifty_packets_a_second() {
    let mut bench = joined(Some(sound(1_000, 3)));
    bench.run(2_000);
    let sent = bench.sent_by(1);
    assert!((97..=100).contains(&sent.len()), "{}", sent.len());
    assert!(
        sent.iter().all(|packet| packet.payload == SILENCE),
        "it may send: that is no hold, and no music"
    );
    one_stream(&sent);
}

#[test]
fn a_source_that_falls_silent_is_replaced_after_a_moment_and_takes_over_again_in_its_own_time() {
    for ptime_ms in [10u8, 20, 30, 40, 60] {
        let mut bench = joined(None);
        bench.order(MediaCommand::Negotiate(id(1), Negotiated { ptime_ms, ..terms() }));
        bench.run(7);
        bench.sent.clear();
        let begun = bench.ms;
        for turn in 0..5u32 {
            // A second of speech, a second and a bit of nothing, as its clock says, too.
            speaks(&mut bench, turn * 103, 50);
            bench.run(1_060);
        }
        let sent = bench.sent_by(1);
        let jumps = one_stream(&sent);
        assert!(jumps.len() <= 5, "{ptime_ms}: {jumps:?}");
        let samples = u32::from(ptime_ms) * 8;
        assert!(jumps.iter().all(|&jump| jump < 2 * samples.max(160)), "{ptime_ms}: {jumps:?}");
        let covered = sent.last().unwrap().timestamp.wrapping_sub(sent[0].timestamp) / 8;
        let passed = sent.last().unwrap().ms - begun;
        assert!(
            u64::from(covered).abs_diff(passed) <= 2 * u64::from(ptime_ms).max(20),
            "{ptime_ms}: {covered} {passed}"
        );
        let spoken = sent.iter().filter(|packet| packet.payload == [0x55; 160]).count();
        assert_eq!(spoken, 250, "{ptime_ms}: every word was heard");
    }
}

#[test]
fn what_comes_in_a_heap_after_a_gap_does_not_push_the_rest_into_the_future() {
    let mut bench = joined(None);
    let mut first = 0;
    speaks(&mut bench, first, 50);
    for _ in 0..20 {
        // The network holds ten packets back and brings them all at once.
        first += 50;
        bench.run(200);
        for n in first..first + 10 {
            bench.hear(2, AGENT, &audio(n));
        }
        first += 10;
        speaks(&mut bench, first, 50);
    }
    let sent = bench.sent_by(1);
    one_stream(&sent);
    let covered = sent.last().unwrap().timestamp.wrapping_sub(sent[0].timestamp) / 8;
    let passed = sent.last().unwrap().ms - sent[0].ms;
    assert!(u64::from(covered).abs_diff(passed) <= 80, "{covered} in {passed} ms");
    let spoken = sent.iter().filter(|packet| packet.payload == [0x55; 160]).count();
    assert!(spoken >= 1_050 + 20 * 3, "{spoken}: what is in time is heard, also after such a heap");
}

#[test]
fn a_source_whose_clock_stood_still_is_heard_again() {
    for pause_ms in [100u64, 300, 700, 1_500, 5_000] {
        let mut bench = joined(None);
        speaks(&mut bench, 0, 50);
        bench.run(pause_ms);
        let before = bench.sent_by(1).len();
        speaks(&mut bench, 50, 50);
        let sent = bench.sent_by(1);
        let spoken = sent[before..].iter().filter(|packet| packet.payload == [0x55; 160]).count();
        assert!(spoken >= 38, "{pause_ms}: {spoken}");
        one_stream(&sent);
    }
}

#[test]
fn one_lost_packet_is_a_gap_and_not_silence() {
    let mut bench = joined(None);
    for n in 0..100u32 {
        if n % 10 != 5 {
            bench.hear(2, AGENT, &audio(n));
        }
        bench.run(20);
    }
    let sent = bench.sent_by(1);
    assert_eq!(sent.len(), 90);
    assert!(sent.iter().all(|packet| packet.payload == [0x55; 160]));
}

#[test]
fn a_long_key_of_the_source_is_no_silence_and_takes_no_time() {
    use crate::rtp::telephone_event::Event;
    let mut bench = joined(None);
    speaks(&mut bench, 0, 10);
    for n in 1..=25u16 {
        let payload = Event { code: 3, end: n == 25, volume: 10, duration: n * 160 }.octets();
        let sequence = 109 + n;
        let packet = Packet { payload_type: 101, marker: n == 1, sequence, payload: &payload, ..audio(10) };
        bench.hear(2, AGENT, &packet);
        bench.run(20);
    }
    for n in 35..60u32 {
        bench.hear(2, AGENT, &Packet { sequence: 100 + n as u16, ..audio(n) });
        bench.run(20);
    }
    let sent = bench.sent_by(1);
    assert_eq!(sent.len(), 60);
    assert!(sent.iter().all(|packet| packet.payload != SILENCE));
    let covered = sent.last().unwrap().timestamp.wrapping_sub(sent[0].timestamp) / 8;
    assert_eq!(u64::from(covered), sent.last().unwrap().ms - sent[0].ms);
    // A key, and nothing after it: the time of the key has passed as well.
    for n in 1..=25u16 {
        let payload = Event { code: 4, end: n == 25, volume: 10, duration: n * 160 }.octets();
        let sequence = 159 + n;
        let packet = Packet { payload_type: 101, marker: n == 1, sequence, payload: &payload, ..audio(60) };
        bench.hear(2, AGENT, &packet);
        bench.run(20);
    }
    bench.run(1_000);
    let sent = bench.sent_by(1);
    let (first, last) = (sent[0], sent.last().unwrap());
    let covered = u64::from(last.timestamp.wrapping_sub(first.timestamp) / 8);
    assert!(covered.abs_diff(last.ms - first.ms) <= 40, "{covered} of {}", last.ms - first.ms);
}

#[test]
fn another_source_under_the_same_name_is_heard_at_once() {
    let mut bench = joined(None);
    bench.open(3, Negotiated { remote: address("203.0.113.51:6000"), ..terms() });
    speaks(&mut bench, 40, 50);
    // The SSRC of the one before, and a clock that lies half a second back.
    bench.hears(1, &[3]);
    let before = bench.sent_by(1).len();
    bench.hear(3, "203.0.113.51:6000", &Packet { sequence: 900, ..audio(65) });
    let sent = bench.sent_by(1);
    assert_eq!((sent.len(), sent[before].marker), (before + 1, true));
    one_stream(&sent);
}

#[test]
fn who_may_not_be_sent_to_gets_nothing_and_a_gone_source_is_silence() {
    let mut bench = joined(Some(sound(1_000, 3)));
    bench.order(MediaCommand::Negotiate(id(1), Negotiated { direction: Direction::RECEIVE_ONLY, ..terms() }));
    bench.order(MediaCommand::Negotiate(id(2), held()));
    bench.run(1_000);
    assert!(bench.sent_by(1).is_empty());
    bench.order(MediaCommand::Negotiate(id(1), terms()));
    bench.order(MediaCommand::SendDigit(id(1), Digit::HASH));
    bench.run(1_000);
    assert_eq!(bench.sent_by(1).len(), 50);
    one_stream(
        &bench.sent_by(1).into_iter().filter(|packet| packet.payload_type == 8).skip(20).collect::<Vec<_>>(),
    );
    bench.order(MediaCommand::Close(id(2)));
    bench.sent.clear();
    bench.run(1_000);
    let sent = bench.sent_by(1);
    assert!((49..=51).contains(&sent.len()), "{}", sent.len());
    assert!(sent.iter().all(|packet| packet.payload == SILENCE), "nobody holds: no music");
}
