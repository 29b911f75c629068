//! Where a store is, the files around it, and why it cannot be had.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::db::{Db, DbError, Mode};
use super::schema;
use crate::base::diagnostic::Text;
use crate::io::disk::{self, PrivateFile};
use crate::say;

/// The database's file in a state folder.
const FILE: &str = "svi.db";

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The database, if it is a file; around it lie the spill file, the lock and the key.
    pub(crate) file: PathBuf,
}

impl Place {
    /// That of a state folder, or the one that a site names.
    pub(crate) fn of(state: &Path, named: Option<&str>) -> Self {
        let named = named.map(|text| text.strip_prefix("sqlite://").unwrap_or(text));
        Self { file: named.map_or_else(|| state.join(FILE), PathBuf::from) }
    }

    /// That in a folder, or that whose file it is; none: there is no database.
    pub(crate) fn there(place: &Path) -> Option<Self> {
        let file = if place.is_dir() { place.join(FILE) } else { place.to_owned() };
        let mut head = [0; 16];
        let read = std::fs::File::open(&file).and_then(|mut file| io::Read::read_exact(&mut file, &mut head));
        (read.is_ok() && head == *b"SQLite format 3\0").then_some(Self { file })
    }

    /// Opens the database.
    pub(super) fn open(&self, mode: Mode) -> Result<Db, StoreError> {
        if mode == Mode::Read && !self.file.exists() {
            return Err(StoreError::None);
        }
        Ok(Db::sqlite(&self.file, mode)?)
    }

    /// Records that the database could not take yet, a line of JSON each.
    pub(super) fn spill(&self) -> PathBuf {
        disk::with(&self.file, ".spill.jsonl")
    }

    /// Takes the database away, with its journal and what waits for it.
    pub(crate) fn remove(&self) -> io::Result<()> {
        let beside = ["-wal", "-shm"].map(|end| disk::with(&self.file, end));
        let files = beside.into_iter().chain([self.file.clone(), self.spill()]);
        files.into_iter().try_for_each(|file| disk::remove(&file))
    }

    /// What callers' numbers are hashed with.
    pub(super) fn key(&self) -> PathBuf {
        disk::with(&self.file, ".key")
    }

    /// The copy that is made before a migration from this version.
    pub(super) fn before(&self, version: i64) -> PathBuf {
        disk::with(&self.file, &format!(".before-{version}"))
    }

    /// Two servers on one folder would mix their messages and records.
    pub(super) fn lock(&self) -> Result<PrivateFile, StoreError> {
        if let Some(folder) = self.file.parent() {
            disk::folder(folder)?;
        }
        let file = disk::append(&disk::with(&self.file, ".lock"))?;
        rustix::fs::flock(file.file(), rustix::fs::FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| StoreError::Taken)?;
        Ok(file)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.display().fmt(f)
    }
}

/// Why a store cannot be had.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// Another server has it.
    Taken,
    /// A newer version has written it.
    Newer { found: i64 },
    /// There is none.
    None,
    /// What the system says.
    Io(io::Error),
    /// What the database says.
    Db(DbError),
}

impl StoreError {
    /// What lies there is no database, or a broken one: waiting does not help.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_damage())
    }

    /// In words.
    pub(crate) fn to_text(&self) -> Text {
        match self {
            Self::Taken => Text::word("another svi writes there; name another --state"),
            Self::Newer { found } => say!(
                "a newer svi has written it (schema {}, this one knows {}): install that one again, or put back the copy that it made beside it",
                found,
                schema::newest()
            ),
            Self::None => Text::word("there are no call records in it"),
            Self::Io(error) => Text::raw(error.to_string()),
            Self::Db(error) => Text::raw(error.to_string()),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}
