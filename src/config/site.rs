//! The site as values: what `site.yaml` says, typed, with every default filled in. See `load.rs` for how it comes to be.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::outside::{Api, Mail, Sms};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Date, Duration};
use crate::centre::CentreConfig;
use crate::centre::agent::Profile;
use crate::centre::hours::Hours;
use crate::centre::queue::Rules;
use crate::centre::trunk::Trunk;
use crate::flow::speech::Language;

/// What all flows of a site share.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The site's name.
    pub name: Name,
    /// Its clock, an IANA time zone: that of records, of what is said, and of calendars that name none.
    pub zone: Name,
    /// The machine.
    pub server: Server,
    /// Operators' trunks.
    pub trunks: BTreeMap<Name, Line>,
    /// Agents.
    pub agents: BTreeMap<Name, Agent>,
    /// Calendars.
    pub hours: BTreeMap<Name, Hours>,
    /// Queues.
    pub queues: BTreeMap<Name, Queue>,
    /// Mailboxes.
    pub mailboxes: BTreeMap<Name, Mailbox>,
    /// Campaigns.
    pub campaigns: BTreeMap<Name, Campaign>,
    /// What operators charge.
    pub tariffs: BTreeMap<Name, Tariff>,
    /// Hosts that flows may ask, by `host` or `host:port`, with what is not written in flows.
    pub apis: BTreeMap<String, Api>,
    /// The gateway of text messages.
    pub sms: Option<Sms>,
    /// The mail server.
    pub mail: Option<Mail>,
}

impl Shared {
    /// What the floor needs to know.
    pub fn centre(&self) -> CentreConfig {
        let profile =
            |agent: &Agent| Profile { skills: agent.skills.clone(), has_number: agent.phone.is_some() };
        CentreConfig {
            agents: self.agents.iter().map(|(name, agent)| (name.clone(), profile(agent))).collect(),
            queues: self.queues.iter().map(|(name, queue)| (name.clone(), queue.rules.clone())).collect(),
        }
    }

    /// The campaign of a number (normal form) on a day of the site's clock.
    pub fn campaign(&self, number: &str, day: Date) -> Option<&Name> {
        let runs = |campaign: &Campaign| {
            campaign.number == number
                && campaign.from.is_none_or(|from| from <= day)
                && campaign.until.is_none_or(|until| day <= until)
        };
        self.campaigns.iter().find(|(_, campaign)| runs(campaign)).map(|(name, _)| name)
    }
}

/// The machine: where it listens, where it writes, how much it takes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// SIP over UDP.
    pub udp: Vec<SocketAddr>,
    /// SIP over TCP.
    pub tcp: Vec<SocketAddr>,
    /// The address that the outside knows us by.
    pub public_address: PublicAddress,
    /// Ports of RTP, first and last.
    pub ports: (u16, u16),
    /// Media threads; none: one per core.
    pub workers: Option<usize>,
    /// Calls at once.
    pub calls_max: usize,
    /// Realm of the registrar's challenges.
    pub realm: String,
    /// The algorithms that the registrar's challenges offer, in this order.
    pub digests: Vec<Digest>,
    /// The file of call records, one JSON line each.
    pub records: Option<PathBuf>,
    /// The folder of mailboxes.
    pub messages: Option<PathBuf>,
    /// What makes voices of texts.
    pub speech: SpeechCommands,
    /// The control socket of `svi reload`, `svi status`.
    pub control: Option<PathBuf>,
    /// Where the web pages are served.
    pub web: Option<SocketAddr>,
    /// The database.
    pub store: Option<String>,
}

impl Default for Server {
    fn default() -> Self {
        let everywhere = SocketAddr::from(([0, 0, 0, 0], SIP_PORT));
        Self {
            udp: vec![everywhere],
            tcp: vec![everywhere],
            public_address: PublicAddress::Auto,
            ports: (16_384, 32_767),
            workers: None,
            calls_max: crate::base::limit::CALLS_MAX,
            realm: "svi".to_owned(),
            digests: vec![Digest::Md5],
            records: None,
            messages: None,
            speech: SpeechCommands::default(),
            control: None,
            web: None,
            store: None,
        }
    }
}

/// The site's text-to-speech commands: a program and its arguments, by language. None: texts must have recordings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeechCommands(pub BTreeMap<Language, Vec<String>>);

impl SpeechCommands {
    /// The command that speaks a language.
    pub fn of(&self, language: Language) -> Option<&[String]> {
        self.0.get(&language).map(Vec::as_slice)
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An algorithm of digest authentication.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Digest {
    /// What every telephone knows.
    Md5,
    /// Stronger (RFC 8760); some telephones do not register when it is offered.
    Sha256,
}

/// The port of SIP (RFC 3261 §18.1.1).
pub const SIP_PORT: u16 = 5_060;

/// The address that the outside knows us by.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PublicAddress {
    /// The address of the interface that a message leaves by.
    Auto,
    /// This one: behind a 1:1 NAT.
    Fixed(IpAddr),
}

/// A trunk with what it takes to reach its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its rules.
    pub trunk: Trunk,
    /// Our registration there; none: known by address.
    pub registration: Option<Registration>,
    /// Where calls go that leave by it: `host` or `host:port`. The registrar, or the first peer, unless written.
    pub outbound: String,
    /// Whether these go over TCP.
    pub tcp: bool,
}

/// A registration at an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Host, or host and port.
    pub registrar: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
    /// How long we ask to be registered.
    pub expires: Duration,
}

/// A password. Debug does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Seals it.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// An agent: reached by a phone that registers here, or by a telephone number, or by both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// As people call them.
    pub title: String,
    /// The account that their phone registers with.
    pub account: Option<Account>,
    /// Their telephone number, normal form.
    pub phone: Option<String>,
    /// The key that they press to take a call: a mobile's voicemail presses none.
    pub confirm: Option<Digit>,
    /// What they can help with.
    pub skills: std::collections::BTreeSet<Name>,
}

/// An account at our registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// User name.
    pub user: Name,
    /// Password.
    pub password: Secret,
}

/// A queue with what callers hear in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Whom it rings, and how.
    pub rules: Rules,
    /// What callers hear; none: what svi ships.
    pub music: Option<Name>,
    /// How often the place is told; none: never.
    pub position: Option<Duration>,
    /// Service level aimed at, in percent; the time stands in the rules.
    pub target_percent: u8,
    /// Whether talks are recorded.
    pub record: bool,
}

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Who is told of a message.
    pub email: Vec<String>,
    /// How long a message may be.
    pub longest: Duration,
    /// How long it is kept.
    pub keep: Duration,
}

/// A campaign: calls to a number between two days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// The number, normal form.
    pub number: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// The flow that its number reaches, when that number stands in no flow.
    pub flow: Option<Name>,
    /// What its calls cost.
    pub tariff: Option<Name>,
}

/// What an operator charges. Amounts are in millionths of a euro, exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tariff {
    /// Once.
    pub setup_micros: i64,
    /// Each month.
    pub monthly_micros: i64,
    /// Calls from fixed lines.
    pub from_fixed: Rate,
    /// Calls from mobiles.
    pub from_mobile: Rate,
}

/// The price of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Each call that is answered.
    pub per_call_micros: i64,
    /// Each minute.
    pub per_minute_micros: i64,
    /// Billed at least this long.
    pub first: Duration,
    /// Then in steps of this.
    pub step: Duration,
}

impl Default for Rate {
    fn default() -> Self {
        let second = Duration::from_secs(1);
        Self { per_call_micros: 0, per_minute_micros: 0, first: second, step: second }
    }
}
