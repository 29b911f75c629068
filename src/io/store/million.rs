//! How fast a large store answers. Measured by hand, judged by nobody:
//! `SVI_CALLS=1000000 cargo test --release --lib -- --ignored --nocapture million`.

use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::entry::{Entry, tests::MORNING, tests::record};
use super::filter::Filter;
use super::keep::Terms;
use super::key::Key;
use super::ledger::News;
use super::reader::Reader;
use super::schema;
use super::tests::Folder;
use super::writer::Store;
use crate::base::time::{Moment, Wall};
use crate::centre::record::CallRecord;
use crate::figures::interval::Width;
use crate::figures::report::{By, Report};
use crate::figures::thresholds::Aims;
use crate::io::terminal::outln;

const ZONE: &str = "Europe/Paris";
const MONTH_MS: i64 = 30 * 86_400_000;
/// Records of one transaction.
const PAGE: i64 = 1_000;

/// The nth of so many calls of a month.
fn call(n: i64, of: i64) -> CallRecord {
    let started = Moment::of(Wall::from_epoch_ms(MORNING + MONTH_MS / of * n), ZONE);
    let ended = Some(started);
    CallRecord {
        caller: Some(format!("+336{:08}", n * 7_919 % 100_000_000)),
        started,
        answered: ended,
        ended,
        journal: None,
        ..record(n)
    }
}

/// Octets of memory at most so far.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    outln!("{what}: {:?}", began.elapsed());
    done
}

#[test]
#[ignore = "it takes minutes and judges nothing"]
fn million() {
    let count: i64 = std::env::var("SVI_CALLS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let folder = Folder::new("million");
    let (place, aims) = (folder.place(), Aims::default());
    let key = Key::of(&place).unwrap();
    let mut db = schema::tests::of_version(&place, schema::newest());
    timed("written", || {
        for page in 0..count / PAGE {
            let calls = (page * PAGE..(page + 1) * PAGE).map(|n| Entry::of(call(n, count), &key));
            db.transaction(|db| calls.into_iter().try_for_each(|entry| entry.insert(db, &aims).map(drop)))
                .unwrap();
        }
    });
    let rows = db.query("SELECT COUNT(*) FROM rollups", &[]).unwrap()[0].int(0);
    outln!("{count} calls, {rows} buckets; {}", memory());
    drop(db);
    let mut reader = Reader::open(&place).unwrap();
    let span = (Wall::from_epoch_ms(MORNING), Wall::from_epoch_ms(MORNING + MONTH_MS));
    for by in [By::Number, By::Campaign, By::Queue, By::Agent, By::Time(Width::Hour), By::Time(Width::Day)] {
        let mut report = Report::new(by, ZONE);
        timed(&format!("figures of a month by {by:?}"), || {
            reader.tallies(span, |key, tally| report.add(key, tally)).unwrap();
        });
        assert!(!report.lines.is_empty());
    }
    timed("blocks of a month", || reader.blocks(span).unwrap().len());
    let whole = call(count / 2, count).caller;
    let part = whole.as_deref().map(|caller| caller[4..].to_owned());
    for (what, filter) in [
        ("a number", Filter { caller: whole, ..Filter::default() }),
        ("a part of a number", Filter { text: part, ..Filter::default() }),
    ] {
        let (found, _) = timed(&format!("search of {what}"), || reader.list(&filter, None, 50).unwrap());
        assert!(!found.is_empty());
    }
    let before = memory();
    let mut lines = 0;
    timed("export", || reader.each(|_| lines += 1).unwrap());
    outln!("{lines} lines; memory before {before}, after {}", memory());
}

/// From a call's end to the platter, at so many calls a second: `cargo test --release --lib -- --ignored --nocapture durable`.
#[test]
#[ignore = "it takes half a minute and judges nothing"]
fn durable() {
    let journal = serde_json::json!(
        (0..40).map(|n| serde_json::json!({ "at": n, "event": "digit" })).collect::<Vec<_>>()
    );
    for rate in [20_u32, 50, 200, 500] {
        let folder = Folder::new("durable");
        let (tell, told) = channel();
        let tell = Mutex::new(tell);
        let news = move |news: News<'_>| {
            if let News::Durable(id) = news {
                let _ = tell.lock().unwrap().send((id.to_owned(), Instant::now()));
            }
        };
        let store = Store::open(&folder.place(), &folder.old(), Terms::default(), Arc::new(news)).unwrap();
        let (mut sent, mut took) = (BTreeMap::new(), Vec::new());
        let (began, count) = (Instant::now(), 8 * rate);
        for n in 0..count {
            let due = began + Duration::from_secs(1) * n / rate;
            while let Ok((id, at)) = told.recv_timeout(due.saturating_duration_since(Instant::now())) {
                took.push(at - sent[&id]);
            }
            let call = CallRecord { journal: Some(journal.clone()), ..record(n.into()) };
            sent.insert(call.id.clone(), Instant::now());
            store.append(Box::new(call));
        }
        let left = count as usize - took.len();
        took.extend(told.iter().take(left).map(|(id, at)| at - sent[&id]));
        took.sort();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100];
        outln!("{rate}/s: durable p50 {:?}, p99 {:?}, at most {:?}", at(50), at(99), at(100));
    }
}
