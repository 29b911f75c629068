//! What all calls have in common: the SIP endpoint, the floor of agents and queues, RTP ports, timers, chance, and what goes
//! out. A call that is worked on has this beside it, and no other call.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use super::call::{Call, CallKey};
use super::edition::Edition;
use super::effect::{Awaited, Effect, EffectId};
use super::ending::Why;
use super::event::Event;
use super::leg::{LegKey, Line};
use super::outgoing::Toll;
use super::ports::Ports;
use super::status::Counters;
use super::timer::Timers;
use super::{Output, ending};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::rng::Rng;
use crate::base::time::{Instant, Now};
use crate::centre::floor::{Centre, Offer};
use crate::centre::outgoing::{Barred, Ledger};
use crate::centre::traffic::Traffic;
use crate::figures::outcome;
use crate::flow;
use crate::flow::vocabulary::QueueNews;
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
    /// What calls have to hear when the one in hand has been worked on.
    pub(super) pending: VecDeque<(CallKey, Pending)>,
    /// Calls that the one in hand has brought about: call backs that it was promised.
    pub(super) born: Vec<Call>,
    /// Legs that each trunk carries now, both directions.
    pub(super) channels: BTreeMap<Name, usize>,
    /// Calls whose caller is on the line, or is being called back.
    pub(super) on_line: usize,
    /// Call backs that wait for the end of the call in which they were promised: that call, and the one of the promise.
    pub(super) followers: BTreeSet<(CallKey, CallKey)>,
    /// What is known of our registrations at operators.
    pub(super) registrations: BTreeMap<Name, super::status::Known>,
    /// Call backs that are promised and not made yet.
    pub(super) promised: usize,
    /// What has left to numbers in the last day.
    pub(super) ledger: Ledger,
    /// What has come in of late.
    pub(super) traffic: Traffic,
    /// Why something was last not let out, and when that was told.
    pub(super) barred_told: Option<(Barred, Instant)>,
    pub(super) counters: Counters,
    pub(super) draining: bool,
    /// Records of refused calls: in which minute, and how many.
    pub(super) refused_records: (u64, u32),
    pub(super) outputs: VecDeque<Output>,
    serial: u64,
    /// Calls that were given a media worker.
    placed: u64,
}

/// What a call has to hear.
#[derive(Debug)]
pub(super) enum Pending {
    /// Its walk: this has happened.
    Event(flow::vocabulary::Event),
    /// This agent is to be rung for it.
    Offer(Offer),
    /// Its queue is no more.
    Dropped,
    /// The call in which it was promised is over.
    Follow,
    /// It is to end.
    End(Why),
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
            on_line: 0,
            followers: BTreeSet::new(),
            registrations: BTreeMap::new(),
            promised: 0,
            ledger: Ledger::default(),
            traffic: Traffic::default(),
            barred_told: None,
            counters: Counters::default(),
            draining: false,
            refused_records: (0, 0),
            outputs: VecDeque::new(),
            serial: 0,
            placed: 0,
        }
    }

    fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The media worker of the next call: one after the other.
    pub(super) fn worker(&mut self) -> u16 {
        self.placed = self.placed.wrapping_add(1);
        (self.placed % u64::from(self.edition.workers.max(1))) as u16
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

    pub(super) fn alarm(&mut self, what: Text) {
        self.event(Event::Alarm(what));
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
        self.pending.push_back((call, Pending::Event(event.into())));
    }

    /// Asks the floor for its news, which wait for those whom they concern; false when there are none.
    pub(super) fn ask_floor(&mut self) -> bool {
        for offer in self.floor.offers(self.now.at) {
            self.pending.push_back((CallKey::from_number(offer.caller.0), Pending::Offer(offer)));
        }
        for caller in self.floor.stranded() {
            self.tell(CallKey::from_number(caller.0), QueueNews::NoAgent);
        }
        !self.pending.is_empty()
    }

    /// A line with a fresh RTP port, not opened yet; none when the range is used up. `reached`: the address of ours that the
    /// peer's SIP reached, or will; `peer`: where that SIP comes from.
    pub(super) fn new_line(
        &mut self,
        worker: u16,
        reached: Option<IpAddr>,
        peer: Option<IpAddr>,
    ) -> Option<Line> {
        let port = self.ports.take(self.now.at)?;
        let address = self.edition.media_address(reached);
        let session_id = u64::from(self.rng.u32());
        let session = SessionId { worker, serial: self.serial() };
        let local = sdp::Local { address, port, session_id, version: session_id };
        Some(Line { session, local, public: self.edition.public_towards(peer), peer })
    }

    /// Orders the socket of a line.
    pub(super) fn open(&mut self, seat: Seat, line: &Line) {
        self.sessions.insert(line.session, seat);
        let ssrc = self.rng.u32();
        let local = std::net::SocketAddr::new(line.local.address, line.local.port);
        let silence_max = self.edition.site.shared.server.silence_max;
        let (session, signalled) = (line.session, line.peer);
        self.media(MediaCommand::Open { session, local, ssrc, signalled, silence_max });
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

    /// A leg comes or leaves by a trunk.
    pub(super) fn occupy(&mut self, trunk: Option<&Name>) {
        if let Some(trunk) = trunk {
            *self.channels.entry(trunk.clone()).or_default() += 1;
        }
    }

    /// A leg of a trunk is over.
    pub(super) fn vacate(&mut self, trunk: Option<&Name>) {
        let Some(trunk) = trunk else { return };
        if let Some(legs) = self.channels.get_mut(trunk) {
            *legs -= 1;
            if *legs == 0 {
                self.channels.remove(trunk);
            }
        }
    }

    /// What a talk to a number has cost, now that it is over.
    pub(super) fn settle_toll(&mut self, toll: Option<&Toll>) {
        if let Some(Toll { number, since: Some(since) }) = toll {
            self.ledger.talked(self.now.at, number, self.now.at.since(*since));
        }
    }

    /// Whether a trunk has a channel for one more leg.
    pub(super) fn has_room(&self, trunk: &crate::centre::trunk::Trunk) -> bool {
        trunk.has_room(self.channels.get(&trunk.name).copied().unwrap_or(0))
    }

    /// Something is to outlive the process.
    pub(super) fn keep(&mut self, keep: super::Keep) {
        self.outputs.push_back(Output::Keep(keep));
    }

    /// The record of a call leaves.
    pub(super) fn record(&mut self, mut record: crate::centre::record::CallRecord) {
        record.outcome = Some(outcome::of(&record));
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
