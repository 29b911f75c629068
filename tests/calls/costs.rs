//! What a call costs stands in its record, by the tariffs of its site.

use std::net::IpAddr;

use svi::sim::network::Weather;
use svi::sim::world::World;

use crate::support::{Caller, FLOW, SITE, edition, length, moment, run, seconds, talks};

const OUTSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 1, 0, 200));

/// By the begun minute, in and out.
const TARIFFS: &str = "\
tariffs:
  vert:
    from_fixed: { per_minute: 0.02 EUR, first: 60s, step: 60s }
    from_mobile: { per_minute: 0.06 EUR, first: 60s, step: 60s }
    to: { fixed: { per_minute: 0.01 EUR, first: 60s, step: 60s } }
";

/// A mobile that is transferred to a fixed line, and talks for so long.
fn record(site: &str, talk_s: u64) -> serde_json::Value {
    let mut world = World::new(edition(site, FLOW), 3, Weather::FAIR, length);
    world.at(moment("2026-11-24T10:00:00+01:00"));
    world.outside("atelier", OUTSIDE, talks(seconds(1), seconds(talk_s)));
    Caller::new("0612345678").dials("0800123456").presses("*").enters(&mut world);
    serde_json::to_value(run(&mut world)).unwrap()
}

#[test]
fn a_call_costs_what_comes_in_and_what_goes_out() {
    let site = SITE.replace("outbound: 10.1.0.200 }", "outbound: 10.1.0.200, tariff: vert }");
    let record = record(&format!("{site}{TARIFFS}"), 65);
    let cost = &record["cost"];
    assert_eq!((&cost["tariff"], &cost["billed_s"]), (&"vert".into(), &120.into()), "{cost}");
    assert_eq!((&cost["incoming_micros"], &cost["outgoing_micros"]), (&120_000.into(), &20_000.into()));
    assert_eq!((&cost["total_micros"], cost.get("unsure")), (&140_000.into(), None));
    assert_eq!(record["legs"][0]["cost_micros"], 20_000);
}

#[test]
fn without_tariffs_nothing_is_said_of_costs() {
    let record = record(SITE, 5);
    assert_eq!((record.get("cost"), record["legs"][0].get("cost_micros")), (None, None));
}
