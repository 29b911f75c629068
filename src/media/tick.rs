//! What a session does every 20 ms: send what is owed, see whether the peer still lives, report.

use std::net::SocketAddr;

use super::crossing::Standing;
use super::ear::PACKET_SAMPLES_MAX;
use super::outbox::Outbox;
use super::outgoing::ticks;
use super::session::{HELD, Life, QUIET, Session};
use super::vocabulary::MediaEvent;
use crate::audio::g711;
use crate::base::codec::Negotiated;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::rtp::packet::Packet;

/// So many packets that are late are sent after all; beyond that the clock jumps.
const LATE_PACKETS_MAX: u64 = 3;
/// A source that is passed on counts as silent when its next packet is so late: 60 ms after one of 20 ms. Silence goes out in
/// its place then, for border controllers cut legs that hear nothing.
const GRACE: Duration = Duration::from_millis(40);
/// What a silent source owes is made up for, up to so much; beyond that the clock jumps.
const MADE_UP_MAX: Duration = Duration::from_millis(200);

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
        let Some((to, terms)) = self.target(now) else {
            self.pace.flowing = false;
            self.ear.clear();
            return;
        };
        for _ in 0..self.owed(now, ticks, &terms) {
            self.send_one(now, to, &terms, outbox);
        }
    }

    /// The packets that the tick has to send.
    fn owed(&mut self, now: Instant, ticks: u64, terms: &Negotiated) -> u64 {
        let (ptime_ms, samples) = (u64::from(terms.ptime_ms), u32::from(terms.ptime_ms) * 8);
        self.pace.owed_ms += ticks * self.period().as_millis() as u64;
        let owed = self.pace.owed_ms / ptime_ms;
        self.pace.owed_ms %= ptime_ms;
        if !self.pace.flowing && self.is_passing_on() && self.outgoing.has_begun() {
            return self.owed_by_source(now, samples);
        }
        // After a pause, a source or a long stall the stream goes on where the clock stands, with a marker.
        let late = owed > LATE_PACKETS_MAX;
        if owed > 0 && (late || !self.pace.flowing) {
            self.outgoing.catch_up(now, samples);
        }
        self.pace.flowing |= owed > 0;
        if late { 1 } else { owed }
    }

    /// The same when a source is the pace: nothing, unless it has fallen silent. From then on the tick sends, never more than a
    /// packet ahead of the source's clock, so that a source that comes back takes over at once.
    fn owed_by_source(&mut self, now: Instant, samples: u32) -> u64 {
        if self.outgoing.idle(now) < GRACE {
            return 0;
        }
        let behind = self.outgoing.behind(now);
        if behind < ticks(GRACE) {
            return 0;
        }
        self.pace.flowing = true;
        if behind > ticks(MADE_UP_MAX) {
            self.pace.owed_ms = 0;
            self.outgoing.catch_up(now, samples);
            return 1;
        }
        self.pace.owed_ms = u64::from(behind % samples / 8);
        u64::from(behind / samples) + 1
    }

    /// One packet: a key, a sound, what is heard, or silence.
    fn send_one(&mut self, now: Instant, to: SocketAddr, terms: &Negotiated, outbox: &mut Outbox) {
        let samples = usize::from(terms.ptime_ms) * 8;
        self.relay.interrupt();
        if let Some(payload_type) = terms.telephone_event
            && let Some(key) = self.keys.next(self.outgoing.clock(), samples as u16)
        {
            self.ear.leave_out(samples);
            let stamp = self.outgoing.next(now, samples as u32, key.payload.len());
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
        let mut payload = [g711::silence(terms.codec); PACKET_SAMPLES_MAX];
        let payload = &mut payload[..samples];
        match &mut self.playing {
            Some(playing) => {
                playing.reel.fill(terms.codec, payload);
                self.ear.leave_out(samples);
            }
            None => self.ear.fill(terms.codec, payload),
        }
        let stamp = self.outgoing.next(now, samples as u32, samples);
        let packet = Packet {
            marker: stamp.marker,
            payload_type: terms.payload_type,
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
        if playing.reel.is_over() {
            self.playing = None;
            self.played(now, play, true, outbox);
        }
    }

    fn look_at_life(&mut self, now: Instant, outbox: &mut Outbox) {
        // On hold nothing is expected, whoever holds: many a phone holds by `sendonly` and sends nothing.
        if self.standing() != Standing::Live {
            // But a phone can die while it holds as well: it is asked now and then.
            let due = now >= self.life.ask_at;
            let ask_at = if due { now + HELD } else { self.life.ask_at };
            if due {
                outbox.event(MediaEvent::Quiet(self.id, HELD));
            }
            self.life = Life { ask_at, ..Life::heard(now) };
            return;
        }
        let silent = now.since(self.life.heard_at);
        if now >= self.life.tell_at {
            self.life.tell_at = now + QUIET;
            outbox.event(MediaEvent::Quiet(self.id, silent));
        }
        if !self.life.is_dead && silent >= self.guard.silence_max {
            self.life.is_dead = true;
            outbox.event(MediaEvent::Dead(self.id));
        }
    }
}
