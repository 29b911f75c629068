//! One leg's RTP: what was agreed, what is sent, what is heard.
//!
//! Its tick is in `tick.rs`, its packets in `receive.rs`. Owned by the plane alone.

use std::net::{IpAddr, SocketAddr};

use super::crossing::Standing;
use super::ear::Ear;
use super::lock::Lock;
use super::outbox::{Channel, Outbox};
use super::outgoing::Outgoing;
use super::player::Playing;
use super::recording::{Order, Recording};
use super::relay::Relay;
use super::report::Account;
use super::vocabulary::{MediaEvent, PlayId, RecordingEnd, SessionId};
use crate::audio::dtmf::Detector;
use crate::base::codec::{Direction, Negotiated};
use crate::base::digit::Digit;
use crate::base::limit::{LISTENER_IDLE_MAX, PROBATION};
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::rtp::packet::{HEADER_BYTES, Packet};
use crate::rtp::rtcp;
use crate::rtp::telephone_event;

/// The place of a session in the plane's table.
pub(super) type Place = usize;

#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: SessionId,
    /// What offer and answer have settled; nothing is sent or heard before.
    pub(super) agreed: Option<Agreed>,
    pub(super) guard: Guard,
    pub(super) outgoing: Outgoing,
    pub(super) playing: Option<Playing>,
    pub(super) keys: telephone_event::Sender,
    pub(super) key_receiver: telephone_event::Receiver,
    /// Listens for keys in the sound of a peer that has agreed on no other way.
    pub(super) tones: Option<Box<Detector>>,
    /// Whom it hears, and how their packets become its own.
    pub(super) ear: Ear,
    pub(super) relay: Relay,
    /// Who hears it, and whether some of them live on another worker.
    pub(super) listeners: Vec<Listener>,
    pub(super) heard_elsewhere: bool,
    pub(super) recording: Option<Box<Recording>>,
    pub(super) account: Account,
    pub(super) life: Life,
    pub(super) pace: Pace,
}

/// A session that hears this one.
#[derive(Copy, Clone, Debug)]
pub(super) struct Listener {
    pub(super) session: SessionId,
    /// Its place here; `None` if it lives on another worker.
    pub(super) place: Option<Place>,
    /// When it last asked.
    pub(super) asked_at: Instant,
}

/// What holds a stranger off who names another as the receiver of our packets.
#[derive(Copy, Clone, Debug)]
pub(super) struct Guard {
    /// Where the SIP of the leg comes from; `None`: what SDP says is believed.
    pub(super) signalled: Option<IpAddr>,
    /// When the peer has shown that its SIP reaches it.
    pub(super) confirmed: Option<Instant>,
    /// Silence after which the peer counts as dead.
    pub(super) silence_max: Duration,
}

/// What was agreed, and with whom.
#[derive(Debug)]
pub(super) struct Agreed {
    pub(super) terms: Negotiated,
    pub(super) lock: Lock,
}

/// Each so many seconds of silence of a peer are told.
pub(super) const QUIET: Duration = Duration::from_secs(2);
/// The same of one that is on hold, where nothing is expected.
pub(super) const HELD: Duration = Duration::from_secs(5);

/// Whether the peer still speaks.
#[derive(Copy, Clone, Debug)]
pub(super) struct Life {
    pub(super) heard_at: Instant,
    /// When its silence is told next.
    pub(super) tell_at: Instant,
    /// When it is told next that it is on hold.
    pub(super) ask_at: Instant,
    pub(super) is_dead: bool,
}

impl Life {
    /// Something has come just now.
    pub(super) fn heard(now: Instant) -> Self {
        Self { heard_at: now, tell_at: now + QUIET, ask_at: now + HELD, is_dead: false }
    }
}

/// When the session ticks and what it owes.
#[derive(Copy, Clone, Debug)]
pub(super) struct Pace {
    /// Its first deadline, which names its phase in the wheel.
    pub(super) first_ms: u64,
    /// Its next deadline.
    pub(super) due_ms: u64,
    /// Ticks that have come since the last was worked off.
    pub(super) ticks: u64,
    /// Milliseconds of audio that are owed.
    pub(super) owed_ms: u64,
    /// Whether the tick is what sends: if it was not, because a source is passed on or nothing may leave, the clock of the
    /// stream has to catch up first.
    pub(super) flowing: bool,
}

impl Session {
    pub(super) fn new(
        now: Instant,
        id: SessionId,
        ssrc: u32,
        guard: Guard,
        first_ms: u64,
        rng: &mut Rng,
    ) -> Self {
        Self {
            id,
            agreed: None,
            guard,
            outgoing: Outgoing::new(ssrc, rng.u32() as u16, rng.u32()),
            playing: None,
            keys: telephone_event::Sender::new(),
            key_receiver: telephone_event::Receiver::new(),
            tones: None,
            ear: Ear::new(),
            relay: Relay::default(),
            listeners: Vec::new(),
            heard_elsewhere: false,
            recording: None,
            account: Account::new(rng),
            life: Life::heard(now),
            pace: Pace { first_ms, due_ms: first_ms, ticks: 0, owed_ms: 0, flowing: false },
        }
    }

    /// How often it ticks: packets of 40 and 60 ms leave every second and third tick.
    pub(super) fn period(&self) -> Duration {
        let ms = match self.agreed.as_ref().map(|agreed| agreed.terms.ptime_ms) {
            Some(10) => 10,
            Some(30) => 30,
            _ => 20,
        };
        Duration::from_millis(ms)
    }

    /// Offer and answer have settled (again).
    pub(super) fn negotiate(&mut self, now: Instant, mut terms: Negotiated) {
        if !matches!(terms.ptime_ms, 10 | 20 | 30 | 40 | 60) {
            terms.ptime_ms = 20;
        }
        let before = self.agreed.take();
        let before_ptime = before.as_ref().map(|before| before.terms.ptime_ms);
        let resumed = before.as_ref().is_none_or(|before| !before.terms.direction.receive);
        let lock = match before {
            // The same address: what was learnt of it still holds.
            Some(before) if before.lock.said() == terms.remote => before.lock,
            _ => Lock::new(now, terms.remote, self.guard.signalled),
        };
        if resumed {
            self.life = Life::heard(now);
        }
        let paced = before_ptime == Some(terms.ptime_ms);
        if !terms.direction.send || terms.telephone_event.is_none() {
            self.keys.clear();
        }
        self.tones = match (terms.telephone_event, self.tones.take()) {
            (Some(_), _) => None,
            (None, tones) => tones.or_else(|| Some(Box::new(Detector::new()))),
        };
        self.agreed = Some(Agreed { terms, lock });
        if !paced {
            // The next tick completes a packet, however long.
            let period_ms = self.period().as_millis() as u64;
            self.pace.owed_ms = u64::from(terms.ptime_ms).saturating_sub(period_ms);
        }
    }

    /// Plays instead of what plays.
    pub(super) fn play(&mut self, now: Instant, playing: Playing, outbox: &mut Outbox) {
        self.stop(now, outbox);
        self.outgoing.mark();
        self.playing = Some(playing);
    }

    /// Stops what plays.
    pub(super) fn stop(&mut self, now: Instant, outbox: &mut Outbox) {
        if let Some(playing) = self.playing.take() {
            self.played(now, playing.play, false, outbox);
        }
    }

    pub(super) fn played(&self, at: Instant, play: PlayId, finished: bool, outbox: &mut Outbox) {
        outbox.event(MediaEvent::Played { session: self.id, play, at, finished });
    }

    pub(super) fn record(&mut self, now: Instant, order: Order, outbox: &mut Outbox) {
        self.stop_recording(RecordingEnd::Stopped, outbox);
        self.recording = Some(Box::new(Recording::new(now, order)));
    }

    pub(super) fn stop_recording(&mut self, end: RecordingEnd, outbox: &mut Outbox) {
        if let Some(recording) = self.recording.take() {
            recording.finish(self.id, end, outbox);
        }
    }

    pub(super) fn send_key(&mut self, digit: Digit) {
        let can = self
            .agreed
            .as_ref()
            .is_some_and(|agreed| agreed.terms.direction.send && agreed.terms.telephone_event.is_some());
        if can {
            self.keys.push(digit);
        }
    }

    /// Whether the tick has something of its own to send, which stands before what is heard.
    pub(super) fn is_busy(&self) -> bool {
        self.playing.is_some() || self.keys.is_busy()
    }

    /// Whether the packets of a source are all that goes out, as long as they come.
    pub(super) fn is_passing_on(&self) -> bool {
        self.ear.passes_on() && !self.is_busy() && !self.ear.is_on_hold()
    }

    /// How this session stands to those who hear it.
    pub(super) fn standing(&self) -> Standing {
        match &self.agreed {
            None => Standing::Absent,
            Some(agreed) => match agreed.terms.direction {
                Direction { receive: false, .. } => Standing::Held,
                Direction { send: false, receive: true } => Standing::Away,
                Direction { send: true, receive: true } => Standing::Live,
            },
        }
    }

    /// Listeners of other workers who no longer ask have gone; true if nobody is left.
    pub(super) fn forget_idle(&mut self, now: Instant) -> bool {
        let gone = |listener: &Listener| {
            listener.place.is_none() && now.since(listener.asked_at) > LISTENER_IDLE_MAX
        };
        if !self.heard_elsewhere || !self.listeners.iter().any(gone) {
            return false;
        }
        self.listeners.retain(|listener| !gone(listener));
        self.heard_elsewhere = self.listeners.iter().any(|listener| listener.place.is_none());
        self.listeners.is_empty()
    }

    /// How a source stands to this session.
    pub(super) fn learn(&mut self, source: SessionId, standing: Standing) {
        if self.ear.learn(source, standing) && self.ear.passes_on_from(source) {
            // A phone that holds may stop its clock, and set it when it is back.
            self.relay.forget();
            self.outgoing.mark();
        }
    }

    /// See [`MediaCommand::Confirm`](super::vocabulary::MediaCommand).
    pub(super) fn confirm(&mut self, now: Instant) {
        if self.guard.confirmed.is_none() {
            self.guard.confirmed = Some(now);
            self.life = Life::heard(now);
        }
    }

    /// Where RTP goes, if it may go anywhere.
    pub(super) fn target(&self, now: Instant) -> Option<(SocketAddr, Negotiated)> {
        let agreed = self.agreed.as_ref()?;
        let to = agreed.lock.target();
        let may = agreed.terms.direction.send && self.may_send(now, agreed, to);
        may.then_some((to, agreed.terms))
    }

    /// Whether packets may go there: who names a third party in SDP does not turn us on it. Before the peer has confirmed
    /// nothing goes to other addresses than that of its SIP; then they are on probation until something is heard.
    fn may_send(&self, now: Instant, agreed: &Agreed, to: SocketAddr) -> bool {
        if to.ip().is_unspecified() || to.port() == 0 {
            return false;
        }
        let Some(signalled) = self.guard.signalled else { return true };
        if signalled.to_canonical() == to.ip().to_canonical() {
            return true;
        }
        let Some(confirmed) = self.guard.confirmed else { return false };
        let known = to.ip() == agreed.lock.target().ip();
        known && (agreed.lock.is_locked() || now.since(confirmed.max(agreed.lock.since())) < PROBATION)
    }

    /// Sends one packet.
    pub(super) fn transmit(&self, to: SocketAddr, packet: &Packet<'_>, outbox: &mut Outbox) {
        let room = HEADER_BYTES + packet.payload.len();
        outbox.transmit(self.id, Channel::Rtp, to, room, |into| packet.write(into));
    }

    /// Sends an RTCP report to where the peer wants it.
    pub(super) fn send_report(&mut self, now: Instant, bye: bool, outbox: &mut Outbox) {
        let Some(agreed) = &self.agreed else { return };
        let Negotiated { remote, remote_rtcp, .. } = agreed.terms;
        let target = agreed.lock.target();
        let (channel, to) = if remote_rtcp == remote {
            (Channel::Rtp, target)
        } else if remote_rtcp.ip() == remote.ip() {
            (Channel::Rtcp, SocketAddr::new(target.ip(), remote_rtcp.port()))
        } else {
            (Channel::Rtcp, remote_rtcp)
        };
        if !self.may_send(now, agreed, to) {
            return;
        }
        let (account, outgoing) = (&mut self.account, &self.outgoing);
        outbox.transmit(self.id, channel, to, rtcp::COMPOUND_BYTES_MAX, |into| {
            account.write(now, into, outgoing, bye)
        });
    }
}
