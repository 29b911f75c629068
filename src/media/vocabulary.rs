//! All that the control plane and the data plane say to each other. Nothing else passes between them.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

pub use super::gain::Gain;
use crate::audio::sound::Sound;
pub(crate) use crate::base::codec::{G711, Negotiated};
use crate::base::digit::Digit;
use crate::base::limit::MEDIA_SILENCE_MAX;
use crate::base::time::{Duration, Instant};

/// A media session: one leg's RTP. Named by the control plane; lives wholly on one worker.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct SessionId {
    /// The worker that owns it. Sessions of different workers can hear each other; of the same one it costs less.
    pub worker: u16,
    /// Never used twice.
    pub serial: u64,
}

/// What is played, to tell one playing from the one before it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct PlayId(pub u64);

/// A recording in progress.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct RecordingId(pub u64);

/// One whom a session hears.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who.
    pub session: SessionId,
    /// How loud.
    pub gain: Gain,
}

/// What the control plane orders.
#[derive(Clone, Debug)]
pub enum MediaCommand {
    /// Bind the RTP port (and port + 1 for RTCP). Answered by `Opened` or `OpenFailed`.
    Open {
        /// The new session.
        session: SessionId,
        /// The address to bind, its port even.
        local: SocketAddr,
        /// The SSRC that we send with (RFC 3550 §8: random).
        ssrc: u32,
        /// The address that the SIP of its leg comes from. To others nothing goes before [`Self::Confirm`], and then on probation.
        /// `None`: what SDP says is believed.
        signalled: Option<IpAddr>,
        /// Silence of the peer after which it counts as dead.
        silence_max: Duration,
    },
    /// The peer is where its SIP says: it has acknowledged our answer, or has answered our call.
    Confirm(SessionId),
    /// Offer and answer have settled (again): where, what, which way.
    Negotiate(SessionId, Negotiated),
    /// Play these sounds one after another, instead of what plays; `repeat` starts again at the end (music).
    Play {
        /// On which session.
        session: SessionId,
        /// Its name, for the events.
        play: PlayId,
        /// What.
        sounds: Vec<Arc<Sound>>,
        /// For ever, until `Stop` or another `Play`.
        repeat: bool,
    },
    /// Stop what plays. The session goes on sending silence.
    Stop(SessionId),
    /// Record what the session hears.
    Record {
        /// On which session.
        session: SessionId,
        /// Its name.
        recording: RecordingId,
        /// Stops after this much.
        longest: Duration,
        /// Stops after this much silence, once something has been said or from the start; `None`: never.
        silence: Option<Duration>,
        /// Any key stops it.
        stop_on_digit: bool,
    },
    /// Stop a recording, for this reason; answered by `Recorded`.
    StopRecording(SessionId, RecordingEnd),
    /// What a session hears of other sessions, all of them at once: it replaces what it heard before; no source at all parts it.
    /// What plays on the session goes on: it stands before what is heard, until it ends or `Stop`.
    Hear {
        /// Who hears.
        session: SessionId,
        /// Whom, at most `SOURCES_MAX`; itself is never among them. One alone, as it is, is passed on packet by packet, with
        /// its keys; several, or one louder or softer, are mixed, without keys.
        sources: Vec<Source>,
        /// What goes out in place of sources none of which may send (hold): repeated. `None`: silence.
        meanwhile: Option<Arc<Sound>>,
    },
    /// Send a key to the peer by RFC 4733 (or in nothing, when the peer has no telephone-event).
    SendDigit(SessionId, Digit),
    /// Close the session and give its report.
    Close(SessionId),
}

impl MediaCommand {
    /// Opens a session whose peer is believed.
    pub fn open(session: SessionId, local: SocketAddr, ssrc: u32) -> Self {
        Self::Open { session, local, ssrc, signalled: None, silence_max: MEDIA_SILENCE_MAX }
    }

    /// The session that it is for.
    pub fn session(&self) -> SessionId {
        match self {
            Self::Open { session, .. }
            | Self::Negotiate(session, _)
            | Self::Play { session, .. }
            | Self::Stop(session)
            | Self::Record { session, .. }
            | Self::StopRecording(session, _)
            | Self::Confirm(session)
            | Self::Hear { session, .. }
            | Self::SendDigit(session, _)
            | Self::Close(session) => *session,
        }
    }
}

/// What the data plane reports.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaEvent {
    /// The ports are bound.
    Opened(SessionId),
    /// They are not: taken by another program, or out of descriptors.
    OpenFailed(SessionId),
    /// The peer's address was learnt or changed by the locking rule.
    Locked(SessionId, SocketAddr),
    /// A key was pressed: reported once, at its first packet.
    Digit(SessionId, Digit),
    /// The first packet of a playing has left.
    Started(SessionId, PlayId, Instant),
    /// A playing has ended: the last packet has left (`finished`), or it was stopped or replaced (not `finished`).
    Played {
        /// On which session.
        session: SessionId,
        /// Which playing.
        play: PlayId,
        /// When its last packet left.
        at: Instant,
        /// Whether all of it was sent.
        finished: bool,
    },
    /// A recording has ended and all its samples have been handed to the recorder.
    Recorded {
        /// On which session.
        session: SessionId,
        /// Which.
        recording: RecordingId,
        /// Its length.
        duration: Duration,
        /// How much of it was speech.
        speech: Duration,
        /// Why it ended.
        end: RecordingEnd,
    },
    /// Nothing has been received for so long on a leg that should send: told every 2 s.
    Quiet(SessionId, Duration),
    /// Nothing has been received for `MEDIA_SILENCE_MAX`: the leg is dead.
    Dead(SessionId),
    /// The session is closed and its ports are free.
    Closed(SessionId, Report),
}

impl MediaEvent {
    /// The session that it comes from.
    pub(crate) fn session(&self) -> SessionId {
        match self {
            Self::Opened(session)
            | Self::OpenFailed(session)
            | Self::Locked(session, _)
            | Self::Digit(session, _)
            | Self::Started(session, ..)
            | Self::Played { session, .. }
            | Self::Recorded { session, .. }
            | Self::Quiet(session, _)
            | Self::Dead(session)
            | Self::Closed(session, _) => *session,
        }
    }
}

/// Why a recording ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RecordingEnd {
    /// A key.
    Digit(Digit),
    /// Silence.
    Silence,
    /// The longest that was allowed.
    Longest,
    /// An order, or the end of the session.
    Stopped,
    /// The recorder could not keep up or the disk is full.
    Failed,
}

/// What a session has seen, RFC 3550 §6.4.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// RTP packets sent.
    pub(crate) sent: u64,
    /// RTP packets received and accepted.
    pub(crate) received: u64,
    /// Packets expected and not received.
    pub(crate) lost: u64,
    /// Packets dropped: another source, another payload type, not RTP.
    pub(crate) dropped: u64,
    /// Interarrival jitter, in microseconds.
    pub(crate) jitter_us: u32,
    /// Packets of ours that the peer says it has lost (RTCP); 0 if it says nothing.
    pub(crate) lost_there: u64,
    /// The time to the peer and back, in microseconds (RTCP); 0 if it is not known.
    pub(crate) round_trip_us: u32,
}
