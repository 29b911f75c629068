//! Who hears whom among the sessions of a plane, and across planes.
//!
//! Each side of a pair knows the other: the listener whom it hears (`ear.rs`), the source who hears it. On one worker both change
//! at once; to another worker what must change goes as a [`Crossing`], and is said again each second.

use std::sync::Arc;

use super::crossing::{Carried, Content, Crossing, Standing};
use super::ear::heard_by;
use super::plane::MediaPlane;
use super::session::{Listener, Place, Session};
use super::vocabulary::{SessionId, Source};
use crate::audio::sound::Sound;
use crate::base::limit::LISTENERS_MAX;
use crate::base::time::Instant;
use crate::rtp::packet::Packet;

impl MediaPlane {
    /// What the plane of another worker said. One that concerns nobody here any more does nothing.
    pub fn crossed(&mut self, now: Instant, crossing: Crossing) {
        match crossing {
            Crossing::Listen { source, listener } => {
                let standing = self.admit(now, source, listener, None);
                self.outbox.cross(Crossing::Stands { source, listener, standing });
            }
            Crossing::Leave { source, listener } => self.dismiss(source, listener),
            Crossing::Stands { source, listener, standing } => {
                self.with(listener, |listener, _| listener.learn(source, standing));
            }
            Crossing::Heard { source, listener, at, packet } => {
                let (packet, content) = packet.packet();
                self.with(listener, |listener, outbox| {
                    listener.hear_of(at, source, &packet, content, outbox)
                });
            }
        }
    }

    pub(super) fn hear(
        &mut self,
        now: Instant,
        id: SessionId,
        sources: &[Source],
        meanwhile: Option<Arc<Sound>>,
    ) {
        let Some(session) = self.session(id) else { return };
        let Some(left) = session.ear.turn_to(&heard_by(id, sources), meanwhile) else { return };
        session.relay.forget();
        session.outgoing.mark();
        // It asks now, and then each second.
        let _ = session.ear.asks_again(now);
        for source in left {
            self.leave(source, id);
        }
        self.ask(now, id);
    }

    /// A session hears from its sources how they stand, and is known to them.
    pub(super) fn ask(&mut self, now: Instant, listener: SessionId) {
        let mut next = 0;
        while let Some(source) = self.session(listener).and_then(|session| session.ear.source(next)) {
            next += 1;
            if source.worker != listener.worker {
                self.outbox.cross(Crossing::Listen { source, listener });
                continue;
            }
            let place = self.places.get(&listener).copied();
            let standing = self.admit(now, source, listener, place);
            self.with(listener, |listener, _| listener.learn(source, standing));
        }
    }

    /// All who hear a session learn how it stands now.
    pub(super) fn tell_standing(&mut self, source: SessionId, listeners: &[Listener], standing: Standing) {
        for listener in listeners {
            let listener = listener.session;
            if source.worker == listener.worker {
                self.with(listener, |listener, _| listener.learn(source, standing));
            } else {
                self.outbox.cross(Crossing::Stands { source, listener, standing });
            }
        }
    }

    /// A packet goes from the session that has heard it to all who hear that session.
    pub(super) fn spread(&mut self, now: Instant, place: Place, packet: &Packet<'_>, content: Content) {
        let Some(session) = self.sessions[place].as_mut() else { return };
        let source = session.id;
        let listeners = std::mem::take(&mut session.listeners);
        for Listener { session: id, place, .. } in &listeners {
            match place {
                Some(place) => {
                    let listener = self.sessions[*place].as_mut().filter(|session| session.id == *id);
                    if let Some(listener) = listener {
                        listener.hear_of(now, source, packet, content, &mut self.outbox);
                    }
                }
                None => {
                    let packet = Carried::new(packet, content);
                    self.outbox.cross(Crossing::Heard { source, listener: *id, at: now, packet });
                }
            }
        }
        if let Some(session) = self.sessions[place].as_mut() {
            session.listeners = listeners;
        }
    }

    /// A session that leaves the table is taken leave of by both sides.
    pub(super) fn part(&mut self, session: &Session) {
        let mut next = 0;
        while let Some(source) = session.ear.source(next) {
            next += 1;
            self.leave(source, session.id);
        }
        self.tell_standing(session.id, &session.listeners, Standing::Absent);
    }

    fn leave(&mut self, source: SessionId, listener: SessionId) {
        if source.worker == listener.worker {
            self.dismiss(source, listener);
        } else {
            self.outbox.cross(Crossing::Leave { source, listener });
        }
    }

    /// A session is heard by this one from now on; gives how it stands.
    fn admit(
        &mut self,
        now: Instant,
        source: SessionId,
        listener: SessionId,
        place: Option<Place>,
    ) -> Standing {
        let Some(session) = self.session(source) else { return Standing::Absent };
        if let Some(known) = session.listeners.iter_mut().find(|known| known.session == listener) {
            known.asked_at = now;
            return session.standing();
        }
        if session.listeners.len() >= LISTENERS_MAX {
            return Standing::Absent;
        }
        session.heard_elsewhere |= place.is_none();
        session.listeners.push(Listener { session: listener, place, asked_at: now });
        let standing = session.standing();
        if session.listeners.len() == 1 {
            self.outbox.watch(source, true);
        }
        standing
    }

    fn dismiss(&mut self, source: SessionId, listener: SessionId) {
        let Some(session) = self.session(source) else { return };
        let before = session.listeners.len();
        session.listeners.retain(|known| known.session != listener);
        if before > 0 && session.listeners.is_empty() {
            self.outbox.watch(source, false);
        }
    }
}
