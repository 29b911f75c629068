//! A leg that called us: from the port to the ACK (RFC 3261 §13.3).

use serde::{Deserialize, Serialize};

use super::{Gone, Line, News, State, Talking};
use crate::media::vocabulary::{MediaCommand, Negotiated};
use crate::sip::endpoint::{InviteId, Refusal};
use crate::switchboard::common::Common;
use crate::switchboard::describe;

/// Retry-After of a 503, in seconds.
pub(in crate::switchboard) const RETRY_AFTER_S: u32 = 5;

/// Our 200 is on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::switchboard) struct Answered {
    pub(in crate::switchboard) invite: InviteId,
    /// What was settled; none when we have offered, and the ACK brings the answer.
    pub(in crate::switchboard) terms: Option<Negotiated>,
}

/// Refuses an INVITE that is not answered.
pub(super) fn refuse(common: &mut Common, invite: InviteId, status: u16) {
    let retry_after = (status == 503).then_some(RETRY_AFTER_S);
    if common.usages.remove(&invite).is_some() {
        common.endpoint.refuse(common.now, invite, Refusal { status, retry_after });
    }
}

impl Answered {
    /// The port is bound: 200, or 488.
    pub(super) fn begin(
        common: &mut Common,
        line: &Line,
        invite: InviteId,
        offer: Option<&[u8]>,
    ) -> (State, Option<News>) {
        let said = line.said();
        let answer = match offer {
            Some(offer) => describe::answer(offer, &said).map(|(body, terms)| (body, Some(terms))),
            None => Some((describe::offer(&said), None)),
        };
        let Some((body, terms)) = answer else {
            refuse(common, invite, 488);
            common.media(MediaCommand::Close(line.session));
            return (State::Closing, Some(News::Refused(488, "no codec of ours in the offer")));
        };
        if let Some(terms) = terms {
            common.media(MediaCommand::Negotiate(line.session, terms));
        }
        common.endpoint.answer(common.now, invite, &body);
        (State::Answered(Self { invite, terms }), Some(News::Answered))
    }

    /// The ACK has come, with the answer when we offered.
    pub(super) fn acknowledged(
        self,
        common: &mut Common,
        line: &Line,
        body: Option<&[u8]>,
    ) -> (State, Option<News>) {
        let invite = self.invite;
        if let Some(terms) = self.terms {
            line.confirm(common, terms);
            return (State::Talking(Talking { invite, terms }), Some(News::Up));
        }
        match body.and_then(|body| describe::settle(&line.local, body)) {
            Some(terms) => {
                line.agree(common, terms);
                (State::Talking(Talking { invite, terms }), Some(News::Up))
            }
            None => (State::Answered(self).close(common, line, None), Some(News::Gone(Gone::Unusable))),
        }
    }
}
