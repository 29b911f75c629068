//! Real sockets on the loopback, real time: the thread does what the plane's own tests have proven under a virtual clock.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::mpsc::{Receiver, channel};

use super::*;
use crate::audio::g711;
use crate::audio::sound::Sound;
use crate::base::codec::{Direction, G711, Negotiated};
use crate::base::digit::Digit;
use crate::io::recorder::{Recorder, RecorderEvent, RecorderOrder};
use crate::media::vocabulary::{Gain, PlayId, RecordingEnd, RecordingId, SessionId, Source};
use crate::rtp::packet::Packet;
use crate::rtp::telephone_event::Event;

/// A server's media side.
struct House {
    workers: MediaWorkers,
    events: Receiver<MediaEvent>,
    recorder: Recorder,
    recorder_events: Receiver<RecorderEvent>,
    runtime: Runtime,
    folder: std::path::PathBuf,
}

impl House {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("svi-media-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let (recorder_sender, recorder_events) = channel(16);
        let recorder = Recorder::start(&folder, &|_| None, recorder_sender).unwrap();
        let (sender, events) = channel(64);
        let workers = MediaWorkers::start(2, Clock::start(), sender, recorder.handle()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Self { workers, events, recorder, recorder_events, runtime, folder }
    }

    fn next(&mut self) -> MediaEvent {
        let events = &mut self.events;
        let next = async { tokio::time::timeout(Duration::from_secs(10), events.recv()).await };
        self.runtime.block_on(next).expect("an event within ten seconds").expect("a worker that lives")
    }

    fn order(&mut self, command: MediaCommand) {
        self.workers.send(command);
        self.workers.wake();
    }

    /// The next event that is `wanted`, over others.
    fn wait(&mut self, wanted: impl Fn(&MediaEvent) -> bool) -> MediaEvent {
        loop {
            let event = self.next();
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Opens a session on a pair of ports that is free, towards `peer`.
    fn open(&mut self, serial: u64, peer: &Peer, codec: G711) -> SocketAddr {
        let session = id(serial);
        for attempt in 0..50u16 {
            let port = 20_000 + (std::process::id() as u16 % 5_000) * 2 + serial as u16 * 200 + attempt * 2;
            let local = SocketAddr::from(([127, 0, 0, 1], port));
            self.order(MediaCommand::open(session, local, serial as u32));
            let mine = |event: &MediaEvent| {
                *event == MediaEvent::Opened(session) || *event == MediaEvent::OpenFailed(session)
            };
            if self.wait(mine) == MediaEvent::Opened(session) {
                self.order(MediaCommand::Negotiate(session, peer.terms(codec)));
                return local;
            }
        }
        panic!("no free ports");
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.workers.stop();
        self.recorder.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Odd ones live on the second worker.
fn id(serial: u64) -> SessionId {
    SessionId { worker: (serial % 2) as u16, serial }
}

/// Each hears the other.
fn join(house: &mut House, one: SessionId, other: SessionId) {
    for (session, heard) in [(one, other), (other, one)] {
        let sources = vec![Source { session: heard, gain: Gain::UNITY }];
        house.order(MediaCommand::Hear { session, sources, meanwhile: None });
    }
}

/// A telephone.
struct Peer {
    socket: UdpSocket,
    sequence: u16,
}

impl Peer {
    fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self { socket, sequence: 0 }
    }

    fn terms(&self, codec: G711) -> Negotiated {
        let remote = self.socket.local_addr().unwrap();
        Negotiated {
            remote,
            remote_rtcp: remote,
            codec,
            payload_type: codec.payload_type(),
            stray_event: None,
            telephone_event: Some(101),
            ptime_ms: 20,
            direction: Direction::BOTH,
        }
    }

    fn say(&mut self, to: SocketAddr, payload_type: u8, payload: &[u8]) {
        let timestamp = u32::from(self.sequence) * 160;
        let (sequence, ssrc) = (self.sequence, 77);
        let packet = Packet { marker: false, payload_type, sequence, timestamp, ssrc, payload };
        let mut buffer = [0; 400];
        let length = packet.write(&mut buffer).unwrap();
        self.socket.send_to(&buffer[..length], to).unwrap();
        self.sequence += 1;
    }

    /// The next RTP packet, over RTCP: payload type, sequence, timestamp, payload.
    fn hear(&self) -> (u8, u16, u32, Vec<u8>) {
        let mut buffer = [0; 2_000];
        loop {
            let (length, _) = self.socket.recv_from(&mut buffer).expect("a packet within ten seconds");
            if let Ok(packet) = Packet::parse(&buffer[..length]) {
                return (packet.payload_type, packet.sequence, packet.timestamp, packet.payload.to_vec());
            }
        }
    }
}

fn sound(octets: Vec<u8>) -> Arc<Sound> {
    Arc::new(Sound { ulaw: octets.iter().map(|octet| octet ^ 1).collect(), alaw: octets.into() })
}

#[test]
fn a_prompt_a_key_a_talk_and_a_goodbye_over_real_sockets() {
    talk("talk", 5);
}

#[test]
fn the_same_when_the_two_live_on_different_workers() {
    talk("across", 2);
}

fn talk(name: &str, agent_serial: u64) {
    let mut house = House::new(name);
    let (mut caller, mut agent) = (Peer::new(), Peer::new());
    let caller_port = house.open(1, &caller, G711::Alaw);
    let agent_port = house.open(agent_serial, &agent, G711::Ulaw);
    let prompt: Vec<u8> = (0..3_200u32).map(|n| n as u8 ^ 0x35).collect();
    let session = id(1);
    let sounds = vec![sound(prompt.clone())];
    house.order(MediaCommand::Play { session, play: PlayId(1), sounds, repeat: false });
    house.wait(|event| matches!(event, MediaEvent::Started(started, PlayId(1), _) if *started == session));
    house.wait(|event| matches!(event, MediaEvent::Played { play: PlayId(1), finished: true, .. }));
    // Silence, perhaps, then the prompt, octet by octet in an unbroken sequence.
    let mut packets = vec![caller.hear()];
    while packets.iter().filter(|packet| packet.3 != [0xD5; 160]).count() < 20 {
        packets.push(caller.hear());
    }
    assert!(packets.windows(2).all(|pair| pair[1].1 == pair[0].1.wrapping_add(1)));
    // A machine that is so busy that the thread misses more than three ticks makes the clock jump, never step back.
    assert!(packets.windows(2).all(|pair| pair[1].2.wrapping_sub(pair[0].2) % 160 == 0));
    let heard: Vec<u8> = packets.iter().flat_map(|packet| packet.3.clone()).collect();
    assert_eq!(heard[heard.len() - prompt.len()..], prompt);
    // A key.
    caller.say(caller_port, 101, &Event { code: 5, end: false, volume: 10, duration: 160 }.octets());
    let digit = MediaEvent::Digit(session, Digit::from_event(5).unwrap());
    house.wait(|event| *event == digit);
    // What one says the other hears, in its own law.
    join(&mut house, id(1), id(agent_serial));
    let word = [g711::encode(G711::Alaw, 9_000); 160];
    let mut translated = word;
    g711::transcode(G711::Alaw, G711::Ulaw, &mut translated);
    agent.say(agent_port, 0, &translated);
    let mut said = 0;
    loop {
        // The order to join may come after the first words.
        caller.say(caller_port, 8, &word);
        said += 1;
        let (payload_type, _, _, payload) = agent.hear();
        assert_eq!(payload_type, 0);
        if payload == translated {
            break;
        }
        assert!(said < 200, "the agent hears nothing of the caller");
    }
    house.order(MediaCommand::Close(id(agent_serial)));
    house.order(MediaCommand::Close(id(1)));
    let closed = house.wait(|event| matches!(event, MediaEvent::Closed(closed, _) if *closed == session));
    let MediaEvent::Closed(_, report) = closed else { panic!("{closed:?}") };
    assert!(report.sent >= 20 && report.received >= 2 && report.dropped == 0, "{report:?}");
    // The ports are free again.
    UdpSocket::bind(caller_port).unwrap();
}

#[test]
fn a_recording_reaches_its_file() {
    let mut house = House::new("record");
    let mut caller = Peer::new();
    let port = house.open(3, &caller, G711::Alaw);
    let recording = RecordingId(4);
    house.recorder.order(RecorderOrder::Open { recording, path: "box/4".into() });
    house.order(MediaCommand::Record {
        session: id(3),
        recording,
        longest: Duration::from_secs(60),
        silence: None,
        stop_on_digit: true,
    });
    // Each of our packets is the pace for one of theirs, until a second has been said.
    let word = [g711::encode(G711::Alaw, 9_000); 160];
    for _ in 0..50 {
        caller.hear();
        caller.say(port, 8, &word);
    }
    caller.say(port, 101, &Event { code: 11, end: false, volume: 10, duration: 160 }.octets());
    let recorded = house.wait(|event| matches!(event, MediaEvent::Recorded { .. }));
    let MediaEvent::Recorded { duration, end, .. } = recorded else { panic!("{recorded:?}") };
    assert_eq!(end, RecordingEnd::Digit(Digit::HASH));
    assert!((900..=1_100).contains(&duration.as_millis()), "{duration:?}");
    house.recorder.order(RecorderOrder::Finish { recording, keep: true, metadata: Some("{}".into()) });
    let stored = house.recorder_events.blocking_recv();
    assert_eq!(stored, Some(RecorderEvent::Stored(recording, house.folder.join("box/4.wav"))));
    let file = std::fs::read(house.folder.join("box/4.wav")).unwrap();
    assert_eq!(file.len() as u128, 44 + duration.as_millis() * 16);
}

#[test]
fn a_port_that_is_taken_is_said_and_an_idle_worker_still_beats() {
    let mut house = House::new("taken");
    let holder = UdpSocket::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap();
    house.order(MediaCommand::open(id(9), taken, 1));
    assert_eq!(house.next(), MediaEvent::OpenFailed(id(9)));
    house.order(MediaCommand::Close(id(9)));
    assert!(matches!(house.next(), MediaEvent::Closed(..)));
    let before = house.workers.heartbeats();
    assert_eq!(before.len(), 2);
    // An order whose answer was waited for proves that the worker turns; one for a worker that is not there does no harm.
    house.order(MediaCommand::Close(SessionId { worker: 7, serial: 1 }));
    house.order(MediaCommand::Close(SessionId { worker: 0, serial: 1 }));
    house.next();
    assert!(house.workers.heartbeats()[0] > before[0]);
}
