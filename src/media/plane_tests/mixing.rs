//! Several sources, or one at another gain: one stream of the listener's own pace.

use super::*;
use crate::audio::g711;

/// The third, the fourth and the fifth at the table.
fn peer(serial: u64) -> String {
    format!("203.0.113.{}:6000", 50 + serial)
}

fn terms_of(serial: u64, codec: G711, ptime_ms: u8) -> Negotiated {
    let remote = address(&peer(serial));
    let remote_rtcp = SocketAddr::new(remote.ip(), 6_001);
    Negotiated { remote, remote_rtcp, codec, payload_type: codec.payload_type(), ptime_ms, ..terms() }
}

/// A listener, 1, and sources from 2 on, each with its law and the length of its packets.
fn table(listener: Negotiated, sources: &[(G711, u8)]) -> Bench {
    let mut bench = Bench::talking(listener);
    for (serial, (law, ptime_ms)) in (2..).zip(sources) {
        bench.open(serial, terms_of(serial, *law, *ptime_ms));
    }
    bench.run(40);
    bench
}

/// Each source says a steady level in packets of its own length for `ms`; gives the levels that the listener heard.
fn levels(bench: &mut Bench, sources: &[(G711, u8)], said: &[i16], ms: u64) -> Vec<i16> {
    bench.sent.clear();
    let begun = bench.ms;
    while bench.ms < begun + ms {
        let passed = bench.ms - begun;
        for (place, ((law, ptime_ms), level)) in sources.iter().zip(said).enumerate() {
            if !passed.is_multiple_of(u64::from(*ptime_ms)) {
                continue;
            }
            let n = ((begun + passed) / u64::from(*ptime_ms)) as u32;
            let samples = usize::from(*ptime_ms) * 8;
            let payload = vec![g711::encode(*law, *level); samples];
            let serial = 2 + place as u64;
            let packet = Packet {
                marker: false,
                payload_type: law.payload_type(),
                sequence: n as u16,
                timestamp: n.wrapping_mul(samples as u32),
                ssrc: serial as u32,
                payload: &payload,
            };
            bench.hear(serial, &peer(serial), &packet);
        }
        bench.run(1);
    }
    let law = |packet: &Left| if packet.payload_type == 8 { G711::Alaw } else { G711::Ulaw };
    let sent = bench.sent_by(1);
    assert!(sent.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)
        && pair[1].timestamp == pair[0].timestamp.wrapping_add(pair[0].payload.len() as u32)));
    sent.iter()
        .flat_map(|packet| packet.payload.iter().map(|&octet| g711::decode(law(packet), octet)))
        .collect()
}

fn near(level: i16, wanted: i32) -> bool {
    (i32::from(level) - wanted).abs() <= wanted.abs() / 16 + 16
}

#[test]
fn two_and_three_are_summed_sample_by_sample() {
    for count in [2usize, 3] {
        let sources = vec![(G711::Alaw, 20); count];
        let mut bench = table(terms(), &sources);
        bench.hears(1, &Vec::from_iter(2..2 + count as u64));
        let heard = levels(&mut bench, &sources, &[1_000, 2_000, -6_000][..count], 1_000);
        let sum = [3_000, -3_000][count - 2];
        assert_eq!(heard.len(), 8_000, "its own 50 packets a second");
        let first = heard.iter().position(|&level| near(level, sum)).unwrap();
        assert!(first <= 80 * 8, "{first}: heard within 80 ms");
        assert!(heard[first..].iter().all(|&level| near(level, sum)), "{count}");
    }
}

#[test]
fn laws_and_lengths_of_packets_may_differ() {
    let lengths = [10u8, 20, 30, 40, 60];
    for (turn, ptime_ms) in lengths.into_iter().enumerate() {
        let law = [G711::Alaw, G711::Ulaw][turn % 2];
        let sources: Vec<_> =
            lengths.iter().map(|&length| ([G711::Ulaw, G711::Alaw][turn % 2], length)).collect();
        let mut bench =
            table(Negotiated { codec: law, payload_type: law.payload_type(), ptime_ms, ..terms() }, &sources);
        bench.hears(1, &[2, 3, 4, 5, 6]);
        let heard = levels(&mut bench, &sources, &[1_000; 5], 3_000);
        assert!(heard.len().abs_diff(24_000) <= 480, "{ptime_ms}: {}", heard.len());
        let first = heard.iter().position(|&level| near(level, 5_000)).unwrap();
        assert!(first <= 200 * 8, "{ptime_ms}: {first}");
        let off = heard[first..].iter().filter(|&&level| !near(level, 5_000)).count();
        assert_eq!(off, 0, "{ptime_ms}");
        assert!(bench.sent_by(1).iter().all(|packet| packet.payload_type == law.payload_type()));
    }
}

#[test]
fn a_sum_that_is_too_loud_is_as_loud_as_can_be() {
    let sources = [(G711::Ulaw, 20); 3];
    for (said, limit) in [([30_000; 3], 32_124), ([-30_000; 3], -32_124)] {
        let mut bench = table(
            Negotiated { codec: G711::Ulaw, payload_type: G711::Ulaw.payload_type(), ..terms() },
            &sources,
        );
        bench.hears(1, &[2, 3, 4]);
        let heard = levels(&mut bench, &sources, &said, 400);
        assert!(heard[1_600..].iter().all(|&level| level == limit), "{:?}", &heard[1_600..1_602]);
    }
}

#[test]
fn each_source_has_its_own_gain_and_one_alone_too() {
    let sources = [(G711::Alaw, 20); 2];
    let gained = |gains: &[i8]| {
        let mut bench = table(terms(), &sources);
        let sources = (2..)
            .zip(gains)
            .map(|(serial, &gain)| Source { session: id(serial), gain: Gain::decibels(gain) });
        bench.order(MediaCommand::Hear { session: id(1), sources: sources.collect(), meanwhile: None });
        *levels(&mut bench, &[(G711::Alaw, 20); 2], &[4_000, 8_000], 400).last().unwrap()
    };
    assert!(near(gained(&[-6, -20]), 2_005 + 800));
    assert!(near(gained(&[6]), 7_981));
    assert!(near(gained(&[-12]), 1_005));
}

#[test]
fn in_a_conference_nobody_hears_itself() {
    let sources = [(G711::Alaw, 20); 3];
    let mut bench = table(terms(), &sources);
    for serial in 2..5 {
        // Told to hear all, itself among them, and one of them twice.
        bench.hears(serial, &[2, 3, 4, 3]);
    }
    levels(&mut bench, &sources, &[1_000, 2_000, 4_000], 400);
    for (serial, sum) in [(2, 6_000), (3, 5_000), (4, 3_000)] {
        let last = bench.sent_by(serial).pop().unwrap();
        assert!(near(g711::decode(G711::Alaw, last.payload[0]), sum), "{serial}");
    }
}

#[test]
fn who_is_silent_is_silent_alone_and_nobody_at_all_is_silence() {
    let sources = [(G711::Alaw, 20); 2];
    let mut bench = table(terms(), &sources);
    bench.hears(1, &[2, 3]);
    let both = levels(&mut bench, &sources, &[1_000, 2_000], 400);
    assert!(near(*both.last().unwrap(), 3_000));
    let one = levels(&mut bench, &sources, &[1_000], 400);
    assert_eq!(one.len(), 3_200);
    assert!(near(*one.last().unwrap(), 1_000));
    let none = levels(&mut bench, &[], &[], 400);
    assert_eq!(
        (none.len(), g711::encode(G711::Alaw, *none.last().unwrap())),
        (3_200, g711::silence(G711::Alaw))
    );
    let back = levels(&mut bench, &sources, &[1_000, 2_000], 400);
    assert!(near(*back.last().unwrap(), 3_000));
}

#[test]
fn music_stands_in_only_when_nobody_of_the_table_may_send() {
    let sources = [(G711::Alaw, 20); 2];
    let mut bench = table(terms(), &sources);
    let both = [2, 3].map(|serial| Source { session: id(serial), gain: Gain::UNITY });
    let music = sound(160, 3);
    let meanwhile = Some(Arc::clone(&music));
    bench.order(MediaCommand::Hear { session: id(1), sources: both.to_vec(), meanwhile });
    let hold = |bench: &mut Bench, serial, held: bool| {
        let direction = if held { Direction::SEND_ONLY } else { Direction::BOTH };
        let terms = Negotiated { direction, ..terms_of(serial, G711::Alaw, 20) };
        bench.order(MediaCommand::Negotiate(id(serial), terms));
    };
    hold(&mut bench, 2, true);
    assert!(near(*levels(&mut bench, &sources, &[1_000, 2_000], 400).last().unwrap(), 2_000));
    hold(&mut bench, 3, true);
    levels(&mut bench, &sources, &[1_000, 2_000], 400);
    assert!(bench.sent_by(1).iter().skip(3).all(|packet| packet.payload[..] == music.alaw[..]));
    hold(&mut bench, 2, false);
    assert!(near(*levels(&mut bench, &sources, &[1_000, 2_000], 400).last().unwrap(), 1_000));
}

#[test]
fn what_plays_stands_before_the_mix_and_what_was_said_meanwhile_is_not_heard_after_it() {
    let sources = [(G711::Alaw, 20); 2];
    let mut bench = table(terms(), &sources);
    bench.hears(1, &[2, 3]);
    levels(&mut bench, &sources, &[1_000, 2_000], 200);
    let prompt = sound(8_000, 1);
    bench.play(1, 1, vec![Arc::clone(&prompt)], false);
    levels(&mut bench, &sources, &[4_000, 4_000], 960);
    let heard: Vec<u8> = bench.sent_by(1).iter().flat_map(|packet| packet.payload.clone()).collect();
    assert_eq!(heard[..], prompt.alaw[..heard.len()]);
    let after = levels(&mut bench, &sources, &[1_000, 2_000], 400);
    let meanwhile = after.iter().filter(|&&level| near(level, 8_000)).count();
    assert!(meanwhile <= 80 * 8, "{meanwhile} samples of what was said during the prompt");
    assert!(near(*after.last().unwrap(), 3_000));
}

#[test]
fn one_alone_becomes_two_and_one_again_in_one_stream() {
    let sources = [(G711::Alaw, 20); 2];
    let mut bench = table(terms(), &sources);
    let mut whole = Vec::new();
    for heard in [&[2][..], &[2, 3], &[3], &[3, 2], &[]] {
        bench.hears(1, heard);
        let _ = levels(&mut bench, &sources, &[1_000, 2_000], 411);
        whole.extend(bench.sent_by(1).into_iter().cloned());
    }
    assert!((98..=106).contains(&whole.len()), "{}", whole.len());
    for pair in whole.windows(2) {
        assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
        assert!(pair[1].timestamp.wrapping_sub(pair[0].timestamp) as i32 >= 160);
    }
}

#[test]
fn a_mix_waits_for_a_network_that_is_uneven_by_twenty_milliseconds() {
    let sources = [(G711::Alaw, 20); 2];
    let mut bench = table(terms(), &sources);
    bench.hears(1, &[2, 3]);
    let payload = [g711::encode(G711::Alaw, 2_000); 160];
    let mut rng = Rng::seeded(3);
    // Each packet of each source comes up to 20 ms after its time; the first comes at its time.
    let late: Vec<[u64; 2]> =
        (0..200).map(|n| [0, 1].map(|_| if n == 0 { 0 } else { rng.below(20) })).collect();
    bench.sent.clear();
    for ms in 0..4_000u64 {
        for (n, late) in (0..).zip(&late) {
            for (serial, _) in [2u64, 3].iter().zip(late).filter(|(_, late)| n * 20 + **late == ms) {
                bench.hear(*serial, &peer(*serial), &Packet { payload: &payload, ..audio(n as u32) });
            }
        }
        bench.run(1);
    }
    let heard: Vec<i16> =
        bench.sent_by(1).iter().map(|packet| g711::decode(G711::Alaw, packet.payload[0])).collect();
    let first = heard.iter().position(|&level| near(level, 4_000)).unwrap();
    assert!(heard[first..].iter().all(|&level| near(level, 4_000)), "{heard:?}");
}
