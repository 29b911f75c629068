//! What a caller lives through where the company's own systems are asked, and what is sent.

use serde_json::{Value as Json, json};

use crate::base::pii::Pii;
use crate::base::time::Duration;
use crate::flow::errand::{Body, Fetch, FetchFailure, Fetched, Letter};
use crate::flow::testing::Stroll;
use crate::flow::vocabulary::{Action, Event, Recorded};

const HTTP: &str = "  debut:
    - set: { commande: \"12345678\" }
    - http: GET https://api.exemple.fr/commandes/{commande}
      save: { statut: statut, arrivee: livraison.0.date, reste: { solde: euros }, note: \"remarque?\" }
      not_found: inconnue
      error: panne
    - tag: lu
    - if: statut == \"prete\"
      then: prete
    - if: known(note)
      then: notee
    - say: \"Elle arrivera {arrivee|date}.\"
    - say: \"Il reste {reste|euros}.\"
    - goto: fin
  prete:
    - hangup: rejected
  notee:
    - say: \"Note {note|spell}.\"
    - goto: fin
  inconnue:
    - hangup: busy
  panne:
    - hangup: technical
  fin:
    - hangup: normal
";

fn asked() -> Stroll {
    let mut call = Stroll::new(HTTP);
    assert_eq!(call.begin(), ["Block(\"debut\")", "fetch GET https://api.exemple.fr/commandes/12345678"]);
    call
}

fn answer(status: u16, body: Json) -> Event {
    Event::Fetched(Fetched::Answer { status, body })
}

fn failed(why: FetchFailure) -> Event {
    Event::Fetched(Fetched::Failed(why))
}

fn lookup(outcome: &str) -> String {
    format!("Lookup(\"api.exemple.fr\", \"{outcome}\")")
}

const LU: &str = "Tag(\"lu\")";
const PANNE: [&str; 2] = ["Block(\"panne\")", "hang up Technical"];

#[test]
fn an_answer_is_read_by_its_paths_and_said_by_its_formats() {
    let mut call = asked();
    let body = json!({ "statut": "expediee", "livraison": [{ "date": "2026-11-26" }], "solde": 12.5 });
    assert_eq!(
        call.on(answer(200, body)),
        [&lookup("200"), LU, "play Elle arrivera | jeudi | vingt-six | novembre"].map(str::to_owned)
    );
    let reste = call.played();
    assert!(reste[0].starts_with("play Il reste | douze"), "{reste:?}");
}

#[test]
fn what_fails_leads_where_the_flow_says() {
    for (event, outcome, end) in [
        (answer(404, Json::Null), "404", "hang up Busy"),
        (answer(410, Json::Null), "410", "hang up Busy"),
        (answer(500, json!({ "statut": "prete" })), "500", "hang up Technical"),
        (answer(302, Json::Null), "302", "hang up Technical"),
        (failed(FetchFailure::Timeout), "timeout", "hang up Technical"),
        (failed(FetchFailure::Private), "private", "hang up Technical"),
    ] {
        let mut call = asked();
        let lines = call.on(event);
        assert_eq!((&lines[0], lines.last().map(String::as_str)), (&lookup(outcome), Some(end)));
    }
}

#[test]
fn a_value_that_is_missing_matters_only_where_it_is_read() {
    // Without a date the call goes on as long as no date is said.
    let mut call = asked();
    assert_eq!(call.on(answer(200, json!({ "statut": "prete" }))).last().unwrap(), "hang up Rejected");
    let mut call = asked();
    let lines = call.on(answer(200, json!({ "statut": "expediee", "solde": 3 })));
    assert_eq!(lines, [&lookup("200"), LU, PANNE[0], PANNE[1]].map(str::to_owned));
    // The state itself is read by the first condition.
    let mut call = asked();
    let lines = call.on(answer(200, json!([])));
    assert_eq!(lines, [&lookup("200"), LU, PANNE[0], PANNE[1]].map(str::to_owned));
}

#[test]
fn a_value_that_was_missing_is_there_when_the_flow_gives_it() {
    let given = HTTP.replace("    - tag: lu\n", "    - set: { statut: prete }\n");
    let mut call = Stroll::new(&given);
    call.begin();
    assert_eq!(call.on(answer(200, json!({}))).last().unwrap(), "hang up Rejected");
}

#[test]
fn a_value_of_another_type_is_missing() {
    let dated = |date: Json| json!({ "statut": "expediee", "livraison": [{ "date": date }], "solde": 3 });
    for date in [json!("demain"), json!(20_261_126), json!(null), json!(["2026-11-26"]), json!("2026-02-30")]
    {
        let mut call = asked();
        assert_eq!(call.on(answer(200, dated(date))).last().unwrap(), "hang up Technical");
    }
    let mut call = asked();
    call.on(answer(200, json!({ "statut": "x", "livraison": [{ "date": "2026-11-26" }], "solde": "cher" })));
    assert_eq!(call.played(), PANNE, "an amount that is none");
    // A text that reads as an amount is one.
    let mut call = asked();
    call.on(answer(200, json!({ "statut": "x", "livraison": [{ "date": "2026-11-26" }], "solde": "3,50" })));
    assert!(call.played()[0].contains("trois"));
}

#[test]
fn an_optional_value_may_be_missing_and_is_read_after_a_guard() {
    let mut call = asked();
    let lines = call.on(answer(200, json!({ "statut": "x", "remarque": "AB" })));
    assert!(lines.last().unwrap().starts_with("play Note"), "{lines:?}");
    let mut call = asked();
    let lines = call.on(answer(200, json!({ "statut": "x", "livraison": [{ "date": "2026-11-26" }] })));
    assert!(lines.last().unwrap().starts_with("play Elle"), "{lines:?}");
}

/// What a hostile caller or system may give for a value.
const HOSTILE: &str = "'\"<>${x}{{x}}{call.ref}\r\nX-Injected: 1\r\n\r\n/../?a=b&c#d%00é";

fn actions(call: &mut Stroll) -> Vec<Action> {
    call.walk.on(Event::Begin, &call.world)
}

fn sent(blocks: &str, caller: &str) -> Vec<Action> {
    let mut call = Stroll::new(blocks);
    call.world.facts.caller = Some(Pii::new(caller.to_owned()));
    actions(&mut call)
}

#[test]
fn a_hostile_value_stays_a_value_wherever_it_is_put() {
    let blocks = "  debut:
    - http: POST https://api.exemple.fr/c/{caller}?n={caller}#x
      headers: { X-Caller: \"{caller}\" }
      body: { numero: \"{caller}\", texte: \"de {caller}\", liste: [1, {caller}] }
      error: fin
    - goto: fin
  fin:
    - hangup: normal
";
    let long = HOSTILE.repeat(10_000 / HOSTILE.len());
    for value in [HOSTILE, &long] {
        let fetched = sent(blocks, value).into_iter().find_map(|action| match action {
            Action::Fetch(fetch) => Some(fetch),
            _ => None,
        });
        let Fetch { url, headers, body, .. } = fetched.unwrap();
        let rest = url.strip_prefix("https://api.exemple.fr/c/").unwrap().strip_suffix("#x").unwrap();
        let (path, query) = rest.split_once("?n=").unwrap();
        assert_eq!(path, query);
        assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{path}");
        assert!(!path.contains("/") && path.contains("%0D%0A") && path.contains("%7Bcall.ref%7D"), "{path}");
        assert!(!headers[0].1.contains(['\r', '\n', '\0']), "{headers:?}");
        let Body { text, .. } = body.unwrap();
        let body: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(body, json!({ "numero": value, "texte": format!("de {value}"), "liste": [1, value] }));
    }
}

#[test]
fn a_hostile_value_in_a_letter_is_text_and_in_a_subject_one_line() {
    let blocks = "  debut:
    - email: De {caller}, {call.ref}.
      to: accueil
      subject: Appel de {caller}
    - sms: De {caller}.
      to: 06 98 76 54 32
    - hangup: normal
";
    let letters: Vec<Letter> = sent(blocks, HOSTILE)
        .into_iter()
        .filter_map(|action| if let Action::Send(letter) = action { Some(letter) } else { None })
        .collect();
    let [Letter::Email { subject, text, to, .. }, Letter::Sms { to: number, text: sms }] = &letters[..]
    else {
        panic!("{letters:?}")
    };
    assert_eq!(to, &["accueil@exemple.fr"]);
    assert_eq!(text, &format!("De {HOSTILE}, 042137."));
    assert!(!subject.contains(['\r', '\n']) && subject.contains("{call.ref}"), "{subject}");
    assert_eq!((number.as_str(), sms.as_str()), ("+33698765432", &*format!("De {HOSTILE}.")));
}

#[test]
fn no_message_is_sent_to_a_secret_number() {
    let mut call = Stroll::new("  debut:\n    - sms: Bonjour.\n    - hangup: normal\n");
    call.world.facts.caller = None;
    assert_eq!(call.begin(), ["Block(\"debut\")", "hang up Normal"]);
}

const IDENTIFY: &str = "  debut:
    - identify: GET https://crm.exemple.fr/c?t={caller}
      save: { client: nom }
      card: https://crm.exemple.fr/fiche/{client}
    - if: known(client)
      then: connu
    - hangup: busy
  connu:
    - hangup: normal
";
const ASKED: &str = "fetch GET https://crm.exemple.fr/c?t=%2B33612345678";

fn crm(name: Json) -> Event {
    answer(200, json!({ "nom": name }))
}

#[test]
fn a_caller_is_looked_up_while_the_announcement_plays() {
    let mut call = Stroll::new(IDENTIFY).free();
    assert_eq!(call.begin(), ["AnnouncementBegun", "play [appel-gratuit.wav]", ASKED]);
    assert_eq!(
        call.on(crm(json!("Jean Petit"))),
        [""; 0],
        "the answer waits for the end of the announcement"
    );
    assert_eq!(
        call.played(),
        [
            "AnnouncementEnded(true)",
            "Block(\"debut\")",
            "Lookup(\"crm.exemple.fr\", \"200\")",
            "Card(\"https://crm.exemple.fr/fiche/Jean%20Petit\")",
            "Block(\"connu\")",
            "hang up Normal"
        ]
    );
}

#[test]
fn an_answer_that_is_slower_than_the_announcement_is_waited_for() {
    let mut call = Stroll::new(IDENTIFY).free();
    call.begin();
    assert_eq!(call.played(), ["AnnouncementEnded(true)", "Block(\"debut\")"], "it is not asked twice");
    let lines = call.on(failed(FetchFailure::Timeout));
    assert_eq!(
        lines,
        ["Lookup(\"crm.exemple.fr\", \"timeout\")", "hang up Busy"],
        "and the call goes on without it"
    );
}

#[test]
fn on_another_number_it_is_asked_first_and_a_secret_caller_never() {
    let mut call = Stroll::new(IDENTIFY);
    assert_eq!(call.begin(), ["Block(\"debut\")", ASKED]);
    let nobody = ["Lookup(\"crm.exemple.fr\", \"200\")", "hang up Busy"];
    assert_eq!(call.on(crm(json!(null))), nobody, "an answer without a name is none, and has no card");
    for free in [false, true] {
        let mut call = Stroll::new(IDENTIFY);
        call.world.facts.caller = None;
        call.world.facts.free = free;
        let mut lines = call.begin();
        if free {
            lines.extend(call.played());
        }
        assert!(!lines.iter().any(|line| line.starts_with("fetch")), "{lines:?}");
        assert_eq!(lines.last().unwrap(), "hang up Busy");
    }
}

fn recorded(path: Option<&str>) -> Event {
    Event::Recorded(Recorded {
        duration: Duration::from_secs(3),
        kept: path.is_some(),
        key: None,
        failed: false,
        path: path.map(Into::into),
    })
}

const RECORD: &str = "  debut:
    - record: nom
      longest: 20s
    - email: Un nom.
      to: accueil
      attach: nom
    - hangup: normal
";

#[test]
fn who_hangs_up_after_having_spoken_has_spoken() {
    let mut call = Stroll::new(RECORD);
    call.begin();
    assert_eq!(call.played(), ["record nom 20s 3s"]);
    assert_eq!(call.on(Event::HungUp), [""; 0], "what was said is on its way");
    assert!(call.walk.is_leaving());
    let lines = call.on(recorded(Some(".recordings/a1")));
    assert!(lines.len() == 1 && lines[0].contains("attachments: [\".recordings/a1\"]"), "{lines:?}");
    assert!(call.walk.is_over());
}

#[test]
fn a_recording_of_nothing_is_attached_to_nothing() {
    let mut call = Stroll::new(RECORD);
    call.begin();
    call.played();
    call.on(recorded(None));
    let lines = call.played();
    assert!(lines[0].contains("attachments: []"), "{lines:?}");
    assert_eq!(lines.last().unwrap(), "hang up Normal");
    // One that was thrown away, too short to keep, had a place once.
    let mut call = Stroll::new(RECORD);
    call.begin();
    call.played();
    let Event::Recorded(short) = recorded(Some(".recordings/a1")) else { unreachable!() };
    call.on(Event::Recorded(Recorded { kept: false, ..short }));
    let lines = call.played();
    assert!(lines[0].contains("attachments: []"), "{lines:?}");
}

const AFTER_BEEP: &str = "  debut:
    - voicemail: accueil
    - http: POST https://api.exemple.fr/messages
      body: { de: \"{caller}\" }
      save: { suite: suite }
      error: fin
    - sms: Reçu, {suite}.
    - tag: message
    - say: Merci.
    - tag: jamais
    - goto: fin
  fin:
    - hangup: technical
";

#[test]
fn silent_steps_behind_a_message_run_for_who_has_hung_up() {
    let mut call = Stroll::new(AFTER_BEEP);
    call.begin();
    call.played();
    assert_eq!(call.on(Event::HungUp), [""; 0]);
    assert_eq!(call.on(recorded(Some("accueil/1"))), ["fetch POST https://api.exemple.fr/messages"]);
    let lines = call.on(answer(201, json!({ "suite": "42" })));
    assert!(lines[1].contains("Reçu, 42."), "{lines:?}");
    assert_eq!(lines[2..], ["Tag(\"message\")"], "nothing is said to nobody");
    assert!(call.walk.is_over());
    assert_eq!(call.played(), [""; 0]);
}

#[test]
fn silent_steps_end_where_one_fails_or_lacks_a_value() {
    let leave = || {
        let mut call = Stroll::new(AFTER_BEEP);
        call.begin();
        call.played();
        call.on(Event::HungUp);
        call.on(recorded(Some("accueil/1")));
        call
    };
    let mut call = leave();
    assert_eq!(call.on(failed(FetchFailure::Timeout)), [lookup("timeout")]);
    assert!(call.walk.is_over());
    let mut call = leave();
    assert_eq!(call.on(answer(200, json!({}))), [lookup("200")], "the message would have a hole");
    assert!(call.walk.is_over());
}
