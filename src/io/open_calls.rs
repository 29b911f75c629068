//! What the next process must know if this one is cut off: which calls go on, and which phones are registered; `open.jsonl`
//! below the state folder, written by a thread of its own. When a process begins, each call that is in it without a record in
//! the store was interrupted.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::disk::{self, PrivateFile};
use crate::base::limit::OPEN_CALLS_BYTES_MAX;
use crate::base::time::Wall;
use crate::switchboard::{Keep, KeptCall, KeptPhones, Left};

/// How often the file shows that the process is alive: a record of an interrupted call ends no later than this after the truth.
const ALIVE: Duration = Duration::from_secs(1);
/// Lines of this time are written together: what is lost of a process that is killed. As long as one packet of sound.
const GATHERED: Duration = Duration::from_millis(20);
/// Lines that are of no use any more, before the file is written anew.
const OLD_LINES_MAX: usize = 1_000;
/// Lines between two tries to write the file anew on a disk that refuses it, unless a second goes by without one.
const PATIENCE: usize = 100;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Keep(Keep),
    /// The record of this call is written.
    Over(String),
}

impl Line {
    /// It shall outlive a power cut too: somebody was given a word.
    fn is_promise(&self) -> bool {
        matches!(self, Line::Keep(Keep::Call(call)) if call.promise.is_some())
    }

    fn over(&self) -> Option<&str> {
        match self {
            Line::Over(id) => Some(id),
            Line::Keep(_) => None,
        }
    }
}

/// What was found at the start.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Calls that were interrupted.
    pub(crate) calls: Vec<KeptCall>,
    pub(crate) phones: Vec<KeptPhones>,
    /// When the process that left them was alive last.
    pub(crate) alive: Option<Wall>,
}

impl Found {
    /// What the switchboard puts right.
    pub(crate) fn left(&self) -> Left {
        Left::of_calls(self.calls.iter(), self.phones.clone())
    }
}

/// The thread, and the way to it.
#[derive(Debug)]
pub(crate) struct OpenCalls {
    lines: Option<Sender<Line>>,
    thread: Option<JoinHandle<()>>,
}

/// The way to the thread before there is one: the store is opened, and locked, first.
pub(crate) struct Way {
    lines: Sender<Line>,
    inbox: Receiver<Line>,
}

impl Way {
    /// A new way.
    pub(crate) fn new() -> Self {
        let (lines, inbox) = channel();
        Self { lines, inbox }
    }

    /// To tell that records are written.
    pub(crate) fn over(&self) -> Over {
        Over(self.lines.clone())
    }
}

/// Which of these calls have a record.
pub(crate) type Ended<'a> = &'a dyn Fn(&[&str]) -> BTreeSet<String>;

/// Tells that a record is written.
#[derive(Debug)]
pub(crate) struct Over(Sender<Line>);

impl Over {
    /// The record of this call is written.
    pub(crate) fn tell(&self, id: &str) {
        let _ = self.0.send(Line::Over(id.to_owned()));
    }
}

impl OpenCalls {
    /// Opens the file, and tells what an earlier process left in it; `ended` says which of these calls have a record.
    ///
    /// # Errors
    /// The file cannot be made.
    pub(crate) fn open(path: &Path, ended: Ended<'_>, way: Way) -> io::Result<(Self, Found)> {
        let (mut book, found) = Book::open(path, ended)?;
        let Way { lines, inbox } = way;
        let thread = std::thread::Builder::new().name("open calls".into()).spawn(move || book.run(&inbox))?;
        Ok((Self { lines: Some(lines), thread: Some(thread) }, found))
    }

    /// Writes down what changed.
    pub(crate) fn keep(&self, keep: Keep) {
        if let Some(lines) = &self.lines {
            let _ = lines.send(Line::Keep(keep));
        }
    }

    /// Ends the thread when all is written. Every [`Over`] must be gone.
    pub(crate) fn close(&mut self) {
        self.lines = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The file, and what of it counts.
struct Book {
    path: PathBuf,
    file: PrivateFile,
    /// The last line of each call, by its id.
    calls: BTreeMap<String, Stands>,
    /// The same of the phones, by their account.
    phones: BTreeMap<String, Stands>,
    lines: usize,
    /// The disk has refused a line: the file is to be written anew.
    torn: bool,
    /// Lines before that is tried again.
    patience: usize,
}

/// Where a line is: thousands of calls shall not stand in memory twice.
enum Stands {
    /// In the file, without its end of line.
    Written { at: u64, bytes: usize },
    /// Nowhere else: the disk has refused it.
    Refused(Box<str>),
}

impl Book {
    fn open(path: &Path, ended: Ended<'_>) -> io::Result<(Self, Found)> {
        let alive = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        let alive = alive.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let alive = alive.and_then(|age| i64::try_from(age.as_millis()).ok()).map(Wall::from_epoch_ms);
        let file = disk::append(path)?;
        let (calls, phones) = (BTreeMap::new(), BTreeMap::new());
        let mut book =
            Self { path: path.to_owned(), file, calls, phones, lines: 0, torn: false, patience: 0 };
        book.read()?;
        let ids: Vec<&str> = book.calls.keys().map(String::as_str).collect();
        let ended = ended(&ids);
        book.calls.retain(|id, _| !ended.contains(id));
        // The calls stay in it until their records are written.
        let mut found = Found { alive, ..Found::default() };
        for line in book.calls.values().chain(book.phones.values()) {
            match serde_json::from_str(&book.text(line)?)? {
                Line::Keep(Keep::Call(call)) => found.calls.push(*call),
                Line::Keep(Keep::Phones(phones)) => found.phones.push(phones),
                Line::Over(_) => {}
            }
        }
        Ok((book, found))
    }

    /// Takes in what stands there. A line that was cut off is the last one.
    fn read(&mut self) -> io::Result<()> {
        let file = self.file.file().try_clone()?;
        let mut file = BufReader::new(file.take(OPEN_CALLS_BYTES_MAX));
        let (mut at, mut text) = (0, Vec::new());
        while file.read_until(b'\n', &mut text)? > 0 {
            match serde_json::from_slice(&text) {
                Ok(line) if text.ends_with(b"\n") => {
                    self.take(&line, Stands::Written { at, bytes: text.len() - 1 });
                }
                _ => self.torn = true,
            }
            self.lines += 1;
            at += text.len() as u64;
            text.clear();
        }
        Ok(())
    }

    /// Takes in a line.
    fn take(&mut self, line: &Line, stands: Stands) {
        match line {
            Line::Keep(Keep::Call(call)) => drop(self.calls.insert(call.record.id.clone(), stands)),
            Line::Keep(Keep::Phones(kept)) if kept.phones.is_empty() => {
                self.phones.remove(kept.account.as_str());
            }
            Line::Keep(Keep::Phones(kept)) => drop(self.phones.insert(kept.account.to_string(), stands)),
            Line::Over(id) => drop(self.calls.remove(id)),
        }
    }

    fn text<'a>(&self, line: &'a Stands) -> io::Result<Cow<'a, str>> {
        match line {
            Stands::Refused(text) => Ok(Cow::Borrowed(text)),
            Stands::Written { at, bytes } => {
                let mut text = vec![0; *bytes];
                self.file.file().read_exact_at(&mut text, *at)?;
                String::from_utf8(text).map(Cow::Owned).map_err(io::Error::other)
            }
        }
    }

    fn run(&mut self, inbox: &Receiver<Line>) {
        loop {
            let line = inbox.recv_timeout(ALIVE);
            let idle = line.is_err();
            match line {
                Ok(line) => {
                    std::thread::sleep(GATHERED);
                    let lines: Vec<Line> = std::iter::once(line).chain(inbox.try_iter()).collect();
                    self.write(&lines);
                }
                Err(RecvTimeoutError::Timeout) if self.torn => self.write_anew(),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            // A line that is written shows it by itself.
            if (idle || self.torn) && !self.calls.is_empty() {
                let _ = self.file.file().set_modified(SystemTime::now());
            }
        }
        self.write_anew();
    }

    /// Writes lines. A call that is over by the last of them was never here.
    fn write(&mut self, lines: &[Line]) {
        let over: BTreeSet<&str> = lines.iter().filter_map(Line::over).collect();
        let (mut text, mut places) = (String::new(), Vec::new());
        for line in lines {
            let counts = match line {
                Line::Keep(Keep::Call(call)) => !over.contains(call.record.id.as_str()),
                Line::Keep(Keep::Phones(_)) => true,
                Line::Over(id) => self.calls.contains_key(id),
            };
            if !counts {
                continue;
            }
            match serde_json::to_string(line) {
                Ok(one) => {
                    places.push((line, text.len()..text.len() + one.len()));
                    text.push_str(&one);
                    text.push('\n');
                }
                Err(error) => self.complain(&error.into()),
            }
        }
        if places.is_empty() {
            return;
        }
        let synced = lines.iter().any(Line::is_promise);
        let at = self.append(&text, synced).inspect_err(|error| self.complain(error)).ok();
        self.lines += places.len();
        self.patience = self.patience.saturating_sub(places.len());
        for (line, place) in places {
            let stands = match at {
                Some(at) => Stands::Written { at: at + place.start as u64, bytes: place.len() },
                None => Stands::Refused(text[place].into()),
            };
            self.take(line, stands);
        }
        let long = self.lines > self.calls.len() + self.phones.len() + OLD_LINES_MAX;
        if (self.torn || long) && self.patience == 0 {
            self.write_anew();
        }
    }

    /// Where it stands then.
    fn append(&mut self, text: &str, synced: bool) -> io::Result<u64> {
        if self.torn {
            return Err(io::Error::other("an earlier line is torn"));
        }
        let at = self.file.length()?;
        self.file.write_all(text.as_bytes())?;
        if synced {
            disk::sync(&self.file)?;
        }
        Ok(at)
    }

    fn complain(&mut self, error: &io::Error) {
        if !std::mem::replace(&mut self.torn, true) {
            tracing::warn!(%error, path = %self.path.display(), "which calls go on cannot be written down");
        }
    }

    /// The whole of it, without what is over.
    fn write_anew(&mut self) {
        let written = self.whole().and_then(|text| disk::write_whole(&self.path, text.as_bytes()));
        let written = written.and_then(|()| disk::append(&self.path));
        match written {
            Ok(file) => {
                (self.file, self.torn, self.patience) = (file, false, 0);
                self.lines = self.calls.len() + self.phones.len();
                let mut end = 0;
                for line in self.calls.values_mut().chain(self.phones.values_mut()) {
                    let bytes = match line {
                        Stands::Written { bytes, .. } => *bytes,
                        Stands::Refused(text) => text.len(),
                    };
                    *line = Stands::Written { at: end, bytes };
                    end += bytes as u64 + 1;
                }
            }
            Err(error) => {
                self.complain(&error);
                self.patience = PATIENCE;
            }
        }
    }

    fn whole(&self) -> io::Result<String> {
        let mut whole = String::new();
        for line in self.calls.values().chain(self.phones.values()) {
            whole.push_str(&self.text(line)?);
            whole.push('\n');
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::name::Name;
    use crate::centre::record::{CallRecord, Phase};
    use crate::io::disk::fault::{self, How};

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("svi-open-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        disk::folder(&path).unwrap();
        path
    }

    /// No call has a record.
    fn none(_: &[&str]) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn call(id: &str) -> Line {
        let record = CallRecord { id: id.to_owned(), ..CallRecord::default() };
        Line::Keep(Keep::Call(Box::new(KeptCall {
            record,
            phase: Phase::Flow,
            at_ms: 0,
            dialogs: Vec::new(),
            promise: None,
        })))
    }

    fn phones(account: &str) -> Line {
        let phone = serde_json::json!({
            "uri": "sip:a@192.0.2.1", "call_id": "c", "sequence": 1, "remote": "192.0.2.1:5060",
            "protocol": "Udp", "q": 1000, "until_ms": 1,
        });
        let phones = vec![serde_json::from_value(phone).unwrap()];
        Line::Keep(Keep::Phones(KeptPhones { account: Name::from(account), phones }))
    }

    fn ids(found: &Found) -> Vec<String> {
        found.calls.iter().map(|call| call.record.id.clone()).collect()
    }

    #[test]
    fn what_goes_on_is_found_by_the_next_process() {
        let folder = folder("found");
        let path = folder.join("open.jsonl");
        let (mut book, found) = Book::open(&path, &none).unwrap();
        assert!(found.calls.is_empty() && found.alive.is_none());
        book.write(&[call("1"), call("2"), call("3"), phones("alice")]);
        book.write(&[Line::Over("2".into())]);
        // Killed; one of them had its record written before it could be told.
        drop(book);
        let (mut book, found) =
            Book::open(&path, &|_| BTreeSet::from(["0", "3"].map(str::to_owned))).unwrap();
        assert_eq!((ids(&found), found.phones.len()), (vec!["1".to_owned()], 1));
        assert!(found.alive.is_some());
        book.write(&[Line::Over("1".into())]);
        book.write_anew();
        let (_, found) = Book::open(&path, &none).unwrap();
        assert_eq!((ids(&found).len(), found.phones.len()), (0, 1), "phones stay");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_call_that_is_over_within_a_packet_is_never_written() {
        let folder = folder("short");
        let path = folder.join("open.jsonl");
        let (mut book, _) = Book::open(&path, &none).unwrap();
        book.write(&[call("1"), call("2"), Line::Over("1".into())]);
        book.write(&[Line::Over("never kept".into())]);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
        let (_, found) = Book::open(&path, &none).unwrap();
        assert_eq!(ids(&found), ["2"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_file_does_not_grow_with_the_calls_of_the_past() {
        let folder = folder("bounded");
        let path = folder.join("open.jsonl");
        let (mut book, _) = Book::open(&path, &none).unwrap();
        for n in 0..5_000 {
            book.write(&[call(&n.to_string())]);
            book.write(&[Line::Over(n.to_string())]);
        }
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= OLD_LINES_MAX + 2, "{lines}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn whatever_call_fails_the_next_process_finds_what_goes_on() {
        let folder = folder("faults");
        let path = folder.join("open.jsonl");
        for how in [How::Once, How::Short, How::FromThen] {
            for nth in 0.. {
                let _ = std::fs::remove_file(&path);
                let (mut book, _) = Book::open(&path, &none).unwrap();
                fault::plan(nth, how);
                book.write(&[call("1"), call("2")]);
                for line in [Line::Over("1".into()), call("3")] {
                    book.write(&[line]);
                }
                let reached = fault::heal();
                if book.torn {
                    book.write_anew();
                }
                book.write(&[call("4"), phones("alice")]);
                book.write(&[call("5"), Line::Over("5".into()), Line::Over("4".into())]);
                let (_, found) = Book::open(&path, &none).unwrap();
                assert_eq!(ids(&found), ["2", "3"], "{how:?} {nth}");
                if !reached {
                    break;
                }
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
