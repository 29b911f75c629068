//! A simulated telephone: a caller with a script, or an agent with habits. It speaks real SIP text through an endpoint of its
//! own and real RTP through a data plane of its own; only its ear and its patience are simulated.

mod habit;

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub use self::habit::{Act, Habit};
use super::ear::{Ear, Marks};
use crate::base::codec::{Direction, G711};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::pii::Secret;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant, Now};
use crate::media::plane::MediaPlane;
use crate::media::vocabulary::{MediaCommand, MediaEvent, PlayId, SessionId};
use crate::sdp::{self, Local};
use crate::sip::endpoint::{
    Config, Credentials, Endpoint, Event, Invitation, InviteId, Output, Refusal, Registration,
};
use crate::sip::transport::{Protocol, Transmit};

/// Where a phone's call stands.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Idle,
    Calling(InviteId),
    /// Rung; answers (or refuses) then.
    Rung(InviteId, Instant, Arc<[u8]>),
    Talking(InviteId, Option<Instant>),
    Over,
}

/// See the module.
pub struct Phone {
    /// Its name in ladders.
    pub name: Name,
    /// Its address.
    pub(crate) address: SocketAddr,
    /// What it has heard.
    pub ear: Ear,
    /// What it has not done yet.
    pub(crate) acts: VecDeque<Act>,
    /// The final status of its last call that failed.
    pub refused: Option<u16>,
    /// How it treats calls; a caller has none.
    habit: Option<Habit>,
    pub(super) endpoint: Endpoint,
    pub(super) plane: MediaPlane,
    state: State,
    local: Local,
    session: SessionId,
    server: SocketAddr,
    serial: u64,
    /// When it dies.
    pub(super) dies_at: Option<Instant>,
    /// When it puts its call on hold, and when it takes it back.
    holding: VecDeque<(Instant, bool)>,
    /// Until when the present act lasts.
    busy_until: Option<Instant>,
    /// Keys that are still to be pressed.
    keys: VecDeque<Digit>,
    /// Keys that it presses as soon as it has answered, besides those of its habit.
    accepts: Vec<Digit>,
    heard: usize,
    /// What it plays when it talks.
    voice: Arc<crate::audio::sound::Sound>,
    listening_from: Instant,
}

/// Two keys of a person follow each other like this.
const KEY_EVERY: Duration = Duration::from_millis(300);

impl Phone {
    /// A caller with a script.
    pub(crate) fn caller(
        number: &str,
        ip: IpAddr,
        server: SocketAddr,
        acts: Vec<Act>,
        marks: &mut Marks,
        rng: Rng,
    ) -> Self {
        let config = Config::default();
        let mut phone = Self::new(Name::from(number), ip, server, config, marks, rng);
        phone.acts = acts.into();
        phone
    }

    /// An agent whose phone registers as `account` and treats calls by habit.
    pub(crate) fn agent(
        account: &str,
        ip: IpAddr,
        server: SocketAddr,
        habit: Habit,
        marks: &mut Marks,
        rng: Rng,
    ) -> Self {
        let credentials = Credentials { user: account.to_owned(), password: Secret::new(account) };
        Self::registered(account, credentials, ip, server, habit, marks, rng)
    }

    /// A phone of this name that registers with an account of the site and treats calls by habit.
    pub(super) fn registered(
        name: &str,
        credentials: Credentials,
        ip: IpAddr,
        server: SocketAddr,
        habit: Habit,
        marks: &mut Marks,
        rng: Rng,
    ) -> Self {
        let registration = Registration {
            registrar: "sip:svi".to_owned(),
            addresses: vec![server],
            protocol: Protocol::Udp,
            credentials,
            expires: Duration::from_secs(600),
        };
        let registrations = BTreeMap::from([(Name::from(name), registration)]);
        let config = Config { registrations, ..Config::default() };
        let mut phone = Self::new(Name::from(name), ip, server, config, marks, rng);
        phone.habit = Some(habit);
        phone
    }

    /// A line outside, reached through a trunk: it treats calls by habit and registers nowhere.
    pub(crate) fn outside(
        name: &str,
        ip: IpAddr,
        server: SocketAddr,
        habit: Habit,
        marks: &mut Marks,
        rng: Rng,
    ) -> Self {
        let mut phone = Self::new(Name::from(name), ip, server, Config::default(), marks, rng);
        phone.habit = Some(habit);
        phone
    }

    fn new(
        name: Name,
        ip: IpAddr,
        server: SocketAddr,
        config: Config,
        marks: &mut Marks,
        mut rng: Rng,
    ) -> Self {
        let address = SocketAddr::new(ip, 5060);
        let config = Config { listen: vec![(Protocol::Udp, address)], realm: "svi".to_owned(), ..config };
        let voice = marks.voice(&Name::from(format!("voice:{name}")));
        let endpoint = Endpoint::new(config, rng.fork());
        let session_id = u64::from(rng.u32());
        Self {
            name,
            address,
            ear: Ear::default(),
            acts: VecDeque::new(),
            refused: None,
            habit: None,
            endpoint,
            plane: MediaPlane::new(rng),
            state: State::Idle,
            local: Local { address: ip, port: 4_000, session_id, version: session_id },
            session: SessionId { worker: 0, serial: 0 },
            server,
            serial: 0,
            dies_at: None,
            holding: VecDeque::new(),
            busy_until: None,
            keys: VecDeque::new(),
            accepts: Vec::new(),
            heard: 0,
            voice,
            listening_from: Instant::ZERO,
        }
    }

    /// Whether everything has been done and no call is left.
    pub fn is_done(&self) -> bool {
        self.acts.is_empty() && self.keys.is_empty() && matches!(self.state, State::Idle | State::Over)
    }

    /// Whether it is in a call.
    pub fn is_talking(&self) -> bool {
        matches!(self.state, State::Talking(..))
    }

    /// Whether it rings.
    pub(super) fn is_rung(&self) -> bool {
        matches!(self.state, State::Rung(..))
    }

    /// Whether its one call is over.
    pub(super) fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Whether keys are still to be pressed.
    pub(super) fn is_pressing(&self) -> bool {
        !self.keys.is_empty() || matches!(self.acts.front(), Some(Act::Press(_)))
    }

    /// Who rings picks up (and presses these keys), or refuses with a status, at this moment instead of by habit.
    pub(super) fn decide(&mut self, now: Now, refuse: Option<u16>, keys: &[Digit]) {
        if let (State::Rung(_, at, _), Some(habit)) = (&mut self.state, &mut self.habit) {
            *at = now.at;
            habit.refuse = refuse;
            self.accepts = keys.to_vec();
        }
    }

    /// Who talks hangs up at this moment.
    pub(super) fn end_talk(&mut self, now: Now) {
        if let State::Talking(_, until) = &mut self.state {
            *until = Some(now.at);
        }
    }

    /// What it says from now on, over and over.
    pub(super) fn says(&mut self, now: Now, voice: Arc<crate::audio::sound::Sound>) {
        self.voice = voice;
        if self.is_talking() {
            self.speak(now);
        }
    }

    /// Whether its script waits for something that only the server can do.
    pub fn waits_for(&self) -> Option<&Act> {
        self.acts.front()
    }

    /// When it wants to do something by itself.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let rung = match &self.state {
            State::Rung(_, at, _) => Some(*at),
            State::Talking(_, until) => *until,
            State::Idle | State::Calling(_) | State::Over => None,
        };
        let hold = self.holding.front().map(|(at, _)| *at);
        let wanted = [self.endpoint.deadline(), self.busy_until, rung, hold, self.dies_at, self.first_act()];
        wanted.into_iter().flatten().min()
    }

    fn first_act(&self) -> Option<Instant> {
        (self.state == State::Idle && !self.acts.is_empty() && self.busy_until.is_none())
            .then_some(Instant::ZERO)
    }

    /// Does what its script or habit wants now. SIP to be sent goes to `send`.
    pub(super) fn act(&mut self, now: Now, send: &mut Vec<Transmit>) {
        self.endpoint.timeout(now);
        self.drain(now, send);
        match self.state.clone() {
            State::Rung(invite, at, offer) if at <= now.at => self.pick_up(now, invite, &offer),
            State::Talking(invite, Some(until)) if until <= now.at => self.leave(now, invite),
            State::Idle | State::Calling(_) | State::Rung(..) | State::Talking(..) | State::Over => {}
        }
        if let Some((_, hold)) = self.holding.pop_front_if(|(at, _)| *at <= now.at) {
            self.hold(now, hold);
        }
        while self.next_act(now) {}
        self.drain(now, send);
    }

    /// One act of the script; false when time must pass first.
    fn next_act(&mut self, now: Now) -> bool {
        if self.busy_until.is_some_and(|until| until > now.at) {
            return false;
        }
        self.busy_until = None;
        if let Some(digit) = self.keys.pop_front() {
            self.plane.command(now.at, MediaCommand::SendDigit(self.session, digit));
            self.busy_until = Some(now.at + KEY_EVERY);
            return false;
        }
        let Some(act) = self.acts.front().cloned() else { return false };
        match act {
            Act::Dial(number) => self.dial(now, &number),
            Act::Hear(word) => match self.ear.find(&word, self.heard) {
                Some(heard) => self.heard = heard,
                None => return self.gives_up(),
            },
            Act::Press(_) | Act::Hold(_) if !self.is_talking() => return self.gives_up(),
            Act::Press(keys) => self.keys = keys.chars().filter_map(Digit::from_char).collect(),
            Act::Wait(time) => self.busy_until = Some(now.at + time),
            Act::Hold(hold) => self.hold(now, hold),
            Act::HangUp => match self.state {
                State::Calling(invite) | State::Talking(invite, _) => self.leave(now, invite),
                State::Idle | State::Rung(..) | State::Over => {}
            },
            Act::ExpectEnd if self.state == State::Over => {}
            Act::ExpectEnd => return false,
        }
        self.acts.pop_front();
        true
    }

    /// A call that is over will give nothing more to hear: the rest of the script stays undone.
    fn gives_up(&self) -> bool {
        false
    }

    fn dial(&mut self, now: Now, number: &str) {
        self.open(now);
        let target = format!("sip:{number}@{}", self.server);
        let invitation = Invitation {
            to: format!("<{target}>"),
            target,
            remote: self.server,
            protocol: Protocol::Udp,
            connection: None,
            from: format!("<sip:{}@{}>", self.name, self.address.ip()),
            headers: Vec::new(),
            credentials: None,
            offer: sdp::offer(&self.local, &G711::PREFERRED, Direction::BOTH),
            timeout: Duration::from_secs(60),
            follows: false,
        };
        self.state = State::Calling(self.endpoint.invite(now, invitation));
    }

    fn hold(&mut self, now: Now, hold: bool) {
        let State::Talking(invite, _) = self.state else { return };
        self.local.version += 1;
        // Some telephones bring music of their own, others only fall silent, and some say that they send and do not.
        let direction = match (hold, &self.habit) {
            (false, _) => Direction::BOTH,
            (true, None | Some(Habit { mute: true, .. })) => Direction::SEND_ONLY,
            (true, Some(_)) => Direction::INACTIVE,
        };
        let offer = sdp::offer(&self.local, &G711::PREFERRED, direction);
        self.endpoint.reoffer(now, invite, &offer);
    }

    fn open(&mut self, now: Now) {
        self.serial += 1;
        self.session = SessionId { worker: 0, serial: self.serial };
        self.local.port = 4_000 + 2 * (self.serial % 10_000) as u16;
        let local = SocketAddr::new(self.local.address, self.local.port);
        self.plane.command(now.at, MediaCommand::open(self.session, local, self.serial as u32));
        self.heard = self.ear.heard.len();
        self.listening_from = now.at;
    }

    fn pick_up(&mut self, now: Now, invite: InviteId, offer: &[u8]) {
        let Some(habit) = self.habit.clone() else { return };
        if let Some(status) = habit.refuse {
            self.endpoint.refuse(now, invite, Refusal { status, retry_after: None });
            self.state = State::Idle;
            return;
        }
        if !habit.early {
            self.open(now);
        }
        let Some(body) = self.settle(now, offer) else {
            self.endpoint.refuse(now, invite, Refusal { status: 488, retry_after: None });
            self.state = State::Idle;
            return;
        };
        self.endpoint.answer(now, invite, &body);
        let holds = habit.holds.map(|(after, long)| [(now.at + after, true), (now.at + after + long, false)]);
        self.holding = holds.into_iter().flatten().collect();
        self.dies_at = habit.dies.map(|after| now.at + after);
        self.state = State::Talking(invite, habit.talk.map(|talk| now.at + talk));
        self.keys =
            habit.presses.chars().filter_map(Digit::from_char).chain(self.accepts.drain(..)).collect();
        // A person listens before pressing.
        self.busy_until = Some(now.at + KEY_EVERY);
        self.speak(now);
    }

    /// Settles on an offer; gives the answer.
    fn settle(&mut self, now: Now, offer: &[u8]) -> Option<Vec<u8>> {
        let offer = sdp::parse(offer).ok()?;
        let (body, mut settled) = sdp::answer(&offer, &self.local, &G711::PREFERRED).ok()?;
        settled.direction.send &= !self.habit.as_ref().is_some_and(|habit| habit.mute);
        self.plane.command(now.at, MediaCommand::Negotiate(self.session, settled));
        Some(body)
    }

    fn speak(&mut self, now: Now) {
        if self.habit.as_ref().is_some_and(|habit| habit.mute) {
            return;
        }
        let sounds = vec![Arc::clone(&self.voice)];
        self.plane.command(
            now.at,
            MediaCommand::Play { session: self.session, play: PlayId(0), sounds, repeat: true },
        );
    }

    fn leave(&mut self, now: Now, invite: InviteId) {
        self.endpoint.hang_up(now, invite, None);
        self.over(now);
    }

    fn over(&mut self, now: Now) {
        self.plane.command(now.at, MediaCommand::Close(self.session));
        self.holding.clear();
        // An agent is there for the next call.
        self.state = if self.habit.is_some() { State::Idle } else { State::Over };
    }

    /// SIP that waits in the endpoint.
    pub(super) fn drain(&mut self, now: Now, send: &mut Vec<Transmit>) {
        while let Some(output) = self.endpoint.poll() {
            match output {
                Output::Transmit(transmit) => send.push(transmit),
                Output::Event(event) => self.on_event(now, event),
            }
        }
    }

    fn on_event(&mut self, now: Now, event: Event) {
        match event {
            Event::Invited(invite, invited) => match (&self.habit, &self.state, invited.offer) {
                (Some(habit), State::Idle, Some(offer)) => {
                    let (after, early) = (habit.after, habit.early);
                    self.endpoint.progress(now, invite, 180, None);
                    if early {
                        self.open(now);
                        let body = self.settle(now, &offer);
                        self.endpoint.progress(now, invite, 183, body.as_deref());
                        self.speak(now);
                    }
                    self.state = State::Rung(invite, now.at + after, offer);
                }
                _ => self.endpoint.refuse(now, invite, Refusal { status: 486, retry_after: None }),
            },
            Event::Answered(invite, body) => {
                let settled = body.and_then(|body| {
                    sdp::accept_answer(&self.local, &G711::PREFERRED, Direction::BOTH, &body).ok()
                });
                if let Some(settled) = settled {
                    self.plane.command(now.at, MediaCommand::Negotiate(self.session, settled));
                }
                self.state = State::Talking(invite, None);
                self.speak(now);
            }
            Event::Offered(invite, offer) => self.on_offer(now, invite, offer.as_deref()),
            Event::OfferAnswered(_, Ok(body)) => {
                let settled = sdp::accept_answer(&self.local, &G711::PREFERRED, Direction::BOTH, &body);
                if let Ok(settled) = settled {
                    self.plane.command(now.at, MediaCommand::Negotiate(self.session, settled));
                }
            }
            Event::Failed(_, failure) => {
                self.refused = match failure {
                    crate::sip::endpoint::Failure::Refused(status, _) => Some(status),
                    _ => Some(408),
                };
                self.over(now);
            }
            Event::Ended(..) => self.over(now),
            Event::Acknowledged(..)
            | Event::OfferAnswered(..)
            | Event::Progress(..)
            | Event::Digit(..)
            | Event::Referred(_)
            | Event::Bound(..)
            | Event::Registered(_)
            | Event::Told(..)
            | Event::Turned(..)
            | Event::WrongPassword(..)
            | Event::Redirected(..)
            | Event::Trunk(..) => {}
        }
    }

    fn on_offer(&mut self, now: Now, invite: InviteId, offer: Option<&[u8]>) {
        match offer.and_then(|offer| self.settle(now, offer)) {
            Some(body) => self.endpoint.answer_offer(now, invite, Ok(&body)),
            None => self.endpoint.answer_offer(now, invite, Err(488)),
        }
    }

    /// The data plane reports: the phone itself needs none of it.
    pub(super) fn on_media(&mut self, _event: &MediaEvent) {}
}
