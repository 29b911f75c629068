//! Sums of calls, kept in the transaction of each record, so that a report over a month reads some thousand rows. They can be made
//! anew from the records at any time, with the same result: tallies have no order (`figures/tally.rs`).
//!
//! A tally is read, merged and written back: one transaction writes at a time (`Db::transaction`).

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::db::{Db, DbError, Row, values};
use super::pages::Pages;
use super::schema;
use crate::base::name::Name;
use crate::centre::record::CallRecord;
use crate::figures::contribution;
use crate::figures::tally::{Additive, Key, Tally};
use crate::figures::thresholds::Aims;

/// Goes up when `figures::contribution` gives something else: the sums are made anew then, at the next start.
pub(super) const VERSION: i64 = 2;

/// Records of one reading, when sums are made anew.
const PAGE: usize = 1_000;
/// By which thresholds the sums were made.
const AIMS: &str = "aims";

type Sums = BTreeMap<Key, Tally>;

/// The thresholds that the sums were made by.
pub(super) fn aims(db: &mut Db) -> Result<Aims, DbError> {
    let noted = schema::noted(db, AIMS)?;
    Ok(noted.map(|json| serde_json::from_str(&json)).transpose()?.unwrap_or_default())
}

/// From now on these are the thresholds: when they are others than before, all is counted anew.
pub(super) fn aim(db: &mut Db, wanted: &Aims) -> Result<(), DbError> {
    if aims(db)? == *wanted {
        return Ok(());
    }
    db.transaction(|db| {
        schema::write(db, AIMS, &serde_json::to_string(wanted)?)?;
        recount(db)
    })
}

/// Adds a record.
pub(super) fn add(db: &mut Db, call: &CallRecord, aims: &Aims) -> Result<(), DbError> {
    merge(db, "rollups", &sums([call], aims, i64::MIN))
}

/// A record is about to go, and all before a moment with it: what it added to later quarters can be found nowhere else then.
pub(super) fn carry(db: &mut Db, call: &CallRecord, aims: &Aims, until: i64) -> Result<(), DbError> {
    merge(db, "carried", &sums([call], aims, until))
}

/// What records add to quarters from one on.
fn sums<'r>(calls: impl IntoIterator<Item = &'r CallRecord>, aims: &Aims, since: i64) -> Sums {
    let mut sums = Sums::new();
    for call in calls {
        let of_call = contribution::of(call, aims).into_iter();
        let told = of_call.filter(|(key, tally)| key.quarter >= since && *tally != Tally::default());
        crate::figures::tally::add(&mut sums, told);
    }
    sums
}

fn merge(db: &mut Db, table: &str, sums: &Sums) -> Result<(), DbError> {
    let find = format!(
        "SELECT tally FROM {table}
        WHERE quarter_ms = $1 AND number = $2 AND campaign = $3 AND queue = $4 AND agent = $5"
    );
    let put = format!(
        "INSERT INTO {table} (quarter_ms, number, campaign, queue, agent, tally) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (quarter_ms, number, campaign, queue, agent) DO UPDATE SET tally = excluded.tally"
    );
    for (key, tally) in sums {
        let name = |name: &Option<Name>| name.as_deref().unwrap_or_default().to_owned();
        let (number, campaign) = (key.number.clone().unwrap_or_default(), name(&key.campaign));
        let (queue, agent) = (name(&key.queue), name(&key.agent));
        let at = values![key.quarter, &*number, &*campaign, &*queue, &*agent];
        let mut sum = tally.clone();
        if let Some(row) = db.query(&find, at)?.first() {
            sum.merge(&read(row, 0)?);
        }
        let json = sparse(serde_json::to_value(&sum)?).unwrap_or_default().to_string();
        db.execute(&put, values![key.quarter, &*number, &*campaign, &*queue, &*agent, json])?;
    }
    Ok(())
}

/// Without what is nothing: most of a tally is.
fn sparse(json: Json) -> Option<Json> {
    match json {
        Json::Object(fields) => {
            let fields = fields.into_iter().filter_map(|(name, field)| Some((name, sparse(field)?)));
            Some(Json::Object(fields.collect()))
                .filter(|all| all.as_object().is_some_and(|all| !all.is_empty()))
        }
        Json::Array(items) => items.iter().any(|item| *item != 0).then_some(Json::Array(items)),
        number => (number != 0).then_some(number),
    }
}

/// The tally in a column.
fn read(row: &Row, column: usize) -> Result<Tally, DbError> {
    Ok(serde_json::from_str(row.text(column).unwrap_or("{}"))?)
}

/// Each bucket from one moment to another, in the order of time.
pub(super) fn each(
    db: &mut Db,
    from: i64,
    until: i64,
    mut take: impl FnMut(Key, &Tally),
) -> Result<(), DbError> {
    let rows = db.query(
        "SELECT quarter_ms, number, campaign, queue, agent, tally FROM rollups
        WHERE quarter_ms >= $1 AND quarter_ms < $2 ORDER BY quarter_ms",
        values![from, until],
    )?;
    for row in &rows {
        let text = |column| row.text(column).filter(|text| !text.is_empty());
        let name = |column| text(column).map(Name::from);
        let key = Key {
            quarter: row.int(0),
            number: text(1).map(str::to_owned),
            campaign: name(2),
            queue: name(3),
            agent: name(4),
        };
        take(key, &read(row, 5)?);
    }
    Ok(())
}

/// Makes all sums anew, of the time of which there are still records; within a transaction.
pub(super) fn recount(db: &mut Db) -> Result<(), DbError> {
    let since = schema::fact(db, "counted_from")?.unwrap_or(i64::MIN);
    let aims = aims(db)?;
    db.execute("DELETE FROM rollups WHERE quarter_ms >= $1", values![since])?;
    db.execute(
        "INSERT INTO rollups (quarter_ms, number, campaign, queue, agent, tally)
        SELECT quarter_ms, number, campaign, queue, agent, tally FROM carried WHERE quarter_ms >= $1",
        values![since],
    )?;
    // From the first one: a call that was taken in later may reach from before into what is counted.
    let mut pages = Pages::all(PAGE);
    while let Some(page) = pages.next(db)? {
        let calls: Vec<CallRecord> = page
            .iter()
            .map(|row| serde_json::from_str(row.text(2).unwrap_or_default()))
            .collect::<Result<_, _>>()?;
        merge(db, "rollups", &sums(&calls, &aims, since))?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "rollups_tests.rs"]
pub(super) mod tests;
