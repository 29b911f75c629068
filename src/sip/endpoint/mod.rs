//! The SIP endpoint: all that the switchboard sees of SIP. One value, no socket: `receive`, then `poll` until `None`,
//! and `timeout` when `deadline` is reached.
//!
//! `vocabulary.rs` has the words; `receive.rs` what happens to a message; `screen.rs` what a request must fulfil;
//! `wire.rs` what all verbs share. The verbs themselves stand in `invite/`.

pub(crate) mod body;
mod phrase;
mod receive;
mod screen;
mod vocabulary;
pub(crate) mod wire;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;

pub(crate) use vocabulary::{
    Account, Admission, Binding, Config, Credentials, End, Event, Failure, Invitation, Invited, Output,
    Peers, Refusal, Registration, Told, TrunkState, Turned, WrongPassword,
};

use super::digest;
use super::guard::Ban;
use super::invite::errand::Errand;
use super::invite::{Invite, Phase, Timer, Wish};
use super::message::{HeaderName, Method, Request, Response};
use super::observe::{Census, Counters};
use super::registrar::Registrar;
use super::timer::Deadlines;
use super::transaction::table::Woken;
use super::transport::{Datagram, Protocol};
use super::trunk_registration::Trunks;
use crate::base::arena::{Arena, Key};
use crate::base::rng::Rng;
use crate::base::time::{Instant, Now};
use wire::{Wire, tag_number};

/// One INVITE usage, ours or theirs, from the first INVITE to the end of its dialog.
pub(crate) type InviteId = Key<Invite>;

/// See the module.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(in crate::sip) wire: Wire,
    pub(in crate::sip) invites: Arena<Invite>,
    /// By our tag, which is ours alone: how a request finds its dialog.
    pub(in crate::sip) by_tag: BTreeMap<u64, InviteId>,
    pub(in crate::sip) leaving: usize,
    pub(in crate::sip) registrar: Registrar,
    deadlines: Deadlines<InviteId>,
    trunks: Trunks,
    admission: Admission,
}

/// Life.
impl Endpoint {
    /// An endpoint without calls. Its registrations begin at the first `timeout`.
    pub(crate) fn new(config: Config, mut rng: Rng) -> Self {
        let registrar = Registrar::new(&mut rng);
        let mut wire = Wire::new(Config::default(), rng);
        let mut trunks = Trunks::default();
        trunks.configure(Instant::ZERO, &mut wire, &config);
        wire.config = config;
        Self {
            wire,
            invites: Arena::new(),
            by_tag: BTreeMap::new(),
            leaving: 0,
            registrar,
            deadlines: Deadlines::default(),
            trunks,
            admission: Admission::Open,
        }
    }

    /// Takes a new configuration; calls and bindings of accounts that still exist stay.
    pub(crate) fn configure(&mut self, now: Now, config: Config) {
        self.trunks.configure(now.at, &mut self.wire, &config);
        self.wire.config = config;
        self.registrar.keep(&mut self.wire);
    }

    /// Whether new calls are let in.
    pub(crate) fn admit(&mut self, admission: Admission) {
        self.admission = admission;
    }

    /// Unregisters at all operators, for shutdown. Go on polling until [`Census::transactions`] is 0, or as long as one
    /// likes to wait.
    pub(crate) fn close(&mut self, now: Now) {
        self.trunks.close(now.at, &mut self.wire);
    }

    /// Whether an operator has still to hear that we are gone.
    pub(crate) fn is_leaving(&self) -> bool {
        self.trunks.is_leaving()
    }

    /// The transport could not deliver to `remote` (refused connection, unreachable host).
    pub(crate) fn unreachable(&mut self, now: Now, protocol: Protocol, remote: std::net::SocketAddr) {
        for (errand, _) in self.wire.transactions.unreachable(protocol, remote) {
            self.failed(now.at, errand, Failure::Unreachable);
        }
    }

    /// A stream is gone.
    pub(crate) fn closed(&mut self, now: Instant, connection: crate::sip::transport::ConnectionId) {
        self.registrar.closed(&mut self.wire, connection);
        self.trunks.closed(now, &mut self.wire, connection);
    }

    /// Whether an idle stream is to stay: a telephone is reached by it, or an operator reaches us.
    pub(crate) fn needs(&self, connection: crate::sip::transport::ConnectionId) -> bool {
        self.registrar.needs(connection) || self.trunks.needs(connection)
    }

    /// Runs what is due. Call when `deadline` is reached; harmless earlier.
    pub(crate) fn timeout(&mut self, now: Now) {
        while let Some(woken) = self.wire.transactions.wake(now.at) {
            match woken {
                Woken::Send(transmit) => {
                    self.wire.counters.retransmitted += 1;
                    self.wire.send(transmit);
                }
                Woken::TimedOut(errand) => {
                    self.wire.counters.timed_out += 1;
                    self.failed(now.at, errand, Failure::Timeout);
                }
                Woken::Nothing => {}
            }
        }
        while let Some(id) = self.deadlines.due(now.at) {
            self.fire(now.at, id);
        }
        self.registrar.wake(now.at, &mut self.wire);
        self.trunks.wake(now.at, &mut self.wire);
    }

    /// When `timeout` wants to be called.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let all = [
            self.wire.transactions.deadline(),
            self.deadlines.next(),
            self.registrar.deadline(),
            self.trunks.deadline(),
        ];
        all.into_iter().flatten().min()
    }

    /// The next output; drain until `None` after each call.
    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.wire.poll()
    }
}

/// Calls.
impl Endpoint {
    /// Sends a provisional response (180, 183 with SDP).
    pub(crate) fn progress(&mut self, now: Now, invite: InviteId, status: u16, sdp: Option<&[u8]>) {
        self.say_progress(now.at, invite, status, sdp);
    }

    /// Sends 200 with our SDP (answer, or offer when the INVITE had none), repeated until ACK.
    pub(crate) fn answer(&mut self, now: Now, invite: InviteId, sdp: &[u8]) {
        self.say_yes(now.at, invite, sdp);
    }

    /// Refuses an incoming call that is not answered yet. The id is dead.
    pub(crate) fn refuse(&mut self, now: Now, invite: InviteId, refusal: Refusal) {
        self.say_refusal(now.at, invite, refusal);
    }

    /// Asks an incoming call for a digest of our realm: 401. The id is dead; the caller comes back with a new INVITE,
    /// whose [`Invited::account`] is set if the password was right.
    pub(crate) fn challenge(&mut self, now: Now, invite: InviteId) {
        let Some(source) = self.source_of(invite) else { return };
        let with = self.registrar.challenges(now, &self.wire.config, source, false);
        self.turn_away(invite, 401, with);
    }

    /// Refuses the call of a stranger without keeping anything of it, so that a flood from forged addresses takes no memory
    /// and is answered once only. The id is dead.
    pub(crate) fn shut_out(&mut self, invite: InviteId, status: u16) {
        self.turn_away(invite, status, |it| it);
    }

    /// Places a call.
    pub(crate) fn invite(&mut self, now: Now, invitation: Invitation) -> InviteId {
        self.call(now.at, invitation)
    }

    /// Answers `Event::Redirected`: the call goes on to this URI by the same way, or it has failed.
    pub(crate) fn redirect(&mut self, now: Now, invite: InviteId, target: Option<String>) {
        self.call_elsewhere(now.at, invite, target);
    }

    /// Answers `Event::Offered`: 200 with SDP, or a refusal status (488, 491).
    pub(crate) fn answer_offer(&mut self, now: Now, invite: InviteId, answer: Result<&[u8], u16>) {
        self.say_answer(now.at, invite, answer);
    }

    /// Sends a re-INVITE with our offer; when another offer is under way, after that one.
    pub(crate) fn reoffer(&mut self, now: Now, invite: InviteId, sdp: &[u8]) {
        self.offer(now.at, invite, sdp.into(), Wish::Switchboard);
    }

    /// Our SDP, as it was sent last in a call.
    pub(crate) fn sdp_said(&self, invite: InviteId) -> Option<std::sync::Arc<[u8]>> {
        match &self.invites.get(invite)?.phase {
            Phase::Answered(talk, _) | Phase::Talking(talk) => Some(talk.sdp.clone()),
            Phase::Offered(_) | Phase::Calling(_) | Phase::Leaving(..) | Phase::Moving(_) => None,
        }
    }

    /// Asks whether the peer of a call that is up is still there. Who is not ends it: [`End::Lost`].
    pub(crate) fn ask_alive(&mut self, now: Now, invite: InviteId) {
        self.probe(now.at, invite);
    }

    /// Ends a call as its state wants: CANCEL, BYE, or 487 to an incoming one. The id is dead.
    pub(crate) fn hang_up(&mut self, now: Now, invite: InviteId, reason: Option<&str>) {
        self.hang(now.at, invite, reason);
    }
}

/// After a bug of ours.
impl Endpoint {
    /// A bug may have broken a transition off: every usage that it has left half moved is ended, by BYE where there was a
    /// dialog, and told as lost.
    pub(crate) fn mend(&mut self, now: Now) {
        let moving = |invite: &Invite| matches!(invite.phase, Phase::Moving(_));
        let broken: Vec<InviteId> =
            self.invites.iter().filter(|(_, invite)| moving(invite)).map(|(id, _)| id).collect();
        for id in broken {
            let Some(Invite { phase: Phase::Moving(parting), .. }) = self.forget(id) else { continue };
            if let Some(farewell) = parting {
                self.farewell(now.at, farewell, None);
            }
            self.wire.emit(Event::Ended(id, End::Lost));
        }
    }

    /// Whether this usage is alive.
    pub(crate) fn knows(&self, invite: InviteId) -> bool {
        self.invites.get(invite).is_some()
    }

    /// What must always hold and does not, in words.
    pub(crate) fn violations(&self) -> Vec<String> {
        let moving = self.invites.iter().filter(|(_, invite)| matches!(invite.phase, Phase::Moving(_)));
        moving.map(|(id, _)| format!("usage {id:?} is half moved")).collect()
    }
}

/// Who is not heard.
impl Endpoint {
    /// Addresses that are banned for wrong passwords.
    pub(crate) fn bans(&self, now: Now) -> Vec<Ban> {
        self.registrar.guard.bans(now.at)
    }

    /// Lifts the ban of an address, or all. How many were lifted.
    pub(crate) fn lift(&mut self, now: Now, address: Option<IpAddr>) -> usize {
        self.registrar.guard.lift(now.at, address)
    }

    /// Whether somebody is at this address whom the site knows: a peer, or a registered phone.
    pub(crate) fn is_known(&self, address: IpAddr) -> bool {
        self.wire.config.peers.contains(address) || self.registrar.knows(address)
    }
}

/// Status.
impl Endpoint {
    /// Contacts bound to an account now, the preferred one first.
    pub(crate) fn bindings(&self, account: &str) -> Vec<Binding> {
        self.registrar.bindings(account)
    }

    /// Calls (invite usages) that the switchboard knows, for status and tests of leaks.
    pub(crate) fn invites_len(&self) -> usize {
        self.invites.len() - self.leaving
    }

    /// What is alive.
    pub(crate) fn census(&self) -> Census {
        Census {
            invites: self.invites_len(),
            leaving: self.leaving,
            transactions: self.wire.transactions.len(),
            bindings: self.registrar.len(),
        }
    }

    /// Totals since the start.
    pub(crate) fn counters(&self) -> Counters {
        self.wire.counters
    }
}

/// What the verbs share.
impl Endpoint {
    /// Puts a usage into a state.
    pub(in crate::sip) fn enter(&mut self, id: InviteId, phase: Phase) {
        if let Some(invite) = self.invites.get_mut(id) {
            invite.phase = phase;
        }
        self.rearm(id);
    }

    /// Moves the deadline of a usage to its next timer.
    pub(in crate::sip) fn rearm(&mut self, id: InviteId) {
        if let Some(invite) = self.invites.get_mut(id) {
            let next = invite.next().map(|(at, _)| at);
            self.deadlines.arm(id, &mut invite.armed, next);
        }
    }

    /// Takes a usage out: its id is dead.
    pub(in crate::sip) fn forget(&mut self, id: InviteId) -> Option<Invite> {
        let mut invite = self.invites.remove(id)?;
        self.deadlines.arm(id, &mut invite.armed, None);
        self.by_tag.remove(&invite.tag);
        if matches!(invite.phase, Phase::Leaving(..)) {
            self.leaving -= 1;
        }
        Some(invite)
    }

    /// The usage whose dialog a request is in.
    pub(in crate::sip) fn find(&mut self, request: &Request) -> Option<InviteId> {
        let id = *self.by_tag.get(&tag_number(&request.to().tag()?)?)?;
        let dialog = self.invites.get_mut(id)?.dialog()?;
        dialog.holds(request).then_some(id)
    }

    /// The header that answers a challenge with these credentials; `None` when it cannot be answered.
    pub(in crate::sip) fn authorization(
        &mut self,
        response: &Response,
        credentials: &Credentials,
        (method, uri, body): (&Method, &str, &[u8]),
    ) -> Option<(HeaderName, String)> {
        let (asked, header) = match response.status() {
            401 => (HeaderName::WwwAuthenticate, HeaderName::Authorization),
            _ => (HeaderName::ProxyAuthenticate, HeaderName::ProxyAuthorization),
        };
        let challenges: Vec<_> = response.headers().all(asked).collect();
        let lines = challenges.iter().map(AsRef::as_ref);
        let cnonce = self.wire.rng.hex(8);
        digest::answer(lines, credentials, method, uri, body, &cnonce, 1).map(|value| (header, value))
    }

    /// A request of ours reached nobody, or nobody answered.
    fn failed(&mut self, now: Instant, errand: Errand, failure: Failure) {
        match errand {
            Errand::Call(id) => {
                if matches!(self.invites.get(id), Some(Invite { phase: Phase::Calling(_), .. })) {
                    self.forget(id);
                    self.wire.emit(Event::Failed(id, failure));
                }
            }
            Errand::Reoffer(id) => self.reoffer_failed(now, id, failure),
            Errand::Probe(id) => self.probe_answered(now, id, 408),
            Errand::Register(name) => self.trunks.failed(now, &mut self.wire, &name),
            Errand::Orphan(_) | Errand::Farewell(_) | Errand::Forgotten => {}
        }
    }

    /// Runs the timer of a usage that is due.
    fn fire(&mut self, now: Instant, id: InviteId) {
        let Some(invite) = self.invites.get_mut(id) else { return };
        let Some((_, timer)) = invite.next().filter(|(at, _)| *at <= now) else { return self.rearm(id) };
        match timer {
            Timer::Expires => self.expired(now, id),
            Timer::Remind => self.remind(now, id),
            Timer::GiveUp => self.called_off(now, id, Failure::Timeout),
            Timer::Repeat => self.repeat(now, id),
            Timer::NoAck if matches!(invite.phase, Phase::Leaving(..)) => self.leave(now, id),
            Timer::NoAck => self.lost(now, id, End::NoAck),
            Timer::Offer => self.next_offer(now, id),
            Timer::Refresh => self.refresh_session(now, id),
            Timer::Expiry | Timer::Probe => self.lost(now, id, End::Lost),
        }
    }

    /// A 2xx of ours once more.
    fn repeat(&mut self, now: Instant, id: InviteId) {
        if let Some(unacked) = self.invites.get_mut(id).and_then(Invite::unacked) {
            unacked.step(now);
            let transmit = unacked.transmit.clone();
            self.wire.counters.retransmitted += 1;
            self.wire.send(transmit);
        }
        self.rearm(id);
    }

    fn draining(&self) -> Option<u32> {
        match self.admission {
            Admission::Open => None,
            Admission::Draining(seconds) => Some(seconds),
        }
    }

    fn count(&mut self, datagram: &Datagram) {
        self.wire.saw(datagram.protocol, datagram.local);
        self.wire.counters.received += 1;
    }
}
