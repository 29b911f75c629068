//! Our own registrations at operators: RFC 3261 §10.2. Each is refreshed well before its end; each failure waits longer
//! than the last, with jitter, so that a thousand servers do not come back to a restarted operator in the same second.

use std::collections::BTreeMap;

use super::digest;
use super::endpoint::wire::Wire;
use super::endpoint::{Config, Event, Registration, TrunkState};
use super::invite::errand::Errand;
use super::message::{Contacts, HeaderName, Method, NameAddr, Response, Uri};
use super::path::Path;
use super::transport::{ConnectionId, Protocol};
use crate::base::limit::TOLD_CHARS_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant};

/// First pause after a failure.
const BACK_OFF_MIN: Duration = Duration::from_secs(30);
/// Longest pause: an operator that is back is found within five minutes.
const BACK_OFF_MAX: Duration = Duration::from_secs(5 * 60);
/// Longest pause that an operator may ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(30 * 60);
/// A registration whose stream is gone is made again within this and half a second.
const REOPEN_MAX_MS: u64 = 2_500;
/// Challenges and other reasons to ask again at once, before it counts as a failure.
const TRIES_MAX: u8 = 3;

/// All registrations.
#[derive(Debug, Default)]
pub(crate) struct Trunks {
    lines: BTreeMap<Name, Line>,
}

/// One registration.
#[derive(Debug)]
struct Line {
    registration: Registration,
    call_id: String,
    tag: String,
    sequence: u32,
    expires: u32,
    /// The operator's last challenge, which also serves the refreshes (RFC 7616 §3.3 `nc`).
    challenge: Option<Challenge>,
    back_off: Duration,
    /// Which of the registrar's addresses is asked.
    place: usize,
    state: State,
    /// Our Contact as it was said last: others of the account may stand beside it in the answer.
    said: String,
    /// The stream that the operator confirmed it on: calls come by it (RFC 5626 §4.2).
    stream: Option<ConnectionId>,
}

#[derive(Debug)]
struct Challenge {
    header: HeaderName,
    values: Vec<String>,
    uses: u32,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum State {
    /// To be registered at this moment; whether a binding stands meanwhile.
    Waiting { at: Instant, is_bound: bool },
    /// Asked, for the nth time without a pause.
    Asking { tries: u8 },
    /// To be forgotten when the answer to the last REGISTER (expires 0) has come.
    Leaving { tries: u8 },
}

impl Trunks {
    /// Takes the registrations of a configuration: those that are new or changed register, those that are gone
    /// unregister.
    pub(crate) fn configure(&mut self, now: Instant, wire: &mut Wire, config: &Config) {
        let names: Vec<Name> = self.lines.keys().cloned().collect();
        for name in names {
            if !config.registrations.contains_key(&name) {
                self.unregister(now, wire, &name);
            }
        }
        for (name, registration) in &config.registrations {
            let is_same = self.lines.get(name).is_some_and(|line| {
                same(&line.registration, registration) && !matches!(line.state, State::Leaving { .. })
            });
            match self.lines.get_mut(name).filter(|_| is_same) {
                // Who reads the site again waits for it.
                Some(Line { state: State::Waiting { at, is_bound: false }, .. }) => *at = now,
                Some(_) => {}
                None => drop(self.lines.insert(name.clone(), Line::new(now, wire, registration.clone()))),
            }
        }
    }

    /// Unregisters everywhere.
    pub(crate) fn close(&mut self, now: Instant, wire: &mut Wire) {
        let names: Vec<Name> = self.lines.keys().cloned().collect();
        for name in names {
            self.unregister(now, wire, &name);
        }
    }

    /// Whether an operator has still to hear, or to confirm, that we are gone.
    pub(crate) fn is_leaving(&self) -> bool {
        self.lines.values().any(|line| matches!(line.state, State::Leaving { .. }))
    }

    /// The next moment that a registration waits for.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        // A handful of trunks: no queue is needed.
        self.lines.values().filter_map(Line::due).min()
    }

    /// Registers where it is time to.
    pub(crate) fn wake(&mut self, now: Instant, wire: &mut Wire) {
        for (name, line) in &mut self.lines {
            if line.due().is_some_and(|at| at <= now) {
                line.state = State::Asking { tries: 1 };
                line.ask(now, wire, name, line.expires);
            }
        }
    }

    /// A stream is gone: who has registered by it registers again, not all in the same second.
    pub(crate) fn closed(&mut self, now: Instant, wire: &mut Wire, connection: ConnectionId) {
        for line in self.lines.values_mut().filter(|line| line.stream == Some(connection)) {
            line.stream = None;
            if let State::Waiting { at, is_bound: true } = &mut line.state {
                *at = (*at).min(now + Duration::from_millis(500 + wire.rng.below(REOPEN_MAX_MS)));
            }
        }
    }

    /// Whether an operator reaches us by this stream.
    pub(crate) fn needs(&self, connection: ConnectionId) -> bool {
        self.lines.values().any(|line| line.stream == Some(connection))
    }

    /// A final response to a REGISTER of ours, and the stream that it came by.
    pub(crate) fn answered(
        &mut self,
        now: Instant,
        wire: &mut Wire,
        name: &Name,
        (response, stream): (&Response, Option<ConnectionId>),
    ) {
        let Some(line) = self.lines.get_mut(name) else { return };
        if response.cseq().number != line.sequence || response.call_id() != line.call_id {
            return;
        }
        match line.state {
            State::Waiting { .. } => {}
            State::Asking { tries } => {
                line.stream = stream;
                line.asked(now, wire, name, response, tries);
            }
            State::Leaving { tries } => {
                if tries < TRIES_MAX && line.is_challenged(response) {
                    line.state = State::Leaving { tries: tries + 1 };
                    line.ask(now, wire, name, 0);
                } else {
                    self.lines.remove(name);
                }
            }
        }
    }

    /// A REGISTER of ours got no answer, or could not be sent.
    pub(crate) fn failed(&mut self, now: Instant, wire: &mut Wire, name: &Name) {
        match self.lines.get_mut(name) {
            Some(line) if matches!(line.state, State::Asking { .. }) => line.unheard(now, wire, name),
            Some(line) if matches!(line.state, State::Leaving { .. }) => {
                self.lines.remove(name);
            }
            Some(_) | None => {}
        }
    }

    fn unregister(&mut self, now: Instant, wire: &mut Wire, name: &Name) {
        let Some(line) = self.lines.get_mut(name) else { return };
        match line.state {
            State::Waiting { is_bound: false, .. } => {
                self.lines.remove(name);
            }
            // A REGISTER under way may still succeed: it is undone by the next number.
            State::Waiting { is_bound: true, .. } | State::Asking { .. } => {
                line.state = State::Leaving { tries: 1 };
                line.ask(now, wire, name, 0);
            }
            State::Leaving { .. } => {}
        }
    }
}

impl Line {
    fn new(now: Instant, wire: &mut Wire, registration: Registration) -> Self {
        let expires = u32::try_from(registration.expires.as_secs()).unwrap_or(u32::MAX);
        Self {
            registration,
            call_id: wire.rng.hex(16),
            tag: wire.tag(),
            sequence: 0,
            expires,
            challenge: None,
            back_off: BACK_OFF_MIN,
            place: 0,
            state: State::Waiting { at: now, is_bound: false },
            said: String::new(),
            stream: None,
        }
    }

    fn due(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { at, .. } => Some(at),
            State::Asking { .. } | State::Leaving { .. } => None,
        }
    }

    fn ask(&mut self, now: Instant, wire: &mut Wire, name: &Name, expires: u32) {
        let registration = &self.registration;
        let path = Path {
            protocol: registration.protocol,
            local: None,
            remote: registration.addresses[self.place % registration.addresses.len()],
            connection: None,
        };
        self.sequence += 1;
        self.said = self.contact(wire, path);
        let registration = &self.registration;
        let address = self.address();
        let (builder, branch) = wire.compose(&Method::Register, &registration.registrar, path);
        let mut builder = builder
            .header(HeaderName::From, format!("<{address}>;tag={}", self.tag))
            .header(HeaderName::To, format!("<{address}>"))
            .header(HeaderName::CallId, &self.call_id)
            .header(HeaderName::CSeq, format!("{} REGISTER", self.sequence))
            .header(HeaderName::Contact, &self.said)
            .header(HeaderName::Expires, expires.to_string());
        if let Some(challenge) = &mut self.challenge {
            challenge.uses += 1;
            let answer = digest::answer(
                challenge.values.iter().map(String::as_str),
                &registration.credentials,
                &Method::Register,
                &registration.registrar,
                b"",
                &wire.rng.hex(8),
                challenge.uses,
            );
            if let Some(answer) = answer {
                builder = builder.header(challenge.header, answer);
            }
        }
        let errand = Errand::Register(name.clone());
        let sent = wire.request(now, (&branch, &Method::Register, path), builder.build(), errand);
        if sent.is_none() {
            self.fail(now, wire, name, Failed { status: 503, ..Failed::default() });
        }
    }

    /// Nothing came back: another address of the registrar is asked (RFC 3263 §4.3); when all were, it has failed.
    fn unheard(&mut self, now: Instant, wire: &mut Wire, name: &Name) {
        self.place = (self.place + 1) % self.registration.addresses.len();
        if self.place == 0 {
            return self.fail(now, wire, name, Failed::default());
        }
        self.challenge = None;
        self.state = State::Asking { tries: 1 };
        self.ask(now, wire, name, self.expires);
    }

    fn asked(&mut self, now: Instant, wire: &mut Wire, name: &Name, response: &Response, tries: u8) {
        let again = match response.status() {
            200..=299 => return self.succeed(now, wire, name, response),
            401 | 407 => self.is_challenged(response),
            423 => match response.headers().min_expires() {
                Some(least) if least > self.expires => {
                    self.expires = least;
                    true
                }
                Some(_) | None => false,
            },
            _ => false,
        };
        if again && tries < TRIES_MAX {
            self.state = State::Asking { tries: tries + 1 };
            self.ask(now, wire, name, self.expires);
        } else {
            let (status, phrase) = (response.status(), response.reason());
            let retry_after = response.headers().retry_after();
            self.fail(now, wire, name, Failed { status, phrase: &phrase, retry_after });
        }
    }

    /// Whether a response is a challenge that we have not failed already; keeps it.
    fn is_challenged(&mut self, response: &Response) -> bool {
        let (asked, header) = match response.status() {
            401 => (HeaderName::WwwAuthenticate, HeaderName::Authorization),
            407 => (HeaderName::ProxyAuthenticate, HeaderName::ProxyAuthorization),
            _ => return false,
        };
        let values: Vec<String> = response.headers().all(asked).map(Into::into).collect();
        let nonces = |values: &[String]| -> Vec<String> {
            values.iter().flat_map(|line| digest::Challenge::all(line)).map(|it| it.nonce).collect()
        };
        let is_stale = values.iter().flat_map(|line| digest::Challenge::all(line)).any(|it| it.stale);
        // A fresh nonce after a first use is a wrong password, unless it says stale.
        let is_failure = self.challenge.as_ref().is_some_and(|known| known.uses == 1 && !is_stale);
        let is_same = self.challenge.as_ref().is_some_and(|known| nonces(&known.values) == nonces(&values));
        self.challenge = Some(Challenge { header, values, uses: 0 });
        !is_failure && !is_same
    }

    fn succeed(&mut self, now: Instant, wire: &mut Wire, name: &Name, response: &Response) {
        let granted = self.granted(response).max(1);
        let whole = Duration::from_secs(granted.into());
        // Long before the end: a refresh that is lost has time for its repeats (timer F is 32 s).
        let wait = if granted > 600 { whole * 9 / 10 } else { whole / 2 };
        let jitter = Duration::from_millis(wire.rng.below(wait.as_millis() as u64 / 20 + 1));
        self.back_off = BACK_OFF_MIN;
        self.state = State::Waiting { at: now + (wait - jitter), is_bound: true };
        wire.emit(Event::Trunk(name.clone(), TrunkState::Registered(whole)));
    }

    fn fail(&mut self, now: Instant, wire: &mut Wire, name: &Name, failed: Failed<'_>) {
        let Failed { status, phrase, retry_after } = failed;
        let least = Duration::from_secs(retry_after.unwrap_or(0).into()).min(RETRY_AFTER_MAX);
        // 80 to 120 %; never before the operator said, up to a tenth later.
        let delay = self.back_off * (800 + wire.rng.below(401) as u32) / 1_000;
        let delay = delay.max(least + least * wire.rng.below(101) as u32 / 1_000);
        self.back_off = (self.back_off * 2).min(BACK_OFF_MAX);
        self.challenge = None;
        self.state = State::Waiting { at: now + delay, is_bound: false };
        let phrase: String = phrase.chars().filter(|c| !c.is_control()).take(TOLD_CHARS_MAX).collect();
        wire.emit(Event::Trunk(name.clone(), TrunkState::Failing { status, phrase, again: delay }));
    }

    /// For how long our Contact is bound: RFC 3261 §10.2.4.
    fn granted(&self, response: &Response) -> u32 {
        let user = &self.registration.credentials.user;
        let said = NameAddr::parse(&self.said);
        let is_ours =
            |contact: &NameAddr| said.as_ref().is_some_and(|it| it.uri().is_equivalent(contact.uri()));
        let own = match response.headers().contacts() {
            // An operator may write our address as it sees it; then the user tells.
            Ok(Contacts::List(list)) => {
                let ours = list.iter().find(|contact| is_ours(contact));
                let named = || list.iter().find(|contact| contact.uri().user().is_some_and(|it| it == *user));
                ours.or_else(named).and_then(NameAddr::expires)
            }
            Ok(Contacts::All) | Err(_) => None,
        };
        own.or_else(|| response.headers().expires()).unwrap_or(self.expires)
    }

    fn address(&self) -> String {
        let registrar = &self.registration.registrar;
        let host = Uri::parse(registrar).and_then(|uri| uri.as_sip().map(|sip| sip.host().to_owned()));
        format!("sip:{}@{}", self.registration.credentials.user, host.as_deref().unwrap_or("invalid"))
    }

    fn contact(&self, wire: &Wire, path: Path) -> String {
        let transport = match path.protocol {
            Protocol::Udp => "",
            Protocol::Tcp => ";transport=tcp",
        };
        format!("<sip:{}@{}{transport}>", self.registration.credentials.user, wire.host(path))
    }
}

/// What became of a REGISTER; nothing came back, unless it says otherwise.
#[derive(Copy, Clone, Default)]
struct Failed<'a> {
    status: u16,
    phrase: &'a str,
    retry_after: Option<u32>,
}

fn same(a: &Registration, b: &Registration) -> bool {
    (&a.registrar, &a.addresses, a.protocol, &a.credentials, a.expires)
        == (&b.registrar, &b.addresses, b.protocol, &b.credentials, b.expires)
}
