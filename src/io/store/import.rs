//! Records that come as lines of JSON: from a spill file, from `records.jsonl` of an earlier version, from who exported them. Each
//! counts once, by its id.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::db::{Db, DbError, Mode};
use super::entry::Entry;
use super::key::Key;
use super::place::{Place, StoreError};
use super::spill::PAGE;
use super::{rollups, schema};
use crate::io::disk;

/// What the file of an earlier version is called when it is taken in.
const DONE: &str = ".imported";

/// What came of lines.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Records that are in the store now and were not before.
    pub(crate) taken: u64,
    /// Records that were there.
    pub(crate) known: u64,
    /// Lines that are no record.
    pub(crate) strange: u64,
}

impl std::ops::AddAssign for Imported {
    fn add_assign(&mut self, other: Self) {
        self.taken += other.taken;
        self.known += other.known;
        self.strange += other.strange;
    }
}

/// Takes lines in, in one transaction. What is no record is told, and is no reason to stop.
pub(super) fn lines(db: &mut Db, key: &Key, lines: &[String]) -> Result<Imported, DbError> {
    db.transaction(|db| {
        let (mut imported, aims) = (Imported::default(), rollups::aims(db)?);
        for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            match Entry::read(line, key) {
                Ok(entry) if entry.insert(db, &aims)? => imported.taken += 1,
                Ok(_) => imported.known += 1,
                Err(why) => {
                    tracing::warn!(%why, line, "this line is no record");
                    imported.strange += 1;
                }
            }
        }
        Ok(imported)
    })
}

/// Takes a file of records into the store of a place, beside the server perhaps; makes the store if there is none.
///
/// # Errors
/// The file cannot be read, or the store not written.
pub(crate) fn take(place: &Place, path: &Path) -> Result<Imported, StoreError> {
    if let Some(folder) = place.file.parent() {
        disk::folder(folder)?;
    }
    let mut db = place.open(Mode::Command)?;
    schema::migrate(&mut db, place)?;
    file(&mut db, &Key::of(place)?, path)
}

/// Takes a file in.
fn file(db: &mut Db, key: &Key, path: &Path) -> Result<Imported, StoreError> {
    let mut rows = BufReader::new(File::open(path)?).split(b'\n');
    let mut imported = Imported::default();
    loop {
        let page = rows.by_ref().take(PAGE).collect::<io::Result<Vec<_>>>()?;
        if page.is_empty() {
            return Ok(imported);
        }
        let page: Vec<String> = page.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        imported += lines(db, key, &page)?;
    }
}

/// Takes in the file of an earlier version and those that were rotated away beside it; each keeps its text under another name.
///
/// # Errors
/// A server of that version still writes there, a file cannot be read or renamed, or what the database says.
pub(super) fn old(db: &mut Db, key: &Key, path: &Path) -> Result<(), StoreError> {
    for path in rotated(path) {
        // Such a server holds the file's lock.
        let held = File::open(&path)?;
        flock(&held, FlockOperation::NonBlockingLockExclusive).map_err(|_| StoreError::Taken)?;
        let imported = file(db, key, &path)?;
        disk::name(&path, &disk::with(&path, DONE))?;
        tracing::info!(
            path = %path.display(),
            records = imported.taken,
            known = imported.known,
            strange = imported.strange,
            "the records of an earlier version are in the store"
        );
    }
    Ok(())
}

/// `records.jsonl`, and `records.jsonl.1` or `records.jsonl-20261124` beside it, the oldest first.
fn rotated(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let is_old = |file: &str| {
        let rest = file.strip_prefix(&*name);
        rest.is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b'.' | b'-' | b'_' | b'0'..=b'9')))
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_old))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    // The one without an end is the newest.
    let newest_first = files.first().is_some_and(|first| first == path);
    files.rotate_left(usize::from(newest_first));
    files
}
