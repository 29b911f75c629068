//! What is to outlive the process, for the disk: calls that are answered, with their record so far and the dialogs of those who
//! take part; phones that are registered. And what the next process does with it: a BYE to each who was left alone.

use serde::{Deserialize, Serialize};

use super::Switchboard;
use super::call::Call;
use super::common::Common;
use super::ending;
use super::event::Event;
use crate::base::name::Name;
use crate::centre::record::{CallRecord, Phase};
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
}

impl Call {
    /// After each piece of work: whether others are on the line than was kept.
    pub(super) fn keep(&mut self, common: &mut Common) {
        if self.is_ended() || self.on_line().eq(self.kept.iter().copied()) {
            return;
        }
        let on_line: Vec<InviteId> = self.on_line().collect();
        let dialogs = self
            .legs
            .iter()
            .filter_map(|(_, leg)| Some((leg.trunk.clone(), common.endpoint.kept(leg.invite()?)?)));
        let mut record = self.record.clone();
        record.clocks = self.watch.read(common.now.at);
        let (phase, at_ms) = (self.watch.phase(), common.now.wall.epoch_ms());
        let kept = KeptCall { record, phase, at_ms, dialogs: dialogs.collect() };
        common.keep(Keep::Call(Box::new(kept)));
        self.kept = on_line;
    }
}

impl Call {
    fn on_line(&self) -> impl Iterator<Item = InviteId> {
        self.legs.iter().filter(|(_, leg)| leg.is_answered()).filter_map(|(_, leg)| leg.invite())
    }
}

impl Switchboard {
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
        let Left { dialogs, .. } = left;
        if !dialogs.is_empty() {
            let what =
                format!("the server was cut off: {} who were on the line are hung up on", dialogs.len());
            common.event(Event::Alarm(what));
        }
    }
}
