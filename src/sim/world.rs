//! A whole call centre in one thread: the server's own switchboard and data plane, phones that speak SIP and RTP to them, a
//! network between, one virtual clock, one seed. The same seed gives the same trace (law 10).

mod outside;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::ear::Marks;
use super::ladder::Ladder;
use super::law;
use super::network::{Network, Packet, Weather};
use super::phone::{Act, Habit, Phone};
use super::watch::Watch;
use crate::base::name::Name;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant, Now, Wall};
use crate::centre::record::CallRecord;
use crate::flow::errand::{Fetch, FetchFailure, Fetched, Letter};
use crate::media::plane::{Channel, MediaOutput, MediaPlane};
use crate::media::vocabulary::{RecordingId, SessionId};
use crate::sip::endpoint::Credentials;
use crate::sip::transport::{Datagram, Protocol, Transmit};
use crate::switchboard::{
    Edition, Effect, EffectId, Event, Input, Keep, Left, Library, Order, Output, Reply, Switchboard,
};

/// The server's address in every world.
pub(crate) const SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), 5060);

/// See the module.
pub struct World {
    now: Now,
    rng: Rng,
    network: Network,
    board: Switchboard,
    /// The server's data planes, one a worker.
    planes: Vec<MediaPlane>,
    wake: Instant,
    /// Whose sockets are bound where.
    sockets: BTreeMap<SocketAddr, (Owner, SessionId, Channel)>,
    bound: BTreeMap<(Owner, SessionId), SocketAddr>,
    pub(super) phones: Vec<Phone>,
    by_address: BTreeMap<SocketAddr, usize>,
    pub(super) marks: Marks,
    /// What who looks at one call notes.
    pub(super) watch: Watch,
    /// The words of recordings, for the ladder.
    labels: BTreeMap<Name, String>,
    replies: BTreeMap<(Instant, u64), (EffectId, Reply)>,
    recorded: BTreeMap<RecordingId, u64>,
    serial: u64,
    /// Local ports that another program of this world holds.
    pub taken_ports: BTreeSet<u16>,
    /// Recordings fail: the disk is full.
    pub disk_full: bool,
    /// A recording that is whole cannot be named: the disk fills, or breaks, at its very end.
    pub disk_breaks: bool,
    /// How long the disk takes to keep a recording.
    pub disk_takes: Duration,
    /// Recordings that were thrown away.
    pub discarded: usize,
    /// The company's own system: what it answers, and after how long.
    pub company: Company,
    /// Letters that were sent.
    pub letters: Vec<Letter>,
    /// Records, in the order in which they came.
    pub records: Vec<CallRecord>,
    /// What was to be written down for the next process.
    pub kept: Vec<Keep>,
    /// What observers were told.
    pub events: Vec<(Instant, Event)>,
    /// What was said, as a drawing.
    pub ladder: Ladder,
    /// Laws that were broken, with the moment.
    pub broken: Vec<String>,
}

/// The company's own system in a world.
pub(crate) type Company = Box<dyn FnMut(&Fetch) -> (Duration, Fetched)>;

#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// The server's worker.
    Server(u16),
    Phone(usize),
}

/// Media workers of the server in a world: more than one, as in a server. All legs of a call live on that of its caller.
const WORKERS: u16 = 2;
/// A Tuesday morning: every calendar that one would write is open.
const MORNING: i64 = 1_795_510_800_000;

impl World {
    /// A world around an edition; its sounds are replaced by marked ones of the lengths that `length` gives.
    pub fn new(edition: Edition, seed: u64, weather: Weather, length: impl Fn(&str) -> Duration) -> Self {
        Self::with_workers(WORKERS, edition, seed, weather, length)
    }

    /// The same with so many media workers (at least one). What one says to another is there at once.
    pub(crate) fn with_workers(
        workers: u16,
        mut edition: Edition,
        seed: u64,
        weather: Weather,
        length: impl Fn(&str) -> Duration,
    ) -> Self {
        let mut marks = Marks::default();
        let keys: Vec<Name> = edition.library.keys().cloned().collect();
        let mut library = Library::default();
        for key in keys {
            let sound = marks.sound(&key, length(&key));
            library.insert(key, sound);
        }
        edition.library = library;
        Self::around(workers, edition, marks, seed, weather)
    }

    /// A world around an edition whose sounds are known by `marks`.
    pub(super) fn around(
        workers: u16,
        mut edition: Edition,
        marks: Marks,
        seed: u64,
        weather: Weather,
    ) -> Self {
        let mut rng = Rng::seeded(seed);
        let labels = edition.site.flows.values().flat_map(|flow| flow.recordings()).collect();
        edition.listen = vec![(Protocol::Udp, SERVER)];
        edition.workers = workers.max(1);
        let now = Now { at: Instant::from_millis(1), wall: Wall::from_epoch_ms(MORNING) };
        let network = Network::new(weather, rng.fork());
        let board = Switchboard::new(Arc::new(edition), rng.fork(), now);
        let mut chance = rng.fork();
        let planes = (0..workers.max(1)).map(|_| MediaPlane::new(chance.fork())).collect();
        let mut ladder = Ladder::default();
        ladder.name(SERVER, "svi");
        let mut world = Self {
            now,
            rng,
            network,
            board,
            planes,
            wake: Instant::ZERO,
            sockets: BTreeMap::new(),
            bound: BTreeMap::new(),
            phones: Vec::new(),
            by_address: BTreeMap::new(),
            marks,
            watch: Watch::default(),
            labels,
            replies: BTreeMap::new(),
            recorded: BTreeMap::new(),
            serial: 0,
            taken_ports: BTreeSet::new(),
            disk_full: false,
            disk_breaks: false,
            disk_takes: Duration::from_millis(5),
            discarded: 0,
            company: Box::new(|_| (Duration::from_millis(50), Fetched::Failed(FetchFailure::Unreachable))),
            letters: Vec::new(),
            records: Vec::new(),
            kept: Vec::new(),
            events: Vec::new(),
            ladder,
            broken: Vec::new(),
        };
        world.carry_out();
        world
    }

    /// Sets the civil clock.
    pub fn at(&mut self, wall: Wall) {
        self.now.wall = wall;
    }

    /// The clocks.
    pub(crate) fn now(&self) -> Now {
        self.now
    }

    /// Puts a caller with a script into the world; gives its place.
    pub fn caller(&mut self, number: &str, acts: Vec<Act>) -> usize {
        let (ip, rng) = (self.new_ip(), self.rng.fork());
        let phone = Phone::caller(number, ip, SERVER, acts, &mut self.marks, rng);
        self.add(phone)
    }

    /// Puts a phone into the world that registers with an account of the site.
    pub(super) fn registered(&mut self, name: &str, credentials: Credentials, habit: Habit) -> usize {
        let (ip, rng) = (self.new_ip(), self.rng.fork());
        let phone = Phone::registered(name, credentials, ip, SERVER, habit, &mut self.marks, rng);
        self.add(phone)
    }

    /// Puts an agent's phone into the world.
    pub fn agent(&mut self, account: &str, habit: Habit) -> usize {
        let (ip, rng) = (self.new_ip(), self.rng.fork());
        let phone = Phone::agent(account, ip, SERVER, habit, &mut self.marks, rng);
        self.add(phone)
    }

    /// Puts a line outside into the world, at an address that a trunk of the site leads to.
    pub fn outside(&mut self, name: &str, ip: IpAddr, habit: Habit) -> usize {
        let rng = self.rng.fork();
        let phone = Phone::outside(name, ip, SERVER, habit, &mut self.marks, rng);
        self.add(phone)
    }

    /// A phone.
    pub fn phone(&self, place: usize) -> &Phone {
        &self.phones[place]
    }

    /// All phones.
    pub fn phones(&self) -> &[Phone] {
        &self.phones
    }

    /// The server itself.
    pub fn board(&self) -> &Switchboard {
        &self.board
    }

    /// Gives the server an order.
    pub fn order(&mut self, order: Order) {
        self.tell(Input::Order(order));
    }

    /// Puts calls that were written down and read back in the place of some: nothing may change by it.
    pub fn thaw(&mut self, which: impl FnMut() -> bool) -> usize {
        self.board.thaw_copies(which)
    }

    /// Changes the network.
    pub fn weather(&mut self, weather: Weather) {
        self.network.set_weather(weather);
    }

    /// Octets on the server's SIP port from a stranger.
    pub fn garbage(&mut self, bytes: &[u8]) {
        let from = SocketAddr::from(([10, 9, 9, 9], 5060));
        self.network.send(self.now.at, Packet { from, to: SERVER, bytes: bytes.into() });
    }

    /// Lets the world run for a while.
    pub fn run_for(&mut self, time: Duration) {
        let end = self.now.at + time;
        while self.next().is_some_and(|next| next <= end) {
            self.step();
        }
        self.advance(end);
    }

    /// Runs until every caller's script is done and every call has left its record, or `limit` has passed.
    pub fn run(&mut self, limit: Duration) {
        let end = self.now.at + limit;
        while self.now.at < end && !self.is_quiet() && self.next().is_some_and(|next| next <= end) {
            self.step();
        }
    }

    /// Lets the world run until it is so, but no longer than `limit`. Whether it is so.
    pub(super) fn run_until(&mut self, limit: Duration, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.now.at + limit;
        while !done(self) {
            if self.next().is_none_or(|next| next > end) {
                self.advance(end);
                return done(self);
            }
            self.step();
        }
        true
    }

    fn is_quiet(&self) -> bool {
        self.board.calls_len() == 0 && self.phones.iter().all(Phone::is_done)
    }

    /// When something happens next.
    fn next(&self) -> Option<Instant> {
        let phones = self.phones.iter().filter_map(Phone::deadline).min();
        let planes = self.phones.iter().filter_map(|phone| phone.plane.next()).min();
        let replies = self.replies.first_key_value().map(|((at, _), _)| *at);
        let wake = (self.wake < Instant::from_micros(u64::MAX)).then_some(self.wake);
        let server = self.planes.iter().filter_map(MediaPlane::next).min();
        [self.network.next(), phones, planes, server, replies, wake].into_iter().flatten().min()
    }

    fn advance(&mut self, to: Instant) {
        let passed = to.since(self.now.at);
        self.now = self.now.later(passed);
    }

    /// Everything that happens at the next moment, and then the laws.
    pub(crate) fn step(&mut self) {
        let Some(next) = self.next() else { return };
        self.advance(next);
        while let Some(packet) = self.network.arrived(self.now.at) {
            self.deliver(&packet);
        }
        while let Some(entry) = self.replies.first_entry().filter(|entry| entry.key().0 <= self.now.at) {
            let (effect, reply) = entry.remove();
            self.tell(Input::Reply(effect, reply));
        }
        if self.wake <= self.now.at {
            self.tell(Input::Tick);
        }
        for worker in self.workers() {
            self.tick(Owner::Server(worker));
        }
        for place in 0..self.phones.len() {
            self.act(place);
            self.tick(Owner::Phone(place));
        }
        for law in self.board.violations() {
            self.broken.push(format!("{}: {law}", self.now.at));
        }
    }

    /// The laws of the whole, to be asked when the world is quiet.
    pub fn verdict(&self) -> Vec<String> {
        let mut broken = self.broken.clone();
        let left = Left::of(&self.kept, |id| self.records.iter().any(|record| record.id == id));
        broken.extend(law::of_records(&self.records, &self.events, left.promises.len()));
        broken.extend(law::of_ears(&self.phones, &self.records));
        broken
    }

    fn add(&mut self, phone: Phone) -> usize {
        let place = self.phones.len();
        self.ladder.name(phone.address, &phone.name);
        self.by_address.insert(phone.address, place);
        self.phones.push(phone);
        self.act(place);
        place
    }

    fn new_ip(&self) -> IpAddr {
        let number = self.phones.len() as u32 + 1;
        IpAddr::V4(Ipv4Addr::from_bits(0x0a01_0000 + number))
    }

    fn deliver(&mut self, packet: &Packet) {
        if let Some(&(owner, session, channel)) = self.sockets.get(&packet.to) {
            let now = self.now.at;
            let plane = match owner {
                Owner::Server(worker) => &mut self.planes[usize::from(worker)],
                Owner::Phone(place) => {
                    let phone = &mut self.phones[place];
                    let stretches = phone.ear.heard.len();
                    if channel == Channel::Rtp {
                        phone.ear.packet(now, &self.marks, &packet.bytes);
                    }
                    if let Some(heard) = phone.ear.heard.get(stretches) {
                        let label = self.labels.get(&heard.name).map_or(heard.name.as_str(), String::as_str);
                        self.ladder.note(now, phone.address, &format!("hears {label}"));
                    }
                    &mut phone.plane
                }
            };
            match channel {
                Channel::Rtp => plane.packet(now, session, packet.from, &packet.bytes),
                Channel::Rtcp => plane.report(now, session, packet.from, &packet.bytes),
            }
            return self.carry_media(owner);
        }
        let datagram = Datagram {
            protocol: Protocol::Udp,
            local: packet.to,
            remote: packet.from,
            connection: None,
            bytes: Arc::clone(&packet.bytes),
        };
        if packet.to == SERVER {
            self.tell(Input::Sip(datagram));
        } else if let Some(&place) = self.by_address.get(&packet.to) {
            self.phones[place].endpoint.receive(self.now, datagram);
            self.act(place);
        }
    }

    /// Gives the server an input and carries out what it wants.
    fn tell(&mut self, input: Input) {
        self.board.handle(self.now, input);
        self.carry_out();
    }

    fn carry_out(&mut self) {
        loop {
            match self.board.poll() {
                Output::Sip(transmit) => self.send_sip(SERVER, &transmit),
                Output::Media(command) => {
                    self.watch.ordered(&command);
                    let worker = usize::from(command.session().worker);
                    self.planes[worker].command(self.now.at, command);
                }
                Output::Effect(id, effect) => self.effect(id, effect),
                Output::Event(event) => self.events.push((self.now.at, event)),
                Output::Keep(keep) => self.kept.push(keep),
                Output::Record(record) => self.records.push(*record),
                Output::Sleep(until) => {
                    self.wake = until;
                    break;
                }
            }
        }
        for worker in self.workers() {
            self.carry_media(Owner::Server(worker));
        }
    }

    fn workers(&self) -> std::ops::Range<u16> {
        0..self.planes.len() as u16
    }

    fn send_sip(&mut self, from: SocketAddr, transmit: &Transmit) {
        self.ladder.sip(self.now.at, from, transmit.remote, &transmit.bytes);
        let packet = Packet { from, to: transmit.remote, bytes: Arc::clone(&transmit.bytes) };
        self.watch.sent(self.now.at, &packet);
        self.network.send(self.now.at, packet);
    }

    pub(super) fn act(&mut self, place: usize) {
        let mut send = Vec::new();
        let phone = &mut self.phones[place];
        if phone.dies_at.take_if(|at| *at <= self.now.at).is_some() {
            self.network.cut(phone.address.ip());
        }
        phone.act(self.now, &mut send);
        let from = phone.address;
        for transmit in &send {
            self.send_sip(from, transmit);
        }
        self.carry_media(Owner::Phone(place));
    }

    fn tick(&mut self, owner: Owner) {
        let now = self.now.at;
        loop {
            let plane = self.plane_of(owner);
            let Some(session) = plane.due(now) else { break };
            plane.tick(now, session);
            self.carry_media(owner);
        }
    }

    fn plane_of(&mut self, owner: Owner) -> &mut MediaPlane {
        match owner {
            Owner::Server(worker) => &mut self.planes[usize::from(worker)],
            Owner::Phone(place) => &mut self.phones[place].plane,
        }
    }
}

fn above(local: SocketAddr) -> SocketAddr {
    SocketAddr::new(local.ip(), local.port() + 1)
}
