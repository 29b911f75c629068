//! The door to the database: one text of SQL for every engine, with `$1`, `$2`… for its values.
//!
//! What both engines understand alike is all that is written: integers of 64 bits, text, `ON CONFLICT`, `RETURNING`, `WITH`, row
//! values. Whole numbers of a `SUM` are cast, names of columns are no words of SQL.

mod postgres;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use self::postgres::Postgres;
use crate::io::disk;

/// What a statement is given, and what a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
}

/// A row of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row(pub(super) Vec<Value<'static>>);

impl Row {
    /// The whole number in a column; 0 when there is none.
    pub(super) fn int(&self, column: usize) -> i64 {
        match self.0.get(column) {
            Some(Value::Int(int)) => *int,
            _ => 0,
        }
    }

    /// The text in a column; none when it is NULL.
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl Value<'_> {
    /// The same, of its own.
    pub(super) fn to_static(&self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Int(int) => Value::Int(*int),
            Self::Text(text) => Value::Text(text.clone().into_owned().into()),
        }
    }
}

impl FromIterator<Value<'static>> for Row {
    fn from_iter<T: IntoIterator<Item = Value<'static>>>(cells: T) -> Self {
        Self(cells.into_iter().collect())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    /// A NUL, which PostgreSQL holds in no text, is left out.
    fn from(text: &'a str) -> Self {
        Self::Text(if text.contains('\0') { text.replace('\0', "").into() } else { text.into() })
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<u64> for Value<'_> {
    fn from(int: u64) -> Self {
        Self::Int(i64::try_from(int).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value<'_> {
    fn from(int: usize) -> Self {
        Self::Int(i64::try_from(int).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value<'_> {
    fn from(int: u32) -> Self {
        Self::Int(int.into())
    }
}

impl From<u16> for Value<'_> {
    fn from(int: u16) -> Self {
        Self::Int(int.into())
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Owned::Null),
            Self::Int(int) => ToSqlOutput::Owned(Owned::Integer(*int)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl From<ValueRef<'_>> for Value<'static> {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Integer(int) => Self::Int(int),
            ValueRef::Text(bytes) => Self::Text(String::from_utf8_lossy(bytes).into_owned().into()),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Self::Null,
        }
    }
}

/// The values of a statement, of whatever kinds.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::io::store::db::Value::from($value)),*] };
}
pub(super) use values;

/// What the database says.
#[derive(Debug)]
pub(crate) struct DbError(Box<dyn std::error::Error + Send + Sync>);

impl DbError {
    /// Something else than the database's own word.
    pub(super) fn other(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(why.into())
    }

    /// What lies there is no database, or a broken one.
    pub(super) fn is_damage(&self) -> bool {
        let code = self.0.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
        matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.into())
    }
}

impl From<std::io::Error> for DbError {
    fn from(error: std::io::Error) -> Self {
        Self(error.into())
    }
}

impl From<serde_json::Error> for DbError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.into())
    }
}

/// What is done with a database.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is only read.
    Read,
    /// It is written by a server, which does not wait long for others: it has its spill file.
    Serve,
    /// It is written by a command, which may wait.
    Command,
    /// It waits for nobody.
    #[cfg(test)]
    Test,
}

impl Mode {
    /// How long is waited for a lock of others.
    const fn patience(self) -> Duration {
        match self {
            Self::Serve => Duration::from_secs(2),
            Self::Read | Self::Command => Duration::from_secs(60),
            #[cfg(test)]
            Self::Test => Duration::ZERO,
        }
    }
}

/// Statements that are kept prepared: all that are written for one record.
const PREPARED_MAX: usize = 64;

/// One connection.
pub(super) struct Db {
    engine: Engine,
}

enum Engine {
    Sqlite(Connection),
    Postgres(Postgres),
}

impl Db {
    /// Opens a file of SQLite; to be written, it is made if it is not there.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn sqlite(path: &Path, mode: Mode) -> Result<Self, DbError> {
        let flags = match mode {
            Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            _ => {
                // Made by us first: SQLite makes its journal and index with the rights of the file itself.
                drop(disk::append(path)?);
                disk::narrow(path, 0);
                OpenFlags::SQLITE_OPEN_READ_WRITE
            }
        };
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(mode.patience())?;
        connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
        if mode != Mode::Read {
            let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
            // What is acknowledged outlives a power cut; a batch pays for it once, and no call waits for it.
            connection.pragma_update(None, "synchronous", "FULL")?;
            // What is deleted is overwritten.
            connection.pragma_update(None, "secure_delete", "ON")?;
        }
        Ok(Self { engine: Engine::Sqlite(connection) })
    }

    /// Connects to a server of PostgreSQL.
    ///
    /// # Errors
    /// What it says, or who does not find it.
    pub(super) fn postgres(url: &str, mode: Mode) -> Result<Self, DbError> {
        Ok(Self { engine: Engine::Postgres(Postgres::open(url, mode)?) })
    }

    /// Carries a statement out; how many rows it has touched.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DbError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&numbered(sql))?;
                Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
            }
            Engine::Postgres(postgres) => postgres.execute(sql, values),
        }
    }

    /// All rows of an answer: who asks for many bounds them by `LIMIT`.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, DbError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&numbered(sql))?;
                let columns = statement.column_count();
                let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
                    let cells = (0..columns).map(|column| Ok(row.get_ref(column)?.into()));
                    cells.collect::<rusqlite::Result<Row>>()
                })?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            }
            Engine::Postgres(postgres) => postgres.query(sql, values),
        }
    }

    /// Carries out statements that have no values.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn script(&mut self, sql: &str) -> Result<(), DbError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Engine::Postgres(postgres) => postgres.script(sql),
        }
    }

    /// Makes tables. What is marked lies in its primary key, not beside it: half the work for rows that are small.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn create(&mut self, sql: &str) -> Result<(), DbError> {
        match self.engine {
            Engine::Sqlite(_) => self.script(&sql.replace("/* clustered */", "WITHOUT ROWID")),
            Engine::Postgres(_) => self.script(sql),
        }
    }

    /// All of it, or nothing.
    ///
    /// # Errors
    /// What the work says, or the database at its end.
    pub(super) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        self.script(match self.engine {
            // Who begins by reading and writes then could find that another has written meanwhile.
            Engine::Sqlite(_) => "BEGIN IMMEDIATE",
            // One writes at a time there, too: sums are read, merged and written back.
            Engine::Postgres(_) => "BEGIN; SELECT pg_advisory_xact_lock(5060)",
        })?;
        let done = work(self).and_then(|done| self.script("COMMIT").map(|()| done));
        if done.is_err() {
            let _ = self.script("ROLLBACK");
        }
        done
    }

    /// Whether there is a table of this name.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn has_table(&mut self, name: &str) -> Result<bool, DbError> {
        let sql = match self.engine {
            Engine::Sqlite(_) => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
            Engine::Postgres(_) => "SELECT 1 WHERE to_regclass($1) IS NOT NULL",
        };
        Ok(!self.query(sql, values![name])?.is_empty())
    }

    /// Brings what was written into the file itself: what was there before is nowhere then, unless somebody reads it now.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn settle(&mut self) -> Result<(), DbError> {
        match self.engine {
            Engine::Sqlite(_) => self.query("PRAGMA wal_checkpoint(TRUNCATE)", &[]).map(drop),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// The connection to SQLite, for what SQLite alone can.
    pub(super) fn as_sqlite(&self) -> Option<&Connection> {
        match &self.engine {
            Engine::Sqlite(connection) => Some(connection),
            Engine::Postgres(_) => None,
        }
    }
}

/// `$1` as SQLite numbers it: it would take `$2, $1` in the order in which they stand.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_their_numbers_and_a_transaction_is_whole_or_nothing() {
        let mut db = Db { engine: Engine::Sqlite(Connection::open_in_memory().unwrap()) };
        db.script("CREATE TABLE t (a TEXT, b BIGINT)").unwrap();
        db.execute("INSERT INTO t (b, a) VALUES ($2, $1)", values!["one\0", 1_i64]).unwrap();
        let failed = db.transaction(|db| {
            db.execute("INSERT INTO t (a, b) VALUES ($1, $2)", values!["two", None::<i64>])?;
            Err::<(), _>(DbError::other("no"))
        });
        assert!(failed.is_err());
        let rows = db.query("SELECT a, b, $1 FROM t WHERE b = $2", values!["x", 1_i64]).unwrap();
        assert_eq!(rows, [Row(values!["one", 1_i64, "x"].to_vec())]);
        assert!(db.has_table("t").unwrap() && !db.has_table("u").unwrap());
    }
}
