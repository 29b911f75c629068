//! Every transition of a leg, in a table: the state before, what happens, the state after, what the call hears of it, and
//! what leaves for SIP and the data plane.

use std::net::SocketAddr;
use std::sync::Arc;

use super::table::{STATES, TABLE, WORDS};
use super::*;
use crate::base::diagnostic::Source;
use crate::base::rng::Rng;
use crate::base::time::{Now, at};
use crate::config;
use crate::sip::transport::{Datagram, Protocol};
use crate::switchboard::call::CallKey;
use crate::switchboard::{Edition, Library, Output};

const SITE: &str = "\
svi: 1
site: essai
server: { sip: { udp: 192.0.2.1:5060 }, media: { ports: 16384-16483 } }
trunks: { operateur: { peers: [192.0.2.0/24], outbound: 192.0.2.9 } }
";
const FLOW: &str = "\
svi: 1
name: accueil
numbers: [01 23 45 67 89]
start: fin
blocks: { fin: [hangup: normal] }
";
pub(in crate::switchboard) const PEER: &str = "192.0.2.9:5060";
/// Where the SIP of one comes from whose SDP names [`PEER`].
const FAR: &str = "198.51.100.7";
const BOTH_WAYS: &str = "sendrecv";

/// What everything that is not a leg is made of, and one leg beside it.
struct Bench {
    common: Common,
    leg: Leg,
    seat: Seat,
    /// Our tag in the dialog of who has called us, and the number of their last INVITE.
    tag: Option<String>,
    sequence: u32,
}

pub(in crate::switchboard) fn sdp(direction: &str, codec: u8) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n\
         m=audio 4000 RTP/AVP {codec}\r\na={direction}\r\n"
    )
}

pub(in crate::switchboard) fn invite(body: &str) -> String {
    format!(
        "INVITE sip:0123456789@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP {PEER};branch=z9hG4bK1\r\n\
         From: <sip:0612345678@192.0.2.9>;tag=1\r\nTo: <sip:0123456789@192.0.2.1>\r\nCall-ID: a@b\r\n\
         CSeq: 1 INVITE\r\nContact: <sip:0612345678@{PEER}>\r\nContent-Type: application/sdp\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(in crate::switchboard) fn edition() -> Edition {
    let sources = [Source::new("site.yaml", SITE), Source::new("accueil.yaml", FLOW)];
    let (site, report) = config::read(&sources, &Default::default(), true, &|_| None);
    assert!(!report.has_errors(), "{report:?}");
    Edition {
        site: site.into(),
        library: Library::default(),
        hosts: Default::default(),
        listen: vec![(Protocol::Udp, "192.0.2.1:5060".parse().unwrap())],
        workers: 1,
    }
}

fn common() -> Common {
    let now = Now { at: at(1_000), ..Now::default() };
    Common::new(Arc::new(edition()), Rng::seeded(7), now)
}

impl Bench {
    /// A leg whose port is being bound. `offer`: what its INVITE brings; none: we call it. `peer`: where its SIP comes from.
    fn new(offer: Option<&str>, peer: &str) -> Self {
        let mut common = common();
        let seat = Seat { call: CallKey::from_number(1), leg: LegKey::from_number(1) };
        let line = common.new_line(0, None, Some(peer.parse().unwrap())).unwrap();
        let leg = match offer {
            Some(offer) => {
                let invite = Self::invited(&mut common, offer);
                common.usages.insert(invite, seat);
                let offer = (!offer.is_empty()).then(|| offer.as_bytes().into());
                Leg::opening(Role::Caller, None, line, Way::In(invite, offer))
            }
            None => {
                Leg::opening(Role::Outside("dehors".into()), None, line, Way::Out(Box::new(invitation())))
            }
        };
        common.open(seat, &leg.line);
        let mut bench = Self { common, leg, seat, tag: None, sequence: 1 };
        bench.said();
        bench
    }

    fn receive(common: &mut Common, text: &str) {
        let datagram = Datagram {
            protocol: Protocol::Udp,
            local: "192.0.2.1:5060".parse().unwrap(),
            remote: PEER.parse().unwrap(),
            connection: None,
            bytes: text.as_bytes().into(),
        };
        common.endpoint.receive(common.now, datagram);
    }

    /// A request of theirs in the dialog, for what the table injects: so that the endpoint answers as it would.
    fn in_dialog(&mut self, method: &str, body: &str) {
        let Some(tag) = self.tag.clone() else { return };
        if method == "INVITE" {
            self.sequence += 1;
        }
        let text = invite(body)
            .replace("INVITE", method)
            .replace("branch=z9hG4bK1", &format!("branch=z9hG4bK{method}{}", self.sequence))
            .replace("To: <sip:0123456789@192.0.2.1>", &format!("To: <sip:0123456789@192.0.2.1>;tag={tag}"))
            .replace("CSeq: 1", &format!("CSeq: {}", self.sequence));
        Self::receive(&mut self.common, &text);
        while self.common.endpoint.poll().is_some() {}
    }

    fn invited(common: &mut Common, offer: &str) -> InviteId {
        Self::receive(common, &invite(offer));
        let mut invite = None;
        while let Some(output) = common.endpoint.poll() {
            if let crate::sip::endpoint::Output::Event(crate::sip::endpoint::Event::Invited(id, _)) = output {
                invite = Some(id);
            }
        }
        invite.expect("the INVITE is taken")
    }

    /// What has left since the last time: orders to the data plane and first words of SIP.
    fn said(&mut self) -> String {
        let mut said = Vec::new();
        for output in self.common.outputs.drain(..) {
            match output {
                Output::Media(command) => {
                    let text = format!("{command:?}");
                    said.push(text.split([' ', '(']).next().unwrap_or_default().to_owned());
                }
                Output::Event(event) => said.push(format!("{event:?}").split('(').next().unwrap().to_owned()),
                other => panic!("a leg says no {other:?}"),
            }
        }
        while let Some(output) = self.common.endpoint.poll() {
            if let crate::sip::endpoint::Output::Transmit(transmit) = output {
                let text = String::from_utf8_lossy(&transmit.bytes).into_owned();
                if text.starts_with("SIP/2.0 200")
                    && let Some((_, tag)) = text.split_once("192.0.2.1>;tag=")
                {
                    self.tag = tag.lines().next().map(str::to_owned);
                }
                let head = text.lines().next().unwrap_or_default().replace("SIP/2.0 ", "");
                said.push(head.split(' ').next().unwrap_or_default().to_owned());
            }
        }
        said.join(" ")
    }

    fn on(&mut self, happened: Happened<'_>) -> (&'static str, String, String) {
        let news = self.leg.on(&mut self.common, self.seat, happened);
        let news = news.map_or_else(String::new, |news| {
            let text = format!("{news:?}");
            text.split(" { remote").next().unwrap_or_default().to_owned()
        });
        let said = self.said();
        (state(&self.leg.state), news, said)
    }

    /// No usage, session or port is left that no leg knows.
    fn is_clean(&self) -> bool {
        self.common.usages.is_empty() && self.common.sessions.is_empty()
    }
}

fn invitation() -> Invitation {
    Invitation {
        target: format!("sip:dehors@{PEER}"),
        remote: PEER.parse().unwrap(),
        protocol: Protocol::Udp,
        connection: None,
        from: "<sip:svi@192.0.2.1>".to_owned(),
        to: format!("<sip:dehors@{PEER}>"),
        headers: Vec::new(),
        credentials: None,
        offer: Vec::new(),
        timeout: Duration::from_secs(30),
        follows: false,
    }
}

fn state(state: &State) -> &'static str {
    match state {
        State::Opening(_) => "opening",
        State::Calling(_) => "calling",
        State::Answered(_) => "answered",
        State::Talking(_) => "talking",
        State::Closing => "closing",
        State::Over => "over",
    }
}

/// The words of the table that make a leg and bring it into its first state.
fn bench(words: &str) -> Bench {
    let full = sdp(BOTH_WAYS, 8);
    let near = PEER.split(':').next().unwrap();
    let mut bench = match words.split(' ').next().unwrap() {
        "in" => Bench::new(Some(&full), near),
        "offerless" => Bench::new(Some(""), near),
        "foreign" => Bench::new(Some(&sdp(BOTH_WAYS, 18)), near),
        "far" => Bench::new(Some(&full), FAR),
        "far-offerless" => Bench::new(Some(""), FAR),
        _ => Bench::new(None, near),
    };
    for word in words.split(' ').skip(1) {
        // Every port but the last that may be tried.
        let (word, times) = if word == "taken" { ("not-opened", PORT_TRIES_MAX - 1) } else { (word, 1) };
        for _ in 0..times {
            step(&mut bench, word);
        }
    }
    bench
}

/// One thing that happens, by its word.
fn step(bench: &mut Bench, word: &str) -> (&'static str, String, String) {
    let (full, held, foreign) = (sdp(BOTH_WAYS, 8), sdp("sendonly", 8), sdp(BOTH_WAYS, 18));
    match word {
        "ack" | "ack-answer" | "ack-foreign" => bench.in_dialog("ACK", ""),
        "hold" => bench.in_dialog("INVITE", &held),
        "resume" => bench.in_dialog("INVITE", &full),
        "foreign-offer" => bench.in_dialog("INVITE", &foreign),
        "offerless-offer" => bench.in_dialog("INVITE", ""),
        _ => {}
    }
    let [full, held, foreign] = [&full, &held, &foreign].map(|text| text.as_bytes());
    let told = bench.on(match word {
        "opened" => Happened::Opened,
        "not-opened" => Happened::NotOpened,
        "rings" => Happened::Progress(180, None),
        "early" => Happened::Progress(183, Some(full)),
        "accepted" => Happened::Accepted(Some(full)),
        "accepted-bare" => Happened::Accepted(None),
        "accepted-foreign" => Happened::Accepted(Some(foreign)),
        "busy" => Happened::Failed(Failure::Refused(486, None)),
        "forbidden" => Happened::Failed(Failure::Refused(403, None)),
        "unknown" => Happened::Failed(Failure::Refused(404, None)),
        "timeout" => Happened::Failed(Failure::Timeout),
        "ack" => Happened::Acknowledged(None),
        "ack-answer" => Happened::Acknowledged(Some(full)),
        "ack-foreign" => Happened::Acknowledged(Some(foreign)),
        "hold" => Happened::Offered(Some(held)),
        "resume" => Happened::Offered(Some(full)),
        "foreign-offer" => Happened::Offered(Some(foreign)),
        "offerless-offer" => Happened::Offered(None),
        "settled" => Happened::Settled(held),
        "settled-foreign" => Happened::Settled(foreign),
        "key" => Happened::Key(Digit::STAR, DigitPath::Rtp),
        "key-info" => Happened::Key(Digit::STAR, DigitPath::Info),
        "bye" => Happened::Ended(&End::Bye(None)),
        "cancelled" => Happened::Ended(&End::Cancelled),
        "refer" => Happened::Referred,
        "lost" => Happened::Ended(&End::Lost),
        "dead" => Happened::Dead,
        "closed" => Happened::Closed(Report::default()),
        other => panic!("no such word: {other}"),
    });
    if ["hold", "resume", "foreign-offer"].contains(&word) {
        bench.in_dialog("ACK", "");
    }
    told
}

/// What stands in no row changes nothing, is told to nobody, and says nothing.
#[test]
fn nothing_else_is_a_transition() {
    let mut more = Vec::new();
    for before in STATES {
        let rows: Vec<&str> = TABLE.iter().filter(|row| row.0 == before).map(|row| row.1).collect();
        for what in WORDS.into_iter().filter(|word| !rows.contains(word)) {
            let mut bench = bench(before);
            bench.said();
            let stood = state(&bench.leg.state);
            let told = step(&mut bench, what);
            if (told.0, &*told.1, &*told.2) != (stood, "", "") {
                more.push(format!("({before:?}, {what:?}, {told:?}),"));
            }
        }
    }
    assert!(more.is_empty(), "\n{}", more.join("\n"));
}

#[test]
fn every_transition() {
    let mut otherwise = Vec::new();
    for (before, what, after, news, said) in TABLE {
        let mut bench = bench(before);
        bench.said();
        let told = step(&mut bench, what);
        assert_eq!(told.0, *after, "{before}, then {what}");
        assert!(
            told.1.starts_with(news) && news.is_empty() == told.1.is_empty(),
            "{before}, then {what}: {told:?}"
        );
        if told.2 != *said {
            otherwise.push(format!("{before}, then {what}: {:?}, not {said:?}", told.2));
        }
        if bench.leg.is_alive() {
            // From wherever it stands, it can be ended, and nothing is left.
            bench.leg.close(&mut bench.common, None);
            step(&mut bench, "closed");
        } else {
            step(&mut bench, "closed");
        }
        assert!(bench.is_clean(), "{before}, then {what}: something is left");
        assert_eq!(bench.leg.invite(), None);
    }
    assert!(otherwise.is_empty(), "\n{}", otherwise.join("\n"));
}

/// What a leg has settled is what its peer said last: who may send on hold is not us.
#[test]
fn a_hold_is_in_the_terms() {
    let mut bench = bench("in opened ack");
    let sends = |bench: &Bench| bench.leg.terms().unwrap().direction;
    assert!(sends(&bench).send && sends(&bench).receive);
    step(&mut bench, "hold");
    assert!(!sends(&bench).send && sends(&bench).receive, "`sendonly` of theirs is `recvonly` of ours");
    step(&mut bench, "foreign-offer");
    assert!(!sends(&bench).send, "what was refused changes nothing");
    step(&mut bench, "resume");
    assert!(sends(&bench).send);
}

/// RFC 3264 §8: the version of our SDP says whether it is the one before.
#[test]
fn the_version_rises_only_with_what_is_said() {
    let mut bench = bench("in opened ack");
    let mut versions = vec![bench.leg.line.local.version];
    for word in ["resume", "hold", "hold", "foreign-offer", "resume", "resume"] {
        step(&mut bench, word);
        versions.push(bench.leg.line.local.version);
    }
    let risen: Vec<u64> = versions.iter().map(|version| version - versions[0]).collect();
    assert_eq!(risen, [0, 0, 1, 1, 1, 2, 2]);
}

/// The same key by RFC 4733 and INFO is one key within 200 ms, and two after that.
#[test]
fn one_key_by_two_paths() {
    let mut bench = bench("in opened ack");
    let mut keys = Vec::new();
    for (millis, word) in [(0, "key"), (199, "key-info"), (200, "key-info"), (250, "key-info"), (300, "key")]
    {
        bench.common.now.at = at(10_000 + millis);
        keys.push(!step(&mut bench, word).1.is_empty());
    }
    assert_eq!(keys, [true, false, true, true, false]);
}

/// A port that another program holds is not used again at once, and the next is another.
#[test]
fn another_port_is_another() {
    let mut bench = bench("out");
    let first = bench.leg.line.clone();
    step(&mut bench, "not-opened");
    let second = &bench.leg.line;
    assert!(second.session != first.session && second.local.port != first.local.port);
    assert_eq!(bench.common.sessions.keys().collect::<Vec<_>>(), [&second.session]);
}

/// Behind a 1:1 NAT peers are told the public address; the socket is bound to our own.
#[test]
fn what_is_said_of_a_line_behind_nat() {
    let mut line = bench("out").leg.line;
    line.public = Some("203.0.113.7".parse().unwrap());
    assert_eq!(line.said().address, line.public.unwrap());
    assert_eq!(SocketAddr::new(line.local.address, 1), "192.0.2.1:1".parse().unwrap());
}
