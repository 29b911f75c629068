//! `server:` and `trunks:`.

use std::path::PathBuf;

use super::form::{Field, Form, field, needed, not_yet, words};
use super::read::{Reader, Yaml};
use super::site::{Digest, Line, PublicAddress, Registration, SIP_PORT, Server, SpeechCommands};
use super::value;
use crate::base::diagnostic::Text;
use crate::base::limit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::centre::caller::{CALLED_ORDER, CalledSource};
use crate::centre::trunk::{Dial, Peer, Present, Trunk};
use crate::flow::speech::Language;
use crate::say;

/// `server:`
pub const SERVER_SECTION: Field = field("server", Form::Section(SERVER), "the machine");

const SERVER: &[Field] = &[
    field("sip", Form::Section(SIP), "where SIP listens, and how it is seen"),
    field("media", Form::Section(MEDIA), "the audio of calls"),
    field("limits", Form::Section(LIMITS), "bounds"),
    field("realm", Form::Text, "the realm that phones register in"),
    field("records", Form::Text, "the file of call records, a line of JSON each"),
    field("messages", Form::Text, "the folder of messages"),
    field("speech", Form::Command, "the text-to-speech command, with its arguments"),
    field("control", Form::Text, "the control socket"),
    not_yet("web", Form::Written("^.+:[0-9]{1,5}$", "127.0.0.1:8080"), "where the web pages listen"),
    not_yet("store", Form::Text, "where reports are kept"),
];

const SIP: &[Field] = &[
    field("udp", LISTEN, "addresses of UDP"),
    field("tcp", LISTEN, "addresses of TCP"),
    field(
        "public_address",
        Form::Text,
        "`auto`, or the IP address that the outside knows this machine by (auto)",
    ),
    field("digest", Form::Words(&["md5", "sha-256"]), "how phones prove who they are"),
];

const LISTEN: Form = Form::WrittenList("^\\s*[0-9A-Fa-f.:\\[\\]]+\\s*$", "0.0.0.0:5060");

const MEDIA: &[Field] = &[
    field("ports", Form::Written("^\\s*[0-9]{1,5}\\s*-\\s*[0-9]{1,5}\\s*$", "16384-32767"), "ports of RTP"),
    field("workers", Form::Count(WORKERS_MAX), "threads of audio (one a core)"),
];

/// Threads of audio: more cores no machine of a telephone has.
const WORKERS_MAX: usize = 256;

const LIMITS: &[Field] = &[field("calls", Form::Count(limit::SIP_DIALOGS_MAX), "calls at once")];

/// Reads `server:`. Made in one piece, without an assignment: so the compiler sees a setting that nothing reads.
pub fn server(reader: &mut Reader<'_>, node: &Yaml) -> Server {
    let usual = Server::default();
    let fields = reader.fields(node, Text::word("the server"), SERVER);
    let sip = fields.get("sip").map(|node| sip(reader, node)).unwrap_or_default();
    let media =
        fields.get("media").map(|node| reader.fields(node, Text::word("the `media` settings"), MEDIA));
    let media = |key| media.as_ref().and_then(|media| media.get(key));
    let ports = media("ports");
    let ports = ports.and_then(|node| reader.value(node, Text::word("ports like 16384-32767"), value::ports));
    let workers = media("workers").and_then(|node| reader.count(node, WORKERS_MAX));
    let limits =
        fields.get("limits").map(|node| reader.fields(node, Text::word("the `limits` settings"), LIMITS));
    let calls = limits.and_then(|limits| limits.get("calls"));
    let calls = calls.and_then(|node| reader.count(node, limit::SIP_DIALOGS_MAX));
    let realm = fields.get("realm").and_then(|node| reader.text(node));
    let mut path = |key| fields.get(key).and_then(|node| reader.text(node)).map(PathBuf::from);
    let (records, messages, control) = (path("records"), path("messages"), path("control"));
    let store = fields.get("store").and_then(|node| reader.text(node));
    let web = fields.get("web").and_then(|node| {
        reader.value(node, Text::word("an address and port like 127.0.0.1:8080"), |text| text.parse().ok())
    });
    let speech = fields.get("speech").map(|node| speech(reader, node)).unwrap_or_default();
    Server {
        ports: ports.unwrap_or(usual.ports),
        workers,
        calls_max: calls.unwrap_or(usual.calls_max),
        realm: realm.unwrap_or(usual.realm),
        records,
        messages,
        speech,
        control,
        web,
        store,
        ..sip
    }
}

/// `speech:`, one command for all languages, or one for each: `{ fr: […], en: […] }`.
fn speech(reader: &mut Reader<'_>, node: &Yaml) -> SpeechCommands {
    let mut commands = SpeechCommands::default();
    let mut command = |reader: &mut Reader<'_>, node: &Yaml, languages: &[Language]| {
        let nodes = reader.list(node);
        let words: Vec<String> = nodes.into_iter().filter_map(|node| reader.text(node)).collect();
        if words.first().is_some_and(|program| program.contains(char::is_whitespace) && words.len() == 1) {
            let help =
                say!("write its words as a list: `{}`", "[espeak-ng, -v, fr, -w, \"{out}\", \"{text}\"]");
            reader.error(
                node,
                "speech-command",
                Text::word("this command is one word, and no shell splits it"),
                help,
            );
        } else if !words.is_empty() {
            commands.0.extend(languages.iter().map(|language| (*language, words.clone())));
        }
    };
    if !reader.is_map(node) {
        command(reader, node, &Language::ALL);
        return commands;
    }
    let codes = Language::ALL.map(Language::as_str);
    let fields = reader.fields(node, Text::word("the `speech` setting"), &codes);
    for language in Language::ALL {
        if let Some(node) = fields.get(language.as_str()) {
            command(reader, node, &[language]);
        }
    }
    commands
}

fn sip(reader: &mut Reader<'_>, node: &Yaml) -> Server {
    const LISTEN: Text = Text::word("an address to listen at, like 0.0.0.0:5060 (an IP address, not a name)");
    let sip = reader.fields(node, Text::word("the `sip` settings"), SIP);
    let mut listen = |key| {
        let Some(node) = sip.get(key) else {
            return Vec::new();
        };
        let nodes = reader.list(node);
        nodes
            .into_iter()
            .filter_map(|node| reader.value(node, LISTEN, |text| value::socket(text, SIP_PORT)))
            .collect()
    };
    let (udp, tcp) = (listen("udp"), listen("tcp"));
    if udp.is_empty() && tcp.is_empty() {
        let help = Text::word("write `udp: 0.0.0.0:5060`");
        reader.error(node, "nothing-listens", Text::word("SIP listens nowhere"), help);
    }
    let read = |text: &str| match text {
        "md5" => Some(Digest::Md5),
        "sha-256" => Some(Digest::Sha256),
        _ => None,
    };
    let usual = Server::default();
    let digests = sip.get("digest").map(|node| {
        let nodes = reader.list(node);
        let digests =
            nodes.into_iter().filter_map(|node| reader.value(node, Text::word("`md5` or `sha-256`"), read));
        digests.collect()
    });
    let public_address = sip.get("public_address").and_then(|node| {
        reader.value(
            node,
            Text::word("`auto`, or the IP address that the outside knows this machine by"),
            |text| match text {
                "auto" => Some(PublicAddress::Auto),
                text => text.parse().ok().map(PublicAddress::Fixed),
            },
        )
    });
    Server {
        udp,
        tcp,
        digests: digests.unwrap_or(usual.digests),
        public_address: public_address.unwrap_or(PublicAddress::Auto),
        ..Server::default()
    }
}

/// `trunks:`
pub const TRUNKS: Field = field("trunks", Form::Each(TRUNK), "the operator's lines, by name");

const TRUNK: &[Field] = &[
    field(
        "peers",
        Form::WrittenList("^[0-9A-Fa-f.:/]+$", "192.0.2.10"),
        "addresses and networks that may call",
    ),
    field("register", Form::Section(REGISTER), "the account that svi registers"),
    field(
        "called_number",
        Form::Words(&words(&CALLED_WORDS)),
        "where the number dialled stands, in this order",
    ),
    not_yet("present", Form::Word(&words(&PRESENT_WORDS)), "the number shown on calls that leave (company)"),
    field("channels", Form::Count(limit::SIP_DIALOGS_MAX), "calls at once on this line"),
    field("trusted", Form::YesNo, "whether the caller's number is believed (true)"),
    field("dial", Form::Word(&words(&DIAL_WORDS)), "how numbers are dialled (e164)"),
    field("outbound", Form::Text, "host that calls leave to (the registrar, or the first peer)"),
    field("transport", Form::Word(&words(&TRANSPORT_WORDS)), "how calls leave (udp)"),
];

const REGISTER: &[Field] = &[
    needed("registrar", Form::Text, "the operator's host"),
    needed("user", Form::Text, "the account"),
    needed(
        "password",
        Form::Text,
        "its password; `credential:NAME` for one that stands in no file of the site",
    ),
    field("expires", Form::Duration, "how long a registration lasts (30m)"),
];

/// Reads one trunk.
pub fn trunk(reader: &mut Reader<'_>, name: &Name, node: &Yaml) -> Option<Line> {
    let fields = reader.fields(node, Text::word("the trunk"), TRUNK);
    let peer_nodes = fields.get("peers").map(|node| reader.list(node)).unwrap_or_default();
    let nobody = peer_nodes.is_empty() && fields.get("register").is_none();
    let peers: Vec<Peer> = peer_nodes
        .into_iter()
        .filter_map(|node| {
            reader.value(
                node,
                Text::word("an IP address or a network like 192.0.2.0/24: only these may call"),
                Peer::parse,
            )
        })
        .collect();
    let registration = fields.get("register").and_then(|node| registration(reader, node));
    if nobody {
        reader.error(
            node,
            "trunk-nobody",
            say!("nobody can call through the trunk `{}`", name),
            Text::word("list its addresses: `peers: [192.0.2.10]`"),
        );
    }
    let channels = fields.get("channels").and_then(|node| reader.count(node, limit::SIP_DIALOGS_MAX));
    let mut called_number = Vec::new();
    for node in fields.get("called_number").map(|node| reader.list(node)).unwrap_or_default() {
        called_number.extend(reader.one_of(node, &CALLED_WORDS));
    }
    if called_number.is_empty() {
        called_number = CALLED_ORDER.to_vec();
    }
    let present =
        fields.get("present").and_then(|node| reader.one_of(node, &PRESENT_WORDS)).unwrap_or_default();
    let dial = fields.get("dial").and_then(|node| reader.one_of(node, &DIAL_WORDS)).unwrap_or_default();
    let tcp = fields.get("transport").and_then(|node| reader.one_of(node, &TRANSPORT_WORDS));
    let trusted = fields.get("trusted").and_then(|node| reader.one_of(node, &YES_NO)).unwrap_or(true);
    let outbound = fields.get("outbound").and_then(|node| reader.text(node));
    let reached = outbound
        .or_else(|| registration.as_ref().map(|registration| registration.registrar.clone()))
        .or_else(|| peers.first().map(|peer| host(peer.address())))?;
    let trunk = Trunk { name: name.clone(), peers, trusted, channels, called_number, present, dial };
    Some(Line { trunk, registration, outbound: reached, tcp: tcp.unwrap_or(false) })
}

/// An address as it stands before a port (RFC 3986 §3.2.2: IPv6 in brackets).
fn host(address: std::net::IpAddr) -> String {
    match address {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    }
}

fn registration(reader: &mut Reader<'_>, node: &Yaml) -> Option<Registration> {
    let fields = reader.fields(node, Text::word("the registration"), REGISTER);
    let registrar = fields.need(reader, "registrar").and_then(|node| reader.text(node));
    let user = fields.need(reader, "user").and_then(|node| reader.text(node));
    let password = fields.need(reader, "password").and_then(|node| reader.secret(node));
    let expires = fields.get("expires").and_then(|node| reader.duration(node)).unwrap_or(EXPIRES);
    Some(Registration { registrar: registrar?, user: user?, password: password?, expires })
}

/// What operators commonly grant (OVH: 1800 s).
const EXPIRES: Duration = Duration::from_secs(1_800);

const CALLED_WORDS: [(&str, CalledSource); 4] = [
    ("request-uri", CalledSource::RequestUri),
    ("diversion", CalledSource::Diversion),
    ("history-info", CalledSource::History),
    ("to", CalledSource::To),
];
const PRESENT_WORDS: [(&str, Present); 4] = [
    ("company", Present::Company),
    ("caller", Present::Caller),
    ("caller-if-diverted", Present::CallerIfDiverted),
    ("anonymous", Present::Anonymous),
];
const DIAL_WORDS: [(&str, Dial); 3] =
    [("e164", Dial::E164), ("international", Dial::International), ("national", Dial::National)];
const TRANSPORT_WORDS: [(&str, bool); 2] = [("udp", false), ("tcp", true)];
/// The booleans of YAML 1.2.
pub const YES_NO: [(&str, bool); 2] = [("true", true), ("false", false)];
