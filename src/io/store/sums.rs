//! What reports ask the store for: tallies, what became of blocks, and records for what no tally knows. And what people do to sums on
//! purpose: count them anew, reckon costs anew.

use super::db::{Db, DbError, Mode, Row, values};
use super::entry::{Entry, remove, whole};
use super::key::Key;
use super::pages::Pages;
use super::place::{Place, StoreError};
use super::reader::Reader;
use super::{rollups, schema};
use crate::base::time::{Duration, Wall};
use crate::centre::record::CallRecord;
use crate::figures::cost::{self, Tariffs};
use crate::figures::tally::{Key as Bucket, Tally};
use crate::figures::thresholds::Aims;

/// Of so much time buckets are read at once.
const STRETCH: Duration = Duration::from_secs(7 * 86_400);
/// Records of one transaction.
const PAGE: usize = 200;
/// In which zone a server counts.
const ZONE: &str = "zone";
/// That of the company whose server has not said it yet.
const USUAL_ZONE: &str = "Europe/Paris";

/// What became of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BlockSum {
    /// `flow/block`.
    pub(crate) block: String,
    /// Times that it was entered, left by a key, by silence, by wrong keys, and that the call ended there.
    pub(crate) counts: [u64; 5],
    /// Time in it, all together.
    pub(crate) ms: u64,
}

/// Notes in which zone this server counts.
pub(super) fn note_zone(db: &mut Db, zone: &str) -> Result<(), StoreError> {
    if zone.is_empty() {
        return Ok(());
    }
    Ok(schema::write(db, ZONE, zone)?)
}

impl Reader {
    /// The zone in which the server counts.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn zone(&mut self) -> Result<String, StoreError> {
        Ok(schema::noted(&mut self.db, ZONE)?.unwrap_or_else(|| USUAL_ZONE.to_owned()))
    }

    /// The thresholds that its sums were made by.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn aims(&mut self) -> Result<Aims, StoreError> {
        Ok(rollups::aims(&mut self.db)?)
    }

    /// Each bucket of a span of time, in order.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn tallies(
        &mut self,
        (from, until): (Wall, Wall),
        mut take: impl FnMut(&Bucket, &Tally),
    ) -> Result<(), StoreError> {
        let mut at = from;
        while at < until {
            let next = (at + STRETCH).min(until);
            rollups::each(&mut self.db, at.epoch_ms(), next.epoch_ms(), |key, tally| take(&key, tally))?;
            at = next;
        }
        Ok(())
    }

    /// What became of the blocks that were entered in a span of time, the most frequent first.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn blocks(&mut self, (from, until): (Wall, Wall)) -> Result<Vec<BlockSum>, StoreError> {
        let of = |how: &str| format!("CAST(SUM(CASE s.how WHEN '{how}' THEN 1 ELSE 0 END) AS BIGINT)");
        let sql = format!(
            "SELECT COALESCE(s.flow, c.flow, '?') || '/' || s.block, COUNT(*), {}, {}, {}, {}, CAST(SUM(s.ms) AS BIGINT)
            FROM steps s JOIN calls c ON c.id = s.call_id
            WHERE s.entered_ms >= $1 AND s.entered_ms < $2 GROUP BY 1 ORDER BY 2 DESC, 1",
            of("key"),
            of("silence"),
            of("wrong-key"),
            of("hung-up")
        );
        let rows = self.db.query(&sql, values![from.epoch_ms(), until.epoch_ms()])?;
        let sum = |row: &Row| BlockSum {
            block: row.text(0).unwrap_or_default().to_owned(),
            counts: [1, 2, 3, 4, 5].map(|column| row.int(column).unsigned_abs()),
            ms: row.int(6).unsigned_abs(),
        };
        Ok(rows.iter().map(sum).collect())
    }

    /// Each record of calls that began in a span of time, in order, without its journal.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn records(
        &mut self,
        (from, until): (Wall, Wall),
        mut take: impl FnMut(CallRecord),
    ) -> Result<(), StoreError> {
        let mut pages = Pages::of((from.epoch_ms(), until.epoch_ms()), PAGE);
        while let Some(page) = pages.next(&mut self.db)? {
            for row in &page {
                take(serde_json::from_str(row.text(2).unwrap_or_default()).map_err(DbError::from)?);
            }
        }
        Ok(())
    }
}

/// Counts all sums anew from the records, beside the server.
///
/// # Errors
/// What the database says; the sums are then as they were.
pub(crate) fn recount(place: &Place, now: Wall) -> Result<(), StoreError> {
    let mut db = place.open(Mode::Command)?;
    schema::judge(&mut db)?;
    Ok(db.transaction(|db| {
        rollups::recount(db)?;
        audit(db, now, "recount", "")
    })?)
}

/// Reckons anew, by these tariffs, what calls since a moment cost; how many cost something else now. Their sums follow.
///
/// # Errors
/// What the database says; nothing has changed then.
pub(crate) fn recost(place: &Place, tariffs: &Tariffs, from: Wall, now: Wall) -> Result<u64, StoreError> {
    let mut db = place.open(Mode::Command)?;
    schema::judge(&mut db)?;
    let key = Key::of(place)?;
    Ok(db.transaction(|db| {
        let mut pages = Pages::of((from.epoch_ms(), i64::MAX), PAGE).with_journals();
        let mut changed = 0;
        while let Some(page) = pages.next(db)? {
            for row in &page {
                let line = whole(row.text(2).unwrap_or_default(), row.text(3));
                let mut call: CallRecord = serde_json::from_str(&line)?;
                let before = call.clone();
                cost::charge(&mut call, tariffs);
                if call != before {
                    remove(db, &call.id)?;
                    Entry::of(call, &key).rows(db)?;
                    changed += 1;
                }
            }
        }
        rollups::recount(db)?;
        audit(db, now, "recost", &format!("from {} calls {changed}", from.rfc3339("UTC")))?;
        Ok(changed)
    })?)
}

fn audit(db: &mut Db, now: Wall, what: &str, detail: &str) -> Result<(), DbError> {
    let sql = "INSERT INTO audit (at_ms, what, detail) VALUES ($1, $2, $3)";
    db.execute(sql, values![now.epoch_ms(), what, detail]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::name::Name;
    use crate::centre::number::Class;
    use crate::figures::tariff::{Rate, Tariff};
    use crate::io::store::entry::tests::{MORNING, record};
    use crate::io::store::tests::Folder;

    const HOUR_MS: i64 = 3_600_000;

    fn store(folder: &Folder) -> Db {
        let key = Key::of(&folder.place()).unwrap();
        let mut db = schema::tests::of_version(&folder.place(), schema::newest());
        for n in 0..40 {
            let call = CallRecord {
                trunk: Some(Name::from("operateur")),
                caller_class: Some(Class::Mobile),
                answered: Some(record(n).started),
                ..record(n)
            };
            db.transaction(|db| Entry::of(call, &key).insert(db, &Aims::default())).unwrap();
        }
        db
    }

    #[test]
    fn a_span_has_its_tallies_and_its_records_and_no_others() {
        let folder = Folder::new("spans");
        drop(store(&folder));
        let mut reader = Reader::open(&folder.place()).unwrap();
        // Two calls an hour: the fifth to the fourteenth.
        let span = (Wall::from_epoch_ms(MORNING + 2 * HOUR_MS), Wall::from_epoch_ms(MORNING + 7 * HOUR_MS));
        let mut calls = 0;
        reader.tallies(span, |_, tally| calls += tally.calls.calls).unwrap();
        let mut began = Vec::new();
        reader.records(span, |call| began.push(call.id.parse::<i64>().unwrap())).unwrap();
        assert_eq!((calls, began), (10, (4..14).collect()));
        let blocks = reader.blocks(span).unwrap();
        let entered: u64 = blocks.iter().map(|block| block.counts[0]).sum();
        let steps: usize = (4..14).map(|n| record(n).steps.len()).sum();
        assert_eq!(entered, steps as u64, "{blocks:?}");
        assert_eq!(reader.zone().unwrap(), USUAL_ZONE);
    }

    #[test]
    fn costs_are_reckoned_anew_from_a_day_on_and_that_is_told() {
        let folder = Folder::new("recost");
        let mut db = store(&folder);
        let rate = Rate { per_call: crate::figures::money::Money::micros(1_000), ..Rate::default() };
        let mut tariff = Tariff::default();
        tariff.from.insert(crate::figures::origin::Origin::Mobile, rate);
        let tariffs = Tariffs {
            all: [(Name::from("cher"), tariff)].into(),
            trunks: [(Name::from("operateur"), Name::from("cher"))].into(),
            ..Tariffs::default()
        };
        let from = Wall::from_epoch_ms(MORNING + 10 * HOUR_MS);
        let before = rollups::tests::total(&mut db);
        assert_eq!(recost(&folder.place(), &tariffs, from, Wall::from_epoch_ms(7)).unwrap(), 20);
        assert_eq!(
            recost(&folder.place(), &tariffs, from, Wall::from_epoch_ms(8)).unwrap(),
            0,
            "as they are"
        );
        let after = rollups::tests::total(&mut db);
        let sum = after.calls.cost_micros;
        assert!(sum != before.calls.cost_micros && after.calls.incoming_micros >= 20_000, "{sum}");
        let lines = db.query("SELECT at_ms, what, detail FROM audit ORDER BY at_ms", &[]).unwrap();
        assert_eq!((lines.len(), lines[0].int(0), lines[0].text(1)), (2, 7, Some("recost")));
        assert!(lines[0].text(2).unwrap().ends_with("calls 20"));
        let mut journals = 0;
        Reader::open(&folder.place())
            .unwrap()
            .each(|line| journals += usize::from(line.contains("\"journal\":")))
            .unwrap();
        assert_eq!(journals, 40, "calls can still be walked again");
    }
}
