//! `svi simulate --ladder --pcap`: one whole call, told what to do, as a ladder and as the packets that a reader finds again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use svi::audio::sound::Sound;
use svi::base::digit::Digit;
use svi::base::name::Name;
use svi::base::time::Wall;
use svi::flow::errand::{FetchFailure, Fetched};
use svi::io::load;
use svi::sim::whole::{Setting, Whole};

use crate::support::{FLOW, SITE, seconds};

const MORNING: i64 = 1_795_510_800_000;

/// A caller presses 1, waits, talks to Alice for ten seconds and hangs up: the ladder, and the capture.
fn call() -> (String, Vec<u8>) {
    let mut edition = load::from_texts(&[("site.yaml", SITE), ("accueil.yaml", FLOW)]).unwrap();
    for key in edition.library.keys().cloned().collect::<Vec<_>>() {
        edition.library.insert(key, Arc::new(Sound::silence(seconds(2))));
    }
    let wall = Wall::from_epoch_ms(MORNING);
    let setting = Setting { number: "+33800123456", caller: "0612345678", wall, agents: None, seed: 1 };
    let nobody = Box::new(|_: &_| (Duration::ZERO, Fetched::Failed(FetchFailure::Unreachable)));
    let mut call = Whole::new(edition, &setting, nobody);
    call.listen();
    call.press(&[Digit::from_char('1').unwrap()]);
    assert!(call.answer(Some(&Name::from("alice"))), "Alice is rung");
    call.talk(seconds(10));
    assert!(call.is_talking() && !call.is_over());
    call.hang_up();
    assert!(call.is_over());
    let (world, capture) = call.finish();
    assert_eq!(world.verdict(), [""; 0]);
    assert_eq!(world.records.len(), 1);
    (world.ladder.draw(), capture.bytes().to_vec())
}

/// Whence a stream comes: addresses and ports as octets, and its SSRC.
type Source = (Vec<u8>, u32);

#[test]
fn the_ladder_shows_each_message_and_what_each_side_hears() {
    let (ladder, _) = call();
    let mut rest = ladder.as_str();
    for wanted in [
        "+33612345678 → svi      INVITE +SDP",
        "svi      → +33612345678 200 OK (INVITE) +SDP",
        "+33612345678 · hears [appel-gratuit.wav]",
        "+33612345678 · hears Bienvenue.",
        "svi      → alice    INVITE +SDP",
        "alice    → svi      200 OK (INVITE) +SDP",
        "+33612345678 · hears voice:alice",
        "alice    · hears voice:+33612345678",
        "+33612345678 → svi      BYE",
        "svi      → alice    BYE",
    ] {
        let at = rest
            .find(wanted)
            .unwrap_or_else(|| panic!("{wanted:?} is missing, or comes too early:\n{ladder}"));
        rest = &rest[at + wanted.len()..];
    }
    assert!(!ladder.contains("REGISTER"), "what was before the call is not drawn:\n{ladder}");
    assert!(ladder.starts_with("   0.000  "), "time counts from the call:\n{ladder}");
}

#[test]
fn the_same_script_gives_the_same_octets() {
    assert!(call() == call());
}

#[test]
fn a_reader_finds_the_packets_again_and_none_is_lost() {
    let (_, file) = call();
    let mut messages = Vec::new();
    let mut streams: BTreeMap<Source, Vec<(i64, u16)>> = BTreeMap::new();
    let mut last = i64::MIN;
    for (at, packet) in packets(&file) {
        assert!(at >= last, "moments go on");
        last = at;
        let (ip, udp) = packet.split_at(20);
        assert_eq!(sum(ip), 0xffff, "the checksum of the IP header");
        let length = u16::try_from(udp.len()).unwrap().to_be_bytes();
        assert_eq!(sum(&[&ip[12..], &[0, 17], &length, udp].concat()), 0xffff, "the checksum of UDP");
        let payload = &udp[8..];
        let ports = [u16::from_be_bytes([udp[0], udp[1]]), u16::from_be_bytes([udp[2], udp[3]])];
        match (ports.contains(&5060), payload[1] & 0x7f) {
            (true, _) => messages.push(String::from_utf8_lossy(payload).lines().next().unwrap().to_owned()),
            (false, 0 | 8 | 101) => {
                let ssrc = u32::from_be_bytes(payload[8..12].try_into().unwrap());
                let stream = streams.entry(([&ip[12..20], &udp[..4]].concat(), ssrc)).or_default();
                stream.push((at, u16::from_be_bytes([payload[2], payload[3]])));
            }
            // RTCP, one port above.
            (false, _) => {}
        }
    }
    assert!(messages[0].starts_with("INVITE sip:+33800123456@10.0.0.1:5060"), "{messages:?}");
    assert!(messages.last().unwrap().starts_with("SIP/2.0 200"), "{messages:?}");
    assert_eq!(streams.len(), 4, "caller and server, server and Alice, both ways");
    for packets in streams.values() {
        let follows = packets.windows(2).all(|pair| pair[1].1 == pair[0].1.wrapping_add(1));
        assert!(follows && packets.len() > 500, "{} packets", packets.len());
    }
    let first = MORNING * 1_000;
    let moments: Vec<i64> = packets(&file).map(|(at, _)| at).collect();
    assert_eq!(moments[0], first, "the civil moment of the call");
    assert!((20_000_000..90_000_000).contains(&(last - first)), "{} us", last - first);
}

/// Moments in microseconds, and packets from their IP header on.
fn packets(file: &[u8]) -> impl Iterator<Item = (i64, &[u8])> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    assert_eq!((word(0), word(20)), (0xa1b2_c3d4, 101));
    let mut at = 24;
    std::iter::from_fn(move || {
        let head = file.get(at..at + 16)?;
        let word = |place: usize| u32::from_le_bytes(head[place..place + 4].try_into().unwrap());
        let packet = &file[at + 16..at + 16 + word(8) as usize];
        at += 16 + packet.len();
        Some((i64::from(word(0)) * 1_000_000 + i64::from(word(4)), packet))
    })
}

/// RFC 1071, folded; all ones when what is summed holds its own checksum.
fn sum(octets: &[u8]) -> u16 {
    let words = octets.chunks(2).map(|pair| u64::from(pair[0]) << 8 | u64::from(*pair.get(1).unwrap_or(&0)));
    let mut sum: u64 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}
