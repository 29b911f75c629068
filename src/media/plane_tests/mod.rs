//! The plane under a virtual clock: one millisecond after the other, packets by hand or between two planes.

mod any_orders;
mod crossing;
mod hearing;
mod mixing;
mod passing_on;
mod sending;
mod standing_in;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::*;
use crate::audio::sound::Sound;
use crate::base::codec::{Direction, G711, Negotiated};
use crate::base::time::{Duration, at};
use crate::media::crossing::Crossing;
use crate::media::vocabulary::{Gain, PlayId, Source};
use crate::rtp::packet::Packet;

const LOCAL: &str = "198.51.100.1:30000";
const PEER: &str = "203.0.113.9:4000";

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// Sessions from here on live on the second worker.
const ELSEWHERE: u64 = 10_000;

fn id(serial: u64) -> SessionId {
    SessionId { worker: (serial / ELSEWHERE) as u16, serial }
}

fn terms() -> Negotiated {
    Negotiated {
        remote: address(PEER),
        remote_rtcp: address("203.0.113.9:4001"),
        codec: G711::Alaw,
        payload_type: G711::Alaw.payload_type(),
        stray_event: None,
        telephone_event: Some(101),
        ptime_ms: 20,
        direction: Direction::BOTH,
    }
}

/// A packet that left, with its moment.
#[derive(Clone, Debug, PartialEq)]
struct Left {
    ms: u64,
    session: SessionId,
    to: SocketAddr,
    marker: bool,
    payload_type: u8,
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
    payload: Vec<u8>,
}

/// Two planes with their owner.
struct Bench {
    planes: [MediaPlane; 2],
    /// What is on its way from one to the other.
    crossings: VecDeque<Crossing>,
    /// It stays on its way until it is carried by hand.
    crossings_wait: bool,
    /// Whose packets are wanted as they come.
    watched: BTreeSet<SessionId>,
    ms: u64,
    sent: Vec<Left>,
    reports: Vec<(SocketAddr, Vec<u8>)>,
    events: Vec<(u64, MediaEvent)>,
    recorded: Vec<i16>,
}

impl Bench {
    fn new() -> Self {
        Self {
            planes: [1, 2].map(|seed| MediaPlane::new(Rng::seeded(seed))),
            crossings: VecDeque::new(),
            crossings_wait: false,
            watched: BTreeSet::new(),
            ms: 0,
            sent: Vec::new(),
            reports: Vec::new(),
            events: Vec::new(),
            recorded: Vec::new(),
        }
    }

    /// A bench with one session, opened and negotiated.
    fn talking(terms: Negotiated) -> Self {
        let mut bench = Self::new();
        bench.open(1, terms);
        bench
    }

    fn open(&mut self, serial: u64, terms: Negotiated) {
        let local = SocketAddr::new(address(LOCAL).ip(), 30_000 + (serial % 10_000) as u16 * 2);
        self.order(MediaCommand::open(id(serial), local, 0xA000 + serial as u32));
        self.order(MediaCommand::Negotiate(id(serial), terms));
    }

    fn order(&mut self, command: MediaCommand) {
        self.planes[usize::from(command.session().worker)].command(at(self.ms), command);
        self.drain();
    }

    /// A session hears these, as they are.
    fn hears(&mut self, serial: u64, sources: &[u64]) {
        let sources = sources.iter().map(|&serial| Source { session: id(serial), gain: Gain::UNITY });
        let (session, sources) = (id(serial), sources.collect());
        self.order(MediaCommand::Hear { session, sources, meanwhile: None });
    }

    fn play(&mut self, serial: u64, play: u64, sounds: Vec<Arc<Sound>>, repeat: bool) {
        self.order(MediaCommand::Play { session: id(serial), play: PlayId(play), sounds, repeat });
    }

    /// Lets `ms` milliseconds pass.
    fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.ms += 1;
            self.wake();
        }
    }

    /// Does what is due now.
    fn wake(&mut self) {
        for worker in 0..self.planes.len() {
            while let Some(session) = self.planes[worker].due(at(self.ms)) {
                self.planes[worker].tick(at(self.ms), session);
                self.drain();
            }
        }
    }

    fn hear(&mut self, serial: u64, from: &str, packet: &Packet<'_>) {
        let mut buffer = [0; 2_000];
        let length = packet.write(&mut buffer).unwrap();
        let (now, session) = (at(self.ms), id(serial));
        self.planes[usize::from(session.worker)].packet(now, session, address(from), &buffer[..length]);
        self.drain();
    }

    fn drain(&mut self) {
        for worker in 0..self.planes.len() {
            self.drain_one(worker);
        }
        if !self.crossings_wait && !self.crossings.is_empty() {
            self.cross();
        }
    }

    /// Carries what is on its way between the planes.
    fn cross(&mut self) {
        for crossing in std::mem::take(&mut self.crossings) {
            self.planes[usize::from(crossing.to())].crossed(at(self.ms), crossing);
        }
        self.drain();
    }

    fn drain_one(&mut self, worker: usize) {
        let mut opened = Vec::new();
        loop {
            match self.planes[worker].poll() {
                MediaOutput::Bind(session, _) => opened.push(session),
                MediaOutput::Watch(session, true) => assert!(self.watched.insert(session)),
                MediaOutput::Watch(session, false) => assert!(self.watched.remove(&session)),
                MediaOutput::Release(session) => drop(self.watched.remove(&session)),
                MediaOutput::Transmit { session, channel: Channel::Rtp, to, octets } => {
                    let packet = Packet::parse(octets).expect("we send RTP");
                    self.sent.push(Left {
                        ms: self.ms,
                        session,
                        to,
                        marker: packet.marker,
                        payload_type: packet.payload_type,
                        sequence: packet.sequence,
                        timestamp: packet.timestamp,
                        ssrc: packet.ssrc,
                        payload: packet.payload.to_vec(),
                    });
                }
                MediaOutput::Transmit { to, octets, .. } => self.reports.push((to, octets.to_vec())),
                MediaOutput::Frames { samples, .. } => self.recorded.extend_from_slice(samples),
                MediaOutput::Cross(crossing) => self.crossings.push_back(crossing),
                MediaOutput::Event(event) => self.events.push((self.ms, event)),
                MediaOutput::Sleep(_) => break,
            }
        }
        for session in opened {
            self.planes[worker].bound(session, true);
            self.drain_one(worker);
        }
    }

    /// What a session has sent.
    fn sent_by(&self, serial: u64) -> Vec<&Left> {
        self.sent.iter().filter(|packet| packet.session == id(serial)).collect()
    }

    fn events(&self) -> Vec<&MediaEvent> {
        self.events.iter().map(|(_, event)| event).collect()
    }

    fn happened(&self, wanted: &MediaEvent) -> Option<u64> {
        self.events.iter().find(|(_, event)| event == wanted).map(|(ms, _)| *ms)
    }
}

/// A packet of the peer: 20 ms of A-law.
fn audio(n: u32) -> Packet<'static> {
    Packet {
        marker: n == 0,
        payload_type: 8,
        sequence: 100 + n as u16,
        timestamp: 5_000 + n * 160,
        ssrc: 7,
        payload: &[0x55; 160],
    }
}

fn sound(length: usize, salt: u8) -> Arc<Sound> {
    let alaw: Vec<u8> = (0..length).map(|n| (n as u8).wrapping_mul(31) ^ salt).collect();
    let ulaw: Vec<u8> = alaw.iter().map(|octet| octet ^ 0x0F).collect();
    Arc::new(Sound { alaw: alaw.into(), ulaw: ulaw.into() })
}

#[test]
fn an_idle_plane_sleeps_until_it_is_told() {
    let mut plane = MediaPlane::new(Rng::seeded(1));
    assert_eq!(plane.poll(), MediaOutput::Sleep(None));
    plane.command(at(5), MediaCommand::open(id(1), address(LOCAL), 1));
    assert_eq!(plane.poll(), MediaOutput::Bind(id(1), address(LOCAL)));
    plane.bound(id(1), false);
    assert_eq!(plane.poll(), MediaOutput::Event(MediaEvent::OpenFailed(id(1))));
    assert!(plane.is_empty());
    assert_eq!(plane.due(at(100)), None);
    assert_eq!(plane.poll(), MediaOutput::Sleep(None));
}

#[test]
fn closing_is_always_answered_and_ends_what_runs() {
    let mut bench = Bench::talking(terms());
    bench.play(1, 9, vec![sound(16_000, 0)], false);
    bench.order(MediaCommand::Record {
        session: id(1),
        recording: RecordingId(3),
        longest: Duration::from_secs(60),
        silence: None,
        stop_on_digit: true,
    });
    bench.hear(1, PEER, &audio(0));
    bench.run(40);
    bench.events.clear();
    bench.order(MediaCommand::Close(id(1)));
    let [played, recorded, closed] = bench.events()[..] else { panic!("{:?}", bench.events) };
    assert!(matches!(played, MediaEvent::Played { finished: false, .. }));
    assert!(matches!(recorded, MediaEvent::Recorded { end: RecordingEnd::Stopped, .. }));
    let MediaEvent::Closed(_, report) = closed else { panic!("{closed:?}") };
    assert_eq!((report.sent, report.received, report.lost, report.dropped), (2, 1, 0, 0));
    // The last report says goodbye.
    let (to, last) = bench.reports.last().unwrap();
    assert_eq!(*to, address("203.0.113.9:4001"));
    assert!(crate::rtp::rtcp::read(last, 0).unwrap().bye);
    bench.order(MediaCommand::Close(id(1)));
    assert_eq!(bench.events.len(), 4);
    bench.run(1_000);
    assert!(bench.planes[0].is_empty() && bench.sent.len() == 2);
}

#[test]
fn a_session_is_small() {
    let bytes = size_of::<Session>();
    assert!(bytes < 1_536, "{bytes}");
}
