//! Where a store is, the files around it, and why it cannot be had.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::db::{Db, DbError, Mode};
use super::schema;
use crate::base::diagnostic::Text;
use crate::base::pii::Secret;
use crate::io::disk::{self, PrivateFile};
use crate::say;

/// The database's file in a state folder.
const FILE: &str = "svi.db";
/// How the address of a PostgreSQL begins.
const POSTGRES: [&str; 2] = ["postgres://", "postgresql://"];

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The database, if it is a file; around it lie the spill file, the lock and the key.
    pub(crate) file: PathBuf,
    /// Where the database is, if it is one of PostgreSQL.
    pub(super) url: Option<Secret>,
}

impl Place {
    /// That of a state folder, or the one that a site names.
    pub(crate) fn of(state: &Path, named: Option<&str>) -> Self {
        match named {
            Some(url) if POSTGRES.iter().any(|scheme| url.starts_with(scheme)) => {
                Self { file: state.join(FILE), url: Some(Secret::new(url)) }
            }
            Some(file) => Self::at(file.strip_prefix("sqlite://").unwrap_or(file).into()),
            None => Self::at(state.join(FILE)),
        }
    }

    /// That of a file.
    pub(super) fn at(file: PathBuf) -> Self {
        Self { file, url: None }
    }

    /// That of a state folder, or that whose file it is; none: there is no database.
    pub(crate) fn there(place: &Path) -> Option<Self> {
        let file = if place.is_dir() { place.join(FILE) } else { place.to_owned() };
        let here = Self::at(file.clone());
        if let Some(url) = std::fs::read_to_string(here.elsewhere()).ok().filter(|_| place.is_dir()) {
            return Some(Self { url: Some(Secret::new(url.trim())), ..here });
        }
        let mut head = [0; 16];
        let read = std::fs::File::open(&file).and_then(|mut file| io::Read::read_exact(&mut file, &mut head));
        (read.is_ok() && head == *b"SQLite format 3\0").then_some(here)
    }

    /// Where a state folder says that its database is elsewhere; it holds a password, perhaps.
    fn elsewhere(&self) -> PathBuf {
        disk::with(&self.file, ".url")
    }

    /// Writes down where the database is, for who only knows the folder.
    pub(super) fn tell_where(&self) -> io::Result<()> {
        match &self.url {
            Some(url) => disk::write_whole(&self.elsewhere(), url.reveal().as_bytes()),
            None => disk::remove(&self.elsewhere()),
        }
    }

    /// Opens the database.
    pub(super) fn open(&self, mode: Mode) -> Result<Db, StoreError> {
        match &self.url {
            Some(url) => Ok(Db::postgres(url.reveal(), mode)?),
            None if mode == Mode::Read && !self.file.exists() => Err(StoreError::None),
            None => Ok(Db::sqlite(&self.file, mode)?),
        }
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
        let Some(url) = &self.url else { return self.file.display().fmt(f) };
        let rest = url.reveal().split_once("://").map_or("", |(_, rest)| rest);
        // Without the user's name and password.
        write!(f, "postgres://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
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
    /// It is no file that could be copied.
    NotAFile,
    /// The number is too short to tell a caller by.
    Short,
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
            Self::NotAFile => Text::word("a store in PostgreSQL is copied by `pg_dump`"),
            Self::Short => {
                Text::word("the number is too short to tell a caller by: write all of it, as +33612345678")
            }
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
