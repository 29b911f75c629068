//! What who looks at one call of a world notes while it runs: its packets as a capture, and whether the caller is being
//! spoken to. Changes nothing.

use super::network::Packet;
use super::pcap::Capture;
use crate::base::time::{Instant, Now};
use crate::media::vocabulary::{MediaCommand, MediaEvent, PlayId, SessionId};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// What was sent since the watch began; none before.
    pub(super) capture: Option<Capture>,
    /// Grows with whatever the server does on the caller's line.
    pub(super) turns: u64,
    /// The civil clock may be moved in mid call, the capture's may not.
    began: Option<Now>,
    caller: Option<SessionId>,
    speaking: Option<PlayId>,
}

impl Watch {
    /// From now on: the next line that the server opens is the caller's.
    pub(super) fn begin(&mut self, now: Now) {
        *self = Self { capture: Some(Capture::default()), began: Some(now), ..Self::default() };
    }

    /// Whether something is being said to the caller that has an end.
    pub(super) fn is_speaking(&self) -> bool {
        self.speaking.is_some()
    }

    /// A packet is sent.
    pub(super) fn sent(&mut self, at: Instant, packet: &Packet) {
        if let (Some(capture), Some(began)) = (&mut self.capture, self.began) {
            let passed = i64::try_from(at.since(began.at).as_micros()).unwrap_or(i64::MAX);
            let moment = began.wall.epoch_ms().saturating_mul(1_000).saturating_add(passed);
            capture.datagram(moment, packet.from, packet.to, &packet.bytes);
        }
    }

    /// The server tells its data plane to do this.
    pub(super) fn ordered(&mut self, command: &MediaCommand) {
        let speaking = match command {
            MediaCommand::Open { session, .. } => {
                if self.began.is_some() && self.caller.is_none() {
                    self.caller = Some(*session);
                }
                return;
            }
            MediaCommand::Play { session, play, repeat, .. } if Some(*session) == self.caller => {
                (!repeat).then_some(*play)
            }
            MediaCommand::Hear { session, .. }
            | MediaCommand::Stop(session)
            | MediaCommand::Close(session)
                if Some(*session) == self.caller =>
            {
                None
            }
            MediaCommand::Record { session, .. } if Some(*session) == self.caller => None,
            _ => return,
        };
        self.speaking = speaking;
        self.turns += 1;
    }

    /// The server's data plane reports this.
    pub(super) fn told(&mut self, event: &MediaEvent) {
        if let MediaEvent::Played { session, play, .. } = event
            && Some(*session) == self.caller
            && self.speaking == Some(*play)
        {
            self.speaking = None;
        }
    }
}
