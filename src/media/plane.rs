//! The data plane of one worker: all its sessions, under a clock that comes in from outside.
//!
//! Its owner gives it commands and packets, asks which session is [`due`](MediaPlane::due), ticks it, and carries out what
//! [`poll`](MediaPlane::poll) says until that says `Sleep`. It opens no socket and reads no clock: the server drives it from a
//! thread of its own, the simulator from a virtual clock.

use std::collections::BTreeMap;
use std::net::SocketAddr;

pub(crate) use super::outbox::Channel;
pub use super::outbox::MediaOutput;
use super::outbox::Outbox;
use super::player::Playing;
use super::recording::Order;
use super::session::{Guard, Place, Session};
use super::vocabulary::{MediaCommand, MediaEvent, Negotiated, RecordingEnd, RecordingId, Report, SessionId};
use super::wheel::{Due, Wheel};
use crate::base::limit::{MEDIA_SESSIONS_MAX, SOUNDS_PER_PLAY_MAX};
use crate::base::rng::Rng;
use crate::base::time::Instant;
use crate::rtp::packet::is_rtcp;

/// All sessions of one worker.
pub struct MediaPlane {
    pub(super) sessions: Vec<Option<Session>>,
    free: Vec<Place>,
    pub(super) places: BTreeMap<SessionId, Place>,
    wheel: Wheel,
    pub(super) outbox: Outbox,
    rng: Rng,
}

impl MediaPlane {
    /// A plane without sessions. `rng` draws what RFC 3550 wants random: sequence numbers, timestamps, names, intervals.
    pub fn new(rng: Rng) -> Self {
        Self {
            sessions: Vec::new(),
            free: Vec::new(),
            places: BTreeMap::new(),
            wheel: Wheel::new(),
            outbox: Outbox::default(),
            rng,
        }
    }

    /// Whether there is no session.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Carries out an order. One for a session that is not there does nothing; closing it is still answered.
    pub fn command(&mut self, now: Instant, command: MediaCommand) {
        match command {
            MediaCommand::Open { session, local, ssrc, signalled, silence_max } => {
                self.open(now, session, local, ssrc, Guard { signalled, confirmed: None, silence_max });
            }
            MediaCommand::Confirm(session) => self.with(session, |session, _| session.confirm(now)),
            MediaCommand::Close(session) => self.close(now, session),
            MediaCommand::Hear { session, sources, meanwhile } => {
                self.hear(now, session, &sources, meanwhile);
            }
            MediaCommand::Negotiate(session, terms) => self.negotiate(now, session, terms),
            MediaCommand::Play { session, play, mut sounds, repeat } => {
                sounds.truncate(SOUNDS_PER_PLAY_MAX);
                let playing = Playing::new(play, sounds, repeat);
                self.with(session, |session, outbox| session.play(now, playing, outbox));
            }
            MediaCommand::Stop(session) => self.with(session, |session, outbox| session.stop(now, outbox)),
            MediaCommand::Record { session, recording, longest, silence, stop_on_digit } => {
                let order = Order { recording, longest, silence, stop_on_digit };
                self.with(session, |session, outbox| session.record(now, order, outbox));
            }
            MediaCommand::StopRecording(session, end) => {
                self.with(session, |session, outbox| session.stop_recording(end, outbox));
            }
            MediaCommand::SendDigit(session, digit) => {
                self.with(session, |session, _| session.send_key(digit));
            }
        }
    }

    /// The answer to [`MediaOutput::Bind`].
    pub fn bound(&mut self, session: SessionId, bound: bool) {
        if bound {
            self.outbox.event(MediaEvent::Opened(session));
        } else {
            self.remove(session);
            self.outbox.event(MediaEvent::OpenFailed(session));
        }
    }

    /// The recorder cannot take more of this recording.
    pub(crate) fn recorder_failed(&mut self, recording: RecordingId) {
        let recorded = |session: &&mut Session| {
            session.recording.as_ref().is_some_and(|running| running.order.recording == recording)
        };
        if let Some(session) = self.sessions.iter_mut().flatten().find(recorded) {
            session.stop_recording(RecordingEnd::Failed, &mut self.outbox);
        }
    }

    /// A datagram on a session's RTP port.
    pub fn packet(&mut self, now: Instant, session: SessionId, from: SocketAddr, datagram: &[u8]) {
        if is_rtcp(datagram) {
            return self.report(now, session, from, datagram);
        }
        let Some(&place) = self.places.get(&session) else { return };
        let Some(session) = self.sessions[place].as_mut() else { return };
        let Some((packet, content)) = session.heard(now, from, datagram, &mut self.outbox) else { return };
        if !session.listeners.is_empty() {
            self.spread(now, place, &packet, content);
        }
    }

    /// A datagram on a session's RTCP port.
    pub(crate) fn report(&mut self, now: Instant, session: SessionId, from: SocketAddr, datagram: &[u8]) {
        self.with(session, |session, _| session.heard_report(now, from, datagram));
    }

    /// The next session whose tick has come: hand in what it has received, then [`tick`](Self::tick) it.
    pub fn due(&mut self, now: Instant) -> Option<SessionId> {
        loop {
            let due = self.wheel.pop(now)?;
            let Some(&place) = self.places.get(&due.session) else { continue };
            let Some(session) = self.sessions[place].as_mut() else { continue };
            if session.pace.due_ms != due.at_ms {
                continue;
            }
            let (next, missed) = due.after(session.period(), now);
            session.pace.due_ms = next.at_ms;
            session.pace.ticks += 1 + missed;
            self.wheel.insert(next);
            return Some(due.session);
        }
    }

    /// The tick of a session that was due.
    pub fn tick(&mut self, now: Instant, session: SessionId) {
        let Some(&place) = self.places.get(&session) else { return };
        let Some(session) = self.sessions[place].as_mut() else { return };
        session.tick(now, &mut self.rng, &mut self.outbox);
        let id = session.id;
        if session.forget_idle(now) {
            self.outbox.watch(id, false);
        }
        if session.ear.asks_again(now) {
            self.ask(now, id);
        }
    }

    /// What is to be done; to be asked until it says [`MediaOutput::Sleep`].
    pub fn poll(&mut self) -> MediaOutput<'_> {
        let sleep = MediaOutput::Sleep(self.wheel.next());
        self.outbox.pop().unwrap_or(sleep)
    }

    /// When the next session is due; none while there is none.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.wheel.next()
    }

    fn open(&mut self, now: Instant, id: SessionId, local: SocketAddr, ssrc: u32, guard: Guard) {
        if self.places.contains_key(&id) {
            return;
        }
        if self.places.len() >= MEDIA_SESSIONS_MAX {
            self.outbox.event(MediaEvent::OpenFailed(id));
            return;
        }
        let at_ms = self.wheel.first(now);
        let session = Session::new(now, id, ssrc, guard, at_ms, &mut self.rng);
        let place = self.free.pop().unwrap_or_else(|| {
            self.sessions.push(None);
            self.sessions.len() - 1
        });
        self.sessions[place] = Some(session);
        self.places.insert(id, place);
        self.wheel.insert(Due { session: id, at_ms });
        self.outbox.bind(id, local);
    }

    fn close(&mut self, now: Instant, id: SessionId) {
        let report = match self.remove(id) {
            Some(mut session) => {
                session.stop(now, &mut self.outbox);
                session.stop_recording(RecordingEnd::Stopped, &mut self.outbox);
                session.send_report(now, true, &mut self.outbox);
                self.outbox.release(id);
                session.account.report(&session.outgoing)
            }
            None => Report::default(),
        };
        self.outbox.event(MediaEvent::Closed(id, report));
    }

    fn remove(&mut self, id: SessionId) -> Option<Session> {
        let place = self.places.remove(&id)?;
        let session = self.sessions[place].take()?;
        self.part(&session);
        self.free.push(place);
        self.wheel.leave(session.pace.first_ms);
        Some(session)
    }

    fn negotiate(&mut self, now: Instant, id: SessionId, terms: Negotiated) {
        let Some(session) = self.session(id) else { return };
        let before = session.standing();
        session.negotiate(now, terms);
        let standing = session.standing();
        if standing != before {
            let listeners = session.listeners.clone();
            self.tell_standing(id, &listeners, standing);
        }
    }

    pub(super) fn session(&mut self, id: SessionId) -> Option<&mut Session> {
        self.places.get(&id).and_then(|&place| self.sessions[place].as_mut())
    }

    pub(super) fn with(&mut self, session: SessionId, act: impl FnOnce(&mut Session, &mut Outbox)) {
        let session = self.places.get(&session).and_then(|&place| self.sessions[place].as_mut());
        if let Some(session) = session {
            act(session, &mut self.outbox);
        }
    }
}

#[cfg(test)]
#[path = "plane_tests/mod.rs"]
mod tests;
