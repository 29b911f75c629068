//! What outlives the process: dialogs, so that nobody is left alone on a line of a server that died; bindings, so that phones
//! stay registered. Written down by whoever has a disk.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::dialog::Dialog;
use super::endpoint::{Credentials, Endpoint, InviteId};
use super::invite::errand::Farewell;
use super::invite::{Invite, Phase};
use super::transport::Protocol;
use crate::base::name::Name;
use crate::base::time::Now;

/// A dialog, as far as a BYE needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptDialog {
    pub(crate) call_id: String,
    pub(crate) local_tag: String,
    pub(crate) remote_tag: Option<String>,
    pub(crate) local: String,
    pub(crate) remote: String,
    /// Request-URI.
    pub(crate) target: String,
    /// Route values.
    pub(crate) routes: Vec<String>,
    /// The number of our last request.
    pub(crate) sequence: u32,
    pub(crate) protocol: Protocol,
    /// Our end.
    pub(crate) from: Option<SocketAddr>,
    /// Where requests go.
    pub(crate) to: SocketAddr,
}

/// A phone that is registered, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptPhone {
    /// Its Contact.
    pub(crate) uri: String,
    pub(crate) call_id: String,
    pub(crate) sequence: u32,
    pub(crate) remote: SocketAddr,
    pub(crate) protocol: Protocol,
    pub(crate) q: u16,
    /// Milliseconds since 1970.
    pub(crate) until_ms: i64,
}

impl Endpoint {
    /// The dialog of a call that is answered.
    pub(crate) fn kept(&self, invite: InviteId) -> Option<KeptDialog> {
        match self.invites.get(invite) {
            Some(Invite { phase: Phase::Answered(talk, _) | Phase::Talking(talk), .. }) => {
                Some(talk.dialog.keep())
            }
            Some(_) | None => None,
        }
    }

    /// Says BYE in a dialog of an earlier process.
    pub(crate) fn bury(
        &mut self,
        now: Now,
        dialog: &KeptDialog,
        credentials: Option<Credentials>,
        reason: &str,
    ) {
        let Some(dialog) = Dialog::of_kept(dialog) else { return };
        let farewell = Farewell { dialog, credentials, reason: Some(reason.to_owned()) };
        self.farewell(now.at, Box::new(farewell), None);
    }

    /// The phones of an account are registered as they were.
    pub(crate) fn restore(&mut self, now: Now, account: &Name, phones: &[KeptPhone]) {
        self.registrar.restore(now, &mut self.wire, account, phones);
    }

    /// The phones of an account now.
    pub(crate) fn phones(&self, now: Now, account: &str) -> Vec<KeptPhone> {
        self.registrar.phones(now, account)
    }
}
