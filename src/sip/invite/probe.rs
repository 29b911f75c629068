//! Whether the peer of a call that is up is still there: OPTIONS in its dialog (RFC 3261 §11, §12.2.1).

use super::errand::Errand;
use super::{Invite, Phase};
use crate::base::time::{Duration, Instant};
use crate::sip::endpoint::{End, Endpoint, InviteId};
use crate::sip::message::Method;

/// An answer comes within this, repeats of the question included, or the peer is gone.
const ANSWER_MAX: Duration = Duration::from_millis(2_500);

impl Endpoint {
    /// See [`Endpoint::ask_alive`].
    pub(in crate::sip) fn probe(&mut self, now: Instant, id: InviteId) {
        let Some(Invite { phase: Phase::Talking(talk), .. }) = self.invites.get_mut(id) else { return };
        if talk.probed.is_some() {
            return;
        }
        talk.probed = Some(now + ANSWER_MAX);
        let sequence = talk.dialog.next_sequence();
        let (builder, branch, path) = self.wire.compose_in(&talk.dialog, &Method::Options, sequence);
        self.wire.request(now, (&branch, &Method::Options, path), builder.build(), Errand::Probe(id));
        self.rearm(id);
    }

    /// Whatever it answers, it is there; unless it knows of no such call (RFC 3261 §12.2.1.2).
    pub(in crate::sip) fn probe_answered(&mut self, now: Instant, id: InviteId, status: u16) {
        let Some(talk) = self.invites.get_mut(id).and_then(Invite::talk) else { return };
        talk.probed = None;
        match status {
            408 | 481 => self.lost(now, id, End::Lost),
            _ => self.rearm(id),
        }
    }
}
