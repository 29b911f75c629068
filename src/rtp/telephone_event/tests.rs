//! Streams of keys through channels that lose, repeat and reorder; each against the keys that were pressed.

use super::*;
use crate::base::rng::Rng;
use crate::base::time::at;

#[derive(Copy, Clone)]
struct Sent {
    /// Tenths of milliseconds.
    at: u64,
    marker: bool,
    timestamp: u32,
    event: Event,
}

#[derive(Copy, Clone)]
struct Style {
    on_ms: u64,
    gap_ms: u64,
    ends: u64,
    timestamp_moves: bool,
    /// In the repeats of the End too.
    ends_move: bool,
    marker: bool,
}

const USUAL: Style =
    Style { on_ms: 100, gap_ms: 100, ends: 3, timestamp_moves: false, ends_move: false, marker: true };

#[derive(Copy, Clone, Default)]
struct Channel {
    loss_permille: u64,
    burst: u64,
    repeat_permille: u64,
    reorder_permille: u64,
}

fn stream(rng: &mut Rng, keys: usize, style: Style) -> (Vec<Sent>, Vec<Digit>) {
    let (mut sent, mut pressed) = (Vec::new(), Vec::new());
    let origin = rng.u32();
    let mut begin_ms = 0;
    for _ in 0..keys {
        let code = rng.below(12) as u8;
        pressed.push(Digit::from_event(code).unwrap());
        let begin = origin.wrapping_add(begin_ms as u32 * 8);
        let packets = style.on_ms / 20;
        let moved = |n: u64| if style.timestamp_moves { n as u32 * 160 } else { 0 };
        for n in 0..packets {
            let duration = if style.timestamp_moves { 160 } else { (n as u16 + 1) * 160 };
            sent.push(Sent {
                at: (begin_ms + n * 20) * 10,
                marker: n == 0 && style.marker,
                timestamp: begin.wrapping_add(moved(n)),
                event: Event { code, end: false, volume: 10, duration },
            });
        }
        for n in 0..style.ends {
            sent.push(Sent {
                at: (begin_ms + packets * 20 + n * 5) * 10,
                marker: false,
                timestamp: begin.wrapping_add(moved(packets + if style.ends_move { n } else { 0 })),
                event: Event { code, end: true, volume: 10, duration: style.on_ms as u16 * 8 },
            });
        }
        begin_ms += style.on_ms + style.gap_ms;
    }
    (sent, pressed)
}

fn through(rng: &mut Rng, sent: &[Sent], channel: Channel) -> Vec<Sent> {
    let mut arrived = Vec::new();
    let mut bad = false;
    for &packet in sent {
        let lost = if channel.burst <= 1 {
            rng.chance(channel.loss_permille)
        } else {
            // Gilbert: a burst ends with 1/burst, and begins so often that the mean is the loss.
            bad = if bad {
                !rng.chance(1_000 / channel.burst)
            } else {
                rng.chance(channel.loss_permille * 1_000 / channel.burst / (1_000 - channel.loss_permille))
            };
            bad
        };
        if lost {
            continue;
        }
        let spread = if rng.chance(channel.reorder_permille) { 600 } else { 20 };
        let at = packet.at + 200 + rng.below(spread);
        arrived.push(Sent { at, ..packet });
        if rng.chance(channel.repeat_permille) {
            arrived.push(Sent { at: at + rng.below(400), ..packet });
        }
    }
    arrived.sort_by_key(|packet| packet.at);
    arrived
}

fn received(arrived: &[Sent]) -> Vec<Digit> {
    let mut receiver = Receiver::new();
    let one = |packet: &Sent| {
        let now = Instant::from_micros(packet.at * 100);
        receiver.packet(now, packet.marker, packet.timestamp, &packet.event.octets())
    };
    arrived.iter().filter_map(one).collect()
}

/// Missed and extra keys over 10,000, by the distance of Levenshtein.
fn errors(style: Style, channel: Channel) -> (usize, usize) {
    let (mut missed, mut extra) = (0, 0);
    for seed in 0..500 {
        let mut rng = Rng::seeded(seed);
        let (sent, pressed) = stream(&mut rng, 20, style);
        let heard = received(&through(&mut rng, &sent, channel));
        let edits = distance(&pressed, &heard);
        missed += (edits + pressed.len()).saturating_sub(heard.len()).div_ceil(2);
        extra += (edits + heard.len()).saturating_sub(pressed.len()) / 2;
    }
    (missed, extra)
}

fn distance(a: &[Digit], b: &[Digit]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut above = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = above + usize::from(x != y);
            above = row[j + 1];
            row[j + 1] = cost.min(above + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[test]
fn random_loss_of_a_fifth_misses_and_doubles_none() {
    let channel = Channel { loss_permille: 200, ..Channel::default() };
    assert_eq!(errors(USUAL, channel), (0, 0));
    assert_eq!(errors(Style { marker: false, ..USUAL }, channel), (0, 0));
}

#[test]
fn bursts_of_three_miss_less_than_one_and_a_half_percent() {
    let (missed, extra) = errors(USUAL, Channel { loss_permille: 200, burst: 3, ..Channel::default() });
    assert!(missed <= 150 && extra == 0, "{missed} missed, {extra} extra");
}

#[test]
fn repeated_and_reordered_packets_neither_double_nor_miss() {
    let channel = Channel { repeat_permille: 100, reorder_permille: 100, ..Channel::default() };
    assert_eq!(errors(USUAL, channel), (0, 0));
    let (missed, extra) = errors(USUAL, Channel { loss_permille: 200, ..channel });
    assert!(missed <= 5 && extra == 0, "{missed} missed, {extra} extra");
}

#[test]
fn short_keys_and_a_single_end_come_through() {
    let quick = Style { on_ms: 50, gap_ms: 50, ..USUAL };
    assert_eq!(errors(quick, Channel::default()), (0, 0));
    let (missed, extra) =
        errors(Style { ends: 1, ..USUAL }, Channel { loss_permille: 50, ..Channel::default() });
    assert_eq!((missed, extra), (0, 0));
}

#[test]
fn a_sender_that_moves_the_timestamp_inside_a_key_is_understood() {
    let broken = Style { timestamp_moves: true, ..USUAL };
    assert_eq!(errors(broken, Channel::default()), (0, 0));
    for (on_ms, marker) in [(40, true), (100, true), (240, true), (100, false)] {
        let worse = Style { ends_move: true, on_ms, marker, gap_ms: 140, ..broken };
        assert_eq!(errors(worse, Channel::default()), (0, 0), "{on_ms} {marker}");
    }
}

#[test]
fn a_key_held_for_ten_seconds_is_one_key_with_or_without_segments() {
    let digit = Digit::from_event(5);
    // Duration that wraps under one timestamp.
    let mut wrapping = Receiver::new();
    let heard: Vec<_> = (0..500u32)
        .filter_map(|n| {
            let event = Event { code: 5, end: false, volume: 10, duration: (n * 160) as u16 };
            wrapping.packet(at(u64::from(n) * 20), n == 0, 1_000, &event.octets())
        })
        .collect();
    assert_eq!(heard, Vec::from_iter(digit));
    // Segments, with the packets around the seam lost.
    let mut segmented = Receiver::new();
    let heard: Vec<_> = (0..1_000u32)
        .filter(|n| !(405..412).contains(n))
        .filter_map(|n| {
            let (segment, ticks) = ((n * 160) / 0xFFFF, (n * 160) % 0xFFFF);
            let event = Event { code: 5, end: false, volume: 10, duration: ticks as u16 };
            segmented.packet(at(u64::from(n) * 20), n == 0, 1_000 + segment * 0xFFFF, &event.octets())
        })
        .collect();
    assert_eq!(heard, Vec::from_iter(digit));
}

#[test]
fn the_same_key_again_counts_again_even_if_the_first_never_ended() {
    let mut receiver = Receiver::new();
    let event = Event { code: 1, end: false, volume: 10, duration: 160 };
    assert!(receiver.packet(at(0), true, 0, &event.octets()).is_some());
    assert!(receiver.packet(at(200), true, 1_600, &event.octets()).is_some());
    assert!(receiver.packet(at(400), false, 3_200, &event.octets()).is_some());
}

#[test]
fn keys_played_from_recordings_count_each_time() {
    let mut receiver = Receiver::new();
    let mut play = |begin: u64, code: u8, timestamp: u32| {
        let packets = (0..8u16).map(|n| (u64::from(n) * 20, n == 0, n == 7, n * 320));
        let heard = packets.filter_map(|(after, marker, end, duration)| {
            let event = Event { code, end, volume: 10, duration };
            receiver.packet(at(begin + after), marker, timestamp, &event.octets())
        });
        heard.map(Digit::as_char).collect::<String>()
    };
    // The same recording twice; then one whose timestamps are older.
    let heard = [play(0, 5, 20_000), play(700, 5, 20_000), play(1_400, 1, 13_000)];
    assert_eq!(heard.concat(), "551");
    // The same again as soon as only a late or doubled packet comes: nothing.
    assert_eq!(play(1_600, 1, 13_000), "");
}

#[test]
fn timestamps_wrap_and_senders_begin_anew() {
    let mut receiver = Receiver::new();
    let event = |code| Event { code, end: true, volume: 10, duration: 800 }.octets();
    assert!(receiver.packet(at(0), true, 0xFFFF_FF00, &event(1)).is_some());
    assert!(receiver.packet(at(300), true, 0x0000_0860, &event(1)).is_some());
    assert!(receiver.packet(at(310), false, 0xFFFF_FF00, &event(1)).is_none());
    assert!(receiver.packet(at(5_000), true, 0x8000_0000, &event(2)).is_some());
}

#[test]
fn what_is_no_key_and_what_is_too_short_is_ignored() {
    let mut receiver = Receiver::new();
    assert_eq!(receiver.packet(at(0), true, 10, &[16, 10, 0, 160]), None);
    assert_eq!(receiver.packet(at(0), true, 20, &[1, 10, 0]), None);
    assert_eq!(receiver.packet(at(0), true, 30, &[]), None);
    assert_eq!(receiver.packet(at(0), true, 40, &[0, 0, 0, 0, 7, 10, 0, 160]), Digit::from_event(7));
    assert_eq!(receiver.packet(at(20), false, 40, &[0, 0, 0, 0, 7, 10, 1, 64]), None);
}

#[test]
fn what_we_send_is_what_we_hear() {
    let mut sender = Sender::new();
    for key in "19#".chars() {
        assert!(sender.push(Digit::from_char(key).unwrap()));
    }
    let mut receiver = Receiver::new();
    let (mut heard, mut packets) = (String::new(), Vec::new());
    for n in 0..60u32 {
        if let Some(packet) = sender.next(n * 160, 160) {
            packets.push((packet.marker, packet.timestamp, Event::parse(&packet.payload).unwrap()));
            let now = at(u64::from(n) * 20);
            heard.extend(
                receiver.packet(now, packet.marker, packet.timestamp, &packet.payload).map(Digit::as_char),
            );
        }
    }
    assert_eq!(heard, "19#");
    assert!(!sender.is_busy());
    // Five packets that grow to 100 ms, the last of them three times; the timestamp of the first.
    assert_eq!(packets.len(), 21);
    let durations: Vec<_> = packets[..7].iter().map(|(_, _, event)| (event.duration, event.end)).collect();
    assert_eq!(
        durations,
        [(160, false), (320, false), (480, false), (640, false), (800, true), (800, true), (800, true)]
    );
    assert!(packets[..7].iter().all(|(_, timestamp, _)| *timestamp == 0));
    assert!(packets[0].0 && !packets[1].0 && packets[7].0);
}

#[test]
fn keys_to_send_are_bounded() {
    let mut sender = Sender::new();
    let taken = (0..1_000).filter(|_| sender.push(Digit::STAR)).count();
    assert_eq!(taken, KEYS_TO_SEND_MAX);
}
