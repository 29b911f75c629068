//! Reads the store, beside the server that writes it: neither waits for the other.

use std::collections::BTreeSet;
use std::io;

use serde_json::Value as Json;

use super::db::{Db, Mode, Row, Value, values};
use super::entry::whole;
use super::filter::Filter;
use super::pages::Pages;
use super::place::{Place, StoreError};
use super::{schema, spill};

/// Records of one reading, when all are read.
const PAGE: usize = 200;

/// Where the next page of a list begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    started_ms: i64,
    id: String,
}

impl Cursor {
    fn of(row: &Row) -> Self {
        Self { started_ms: row.int(0), id: row.text(1).unwrap_or_default().to_owned() }
    }
}

/// A connection that only reads.
pub(crate) struct Reader {
    pub(super) db: Db,
    place: Place,
}

impl Reader {
    /// Opens it.
    ///
    /// # Errors
    /// There is none, or a newer version has written it.
    pub(crate) fn open(place: &Place) -> Result<Self, StoreError> {
        let mut db = place.open(Mode::Read)?;
        schema::judge(&mut db)?;
        Ok(Self { db, place: place.clone() })
    }

    /// Calls that are wanted, the newest first, from a cursor on; the next cursor, if there may be more. Records come without their
    /// journals.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn list(
        &mut self,
        filter: &Filter,
        from: Option<&Cursor>,
        limit: usize,
    ) -> Result<(Vec<Json>, Option<Cursor>), StoreError> {
        let (conditions, wanted) = filter.sql(4);
        let (started, id) = from.map_or((i64::MAX, "~"), |from| (from.started_ms, &*from.id));
        let sql = format!(
            "SELECT c.started_ms, c.id, r.json FROM calls c JOIN records r ON r.call_id = c.id
            WHERE (c.started_ms, c.id) < ($1, $2) AND {conditions}
            ORDER BY c.started_ms DESC, c.id DESC LIMIT $3"
        );
        let mut values: Vec<Value<'_>> = values![started, id, limit].to_vec();
        values.extend(wanted);
        let rows = self.db.query(&sql, &values)?;
        let next = rows.last().filter(|_| rows.len() == limit).map(Cursor::of);
        let json = |row: &Row| serde_json::from_str(row.text(2).unwrap_or_default()).unwrap_or_default();
        Ok((rows.iter().map(json).collect(), next))
    }

    /// The call of this id, or the newest of this reference; its whole record, with its journal.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn get(&mut self, call: &str) -> Result<Option<Json>, StoreError> {
        let rows = self.db.query(
            "SELECT r.json, j.json FROM calls c JOIN records r ON r.call_id = c.id
            LEFT JOIN journals j ON j.call_id = c.id
            WHERE c.id = $1 OR c.reference = $1 ORDER BY c.started_ms DESC, c.id DESC LIMIT 1",
            values![call],
        )?;
        let line = rows.first().map(|row| whole(row.text(0).unwrap_or_default(), row.text(1)));
        let mut found = line.and_then(|line| serde_json::from_str(&line).ok());
        if found.is_none() {
            self.spilled(&mut |line| {
                let json: Json = serde_json::from_str(line).unwrap_or_default();
                if json["id"] == *call || json["reference"] == *call {
                    found = Some(json);
                }
            })?;
        }
        Ok(found)
    }

    /// The line of each record, with its journal, in the order in which calls began, one at a time; then those of records that wait
    /// for the database.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn each(&mut self, mut take: impl FnMut(&str)) -> Result<(), StoreError> {
        let mut pages = Pages::all(PAGE).with_journals();
        while let Some(page) = pages.next(&mut self.db)? {
            for row in &page {
                take(&whole(row.text(2).unwrap_or_default(), row.text(3)));
            }
        }
        self.spilled(&mut take)
    }

    /// Whether there is a record of this call.
    ///
    /// # Errors
    /// What the database says.
    fn has(&mut self, id: &str) -> Result<bool, StoreError> {
        Ok(!self.db.query("SELECT 1 FROM calls WHERE id = $1", values![id])?.is_empty())
    }

    /// Lines of the spill file that are not in the database, each once.
    fn spilled(&mut self, take: &mut dyn FnMut(&str)) -> Result<(), StoreError> {
        let (path, mut seen) = (self.place.spill(), BTreeSet::new());
        spill::each(&path, |line| {
            if let Some(id) = id_of(line)
                && !self.has(&id)?
                && seen.insert(id)
            {
                take(line);
            }
            Ok(())
        })
    }
}

/// The id of a line, if it is a record.
fn id_of(line: &str) -> Option<String> {
    let json: Json = serde_json::from_str(line).ok()?;
    json["id"].as_str().map(str::to_owned)
}

/// Which of these calls have a record, in the database or beside it. What cannot be read has none: a call with two records is better
/// than one without, and the store takes one of them.
pub(crate) fn ended<'a>(place: &Place, ids: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut ended = BTreeSet::new();
    let _ = spill::each::<io::Error>(&place.spill(), |line| {
        ended.extend(id_of(line));
        Ok(())
    });
    if let Ok(mut reader) = Reader::open(place) {
        ended.extend(ids.filter(|id| reader.has(id).unwrap_or(false)).map(str::to_owned));
    }
    ended
}
