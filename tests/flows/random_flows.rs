//! A thousand valid sites, written at random: the checker has nothing against any of them, and each call through them ends
//! within its bounds, whoever calls, and holds the laws at every step.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may; it measures itself

mod caller;
mod writer;

use std::sync::Arc;
use std::time::Instant;

use caller::{Manner, walk};
use svi::base::diagnostic::{Report, Source};
use svi::base::name::Name;
use svi::base::rng::Rng;
use svi::config::Site;
use writer::{Written, write};

const SITES: u64 = 1_000;

fn load(written: &Written) -> (Site, Report) {
    let texts: Vec<Arc<Source>> =
        written.texts.iter().map(|(path, text)| Source::new(path.as_str(), text.as_str())).collect();
    let recordings = ["appel-gratuit.wav", "attente.wav", "bip.wav", "promotion.wav"].map(Name::from).into();
    svi::config::read(&texts, &recordings, true, &|_| None)
}

#[test]
fn the_same_seed_writes_the_same_site() {
    for seed in [0, 7, 999] {
        assert_eq!(write(seed).texts, write(seed).texts);
    }
    assert_ne!(write(1).texts, write(2).texts);
}

#[test]
fn the_checker_has_nothing_against_what_is_right_and_every_call_ends() {
    let begun = Instant::now();
    let (mut walks, mut events, mut blocks, mut fetches, mut letters, mut longest) = (0, 0, 0, 0, 0, 0);
    let mut written_blocks = 0;
    let mut all = String::new();
    for seed in 0..SITES {
        let written = write(seed);
        let (site, report) = load(&written);
        let text =
            || written.texts.iter().skip(1).map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
        assert!(report.is_empty(), "seed {seed}:\n{report}\n{}", text());
        written_blocks += written.blocks;
        let flow = &site.flows["accueil"];
        for manner in [Manner::Silent, Manner::Wrong, Manner::Random, Manner::Random] {
            let mut rng = Rng::seeded(seed * 4 + walks % 4);
            let seen = walk(flow, &site.flows, manner, &mut rng);
            walks += 1;
            events += seen.events;
            blocks += seen.blocks;
            fetches += seen.fetches;
            letters += seen.letters;
            longest = longest.max(seen.events);
        }
        all.push_str(&text());
    }
    for verb in svi::flow::verb::VERBS {
        assert!(all.contains(&format!("- {}:", verb.name)), "no site has `{}`", verb.name);
    }
    assert!(
        blocks > 10_000 && fetches > 500 && letters > 400,
        "{blocks} blocks, {fetches} fetches, {letters} letters"
    );
    println!(
        "{SITES} sites of {written_blocks} blocks, {walks} walks, {events} events ({longest} at most in one), {:.0} walks a second with their sites",
        walks as f64 / begun.elapsed().as_secs_f64()
    );
}
