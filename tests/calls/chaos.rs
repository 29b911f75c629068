//! Random worlds from a seed: callers who press anything and leave anywhen, agents who answer, refuse or vanish, a network
//! that loses and reorders, reloads and garbage in between. All laws are checked after each step.

use std::sync::Arc;

use serde_json::json;
use svi::base::rng::Rng;
use svi::base::time::Duration;
use svi::flow::errand::{Fetch, Fetched};
use svi::sim::network::Weather;
use svi::sim::phone::{Act, Habit};
use svi::sim::world::World;
use svi::switchboard::Order;

use crate::support::{edition, length};

/// Seeds that ever failed stay here for good.
const ONCE_FAILED: &[u64] = &[];
/// Worlds of each half; ten callers each.
const WORLDS: u64 = 110;

/// Two queues that share agents: one rings all at once, one asks for a skill. Three agents with telephones, one with a mobile.
const SITE: &str = "\
svi: 1
site: essais
server:
  sip: { udp: 127.0.0.1:5060 }
  media: { ports: 16384-16483 }
trunks:
  operateur: { peers: [10.1.0.0/16], outbound: 10.1.0.200, channels: 7 }
agents:
  alice: { name: Alice, sip: alice, password: alice, skills: [sav] }
  bruno: { name: Bruno, sip: bruno, password: bruno }
  chloe: { name: Chloé, phone: 06 98 76 54 32, confirm: 1, skills: [sav] }
queues:
  conseillers: { agents: [alice, bruno, chloe], order: ring-all, ring: 15s, wrap_up: 1s, position: every 20s }
  sav: { agents: [alice, bruno, chloe], wrap_up: 2s, ring: 10s }
mailboxes:
  accueil: { longest: 1m }
";

const FLOW: &str = "\
svi: 1
name: accueil
numbers: [0800 123 456, 01 23 45 67 89]
start: bienvenue
legal: { free_call: appel-gratuit.wav }
blocks:
  bienvenue:
    - say: Bienvenue.
    - goto: menu
  menu:
    - menu: Que souhaitez-vous faire ?
      keys:
        1: { label: parler à un conseiller, goto: conseiller }
        2: { label: laisser un message, goto: message }
        3: { label: joindre tout le monde, goto: tous }
        4: { label: donner votre code, goto: code }
        5: { label: suivre votre commande, goto: commande }
        6: { label: parler à un technicien, goto: technicien }
        0: { label: joindre Alice, goto: alice }
        7: { label: joindre Chloé, goto: chloe }
        8: { label: être rappelé, goto: rappel }
        star: { label: appeler notre atelier, goto: atelier }
      tries: 2
      timeout: 5s
      otherwise: au_revoir
  conseiller:
    - queue: conseillers
      max_wait: 2m
      callback: { after: 10s, key: 9, goto: rappel }
      no_agent: message
      too_long: message
  technicien:
    - queue: sav
      skill: sav
      max_wait: 1m
      no_agent: message
      too_long: rappel
  rappel:
    - callback: conseillers
      say: Pour être rappelé, tapez un.
      within: 10m
      refused: au_revoir
    - goto: au_revoir
  tous:
    - ring: [alice, bruno, chloe, 01 99 88 77 66]
      timeout: 15s
      failed: un_par_un
  un_par_un:
    - ring: [bruno, alice]
      order: in-turn
      timeout: 8s
      failed: message
  chloe:
    - ring: [chloe]
      timeout: 15s
      failed: message
  atelier:
    - transfer: 01 99 88 77 66
      caller_id: caller
      timeout: 15s
      failed: message
  alice:
    - ring: [alice]
      timeout: 15s
      failed: message
  commande:
    - http: GET https://api.exemple.fr/commandes
      save: { reste: reste }
      error: message
    - if: reste > 3
      then: conseiller
      else: au_revoir
  message:
    - say: Laissez votre message après le bip.
    - voicemail: accueil
      silence: 4s
    - tag: message laissé
    - goto: au_revoir
  code:
    - ask: code
      say: Tapez votre code à quatre chiffres.
      digits: 4
      secret: true
      tries: 2
      otherwise: au_revoir
    - say: Merci.
    - goto: au_revoir
  au_revoir:
    - say: Au revoir.
    - hangup: normal
";

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
    assert_eq!(trace(&grown(42)), trace(&grown(42)));
}

/// A call is data: at random moments random calls are replaced by copies that were written down and read back, and all goes on
/// as if nothing had been.
#[test]
fn a_call_that_was_written_down_and_read_back_goes_on_as_before() {
    let mut thawed = 0;
    for seed in 1_000..1_012 {
        let mut coin = Rng::seeded(seed);
        let other = grown_with(seed, &mut |world| thawed += world.thaw(|| coin.chance(300)));
        assert_eq!(trace(&grown(seed)), trace(&other), "seed {seed}");
    }
    assert!(thawed > 10_000, "only {thawed} copies");
}

/// All that was said, and all that was written.
fn trace(world: &World) -> (String, Vec<String>) {
    (world.ladder.draw(), world.records.iter().map(|record| record.to_json()).collect())
}

/// The chaos is no use if it never comes to what it is for.
#[test]
fn chaos_reaches_every_way_of_bringing_somebody() {
    let (mut talks, mut backs, mut asked, mut messages) = (0, 0, 0, 0);
    for record in (0..40).flat_map(|seed| grown(seed).records) {
        talks += record.agents.len();
        backs += usize::from(record.callback_of.is_some());
        asked += record.lookups.len();
        messages += usize::from(record.message.is_some());
    }
    assert!(talks > 10 && backs > 2 && asked > 5 && messages > 10, "{talks} {backs} {asked} {messages}");
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
    grown_with(seed, &mut |_| {})
}

/// The same; `meanwhile` is done to it every tenth of a second.
fn grown_with(seed: u64, meanwhile: &mut dyn FnMut(&mut World)) -> World {
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
    world.company = Box::new(company);
    world.run_for(Duration::from_secs(2));
    for caller in 0..10 {
        let acts = acts(&mut rng);
        world.caller(&format!("06000000{caller:02}"), acts);
        let time = Duration::from_millis(rng.below(8_000));
        pass(&mut world, time, meanwhile);
        if rng.chance(50) {
            world.order(Order::Reload(Arc::new(reloaded(&world))));
        }
        if rng.chance(100) {
            let noise: Vec<u8> = (0..rng.below(300)).map(|_| rng.below(256) as u8).collect();
            world.garbage(&noise);
        }
    }
    // Whatever is still on is ended by an order, as at the end of a drain.
    pass(&mut world, Duration::from_secs(240), meanwhile);
    world.order(Order::EndAll);
    world.run_for(Duration::from_secs(120));
    world
}

/// Time passes, in tenths of a second.
fn pass(world: &mut World, time: Duration, meanwhile: &mut dyn FnMut(&mut World)) {
    let mut left = time;
    while !left.is_zero() {
        let tenth = left.min(Duration::from_millis(100));
        world.run_for(tenth);
        meanwhile(world);
        left -= tenth;
    }
}

/// The company's own system: mostly an answer, sometimes none.
fn company(fetch: &Fetch) -> (Duration, Fetched) {
    let status = if fetch.url.len().is_multiple_of(9) { 503 } else { 200 };
    (Duration::from_millis(700), Fetched::Answer { status, body: json!({ "reste": fetch.url.len() % 7 }) })
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
        early: rng.chance(200),
        dies: None,
        mute: rng.chance(50),
        holds: rng
            .chance(200)
            .then(|| (Duration::from_millis(rng.below(5_000)), Duration::from_millis(rng.below(20_000)))),
    }
}

fn acts(rng: &mut Rng) -> Vec<Act> {
    let number = if rng.chance(900) { "0800123456" } else { "0123456789" };
    let mut acts = vec![Act::Dial(number.to_owned())];
    for _ in 0..rng.below(6) {
        acts.push(match rng.below(5) {
            0 => Act::Wait(Duration::from_millis(rng.below(10_000))),
            1 | 2 => Act::Press(
                ["1", "2", "0", "4", "3", "9", "#", "41234", "*", "7", "5", "6", "11", "81"]
                    [rng.below(14) as usize]
                    .to_owned(),
            ),
            3 => Act::Hold(rng.chance(500)),
            _ => Act::Wait(Duration::from_millis(rng.below(40_000))),
        });
    }
    acts.push(if rng.chance(700) { Act::HangUp } else { Act::ExpectEnd });
    acts
}
