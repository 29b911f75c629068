//! The stamps of a bridge: packets of one stream renumbered into another, so that its receiver sees one continuous stream.
//!
//! Loss stays loss and order stays order: the distances of the source are kept. When the source changes, jumps or was interrupted
//! by something of ours, the mapping is made anew where the outgoing stream stands. Read RFC 3550 §7.1 (mixers renumber).

use super::outgoing::{Outgoing, Stamp};
use crate::base::time::Instant;
use crate::rtp::packet::Packet;

/// A jump of the sequence beyond this is another stream (RFC 3550 A.1).
const SEQUENCE_JUMP: i16 = 3_000;
/// A jump of the timestamp beyond this is another clock: ten seconds.
const TIMESTAMP_JUMP: i32 = 80_000;
/// The clock steps by whole packets of this when a mapping is made.
const STEP: u32 = 160;

#[derive(Clone, Debug, Default)]
pub(super) struct Relay {
    mapping: Option<Mapping>,
}

#[derive(Copy, Clone, Debug)]
struct Mapping {
    ssrc: u32,
    /// What precedes this packet of the source belongs to an earlier mapping, whose numbers are used up.
    first: u16,
    newest: u16,
    timestamp: u32,
    sequence_offset: u16,
    timestamp_offset: u32,
}

impl Relay {
    /// Something else was sent: the numbers that the mapping would give next are taken.
    pub(super) fn interrupt(&mut self) {
        self.mapping = None;
    }

    /// The stamp under which a packet of `samples` goes out (none for an event); `None` for one that is too late.
    pub(super) fn stamp(
        &mut self,
        now: Instant,
        outgoing: &mut Outgoing,
        packet: &Packet<'_>,
        samples: u32,
    ) -> Option<Stamp> {
        let mapping = match &mut self.mapping {
            Some(mapping) if mapping.fits(packet) => mapping,
            mapping => {
                outgoing.catch_up(now, STEP);
                mapping.insert(Mapping {
                    ssrc: packet.ssrc,
                    first: packet.sequence,
                    newest: packet.sequence,
                    timestamp: packet.timestamp,
                    sequence_offset: outgoing.next_sequence().wrapping_sub(packet.sequence),
                    timestamp_offset: outgoing.clock().wrapping_sub(packet.timestamp),
                })
            }
        };
        if (packet.sequence.wrapping_sub(mapping.first) as i16) < 0 {
            return None;
        }
        if packet.sequence.wrapping_sub(mapping.newest) as i16 > 0 {
            mapping.newest = packet.sequence;
            mapping.timestamp = packet.timestamp;
            // The window follows the source, or its numbers would wrap round into it after half of them.
            if mapping.newest.wrapping_sub(mapping.first) > 0x4000 {
                mapping.first = mapping.newest.wrapping_sub(0x2000);
            }
        }
        let stamp = Stamp {
            sequence: packet.sequence.wrapping_add(mapping.sequence_offset),
            timestamp: packet.timestamp.wrapping_add(mapping.timestamp_offset),
            marker: packet.marker | outgoing.take_marker(),
        };
        outgoing.sent(now, stamp.sequence, stamp.timestamp, samples, packet.payload.len());
        Some(stamp)
    }
}

impl Mapping {
    fn fits(&self, packet: &Packet<'_>) -> bool {
        let sequence = packet.sequence.wrapping_sub(self.newest) as i16;
        let timestamp = packet.timestamp.wrapping_sub(self.timestamp) as i32;
        packet.ssrc == self.ssrc
            && (-SEQUENCE_JUMP..SEQUENCE_JUMP).contains(&sequence)
            && (-TIMESTAMP_JUMP..TIMESTAMP_JUMP).contains(&timestamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Packet<'static> {
        Packet { marker: false, payload_type: 8, sequence, timestamp, ssrc, payload: &[0xD5; 160] }
    }

    #[test]
    fn distances_are_kept_through_loss_reordering_and_wraps() {
        let (mut relay, mut outgoing) = (Relay::default(), Outgoing::new(1, 65_534, 100));
        let stamps: Vec<_> = [65_000u16, 65_001, 65_004, 65_003]
            .into_iter()
            .map(|n| {
                let stamp =
                    relay.stamp(at(0), &mut outgoing, &packet(9, n, u32::from(n) * 160), 160).unwrap();
                (stamp.sequence, stamp.timestamp)
            })
            .collect();
        assert_eq!(stamps, [(65_534, 100), (65_535, 260), (2, 740), (1, 580)]);
        assert_eq!((outgoing.next_sequence(), outgoing.clock()), (3, 900));
    }

    #[test]
    fn another_source_goes_on_where_the_first_stopped() {
        let (mut relay, mut outgoing) = (Relay::default(), Outgoing::new(1, 0, 0));
        relay.stamp(at(0), &mut outgoing, &packet(9, 500, 77), 160);
        relay.stamp(at(20), &mut outgoing, &packet(9, 501, 237), 160);
        let stamp = relay.stamp(at(40), &mut outgoing, &packet(10, 9, 1 << 31), 160).unwrap();
        assert_eq!((stamp.sequence, stamp.timestamp), (2, 320));
        // A jump of the sequence, and one of the timestamp after a second.
        let stamp = relay.stamp(at(60), &mut outgoing, &packet(10, 10_009, (1 << 31) + 160), 160).unwrap();
        assert_eq!((stamp.sequence, stamp.timestamp), (3, 480));
        let stamp = relay.stamp(at(1_060), &mut outgoing, &packet(10, 10_010, 5), 160).unwrap();
        assert_eq!((stamp.sequence, stamp.timestamp, stamp.marker), (4, 8_480, true));
    }

    #[test]
    fn what_is_late_for_the_new_mapping_does_not_take_numbers_of_ours() {
        let (mut relay, mut outgoing) = (Relay::default(), Outgoing::new(1, 0, 0));
        relay.stamp(at(0), &mut outgoing, &packet(9, 100, 0), 160);
        relay.interrupt();
        outgoing.next(at(20), 160, 160);
        assert_eq!(relay.stamp(at(40), &mut outgoing, &packet(9, 102, 320), 160).unwrap().sequence, 2);
        assert_eq!(relay.stamp(at(41), &mut outgoing, &packet(9, 101, 160), 160), None);
        // Hours later the window has followed.
        for n in 103..40_000u32 {
            let packet = packet(9, n as u16, (n - 100) * 160);
            assert!(relay.stamp(at(u64::from(n) * 20), &mut outgoing, &packet, 160).is_some(), "packet {n}");
        }
    }
}
