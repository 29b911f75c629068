//! Random worlds from a seed: callers who press anything and leave anywhen, agents who answer, refuse or vanish, a network
//! that loses and reorders, reloads and garbage in between. All laws are checked after each step.

use std::sync::Arc;

use svi::base::rng::Rng;
use svi::base::time::Duration;
use svi::sim::network::Weather;
use svi::sim::phone::{Act, Habit};
use svi::sim::world::World;
use svi::switchboard::Order;

use crate::support::{FLOW, SITE, edition, length};

/// Seeds that ever failed stay here for good.
const ONCE_FAILED: &[u64] = &[];
/// Worlds of each half; ten callers each.
const WORLDS: u64 = 110;

#[test]
fn a_thousand_random_calls_break_no_law() {
    let calls: usize = ONCE_FAILED.iter().copied().chain(0..WORLDS).map(live).sum();
    assert!(calls >= 1_000, "only {calls} calls were let in");
}

/// The other half, so that both cores have something to do.
#[test]
fn another_thousand_random_calls_break_no_law() {
    let calls: usize = (WORLDS..2 * WORLDS).map(live).sum();
    assert!(calls >= 1_000, "only {calls} calls were let in");
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let trace = |seed| {
        let world = grown(seed);
        (world.ladder.draw(), world.records.iter().map(|record| record.to_json()).collect::<Vec<_>>())
    };
    assert_eq!(trace(42), trace(42));
}

fn live(seed: u64) -> usize {
    let world = grown(seed);
    let verdict = world.verdict();
    assert!(verdict.is_empty(), "seed {seed}: {verdict:#?}\n{}", world.ladder.draw());
    assert_eq!(world.board().calls_len(), 0, "seed {seed}: calls were left over\n{}", world.ladder.draw());
    world.records.len()
}

/// A world that has lived.
fn grown(seed: u64) -> World {
    let mut rng = Rng::seeded(seed);
    let weather = match rng.below(4) {
        0 => Weather::FOUL,
        1 => Weather { loss: 30, ..Weather::FAIR },
        _ => Weather::FAIR,
    };
    let mut world = World::new(edition(SITE, FLOW), seed, weather, length);
    world.disk_full = rng.chance(100);
    for account in ["alice", "bruno"] {
        if rng.chance(800) {
            world.agent(account, habit(&mut rng));
        }
    }
    if rng.chance(700) {
        world.outside("dehors", [10, 1, 0, 200].into(), habit(&mut rng));
    }
    world.run_for(Duration::from_secs(2));
    for caller in 0..10 {
        let acts = acts(&mut rng);
        world.caller(&format!("06000000{caller:02}"), acts);
        world.run_for(Duration::from_millis(rng.below(8_000)));
        if rng.chance(50) {
            world.order(Order::Reload(Arc::new(reloaded(&world))));
        }
        if rng.chance(100) {
            let noise: Vec<u8> = (0..rng.below(300)).map(|_| rng.below(256) as u8).collect();
            world.garbage(&noise);
        }
    }
    // Whatever is still on is ended by an order, as at the end of a drain.
    world.run_for(Duration::from_secs(240));
    world.order(Order::EndAll);
    world.run_for(Duration::from_secs(120));
    world
}

/// The same site again, with the sounds of the world that runs.
fn reloaded(world: &World) -> svi::switchboard::Edition {
    let now = world.board().edition();
    let mut again = edition(SITE, FLOW);
    again.library = now.library.clone();
    again.listen.clone_from(&now.listen);
    again
}

fn habit(rng: &mut Rng) -> Habit {
    Habit {
        after: Duration::from_millis(rng.below(25_000)),
        refuse: rng.chance(250).then(|| [486, 480, 603, 500][rng.below(4) as usize]),
        talk: rng.chance(500).then(|| Duration::from_millis(rng.below(30_000))),
        presses: if rng.chance(500) { "1" } else { "" },
    }
}

fn acts(rng: &mut Rng) -> Vec<Act> {
    let number = if rng.chance(900) { "0800123456" } else { "0123456789" };
    let mut acts = vec![Act::Dial(number.to_owned())];
    for _ in 0..rng.below(6) {
        acts.push(match rng.below(5) {
            0 => Act::Wait(Duration::from_millis(rng.below(10_000))),
            1 | 2 => Act::Press(
                ["1", "2", "0", "4", "3", "9", "#", "41234", "*", "7"][rng.below(10) as usize].to_owned(),
            ),
            3 => Act::Hold(rng.chance(500)),
            _ => Act::Wait(Duration::from_millis(rng.below(40_000))),
        });
    }
    acts.push(if rng.chance(700) { Act::HangUp } else { Act::ExpectEnd });
    acts
}
