//! Many callers in one process: what a server carries, in calls a second and in packets on time.
//!
//! One task holds them all: SIP as it comes, and every 5 ms a quarter of the calls, whose packets are drained and whose
//! next packet is sent. How evenly the server sends is measured by the kernel's own clock at arrival (SO_TIMESTAMPNS),
//! so that a late turn of ours is not held against it. On loopback only: this is a bench, not a weapon.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use tokio::net::UdpSocket;
use tokio::time::{Instant as TokioInstant, MissedTickBehavior, interval};

use crate::base::codec::{Direction, G711};
use crate::base::limit::{LOAD_CALLS_MAX, LOAD_DURATION_MAX, LOAD_RATE_MAX, SIP_MESSAGE_BYTES_MAX};
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::phone::call::{Call, End, Event, Output};
use crate::phone::dialog::Line;
use crate::phone::message::{Message, Transport};
use crate::phone::script::{Keys, Stroke};
use crate::phone::sink::Sink;
use crate::phone::spacing::Spacing;
use crate::phone::voice::{Frame, PACKET_BYTES, Voice};
use crate::sdp;

/// Between two turns; each call has its turn every fourth, 20 ms.
const TURN: Duration = Duration::from_millis(5);
/// Turns in 20 ms.
const SLOTS: usize = 4;
/// After the last call has been dialled and held, what is still open may end for this long.
const DRAIN: Duration = Duration::from_secs(40);

/// How much, how fast, how long.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The server, on loopback.
    pub server: SocketAddr,
    /// The number that all call.
    pub number: String,
    /// Calls in all.
    pub calls: u64,
    /// Calls dialled in a second.
    pub rate: u32,
    /// Calls at once; more are not dialled until one has ended.
    pub at_once: usize,
    /// From answer to hanging up.
    pub hold: Duration,
    /// Send and receive RTP; without it only SIP is measured.
    pub media: bool,
    /// Keys that each caller presses.
    pub keys: Keys,
    /// Where chance begins.
    pub seed: u64,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct LoadReport {
    /// INVITEs begun.
    pub dialled: u64,
    /// Answered with 200.
    pub answered: u64,
    /// Ended as they should: answered, held, and the BYE answered.
    pub completed: u64,
    /// Ended otherwise, by reason.
    pub(crate) failed: BTreeMap<String, u64>,
    /// From INVITE to 200.
    pub setup: Spacing,
    /// From BYE to its 200.
    pub(crate) teardown: Spacing,
    /// Between two packets in a row, at arrival.
    pub(crate) spacing: Spacing,
    /// RTP packets received.
    pub packets: u64,
    /// RTP packets that never came.
    pub(crate) lost: u64,
    /// RTP packets sent.
    pub sent: u64,
    /// Most calls talking at once.
    pub at_once: usize,
    /// How long it took in all.
    pub(crate) elapsed: Duration,
}

/// Why nothing was measured.
#[derive(Debug)]
pub enum LoadError {
    /// The target is not on this machine.
    NotLoopback(SocketAddr),
    /// More than `base/limit.rs` allows, or nothing at all: which.
    Bounds(&'static str),
    /// The sockets: none free (ulimit -n), or the server not there.
    Network(io::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(server) => {
                write!(f, "{server} is not on loopback: the load bench calls no one else")
            }
            Self::Bounds(what) => write!(f, "{what}"),
            Self::Network(error) => write!(f, "the network says: {error}"),
        }
    }
}

impl std::error::Error for LoadError {}

impl LoadOptions {
    fn check(&self) -> Result<(), LoadError> {
        if !self.server.ip().is_loopback() {
            return Err(LoadError::NotLoopback(self.server));
        }
        if self.calls == 0 || self.at_once == 0 || self.rate == 0 {
            return Err(LoadError::Bounds("calls, calls at once and calls a second must be 1 or more"));
        }
        if self.at_once > LOAD_CALLS_MAX || self.rate > LOAD_RATE_MAX || self.hold > LOAD_DURATION_MAX {
            return Err(LoadError::Bounds("too many calls at once, too many a second, or held too long"));
        }
        Ok(())
    }
}

/// Calls until all have been made, and reports.
pub async fn run(options: LoadOptions) -> Result<LoadReport, LoadError> {
    options.check()?;
    let mut bench = Bench::open(options).await.map_err(LoadError::Network)?;
    let mut turns = interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut bytes = vec![0; SIP_MESSAGE_BYTES_MAX];
    while !bench.is_done() {
        tokio::select! {
            received = bench.sip.recv(&mut bytes) => match received {
                Ok(length) => bench.message(&bytes[..length]).await,
                Err(error) if bench.report.answered == 0 => return Err(LoadError::Network(error)),
                // A server under load may refuse a datagram; the call's own timers see to it.
                Err(_) => {}
            },
            _ = turns.tick() => bench.turn().await.map_err(LoadError::Network)?,
        }
    }
    bench.report.elapsed = bench.began.elapsed();
    Ok(bench.report)
}

struct Bench {
    options: LoadOptions,
    sip: UdpSocket,
    /// Where RTP goes that nobody measures.
    unmeasured: Sink,
    line: Line,
    rng: Rng,
    began: TokioInstant,
    turn: usize,
    callers: BTreeMap<String, Caller>,
    /// Calls that were answered and are over.
    ended_talking: u64,
    report: LoadReport,
}

struct Caller {
    call: Call,
    slot: usize,
    dialled: Instant,
    answered: Option<Instant>,
    hung_up: Option<Instant>,
    media: Option<Media>,
    keys: Vec<Stroke>,
    next_key: Instant,
}

struct Media {
    local: sdp::Local,
    sink: Sink,
    voice: Voice,
    remote: Option<SocketAddr>,
}

impl Bench {
    async fn open(options: LoadOptions) -> io::Result<Self> {
        let sip = UdpSocket::bind((options.server.ip(), 0)).await?;
        sip.connect(options.server).await?;
        let local = sip.local_addr()?;
        let line = Line {
            transport: Transport::Udp,
            local,
            user: String::new(),
            host: options.server.ip().to_string(),
            credentials: None,
        };
        let (unmeasured, rng) = (Sink::open(local.ip())?, Rng::seeded(options.seed));
        let began = TokioInstant::now();
        let (callers, report) = (BTreeMap::new(), LoadReport::default());
        Ok(Self { options, sip, unmeasured, line, rng, began, turn: 0, callers, ended_talking: 0, report })
    }

    fn now(&self) -> Instant {
        Instant::from_micros(self.began.elapsed().as_micros() as u64)
    }

    fn is_done(&self) -> bool {
        let dialled = self.report.dialled >= self.options.calls;
        let dialling = Duration::from_secs_f64(self.options.calls as f64 / f64::from(self.options.rate));
        let waves = (self.options.calls / self.options.at_once as u64 + 1) as u32;
        let longest = (dialling + (self.options.hold + DRAIN) * waves).min(LOAD_DURATION_MAX + DRAIN);
        dialled && self.callers.is_empty() || self.began.elapsed() > longest
    }

    /// A quarter of the calls, and those that are due to be dialled.
    async fn turn(&mut self) -> io::Result<()> {
        let now = self.now();
        let due = (now.as_micros() as f64 / 1e6 * f64::from(self.options.rate)) as u64 + 1;
        while self.report.dialled < due.min(self.options.calls) && self.callers.len() < self.options.at_once {
            self.dial(now).await?;
        }
        self.turn = (self.turn + 1) % SLOTS;
        let mut wants = Vec::new();
        for (call_id, caller) in self.callers.iter_mut().filter(|(_, caller)| caller.slot == self.turn) {
            caller.turn(now, &self.options, &mut self.report);
            wants.push(call_id.clone());
        }
        for call_id in wants {
            self.settle(now, &call_id).await;
        }
        self.unmeasured.discard();
        Ok(())
    }

    async fn dial(&mut self, now: Instant) -> io::Result<()> {
        let number = self.report.dialled;
        self.report.dialled += 1;
        let media = if self.options.media { Some(Media::open(&self.line, &mut self.rng)?) } else { None };
        let unmeasured = local(&self.line, self.unmeasured.port()?, number);
        let place = media.as_ref().map_or(unmeasured, |media| media.local);
        let offer = sdp::offer(&place, &G711::PREFERRED, Direction::BOTH);
        let target = format!("sip:{}@{}", self.options.number, self.options.server);
        let line = Line { user: format!("06{:08}", number % 100_000_000), ..self.line.clone() };
        let call =
            Call::dial(line, &target, String::from_utf8_lossy(&offer).into_owned(), self.rng.fork(), now)
                .map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        let call_id = call.call_id().to_string();
        let slot = (number as usize) % SLOTS;
        let keys = self.options.keys.0.iter().rev().copied().collect();
        let (answered, hung_up) = (None, None);
        let caller = Caller { call, slot, dialled: now, answered, hung_up, media, keys, next_key: now };
        self.callers.insert(call_id.clone(), caller);
        self.settle(now, &call_id).await;
        Ok(())
    }

    async fn message(&mut self, bytes: &[u8]) {
        let now = self.now();
        let Ok(message) = Message::read(bytes) else { return };
        let call_id = message.call_id().to_string();
        if let Some(caller) = self.callers.get_mut(&call_id) {
            caller.call.message(now, &message);
            self.settle(now, &call_id).await;
        } else if message.method().is_some_and(|method| method != crate::phone::message::Method::Ack) {
            // A call of ours that is forgotten: a BYE that crossed ours, or its repeat.
            let _ = self.sip.send(&message.answer(200, "gone", None, None)).await;
        }
    }

    /// Sends what a call has to send, and notes what it has to tell.
    async fn settle(&mut self, now: Instant, call_id: &str) {
        let mut ended = None;
        if let Some(caller) = self.callers.get_mut(call_id) {
            while let Some(output) = caller.call.poll() {
                match output {
                    Output::Send(bytes) => {
                        let _ = self.sip.send(&bytes).await;
                    }
                    Output::Tell(Event::Ended(end)) => ended = Some(end),
                    Output::Tell(event) => caller.event(now, event, &mut self.report),
                }
            }
        }
        if let Some(end) = ended {
            self.ended(now, call_id, &end);
        }
        // What has been answered and has not ended yet: nothing else is both.
        let talking = self.report.answered.saturating_sub(self.ended_talking);
        self.report.at_once = self.report.at_once.max(talking as usize);
    }

    fn ended(&mut self, now: Instant, call_id: &str, end: &End) {
        let Some(mut caller) = self.callers.remove(call_id) else { return };
        self.ended_talking += u64::from(caller.answered.is_some());
        if let Some(media) = &mut caller.media {
            media.sink.drain(&mut self.report.spacing);
            self.report.packets += media.sink.packets();
            self.report.lost += media.sink.lost();
            self.report.sent += media.voice.sent();
        }
        match (end, caller.hung_up) {
            (End::HungUp, Some(at)) => {
                self.report.teardown.record(now.since(at));
                self.report.completed += 1;
            }
            (end, _) => *self.report.failed.entry(end.to_string()).or_default() += 1,
        }
    }
}

impl Caller {
    /// Its 20 ms have passed.
    fn turn(&mut self, now: Instant, options: &LoadOptions, report: &mut LoadReport) {
        if self.call.wake().is_some_and(|wake| now >= wake) {
            self.call.tick(now);
        }
        let Some(answered) = self.answered else { return };
        if now.since(answered) >= options.hold && self.hung_up.is_none() {
            self.hung_up = Some(now);
            self.call.hang_up(now);
        }
        let Some(media) = &mut self.media else { return };
        if now >= self.next_key && !media.voice.is_pressing() {
            match self.keys.pop() {
                Some(Stroke::Pause(pause)) => self.next_key = now + pause,
                Some(Stroke::Key(key)) => drop(media.voice.press(key)),
                None => {}
            }
        }
        media.sink.drain(&mut report.spacing);
        let mut bytes = [0; PACKET_BYTES];
        if let (Some(remote), None) = (media.remote, self.hung_up) {
            match media.voice.frame(&mut bytes) {
                Frame::None => {}
                Frame::Audio(length) | Frame::Key(length) | Frame::KeyEnd(length) => {
                    media.sink.send(&bytes[..length], remote);
                }
            }
        }
    }

    fn event(&mut self, now: Instant, event: Event, report: &mut LoadReport) {
        match event {
            Event::Answered(sdp) => {
                report.answered += 1;
                report.setup.record(now.since(self.dialled));
                self.answered = Some(now);
                self.next_key = now;
                if let (Some(media), Some(sdp)) = (&mut self.media, sdp) {
                    media.learn(&sdp);
                }
            }
            Event::Reoffered(offer) => {
                let answer = self.media.as_mut().zip(offer).and_then(|(media, offer)| media.answer(&offer));
                match answer {
                    Some(sdp) => self.call.accept(now, sdp),
                    None => self.call.refuse(now, 488),
                }
            }
            Event::Progress(..) | Event::Rung(_) | Event::Confirmed(_) | Event::Key(_) | Event::Ended(_) => {}
        }
    }
}

impl Media {
    fn open(line: &Line, rng: &mut Rng) -> io::Result<Self> {
        let sink = Sink::open(line.local.ip())?;
        let local = local(line, sink.port()?, u64::from(rng.u32()));
        Ok(Self { local, sink, voice: Voice::new(rng), remote: None })
    }

    fn learn(&mut self, answer: &str) {
        let answer = answer.as_bytes();
        if let Ok(negotiated) = sdp::accept_answer(&self.local, &G711::PREFERRED, Direction::BOTH, answer) {
            self.remote = Some(negotiated.remote);
            self.voice.negotiate(negotiated);
        }
    }

    fn answer(&mut self, offer: &str) -> Option<String> {
        let offer = sdp::parse(offer.as_bytes()).ok()?;
        self.local.version += 1;
        let (body, negotiated) = sdp::answer(&offer, &self.local, &G711::PREFERRED).ok()?;
        self.remote = Some(negotiated.remote);
        self.voice.negotiate(negotiated);
        Some(String::from_utf8_lossy(&body).into_owned())
    }
}

fn local(line: &Line, port: u16, session_id: u64) -> sdp::Local {
    sdp::Local { address: line.local.ip(), port, session_id, version: session_id }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |duration: Duration| duration.as_secs_f64() * 1_000.0;
        let seconds = self.elapsed.as_secs_f64().max(0.001);
        writeln!(
            f,
            "calls      {} dialled, {} answered, {} completed in {seconds:.1} s ({:.1} a second), {} at once",
            self.dialled,
            self.answered,
            self.completed,
            self.completed as f64 / seconds,
            self.at_once
        )?;
        for (why, count) in &self.failed {
            writeln!(f, "failed     {count}: {why}")?;
        }
        for (name, spacing) in
            [("setup", &self.setup), ("teardown", &self.teardown), ("spacing", &self.spacing)]
        {
            if spacing.count() > 0 {
                let (p50, p99) = (ms(spacing.percentile(500)), ms(spacing.percentile(990)));
                let longest = ms(spacing.longest());
                writeln!(f, "{name:<10} p50 {p50:.1} ms, p99 {p99:.1} ms, longest {longest:.1} ms")?;
            }
        }
        if self.packets > 0 {
            let gaps = self.spacing.gaps();
            writeln!(
                f,
                "packets    {} received, {} lost, {} sent, {gaps} gaps above 40 ms",
                self.packets, self.lost, self.sent
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(server: &str) -> LoadOptions {
        LoadOptions {
            server: server.parse().unwrap(),
            number: "0800123456".into(),
            calls: 1,
            rate: 1,
            at_once: 1,
            hold: Duration::from_secs(1),
            media: false,
            keys: Keys::default(),
            seed: 1,
        }
    }

    #[test]
    fn only_loopback_is_called_and_only_so_much() {
        assert!(options("127.0.0.1:5060").check().is_ok());
        assert!(options("[::1]:5060").check().is_ok());
        let stranger = options("192.0.2.1:5060").check().unwrap_err().to_string();
        assert_eq!(stranger, "192.0.2.1:5060 is not on loopback: the load bench calls no one else");
        let many = LoadOptions { at_once: LOAD_CALLS_MAX + 1, ..options("127.0.0.1:5060") };
        assert!(matches!(many.check(), Err(LoadError::Bounds(_))));
        let none = LoadOptions { rate: 0, ..options("127.0.0.1:5060") };
        assert!(matches!(none.check(), Err(LoadError::Bounds(_))));
    }
}
