//! One INVITE usage: its states, and one file for each verb.
//!
//! The verbs are methods of [`Endpoint`](super::endpoint::Endpoint), which owns all usages and the wire. Read RFC 3261
//! §13 to §15 beside `uas.rs`, `uac.rs`, `reoffer.rs`, `bye.rs`, `cancel.rs`; RFC 4028 beside `session_timer.rs`.

pub(crate) mod bye;
pub(crate) mod cancel;
pub(crate) mod errand;
pub(crate) mod info;
pub(crate) mod probe;
pub(crate) mod reoffer;
pub(crate) mod session_timer;
pub(crate) mod uac;
pub(crate) mod uas;

use std::sync::Arc;

use crate::base::time::Instant;
use crate::sip::dialog::Dialog;
use crate::sip::endpoint::wire::{Asked, ClientId, ServerId};
use crate::sip::endpoint::{Credentials, Invitation, Told};
use crate::sip::timer::{PATIENCE, Repeat, T2};
use crate::sip::transport::Transmit;
use session_timer::SessionTimer;

/// One INVITE usage.
#[derive(Debug)]
pub(crate) struct Invite {
    pub(in crate::sip) phase: Phase,
    /// Our tag, as `by_tag` finds it.
    pub(in crate::sip) tag: u64,
    pub(in crate::sip) armed: Option<Instant>,
}

/// Its states. Each owns exactly its data.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Theirs, not answered yet.
    Offered(Box<Offered>),
    /// Ours, not answered yet.
    Calling(Box<Calling>),
    /// Theirs, our 200 not acknowledged yet.
    Answered(Box<Talk>, Box<Unacked>),
    /// The call is up.
    Talking(Box<Talk>),
    /// Hung up between our 200 and its ACK: BYE may not be said before (RFC 3261 §15).
    Leaving(Box<errand::Farewell>, Box<Unacked>),
    /// Within a transition only; with what parts from the dialog, if there is one, should a bug break the transition off.
    Moving(Option<Box<errand::Farewell>>),
}

/// See [`Phase::Offered`].
#[derive(Debug)]
pub(crate) struct Offered {
    /// The INVITE.
    pub(crate) asked: Asked,
    /// Its transaction.
    pub(crate) server: ServerId,
    /// The dialog that answering it makes.
    pub(crate) dialog: Dialog,
    /// When the caller's patience ends (its Expires).
    pub(crate) expires: Option<Instant>,
    /// When the last provisional response is to be said again, so that no proxy gives up (RFC 3261 §13.3.1.1).
    pub(crate) remind: Option<Instant>,
    /// Whether the INVITE had no offer, so that our 200 makes one.
    pub(crate) is_offerless: bool,
}

/// See [`Phase::Calling`].
#[derive(Debug)]
pub(crate) struct Calling {
    /// What was asked for.
    pub(crate) invitation: Invitation,
    /// The transaction of the INVITE.
    pub(crate) client: ClientId,
    /// The Call-ID.
    pub(crate) call_id: String,
    /// Our tag.
    pub(crate) local_tag: String,
    /// The number of the INVITE.
    pub(crate) sequence: u32,
    /// When the ringing ends.
    pub(crate) give_up: Instant,
    /// How many challenges have been answered already.
    pub(crate) proofs: u8,
    /// The SDP of the last provisional response.
    pub(crate) early: Option<Arc<[u8]>>,
    /// It was told to call elsewhere, in these words, and waits for where to.
    pub(crate) moved: Option<Box<Told>>,
}

/// A call that is up: the part that both directions share.
#[derive(Debug)]
pub(crate) struct Talk {
    /// The dialog.
    pub(crate) dialog: Dialog,
    /// The offer that is under way.
    pub(crate) exchange: Exchange,
    /// An offer of ours that waits for its turn.
    pub(crate) queued: Option<Queued>,
    /// The session timer.
    pub(crate) session: Option<SessionTimer>,
    /// Until when it has to answer the question whether it is still there.
    pub(crate) probed: Option<Instant>,
    /// What answers challenges in this dialog, and nothing else.
    pub(crate) credentials: Option<Credentials>,
    /// Our SDP, as it was sent last: a session refresh repeats it.
    pub(crate) sdp: Arc<[u8]>,
    /// Their SDP, as it came last.
    pub(crate) peer_sdp: Option<Arc<[u8]>>,
    /// Whether we made the Call-ID: decides who retries later after a glare (RFC 3261 §14.1).
    pub(crate) is_ours: bool,
}

/// An offer under way in a call that is up. One at a time (RFC 3264 §4).
#[derive(Debug)]
pub(crate) enum Exchange {
    /// None.
    Idle,
    /// Theirs, awaiting the switchboard's answer.
    Theirs(Box<Asked>, ServerId),
    /// Theirs, our 200 awaiting its ACK.
    Confirming(Box<Unacked>),
    /// Ours.
    Ours(Box<Ours>),
}

/// An offer of ours under way.
#[derive(Debug)]
pub(crate) struct Ours {
    /// The transaction of the re-INVITE.
    pub(crate) client: ClientId,
    /// Our SDP.
    pub(crate) sdp: Arc<[u8]>,
    /// Whose wish it is.
    pub(crate) wish: Wish,
    /// Whether a challenge has been answered already.
    pub(crate) is_authorized: bool,
}

/// An offer of ours that waits.
#[derive(Debug)]
pub(crate) struct Queued {
    /// Our SDP.
    pub(crate) sdp: Arc<[u8]>,
    /// Not before.
    pub(crate) at: Instant,
    /// Whose wish it is.
    pub(crate) wish: Wish,
}

/// Who wants a re-INVITE.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The switchboard, which is told the outcome.
    Switchboard,
    /// The session timer.
    Refresh,
}

/// A 2xx to an INVITE that waits for its ACK: repeated on every transport (RFC 3261 §13.3.1.4).
#[derive(Clone, Debug)]
pub(crate) struct Unacked {
    /// The response.
    pub(crate) transmit: Transmit,
    /// The number of the INVITE, and of its ACK.
    pub(crate) sequence: u32,
    /// Whether it holds our offer, so that the ACK holds the answer.
    pub(crate) is_offer: bool,
    repeat: Repeat,
    give_up: Instant,
}

impl Unacked {
    /// It is sent now.
    pub(crate) fn new(now: Instant, transmit: Transmit, sequence: u32, is_offer: bool) -> Box<Self> {
        Box::new(Self {
            transmit,
            sequence,
            is_offer,
            repeat: Repeat::start(now, T2),
            give_up: now + PATIENCE,
        })
    }

    /// It is sent again now.
    pub(crate) fn step(&mut self, now: Instant) {
        self.repeat.step(now);
    }

    fn next(&self) -> (Instant, Timer) {
        (self.repeat.due(), Timer::Repeat).min((self.give_up, Timer::NoAck))
    }
}

/// The timers of an INVITE usage.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
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
    /// It did not answer whether it is still there: BYE.
    Probe,
}

impl Invite {
    /// The next timer and when it fires.
    pub(crate) fn next(&self) -> Option<(Instant, Timer)> {
        match &self.phase {
            Phase::Offered(offered) => {
                let expires = offered.expires.map(|at| (at, Timer::Expires));
                let remind = offered.remind.map(|at| (at, Timer::Remind));
                expires.into_iter().chain(remind).min()
            }
            Phase::Calling(calling) => Some((calling.give_up, Timer::GiveUp)),
            // An offer of ours waits for the ACK (RFC 3261 §14.1).
            Phase::Answered(talk, unacked) => talk.session_next().into_iter().chain([unacked.next()]).min(),
            Phase::Talking(talk) => {
                let probe = talk.probed.map(|at| (at, Timer::Probe));
                talk.offer_next().into_iter().chain(talk.session_next()).chain(probe).min()
            }
            Phase::Leaving(_, unacked) => Some(unacked.next()),
            Phase::Moving(_) => None,
        }
    }

    /// The dialog, when there is one.
    pub(crate) fn dialog(&mut self) -> Option<&mut Dialog> {
        match &mut self.phase {
            Phase::Offered(offered) => Some(&mut offered.dialog),
            Phase::Answered(talk, _) | Phase::Talking(talk) => Some(&mut talk.dialog),
            Phase::Leaving(farewell, _) => Some(&mut farewell.dialog),
            Phase::Calling(_) | Phase::Moving(_) => None,
        }
    }

    /// The call, when it is up and the switchboard knows it.
    pub(crate) fn talk(&mut self) -> Option<&mut Talk> {
        match &mut self.phase {
            Phase::Answered(talk, _) | Phase::Talking(talk) => Some(talk),
            Phase::Offered(_) | Phase::Calling(_) | Phase::Leaving(..) | Phase::Moving(_) => None,
        }
    }

    /// The 2xx that waits for its ACK, if one does.
    pub(crate) fn unacked(&mut self) -> Option<&mut Unacked> {
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
    pub(crate) fn take(&mut self) -> Phase {
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
