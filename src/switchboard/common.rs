//! What all calls have in common: the SIP endpoint, the floor of agents and queues, RTP ports, timers, chance, and what goes
//! out. A call that is worked on has this beside it, and no other call.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use super::call::{Call, CallKey};
use super::edition::Edition;
use super::effect::{Awaited, Effect, EffectId};
use super::event::Event;
use super::leg::{LegKey, Line};
use super::ports::Ports;
use super::status::Counters;
use super::timer::Timers;
use super::{Output, ending};
use crate::base::name::Name;
use crate::base::rng::Rng;
use crate::base::time::Now;
use crate::centre::floor::Centre;
use crate::flow;
use crate::media::vocabulary::{MediaCommand, PlayId, SessionId};
use crate::sdp;
use crate::sip::endpoint::{Endpoint, InviteId};

/// Which leg of which call.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    pub(super) call: CallKey,
    pub(super) leg: LegKey,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Common {
    /// The clocks of the input in hand.
    pub(super) now: Now,
    /// What new calls get.
    pub(super) edition: Arc<Edition>,
    pub(super) rng: Rng,
    pub(super) endpoint: Endpoint,
    pub(super) floor: Centre,
    pub(super) ports: Ports,
    pub(super) timers: Timers,
    /// Whose a SIP usage is.
    pub(super) usages: BTreeMap<InviteId, Seat>,
    /// Whose a media session is.
    pub(super) sessions: BTreeMap<SessionId, Seat>,
    /// Which call waits for the reply of an effect, and for what.
    pub(super) effects: BTreeMap<EffectId, (CallKey, Awaited)>,
    /// Events for walks that wait until the one in hand has been performed.
    pub(super) pending: VecDeque<(CallKey, flow::vocabulary::Event)>,
    /// Calls that the one in hand has brought about: call backs that it was promised.
    pub(super) born: Vec<Call>,
    /// Calls that each trunk carries now.
    pub(super) channels: BTreeMap<Name, usize>,
    /// What is known of our registrations at operators.
    pub(super) registrations: BTreeMap<Name, super::status::Known>,
    /// Call backs that are promised and not made yet.
    pub(super) promised: usize,
    pub(super) counters: Counters,
    pub(super) draining: bool,
    /// Records of refused calls: in which minute, and how many.
    pub(super) refused_records: (u64, u32),
    pub(super) outputs: VecDeque<Output>,
    serial: u64,
}

impl Common {
    pub(super) fn new(edition: Arc<Edition>, mut rng: Rng, now: Now) -> Self {
        let endpoint = Endpoint::new(edition.sip_config(), rng.fork());
        let ports = Ports::new(edition.rtp_ports(), &mut rng);
        let floor = Centre::new(now.at, &edition.site.shared.centre());
        Self {
            now,
            edition,
            rng,
            endpoint,
            floor,
            ports,
            timers: Timers::default(),
            usages: BTreeMap::new(),
            sessions: BTreeMap::new(),
            effects: BTreeMap::new(),
            pending: VecDeque::new(),
            born: Vec::new(),
            channels: BTreeMap::new(),
            registrations: BTreeMap::new(),
            promised: 0,
            counters: Counters::default(),
            draining: false,
            refused_records: (0, 0),
            outputs: VecDeque::new(),
            serial: 0,
        }
    }

    fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The media worker of the next call: one after the other.
    pub(super) fn worker(&self) -> u16 {
        let workers = u64::from(self.edition.workers.max(1));
        (self.serial.wrapping_add(1) % workers) as u16
    }

    pub(super) fn new_play(&mut self) -> PlayId {
        PlayId(self.serial())
    }

    pub(super) fn new_recording(&mut self) -> crate::media::vocabulary::RecordingId {
        crate::media::vocabulary::RecordingId(self.serial())
    }

    pub(super) fn media(&mut self, command: MediaCommand) {
        self.outputs.push_back(Output::Media(command));
    }

    pub(super) fn event(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    pub(super) fn alarm(&mut self, what: impl Into<String>) {
        self.event(Event::Alarm(what.into()));
    }

    /// Has something done outside. The reply comes to the call if it awaits one.
    pub(super) fn effect(&mut self, effect: Effect, awaited: Option<(CallKey, Awaited)>) -> EffectId {
        let id = EffectId(self.serial());
        if let Some(awaited) = awaited {
            self.effects.insert(id, awaited);
        }
        self.outputs.push_back(Output::Effect(id, effect));
        id
    }

    /// Tells the walk of a call, when what is in hand has been performed.
    pub(super) fn tell(&mut self, call: CallKey, event: impl Into<flow::vocabulary::Event>) {
        self.pending.push_back((call, event.into()));
    }

    /// A line with a fresh RTP port, not opened yet; none when the range is used up. `reached`: the address of ours that the
    /// peer's SIP reached, or will.
    pub(super) fn new_line(&mut self, worker: u16, reached: Option<IpAddr>) -> Option<Line> {
        let port = self.ports.take(self.now.at)?;
        let address = self.edition.media_address(reached);
        let session_id = u64::from(self.rng.u32());
        let session = SessionId { worker, serial: self.serial() };
        let local = sdp::Local { address, port, session_id, version: session_id };
        Some(Line { session, local, public: self.edition.public_ip() })
    }

    /// Orders the socket of a line.
    pub(super) fn open(&mut self, seat: Seat, line: &Line) {
        self.sessions.insert(line.session, seat);
        let ssrc = self.rng.u32();
        let local = std::net::SocketAddr::new(line.local.address, line.local.port);
        self.media(MediaCommand::Open { session: line.session, local, ssrc });
    }

    /// A media session is over, or never came to be: its port rests.
    pub(super) fn forget_session(&mut self, line: &Line) {
        if self.sessions.remove(&line.session).is_some() {
            self.ports.give_back(self.now.at, line.local.port);
        }
    }

    /// Ends a SIP usage, if it is not dead already.
    pub(super) fn hang_up(&mut self, invite: InviteId, reason: Option<&str>) {
        if self.usages.remove(&invite).is_some() {
            self.endpoint.hang_up(self.now, invite, reason);
        }
    }

    /// A call is let in by a trunk.
    pub(super) fn occupy(&mut self, trunk: &Name) {
        *self.channels.entry(trunk.clone()).or_default() += 1;
    }

    /// A call of a trunk is over.
    pub(super) fn vacate(&mut self, trunk: &Name) {
        if let Some(calls) = self.channels.get_mut(trunk) {
            *calls -= 1;
            if *calls == 0 {
                self.channels.remove(trunk);
            }
        }
    }

    /// Something is to outlive the process.
    pub(super) fn keep(&mut self, keep: super::Keep) {
        self.outputs.push_back(Output::Keep(keep));
    }

    /// The record of a call leaves.
    pub(super) fn record(&mut self, record: crate::centre::record::CallRecord) {
        self.counters.records += 1;
        self.outputs.push_back(Output::Record(Box::new(record)));
    }

    /// Ends, after a bug, what a call has left behind that none of its legs knows any more.
    pub(super) fn sweep(&mut self, call: CallKey) {
        let of_call = |(invite, seat): (&InviteId, &Seat)| (seat.call == call).then_some(*invite);
        let invites: Vec<InviteId> = self.usages.iter().filter_map(of_call).collect();
        for invite in invites {
            self.hang_up(invite, ending::BUG_HEADER);
        }
    }
}
