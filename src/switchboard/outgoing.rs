//! Those who are rung for a call: agents, numbers, addresses. From the port to the answer, or to the failure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use super::call::{Call, CallKey, Callee, CalleeState, Effort, Line, Side};
use super::describe;
use super::edition::{credentials, host_of};
use super::timer::Timer;
use super::{Edition, Switchboard};
use crate::base::digit::Digit;
use crate::base::limit::PORT_TRIES_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, Now};
use crate::centre::queue::CallerId;
use crate::centre::record::Phase;
use crate::flow::vocabulary::{
    CallerId as Shown, Event as FlowEvent, QueueNews, RingFailure, RingNews, RingOrder, RingRequest, Target,
    TransferRequest,
};
use crate::media::vocabulary::{MediaCommand, SessionId};
use crate::sip::endpoint::{Failure, Invitation, InviteId};
use crate::sip::transport::Protocol;

/// One phone to ring.
struct Phone {
    who: Name,
    agent: bool,
    confirm: Option<Digit>,
    invitation: Invitation,
}

impl Switchboard {
    /// Rings the agents whom the floor has picked for those who wait; false when nothing is left to offer.
    pub(super) fn offer_waiting(&mut self, now: Now) -> bool {
        let offers = self.floor.offers(now.at);
        let some = !offers.is_empty();
        for offer in offers {
            let key = CallKey::from_number(offer.caller.0);
            if self.calls.get(key).is_some_and(|call| call.promise().is_some()) {
                self.floor.declined(now.at, offer.caller, &offer.agent);
                self.call_back(now, key);
                continue;
            }
            let shown = Shown::Company;
            let target = Target::Agent(offer.agent.clone());
            if self.ring_target(now, key, &target, &shown, offer.ring) {
                self.pending.push_back((key, FlowEvent::Queue(QueueNews::Ringing(offer.agent))));
            } else {
                self.floor.declined(now.at, offer.caller, &offer.agent);
            }
        }
        for (caller, position) in self.floor.positions_changed() {
            let news = QueueNews::Position(position, self.floor.estimate(caller));
            self.pending.push_back((CallKey::from_number(caller.0), FlowEvent::Queue(news)));
        }
        for caller in self.floor.stranded() {
            let key = CallKey::from_number(caller.0);
            self.pending.push_back((key, FlowEvent::Queue(QueueNews::NoAgent)));
        }
        some || !self.pending.is_empty()
    }

    pub(super) fn ring(&mut self, now: Now, key: CallKey, request: RingRequest) {
        if let Some(call) = self.calls.get_mut(key) {
            call.record.phase(now.at, Phase::Wait);
            call.effort = Effort::Ring { request, next: 0, worst: None };
        }
        self.ring_next(now, key);
    }

    /// Rings what the request wants rung now: all, or the next one who can be.
    fn ring_next(&mut self, now: Now, key: CallKey) {
        loop {
            let Some(call) = self.calls.get_mut(key) else { return };
            let Effort::Ring { request, next, worst } = &mut call.effort else { return };
            let Some(target) = request.targets.get(*next).cloned() else {
                if call.callees.values().any(|callee| callee.state.is_ringing()) {
                    return;
                }
                let news = worst.take().unwrap_or(RingNews::Failed(RingFailure::Unreachable));
                call.effort = Effort::None;
                call.record.phase(now.at, Phase::Flow);
                return self.pending.push_back((key, FlowEvent::Rung(news)));
            };
            *next += 1;
            let (order, timeout) = (request.order, request.timeout);
            let free = match &target {
                Target::Agent(agent) => self.floor.take(now.at, agent),
                Target::Number(_) | Target::Uri(_) => true,
            };
            if !free {
                self.worsen(key, RingFailure::Busy);
                continue;
            }
            let rung = self.ring_target(now, key, &target, &Shown::Company, timeout);
            if !rung && let Target::Agent(agent) = &target {
                self.floor.hung_up(now.at, agent);
            }
            if rung && order == RingOrder::InTurn {
                return;
            }
        }
    }

    pub(super) fn transfer(&mut self, now: Now, key: CallKey, request: &TransferRequest) {
        let free = match &request.to {
            Target::Agent(agent) => self.floor.take(now.at, agent),
            Target::Number(_) | Target::Uri(_) => true,
        };
        let rung = free && self.ring_target(now, key, &request.to, &request.caller_id, request.timeout);
        let Some(call) = self.calls.get_mut(key) else { return };
        if rung {
            call.record.phase(now.at, Phase::Wait);
            call.effort = Effort::Transfer;
        } else {
            let why = if free { RingFailure::Unreachable } else { RingFailure::Busy };
            if free && let Target::Agent(agent) = &request.to {
                self.floor.hung_up(now.at, agent);
            }
            self.pending.push_back((key, FlowEvent::Rung(RingNews::Failed(why))));
        }
    }

    /// Rings every phone of a target; false when it has none, or no RTP port is left.
    fn ring_target(&mut self, now: Now, key: CallKey, to: &Target, shown: &Shown, timeout: Duration) -> bool {
        let Some(call) = self.calls.get(key) else { return false };
        if call.is_ended() {
            return false;
        }
        let phones = self.phones(call, to, shown, timeout);
        let worker = call.line.session.worker;
        let mut rung = false;
        for phone in phones {
            let ip = local_ip_towards(&self.edition, phone.invitation.remote);
            let Some(local) = self.new_local(now, ip) else { break };
            let session = SessionId { worker, serial: self.next_serial() };
            self.open(session, key, Side::Callee(session), &local);
            self.timers.set(now.at + timeout, key, Timer::Ringing(session));
            let state = CalleeState::Opening(Box::new(phone.invitation), 1);
            let line = Line { session, local, settled: None };
            let callee = Callee { line, who: phone.who, agent: phone.agent, confirm: phone.confirm, state };
            if let Some(call) = self.calls.get_mut(key) {
                call.callees.insert(session, callee);
                rung = true;
            }
        }
        rung
    }

    /// The phones at which a target can be reached now.
    fn phones(&self, call: &Call, to: &Target, shown: &Shown, timeout: Duration) -> Vec<Phone> {
        let edition = &call.edition;
        match to {
            Target::Agent(name) => self.agent_phones(call, name, timeout),
            Target::Number(number) => {
                let trunk = edition.trunk_for(&call.trunk);
                let invitation =
                    trunk.and_then(|trunk| edition.invitation(call, trunk, number, shown, timeout));
                let phone =
                    |invitation| Phone { who: number.clone(), agent: false, confirm: None, invitation };
                invitation.map(phone).into_iter().collect()
            }
            Target::Uri(uri) => {
                let invitation = edition.invitation_to_uri(call, uri, shown, timeout);
                let phone = |invitation| Phone { who: uri.clone(), agent: false, confirm: None, invitation };
                invitation.map(phone).into_iter().collect()
            }
        }
    }

    fn agent_phones(&self, call: &Call, name: &Name, timeout: Duration) -> Vec<Phone> {
        // Agents are the floor's, which knows the newest edition; the flow stays on its own.
        let known = |edition: &Edition| edition.site.shared.agents.get(name).cloned();
        let Some(agent) = known(&self.edition).or_else(|| known(&call.edition)) else { return Vec::new() };
        let mut phones = Vec::new();
        // The caller's card, for a telephone that can show it (RFC 3261 §20.9).
        let card = call.record.card_shown().filter(|card| !card.contains(['<', '>', '"', '\r', '\n']));
        let headers: Vec<(String, String)> =
            card.map(|card| ("Call-Info".to_owned(), format!("<{card}>;purpose=info"))).into_iter().collect();
        if let Some(account) = &agent.account {
            for binding in self.endpoint.bindings(&account.user) {
                let invitation = Invitation {
                    target: binding.uri.clone(),
                    remote: binding.remote,
                    protocol: binding.protocol,
                    connection: binding.connection,
                    from: call.edition.shown_to_agent(call),
                    to: binding.uri,
                    headers: headers.clone(),
                    credentials: None,
                    offer: Vec::new(),
                    timeout,
                };
                phones.push(Phone { who: name.clone(), agent: true, confirm: None, invitation });
            }
        }
        if let Some(number) = &agent.phone {
            let trunk = call.edition.trunk_for(&call.trunk);
            let invitation = trunk
                .and_then(|trunk| call.edition.invitation(call, trunk, number, &Shown::Company, timeout));
            if let Some(invitation) = invitation {
                phones.push(Phone { who: name.clone(), agent: true, confirm: agent.confirm, invitation });
            }
        }
        phones
    }

    /// A callee's RTP port is bound: its INVITE leaves.
    pub(super) fn on_callee_opened(&mut self, now: Now, key: CallKey, session: SessionId) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let edition = Arc::clone(&call.edition);
        let Some(callee) = call.callees.get_mut(&session) else { return };
        let CalleeState::Opening(invitation, _) = &mut callee.state else { return };
        let mut invitation = Invitation::clone(invitation);
        invitation.offer = describe::offer(&edition.public(&callee.line.local));
        let invite = self.endpoint.invite(now, invitation);
        callee.state = CalleeState::Calling(invite);
        self.by_invite.insert(invite, (key, Side::Callee(session)));
    }

    /// A callee's RTP port could not be bound: another, or none.
    pub(super) fn on_callee_open_failed(&mut self, now: Now, key: CallKey, session: SessionId) {
        self.by_session.remove(&session);
        let Some(call) = self.calls.get_mut(key) else { return };
        let Some(callee) = call.callees.remove(&session) else { return };
        let ip = callee.line.local.address;
        self.ports.give_back(now.at, callee.line.local.port);
        if matches!(callee.state, CalleeState::Closing) {
            return self.close_if_over(now, key);
        }
        if let CalleeState::Opening(invitation, tries) = callee.state
            && tries < PORT_TRIES_MAX
            && let Some(local) = self.new_local(now, Some(ip))
        {
            let again = SessionId { worker: session.worker, serial: self.next_serial() };
            self.open(again, key, Side::Callee(again), &local);
            self.timers.set(now.at + invitation.timeout, key, Timer::Ringing(again));
            let state = CalleeState::Opening(invitation, tries + 1);
            let line = Line { session: again, local, settled: None };
            if let Some(call) = self.calls.get_mut(key) {
                call.callees.insert(again, Callee { line, state, ..callee });
            }
            return;
        }
        self.after_failure(now, key, &callee.who, callee.agent, RingFailure::Unreachable);
        self.close_if_over(now, key);
    }

    pub(super) fn on_progress(&mut self, now: Now, invite: InviteId, status: u16, body: Option<&[u8]>) {
        let Some(&(key, Side::Callee(session))) = self.by_invite.get(&invite) else { return };
        let Some(call) = self.calls.get_mut(key) else { return };
        let caller = call.line.session;
        let transfer = matches!(call.effort, Effort::Transfer);
        let Some(callee) = call.callees.get_mut(&session) else { return };
        // Early media of a transfer is heard by the caller: the network's own announcements (RFC 3960).
        // Not an agent's: a mobile's own announcements are not for the caller before it has accepted.
        if transfer
            && !callee.agent
            && let Some(settled) = body.and_then(|body| describe::settle(&callee.line.local, body))
        {
            callee.line.settled = Some(settled);
            self.media(MediaCommand::Negotiate(session, settled));
            self.join(caller, session);
        }
        let _ = now;
        if status == 180 && !matches!(self.calls.get(key).map(|call| &call.effort), Some(Effort::Queue)) {
            self.pending.push_back((key, FlowEvent::Rung(RingNews::Ringing)));
        }
    }

    /// A callee refused, or could not be reached.
    pub(super) fn on_failed(&mut self, now: Now, invite: InviteId, failure: Failure) {
        let Some((key, Side::Callee(session))) = self.by_invite.remove(&invite) else { return };
        let why = match failure {
            Failure::Refused(480 | 404 | 410 | 500..=599, _) | Failure::Unreachable => {
                RingFailure::Unreachable
            }
            Failure::Refused(408, _) | Failure::Timeout => RingFailure::NoAnswer,
            Failure::Refused(..) => RingFailure::Busy,
        };
        self.drop_callee(now, key, session, None);
        self.failed_callee(now, key, session, why);
    }

    /// A callee has rung long enough.
    pub(super) fn on_callee_silent(&mut self, now: Now, key: CallKey, session: SessionId) {
        self.drop_callee(now, key, session, None);
        self.failed_callee(now, key, session, RingFailure::NoAnswer);
    }

    pub(super) fn failed_callee(&mut self, now: Now, key: CallKey, session: SessionId, why: RingFailure) {
        let Some(callee) = self.calls.get(key).and_then(|call| call.callees.get(&session)) else { return };
        let (who, agent) = (callee.who.clone(), callee.agent);
        self.after_failure(now, key, &who, agent, why);
    }

    /// One phone less: if it was the last one of an agent or of a request, the floor or the walk hears of it.
    fn after_failure(&mut self, now: Now, key: CallKey, who: &Name, agent: bool, why: RingFailure) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let rings = |callee: &Callee| callee.state.is_ringing();
        if call.is_ended() || call.callees.values().any(|callee| callee.who == *who && rings(callee)) {
            return;
        }
        match &mut call.effort {
            Effort::Queue => self.floor.declined(now.at, CallerId(key.number()), who),
            Effort::Ring { .. } => {
                if agent {
                    self.floor.hung_up(now.at, who);
                }
                self.worsen(key, why);
                self.ring_next(now, key);
            }
            Effort::Transfer => {
                call.effort = Effort::None;
                call.record.phase(now.at, Phase::Flow);
                if agent {
                    self.floor.hung_up(now.at, who);
                }
                self.pending.push_back((key, FlowEvent::Rung(RingNews::Failed(why))));
            }
            Effort::None => {}
        }
    }

    /// Of several failures the flow hears the one that says most: busy before no answer before unreachable.
    fn worsen(&mut self, key: CallKey, why: RingFailure) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let Effort::Ring { worst, .. } = &mut call.effort else { return };
        let rank = |failure: RingFailure| match failure {
            RingFailure::Unreachable => 0,
            RingFailure::NoAnswer => 1,
            RingFailure::Busy => 2,
        };
        let old = match worst {
            Some(RingNews::Failed(old)) => Some(*old),
            _ => None,
        };
        if old.is_none_or(|old| rank(why) > rank(old)) {
            *worst = Some(RingNews::Failed(why));
        }
    }
}

/// The address of ours that a callee reaches us at: where we listen in its family, or loopback for a phone on this machine.
pub(super) fn local_ip_towards(edition: &Edition, remote: SocketAddr) -> Option<IpAddr> {
    if remote.ip().is_loopback() {
        return Some(if remote.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    let same_family = |address: &&SocketAddr| address.is_ipv4() == remote.is_ipv4();
    edition.listen.iter().map(|(_, address)| address).find(same_family).map(SocketAddr::ip)
}

impl Edition {
    /// The caller's number as an agent's phone shows it, or "anonymous"; the domain is ours.
    fn shown_to_agent(&self, call: &Call) -> String {
        let host = &self.site.shared.server.realm;
        match &call.facts.caller {
            Some(number) => format!("<sip:{}@{host}>", number.reveal()),
            None => "\"Anonyme\" <sip:anonymous@anonymous.invalid>".to_owned(),
        }
    }

    /// A call to a number through a trunk.
    pub(super) fn invitation(
        &self,
        call: &Call,
        trunk: &Name,
        number: &str,
        shown: &Shown,
        timeout: Duration,
    ) -> Option<Invitation> {
        let line = self.site.shared.trunks.get(trunk)?;
        let host = &line.outbound;
        let remote = self.address_of(host)?;
        let transport = if line.tcp { ";transport=tcp" } else { "" };
        let target = format!("sip:{}@{host}{transport};user=phone", line.trunk.dialled(number));
        Some(Invitation {
            credentials: line.registration.as_ref().map(credentials),
            ..self.outbound(call, target, remote, shown, timeout)
        })
    }

    fn invitation_to_uri(
        &self,
        call: &Call,
        uri: &str,
        shown: &Shown,
        timeout: Duration,
    ) -> Option<Invitation> {
        let remote = self.address_of(host_of(uri)?)?;
        Some(self.outbound(call, uri.to_owned(), remote, shown, timeout))
    }

    fn outbound(
        &self,
        call: &Call,
        target: String,
        remote: SocketAddr,
        shown: &Shown,
        timeout: Duration,
    ) -> Invitation {
        let host = &self.site.shared.server.realm;
        let company = format!("<sip:{}@{host}>", call.facts.number);
        let (from, headers) = match (shown, &call.facts.caller) {
            (Shown::Company, _) => (company, Vec::new()),
            (Shown::Caller, Some(number)) => (format!("<sip:{}@{host}>", number.reveal()), Vec::new()),
            (Shown::Number(number), _) => (format!("<sip:{number}@{host}>"), Vec::new()),
            // A secret caller's number never leaves (domain rule C5).
            (Shown::Caller, None) | (Shown::Anonymous, _) => (
                "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned(),
                vec![("P-Asserted-Identity".to_owned(), company), ("Privacy".to_owned(), "id".to_owned())],
            ),
        };
        let protocol = if target.to_ascii_lowercase().contains(";transport=tcp") {
            Protocol::Tcp
        } else {
            Protocol::Udp
        };
        Invitation {
            to: format!("<{target}>"),
            target,
            remote,
            protocol,
            connection: None,
            from,
            headers,
            credentials: None,
            offer: Vec::new(),
            timeout,
        }
    }
}
