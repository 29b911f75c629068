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

use super::{disk, recovery};
use crate::base::limit::{RECORDER_FRAMES_MAX, RECORDINGS_MAX};
use crate::media::vocabulary::RecordingId;

mod tape;

use tape::{Tape, Wish};

/// Samples of one frame at the most.
const FRAME: usize = 160;
/// How often headers are brought up to date.
const FLUSH: Duration = Duration::from_millis(500);
/// What the disk refused is tried again as often, as long as it takes. After so many tries in vain the call hears that it failed; its record does not wait longer.
const TRIES_TOLD: u32 = 4;

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
    /// Makes `folder` if it is not there, mends what an earlier process left in it, and starts the thread. `known`: what is
    /// to stand beside a recording of this name that was cut off, when it is known.
    ///
    /// # Errors
    /// The folder cannot be made or read, or the thread cannot be had.
    pub(crate) fn start(
        folder: &Path,
        known: &dyn Fn(&Path) -> Option<String>,
        events: tokio::sync::mpsc::Sender<RecorderEvent>,
    ) -> io::Result<Self> {
        disk::folder(folder)?;
        disk::narrow(folder, recovery::DEPTH_MAX);
        for path in recovery::recover(folder, known)? {
            tracing::warn!(path = %path.display(), "a recording that was cut off is kept");
        }
        let (inputs, inbox) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let handle = RecorderHandle { inputs, waiting: Arc::clone(&waiting) };
        let desk = Desk {
            folder: folder.to_owned(),
            inbox,
            waiting,
            tapes: BTreeMap::new(),
            filings: Vec::new(),
            events,
        };
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

/// A recording that is over, on its way to its place.
struct Filing {
    recording: RecordingId,
    tape: Tape,
    wish: Wish,
    tries: u32,
}

/// What the thread owns.
struct Desk {
    folder: PathBuf,
    inbox: Receiver<Input>,
    waiting: Arc<AtomicUsize>,
    tapes: BTreeMap<RecordingId, Tape>,
    /// Recordings that are over, and that the disk has refused so far.
    filings: Vec<Filing>,
    events: tokio::sync::mpsc::Sender<RecorderEvent>,
}

impl Desk {
    fn run(mut self) {
        let mut flushed = Instant::now();
        loop {
            let idle = self.tapes.is_empty() && self.filings.is_empty();
            let patience = if idle { Duration::from_secs(3_600) } else { FLUSH };
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
                self.try_again();
            }
        }
        self.try_again();
        for (_, mut tape) in std::mem::take(&mut self.tapes) {
            let _ = tape.file(&Wish::Keep(Some(recovery::RECOVERED.to_owned())));
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
        let wish = if keep { Wish::Keep(metadata.map(str::to_owned)) } else { Wish::Discard };
        self.filings.push(Filing { recording, tape, wish, tries: 0 });
        self.try_filing(self.filings.len() - 1);
    }

    /// What the disk has refused may be possible now.
    fn try_again(&mut self) {
        for place in (0..self.filings.len()).rev() {
            self.try_filing(place);
        }
    }

    /// Files one; it stays when the disk refuses.
    fn try_filing(&mut self, place: usize) {
        let Some(filing) = self.filings.get_mut(place) else { return };
        let recording = filing.recording;
        let done = filing.tape.file(&filing.wish);
        filing.tries += 1;
        let told = filing.tries > TRIES_TOLD;
        let event = match (done, &filing.wish) {
            (Ok(path), Wish::Keep(_)) => RecorderEvent::Stored(recording, path),
            (Ok(_), Wish::Discard) => RecorderEvent::Discarded(recording),
            (Err(trouble), _) => {
                let (stays, tries) = (!trouble.for_good, filing.tries);
                if stays && tries != TRIES_TOLD {
                    return;
                }
                let event = RecorderEvent::Failed(recording, trouble.why.to_string());
                if stays {
                    return self.tell(event);
                }
                event
            }
        };
        self.filings.swap_remove(place);
        if told {
            tracing::info!(?event, "what the disk had refused is done");
        } else {
            self.tell(event);
        }
    }

    fn tell(&self, event: RecorderEvent) {
        if let Err(why) = self.events.try_send(event) {
            tracing::error!(%why, "nobody takes what the recorder says");
        }
    }
}

#[cfg(test)]
mod tests;
