//! What must hold after each input. The simulator checks it after every step; the driver after a bug of ours.

use std::collections::BTreeMap;

use super::Switchboard;
use super::call::{Call, CallKey, Stage};
use super::common::Seat;
use super::leg::Leg;
use crate::base::name::Name;

impl Switchboard {
    /// Every law of the whole that is broken now, in words; empty when all hold.
    pub fn violations(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let common = &self.common;
        if let Err(law) = common.floor.check() {
            broken.push(format!("the floor: {law:?}"));
        }
        if self.in_hand.is_some() {
            broken.push("a call is still in hand".to_owned());
        }
        for (invite, seat) in &common.usages {
            if self.leg(*seat).and_then(Leg::invite) != Some(*invite) {
                broken.push(format!("usage {invite:?} belongs to no leg"));
            }
        }
        for (session, seat) in &common.sessions {
            if self.leg(*seat).is_none_or(|leg| leg.line.session != *session) {
                broken.push(format!("media {session:?} belongs to no leg"));
            }
        }
        if !common.timers.calls().all(|key| self.calls.get(key).is_some()) {
            broken.push("a call that is no more has a timer".to_owned());
        }
        for (key, call) in self.calls.iter() {
            broken.extend(self.broken_by(key, call).into_iter().map(|law| format!("call {key:?} {law}")));
        }
        if !common
            .traffic
            .open()
            .all(|call| self.calls.get(CallKey::from_number(call)).is_some_and(|it| !it.is_ended()))
        {
            broken.push("a call that is over is counted as one that goes on".to_owned());
        }
        let promised = self.calls.iter().filter(|(_, call)| call.promise().is_some()).count();
        if promised != common.promised {
            broken.push(format!("{promised} call backs are promised, {} are counted", common.promised));
        }
        let (on_line, channels) = self.carried();
        if on_line != common.on_line || channels != common.channels {
            broken.push(format!("{on_line} calls are on the line by {channels:?}, and others are counted"));
        }
        for (caller, agent) in common.floor.rung() {
            let call = self.calls.get(CallKey::from_number(caller.0));
            let rings = |call: &Call| {
                call.legs.iter().any(|(_, leg)| leg.is_alive() && leg.role.agent() == Some(agent))
            };
            if !call.is_some_and(|call| rings(call)) {
                broken.push(format!("agent {agent} rings for a caller, and no phone does"));
            }
        }
        if common.endpoint.invites_len() < common.usages.len() {
            broken.push("a leg has no SIP usage any more".to_owned());
        }
        broken.extend(common.endpoint.violations());
        broken
    }

    /// Calls whose caller is on the line, and the legs that each trunk carries.
    pub(super) fn carried(&self) -> (usize, BTreeMap<Name, usize>) {
        let (mut on_line, mut channels) = (0, BTreeMap::new());
        for (_, call) in self.calls.iter() {
            on_line += usize::from(matches!(call.stage, Stage::Live(_) | Stage::CallingBack(..)));
            for (_, leg) in call.legs.iter().filter(|(_, leg)| leg.is_alive()) {
                if let Some(trunk) = &leg.trunk {
                    *channels.entry(trunk.clone()).or_default() += 1;
                }
            }
        }
        (on_line, channels)
    }

    fn leg(&self, seat: Seat) -> Option<&Leg> {
        self.calls.get(seat.call)?.legs.get(seat.leg)
    }

    fn broken_by(&self, key: CallKey, call: &Call) -> Vec<&'static str> {
        let common = &self.common;
        let mut broken = Vec::new();
        if call.talk.is_some_and(|talk| call.legs.get(talk).is_none_or(|leg| !leg.is_up())) {
            broken.push("talks to one who is not on the line");
        }
        if call.is_ended() && call.legs.iter().any(|(_, leg)| leg.is_alive()) {
            broken.push("is over and still has a leg");
        }
        for (place, leg) in call.legs.iter() {
            let seat = Seat { call: key, leg: place };
            if leg.is_alive()
                && leg.role.agent().is_some_and(|agent| !common.floor.serves(call.waiter(), agent))
            {
                broken.push("rings or talks to an agent whom the floor does not give it");
            }
            if common.sessions.get(&leg.line.session) != Some(&seat) {
                broken.push("has a leg without media");
            }
            if leg.invite().is_some_and(|invite| common.usages.get(&invite) != Some(&seat)) {
                broken.push("has a leg whose SIP usage is not its own");
            }
        }
        if matches!(call.stage, Stage::Live(leg) | Stage::CallingBack(_, leg) if call.legs.get(leg).is_none())
        {
            broken.push("has lost its caller's leg");
        }
        broken
    }

    /// What is alive beside calls, in words: empty when the last call is over, its effects are replied to, and SIP has been
    /// silent for as long as its transactions last. What stays for ever is a leak.
    pub fn leftovers(&self) -> Vec<String> {
        let census = self.common.endpoint.census();
        let tables = [
            ("calls", self.calls.len()),
            ("usages of calls", self.common.usages.len()),
            ("media sessions", self.common.sessions.len()),
            ("effects", self.common.effects.len()),
            ("timers", self.common.timers.calls().count()),
            ("events for walks", self.common.pending.len()),
            ("SIP usages", census.invites + census.leaving),
            ("transactions", census.transactions),
        ];
        tables.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect()
    }
}
