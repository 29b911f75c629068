//! The stamps of what is passed on: packets of one stream renumbered into another, so that its receiver sees one continuous
//! stream.
//!
//! Loss stays loss and order stays order: the distances of the source are kept. When something of ours went out in between, the
//! numbers go on where the outgoing stream stands, and the time is the source's own: it is remembered how its clock lies on
//! ours, so that pauses that were filled neither push what follows into the future nor are heard a second time. When the source
//! changes or its clock jumps, that begins anew as well. Read RFC 3550 §7.1 (mixers renumber).

use super::outgoing::{Outgoing, Stamp};
use crate::base::time::{Duration, Instant};
use crate::rtp::packet::Packet;

/// A jump of the sequence beyond this is another stream (RFC 3550 A.1).
const SEQUENCE_JUMP: i16 = 3_000;
/// A jump of the timestamp beyond this is another clock: ten seconds.
const TIMESTAMP_JUMP: i32 = 80_000;
/// The clock steps by whole packets of this when it is set anew.
const STEP: u32 = 160;
/// What comes back after a pause is put up to 80 ms later than its own time: the network's jitter, and what filled the pause.
const SLIP_MAX: i32 = 640;
/// What comes later than that, all in a heap, has been filled and is left out; beyond a second, the source's clock stood still.
const LATE_MAX: i32 = 8_000;
/// A source that remains late for this long is not late: its clock has stood still, or goes another way than it did.
const LATE_FOR_MAX: Duration = Duration::from_millis(200);
/// A source whose own time lies further ahead of the clock than 200 ms has set its clock.
const EARLY_MAX: i32 = 1_600;

#[derive(Clone, Debug, Default)]
pub(super) struct Relay {
    timeline: Option<Timeline>,
    mapping: Option<Mapping>,
    late_since: Option<Instant>,
    /// A key has begun since the source is heard.
    keyed: bool,
}

/// How the clock of a source lies on that of the outgoing stream.
#[derive(Copy, Clone, Debug)]
struct Timeline {
    ssrc: u32,
    offset: u32,
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

/// Where the first packet after a pause belongs.
enum Time {
    At(u32),
    Late,
    Unknown,
}

impl Relay {
    /// Something else was sent: the numbers that the mapping would give next are taken.
    pub(super) fn interrupt(&mut self) {
        self.mapping = None;
    }

    /// What comes next is of another source, or of one whose clock need not have run on.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether a packet of a key belongs to one that has begun since the source is heard; `first`: it begins one.
    pub(super) fn passes_key(&mut self, first: bool) -> bool {
        self.keyed |= first;
        self.keyed
    }

    /// The stamp under which a packet of `samples` goes out (none for an event); `None` for one that is too late.
    pub(super) fn stamp(
        &mut self,
        now: Instant,
        outgoing: &mut Outgoing,
        packet: &Packet<'_>,
        samples: u32,
    ) -> Option<Stamp> {
        if !self.mapping.is_some_and(|mapping| mapping.fits(packet)) {
            self.mapping = Some(self.begin(now, outgoing, packet, samples)?);
        }
        let mapping = self.mapping.as_mut()?;
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
        let own = self.timeline.map(|timeline| packet.timestamp.wrapping_add(timeline.offset));
        outgoing.sent(now, stamp, samples, packet.payload.len(), own.filter(|_| samples > 0));
        Some(stamp)
    }

    /// The mapping that begins with this packet; `None` if the packet is too late for any.
    fn begin(
        &mut self,
        now: Instant,
        outgoing: &mut Outgoing,
        packet: &Packet<'_>,
        samples: u32,
    ) -> Option<Mapping> {
        let timestamp = match self.own_time(now, outgoing, packet, samples) {
            Time::Late => return None,
            Time::At(timestamp) => timestamp,
            Time::Unknown => {
                outgoing.catch_up(now, STEP);
                let offset = outgoing.clock().wrapping_sub(packet.timestamp);
                self.timeline = Some(Timeline { ssrc: packet.ssrc, offset });
                outgoing.clock()
            }
        };
        self.late_since = None;
        Some(Mapping {
            ssrc: packet.ssrc,
            first: packet.sequence,
            newest: packet.sequence,
            timestamp: packet.timestamp,
            sequence_offset: outgoing.next_sequence().wrapping_sub(packet.sequence),
            timestamp_offset: timestamp.wrapping_sub(packet.timestamp),
        })
    }

    fn own_time(&mut self, now: Instant, outgoing: &Outgoing, packet: &Packet<'_>, samples: u32) -> Time {
        let Some(timeline) = self.timeline.filter(|timeline| timeline.ssrc == packet.ssrc) else {
            return Time::Unknown;
        };
        let own = packet.timestamp.wrapping_add(timeline.offset);
        let ahead = own.wrapping_sub(outgoing.clock()) as i32;
        if own.wrapping_sub(outgoing.clock_at(now)) as i32 > EARLY_MAX || ahead < -LATE_MAX {
            return Time::Unknown;
        }
        // An event keeps the time of its beginning, and covers none.
        if ahead >= -SLIP_MAX || samples == 0 {
            return Time::At(if ahead >= 0 { own } else { outgoing.clock() });
        }
        let since = *self.late_since.get_or_insert(now);
        if now.since(since) > LATE_FOR_MAX { Time::Unknown } else { Time::Late }
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
