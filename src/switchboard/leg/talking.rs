//! A leg that is up: hold, resume, another codec or address (RFC 3264 §8).

use serde::{Deserialize, Serialize};

use super::{Line, News, State};
use crate::media::vocabulary::Negotiated;
use crate::sip::endpoint::InviteId;
use crate::switchboard::common::Common;
use crate::switchboard::describe;

/// Both sides have agreed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::switchboard) struct Talking {
    pub(in crate::switchboard) invite: InviteId,
    /// On what. On hold it says that we may not send, or that nothing is sent to us.
    pub(in crate::switchboard) terms: Negotiated,
}

/// Answers an offer within the dialog (re-INVITE or UPDATE, RFC 3311), and gives what it settles.
pub(super) fn answer_offer(
    common: &mut Common,
    line: &mut Line,
    invite: InviteId,
    offer: Option<&[u8]>,
) -> Option<Negotiated> {
    let (mut said, previous) = (line.said(), common.endpoint.sdp_said(invite));
    let previous = previous.as_deref().unwrap_or_default();
    let Some(offer) = offer else {
        let body = describe::reoffer(&mut said, previous);
        line.local.version = said.version;
        common.endpoint.answer_offer(common.now, invite, Ok(&body));
        return None;
    };
    match describe::reanswer(offer, &mut said, previous) {
        Some((body, terms)) => {
            line.local.version = said.version;
            line.agree(common, terms);
            common.endpoint.answer_offer(common.now, invite, Ok(&body));
            Some(terms)
        }
        None => {
            common.endpoint.answer_offer(common.now, invite, Err(488));
            None
        }
    }
}

impl Talking {
    /// The answer to an offer of ours: a re-INVITE came without one, or a session refresh brought another answer.
    pub(super) fn settled(
        mut self,
        common: &mut Common,
        line: &Line,
        answer: &[u8],
    ) -> (State, Option<News>) {
        let Some(terms) = describe::settle(&line.local, answer) else { return (State::Talking(self), None) };
        self.terms = terms;
        line.agree(common, terms);
        (State::Talking(self), Some(News::Settled))
    }
}
