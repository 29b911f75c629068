//! From the answer of an agent, or of somebody outside, to the end of the talk.

use super::call::{Call, Effort};
use super::common::Common;
use super::event::Event;
use super::leg::{DigitPath, Gone, Leg, LegKey};
use super::timer::Timer;
use crate::base::digit::Digit;
use crate::base::limit::CONFIRM_MAX;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::centre::record::Phase;
use crate::flow::system::file_in;
use crate::flow::vocabulary::{QueueNews, RingFailure, RingNews};
use crate::media::vocabulary::MediaCommand;

/// What a mobile hears until it presses its accepting key.
const ACCEPT_PROMPT: &str = "accepter-appel.wav";
/// A silence of this length was told before.
const TOLD_AGAIN: Duration = Duration::from_secs(4);
/// What the others are told when one has taken the call (RFC 3326).
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

impl Call {
    /// Somebody has answered. A mobile hears first what is to be pressed: the whisper before it accepts.
    pub(super) fn on_party_up(&mut self, common: &mut Common, key: LegKey) {
        let Some(leg) = self.legs.get(key) else { return };
        if leg.role.accept().is_none() {
            return self.connect(common, key);
        }
        // The key has a time of its own: a mobile answers when its ringing is nearly over.
        common.timers.set(common.now.at + CONFIRM_MAX, self.key, Timer::Ringing(key));
        let session = leg.line.session;
        // In the language in which the flow begins, whatever its caller has chosen: it speaks to people of the company.
        let flow = self.record.flow.as_ref().and_then(|flow| self.edition.site.flows.get(flow));
        let language = flow.map(|flow| flow.language).unwrap_or_default();
        let prompt = file_in(language, ACCEPT_PROMPT);
        let sounds = self.edition.library.sound(&prompt).cloned().into_iter().collect();
        let play = common.new_play();
        common.media(MediaCommand::Play { session, play, sounds, repeat: true });
    }

    /// A key on the phone of somebody who is rung: the accepting key of a mobile.
    pub(super) fn on_party_key(&mut self, common: &mut Common, key: LegKey, digit: Digit) {
        let Some(leg) = self.legs.get(key) else { return };
        if leg.is_up() && self.rings(key, leg) && leg.role.accept() == Some(digit) {
            common.media(MediaCommand::Stop(leg.line.session));
            self.connect(common, key);
        }
    }

    /// In a talk keys are for the other side. By RTP they go there as they come; one that came by INFO is sent by RTP.
    pub(super) fn pass_key_on(&mut self, common: &mut Common, from: LegKey, digit: Digit, path: DigitPath) {
        let caller = self.caller().map(|(key, _)| key);
        let to = match (caller, self.talk) {
            (Some(caller), Some(other)) if from == caller => other,
            (Some(caller), Some(other)) if from == other => caller,
            _ => return,
        };
        if path == DigitPath::Info
            && let Some(leg) = self.legs.get(to)
        {
            common.media(MediaCommand::SendDigit(leg.line.session, digit));
        }
    }

    /// The caller talks to this one; the others who ring are let go.
    fn connect(&mut self, common: &mut Common, key: LegKey) {
        let Some(role) = self.legs.get(key).map(|leg| leg.role.clone()) else { return };
        let Some(who) = role.party().cloned() else { return };
        let queued = self.effort == Effort::Queue;
        // First the floor, which lets the others go as not chosen; then their phones.
        if queued {
            self.look_at_place(common);
            if common.floor.answered(common.now.at, self.waiter(), &who).is_none() {
                return self.let_go(common, key, &who);
            }
            self.visit_is_answered(common, &who);
        }
        self.silence(common);
        self.talk = Some(key);
        self.watch.enter(common.now.at, Phase::Talk);
        self.record.agent(who.clone());
        self.stirs(common);
        if let Some(agent) = role.agent().filter(|_| !queued) {
            common.floor.taken(common.now.at, agent);
        }
        for other in self.ringing() {
            self.let_go(common, other, &who);
        }
        common.event(Event::Connected { call: self.id.clone(), with: who.clone() });
        if queued {
            common.tell(self.key, QueueNews::Answered(who));
        } else {
            common.tell(self.key, RingNews::Answered(who));
        }
    }

    fn ringing(&self) -> Vec<LegKey> {
        self.legs.iter().filter(|(key, leg)| self.rings(*key, leg)).map(|(key, _)| key).collect()
    }

    /// Stops ringing a phone because another has the call.
    fn let_go(&mut self, common: &mut Common, key: LegKey, winner: &Name) {
        let Some(leg) = self.legs.get_mut(key) else { return };
        leg.close(common, Some(ELSEWHERE));
        if leg.role.party() != Some(winner) {
            leg.role.free(common);
        }
    }

    /// Nothing has come from a leg for a while. An agent's phone that has died in the talk shall not keep the caller waiting:
    /// it is asked whether it is still there. Who only keeps silent answers.
    pub(super) fn on_quiet(&mut self, common: &mut Common, key: LegKey, silent: Duration) {
        common.counters.quiet += u64::from(silent < TOLD_AGAIN);
        let Some(leg) = self.legs.get(key).filter(|leg| leg.is_up()) else { return };
        let own = leg.role.agent().is_some() && leg.trunk.is_none();
        if own
            && self.talk == Some(key)
            && let Some(invite) = leg.invite()
        {
            common.endpoint.ask_alive(common.now, invite);
        }
    }

    /// Somebody's leg is gone without our doing.
    pub(super) fn on_party_gone(&mut self, common: &mut Common, key: LegKey, gone: &Gone) {
        if self.talk != Some(key) {
            return self.on_party_failed(common, key, RingFailure::Unreachable);
        }
        let Some(role) = self.legs.get(key).map(|leg| leg.role.clone()) else { return };
        let Some(who) = role.party().cloned() else { return };
        let why = gone.lost();
        let lost = why.is_some();
        common.event(Event::Parted { call: self.id.clone(), who: who.clone(), lost: why });
        let queued = self.effort == Effort::Queue;
        self.effort = Effort::None;
        self.talk = None;
        self.watch.enter(common.now.at, Phase::Flow);
        self.left = !lost;
        role.free(common);
        match (queued, lost) {
            (true, true) => common.tell(self.key, QueueNews::AgentLost(who)),
            (true, false) => common.tell(self.key, QueueNews::AgentLeft(who)),
            (false, true) => common.tell(self.key, RingNews::Lost),
            (false, false) => common.tell(self.key, RingNews::Ended),
        }
    }

    /// Ends every leg that is rung for this call or talks in it, and frees its agents.
    pub(super) fn cancel_effort(&mut self, common: &mut Common) {
        self.effort = Effort::None;
        self.talk = None;
        let of_others = |leg: &Leg| leg.role.party().is_some() && leg.is_alive();
        let live: Vec<LegKey> =
            self.legs.iter().filter(|(_, leg)| of_others(leg)).map(|(key, _)| key).collect();
        for key in live {
            let Some(leg) = self.legs.get_mut(key) else { continue };
            leg.close(common, None);
            leg.role.free(common);
        }
    }
}
