//! The registrar of the agents' telephones: RFC 3261 §10.3, with digest. A binding remembers where its REGISTER came
//! from, and calls go there: a telephone behind a NAT is reached without more ado.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::dialog::without_headers;
use super::digest::{Challenger, Hash, Verdict};
use super::endpoint::wire::{Asked, Wire};
use super::endpoint::{Binding, Config, Event, WrongPassword};
use super::guard::{Failed, Guard};
use super::kept::KeptPhone;
use super::message::{Contacts, HeaderName, NameAddr, Request, ResponseBuilder, Uri};
use super::transport::Protocol;
use crate::base::limit::{SIP_BINDINGS_MAX, TOLD_CHARS_MAX};
use crate::base::name::Name;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant, Now};
use crate::sip::transport::ConnectionId;

/// The shortest registration: a telephone that asks for less floods us (423).
const EXPIRES_MIN: u32 = 60;
/// The longest, and what is granted to those who ask for nothing: a telephone that has vanished is noticed in an hour.
const EXPIRES_MAX: u32 = 3_600;

/// See the module.
#[derive(Debug)]
pub(crate) struct Registrar {
    challenger: Challenger,
    pub(in crate::sip) guard: Guard,
    bound: BTreeMap<Name, Vec<Contact>>,
    expiries: BTreeSet<(Instant, Name)>,
}

/// One contact of an account.
#[derive(Clone, Debug)]
struct Contact {
    uri: Uri,
    call_id: String,
    sequence: u32,
    until: Instant,
    /// Which telephone it is, by itself (`+sip.instance`), and by which of its flows (`reg-id`): RFC 5626 §4.1.
    instance: Option<(String, Option<String>)>,
    binding: Binding,
}

/// Why a REGISTER is refused after its digest.
enum Refused {
    Status(u16),
    TooBrief,
}

/// One contact that a REGISTER asks for; a time of 0 removes it.
struct Wanted {
    address: NameAddr,
    seconds: u32,
}

impl Registrar {
    /// Without bindings.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self {
            challenger: Challenger::new(rng),
            guard: Guard::default(),
            bound: BTreeMap::new(),
            expiries: BTreeSet::new(),
        }
    }

    /// A REGISTER that may come in.
    pub(crate) fn register(&mut self, now: Now, wire: &mut Wire, asked: &Asked) {
        let user = match self.verdict(now, wire, asked) {
            Verdict::Granted(user) => user,
            Verdict::Stale => return self.challenge(now, wire, asked, true),
            Verdict::Wrong(_) | Verdict::Denied => return self.challenge(now, wire, asked, false),
        };
        // RFC 3261 §10.3 step 4: one may change one's own bindings only.
        let is_own = asked.request.to().uri().user().is_some_and(|to| to == user);
        let outcome = if is_own { self.bind(now.at, &user, asked) } else { Err(Refused::Status(403)) };
        match outcome {
            Ok(changed) => {
                let contacts = self.listed(now.at, &user);
                wire.reply(now.at, asked, 200, |response| {
                    contacts.iter().fold(response, |it, contact| it.header(HeaderName::Contact, contact))
                });
                wire.emit(Event::Registered(user.as_str().into()));
                if changed {
                    wire.emit(Event::Bound(user.as_str().into(), self.bindings(&user)));
                }
            }
            Err(Refused::Status(status)) => {
                let why = if is_own { "its Contact cannot be taken" } else { "another's address" };
                wire.turned(asked, status, why);
                wire.reply(now.at, asked, status, |it| it);
            }
            Err(Refused::TooBrief) => {
                wire.turned(asked, 423, "registrations shorter than a minute");
                wire.reply(now.at, asked, 423, |it| {
                    it.header(HeaderName::MinExpires, EXPIRES_MIN.to_string())
                });
            }
        }
    }

    /// The account whose password a request proves.
    pub(crate) fn proves(&mut self, now: Now, wire: &mut Wire, asked: &Asked) -> Option<Name> {
        match self.verdict(now, wire, asked) {
            Verdict::Granted(user) => Some(user.into()),
            Verdict::Stale | Verdict::Wrong(_) | Verdict::Denied => None,
        }
    }

    /// A 401 with our challenges; the same for all who ask, known or not.
    pub(crate) fn challenges(
        &mut self,
        now: Now,
        config: &Config,
        source: IpAddr,
        is_stale: bool,
    ) -> impl FnOnce(ResponseBuilder) -> ResponseBuilder + use<> {
        let hashes = if config.digests.is_empty() { &[Hash::Md5] } else { config.digests.as_slice() };
        let values = self.challenger.challenge(now, source, &config.realm, hashes, is_stale);
        move |response| {
            values.iter().fold(response, |it, value| it.header(HeaderName::WwwAuthenticate, value))
        }
    }

    /// Where an account can be reached, the preferred contact first.
    pub(crate) fn bindings(&self, account: &str) -> Vec<Binding> {
        let contacts = self.bound.get(account).map(Vec::as_slice).unwrap_or_default();
        let mut bindings: Vec<_> = contacts.iter().map(|contact| contact.binding.clone()).collect();
        bindings.sort_by_key(|binding| std::cmp::Reverse(binding.q));
        bindings
    }

    /// A stream is gone: telephones that were reached by it are not there any more (RFC 5626 §5.3).
    pub(crate) fn closed(&mut self, wire: &mut Wire, connection: ConnectionId) {
        let by_it = |contact: &Contact| contact.binding.connection == Some(connection);
        let named: Vec<Name> = self
            .bound
            .iter()
            .filter(|(_, contacts)| contacts.iter().any(by_it))
            .map(|(name, _)| name.clone())
            .collect();
        for name in named {
            let mut contacts = self.bound.get(&name).cloned().unwrap_or_default();
            contacts.retain(|contact| !by_it(contact));
            self.set(name.clone(), contacts);
            wire.emit(Event::Bound(name.clone(), self.bindings(&name)));
        }
    }

    /// Whether a telephone is reached by this stream.
    pub(crate) fn needs(&self, connection: ConnectionId) -> bool {
        self.bound.values().flatten().any(|contact| contact.binding.connection == Some(connection))
    }

    /// Whether a phone is registered from this address.
    pub(crate) fn knows(&self, address: IpAddr) -> bool {
        self.bound.values().flatten().any(|contact| contact.is_at(address))
    }

    /// The phones of an account, as they are written down: not those on streams, which end with the process.
    pub(crate) fn phones(&self, now: Now, account: &str) -> Vec<KeptPhone> {
        let contacts = self.bound.get(account).into_iter().flatten();
        let kept = contacts.filter(|it| it.binding.protocol == Protocol::Udp).map(|contact| KeptPhone {
            uri: contact.binding.uri.clone(),
            call_id: contact.call_id.clone(),
            sequence: contact.sequence,
            remote: contact.binding.remote,
            protocol: contact.binding.protocol,
            q: contact.binding.q,
            until_ms: (now.wall + contact.until.since(now.at)).epoch_ms(),
        });
        kept.collect()
    }

    /// Binds the phones of an account that an earlier process had bound.
    pub(crate) fn restore(&mut self, now: Now, wire: &mut Wire, account: &Name, phones: &[KeptPhone]) {
        if !wire.config.accounts.contains_key(account.as_str()) {
            return;
        }
        let contact = |phone: &KeptPhone| {
            let left = u64::try_from(phone.until_ms - now.wall.epoch_ms()).ok().filter(|left| *left > 0)?;
            // A clock that was set back makes no registration longer than it was.
            let left = Duration::from_millis(left).min(Duration::from_secs(EXPIRES_MAX.into()));
            Some(Contact {
                uri: Uri::parse(&phone.uri)?,
                call_id: phone.call_id.clone(),
                sequence: phone.sequence,
                until: now.at + left,
                instance: None,
                binding: Binding {
                    uri: phone.uri.clone(),
                    remote: phone.remote,
                    protocol: phone.protocol,
                    connection: None,
                    q: phone.q,
                },
            })
        };
        let contacts: Vec<Contact> = phones.iter().take(SIP_BINDINGS_MAX).filter_map(contact).collect();
        if !contacts.is_empty() {
            self.set(account.clone(), contacts);
            wire.emit(Event::Bound(account.clone(), self.bindings(account)));
        }
    }

    /// How many contacts are bound in all.
    pub(crate) fn len(&self) -> usize {
        self.bound.values().map(Vec::len).sum()
    }

    /// Forgets the contacts of accounts that are no more.
    pub(crate) fn keep(&mut self, wire: &mut Wire) {
        let accounts = &wire.config.accounts;
        let gone: Vec<Name> =
            self.bound.keys().filter(|name| !accounts.contains_key(name.as_str())).cloned().collect();
        for name in gone {
            self.set(name.clone(), Vec::new());
            wire.emit(Event::Bound(name, Vec::new()));
        }
    }

    /// The next expiry.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.expiries.first().map(|(at, _)| *at)
    }

    /// Forgets what has expired.
    pub(crate) fn wake(&mut self, now: Instant, wire: &mut Wire) {
        while let Some((at, name)) = self.expiries.first().cloned()
            && at <= now
        {
            let mut contacts = self.bound.get(&name).cloned().unwrap_or_default();
            contacts.retain(|contact| contact.until > now);
            self.set(name.clone(), contacts);
            wire.emit(Event::Bound(name.clone(), self.bindings(&name)));
        }
    }

    fn challenge(&mut self, now: Now, wire: &mut Wire, asked: &Asked, is_stale: bool) {
        let with = self.challenges(now, &wire.config, asked.source.ip(), is_stale);
        wire.reply_stateless(asked, 401, with);
    }

    /// What the credentials of a request prove; a wrong password is counted and told.
    fn verdict(&mut self, now: Now, wire: &mut Wire, asked: &Asked) -> Verdict {
        let (request, address) = (&asked.request, asked.source.ip());
        let headers = request.headers();
        let lines = headers.all(HeaderName::Authorization).chain(headers.all(HeaderName::ProxyAuthorization));
        let (accounts, bound) = (&wire.config.accounts, &self.bound);
        let is_banned = self.guard.is_banned(now.at, address);
        // Whose phone is registered from a banned address is heard further, and nobody else there.
        let is_heard = |user: &str| {
            !is_banned || bound.get(user).is_some_and(|contacts| contacts.iter().any(|it| it.is_at(address)))
        };
        let mut verdict = Verdict::Denied;
        // A request may carry credentials of other realms on its way; hashing is not free, so that only few are tried.
        for line in lines.take(4) {
            let password_of = |user: &str| {
                accounts.get(user).filter(|_| is_heard(user)).map(|account| account.password.reveal())
            };
            match self.challenger.verify(
                now,
                address,
                (request.method(), request.uri(), request.body()),
                &line,
                password_of,
            ) {
                Verdict::Denied => {}
                Verdict::Granted(user) => return Verdict::Granted(user),
                other => verdict = other,
            }
        }
        if let Verdict::Wrong(user) = &verdict {
            wire.counters.denied += 1;
            if !is_banned {
                self.count_failure(now.at, wire, asked, user);
            }
        }
        verdict
    }

    fn count_failure(&mut self, now: Instant, wire: &mut Wire, asked: &Asked, user: &str) {
        let rules = wire.config.guard;
        let ours = wire.config.peers.contains(asked.source.ip());
        let failed = if ours {
            Failed { tries: 0, banned: false }
        } else {
            self.guard.failed(now, rules, asked.source)
        };
        wire.emit(Event::WrongPassword(Box::new(WrongPassword {
            remote: asked.source,
            method: asked.request.method().as_str().to_owned(),
            user: user.chars().take(TOLD_CHARS_MAX).collect(),
            tries: failed.tries,
            banned: failed.banned.then_some(rules.ban),
        })));
    }

    /// Does what a REGISTER asks, all of it or nothing (RFC 3261 §10.3 steps 6 and 7). Whether the bindings changed.
    fn bind(&mut self, now: Instant, user: &str, asked: &Asked) -> Result<bool, Refused> {
        let (call_id, sequence) = (asked.request.call_id(), asked.request.cseq().number);
        let mut contacts = self.bound.get(user).cloned().unwrap_or_default();
        let before = self.bindings(user);
        let is_old = |contact: &Contact| contact.call_id == call_id && contact.sequence >= sequence;
        let Some(wanted) = wanted(&asked.request)? else {
            // `*`: all of them go.
            if contacts.iter().any(is_old) {
                return Err(Refused::Status(500));
            }
            self.set(user.into(), Vec::new());
            return Ok(!before.is_empty());
        };
        for Wanted { address, seconds } in wanted {
            let known = contacts.iter().position(|contact| contact.uri.is_equivalent(address.uri()));
            if let Some(place) = known {
                if is_old(&contacts[place]) {
                    return Err(Refused::Status(500));
                }
                contacts.remove(place);
            }
            if seconds > 0 {
                let contact = contact(now, &address, seconds, asked);
                // A telephone that was started again is at another port, and is the same: its old contact goes.
                contacts.retain(|old| contact.instance.is_none() || old.instance != contact.instance);
                contacts.push(contact);
            }
        }
        // A telephone that takes a new port at each start leaves its old contacts behind: the stalest goes.
        while contacts.len() > SIP_BINDINGS_MAX
            && let Some(place) = (0..contacts.len()).min_by_key(|place| contacts[*place].until)
        {
            contacts.remove(place);
        }
        self.set(user.into(), contacts);
        Ok(self.bindings(user) != before)
    }

    fn set(&mut self, name: Name, contacts: Vec<Contact>) {
        let next = |contacts: &[Contact]| contacts.iter().map(|contact| contact.until).min();
        if let Some(at) = self.bound.get(&name).and_then(|old| next(old)) {
            self.expiries.remove(&(at, name.clone()));
        }
        match next(&contacts) {
            Some(at) => {
                self.expiries.insert((at, name.clone()));
                self.bound.insert(name, contacts);
            }
            None => {
                self.bound.remove(&name);
            }
        }
    }

    /// The Contact values of the 200: RFC 3261 §10.3 step 8.
    fn listed(&self, now: Instant, user: &str) -> Vec<String> {
        let contacts = self.bound.get(user).map(Vec::as_slice).unwrap_or_default();
        let listed = contacts.iter().map(|contact| {
            format!("<{}>;expires={}", contact.uri.text(), contact.until.since(now).as_secs())
        });
        listed.collect()
    }
}

/// The contacts that a REGISTER asks for; `None` for `*`.
fn wanted(request: &Request) -> Result<Option<Vec<Wanted>>, Refused> {
    let headers = request.headers();
    let default = headers.expires();
    let list = match headers.contacts() {
        Ok(Contacts::All) if default == Some(0) => return Ok(None),
        Ok(Contacts::List(list)) => list,
        Ok(Contacts::All) | Err(_) => return Err(Refused::Status(400)),
    };
    let mut wanted = Vec::with_capacity(list.len());
    for address in list {
        if address.uri().as_sip().is_none() {
            return Err(Refused::Status(400));
        }
        let seconds = address.expires().or(default).unwrap_or(EXPIRES_MAX);
        if (1..EXPIRES_MIN).contains(&seconds) {
            return Err(Refused::TooBrief);
        }
        wanted.push(Wanted { address, seconds: seconds.min(EXPIRES_MAX) });
    }
    Ok(Some(wanted))
}

impl Contact {
    fn is_at(&self, address: IpAddr) -> bool {
        self.binding.remote.ip().to_canonical() == address.to_canonical()
    }
}

fn contact(now: Instant, address: &NameAddr, seconds: u32, asked: &Asked) -> Contact {
    Contact {
        uri: address.uri().clone(),
        call_id: asked.request.call_id().to_owned(),
        sequence: asked.request.cseq().number,
        until: now + Duration::from_secs(seconds.into()),
        instance: address.param("+sip.instance").map(|instance| {
            (instance.into_owned(), address.param("reg-id").map(std::borrow::Cow::into_owned))
        }),
        binding: Binding {
            uri: without_headers(address.uri().text()),
            remote: asked.source,
            protocol: asked.origin.protocol,
            connection: asked.origin.connection,
            q: address.q(),
        },
    }
}
