//! One call of the phone, as a value: it takes messages and moments, and gives what is to be sent and told.
//!
//! It holds no socket and reads no clock, so that one task can carry a thousand of them (`phone/load.rs`) and a test
//! can lead one by the hand. It does not read session descriptions: whoever drives it does (`phone/handset.rs`).
//! Read first: RFC 3261 §13 to §15 and §17.

mod incoming;

use std::collections::VecDeque;

use crate::base::digit::Digit;
use crate::base::rng::Rng;
use crate::base::time::Instant;
use crate::phone::dialog::{Dialog, Line};
use crate::phone::message::{DTMF_RELAY, Message, Method, Outgoing, SDP, Unreadable, reason};
use crate::phone::repeat::{Beat, PATIENCE, Repeat};

/// A call, from its INVITE to its end and a little beyond.
#[derive(Debug)]
pub(crate) struct Call {
    line: Line,
    dialog: Dialog,
    /// Our session description: the offer, or the answer.
    sdp: String,
    rng: Rng,
    state: State,
    out: VecDeque<Output>,
    /// The last answer to a request of theirs inside the dialog, for its repeats.
    answered: Option<(u32, Method, Vec<u8>)>,
}

/// What the call wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Send this to the server.
    Send(Vec<u8>),
    /// Tell this to whoever holds the phone.
    Tell(Event),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A 1xx, with a session description when there is early media.
    Progress(u16, Option<String>),
    /// They have answered our INVITE: their answer, or none when it is missing.
    Answered(Option<String>),
    /// They are calling: their offer, or none when we are to offer. Answered by [`Call::accept`].
    Rung(Option<String>),
    /// They offer anew within the call. Answered by [`Call::accept`].
    Reoffered(Option<String>),
    /// Our 200 has been acknowledged; with their answer when we had offered.
    Confirmed(Option<String>),
    /// A key that they sent by INFO.
    Key(Digit),
    /// It is over.
    Ended(End),
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// We hung up.
    HungUp,
    /// They hung up.
    HungUpThere,
    /// The INVITE was refused.
    Refused(u16),
    /// The INVITE was taken back before it was answered, by either side.
    Cancelled,
    /// Nobody answered a message of ours for 32 s: which.
    Silence(&'static str),
}

#[derive(Debug)]
enum State {
    Calling(Calling),
    Ringing(Ringing),
    Talking(Talking),
    /// We have refused their INVITE and wait for the ACK.
    Refusing(Repeat, End),
    /// We have sent a BYE.
    Leaving(Repeat, End),
    Over(Over),
}

/// Our INVITE is under way.
#[derive(Debug)]
struct Calling {
    repeat: Repeat,
    branch: String,
    cancel: Cancel,
    progress: bool,
    challenged: bool,
    uri: String,
}

#[derive(Debug)]
enum Cancel {
    No,
    /// Wanted before anything was heard: a CANCEL must wait for a 1xx (RFC 3261 §9.1).
    Wanted,
    Sent(Repeat),
}

/// Their INVITE is not answered yet.
#[derive(Debug)]
struct Ringing {
    invite: Message,
    last: Vec<u8>,
}

#[derive(Debug, Default)]
struct Talking {
    /// Our ACK, for a 200 that comes again.
    ack: Option<(u32, Vec<u8>)>,
    /// Our 200 that still lacks its ACK.
    unacknowledged: Option<(u32, Repeat)>,
    /// Their re-INVITE, until [`Call::accept`].
    reinvite: Option<Message>,
    /// Our INFO that is under way.
    info: Option<(u32, Repeat)>,
    keys: VecDeque<Digit>,
}

/// Only repeats are answered now.
#[derive(Debug, Default)]
struct Over {
    ack: Option<Vec<u8>>,
}

impl Call {
    /// Calls `target` (a SIP URI) and offers `sdp`.
    pub(crate) fn dial(
        line: Line,
        target: &str,
        sdp: String,
        rng: Rng,
        now: Instant,
    ) -> Result<Self, Unreadable> {
        let mut rng = rng;
        let call_id = format!("{}@{}", rng.hex(12), line.local.ip());
        let dialog = Dialog::caller(&line, target, call_id, rng.hex(6));
        let state = State::Over(Over::default());
        let mut call = Self { line, dialog, sdp, rng, state, out: VecDeque::new(), answered: None };
        let (bytes, branch) = call.invite(target, None)?;
        call.state = State::Calling(Calling {
            repeat: Repeat::invite(bytes.clone(), call.line.transport, now),
            branch,
            cancel: Cancel::No,
            progress: false,
            challenged: false,
            uri: target.to_string(),
        });
        call.send(bytes);
        Ok(call)
    }

    /// Takes an INVITE that came, and rings (180).
    pub(crate) fn ring(line: Line, invite: Message, rng: Rng) -> Self {
        let mut rng = rng;
        let dialog = Dialog::called(&invite, rng.hex(6));
        let last = invite.answer(180, &dialog.tag, Some(&line.contact()), None);
        let offer = invite.sdp().map(String::from);
        let state = State::Ringing(Ringing { invite, last: last.clone() });
        let sdp = String::new();
        let mut call = Self { line, dialog, sdp, rng, state, out: VecDeque::new(), answered: None };
        call.send(last);
        call.tell(Event::Rung(offer));
        call
    }

    /// Whether a message belongs to this call.
    pub(crate) fn owns(&self, message: &Message) -> bool {
        message.call_id() == self.dialog.call_id
    }

    /// The Call-ID.
    pub(crate) fn call_id(&self) -> &str {
        &self.dialog.call_id
    }

    /// Answers their INVITE or re-INVITE with 200 and our session description.
    pub(crate) fn accept(&mut self, now: Instant, sdp: String) {
        self.sdp = sdp;
        let invite = match &mut self.state {
            State::Ringing(ringing) => ringing.invite.clone(),
            State::Talking(talking) => match talking.reinvite.take() {
                Some(invite) => invite,
                None => return,
            },
            _ => return,
        };
        let ok = invite.answer(200, &self.dialog.tag, Some(&self.line.contact()), Some(&self.sdp));
        let unacknowledged = Some((invite.cseq().0, Repeat::success(ok.clone(), now)));
        match &mut self.state {
            State::Talking(talking) => talking.unacknowledged = unacknowledged,
            _ => self.state = State::Talking(Talking { unacknowledged, ..Talking::default() }),
        }
        self.send(ok);
    }

    /// Refuses their INVITE, or their re-INVITE: the call then goes on as it was.
    pub(crate) fn refuse(&mut self, now: Instant, status: u16) {
        match &mut self.state {
            State::Ringing(ringing) => {
                let bytes = ringing.invite.answer(status, &self.dialog.tag, None, None);
                self.refuse_with(now, bytes, End::Refused(status));
            }
            State::Talking(talking) => {
                if let Some(invite) = talking.reinvite.take() {
                    let bytes = invite.answer(status, &self.dialog.tag, None, None);
                    self.send(bytes);
                }
            }
            _ => {}
        }
    }

    /// Ends the call, by whatever its state asks for: CANCEL, 486 or BYE.
    pub(crate) fn hang_up(&mut self, now: Instant) {
        match &mut self.state {
            State::Calling(calling) => match calling.cancel {
                Cancel::No if calling.progress => self.cancel(now),
                Cancel::No => calling.cancel = Cancel::Wanted,
                Cancel::Wanted | Cancel::Sent(_) => {}
            },
            State::Ringing(_) => self.refuse(now, 486),
            State::Talking(_) => self.leave(now, End::HungUp),
            State::Refusing(..) | State::Leaving(..) | State::Over(_) => {}
        }
    }

    /// Sends a key by INFO (application/dtmf-relay), after those that are still under way.
    pub(crate) fn info(&mut self, now: Instant, key: Digit) {
        if let State::Talking(talking) = &mut self.state {
            talking.keys.push_back(key);
            self.next_info(now);
        }
    }

    /// A message of this call has come.
    pub(crate) fn message(&mut self, now: Instant, message: &Message) {
        match (message.method(), message.status()) {
            (Some(method), _) => self.request(now, method, message),
            (None, Some(status)) => self.response(now, status, message),
            (None, None) => {}
        }
    }

    /// When to call [`Call::tick`].
    pub(crate) fn wake(&self) -> Option<Instant> {
        match &self.state {
            State::Calling(calling) => match &calling.cancel {
                Cancel::Sent(cancel) => Some(cancel.wake().min(calling.repeat.wake())),
                Cancel::No | Cancel::Wanted => Some(calling.repeat.wake()),
            },
            State::Ringing(_) | State::Over(_) => None,
            State::Talking(talking) => {
                let own = [talking.unacknowledged.as_ref(), talking.info.as_ref()];
                own.into_iter().flatten().map(|(_, repeat)| repeat.wake()).min()
            }
            State::Refusing(repeat, _) | State::Leaving(repeat, _) => Some(repeat.wake()),
        }
    }

    /// A moment has come.
    pub(crate) fn tick(&mut self, now: Instant) {
        match &mut self.state {
            State::Calling(calling) => {
                let beat = calling.repeat.tick(now);
                let cancel = match &mut calling.cancel {
                    Cancel::Sent(repeat) => repeat.tick(now),
                    Cancel::No | Cancel::Wanted => Beat::Quiet,
                };
                let why = if calling.progress { "the INVITE, after its 1xx" } else { "the INVITE" };
                self.beat(beat, why);
                self.beat(cancel, "the CANCEL");
            }
            State::Talking(talking) => {
                let ours = talking.unacknowledged.as_mut().map_or(Beat::Quiet, |(_, r)| r.tick(now));
                let info = talking.info.as_mut().map_or(Beat::Quiet, |(_, r)| r.tick(now));
                if ours == Beat::GaveUp {
                    // RFC 3261 §13.3.1.4: without its ACK the dialog is confirmed and then ended by a BYE.
                    return self.leave(now, End::Silence("the 200"));
                }
                self.beat(ours, "the 200");
                self.beat(info, "the INFO");
            }
            State::Refusing(repeat, end) | State::Leaving(repeat, end) => match repeat.tick(now) {
                Beat::GaveUp => {
                    let end = end.clone();
                    self.end(end, None);
                }
                beat => self.beat(beat, "the BYE"),
            },
            State::Ringing(_) | State::Over(_) => {}
        }
    }

    /// What is to be done, until there is nothing more.
    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Whether [`Event::Ended`] has been told.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Over(_))
    }

    fn send(&mut self, bytes: Vec<u8>) {
        self.out.push_back(Output::Send(bytes));
    }

    fn tell(&mut self, event: Event) {
        self.out.push_back(Output::Tell(event));
    }

    fn branch(&mut self) -> String {
        format!("z9hG4bK{}", self.rng.hex(10))
    }

    fn end(&mut self, end: End, ack: Option<Vec<u8>>) {
        self.state = State::Over(Over { ack });
        self.tell(Event::Ended(end));
    }

    fn beat(&mut self, beat: Beat, what: &'static str) {
        match beat {
            Beat::Quiet => {}
            Beat::Again(bytes) => self.send(bytes),
            Beat::GaveUp => self.end(End::Silence(what), None),
        }
    }

    /// Writes an INVITE with the next CSeq and a new branch.
    fn invite(
        &mut self,
        uri: &str,
        authorization: Option<(bool, &str)>,
    ) -> Result<(Vec<u8>, String), Unreadable> {
        self.dialog.cseq += 1;
        let branch = self.branch();
        let contact = self.line.contact();
        let outgoing = Outgoing {
            method: Method::Invite,
            uri,
            transport: self.line.transport,
            sent_by: self.line.local,
            branch: &branch,
            from: &self.dialog.local,
            to: &self.dialog.remote,
            call_id: &self.dialog.call_id,
            cseq: self.dialog.cseq,
            routes: &[],
            contact: Some(&contact),
            authorization,
            expires: None,
            body: Some((SDP, &self.sdp)),
        };
        let bytes = outgoing.bytes()?;
        Ok((bytes, branch))
    }

    /// The ACK of a refusal and the CANCEL: they share the INVITE's branch (RFC 3261 §9.1, §17.1.1.3).
    fn beside_invite(&self, method: Method, to: &str) -> Option<Vec<u8>> {
        let State::Calling(calling) = &self.state else { return None };
        let outgoing = Outgoing {
            method,
            uri: &calling.uri,
            transport: self.line.transport,
            sent_by: self.line.local,
            branch: &calling.branch,
            from: &self.dialog.local,
            to,
            call_id: &self.dialog.call_id,
            cseq: self.dialog.cseq,
            routes: &[],
            contact: None,
            authorization: None,
            expires: None,
            body: None,
        };
        outgoing.bytes().ok()
    }

    fn cancel(&mut self, now: Instant) {
        let to = self.dialog.remote.clone();
        let Some(bytes) = self.beside_invite(Method::Cancel, &to) else { return };
        let repeat = Repeat::other(bytes.clone(), self.line.transport, now);
        if let State::Calling(calling) = &mut self.state {
            calling.cancel = Cancel::Sent(repeat);
            calling.repeat.settle(now + PATIENCE);
        }
        self.send(bytes);
    }

    fn leave(&mut self, now: Instant, end: End) {
        self.dialog.cseq += 1;
        let branch = self.branch();
        let bye = self.dialog.request(&self.line, Method::Bye, self.dialog.cseq, &branch, None);
        match bye {
            Ok(bye) => {
                self.state = State::Leaving(Repeat::other(bye.clone(), self.line.transport, now), end);
                self.send(bye);
            }
            // Their Contact cannot be written as a Request-URI: nothing more can be said to them.
            Err(_) => self.end(end, None),
        }
    }

    fn refuse_with(&mut self, now: Instant, bytes: Vec<u8>, end: End) {
        self.state = State::Refusing(Repeat::other(bytes.clone(), self.line.transport, now), end);
        self.send(bytes);
    }

    fn next_info(&mut self, now: Instant) {
        let branch = self.branch();
        let State::Talking(talking) = &mut self.state else { return };
        if talking.info.is_some() {
            return;
        }
        let Some(key) = talking.keys.pop_front() else { return };
        self.dialog.cseq += 1;
        let body = format!("Signal={key}\r\nDuration=100\r\n");
        let cseq = self.dialog.cseq;
        let info = self.dialog.request(&self.line, Method::Info, cseq, &branch, Some((DTMF_RELAY, &body)));
        if let Ok(bytes) = info {
            talking.info = Some((cseq, Repeat::other(bytes.clone(), self.line.transport, now)));
            self.send(bytes);
        }
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::HungUp => f.write_str("we hung up"),
            Self::HungUpThere => f.write_str("the other side hung up"),
            Self::Refused(status) => write!(f, "refused: {status} {}", reason(*status)),
            Self::Cancelled => f.write_str("cancelled before it was answered"),
            Self::Silence(what) => write!(f, "nobody answered {what} for 32 s"),
        }
    }
}

#[cfg(test)]
mod tests;
