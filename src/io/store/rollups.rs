//! Sums of calls, kept in the transaction of each record, so that a report over a month reads some thousand rows. They can be made
//! anew from the records at any time, with the same result: sums have no order.

use std::collections::BTreeMap;

use super::db::{Db, DbError, values};
use super::schema;
use crate::centre::record::CallRecord;

/// Goes up when [`contributions`] gives something else: the sums are made anew then, at the next start.
pub(super) const VERSION: i64 = 1;

/// Milliseconds of the shortest interval of a report.
pub(super) const QUARTER_MS: i64 = 15 * 60 * 1_000;
/// Records of one reading, when sums are made anew.
const PAGE: usize = 1_000;

/// What is added up: of which quarter of an hour, number, campaign and queue ("" for none), and which sum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RollupKey {
    pub(super) quarter_ms: i64,
    pub(super) number: String,
    pub(super) campaign: String,
    pub(super) queue: String,
    pub(super) what: String,
}

/// What a record adds to the sums: THE seam to `figures`, whose one definition of each figure belongs here.
fn contributions(call: &CallRecord) -> Vec<(RollupKey, i64)> {
    let key = |what: &str| RollupKey {
        quarter_ms: quarter(call.started.epoch_ms()),
        number: call.number.clone().unwrap_or_default(),
        campaign: call.campaign.as_deref().unwrap_or_default().to_owned(),
        queue: call.queue.as_deref().unwrap_or_default().to_owned(),
        what: what.to_owned(),
    };
    let clock = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    let sums = [
        ("calls", 1),
        ("answered", i64::from(call.answered.is_some())),
        ("ring_ms", clock(call.clocks.ring_ms)),
        ("flow_ms", clock(call.clocks.flow_ms)),
        ("wait_ms", clock(call.clocks.wait_ms)),
        ("talk_ms", clock(call.clocks.talk_ms)),
    ];
    sums.into_iter().filter(|(_, sum)| *sum > 0).map(|(what, sum)| (key(what), sum)).collect()
}

/// The quarter of an hour that a moment lies in.
pub(super) const fn quarter(ms: i64) -> i64 {
    ms.div_euclid(QUARTER_MS) * QUARTER_MS
}

/// Adds a record.
pub(super) fn add(db: &mut Db, call: &CallRecord) -> Result<(), DbError> {
    contributions(call).iter().try_for_each(|(key, sum)| plus(db, key, *sum))
}

fn plus(db: &mut Db, key: &RollupKey, sum: i64) -> Result<(), DbError> {
    let RollupKey { quarter_ms, number, campaign, queue, what } = key;
    db.execute(
        "INSERT INTO rollups (quarter_ms, number, campaign, queue, what, total) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (quarter_ms, number, campaign, queue, what) DO UPDATE SET total = rollups.total + excluded.total",
        values![*quarter_ms, &**number, &**campaign, &**queue, &**what, sum],
    )?;
    Ok(())
}

/// Makes all sums anew, of the time of which there are still records; within a transaction.
pub(super) fn recount(db: &mut Db) -> Result<(), DbError> {
    let since = schema::fact(db, "counted_from")?.unwrap_or(i64::MIN);
    db.execute("DELETE FROM rollups WHERE quarter_ms >= $1", values![since])?;
    let (mut at, mut id) = (since, String::new());
    loop {
        let page = db.query(
            "SELECT c.started_ms, c.id, r.json FROM calls c JOIN records r ON r.call_id = c.id
            WHERE (c.started_ms, c.id) > ($1, $2) ORDER BY c.started_ms, c.id LIMIT $3",
            values![at, &*id, PAGE],
        )?;
        let Some(last) = page.last() else { return Ok(()) };
        (at, id) = (last.int(0), last.text(1).unwrap_or_default().to_owned());
        let mut sums = BTreeMap::<RollupKey, i64>::new();
        for row in &page {
            let call: CallRecord = serde_json::from_str(row.text(2).unwrap_or_default())?;
            for (key, sum) in contributions(&call) {
                *sums.entry(key).or_default() += sum;
            }
        }
        sums.iter().try_for_each(|(key, sum)| plus(db, key, *sum))?;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::property;
    use crate::base::rng::Rng;
    use crate::io::store::db::Row;
    use crate::io::store::entry::{Entry, tests::record};
    use crate::io::store::key::Key;
    use crate::io::store::tests::Folder;

    /// All sums.
    pub(in crate::io::store) fn all(db: &mut Db) -> Vec<Row> {
        let sql =
            "SELECT quarter_ms, number, campaign, queue, what, total FROM rollups ORDER BY 1, 2, 3, 4, 5";
        db.query(sql, &[]).unwrap()
    }

    proptest::proptest! {
        #![proptest_config(property::cases(16))]

        #[test]
        fn in_whatever_order_records_come_the_sums_are_those_that_are_counted_anew(seed: u64) {
            let folder = Folder::new(&format!("sums-{seed}"));
            let place = folder.place();
            let key = Key::of(&place).unwrap();
            let mut rng = Rng::seeded(seed);
            let mut db = schema::tests::of_version(&place, schema::newest());
            for _ in 0..60 {
                // Some come twice.
                let n = i64::from(rng.u32() % 40);
                db.transaction(|db| Entry::of(record(n), &key).insert(db)).unwrap();
            }
            let kept = all(&mut db);
            db.transaction(recount).unwrap();
            proptest::prop_assert_eq!(&kept, &all(&mut db));
            let calls = db.query("SELECT COUNT(*) FROM calls", &[]).unwrap()[0].int(0);
            let of_calls = |row: &&Row| row.text(4) == Some("calls");
            proptest::prop_assert_eq!(calls, kept.iter().filter(of_calls).map(|row| row.int(5)).sum::<i64>());
        }
    }
}
