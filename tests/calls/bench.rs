//! A switchboard alone under a virtual clock, against raw SIP text; its data plane is a stand-in that does what it is told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use svi::base::digit::Digit;
use svi::base::rng::Rng;
use svi::base::time::{Duration, Instant, Now, Wall, at};
use svi::centre::record::CallRecord;
use svi::media::vocabulary::{MediaCommand, MediaEvent, RecordingEnd, RecordingId, Report, SessionId};
use svi::sip::message::{Framing, HeaderName, Message, parse};
use svi::sip::transport::{ConnectionId, Datagram, Protocol, Transmit};
use svi::switchboard::{Edition, Effect, Event, Input, Keep, Order, Output, Reply, Switchboard};

/// Our address.
pub const US: &str = "10.0.0.1:5060";
/// An address of the operator of `support::SITE`.
pub const PEER: &str = "10.1.0.9:5060";
/// An address that is nobody's.
pub const STRANGER: &str = "203.0.113.7:5060";
/// A Tuesday morning.
const MORNING: i64 = 1_795_510_800_000;

pub const SDP: &str = "v=0\r\no=- 1 1 IN IP4 10.1.0.9\r\ns=-\r\nc=IN IP4 10.1.0.9\r\nt=0 0\r\n\
                       m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";

pub struct Bench {
    pub board: Switchboard,
    pub millis: u64,
    /// What was sent and not yet looked at, with its moment.
    pub sent: Vec<(u64, Transmit)>,
    pub events: Vec<Event>,
    pub records: Vec<CallRecord>,
    pub kept: Vec<Keep>,
    /// The data plane takes orders and says nothing: it has died.
    pub mute: bool,
    /// Sessions that were opened, and keys that were sent on them.
    pub opened: Vec<SessionId>,
    pub keys: Vec<(SessionId, Digit)>,
    ports: usize,
    wake: Instant,
    due: BTreeMap<(u64, u64), Input>,
    recordings: BTreeMap<SessionId, RecordingId>,
    serial: u64,
}

impl Bench {
    pub fn new(mut edition: Edition) -> Self {
        let us: SocketAddr = US.parse().unwrap();
        edition.listen = vec![(Protocol::Udp, us), (Protocol::Tcp, us)];
        edition.workers = 2;
        let board = Switchboard::new(Arc::new(edition), Rng::seeded(7), now(1));
        let ports = board.status().ports_free;
        let mut bench = Self {
            board,
            ports,
            millis: 1,
            sent: Vec::new(),
            events: Vec::new(),
            records: Vec::new(),
            kept: Vec::new(),
            mute: false,
            opened: Vec::new(),
            keys: Vec::new(),
            wake: Instant::ZERO,
            due: BTreeMap::new(),
            recordings: BTreeMap::new(),
            serial: 0,
        };
        bench.drain();
        bench
    }

    /// A message comes, and what the data plane does at once is done.
    pub fn hear(&mut self, source: &str, text: &str) {
        self.hear_bytes(Protocol::Udp, source.parse().unwrap(), text.as_bytes());
    }

    pub fn hear_bytes(&mut self, protocol: Protocol, remote: SocketAddr, bytes: &[u8]) {
        let connection = (protocol == Protocol::Tcp).then_some(ConnectionId(7));
        let local = US.parse().unwrap();
        self.tell(Input::Sip(Datagram { protocol, local, remote, connection, bytes: bytes.into() }));
        self.run_to(self.millis);
    }

    pub fn order(&mut self, order: Order) {
        self.tell(Input::Order(order));
        self.run_to(self.millis);
    }

    pub fn tell(&mut self, input: Input) {
        self.board.handle(now(self.millis), input);
        self.drain();
        let broken = self.board.violations();
        assert!(broken.is_empty(), "{broken:#?}");
    }

    /// Lets time pass, and does what becomes due on the way.
    pub fn run_to(&mut self, millis: u64) {
        loop {
            let told = self.due.first_key_value().map(|((at, _), _)| *at);
            let wake = self.wake.as_micros().div_ceil(1_000);
            let Some(next) = told.into_iter().chain([wake]).min().filter(|next| *next <= millis) else {
                break;
            };
            self.millis = self.millis.max(next);
            match self.due.first_entry().filter(|entry| entry.key().0 <= next) {
                Some(entry) => {
                    let input = entry.remove();
                    self.tell(input);
                }
                None => {
                    let before = self.wake;
                    self.tell(Input::Tick);
                    assert!(self.wake != before, "a timer that fires for ever at {before}");
                }
            }
        }
        self.millis = millis;
    }

    /// What was sent since the last time, as text.
    pub fn texts(&mut self) -> Vec<String> {
        self.sent.drain(..).map(|(_, it)| String::from_utf8_lossy(&it.bytes).into_owned()).collect()
    }

    /// First words of what was sent since the last time: `180`, `BYE`.
    pub fn heads(&mut self) -> Vec<String> {
        self.texts().iter().map(|text| head(text)).collect()
    }

    /// The one message that was sent since the last time.
    pub fn only(&mut self) -> String {
        let mut texts = self.texts();
        assert_eq!(texts.len(), 1, "{texts:#?}");
        texts.remove(0)
    }

    /// A call of the peer that is up: its tag. What was sent is forgotten.
    pub fn call(&mut self, name: &str) -> String {
        self.hear(PEER, &invite(name, ""));
        let texts = self.texts();
        assert_eq!(texts.iter().map(|text| head(text)).collect::<Vec<_>>(), ["100", "200"]);
        let tag = tag(&texts[1]);
        self.hear(PEER, &in_dialog("ACK", name, 1, &tag, ""));
        tag
    }

    /// All calls are ended, and all that is left has had the time to go.
    pub fn assert_nothing_stays(&mut self) {
        self.order(Order::EndAll);
        self.run_to(self.millis + 110_000);
        assert_eq!(self.board.leftovers(), [""; 0]);
        assert_eq!(self.board.status().ports_free, self.ports, "every RTP port is given back, once");
        let began = self.events.iter().filter(|event| matches!(event, Event::CallBegan { .. })).count();
        let refused = |event: &&Event| matches!(event, Event::CallRefused { peer: true, .. });
        // Beyond 120 a minute, what a peer sends in vain is counted only.
        let began = began + self.events.iter().filter(refused).count().min(120);
        assert_eq!(self.records.len(), began, "one record a call");
    }

    fn drain(&mut self) {
        loop {
            match self.board.poll() {
                Output::Sip(transmit) => self.sent.push((self.millis, transmit)),
                Output::Media(command) => self.obey(command),
                Output::Effect(id, Effect::FinishRecording { .. }) => {
                    self.later(5, Input::Reply(id, Reply::Stored("m.wav".into())));
                }
                Output::Effect(_, Effect::OpenRecording { .. } | Effect::Fetch(_) | Effect::Send(_)) => {}
                Output::Event(event) => self.events.push(event),
                Output::Keep(keep) => self.kept.push(keep),
                Output::Record(record) => self.records.push(*record),
                Output::Sleep(until) => return self.wake = until,
            }
        }
    }

    fn later(&mut self, millis: u64, input: Input) {
        self.serial += 1;
        self.due.insert((self.millis + millis, self.serial), input);
    }

    fn obey(&mut self, command: MediaCommand) {
        if self.mute {
            return;
        }
        match command {
            MediaCommand::Open { session, .. } => {
                self.opened.push(session);
                self.later(0, Input::Media(MediaEvent::Opened(session)));
            }
            MediaCommand::SendDigit(session, digit) => self.keys.push((session, digit)),
            MediaCommand::Close(session) => {
                self.recorded(0, session);
                self.later(0, Input::Media(MediaEvent::Closed(session, Report::default())));
            }
            MediaCommand::Play { session, play, repeat: false, .. } => {
                let played = |at| MediaEvent::Played { session, play, at, finished: true };
                self.later(0, Input::Media(MediaEvent::Started(session, play, at(self.millis))));
                self.later(500, Input::Media(played(at(self.millis + 500))));
            }
            MediaCommand::Record { session, recording, .. } => {
                self.recordings.insert(session, recording);
            }
            MediaCommand::StopRecording(session, _) => self.recorded(0, session),
            MediaCommand::Negotiate(..)
            | MediaCommand::Play { .. }
            | MediaCommand::Stop(_)
            | MediaCommand::Hear { .. }
            | MediaCommand::Confirm(_) => {}
        }
    }

    fn recorded(&mut self, millis: u64, session: SessionId) {
        let Some(recording) = self.recordings.remove(&session) else { return };
        let (duration, speech) = (Duration::from_secs(3), Duration::from_secs(2));
        let end = RecordingEnd::Stopped;
        let event = MediaEvent::Recorded { session, recording, duration, speech, end };
        self.later(millis, Input::Media(event));
    }
}

fn now(millis: u64) -> Now {
    let wall = Wall::from_epoch_ms(MORNING + i64::try_from(millis).unwrap());
    Now { at: at(millis), wall }
}

/// `INVITE`, or `200`.
pub fn head(text: &str) -> String {
    let mut words = text.split(' ');
    let first = words.next().unwrap();
    if first == "SIP/2.0" { words.next().unwrap().to_owned() } else { first.to_owned() }
}

pub fn header(text: &str, name: HeaderName) -> Option<String> {
    let message =
        parse(text.as_bytes().into(), Framing::Datagram).unwrap_or_else(|error| panic!("{error}\n{text}"));
    match message {
        Message::Request(request) => request.headers().first(name).map(Into::into),
        Message::Response(response) => response.headers().first(name).map(Into::into),
    }
}

/// Our tag in a response of ours.
pub fn tag(text: &str) -> String {
    let to = header(text, HeaderName::To).unwrap();
    to.split_once(";tag=").unwrap_or_else(|| panic!("{text}")).1.to_owned()
}

/// An INVITE of a call with this name: it is the user of Call-ID, tag and branch.
pub fn invite(name: &str, extra: &str) -> String {
    format!(
        "INVITE sip:0800123456@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.0.9:5060;branch=z9hG4bK{name}-i1\r\n\
         Max-Forwards: 70\r\nFrom: <sip:+33612345678@10.1.0.9>;tag=their-{name}\r\nTo: <sip:0800123456@10.0.0.1>\r\n\
         Call-ID: {name}\r\nCSeq: 1 INVITE\r\nContact: <sip:al@10.1.0.9:5060>\r\n{extra}\
         Content-Type: application/sdp\r\n\r\n{SDP}"
    )
}

/// A request in the dialog of that call.
pub fn in_dialog(method: &str, name: &str, cseq: u32, tag: &str, rest: &str) -> String {
    let rest = if rest.is_empty() { "\r\n" } else { rest };
    format!(
        "{method} sip:svi@10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.0.9:5060;branch=z9hG4bK{name}-{method}{cseq}\r\n\
         From: <sip:+33612345678@10.1.0.9>;tag=their-{name}\r\nTo: <sip:0800123456@10.0.0.1>;tag={tag}\r\n\
         Call-ID: {name}\r\nCSeq: {cseq} {method}\r\nContact: <sip:al@10.1.0.9:5060>\r\n{rest}"
    )
}

/// The CANCEL of its INVITE.
pub fn cancel(name: &str) -> String {
    format!(
        "CANCEL sip:0800123456@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.1.0.9:5060;branch=z9hG4bK{name}-i1\r\n\
         From: <sip:+33612345678@10.1.0.9>;tag=their-{name}\r\nTo: <sip:0800123456@10.0.0.1>\r\n\
         Call-ID: {name}\r\nCSeq: 1 CANCEL\r\n\r\n"
    )
}
