//! One call: the caller's leg, the walk through its flow, and whoever is rung for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edition::Edition;
use super::effect::EffectId;
use super::ending::Draft;
use crate::base::arena::Key;
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::Instant;
use crate::centre::Place;
use crate::flow::graph::Flow;
use crate::flow::journal::Journal;
use crate::flow::vocabulary::{CallFacts, RecordInto, RingNews, RingRequest};
use crate::flow::walk::Walk;
use crate::media::vocabulary::{Negotiated, PlayId, RecordingId, SessionId};
use crate::sdp;
use crate::sip::endpoint::{Invitation, InviteId};

/// A call in the switchboard's table.
pub type CallKey = Key<Call>;

/// Which side of a call a message or packet belongs to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The caller's leg.
    Caller,
    /// The leg of one who is rung for the call, named by its media session.
    Callee(SessionId),
}

/// A call from its INVITE to its record.
#[derive(Debug)]
pub struct Call {
    /// What the operator had loaded when the call came: it stays on it.
    pub(super) edition: Arc<Edition>,
    pub(super) flow: Arc<Flow>,
    pub(super) facts: CallFacts,
    pub(super) trunk: Name,
    /// The SIP usage of the caller's leg; none while a call back waits to be made.
    pub(super) invite: Option<InviteId>,
    pub(super) line: Line,
    pub(super) leg: Leg,
    pub(super) walk: Walk,
    /// What the walk was told.
    pub(super) journal: Journal,
    /// The question to the company's own system whose answer the walk waits for.
    pub(super) fetch: Option<EffectId>,
    /// The place in line that the caller has left, to be kept if they are promised a call back.
    pub(super) place: Option<Place>,
    /// The moment that the walk asked to be woken at.
    pub(super) wake: Option<Instant>,
    pub(super) playing: Playing,
    pub(super) recording: Option<Recording>,
    pub(super) effort: Effort,
    pub(super) callees: BTreeMap<SessionId, Callee>,
    /// The last key and where it came from: the same key by RFC 4733 and by INFO counts once.
    pub(super) last_digit: Option<(Digit, DigitPath, Instant)>,
    pub(super) record: Draft,
}

/// The media side of a leg.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) session: SessionId,
    /// What we say of ourselves in SDP.
    pub(super) local: sdp::Local,
    /// What was last settled, if anything.
    pub(super) settled: Option<Negotiated>,
}

/// The caller's leg. Telephony only; what is said and heard is the walk's.
#[derive(Debug)]
pub(super) enum Leg {
    /// The INVITE is taken, 100 sent; an RTP port is being bound.
    Offered(Offered),
    /// A call back was promised: it waits for its turn.
    Promised(Promise),
    /// The caller's telephone is being rung for a call back.
    CallingBack(Promise, Box<Invitation>),
    /// 200 sent; the ACK is awaited.
    Answered(Answered),
    /// Acknowledged: the walk runs.
    Talking,
    /// Over; the reports of its media sessions are awaited for the record.
    Ended,
}

/// A call back that was promised.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    /// The number to call, E.164.
    pub(super) number: String,
    /// The queue in which it stands in line.
    pub(super) queue: Name,
    /// Until when it was promised.
    pub(super) until: Instant,
    /// How often the number was called.
    pub(super) tries: u32,
}

#[derive(Debug)]
pub(super) struct Offered {
    /// The SDP of the INVITE; none means that we offer in the 200.
    pub(super) offer: Option<Arc<[u8]>>,
    /// RTP ports tried so far.
    pub(super) tries: usize,
}

#[derive(Debug)]
pub(super) struct Answered {
    /// We offered: the ACK brings the answer.
    pub(super) answer_due: bool,
}

/// What the caller hears.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Playing {
    /// Silence, or the other side of a bridge.
    Nothing,
    /// Speech that the walk waits for; `announcement` if it is the free-call announcement.
    Speech { play: PlayId, announcement: bool },
    /// Music.
    Music(PlayId),
}

/// A message that is being recorded.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    pub(super) id: RecordingId,
    /// The effect that opens its file: replied to only when that fails.
    pub(super) opened: EffectId,
    pub(super) into: RecordInto,
    /// Below the mailboxes' folder, without extension.
    pub(super) path: String,
    pub(super) begun: Instant,
    /// The file could not be opened or written.
    pub(super) failed: bool,
}

/// Where a key came from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum DigitPath {
    Rtp,
    Info,
}

/// How somebody is being brought to the caller.
#[derive(Debug)]
pub(super) enum Effort {
    /// Nobody is.
    None,
    /// The call stands in a queue, or talks to an agent of it.
    Queue,
    /// Phones are rung: which of the request comes next, and the worst failure so far.
    Ring { request: RingRequest, next: usize, worst: Option<RingNews> },
    /// One number or address outside.
    Transfer,
}

/// One who is rung for a call.
#[derive(Debug)]
pub(super) struct Callee {
    pub(super) line: Line,
    /// As written in the flow or site: an agent's name, a number, an address.
    pub(super) who: Name,
    /// Whether `who` is an agent (whose time the floor keeps).
    pub(super) agent: bool,
    /// The key that a mobile must press to accept (so that its voicemail cannot).
    pub(super) confirm: Option<Digit>,
    pub(super) state: CalleeState,
}

/// Where a callee stands.
#[derive(Debug)]
pub(super) enum CalleeState {
    /// An RTP port is being bound; then this leaves. How many ports were tried.
    Opening(Box<Invitation>, usize),
    /// The INVITE is on its way.
    Calling(InviteId),
    /// Answered, the accepting key is awaited.
    Confirming(InviteId),
    /// Bridged with the caller.
    Talking(InviteId),
    /// Over; the report of its media is awaited.
    Closing,
}

impl CalleeState {
    pub(super) fn invite(&self) -> Option<InviteId> {
        match self {
            Self::Opening(..) | Self::Closing => None,
            Self::Calling(invite) | Self::Confirming(invite) | Self::Talking(invite) => Some(*invite),
        }
    }

    /// Rung, not yet talking.
    pub(super) fn is_ringing(&self) -> bool {
        matches!(self, Self::Opening(..) | Self::Calling(_) | Self::Confirming(_))
    }
}

impl Call {
    /// Whom the caller talks to now.
    pub(super) fn talking_to(&self) -> Option<(SessionId, &Callee)> {
        let talks = |callee: &&Callee| matches!(callee.state, CalleeState::Talking(_));
        self.callees.values().find(talks).map(|callee| (callee.line.session, callee))
    }
}
