//! A whole call in one thread, without a network: the server's own switchboard and data plane under a virtual clock.
//!
//! `cargo run --example one_call` prints the ladder and the record.

use svi::base::time::Duration;
use svi::io::load;
use svi::sim::network::Weather;
use svi::sim::phone::{Act, Habit};
use svi::sim::world::World;

const SITE: &str = "
svi: 1
site: exemple
trunks:
  operateur: { peers: [10.1.0.0/16] }
agents:
  alice: { name: Alice, sip: alice, password: alice }
queues:
  conseillers: { agents: [alice] }
";

const FLOW: &str = "
svi: 1
name: accueil
numbers: [0800 123 456]
start: menu
legal: { free_call: appel-gratuit.wav }
blocks:
  menu:
    - menu: Que souhaitez-vous faire ?
      keys:
        1: { label: parler à un conseiller, goto: conseiller }
      otherwise: fin
  conseiller:
    - queue: conseillers
      no_agent: fin
      too_long: fin
  fin:
    - say: Au revoir.
    - hangup: normal
";

fn main() {
    let edition = match load::from_texts(&[("site.yaml", SITE), ("accueil.yaml", FLOW)]) {
        Ok(edition) => edition,
        Err(report) => return eprint!("{report}"),
    };
    // Every sound lasts three seconds here; the same seed always draws the same ladder.
    let mut world = World::new(edition, 2026, Weather::FAIR, |_| Duration::from_secs(3));
    let answers = Habit { after: Duration::from_secs(12), ..Habit::default() };
    world.agent("alice", answers);
    world.run_for(Duration::from_secs(1));
    let script = vec![
        Act::Dial("0800123456".to_owned()),
        Act::Hear("appel-gratuit".to_owned()),
        Act::Press("1".to_owned()),
        Act::Hear("voice:alice".to_owned()),
        Act::Wait(Duration::from_secs(20)),
        Act::HangUp,
    ];
    world.caller("0612345678", script);
    world.run(Duration::from_secs(120));
    print!("{}", world.ladder.draw());
    for record in &world.records {
        println!("{}", record.to_json());
    }
}
