//! All that the control plane and the data plane say to each other. Nothing else passes between them.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::audio::sound::Sound;
pub use crate::base::codec::{Direction, G711, Negotiated};
use crate::base::digit::Digit;
use crate::base::time::{Duration, Instant};

/// A media session: one leg's RTP. Named by the control plane; lives wholly on one worker.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct SessionId {
    /// The worker that owns it. Legs that may be bridged are opened on the same worker.
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
    },
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
    /// Stop a recording; answered by `Recorded`.
    StopRecording(SessionId),
    /// Join two sessions of the same worker: each hears the other. Ends what plays on both.
    Bridge(SessionId, SessionId),
    /// Part them.
    Unbridge(SessionId),
    /// TEMP
    Hear {
        /// Who.
        session: SessionId,
        /// Whom.
        sources: Vec<Source>,
        /// Music.
        meanwhile: Option<Arc<Sound>>,
    },
    /// Send a key to the peer by RFC 4733 (or in nothing, when the peer has no telephone-event).
    SendDigit(SessionId, Digit),
    /// Close the session and give its report.
    Close(SessionId),
}

/// TEMP
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whom.
    pub session: SessionId,
    /// How loud.
    pub gain: Gain,
}
/// TEMP
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Gain(i16);
impl Gain {
    /// As it is.
    pub const UNITY: Self = Self(0);
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
    /// Nothing has been received for 5 s on a leg that should send (statistics).
    Quiet(SessionId),
    /// Nothing has been received for `MEDIA_SILENCE_MAX`: the leg is dead.
    Dead(SessionId),
    /// The session is closed and its ports are free.
    Closed(SessionId, Report),
}

impl MediaEvent {
    /// The session that it comes from.
    pub fn session(&self) -> SessionId {
        match self {
            Self::Opened(session)
            | Self::OpenFailed(session)
            | Self::Locked(session, _)
            | Self::Digit(session, _)
            | Self::Started(session, ..)
            | Self::Played { session, .. }
            | Self::Recorded { session, .. }
            | Self::Quiet(session)
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
    pub sent: u64,
    /// RTP packets received and accepted.
    pub received: u64,
    /// Packets expected and not received.
    pub lost: u64,
    /// Packets dropped: another source, another payload type, not RTP.
    pub dropped: u64,
    /// Interarrival jitter, in microseconds.
    pub jitter_us: u32,
    /// Packets of ours that the peer says it has lost (RTCP); 0 if it says nothing.
    pub lost_there: u64,
    /// The time to the peer and back, in microseconds (RTCP); 0 if it is not known.
    pub round_trip_us: u32,
}
