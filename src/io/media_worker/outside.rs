//! What a media thread does with the outputs of its plane: sockets, events, frames for the recorder.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;

use nix::sys::epoll::{Epoll, EpollEvent, EpollFlags};
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, Protocol, Type};
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::neighbours::Neighbours;
use crate::base::limit::MEDIA_EVENTS_MAX;
use crate::io::intake::Socket;
use crate::io::recorder::RecorderHandle;
use crate::media::plane::{Channel, MediaOutput};
use crate::media::vocabulary::{MediaEvent, RecordingId, SessionId};

/// Expedited forwarding (RFC 3246), as the upper six bits of the octet: what networks give a voice.
const EXPEDITED: u32 = 46 << 2;

/// What epoll gives back: a session's serial number and port, or one of the thread's own.
#[derive(Copy, Clone)]
pub(super) struct Token(pub(super) u64);

impl Token {
    pub(super) const WAKE: u64 = u64::MAX;
    pub(super) const TIMER: u64 = u64::MAX - 1;

    fn of(session: SessionId, port: Port) -> u64 {
        session.serial << 1 | u64::from(port == Port::Rtcp)
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Port {
    Rtp,
    Rtcp,
}

/// The sockets of a session.
pub(super) struct Sockets {
    pub(super) rtp: Socket,
    pub(super) rtcp: Socket,
    /// Its packets are read as they come; else just before its tick.
    pub(super) on_arrival: bool,
}

/// What the plane wants to hear after an output.
pub(super) enum Answer {
    None,
    Bound(SessionId, bool),
    Refused(RecordingId),
}

pub(super) struct Outside {
    pub(super) epoll: Epoll,
    pub(super) sockets: BTreeMap<SessionId, Sockets>,
    /// Sessions by their serial number, for epoll.
    serials: BTreeMap<u64, SessionId>,
    events: Sender<MediaEvent>,
    backlog: VecDeque<MediaEvent>,
    lost_events: u64,
    recorder: RecorderHandle,
    pub(super) neighbours: Neighbours,
}

impl Outside {
    pub(super) fn new(
        epoll: Epoll,
        events: Sender<MediaEvent>,
        recorder: RecorderHandle,
        neighbours: Neighbours,
    ) -> Self {
        Self {
            epoll,
            sockets: BTreeMap::new(),
            serials: BTreeMap::new(),
            events,
            backlog: VecDeque::new(),
            lost_events: 0,
            recorder,
            neighbours,
        }
    }

    pub(super) fn session_of(&self, Token(token): Token) -> Option<(SessionId, Port)> {
        let port = if token & 1 == 1 { Port::Rtcp } else { Port::Rtp };
        self.serials.get(&(token >> 1)).map(|session| (*session, port))
    }

    /// Carries out one output.
    pub(super) fn carry(&mut self, output: MediaOutput<'_>) -> Answer {
        match output {
            MediaOutput::Transmit { session, channel, to, octets } => {
                if let Some(sockets) = self.sockets.get(&session) {
                    let socket = match channel {
                        Channel::Rtp => &sockets.rtp,
                        Channel::Rtcp => &sockets.rtcp,
                    };
                    // A full buffer or an unreachable peer costs this packet; no error of the network ends a call.
                    let _ = socket.udp.send_to(octets, to);
                }
            }
            MediaOutput::Event(event) => self.tell(event),
            MediaOutput::Cross(crossing) => self.neighbours.carry(crossing),
            MediaOutput::Frames { recording, samples } => {
                if !self.recorder.frames(recording, samples) {
                    return Answer::Refused(recording);
                }
            }
            MediaOutput::Bind(session, local) => {
                let bound = self.bind(session, local);
                if let Err(why) = &bound {
                    tracing::warn!(%local, %why, "a media port cannot be bound");
                }
                return Answer::Bound(session, bound.is_ok());
            }
            MediaOutput::Release(session) => {
                // Closing a descriptor takes it out of epoll.
                self.sockets.remove(&session);
                self.serials.remove(&session.serial);
            }
            MediaOutput::Watch(session, on_arrival) => self.watch(session, on_arrival),
            MediaOutput::Sleep(_) => {}
        }
        Answer::None
    }

    /// Tries again what had no room; false if some still waits.
    pub(super) fn retry_events(&mut self) -> bool {
        while let Some(event) = self.backlog.pop_front() {
            if let Err(TrySendError::Full(event)) = self.events.try_send(event) {
                self.backlog.push_front(event);
                return false;
            }
        }
        true
    }

    fn tell(&mut self, event: MediaEvent) {
        if !self.backlog.is_empty() {
            self.keep(event);
        } else if let Err(TrySendError::Full(event)) = self.events.try_send(event) {
            self.keep(event);
        }
    }

    fn keep(&mut self, event: MediaEvent) {
        if self.backlog.len() < MEDIA_EVENTS_MAX {
            self.backlog.push_back(event);
            return;
        }
        self.lost_events += 1;
        if self.lost_events.is_power_of_two() {
            tracing::error!(
                lost = self.lost_events,
                "media events are lost: the switchboard does not take them"
            );
        }
    }

    fn bind(&mut self, session: SessionId, local: SocketAddr) -> io::Result<()> {
        let rtcp_port = local.port().checked_add(1).ok_or(io::ErrorKind::InvalidInput)?;
        let rtp = udp(local)?;
        let rtcp = udp(SocketAddr::new(local.ip(), rtcp_port))?;
        let event = EpollEvent::new(EpollFlags::EPOLLIN, Token::of(session, Port::Rtcp));
        self.epoll.add(&rtcp.udp, event)?;
        self.sockets.insert(session, Sockets { rtp, rtcp, on_arrival: false });
        self.serials.insert(session.serial, session);
        Ok(())
    }

    fn watch(&mut self, session: SessionId, on_arrival: bool) {
        let Some(sockets) = self.sockets.get_mut(&session) else { return };
        if sockets.on_arrival == on_arrival {
            return;
        }
        let event = EpollEvent::new(EpollFlags::EPOLLIN, Token::of(session, Port::Rtp));
        let changed = if on_arrival {
            self.epoll.add(&sockets.rtp.udp, event)
        } else {
            self.epoll.delete(&sockets.rtp.udp)
        };
        match changed {
            Ok(()) => sockets.on_arrival = on_arrival,
            // It is read at its ticks then, which is later but no less complete.
            Err(why) => tracing::warn!(%why, ?session, "a session that others hear cannot be watched"),
        }
    }
}

fn udp(local: SocketAddr) -> io::Result<Socket> {
    let socket = socket2::Socket::new(Domain::for_address(local), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // Best effort: networks that do not look at it do no harm.
    let _ = if local.is_ipv4() { socket.set_tos_v4(EXPEDITED) } else { socket.set_tclass_v6(EXPEDITED) };
    // Without the kernel's times of arrival, jitter is measured at our ticks.
    let _ = setsockopt(&socket, sockopt::ReceiveTimestampns, &true);
    socket.bind(&local.into())?;
    Ok(Socket { udp: socket.into(), is_ipv4: local.is_ipv4() })
}
