//! The caller's leg: from the INVITE to the ACK, its re-INVITEs, its end.

use std::sync::Arc;

use super::call::{Answered, Call, CallKey, DigitPath, Effort, Leg, Line, Offered, Playing, Side};
use super::describe;
use super::ending::{Draft, Why};
use super::event::Event;
use super::route::{self, Refused, Stranger};
use super::timer::Timer;
use super::{Output, Switchboard};
use crate::base::limit::{CALL_DURATION_MAX, PORT_TRIES_MAX};
use crate::base::time::Now;
use crate::centre::record::record_id;
use crate::flow;
use crate::flow::journal::Journal;
use crate::flow::walk::Walk;
use crate::media::vocabulary::{MediaCommand, SessionId};
use crate::sdp;
use crate::sip::endpoint::{self, End, InviteId, Invited, Refusal};

impl Switchboard {
    /// One output of the SIP endpoint.
    pub(super) fn on_sip(&mut self, now: Now, output: endpoint::Output) {
        match output {
            endpoint::Output::Transmit(transmit) => self.outputs.push_back(Output::Sip(transmit)),
            endpoint::Output::Event(event) => self.on_sip_event(now, event),
        }
    }

    fn on_sip_event(&mut self, now: Now, event: endpoint::Event) {
        use endpoint::Event::{
            Acknowledged, Answered, Bound, Digit, Ended, Failed, Invited, OfferAnswered, Offered, Progress,
            Trunk,
        };
        match event {
            Invited(invite, invited) => self.on_invited(now, invite, &invited),
            Acknowledged(invite, body) => self.on_acknowledged(now, invite, body.as_deref()),
            Offered(invite, offer) => self.on_offered(now, invite, offer.as_deref()),
            // After a session refresh, when the peer's SDP has changed.
            OfferAnswered(invite, Ok(answer)) => self.on_settled_again(invite, Some(&answer)),
            OfferAnswered(_, Err(_)) => {}
            Progress(invite, status, body) => self.on_progress(now, invite, status, body.as_deref()),
            Answered(invite, body) => match self.by_invite.get(&invite) {
                Some(&(call, Side::Caller)) => self.on_callback_answered(now, call, body.as_deref()),
                Some((_, Side::Callee(_))) | None => self.on_answered(now, invite, body.as_deref()),
            },
            Failed(invite, failure) => match self.by_invite.get(&invite) {
                Some(&(call, Side::Caller)) => {
                    self.by_invite.remove(&invite);
                    self.on_callback_failed(now, call);
                }
                Some((_, Side::Callee(_))) | None => self.on_failed(now, invite, failure),
            },
            Digit(invite, digit) => {
                if let Some(&(call, side)) = self.by_invite.get(&invite) {
                    self.on_digit(now, call, side, digit, DigitPath::Info);
                }
            }
            Ended(invite, end) => self.on_ended(now, invite, &end),
            Bound(account, bindings) => self.on_bound(now, &account, !bindings.is_empty()),
            Trunk(name, state) => self.event(Event::Trunk(name, state)),
        }
    }

    fn on_invited(&mut self, now: Now, invite: InviteId, invited: &Invited) {
        let edition = Arc::clone(&self.edition);
        let channels = |trunk: &crate::base::name::Name| self.channels(trunk);
        let is_full = self.calls.len() >= edition.site.shared.server.calls_max;
        // Strangers are told nothing of how full the house is.
        let routed = match route::route(now, &edition, invited, channels) {
            Ok(_) if is_full => {
                let refusal = Refusal { status: 503, retry_after: Some(5) };
                Err(Refused { refusal, why: "as many calls as the site allows", stranger: None })
            }
            routed => routed,
        };
        let route = match routed {
            Ok(route) => route,
            Err(refused) => return self.refuse_unrouted(now, invite, refused),
        };
        let serial = self.next_serial();
        let worker = (serial % u64::from(edition.workers.max(1))) as u16;
        let session = SessionId { worker, serial };
        let Some(local) = self.new_local(now, invited.local.map(|local| local.ip())) else {
            let refusal = Refusal { status: 503, retry_after: Some(5) };
            let refused = Refused { refusal, why: "no RTP port left", stranger: None };
            return self.refuse_unrouted(now, invite, refused);
        };
        let mut facts = route.facts.clone();
        facts.reference = format!("{:06}", self.rng.below(1_000_000));
        facts.chance = self.rng.u64();
        let id = record_id(now.wall, &mut self.rng);
        let record = Draft::begin(now, id, invited, &route, &facts, &edition.site.version, edition.zone());
        let call = Call {
            walk: Walk::new(Arc::clone(&route.flow)),
            journal: Journal::default(),
            fetch: None,
            place: None,
            flow: route.flow,
            trunk: route.trunk,
            invite: Some(invite),
            line: Line { session, local, settled: None },
            leg: Leg::Offered(Offered { offer: invited.offer.clone(), tries: 1 }),
            wake: None,
            playing: Playing::Nothing,
            recording: None,
            effort: Effort::None,
            callees: std::collections::BTreeMap::new(),
            last_digit: None,
            record,
            facts,
            edition,
        };
        self.event(Event::CallBegan {
            call: call.facts.reference.clone(),
            caller: call.facts.caller.clone(),
            number: call.facts.number.clone(),
            flow: call.flow.name.clone(),
        });
        self.counters.calls += 1;
        let key = self.calls.insert(call);
        self.by_invite.insert(invite, (key, Side::Caller));
        self.timers.set(now.at + CALL_DURATION_MAX, key, Timer::Longest);
        self.open(session, key, Side::Caller, &local);
    }

    fn refuse_unrouted(&mut self, now: Now, invite: InviteId, refused: Refused) {
        self.counters.refused += 1;
        self.event(Event::CallRefused { status: refused.refusal.status, why: refused.why });
        match refused.stranger {
            Some(Stranger::Challenged) => self.endpoint.challenge(now, invite),
            Some(Stranger::ShutOut) => self.endpoint.shut_out(invite, refused.refusal.status),
            None => self.endpoint.refuse(now, invite, refused.refusal),
        }
    }

    /// What a new leg says of itself in SDP, with a fresh RTP port; `None` when the range is used up.
    pub(super) fn new_local(&mut self, now: Now, ip: Option<std::net::IpAddr>) -> Option<sdp::Local> {
        let port = self.ports.take(now.at)?;
        let bind = self.edition.media_address(ip);
        let session_id = u64::from(self.rng.u32());
        Some(sdp::Local { address: bind, port, session_id, version: session_id })
    }

    /// Orders the socket of a new session.
    pub(super) fn open(&mut self, session: SessionId, key: CallKey, side: Side, local: &sdp::Local) {
        self.by_session.insert(session, (key, side));
        let ssrc = self.rng.u32();
        let bind = std::net::SocketAddr::new(local.address, local.port);
        self.media(MediaCommand::Open { session, local: bind, ssrc });
    }

    /// The caller's RTP port is bound: answer.
    pub(super) fn on_caller_opened(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if matches!(call.leg, Leg::CallingBack(..)) {
            return self.on_callback_opened(now, key);
        }
        let Leg::Offered(offered) = &call.leg else { return };
        let Some(invite) = call.invite else { return };
        let local = call.edition.public(&call.line.local);
        let settled = match &offered.offer {
            Some(offer) => describe::answer(offer, &local).map(|(body, settled)| (body, Some(settled))),
            None => Some((describe::offer(&local), None)),
        };
        let session = call.line.session;
        match settled {
            Some((body, settled)) => {
                call.line.settled = settled;
                call.leg = Leg::Answered(Answered { answer_due: settled.is_none() });
                call.record.answered(now);
                if let Some(settled) = settled {
                    call.record.codec(settled.codec);
                    self.media(MediaCommand::Negotiate(session, settled));
                }
                self.endpoint.answer(now, invite, &body);
            }
            None => self.refuse_call(now, key, 488, "no codec of ours in the offer"),
        }
    }

    /// The caller's RTP port could not be bound: another, or none.
    pub(super) fn on_caller_open_failed(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if matches!(call.leg, Leg::CallingBack(..)) {
            let (old, taken) = (call.line.session, call.line.local.port);
            self.by_session.remove(&old);
            self.ports.give_back(now.at, taken);
            return self.on_callback_failed(now, key);
        }
        let Leg::Offered(offered) = &mut call.leg else { return };
        offered.tries += 1;
        let (tries, ip, old) = (offered.tries, call.line.local.address, call.line.session);
        self.by_session.remove(&old);
        let taken = call.line.local.port;
        self.ports.give_back(now.at, taken);
        let another = if tries > PORT_TRIES_MAX { None } else { self.new_local(now, Some(ip)) };
        let Some(local) = another else {
            self.event(Event::Alarm("no RTP port could be bound".into()));
            return self.refuse_call(now, key, 503, "no RTP port could be bound");
        };
        let session = SessionId { worker: old.worker, serial: self.next_serial() };
        if let Some(call) = self.calls.get_mut(key) {
            call.line = Line { session, local, settled: None };
        }
        self.open(session, key, Side::Caller, &local);
    }

    fn on_acknowledged(&mut self, now: Now, invite: InviteId, body: Option<&[u8]>) {
        let Some(&(key, side)) = self.by_invite.get(&invite) else { return };
        let Some(call) = self.calls.get_mut(key) else { return };
        let (Side::Caller, Leg::Answered(answered)) = (side, &call.leg) else {
            return self.on_settled_again(invite, body);
        };
        if answered.answer_due {
            let settled = body.and_then(|body| describe::settle(&call.line.local, body));
            let Some(settled) = settled else {
                return self.end(now, key, Why::network("no usable SDP in the ACK"));
            };
            call.line.settled = Some(settled);
            call.record.codec(settled.codec);
            let session = call.line.session;
            self.media(MediaCommand::Negotiate(session, settled));
        }
        if let Some(call) = self.calls.get_mut(key) {
            call.leg = Leg::Talking;
        }
        self.pending.push_back((key, flow::vocabulary::Event::Begin));
    }

    /// The answer to an offer of ours within the dialog: a re-INVITE came without one, or a refresh brought another answer.
    fn on_settled_again(&mut self, invite: InviteId, body: Option<&[u8]>) {
        let Some(&(key, side)) = self.by_invite.get(&invite) else { return };
        let Some(call) = self.calls.get_mut(key) else { return };
        let line = match side {
            Side::Caller => &mut call.line,
            Side::Callee(session) => match call.callees.get_mut(&session) {
                Some(callee) => &mut callee.line,
                None => return,
            },
        };
        let Some(settled) = body.and_then(|body| describe::settle(&line.local, body)) else { return };
        line.settled = Some(settled);
        let session = line.session;
        self.media(MediaCommand::Negotiate(session, settled));
    }

    /// A re-INVITE on either side: hold, resume, another codec or address.
    fn on_offered(&mut self, now: Now, invite: InviteId, offer: Option<&[u8]>) {
        let Some(&(key, side)) = self.by_invite.get(&invite) else {
            return self.endpoint.answer_offer(now, invite, Err(481));
        };
        let Some(call) = self.calls.get_mut(key) else { return };
        let edition = Arc::clone(&call.edition);
        let line = match side {
            Side::Caller => &mut call.line,
            Side::Callee(session) => match call.callees.get_mut(&session) {
                Some(callee) => &mut callee.line,
                None => return,
            },
        };
        line.local.version += 1;
        let local = edition.public(&line.local);
        let Some(offer) = offer else {
            let body = describe::offer(&local);
            return self.endpoint.answer_offer(now, invite, Ok(&body));
        };
        match describe::answer(offer, &local) {
            Some((body, settled)) => {
                line.settled = Some(settled);
                let session = line.session;
                self.media(MediaCommand::Negotiate(session, settled));
                self.endpoint.answer_offer(now, invite, Ok(&body));
            }
            None => self.endpoint.answer_offer(now, invite, Err(488)),
        }
    }

    fn on_ended(&mut self, now: Now, invite: InviteId, end: &End) {
        let Some(&(key, side)) = self.by_invite.get(&invite) else { return };
        self.by_invite.remove(&invite);
        match side {
            Side::Caller => self.end(now, key, Why::of_caller_end(end)),
            Side::Callee(session) => {
                let lost = matches!(end, End::Lost | End::Unreachable | End::NoAck);
                self.on_callee_gone(now, key, session, lost);
            }
        }
    }

    /// Calls that a trunk carries now.
    fn channels(&self, trunk: &crate::base::name::Name) -> usize {
        self.calls.iter().filter(|(_, call)| call.trunk == *trunk && !call.is_ended()).count()
    }
}
