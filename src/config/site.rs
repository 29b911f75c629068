//! The site as values: what `site.yaml` says, typed, with every default filled in. See `load.rs` for how it comes to be.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::outside::{Api, Mail, Sms};
use crate::base::diagnostic::Mark;
use crate::base::digit::Digit;
use crate::base::name::Name;
pub(crate) use crate::base::pii::Secret;
use crate::base::time::{Date, Duration};
use crate::centre::CentreConfig;
use crate::centre::agent::Profile;
use crate::centre::hours::Hours;
use crate::centre::incoming::Incoming;
use crate::centre::outgoing::Outgoing;
use crate::centre::queue::Rules;
use crate::centre::trunk::Trunk;
use crate::figures::cost::Tariffs;
use crate::figures::thresholds::{Aims, Thresholds};
use crate::flow::speech::Language;

/// What all flows of a site share.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The site's name.
    pub(crate) name: Name,
    /// Its clock, an IANA time zone: that of records, of what is said, and of calendars that name none.
    pub(crate) zone: Name,
    /// The machine.
    pub(crate) server: Server,
    /// Operators' trunks.
    pub(crate) trunks: BTreeMap<Name, Line>,
    /// Agents.
    pub(crate) agents: BTreeMap<Name, Agent>,
    /// Calendars.
    pub(crate) hours: BTreeMap<Name, Hours>,
    /// Queues.
    pub(crate) queues: BTreeMap<Name, Queue>,
    /// Mailboxes.
    pub(crate) mailboxes: BTreeMap<Name, Mailbox>,
    /// Campaigns.
    pub(crate) campaigns: BTreeMap<Name, Campaign>,
    /// What operators charge, and what goes by which tariff.
    pub(crate) tariffs: Tariffs,
    /// Whose calls are taken, and how many.
    pub(crate) incoming: Incoming,
    /// Where calls and messages may go.
    pub(crate) outgoing: Outgoing,
    /// Hosts that flows may ask, by `host` or `host:port`, with what is not written in flows.
    pub(crate) apis: BTreeMap<String, Api>,
    /// The gateway of text messages.
    pub(crate) sms: Option<Sms>,
    /// The mail server.
    pub(crate) mail: Option<Mail>,
}

impl Shared {
    /// What the floor needs to know.
    pub(crate) fn centre(&self) -> CentreConfig {
        let profile =
            |agent: &Agent| Profile { skills: agent.skills.clone(), has_number: agent.phone.is_some() };
        CentreConfig {
            agents: self.agents.iter().map(|(name, agent)| (name.clone(), profile(agent))).collect(),
            queues: self.queues.iter().map(|(name, queue)| (name.clone(), queue.rules.clone())).collect(),
        }
    }

    /// By what its figures are measured: each queue by the time that it aims at.
    pub(crate) fn aims(&self) -> Aims {
        let own = |queue: &Queue| Thresholds { within: queue.rules.target, ..Thresholds::default() };
        let queues = self.queues.iter().map(|(name, queue)| (name.clone(), own(queue))).collect();
        Aims { usual: Thresholds::default(), queues }
    }

    /// A calendar.
    pub fn calendar(&self, name: &str) -> Option<&Hours> {
        self.hours.get(name)
    }

    /// The campaign of a number (normal form) on a day of the site's clock.
    pub(crate) fn campaign(&self, number: &str, day: Date) -> Option<&Name> {
        let runs = |campaign: &Campaign| {
            campaign.number == number
                && campaign.from.is_none_or(|from| from <= day)
                && campaign.until.is_none_or(|until| day <= until)
        };
        self.campaigns.iter().find(|(_, campaign)| runs(campaign)).map(|(name, _)| name)
    }
}

/// The machine: where it listens, where it writes, how much it takes on.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// SIP over UDP.
    pub(crate) udp: Vec<SocketAddr>,
    /// SIP over TCP.
    pub(crate) tcp: Vec<SocketAddr>,
    /// The address that the outside knows us by.
    pub(crate) public_address: PublicAddress,
    /// Ports of RTP, first and last.
    pub(crate) ports: (u16, u16),
    /// Media threads; none: one per core.
    pub(crate) workers: Option<usize>,
    /// A telephone that is silent for so long is gone.
    pub(crate) silence_max: Duration,
    /// Calls at once.
    pub(crate) calls_max: usize,
    /// Realm of the registrar's challenges.
    pub(crate) realm: String,
    /// The algorithms that the registrar's challenges offer, in this order.
    pub(crate) digests: Vec<Digest>,
    /// When an address is not heard any more.
    pub(crate) bans: Bans,
    /// OPTIONS of strangers are not answered.
    pub(crate) hidden: bool,
    /// The file of call records of an earlier version, one JSON line each.
    pub(crate) records: Option<PathBuf>,
    /// The folder of mailboxes.
    pub(crate) messages: Option<PathBuf>,
    /// What makes voices of texts.
    pub(crate) speech: SpeechCommands,
    /// Where that stands.
    pub(crate) speech_mark: Option<Mark>,
    /// The control socket of `svi reload`, `svi status`.
    pub(crate) control: Option<PathBuf>,
    /// Where the web pages are served.
    #[expect(dead_code, reason = "not carried out: web")]
    pub(crate) web: Option<SocketAddr>,
    /// The database.
    pub(crate) store: Option<String>,
    /// How long what is kept.
    pub(crate) keep: Kept,
}

/// How long what is kept: then it goes, at night.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Records of calls. Sums stay.
    pub(crate) records: Duration,
    /// What calls can be walked again by.
    pub(crate) journals: Duration,
    /// Callers’ numbers: then a keyed hash stands in their place.
    pub(crate) callers: Duration,
    /// Messages, of mailboxes that do not say it themselves.
    pub(crate) messages: Duration,
}

impl Default for Kept {
    fn default() -> Self {
        let days = |count: u64| Duration::from_secs(count * 86_400);
        Self { records: days(365), journals: days(30), callers: days(365), messages: days(30) }
    }
}

/// When an address from which wrong passwords come is not heard any more.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bans {
    /// So many wrong passwords...
    pub(crate) tries: u32,
    /// ...within this...
    pub(crate) within: Duration,
    /// ...shut an address out for this.
    pub(crate) length: Duration,
}

impl Default for Bans {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        Self { tries: 10, within: minutes(10), length: minutes(60) }
    }
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
            silence_max: crate::base::limit::MEDIA_SILENCE_MAX,
            calls_max: crate::base::limit::CALLS_MAX,
            realm: "svi".to_owned(),
            digests: vec![Digest::Md5],
            bans: Bans::default(),
            hidden: true,
            records: None,
            messages: None,
            speech: SpeechCommands::default(),
            speech_mark: None,
            control: None,
            web: None,
            store: None,
            keep: Kept::default(),
        }
    }
}

/// The site's text-to-speech commands: a program and its arguments, by language. None: texts must have recordings.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpeechCommands(pub BTreeMap<Language, Vec<String>>);

impl SpeechCommands {
    /// The command that speaks a language.
    pub(crate) fn of(&self, language: Language) -> Option<&[String]> {
        self.0.get(&language).map(Vec::as_slice)
    }

    /// Whether there is none at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An algorithm of digest authentication.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    /// What every telephone knows.
    Md5,
    /// Stronger (RFC 8760); some telephones do not register when it is offered.
    Sha256,
}

/// The port of SIP (RFC 3261 §18.1.1).
pub(crate) const SIP_PORT: u16 = 5_060;

/// The address that the outside knows us by.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicAddress {
    /// The address of the interface that a message leaves by.
    Auto,
    /// This one: behind a 1:1 NAT.
    Fixed(IpAddr),
}

/// A trunk with what it takes to reach its operator.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Its rules.
    pub(crate) trunk: Trunk,
    /// Our registration there; none: known by address.
    pub(crate) registration: Option<Registration>,
    /// The user of From towards it, if it is not the number shown.
    pub(crate) from: Option<String>,
    /// The domain of From towards it.
    pub(crate) domain: String,
    /// Where calls go that leave by it: `host` or `host:port`. The registrar, or the first peer, unless written.
    pub(crate) outbound: String,
    /// Whether these go over TCP.
    pub(crate) tcp: bool,
    /// Whether a call that the operator sends elsewhere (302) goes on there, if that is its own domain.
    pub(crate) follow_redirects: bool,
    /// What its calls cost.
    pub(crate) tariff: Option<Name>,
}

impl Line {
    /// The address of a number, in normal form, at its operator.
    pub(crate) fn target(&self, number: &str) -> String {
        let transport = if self.tcp { ";transport=tcp" } else { "" };
        format!("sip:{}@{}{transport};user=phone", self.trunk.dialled(number), self.outbound)
    }

    /// Whether a host is its operator's own, as the site names it.
    pub(crate) fn is_home(&self, host: &str) -> bool {
        let registrar = self.registration.as_ref().map(|registration| registration.registrar.as_str());
        let own = [Some(self.domain.as_str()), Some(self.outbound.as_str()), registrar];
        own.into_iter().flatten().any(|own| without_port(own).eq_ignore_ascii_case(host))
    }

    /// The account that it registers.
    pub(crate) fn account(&self) -> Option<&str> {
        self.registration.as_ref().map(|registration| registration.user.as_str())
    }
}

/// The host of `host` or `host:port`.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((before, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !before.ends_with(':') => {
            before
        }
        _ => host,
    }
}

/// A registration at an operator.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    /// Host, or host and port.
    pub(crate) registrar: String,
    /// User name.
    pub(crate) user: String,
    /// Password.
    pub(crate) password: Secret,
    /// How long we ask to be registered.
    pub(crate) expires: Duration,
}

/// An agent: reached by a phone that registers here, or by a telephone number, or by both.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    /// As people call them.
    pub(crate) title: String,
    /// The account that their phone registers with.
    pub(crate) account: Option<Account>,
    /// Their telephone number, normal form.
    pub(crate) phone: Option<String>,
    /// Where that stands.
    pub(crate) phone_mark: Option<Mark>,
    /// The key that they press to take a call: a mobile's voicemail presses none.
    pub(crate) confirm: Option<Digit>,
    /// What they can help with.
    pub(crate) skills: std::collections::BTreeSet<Name>,
}

/// An account at our registrar.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// User name.
    pub(crate) user: Name,
    /// Password.
    pub(crate) password: Secret,
}

/// A queue with what callers hear in it.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    /// Whom it rings, and how.
    pub(crate) rules: Rules,
    /// What callers hear; none: what svi ships.
    pub(crate) music: Option<Name>,
    /// How often the place is told; none: never.
    pub(crate) position: Option<Duration>,
    /// Service level aimed at, in percent; the time stands in the rules.
    pub(crate) target_percent: u8,
    /// Whether talks are recorded.
    #[expect(dead_code, reason = "not carried out: record")]
    pub(crate) record: bool,
}

/// A mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox {
    /// Who is told of a message.
    pub(crate) email: Vec<String>,
    /// Where that stands.
    pub(crate) mark: Option<Mark>,
    /// How long a message may be.
    pub(crate) longest: Duration,
    /// How long it is kept; none: as the server says.
    pub(crate) keep: Option<Duration>,
}

/// A campaign: calls to a number between two days.
#[derive(Clone, Debug)]
pub(crate) struct Campaign {
    /// The number, normal form.
    pub(crate) number: String,
    /// First day.
    pub(crate) from: Option<Date>,
    /// Last day.
    pub(crate) until: Option<Date>,
    /// The flow that its number reaches, when that number stands in no flow.
    pub(crate) flow: Option<Name>,
    /// What its calls cost.
    pub(crate) tariff: Option<Name>,
}
