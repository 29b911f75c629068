//! The clock of the site: records, campaigns and what is said go by it, whatever the zones of its calendars.

use svi::sim::network::Weather;
use svi::sim::world::World;

use crate::support::{Caller, FLOW, SITE, edition, length, moment, run};

/// Calendars elsewhere: one has its own zone, one goes by the site's.
const ELSEWHERE: &str = "\
hours:
  boutique: { timezone: Europe/Paris, week: { lun-ven: 9h-18h } }
  antilles: { timezone: America/Guadeloupe, week: { lun-ven: 9h-18h } }
  ile: { week: { lun-ven: 9h-18h } }
campaigns:
  mercredi: { number: 01 23 45 67 89, from: 2026-11-25, until: 2026-11-25 }
";

#[test]
fn records_and_days_go_by_the_clock_of_the_site() {
    let site = SITE
        .split("hours:\n")
        .next()
        .unwrap()
        .replace("site: essais\n", "site: essais\ntimezone: Indian/Reunion\n");
    let edition = edition(&format!("{site}{ELSEWHERE}"), FLOW);
    let zone = |calendar: &str| edition.site.shared.calendar(calendar).unwrap().zone.clone();
    assert_eq!((&*zone("ile"), &*zone("antilles")), ("Indian/Reunion", "America/Guadeloupe"));
    let mut world = World::new(edition, 1, Weather::FAIR, length);
    // It is Wednesday in La Réunion, and Tuesday evening in Paris.
    world.at(moment("2026-11-24T21:30:00Z"));
    Caller::new("0612345678").dials("0123456789").hears("Bienvenue.").hangs_up().enters(&mut world);
    let record = serde_json::to_value(run(&mut world)).unwrap();
    for time in ["started", "answered", "ended"] {
        let time = record[time].as_str().unwrap();
        assert!(time.starts_with("2026-11-25T01:30:") && time.ends_with("+04:00"), "{time}");
    }
    assert_eq!(record["campaign"], "mercredi", "the campaign of today is that of the site's day");
}
