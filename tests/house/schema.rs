//! The JSON Schemas that editors use: current in the repository, right about what is right, and about what is wrong.
//!
//! `SVI_BLESS=1 cargo test --test house schema::` rewrites `schema/*.json` from the tables.

mod validator;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use svi::base::diagnostic::{Report, Source};
use svi::base::yaml;
use svi::config::schema;
use svi::sim::scenario::form::schema as scenarios;
use validator::{as_editors_read, mistakes};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a schema has against a text.
fn told(schema: &Json, text: &str) -> Vec<String> {
    let (source, mut report) = (Source::new("text.yaml", text), Report::default());
    let tree = yaml::parse(&source, &mut report).unwrap_or_else(|| panic!("{report}"));
    mistakes(schema, &as_editors_read(&tree))
}

#[test]
fn the_committed_schemas_are_current() {
    for (kind, schema) in [("flow", schema::flow()), ("site", schema::site()), ("test", scenarios())] {
        let path = format!("schema/{kind}.schema.json");
        let text = format!("{schema:#}\n");
        if std::env::var_os("SVI_BLESS").is_some() {
            fs::write(root().join(&path), &text).unwrap();
        }
        assert!(read(&path) == text, "{path} is old: SVI_BLESS=1 cargo test --test house schema::");
    }
}

const SITE: &str = include_str!("../data/site/site.yaml");
const FLOW: &str = include_str!("../data/site/service-client.yaml");
const TEST: &str = "flow: service-client
tests:
  - name: commande expédiée, mardi 10 h
    call: { to: 0800 123 456, from: 06 11 22 33 44, at: 2026-11-24 10h }
    http: { \"GET /commandes/12345678\": { statut: expediee, livraison: { date: 2026-11-26 }, solde: 12.50 } }
    steps:
      - hear: appel-gratuit.wav
      - press: 12345678
      - hangup
    expect: { tags: [suivi de commande], path: [bienvenue, accueil], queue: conseillers }
";

#[test]
fn what_is_right_is_told_nothing() {
    let nothing = |schema: &Json, path: &str, text: &str| {
        assert_eq!(told(schema, text), Vec::<String>::new(), "{path}");
    };
    nothing(&schema::site(), "site.yaml", SITE);
    nothing(&schema::flow(), "service-client.yaml", FLOW);
    nothing(&scenarios(), "service-client.test.yaml", TEST);
    for path in ["flows/accueil.test.yaml", "examples/hotel/flows/reception.test.yaml"] {
        nothing(&scenarios(), path, &read(path));
    }
    nothing(&schema::site(), "flows/site.yaml", &read("flows/site.yaml"));
    nothing(&schema::flow(), "flows/accueil.yaml", &read("flows/accueil.yaml"));
    // A small site has all in one file.
    let sections = SITE.split_once("svi: 1\n").unwrap().1;
    nothing(&schema::flow(), "all in one", &format!("{FLOW}\n{sections}"));
    // Forms that the reference files do not use.
    for (from, to) in OTHER_FORMS {
        assert!(FLOW.contains(from), "{from}");
        nothing(&schema::flow(), to, &FLOW.replacen(from, to, 1));
    }
}

const OTHER_FORMS: &[(&str, &str)] = &[
    (
        "- say: Bienvenue au service client",
        "- say: { fr: Bienvenue, en: Welcome }\n    - say: Bienvenue au service client",
    ),
    (
        "digits: 8",
        "digits: 4..10\n      check: { regex: \"[1-4]+\" }\n      secret: oui\n      confirm: true\n      tries: 2",
    ),
    (
        "- menu: Que souhaitez-vous faire ?",
        "- menu: { first: Que souhaitez-vous faire ?, again: Choisissez. }",
    ),
    ("statut: statut,", "statut: statut, total: { solde: euros }, note: \"remarque?\","),
    ("- tag: SAV", "- set: { n: 3, ville: {caller}, nom: \"{caller}\", call.language: en }"),
    ("- tag: SAV", "- split: { sav: 70%, conseiller: 30 }"),
    ("- tag: SAV", "- return:"),
    ("- tag: SAV", "- call: autre\n      with: { numero: \"{caller}\", essais: 3 }"),
    ("- tag: SAV", "- survey: note\n      say: Quelle note ?\n      scale: 0..9"),
    ("- tag: SAV", "- ring: alice"),
    ("- tag: SAV", "- transfer: 0123456789\n      caller_id: company\n      after: sav"),
    (
        "- tag: SAV",
        "- identify: GET https://crm.exemple.fr/c?t={caller}\n      save: { client: nom }\n      card: https://crm.exemple.fr/{client}",
    ),
    ("- tag: SAV", "- email: Bonjour\n      to: [sav, a@b.fr]\n      attach: \"{nom}\""),
    (
        "- tag: SAV",
        "- http: POST https://api.exemple.fr/x\n      body: { a: [1, \"{caller}\"] }\n      headers: { Accept: text/plain }",
    ),
    ("skill: sav", "skill: sav\n      keys: { 9: sav, star: { goto: sav } }\n      priority: 2"),
    (
        "numbers: [0800 123 456, +800 1234 5678]",
        "numbers: 0800 123 456\nlanguage: fr\ninputs: [a]\noutputs: { b: euros }",
    ),
];

/// What operators get wrong that a schema can see: a text of the reference flow, and what becomes of it.
const WRONG: &[(&str, &str)] = &[
    ("svi: 1", "svi: 2"),
    ("name: service-client", "nom: service-client"),
    ("name: service-client", "name: service client"),
    ("start: bienvenue\n", ""),
    ("- say: Bienvenue", "- dire: Bienvenue"),
    ("- say: Bienvenue au service client de la Maison Lavande.", "- say: [Bienvenue]"),
    ("      open: accueil\n", ""),
    ("digits: 8", "digit: 8"),
    ("digits: 8", "digits: huit"),
    ("digits: 8", "check: luhm"),
    ("timeout: 3s", "timeout: 3"),
    ("timeout: 6s", "timeout: 0s"),
    ("tries: 3", "tries: 0"),
    ("        star: { label", "        étoile: { label"),
    ("{ label: parler à un conseiller, goto: conseiller }", "conseiller"),
    ("{ label: parler à un conseiller, goto: conseiller }", "{ label: parler à un conseiller }"),
    ("GET https://api", "OBTENIR https://api"),
    ("GET https://api.exemple.fr", "GET https://{serveur}"),
    ("key: 1, goto: rappel", "key: un, goto: rappel"),
    ("key: 1, goto: rappel", "key: 1"),
    ("hangup: technical", "hangup: panne"),
    ("otherwise: conseiller", "otherwize: conseiller"),
    ("legal:\n", "legale:\n"),
    ("reste: solde }", "reste: { solde: euro } }"),
    ("      then: en_preparation\n", ""),
    ("      say: Tapez les huit", "      dis: Tapez les huit"),
    ("max_wait: 8m", "maxwait: 8m"),
];

const WRONG_SITES: &[(&str, &str)] = &[
    ("svi: 1\n", ""),
    ("queues:\n", "files:\n"),
    ("skills: [sav, commande]", "skill: [sav, commande]"),
    ("order: longest-idle", "order: longest"),
    ("position: every 45s", "position: 45s"),
    ("lun-ven: 9h-12h30, 14h-18h", "lun-ven: 9-12"),
    ("2026-12-26: fermé", "26/12/2026: fermé"),
    ("holidays: france", "holidays: français"),
    ("monthly: 15 EUR", "monthly: 15"),
    ("longest: 2m", "longest: 2"),
    ("longest: 2m", "longest: 0s"),
    ("site: maison-lavande", "site: maison-lavande\ntimezone: Paris et alentours"),
    ("record: false", "record: jamais"),
    ("ports: 16384-32767", "ports: 16384"),
];

const WRONG_TESTS: &[(&str, &str)] = &[
    ("tests:", "test:"),
    ("flow: service-client\n", ""),
    ("  - name: commande expédiée, mardi 10 h\n    call", "  - call"),
    ("from: 06", "de: 06"),
    ("\"GET /commandes/12345678\"", "\"GET commandes\""),
    ("- hear: appel", "- entend: appel"),
    ("- press: 12345678", "- press: 1\n        hear: oui"),
    ("- hangup", "- hangup: oui"),
    ("- hangup", "- wait: 30"),
    ("- hangup", "- position: 0"),
    ("- hangup", "- press"),
    ("tags: [", "tag: ["),
    ("queue: conseillers }", "ended: loin }"),
];

/// Durations are texts of one grammar: the reader and the schemas of editors know the same.
#[test]
fn editors_know_what_is_a_duration() {
    let texts: Vec<(String, Option<u64>)> =
        serde_json::from_str(include_str!("../data/durations.json")).unwrap();
    for schema in [schema::flow(), schema::site(), scenarios()] {
        for (text, read) in &texts {
            for (name, fits) in
                [("duration", read.is_some_and(|millis| millis > 0)), ("duration-or-none", read.is_some())]
            {
                let Some(_) = schema["definitions"].get(name) else { continue };
                let mut alone = schema.clone();
                alone["properties"] = json!({ "a": { "$ref": format!("#/definitions/{name}") } });
                alone["required"] = json!(["a"]);
                let told = mistakes(&alone, &json!({ "a": text }));
                assert_eq!(told.is_empty(), fits, "{name} {text:?}: {told:?}");
            }
        }
    }
}

#[test]
fn what_is_wrong_is_told() {
    for (schema, text, wrong) in [(schema::flow(), FLOW, WRONG), (schema::site(), SITE, WRONG_SITES)] {
        for (from, to) in wrong {
            assert!(text.contains(from), "{from}");
            assert!(!told(&schema, &text.replacen(from, to, 1)).is_empty(), "nothing is told of {to:?}");
        }
    }
    for (from, to) in WRONG_TESTS {
        assert!(TEST.contains(from), "{from}");
        assert!(!told(&scenarios(), &TEST.replacen(from, to, 1)).is_empty(), "nothing is told of {to:?}");
    }
}

#[test]
fn a_mistake_is_told_at_its_step_and_not_at_every_verb() {
    let text = FLOW.replacen("digits: 8", "digit: 8", 1);
    let told = told(&schema::flow(), &text);
    assert_eq!(
        told,
        ["/blocks/suivi/1: none of the forms fits; nearest: /blocks/suivi/1: `digit` is not known"]
    );
}

/// A verb in an editor explains itself.
#[test]
fn every_step_and_option_has_its_words() {
    let flow = schema::flow();
    let steps = flow["definitions"].as_object().unwrap().iter().filter(|(name, _)| name.starts_with("step-"));
    let mut count = 0;
    for (name, step) in steps {
        for (key, property) in step["properties"].as_object().unwrap() {
            assert!(property["description"].as_str().is_some_and(|words| words.len() > 3), "{name}.{key}");
            count += 1;
        }
    }
    assert!(count > 80, "{count}");
}
