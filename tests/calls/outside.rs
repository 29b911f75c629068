//! The company's own system, messages, and call backs, with real SIP and RTP in a simulated world.

use std::time::Duration;

use svi::flow::errand::{Fetch, Fetched, Letter};
use svi::sim::network::Weather;
use svi::sim::world::World;
use svi::switchboard::{Event, Keep, Left, Order};

use crate::support::{Caller, SITE, answers_after, edition, length, path, refuses, run, seconds, talks};

const FLOW: &str = "\
svi: 1
name: accueil
numbers: [0800 123 456, 01 23 45 67 89]
start: bienvenue
legal: { free_call: appel-gratuit.wav }
defaults: { otherwise: fin, error: panne }
blocks:
  bienvenue:
    - identify: GET https://crm.exemple.fr/clients?tel={caller}
      save: { client: nom }
      card: https://crm.exemple.fr/fiche/{client}
    - menu: Que souhaitez-vous faire ?
      keys:
        1: { label: suivre votre commande, goto: suivi }
        2: { label: être rappelé, goto: rappel }
        3: { label: joindre un conseiller, goto: conseiller }
        4: { label: laisser un message, goto: message }
  suivi:
    - ask: commande
      say: Votre numéro ?
      digits: 4
    - http: GET https://api.exemple.fr/commandes/{commande}
      save: { reste: { solde: euros }, statut: statut }
      not_found: inconnue
    - if: statut == \"soldee\"
      then: soldee
    - say: Il reste {reste|euros}.
    - goto: fin
  soldee:
    - say: Tout est réglé.
    - goto: fin
  inconnue:
    - say: Nous ne trouvons pas cette commande.
    - goto: fin
  conseiller:
    - queue: conseillers
      no_agent: fin
      too_long: fin
      after: avis
  avis:
    - survey: satisfaction
      say: Quelle note nous donnez-vous ?
    - goto: fin
  rappel:
    - callback: conseillers
      say: Nous vous rappelons au {caller|phone}. Tapez 1.
      within: 1h
      refused: fin
    - sms: Rappel avant {callback.before|time}.
    - goto: fin
  message:
    - voicemail: accueil
    - http: POST https://api.exemple.fr/messages
      body: { reference: \"{call.ref}\" }
      save: { dossier: dossier }
    - sms: Dossier {dossier}.
    - goto: fin
  panne:
    - say: Un incident nous empêche de répondre.
    - hangup: technical
  fin:
    - say: Au revoir.
    - hangup: normal
";

const MENU: &str = "Que souhaitez-vous faire ?";

fn world(seed: u64) -> World {
    let mut world = World::new(edition(SITE, FLOW), seed, Weather::FAIR, length);
    world.company = Box::new(company);
    world
}

/// The company's own system.
fn company(fetch: &Fetch) -> (Duration, Fetched) {
    let (status, body) = match fetch.url.as_str() {
        "https://crm.exemple.fr/clients?tel=%2B33612345678"
        | "https://crm.exemple.fr/clients?tel=%2B33612345679" => {
            (200, serde_json::json!({ "nom": "Martin & Cie" }))
        }
        "https://api.exemple.fr/commandes/1234" => {
            (200, serde_json::json!({ "solde": "12.50", "statut": "partie" }))
        }
        "https://api.exemple.fr/commandes/5678" => (200, serde_json::json!({ "statut": "soldee" })),
        "https://api.exemple.fr/commandes/9999" => (200, serde_json::json!({ "statut": "partie" })),
        "https://api.exemple.fr/messages" => (201, serde_json::json!({ "dossier": 77 })),
        _ => (404, serde_json::Value::Null),
    };
    (Duration::from_millis(120), Fetched::Answer { status, body })
}

fn asks(order: &str) -> Caller {
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("1")
        .hears("Votre numéro ?")
        .presses(order)
}

#[test]
fn an_order_is_looked_up_and_what_is_missing_is_missed_only_where_it_is_needed() {
    for (order, last) in [("1234", "suivi"), ("5678", "soldee"), ("0000", "inconnue"), ("9999", "panne")] {
        let mut world = world(11);
        asks(order).is_hung_up_on().enters(&mut world);
        let record = run(&mut world);
        let path = path(&record);
        let want: Vec<&str> = match last {
            "suivi" => vec!["bienvenue", "suivi", "fin"],
            "panne" => vec!["bienvenue", "suivi", "panne"],
            other => vec!["bienvenue", "suivi", other, "fin"],
        };
        assert_eq!(path, want, "{order}");
        assert_eq!(record.lookups.len(), 2, "{order}");
        assert_eq!(record.card.as_deref(), Some("https://crm.exemple.fr/fiche/Martin%20%26%20Cie"));
        assert!(record.announcement.is_some_and(|announcement| announcement.full));
    }
}

#[test]
fn a_system_that_does_not_answer_costs_its_time_and_no_more() {
    let mut world = world(12);
    world.company =
        Box::new(|_| (Duration::from_secs(60), Fetched::Failed(svi::flow::errand::FetchFailure::Timeout)));
    asks("1234").hears("Un incident nous empêche de répondre.").is_hung_up_on().enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "suivi", "panne"]);
    assert_eq!(record.reason.as_deref(), Some("technical"));
}

#[test]
fn silent_steps_run_when_the_caller_hangs_up_after_the_beep() {
    let mut world = world(13);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("4")
        .hears("bip.wav")
        .hangs_up_after(seconds(3))
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(record.lookups.last().map(|lookup| lookup.outcome.as_str()), Some("201"));
    assert_eq!(world.letters, [Letter::Sms { to: "+33612345678".into(), text: "Dossier 77.".into() }]);
    assert_eq!(record.sms, 1);
}

#[test]
fn after_the_talk_the_caller_is_asked_how_it_was() {
    let mut world = world(14);
    world.agent("alice", talks(seconds(2), seconds(4)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("3")
        .is_bridged_to("alice")
        .hears("Quelle note nous donnez-vous ?")
        .presses("4")
        .is_hung_up_on()
        .enters(&mut world);
    let record = run(&mut world);
    assert_eq!(path(&record), ["bienvenue", "conseiller", "avis", "fin"]);
    assert_eq!(record.answers.values().copied().collect::<Vec<_>>(), [4]);
}

#[test]
fn a_call_back_is_made_when_its_turn_comes() {
    let mut world = world(15);
    // The caller's telephone, behind the operator's line.
    world.outside("0612345678", "10.1.0.200".parse().unwrap(), answers_after(seconds(3)));
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("2")
        .presses("1")
        .is_hung_up_on()
        .enters(&mut world);
    world.run_for(seconds(40));
    let first = world.records.first().expect("the first call has ended").clone();
    assert_eq!(path(&first), ["bienvenue", "rappel", "fin"]);
    let promised = first.callback.clone().expect("a call back was promised");
    assert_eq!((promised.number.as_str(), &*promised.queue), ("+33612345678", "conseillers"));
    assert!(matches!(&world.letters[..], [Letter::Sms { text, .. }] if text.starts_with("Rappel avant ")));
    assert_eq!(world.board().status().callbacks, 1);
    // Somebody comes to work: the caller is rung, then the agent, and they talk.
    world.agent("alice", talks(seconds(2), seconds(5)));
    world.run_for(seconds(120));
    let second = world.records.last().expect("the call back has ended");
    assert_eq!(second.callback_of.as_deref(), Some(first.id.as_str()));
    assert_eq!(second.agents.iter().map(|agent| agent.to_string()).collect::<Vec<_>>(), ["alice"]);
    assert!(second.clocks.talk_ms >= 4_000, "{:?}", second.clocks);
    assert_eq!(world.broken, [""; 0]);
    assert_eq!(world.board().status().callbacks, 0);
}

#[test]
fn who_does_not_answer_is_called_three_times() {
    let mut world = world(16);
    world.outside("0612345678", "10.1.0.200".parse().unwrap(), refuses(486));
    world.agent("alice", answers_after(seconds(1)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("2")
        .presses("1")
        .is_hung_up_on()
        .enters(&mut world);
    world.run_for(seconds(1_200));
    assert_eq!(world.records.len(), 2);
    let record = world.records.last().expect("it was given up");
    assert_eq!(record.reason.as_deref(), Some("call back not answered"));
    assert!(record.agents.is_empty());
    assert_eq!(world.broken, [""; 0]);
}

/// A caller who is promised a call back.
fn is_promised_one(world: &mut World) {
    Caller::new("0612345678")
        .dials("0800123456")
        .hears(MENU)
        .presses("2")
        .presses("1")
        .is_hung_up_on()
        .enters(world);
}

/// The server stops, or is cut off; another one is started with what was written down.
#[test]
fn a_promise_outlives_the_server() {
    for drains in [true, false] {
        let mut old = world(17);
        is_promised_one(&mut old);
        old.run_for(seconds(40));
        assert_eq!((old.records.len(), old.board().status().callbacks), (1, 1));
        if drains {
            // Another caller is in the flow when the server begins to stop, and is given a word all the same.
            let late = Caller::new("0612345679").dials("0800123456").hears(MENU).waits(seconds(2));
            late.presses("2").presses("1").enters(&mut old);
            old.run_for(seconds(5));
            old.order(Order::Drain(60));
            old.run_for(seconds(60));
            assert_eq!((old.records.len(), old.board().calls_len()), (2, 0), "promises keep no server alive");
            assert_eq!(old.broken, [""; 0]);
        }
        let written: Vec<String> = old.kept.iter().map(|keep| serde_json::to_string(keep).unwrap()).collect();
        let read: Vec<Keep> = written.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let left = Left::of(&read, |id| old.records.iter().any(|record| record.id == id));

        let mut new = world(18);
        for number in ["0612345678", "0612345679"] {
            new.outside(number, "10.1.0.200".parse().unwrap(), answers_after(seconds(3)));
        }
        new.order(Order::Recover(Box::new(left.clone())));
        new.run_for(seconds(20));
        assert_eq!(new.board().status().callbacks, if drains { 2 } else { 1 });
        new.agent("alice", talks(seconds(2), seconds(5)));
        new.run_for(seconds(300));
        let mut called: Vec<&str> = new
            .records
            .iter()
            .filter_map(|record| record.callback_of.as_ref()?.get(..1).and(record.caller.as_deref()))
            .collect();
        called.sort_unstable();
        let all = ["+33612345678", "+33612345679"];
        assert_eq!(called, if drains { &all[..] } else { &all[..1] }, "{}", new.ladder.draw());
        assert!(new.records.iter().all(|record| record.agents == ["alice"]));
        assert_eq!(new.broken, [""; 0]);

        // Too late, or into a site that offers no call back there any more: it is said.
        for (wait, flow) in [
            (3_700, FLOW.to_owned()),
            (1, FLOW.replace("  rappel:", "  autre:").replace("goto: rappel", "goto: autre")),
        ] {
            let mut other = World::new(edition(SITE, &flow), 19, Weather::FAIR, length);
            other.run_for(seconds(wait));
            other.order(Order::Recover(Box::new(left.clone())));
            let told = |(_, event): &(_, Event)| matches!(event, Event::Alarm(what) if what.english().contains("call back is not made"));
            assert!(
                other.events.iter().any(told) && other.board().status().callbacks == 0,
                "{:?}",
                other.events
            );
            assert!(
                other.records.iter().all(|record| record.callback_of.is_some()) && !other.records.is_empty()
            );
        }
    }
}

#[test]
fn a_call_back_does_not_take_a_channel_while_it_is_only_promised() {
    let site = SITE.replace("outbound: 10.1.0.200", "channels: 1, outbound: 10.1.0.200");
    let mut world = World::new(edition(&site, FLOW), 18, Weather::FAIR, length);
    world.company = Box::new(company);
    is_promised_one(&mut world);
    world.run_for(seconds(40));
    assert_eq!(world.board().status().callbacks, 1);
    let other = Caller::new("0612345679").dials("0800123456").hears(MENU).hangs_up().enters(&mut world);
    world.run_for(seconds(40));
    assert_eq!((world.phone(other).refused, world.records.len()), (None, 2));
}

/// INVITEs that the phone behind the operator's line has got.
fn rings(world: &World) -> usize {
    let ladder = world.ladder.draw();
    ladder.lines().filter(|line| line.contains("0612345678 INVITE")).count()
}

#[test]
fn who_is_promised_a_call_back_is_rung_when_they_have_hung_up() {
    let mut world = world(19);
    world.agent("alice", talks(seconds(2), seconds(5)));
    world.outside("0612345678", "10.1.0.200".parse().unwrap(), answers_after(seconds(3)));
    world.run_for(seconds(1));
    is_promised_one(&mut world);
    while world.records.is_empty() {
        world.run_for(seconds(1));
        assert_eq!(rings(&world), 0, "an agent is free, and the caller still on the line");
    }
    world.run_for(seconds(8));
    assert_eq!(rings(&world), 0);
    world.run_for(seconds(4));
    assert_eq!(rings(&world), 1, "{}", world.ladder.draw());
    world.run_for(seconds(60));
    assert_eq!((world.records.len(), world.board().status().callbacks), (2, 0));
    assert_eq!(world.broken, [""; 0]);
}

#[test]
fn a_queue_that_rings_all_rings_nobody_for_who_is_not_on_the_line() {
    let site = SITE.replace("agents: [alice, bruno]", "order: ring-all, agents: [alice, bruno]");
    assert_ne!(site, SITE);
    let mut world = World::new(edition(&site, FLOW), 20, Weather::FAIR, length);
    world.company = Box::new(company);
    world.outside("0612345678", "10.1.0.200".parse().unwrap(), answers_after(seconds(5)));
    is_promised_one(&mut world);
    world.run_for(seconds(40));
    world.agent("alice", answers_after(seconds(1)));
    world.agent("bruno", answers_after(seconds(1)));
    // While the customer is rung, nobody else is; then both, and one of them talks.
    world.run_for(seconds(63));
    let ladder = world.ladder.draw();
    let rung: Vec<usize> = ["0612345678 INVITE", "alice    INVITE", "bruno    INVITE"]
        .map(|who| ladder.find(who).unwrap_or_else(|| panic!("{who}: {ladder}")))
        .into();
    assert!(rung[0] < rung[1] && rung[0] < rung[2], "{ladder}");
    assert_eq!(world.broken, [""; 0]);
}

#[test]
fn nothing_leaves_to_a_number_that_the_site_does_not_allow() {
    let mut world = world(21);
    world.outside("0899123456", "10.1.0.200".parse().unwrap(), answers_after(seconds(3)));
    world.agent("alice", answers_after(seconds(1)));
    world.run_for(seconds(1));
    // A secret caller, who is asked for a number.
    let caller = Caller::new("anonymous")
        .dials("0800123456")
        .hears(MENU)
        .presses("2")
        .presses("0899123456")
        .is_hung_up_on()
        .enters(&mut world);
    world.run_for(seconds(120));
    assert!(world.phone(caller).is_done());
    let record = world.records.first().expect("the call is over");
    assert_eq!((record.callback.as_ref(), world.records.len()), (None, 1), "{:?}", record.path);
    // A caller who shows such a number is asked for another.
    let caller = Caller::new("+32471234567")
        .dials("0800123456")
        .hears(MENU)
        .presses("2")
        .hangs_up_after(seconds(9))
        .enters(&mut world);
    world.run_for(seconds(120));
    let heard: Vec<&str> = world.phone(caller).ear.heard.iter().map(|heard| heard.name.as_str()).collect();
    assert!(
        !heard.iter().any(|name| name.contains("rappelons")),
        "no number to be called back at is said: {heard:?}"
    );
    assert_eq!(world.records[1].callback, None);
    assert!(!world.ladder.draw().contains("svi      → 0899123456 INVITE"), "{}", world.ladder.draw());
}

#[test]
fn a_call_back_waits_for_a_free_channel() {
    let site = SITE.replace("outbound: 10.1.0.200", "channels: 1, outbound: 10.1.0.200");
    let mut world = World::new(edition(&site, FLOW), 22, Weather::FAIR, length);
    world.company = Box::new(company);
    world.outside("0612345678", "10.1.0.200".parse().unwrap(), answers_after(seconds(3)));
    is_promised_one(&mut world);
    world.run_for(seconds(60));
    // The one channel is in use when somebody comes to work, and the turn of the call back comes.
    Caller::new("0612345679")
        .dials("0800123456")
        .hears(MENU)
        .waits(seconds(16))
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(3));
    world.agent("alice", talks(seconds(1), seconds(5)));
    world.run_for(seconds(14));
    assert_eq!((rings(&world), world.records.len()), (0, 1), "{}", world.ladder.draw());
    world.run_for(seconds(120));
    assert_eq!((rings(&world), world.board().status().callbacks), (1, 0), "{}", world.ladder.draw());
    assert_eq!(world.broken, [""; 0]);
}
