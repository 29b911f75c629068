//! Call records, appended to a file as JSON lines by a thread of its own: the disk never holds up a call.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use crate::base::limit::RECORDS_WAITING_MAX;
use crate::centre::record::CallRecord;

/// Writes records in the order in which they come.
#[derive(Debug)]
pub(crate) struct Records {
    sender: Option<SyncSender<Box<CallRecord>>>,
    thread: Option<JoinHandle<()>>,
}

impl Records {
    /// Opens (or creates) the file to append to.
    ///
    /// # Errors
    /// What the system says when the folder or file cannot be made.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = append(path)?;
        // Two servers on one folder would mix their messages and records.
        rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            io::Error::new(io::ErrorKind::AddrInUse, "another svi writes there; name another --state")
        })?;
        let (sender, receiver) = sync_channel(RECORDS_WAITING_MAX);
        let path = path.to_owned();
        let thread =
            std::thread::Builder::new().name("records".into()).spawn(move || write(path, file, &receiver))?;
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    /// Hands a record over. When the disk is so slow that the queue is full, the record goes to the log whole: it is
    /// never lost.
    pub(crate) fn append(&self, record: Box<CallRecord>) {
        let Some(sender) = &self.sender else { return };
        if let Err(TrySendError::Full(record) | TrySendError::Disconnected(record)) = sender.try_send(record)
        {
            tracing::error!(record = %line(&record), "the records file does not keep up");
        }
    }

    /// Writes what waits and closes the file.
    pub(crate) fn close(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Records {
    fn drop(&mut self) {
        self.close();
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn line(record: &CallRecord) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

fn write(path: PathBuf, mut file: File, receiver: &Receiver<Box<CallRecord>>) {
    while let Ok(record) = receiver.recv() {
        let mut text = line(&record);
        text.push('\n');
        // One write a line: a kill leaves whole lines (O_APPEND). The file may have been rotated away: open it again.
        let rotated = !path.exists();
        if rotated && let Ok(again) = append(&path) {
            file = again;
        }
        if let Err(error) = file.write_all(text.as_bytes()) {
            tracing::error!(%error, record = %text.trim_end(), "a record could not be written");
        }
    }
}
