//! A call as data: written down as one value, and read back. What outlives the process, or goes to another one, does so by
//! this.
//!
//! Sites and flows stand in it by name and version, passwords not at all: they are read from the edition again. It is
//! personal data, as its walk and its record are. SIP dialogs and sockets are not in it: they belong to the endpoint and the
//! data plane, by the names that stand here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Switchboard;
use super::call::{Call, CallKey, Effort, Playing, Recording, Stage};
use super::edition::Edition;
use super::effect::EffectId;
use super::kept::Kept;
use super::leg::{Leg, LegKey, Opening, State, Way};
use super::leg_record::LegBook;
use super::timer::{Timer, Timers};
use crate::base::arena::Arena;
use crate::base::name::Name;
use crate::base::time::Instant;
use crate::centre::Place;
use crate::centre::record::{CallRecord, Stopwatch};
use crate::flow::journal::Journal;
use crate::flow::vocabulary::CallFacts;
use crate::flow::walk::FrozenWalk;
use crate::media::vocabulary::PlayId;

/// See the module.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FrozenCall {
    key: CallKey,
    facts: CallFacts,
    trunk: Name,
    stage: Stage,
    legs: Arena<Leg>,
    leg_book: LegBook,
    walk: FrozenWalk,
    journal: Journal,
    fetch: Option<EffectId>,
    place: Option<Place>,
    wake: Option<Instant>,
    playing: Playing,
    recording: Option<Recording>,
    effort: Effort,
    talk: Option<LegKey>,
    record: CallRecord,
    watch: Stopwatch,
    patience: Option<EffectId>,
    timers: Vec<(Timer, Instant)>,
    answered: Option<Instant>,
    announcement_due: bool,
    left: bool,
    waits: bool,
    leave: Option<PlayId>,
    kept: Kept,
}

impl Call {
    /// All of it, to be written down; the moments that it waits for stand with all others'.
    pub(super) fn freeze(&self, timers: &Timers) -> FrozenCall {
        FrozenCall {
            key: self.key,
            facts: self.facts.clone(),
            trunk: self.trunk.clone(),
            stage: self.stage.clone(),
            legs: self.legs.clone(),
            leg_book: self.leg_book.clone(),
            walk: self.walk.freeze(),
            journal: self.journal.clone(),
            fetch: self.fetch,
            place: self.place.clone(),
            wake: self.wake,
            playing: self.playing,
            recording: self.recording.clone(),
            effort: self.effort.clone(),
            talk: self.talk,
            record: self.record.clone(),
            watch: self.watch.clone(),
            patience: self.patience,
            timers: timers.of(self.key).collect(),
            answered: self.answered,
            announcement_due: self.announcement_due,
            left: self.left,
            waits: self.waits,
            leave: self.leave,
            kept: self.kept.clone(),
        }
    }
}

impl FrozenCall {
    /// The call again, on the edition that it began with; none when a flow that it walks is not in it.
    pub(super) fn thaw(self, edition: &Arc<Edition>, timers: &mut Timers) -> Option<Call> {
        let walk = self.walk.thaw(&|name| edition.site.flows.get(name).cloned())?;
        let mut legs = self.legs;
        for (_, leg) in legs.iter_mut() {
            let trunk = leg.trunk.as_ref();
            if let State::Opening(Opening { way: Way::Out(invitation), .. }) = &mut leg.state {
                invitation.credentials = trunk.and_then(|trunk| edition.credentials_of(trunk));
            }
        }
        timers.forget(self.key);
        for (timer, at) in self.timers {
            timers.set(at, self.key, timer);
        }
        Some(Call {
            key: self.key,
            id: Name::from(self.record.id.as_str()),
            edition: Arc::clone(edition),
            facts: self.facts,
            trunk: self.trunk,
            stage: self.stage,
            legs,
            leg_book: self.leg_book,
            walk,
            journal: self.journal,
            fetch: self.fetch,
            place: self.place,
            wake: self.wake,
            playing: self.playing,
            recording: self.recording,
            effort: self.effort,
            talk: self.talk,
            record: self.record,
            watch: self.watch,
            patience: self.patience,
            answered: self.answered,
            announcement_due: self.announcement_due,
            left: self.left,
            waits: self.waits,
            leave: self.leave,
            kept: self.kept,
        })
    }
}

impl Switchboard {
    /// Puts copies that were written down and read back in the place of calls: nothing may change by it. `which` says for
    /// each call whether it is one of them. How many were.
    ///
    /// # Panics
    /// When a call cannot be written down or read back: there is no such call.
    pub(crate) fn thaw_copies(&mut self, mut which: impl FnMut() -> bool) -> usize {
        let (timers, mut thawed) = (&mut self.common.timers, 0);
        for (_, call) in self.calls.iter_mut() {
            if which() {
                let text = serde_json::to_string(&call.freeze(timers)).expect("a call can be written down");
                let frozen: FrozenCall = serde_json::from_str(&text).expect("what was written down is read");
                let copy = frozen.thaw(&call.edition, timers).expect("its own edition has its flows");
                **call = copy;
                thawed += 1;
            }
        }
        thawed
    }
}
