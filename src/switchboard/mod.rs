//! The one owner of all calls, agents and queues: a value without socket, clock, lock or chance of its own.
//!
//! `handle(now, input)` never blocks and never fails; bad input is answered or counted. Then `poll` is drained until
//! `Output::Sleep`. What is slow or far is an [`Effect`] that comes back as a [`Reply`], an ordinary input.
//!
//! `route.rs` lets a call in, `call.rs` holds it, `perform.rs` does what its walk asks, `outgoing.rs` rings agents and
//! numbers, `ending.rs` writes its one record, `invariant.rs` says what must hold after each input.

mod agents;
mod call;
mod callback;
mod describe;
mod edition;
mod effect;
mod ending;
mod event;
mod hearing;
mod incoming;
mod invariant;
mod known;
mod media;
mod outgoing;
mod perform;
mod ports;
mod route;
mod status;
mod talk;
mod timer;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

pub use self::call::CallKey;
use self::call::{Call, Side};
pub use self::edition::{Edition, Library, host_of, literal_address};
use self::effect::Awaited;
pub use self::effect::{Effect, EffectId, Reply};
pub use self::event::Event;
pub use self::known::{Crowd, Known};
use self::ports::Ports;
pub use self::status::{AgentStatus, QueueStatus, Status};
use self::timer::Timers;
use crate::base::arena::Arena;
use crate::base::rng::Rng;
use crate::base::time::{Instant, Now};
use crate::centre::floor::Centre;
use crate::centre::record::CallRecord;
use crate::flow;
use crate::media::vocabulary::{MediaCommand, MediaEvent, PlayId, SessionId};
use crate::sip::endpoint::{Admission, Endpoint, InviteId};
use crate::sip::transport::{Datagram, Protocol, Transmit};

/// What comes in.
#[derive(Clone, Debug)]
pub enum Input {
    /// A whole SIP message from the network.
    Sip(Datagram),
    /// The transport could not bring a message there.
    Unreachable(Protocol, SocketAddr),
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
    /// End all calls: the limit of the drain is reached.
    EndAll,
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
    /// A call has ended: its one record.
    Record(Box<CallRecord>),
    /// Nothing more until an input comes or this moment is reached.
    Sleep(Instant),
}

/// See the module.
#[derive(Debug)]
pub struct Switchboard {
    edition: Arc<Edition>,
    rng: Rng,
    endpoint: Endpoint,
    floor: Centre,
    ports: Ports,
    timers: Timers,
    calls: Arena<Call>,
    /// Which call a SIP usage belongs to, and which side of it.
    by_invite: BTreeMap<InviteId, (CallKey, Side)>,
    /// Which call a media session belongs to, and which side of it.
    by_session: BTreeMap<SessionId, (CallKey, Side)>,
    /// Which call waits for the reply of an effect, and for what.
    by_effect: BTreeMap<EffectId, (CallKey, Awaited)>,
    /// Events for walks that wait until the one in hand has been performed.
    pending: VecDeque<(CallKey, flow::vocabulary::Event)>,
    outputs: VecDeque<Output>,
    serial: u64,
    counters: status::Counters,
    draining: bool,
}

impl Switchboard {
    /// A switchboard without calls. The same edition, seed and inputs always give the same outputs (law 10).
    pub fn new(edition: Arc<Edition>, mut rng: Rng, now: Now) -> Self {
        let endpoint = Endpoint::new(edition.sip_config(), rng.fork());
        let ports = Ports::new(edition.rtp_ports(), &mut rng);
        let floor = Centre::new(now.at, &edition.site.shared.centre());
        let mut board = Self {
            edition,
            rng,
            endpoint,
            floor,
            ports,
            timers: Timers::default(),
            calls: Arena::new(),
            by_invite: BTreeMap::new(),
            by_session: BTreeMap::new(),
            by_effect: BTreeMap::new(),
            pending: VecDeque::new(),
            outputs: VecDeque::new(),
            serial: 0,
            counters: status::Counters::default(),
            draining: false,
        };
        board.settle(now);
        board
    }

    /// Takes one input. `poll` must have been drained before (asserted).
    pub fn handle(&mut self, now: Now, input: Input) {
        assert!(self.outputs.is_empty(), "poll is drained until Sleep before the next handle");
        match input {
            Input::Sip(datagram) => self.endpoint.receive(now, datagram),
            Input::Unreachable(protocol, remote) => self.endpoint.unreachable(now, protocol, remote),
            Input::Media(event) => self.on_media(now, event),
            Input::Reply(effect, reply) => self.on_reply(now, effect, reply),
            Input::Order(order) => self.on_order(now, order),
            Input::Tick => {}
        }
        self.run_timers(now);
        self.settle(now);
    }

    /// A bug of ours made `handle` panic on this input: the call that it concerned is ended, the others go on.
    pub fn abandon(&mut self, now: Now, input: &Input) {
        let key = match input {
            Input::Media(event) => self.by_session.get(&event.session()).map(|(key, _)| *key),
            Input::Reply(effect, _) => self.by_effect.get(effect).map(|(key, _)| *key),
            Input::Sip(_) | Input::Unreachable(..) | Input::Order(_) | Input::Tick => None,
        };
        self.pending.clear();
        if let Some(key) = key {
            self.end(now, key, ending::Why::server("internal error"));
        }
        self.settle(now);
    }

    /// The next output; `Sleep` when there is none.
    pub fn poll(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| Output::Sleep(self.deadline()))
    }

    /// Calls that are not wholly over.
    pub fn calls_len(&self) -> usize {
        self.calls.len()
    }

    /// The edition that new calls get.
    pub fn edition(&self) -> &Arc<Edition> {
        &self.edition
    }

    fn deadline(&self) -> Instant {
        let far = Instant::from_micros(u64::MAX);
        let wanted = [self.endpoint.deadline(), self.floor.deadline(), self.timers.deadline()];
        wanted.into_iter().flatten().min().unwrap_or(far)
    }

    fn run_timers(&mut self, now: Now) {
        self.endpoint.timeout(now);
        self.floor.timeout(now.at);
        while let Some((call, timer)) = self.timers.due(now.at) {
            self.on_timer(now, call, timer);
        }
    }

    /// Carries every consequence to its end: SIP events, offers of the queues, events for walks.
    fn settle(&mut self, now: Now) {
        loop {
            if let Some(output) = self.endpoint.poll() {
                self.on_sip(now, output);
            } else if let Some((call, event)) = self.pending.pop_front() {
                self.step(now, call, event);
            } else if !self.offer_waiting(now) {
                break;
            }
        }
    }

    fn on_order(&mut self, now: Now, order: Order) {
        match order {
            Order::Reload(edition) => {
                self.endpoint.configure(now, edition.sip_config());
                self.ports.resize(edition.rtp_ports(), &mut self.rng);
                self.edition = edition;
                self.reconfigure_floor(now);
            }
            Order::Drain(retry_after) => {
                self.draining = true;
                self.endpoint.admit(Admission::Draining(retry_after));
                self.endpoint.close(now);
                self.break_promises(now);
            }
            Order::EndAll => {
                let keys: Vec<CallKey> = self.calls.iter().map(|(key, _)| key).collect();
                for key in keys {
                    self.end(now, key, ending::Why::server("drain limit reached"));
                }
            }
        }
    }

    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    fn next_play(&mut self) -> PlayId {
        PlayId(self.next_serial())
    }

    fn media(&mut self, command: MediaCommand) {
        self.outputs.push_back(Output::Media(command));
    }

    fn event(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }
}
