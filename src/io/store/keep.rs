//! How long what is kept: journals, callers' numbers and records go when they are too old. Sums stay.

use std::path::{Path, PathBuf};

use super::db::{Db, DbError, Mode, values};
use super::entry::{self, Entry};
use super::forget::Eraser;
use super::key::Key;
use super::place::{Place, StoreError};
use super::{rollups, schema};
use crate::base::name::Name;
use crate::base::time::{Duration, Wall};
use crate::centre::record::CallRecord;
use crate::config::site::{Kept, Mailbox, Shared};
use crate::figures::tally;
use crate::figures::thresholds::Aims;
use crate::io::clock::Clock;

/// Calls of one transaction: the server gets its turn between two.
const PAGE: usize = 200;

/// For how long; none: for ever.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keep {
    /// What a call can be walked again by.
    pub(crate) journals: Option<Duration>,
    /// Callers' numbers; then a keyed hash stands in their place, and the journal, which names them too, goes.
    pub(crate) callers: Option<Duration>,
    /// Whole records.
    pub(crate) records: Option<Duration>,
}

/// By what a server keeps its store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// Thresholds of the sums.
    pub(crate) aims: Aims,
    /// The zone by whose clock it counts.
    pub(crate) zone: String,
    /// How long what is kept.
    pub(crate) keep: Keep,
    /// Folders of messages, and how long these are kept.
    pub(crate) mailboxes: Vec<(PathBuf, Duration)>,
    /// By which it looks for what is too old; none: nobody does.
    pub(crate) clock: Option<Clock>,
}

impl Terms {
    /// Those of a site.
    pub(crate) fn of(shared: &Shared, messages: &Path, clock: Clock) -> Self {
        let Kept { records, journals, callers, messages: usual } = shared.server.keep;
        let of_mailbox = |(name, mailbox): (&Name, &Mailbox)| {
            (messages.join(name.as_str()), mailbox.keep.unwrap_or(usual))
        };
        Self {
            aims: shared.aims(),
            zone: shared.zone.to_string(),
            keep: Keep { journals: Some(journals), callers: Some(callers), records: Some(records) },
            mailboxes: shared.mailboxes.iter().map(of_mailbox).collect(),
            clock: Some(clock),
        }
    }
}

/// What has gone.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purged {
    pub(crate) journals: u64,
    pub(crate) callers: u64,
    pub(crate) records: u64,
    /// Recordings in mailboxes.
    pub(crate) messages: u64,
}

/// Takes out of a store what is older than it is to be, beside the server.
///
/// # Errors
/// What the database says; what has gone by then has gone.
pub(crate) fn purge(place: &Place, keep: &Keep, now: Wall) -> Result<Purged, StoreError> {
    let mut db = place.open(Mode::Command)?;
    schema::judge(&mut db)?;
    let key = Key::of(place)?;
    let before = |age: Duration| (now - age).epoch_ms();
    let mut purged = Purged::default();
    if let Some(age) = keep.records {
        // Whole quarters of an hour: the sums of what is left can still be made anew.
        let until = tally::quarter(before(age));
        purged.records = all(|| records(&mut db, until))?;
    }
    if let Some(age) = keep.callers {
        purged.callers = all(|| callers(&mut db, &key, before(age)))?;
    }
    if let Some(age) = keep.journals {
        purged.journals = all(|| journals(&mut db, before(age)))?;
    }
    Ok(purged)
}

/// Again and again, until nothing is left.
fn all(mut some: impl FnMut() -> Result<u64, DbError>) -> Result<u64, DbError> {
    let mut sum = 0;
    loop {
        match some()? {
            0 => return Ok(sum),
            gone => sum += gone,
        }
    }
}

fn records(db: &mut Db, until: i64) -> Result<u64, DbError> {
    db.transaction(|db| {
        let aims = rollups::aims(db)?;
        let rows = db.query(
            "SELECT c.id, r.json FROM calls c JOIN records r ON r.call_id = c.id WHERE c.started_ms < $1 LIMIT $2",
            values![until, PAGE],
        )?;
        for row in &rows {
            let call: CallRecord = serde_json::from_str(row.text(1).unwrap_or_default())?;
            rollups::carry(db, &call, &aims, until)?;
            entry::remove(db, row.text(0).unwrap_or_default())?;
        }
        if !rows.is_empty() {
            schema::note(db, "counted_from", until)?;
            db.execute("DELETE FROM carried WHERE quarter_ms < $1", values![until])?;
        }
        Ok(rows.len() as u64)
    })
}

fn callers(db: &mut Db, key: &Key, until: i64) -> Result<u64, DbError> {
    db.transaction(|db| {
        let rows = db.query(
            "SELECT c.id, r.json, c.caller FROM calls c JOIN records r ON r.call_id = c.id
            WHERE c.started_ms < $1 AND c.caller IS NOT NULL LIMIT $2",
            values![until, PAGE],
        )?;
        for row in &rows {
            let caller = row.text(2).unwrap_or_default();
            let json = Eraser::of(caller).record(row.text(1).unwrap_or_default(), Some(&key.hash(caller)))?;
            rewrite(db, row.text(0).unwrap_or_default(), &json, key)?;
        }
        Ok(rows.len() as u64)
    })
}

fn journals(db: &mut Db, until: i64) -> Result<u64, DbError> {
    db.execute(
        "DELETE FROM journals WHERE call_id IN (SELECT call_id FROM journals WHERE started_ms < $1 LIMIT $2)",
        values![until, PAGE],
    )
}

/// Puts a changed record, without a journal, in the place of what was there. The sums have counted it.
pub(super) fn rewrite(db: &mut Db, id: &str, json: &str, key: &Key) -> Result<(), DbError> {
    entry::remove(db, id)?;
    Entry::read(json, key)?.rows(db).map(drop)
}
