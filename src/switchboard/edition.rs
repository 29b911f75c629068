//! One loaded version of everything that an operator edits: the site, its flows, its sounds, and the addresses of its
//! hosts. Swapped whole; a call keeps the one that it began with.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::audio::sound::Sound;
use crate::base::codec::G711;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Moment, Wall};
use crate::centre::trunk::Trunk;
use crate::centre::{hours, number};
use crate::config::Site;
use crate::config::site::{self, PublicAddress};
use crate::flow::graph::Flow;
use crate::flow::vocabulary::{CallFacts, HoursState, QueueFacts};
use crate::sip::digest::Hash;
use crate::sip::endpoint::{Account, Config, Credentials, Peers, Registration};
use crate::sip::guard::GuardRules;
use crate::sip::path::is_inside;
use crate::sip::transport::Protocol;

/// See the module.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The site and its flows.
    pub site: Arc<Site>,
    /// Every sound that a flow of the site can play.
    pub library: Library,
    /// The host names of trunks and of SIP addresses in flows, with all their addresses, resolved by `io` when the edition
    /// was made.
    pub(crate) hosts: BTreeMap<String, Vec<SocketAddr>>,
    /// Where we listen.
    pub listen: Vec<(Protocol, SocketAddr)>,
    /// Media workers that sessions are spread over.
    pub workers: u16,
}

/// Sounds by their key.
#[derive(Clone, Debug, Default)]
pub struct Library(BTreeMap<Name, Arc<Sound>>);

impl Library {
    /// Adds or replaces a sound.
    pub fn insert(&mut self, key: Name, sound: Arc<Sound>) {
        self.0.insert(key, sound);
    }

    /// The sound of a key.
    pub(crate) fn sound(&self, key: &str) -> Option<&Arc<Sound>> {
        self.0.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &Name> {
        self.0.keys()
    }
}

impl Edition {
    /// What the SIP endpoint must know of it.
    pub(super) fn sip_config(&self) -> Config {
        let site = &self.site.shared;
        let accounts = site.agents.values().filter_map(|agent| agent.account.as_ref());
        let accounts =
            accounts.map(|account| (account.user.clone(), Account { password: account.password.clone() }));
        let registrations = site.trunks.iter().filter_map(|(name, line)| {
            let register = line.registration.as_ref()?;
            let registration = Registration {
                registrar: format!("sip:{}", register.registrar),
                addresses: Some(self.reachable(&register.registrar)).filter(|all| !all.is_empty())?,
                protocol: if line.tcp { Protocol::Tcp } else { Protocol::Udp },
                credentials: credentials(register),
                expires: register.expires,
            };
            Some((name.clone(), registration))
        });
        Config {
            public_address: self.public_ip(),
            listen: self.listen.clone(),
            realm: site.server.realm.clone(),
            digests: site.server.digests.iter().map(|digest| hash(*digest)).collect(),
            accounts: accounts.collect(),
            registrations: registrations.collect(),
            peers: self.peers(),
            guard: GuardRules {
                tries: site.server.bans.tries,
                within: site.server.bans.within,
                ban: site.server.bans.length,
            },
            hidden: site.server.hidden,
        }
    }

    /// Who calls us without proof: the peers of trunks, and the registrars at which we are registered.
    fn peers(&self) -> Peers {
        let lines = self.site.shared.trunks.values();
        let trunks: Vec<Trunk> = lines.clone().map(|line| line.trunk.clone()).collect();
        let registrars: Vec<IpAddr> = lines.flat_map(|line| self.registrars(line)).collect();
        Peers::those(move |ip| {
            registrars.contains(&ip.to_canonical()) || trunks.iter().any(|trunk| trunk.accepts(ip))
        })
    }

    /// Ports of RTP.
    pub(super) fn rtp_ports(&self) -> RangeInclusive<u16> {
        let (first, last) = self.site.shared.server.ports;
        first..=last
    }

    /// The numbers that the site serves, as people write them.
    pub(crate) fn numbers(&self) -> Vec<String> {
        self.site.numbers.keys().map(|number| number::display(number)).collect()
    }

    /// A served number in normal form with its flow; the first free one (or the first) when none is asked for.
    pub fn number(&self, asked: Option<&str>) -> Option<(String, Arc<Flow>)> {
        let numbers = &self.site.numbers;
        let found = match asked {
            Some(text) => numbers.get_key_value(number::normalise(text).number?.as_str()),
            None => numbers.iter().find(|(number, _)| number::is_free(number)).or(numbers.iter().next()),
        };
        found.map(|(number, flow)| (number.clone(), Arc::clone(flow)))
    }

    /// What is known of a call from a caller to a number, without any SIP: for the simulator.
    pub fn facts(&self, number: &str, caller: &str) -> CallFacts {
        let from = number::normalise(caller);
        CallFacts {
            caller_country: from.number.as_deref().and_then(number::country).map(Name::from),
            caller_name: None,
            caller_mobile: matches!(from.class, number::Class::Mobile | number::Class::OverseasMobile),
            caller: from.number.map(Pii::new),
            number: number.to_owned(),
            free: number::is_free(number),
            campaign: None,
            reference: String::new(),
            chance: 0,
        }
    }

    /// Whole phrases that callers can hear, by their words: fragments of numbers apart.
    pub(crate) fn phrases(&self) -> Vec<(String, Vec<i16>)> {
        let all: BTreeMap<Name, String> =
            self.site.flows.values().flat_map(|flow| flow.recordings()).collect();
        let heard = all
            .into_iter()
            .filter_map(|(key, words)| Some((words, self.library.sound(&key)?.samples(G711::Alaw))));
        heard.collect()
    }

    /// Our address as peers outside must see it; none without a 1:1 NAT.
    pub(super) fn public_ip(&self) -> Option<IpAddr> {
        match self.site.shared.server.public_address {
            PublicAddress::Auto => None,
            PublicAddress::Fixed(address) => Some(address),
        }
    }

    /// The same towards a peer: in our own network it is told where we are there.
    pub(super) fn public_towards(&self, peer: Option<IpAddr>) -> Option<IpAddr> {
        self.public_ip().filter(|_| !peer.is_some_and(is_inside))
    }

    /// The zone of the site's times.
    pub(super) fn zone(&self) -> Name {
        self.site.shared.zone.clone()
    }

    /// A moment in the zone of the site, as records have it.
    pub(super) fn moment(&self, wall: Wall) -> Moment {
        Moment::of(wall, &self.zone())
    }

    /// A moment in the zone of the site, as speech reads it.
    pub(super) fn civil(&self, wall: Wall) -> String {
        wall.rfc3339(&self.zone()).get(..16).unwrap_or_default().to_owned()
    }

    /// The state of a calendar.
    pub(crate) fn hours(&self, calendar: &str, wall: Wall) -> HoursState {
        match self.site.shared.hours.get(calendar).map(|calendar| calendar.state(wall)) {
            Some(hours::State::Open) => HoursState::Open,
            Some(hours::State::Holiday) => HoursState::Holiday,
            Some(hours::State::Closed) | None => HoursState::Closed,
        }
    }

    /// The week of a calendar, as speech reads it.
    pub(crate) fn week(&self, calendar: &str) -> Option<String> {
        self.site.shared.hours.get(calendar).map(hours::Hours::week_text)
    }

    /// When a calendar opens next, as speech reads it.
    pub(crate) fn next_open(&self, calendar: &str, wall: Wall) -> Option<String> {
        let next = self.site.shared.hours.get(calendar)?.next_open(wall)?;
        Some(format!("{}T{:02}:{:02}", next.date, next.time.hour, next.time.minute))
    }

    /// The address that RTP of a leg is bound to: the one that the peer's SIP reached.
    pub(super) fn media_address(&self, reached: Option<IpAddr>) -> IpAddr {
        let listen = self.listen.first().map(|(_, address)| address.ip());
        reached.or(listen).unwrap_or(Ipv4Addr::LOCALHOST.into())
    }

    /// How a queue treats its callers.
    pub(crate) fn queue_facts(&self, queue: &str) -> QueueFacts {
        let queue = self.site.shared.queues.get(queue);
        QueueFacts {
            music: queue.and_then(|queue| queue.music.clone()),
            position_every: queue.and_then(|queue| queue.position),
        }
    }

    /// The trunk that a call to the outside leaves by: the one that brought the call, or the first that can be reached, if it
    /// has room.
    pub(super) fn trunk_for(&self, brought_by: &str, has_room: impl Fn(&Trunk) -> bool) -> Option<&Name> {
        let trunks = &self.site.shared.trunks;
        let usable = |line: &site::Line| self.address_of(&line.outbound).is_some() && has_room(&line.trunk);
        let own = trunks.get_key_value(brought_by).filter(|(_, line)| usable(line));
        own.or_else(|| trunks.iter().find(|(_, line)| usable(line))).map(|(name, _)| name)
    }

    /// The address of `host` or `host:port`, as `io` resolved it, or as it is written.
    pub(super) fn address_of(&self, host: &str) -> Option<SocketAddr> {
        self.addresses_of(host).next()
    }

    /// All of them.
    fn addresses_of(&self, host: &str) -> impl Iterator<Item = SocketAddr> {
        let resolved = self.hosts.get(host);
        let literal = if resolved.is_none() { literal_address(host) } else { None };
        resolved.into_iter().flatten().copied().chain(literal)
    }

    /// All addresses of `host` or `host:port` that can be reached from where we listen.
    fn reachable(&self, host: &str) -> Vec<SocketAddr> {
        let ours = |address: &SocketAddr| {
            let mut listen = self.listen.iter();
            self.listen.is_empty() || listen.any(|(_, own)| own.is_ipv4() == address.is_ipv4())
        };
        self.addresses_of(host).filter(ours).collect()
    }

    /// The trunk whose calls come from an address: one that lists it, or one that is registered there. Of several accounts at
    /// one registrar, the one that is called: `user` is that of the Request-URI, our Contact's.
    pub(super) fn trunk_of(&self, remote: IpAddr, user: Option<&str>) -> Option<(&Name, &site::Line)> {
        let trunks = || self.site.shared.trunks.iter();
        let registered =
            || trunks().filter(|(_, line)| self.registrars(line).any(|ip| ip == remote.to_canonical()));
        trunks()
            .find(|(_, line)| line.trunk.accepts(remote))
            .or_else(|| registered().find(|(_, line)| user.is_some() && line.account() == user))
            .or_else(|| registered().next())
    }

    /// All addresses of the registrar at which a trunk has its account: an operator's calls come from any of them.
    fn registrars(&self, line: &site::Line) -> impl Iterator<Item = IpAddr> {
        let all =
            line.registration.iter().flat_map(|registration| self.addresses_of(&registration.registrar));
        all.map(|address| address.ip().to_canonical())
    }
}

fn hash(digest: site::Digest) -> Hash {
    match digest {
        site::Digest::Md5 => Hash::Md5,
        site::Digest::Sha256 => Hash::Sha256,
    }
}

/// Who we are at an operator's registrar, and on the calls that leave through it.
pub(super) fn credentials(register: &site::Registration) -> Credentials {
    Credentials { user: register.user.clone(), password: register.password.clone() }
}

/// The host of a SIP address, with its port if it has one: `sip:alice@192.0.2.1:5070;transport=tcp`.
pub(crate) fn host_of(uri: &str) -> Option<&str> {
    let rest = uri.strip_prefix("sip:")?;
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    host.split([';', '?']).next()
}

/// `192.0.2.1`, `192.0.2.1:5070`, `[2001:db8::1]:5060`; port 5060 when none is written (RFC 3261 §19.1.2).
pub(crate) fn literal_address(host: &str) -> Option<SocketAddr> {
    if let Ok(address) = host.parse::<SocketAddr>() {
        return Some(address);
    }
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok().map(|ip| SocketAddr::new(ip, 5060))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::diagnostic::Source;

    #[test]
    fn no_secret_of_a_site_is_printed() {
        let text = "\
svi: 1
name: accueil
numbers: [01 23 45 67 89]
trunks:
  op: { peers: [192.0.2.1], register: { registrar: 192.0.2.1, user: moi, password: zanzibar-1 } }
agents: { alice: { sip: alice, password: zanzibar-2 }, bruno: { sip: bruno, password: credential:x } }
apis: { api.exemple.fr: { headers: { Authorization: Bearer zanzibar-4, X-Key: credential:x } } }
sms: { url: \"https://sms.exemple.fr/?key=zanzibar-5&to={to}&text={text}\", auth: { user: u, password: zanzibar-6 } }
mail: { server: smtp.exemple.fr, from: svi@exemple.fr, user: u, password: zanzibar-7 }
start: fin
blocks:
  fin:
    - hangup: normal
";
        let texts = [Source::new("site.yaml", text)];
        let (site, report) =
            crate::config::read(&texts, &BTreeSet::new(), true, &|_| Some("zanzibar-3".to_owned()));
        assert_eq!(report.to_string(), "");
        let library = Library::default();
        let edition =
            Edition { site: site.into(), library, hosts: BTreeMap::new(), listen: Vec::new(), workers: 1 };
        let config = edition.sip_config();
        assert_eq!((config.accounts.len(), config.registrations.len()), (2, 1));
        for printed in [format!("{edition:?} {config:?}"), format!("{edition:#?} {config:#?}")] {
            assert!(printed.contains("***") && !printed.contains("zanzibar"), "{printed}");
        }
    }

    #[test]
    fn the_registrar_of_a_trunk_is_its_peer() {
        let text = "\
svi: 1
name: accueil
numbers: [01 23 45 67 89]
trunks:
  un: { register: { registrar: sip.operateur.example, user: moi, password: x } }
  deux: { register: { registrar: sip.operateur.example, user: lui, password: x } }
  trois: { peers: [192.0.2.3], register: { registrar: 192.0.2.4, user: eux, password: x } }
start: fin
blocks:
  fin:
    - hangup: normal
";
        let texts = [Source::new("site.yaml", text)];
        let (site, report) = crate::config::read(&texts, &BTreeSet::new(), true, &|_| None);
        assert_eq!(report.to_string(), "");
        let all = ["192.0.2.1:5060", "192.0.2.3:5060", "[2001:db8::1]:5060"];
        let hosts =
            [("sip.operateur.example".to_owned(), all.map(|one| one.parse().unwrap()).to_vec())].into();
        let library = Library::default();
        let edition = Edition { site: site.into(), library, hosts, listen: Vec::new(), workers: 1 };
        let of = |remote: &str, user| {
            edition.trunk_of(remote.parse().unwrap(), user).map(|(name, _)| name.as_str())
        };
        assert_eq!(of("192.0.2.1", None), Some("deux"), "the first by name");
        assert_eq!(
            of("2001:db8::1", Some("moi")),
            Some("un"),
            "each of its addresses, and the account that is called"
        );
        assert_eq!(of("::ffff:192.0.2.1", Some("lui")), Some("deux"));
        assert_eq!(of("192.0.2.3", Some("moi")), Some("trois"), "who lists an address comes first");
        assert_eq!(of("192.0.2.4", None), Some("trois"), "an address is written as one");
        assert_eq!(of("192.0.2.9", Some("moi")), None);
        let peers = edition.peers();
        for (remote, known) in [("2001:db8::1", true), ("192.0.2.4", true), ("192.0.2.9", false)] {
            assert_eq!(peers.contains(remote.parse().unwrap()), known, "{remote}");
        }
    }

    #[test]
    fn literal_addresses_have_the_port_of_sip_by_default() {
        assert_eq!(literal_address("192.0.2.1"), "192.0.2.1:5060".parse().ok());
        assert_eq!(literal_address("192.0.2.1:5070"), "192.0.2.1:5070".parse().ok());
        assert_eq!(literal_address("[2001:db8::1]"), "[2001:db8::1]:5060".parse().ok());
        assert_eq!(literal_address("sip.operateur.example"), None);
    }
}
