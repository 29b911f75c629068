//! What it costs to hear: `cargo bench --bench hearing`. The data plane alone, without sockets: packets in, packets out.
//!
//! Each round is 20 ms of all sessions: every telephone sends a packet, and every session ticks.

use std::hint::black_box;
use std::net::SocketAddr;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use svi::base::codec::{Direction, G711, Negotiated};
use svi::base::rng::Rng;
use svi::base::time::{Instant, at};
use svi::media::plane::{MediaOutput, MediaPlane};
use svi::media::vocabulary::{Gain, MediaCommand, SessionId, Source};
use svi::rtp::packet::Packet;

/// Telephones of a bench.
const TELEPHONES: u64 = 600;

/// A server's planes, and telephones that all speak.
struct House {
    planes: Vec<MediaPlane>,
    round: u64,
    sent: u64,
}

impl House {
    /// Telephones in tables of `size`, each of whom hears all others; neighbours live on different workers if there are several.
    fn new(workers: u16, size: u64) -> Self {
        let planes = (0..u64::from(workers)).map(|seed| MediaPlane::new(Rng::seeded(seed))).collect();
        let mut house = Self { planes, round: 0, sent: 0 };
        for serial in 0..TELEPHONES {
            let session = house.id(serial);
            let local = SocketAddr::from(([198, 51, 100, 1], 10_000 + serial as u16 * 2));
            house.order(MediaCommand::open(session, local, serial as u32));
            let remote = peer(serial);
            let terms = Negotiated {
                remote,
                remote_rtcp: SocketAddr::new(remote.ip(), remote.port() + 1),
                codec: G711::Alaw,
                payload_type: G711::Alaw.payload_type(),
                stray_event: None,
                telephone_event: Some(101),
                ptime_ms: 20,
                direction: Direction::BOTH,
            };
            house.order(MediaCommand::Negotiate(session, terms));
        }
        for serial in 0..TELEPHONES {
            let table = serial / size * size..serial / size * size + size;
            let sources = table.filter(|&other| other != serial);
            let sources =
                sources.map(|other| Source { session: house.id(other), gain: Gain::UNITY }).collect();
            house.order(MediaCommand::Hear { session: house.id(serial), sources, meanwhile: None });
        }
        (0..20).for_each(|_| house.round());
        house
    }

    fn id(&self, serial: u64) -> SessionId {
        SessionId { worker: (serial % self.planes.len() as u64) as u16, serial }
    }

    fn order(&mut self, command: MediaCommand) {
        self.planes[usize::from(command.session().worker)].command(at(0), command);
        self.drain(at(0));
    }

    /// 20 ms of everything.
    fn round(&mut self) {
        self.round += 1;
        let now = at(self.round * 20);
        let payload = [0x55; 160];
        let mut octets = [0; 200];
        for serial in 0..TELEPHONES {
            let packet = Packet {
                marker: false,
                payload_type: 8,
                sequence: self.round as u16,
                timestamp: self.round as u32 * 160,
                ssrc: serial as u32,
                payload: &payload,
            };
            let length = packet.write(&mut octets).expect("it fits");
            let session = self.id(serial);
            self.planes[usize::from(session.worker)].packet(now, session, peer(serial), &octets[..length]);
            self.drain(now);
        }
        for worker in 0..self.planes.len() {
            while let Some(session) = self.planes[worker].due(now) {
                self.planes[worker].tick(now, session);
                self.drain(now);
            }
        }
    }

    fn drain(&mut self, now: Instant) {
        for worker in 0..self.planes.len() {
            loop {
                match self.planes[worker].poll() {
                    MediaOutput::Transmit { octets, .. } => {
                        black_box(octets);
                        self.sent += 1;
                    }
                    MediaOutput::Cross(crossing) => {
                        self.planes[usize::from(crossing.to())].crossed(now, crossing);
                    }
                    MediaOutput::Bind(session, _) => self.planes[worker].bound(session, true),
                    MediaOutput::Sleep(_) => break,
                    _ => {}
                }
            }
        }
    }
}

fn peer(serial: u64) -> SocketAddr {
    SocketAddr::from(([203, 0, 113, 9], 10_000 + serial as u16 * 2))
}

fn hearing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("20 ms of 600 telephones");
    group.throughput(Throughput::Elements(TELEPHONES));
    for (name, workers, size) in
        [("in pairs", 1, 2), ("in pairs of two workers", 2, 2), ("in threes, mixed", 1, 3)]
    {
        let mut house = House::new(workers, size);
        let before = house.sent;
        house.round();
        assert!(house.sent - before >= TELEPHONES, "{name}: each hears a packet");
        group.bench_function(name, |bencher| bencher.iter(|| house.round()));
    }
    group.finish();
}

criterion_group!(benches, hearing);
criterion_main!(benches);
