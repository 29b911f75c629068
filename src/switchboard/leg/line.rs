//! The media side of a leg: its session, its port, and whether its peer is where its SIP is.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::media::vocabulary::{MediaCommand, Negotiated, SessionId};
use crate::sdp;
use crate::switchboard::common::Common;

/// The media side of a leg.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::switchboard) struct Line {
    pub(in crate::switchboard) session: SessionId,
    /// Our end, as it is bound.
    pub(in crate::switchboard) local: sdp::Local,
    /// Our address as peers outside must see it, behind a 1:1 NAT.
    pub(in crate::switchboard) public: Option<IpAddr>,
    /// Where its SIP comes from.
    pub(in crate::switchboard) peer: Option<IpAddr>,
}

impl Line {
    /// What we say of it in SDP.
    pub(in crate::switchboard) fn said(&self) -> sdp::Local {
        sdp::Local { address: self.public.unwrap_or(self.local.address), ..self.local }
    }

    /// It has agreed to these terms within its dialog, so that it is where its SIP is: media goes where it says.
    pub(super) fn agree(&self, common: &mut Common, terms: Negotiated) {
        self.confirm(common, terms);
        common.media(MediaCommand::Negotiate(self.session, terms));
    }

    /// Its SIP is answered. Media that goes to where its SIP comes from needs no word of it.
    pub(super) fn confirm(&self, common: &mut Common, terms: Negotiated) {
        let near = |to: SocketAddr| self.peer.is_none_or(|peer| peer == to.ip());
        if !near(terms.remote) || !near(terms.remote_rtcp) {
            common.media(MediaCommand::Confirm(self.session));
        }
    }
}
