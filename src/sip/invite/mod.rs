//! One INVITE usage: its states, and one file for each verb.
//!
//! The verbs are methods of [`Endpoint`](super::endpoint::Endpoint), which owns all usages and the wire. Read RFC 3261
//! §13 to §15 beside `uas.rs`, `uac.rs`, `reoffer.rs`, `bye.rs`, `cancel.rs`; RFC 4028 beside `session_timer.rs`.

pub mod bye;
pub mod cancel;
pub mod errand;
pub mod info;
pub mod reoffer;
pub mod session_timer;
pub mod uac;
pub mod uas;

use std::sync::Arc;

use crate::base::time::Instant;
use crate::sip::dialog::Dialog;
use crate::sip::endpoint::wire::{Asked, ClientId, ServerId};
use crate::sip::endpoint::{Credentials, Invitation};
use crate::sip::timer::{PATIENCE, Repeat, T2};
use crate::sip::transport::Transmit;
use session_timer::SessionTimer;

/// One INVITE usage.
#[derive(Debug)]
pub struct Invite {
    pub(in crate::sip) phase: Phase,
    /// Our tag, as `by_tag` finds it.
    pub(in crate::sip) tag: u64,
    pub(in crate::sip) armed: Option<Instant>,
}

/// Its states. Each owns exactly its data.
#[derive(Debug)]
pub enum Phase {
    /// Theirs, not answered yet.
    Offered(Box<Offered>),
    /// Ours, not answered yet.
    Calling(Box<Calling>),
    /// Theirs, our 200 not acknowledged yet.
    Answered(Box<Talk>, Unacked),
    /// The call is up.
    Talking(Box<Talk>),
    /// Hung up between our 200 and its ACK: BYE may not be said before (RFC 3261 §15).
    Leaving(Box<errand::Farewell>, Unacked),
    /// Within a transition only; with what parts from the dialog, if there is one, should a bug break the transition off.
    Moving(Option<Box<errand::Farewell>>),
}

/// See [`Phase::Offered`].
#[derive(Debug)]
pub struct Offered {
    /// The INVITE.
    pub asked: Asked,
    /// Its transaction.
    pub server: ServerId,
    /// The dialog that answering it makes.
    pub dialog: Dialog,
    /// When the caller's patience ends (its Expires).
    pub expires: Option<Instant>,
    /// When the last provisional response is to be said again, so that no proxy gives up (RFC 3261 §13.3.1.1).
    pub remind: Option<Instant>,
    /// Whether the INVITE had no offer, so that our 200 makes one.
    pub is_offerless: bool,
}

/// See [`Phase::Calling`].
#[derive(Debug)]
pub struct Calling {
    /// What was asked for.
    pub invitation: Invitation,
    /// The transaction of the INVITE.
    pub client: ClientId,
    /// The Call-ID.
    pub call_id: String,
    /// Our tag.
    pub local_tag: String,
    /// The number of the INVITE.
    pub sequence: u32,
    /// When the ringing ends.
    pub give_up: Instant,
    /// Whether a challenge has been answered already.
    pub is_authorized: bool,
    /// The SDP of the last provisional response.
    pub early: Option<Arc<[u8]>>,
}

/// A call that is up: the part that both directions share.
#[derive(Debug)]
pub struct Talk {
    /// The dialog.
    pub dialog: Dialog,
    /// The offer that is under way.
    pub exchange: Exchange,
    /// An offer of ours that waits for its turn.
    pub queued: Option<Queued>,
    /// The session timer.
    pub session: Option<SessionTimer>,
    /// What answers challenges in this dialog, and nothing else.
    pub credentials: Option<Credentials>,
    /// Our SDP, as it was sent last: a session refresh repeats it.
    pub sdp: Arc<[u8]>,
    /// Their SDP, as it came last.
    pub peer_sdp: Option<Arc<[u8]>>,
    /// Whether we made the Call-ID: decides who retries later after a glare (RFC 3261 §14.1).
    pub is_ours: bool,
}

/// An offer under way in a call that is up. One at a time (RFC 3264 §4).
#[derive(Debug)]
pub enum Exchange {
    /// None.
    Idle,
    /// Theirs, awaiting the switchboard's answer.
    Theirs(Box<Asked>, ServerId),
    /// Theirs, our 200 awaiting its ACK.
    Confirming(Unacked),
    /// Ours.
    Ours(Ours),
}

/// An offer of ours under way.
#[derive(Debug)]
pub struct Ours {
    /// The transaction of the re-INVITE.
    pub client: ClientId,
    /// Our SDP.
    pub sdp: Arc<[u8]>,
    /// Whose wish it is.
    pub wish: Wish,
    /// Whether a challenge has been answered already.
    pub is_authorized: bool,
}

/// An offer of ours that waits.
#[derive(Debug)]
pub struct Queued {
    /// Our SDP.
    pub sdp: Arc<[u8]>,
    /// Not before.
    pub at: Instant,
    /// Whose wish it is.
    pub wish: Wish,
}

/// Who wants a re-INVITE.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The switchboard, which is told the outcome.
    Switchboard,
    /// The session timer.
    Refresh,
}

/// A 2xx to an INVITE that waits for its ACK: repeated on every transport (RFC 3261 §13.3.1.4).
#[derive(Clone, Debug)]
pub struct Unacked {
    /// The response.
    pub transmit: Transmit,
    /// The number of the INVITE, and of its ACK.
    pub sequence: u32,
    /// Whether it holds our offer, so that the ACK holds the answer.
    pub is_offer: bool,
    repeat: Repeat,
    give_up: Instant,
}

impl Unacked {
    /// It is sent now.
    pub fn new(now: Instant, transmit: Transmit, sequence: u32, is_offer: bool) -> Self {
        Self { transmit, sequence, is_offer, repeat: Repeat::start(now, T2), give_up: now + PATIENCE }
    }

    /// It is sent again now.
    pub fn step(&mut self, now: Instant) {
        self.repeat.step(now);
    }

    fn next(&self) -> (Instant, Timer) {
        (self.repeat.due(), Timer::Repeat).min((self.give_up, Timer::NoAck))
    }
}

/// The timers of an INVITE usage.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The caller's Expires is over: 487.
    Expires,
    /// The last provisional response once more.
    Remind,
    /// Ours has rung long enough: CANCEL.
    GiveUp,
    /// Our 2xx once more. (Stands before `NoAck`: at the same moment it is repeated a last time.)
    Repeat,
    /// No ACK came: BYE.
    NoAck,
    /// The turn of an offer of ours.
    Offer,
    /// The session wants a refresh of ours.
    Refresh,
    /// The session has expired: BYE.
    Expiry,
}

impl Invite {
    /// The next timer and when it fires.
    pub fn next(&self) -> Option<(Instant, Timer)> {
        match &self.phase {
            Phase::Offered(offered) => {
                let expires = offered.expires.map(|at| (at, Timer::Expires));
                let remind = offered.remind.map(|at| (at, Timer::Remind));
                expires.into_iter().chain(remind).min()
            }
            Phase::Calling(calling) => Some((calling.give_up, Timer::GiveUp)),
            // An offer of ours waits for the ACK (RFC 3261 §14.1).
            Phase::Answered(talk, unacked) => talk.session_next().into_iter().chain([unacked.next()]).min(),
            Phase::Talking(talk) => talk.offer_next().into_iter().chain(talk.session_next()).min(),
            Phase::Leaving(_, unacked) => Some(unacked.next()),
            Phase::Moving(_) => None,
        }
    }

    /// The dialog, when there is one.
    pub fn dialog(&mut self) -> Option<&mut Dialog> {
        match &mut self.phase {
            Phase::Offered(offered) => Some(&mut offered.dialog),
            Phase::Answered(talk, _) | Phase::Talking(talk) => Some(&mut talk.dialog),
            Phase::Leaving(farewell, _) => Some(&mut farewell.dialog),
            Phase::Calling(_) | Phase::Moving(_) => None,
        }
    }

    /// The call, when it is up and the switchboard knows it.
    pub fn talk(&mut self) -> Option<&mut Talk> {
        match &mut self.phase {
            Phase::Answered(talk, _) | Phase::Talking(talk) => Some(talk),
            Phase::Offered(_) | Phase::Calling(_) | Phase::Leaving(..) | Phase::Moving(_) => None,
        }
    }

    /// The 2xx that waits for its ACK, if one does.
    pub fn unacked(&mut self) -> Option<&mut Unacked> {
        match &mut self.phase {
            Phase::Answered(_, unacked) | Phase::Leaving(_, unacked) => Some(unacked),
            Phase::Talking(talk) => match &mut talk.exchange {
                Exchange::Confirming(unacked) => Some(unacked),
                Exchange::Idle | Exchange::Theirs(..) | Exchange::Ours(_) => None,
            },
            Phase::Offered(_) | Phase::Calling(_) | Phase::Moving(_) => None,
        }
    }

    /// Takes the state out, for a transition. What stays behind can end the dialog if the transition does.
    pub fn take(&mut self) -> Phase {
        let parting = self.talk().map(|talk| {
            let (dialog, credentials) = (talk.dialog.clone(), talk.credentials.clone());
            Box::new(errand::Farewell { dialog, credentials, reason: None })
        });
        std::mem::replace(&mut self.phase, Phase::Moving(parting))
    }
}

impl Talk {
    fn offer_next(&self) -> Option<(Instant, Timer)> {
        match &self.exchange {
            Exchange::Confirming(unacked) => Some(unacked.next()),
            Exchange::Idle => self.queued.as_ref().map(|queued| (queued.at, Timer::Offer)),
            Exchange::Theirs(..) | Exchange::Ours(_) => None,
        }
    }

    fn session_next(&self) -> Option<(Instant, Timer)> {
        self.session.as_ref().map(SessionTimer::next)
    }
}
