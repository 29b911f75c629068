//! What only the outside can do, and its answers.

use crate::flow::errand::{Fetch, Fetched, Letter};
use crate::media::vocabulary::RecordingId;

/// An effect on its way: its reply carries the same number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
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
    /// Ask the company's own system. Always replied to, within the time that it names.
    Fetch(Fetch),
    /// Tell somebody; tried again for hours. Never replied to: what fails is told to the operator.
    Send(Letter),
}

/// How an effect went.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The message is on disk, at this path.
    Stored(String),
    /// It was thrown away as asked.
    Discarded,
    /// The company's own system has answered, or not.
    Fetched(Fetched),
    /// It could not be done; what the system said.
    Failed(String),
}

/// What a call waits for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    /// That a recording could not be written.
    Recording(RecordingId),
    /// The answer of the company's own system.
    Answer,
}
