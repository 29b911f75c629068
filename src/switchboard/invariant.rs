//! What must hold after each input. The simulator checks it after every step; the driver after a bug of ours.

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
                Side::Caller => call.invite == Some(*invite) && !call.is_ended(),
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
        if !self.timers.calls().all(|key| self.calls.get(key).is_some()) {
            broken.push("a call that is no more has a timer".to_owned());
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

    /// What is alive beside calls, in words: empty when the last call is over, its effects are replied to, and SIP has been
    /// silent for as long as its transactions last. What stays for ever is a leak.
    pub fn leftovers(&self) -> Vec<String> {
        let census = self.endpoint.census();
        let tables = [
            ("calls", self.calls.len()),
            ("usages of calls", self.by_invite.len()),
            ("media sessions", self.by_session.len()),
            ("effects", self.by_effect.len()),
            ("timers", self.timers.calls().count()),
            ("events for walks", self.pending.len()),
            ("SIP usages", census.invites + census.leaving),
            ("transactions", census.transactions),
        ];
        tables.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect()
    }
}
