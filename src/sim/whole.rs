//! One whole call through the server's own switchboard and data plane: a caller who is told what to do, phones of the site's
//! agents that pick up when told, a line outside for each trunk. What comes of it is a ladder and a capture.
//!
//! The sounds are those of the edition. Trunks register nowhere here, and let the caller in.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::ear::Marks;
use super::network::Weather;
use super::pcap::Capture;
use super::phone::{Act, Habit};
use super::world::{Company, World};
use crate::base::digit::Digit;
use crate::base::limit::SIMULATED_PHONES_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, Wall};
use crate::centre::caller::CALLED_ORDER;
use crate::centre::number;
use crate::centre::trunk::{Dial, Peer, Present, Trunk};
use crate::config::site::{Line, PublicAddress, Shared};
use crate::sip::endpoint::Credentials;
use crate::switchboard::{Edition, Library, host_of};

/// See the module.
pub struct Whole {
    world: World,
    caller: usize,
    /// The key with which who is rung by a telephone number takes a call.
    key: Option<Digit>,
    /// Phones from this place on are telephones outside.
    outside: usize,
    /// Who talks to the caller, and has not hung up.
    talking: Option<usize>,
}

/// Who calls whom, when.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The number dialled, normal form.
    pub number: &'a str,
    /// The caller's number, or `anonymous`.
    pub caller: &'a str,
    /// The civil moment.
    pub wall: Wall,
    /// Agents whose phones are there, of each queue; all when none.
    pub agents: Option<usize>,
    /// Decides all that is drawn.
    pub seed: u64,
}

/// A phone rings until it is told what to do.
const PATIENT: Habit = Habit {
    after: Duration::from_secs(24 * 3_600),
    refuse: None,
    talk: None,
    presses: "",
    early: false,
    mute: false,
    dies: None,
    holds: None,
};
/// What happens by itself comes within this, or does not come.
const LONGEST: Duration = Duration::from_secs(600);
/// An answer of a machine.
const SOON: Duration = Duration::from_secs(5);
/// The server has done what follows from a key.
const AT_ONCE: Duration = Duration::from_millis(400);

impl Whole {
    /// Everything is in its place, and the caller dials.
    pub fn new(mut edition: Edition, setting: &Setting<'_>, company: Company) -> Self {
        let mut marks = Marks::real();
        let mut library = Library::default();
        for key in edition.library.keys().cloned().collect::<Vec<_>>() {
            if let Some(sound) = edition.library.sound(&key) {
                library.insert(key.clone(), marks.learn(&key, sound));
            }
        }
        edition.library = library;
        let outside = lines(&mut edition);
        let phones = phones(&edition.site.shared, setting.agents);
        let key = edition.site.shared.agents.values().find_map(|agent| agent.confirm);
        let mut world = World::around(1, edition, marks, setting.seed, Weather::FAIR);
        world.company = company;
        for (name, credentials) in phones {
            world.registered(&name, credentials, PATIENT);
        }
        let first = world.phones.len();
        for ip in outside {
            world.outside("outside", ip, PATIENT);
        }
        world.run_for(Duration::from_secs(2));
        world.at(setting.wall);
        world.ladder.begin(world.now().at);
        world.watch.begin(world.now());
        let number = number::normalise(setting.caller).number;
        let caller = number.as_deref().unwrap_or("anonymous");
        let caller = world.caller(caller, vec![Act::Dial(setting.number.to_owned())]);
        let mut whole = Self { world, caller, key, outside: first, talking: None };
        whole.quiet();
        whole
            .world
            .run_until(LONGEST, |world| world.phones[caller].is_talking() || world.phones[caller].is_over());
        whole.world.run_for(AT_ONCE);
        whole
    }

    /// What is being said is heard to its end.
    pub fn listen(&mut self) {
        let caller = self.caller;
        self.world.run_until(LONGEST, |world| !world.watch.is_speaking() || world.phones[caller].is_over());
    }

    /// Time passes to what the server does next by itself.
    pub(crate) fn wait(&mut self) {
        let (caller, turns) = (self.caller, self.world.watch.turns);
        self.world.run_until(LONGEST, |world| world.watch.turns != turns || world.phones[caller].is_over());
    }

    /// So much time passes.
    pub(crate) fn elapse(&mut self, time: Duration) {
        self.world.run_for(time);
    }

    /// The civil clock is moved.
    pub(crate) fn set_wall(&mut self, wall: Wall) {
        self.world.at(wall);
    }

    /// The caller presses keys.
    pub fn press(&mut self, keys: &[Digit]) {
        let caller = self.caller;
        self.give(Act::Press(keys.iter().map(|key| key.as_char()).collect()));
        self.world.run_until(LONGEST, |world| !world.phones[caller].is_pressing());
        self.world.run_for(AT_ONCE);
    }

    /// The caller talks for so long: to the recording, or to who has answered.
    pub fn talk(&mut self, time: Duration) {
        let now = self.world.now();
        let name = self.world.phones[self.caller].name.clone();
        let voice = self.world.marks.voice(&Name::from(format!("voice:{name}")));
        self.world.phones[self.caller].says(now, voice);
        self.world.act(self.caller);
        self.world.run_for(time);
        self.quiet();
    }

    /// Somebody who is rung picks up: this agent, or the first; false when nobody is rung.
    pub fn answer(&mut self, who: Option<&Name>) -> bool {
        let Some(place) = self.rung(who) else { return false };
        let key = self.key.filter(|_| place >= self.outside);
        self.decide(place, None, key.as_slice());
        self.world.run_until(SOON, |world| world.phones[place].is_talking());
        self.world.run_for(AT_ONCE);
        self.talking = Some(place);
        true
    }

    /// All who are rung refuse with this status; false when nobody is.
    pub(crate) fn refuse(&mut self, status: u16) -> bool {
        let Some(first) = self.rung(None) else { return false };
        let all: Vec<usize> = (first..self.world.phones.len()).collect();
        for place in all.into_iter().filter(|place| self.world.phones[*place].is_rung()).collect::<Vec<_>>() {
            self.decide(place, Some(status), &[]);
        }
        self.world.run_for(AT_ONCE);
        true
    }

    /// Nobody picks up: time passes until the phones stop ringing; false when none rings.
    pub(crate) fn ignore(&mut self) -> bool {
        let Some(place) = self.rung(None) else { return false };
        self.world.run_until(LONGEST, |world| !world.phones[place].is_rung());
        self.world.run_for(AT_ONCE);
        true
    }

    /// Who has answered hangs up.
    pub(crate) fn part(&mut self) {
        if let Some(place) = self.talking.take() {
            let now = self.world.now();
            self.world.phones[place].end_talk(now);
            self.world.act(place);
            self.world.run_for(AT_ONCE);
        }
    }

    /// The caller hangs up.
    pub fn hang_up(&mut self) {
        let caller = self.caller;
        self.talking = None;
        self.give(Act::HangUp);
        self.world.run_until(SOON, |world| world.phones[caller].is_over());
    }

    /// Whether the call is over for the caller.
    pub fn is_over(&self) -> bool {
        self.world.phones[self.caller].is_over()
    }

    /// Whether somebody has answered and has not hung up.
    pub fn is_talking(&self) -> bool {
        self.talking.is_some_and(|place| self.world.phones[place].is_talking())
    }

    /// The last messages are answered, and the record is written: the world with all that came of the call, and its packets.
    pub fn finish(mut self) -> (World, Capture) {
        self.world.run_until(Duration::from_secs(40), |world| world.board().calls_len() == 0);
        self.world.run_for(AT_ONCE);
        let capture = self.world.watch.capture.take().unwrap_or_default();
        (self.world, capture)
    }

    fn quiet(&mut self) {
        let now = self.world.now();
        self.world.phones[self.caller].says(now, Marks::silence());
        self.world.act(self.caller);
    }

    fn give(&mut self, act: Act) {
        self.world.phones[self.caller].acts.push_back(act);
        self.world.act(self.caller);
    }

    /// Who is rung, now or as soon as somebody is.
    fn rung(&mut self, who: Option<&Name>) -> Option<usize> {
        let fits = |world: &World| {
            let phones = world.phones.iter();
            let named = phones.map(|phone| phone.is_rung() && who.is_none_or(|who| phone.name == *who));
            named.enumerate().find(|(_, fits)| *fits).map(|(place, _)| place)
        };
        let caller = self.caller;
        self.world.run_until(LONGEST, |world| fits(world).is_some() || world.phones[caller].is_over());
        fits(&self.world)
    }

    fn decide(&mut self, place: usize, refuse: Option<u16>, keys: &[Digit]) {
        let now = self.world.now();
        self.world.phones[place].decide(now, refuse, keys);
        self.world.act(place);
    }
}

/// Makes the lines of a site those of a world: they let the caller in, and lead to an address here each. Those addresses.
fn lines(edition: &mut Edition) -> Vec<IpAddr> {
    let site = Arc::get_mut(&mut edition.site).expect("an edition that was just made has one owner");
    let shared = &mut site.shared;
    shared.server.public_address = PublicAddress::Auto;
    let here = Peer::parse("10.1.0.0/16");
    if shared.trunks.is_empty() {
        let name = Name::from("simulated");
        let (called_number, peers) = (CALLED_ORDER.to_vec(), Vec::new());
        let (present, dial) = (Present::default(), Dial::default());
        let trunk =
            Trunk { name: name.clone(), peers, trusted: true, channels: None, called_number, present, dial };
        let outbound = "outside.invalid".to_owned();
        shared.trunks.insert(
            name,
            Line {
                trunk,
                registration: None,
                from: None,
                domain: outbound.clone(),
                outbound,
                tcp: false,
                follow_redirects: false,
                tariff: None,
            },
        );
    }
    for (place, line) in shared.trunks.values_mut().enumerate() {
        line.trunk.peers = here.filter(|_| place == 0).into_iter().collect();
        line.trunk.called_number = CALLED_ORDER.to_vec();
        line.registration = None;
        line.tcp = false;
    }
    let addresses = edition.site.flows.values().flat_map(|flow| flow.addresses());
    let addresses: Vec<String> = addresses.filter_map(|uri| host_of(&uri).map(str::to_owned)).collect();
    let trunks = edition.site.shared.trunks.values().map(|line| line.outbound.clone());
    let hosts: BTreeSet<String> = trunks.chain(addresses).collect();
    let ips = (1..=u8::MAX).map(|number| IpAddr::from([10, 2, 0, number]));
    edition.hosts =
        hosts.into_iter().zip(ips).map(|(host, ip)| (host, vec![SocketAddr::new(ip, 5060)])).collect();
    edition.hosts.values().flatten().map(SocketAddr::ip).collect()
}

/// The phones of a site's agents: of each queue so many, in its order.
fn phones(shared: &Shared, agents: Option<usize>) -> Vec<(Name, Credentials)> {
    let of_queue =
        |names: &[Name]| names.iter().take(agents.unwrap_or(usize::MAX)).cloned().collect::<Vec<_>>();
    let there: BTreeSet<Name> = match agents {
        None => shared.agents.keys().cloned().collect(),
        Some(_) => shared.queues.values().flat_map(|queue| of_queue(&queue.rules.agents)).collect(),
    };
    let phone = |name: Name| {
        let agent = shared.agents.get(&name)?;
        let account = agent.account.as_ref()?;
        let credentials = Credentials { user: account.user.to_string(), password: account.password.clone() };
        Some((name, credentials))
    };
    there.into_iter().filter_map(phone).take(SIMULATED_PHONES_MAX).collect()
}
