//! What a session does every 20 ms: send what is owed, see whether the peer still lives, report.

use super::outbox::Outbox;
use super::session::{Life, Session, Stage};
use super::vocabulary::MediaEvent;
use crate::audio::g711;
use crate::base::codec::Negotiated;
use crate::base::limit::MEDIA_SILENCE_MAX;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::rtp::packet::Packet;

/// Octets of the longest packet that we make: 60 ms.
const PAYLOAD_BYTES_MAX: usize = 480;
/// So many packets that are late are sent after all; beyond that the clock jumps.
const LATE_PACKETS_MAX: u64 = 3;
/// A bridged leg whose other side is silent hears from us this often: some border controllers cut silent legs.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// A peer that has been silent for this long is worth a note.
const QUIET: Duration = Duration::from_secs(5);

impl Session {
    /// The ticks that have come since the last call.
    pub(super) fn tick(&mut self, now: Instant, rng: &mut Rng, outbox: &mut Outbox) {
        let ticks = std::mem::take(&mut self.pace.ticks);
        self.send_owed(now, ticks, outbox);
        self.look_at_life(now, outbox);
        if let Some(recording) = &mut self.recording
            && let Some(end) = recording.tick(now, outbox)
        {
            self.stop_recording(end, outbox);
        }
        if self.agreed.is_some() && self.account.is_due(now, rng) {
            self.send_report(now, false, outbox);
        }
    }

    fn send_owed(&mut self, now: Instant, ticks: u64, outbox: &mut Outbox) {
        let Some((_, terms)) = self.target() else {
            self.pace.flowing = false;
            return;
        };
        let ptime_ms = u64::from(terms.ptime_ms);
        self.pace.owed_ms += ticks * self.period().as_millis() as u64;
        let owed = self.pace.owed_ms / ptime_ms;
        self.pace.owed_ms %= ptime_ms;
        let relayed = self.peer.is_some() && !self.is_busy();
        if relayed && self.outgoing.idle(now) < KEEP_ALIVE {
            self.pace.flowing = false;
            return;
        }
        // After a pause, a bridge or a long stall the stream goes on where the clock stands, with a marker.
        let late = owed > LATE_PACKETS_MAX;
        if owed > 0 && (late || !self.pace.flowing) {
            self.outgoing.catch_up(now, u32::from(terms.ptime_ms) * 8);
        }
        self.pace.flowing |= owed > 0 && !relayed;
        let packets = if late || relayed { owed.min(1) } else { owed };
        for _ in 0..packets {
            self.send_one(now, &terms, outbox);
        }
    }

    /// One packet: a key, a sound, or silence.
    fn send_one(&mut self, now: Instant, terms: &Negotiated, outbox: &mut Outbox) {
        let Some((to, _)) = self.target() else { return };
        let samples = u32::from(terms.ptime_ms) * 8;
        self.relay.interrupt();
        if let Some(payload_type) = terms.telephone_event
            && let Some(key) = self.keys.next(self.outgoing.clock(), samples as u16)
        {
            let stamp = self.outgoing.next(now, samples, key.payload.len());
            let packet = Packet {
                marker: key.marker,
                payload_type,
                sequence: stamp.sequence,
                timestamp: key.timestamp,
                ssrc: self.outgoing.ssrc,
                payload: &key.payload,
            };
            self.transmit(to, &packet, outbox);
            return;
        }
        let mut payload = [g711::silence(terms.codec); PAYLOAD_BYTES_MAX];
        let payload = &mut payload[..samples as usize];
        if let Some(playing) = &mut self.playing {
            playing.fill(terms.codec, payload);
        }
        let stamp = self.outgoing.next(now, samples, payload.len());
        let packet = Packet {
            marker: stamp.marker,
            payload_type: terms.codec.payload_type(),
            sequence: stamp.sequence,
            timestamp: stamp.timestamp,
            ssrc: self.outgoing.ssrc,
            payload,
        };
        self.transmit(to, &packet, outbox);
        self.tell_playing(now, outbox);
    }

    fn tell_playing(&mut self, now: Instant, outbox: &mut Outbox) {
        let Some(playing) = &mut self.playing else { return };
        let play = playing.play;
        if !std::mem::replace(&mut playing.started, true) {
            outbox.event(MediaEvent::Started(self.id, play, now));
        }
        if playing.is_over() {
            self.playing = None;
            self.played(now, play, true, outbox);
        }
    }

    fn look_at_life(&mut self, now: Instant, outbox: &mut Outbox) {
        let expected = self.agreed.as_ref().is_some_and(|agreed| agreed.terms.direction.receive);
        if !expected {
            // On hold nothing is expected; the clock begins when the peer is back.
            self.life = Life { heard_at: now, stage: Stage::Heard };
            return;
        }
        let silent = now.since(self.life.heard_at);
        if self.life.stage == Stage::Heard && silent >= QUIET {
            self.life.stage = Stage::Quiet;
            outbox.event(MediaEvent::Quiet(self.id));
        }
        if self.life.stage == Stage::Quiet && silent >= MEDIA_SILENCE_MAX {
            self.life.stage = Stage::Dead;
            outbox.event(MediaEvent::Dead(self.id));
        }
    }
}
