use super::*;
use crate::base::rng::Rng;
use crate::base::time::at;
use crate::media::outbox::MediaOutput;

const LAW: G711 = G711::Alaw;

fn order(longest_ms: u64, silence_ms: Option<u64>) -> Order {
    Order {
        recording: RecordingId(1),
        longest: Duration::from_millis(longest_ms),
        silence: silence_ms.map(Duration::from_millis),
        stop_on_digit: false,
    }
}

/// A voice of a session under test: what it said and what was recorded.
struct Studio {
    recording: Option<Box<Recording>>,
    outbox: Outbox,
}

impl Studio {
    fn new(order: Order) -> Self {
        Self { recording: Some(Box::new(Recording::new(at(0), order))), outbox: Outbox::default() }
    }

    fn say(&mut self, ms: u64, sequence: u16, timestamp: u32, level: i16) {
        let payload = [g711::encode(LAW, level); 160];
        let packet =
            Packet { marker: false, payload_type: 8, sequence, timestamp, ssrc: 7, payload: &payload };
        if let Some(recording) = &mut self.recording {
            recording.packet(at(ms), &packet, LAW, &mut self.outbox);
        }
    }

    fn tick(&mut self, ms: u64) {
        let end = self.recording.as_mut().and_then(|recording| recording.tick(at(ms), &mut self.outbox));
        if let Some(end) = end {
            self.finish(end);
        }
    }

    fn finish(&mut self, end: RecordingEnd) {
        if let Some(recording) = self.recording.take() {
            recording.finish(SessionId { worker: 0, serial: 1 }, end, &mut self.outbox);
        }
    }

    /// The samples, and the milliseconds of length and of speech that were reported, with the end.
    fn tape(mut self) -> (Vec<i16>, u64, u64, RecordingEnd) {
        self.finish(RecordingEnd::Stopped);
        let mut samples = Vec::new();
        loop {
            match self.outbox.pop() {
                Some(MediaOutput::Frames { samples: frame, .. }) => samples.extend_from_slice(frame),
                Some(MediaOutput::Event(MediaEvent::Recorded { duration, speech, end, .. })) => {
                    return (samples, duration.as_millis() as u64, speech.as_millis() as u64, end);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn packets_out_of_order_repeated_and_lost_stand_where_they_belong() {
    let mut studio = Studio::new(order(60_000, None));
    let mut rng = Rng::seeded(5);
    // Each packet's level names it; up to 60 ms late, one in ten twice, one in ten never.
    let mut arrivals = Vec::new();
    let lost = |n: u64| n % 10 == 3;
    for n in (0..500u64).filter(|&n| !lost(n)) {
        arrivals.push((n * 20 + rng.below(60), n));
        if rng.chance(100) {
            arrivals.push((n * 20 + rng.below(60), n));
        }
    }
    // The first packet is the first to come: places are counted from it.
    arrivals.sort_unstable();
    arrivals.retain(|&(_, n)| n != 0);
    arrivals.insert(0, (0, 0));
    for (ms, n) in arrivals {
        studio.say(
            ms,
            65_500u16.wrapping_add(n as u16),
            4_294_960_000u32.wrapping_add(n as u32 * 160),
            n as i16 * 60,
        );
    }
    let (samples, length, ..) = studio.tape();
    assert_eq!((samples.len(), length), (500 * 160, 10_000));
    for (n, frame) in samples.chunks(160).enumerate() {
        let level = g711::decode(LAW, g711::encode(LAW, n as i16 * 60));
        let expected = if lost(n as u64) { 0 } else { level };
        assert!(frame.iter().all(|&sample| sample == expected), "frame {n}: {} for {expected}", frame[0]);
    }
}

#[test]
fn silence_ends_it_whether_it_is_sent_or_not() {
    // Speech of 1 s, then quiet packets.
    let mut studio = Studio::new(order(60_000, Some(2_000)));
    for n in 0..400u16 {
        studio.say(u64::from(n) * 20, n, u32::from(n) * 160, if n < 50 { 4_000 } else { 20 });
        studio.tick(u64::from(n) * 20);
    }
    let (_, length, speech, end) = studio.tape();
    assert_eq!(end, RecordingEnd::Silence);
    assert!((3_000..3_300).contains(&length) && (960..=1_000).contains(&speech), "{length} {speech}");
    // Speech of 1 s, then nothing at all.
    let mut studio = Studio::new(order(60_000, Some(2_000)));
    for n in 0..400u16 {
        if n < 50 {
            studio.say(u64::from(n) * 20, n, u32::from(n) * 160, 4_000);
        }
        studio.tick(u64::from(n) * 20);
    }
    let (_, length, _, end) = studio.tape();
    assert_eq!(end, RecordingEnd::Silence);
    assert!((3_000..3_400).contains(&length), "{length}");
    // Nothing from the start.
    let mut studio = Studio::new(order(60_000, Some(2_000)));
    (0..200).for_each(|n| studio.tick(n * 20));
    assert_eq!(studio.tape().3, RecordingEnd::Silence);
}

#[test]
fn the_longest_is_kept_to_the_sample() {
    let mut studio = Studio::new(order(1_010, None));
    for n in 0..100u16 {
        studio.say(u64::from(n) * 20, n, u32::from(n) * 160, 1_000);
        studio.tick(u64::from(n) * 20);
    }
    let (samples, length, _, end) = studio.tape();
    assert_eq!((samples.len(), length, end), (8_080, 1_010, RecordingEnd::Longest));
}

#[test]
fn a_pause_of_the_sender_keeps_its_length_and_a_jump_of_its_clock_does_not() {
    // Silence suppression: 1 s, a pause of 3 s with a clock that goes on, 1 s.
    let mut studio = Studio::new(order(60_000, None));
    for n in (0..250u32).filter(|n| !(50..200).contains(n)) {
        studio.say(u64::from(n) * 20, n as u16, n * 160, 1_000);
        studio.tick(u64::from(n) * 20);
    }
    assert_eq!(studio.tape().1, 5_000);
    // The same with ticks in the pause.
    let mut studio = Studio::new(order(60_000, None));
    for n in 0..250u32 {
        if !(50..200).contains(&n) {
            studio.say(u64::from(n) * 20, n as u16, n * 160, 1_000);
        }
        studio.tick(u64::from(n) * 20);
    }
    let length = studio.tape().1;
    assert!((4_980..=5_020).contains(&length), "{length}");
    // A clock that jumps by an hour, back and forth, while packets keep coming.
    for jump in [3_600 * 8_000, -3_600 * 8_000] {
        let mut studio = Studio::new(order(60_000, None));
        for n in 0..200i32 {
            let timestamp = n * 160 + if n >= 100 { jump } else { 0 };
            studio.say(n as u64 * 20, n as u16, timestamp as u32, 1_000);
        }
        let (samples, length, ..) = studio.tape();
        assert_eq!(length, 4_000);
        assert!(samples.iter().all(|&sample| sample != 0), "nothing was filled in, nothing overwritten");
    }
}

#[test]
fn a_hostile_source_neither_panics_nor_outgrows_the_clock() {
    let mut rng = Rng::seeded(11);
    let mut studio = Studio::new(order(3_600_000, None));
    for n in 0..20_000u64 {
        studio.say(n * 20, rng.u32() as u16, rng.u32(), 1_000);
        studio.tick(n * 20);
    }
    let (samples, length, ..) = studio.tape();
    // 400 s of packets; each jump may add what the clock allows, 200 ms.
    assert!(length <= 400_000 + 20_000 * 220, "{length}");
    assert_eq!(samples.len() as u64 / 8, length);
}
