use super::*;
use crate::base::name::Name;
use crate::base::property;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Wall};
use crate::centre::visit_record::{VisitEnd, VisitRecord};
use crate::figures::thresholds::Thresholds;
use crate::io::store::db::Mode;
use crate::io::store::entry::{Entry, tests::MORNING, tests::record};
use crate::io::store::keep::{Keep, purge};
use crate::io::store::key;
use crate::io::store::tests::Folder;

/// All sums.
pub(in crate::io::store) fn all(db: &mut Db) -> Vec<Row> {
    let sql = "SELECT quarter_ms, number, campaign, queue, agent, tally FROM rollups ORDER BY 1, 2, 3, 4, 5";
    db.query(sql, &[]).unwrap()
}

/// What all sums are together.
pub(in crate::io::store) fn total(db: &mut Db) -> Tally {
    let mut total = Tally::default();
    each(db, i64::MIN, i64::MAX, |_, tally| total.merge(tally)).unwrap();
    total
}

/// A call that waited once more, for long enough to be in other quarters than that in which it began.
fn waited(n: i64, rng: &mut Rng) -> CallRecord {
    let queue = Name::from(if rng.chance(500) { "sav" } else { "ventes" });
    let visit = VisitRecord {
        queue,
        after_ms: rng.below(3_600_000),
        wait_ms: rng.below(60_000),
        left: if rng.chance(500) { VisitEnd::Answered } else { VisitEnd::Abandoned },
        by: None,
        exit: None,
        place_first: 1,
        place_last: 1,
        place_max: 1,
        offers: 1,
    };
    CallRecord { visits: vec![visit], ..record(n) }
}

proptest::proptest! {
    #![proptest_config(property::cases(16))]

    #[test]
    fn in_whatever_order_records_come_and_go_the_sums_are_those_that_are_counted_anew(seed: u64) {
        let folder = Folder::new(&format!("sums-{seed}"));
        let place = folder.place();
        let key = key::Key::of(&place).unwrap();
        let mut rng = Rng::seeded(seed);
        let mut db = schema::tests::of_version(&place, schema::newest());
        let calls: Vec<_> = (0..40).map(|n| waited(n, &mut rng)).collect();
        let insert = |db: &mut Db, rng: &mut Rng| {
            // Some come twice, and in any order.
            let n = rng.below(calls.len() as u64) as usize;
            db.transaction(|db| Entry::of(calls[n].clone(), &key).insert(db, &Aims::default())).unwrap();
        };
        for round in 1..=3 {
            (0..25).for_each(|_| insert(&mut db, &mut rng));
            let kept = all(&mut db);
            db.transaction(recount).unwrap();
            proptest::prop_assert_eq!(&kept, &all(&mut db));
            // What goes leaves its sums, also those within the quarters of calls that stay.
            let keep = Keep { records: Some(Duration::ZERO), ..Keep::default() };
            purge(&place, &keep, Wall::from_epoch_ms(MORNING + round * 8 * 1_800_000)).unwrap();
            proptest::prop_assert_eq!(&kept, &all(&mut db));
            db.transaction(recount).unwrap();
            proptest::prop_assert_eq!(&kept, &all(&mut db));
        }
    }
}

#[test]
fn each_call_counts_once_and_is_read_back() {
    let folder = Folder::new("sums-total");
    let key = key::Key::of(&folder.place()).unwrap();
    let mut db = schema::tests::of_version(&folder.place(), schema::newest());
    let mut expected = Tally::default();
    for n in (0..40).chain(0..20) {
        let new = db.transaction(|db| Entry::of(record(n), &key).insert(db, &Aims::default())).unwrap();
        if new {
            contribution::of(&record(n), &Aims::default())
                .iter()
                .for_each(|(_, tally)| expected.merge(tally));
        }
    }
    assert_eq!((total(&mut db), expected.calls.calls), (expected, 40));
}

#[test]
fn other_thresholds_count_anew_and_stand_in_the_database() {
    let folder = Folder::new("sums-aims");
    let key = key::Key::of(&folder.place()).unwrap();
    let mut db = schema::tests::of_version(&folder.place(), schema::newest());
    let mut rng = Rng::seeded(1);
    for n in 0..40 {
        let call = waited(n, &mut rng);
        db.transaction(|db| Entry::of(call, &key).insert(db, &Aims::default())).unwrap();
    }
    let before = total(&mut db);
    let within = |seconds| Thresholds { within: Duration::from_secs(seconds), ..Thresholds::default() };
    let wanted = Aims { queues: [(Name::from("sav"), within(40))].into(), ..Aims::default() };
    aim(&mut db, &wanted).unwrap();
    let after = total(&mut db);
    assert_eq!(after.stays.offered, before.stays.offered);
    assert!(after.stays.within > before.stays.within, "{} {}", before.stays.within, after.stays.within);
    drop(db);
    let mut db = folder.place().open(Mode::Command).unwrap();
    assert_eq!(aims(&mut db).unwrap(), wanted, "who comes later counts by them, too");
}
