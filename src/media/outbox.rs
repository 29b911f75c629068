//! What the plane gives its owner: a queue whose octets and samples lie in two buffers that are used again.

use std::collections::VecDeque;
use std::net::SocketAddr;

use super::crossing::Crossing;
use super::vocabulary::{MediaEvent, RecordingId, SessionId};
use crate::base::time::Instant;

/// Which of a session's two sockets.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The RTP port.
    Rtp,
    /// The RTCP port, RTP + 1.
    Rtcp,
}

/// What the plane wants done. What it borrows is valid until the next call.
#[derive(Debug, PartialEq)]
pub enum MediaOutput<'a> {
    /// Bind this port and the next for a session, then call `bound`.
    Bind(SessionId, SocketAddr),
    /// Close the sockets of a session.
    Release(SessionId),
    /// Packets of this session are to be handed in on arrival (true), or just before its tick (false).
    Watch(SessionId, bool),
    /// Send a datagram.
    Transmit {
        /// From the sockets of this session.
        session: SessionId,
        /// From which of them.
        channel: Channel,
        /// To.
        to: SocketAddr,
        /// The datagram.
        octets: &'a [u8],
    },
    /// Samples for the recorder: 160, fewer at the end.
    Frames {
        /// Of this recording.
        recording: RecordingId,
        /// 16 bit, 8,000 a second.
        samples: &'a [i16],
    },
    /// For the plane of another worker: to be given to its `crossed`. May be lost when that worker does not take it.
    Cross(Crossing),
    /// For the control plane.
    Event(MediaEvent),
    /// Nothing more until then; `None`: until the next command.
    Sleep(Option<Instant>),
}

#[derive(Debug)]
enum Item {
    Bind(SessionId, SocketAddr),
    Release(SessionId),
    Watch(SessionId, bool),
    Transmit { session: SessionId, channel: Channel, to: SocketAddr, start: usize, length: usize },
    Frames { recording: RecordingId, start: usize, length: usize },
    Cross(Crossing),
    Event(MediaEvent),
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: VecDeque<Item>,
    octets: Vec<u8>,
    samples: Vec<i16>,
}

impl Outbox {
    pub(super) fn bind(&mut self, session: SessionId, local: SocketAddr) {
        self.items.push_back(Item::Bind(session, local));
    }

    pub(super) fn release(&mut self, session: SessionId) {
        self.items.push_back(Item::Release(session));
    }

    pub(super) fn watch(&mut self, session: SessionId, on_arrival: bool) {
        self.items.push_back(Item::Watch(session, on_arrival));
    }

    pub(super) fn cross(&mut self, crossing: Crossing) {
        self.items.push_back(Item::Cross(crossing));
    }

    pub(super) fn event(&mut self, event: MediaEvent) {
        self.items.push_back(Item::Event(event));
    }

    /// A datagram of at most `room` octets that `write` writes, and gives the length of; nothing if it gives `None`.
    pub(super) fn transmit(
        &mut self,
        session: SessionId,
        channel: Channel,
        to: SocketAddr,
        room: usize,
        write: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) {
        let start = self.octets.len();
        self.octets.resize(start + room, 0);
        match write(&mut self.octets[start..]) {
            Some(length) => {
                self.octets.truncate(start + length);
                self.items.push_back(Item::Transmit { session, channel, to, start, length });
            }
            None => self.octets.truncate(start),
        }
    }

    pub(super) fn frames(&mut self, recording: RecordingId, samples: &[i16]) {
        let (start, length) = (self.samples.len(), samples.len());
        self.samples.extend_from_slice(samples);
        self.items.push_back(Item::Frames { recording, start, length });
    }

    pub(super) fn pop(&mut self) -> Option<MediaOutput<'_>> {
        let Some(item) = self.items.pop_front() else {
            self.octets.clear();
            self.samples.clear();
            return None;
        };
        Some(match item {
            Item::Bind(session, local) => MediaOutput::Bind(session, local),
            Item::Release(session) => MediaOutput::Release(session),
            Item::Watch(session, on_arrival) => MediaOutput::Watch(session, on_arrival),
            Item::Cross(crossing) => MediaOutput::Cross(crossing),
            Item::Event(event) => MediaOutput::Event(event),
            Item::Transmit { session, channel, to, start, length } => {
                MediaOutput::Transmit { session, channel, to, octets: &self.octets[start..start + length] }
            }
            Item::Frames { recording, start, length } => {
                MediaOutput::Frames { recording, samples: &self.samples[start..start + length] }
            }
        })
    }
}
