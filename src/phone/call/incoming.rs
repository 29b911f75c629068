//! What comes from the other side of a call: responses to what we asked, and requests of theirs.

use crate::base::digit::Digit;
use crate::base::time::Instant;
use crate::phone::call::{Call, Cancel, End, Event, Output, State, Talking};
use crate::phone::digest::Challenge;
use crate::phone::message::{Message, Method};
use crate::phone::repeat::{PATIENCE, Repeat};

impl Call {
    pub(super) fn response(&mut self, now: Instant, status: u16, response: &Message) {
        let (cseq, method) = response.cseq();
        match (&mut self.state, method) {
            (State::Calling(calling), Method::Invite)
                if response.branch().as_deref() == Some(&calling.branch) =>
            {
                self.invite_response(now, status, response);
            }
            (State::Calling(calling), Method::Cancel) if status >= 200 => {
                // The CANCEL is answered; the 487 to the INVITE is still to come.
                if let Cancel::Sent(repeat) = &mut calling.cancel {
                    repeat.settle(now + PATIENCE);
                }
            }
            (State::Talking(talking), Method::Invite) if (200..300).contains(&status) => {
                if let Some((_, ack)) = talking.ack.clone().filter(|(number, _)| *number == cseq) {
                    self.send(ack);
                }
            }
            (State::Talking(talking), Method::Info)
                if status >= 200 && talking.info.as_ref().is_some_and(|(number, _)| *number == cseq) =>
            {
                talking.info = None;
                self.next_info(now);
            }
            (State::Leaving(_, end), Method::Bye) if status >= 200 => {
                let end = end.clone();
                self.end(end, None);
            }
            (State::Over(over), Method::Invite) if status >= 200 => {
                if let Some(ack) = over.ack.clone() {
                    self.send(ack);
                }
            }
            _ => {}
        }
    }

    fn invite_response(&mut self, now: Instant, status: u16, response: &Message) {
        let State::Calling(calling) = &mut self.state else { return };
        match status {
            100..=199 => {
                calling.progress = true;
                if matches!(calling.cancel, Cancel::No | Cancel::Wanted) {
                    // A server may let it ring for minutes; our own patience is the script's.
                    calling.repeat.settle(now + PATIENCE * 10);
                }
                if matches!(calling.cancel, Cancel::Wanted) {
                    self.cancel(now);
                }
                self.tell(Event::Progress(status, response.sdp().map(String::from)));
            }
            200..=299 => {
                let cancelled = !matches!(calling.cancel, Cancel::No);
                self.dialog.learn(response);
                let branch = self.branch();
                let cseq = self.dialog.cseq;
                let ack = self.dialog.request(&self.line, Method::Ack, cseq, &branch, None);
                let Ok(ack) = ack else { return self.end(End::Refused(status), None) };
                self.send(ack.clone());
                self.state = State::Talking(Talking { ack: Some((cseq, ack)), ..Talking::default() });
                if cancelled {
                    // Our CANCEL came too late: the call is up, and a BYE takes it down (RFC 3261 §9.1).
                    self.leave(now, End::Cancelled);
                } else {
                    self.tell(Event::Answered(response.sdp().map(String::from)));
                }
            }
            401 | 407 if !calling.challenged && self.line.credentials.is_some() => {
                self.authorize(now, response);
            }
            _ => {
                let cancelled = !matches!(calling.cancel, Cancel::No) && status == 487;
                let ack = self.beside_invite(Method::Ack, response.to());
                self.out.extend(ack.clone().map(Output::Send));
                self.end(if cancelled { End::Cancelled } else { End::Refused(status) }, ack);
            }
        }
    }

    /// The INVITE again, with the answer to the first challenge that we understand (RFC 3261 §22.2, RFC 8760 §2.4).
    fn authorize(&mut self, now: Instant, response: &Message) {
        let ack = self.beside_invite(Method::Ack, response.to());
        self.out.extend(ack.clone().map(Output::Send));
        let status = response.status().unwrap_or_default();
        let State::Calling(calling) = &mut self.state else { return };
        calling.challenged = true;
        let uri = calling.uri.clone();
        let challenges = response.challenges();
        let known = challenges.iter().find_map(|(proxy, value)| Some((*proxy, Challenge::read(value)?)));
        let (Some((proxy, challenge)), Some(who)) = (known, self.line.credentials.clone()) else {
            return self.end(End::Refused(status), ack);
        };
        let value = challenge.answer(&who, "INVITE", &uri, &self.rng.hex(8), 1);
        match self.invite(&uri, Some((proxy, &value))) {
            Ok((bytes, branch)) => {
                if let State::Calling(calling) = &mut self.state {
                    calling.branch = branch;
                    calling.repeat = Repeat::invite(bytes.clone(), self.line.transport, now);
                    calling.progress = false;
                }
                self.send(bytes);
            }
            Err(_) => self.end(End::Refused(status), ack),
        }
    }

    pub(super) fn request(&mut self, now: Instant, method: Method, request: &Message) {
        let (cseq, _) = request.cseq();
        if let Some((_, _, bytes)) = self.answered.clone().filter(|(n, m, _)| (*n, *m) == (cseq, method)) {
            return self.send(bytes);
        }
        match method {
            Method::Ack => self.acknowledged(request),
            Method::Invite => self.invited(request),
            Method::Cancel => self.cancelled(now, request),
            Method::Bye => {
                self.answer(request, 200);
                if !matches!(self.state, State::Over(_)) {
                    self.end(End::HungUpThere, None);
                }
            }
            _ if self.is_over() => self.answer(request, 481),
            Method::Info => {
                self.answer(request, 200);
                // The text of the body is small and its form is fixed: application/dtmf-relay.
                if let Some(key) = relayed_key(request) {
                    self.tell(Event::Key(key));
                }
            }
            Method::Options | Method::Update | Method::Notify | Method::Message => {
                // An UPDATE that offers is not what this phone does; one that only refreshes the session is.
                self.answer(request, if request.sdp().is_some() { 488 } else { 200 });
            }
            _ => self.answer(request, 405),
        }
    }

    fn answer(&mut self, request: &Message, status: u16) {
        let bytes = request.answer(status, &self.dialog.tag, None, None);
        let (cseq, method) = request.cseq();
        self.answered = Some((cseq, method, bytes.clone()));
        self.send(bytes);
    }

    fn acknowledged(&mut self, ack: &Message) {
        match &mut self.state {
            State::Talking(talking) => {
                let (cseq, _) = ack.cseq();
                if talking.unacknowledged.as_ref().is_some_and(|(number, _)| *number == cseq) {
                    talking.unacknowledged = None;
                    self.tell(Event::Confirmed(ack.sdp().map(String::from)));
                }
            }
            State::Refusing(_, end) => {
                let end = end.clone();
                self.end(end, None);
            }
            _ => {}
        }
    }

    fn invited(&mut self, invite: &Message) {
        let (cseq, _) = invite.cseq();
        match &mut self.state {
            State::Ringing(ringing) => {
                let again = ringing.last.clone();
                self.send(again);
            }
            State::Talking(talking) => {
                if let Some((_, ok)) = talking.unacknowledged.as_ref().filter(|(n, _)| *n == cseq) {
                    let again = ok.bytes().to_vec();
                    return self.send(again);
                }
                if let Some(asked) = &talking.reinvite {
                    if asked.cseq().0 != cseq {
                        let busy = invite.answer(491, &self.dialog.tag, None, None);
                        self.send(busy);
                    }
                    return;
                }
                talking.reinvite = Some(invite.clone());
                if let Some(target) = invite.contact() {
                    self.dialog.target = target;
                }
                self.tell(Event::Reoffered(invite.sdp().map(String::from)));
            }
            State::Refusing(repeat, _) => {
                let again = repeat.bytes().to_vec();
                self.send(again);
            }
            State::Calling(_) | State::Leaving(..) | State::Over(_) => {
                let none = invite.answer(481, &self.dialog.tag, None, None);
                self.send(none);
            }
        }
    }

    fn cancelled(&mut self, now: Instant, cancel: &Message) {
        self.answer(cancel, 200);
        if let State::Ringing(ringing) = &self.state {
            let bytes = ringing.invite.answer(487, &self.dialog.tag, None, None);
            self.refuse_with(now, bytes, End::Cancelled);
        }
    }
}

fn relayed_key(request: &Message) -> Option<Digit> {
    let line = request.text().lines().find_map(|line| line.trim().strip_prefix("Signal="))?;
    Digit::from_char(line.trim().chars().next()?)
}
