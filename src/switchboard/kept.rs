//! What is to outlive the process, for the disk: calls that are answered, with their record so far and the dialogs of those who
//! take part; call backs that are promised; phones that are registered. And what the next process does with it: a BYE to each
//! who was left alone, and the call backs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Switchboard;
use super::call::{Call, Origin, Promise, Stage};
use super::common::Common;
use super::ending;
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Duration, Now};
use crate::centre::floor::Leave;
use crate::centre::record::{CallRecord, EndedBy, Phase};
use crate::centre::{KeptPlace, Place};
use crate::flow::vocabulary::CallFacts;
use crate::flow::walk::FrozenWalk;
use crate::say;
use crate::sip::endpoint::InviteId;
use crate::sip::kept::{KeptDialog, KeptPhone};

/// What changed. Each replaces what was kept of the same call or account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// A call goes on.
    Call(Box<KeptCall>),
    /// Phones that are registered.
    Phones(KeptPhones),
}

/// A call, as far as its end needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptCall {
    /// Its record so far.
    pub(crate) record: CallRecord,
    /// What it is doing.
    pub(crate) phase: Phase,
    /// When this was so, milliseconds since 1970.
    pub(crate) at_ms: i64,
    /// Who is on the line, each with the trunk that it came or left by.
    pub(crate) dialogs: Vec<(Option<Name>, KeptDialog)>,
    /// It is a call back that is not made yet: the next process makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) promise: Option<Box<KeptPromise>>,
}

/// A call back that was promised, as far as its making needs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptPromise {
    facts: CallFacts,
    /// The trunk that brought the caller.
    trunk: Name,
    /// Where they go on.
    walk: FrozenWalk,
    number: Pii<String>,
    queue: Name,
    /// Until when it was promised, milliseconds since 1970.
    until_ms: i64,
    tries: u32,
    place: Option<KeptPlace>,
}

/// What of a call was written down last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    on_line: Vec<InviteId>,
    /// How often a promised call back was tried.
    promise: Option<u32>,
}

/// The phones of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPhones {
    pub(crate) account: Name,
    pub(crate) phones: Vec<KeptPhone>,
}

/// What an earlier process has left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Left {
    /// Dialogs in which nobody has said goodbye.
    pub(crate) dialogs: Vec<(Option<Name>, KeptDialog)>,
    /// Phones that were registered.
    pub(crate) phones: Vec<KeptPhones>,
    /// Call backs that were promised.
    pub(crate) promises: Vec<KeptCall>,
}

impl Left {
    /// What calls and phones leave that were written down, each as it was last.
    pub fn of<'k>(kept: impl IntoIterator<Item = &'k Keep>, is_over: impl Fn(&str) -> bool) -> Self {
        let (mut calls, mut phones) = (BTreeMap::new(), BTreeMap::new());
        for keep in kept {
            match keep {
                Keep::Call(call) => drop(calls.insert(call.record.id.as_str(), call)),
                Keep::Phones(kept) => drop(phones.insert(&kept.account, kept)),
            }
        }
        let calls = calls.into_values().filter(|call| !is_over(&call.record.id)).map(|call| &**call);
        Self::of_calls(calls, phones.into_values().cloned().collect())
    }

    /// What these calls leave.
    pub(crate) fn of_calls<'k>(calls: impl Iterator<Item = &'k KeptCall>, phones: Vec<KeptPhones>) -> Self {
        let (mut dialogs, mut promises) = (Vec::new(), Vec::new());
        for call in calls {
            dialogs.extend(call.dialogs.iter().cloned());
            promises.extend(call.promise.is_some().then(|| call.clone()));
        }
        Self { dialogs, phones, promises }
    }
}

impl Call {
    /// After each piece of work: whether others are on the line than was kept, or a promise is new or was tried.
    pub(super) fn keep(&mut self, common: &mut Common) {
        let promise = match &self.stage {
            Stage::Promised(promise) | Stage::CallingBack(promise, _) => Some(promise),
            Stage::Live(_) | Stage::Ended | Stage::Over => None,
        };
        let tries = promise.map(|promise| promise.tries);
        let same = self.kept.promise == tries && self.on_line().eq(self.kept.on_line.iter().copied());
        if self.is_ended() || same {
            return;
        }
        let promise = promise.map(|promise| Box::new(self.keep_promise(common.now, promise)));
        let on_line: Vec<InviteId> = self.on_line().collect();
        let dialogs = self
            .legs
            .iter()
            .filter_map(|(_, leg)| Some((leg.trunk.clone(), common.endpoint.kept(leg.invite()?)?)));
        let mut record = self.record.clone();
        record.clocks = self.watch.read(common.now.at);
        let (phase, at_ms) = (self.watch.phase(), common.now.wall.epoch_ms());
        let kept = KeptCall { record, phase, at_ms, dialogs: dialogs.collect(), promise };
        common.keep(Keep::Call(Box::new(kept)));
        self.kept = Kept { on_line, promise: tries };
    }

    fn on_line(&self) -> impl Iterator<Item = InviteId> {
        self.legs.iter().filter(|(_, leg)| leg.is_answered()).filter_map(|(_, leg)| leg.invite())
    }

    fn keep_promise(&self, now: Now, promise: &Promise) -> KeptPromise {
        KeptPromise {
            facts: self.facts.clone(),
            trunk: self.trunk.clone(),
            walk: self.walk.freeze(),
            number: promise.number.clone(),
            queue: promise.queue.clone(),
            until_ms: (now.wall + promise.until.since(now.at)).epoch_ms(),
            tries: promise.tries,
            place: self.place.as_ref().map(Place::keep),
        }
    }

    /// The server stops, and a promise is left to the next process, which finds it written down.
    pub(super) fn shelve(&self, common: &mut Common) {
        common.floor.leave(common.now.at, self.waiter(), Leave::Overflowed);
        common.timers.forget(self.key);
        if let Some(after) = self.promise().and_then(|promise| promise.after) {
            common.followers.remove(&(after, self.key));
        }
        common.promised -= 1;
    }
}

impl Common {
    /// A promise of an earlier process cannot be kept.
    fn breaks(&mut self, kept: &KeptCall, why: &Text) {
        self.alarm(say!("a promised call back is not made: {}", why));
        let mut record = kept.record.clone();
        record.ended = Some(self.edition.moment(self.now.wall));
        record.ended_by = EndedBy::Server;
        record.reason = Some(why.english());
        self.record(record);
    }
}

impl Switchboard {
    /// A call back that an earlier process has promised is made by this one.
    fn resume(&mut self, kept: &KeptCall) {
        let Some(promise) = &kept.promise else { return };
        let common = &mut self.common;
        let (edition, now) = (Arc::clone(&common.edition), common.now);
        let left = promise.until_ms.saturating_sub(now.wall.epoch_ms());
        let left = u64::try_from(left).ok().filter(|left| *left > 0);
        let walk = promise.walk.clone().thaw_promise(&|name| edition.site.flows.get(name).cloned());
        let (until, walk) = match (left, walk) {
            (Some(left), Some(walk)) => (now.at + Duration::from_millis(left), walk),
            (None, _) => return common.breaks(kept, &Text::word("call back not made in time")),
            (_, None) => return common.breaks(kept, &Text::word("the flow of the call back has changed")),
        };
        let stage = Stage::Promised(Promise {
            number: promise.number.clone(),
            queue: promise.queue.clone(),
            until,
            tries: promise.tries,
            after: None,
        });
        let place = promise.place.clone().map(|place| place.restored(now.at));
        let (facts, trunk) = (promise.facts.clone(), promise.trunk.clone());
        let record = kept.record.clone();
        let mut call = Call::new(common, Origin { walk, edition, facts, trunk, stage, place, record });
        call.kept = Kept { on_line: Vec::new(), promise: Some(promise.tries) };
        common.promised += 1;
        let key = self.insert(Box::new(call));
        self.with(key, |call, common| {
            call.begin_promise(common);
            call.follow(common);
        });
    }

    /// A phone has registered: until when, the next process should know.
    pub(super) fn on_registered(&mut self, account: Name) {
        let common = &mut self.common;
        let phones = common.endpoint.phones(common.now, &account);
        common.keep(Keep::Phones(KeptPhones { account, phones }));
    }

    /// An earlier process was cut off: whoever was on its lines is told so, and its phones are registered further.
    pub(super) fn recover(&mut self, left: &Left) {
        let common = &mut self.common;
        for KeptPhones { account, phones } in &left.phones {
            common.endpoint.restore(common.now, account, phones);
        }
        for (trunk, dialog) in &left.dialogs {
            let credentials = trunk.as_ref().and_then(|trunk| common.edition.credentials_of(trunk));
            let reason = ending::BUG_HEADER.unwrap_or_default();
            common.endpoint.bury(common.now, dialog, credentials, reason);
        }
        if !left.dialogs.is_empty() {
            let what =
                say!("the server was cut off: {} who were on the line are hung up on", left.dialogs.len());
            common.alarm(what);
        }
        left.promises.iter().for_each(|kept| self.resume(kept));
    }
}
