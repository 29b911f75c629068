//! What holds in SQLite holds in PostgreSQL: one suite, on both engines.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use super::db::{Mode, Row, values};
use super::entry::tests::{MORNING, record};
use super::filter::Filter;
use super::forget::{export_caller, forget};
use super::keep::{Keep, Purged, Terms, purge};
use super::ledger::{Ledger, News};
use super::place::{Place, StoreError};
use super::reader::Reader;
use super::tests::Folder;
use super::{rollups, schema};
use crate::base::time::{Duration, Wall};
use crate::io::disk;

const HOUR: Duration = Duration::from_secs(3_600);

fn open(folder: &Folder, place: &Place) -> Ledger {
    Ledger::open(place, &folder.old(), Terms::default(), Arc::new(|_: News<'_>| {})).unwrap()
}

fn lines(place: &Place) -> Vec<String> {
    let mut lines = Vec::new();
    Reader::open(place).unwrap().each(|line| lines.push(line.to_owned())).unwrap();
    lines
}

fn rows(place: &Place, sql: &str) -> Vec<Row> {
    place.open(Mode::Command).unwrap().query(sql, &[]).unwrap()
}

fn count(place: &Place, sql: &str) -> i64 {
    rows(place, sql)[0].int(0)
}

fn assert_counted(place: &Place) {
    let mut db = place.open(Mode::Command).unwrap();
    let kept = rollups::tests::all(&mut db);
    db.transaction(rollups::recount).unwrap();
    assert_eq!(kept, rollups::tests::all(&mut db));
}

fn records_are_written_once_and_read_as_they_were(folder: &Folder, place: &Place) {
    let mut ledger = open(folder, place);
    ledger.write((0..30).rev().map(record).collect());
    ledger.refused_for_test();
    ledger.write((20..40).map(record).collect());
    assert_eq!(ledger.counts().waiting(), 20);
    ledger.again();
    assert!(!ledger.is_behind());
    assert_eq!(lines(place), (0..40).map(|n| record(n).to_json()).collect::<Vec<_>>());
    assert_counted(place);
    let filter = Filter { agent: Some("alice1".into()), tag: Some("sav1".into()), ..Filter::default() };
    let (page, _) = Reader::open(place).unwrap().list(&filter, None, 100).unwrap();
    let wanted = |n: &i64| n % 4 > 0 && n % 2 == 1 && n % 3 == 1;
    let ids: Vec<_> = (0..40).rev().filter(wanted).map(|n| record(n).id).collect();
    assert_eq!(page.iter().map(|json| json["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    let found = Reader::open(place).unwrap().get(&record(7).reference).unwrap().unwrap();
    assert_eq!(found["journal"]["n"], 7);
    for (view, rows) in [("v_calls", 40), ("v_legs", 40), ("v_queue_visits", 40), ("v_steps", 40)] {
        assert_eq!(count(place, &format!("SELECT COUNT(*) FROM {view}")), rows, "{view}");
    }
    assert_eq!(count(place, "SELECT CAST(SUM(calls) AS BIGINT) FROM v_campaign_day"), 40);
    let first = rows_of_first_day(place);
    assert_eq!(first, [Row(values!["2026-11-24", "affiche1", 5_i64].to_vec())]);
}

/// Calls 0 to 27 began on the first day: those with an odd number came by the advert.
fn rows_of_first_day(place: &Place) -> Vec<Row> {
    rows(
        place,
        "SELECT day, campaign, calls FROM v_campaign_day
        WHERE day = '2026-11-24' AND campaign = 'affiche1' AND number = '+33800123451'",
    )
}

fn a_newer_schema_is_refused(folder: &Folder, place: &Place) {
    drop(open(folder, place));
    let newer = format!("UPDATE meta SET value = {} WHERE name = 'schema'", schema::newest() + 1);
    place.open(Mode::Command).unwrap().script(&newer).unwrap();
    let opened = Ledger::open(place, &folder.old(), Terms::default(), Arc::new(|_: News<'_>| {}));
    assert!(matches!(opened.map(drop), Err(StoreError::Newer { .. })));
    assert!(matches!(Reader::open(place).map(drop), Err(StoreError::Newer { .. })));
}

fn what_is_too_old_goes_and_sums_stay(folder: &Folder, place: &Place) {
    let mut ledger = open(folder, place);
    ledger.write((0..40).map(record).collect());
    let callers = "SELECT COUNT(DISTINCT caller_hash) FROM calls WHERE started_ms >= 0";
    let (different, sums) =
        (count(place, callers), rollups::tests::all(&mut place.open(Mode::Read).unwrap()));
    // Two calls an hour; 20 hours after the first one and 10 minutes more.
    let now = Wall::from_epoch_ms(MORNING + 20 * 3_600_000 + 600_000);
    let keep = Keep { journals: Some(5 * HOUR), callers: Some(10 * HOUR), records: Some(15 * HOUR) };
    let purged = purge(place, &keep, now).unwrap();
    // The hashes of those that are left are those of before.
    assert_eq!((purged.records, purged.callers), (10, 8), "{purged:?}");
    assert_eq!(purge(place, &keep, now).unwrap(), Purged::default());
    let mut callers_left = 0;
    for line in lines(place) {
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        let n: i64 = json["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(json["journal"].is_null(), n <= 30, "{n}");
        let caller = json["caller"].as_str().unwrap_or("secret");
        assert_eq!(caller.starts_with("hash:"), n <= 20 && n % 5 > 0, "{n}: {caller}");
        callers_left += 1;
    }
    assert_eq!((callers_left, count(place, callers)), (30, different), "callers are still told apart");
    assert_eq!(rollups::tests::all(&mut place.open(Mode::Read).unwrap()), sums);
    assert_counted(place);
    // A restart counts anew what can be counted, and keeps the rest.
    place.open(Mode::Command).unwrap().script("UPDATE meta SET value = 0 WHERE name = 'rollups'").unwrap();
    drop(ledger);
    drop(open(folder, place));
    assert_eq!(rollups::tests::all(&mut place.open(Mode::Read).unwrap()), sums);
}

/// Octets of all files in a folder, copies from before aside.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| path.is_file());
    files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn who_is_forgotten_is_found_nowhere(folder: &Folder, place: &Place) {
    let mut ledger = open(folder, place);
    let mut calls: Vec<_> = (0..400).map(record).collect();
    // In somebody else's journal, in what a flow reported, and under a name.
    calls[5].journal = Some(serde_json::json!({ "typed": "06 12 34 56 73", "or": "0612345673" }));
    calls[13].caller_name = Some("Jeanne Martin".into());
    calls[13].identity = Some("eyJvcmlnIjoi…".into());
    calls[14].card = Some("https://crm.example/?tel=%2B33612345673".into());
    let waits = calls.split_off(350);
    ledger.write(calls);
    ledger.refused_for_test();
    ledger.write(waits);
    let mut told = Vec::new();
    export_caller(place, "+33612345673", |line| told.push(line.to_owned())).unwrap();
    assert_eq!(told.len(), 40 + 2, "ten callers, and two who speak of them");
    let old = folder.0.join("records.jsonl.imported");
    disk::write(&old, b"{\"caller\":\"+33612345673\"}").unwrap();
    let forgotten = forget(place, "+33612345673").unwrap();
    assert_eq!((forgotten.calls, forgotten.left), (42, vec![old.clone()]));
    for (path, octets) in files(&folder.0).into_iter().filter(|(path, _)| *path != old) {
        let stands = |word: &str| octets.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!stands("612345673") && !stands("Jeanne Martin"), "{}", path.display());
    }
    let text = lines(place).join("\n");
    assert_eq!(
        (text.lines().count(), text.contains("612345673"), text.contains("Jeanne")),
        (400, false, false)
    );
    assert!(text.contains("+33612345674"), "others stay");
    told.clear();
    export_caller(place, "+33612345673", |line| told.push(line.to_owned())).unwrap();
    assert_eq!(told, [""; 0]);
    assert_counted(place);
    assert!(matches!(forget(place, "3018"), Err(StoreError::Short)));
    drop(ledger);
}

type Check = fn(&Folder, &Place);
const CHECKS: [(&str, Check); 4] = [
    ("read", records_are_written_once_and_read_as_they_were),
    ("newer", a_newer_schema_is_refused),
    ("purge", what_is_too_old_goes_and_sums_stay),
    ("forget", who_is_forgotten_is_found_nowhere),
];

#[test]
fn the_suite_holds_in_sqlite() {
    for (name, check) in CHECKS {
        let folder = Folder::new(&format!("sqlite-{name}"));
        check(&folder, &folder.place());
    }
}

#[test]
fn the_suite_holds_in_postgresql() {
    let Some(server) = Server::start() else { return };
    for (name, check) in CHECKS {
        let folder = Folder::new(&format!("postgres-{name}"));
        let place = Place::of(&folder.0, Some(&server.url));
        place
            .open(Mode::Command)
            .unwrap()
            .script("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            .unwrap();
        check(&folder, &place);
        let found = Place::there(&folder.0).expect("the folder says where its store is");
        assert_eq!(found, place);
        assert!(
            !found.to_string().contains("svi@") && found.to_string().starts_with("postgres://"),
            "{found}"
        );
    }
    // A server that goes away costs no record.
    let folder = Folder::new("postgres-away");
    let place = Place::of(&folder.0, Some("postgres://svi@localhost/svi?host=/nowhere&connect_timeout=1"));
    let mut ledger = open(&folder, &place);
    ledger.write(vec![record(1)]);
    assert_eq!((ledger.counts().written(), ledger.counts().waiting()), (1, 1));
}

/// A server of this test, on a socket in its own folder.
struct Server {
    child: Child,
    url: String,
    _folder: Folder,
}

impl Server {
    fn start() -> Option<Self> {
        let bin = binaries()?;
        let folder = Folder::new("postgres");
        let data = folder.0.join("data");
        // It refuses to run as root.
        let owner = rustix::process::geteuid()
            .is_root()
            .then(|| owner_of_postgres().expect("its package makes a user"));
        let command = |name: &str| {
            let mut command = Command::new(bin.join(name));
            command.current_dir("/").env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command
        };
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(&folder.0, Some(user), Some(group)).unwrap();
        }
        let made = command("initdb")
            .args(["--auth=trust", "--username=svi", "--no-sync", "-D"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut child = command("postgres")
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-k"])
            .arg(&folder.0)
            .arg("-D")
            .arg(&data)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        said.find(|line| line.contains("ready to accept connections")).expect("it starts");
        std::thread::spawn(move || said.for_each(drop));
        let url = format!("postgres://svi@localhost/postgres?host={}", folder.0.display());
        Some(Self { child, url, _folder: folder })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(pid) = rustix::process::Pid::from_raw(self.child.id() as i32) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        }
        let _ = self.child.wait();
    }
}

/// Where Debian keeps the newest one.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found =
        versions.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).max();
    if found.is_none() {
        let required = std::env::var("SVI_REQUIRE").unwrap_or_default();
        assert!(!required.split(',').any(|name| name == "postgres"), "apt-get install postgresql");
        eprintln!("SKIPPED: apt-get install postgresql");
    }
    found
}

fn owner_of_postgres() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut ids = line.split(':').skip(2).map(str::parse);
    Some((ids.next()?.ok()?, ids.next()?.ok()?))
}
