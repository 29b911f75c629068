//! One telephone's part in a call, whoever it belongs to: its SIP usage, its RTP session, and how far it has come. Telephony
//! only; what is said and heard, and what its news mean, is the call's.
//!
//! Opening, Calling, Answered, Talking, Closing, Over: each state is a struct with exactly its data, and a transition consumes
//! it. [`Leg::on`] is the whole machine on one screen; `incoming.rs` and `outgoing.rs` have the way to the talk, `talking.rs`
//! what may happen in it, `tests.rs` every transition in a table. Read RFC 3261 §13 to §15 and RFC 3264 beside it.

mod incoming;
mod line;
mod outgoing;
#[cfg(test)]
mod table;
mod talking;
#[cfg(test)]
pub(super) mod tests;

use serde::{Deserialize, Serialize};

pub(super) use self::incoming::{Answered, RETRY_AFTER_S};
pub(super) use self::line::Line;
pub(super) use self::outgoing::Calling;
pub(super) use self::talking::Talking;
use super::common::{Common, Seat};
use super::hearing::Hearing;
use super::outgoing::Toll;
use crate::base::arena::Key;
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::limit::PORT_TRIES_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant};
use crate::flow::vocabulary::RingFailure;
use crate::media::vocabulary::{MediaCommand, Negotiated, Report};
use crate::sip::endpoint::{End, Failure, Invitation, InviteId};

/// A leg in the arena of its call.
pub(super) type LegKey = Key<Leg>;

/// A telephone hangs up within this after its REFER, as if it had been served.
const TRANSFER_MAX: Duration = Duration::from_secs(30);

/// The same key by RFC 4733 and by INFO within this time is one key (test K5).
const SAME_KEY: Duration = Duration::from_millis(200);

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Leg {
    pub(super) role: Role,
    /// The trunk that it came or leaves by; none of a phone or address that is reached without one.
    pub(super) trunk: Option<Name>,
    pub(super) line: Line,
    /// When it last wanted to transfer the call by itself.
    referred: Option<Instant>,
    /// Whether its telephone has rung.
    pub(super) rang: bool,
    /// How long it may ring.
    pub(super) rings_until: Option<Instant>,
    /// What it costs, if it was dialled by a number.
    pub(super) toll: Option<Toll>,
    pub(super) state: State,
    /// What its media session was told to hear.
    pub(super) hearing: Hearing,
    /// The last key and where it came from.
    last_key: Option<(Digit, DigitPath, Instant)>,
}

/// Whose telephone it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Role {
    /// The caller's, who called us: the walk is theirs.
    Caller,
    /// The caller's, who is called back as promised: from their answer on, the walk is theirs.
    CalledBack,
    /// An agent's, whose time the floor keeps. `accept`: the key that a mobile must press, so that its voicemail cannot.
    Agent { name: Name, accept: Option<Digit> },
    /// A number or address outside, as written in the flow.
    Outside(Name),
}

/// How far a leg has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum State {
    /// Its RTP port is being bound.
    Opening(Opening),
    /// Our INVITE is on its way.
    Calling(Calling),
    /// Our 200 is on its way; the ACK is awaited.
    Answered(Answered),
    /// Both sides have agreed.
    Talking(Talking),
    /// Over; the report of its media is awaited.
    Closing,
    /// Over, and nothing is awaited.
    Over,
}

/// See [`State::Opening`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Opening {
    pub(super) way: Way,
    /// RTP ports tried so far.
    pub(super) tries: usize,
}

/// Who calls whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Way {
    /// They call us: 100 is sent. The SDP of the INVITE; none means that we offer in the 200.
    In(InviteId, Option<std::sync::Arc<[u8]>>),
    /// We call them: the INVITE leaves when the port is bound.
    Out(Box<Invitation>),
}

/// Where a key came from.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum DigitPath {
    Rtp,
    Info,
}

/// What happens to a leg.
#[derive(Debug)]
pub(super) enum Happened<'a> {
    /// Its RTP port is bound.
    Opened,
    /// It could not be.
    NotOpened,
    /// Its telephone rings, or sends early media.
    Progress(u16, Option<&'a [u8]>),
    /// It has taken our call.
    Accepted(Option<&'a [u8]>),
    /// It has refused it, or cannot be reached.
    Failed(Failure),
    /// It has acknowledged our 200; or, with a body, answered the offer of a 200 to its re-INVITE.
    Acknowledged(Option<&'a [u8]>),
    /// A re-INVITE or UPDATE: hold, resume, another codec or address. Without an offer, we make one.
    Offered(Option<&'a [u8]>),
    /// The answer to an offer of ours within the dialog.
    Settled(&'a [u8]),
    /// A key.
    Key(Digit, DigitPath),
    /// It wants to bring the other side elsewhere by itself (REFER), which we do not do.
    Referred,
    /// Its SIP usage is over.
    Ended(&'a End),
    /// Nothing has been heard from it for too long.
    Dead,
    /// Its media session is closed.
    Closed(Report),
}

/// What a call is told of its leg.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    /// Our 200 has left.
    Answered,
    /// It is on the line: both sides have agreed.
    Up,
    /// Its telephone rings; or what it sends before it answers could be heard, on these terms (RFC 3960).
    Progress { rings: bool, early: Option<Negotiated> },
    /// Other terms were settled.
    Settled,
    /// A key, once, and the way that it came.
    Key(Digit, DigitPath),
    /// We called it in vain.
    Failed(RingFailure),
    /// We could not take its call: the status that it was told, and why.
    Refused(u16, &'static str),
    /// It was up, or was being answered, and is gone.
    Gone(Gone),
    /// Its media has reported.
    Closed(Report),
}

/// How a leg went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// As SIP says.
    End(End),
    /// Its media died.
    Silent,
    /// Its media session was closed by a fault of ours.
    Broken,
    /// The SDP that settles it cannot be used.
    Unusable,
    /// It said BYE after a transfer of its own that was refused: whoever it talked to was not to be cut.
    Transferring,
}

impl Gone {
    /// How it was lost, if that was nobody's doing.
    pub(super) fn lost(&self) -> Option<&'static str> {
        match self {
            Self::End(End::Lost) => Some("its telephone does not know the call any more"),
            Self::End(End::Unreachable) => Some("its telephone is not there any more"),
            Self::End(End::NoAck) => Some("no ACK"),
            Self::Silent => Some("nothing comes from its telephone"),
            Self::Broken => Some("a fault of ours"),
            Self::Unusable => Some("its SDP cannot be used"),
            Self::Transferring => Some("it has left after a transfer that was refused"),
            Self::End(End::Bye(_) | End::Cancelled) => None,
        }
    }
}

impl Leg {
    /// A leg whose RTP port is being bound.
    pub(super) fn opening(role: Role, trunk: Option<Name>, line: Line, way: Way) -> Self {
        let state = State::Opening(Opening { way, tries: 1 });
        Self {
            role,
            trunk,
            line,
            toll: None,
            rang: false,
            rings_until: None,
            referred: None,
            state,
            hearing: Hearing::default(),
            last_key: None,
        }
    }

    /// The machine: what happened, and what the call must hear of it. What means nothing in the present state changes nothing.
    pub(super) fn on(&mut self, common: &mut Common, seat: Seat, happened: Happened<'_>) -> Option<News> {
        use Happened as H;
        use State as S;
        let (line, was_alive) = (&mut self.line, self.state.is_alive());
        let (state, news) = match (std::mem::replace(&mut self.state, S::Over), happened) {
            (S::Opening(opening), H::Opened) => opening.opened(common, seat, line),
            (S::Opening(opening), H::NotOpened) => opening.another_port(common, seat, line),
            (S::Calling(calling), H::Progress(status, body)) => calling.progress(line, status, body),
            (S::Calling(calling), H::Accepted(body)) => calling.accepted(common, line, body),
            (S::Calling(calling), H::Failed(failure)) => calling.failed(common, line, failure),
            (S::Answered(answered), H::Acknowledged(body)) => answered.acknowledged(common, line, body),
            (S::Talking(talking), H::Acknowledged(Some(body)) | H::Settled(body)) => {
                talking.settled(common, line, body)
            }
            (
                state @ (S::Calling(Calling { invite, .. })
                | S::Answered(Answered { invite, .. })
                | S::Talking(Talking { invite, .. })),
                H::Offered(offer),
            ) => match talking::answer_offer(common, line, invite, offer) {
                Some(terms) => (state.agreed(terms), Some(News::Settled)),
                None => (state, None),
            },
            (state @ (S::Answered(_) | S::Talking(_) | S::Calling(_)), H::Key(digit, path)) => {
                (state, Self::key(&mut self.last_key, common.now.at, digit, path))
            }
            (state, H::Referred) => {
                self.referred = Some(common.now.at);
                (state, None)
            }
            (S::Closing, H::NotOpened) => {
                common.forget_session(line);
                (S::Over, Some(News::Closed(Report::default())))
            }
            (S::Closing, H::Closed(report)) => {
                common.forget_session(line);
                (S::Over, Some(News::Closed(report)))
            }
            // Who has not answered owes no media: how long it may ring is the call's affair. Nor does who has not acknowledged:
            // that the ACK is missing ends the call by its own name.
            (state @ (S::Closing | S::Over), _) | (state @ (S::Calling(_) | S::Answered(_)), H::Dead) => {
                (state, None)
            }
            (state, H::Ended(end)) => {
                let wanted = self.referred.is_some_and(|at| common.now.at.since(at) < TRANSFER_MAX);
                let gone = match end {
                    End::Bye(_) if wanted => Gone::Transferring,
                    end => Gone::End(end.clone()),
                };
                let way = Self::gone(&state, gone);
                (state.close(common, line, None), Some(way))
            }
            (state, H::Dead) => {
                let way = Self::gone(&state, Gone::Silent);
                (state.close(common, line, None), Some(way))
            }
            (state, H::Closed(_)) => {
                let way = Self::gone(&state, Gone::Broken);
                (state.close(common, line, None), Some(way))
            }
            (state, _) => (state, None),
        };
        self.state = state;
        if let (Some(News::Up), Some(toll)) = (&news, &mut self.toll) {
            toll.since = Some(common.now.at);
        }
        if was_alive && !self.is_alive() {
            self.give_back(common);
        }
        news
    }

    /// Ends it as its state wants: CANCEL, BYE or a refusal, and the media. `reason`: a Reason value (RFC 3326).
    pub(super) fn close(&mut self, common: &mut Common, reason: Option<&str>) {
        if self.is_alive() {
            self.give_back(common);
        }
        let state = std::mem::replace(&mut self.state, State::Over);
        self.state = state.close(common, &self.line, reason);
    }

    /// It is over: its channel is free, and what it cost is known.
    fn give_back(&self, common: &mut Common) {
        common.vacate(self.trunk.as_ref());
        common.settle_toll(self.toll.as_ref());
    }

    /// The same key by two paths is one key.
    fn key(
        last: &mut Option<(Digit, DigitPath, Instant)>,
        now: Instant,
        digit: Digit,
        path: DigitPath,
    ) -> Option<News> {
        let twice = last.is_some_and(|(key, by, at)| key == digit && by != path && now.since(at) < SAME_KEY);
        if twice {
            return None;
        }
        *last = Some((digit, path, now));
        Some(News::Key(digit, path))
    }

    /// One that we called and that had not answered could not be reached; any other is gone.
    fn gone(state: &State, how: Gone) -> News {
        match state {
            State::Calling(_) | State::Opening(Opening { way: Way::Out(_), .. }) => {
                News::Failed(RingFailure::Unreachable)
            }
            State::Opening(_) | State::Answered(_) | State::Talking(_) | State::Closing | State::Over => {
                News::Gone(how)
            }
        }
    }

    /// The SIP usage that it has now.
    pub(super) fn invite(&self) -> Option<InviteId> {
        self.state.invite()
    }

    /// Whether it can be spoken with.
    pub(super) fn is_up(&self) -> bool {
        matches!(self.state, State::Talking(_))
    }

    /// Whether somebody has answered, we or they, and would be left alone without a BYE.
    pub(super) fn is_answered(&self) -> bool {
        matches!(self.state, State::Answered(_) | State::Talking(_))
    }

    /// Whether it is not over.
    pub(super) fn is_alive(&self) -> bool {
        self.state.is_alive()
    }

    /// What was settled, so far.
    pub(super) fn terms(&self) -> Option<Negotiated> {
        match &self.state {
            State::Talking(talking) => Some(talking.terms),
            State::Answered(answered) => answered.terms,
            State::Calling(calling) => calling.early,
            State::Opening(_) | State::Closing | State::Over => None,
        }
    }
}

impl State {
    fn is_alive(&self) -> bool {
        !matches!(self, Self::Closing | Self::Over)
    }

    fn invite(&self) -> Option<InviteId> {
        match self {
            Self::Opening(Opening { way: Way::In(invite, _), .. }) => Some(*invite),
            Self::Calling(calling) => Some(calling.invite),
            Self::Answered(answered) => Some(answered.invite),
            Self::Talking(talking) => Some(talking.invite),
            Self::Opening(Opening { way: Way::Out(_), .. }) | Self::Closing | Self::Over => None,
        }
    }

    /// On other terms than before.
    fn agreed(self, terms: Negotiated) -> Self {
        match self {
            Self::Calling(calling) => Self::Calling(Calling { early: Some(terms), ..calling }),
            Self::Answered(answered) => Self::Answered(Answered { terms: Some(terms), ..answered }),
            Self::Talking(talking) => Self::Talking(Talking { terms, ..talking }),
            Self::Opening(_) | Self::Closing | Self::Over => self,
        }
    }

    /// Ends the SIP usage and closes the media.
    fn close(self, common: &mut Common, line: &Line, reason: Option<&str>) -> Self {
        if !self.is_alive() {
            return self;
        }
        if let Some(invite) = self.invite() {
            common.hang_up(invite, reason);
        }
        common.media(MediaCommand::Close(line.session));
        Self::Closing
    }
}

impl Opening {
    fn opened(self, common: &mut Common, seat: Seat, line: &mut Line) -> (State, Option<News>) {
        match self.way {
            Way::In(invite, offer) => Answered::begin(common, line, invite, offer.as_deref()),
            Way::Out(invitation) => (Calling::begin(common, seat, line, *invitation), None),
        }
    }

    /// Another program has the port: another, or none.
    fn another_port(self, common: &mut Common, seat: Seat, line: &mut Line) -> (State, Option<News>) {
        common.forget_session(line);
        let reached = Some(line.local.address);
        let another = if self.tries < PORT_TRIES_MAX {
            common.new_line(line.session.worker, reached, line.peer)
        } else {
            None
        };
        if let Some(another) = another {
            *line = another;
            common.open(seat, line);
            return (State::Opening(Self { tries: self.tries + 1, ..self }), None);
        }
        common.alarm(Text::word("no RTP port could be bound"));
        match self.way {
            Way::In(invite, _) => {
                incoming::refuse(common, invite, 503);
                (State::Over, Some(News::Refused(503, "no RTP port could be bound")))
            }
            Way::Out(_) => (State::Over, Some(News::Failed(RingFailure::Unreachable))),
        }
    }
}

impl Role {
    /// The agent or the outside whose telephone it is; none of the caller's own.
    pub(super) fn party(&self) -> Option<&Name> {
        match self {
            Self::Agent { name, .. } | Self::Outside(name) => Some(name),
            Self::Caller | Self::CalledBack => None,
        }
    }

    /// The agent whose telephone it is.
    pub(super) fn agent(&self) -> Option<&Name> {
        match self {
            Self::Agent { name, .. } => Some(name),
            Self::Caller | Self::CalledBack | Self::Outside(_) => None,
        }
    }

    /// The floor has its agent back, if it is one's.
    pub(super) fn free(&self, common: &mut Common) {
        if let Some(agent) = self.agent() {
            common.floor.hung_up(common.now.at, agent);
        }
    }

    /// The key by which it takes the call.
    pub(super) fn accept(&self) -> Option<Digit> {
        match self {
            Self::Agent { accept, .. } => *accept,
            Self::Caller | Self::CalledBack | Self::Outside(_) => None,
        }
    }
}
