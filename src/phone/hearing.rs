//! What the phone hears: samples placed by their RTP timestamp, and how well they came.
//!
//! No jitter buffer: nobody listens in real time, so a late packet is put where it belongs as long as the call lasts.
//! Read first: RFC 3550 §6.4.1, A.1.

use std::collections::BTreeMap;

use crate::audio::g711;
use crate::base::codec::G711;
use crate::base::limit::PHONE_HEARD_MAX;
use crate::base::time::{Duration, Instant};
use crate::phone::spacing::Spacing;
use crate::rtp::packet::Packet;

/// Samples in a second.
const RATE: usize = 8_000;
/// Of talkspurts, how many are noted.
const SPURTS_MAX: usize = 10_000;

/// What came in, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hearing {
    samples: Vec<i16>,
    source: Option<Source>,
    answered: Option<Instant>,
    last_key: Option<Instant>,
    statistics: Statistics,
}

/// The stream that is being received: a new SSRC, or a jump of its clock, begins another one.
#[derive(Clone, Debug)]
struct Source {
    ssrc: u32,
    /// Place in `samples` of the packet with `timestamp`.
    place: usize,
    timestamp: u32,
    sequence: u16,
    arrived: Instant,
}

/// How well it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Audio packets received, each once.
    pub(crate) packets: u64,
    /// Sequence numbers that never came.
    pub lost: u64,
    /// Packets that came after a later one.
    pub(crate) late: u64,
    /// Time between packets of one talkspurt.
    pub(crate) spacing: Spacing,
    /// From the answer to the first packet.
    pub(crate) first_packet: Option<Duration>,
    /// From the first packet of a key to the first packet of the talkspurt that answered it.
    pub(crate) key_to_talkspurt: Vec<Duration>,
    /// When talkspurts began (marker bit), since the answer.
    pub(crate) talkspurts: Vec<Duration>,
    /// Steps of the RTP timestamp from one packet to the next, and how often: all 160 when all is well.
    pub steps: BTreeMap<i64, u64>,
    /// SSRCs heard, beyond the first.
    pub(crate) sources_changed: u64,
}

impl Hearing {
    /// The call has been answered.
    pub(crate) fn answered(&mut self, now: Instant) {
        self.answered.get_or_insert(now);
    }

    /// When the call was answered.
    pub(crate) fn answered_at(&self) -> Option<Instant> {
        self.answered
    }

    /// The last packet of a key has left.
    pub(crate) fn key_sent(&mut self, now: Instant) {
        self.last_key = Some(now);
    }

    /// An audio packet in `codec` has come.
    pub(crate) fn packet(&mut self, now: Instant, codec: G711, packet: &Packet<'_>) {
        let since = now.since(self.answered.unwrap_or(now));
        self.statistics.first_packet.get_or_insert(since);
        if packet.marker && self.statistics.talkspurts.len() < SPURTS_MAX {
            self.statistics.talkspurts.push(since);
            let delay = self.last_key.take().map(|key| now.since(key));
            self.statistics.key_to_talkspurt.extend(delay);
        }
        let Some(place) = self.place(now, packet) else { return };
        self.statistics.packets += 1;
        let end = place + packet.payload.len();
        if end > PHONE_HEARD_MAX.as_secs() as usize * RATE {
            return;
        }
        if self.samples.len() < end {
            self.samples.resize(end, 0);
        }
        for (sample, octet) in self.samples[place..end].iter_mut().zip(packet.payload) {
            *sample = g711::decode(codec, *octet);
        }
    }

    /// Where the packet's samples belong; `None` for one that came twice in a row or before all others.
    fn place(&mut self, now: Instant, packet: &Packet<'_>) -> Option<usize> {
        let Some(source) = self.source.as_mut().filter(|source| source.ssrc == packet.ssrc) else {
            self.statistics.sources_changed += u64::from(self.source.is_some());
            return Some(self.begin(now, packet));
        };
        let ahead = packet.sequence.wrapping_sub(source.sequence) as i16;
        let step = i64::from(packet.timestamp.wrapping_sub(source.timestamp) as i32);
        if step.unsigned_abs() > 60 * RATE as u64 {
            return Some(self.begin(now, packet));
        }
        let place = usize::try_from(source.place as i64 + step).ok()?;
        match ahead {
            0 => None,
            ..0 => {
                self.statistics.late += 1;
                self.statistics.lost = self.statistics.lost.saturating_sub(1);
                Some(place)
            }
            1.. => {
                self.statistics.lost += ahead as u64 - 1;
                if ahead == 1 && !packet.marker {
                    self.statistics.spacing.record(now.since(source.arrived));
                    *self.statistics.steps.entry(step).or_default() += 1;
                }
                let (timestamp, sequence) = (packet.timestamp, packet.sequence);
                *source = Source { place, timestamp, sequence, arrived: now, ..source.clone() };
                Some(place)
            }
        }
    }

    /// A key of telephone-event took the place of an audio packet: its sequence number is not lost.
    pub(crate) fn event(&mut self, now: Instant, packet: &Packet<'_>) {
        if let Some(source) = self.source.as_mut().filter(|source| source.ssrc == packet.ssrc) {
            let ahead = packet.sequence.wrapping_sub(source.sequence) as i16;
            if ahead > 0 {
                self.statistics.lost += ahead as u64 - 1;
                (source.sequence, source.arrived) = (packet.sequence, now);
            }
        }
    }

    fn begin(&mut self, now: Instant, packet: &Packet<'_>) -> usize {
        let place = self.samples.len();
        let (ssrc, timestamp, sequence) = (packet.ssrc, packet.timestamp, packet.sequence);
        self.source = Some(Source { ssrc, place, timestamp, sequence, arrived: now });
        place
    }

    /// All that was heard, 8,000 samples a second; what was lost is silence.
    pub(crate) fn samples(&self) -> &[i16] {
        &self.samples
    }

    /// How well it came.
    #[cfg(test)]
    pub(crate) fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Samples and statistics, at the end.
    pub(crate) fn into_parts(self) -> (Vec<i16>, Statistics) {
        (self.samples, self.statistics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn hear(order: &[u16]) -> Hearing {
        let mut hearing = Hearing::default();
        hearing.answered(at(0));
        for (tick, &number) in order.iter().enumerate() {
            let payload = [g711::encode(G711::Alaw, 100 * (number as i16 + 1)); 160];
            let packet = Packet {
                marker: number == 0,
                payload_type: 8,
                sequence: number.wrapping_add(u16::MAX),
                timestamp: u32::from(number).wrapping_mul(160).wrapping_sub(320),
                ssrc: 7,
                payload: &payload,
            };
            hearing.packet(at(100 + 20 * tick as u64), G711::Alaw, &packet);
        }
        hearing
    }

    fn heard(hearing: &Hearing) -> Vec<i16> {
        hearing.samples().iter().step_by(160).map(|sample| (sample + 50) / 100).collect()
    }

    #[test]
    fn packets_are_put_where_they_belong() {
        let hearing = hear(&[0, 1, 3, 2, 3, 5]);
        assert_eq!(heard(&hearing), [1, 2, 3, 4, 0, 6]);
        let statistics = hearing.statistics();
        assert_eq!((statistics.packets, statistics.lost, statistics.late), (5, 1, 1));
        assert_eq!(statistics.first_packet, Some(Duration::from_millis(100)));
        assert_eq!(statistics.steps, BTreeMap::from([(160, 1)]));
    }

    #[test]
    fn a_marker_after_a_key_tells_how_long_the_answer_took() {
        let mut hearing = hear(&[0, 1]);
        hearing.key_sent(at(130));
        let payload = [0xD5; 160];
        let marked =
            Packet { marker: true, payload_type: 8, sequence: 1, timestamp: 0, ssrc: 7, payload: &payload };
        hearing.packet(at(190), G711::Alaw, &marked);
        assert_eq!(hearing.statistics().key_to_talkspurt, [Duration::from_millis(60)]);
        assert_eq!(hearing.statistics().talkspurts.len(), 2);
    }

    #[test]
    fn another_source_goes_on_at_the_end() {
        let mut hearing = hear(&[0, 1]);
        let payload = [g711::encode(G711::Ulaw, 900); 160];
        let other =
            Packet { marker: false, payload_type: 0, sequence: 9, timestamp: 9, ssrc: 8, payload: &payload };
        hearing.packet(at(200), G711::Ulaw, &other);
        assert_eq!(heard(&hearing), [1, 2, 9]);
        assert_eq!((hearing.statistics().lost, hearing.statistics().sources_changed), (0, 1));
    }
}
