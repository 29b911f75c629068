//! What the phone says: every 20 ms one packet, of a sound, of a key, or of silence.
//! Read first: RFC 3550 §5.1, RFC 4733 §2.5.1.

use crate::audio::g711;
use crate::base::codec::Negotiated;
use crate::base::digit::Digit;
use crate::base::rng::Rng;
use crate::rtp::packet::Packet;
use crate::rtp::telephone_event;

/// Samples of one packet: 20 ms.
pub(crate) const FRAME: usize = 160;
/// RTP header and the payload of one packet.
pub(crate) const PACKET_BYTES: usize = 12 + FRAME;

/// The sending side of a call's audio.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    marker: bool,
    negotiated: Option<Negotiated>,
    saying: Vec<i16>,
    place: usize,
    keys: telephone_event::Sender,
    sent: u64,
}

/// What the packet of this tick was.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Nothing is sent: not negotiated, or on hold.
    None,
    /// Audio, this many octets in the buffer.
    Audio(usize),
    /// Part of a key.
    Key(usize),
    /// The last packet of a key.
    KeyEnd(usize),
}

impl Voice {
    /// A voice that still knows nobody. SSRC, first sequence number and timestamp are chance (RFC 3550 §5.1).
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self {
            ssrc: rng.u32(),
            sequence: rng.u32() as u16,
            timestamp: rng.u32(),
            marker: true,
            negotiated: None,
            saying: Vec::new(),
            place: 0,
            keys: telephone_event::Sender::new(),
            sent: 0,
        }
    }

    /// Offer and answer have settled, again perhaps.
    pub(crate) fn negotiate(&mut self, negotiated: Negotiated) {
        self.marker |= self.negotiated.is_none();
        self.negotiated = Some(negotiated);
    }

    /// Says these samples after what is being said.
    pub(crate) fn say(&mut self, samples: &[i16]) {
        self.saying.drain(..self.place);
        self.place = 0;
        self.saying.extend_from_slice(samples);
        self.marker = true;
    }

    /// Sends a key; false if the peer has no telephone-event or too many wait.
    pub(crate) fn press(&mut self, key: Digit) -> bool {
        let able = self.negotiated.is_some_and(|n| n.telephone_event.is_some());
        able && self.keys.push(key)
    }

    /// Whether a key is being sent or waits.
    pub(crate) fn is_pressing(&self) -> bool {
        self.keys.is_busy()
    }

    /// Whether all that was to be said has been said.
    pub(crate) fn is_done(&self) -> bool {
        self.place >= self.saying.len()
    }

    /// Packets sent.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// The packet of this 20 ms tick.
    pub(crate) fn frame(&mut self, into: &mut [u8; PACKET_BYTES]) -> Frame {
        let Some(negotiated) = self.negotiated else { return Frame::None };
        let timestamp = self.timestamp;
        self.timestamp = timestamp.wrapping_add(FRAME as u32);
        if !negotiated.direction.send {
            self.marker = true;
            return Frame::None;
        }
        if let Some(payload_type) = negotiated.telephone_event.filter(|_| self.keys.is_busy()) {
            let before = self.keys.clone();
            if let Some(event) = self.keys.next(timestamp, FRAME as u16) {
                let length = self.write(into, event.marker, payload_type, event.timestamp, &event.payload);
                self.marker = true;
                let last = is_last(before, timestamp);
                return if last { Frame::KeyEnd(length) } else { Frame::Key(length) };
            }
        }
        let mut payload = [g711::silence(negotiated.codec); FRAME];
        let left = &self.saying[self.place.min(self.saying.len())..];
        for (octet, sample) in payload.iter_mut().zip(left) {
            *octet = g711::encode(negotiated.codec, *sample);
        }
        self.place = (self.place + FRAME).min(self.saying.len());
        let marker = std::mem::take(&mut self.marker);
        Frame::Audio(self.write(into, marker, negotiated.codec.payload_type(), timestamp, &payload))
    }

    fn write(
        &mut self,
        into: &mut [u8],
        marker: bool,
        payload_type: u8,
        timestamp: u32,
        payload: &[u8],
    ) -> usize {
        let (sequence, ssrc) = (self.sequence, self.ssrc);
        self.sequence = sequence.wrapping_add(1);
        self.sent += 1;
        let packet = Packet { marker, payload_type, sequence, timestamp, ssrc, payload };
        packet.write(into).unwrap_or_default()
    }
}

/// Whether the packet that `sender` gives now is the last one of its key: after it comes the pause.
fn is_last(mut sender: telephone_event::Sender, timestamp: u32) -> bool {
    sender.next(timestamp, FRAME as u16).is_some() && sender.next(timestamp, FRAME as u16).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::codec::{Direction, G711};

    fn voice() -> Voice {
        let mut voice = Voice::new(&mut Rng::seeded(1));
        let remote = "127.0.0.1:4000".parse().unwrap();
        voice.negotiate(Negotiated {
            remote,
            remote_rtcp: remote,
            codec: G711::Alaw,
            payload_type: G711::Alaw.payload_type(),
            stray_event: None,
            telephone_event: Some(101),
            ptime_ms: 20,
            direction: Direction::BOTH,
        });
        voice
    }

    /// Marker, payload type, sequence and timestamp from the first packet on, and the payload.
    fn frames(voice: &mut Voice, count: usize) -> Vec<(bool, u8, u16, u32, Vec<u8>)> {
        let (sequence, timestamp) = (voice.sequence, voice.timestamp);
        let mut found = Vec::new();
        for _ in 0..count {
            let mut bytes = [0; PACKET_BYTES];
            let length = match voice.frame(&mut bytes) {
                Frame::Audio(length) | Frame::Key(length) | Frame::KeyEnd(length) => length,
                Frame::None => continue,
            };
            let packet = Packet::parse(&bytes[..length]).unwrap();
            found.push((
                packet.marker,
                packet.payload_type,
                packet.sequence.wrapping_sub(sequence),
                packet.timestamp.wrapping_sub(timestamp),
                packet.payload.to_vec(),
            ));
        }
        found
    }

    #[test]
    fn a_sound_is_said_then_silence_without_a_break() {
        let mut voice = voice();
        voice.say(&[1_000; 200]);
        let sent = frames(&mut voice, 3);
        assert_eq!(
            sent.iter().map(|f| (f.0, f.1, f.2, f.3)).collect::<Vec<_>>(),
            [(true, 8, 0, 0), (false, 8, 1, 160), (false, 8, 2, 320)]
        );
        let loud = g711::encode(G711::Alaw, 1_000);
        assert!(sent[0].4.iter().all(|octet| *octet == loud));
        assert_eq!((sent[1].4[39], sent[1].4[40]), (loud, g711::SILENCE_ALAW));
        assert!(voice.is_done());
    }

    #[test]
    fn a_key_keeps_its_timestamp_and_ends_three_times() {
        let mut voice = voice();
        frames(&mut voice, 1);
        assert!(voice.press(Digit::from_char('5').unwrap()));
        let sent: Vec<_> = frames(&mut voice, 12).into_iter().filter(|frame| frame.1 == 101).collect();
        assert!(sent.len() >= 5, "{sent:?}");
        assert!(sent.iter().all(|frame| frame.3 == sent[0].3 && frame.4[0] == 5));
        assert!(sent[0].0 && sent[1..].iter().all(|frame| !frame.0));
        assert_eq!(sent.iter().filter(|frame| frame.4[1] & 0x80 != 0).count(), 3);
    }

    #[test]
    fn the_last_packet_of_a_key_is_named() {
        let mut voice = voice();
        voice.press(Digit::STAR);
        let mut bytes = [0; PACKET_BYTES];
        let kinds: Vec<_> = (0..12).map(|_| voice.frame(&mut bytes)).collect();
        let ends: Vec<_> = kinds.iter().positions_of(|kind| matches!(kind, Frame::KeyEnd(_)));
        let keys: Vec<_> = kinds.iter().positions_of(|kind| matches!(kind, Frame::Key(_)));
        assert_eq!(ends.len(), 1);
        assert!(keys.iter().all(|key| *key < ends[0]));
    }

    #[test]
    fn on_hold_nothing_is_sent() {
        let mut voice = voice();
        let mut held = voice.negotiated.unwrap();
        held.direction = Direction::RECEIVE_ONLY;
        voice.negotiate(held);
        assert!(frames(&mut voice, 5).is_empty());
    }

    trait PositionsOf: Iterator + Sized {
        fn positions_of(self, is: impl Fn(&Self::Item) -> bool) -> Vec<usize> {
            self.enumerate().filter(|(_, item)| is(item)).map(|(place, _)| place).collect()
        }
    }
    impl<I: Iterator> PositionsOf for I {}
}
