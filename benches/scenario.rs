//! How long a scenario of twelve steps takes, the site being loaded: `cargo bench --bench scenario`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use svi::base::diagnostic::{Report, Source};
use svi::io::load::{self, SiteSource};
use svi::sim::scenario;

const SCENARIO: &str = "\
flow: accueil
tests:
  - name: douze étapes
    call: { waiting: 4 }
    steps:
      - hear: appel-gratuit.wav
      - hear: bienvenue à la Maison Lavande
      - press: 3
      - hear: nous sommes ouverts
      - hear: du lundi au vendredi de 9h à 12h30
      - press: star
      - hear: que souhaitez-vous faire
      - press: 1
      - hear: cinquième position
      - wait: 45s
      - answer: alice
      - hangup
    expect: { queue: conseillers, agents: [alice] }
";

fn twelve_steps(criterion: &mut Criterion) {
    let edition = Arc::new(load::words_only(&SiteSource::new(None)).expect("the shipped site loads"));
    let mut report = Report::default();
    let read = scenario::read(&Source::new("douze.test.yaml", SCENARIO), &edition, &mut report);
    let scenario = read.first().expect("the scenario is right");
    assert!(scenario::play(scenario, &edition).passed());
    criterion.bench_function("a scenario of 12 steps", |bencher| {
        bencher.iter(|| black_box(scenario::play(scenario, &edition)));
    });
}

criterion_group!(benches, twelve_steps);
criterion_main!(benches);
