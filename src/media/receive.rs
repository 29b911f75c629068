//! What a session does with a packet: is it the peer's, is it what was agreed, who else wants it.

use std::net::SocketAddr;

use super::crossing::Content;
use super::lock::{Seen, Verdict};
use super::outbox::Outbox;
use super::session::{Agreed, Life, Session};
use super::vocabulary::{MediaEvent, Negotiated, RecordingEnd, SessionId};
use crate::audio::g711;
use crate::base::codec::G711;
use crate::base::digit::Digit;
use crate::base::limit::RTP_BYTES_MAX;
use crate::base::time::Instant;
use crate::rtp::packet::{HEADER_BYTES, Packet};
use crate::rtp::rtcp;
use crate::rtp::telephone_event::{self, EVENT_BYTES};

/// Comfort noise (RFC 3389): heard as silence.
const COMFORT_NOISE: u8 = 13;

impl Session {
    /// A datagram on the RTP port. What others may hear of it is given back.
    pub(super) fn heard<'a>(
        &mut self,
        now: Instant,
        from: SocketAddr,
        datagram: &'a [u8],
        outbox: &mut Outbox,
    ) -> Option<(Packet<'a>, Content)> {
        let packet = Packet::parse(datagram).ok().filter(|_| datagram.len() <= RTP_BYTES_MAX);
        let accepted = packet.and_then(|packet| Some((packet, self.admit(now, from, &packet, outbox)?)));
        let Some((packet, content)) = accepted else {
            self.account.dropped += 1;
            return None;
        };
        self.life = Life::heard(now);
        let (_, new_source) = self.account.packet(packet.ssrc, packet.sequence);
        if new_source {
            self.key_receiver = telephone_event::Receiver::new();
        }
        let receiving = self.agreed.as_ref().is_some_and(|agreed| agreed.terms.direction.receive);
        let content = content.filter(|_| receiving)?;
        match content {
            Content::Audio(law) => {
                self.account.arrival(now, packet.timestamp);
                if let Some(recording) = &mut self.recording {
                    recording.packet(now, &packet, law, outbox);
                }
                self.heard_tones(&packet, law, outbox);
            }
            Content::Key { .. } => {
                let first = self.heard_key(now, &packet, outbox);
                return Some((packet, Content::Key { first }));
            }
        }
        Some((packet, content))
    }

    /// A datagram on the RTCP port, or RTCP on the RTP port.
    pub(super) fn heard_report(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        let is_peer = self.agreed.as_ref().is_some_and(|agreed| agreed.lock.is_peer(from.ip()));
        match rtcp::read(datagram, self.outgoing.ssrc) {
            // Who mutes may send no RTP, and still reports.
            Some(heard) if is_peer => {
                self.account.heard(now, &heard);
                self.life = Life::heard(now);
            }
            _ => self.account.dropped += 1,
        }
    }

    /// What the packet carries (`None`: nothing to hear), if it is the peer's and was agreed.
    fn admit(
        &mut self,
        now: Instant,
        from: SocketAddr,
        packet: &Packet<'_>,
        outbox: &mut Outbox,
    ) -> Option<Option<Content>> {
        let agreed = self.agreed.as_mut()?;
        let content = agreed.content(packet)?;
        let seen = Seen { from, ssrc: packet.ssrc, sequence: packet.sequence };
        match agreed.lock.judge(now, seen) {
            Verdict::Known => {}
            Verdict::Locked => outbox.event(MediaEvent::Locked(self.id, from)),
            Verdict::Refused => return None,
        }
        Some(content)
    }

    /// True if this is the first packet of a key.
    fn heard_key(&mut self, now: Instant, packet: &Packet<'_>, outbox: &mut Outbox) -> bool {
        // It has another way after all.
        self.tones = None;
        let key = self.key_receiver.packet(now, packet.marker, packet.timestamp, packet.payload);
        let Some(digit) = key else { return false };
        self.pressed(digit, outbox);
        true
    }

    /// Keys in the sound itself.
    fn heard_tones(&mut self, packet: &Packet<'_>, law: G711, outbox: &mut Outbox) {
        let Some(mut tones) = self.tones.take() else { return };
        let samples = packet.payload.iter().map(|octet| g711::decode(law, *octet));
        tones.hear(samples, |digit| self.pressed(digit, outbox));
        self.tones = Some(tones);
    }

    fn pressed(&mut self, digit: Digit, outbox: &mut Outbox) {
        outbox.event(MediaEvent::Digit(self.id, digit));
        if self.recording.as_ref().is_some_and(|recording| recording.order.stop_on_digit) {
            self.stop_recording(RecordingEnd::Digit(digit), outbox);
        }
    }

    /// A packet that a session has heard which this one may hear.
    pub(super) fn hear_of(
        &mut self,
        now: Instant,
        source: SessionId,
        packet: &Packet<'_>,
        content: Content,
        outbox: &mut Outbox,
    ) {
        if self.ear.passes_on_from(source) {
            self.pass_on(now, packet, content, outbox);
        } else if let (Content::Audio(law), Some(agreed)) = (content, &self.agreed) {
            self.ear.put(source, packet, law, agreed.terms.ptime_ms);
        }
    }

    /// The packet of the only source goes to the peer, renumbered and in its codec.
    fn pass_on(&mut self, now: Instant, packet: &Packet<'_>, content: Content, outbox: &mut Outbox) {
        let Some((to, terms)) = self.target(now) else { return self.relay.interrupt() };
        if self.is_busy() {
            return;
        }
        let (payload_type, samples) = match content {
            Content::Audio(_) => (terms.payload_type, packet.payload.len() as u32),
            // Not the rest of a key that was pressed before we heard this source: it was meant for us (the accepting key).
            Content::Key { first } if !self.relay.passes_key(first) => return self.relay.interrupt(),
            Content::Key { .. } => match terms.telephone_event {
                Some(payload_type) => (payload_type, 0),
                // What was never sent shall not look like loss.
                None => return self.relay.interrupt(),
            },
        };
        let mut buffer = [0; RTP_BYTES_MAX - HEADER_BYTES];
        let Some(payload) = buffer.get_mut(..packet.payload.len()) else { return };
        payload.copy_from_slice(packet.payload);
        if let Content::Audio(law) = content {
            g711::transcode(law, terms.codec, payload);
        }
        // What the tick has sent meanwhile ends here, also with a packet that comes too late to be sent; the receiver is told that
        // a talkspurt begins.
        if std::mem::take(&mut self.pace.flowing) {
            self.outgoing.mark();
        }
        let Some(stamp) = self.relay.stamp(now, &mut self.outgoing, packet, samples) else { return };
        let packet = Packet {
            marker: stamp.marker,
            payload_type,
            sequence: stamp.sequence,
            timestamp: stamp.timestamp,
            ssrc: self.outgoing.ssrc,
            payload,
        };
        self.transmit(to, &packet, outbox);
    }
}

impl Agreed {
    /// What a payload type means here; `None` if it was not agreed (AST-2018-001), `Some(None)` for what is not to be heard.
    fn content(&self, packet: &Packet<'_>) -> Option<Option<Content>> {
        let Negotiated { codec, payload_type, telephone_event, stray_event, .. } = self.terms;
        if packet.payload_type == payload_type {
            let audible = !packet.payload.is_empty();
            Some(audible.then_some(Content::Audio(codec)))
        } else if [telephone_event, stray_event].contains(&Some(packet.payload_type)) {
            // Whether it is the first of its key is known when it is heard.
            (packet.payload.len() >= EVENT_BYTES).then_some(Some(Content::Key { first: false }))
        } else if packet.payload_type == COMFORT_NOISE {
            Some(None)
        } else {
            None
        }
    }
}
