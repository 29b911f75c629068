//! A leg that we call: from the port to the answer, or to the failure (RFC 3261 §13.2).

use serde::{Deserialize, Serialize};

use super::{Line, News, State, Talking};
use crate::flow::vocabulary::RingFailure;
use crate::media::vocabulary::{MediaCommand, Negotiated};
use crate::sip::endpoint::{Failure, Invitation, InviteId};
use crate::switchboard::common::{Common, Seat};
use crate::switchboard::describe;

/// Our INVITE is on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::switchboard) struct Calling {
    pub(in crate::switchboard) invite: InviteId,
    /// What its early media has settled.
    pub(in crate::switchboard) early: Option<Negotiated>,
}

impl Calling {
    /// The port is bound: the INVITE leaves.
    pub(super) fn begin(common: &mut Common, seat: Seat, line: &Line, mut invitation: Invitation) -> State {
        invitation.offer = describe::offer(&line.said());
        let invite = common.endpoint.invite(common.now, invitation);
        common.usages.insert(invite, seat);
        State::Calling(Self { invite, early: None })
    }

    /// It rings, or an announcement of its network can be heard (RFC 3960).
    pub(super) fn progress(mut self, line: &Line, status: u16, body: Option<&[u8]>) -> (State, Option<News>) {
        let terms = body.and_then(|body| describe::settle(&line.local, body));
        self.early = terms.or(self.early);
        (State::Calling(self), Some(News::Progress { rings: status == 180, early: terms }))
    }

    /// It has taken the call.
    pub(super) fn accepted(
        self,
        common: &mut Common,
        line: &Line,
        body: Option<&[u8]>,
    ) -> (State, Option<News>) {
        // An answer that came early, in a 183, need not come again (RFC 3261 §13.2.1).
        let terms = match body {
            Some(body) => describe::settle(&line.local, body),
            None => self.early,
        };
        let Some(terms) = terms else {
            let closed =
                State::Calling(self).close(common, line, Some("SIP;cause=488;text=\"No usable SDP\""));
            return (closed, Some(News::Failed(RingFailure::Unreachable)));
        };
        common.media(MediaCommand::Confirm(line.session));
        common.media(MediaCommand::Negotiate(line.session, terms));
        (State::Talking(Talking { invite: self.invite, terms }), Some(News::Up))
    }

    /// It has refused, or could not be reached.
    pub(super) fn failed(self, common: &mut Common, line: &Line, failure: Failure) -> (State, Option<News>) {
        let why = match failure {
            // Declined by a person, or busy; all else is the network's refusal, whatever its number.
            Failure::Refused(486 | 600 | 603, _) => RingFailure::Busy,
            Failure::Refused(408, _) | Failure::Timeout => RingFailure::NoAnswer,
            Failure::Refused(..) | Failure::Unreachable => RingFailure::Unreachable,
        };
        // The usage is dead already.
        common.usages.remove(&self.invite);
        (State::Calling(self).close(common, line, None), Some(News::Failed(why)))
    }
}
