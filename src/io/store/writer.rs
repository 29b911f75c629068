//! The thread that writes records down: the call path hands them over and goes on, whatever the disk does.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::keep::Terms;
use super::ledger::{Counts, Ledger, News, Told};
use super::nightly::Nightly;
use super::place::{Place, StoreError};
use super::spill::Spill;
use crate::base::limit::{RECORDS_AT_ONCE_MAX, RECORDS_OVERFLOWING_MAX, RECORDS_WAITING_MAX};
use crate::centre::record::CallRecord;

/// What was refused is tried again after this.
const AGAIN: Duration = Duration::from_secs(1);
/// Records of this time are written together: one transaction, brought to the platter once.
const GATHERED: Duration = Duration::from_millis(15);

type Sender = SyncSender<Box<CallRecord>>;
type Inbox = Receiver<Box<CallRecord>>;

/// Writes records in the order in which they come.
#[derive(Debug)]
pub(crate) struct Store {
    /// To the database, and past it when that does not keep up.
    ways: Option<[Sender; 2]>,
    threads: Vec<JoinHandle<()>>,
    /// Dropped: no more looking for what is too old. That thread is not waited for: what it does is done page by page.
    night: Option<SyncSender<()>>,
    counts: Arc<Counts>,
}

impl Store {
    /// Opens the store; `old` is the file of records of an earlier version, which is taken in.
    ///
    /// # Errors
    /// Another server has it, a newer version has written it, or nothing can be written there.
    pub(crate) fn open(place: &Place, old: &Path, terms: Terms, told: Told) -> Result<Self, StoreError> {
        let ledger = Ledger::open(place, old, terms.clone(), Arc::clone(&told))?;
        let counts = ledger.counts();
        let (night, stop) = sync_channel(1);
        if let Some(clock) = terms.clock {
            let nightly = Nightly { place: place.clone(), terms, counts: Arc::clone(&counts) };
            Builder::new().name("store nightly".into()).spawn(move || nightly.run(clock, &stop))?;
        }
        let (way, inbox) = sync_channel(RECORDS_WAITING_MAX);
        let writer = Builder::new().name("store".into()).spawn(move || run(ledger, &inbox))?;
        let (detour, overflow) = sync_channel(RECORDS_OVERFLOWING_MAX);
        let spill = Overflow { spill: Spill::open(place.spill())?, told, counts: Arc::clone(&counts) };
        let overflow = Builder::new().name("store overflow".into()).spawn(move || spill.run(&overflow))?;
        Ok(Self { ways: Some([way, detour]), threads: vec![overflow, writer], night: Some(night), counts })
    }

    /// Hands a record over. When so many wait that the queue is full, it goes to the spill file by another thread; when that does
    /// not keep up either, to the log, whole: it is never lost.
    pub(crate) fn append(&self, record: Box<CallRecord>) {
        let Some(ways) = &self.ways else { return };
        let refused = ways.iter().try_fold(record, |record, way| match way.try_send(record) {
            Ok(()) => Err(()),
            Err(TrySendError::Full(record) | TrySendError::Disconnected(record)) => Ok(record),
        });
        if let Ok(record) = refused {
            tracing::error!(record = %record.to_json(), "the store does not keep up");
        }
    }

    /// How it goes.
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Writes what waits and closes the database.
    pub(crate) fn close(&mut self) {
        (self.ways, self.night) = (None, None);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

fn run(mut ledger: Ledger, inbox: &Inbox) {
    let mut tried = Instant::now();
    loop {
        let next = if ledger.is_behind() {
            inbox.recv_timeout(AGAIN.saturating_sub(tried.elapsed()))
        } else {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok(record) => ledger.write(gather(record, inbox)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if ledger.is_behind() && tried.elapsed() >= AGAIN {
            ledger.again();
            tried = Instant::now();
        }
    }
    ledger.close();
}

/// What comes within [`GATHERED`] of the first.
fn gather(first: Box<CallRecord>, inbox: &Inbox) -> Vec<CallRecord> {
    let until = Instant::now() + GATHERED;
    let mut records = vec![*first];
    while records.len() < RECORDS_AT_ONCE_MAX
        && let Ok(record) = inbox.recv_timeout(until.saturating_duration_since(Instant::now()))
    {
        records.push(*record);
    }
    records
}

/// Writes into the spill file what the writer has no room for.
struct Overflow {
    spill: Spill,
    told: Told,
    counts: Arc<Counts>,
}

impl Overflow {
    fn run(mut self, inbox: &Inbox) {
        while let Ok(record) = inbox.recv() {
            let records: Vec<_> = std::iter::once(record).chain(inbox.try_iter()).collect();
            let lines: String = records.iter().map(|record| record.to_json() + "\n").collect();
            match self.spill.append(&lines) {
                Ok(()) => {
                    self.counts.spill(records.len() as u64);
                    records.iter().for_each(|record| (self.told)(News::Durable(&record.id)));
                }
                Err(error) => tracing::error!(%error, records = %lines, "the store does not keep up"),
            }
        }
    }
}
