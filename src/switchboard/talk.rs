//! From the answer of a callee to the end of the talk.

use super::Switchboard;
use super::call::{CallKey, CalleeState, Effort, Playing, Side};
use super::describe;
use super::event::Event;
use super::timer::Timer;
use crate::base::digit::Digit;
use crate::base::limit::CONFIRM_MAX;
use crate::base::name::Name;
use crate::base::time::Now;
use crate::centre::queue::CallerId;
use crate::centre::record::Phase;
use crate::flow::vocabulary::{Event as FlowEvent, QueueNews, RingFailure, RingNews};
use crate::media::vocabulary::{MediaCommand, SessionId};
use crate::sip::endpoint::InviteId;

/// What a mobile hears until it presses its accepting key.
const ACCEPT_PROMPT: &str = "accepter-appel.wav";

impl Switchboard {
    pub(super) fn on_answered(&mut self, now: Now, invite: InviteId, body: Option<&[u8]>) {
        let Some(&(key, Side::Callee(session))) = self.by_invite.get(&invite) else { return };
        let Some(call) = self.calls.get_mut(key) else { return };
        let Some(callee) = call.callees.get_mut(&session) else { return };
        // An answer that came early, in a 183, need not come again (RFC 3261 §13.2.1).
        let settled = match (body.map(|body| describe::settle(&callee.line.local, body)), callee.line.settled)
        {
            (Some(Some(settled)), _) | (None, Some(settled)) => settled,
            (Some(None), _) | (None, None) => {
                self.drop_callee(now, key, session, Some("no usable SDP"));
                return self.failed_callee(now, key, session, RingFailure::Unreachable);
            }
        };
        callee.line.settled = Some(settled);
        let confirm = callee.confirm.is_some();
        callee.state = CalleeState::Confirming(invite);
        let whisper = call.edition.library.sound(ACCEPT_PROMPT).cloned();
        self.media(MediaCommand::Negotiate(session, settled));
        if confirm {
            // The key has a time of its own: a mobile answers when its ringing is nearly over.
            self.timers.set(now.at + CONFIRM_MAX, key, Timer::Ringing(session));
            let (play, sounds) = (self.next_play(), whisper.into_iter().collect());
            self.media(MediaCommand::Play { session, play, sounds, repeat: true });
        } else {
            self.connect(now, key, session);
        }
    }

    /// A key on a callee's phone: the accepting key of a mobile.
    pub(super) fn on_callee_digit(&mut self, now: Now, key: CallKey, session: SessionId, digit: Digit) {
        let Some(callee) = self.calls.get(key).and_then(|call| call.callees.get(&session)) else { return };
        if matches!(callee.state, CalleeState::Confirming(_)) && callee.confirm == Some(digit) {
            self.connect(now, key, session);
        }
    }

    /// Caller and callee talk; the others who ring are let go.
    fn connect(&mut self, now: Now, key: CallKey, session: SessionId) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let Some(callee) = call.callees.get_mut(&session) else { return };
        let CalleeState::Confirming(invite) = callee.state else { return };
        callee.state = CalleeState::Talking(invite);
        let (who, agent) = (callee.who.clone(), callee.agent);
        call.playing = Playing::Nothing;
        call.record.phase(now.at, Phase::Talk);
        call.record.agent(who.clone());
        let caller = call.line.session;
        let others: Vec<SessionId> = call
            .callees
            .values()
            .filter(|other| other.state.is_ringing())
            .map(|other| other.line.session)
            .collect();
        let news = match &call.effort {
            Effort::Queue => FlowEvent::Queue(QueueNews::Answered(who.clone())),
            Effort::Ring { .. } | Effort::Transfer | Effort::None => {
                FlowEvent::Rung(RingNews::Answered(who.clone()))
            }
        };
        let queued = matches!(call.effort, Effort::Queue);
        let reference = call.facts.reference.clone();
        self.join(caller, session);
        // First the floor, which lets the others go as not chosen; then their phones.
        if queued {
            self.floor.answered(now.at, CallerId(key.number()), &who);
        } else if agent {
            self.floor.taken(now.at, &who);
        }
        for other in others {
            self.let_go(now, key, other, &who);
        }
        self.event(Event::Connected { call: reference, with: who });
        self.pending.push_back((key, news));
    }

    /// Stops ringing a phone because another has the call.
    fn let_go(&mut self, now: Now, key: CallKey, session: SessionId, winner: &Name) {
        let Some(callee) = self.calls.get(key).and_then(|call| call.callees.get(&session)) else { return };
        let (who, agent) = (callee.who.clone(), callee.agent);
        self.drop_callee(now, key, session, Some("call completed elsewhere"));
        if agent && who != *winner {
            self.floor.hung_up(now.at, &who);
        }
    }

    /// The callee's leg is gone without our doing. `lost`: its line died, nobody hung up.
    pub(super) fn on_callee_gone(&mut self, now: Now, key: CallKey, session: SessionId, lost: bool) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let Some(callee) = call.callees.get(&session) else { return };
        let (who, agent) = (callee.who.clone(), callee.agent);
        // Its line may die while it is being closed: whoever closed it has told the floor and the walk.
        if matches!(callee.state, CalleeState::Closing) {
            return;
        }
        let talked = matches!(callee.state, CalleeState::Talking(_));
        self.drop_callee(now, key, session, None);
        if !talked {
            return self.failed_callee(now, key, session, RingFailure::Unreachable);
        }
        let Some(call) = self.calls.get_mut(key) else { return };
        let caller = call.line.session;
        let queued = matches!(call.effort, Effort::Queue);
        call.effort = Effort::None;
        if !call.is_ended() {
            call.record.phase(now.at, Phase::Flow);
            if !lost {
                call.record.left();
            }
        }
        self.part(caller, session);
        if agent {
            self.floor.hung_up(now.at, &who);
        }
        let news = match (queued, lost) {
            (true, true) => FlowEvent::Queue(QueueNews::AgentLost(who)),
            (true, false) => FlowEvent::Queue(QueueNews::AgentLeft(who)),
            (false, _) => FlowEvent::Rung(RingNews::Ended),
        };
        self.pending.push_back((key, news));
    }

    /// Ends every leg that is rung or talks for this call, and frees its agents.
    pub(super) fn cancel_effort(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        call.effort = Effort::None;
        let live: Vec<(SessionId, Name, bool, bool)> = call
            .callees
            .values()
            .filter(|callee| !matches!(callee.state, CalleeState::Closing))
            .map(|callee| {
                let talked = matches!(callee.state, CalleeState::Talking(_));
                (callee.line.session, callee.who.clone(), callee.agent, talked)
            })
            .collect();
        let caller = call.line.session;
        for (session, who, agent, talked) in live {
            self.drop_callee(now, key, session, None);
            if talked {
                self.part(caller, session);
            }
            if agent {
                self.floor.hung_up(now.at, &who);
            }
        }
    }

    /// Ends a callee's SIP usage and closes its media; the floor and the walk are the caller's affair.
    pub(super) fn drop_callee(&mut self, now: Now, key: CallKey, session: SessionId, reason: Option<&str>) {
        let Some(callee) = self.calls.get_mut(key).and_then(|call| call.callees.get_mut(&session)) else {
            return;
        };
        let old = std::mem::replace(&mut callee.state, CalleeState::Closing);
        if matches!(old, CalleeState::Closing) {
            return;
        }
        if let Some(invite) = old.invite()
            && self.by_invite.remove(&invite).is_some()
        {
            let reason = reason.map(|text| format!("SIP;cause=200;text=\"{text}\""));
            self.endpoint.hang_up(now, invite, reason.as_deref());
        }
        self.media(MediaCommand::Close(session));
    }
}
