use super::*;
use crate::figures::french::tongue as french;

const PARIS: &str = "Europe/Paris";

fn wall(text: &str) -> Wall {
    Wall::parse(text).unwrap()
}

fn count(width: Width, from: &str, until: &str) -> usize {
    width.over(wall(from), wall(until), PARIS).count()
}

#[test]
fn a_moment_lies_in_one_interval_of_each_width() {
    let at = wall("2026-11-03T10:22:07.250+01:00");
    for (width, start, end) in [
        (Width::Quarter, "2026-11-03T10:15:00+01:00", "2026-11-03T10:30:00+01:00"),
        (Width::Half, "2026-11-03T10:00:00+01:00", "2026-11-03T10:30:00+01:00"),
        (Width::Hour, "2026-11-03T10:00:00+01:00", "2026-11-03T11:00:00+01:00"),
        (Width::Day, "2026-11-03T00:00:00+01:00", "2026-11-04T00:00:00+01:00"),
        (Width::Week, "2026-11-02T00:00:00+01:00", "2026-11-09T00:00:00+01:00"),
        (Width::Month, "2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00"),
    ] {
        let interval = width.of(at, PARIS);
        assert_eq!((interval.start, interval.end), (wall(start), wall(end)), "{width:?}");
        assert_eq!(width.of(interval.start, PARIS), interval, "its start belongs to it");
        assert_ne!(width.of(interval.end, PARIS), interval, "its end does not");
    }
}

#[test]
fn days_of_the_change_have_23_and_25_hours() {
    let spring = ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00");
    let autumn = ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00");
    for ((from, until), hours) in [(spring, 23), (autumn, 25)] {
        assert_eq!(count(Width::Hour, from, until), hours);
        assert_eq!(count(Width::Quarter, from, until), 4 * hours);
        let day = Width::Day.of(wall(from), PARIS);
        assert_eq!((day.start, day.end), (wall(from), wall(until)));
    }
}

#[test]
fn the_hour_that_comes_twice_is_two_and_told_apart() {
    let (first, second) = (wall("2026-10-25T02:20:00+02:00"), wall("2026-10-25T02:20:00+01:00"));
    let [first, second] = [first, second].map(|at| Width::Quarter.of(at, PARIS));
    assert_eq!(second.id() - first.id(), 3_600_000);
    assert_eq!(first.label(PARIS, french()), "dim. 25 oct. 2 h 15 (été)");
    assert_eq!(second.label(PARIS, french()), "dim. 25 oct. 2 h 15 (hiver)");
    let after = Width::Hour.of(wall("2026-10-25T03:00:00+01:00"), PARIS);
    assert_eq!(after.label(PARIS, Tongue::English), "Sun 25 Oct 3:00");
}

#[test]
fn intervals_of_a_span_follow_each_other_without_a_gap() {
    for (_, width) in Width::ALL {
        let all: Vec<_> =
            width.over(wall("2026-10-20T11:11:11Z"), wall("2026-12-02T00:00:00Z"), PARIS).collect();
        assert!(all[0].start <= wall("2026-10-20T11:11:11Z") && all[0].end > wall("2026-10-20T11:11:11Z"));
        assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start), "{width:?}");
        assert!(all[all.len() - 1].end >= wall("2026-12-02T00:00:00Z"));
    }
    assert_eq!(count(Width::Day, "2026-11-03T00:00:00+01:00", "2026-11-03T00:00:00+01:00"), 0);
    assert_eq!(count(Width::Quarter, "2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z"), INTERVALS_MAX);
}

#[test]
fn labels_are_read_in_both_languages() {
    let at = wall("2026-11-03T10:22:00+01:00");
    for (width, fr, en) in [
        (Width::Quarter, "mar. 3 nov. 10 h 15", "Tue 3 Nov 10:15"),
        (Width::Hour, "mar. 3 nov. 10 h", "Tue 3 Nov 10:00"),
        (Width::Day, "mar. 3 nov. 2026", "Tue 3 Nov 2026"),
        (Width::Week, "semaine 45 (2 nov. 2026)", "week 45 (2 Nov 2026)"),
        (Width::Month, "novembre 2026", "November 2026"),
    ] {
        let interval = width.of(at, PARIS);
        assert_eq!(
            (interval.label(PARIS, french()).as_str(), interval.label(PARIS, Tongue::English).as_str()),
            (fr, en)
        );
    }
    let first = Width::Day.of(wall("2026-11-01T12:00:00Z"), PARIS);
    assert_eq!(first.label(PARIS, french()), "dim. 1er nov. 2026");
}

proptest::proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    #[test]
    fn every_moment_lies_between_start_and_end(
        ms in 0_i64..4_000_000_000_000,
        zone in proptest::sample::select(vec![PARIS, "Pacific/Marquesas", "America/Miquelon", "Pacific/Noumea"]),
    ) {
        for (_, width) in Width::ALL {
            let at = Wall::from_epoch_ms(ms);
            let interval = width.of(at, zone);
            proptest::prop_assert!(interval.start <= at && at < interval.end, "{:?} {:?}", width, interval);
        }
    }
}
