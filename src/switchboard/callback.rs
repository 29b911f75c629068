//! Callers who were promised a call back. The promise is a call of its own, without a leg at first: it stands in line at the
//! place that was kept, and when an agent would be rung for it the caller is. Who answers waits at the head of the line.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::Switchboard;
use super::call::{Call, CallKey, Effort, Leg, Line, Playing, Promise, Side};
use super::describe;
use super::ending::{Draft, Why};
use super::event::Event;
use super::outgoing::local_ip_towards;
use super::timer::Timer;
use crate::base::limit::{CALL_DURATION_MAX, CALLBACK_TRIES_MAX, CALLBACKS_MAX};
use crate::base::time::{Duration, Now};
use crate::centre::floor::{Enqueued, Leave};
use crate::centre::queue::Waiter;
use crate::centre::record::{Promised, record_id};
use crate::flow::journal::Journal;
use crate::flow::vocabulary::{CallFacts, CallbackRequest, CallerId as Shown, Event as FlowEvent, QueueNews};
use crate::flow::walk::Walk;
use crate::media::vocabulary::{MediaCommand, SessionId};
use crate::sdp;

/// How long the caller's telephone rings.
const RING: Duration = Duration::from_secs(30);
/// Between two tries.
const PAUSE: Duration = Duration::from_secs(180);
/// Before the line is tried again when nobody works in the queue.
const NOBODY: Duration = Duration::from_secs(60);

impl Switchboard {
    /// A walk promises a call back.
    pub(super) fn promise(&mut self, now: Now, key: CallKey, request: CallbackRequest) {
        let kept = self.keep_promise(now, key, request).is_some();
        self.pending.push_back((key, FlowEvent::Promised(kept)));
    }

    fn keep_promise(&mut self, now: Now, key: CallKey, request: CallbackRequest) -> Option<()> {
        let call = self.calls.get(key)?;
        let promised = self.calls.iter().filter(|(_, call)| call.promise().is_some()).count();
        if self.draining || promised >= CALLBACKS_MAX || call.edition.trunk_for(&call.trunk).is_none() {
            return None;
        }
        let walk = Walk::resume(call.walk.bookmark()?);
        let (edition, flow, trunk) = (Arc::clone(&call.edition), Arc::clone(&call.flow), call.trunk.clone());
        let (origin, place, worker) =
            (call.record.id().to_owned(), call.place.clone(), call.line.session.worker);
        let facts = CallFacts {
            caller: Some(request.number.clone()),
            reference: format!("{:06}", self.rng.below(1_000_000)),
            ..call.facts.clone()
        };
        let until = now.later(request.within);
        let before = until.wall.rfc3339(&edition.zone());
        let id = record_id(now.wall, &mut self.rng);
        let record =
            Draft::promise(now, id, origin, &facts, &trunk, &flow, &edition.site.version, edition.zone());
        let session = SessionId { worker, serial: self.next_serial() };
        let promise = Promise {
            number: request.number.reveal().clone(),
            queue: request.queue.clone(),
            until: until.at,
            tries: 0,
        };
        let promised = self.calls.insert(Call {
            edition,
            flow,
            facts,
            trunk,
            invite: None,
            line: Line { session, local: unopened(), settled: None },
            leg: Leg::Promised(promise),
            walk,
            journal: Journal::default(),
            fetch: None,
            place,
            wake: None,
            playing: Playing::Nothing,
            recording: None,
            effort: Effort::None,
            callees: std::collections::BTreeMap::new(),
            last_digit: None,
            record,
        });
        self.line_up(now, promised);
        let call = self.calls.get_mut(key)?;
        call.record.promised(Promised {
            queue: request.queue.clone(),
            number: request.number.reveal().clone(),
            before,
        });
        let reference = call.facts.reference.clone();
        self.event(Event::CallbackPromised { call: reference, queue: request.queue });
        Some(())
    }

    /// Stands in line for who was promised a call back.
    fn line_up(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get(key) else { return };
        let Some(promise) = call.promise() else { return };
        let (until, queue) = (promise.until, promise.queue.clone());
        let placed = self.floor.stand_in(now.at, Waiter(key.number()), &queue, call.place.as_ref());
        let again = match placed {
            Enqueued::Position(_) => until,
            Enqueued::Full | Enqueued::NoAgent => until.min(now.at + NOBODY),
        };
        self.timers.set(again, key, Timer::Callback);
    }

    /// News of the queue for who is not on the line yet.
    pub(super) fn on_promise_news(&mut self, now: Now, key: CallKey, event: &FlowEvent) {
        let waits = self.floor.position(Waiter(key.number())).is_some();
        if matches!(event, FlowEvent::Queue(QueueNews::NoAgent)) && !waits {
            self.line_up(now, key);
        }
    }

    /// An agent would be rung for them: their own telephone is rung first.
    pub(super) fn call_back(&mut self, now: Now, key: CallKey) {
        self.floor.leave(now.at, Waiter(key.number()), Leave::Overflowed);
        let Some(call) = self.calls.get_mut(key) else { return };
        let Leg::Promised(promise) = &call.leg else { return };
        let promise = Promise { tries: promise.tries + 1, ..promise.clone() };
        let call = &*call;
        let trunk = call.edition.trunk_for(&call.trunk).cloned();
        let invitation = trunk
            .and_then(|trunk| call.edition.invitation(call, &trunk, &promise.number, &Shown::Company, RING));
        let worker = call.line.session.worker;
        let ip =
            invitation.as_ref().and_then(|invitation| local_ip_towards(&self.edition, invitation.remote));
        let local = self.new_local(now, ip);
        let (Some(invitation), Some(local)) = (invitation, local) else {
            return self.try_again(now, key, promise);
        };
        let session = SessionId { worker, serial: self.next_serial() };
        if let Some(call) = self.calls.get_mut(key) {
            call.line = Line { session, local, settled: None };
            call.leg = Leg::CallingBack(promise, Box::new(invitation));
        }
        self.timers.set(now.at + RING, key, Timer::Callback);
        self.open(session, key, Side::Caller, &local);
    }

    /// The RTP port is bound: the INVITE leaves.
    pub(super) fn on_callback_opened(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let Leg::CallingBack(_, invitation) = &call.leg else { return };
        let mut invitation = invitation.clone();
        invitation.offer = describe::offer(&call.edition.public(&call.line.local));
        let invite = self.endpoint.invite(now, *invitation);
        if let Some(call) = self.calls.get_mut(key) {
            call.invite = Some(invite);
        }
        self.by_invite.insert(invite, (key, Side::Caller));
    }

    /// The caller has answered: their part of the flow goes on.
    pub(super) fn on_callback_answered(&mut self, now: Now, key: CallKey, body: Option<&[u8]>) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if !matches!(call.leg, Leg::CallingBack(..)) {
            return;
        }
        let Some(settled) = body.and_then(|body| describe::settle(&call.line.local, body)) else {
            return self.end(now, key, Why::network("no usable SDP in the answer"));
        };
        call.line.settled = Some(settled);
        call.leg = Leg::Talking;
        call.record.answered(now);
        call.record.codec(settled.codec);
        let session = call.line.session;
        self.media(MediaCommand::Negotiate(session, settled));
        self.timers.set(now.at + CALL_DURATION_MAX, key, Timer::Longest);
        self.pending.push_back((key, FlowEvent::Begin));
    }

    /// The caller's telephone could not be reached, or nobody answered.
    pub(super) fn on_callback_failed(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let Leg::CallingBack(promise, _) = &call.leg else { return };
        let (promise, session) = (promise.clone(), call.line.session);
        if let Some(invite) = call.invite.take()
            && self.by_invite.remove(&invite).is_some()
        {
            self.endpoint.hang_up(now, invite, None);
        }
        if self.by_session.contains_key(&session) {
            self.media(MediaCommand::Close(session));
        }
        self.try_again(now, key, promise);
    }

    fn try_again(&mut self, now: Now, key: CallKey, promise: Promise) {
        let again = now.at + PAUSE;
        if promise.tries >= CALLBACK_TRIES_MAX || again >= promise.until {
            self.event(Event::Alarm("a promised call back reached nobody".to_owned()));
            return self.end(now, key, Why::network("call back not answered"));
        }
        if let Some(call) = self.calls.get_mut(key) {
            call.leg = Leg::Promised(promise);
        }
        self.timers.set(again, key, Timer::Callback);
    }

    /// It is time to stand in line again, the telephone has rung long enough, or the promise is over.
    pub(super) fn on_callback_timer(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get(key) else { return };
        match &call.leg {
            Leg::Promised(promise) if promise.until <= now.at => {
                self.event(Event::Alarm(
                    "a call back could not be made in the time that was promised".to_owned(),
                ));
                self.end(now, key, Why::server("call back not made in time"));
            }
            Leg::Promised(_) => self.line_up(now, key),
            Leg::CallingBack(..) => self.on_callback_failed(now, key),
            Leg::Offered(_) | Leg::Answered(_) | Leg::Talking | Leg::Ended => {}
        }
    }

    /// The server stops: what was promised cannot be kept, and that is said.
    pub(super) fn break_promises(&mut self, now: Now) {
        let promised = self.calls.iter().filter(|(_, call)| call.promise().is_some());
        let keys: Vec<CallKey> = promised.map(|(key, _)| key).collect();
        if !keys.is_empty() {
            self.event(Event::Alarm(format!(
                "{} promised call backs are not made: the server stops",
                keys.len()
            )));
        }
        for key in keys {
            self.end(now, key, Why::server("the server stops"));
        }
    }
}

impl Call {
    /// The promise of a call that waits to be made.
    pub(super) fn promise(&self) -> Option<&Promise> {
        match &self.leg {
            Leg::Promised(promise) => Some(promise),
            Leg::CallingBack(..) | Leg::Offered(_) | Leg::Answered(_) | Leg::Talking | Leg::Ended => None,
        }
    }
}

/// A line whose port is not bound yet: nothing is said of it in SDP.
const fn unopened() -> sdp::Local {
    sdp::Local { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port: 0, session_id: 0, version: 0 }
}
