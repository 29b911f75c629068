//! What the writing thread holds: the database, the spill file, and records that stand in neither yet. It has no thread of its own
//! and no clock, so that tests turn it by hand.

use std::collections::VecDeque;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::db::{Db, DbError, Mode};
use super::entry::Entry;
use super::keep::{Purged, Terms};
use super::key::Key;
use super::place::{Place, StoreError};
use super::spill::Spill;
use super::{import, rollups, schema, spill, sums};
use crate::base::diagnostic::Text;
use crate::base::limit::RECORDS_WAITING_MAX;
use crate::base::time::Wall;
use crate::centre::record::CallRecord;
use crate::io::disk::PrivateFile;
use crate::say;

/// What a store tells, from its own threads.
#[derive(Debug)]
pub(crate) enum News<'a> {
    /// The record of this call outlives the process, and a power cut.
    Durable(&'a str),
    /// The operator must know.
    Alarm(Text),
}

/// Who is told.
pub(crate) type Told = Arc<dyn Fn(News<'_>) + Send + Sync>;

/// How it goes.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    written: AtomicU64,
    held: AtomicU64,
    spilled: AtomicU64,
    purged: Mutex<Option<(Wall, Purged)>>,
}

impl Counts {
    /// Records that outlive the process, of those since the start.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Records that the database has refused so far: they lie in the spill file, or in memory.
    pub(crate) fn waiting(&self) -> u64 {
        self.held.load(Ordering::Relaxed) + self.spilled.load(Ordering::Relaxed)
    }

    /// What has gone for its age, and when, since the start.
    pub(crate) fn last_purge(&self) -> Option<(Wall, Purged)> {
        *self.purged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This has gone now.
    pub(super) fn purged(&self, now: Wall, gone: Purged) {
        *self.purged.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, gone));
    }

    /// So many lie in the spill file now, and were not written before.
    pub(super) fn spill(&self, records: u64) {
        self.written.fetch_add(records, Ordering::Relaxed);
        self.spilled.fetch_add(records, Ordering::Relaxed);
    }
}

/// See the module.
pub(super) struct Ledger {
    place: Place,
    /// The file of records of an earlier version, which is taken in once.
    old: PathBuf,
    terms: Terms,
    key: Key,
    mode: Mode,
    db: Option<Db>,
    /// Which file the database is, whatever its name is now.
    inode: u64,
    spill: Spill,
    /// Records that stand nowhere yet.
    held: VecDeque<Entry>,
    /// The database takes nothing, as far as is known: what comes goes to the spill file at once.
    refused: bool,
    /// The spill file takes nothing either.
    stuck: bool,
    told: Told,
    counts: Arc<Counts>,
    _lock: PrivateFile,
}

impl Ledger {
    /// Opens the database, makes it if there is none, and takes in what lies beside it. One that cannot be had now is tried again
    /// later: calls go on.
    ///
    /// # Errors
    /// Another server has it, a newer version has written it, or nothing can be written beside it.
    pub(super) fn open(place: &Place, old: &Path, terms: Terms, told: Told) -> Result<Self, StoreError> {
        let lock = place.lock()?;
        place.tell_where()?;
        let mut lines = 0;
        spill::each::<StoreError>(&place.spill(), |_| {
            lines += 1;
            Ok(())
        })?;
        let counts = Counts { spilled: AtomicU64::new(lines), ..Counts::default() };
        let mut ledger = Self {
            place: place.clone(),
            old: old.to_owned(),
            terms,
            key: Key::of(place)?,
            mode: Mode::Serve,
            db: None,
            inode: 0,
            spill: Spill::open(place.spill())?,
            held: VecDeque::new(),
            refused: false,
            stuck: false,
            told,
            counts: Arc::new(counts),
            _lock: lock,
        };
        match ledger.catch_up() {
            Err(error @ (StoreError::Newer { .. } | StoreError::Taken)) => return Err(error),
            Err(error) => ledger.refuse(&error),
            Ok(()) => {}
        }
        Ok(ledger)
    }

    /// How it goes.
    pub(super) fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    /// Something is to be tried again.
    pub(super) fn is_behind(&self) -> bool {
        self.refused || self.counts.waiting() > 0
    }

    /// Writes records: into the database, or else the spill file, or else they are held.
    pub(super) fn write(&mut self, records: Vec<CallRecord>) {
        self.held.extend(records.into_iter().map(|record| Entry::of(record, &self.key)));
        while self.held.len() > RECORDS_WAITING_MAX
            && let Some(entry) = self.held.pop_front()
        {
            tracing::error!(record = %entry.line(), "a record could not be written");
        }
        if !self.refused {
            match self.give_to_db() {
                Ok(()) => return,
                Err(error) => self.refuse(&error),
            }
        }
        self.give_to_spill();
    }

    /// Tries again what was refused.
    pub(super) fn again(&mut self) {
        match self.catch_up() {
            Ok(()) if std::mem::take(&mut self.refused) => {
                tracing::info!("the records that waited are in the database");
            }
            Ok(()) => {}
            Err(error) => {
                self.refuse(&error);
                self.give_to_spill();
            }
        }
    }

    /// The end: what stands nowhere goes to the log, whole.
    pub(super) fn close(mut self) {
        if self.is_behind() {
            self.again();
        }
        for entry in &self.held {
            tracing::error!(record = %entry.line(), "a record could not be written");
        }
    }

    /// As if the database had refused something just now.
    #[cfg(test)]
    pub(super) fn refused_for_test(&mut self) {
        (self.db, self.refused) = (None, true);
    }

    /// It waits for no lock.
    #[cfg(test)]
    pub(super) fn impatient_for_test(&mut self) {
        self.mode = Mode::Test;
        self.db = None;
    }

    /// The disk is full as far as the database is concerned, until it is opened again.
    #[cfg(test)]
    pub(super) fn full_for_test(&mut self) {
        let db = self.db.as_mut().expect("it is open");
        db.query("PRAGMA max_page_count = 1", &[]).unwrap();
    }

    /// Everything into the database: what is held, and what lies in the spill file.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        self.give_to_db()?;
        let (Some(db), key) = (&mut self.db, &self.key) else { return Ok(()) };
        // What another thread adds from now on is taken in now, or counts as what lies there.
        let spilled = self.counts.spilled.swap(0, Ordering::Relaxed);
        let taken = self.spill.take_in(|lines| import::lines(db, key, lines).map(drop));
        if taken.is_err() {
            self.counts.spilled.fetch_add(spilled, Ordering::Relaxed);
        }
        Ok(taken?)
    }

    /// Opens the database if it is not open, or no longer the file that lies there.
    fn connect(&mut self) -> Result<&mut Db, StoreError> {
        if !self.is_there() {
            self.db = None;
        }
        let db = match self.db.take() {
            Some(db) => db,
            None => {
                let mut db = self.place.open(self.mode)?;
                schema::migrate(&mut db, &self.place)?;
                rollups::aim(&mut db, &self.terms.aims)?;
                sums::note_zone(&mut db, &self.terms.zone)?;
                self.take_old(&mut db)?;
                self.inode = self.place.inode();
                db
            }
        };
        Ok(self.db.insert(db))
    }

    /// Takes in the records of an earlier version. Those that cannot be read are no reason to refuse new ones.
    fn take_old(&self, db: &mut Db) -> Result<(), StoreError> {
        match import::old(db, &self.key, &self.old) {
            Err(StoreError::Io(error)) => {
                let old = self.old.display();
                self.alarm(say!(
                    "the call records of an earlier version, {}, cannot be taken in: {}",
                    old,
                    error
                ));
                Ok(())
            }
            other => other,
        }
    }

    /// Whether what is open is what lies there: what is written into a file without a name is lost.
    fn is_there(&self) -> bool {
        self.place.inode() == self.inode
    }

    fn give_to_db(&mut self) -> Result<(), StoreError> {
        self.connect()?;
        let (Some(db), held) = (&mut self.db, &self.held) else { return Ok(()) };
        if held.is_empty() {
            return Ok(());
        }
        db.transaction(|db| {
            let aims = rollups::aims(db)?;
            held.iter().try_for_each(|entry| entry.insert(db, &aims).map(drop))
        })?;
        if !self.is_there() {
            return Err(DbError::other("its file was taken away").into());
        }
        self.acknowledge();
        Ok(())
    }

    fn give_to_spill(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let lines: String = self.held.iter().map(|entry| entry.line() + "\n").collect();
        match self.spill.append(&lines) {
            Ok(()) => {
                self.counts.spilled.fetch_add(self.held.len() as u64, Ordering::Relaxed);
                self.acknowledge();
                self.stuck = false;
            }
            Err(error) => {
                self.counts.held.store(self.held.len() as u64, Ordering::Relaxed);
                if !std::mem::replace(&mut self.stuck, true) {
                    let spill = self.place.spill();
                    self.alarm(say!(
                        "call records cannot be written to {} either: {}; they wait in memory",
                        spill.display(),
                        error
                    ));
                }
            }
        }
    }

    /// What was held stands somewhere.
    fn acknowledge(&mut self) {
        self.counts.written.fetch_add(self.held.len() as u64, Ordering::Relaxed);
        self.counts.held.store(0, Ordering::Relaxed);
        for entry in self.held.drain(..) {
            (self.told)(News::Durable(&entry.call.id));
        }
    }

    /// The database takes nothing: that is told once, until it does again.
    fn refuse(&mut self, error: &StoreError) {
        self.db = None;
        if std::mem::replace(&mut self.refused, true) {
            return;
        }
        let (file, spill) = (self.place.to_string(), self.place.spill());
        self.alarm(if error.is_damage() {
            say!(
                "{} is damaged: {}; calls go on, and their records wait in {}. Move it away, or put back a copy that `svi backup` made: they are taken in",
                file,
                error.to_text(),
                spill.display()
            )
        } else {
            say!(
                "call records cannot be written to {}: {}; they wait in {}",
                file,
                error.to_text(),
                spill.display()
            )
        });
    }

    fn alarm(&self, what: Text) {
        tracing::error!(what = %what.english(), "alarm");
        (self.told)(News::Alarm(what));
    }
}

impl Place {
    /// Which file lies there; 0 when there is none.
    fn inode(&self) -> u64 {
        std::fs::metadata(&self.file).map_or(0, |metadata| metadata.ino())
    }
}
