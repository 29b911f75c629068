//! `server:` and `trunks:`.

use std::path::PathBuf;

use super::form::{Form, LISTEN, Row, SECRET, need, not_yet, opt, words};
use super::read::Reader;
use super::site::{
    Bans, Digest, Kept, Line, PublicAddress, Registration, SIP_PORT, Server, SpeechCommands, without_port,
};
use super::value;
use crate::base::diagnostic::Text;
use crate::base::limit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::Node;
use crate::centre::caller::{CALLED_ORDER, CalledSource};
use crate::centre::trunk::{Dial, Peer, Present, Trunk};
use crate::flow::speech::Language;
use crate::say;

/// `server:`
pub(crate) const SERVER_SECTION: Row = opt("server", Form::Section(SERVER), "the machine");

const SERVER: &[Row] = &[
    opt("sip", Form::Section(SIP), "where SIP listens, and how it is seen"),
    opt("media", Form::Section(MEDIA), "the audio of calls"),
    opt("limits", Form::Section(LIMITS), "bounds"),
    opt("realm", Form::Text, "the realm that phones register in"),
    opt(
        "records",
        Form::Text,
        "the file of call records of an earlier version, taken into the store at the start",
    ),
    opt("messages", Form::Text, "the folder of messages"),
    opt("speech", Form::Short(&COMMAND, COMMANDS), "the text-to-speech command, with its arguments"),
    opt("control", Form::Text, "the control socket"),
    not_yet("web", Form::Pattern("^.+:[0-9]{1,5}$", "127.0.0.1:8080"), "where the web pages listen"),
    opt(
        "store",
        Form::Text,
        "where call records are kept: a file, or `postgres://…` (svi.db in the state folder)",
    ),
    opt("keep", Form::Section(KEEP), "how long what is kept; what is older goes at night"),
];

const KEEP: &[Row] = &[
    opt("records", Form::Duration, "call records; their sums stay (365d)"),
    opt("journals", Form::Duration, "what a call can be walked again by (30d)"),
    opt("callers", Form::Duration, "callers’ numbers; then a hash tells callers apart (365d)"),
    opt("messages", Form::Duration, "messages, unless their mailbox says otherwise (30d)"),
];

const SIP: &[Row] = &[
    opt("udp", Form::Several(&LISTEN), "addresses of UDP"),
    opt("tcp", Form::Several(&LISTEN), "addresses of TCP"),
    opt(
        "public_address",
        Form::Text,
        "`auto`, or the IP address that the outside knows this machine by (auto)",
    ),
    opt("options", Form::Word(&words(&OPTIONS_WORDS)), "to whom OPTIONS are answered (known)"),
    opt("bans", Form::Section(BANS), "when an address that sends wrong passwords is not heard any more"),
    opt("digest", Form::Several(&Form::Word(&words(&DIGEST_WORDS))), "how phones prove who they are"),
];

/// A command: its words.
const COMMAND: Form = Form::Several(&Form::Text);
/// `speech:`, one command for each language.
const COMMANDS: &[Row] =
    &[opt("fr", COMMAND, "what speaks French"), opt("en", COMMAND, "what speaks English")];

const BANS: &[Row] = &[
    opt("tries", Form::Count(BAN_TRIES_MAX), "wrong passwords (10)"),
    opt("within", Form::Duration, "in how much time (10m)"),
    opt("for", Form::Duration, "for how long (1h)"),
];

/// Wrong passwords from one address: more are no brake.
const BAN_TRIES_MAX: usize = 1_000;

const MEDIA: &[Row] = &[
    opt("ports", Form::Pattern("^\\s*[0-9]{1,5}\\s*-\\s*[0-9]{1,5}\\s*$", "16384-32767"), "ports of RTP"),
    opt("workers", Form::Count(WORKERS_MAX), "threads of audio (one a core)"),
    opt(
        "silence",
        Form::Duration,
        "a telephone that sends neither RTP nor RTCP for so long is gone, except on hold (30s)",
    ),
];

/// Threads of audio: more cores no machine of a telephone has.
const WORKERS_MAX: usize = 256;

const LIMITS: &[Row] = &[opt("calls", Form::Count(limit::SIP_DIALOGS_MAX), "calls at once")];

/// Reads `server:`. Made in one piece, without an assignment: so the compiler sees a setting that nothing reads.
pub(crate) fn server(reader: &mut Reader<'_>, node: &Node) -> Server {
    let usual = Server::default();
    let fields = reader.fields(node, Text::word("the server"), SERVER);
    let sip = fields.get("sip").map(|node| sip(reader, node)).unwrap_or_default();
    let media =
        fields.get("media").map(|node| reader.fields(node, Text::word("the `media` settings"), MEDIA));
    let media = |key| media.as_ref().and_then(|media| media.get(key));
    let ports = media("ports");
    let ports = ports.and_then(|node| reader.value(node, Text::word("ports like 16384-32767"), value::ports));
    let workers = media("workers").and_then(|node| reader.count(node, WORKERS_MAX));
    let silence = media("silence").and_then(|node| reader.duration(node));
    let limits =
        fields.get("limits").map(|node| reader.fields(node, Text::word("the `limits` settings"), LIMITS));
    let calls = limits.and_then(|limits| limits.get("calls"));
    let calls = calls.and_then(|node| reader.count(node, limit::SIP_DIALOGS_MAX));
    let realm = fields.get("realm").and_then(|node| reader.text(node));
    let mut path = |key| fields.get(key).and_then(|node| reader.text(node)).map(PathBuf::from);
    let (records, messages, control) = (path("records"), path("messages"), path("control"));
    let store = fields.get("store").and_then(|node| reader.text(node)).map(str::to_owned);
    let keep = fields.get("keep").map(|node| keep(reader, node)).unwrap_or_default();
    let web = fields.get("web").and_then(|node| {
        reader.value(node, Text::word("an address and port like 127.0.0.1:8080"), |text| text.parse().ok())
    });
    let speech_mark = fields.get("speech").map(|node| reader.mark(node));
    let speech = fields.get("speech").map(|node| speech(reader, node)).unwrap_or_default();
    Server {
        ports: ports.unwrap_or(usual.ports),
        workers,
        silence_max: silence.unwrap_or(usual.silence_max),
        calls_max: calls.unwrap_or(usual.calls_max),
        realm: realm.map_or(usual.realm, str::to_owned),
        records,
        messages,
        speech,
        speech_mark,
        control,
        web,
        store,
        keep,
        ..sip
    }
}

fn keep(reader: &mut Reader<'_>, node: &Node) -> Kept {
    let usual = Kept::default();
    let fields = reader.fields(node, Text::word("the `keep` settings"), KEEP);
    let mut age = |key, usual| fields.get(key).and_then(|node| reader.duration(node)).unwrap_or(usual);
    Kept {
        records: age("records", usual.records),
        journals: age("journals", usual.journals),
        callers: age("callers", usual.callers),
        messages: age("messages", usual.messages),
    }
}

/// `speech:`, one command for all languages, or one for each: `{ fr: […], en: […] }`.
fn speech(reader: &mut Reader<'_>, node: &Node) -> SpeechCommands {
    let mut commands = SpeechCommands::default();
    let mut command = |reader: &mut Reader<'_>, node: &Node, languages: &[Language]| {
        let nodes = reader.list(node);
        let words = nodes.into_iter().filter_map(|node| reader.text(node).map(str::to_owned));
        let words: Vec<String> = words.collect();
        if words.first().is_some_and(|program| program.contains(char::is_whitespace) && words.len() == 1) {
            let help =
                say!("write its words as a list: `{}`", "[espeak-ng, -v, fr, -w, \"{out}\", --, \"{text}\"]");
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
    if !node.is_map() {
        command(reader, node, &Language::ALL);
        return commands;
    }
    let fields = reader.fields(node, Text::word("the `speech` setting"), COMMANDS);
    for language in Language::ALL {
        if let Some(node) = fields.get(language.as_str()) {
            command(reader, node, &[language]);
        }
    }
    commands
}

fn sip(reader: &mut Reader<'_>, node: &Node) -> Server {
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
    let usual = Server::default();
    let digests = sip.get("digest").map(|node| {
        let nodes = reader.list(node).into_iter();
        let digests =
            nodes.filter_map(|node| reader.word(node, "unknown-name", Text::word("digest"), &DIGEST_WORDS));
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
    let hidden = sip.get("options");
    let hidden =
        hidden.and_then(|node| reader.word(node, "unknown-name", Text::word("answer"), &OPTIONS_WORDS));
    let bans = sip.get("bans").map(|node| bans(reader, node)).unwrap_or_default();
    Server {
        udp,
        tcp,
        bans,
        hidden: hidden.unwrap_or(true),
        digests: digests.unwrap_or(usual.digests),
        public_address: public_address.unwrap_or(PublicAddress::Auto),
        ..Server::default()
    }
}

fn bans(reader: &mut Reader<'_>, node: &Node) -> Bans {
    let usual = Bans::default();
    let fields = reader.fields(node, Text::word("the `bans` settings"), BANS);
    let tries = fields.get("tries").and_then(|node| reader.count(node, BAN_TRIES_MAX));
    let within = fields.get("within").and_then(|node| reader.duration(node));
    let length = fields.get("for").and_then(|node| reader.duration(node));
    Bans {
        tries: tries.and_then(|tries| u32::try_from(tries).ok()).unwrap_or(usual.tries),
        within: within.unwrap_or(usual.within),
        length: length.unwrap_or(usual.length),
    }
}

/// `trunks:`
pub(crate) const TRUNKS: Row = opt("trunks", Form::Each(TRUNK), "the operator's lines, by name");

const TRUNK: &[Row] = &[
    opt(
        "peers",
        Form::Several(&Form::Pattern("^[0-9A-Fa-f.:/]+$", "192.0.2.10")),
        "addresses and networks that may call",
    ),
    opt("register", Form::Section(REGISTER), "the account that svi registers"),
    opt(
        "called_number",
        Form::Several(&Form::Word(&words(&CALLED_WORDS))),
        "where the number dialled stands, in this order",
    ),
    opt(
        "present",
        Form::Word(&words(&PRESENT_WORDS)),
        "the number shown on calls that leave, unless the step says it: company, caller, caller-if-diverted (with the Diversion that proves the forward), anonymous (company)",
    ),
    opt(
        "from",
        Form::Text,
        "the user of From towards it, where the operator wants its account there (the number shown)",
    ),
    opt("domain", Form::Text, "the domain of From towards it (the host of `outbound`)"),
    opt("channels", Form::Count(limit::SIP_DIALOGS_MAX), "calls at once on this line"),
    opt("trusted", Form::YesNo, "whether the caller's number is believed (true)"),
    opt("dial", Form::Word(&words(&DIAL_WORDS)), "how numbers are dialled (e164)"),
    opt("outbound", Form::Text, "host that calls leave to (the registrar, or the first peer)"),
    opt("transport", Form::Word(&words(&TRANSPORT_WORDS)), "how calls leave (udp)"),
    opt(
        "follow_redirects",
        Form::YesNo,
        "whether a call that it sends elsewhere (302) goes on there, within its own domain (false)",
    ),
    opt("tariff", Form::Text, "what its calls cost, in and out"),
];

const REGISTER: &[Row] = &[
    need("registrar", Form::Text, "the operator's host"),
    need("user", Form::Text, "the account"),
    need("password", SECRET, "its password"),
    opt("expires", Form::Duration, "how long a registration lasts (30m)"),
];

/// Reads one trunk.
pub(crate) fn trunk(reader: &mut Reader<'_>, name: &Name, node: &Node) -> Option<Line> {
    let fields = reader.fields(node, Text::word("the trunk"), TRUNK);
    let peer_nodes = fields.meant("peers", TRUNK).map(|node| reader.list(node)).unwrap_or_default();
    let nobody = peer_nodes.is_empty() && fields.meant("register", TRUNK).is_none();
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
    let registration = fields.meant("register", TRUNK).and_then(|node| registration(reader, node));
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
        called_number.extend(reader.word(
            node,
            "unknown-name",
            Text::word("place of a number"),
            &CALLED_WORDS,
        ));
    }
    if called_number.is_empty() {
        called_number = CALLED_ORDER.to_vec();
    }
    let present = fields.get("present");
    let present = present
        .and_then(|node| reader.word(node, "unknown-name", Text::word("number to show"), &PRESENT_WORDS));
    let dial = fields.get("dial");
    let dial =
        dial.and_then(|node| reader.word(node, "unknown-name", Text::word("way to dial"), &DIAL_WORDS));
    let tcp = fields.get("transport");
    let tcp =
        tcp.and_then(|node| reader.word(node, "unknown-name", Text::word("transport"), &TRANSPORT_WORDS));
    let from = fields.get("from").and_then(|node| reader.sign_in(node)).map(str::to_owned);
    let domain = fields.get("domain").and_then(|node| reader.text(node)).map(str::to_owned);
    let trusted = fields.get("trusted").and_then(|node| reader.yes(node)).unwrap_or(true);
    let follow_redirects = fields.get("follow_redirects").and_then(|node| reader.yes(node)).unwrap_or(false);
    let outbound = fields.get("outbound").and_then(|node| reader.text(node)).map(str::to_owned);
    let reached = outbound
        .or_else(|| registration.as_ref().map(|registration| registration.registrar.clone()))
        .or_else(|| peers.first().map(|peer| host(peer.address())))?;
    let trunk = Trunk {
        name: name.clone(),
        peers,
        trusted,
        channels,
        called_number,
        present: present.unwrap_or_default(),
        dial: dial.unwrap_or_default(),
    };
    let domain = domain.unwrap_or_else(|| without_port(&reached).to_owned());
    let tcp = tcp.unwrap_or(false);
    let tariff = fields.get("tariff").and_then(|node| reader.text(node)).map(Name::from);
    Some(Line { trunk, registration, from, domain, outbound: reached, tcp, follow_redirects, tariff })
}

/// An address as it stands before a port (RFC 3986 §3.2.2: IPv6 in brackets).
fn host(address: std::net::IpAddr) -> String {
    match address {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    }
}

fn registration(reader: &mut Reader<'_>, node: &Node) -> Option<Registration> {
    let fields = reader.fields(node, Text::word("the registration"), REGISTER);
    let registrar = fields.need(reader, "registrar").and_then(|node| reader.text(node)).map(str::to_owned);
    let user = fields.need(reader, "user").and_then(|node| reader.sign_in(node)).map(str::to_owned);
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
const OPTIONS_WORDS: [(&str, bool); 2] = [("known", true), ("everybody", false)];
const DIGEST_WORDS: [(&str, Digest); 2] = [("md5", Digest::Md5), ("sha-256", Digest::Sha256)];
const PRESENT_WORDS: [(&str, Present); 4] = [
    ("company", Present::Company),
    ("caller", Present::Caller),
    ("caller-if-diverted", Present::CallerIfDiverted),
    ("anonymous", Present::Anonymous),
];
const DIAL_WORDS: [(&str, Dial); 3] =
    [("e164", Dial::E164), ("international", Dial::International), ("national", Dial::National)];
const TRANSPORT_WORDS: [(&str, bool); 2] = [("udp", false), ("tcp", true)];
