//! Writes recordings to files, on a thread of its own: what is slow here never holds up a call.
//!
//! A recording is `<path>.wav.part` until it is whole; its header is brought up to date twice a second, so that a crash costs half
//! a second at the most, and the next start mends the rest. Frames that have no room are refused, not waited for.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::recovery;
use crate::base::limit::{RECORDER_FRAMES_MAX, RECORDINGS_MAX};
use crate::media::vocabulary::RecordingId;

mod tape;

use tape::Tape;

/// Samples of one frame at the most.
const FRAME: usize = 160;
/// How often headers are brought up to date.
const FLUSH: Duration = Duration::from_millis(500);

/// What the recorder is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecorderOrder {
    /// Frames of this recording go to `<folder>/<path>.wav`. To be given before the data plane is told to record.
    Open {
        /// The recording.
        recording: RecordingId,
        /// Below the recorder's folder, without an extension; no `..` and no root.
        path: PathBuf,
    },
    /// All frames have been handed over. Always answered.
    Finish {
        /// The recording.
        recording: RecordingId,
        /// Keep it, or throw it away.
        keep: bool,
        /// What to write beside it, `<path>.json`.
        metadata: Option<String>,
    },
}

/// What the recorder answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecorderEvent {
    /// The file is on the disk, whole and under its name.
    Stored(RecordingId, PathBuf),
    /// It was thrown away.
    Discarded(RecordingId),
    /// It could not be written (any further), or not be named; what the system said. What was written stays.
    Failed(RecordingId, String),
}

/// The recorder's thread.
pub(crate) struct Recorder {
    handle: RecorderHandle,
    thread: Option<JoinHandle<()>>,
}

/// A media thread's way to the recorder.
#[derive(Clone)]
pub(crate) struct RecorderHandle {
    inputs: Sender<Input>,
    /// Frames on their way.
    waiting: Arc<AtomicUsize>,
}

enum Input {
    Order(RecorderOrder),
    Frame { recording: RecordingId, length: usize, samples: [i16; FRAME] },
    Stop,
}

impl Recorder {
    /// Makes `folder` if it is not there, mends what an earlier process left in it, and starts the thread.
    ///
    /// # Errors
    /// The folder cannot be made or read, or the thread cannot be had.
    pub(crate) fn start(folder: &Path, events: tokio::sync::mpsc::Sender<RecorderEvent>) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        for path in recovery::recover(folder)? {
            tracing::warn!(path = %path.display(), "a recording that was cut off is kept");
        }
        let (inputs, inbox) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let handle = RecorderHandle { inputs, waiting: Arc::clone(&waiting) };
        let desk = Desk { folder: folder.to_owned(), inbox, waiting, tapes: BTreeMap::new(), events };
        let thread = std::thread::Builder::new().name("recorder".into()).spawn(move || desk.run())?;
        Ok(Self { handle, thread: Some(thread) })
    }

    /// Gives an order. Never waits.
    pub(crate) fn order(&self, order: RecorderOrder) {
        // The thread lives as long as this value: an order cannot be lost.
        let _ = self.handle.inputs.send(Input::Order(order));
    }

    /// A way to the recorder for a media thread.
    pub(crate) fn handle(&self) -> RecorderHandle {
        self.handle.clone()
    }

    /// Ends the thread once all orders are carried out; recordings that are open are kept as if they were cut off.
    pub(crate) fn stop(&mut self) {
        let _ = self.handle.inputs.send(Input::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the recorder had died");
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.stop();
    }
}

impl RecorderHandle {
    /// Hands over up to 160 samples; false if there is no room, and then the recording has a hole and should end.
    pub(crate) fn frames(&self, recording: RecordingId, samples: &[i16]) -> bool {
        let length = samples.len();
        if length > FRAME || self.waiting.load(Ordering::Relaxed) >= RECORDER_FRAMES_MAX {
            return false;
        }
        let mut frame = [0; FRAME];
        frame[..length].copy_from_slice(samples);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.inputs.send(Input::Frame { recording, length, samples: frame }).is_ok()
    }
}

/// What the thread owns.
struct Desk {
    folder: PathBuf,
    inbox: Receiver<Input>,
    waiting: Arc<AtomicUsize>,
    tapes: BTreeMap<RecordingId, Tape>,
    events: tokio::sync::mpsc::Sender<RecorderEvent>,
}

impl Desk {
    fn run(mut self) {
        let mut flushed = Instant::now();
        loop {
            let patience = if self.tapes.is_empty() { Duration::from_secs(3_600) } else { FLUSH };
            match self.inbox.recv_timeout(patience) {
                Ok(Input::Frame { recording, length, samples }) => {
                    self.waiting.fetch_sub(1, Ordering::Relaxed);
                    self.write(recording, &samples[..length]);
                }
                Ok(Input::Order(RecorderOrder::Open { recording, path })) => self.open(recording, &path),
                Ok(Input::Order(RecorderOrder::Finish { recording, keep, metadata })) => {
                    self.finish(recording, keep, metadata.as_deref());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Input::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
            if flushed.elapsed() >= FLUSH {
                flushed = Instant::now();
                self.flush();
            }
        }
        for (_, tape) in std::mem::take(&mut self.tapes) {
            let _ = tape.keep(Some(recovery::RECOVERED));
        }
    }

    fn open(&mut self, recording: RecordingId, path: &Path) {
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.as_os_str().is_empty() {
            return self.tell(RecorderEvent::Failed(recording, "the path leads out of the folder".into()));
        }
        if self.tapes.len() >= RECORDINGS_MAX {
            return self.tell(RecorderEvent::Failed(recording, "too many recordings at once".into()));
        }
        self.tapes.insert(recording, Tape::new(self.folder.join(path)));
    }

    fn write(&mut self, recording: RecordingId, samples: &[i16]) {
        let Some(tape) = self.tapes.get_mut(&recording) else { return };
        if let Err(why) = tape.write(samples) {
            self.tell(RecorderEvent::Failed(recording, why.to_string()));
        }
    }

    fn flush(&mut self) {
        let mut failed = Vec::new();
        for (recording, tape) in &mut self.tapes {
            if let Err(why) = tape.flush() {
                failed.push(RecorderEvent::Failed(*recording, why.to_string()));
            }
        }
        failed.into_iter().for_each(|event| self.tell(event));
    }

    fn finish(&mut self, recording: RecordingId, keep: bool, metadata: Option<&str>) {
        let Some(tape) = self.tapes.remove(&recording) else {
            return self.tell(RecorderEvent::Failed(recording, "it was never opened".into()));
        };
        let event = if keep {
            match tape.keep(metadata) {
                Ok(path) => RecorderEvent::Stored(recording, path),
                Err(why) => RecorderEvent::Failed(recording, why.to_string()),
            }
        } else {
            match tape.discard() {
                Ok(()) => RecorderEvent::Discarded(recording),
                Err(why) => RecorderEvent::Failed(recording, why.to_string()),
            }
        };
        self.tell(event);
    }

    fn tell(&self, event: RecorderEvent) {
        if let Err(why) = self.events.try_send(event) {
            tracing::error!(%why, "nobody takes what the recorder says");
        }
    }
}

#[cfg(test)]
mod tests;
