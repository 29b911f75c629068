//! What must hold after each input. The simulator checks it after every step; the driver now and then.

use super::Switchboard;
use super::call::{CalleeState, Leg, Side};

impl Switchboard {
    /// Every law of the whole that is broken now, in words; empty when all hold.
    pub fn violations(&self) -> Vec<String> {
        let mut broken = Vec::new();
        if let Err(law) = self.floor.check() {
            broken.push(format!("the floor: {law:?}"));
        }
        for (invite, (key, side)) in &self.by_invite {
            let known = self.calls.get(*key).is_some_and(|call| match side {
                Side::Caller => call.invite == *invite && !call.is_ended(),
                Side::Callee(session) => {
                    call.callees.get(session).is_some_and(|callee| callee.state.invite() == Some(*invite))
                }
            });
            if !known {
                broken.push(format!("usage {invite:?} belongs to no leg"));
            }
        }
        for (session, (key, side)) in &self.by_session {
            let known = self.calls.get(*key).is_some_and(|call| match side {
                Side::Caller => call.line.session == *session,
                Side::Callee(callee) => callee == session && call.callees.contains_key(callee),
            });
            if !known {
                broken.push(format!("media {session:?} belongs to no leg"));
            }
        }
        for (key, call) in self.calls.iter() {
            let talking = call
                .callees
                .values()
                .filter(|callee| matches!(callee.state, CalleeState::Talking(_)))
                .count();
            if talking > 1 {
                broken.push(format!("call {key:?} talks to {talking}"));
            }
            if matches!(call.leg, Leg::Ended)
                && call.callees.values().any(|callee| !matches!(callee.state, CalleeState::Closing))
            {
                broken.push(format!("call {key:?} is over and still has a callee"));
            }
            if !call.callees.keys().all(|session| self.by_session.contains_key(session)) {
                broken.push(format!("call {key:?} has a callee without media"));
            }
        }
        if self.endpoint.invites_len() < self.by_invite.len() {
            broken.push("a leg has no SIP usage any more".to_owned());
        }
        broken
    }
}
