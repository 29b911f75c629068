//! The phone tells its server where it is (REGISTER), again before that lapses, and takes it back at the end.
//! Read first: RFC 3261 §10.2.

use std::collections::VecDeque;

use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::phone::dialog::Line;
use crate::phone::digest::Challenge;
use crate::phone::message::{Message, Method, Outgoing, Unreadable};
use crate::phone::repeat::{Beat, Repeat};

/// One binding at one registrar.
#[derive(Debug)]
pub(crate) struct Registration {
    line: Line,
    registrar: String,
    call_id: String,
    tag: String,
    cseq: u32,
    seconds: u32,
    rng: Rng,
    state: State,
    out: VecDeque<Output>,
}

/// What the registration wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Send this to the server.
    Send(Vec<u8>),
    /// The binding holds, for this many seconds.
    Held(u32),
    /// The binding is taken back.
    Gone,
    /// It is refused with this status, or nobody answered (408).
    Refused(u16),
}

#[derive(Debug)]
enum State {
    Asking { repeat: Repeat, challenged: bool },
    Held { refresh: Instant },
    Over,
}

impl Registration {
    /// Registers for `seconds` at the server of `line`.
    pub(crate) fn new(line: Line, seconds: u32, rng: Rng, now: Instant) -> Result<Self, Unreadable> {
        let mut rng = rng;
        let registrar = format!("sip:{}", line.host);
        let (call_id, tag) = (rng.hex(12), rng.hex(6));
        let (state, out) = (State::Over, VecDeque::new());
        let mut own = Self { line, registrar, call_id, tag, cseq: 0, seconds, rng, state, out };
        own.ask(now, None)?;
        Ok(own)
    }

    /// Whether a response belongs to it.
    pub(crate) fn owns(&self, message: &Message) -> bool {
        message.call_id() == self.call_id
    }

    /// Takes the binding back.
    pub(crate) fn leave(&mut self, now: Instant) {
        self.seconds = 0;
        if self.ask(now, None).is_err() {
            self.over(Output::Gone);
        }
    }

    /// A response has come.
    pub(crate) fn message(&mut self, now: Instant, response: &Message) {
        let State::Asking { challenged, .. } = &mut self.state else { return };
        let Some(status) = response.status().filter(|_| response.cseq().0 == self.cseq) else { return };
        let challenged = *challenged;
        match status {
            100..=199 => {}
            200..=299 if self.seconds == 0 => self.over(Output::Gone),
            200..=299 => {
                let life = response.expires().unwrap_or(self.seconds).max(1);
                // Half of its life, so that a lost REGISTER and its repeats still come in time.
                self.state = State::Held { refresh: now + Duration::from_secs(u64::from(life)) / 2 };
                self.out.push_back(Output::Held(life));
            }
            401 | 407 if !challenged => self.authorize(now, status, response),
            423 if response.min_expires().is_some_and(|least| least > self.seconds) => {
                self.seconds = response.min_expires().unwrap_or(self.seconds);
                let _ = self.ask(now, None);
            }
            _ => self.over(Output::Refused(status)),
        }
    }

    /// When to call [`Registration::tick`].
    pub(crate) fn wake(&self) -> Option<Instant> {
        match &self.state {
            State::Asking { repeat, .. } => Some(repeat.wake()),
            State::Held { refresh } => Some(*refresh),
            State::Over => None,
        }
    }

    /// A moment has come.
    pub(crate) fn tick(&mut self, now: Instant) {
        match &mut self.state {
            State::Asking { repeat, .. } => match repeat.tick(now) {
                Beat::Quiet => {}
                Beat::Again(bytes) => self.out.push_back(Output::Send(bytes)),
                Beat::GaveUp => self.over(Output::Refused(408)),
            },
            State::Held { refresh } if now >= *refresh => {
                let _ = self.ask(now, None);
            }
            State::Held { .. } | State::Over => {}
        }
    }

    /// What is to be done, until there is nothing more.
    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Whether nothing more will happen.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    fn over(&mut self, output: Output) {
        self.state = State::Over;
        self.out.push_back(output);
    }

    fn authorize(&mut self, now: Instant, status: u16, response: &Message) {
        let challenges = response.challenges();
        let known = challenges.iter().find_map(|(proxy, value)| Some((*proxy, Challenge::read(value)?)));
        let (Some((proxy, challenge)), Some(who)) = (known, self.line.credentials.clone()) else {
            return self.over(Output::Refused(status));
        };
        let value = challenge.answer(&who, "REGISTER", &self.registrar, &self.rng.hex(8), 1);
        let _ = self.ask(now, Some((proxy, &value)));
    }

    fn ask(&mut self, now: Instant, authorization: Option<(bool, &str)>) -> Result<(), Unreadable> {
        self.cseq += 1;
        let branch = format!("z9hG4bK{}", self.rng.hex(10));
        let (address, contact) = (self.line.address(), self.line.contact());
        let outgoing = Outgoing {
            method: Method::Register,
            uri: &self.registrar,
            transport: self.line.transport,
            sent_by: self.line.local,
            branch: &branch,
            from: &format!("{address};tag={}", self.tag),
            to: &address,
            call_id: &self.call_id,
            cseq: self.cseq,
            routes: &[],
            contact: Some(&contact),
            authorization,
            expires: Some(self.seconds),
            body: None,
        };
        let bytes = outgoing.bytes()?;
        let repeat = Repeat::other(bytes.clone(), self.line.transport, now);
        self.state = State::Asking { repeat, challenged: authorization.is_some() };
        self.out.push_back(Output::Send(bytes));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pii::Secret;
    use crate::base::time::at;
    use crate::phone::digest::Credentials;
    use crate::phone::message::Transport;

    fn registration() -> Registration {
        let credentials = Some(Credentials { user: "alice".into(), password: Secret::new("secret") });
        let (local, host) = ("127.0.0.1:5090".parse().unwrap(), "127.0.0.1".to_string());
        let line = Line { transport: Transport::Udp, local, user: "alice".into(), host, credentials };
        Registration::new(line, 60, Rng::seeded(1), at(0)).unwrap()
    }

    fn sent(registration: &mut Registration) -> Message {
        match registration.poll() {
            Some(Output::Send(bytes)) => Message::read(&bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn answer(request: &Message, status: u16, header: &str) -> Message {
        let text = String::from_utf8(request.answer(status, "srv", None, None)).unwrap();
        Message::read(text.replace("Content-Length", &format!("{header}\r\nContent-Length")).as_bytes())
            .unwrap()
    }

    #[test]
    fn it_answers_the_challenge_refreshes_at_half_life_and_leaves() {
        let mut own = registration();
        let first = sent(&mut own);
        let ask = "WWW-Authenticate: Digest realm=\"svi\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
        own.message(at(10), &answer(&first, 401, ask));
        let second = sent(&mut own);
        assert_eq!(second.cseq(), (2, Method::Register));
        own.message(at(20), &answer(&second, 200, "Contact: <sip:alice@127.0.0.1:5090>;expires=40"));
        assert_eq!((own.poll(), own.wake()), (Some(Output::Held(40)), Some(at(20_020))));
        own.tick(at(20_020));
        let third = sent(&mut own);
        own.message(at(20_030), &answer(&third, 200, "Expires: 60"));
        assert_eq!(own.poll(), Some(Output::Held(60)));
        own.leave(at(30_000));
        let last = sent(&mut own);
        assert_eq!(last.expires(), Some(0));
        own.message(at(30_010), &answer(&last, 200, "Expires: 0"));
        assert_eq!((own.poll(), own.is_over()), (Some(Output::Gone), true));
    }

    #[test]
    fn a_wrong_password_is_told_and_not_tried_again() {
        let mut own = registration();
        let ask = "WWW-Authenticate: Digest realm=\"svi\", nonce=\"n\"";
        let first = sent(&mut own);
        own.message(at(10), &answer(&first, 401, ask));
        let second = sent(&mut own);
        own.message(at(20), &answer(&second, 401, ask));
        assert_eq!(own.poll(), Some(Output::Refused(401)));
        assert_eq!(own.wake(), None);
    }
}
