//! The one owner of all calls, agents and queues: a value without socket, clock, lock or chance of its own.
//!
//! `handle(now, input)` never blocks and never fails; bad input is answered or counted. Then `poll` is drained until
//! `Output::Sleep`. What is slow or far is an [`Effect`] that comes back as a [`Reply`], an ordinary input.
//!
//! A [`Call`] is taken out of the table, worked on beside what all calls have in common (`common.rs`), and put
//! back. `admit.rs` lets one in, `leg/` is the telephone of each who takes part, `perform.rs` does what its walk asks,
//! `ring.rs` and `talk.rs` bring somebody to the caller, `hearing.rs` says who hears whom, `ending.rs` ends it with its one
//! record, `invariant.rs` says what must hold after each input.

mod admit;
mod agents;
mod call;
mod callback;
mod common;
mod describe;
mod edition;
mod effect;
mod ending;
mod event;
pub(crate) mod french;
mod frozen;
mod hearing;
mod identity;
mod incoming;
mod invariant;
mod kept;
mod known;
mod leg;
mod leg_record;
mod letter;
mod outgoing;
mod perform;
mod ports;
mod record;
mod redirect;
mod ring;
mod route;
mod status;
mod taking_down;
mod talk;
#[cfg(test)]
mod tests;
mod timer;
mod visits;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use self::call::{Call, CallKey};
use self::common::{Common, Pending, Seat};
pub use self::edition::Edition;
pub(crate) use self::edition::{Library, host_of, literal_address};
use self::effect::Awaited;
pub(crate) use self::effect::EffectId;
pub use self::effect::{Effect, Reply};
use self::ending::Why;
pub use self::event::Event;
pub use self::kept::{Keep, KeptCall, KeptPhones, Left};
pub(crate) use self::known::Crowd;
pub use self::known::Known;
use self::leg::{DigitPath, Happened};
pub(crate) use self::letter::{Cut, of_message as letter_of_message};
pub use self::status::Status;
use self::timer::Timer;
use crate::base::arena::Arena;
use crate::base::rng::Rng;
use crate::base::time::{Instant, Now};
use crate::centre::record::CallRecord;
use crate::flow::errand::{FetchFailure, Fetched};
use crate::flow::vocabulary::Event as FlowEvent;
use crate::media::vocabulary::{MediaCommand, MediaEvent};
use crate::say;
use crate::sip::endpoint::{self, Admission, InviteId, WrongPassword};
use crate::sip::guard::Ban;
use crate::sip::transport::{ConnectionId, Datagram, Protocol, Transmit};

/// What comes in.
#[derive(Clone, Debug)]
pub enum Input {
    /// A whole SIP message from the network.
    Sip(Datagram),
    /// The transport could not bring a message there.
    Unreachable(Protocol, SocketAddr),
    /// A stream is gone.
    Closed(ConnectionId),
    /// The data plane reports.
    Media(MediaEvent),
    /// An effect has been carried out, or has failed.
    Reply(EffectId, Reply),
    /// The operator or the system orders.
    Order(Order),
    /// The moment of the last `Sleep` has come.
    Tick,
}

/// What the operator or the system orders.
#[derive(Clone, Debug)]
pub enum Order {
    /// New flows and site: calls in progress keep the version they began with.
    Reload(Arc<Edition>),
    /// No new calls from now on; those in progress go on. The Retry-After of the 503s, in seconds.
    Drain(u32),
    /// The limit of the drain is reached: callers hear why, and are hung up on.
    TakeLeave,
    /// End all calls at once.
    EndAll,
    /// What an earlier process has left is put right.
    Recover(Box<Left>),
    /// Hear an address again that was banned; none: all of them.
    Lift(Option<IpAddr>),
}

/// What goes out, in order.
#[derive(Debug)]
pub enum Output {
    /// Send this SIP message.
    Sip(Transmit),
    /// Tell the data plane.
    Media(MediaCommand),
    /// Do this outside, and bring the reply.
    Effect(EffectId, Effect),
    /// Something that observers want to know.
    Event(Event),
    /// Write this down for the next process.
    Keep(Keep),
    /// A call has ended: its one record.
    Record(Box<CallRecord>),
    /// Nothing more until an input comes or this moment is reached.
    Sleep(Instant),
}

/// See the module.
#[derive(Debug)]
pub struct Switchboard {
    calls: Arena<Box<Call>>,
    common: Common,
    /// The call that is being worked on.
    in_hand: Option<Box<Call>>,
}

impl Switchboard {
    /// A switchboard without calls. The same edition, seed and inputs always give the same outputs (law 10).
    pub fn new(edition: Arc<Edition>, rng: Rng, now: Now) -> Self {
        let mut board = Self { calls: Arena::new(), common: Common::new(edition, rng, now), in_hand: None };
        board.settle();
        board
    }

    /// Takes one input. `poll` must have been drained before (asserted).
    pub fn handle(&mut self, now: Now, input: Input) {
        assert!(self.common.outputs.is_empty(), "poll is drained until Sleep before the next handle");
        self.common.now = now;
        match input {
            Input::Sip(datagram) => self.common.endpoint.receive(now, datagram),
            Input::Unreachable(protocol, remote) => self.common.endpoint.unreachable(now, protocol, remote),
            Input::Closed(connection) => self.common.endpoint.closed(self.common.now.at, connection),
            Input::Media(event) => self.on_media(event),
            Input::Reply(effect, reply) => self.on_reply(effect, reply),
            Input::Order(order) => self.on_order(order),
            Input::Tick => {}
        }
        self.run_timers();
        self.settle();
    }

    /// A bug of ours made `handle` panic: the call that it concerned is ended, with whatever was left half done; the others
    /// go on.
    pub(crate) fn abandon(&mut self, now: Now) {
        self.common.now = now;
        if let Some(call) = self.in_hand.take() {
            let key = call.key;
            self.common.pending.retain(|(other, _)| *other != key);
            self.calls.put_back(key, call);
            self.with(key, Call::abandon);
        }
        // The dialog of a usage that was half moved is ended; its call hears of it as of any other end.
        self.common.endpoint.mend(now);
        let Common { usages, endpoint, .. } = &self.common;
        let lost: Vec<InviteId> = usages.keys().filter(|invite| !endpoint.knows(**invite)).copied().collect();
        self.settle();
        for invite in lost {
            self.on_leg(invite, Happened::Ended(&endpoint::End::Lost));
        }
        self.settle();
        // A transition that was broken off may have left a trunk's channel taken.
        (self.common.on_line, self.common.channels) = self.carried();
    }

    /// The next output; `Sleep` when there is none.
    pub fn poll(&mut self) -> Output {
        self.common.outputs.pop_front().unwrap_or_else(|| Output::Sleep(self.deadline()))
    }

    /// Calls that are not wholly over.
    pub fn calls_len(&self) -> usize {
        self.calls.len()
    }

    /// Whether the operators at which we are registered have still to hear that we are gone.
    pub(crate) fn is_leaving(&self) -> bool {
        self.common.endpoint.is_leaving()
    }

    /// Whether a stream on which nothing is said is to stay open.
    pub(crate) fn needs_stream(&self, connection: ConnectionId) -> bool {
        self.common.endpoint.needs(connection)
    }

    /// Whether streams from this address have a place that strangers do not get.
    pub(crate) fn is_known(&self, ip: IpAddr) -> bool {
        self.common.endpoint.is_known(ip)
    }

    /// The edition that new calls get.
    pub fn edition(&self) -> &Arc<Edition> {
        &self.common.edition
    }

    fn deadline(&self) -> Instant {
        let far = Instant::from_micros(u64::MAX);
        let Common { endpoint, floor, timers, .. } = &self.common;
        let wanted = [endpoint.deadline(), floor.deadline(), timers.deadline()];
        wanted.into_iter().flatten().min().unwrap_or(far)
    }

    /// Takes a call out, works on it, and puts it back; or, when it is over, lets its record leave.
    fn with(&mut self, key: CallKey, work: impl FnOnce(&mut Call, &mut Common)) {
        let Some(call) = self.calls.take(key) else { return };
        // It stays in hand while it is worked on: a bug that panics does not lose it.
        let call = self.in_hand.insert(call);
        work(call, &mut self.common);
        call.settle_leg_records(&mut self.common);
        call.keep(&mut self.common);
        call.arrange(&mut self.common);
        if let Some(call) = self.in_hand.take() {
            if self.common.draining && call.promise().is_some() {
                self.calls.retire(key);
                call.shelve(&mut self.common);
            } else if call.is_over() {
                self.calls.retire(key);
                call.close(&mut self.common);
            } else {
                self.calls.put_back(key, call);
            }
        }
        while let Some(promised) = self.common.born.pop() {
            let promised = self.insert(Box::new(promised));
            self.with(promised, Call::begin_promise);
            // Who hangs up on the word has ended the call already.
            if self.calls.get(key).is_none_or(|call| call.is_ended()) {
                self.common.followers.remove(&(key, promised));
                self.with(promised, Call::follow);
            }
        }
    }

    /// Gives a call its place in the table.
    fn insert(&mut self, call: Box<Call>) -> CallKey {
        let key = self.calls.insert(call);
        if let Some(call) = self.calls.get_mut(key) {
            call.key = key;
        }
        key
    }

    fn run_timers(&mut self) {
        let now = self.common.now;
        self.common.endpoint.timeout(now);
        self.common.floor.timeout(now.at);
        while let Some((key, timer)) = self.common.timers.due(now.at) {
            self.with(key, |call, common| match timer {
                Timer::Wake => {
                    if call.wake.take_if(|wake| *wake <= now.at).is_some() {
                        common.tell(key, FlowEvent::Timeout);
                    }
                }
                Timer::Ringing(leg) => call.on_silent(common, leg),
                Timer::Callback => call.on_callback_timer(common),
                Timer::Stored => call.on_slow_disk(common),
                Timer::Longest => call.end(common, Why::server("longest call allowed")),
                Timer::Reports => call.go_without_reports(common),
            });
        }
    }

    /// Carries every consequence to its end: SIP events, offers of the queues, events for walks.
    fn settle(&mut self) {
        loop {
            if let Some(output) = self.common.endpoint.poll() {
                match output {
                    endpoint::Output::Transmit(transmit) => {
                        self.common.outputs.push_back(Output::Sip(transmit));
                    }
                    endpoint::Output::Event(event) => self.on_sip(event),
                }
            } else if let Some((key, pending)) = self.common.pending.pop_front() {
                self.with(key, |call, common| call.attend(common, pending));
            } else if !self.common.ask_floor() {
                break;
            }
        }
    }

    fn on_order(&mut self, order: Order) {
        let now = self.common.now;
        match order {
            Order::Reload(edition) => {
                self.common.endpoint.configure(now, edition.sip_config());
                self.common.ports.resize(edition.rtp_ports(), &mut self.common.rng);
                self.common.edition = edition;
                self.reconfigure_floor();
            }
            Order::Drain(retry_after) => {
                self.common.draining = true;
                self.common.endpoint.admit(Admission::Draining(retry_after));
                self.common.endpoint.close(now);
                self.shelve_promises();
            }
            Order::TakeLeave => {
                let keys: Vec<CallKey> = self.calls.iter().map(|(key, _)| key).collect();
                for key in keys {
                    self.with(key, Call::take_leave);
                }
            }
            Order::Recover(left) => self.recover(&left),
            Order::Lift(address) => drop(self.common.endpoint.lift(now, address)),
            Order::EndAll => {
                self.common.draining = true;
                self.shelve_promises();
                let all = self.calls.iter();
                let ends = all.map(|(key, _)| (key, Pending::End(Why::server(ending::DRAINED))));
                self.common.pending.extend(ends);
            }
        }
    }

    fn on_wrong_password(&mut self, wrong: Box<WrongPassword>) {
        if wrong.banned.is_some() {
            let bans = self.common.endpoint.bans(self.common.now).len();
            let what = say!(
                "{} is banned after {} wrong passwords; {} addresses are",
                wrong.remote.ip(),
                wrong.tries,
                bans
            );
            self.common.alarm(what);
        }
        self.common.event(Event::WrongPassword(wrong));
    }

    /// Addresses that are not heard, as JSON.
    pub(crate) fn bans(&self) -> Vec<Ban> {
        self.common.endpoint.bans(self.common.now)
    }

    /// The server stops: what was promised is written down, and left to the next process.
    fn shelve_promises(&mut self) {
        let waiting = self.calls.iter().filter(|(_, call)| call.promise().is_some());
        let waiting: Vec<CallKey> = waiting.map(|(key, _)| key).collect();
        for key in waiting {
            self.with(key, |_, _| {});
        }
    }

    fn on_sip(&mut self, event: endpoint::Event) {
        use endpoint::Event as E;
        match event {
            E::Invited(invite, invited) => self.on_invited(invite, &invited),
            E::Offered(invite, offer) if self.common.usages.contains_key(&invite) => {
                self.on_leg(invite, Happened::Offered(offer.as_deref()));
            }
            E::Offered(invite, _) => {
                self.common.endpoint.answer_offer(self.common.now, invite, Err(481));
            }
            E::Acknowledged(invite, body) => self.on_leg(invite, Happened::Acknowledged(body.as_deref())),
            E::OfferAnswered(invite, Ok(answer)) => self.on_leg(invite, Happened::Settled(&answer)),
            E::OfferAnswered(_, Err(_)) => {}
            E::Progress(invite, 100, _) => self.on_trying(invite),
            E::Progress(invite, status, body) => {
                self.on_leg(invite, Happened::Progress(status, body.as_deref()));
            }
            E::Answered(invite, body) => self.on_leg(invite, Happened::Accepted(body.as_deref())),
            E::Redirected(invite, contacts) => self.on_redirected(invite, &contacts),
            E::Told(invite, told) => self.on_told(invite, *told),
            E::Failed(invite, failure) => self.on_leg(invite, Happened::Failed(failure)),
            E::Digit(invite, digit) => self.on_leg(invite, Happened::Key(digit, DigitPath::Info)),
            E::Referred(invite) => self.on_leg(invite, Happened::Referred),
            E::Ended(invite, end) => self.on_leg(invite, Happened::Ended(&end)),
            E::Registered(account) => self.on_registered(account),
            E::Bound(account, bindings) => self.on_bound(&account, !bindings.is_empty()),
            E::Turned(turned) => self.common.event(Event::Turned(turned)),
            E::WrongPassword(wrong) => self.on_wrong_password(wrong),
            E::Trunk(name, state) => {
                let known = &mut self.common.registrations;
                let now = status::Known::after(known.get(&name), &state, self.common.now.wall);
                let changed = now.changed();
                known.insert(name.clone(), now);
                self.common.event(Event::Trunk { trunk: name, state, changed });
            }
        }
    }

    /// Something happened to the leg of a SIP usage.
    fn on_leg(&mut self, invite: InviteId, happened: Happened<'_>) {
        if let Some(&Seat { call, leg }) = self.common.usages.get(&invite) {
            self.with(call, |call, common| call.happened(common, leg, happened));
        }
    }

    fn on_media(&mut self, event: MediaEvent) {
        let Some(&Seat { call, leg }) = self.common.sessions.get(&event.session()) else { return };
        self.with(call, |call, common| match event {
            MediaEvent::Opened(_) => call.happened(common, leg, Happened::Opened),
            MediaEvent::OpenFailed(_) => call.happened(common, leg, Happened::NotOpened),
            MediaEvent::Digit(_, digit) => {
                call.happened(common, leg, Happened::Key(digit, DigitPath::Rtp));
            }
            MediaEvent::Dead(_) => call.happened(common, leg, Happened::Dead),
            MediaEvent::Closed(_, report) => call.happened(common, leg, Happened::Closed(report)),
            MediaEvent::Started(_, play, at) => call.on_started(play, at),
            MediaEvent::Played { play, at, finished, .. } => call.on_played(common, play, at, finished),
            MediaEvent::Recorded { recording, duration, speech, end, .. } => {
                call.on_recorded(common, recording, (duration, speech), end);
            }
            MediaEvent::Locked(..) => {}
            MediaEvent::Quiet(_, silent) => call.on_quiet(common, leg, silent),
        });
    }

    fn on_reply(&mut self, effect: EffectId, reply: Reply) {
        let Some((key, awaited)) = self.common.effects.remove(&effect) else { return };
        // Its call may be over: the operator hears of it all the same.
        if let (Reply::Failed(why), Awaited::Recording(_)) = (&reply, &awaited) {
            self.common.alarm(say!("a message could not be written: {}", why));
        }
        self.with(key, |call, common| match (reply, awaited) {
            (Reply::Fetched(fetched), Awaited::Answer) => call.on_fetched(common, effect, fetched),
            (Reply::Failed(_), Awaited::Answer) => {
                call.on_fetched(common, effect, Fetched::Failed(FetchFailure::Unreachable));
            }
            (Reply::Failed(_), Awaited::Recording(recording)) => {
                call.on_recorder_failed(common, recording);
            }
            (Reply::Stored(_), Awaited::Recording(recording)) => call.on_stored(common, recording, true),
            (Reply::Discarded, Awaited::Recording(recording)) => call.on_stored(common, recording, false),
            (Reply::Stored(_) | Reply::Discarded, Awaited::Answer)
            | (Reply::Fetched(_), Awaited::Recording(_)) => {}
        });
    }
}
