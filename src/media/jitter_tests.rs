use super::*;
use crate::media::vocabulary::Gain;

const LEVEL: i16 = 7_932; // a step of mu-law

fn packet(sequence: u16, timestamp: u32, payload: &[u8]) -> Packet<'_> {
    Packet { marker: false, payload_type: 0, sequence, timestamp, ssrc: 1, payload }
}

fn voice(level: i16) -> [u8; 160] {
    [g711::encode(G711::Ulaw, level); 160]
}

fn put(buffer: &mut JitterBuffer, n: u32) {
    buffer.put(&packet(n as u16, n * 160, &voice(LEVEL)), G711::Ulaw, 320);
}

/// Takes a packet's worth; gives its first sample and how many are not silent.
fn take(buffer: &mut JitterBuffer) -> (i32, usize) {
    let mut sums = [0; 160];
    buffer.take(Gain::UNITY.factor(), &mut sums);
    (sums[0], sums.iter().filter(|&&sum| sum != 0).count())
}

#[test]
fn the_first_waits_and_then_each_finds_its_place() {
    let mut buffer = JitterBuffer::new();
    let heard: Vec<usize> = (0..50)
        .map(|n| {
            put(&mut buffer, n);
            take(&mut buffer).1
        })
        .collect();
    assert_eq!(heard[..2], [0, 0]);
    assert!(heard[2..].iter().all(|&samples| samples == 160));
}

#[test]
fn what_is_overtaken_is_put_in_order_and_what_is_lost_is_silence() {
    let mut buffer = JitterBuffer::new();
    for n in [0u32, 2, 1, 4, 4] {
        put(&mut buffer, n);
    }
    let heard: Vec<usize> = (0..8).map(|_| take(&mut buffer).1).collect();
    assert_eq!(heard, [0, 0, 160, 160, 160, 0, 160, 0]);
}

#[test]
fn what_comes_after_its_time_is_left_out_and_after_running_dry_it_starts_afresh() {
    let mut buffer = JitterBuffer::new();
    put(&mut buffer, 0);
    put(&mut buffer, 2);
    let heard: Vec<usize> = (0..4).map(|_| take(&mut buffer).1).collect();
    assert_eq!(heard, [0, 0, 160, 0]);
    put(&mut buffer, 1);
    assert_eq!((take(&mut buffer).1, take(&mut buffer).1), (160, 0), "late, and dry");
    put(&mut buffer, 4);
    put(&mut buffer, 3);
    let heard: Vec<usize> = (0..5).map(|_| take(&mut buffer).1).collect();
    assert_eq!(heard, [0, 160, 160, 0, 0], "a fresh start, with the one that was overtaken");
}

#[test]
fn a_flood_pushes_the_oldest_out_and_never_more_than_the_bound_waits() {
    let mut buffer = JitterBuffer::new();
    for n in 0..100 {
        put(&mut buffer, n);
        assert!(buffer.waiting() <= MIX_SAMPLES_MAX as u64);
    }
    let long = [g711::encode(G711::Ulaw, LEVEL); 1_488];
    let mut other = JitterBuffer::new();
    other.put(&packet(1, 0, &long), G711::Ulaw, 640);
    other.put(&packet(2, 1_488, &long), G711::Ulaw, 640);
    assert!(other.waiting() <= MIX_SAMPLES_MAX as u64);
    assert_eq!(take(&mut other).1, 160);
}

#[test]
fn another_source_and_another_clock_follow_without_a_gap() {
    let mut buffer = JitterBuffer::new();
    let word = voice(LEVEL);
    let strange = [packet(1, 160, &word), Packet { ssrc: 9, ..packet(40_000, 7, &word) }];
    put(&mut buffer, 0);
    for next in &strange {
        buffer.put(next, G711::Ulaw, 320);
    }
    // Its timestamp jumps by an hour, then its sequence falls far back.
    for (sequence, timestamp) in [(40_001, 28_800_000), (20_000, 5)] {
        buffer.put(&Packet { ssrc: 9, ..packet(sequence, timestamp, &word) }, G711::Ulaw, 320);
    }
    let heard: Vec<usize> = (0..8).map(|_| take(&mut buffer).1).collect();
    assert_eq!(heard, [0, 0, 160, 160, 160, 160, 160, 0]);
}

#[test]
fn a_faster_clock_is_cut_and_a_slower_one_starts_afresh_now_and_then() {
    // Half a percent: 8,040 and 7,960 samples a second; a hundred times what real clocks have.
    for (rate_us, dry_max) in [(19_900u64, 0), (20_100, 40)] {
        let mut buffer = JitterBuffer::new();
        let (mut said, mut dry, mut deepest) = (0u64, 0, 0);
        for tick in 1..=30_000u64 {
            while said * rate_us <= tick * 20_000 {
                put(&mut buffer, said as u32);
                said += 1;
            }
            dry += usize::from(take(&mut buffer).1 < 160 && tick > 3);
            deepest = deepest.max(buffer.waiting());
        }
        assert!(deepest <= 900, "{deepest} samples wait");
        assert!(dry <= 4 * dry_max, "{dry} times dry");
    }
}

#[test]
fn what_is_left_out_and_cleared_is_not_heard() {
    let mut buffer = JitterBuffer::new();
    (0..4).for_each(|n| put(&mut buffer, n));
    buffer.leave_out(320 + 160);
    assert_eq!(take(&mut buffer), (i32::from(LEVEL), 160));
    buffer.clear();
    assert_eq!(take(&mut buffer), (0, 0));
    put(&mut buffer, 9);
    let heard: Vec<usize> = (0..3).map(|_| take(&mut buffer).1).collect();
    assert_eq!(heard, [0, 0, 160]);
}

#[test]
fn a_network_that_is_uneven_by_twenty_milliseconds_loses_nothing() {
    // The delay that a listener of 20 ms asks for; packets and ticks by the millisecond.
    for phase in 0..20 {
        let mut rng = crate::base::rng::Rng::seeded(phase);
        let mut buffer = JitterBuffer::new();
        let arrivals: Vec<u64> = (0..500).map(|n| n * 20 + if n == 0 { 0 } else { rng.below(20) }).collect();
        let mut heard = Vec::new();
        for ms in 0..10_000 {
            for (n, _) in arrivals.iter().enumerate().filter(|(_, at)| **at == ms) {
                put(&mut buffer, n as u32);
            }
            if ms % 20 == phase {
                heard.push(take(&mut buffer).1);
            }
        }
        let first = heard.iter().position(|&samples| samples > 0).unwrap();
        assert!(heard[first + 1..].iter().all(|&samples| samples == 160), "{phase}: {heard:?}");
    }
}
