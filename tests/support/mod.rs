//! A call centre for tests: a site in YAML, a world under a virtual clock, callers and agents in a fluent style.
#![allow(dead_code)] // each test binary uses its part

use std::time::Duration;

use svi::base::name::Name;
use svi::base::time::Wall;
use svi::centre::record::CallRecord;
use svi::flow::prompt::text_key;
use svi::io::load;
use svi::sim::network::Weather;
use svi::sim::phone::{Act, Habit};
use svi::sim::world::World;
use svi::switchboard::Edition;

/// The site of the tests: two agents, a queue, a mailbox, a free and a geographic number.
pub const SITE: &str = "\
svi: 1
site: essais
server:
  sip: { udp: 127.0.0.1:5060 }
  media: { ports: 16384-16483 }
trunks:
  operateur: { peers: [10.1.0.0/16], outbound: 10.1.0.200 }
agents:
  alice: { name: Alice, sip: alice, password: alice }
  bruno: { name: Bruno, sip: bruno, password: bruno }
  chloe: { name: Chloé, phone: 06 98 76 54 32, confirm: 1 }
queues:
  conseillers: { agents: [alice, bruno], wrap_up: 1s, position: every 30s }
mailboxes:
  accueil: { longest: 1m }
hours:
  boutique:
    timezone: Europe/Paris
    week: { lun-ven: 9h-18h }
    holidays: france
";

/// The flow of the tests.
pub const FLOW: &str = "\
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
        3: { label: connaître nos horaires, goto: horaires }
        4: { label: donner votre code, goto: code }
        0: { label: joindre Alice, goto: alice }
        7: { label: joindre Chloé, goto: chloe }
        star: { label: appeler notre atelier, goto: atelier }
      tries: 2
      timeout: 5s
      otherwise: au_revoir
  conseiller:
    - queue: conseillers
      max_wait: 2m
      no_agent: message
      too_long: message
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
  message:
    - say: Laissez votre message après le bip.
    - voicemail: accueil
      silence: 4s
    - tag: message laissé
    - goto: au_revoir
  horaires:
    - hours: boutique
      open: ouvert
      closed: ferme
  ouvert:
    - say: Nous sommes ouverts.
    - goto: au_revoir
  ferme:
    - say: Nous sommes fermés.
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

/// Builds an edition from texts alone; every text has a voice.
pub fn edition(site: &str, flow: &str) -> Edition {
    match load::from_texts(&[("site.yaml", site), ("accueil.yaml", flow)]) {
        Ok(edition) => edition,
        Err(report) => panic!("{report}"),
    }
}

/// Prompts are short in tests, music is long.
pub fn length(key: &str) -> Duration {
    match key {
        "attente.wav" => Duration::from_secs(30),
        "bip.wav" => Duration::from_millis(400),
        _ => Duration::from_secs(2),
    }
}

/// A world with the site of the tests.
pub fn world(seed: u64, weather: Weather) -> World {
    World::new(edition(SITE, FLOW), seed, weather, length)
}

/// A caller's script, in the order of a call.
pub struct Caller {
    number: String,
    acts: Vec<Act>,
}

#[allow(clippy::wrong_self_convention)] // the words of a story: "is bridged to"
impl Caller {
    pub fn new(number: &str) -> Self {
        Self { number: number.to_owned(), acts: Vec::new() }
    }
    pub fn dials(self, number: &str) -> Self {
        self.then(Act::Dial(number.to_owned()))
    }
    /// A file's name, a text of the flow, or `voice:NAME` for a person.
    pub fn hears(self, what: &str) -> Self {
        let file = what.ends_with(".wav") || what.starts_with("voice:");
        let key = if file { what.to_owned() } else { text_key("fr", what).to_string() };
        self.then(Act::Hear(key))
    }
    pub fn presses(self, keys: &str) -> Self {
        self.then(Act::Press(keys.to_owned()))
    }
    pub fn waits(self, time: Duration) -> Self {
        self.then(Act::Wait(time))
    }
    pub fn is_bridged_to(self, agent: &str) -> Self {
        self.hears(&format!("voice:{agent}"))
    }
    pub fn holds(self) -> Self {
        self.then(Act::Hold(true))
    }
    pub fn resumes(self) -> Self {
        self.then(Act::Hold(false))
    }
    pub fn hangs_up(self) -> Self {
        self.then(Act::HangUp)
    }
    pub fn hangs_up_after(self, time: Duration) -> Self {
        self.waits(time).hangs_up()
    }
    pub fn is_hung_up_on(self) -> Self {
        self.then(Act::ExpectEnd)
    }
    fn then(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }
    /// Puts the caller into a world.
    pub fn enters(self, world: &mut World) -> usize {
        world.caller(&self.number, self.acts)
    }
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// An agent who answers after a while and waits for the caller to hang up.
pub fn answers_after(after: Duration) -> Habit {
    Habit { after, ..Habit::default() }
}

/// An agent who answers after a while and hangs up after so much talk.
pub fn talks(after: Duration, talk: Duration) -> Habit {
    Habit { after, talk: Some(talk), ..Habit::default() }
}

/// An agent who refuses.
pub fn refuses(status: u16) -> Habit {
    Habit { after: seconds(1), refuse: Some(status), ..Habit::default() }
}

/// An agent who lets it ring.
pub fn never_answers() -> Habit {
    answers_after(Duration::from_secs(10_000))
}

/// Runs a world to its quiet end; every script was played to its end, and every law held. The one record of the only call.
pub fn run(world: &mut World) -> CallRecord {
    run_all(world, seconds(1_200));
    assert_eq!(world.records.len(), 1, "{}", world.ladder.draw());
    world.records[0].clone()
}

/// Runs a world to its quiet end.
pub fn run_all(world: &mut World, limit: Duration) {
    world.run(limit);
    for phone in world.phones() {
        assert!(
            phone.is_done(),
            "{} still wants {:?}; it heard {:?}\n{}",
            phone.name,
            phone.waits_for(),
            phone.ear.heard.iter().map(|heard| heard.name.to_string()).collect::<Vec<_>>(),
            world.ladder.draw()
        );
    }
    let verdict = world.verdict();
    assert!(verdict.is_empty(), "{verdict:#?}\n{}", world.ladder.draw());
    assert_eq!(world.board().calls_len(), 0, "a call was left over");
}

/// The moment of a test.
pub fn moment(text: &str) -> Wall {
    Wall::parse(text).expect("a test writes its moments rightly")
}

/// The path of a record, as words.
pub fn path(record: &CallRecord) -> Vec<&str> {
    record.path.iter().map(Name::as_str).collect()
}
