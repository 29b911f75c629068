//! What only the outside can do, and its answers.

use crate::media::vocabulary::RecordingId;

/// An effect on its way: its reply carries the same number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EffectId(pub u64);

/// What the driver is asked to have done. Never awaited.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open this file (below the site's mailboxes) for a recording. A reply comes only when it fails.
    OpenRecording {
        /// The recording whose frames will come from the data plane.
        recording: RecordingId,
        /// Path below the mailboxes' folder, without extension.
        path: String,
    },
    /// All frames have been handed over: keep the file, with this JSON beside it, or throw it away. Always replied to.
    FinishRecording {
        /// The recording.
        recording: RecordingId,
        /// Keep it.
        keep: bool,
        /// What stands in the JSON beside it.
        metadata: Option<String>,
    },
}

/// How an effect went.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The message is on disk, at this path.
    Stored(String),
    /// It was thrown away as asked.
    Discarded,
    /// It could not be done; what the system said.
    Failed(String),
}
