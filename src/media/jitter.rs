//! What a listener has heard of one source and not yet mixed: samples at the places that their RTP timestamps name.
//!
//! The listener takes a packet's worth at each of its ticks, on its own clock. What came too late for its place is left out;
//! where nothing came, the source is silent, and the next packet gets a fresh start of `delay`. A source whose clock is faster
//! than ours makes the buffer fill slowly: when it has not run low for a second, the surplus is cut. A slower one runs dry, once
//! in many minutes, and starts afresh. Read RFC 3550 §6.4.1 and RFC 3551 §4.1.

use super::gain::Factor;
use crate::audio::g711;
use crate::base::codec::G711;
use crate::base::limit::MIX_SAMPLES_MAX;
use crate::rtp::packet::Packet;

/// Takes between two looks at how much is never used.
const TAKES_PER_LOOK: u8 = 50;
/// Samples that always remain after a take above which the surplus is cut, and what then remains: 60 and 30 ms.
const SURPLUS: u64 = 480;
const KEPT: u64 = 240;
/// A step of the sequence back beyond this is a source that began anew (RFC 3550 A.1).
const SEQUENCE_JUMP: i16 = 3_000;

#[derive(Debug)]
pub(super) struct JitterBuffer {
    samples: Box<[i16; MIX_SAMPLES_MAX]>,
    /// The next sample to be taken, and the end of what is known; both only grow.
    head: u64,
    end: u64,
    source: Option<Newest>,
    least: u64,
    takes: u8,
}

/// The newest packet of the source, and its place.
#[derive(Copy, Clone, Debug)]
struct Newest {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    place: u64,
}

impl JitterBuffer {
    pub(super) fn new() -> Self {
        Self {
            samples: Box::new([0; MIX_SAMPLES_MAX]),
            head: 0,
            end: 0,
            source: None,
            least: u64::MAX,
            takes: 0,
        }
    }

    /// A packet has come; the first after silence waits for `delay` samples.
    pub(super) fn put(&mut self, packet: &Packet<'_>, law: G711, delay: u64) {
        let length = packet.payload.len() as u64;
        let Some(place) = self.place(packet, length, delay) else { return };
        let end = place + length;
        if end > self.head + MIX_SAMPLES_MAX as u64 {
            // The oldest gives way, down to what a fresh start would have.
            self.skip(end - (delay + length).min(MIX_SAMPLES_MAX as u64));
        }
        for (place, &octet) in (place..end).zip(packet.payload) {
            if place >= self.head {
                self.samples[slot(place)] = g711::decode(law, octet);
            }
        }
        self.end = self.end.max(end);
    }

    /// Adds the next samples to a mix; false if there were none.
    pub(super) fn take(&mut self, factor: Factor, into: &mut [i32]) -> bool {
        let wanted = into.len() as u64;
        let there = self.waiting().min(wanted);
        for (place, sum) in (self.head..self.head + there).zip(into) {
            *sum = sum.saturating_add(factor.of(std::mem::take(&mut self.samples[slot(place)])));
        }
        self.pass(wanted - there, there);
        there > 0
    }

    /// Lets the time of so many samples pass unheard.
    pub(super) fn leave_out(&mut self, samples: u64) {
        let there = self.waiting().min(samples);
        self.skip(self.head + there);
        self.pass(samples - there, 0);
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.skip(self.end);
    }

    fn waiting(&self) -> u64 {
        self.end - self.head
    }

    /// `taken` samples were taken and `missing` were not there.
    fn pass(&mut self, missing: u64, taken: u64) {
        self.head += taken + missing;
        self.end = self.end.max(self.head);
        self.least = self.least.min(self.waiting());
        self.takes += 1;
        if self.takes < TAKES_PER_LOOK {
            return;
        }
        let surplus = std::mem::replace(&mut self.least, u64::MAX);
        self.takes = 0;
        if surplus > SURPLUS {
            self.skip(self.head + surplus - KEPT);
        }
    }

    /// Throws away what lies before a place.
    fn skip(&mut self, to: u64) {
        for place in self.head..to.min(self.end) {
            self.samples[slot(place)] = 0;
        }
        self.head = self.head.max(to);
        self.end = self.end.max(self.head);
    }

    /// Where a packet belongs; `None` for one that is too late.
    fn place(&mut self, packet: &Packet<'_>, length: u64, delay: u64) -> Option<u64> {
        let Some(newest) = self.source.filter(|newest| newest.ssrc == packet.ssrc) else {
            return Some(self.begin(packet, delay));
        };
        let step = packet.sequence.wrapping_sub(newest.sequence) as i16;
        let ahead = i64::from(packet.timestamp.wrapping_sub(newest.timestamp) as i32);
        let place = newest.place as i64 + ahead;
        let whole = place + length as i64;
        if step <= 0 && step > -SEQUENCE_JUMP {
            // One that was overtaken: heard if its time is still to come.
            return (place >= 0 && whole > self.head as i64 && whole <= self.end as i64)
                .then_some(place as u64);
        }
        // It has run dry, the source began anew, or its clock jumped.
        let far = self.head + 2 * MIX_SAMPLES_MAX as u64;
        if self.waiting() == 0 || step <= 0 || whole <= self.head as i64 || place > far as i64 {
            return Some(self.begin(packet, delay));
        }
        self.note(packet, place as u64)
    }

    /// From this packet on, places count from the end of what is known, or from a fresh start.
    fn begin(&mut self, packet: &Packet<'_>, delay: u64) -> u64 {
        let place = if self.waiting() == 0 { self.head + delay } else { self.end };
        self.note(packet, place);
        place
    }

    fn note(&mut self, packet: &Packet<'_>, place: u64) -> Option<u64> {
        let Packet { ssrc, sequence, timestamp, .. } = *packet;
        self.source = Some(Newest { ssrc, sequence, timestamp, place });
        Some(place)
    }
}

/// Where a place lies in the ring.
fn slot(place: u64) -> usize {
    place as usize % MIX_SAMPLES_MAX
}

#[cfg(test)]
#[path = "jitter_tests.rs"]
mod tests;
