//! The stream that a session sends: one SSRC, a sequence that only grows, a clock that follows time.
//!
//! Two hands write it: the tick, packet after packet, and the relay, which keeps the distances of the source that it passes on.
//! Whoever takes over from the other goes on where the clock stands. Read RFC 3550 §5.1 and RFC 3551 §4.1 (marker).

use crate::base::time::{Duration, Instant};

/// The sequence number and timestamp of a packet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    pub(super) marker: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) ssrc: u32,
    next_sequence: u16,
    next_timestamp: u32,
    /// A timestamp and when it was due: by this the clock is told at any moment.
    clock_mark: Option<(u32, Instant)>,
    /// When the last packet left.
    sent_at: Option<Instant>,
    marker: bool,
    pub(super) packets: u64,
    pub(super) octets: u64,
}

impl Outgoing {
    /// Sequence and timestamp begin at random (RFC 3550 §5.1).
    pub(super) fn new(ssrc: u32, sequence: u16, timestamp: u32) -> Self {
        Self {
            ssrc,
            next_sequence: sequence,
            next_timestamp: timestamp,
            clock_mark: None,
            sent_at: None,
            marker: true,
            packets: 0,
            octets: 0,
        }
    }

    /// The next packet begins a talkspurt.
    pub(super) fn mark(&mut self) {
        self.marker = true;
    }

    /// How long nothing was sent.
    pub(super) fn idle(&self, now: Instant) -> Duration {
        self.sent_at.map_or(Duration::MAX, |at| now.since(at))
    }

    /// The clock of the stream at the next packet.
    pub(super) fn clock(&self) -> u32 {
        self.next_timestamp
    }

    /// Whether anything was sent.
    pub(super) fn has_begun(&self) -> bool {
        self.sent_at.is_some()
    }

    /// Samples by which the clock has passed what was sent.
    pub(super) fn behind(&self, now: Instant) -> u32 {
        let behind = self.clock_at(now).wrapping_sub(self.next_timestamp) as i32;
        u32::try_from(behind).unwrap_or(0)
    }

    /// The clock of the stream at `now`.
    pub(super) fn clock_at(&self, now: Instant) -> u32 {
        self.clock_mark
            .map_or(self.next_timestamp, |(timestamp, at)| timestamp.wrapping_add(ticks(now.since(at))))
    }

    /// Brings the clock to `now` after a pause, in whole packets of `samples`: a jump, and a marker.
    pub(super) fn catch_up(&mut self, now: Instant, samples: u32) {
        let Some((timestamp, at)) = self.clock_mark else { return };
        let packets = (ticks(now.since(at)) + samples / 2) / samples.max(1);
        let expected = timestamp.wrapping_add(packets.wrapping_mul(samples));
        if expected.wrapping_sub(self.next_timestamp) as i32 > 0 {
            self.next_timestamp = expected;
            self.marker = true;
        }
    }

    /// The stamp of the next packet, which covers `samples`.
    pub(super) fn next(&mut self, now: Instant, samples: u32, octets: usize) -> Stamp {
        let (sequence, timestamp) = (self.next_sequence, self.next_timestamp);
        self.clock_mark = Some((timestamp, now));
        self.count(now, sequence, timestamp.wrapping_add(samples), octets);
        Stamp { sequence, timestamp, marker: self.take_marker() }
    }

    /// A packet was sent under a stamp that a relay has made. `clock` is what the source's clock says of now; an event, which
    /// keeps its timestamp as long as it lasts, says nothing.
    pub(super) fn sent(
        &mut self,
        now: Instant,
        stamp: Stamp,
        samples: u32,
        octets: usize,
        clock: Option<u32>,
    ) {
        if let Some(clock) = clock {
            self.clock_mark = Some((clock, now));
        }
        self.count(now, stamp.sequence, stamp.timestamp.wrapping_add(samples), octets);
    }

    fn count(&mut self, now: Instant, sequence: u16, end: u32, octets: usize) {
        self.packets += 1;
        self.octets += octets as u64;
        if sequence.wrapping_sub(self.next_sequence) as i16 >= 0 {
            self.next_sequence = sequence.wrapping_add(1);
        }
        if end.wrapping_sub(self.next_timestamp) as i32 > 0 {
            self.next_timestamp = end;
        }
        self.sent_at = Some(now);
    }

    /// The number of the next packet.
    pub(super) fn next_sequence(&self) -> u16 {
        self.next_sequence
    }

    /// Takes the marker that the next packet should bear.
    pub(super) fn take_marker(&mut self) -> bool {
        std::mem::take(&mut self.marker)
    }
}

/// A duration in units of the RTP clock, 8,000 a second, modulo 2^32.
pub(super) fn ticks(duration: Duration) -> u32 {
    // In 64 bits, which hold half a million years: a division of 128 bits would be felt in each packet.
    (duration.as_micros() as u64 / 125) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn sequence_and_clock_step_over_their_wraps() {
        let mut outgoing = Outgoing::new(1, 0xFFFF, 0xFFFF_FF60);
        let first = outgoing.next(at(0), 160, 160);
        assert_eq!(first, Stamp { sequence: 0xFFFF, timestamp: 0xFFFF_FF60, marker: true });
        assert_eq!(outgoing.next(at(20), 160, 160), Stamp { sequence: 0, timestamp: 0, marker: false });
        assert_eq!((outgoing.packets, outgoing.octets), (2, 320));
    }

    #[test]
    fn after_a_pause_the_clock_jumps_by_whole_packets() {
        let mut outgoing = Outgoing::new(1, 0, 0);
        outgoing.next(at(0), 160, 160);
        // On time, a little early or late: no jump.
        outgoing.catch_up(at(27), 160);
        assert_eq!(outgoing.clock(), 160);
        outgoing.catch_up(at(1_003), 160);
        assert_eq!(outgoing.next(at(1_003), 160, 160), Stamp { sequence: 1, timestamp: 8_000, marker: true });
        assert_eq!(outgoing.clock_at(at(1_013)), 8_080);
    }

    #[test]
    fn a_late_relayed_packet_does_not_turn_the_stream_back() {
        let mut outgoing = Outgoing::new(1, 10, 1_000);
        let stamp = |sequence, timestamp| Stamp { sequence, timestamp, marker: false };
        outgoing.sent(at(0), stamp(12, 1_320), 160, 160, Some(1_320));
        outgoing.sent(at(1), stamp(11, 1_160), 160, 160, Some(1_160));
        assert_eq!((outgoing.next_sequence(), outgoing.clock()), (13, 1_480));
    }
}
