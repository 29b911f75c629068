//! The store as a whole: what becomes of records when something beside it fails.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};

use serde_json::Value as Json;

use super::db::{Db, Mode, values};
use super::entry::tests::{MORNING, record};
use super::filter::Filter;
use super::keep::Terms;
use super::ledger::{Ledger, News, Told};
use super::place::{Place, StoreError};
use super::reader::{Reader, ended};
use super::writer::Store;
use super::{backup, import, rollups};
use crate::centre::record::CallRecord;
use crate::io::disk::{self, fault, fault::How};

/// A folder of one test.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("svi-store-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        disk::folder(&path).unwrap();
        Self(path)
    }

    pub(super) fn place(&self) -> Place {
        Place::of(&self.0, None)
    }

    pub(super) fn old(&self) -> PathBuf {
        self.0.join("records.jsonl")
    }

    fn files(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(&self.0).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a store has told.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<(Vec<String>, Vec<String>)>>);

impl Heard {
    fn told(&self) -> Told {
        let heard = Arc::clone(&self.0);
        Arc::new(move |news| {
            let mut heard = heard.lock().unwrap();
            match news {
                News::Durable(id) => heard.0.push(id.to_owned()),
                News::Alarm(what) => heard.1.push(what.english()),
            }
        })
    }

    fn durable(&self) -> Vec<String> {
        self.0.lock().unwrap().0.clone()
    }

    fn alarms(&self) -> Vec<String> {
        self.0.lock().unwrap().1.clone()
    }
}

fn many(ns: impl IntoIterator<Item = i64>) -> Vec<CallRecord> {
    ns.into_iter().map(record).collect()
}

fn id(n: i64) -> String {
    record(n).id
}

/// The numbers of all records that a reader finds.
fn found(place: &Place) -> Vec<i64> {
    let mut found = Vec::new();
    let mut reader = Reader::open(place).unwrap();
    reader
        .each(|line| {
            let call: CallRecord = serde_json::from_str(line).expect("each line is a record");
            found.push(call.id.parse().unwrap());
        })
        .unwrap();
    found
}

fn assert_counted(place: &Place) {
    let mut db = Db::sqlite(&place.file, Mode::Command).unwrap();
    let kept = rollups::tests::all(&mut db);
    db.transaction(rollups::recount).unwrap();
    assert_eq!(kept, rollups::tests::all(&mut db), "nothing counts twice");
}

#[test]
fn records_come_back_as_they_were_and_can_be_asked_for() {
    let folder = Folder::new("whole");
    let (place, heard) = (folder.place(), Heard::default());
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([3, 1, 2]));
    ledger.write(many([1, 4]));
    assert_eq!(heard.durable(), [3, 1, 2, 1, 4].map(id), "the same again is durable, too");
    let mut lines = Vec::new();
    let mut reader = Reader::open(&place).unwrap();
    reader.each(|line| lines.push(line.to_owned())).unwrap();
    assert_eq!(lines, [1, 2, 3, 4].map(|n| record(n).to_json()));
    let by_reference = reader.get(&record(2).reference).unwrap().unwrap();
    assert_eq!((&by_reference["id"], &by_reference["journal"]["n"]), (&id(2).into(), &2.into()));
    assert_eq!(reader.get("nobody").unwrap(), None);
    let wanted = [id(1), id(7)];
    assert_eq!(ended(&place, wanted.iter().map(String::as_str)), BTreeSet::from([id(1)]));
    assert_counted(&place);
    assert_eq!(heard.alarms(), [""; 0]);
}

#[test]
fn a_list_is_filtered_and_turned_page_by_page_the_newest_first() {
    let folder = Folder::new("list");
    let place = folder.place();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
    ledger.write(many(0..60));
    let mut reader = Reader::open(&place).unwrap();
    let mut list = |filter: Filter| {
        let (mut numbers, mut from) = (Vec::new(), None);
        loop {
            let (page, next) = reader.list(&filter, from.as_ref(), 7).unwrap();
            assert!(page.iter().all(|json| json["journal"] == Json::Null));
            numbers.extend(page.iter().map(|json| json["id"].as_str().unwrap().parse::<i64>().unwrap()));
            match next {
                Some(next) => from = Some(next),
                None => return numbers,
            }
        }
    };
    let of = |wanted: &dyn Fn(i64) -> bool| (0..60).rev().filter(|n| wanted(*n)).collect::<Vec<_>>();
    assert_eq!(list(Filter::default()), of(&|_| true));
    let text = |text: &str| Some(text.to_owned());
    let hour = 3_600_000;
    let cases: [(Filter, &dyn Fn(i64) -> bool); 10] = [
        (
            Filter {
                since_ms: Some(MORNING + 5 * hour),
                until_ms: Some(MORNING + 9 * hour),
                ..Filter::default()
            },
            &|n| (10..18).contains(&n),
        ),
        (Filter { ended_ms: Some(MORNING + 25 * hour), ..Filter::default() }, &|n| n >= 50),
        (Filter { number: text("+33800123451"), ..Filter::default() }, &|n| n % 3 == 1),
        (Filter { caller: text("+33612345673"), ..Filter::default() }, &|n| n % 10 == 3),
        (Filter { outcome: text("served"), ..Filter::default() }, &|n| n % 4 > 0),
        (Filter { agent: text("alice1"), ..Filter::default() }, &|n| n % 4 > 0 && n % 2 == 1),
        (Filter { tag: text("sav2"), campaign: text("affiche1"), ..Filter::default() }, &|n| {
            n % 3 == 2 && n % 2 == 1
        }),
        (Filter { queue: text("file1"), ..Filter::default() }, &|n| n % 2 == 1),
        (Filter { text: text("sav1"), ..Filter::default() }, &|n| n % 3 == 1),
        (Filter { text: text("%"), ..Filter::default() }, &|_| false),
    ];
    for (filter, wanted) in cases {
        assert_eq!(list(filter.clone()), of(wanted), "{filter:?}");
    }
    drop(ledger);
}

#[test]
fn whatever_write_fails_each_record_stands_there_once_and_is_told_once_durable() {
    for how in [How::Once, How::Short, How::FromThen] {
        for nth in 0.. {
            let folder = Folder::new("faults");
            let (place, heard) = (folder.place(), Heard::default());
            let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
            // The database is refused, so that each record goes to the spill file.
            let other = Db::sqlite(&place.file, Mode::Command).unwrap();
            ledger.refused_for_test();
            fault::plan(nth, how);
            for n in 1..=3 {
                ledger.write(many([n]));
                let durable = heard.durable();
                let safe = ended(&place, durable.iter().map(String::as_str));
                assert!(durable.iter().all(|id| safe.contains(id)), "{how:?} {nth}: {durable:?} in {safe:?}");
            }
            let reached = fault::heal();
            drop(other);
            ledger.again();
            assert_eq!(found(&place), [1, 2, 3], "{how:?} {nth}");
            assert_eq!(heard.durable().len(), 3);
            let counts = ledger.counts();
            assert_eq!((counts.written(), counts.waiting(), ledger.is_behind()), (3, 0, false));
            assert_counted(&place);
            if !reached {
                assert!(nth > 4, "the disk was called");
                break;
            }
        }
    }
}

#[test]
fn a_record_goes_to_the_spill_file_while_the_database_is_locked_and_into_it_later() {
    let folder = Folder::new("locked");
    let (place, heard) = (folder.place(), Heard::default());
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([1]));
    let mut other = Db::sqlite(&place.file, Mode::Command).unwrap();
    other.script("BEGIN IMMEDIATE").unwrap();
    ledger.impatient_for_test();
    for n in 2..=4 {
        ledger.write(many([n]));
        ledger.again();
    }
    assert_eq!(heard.durable(), [1, 2, 3, 4].map(id));
    let alarms = heard.alarms();
    assert!(alarms.len() == 1 && alarms[0].contains("they wait in"), "{alarms:?}");
    assert_eq!((ledger.counts().written(), ledger.counts().waiting()), (4, 3));
    assert_eq!(found(&place), [1, 2, 3, 4], "a reader finds those that wait");
    other.script("COMMIT").unwrap();
    ledger.again();
    assert_eq!((ledger.counts().waiting(), ledger.is_behind()), (0, false));
    assert_eq!((found(&place), std::fs::metadata(place.spill()).unwrap().len()), (vec![1, 2, 3, 4], 0));
    assert_counted(&place);
}

#[test]
fn what_was_killed_between_spill_file_and_database_counts_once() {
    let folder = Folder::new("between");
    let place = folder.place();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
    ledger.write(many([1, 2]));
    drop(ledger);
    // It was taken in, and the process killed before the file was emptied; of the last record half was written.
    let lines = format!(
        "{}\n{}\n{}\n{{\"id\":\"4\",\"ca",
        record(2).to_json(),
        record(3).to_json(),
        record(3).to_json()
    );
    disk::write(&place.spill(), lines.as_bytes()).unwrap();
    let heard = Heard::default();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    assert_eq!((found(&place), ledger.counts().waiting()), (vec![1, 2, 3], 0));
    ledger.write(many([5]));
    assert_eq!(found(&place), [1, 2, 3, 5]);
    assert_counted(&place);
}

#[test]
fn half_a_line_in_the_spill_file_does_not_spoil_the_next_record() {
    let folder = Folder::new("half");
    let place = folder.place();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
    disk::write(&place.spill(), b"{\"id\":\"0\",\"call").unwrap();
    ledger.refused_for_test();
    ledger.write(many([1]));
    let text = std::fs::read_to_string(place.spill()).unwrap();
    assert_eq!(text.lines().last(), Some(&*record(1).to_json()));
    ledger.again();
    assert_eq!(found(&place), [1]);
}

#[test]
fn a_damaged_database_is_told_and_calls_go_on_until_it_is_put_right() {
    let folder = Folder::new("damaged");
    let (place, heard) = (folder.place(), Heard::default());
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([1]));
    drop(ledger);
    let copy = folder.0.join("copy.db");
    backup::save(&place, &copy).unwrap();
    disk::write(&place.file, &[b'x'; 64 * 1_024]).unwrap();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([2]));
    ledger.again();
    let alarms = heard.alarms();
    assert!(alarms.len() == 1 && alarms[0].contains("is damaged"), "{alarms:?}");
    assert_eq!(ended(&place, std::iter::empty()), BTreeSet::from([id(2)]));
    assert_eq!((heard.durable(), ledger.counts().waiting()), ([1, 2].map(id).to_vec(), 1));
    // The operator puts the copy in its place, while calls go on.
    std::fs::rename(&copy, &place.file).unwrap();
    ledger.again();
    assert_eq!((found(&place), ledger.is_behind()), (vec![1, 2], false));
}

#[test]
fn a_database_that_is_taken_away_is_made_anew_and_nothing_goes_into_a_file_without_a_name() {
    let folder = Folder::new("away");
    let (place, heard) = (folder.place(), Heard::default());
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([1]));
    std::fs::rename(&place.file, folder.0.join("elsewhere")).unwrap();
    ledger.write(many([2]));
    assert_eq!((found(&place), heard.alarms().len()), (vec![2], 0));
    drop(ledger);
    place.remove().unwrap();
    assert!(matches!(Reader::open(&place).map(drop), Err(StoreError::None)));
}

#[test]
fn a_full_disk_costs_no_record() {
    let folder = Folder::new("full");
    let (place, heard) = (folder.place(), Heard::default());
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([1]));
    ledger.full_for_test();
    for n in 2..200 {
        ledger.write(many([n]));
    }
    let alarms = heard.alarms();
    assert!(alarms.len() == 1 && alarms[0].contains("full"), "{alarms:?}");
    assert_eq!((heard.durable().len(), found(&place)), (199, (1..200).collect::<Vec<_>>()));
    ledger.again();
    assert_eq!((ledger.counts().waiting(), found(&place)), (0, (1..200).collect::<Vec<_>>()));
    assert_counted(&place);
}

#[test]
fn two_servers_do_not_share_a_store() {
    let folder = Folder::new("two");
    let open = || Ledger::open(&folder.place(), &folder.old(), Terms::default(), Heard::default().told());
    let first = open().unwrap();
    let Err(error) = open() else { panic!("the second one is refused") };
    assert_eq!(error.to_text().english(), "another svi writes there; name another --state");
    drop(first);
    open().unwrap();
}

#[test]
fn records_of_an_earlier_version_are_taken_in_once_and_their_files_are_kept() {
    let folder = Folder::new("old");
    let place = folder.place();
    let line = |n| record(n).to_json() + "\n";
    disk::write(&folder.0.join("records.jsonl.1"), (line(1) + "no record\n" + &line(2)).as_bytes()).unwrap();
    disk::write(&folder.old(), (line(2) + &line(3) + "{\"id\":\"4\",\"ca").as_bytes()).unwrap();
    disk::write(&folder.0.join("records.jsonl.gz"), b"not ours to read").unwrap();
    for _ in 0..2 {
        let _ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
        assert_eq!(found(&place), [1, 2, 3]);
    }
    assert_counted(&place);
    let files = folder.files();
    for name in ["records.jsonl.imported", "records.jsonl.1.imported", "records.jsonl.gz"] {
        assert!(files.contains(name), "{files:?}");
    }
    assert!(!files.contains("records.jsonl"), "{files:?}");
    // What was exported is taken in by another one.
    let exported = folder.0.join("exported");
    let mut text = String::new();
    Reader::open(&place).unwrap().each(|line| text += &format!("{line}\n")).unwrap();
    disk::write(&exported, text.as_bytes()).unwrap();
    let other = Folder::new("old-other");
    let came = import::take(&other.place(), &exported).unwrap();
    assert_eq!((came.taken, came.known, came.strange), (3, 0, 0));
    assert_eq!(import::take(&other.place(), &exported).unwrap().known, 3);
    assert_eq!(found(&other.place()), [1, 2, 3]);
}

#[test]
fn old_records_that_cannot_be_read_are_told_and_those_of_a_server_that_runs_are_left_to_it() {
    let folder = Folder::new("old-refused");
    let (place, heard) = (folder.place(), Heard::default());
    disk::folder(&folder.old()).unwrap();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), heard.told()).unwrap();
    ledger.write(many([1]));
    assert_eq!((found(&place), ledger.is_behind()), (vec![1], false));
    assert!(
        heard.alarms().len() == 1 && heard.alarms()[0].contains("cannot be taken in"),
        "{:?}",
        heard.alarms()
    );
    drop(ledger);
    std::fs::remove_dir(folder.old()).unwrap();
    let file = disk::append(&folder.old()).unwrap();
    rustix::fs::flock(file.file(), rustix::fs::FlockOperation::LockExclusive).unwrap();
    let refused = Ledger::open(&place, &folder.old(), Terms::default(), heard.told());
    assert!(matches!(refused.map(drop), Err(StoreError::Taken)));
}

#[test]
fn a_reader_reads_while_records_are_written_and_a_copy_is_whole() {
    let folder = Folder::new("beside");
    let place = folder.place();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
    ledger.write(many(0..300));
    let mut read = Vec::new();
    let written = RefCell::new(300);
    Reader::open(&place)
        .unwrap()
        .each(|line| {
            let call: CallRecord = serde_json::from_str(line).unwrap();
            read.push(call.id.parse::<i64>().unwrap());
            // A batch between two rows, and a copy in the midst of it.
            if read.len() % 100 == 0 && *written.borrow() < 500 {
                let next = *written.borrow();
                ledger.write(many(next..next + 10));
                *written.borrow_mut() = next + 10;
                backup::save(&place, &folder.0.join("copy.db")).unwrap();
            }
        })
        .unwrap();
    assert!(read.is_sorted() && read.len() >= 300);
    let copy = Place::at(folder.0.join("copy.db"));
    let copied = found(&copy);
    assert!(copied.len() > 300 && copied == (0..copied.len() as i64).collect::<Vec<_>>(), "{}", copied.len());
    assert_counted(&copy);
}

#[test]
fn all_that_is_written_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("modes");
    let place = folder.place();
    let mut ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
    ledger.write(many([1]));
    backup::save(&place, &folder.0.join("copy.db")).unwrap();
    let files = folder.files();
    for name in
        ["svi.db", "svi.db-wal", "svi.db-shm", "svi.db.key", "svi.db.lock", "svi.db.spill.jsonl", "copy.db"]
    {
        let mode = std::fs::metadata(folder.0.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name} of {files:?}");
    }
    assert_eq!(files.len(), 7, "{files:?}");
}

/// A store whose thread stands still at the first record until it is let go; and what is durable, as it comes.
fn held_up(place: &Place, old: &Path) -> (Store, mpsc::Sender<()>, mpsc::Receiver<String>) {
    let (go, wait) = mpsc::channel::<()>();
    let (tell, durable) = mpsc::channel();
    let (wait, first) = (Mutex::new(wait), id(0));
    let told = move |news: News<'_>| {
        let News::Durable(id) = news else { return };
        let _ = tell.send(id.to_owned());
        if id == first {
            let _ = wait.lock().unwrap().recv();
        }
    };
    (Store::open(place, old, Terms::default(), Arc::new(told)).unwrap(), go, durable)
}

#[test]
fn what_the_thread_has_no_room_for_goes_to_the_spill_file_and_into_the_database_later() {
    let folder = Folder::new("overflow");
    let place = folder.place();
    let (mut store, go, durable) = held_up(&place, &folder.old());
    store.append(Box::new(record(0)));
    assert_eq!(durable.recv().unwrap(), id(0));
    let all = crate::base::limit::RECORDS_WAITING_MAX as i64 + 3;
    for n in 1..=all {
        store.append(Box::new(record(n)));
    }
    // The last three are durable while the thread stands still.
    let mut detoured: Vec<_> = (0..3).map(|_| durable.recv().unwrap()).collect();
    detoured.sort();
    assert_eq!(detoured, [all - 2, all - 1, all].map(id));
    assert_eq!(ended(&place, std::iter::empty()), detoured.into_iter().collect());
    drop(go);
    store.close();
    assert_eq!((store.counts().written() as i64, durable.iter().count() as i64), (all + 1, all - 3));
    let _ledger = Ledger::open(&place, &folder.old(), Terms::default(), Heard::default().told()).unwrap();
    let mut db = Db::sqlite(&place.file, Mode::Read).unwrap();
    assert_eq!(
        db.query("SELECT COUNT(*) FROM calls WHERE id <> $1", values![""]).unwrap()[0].int(0),
        all + 1
    );
}
