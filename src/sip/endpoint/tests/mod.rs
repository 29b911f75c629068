//! The endpoint under a virtual clock: alone against raw text (`Bench`), and two of them over a bad network (`pair`).

mod call;
mod dialogs;
mod guard;
mod outgoing;
mod pair;
mod register;
mod session;
mod trunk;

use std::net::SocketAddr;

use super::*;
use crate::base::time::at;
use crate::sip::message::{Framing, Message, parse};
use crate::sip::transport::Transmit;

/// The peer's address.
const PEER: &str = "192.0.2.9:5060";
/// Ours.
const US: &str = "192.0.2.1:5060";
const SDP: &str =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n";
const OUR_SDP: &[u8] =
    b"v=0\r\no=- 7 7 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 5000 RTP/AVP 8\r\n";

fn now(millis: u64) -> Now {
    Now { at: at(millis), ..Now::default() }
}

fn config() -> Config {
    Config {
        listen: vec![(Protocol::Udp, US.parse().unwrap()), (Protocol::Tcp, US.parse().unwrap())],
        realm: "svi.example".to_owned(),
        ..Config::default()
    }
}

/// One endpoint, a clock, and all that it said.
struct Bench {
    endpoint: Endpoint,
    millis: u64,
    sent: Vec<(u64, Transmit)>,
    events: Vec<Event>,
}

impl Bench {
    fn new() -> Self {
        Self::with(config())
    }

    fn with(config: Config) -> Self {
        let endpoint = Endpoint::new(config, Rng::seeded(1));
        Self { endpoint, millis: 0, sent: Vec::new(), events: Vec::new() }
    }

    fn now(&self) -> Now {
        now(self.millis)
    }

    fn drain(&mut self) {
        while let Some(output) = self.endpoint.poll() {
            match output {
                Output::Transmit(transmit) => self.sent.push((self.millis, transmit)),
                Output::Event(event) => self.events.push(event),
            }
        }
    }

    /// A message comes from the peer.
    fn hear(&mut self, text: &str) {
        self.hear_from(PEER, text);
    }

    fn hear_from(&mut self, source: &str, text: &str) {
        self.hear_by(Protocol::Udp, source, text);
    }

    fn hear_by(&mut self, protocol: Protocol, source: &str, text: &str) {
        let connection = (protocol == Protocol::Tcp).then_some(crate::sip::transport::ConnectionId(7));
        let datagram = Datagram {
            protocol,
            local: US.parse().unwrap(),
            remote: source.parse().unwrap(),
            connection,
            bytes: text.as_bytes().into(),
        };
        let now = self.now();
        self.endpoint.receive(now, datagram);
        self.drain();
    }

    /// Lets time pass, and runs what becomes due on the way.
    fn run_to(&mut self, millis: u64) {
        while let Some(due) = self.endpoint.deadline().filter(|due| *due <= at(millis)) {
            self.millis = self.millis.max(due.as_millis());
            let before = self.endpoint.deadline();
            self.endpoint.timeout(now(self.millis));
            self.drain();
            assert!(self.endpoint.deadline() != before, "a timer that fires for ever at {before:?}");
        }
        self.millis = millis;
    }

    /// Does something to the endpoint.
    fn act<T>(&mut self, what: impl FnOnce(&mut Endpoint, Now) -> T) -> T {
        let now = self.now();
        let result = what(&mut self.endpoint, now);
        self.drain();
        result
    }

    /// What was sent since the last time, as text.
    fn texts(&mut self) -> Vec<String> {
        self.sent.drain(..).map(|(_, it)| String::from_utf8(it.bytes.to_vec()).unwrap()).collect()
    }

    /// First lines of what was sent since the last time: `180`, `BYE`.
    fn heads(&mut self) -> Vec<String> {
        self.texts().iter().map(|text| head(text)).collect()
    }

    /// The one message that was sent since the last time.
    fn only(&mut self) -> String {
        let mut texts = self.texts();
        assert_eq!(texts.len(), 1, "{texts:#?}");
        texts.remove(0)
    }

    /// What is told for the log alone.
    fn told(&mut self) -> Vec<Event> {
        let log = |event: &mut Event| {
            matches!(
                event,
                Event::Told(..) | Event::Turned(_) | Event::WrongPassword(_) | Event::Registered(_)
            )
        };
        self.events.extract_if(.., log).collect()
    }

    fn event(&mut self) -> Event {
        self.events.retain(|event| !matches!(event, Event::Registered(_)));
        assert_eq!(self.events.len(), 1, "{:?}", self.events);
        self.events.remove(0)
    }

    fn invited(&mut self) -> (InviteId, Box<Invited>) {
        match self.event() {
            Event::Invited(id, invited) => (id, invited),
            other => panic!("{other:?}"),
        }
    }

    /// A call of theirs, answered and acknowledged; what was sent is forgotten. Also gives our tag.
    fn call(&mut self, extra: &str) -> (InviteId, String) {
        self.hear(&invite("z9hG4bKi", "10", extra, SDP));
        let (id, _) = self.invited();
        self.act(|endpoint, now| endpoint.answer(now, id, OUR_SDP));
        let texts = self.texts();
        let tag = tag(texts.last().unwrap());
        self.hear(&in_dialog("ACK", "z9hG4bKa", 10, &tag, ""));
        assert!(matches!(self.event(), Event::Acknowledged(..)));
        (id, tag)
    }

    /// Nothing is left, not even a transaction, once all timers have run out.
    fn assert_empty(&mut self) {
        assert_eq!(self.endpoint.invites_len(), 0);
        self.run_to(self.millis + 100_000);
        assert_eq!(
            self.endpoint.census(),
            Census { bindings: self.endpoint.census().bindings, ..Census::default() }
        );
        assert!(self.endpoint.by_tag.is_empty());
    }
}

/// `INVITE`, or `200`.
fn head(text: &str) -> String {
    let mut words = text.split(' ');
    let first = words.next().unwrap();
    if first == "SIP/2.0" { words.next().unwrap().to_owned() } else { first.to_owned() }
}

fn message(text: &str) -> Message {
    parse(text.as_bytes().into(), Framing::Datagram).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn header(text: &str, name: HeaderName) -> String {
    message(text).headers().first(name).unwrap_or_else(|| panic!("no {name} in\n{text}")).into_owned()
}

fn has(text: &str, name: HeaderName) -> bool {
    message(text).headers().has(name)
}

/// Our tag in a response of ours.
fn tag(text: &str) -> String {
    message(text).headers().to().unwrap().tag().unwrap().into_owned()
}

fn body_lines(body: &str) -> String {
    if body.is_empty() { "\r\n".to_owned() } else { format!("Content-Type: application/sdp\r\n\r\n{body}") }
}

fn invite(branch: &str, cseq: &str, extra: &str, body: &str) -> String {
    format!(
        "INVITE sip:0800123456@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch={branch}\r\n\
         Max-Forwards: 70\r\nFrom: \"Al\" <sip:+33612345678@192.0.2.9>;tag=their\r\nTo: <sip:0800123456@192.0.2.1>\r\n\
         Call-ID: call-1\r\nCSeq: {cseq} INVITE\r\nContact: <sip:al@192.0.2.9:5060>\r\n{extra}{}",
        body_lines(body)
    )
}

fn in_dialog(method: &str, branch: &str, cseq: u32, tag: &str, rest: &str) -> String {
    let rest = if rest.is_empty() { "\r\n" } else { rest };
    format!(
        "{method} sip:svi@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch={branch}\r\n\
         From: \"Al\" <sip:+33612345678@192.0.2.9>;tag=their\r\nTo: <sip:0800123456@192.0.2.1>;tag={tag}\r\n\
         Call-ID: call-1\r\nCSeq: {cseq} {method}\r\nContact: <sip:al@192.0.2.9:5060>\r\n{rest}"
    )
}

fn cancel(branch: &str, cseq: u32) -> String {
    format!(
        "CANCEL sip:0800123456@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch={branch}\r\n\
         From: \"Al\" <sip:+33612345678@192.0.2.9>;tag=their\r\nTo: <sip:0800123456@192.0.2.1>\r\n\
         Call-ID: call-1\r\nCSeq: {cseq} CANCEL\r\n\r\n"
    )
}

/// A response to a request of ours, with a To tag unless one stands already.
fn response(request: &str, status: u16, tag: &str, rest: &str) -> String {
    let parsed = message(request);
    let headers = parsed.headers();
    let to = headers.to().unwrap();
    let to = if tag.is_empty() || to.tag().is_some() {
        to.text().to_owned()
    } else {
        format!("{};tag={tag}", to.text())
    };
    let rest = if rest.is_empty() { "\r\n" } else { rest };
    format!(
        "SIP/2.0 {status} X\r\nVia: {}\r\nFrom: {}\r\nTo: {to}\r\nCall-ID: {}\r\nCSeq: {} {}\r\n{rest}",
        headers.top_via().unwrap().text(),
        headers.from().unwrap().text(),
        headers.call_id().unwrap(),
        headers.cseq().unwrap().number,
        headers.cseq().unwrap().method.as_str(),
    )
}

/// The rest of a 2xx to an INVITE.
fn accepted() -> String {
    format!("Contact: <sip:bob@192.0.2.9:5060>\r\nContent-Type: application/sdp\r\n\r\n{SDP}")
}

fn invitation() -> Invitation {
    Invitation {
        target: "sip:bob@192.0.2.9:5060".to_owned(),
        remote: PEER.parse::<SocketAddr>().unwrap(),
        protocol: Protocol::Udp,
        connection: None,
        from: "\"0800 123 456\" <sip:0800123456@svi.example>".to_owned(),
        to: "sip:bob@192.0.2.9:5060".to_owned(),
        headers: vec![("P-Asserted-Identity".to_owned(), "<tel:+33612345678>".to_owned())],
        credentials: None,
        offer: OUR_SDP.to_vec(),
        timeout: crate::base::time::Duration::from_secs(20),
        follows: false,
    }
}
