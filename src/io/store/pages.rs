//! Records in the order in which their calls began, some at a time: a store of years is not held in memory.

use super::db::{Db, DbError, Row, values};

/// Columns: the moment, the id, the record without its journal; and its journal.
const PLAIN: &str = "SELECT c.started_ms, c.id, r.json FROM calls c JOIN records r ON r.call_id = c.id
    WHERE (c.started_ms, c.id) > ($1, $2) AND c.started_ms < $3 ORDER BY c.started_ms, c.id LIMIT $4";
const WITH_JOURNALS: &str =
    "SELECT c.started_ms, c.id, r.json, j.json FROM calls c JOIN records r ON r.call_id = c.id
    LEFT JOIN journals j ON j.call_id = c.id
    WHERE (c.started_ms, c.id) > ($1, $2) AND c.started_ms < $3 ORDER BY c.started_ms, c.id LIMIT $4";

/// Where a reading is.
pub(super) struct Pages {
    sql: &'static str,
    size: usize,
    /// The record that was read last.
    at: (i64, String),
    until: i64,
}

impl Pages {
    /// Of calls that began from one moment to before another, in milliseconds since 1970; so many at a time.
    pub(super) fn of((from, until): (i64, i64), size: usize) -> Self {
        Self { sql: PLAIN, size, at: (from, String::new()), until }
    }

    /// Of all calls.
    pub(super) fn all(size: usize) -> Self {
        Self::of((i64::MIN, i64::MAX), size)
    }

    /// With their journals.
    pub(super) fn with_journals(self) -> Self {
        Self { sql: WITH_JOURNALS, ..self }
    }

    /// The next ones; none: that was all.
    pub(super) fn next(&mut self, db: &mut Db) -> Result<Option<Vec<Row>>, DbError> {
        let (started, id) = &self.at;
        let page = db.query(self.sql, values![*started, &**id, self.until, self.size])?;
        let Some(last) = page.last() else { return Ok(None) };
        self.at = (last.int(0), last.text(1).unwrap_or_default().to_owned());
        Ok(Some(page))
    }
}
