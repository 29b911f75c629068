//! The scenarios of the shipped site and of the reference pass as they are written, through the runner of `svi test`.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests read the files that they judge

use std::path::Path;
use std::sync::Arc;

use svi::base::diagnostic::Report;
use svi::io::load;
use svi::io::scenes::Scenes;
use svi::sim::scenario::{self, coverage::Coverage};

/// How many scenarios of a site pass; every failure drawn.
fn played(site: Option<&str>) -> (usize, String, Coverage) {
    let path = site.map(|site| Path::new(env!("CARGO_MANIFEST_DIR")).join(site));
    let scenes = Scenes::of(path);
    let edition = Arc::new(load::words_only(&scenes.site).unwrap());
    let mut report = Report::default();
    let mut coverage = Coverage::of_site(&edition);
    let (mut passed, mut failures) = (0, String::new());
    for text in scenes.texts().unwrap() {
        for scenario in scenario::read(&text, &edition, &mut report) {
            let outcome = scenario::play(&scenario, &edition);
            coverage.add(&scenario.flow, &outcome.story);
            passed += usize::from(outcome.passed());
            failures.extend(outcome.failures.iter().map(|failure| format!("{}: {failure}\n", scenario.name)));
        }
    }
    (passed, format!("{report}{failures}"), coverage)
}

#[test]
fn the_reference_passes_as_it_is_written() {
    let (passed, failures, _) = played(Some("tests/data/site"));
    assert_eq!(failures, "");
    assert_eq!(passed, 3);
}

#[test]
fn the_shipped_scenarios_pass_and_visit_every_block() {
    let (passed, failures, coverage) = played(None);
    assert_eq!(failures, "");
    assert_eq!(passed, 11);
    assert_eq!(coverage.blocks().percent(), 100, "{}", coverage.describe(Default::default()));
}

#[test]
fn the_hotel_of_two_languages_passes() {
    let (passed, failures, coverage) = played(Some("examples/hotel"));
    assert_eq!(failures, "");
    assert_eq!(passed, 8);
    assert!(coverage.blocks().percent() >= 90, "{}", coverage.describe(Default::default()));
}

#[test]
fn the_checker_has_nothing_against_the_sites_that_are_shown() {
    for site in ["flows", "examples/hotel"] {
        let source = load::SiteSource::new(Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(site)));
        // Which texts have a voice depends on the machine.
        let told = load::check(&source).report;
        let told: Vec<_> = told.iter().filter(|told| told.code != "no-voice").collect();
        assert!(told.is_empty(), "{site}: {told:#?}");
    }
}
