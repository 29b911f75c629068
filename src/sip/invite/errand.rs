//! What a request of ours was sent for: who wants to hear of its response.

use crate::base::name::Name;
use crate::sip::dialog::Dialog;
use crate::sip::endpoint::{Credentials, InviteId};

/// What a client transaction is to its user.
#[derive(Debug)]
pub(crate) enum Errand {
    /// The INVITE of an outgoing call.
    Call(InviteId),
    /// A re-INVITE.
    Reoffer(InviteId),
    /// An INVITE whose call is given up: CANCEL when a provisional response comes, ACK (and BYE) when a 2xx does.
    Orphan(Box<Orphan>),
    /// An OPTIONS in the dialog of a call.
    Probe(InviteId),
    /// A BYE.
    Farewell(Box<Farewell>),
    /// A REGISTER at an operator.
    Register(Name),
    /// Nobody wants to hear (CANCEL).
    Forgotten,
}

/// How an INVITE is let go that nobody waits for any more.
#[derive(Clone, Debug)]
pub(crate) struct Orphan {
    /// What a 2xx gets.
    pub(crate) farewells: Farewells,
    /// The Reason value of the CANCEL, or of the BYE to a 2xx that crossed it (RFC 3326).
    pub(crate) reason: Option<String>,
    /// What answers a challenge of that BYE.
    pub(crate) credentials: Option<Credentials>,
}

impl Orphan {
    /// One whose dialog has been ended already.
    pub(crate) fn acknowledged_only() -> Box<Self> {
        Box::new(Self { farewells: Farewells::AckOnly, reason: None, credentials: None })
    }
}

/// Whether an orphan's 2xx is followed by BYE.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Farewells {
    /// It opened a dialog of its own: ACK and BYE.
    Bye,
    /// It was a re-INVITE; the BYE of its dialog has been said already.
    AckOnly,
}

/// A BYE on its way.
#[derive(Clone, Debug)]
pub(crate) struct Farewell {
    /// Its dialog, which is over for everybody else.
    pub(crate) dialog: Dialog,
    /// What answers a challenge, once: the credentials of this very call (CVE-2021-41158: never another's).
    pub(crate) credentials: Option<Credentials>,
    /// The Reason value.
    pub(crate) reason: Option<String>,
}
