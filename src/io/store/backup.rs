//! Copies of the database while it is written: SQLite's own, page by page, whole or not there.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::db::{Db, DbError, Mode};
use super::place::{Place, StoreError};
use crate::io::disk;

/// All pages in one step: a write between two would begin the copy anew, and writers do not wait for readers.
const ALL_PAGES: i32 = -1;

/// Copies the store of a place into a file.
///
/// # Errors
/// There is none, or the copy cannot be written.
pub(crate) fn save(place: &Place, into: &Path) -> Result<(), StoreError> {
    if place.url.is_some() {
        return Err(StoreError::NotAFile);
    }
    let db = place.open(Mode::Read)?;
    Ok(copy(&db, into)?)
}

/// Copies a database into a file, in the place of an older one.
pub(super) fn copy(db: &Db, into: &Path) -> Result<(), DbError> {
    let Some(from) = db.as_sqlite() else { return Ok(()) };
    let part = disk::with(into, ".part");
    disk::remove(&part)?;
    disk::write(&part, b"")?;
    let mut copy = Connection::open(&part)?;
    match Backup::new(from, &mut copy)?.step(ALL_PAGES)? {
        StepResult::Done => {}
        // It is locked.
        other => return Err(DbError::other(format!("{other:?}"))),
    }
    // One file: a copy needs no journal beside it.
    let _: String = copy.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    copy.close().map_err(|(_, error)| error)?;
    disk::sync(&disk::open(&part)?)?;
    Ok(disk::name(&part, into)?)
}
