//! What is too old goes, once a night: records, callers' numbers and journals out of the store, messages out of their mailboxes.
//!
//! In a thread of its own beside the one that writes, a page at a time: who writes gets a turn between two. It reads no clock, but is
//! told the time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::SystemTime;

use super::db::Mode;
use super::keep::{Purged, Terms, purge};
use super::ledger::Counts;
use super::place::{Place, StoreError};
use super::schema;
use crate::base::time::{Duration, Wall};
use crate::io::clock::Clock;
use crate::io::disk;

/// When nobody calls and no backup runs yet, by the site's clock.
const AT: &str = "03:30";
/// How often is looked at the clock.
const LOOK: Duration = Duration::from_secs(30);
/// What the store knows of the last time.
const DONE: &str = "purged";

/// See the module.
pub(super) struct Nightly {
    pub(super) place: Place,
    pub(super) terms: Terms,
    pub(super) counts: Arc<Counts>,
}

impl Nightly {
    /// Looks at the clock until its store is closed.
    pub(super) fn run(&self, clock: Clock, stop: &Receiver<()>) {
        while stop.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            self.turn(clock.now().wall);
        }
    }

    /// Does it when it is due. What the database refuses is tried again.
    pub(super) fn turn(&self, now: Wall) {
        match self.due(now).and_then(|due| if due { self.purge(now).map(Some) } else { Ok(None) }) {
            Ok(None) => {}
            Ok(Some(gone)) => {
                let Purged { records, callers, journals, messages } = gone;
                tracing::info!(records, callers, journals, messages, "what was too old has gone");
                self.counts.purged(now, gone);
            }
            Err(why) => tracing::warn!(why = %why.to_text().english(), "what is too old could not go"),
        }
    }

    /// Half past three has passed since the last time.
    fn due(&self, now: Wall) -> Result<bool, StoreError> {
        let mut db = self.place.open(Mode::Read)?;
        schema::judge(&mut db)?;
        let last = schema::fact(&mut db, DONE)?.unwrap_or(i64::MIN);
        let zone = &self.terms.zone;
        let Some(civil) = now.civil(zone) else { return Ok(false) };
        let local = |days| Wall::parse_local(&format!("{}T{AT}", civil.date.plus_days(days)), zone);
        let latest = [0, -1].into_iter().filter_map(|days| local(days).ok()).find(|local| local.wall <= now);
        Ok(latest.is_some_and(|latest| last < latest.wall.epoch_ms()))
    }

    fn purge(&self, now: Wall) -> Result<Purged, StoreError> {
        let mut gone = purge(&self.place, &self.terms.keep, now)?;
        for (folder, age) in &self.terms.mailboxes {
            gone.messages += messages(folder, *age, now);
        }
        let mut db = self.place.open(Mode::Command)?;
        schema::note(&mut db, DONE, now.epoch_ms())?;
        Ok(gone)
    }
}

/// Takes recordings that are too old out of a mailbox, with what stands beside them; how many there were.
fn messages(folder: &Path, age: Duration, now: Wall) -> u64 {
    let until = (now - age).epoch_ms();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut gone = 0;
    for path in entries.map(|entry| entry.path()).filter(|path| written_ms(path).is_some_and(|ms| ms < until))
    {
        match disk::remove(&path) {
            Ok(()) => gone += u64::from(path.extension().is_some_and(|end| end == "wav")),
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "an old message could not be removed")
            }
        }
    }
    gone
}

/// When a file was written last; none of what is no file.
fn written_ms(path: &PathBuf) -> Option<i64> {
    let metadata = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let since = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::store::entry::{Entry, tests::MORNING, tests::record};
    use crate::io::store::keep::Keep;
    use crate::io::store::key::Key;
    use crate::io::store::tests::Folder;

    const DAY: Duration = Duration::from_secs(86_400);

    fn wall(text: &str) -> Wall {
        Wall::parse(text).unwrap()
    }

    fn nightly(folder: &Folder) -> Nightly {
        let key = Key::of(&folder.place()).unwrap();
        let mut db = schema::tests::of_version(&folder.place(), schema::newest());
        for n in 0..96 {
            db.transaction(|db| {
                Entry::of(record(n), &key).insert(db, &crate::figures::thresholds::Aims::default())
            })
            .unwrap();
        }
        let keep = Keep { records: Some(DAY), journals: None, callers: None };
        let mailboxes = vec![(folder.0.join("accueil"), DAY)];
        let terms = Terms { zone: "Europe/Paris".into(), keep, mailboxes, ..Terms::default() };
        Nightly { place: folder.place(), terms, counts: Arc::new(Counts::default()) }
    }

    fn records(place: &Place) -> i64 {
        let mut db = place.open(Mode::Read).unwrap();
        db.query("SELECT COUNT(*) FROM calls", &[]).unwrap()[0].int(0)
    }

    #[test]
    fn once_a_night_by_the_clock_of_the_site() {
        let folder = Folder::new("nightly");
        let nightly = nightly(&folder);
        // The first call came at ten on the 24th, the last one at half past nine two days later.
        let done = |at: &str| {
            schema::note(&mut folder.place().open(Mode::Command).unwrap(), DONE, wall(at).epoch_ms()).unwrap()
        };
        done("2026-11-25T03:30:00+01:00");
        nightly.turn(wall("2026-11-26T03:29:59+01:00"));
        assert_eq!((records(&folder.place()), nightly.counts.last_purge()), (96, None), "it is too early");
        nightly.turn(wall("2026-11-26T03:30:00+01:00"));
        let left = records(&folder.place());
        assert_eq!(left, 96 - 35, "half past three of the day before, and what came since");
        let (at, gone) = nightly.counts.last_purge().unwrap();
        assert_eq!((at, gone.records), (wall("2026-11-26T03:30:00+01:00"), 35));
        nightly.turn(wall("2026-11-26T23:59:00+01:00"));
        assert_eq!(records(&folder.place()), left, "once");
        nightly.turn(wall("2026-11-27T10:00:00+01:00"));
        assert!(records(&folder.place()) < left, "a machine that was off at night does it later");
        assert_eq!(MORNING, wall("2026-11-24T10:00:00+01:00").epoch_ms());
    }

    #[test]
    fn old_messages_go_and_new_ones_and_folders_stay() {
        let folder = Folder::new("nightly-messages");
        let nightly = nightly(&folder);
        let mailbox = folder.0.join("accueil");
        disk::folder(&mailbox.join("archive")).unwrap();
        let now = wall("2026-11-26T04:00:00+01:00");
        for (name, hours) in [("old.wav", 25), ("old.json", 25), ("new.wav", 23), ("new.json", 23)] {
            disk::write(&mailbox.join(name), b"x").unwrap();
            let file = std::fs::File::options().write(true).open(mailbox.join(name)).unwrap();
            let ms = now.epoch_ms().unsigned_abs() - hours * 3_600_000;
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(ms)).unwrap();
        }
        nightly.turn(now);
        let mut left: Vec<_> = std::fs::read_dir(&mailbox)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["archive", "new.json", "new.wav"]);
        assert_eq!(nightly.counts.last_purge().unwrap().1.messages, 1);
    }
}
