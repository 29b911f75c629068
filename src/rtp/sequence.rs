//! What a receiver counts of one source: extended sequence number, loss, jitter.
//!
//! Does not reorder and does not drop. Read RFC 3550 §6.4.1 and appendices A.1 (sequence numbers), A.3 (loss) and A.8 (jitter).
//! The probation of A.1 is left out: `media`'s rule for an unknown source is stricter.

use crate::base::time::Instant;

/// A jump ahead above this is a restart rather than loss (RFC 3550 A.1).
const DROPOUT_MAX: u16 = 3_000;
/// A step back below this is a late packet rather than a restart (RFC 3550 A.1).
const MISORDER_MAX: u16 = 100;

/// Where a packet stands among those before it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Newer than all before; this many were skipped.
    Next {
        /// Packets between this and the newest before.
        skipped: u16,
    },
    /// The newest again.
    Repeated,
    /// Older than the newest.
    Late,
    /// Far from all before: the sender may have begun anew; the next packet in sequence proves it.
    Suspect,
    /// Begun anew: what was known of the old sequence no longer holds.
    Restarted,
}

/// The counts of one source.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Reception {
    /// The source.
    pub(crate) ssrc: u32,
    base: u64,
    newest: u64,
    restart_at: Option<u16>,
    received: u64,
    lost_before: u64,
    expected_reported: u64,
    received_reported: u64,
    transit: Option<u32>,
    jitter_sixteenths: u32,
}

impl Reception {
    /// Begins with the first packet of a source, which is still to be counted with [`Self::packet`].
    pub(crate) fn new(ssrc: u32, first: u16) -> Self {
        // One cycle in hand, so that a late packet before the first does not go below zero.
        let base = 0x1_0000 + u64::from(first);
        Self {
            ssrc,
            base,
            newest: base.wrapping_sub(1),
            restart_at: None,
            received: 0,
            lost_before: 0,
            expected_reported: 0,
            received_reported: 0,
            transit: None,
            jitter_sixteenths: 0,
        }
    }

    /// Counts a packet (RFC 3550 A.1).
    pub(crate) fn packet(&mut self, sequence: u16) -> Place {
        let ahead = sequence.wrapping_sub(self.newest as u16);
        let place = if (1..DROPOUT_MAX).contains(&ahead) {
            self.newest += u64::from(ahead);
            Place::Next { skipped: ahead - 1 }
        } else if ahead == 0 {
            Place::Repeated
        } else if ahead > u16::MAX - MISORDER_MAX {
            Place::Late
        } else if self.restart_at == Some(sequence) {
            self.restart(sequence);
            Place::Restarted
        } else {
            self.restart_at = Some(sequence.wrapping_add(1));
            return Place::Suspect;
        };
        self.restart_at = None;
        self.received += 1;
        place
    }

    /// Measures the jitter with a packet of audio (RFC 3550 A.8), in units of `1 / 8,000 s`.
    pub(crate) fn arrival(&mut self, at: Instant, timestamp: u32) {
        let arrival = (at.as_micros() / 125) as u32;
        let transit = arrival.wrapping_sub(timestamp);
        if let Some(before) = self.transit.replace(transit) {
            let deviation = (transit.wrapping_sub(before) as i32).unsigned_abs();
            // A jump of a second is a restart of the sender's clock, not jitter.
            if deviation < 8_000 {
                self.jitter_sixteenths += deviation;
                self.jitter_sixteenths -= (self.jitter_sixteenths + 8) >> 4;
            }
        }
    }

    /// The newest sequence number with its count of cycles (RFC 3550 §6.4.1).
    pub(crate) fn extended(&self) -> u32 {
        self.newest.wrapping_sub(0x1_0000) as u32
    }

    /// Packets counted.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// Packets that should have come and did not; repeated ones make up for lost ones (RFC 3550 A.3).
    pub(crate) fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    /// Interarrival jitter in units of `1 / 8,000 s`.
    pub(crate) fn jitter(&self) -> u32 {
        self.jitter_sixteenths >> 4
    }

    /// What was lost since the last time this was asked, in 256ths (RFC 3550 A.3).
    pub(crate) fn fraction_lost(&mut self) -> u8 {
        let expected = self.expected() - self.expected_reported;
        let received = self.received - self.received_reported;
        (self.expected_reported, self.received_reported) = (self.expected(), self.received);
        let lost = expected.saturating_sub(received);
        (lost << 8).checked_div(expected).unwrap_or(0).min(255) as u8
    }

    fn expected(&self) -> u64 {
        self.lost_before + (self.newest + 1).saturating_sub(self.base)
    }

    fn restart(&mut self, sequence: u16) {
        self.lost_before = self.expected();
        self.base = 0x1_0000 + u64::from(sequence);
        self.newest = self.base;
        self.transit = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn counted(sequences: impl IntoIterator<Item = u16>) -> Reception {
        let mut sequences = sequences.into_iter();
        let first = sequences.next().unwrap();
        let mut reception = Reception::new(9, first);
        reception.packet(first);
        for sequence in sequences {
            reception.packet(sequence);
        }
        reception
    }

    #[test]
    fn a_sequence_goes_on_over_the_wrap() {
        let reception = counted((0..10).map(|n| 65_530u16.wrapping_add(n)));
        assert_eq!((reception.received(), reception.lost()), (10, 0));
        assert_eq!(reception.extended(), 0x1_0003);
    }

    #[test]
    fn what_is_missing_is_lost_and_what_is_late_is_not() {
        let mut reception = counted([1, 2, 4, 5, 3, 9]);
        assert_eq!((reception.received(), reception.lost()), (6, 3));
        assert_eq!(reception.fraction_lost(), (3 * 256 / 9) as u8);
        assert_eq!(reception.packet(10), Place::Next { skipped: 0 });
        assert_eq!(reception.packet(10), Place::Repeated);
        assert_eq!(reception.packet(8), Place::Late);
        assert_eq!(reception.fraction_lost(), 0);
    }

    #[test]
    fn a_jump_counts_once_the_next_packet_proves_it() {
        let mut reception = counted(1..=100);
        assert_eq!(reception.packet(10_100), Place::Suspect);
        assert_eq!(reception.packet(101), Place::Next { skipped: 0 });
        assert_eq!(reception.packet(20_000), Place::Suspect);
        assert_eq!(reception.packet(20_001), Place::Restarted);
        assert_eq!(reception.packet(20_002), Place::Next { skipped: 0 });
        assert_eq!((reception.received(), reception.lost()), (103, 0));
    }

    #[test]
    fn jitter_is_zero_for_an_even_stream_and_follows_an_uneven_one() {
        let mut even = Reception::new(9, 0);
        let mut uneven = Reception::new(9, 0);
        for n in 0..200u32 {
            even.arrival(at(u64::from(n) * 20), n * 160);
            uneven.arrival(at(u64::from(n) * 20 + u64::from(n % 2) * 10), n * 160);
        }
        assert_eq!(even.jitter(), 0);
        assert!((70..=80).contains(&uneven.jitter()), "{}", uneven.jitter());
    }

    #[test]
    fn a_hostile_sequence_never_underflows() {
        let mut rng = crate::base::rng::Rng::seeded(3);
        let mut reception = Reception::new(1, 0);
        for _ in 0..100_000 {
            reception.packet(rng.u32() as u16);
            reception.arrival(at(rng.below(1 << 40)), rng.u32());
            let _ = (reception.lost(), reception.fraction_lost(), reception.extended(), reception.jitter());
        }
    }
}
