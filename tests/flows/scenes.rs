//! Every step of a scenario does what it says, and what fails says why: whole messages, JUnit and coverage are pinned.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests build a site of texts

use std::sync::Arc;
use std::time::Duration;

use svi::base::diagnostic::{Report, Source, Tongue};
use svi::io::load;
use svi::sim::scenario::coverage::Coverage;
use svi::sim::scenario::junit::{self, Played};
use svi::sim::scenario::{self, Scenario};
use svi::switchboard::Edition;

const SITE: &str = "\
svi: 1
site: essai
server: { sip: { udp: 127.0.0.1:5060 } }
trunks:
  local: { peers: [127.0.0.1] }
agents:
  alice: { name: Alice, sip: alice, password: alice }
  bruno: { name: Bruno, sip: bruno, password: bruno }
hours:
  boutique: { timezone: Europe/Paris, week: { lun-ven: 9h-18h }, holidays: france }
queues:
  ventes: { agents: [alice], order: longest-idle, position: every 30s }
  aide: { agents: [bruno], order: longest-idle }
mailboxes:
  accueil: { longest: 30s, email: accueil@exemple.fr }
";

const FLOW: &str = r#"
svi: 1
name: essai
numbers: [0800 123 456, 01 23 45 67 89]
start: debut
legal: { free_call: appel-gratuit.wav }
defaults: { tries: 2, timeout: 5s, otherwise: fin, error: panne }
blocks:
  debut:
    - say: Bonjour.
    - hours: boutique
      open: menu
      closed: ferme
  menu:
    - menu: Que voulez-vous ?
      keys:
        1: { label: acheter, goto: achat }
        2: { label: votre compte, goto: compte }
        3: { label: laisser un message, goto: message }
        4: { label: donner une note, goto: note }
        5: { label: être rappelé, goto: rappel }
        0: { label: parler à Alice, goto: alice }
  achat:
    - queue: ventes
      max_wait: 2m
      no_agent: message
      too_long: fin
      after: note
  compte:
    - ask: numero
      say: Tapez votre numéro.
      digits: 4
    - http: GET https://api.exemple.fr/comptes/{numero}?lang=fr
      timeout: 3s
      save: { solde: solde }
      not_found: inconnu
      error: panne
    - say: Votre solde est de {solde|euros}.
    - goto: menu
  inconnu:
    - say: Ce compte n'existe pas.
    - goto: menu
  message:
    - voicemail: accueil
      silence: 4s
    - email: "Un appel de {caller|phone}."
      to: accueil
      subject: Message
    - goto: fin
  note:
    - survey: avis
      say: Donnez une note de 1 à 5.
      scale: 1..5
    - event: noté
      with: { canal: telephone }
    - goto: fin
  rappel:
    - callback: ventes
      say: Nous vous rappelons. Tapez 1.
      within: 2h
      refused: fin
    - sms: Rappel promis.
    - goto: fin
  alice:
    - tag: alice
    - ring: [alice]
      timeout: 20s
      failed: message
  ferme:
    - say: Nous sommes fermés.
    - hangup: busy
  panne:
    - say: Une panne.
    - hangup: technical
  fin:
    - say: Au revoir.
    - hangup: normal
"#;

fn edition() -> Arc<Edition> {
    let loaded = load::from_texts(&[("site.yaml", SITE), ("essai.yaml", FLOW)]);
    Arc::new(loaded.unwrap_or_else(|error| panic!("{error}")))
}

fn read(edition: &Edition, tests: &str) -> Vec<Scenario> {
    let source = Source::new("essai.test.yaml", format!("flow: essai\ntests:\n{tests}"));
    let mut report = Report::default();
    let scenarios = scenario::read(&source, edition, &mut report);
    assert!(report.is_empty(), "{report}");
    scenarios
}

/// Scenarios whose failures are not expected.
fn passes(tests: &str) {
    let edition = edition();
    for scenario in read(&edition, tests) {
        let outcome = scenario::play(&scenario, &edition);
        let told: String = outcome.failures.iter().map(ToString::to_string).collect();
        assert!(outcome.passed(), "{}\n{told}{:#?}", scenario.name, outcome.story.path);
    }
}

/// The failures of scenarios, drawn.
fn failures(tests: &str, tongue: Tongue) -> String {
    let edition = edition();
    let mut text = String::new();
    for scenario in read(&edition, tests) {
        let outcome = scenario::play(&scenario, &edition);
        assert!(!outcome.passed(), "`{}` should fail", scenario.name);
        text += &format!("## {}\n", scenario.name);
        outcome.failures.iter().for_each(|failure| text += &format!("{}\n\n", failure.render(false, tongue)));
    }
    text
}

const WELL: &str = r#"
  - name: press waits for the announcement and barges into the menu
    steps: [ press: 2, press: 1234, hear: "12,50 €" ]
    http: { "GET /comptes/1234?lang=fr": { solde: 12.50 } }
    expect:
      path: [debut, menu, compte, menu]
      keys: "21234"
      requests: ["GET /comptes/*"]
      ended: caller
      sms: []
      email: []
      tags: []
  - name: two hears in one utterance, and hear by file
    steps: [ hear: appel-gratuit.wav, hear: bonjour, hear: que voulez-vous, hear: tapez 5 ]
  - name: hear goes on through silence by itself
    steps: [ hear: que voulez-vous, hear: que voulez-vous, hear: au revoir ]
    expect: { path: [debut, menu, fin], ended: normal }
  - name: silence gives up one wait at a time
    steps: [ silence, hear: que voulez-vous, silence, hear: au revoir ]
    expect: { path: [debut, "…", fin] }
  - name: not heard
    steps: [ not_heard: fermés, press: 1, not_heard: au revoir ]
  - name: the queue, a position, an agent, the survey after
    call: { waiting: { ventes: 4 } }
    steps:
      - press: 1
      - hear: cinquième position
      - position: 2
      - wait: 30s
      - hear: deuxième position
      - answer: alice
      - press: 4
    expect:
      queue: ventes
      agents: [alice]
      answers: { avis: 4 }
      events: [ noté: { canal: telephone } ]
      ended: normal
  - name: nobody works there
    call: { agents: { ventes: 0 } }
    steps: [ press: 1, say: 3s, silence ]
    expect: { mailbox: accueil, email: { to: accueil@exemple.fr, subject: message, text: un appel de }, path: [debut, menu, achat, message, fin] }
  - name: no answer, busy, unreachable
    steps: [ press: 0, unreachable, hear: bip.wav ]
    expect: { tags: [alice], visits: [message] }
  - name: the queue is full
    steps: [ press: 1, busy ]
    expect: { path: [debut, menu, achat, fin] }
  - name: too long in the queue
    steps: [ press: 1, wait: 2m ]
    expect: { path: [debut, menu, achat, fin], ended: normal }
  - name: a phone that does not answer
    steps: [ press: 0, no_answer ]
    expect: { visits: [message] }
  - name: a phone that answers
    steps: [ press: 0, answer ]
    expect: { agents: [alice], ended: normal }
  - name: who says nothing leaves no message
    steps: [ press: 3, silence ]
    expect: { path: [debut, menu, message, fin] }
  - name: a message ends at its longest
    steps: [ press: 3, say: 45s, hear: au revoir ]
    expect: { mailbox: accueil }
  - name: a hash ends the message
    steps: [ press: 3, say: 2s, press: hash, hear: au revoir ]
  - name: who hangs up after the beep has left a message
    steps: [ press: 3, hear: bip.wav, hangup ]
    expect: { mailbox: accueil, ended: caller }
  - name: a call back
    call: { from: 06 11 22 33 44 }
    steps: [ press: 5, press: 1 ]
    expect:
      callback: { queue: ventes, number: 0611223344 }
      sms: { to: 06 11 22 33 44, text: rappel promis }
  - name: the clock moves
    call: { at: 2026-11-24T17:59 }
    steps: [ clock: 2026-11-24 18h01, hear: fermés ]
    expect: { ended: busy, path: [debut, ferme] }
  - name: a holiday on the other number, from nobody
    call: { to: 01 23 45 67 89, from: anonymous, at: 2027-05-17T10:00:00+02:00 }
    steps: [ hear: nous sommes fermés, not_heard: appel-gratuit.wav ]
  - name: hanging up in the announcement
    steps: [ wait: 1s, hangup ]
    expect: { path: [], ended: caller }
  - name: unreachable, and the most specific answer first
    http: { "GET *": timeout, "GET /comptes/*": unreachable, "GET https://api.exemple.fr/comptes/1234?lang=fr": { status: 404 } }
    steps: [ press: 2, press: 1234, hear: n'existe pas, press: 2, press: 9999, hear: une panne ]
    expect: { ended: technical }
  - name: an answer that comes too late is none
    http: { "GET /comptes/*": { body: { solde: 1 }, after: 5s } }
    steps: [ press: 2, press: 1234, hear: une panne ]
"#;

#[test]
fn every_step_does_what_it_says() {
    passes(WELL);
}

const ILL: &str = r#"
  - name: other words
    steps: [ press: 1, hear: trente euros ]
  - name: words from before a key
    steps: [ press: 1, hear: que voulez-vous ]
  - name: words to the end of the call
    steps: [ hear: merci ]
  - name: heard all the same
    steps: [ not_heard: que voulez-vous ]
  - name: a request without an answer
    steps: [ press: 2, press: 1234 ]
  - name: a key after the end
    steps: [ silence, silence, press: 1 ]
  - name: a key while phones ring
    steps: [ press: 0, press: 1 ]
  - name: an answer of nobody
    steps: [ answer ]
  - name: an agent of another queue
    steps: [ press: 1, answer: bruno ]
  - name: a place in no queue
    steps: [ position: 2 ]
  - name: talk without a beep
    steps: [ say: 2s ]
  - name: silence in a queue
    steps: [ press: 1, silence ]
  - name: all expectations at once
    steps: [ press: 0, no_answer ]
    expect:
      tags: []
      path: [debut, menu, achat]
      visits: [ferme]
      queue: ventes
      agents: [alice]
      keys: 1
      ended: busy
      sms: { text: bonjour }
      email: { subject: facture }
      events: [achat]
      answers: { avis: 3 }
      callback: { queue: ventes }
      card: https://crm.exemple.fr/1
      requests: ["GET /comptes/1"]
"#;

#[test]
fn what_fails_says_what_was_heard_and_what_to_write() {
    insta::assert_snapshot!("failures", failures(ILL, Tongue::English));
    insta::assert_snapshot!("failures-fr", failures(ILL, svi::cli::FRENCH));
}

const MISTAKEN: &str = r#"flow: essay
test: []
tests:
  - call: { too: 1, from: jean, at: demain, agents: { vente: x }, waiting: beaucoup }
    http: { "GET comptes": timeout, "GET /a": timeuot, "GET /b":, "GET /c": { status: 99, bodi: 1 } }
    steps:
      - hears: bonjour
      - hear: bonsoir.wav
      - hear: "…"
      - press:
      - press: #
      - press: onze
      - wait: 30
      - answer: alise
      - hangup: 1
      - position: 0
      - clock: midi
      - [ silence ]
      - press: 1
        hear: bonjour
    expect: { tag: [a], tags: [alise], path: [debut, ..., menus], queue: vente, mailbox: acceuil, ended: technic, sms: { too: 1 }, queues: }
  - name: deux fois
    call: { to: 0800 999 999 }
    steps: { press: 1 }
  - name: deux fois
"#;

fn mistakes(text: &str) -> String {
    let edition = edition();
    let mut report = Report::default();
    scenario::read(&Source::new("essai.test.yaml", text), &edition, &mut report);
    report.sorted().to_string()
}

#[test]
fn a_file_of_mistakes_draws_each_at_its_place() {
    insta::assert_snapshot!("mistakes", mistakes(MISTAKEN));
    insta::assert_snapshot!("mistakes-of-calls", mistakes(&MISTAKEN.replace("essay", "essai")));
    assert!(mistakes("").contains("the file says nothing"));
    assert!(mistakes("flow: essai").contains("a file of scenarios lacks `tests`"));
    assert!(mistakes("tests: [").contains("this is not YAML"));
}

fn played() -> (Vec<Played>, Coverage) {
    let edition = edition();
    let tests = "
  - name: \"le compte \\\"1234\\\" <inconnu> & co\"
    http: { \"GET /comptes/*\": { status: 404 } }
    steps: [ press: 2, press: 1234 ]
  - name: fermé
    call: { at: 2026-11-29 10h }
    steps: [ hear: ouvert ]
";
    let mut coverage = Coverage::of_site(&edition);
    let mut all = Vec::new();
    for scenario in read(&edition, tests) {
        let outcome = scenario::play(&scenario, &edition);
        coverage.add(&scenario.flow, &outcome.story);
        all.push(Played { scenario, outcome, took: Duration::from_micros(1_500) });
    }
    (all, coverage)
}

#[test]
fn junit_is_what_ci_servers_read() {
    let (played, coverage) = played();
    insta::assert_snapshot!("junit", junit::xml(&played, Some(&coverage), Tongue::English));
}

#[test]
fn coverage_names_what_no_scenario_visits() {
    let (_, coverage) = played();
    insta::assert_snapshot!("coverage", coverage.describe(Tongue::English));
}

#[test]
fn a_scenario_plays_the_same_each_time() {
    let edition = edition();
    for scenario in read(&edition, WELL) {
        let stories = [0, 1].map(|_| scenario::play(&scenario, &edition).story);
        assert_eq!(stories[0], stories[1], "{}", scenario.name);
    }
}
