//! Call records, appended to a file as JSON lines by a thread of its own: the disk never holds up a call. A record that the disk
//! refuses waits and is written later; half a line is taken back, so that the next one stands for itself.

use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::disk::{self, PrivateFile};
use crate::base::limit::RECORDS_WAITING_MAX;
use crate::centre::record::CallRecord;

/// What the disk refused is tried again after this.
const AGAIN: Duration = Duration::from_secs(1);

/// Writes records in the order in which they come.
#[derive(Debug)]
pub(crate) struct Records {
    sender: Option<SyncSender<Box<CallRecord>>>,
    thread: Option<JoinHandle<()>>,
    counts: Arc<Counts>,
}

/// How it goes.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    written: AtomicU64,
    waiting: AtomicU64,
}

impl Counts {
    /// Records that stand in the file, of those since the start.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Records that the disk has refused so far.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Records {
    /// Opens (or creates) the file to append to. `written` is told of each record that stands in it.
    ///
    /// # Errors
    /// What the system says when the folder or file cannot be made.
    pub(crate) fn open(path: &Path, written: impl Fn(&str) + Send + 'static) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            disk::folder(folder)?;
        }
        let book = Book::open(path)?;
        disk::narrow(path, 0);
        let counts = Arc::clone(&book.counts);
        let (sender, receiver) = sync_channel(RECORDS_WAITING_MAX);
        let thread = std::thread::Builder::new()
            .name("records".into())
            .spawn(move || book.run(&receiver, &written))?;
        Ok(Self { sender: Some(sender), thread: Some(thread), counts })
    }

    /// Hands a record over. When so many wait that the queue is full, the record goes to the log whole: it is never lost.
    pub(crate) fn append(&self, record: Box<CallRecord>) {
        let Some(sender) = &self.sender else { return };
        if let Err(TrySendError::Full(record) | TrySendError::Disconnected(record)) = sender.try_send(record)
        {
            tracing::error!(record = %line(&record), "the records file does not keep up");
        }
    }

    /// How it goes.
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
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

fn line(record: &CallRecord) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

/// The file, and what could not be written into it yet.
struct Book {
    path: PathBuf,
    file: PrivateFile,
    /// Which file it is, whatever its name is now.
    inode: u64,
    /// A write was cut short, and the file is to be cut back to this.
    torn: Option<u64>,
    waiting: VecDeque<(String, String)>,
    counts: Arc<Counts>,
}

impl Book {
    fn open(path: &Path) -> io::Result<Self> {
        let file = locked(path)?;
        let mut book = Self {
            path: path.to_owned(),
            inode: file.file().metadata()?.ino(),
            file,
            torn: None,
            waiting: VecDeque::new(),
            counts: Arc::default(),
        };
        book.close_line()?;
        Ok(book)
    }

    fn run(mut self, receiver: &Receiver<Box<CallRecord>>, written: &dyn Fn(&str)) {
        loop {
            let next = if self.waiting.is_empty() {
                receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                receiver.recv_timeout(AGAIN)
            };
            match next {
                Ok(record) => self.take(&record),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.write_waiting(written);
        }
        self.write_waiting(written);
        for (_, line) in self.waiting {
            tracing::error!(record = %line.trim_end(), "a record could not be written");
        }
    }

    fn take(&mut self, record: &CallRecord) {
        let mut text = line(record);
        text.push('\n');
        self.waiting.push_back((record.id.clone(), text));
        if self.waiting.len() > RECORDS_WAITING_MAX
            && let Some((_, line)) = self.waiting.pop_front()
        {
            tracing::error!(record = %line.trim_end(), "a record could not be written");
        }
    }

    /// Writes as many as the disk takes.
    fn write_waiting(&mut self, written: &dyn Fn(&str)) {
        let refused = self.counts.waiting() > 0;
        while let Some((id, text)) = self.waiting.pop_front() {
            if let Err(error) = self.write(&text) {
                self.waiting.push_front((id, text));
                if !refused {
                    tracing::error!(%error, path = %self.path.display(), "alarm: records cannot be written; they wait");
                }
                break;
            }
            self.counts.written.fetch_add(1, Ordering::Relaxed);
            written(&id);
        }
        self.counts.waiting.store(self.waiting.len() as u64, Ordering::Relaxed);
        if refused && self.waiting.is_empty() {
            tracing::info!("the records that waited are written");
        }
    }

    /// One line, whole or not at all.
    fn write(&mut self, text: &str) -> io::Result<()> {
        // The file may have been rotated away, and another one put in its place: open that.
        let mut before = match std::fs::metadata(&self.path) {
            Ok(there) if there.ino() == self.inode => there.len(),
            Ok(_) | Err(_) => {
                self.file = locked(&self.path)?;
                self.inode = self.file.file().metadata()?.ino();
                self.torn = None;
                self.file.length()?
            }
        };
        if let Some(length) = self.torn {
            self.file.resize(length)?;
            self.torn = None;
            before = length;
        }
        self.file.write_all(text.as_bytes()).inspect_err(|_| {
            if self.file.length().is_ok_and(|length| length != before) {
                self.torn = self.file.resize(before).err().map(|_| before);
            }
        })
    }

    /// A kill may have left half a line: what comes next stands on its own.
    fn close_line(&mut self) -> io::Result<()> {
        if self.file.length()? == 0 {
            return Ok(());
        }
        let mut last = [0];
        let mut file = self.file.file();
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            tracing::warn!(path = %self.path.display(), "the last record was cut off when it was written");
            self.file.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// Two servers on one folder would mix their messages and records.
fn locked(path: &Path) -> io::Result<PrivateFile> {
    let file = disk::append(path)?;
    rustix::fs::flock(file.file(), rustix::fs::FlockOperation::NonBlockingLockExclusive).map_err(|_| {
        io::Error::new(io::ErrorKind::AddrInUse, "another svi writes there; name another --state")
    })?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::disk::fault::{self, How};

    fn record(id: &str) -> CallRecord {
        CallRecord { id: id.to_owned(), ..CallRecord::default() }
    }

    fn ids(path: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.ends_with('\n'), "{text}");
        let id = |line: &str| serde_json::from_str::<CallRecord>(line).expect("each line is a record").id;
        text.lines().map(id).collect()
    }

    #[test]
    fn whatever_call_fails_each_record_stands_there_once_and_whole() {
        let folder = std::env::temp_dir().join(format!("svi-records-{}", std::process::id()));
        for how in [How::Once, How::Short, How::FromThen] {
            for nth in 0.. {
                let _ = std::fs::remove_dir_all(&folder);
                disk::folder(&folder).unwrap();
                let path = folder.join("records.jsonl");
                let mut book = Book::open(&path).unwrap();
                let told = std::cell::RefCell::new(Vec::new());
                let written = |id: &str| told.borrow_mut().push(id.to_owned());
                fault::plan(nth, how);
                for id in ["1", "2", "3"] {
                    book.take(&record(id));
                    book.write_waiting(&written);
                }
                let counted = book.counts.written();
                let reached = fault::heal();
                assert_eq!(counted, told.borrow().len() as u64);
                book.write_waiting(&written);
                assert_eq!(ids(&path), ["1", "2", "3"], "{how:?} {nth}");
                assert_eq!((*told.borrow()).as_slice(), ["1", "2", "3"]);
                assert_eq!((book.counts.written(), book.counts.waiting()), (3, 0));
                if !reached {
                    assert!(nth > 2, "the disk was called");
                    break;
                }
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn half_a_line_of_an_earlier_process_does_not_spoil_the_next_record() {
        let folder = std::env::temp_dir().join(format!("svi-records-half-{}", std::process::id()));
        disk::folder(&folder).unwrap();
        let path = folder.join("records.jsonl");
        disk::write(&path, b"{\"id\":\"0\",\"call").unwrap();
        let mut book = Book::open(&path).unwrap();
        book.take(&record("1"));
        book.write_waiting(&|_| {});
        let text = std::fs::read_to_string(&path).unwrap();
        let last: CallRecord = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        assert_eq!((text.lines().count(), last.id.as_str()), (2, "1"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_was_rotated_away_is_written_to_no_more() {
        let folder = std::env::temp_dir().join(format!("svi-records-rotated-{}", std::process::id()));
        disk::folder(&folder).unwrap();
        let (path, old) = (folder.join("records.jsonl"), folder.join("records.jsonl.1"));
        let mut book = Book::open(&path).unwrap();
        for (id, next) in [("1", None), ("2", Some("")), ("3", Some("")), ("4", None)] {
            book.take(&record(id));
            book.write_waiting(&|_| {});
            std::fs::rename(&path, &old).unwrap();
            assert_eq!(std::fs::read_to_string(&old).unwrap().lines().count(), 1, "{id}");
            // As `logrotate` with `create` does.
            if let Some(next) = next {
                disk::write(&path, next.as_bytes()).unwrap();
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
