//! The tables, as numbered steps that only go forward: each is carried out once, in a transaction, after a copy of the file.

use super::db::{Db, DbError, values};
use super::place::{Place, StoreError};
use super::{backup, rollups};

/// Each step, the first being that from nothing to version 1. A step that was published is never changed.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_calls.sql"),
    include_str!("migrations/0002_rollups.sql"),
    include_str!("migrations/0003_tallies.sql"),
];
/// What others may read.
const VIEWS: &str = include_str!("views.sql");

/// Goes up when the views change and no step comes with it.
const VIEWS_VERSION: i64 = 1;

/// Facts about the whole: the version of its tables, of its sums, and from when on these can be counted anew.
const META: &str = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)";

/// The version that this program writes.
pub(super) const fn newest() -> i64 {
    STEPS.len() as i64
}

/// A fact about the whole.
pub(super) fn fact(db: &mut Db, name: &str) -> Result<Option<i64>, DbError> {
    let rows = db.query("SELECT value FROM meta WHERE name = $1", values![name])?;
    Ok(rows.first().map(|row| row.int(0)))
}

/// Writes it down.
pub(super) fn note(db: &mut Db, name: &str, value: i64) -> Result<(), DbError> {
    let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    db.execute(sql, values![name, value]).map(drop)
}

/// A fact that is no number.
pub(super) fn noted(db: &mut Db, name: &str) -> Result<Option<String>, DbError> {
    let rows = db.query("SELECT value FROM notes WHERE name = $1", values![name])?;
    Ok(rows.first().and_then(|row| row.text(0)).map(str::to_owned))
}

/// Writes it down.
pub(super) fn write(db: &mut Db, name: &str, value: &str) -> Result<(), DbError> {
    let sql = "INSERT INTO notes (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    db.execute(sql, values![name, value]).map(drop)
}

/// The version of the tables; 0 when there are none.
pub(super) fn version(db: &mut Db) -> Result<i64, DbError> {
    if db.has_table("meta")? { Ok(fact(db, "schema")?.unwrap_or(0)) } else { Ok(0) }
}

/// Whether this program can read it.
///
/// # Errors
/// A newer one has written it, or none at all.
pub(super) fn judge(db: &mut Db) -> Result<(), StoreError> {
    match version(db)? {
        found if found > newest() => Err(StoreError::Newer { found }),
        0 => Err(StoreError::None),
        _ => Ok(()),
    }
}

/// Brings the tables to the newest version, and the sums with them if these are made otherwise now.
///
/// # Errors
/// A newer program has written it, or what the database says; it is then as it was.
pub(super) fn migrate(db: &mut Db, place: &Place) -> Result<(), StoreError> {
    migrate_to(db, place, newest())
}

/// Whether sums and views are those of this program.
fn current(db: &mut Db) -> Result<bool, DbError> {
    let (sums, views) = (fact(db, "rollups")?, fact(db, "views")?);
    Ok(sums == Some(rollups::VERSION) && views == Some(VIEWS_VERSION))
}

fn migrate_to(db: &mut Db, place: &Place, wanted: i64) -> Result<(), StoreError> {
    let found = version(db)?;
    if found > newest() {
        return Err(StoreError::Newer { found });
    }
    if found == wanted && current(db)? {
        return Ok(());
    }
    if found > 0 {
        backup::copy(db, &place.before(found))?;
    }
    db.transaction(|db| {
        db.script(META)?;
        let steps = STEPS.iter().zip(1..).filter(|(_, version)| (found + 1..=wanted).contains(version));
        for (step, version) in steps {
            db.create(step)?;
            note(db, "schema", version)?;
        }
        if wanted == newest() {
            db.script(VIEWS)?;
            rollups::recount(db)?;
            note(db, "rollups", rollups::VERSION)?;
            note(db, "views", VIEWS_VERSION)?;
        }
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::io::store::db::Mode;
    use crate::io::store::entry::{Entry, tests::record};
    use crate::io::store::key::Key;
    use crate::io::store::tests::Folder;

    /// Tables of an earlier version.
    pub(in crate::io::store) fn of_version(place: &Place, version: i64) -> Db {
        let mut db = Db::sqlite(&place.file, Mode::Command).unwrap();
        migrate_to(&mut db, place, version).unwrap();
        db
    }

    #[test]
    fn from_each_earlier_version_data_come_along_and_are_counted() {
        for earlier in 1..newest() {
            let folder = Folder::new(&format!("migrate-{earlier}"));
            let place = folder.place();
            let mut db = of_version(&place, earlier);
            let key = Key::of(&place).unwrap();
            for n in 0..20 {
                Entry::of(record(n), &key).rows(&mut db).unwrap();
            }
            drop(db);
            let mut db = Db::sqlite(&place.file, Mode::Serve).unwrap();
            migrate(&mut db, &place).unwrap();
            assert_eq!(version(&mut db).unwrap(), newest());
            let calls = db.query("SELECT COUNT(*) FROM v_calls", &[]).unwrap()[0].int(0);
            assert_eq!((calls, rollups::tests::total(&mut db).calls.calls), (20, 20));
            let mut copy = Db::sqlite(&place.before(earlier), Mode::Read).unwrap();
            assert_eq!(copy.query("SELECT COUNT(*) FROM calls", &[]).unwrap()[0].int(0), 20);
            assert_eq!(version(&mut copy).unwrap(), earlier);
        }
    }

    #[test]
    fn what_a_newer_program_has_written_is_refused_and_left_as_it_is() {
        let folder = Folder::new("newer");
        let place = folder.place();
        let mut db = of_version(&place, newest());
        note(&mut db, "schema", newest() + 1).unwrap();
        let Err(error @ StoreError::Newer { .. }) = migrate(&mut db, &place) else { panic!("it is refused") };
        let text = error.to_text();
        assert!(text.english().contains(&format!("schema {}, this one knows {}", newest() + 1, newest())));
        assert!(matches!(judge(&mut db), Err(StoreError::Newer { .. })));
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before_it() {
        let folder = Folder::new("halfway");
        let place = folder.place();
        let mut db = of_version(&place, 1);
        // The name is taken, so that the second step fails.
        db.script("CREATE TABLE rollups (x BIGINT)").unwrap();
        assert!(migrate(&mut db, &place).is_err());
        assert_eq!(version(&mut db).unwrap(), 1);
        db.script("DROP TABLE rollups").unwrap();
        migrate(&mut db, &place).unwrap();
        assert_eq!(version(&mut db).unwrap(), newest());
    }
}
