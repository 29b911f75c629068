//! How somebody is brought to the caller: agents whom the floor picks, phones that a flow rings, a transfer outside. From
//! the wish to the ringing telephone, and what its failure means; `talk.rs` goes on from the answer.

use super::call::{Call, Effort};
use super::common::{Common, Seat};
use super::leg::{Leg, LegKey, Role, Way};
use super::timer::Timer;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::centre::floor::Offer;
use crate::centre::leg_record::LegOutcome;
use crate::centre::outgoing::Outlet;
use crate::centre::record::Phase;
use crate::flow::vocabulary::{
    CallerId, QueueNews, RingFailure, RingNews, RingOrder, RingRequest, Target, TransferRequest,
};
use crate::media::vocabulary::{MediaCommand, Negotiated};
use crate::sip::endpoint::Invitation;

/// A telephone that has not rung gets this much more time when another of the same party has failed.
const UNHEARD_MAX: Duration = Duration::from_secs(2);

/// A telephone to ring.
pub(super) struct Phone {
    pub(super) role: Role,
    /// The trunk that the call leaves by, if it leaves by one.
    pub(super) trunk: Option<Name>,
    /// The number that is dialled, if one is.
    pub(super) number: Option<String>,
    pub(super) invitation: Invitation,
}

impl Call {
    /// The floor has picked an agent for who waits here.
    pub(super) fn offered_agent(&mut self, common: &mut Common, offer: Offer) {
        // What has happened since may have let this agent go again.
        if !common.floor.serves(self.waiter(), &offer.agent) {
            return;
        }
        if self.promise().is_some() {
            common.floor.declined(common.now.at, offer.caller, &offer.agent);
            return self.call_back(common);
        }
        let target = Target::Agent(offer.agent.clone());
        if self.ring_target(common, &target, None, offer.ring) {
            common.tell(self.key, QueueNews::Ringing(offer.agent));
        } else {
            common.floor.declined(common.now.at, offer.caller, &offer.agent);
        }
    }

    pub(super) fn ring(&mut self, common: &mut Common, request: RingRequest) {
        self.watch.enter(common.now.at, Phase::Wait);
        self.effort = Effort::Ring { request, next: 0, worst: None };
        self.ring_next(common);
    }

    /// Rings what the request wants rung now: all, or the next one who can be.
    fn ring_next(&mut self, common: &mut Common) {
        loop {
            let Effort::Ring { request, next, worst } = &mut self.effort else { return };
            let Some(target) = request.targets.get(*next).cloned() else {
                let why = worst.unwrap_or(RingFailure::Unreachable);
                if !self.legs.iter().any(|(key, leg)| self.rings(key, leg)) {
                    self.effort = Effort::None;
                    self.watch.enter(common.now.at, Phase::Flow);
                    common.tell(self.key, RingNews::Failed(why));
                }
                return;
            };
            *next += 1;
            let (order, timeout) = (request.order, request.timeout);
            match self.reach(common, &target, None, timeout) {
                Ok(()) if order == RingOrder::InTurn => return,
                Ok(()) => {}
                Err(why) => self.worsen(why),
            }
        }
    }

    pub(super) fn transfer(&mut self, common: &mut Common, request: &TransferRequest) {
        match self.reach(common, &request.to, request.caller_id.as_ref(), request.timeout) {
            Ok(()) => {
                self.watch.enter(common.now.at, Phase::Wait);
                self.effort = Effort::Transfer;
            }
            Err(why) => common.tell(self.key, RingNews::Failed(why)),
        }
    }

    /// Takes an agent from the floor, if it is one, and rings.
    fn reach(
        &mut self,
        common: &mut Common,
        target: &Target,
        shown: Option<&CallerId>,
        timeout: Duration,
    ) -> Result<(), RingFailure> {
        let agent = match target {
            Target::Agent(agent) => Some(agent),
            Target::Number(_) | Target::Uri(_) => None,
        };
        if agent.is_some_and(|agent| !common.floor.take(common.now.at, agent)) {
            return Err(RingFailure::Busy);
        }
        if self.ring_target(common, target, shown, timeout) {
            return Ok(());
        }
        if let Some(agent) = agent {
            common.floor.hung_up(common.now.at, agent);
        }
        Err(RingFailure::Unreachable)
    }

    /// Rings every phone of a target; false when it has none, or no RTP port is left.
    fn ring_target(
        &mut self,
        common: &mut Common,
        to: &Target,
        shown: Option<&CallerId>,
        timeout: Duration,
    ) -> bool {
        // Beside the caller's own session: what is forwarded need not cross from worker to worker.
        let Some(worker) = self.session().map(|session| session.worker) else { return false };
        let mut rung = false;
        let mut why = LegOutcome::NoWay;
        for Phone { role, trunk, number, invitation } in self.phones(common, to, shown, timeout) {
            let toll = match number {
                Some(number) => match common.lets_out(&self.edition.site, &number, Outlet::Written) {
                    Some(toll) => Some(toll),
                    None => {
                        why = LegOutcome::Barred;
                        continue;
                    }
                },
                None => None,
            };
            let ip = common.edition.ip_towards(invitation.remote);
            why = LegOutcome::NoPort;
            let Some(line) = common.new_line(worker, ip, Some(invitation.remote.ip())) else { break };
            let mut leg = Leg::opening(role, trunk, line, Way::Out(Box::new(invitation)));
            leg.toll = toll;
            self.add_leg(common, leg, Some(timeout));
            rung = true;
        }
        if !rung {
            self.note_unrung(common, to, why);
        }
        rung
    }

    /// Puts a leg into the call and orders its port.
    pub(super) fn add_leg(&mut self, common: &mut Common, leg: Leg, rings: Option<Duration>) -> LegKey {
        let line = leg.line.clone();
        common.occupy(leg.trunk.as_ref());
        let key = self.legs.insert(leg);
        common.open(Seat { call: self.key, leg: key }, &line);
        if let (Some(rings), Some(leg)) = (rings, self.legs.get_mut(key)) {
            leg.rings_until = Some(common.now.at + rings);
            common.timers.set(common.now.at + rings, self.key, Timer::Ringing(key));
        }
        self.open_leg_record(common, key, rings);
        key
    }

    /// A telephone of another rings, or its network can be heard.
    pub(super) fn on_progress(
        &mut self,
        common: &mut Common,
        key: LegKey,
        rings: bool,
        early: Option<Negotiated>,
    ) {
        // Not an agent's: what a mobile's network says is not for the caller before the mobile has accepted.
        if let (Some(terms), Effort::Transfer) = (early, &self.effort)
            && let Some(leg) = self.legs.get(key).filter(|leg| leg.role.agent().is_none())
        {
            common.media(MediaCommand::Negotiate(leg.line.session, terms));
            self.silence(common);
        }
        if let Some(leg) = self.legs.get_mut(key).filter(|leg| !leg.rang) {
            leg.rang = true;
            // It is there after all: it has all its time.
            if let Some(until) = leg.rings_until {
                common.timers.set(until, self.key, Timer::Ringing(key));
            }
        }
        if rings && self.effort != Effort::Queue {
            common.tell(self.key, RingNews::Ringing);
        }
    }

    /// A leg has rung long enough, or has not accepted in time.
    pub(super) fn on_silent(&mut self, common: &mut Common, key: LegKey) {
        if !self.legs.get(key).is_some_and(|leg| self.rings(key, leg)) {
            return;
        }
        if let Some(leg) = self.legs.get_mut(key) {
            leg.close(common, None);
        }
        self.on_party_failed(common, key, RingFailure::NoAnswer);
    }

    /// One phone less: if it was the last one of an agent or of a request, the floor or the walk hears of it.
    pub(super) fn on_party_failed(&mut self, common: &mut Common, key: LegKey, why: RingFailure) {
        let Some(role) = self.legs.get(key).map(|leg| leg.role.clone()) else { return };
        let Some(who) = role.party() else { return };
        let others = self.parties().filter(|(key, leg, other)| *other == who && self.rings(*key, leg));
        let others: Vec<(LegKey, bool)> = others.map(|(key, leg, _)| (key, leg.rang)).collect();
        if self.is_ended() || !others.is_empty() {
            // A telephone of theirs that has not even rung is not waited for when another has said no.
            for (key, _) in others.into_iter().filter(|(_, rang)| !rang) {
                common.timers.set(common.now.at + UNHEARD_MAX, self.key, Timer::Ringing(key));
            }
            return;
        }
        let now = common.now.at;
        match &mut self.effort {
            Effort::Queue => common.floor.declined(now, self.waiter(), who),
            Effort::Ring { .. } => {
                role.free(common);
                self.worsen(why);
                self.ring_next(common);
            }
            Effort::Transfer => {
                self.effort = Effort::None;
                self.watch.enter(now, Phase::Flow);
                role.free(common);
                common.tell(self.key, RingNews::Failed(why));
            }
            Effort::None => {}
        }
    }

    /// Of several failures the flow hears the one that says most: busy before no answer before unreachable.
    fn worsen(&mut self, why: RingFailure) {
        let rank = |failure: RingFailure| match failure {
            RingFailure::Unreachable => 0,
            RingFailure::NoAnswer => 1,
            RingFailure::Busy => 2,
        };
        if let Effort::Ring { worst, .. } = &mut self.effort
            && worst.is_none_or(|worst| rank(why) > rank(worst))
        {
            *worst = Some(why);
        }
    }
}
