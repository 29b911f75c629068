//! What a session hears, put in order: frames at the place that their RTP timestamp names, holes filled with silence.
//!
//! Packets may come up to 200 ms out of order. A peer that sends nothing records as silence at the pace of the clock, so that
//! lengths and limits hold; a hole is never longer than the clock allows. Knows when it must end; does not write files (that is `io/recorder.rs`).

use super::outbox::Outbox;
use super::outgoing::ticks;
use super::vocabulary::{MediaEvent, RecordingEnd, RecordingId, SessionId};
use crate::audio::g711;
use crate::base::codec::G711;
use crate::base::time::{Duration, Instant};
use crate::rtp::packet::Packet;

/// Samples of a frame for the recorder.
const FRAME: usize = 160;
/// Samples that wait for those out of order: 200 ms.
const REORDER: u64 = 1_600;
/// The window: what waits, and room for a long packet.
const WINDOW: usize = 2_048;
/// After this much without a packet the clock fills in.
const IDLE: Duration = Duration::from_millis(300);
/// Mean square of a frame at -38 dBFS: two of them begin speech.
const SPEECH_BEGINS: u64 = 170_000;
/// Mean square of a frame at -42 dBFS: speech ends below.
const SPEECH_ENDS: u64 = 68_000;

/// What was ordered.
#[derive(Copy, Clone, Debug)]
pub(super) struct Order {
    pub(super) recording: RecordingId,
    pub(super) longest: Duration,
    pub(super) silence: Option<Duration>,
    pub(super) stop_on_digit: bool,
}

#[derive(Debug)]
pub(super) struct Recording {
    pub(super) order: Order,
    window: [i16; WINDOW],
    /// The next sample to hand over, and the end of what is known; counted from the beginning.
    head: u64,
    end: u64,
    source: Option<Source>,
    heard_at: Instant,
    heard_end: u64,
    voice: Voice,
}

/// How the timestamps of the source map to places.
#[derive(Copy, Clone, Debug)]
struct Source {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    place: u64,
}

#[derive(Debug, Default)]
struct Voice {
    loud_frames: u8,
    speaking: bool,
    speech: u64,
    silent: u64,
}

impl Recording {
    pub(super) fn new(now: Instant, order: Order) -> Self {
        Self {
            order,
            window: [0; WINDOW],
            head: 0,
            end: 0,
            source: None,
            heard_at: now,
            heard_end: 0,
            voice: Voice::default(),
        }
    }

    /// A packet of audio was heard.
    pub(super) fn packet(&mut self, now: Instant, packet: &Packet<'_>, law: G711, outbox: &mut Outbox) {
        let Some(place) = self.place(now, packet) else { return };
        let length = packet.payload.len().min(WINDOW - FRAME) as u64;
        while place + length > self.head + WINDOW as u64 {
            self.hand_over(FRAME, outbox);
        }
        for (place, &octet) in (place..place + length).zip(packet.payload) {
            if place >= self.head {
                self.window[place as usize % WINDOW] = g711::decode(law, octet);
            }
        }
        self.end = self.end.max(place + length);
        self.heard_at = now;
        self.heard_end = self.end;
        self.settle(outbox);
    }

    /// Time passes: without packets it is silence. Says whether the recording must end.
    pub(super) fn tick(&mut self, now: Instant, outbox: &mut Outbox) -> Option<RecordingEnd> {
        let idle = now.since(self.heard_at);
        if idle > IDLE {
            self.end = self.end.max(self.heard_end + u64::from(ticks(idle)));
            self.settle(outbox);
        }
        let silence = self.order.silence.map(samples);
        if self.end >= samples(self.order.longest) {
            Some(RecordingEnd::Longest)
        } else if silence.is_some_and(|silence| self.voice.silent >= silence) {
            Some(RecordingEnd::Silence)
        } else {
            None
        }
    }

    /// Hands over the rest and reports.
    pub(super) fn finish(mut self: Box<Self>, session: SessionId, end: RecordingEnd, outbox: &mut Outbox) {
        self.end = self.end.min(samples(self.order.longest)).max(self.head);
        while self.head < self.end {
            self.hand_over(((self.end - self.head) as usize).min(FRAME), outbox);
        }
        let duration = |samples: u64| Duration::from_micros(samples * 125);
        outbox.event(MediaEvent::Recorded {
            session,
            recording: self.order.recording,
            duration: duration(self.head),
            speech: duration(self.voice.speech),
            end,
        });
    }

    /// Where a packet belongs; `None` if that has been handed over already.
    fn place(&mut self, now: Instant, packet: &Packet<'_>) -> Option<u64> {
        let Some(source) = self.source.as_mut().filter(|source| source.ssrc == packet.ssrc) else {
            return Some(self.begin(packet));
        };
        let newer = packet.sequence.wrapping_sub(source.sequence) as i16 > 0;
        let ahead = i64::from(packet.timestamp.wrapping_sub(source.timestamp) as i32);
        let place = (source.place as i64).saturating_add(ahead);
        if !newer {
            let whole = place + packet.payload.len() as i64;
            return (place >= 0 && whole > self.head as i64 && place <= self.end as i64)
                .then_some(place as u64);
        }
        source.sequence = packet.sequence;
        // A newer packet whose time has been handed over, or lies further ahead than the clock allows: the sender's clock jumped.
        let clock = self.heard_end + u64::from(ticks(now.since(self.heard_at)));
        if place < self.head as i64 || place as u64 > clock.max(self.end) + REORDER {
            return Some(self.begin(packet));
        }
        (source.timestamp, source.place) = (packet.timestamp, place as u64);
        Some(place as u64)
    }

    /// From this packet on, places count from the end of what is known.
    fn begin(&mut self, packet: &Packet<'_>) -> u64 {
        let place = self.end;
        self.source =
            Some(Source { ssrc: packet.ssrc, sequence: packet.sequence, timestamp: packet.timestamp, place });
        place
    }

    /// Hands over what has waited long enough.
    fn settle(&mut self, outbox: &mut Outbox) {
        let longest = samples(self.order.longest);
        while self.end > self.head + REORDER && self.head + FRAME as u64 <= longest {
            self.hand_over(FRAME, outbox);
        }
    }

    fn hand_over(&mut self, length: usize, outbox: &mut Outbox) {
        let mut frame = [0; FRAME];
        for (place, sample) in (self.head..).zip(&mut frame[..length]) {
            *sample = std::mem::take(&mut self.window[place as usize % WINDOW]);
        }
        self.head += length as u64;
        self.end = self.end.max(self.head);
        self.voice.frame(&frame[..length]);
        outbox.frames(self.order.recording, &frame[..length]);
    }
}

impl Voice {
    fn frame(&mut self, samples: &[i16]) {
        let energy: u64 = samples.iter().map(|&sample| u64::from(sample.unsigned_abs()).pow(2)).sum();
        let mean = energy / (samples.len() as u64).max(1);
        self.loud_frames = if mean > SPEECH_BEGINS { self.loud_frames.saturating_add(1) } else { 0 };
        // One loud frame is a click; it takes two to speak.
        self.speaking = if self.speaking { mean > SPEECH_ENDS } else { self.loud_frames >= 2 };
        if self.speaking {
            self.speech += samples.len() as u64;
            self.silent = 0;
        } else {
            self.silent += samples.len() as u64;
        }
    }
}

fn samples(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros() / 125).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "recording_tests.rs"]
mod tests;
