//! What operators get wrong, each told once, at its line, by its code; and what they write well, told nothing.

use super::super::testing::{compiled, compiled_with, names};

/// A flow that is right in every line.
const RIGHT: &str = "svi: 1
name: essai
numbers: [0800 123 456]
start: debut
legal: { free_call: appel-gratuit.wav }
defaults: { tries: 3, timeout: 6s, otherwise: fin }
blocks:
  debut:
    - say: Bienvenue.
    - hours: boutique
      open: choix
      closed: message
  choix:
    - menu: Que voulez-vous ?
      keys:
        1: { label: joindre un conseiller, goto: file }
        2: { label: suivre votre commande, goto: suivi }
        star: { label: réécouter, goto: choix }
  suivi:
    - ask: commande
      say: Votre numéro ?
      digits: 8
    - say: \"Voici {commande|digits}.\"
    - if: commande == \"12345678\" and agents(sav) > 0
      then: file
    - goto: message
  file:
    - queue: conseillers
      skill: sav
      max_wait: 5m
      callback: { after: 60s, key: 1, goto: message }
      no_agent: alice
      too_long: message
  alice:
    - ring: [alice, bruno]
      order: in-turn
      timeout: 20s
      failed: message
  message:
    - voicemail: accueil
      longest: 2m
    - tag: message
    - goto: fin
  fin:
    - hangup: normal
";

/// A line of the flow, what an operator makes of it, the code, the line (from the one that was changed), what is marked.
type Mistake = (&'static str, &'static str, &'static str, isize, &'static str);

const MISTAKES: &[Mistake] = &[
    // Names.
    ("open: choix", "open: choi", "unknown-block", 0, "choi"),
    ("hours: boutique", "hours: boutik", "unknown-name", 0, "boutik"),
    ("queue: conseillers", "queue: conseiller", "unknown-name", 0, "conseiller"),
    ("skill: sav", "skill: savv", "unknown-name", 0, "savv"),
    ("voicemail: accueil", "voicemail: acueil", "unknown-name", 0, "acueil"),
    ("[alice, bruno]", "[alicia, bruno]", "unknown-target", 0, "alicia"),
    ("[alice, bruno]", "[]", "nobody", 0, "[]"),
    ("free_call: appel-gratuit.wav", "free_call: gratuit.wav", "unknown-prompt", 0, "gratuit.wav"),
    ("start: debut", "start: début", "unknown-block", 0, "début"),
    ("{commande|digits}", "{comande|digits}", "unknown-variable", 0, "comande"),
    ("{commande|digits}", "{commande|chiffres}", "unknown-format", 0, "chiffres"),
    ("commande == ", "known(comande) and commande == ", "unknown-variable", 0, "comande"),
    ("agents(sav) > 0", "agents(sva) > 0", "unknown-name", 0, "sva"),
    // Verbs and options.
    ("- say: Bienvenue.", "- dire: Bienvenue.", "unknown-verb", 0, "dire"),
    ("- say: Bienvenue.", "- say: Bienvenue.\n      interrupt: peut-être", "not-yes-or-no", 1, "peut-être"),
    ("- say: Bienvenue.", "- interrupt: false\n      say: Bienvenue.", "unknown-verb", 0, "interrupt"),
    ("- say: Bienvenue.", "- say: Bienvenue. {", "placeholder", 0, "{"),
    ("- say: Bienvenue.", "- say: {caller|phone}", "quotes", 0, "{caller|phone}"),
    ("- say: Bienvenue.", "- say: \"...\"", "empty-text", 0, "\"...\""),
    ("- say: Bienvenue.", "- {}", "not-a-step", 0, "{}"),
    ("- say: Bienvenue.", "- hangup", "not-a-step", 0, "hangup"),
    ("- say: Bienvenue.", "- play: bonjour.wav", "unknown-prompt", 0, "bonjour.wav"),
    ("- say: Bienvenue.", "- set: { call.ref: 12 }", "not-a-variable", 0, "call.ref"),
    ("- say: Bienvenue.", "- set: { n: }", "not-a-value", 0, ""),
    ("max_wait: 5m", "maxwait: 5m", "unknown-key", 0, "maxwait"),
    ("order: in-turn", "order: turn", "unknown-order", 0, "turn"),
    ("hangup: normal", "hangup: norml", "unknown-reason", 0, "norml"),
    ("name: essai", "nom: essai", "unknown-key", 0, "nom"),
    // Durations and numbers.
    ("max_wait: 5m", "max_wait: 5", "not-a-duration", 0, "5"),
    ("max_wait: 5m", "max_wait: 5 minuttes", "not-a-duration", 0, "5 minuttes"),
    ("timeout: 20s", "timeout: 0s", "not-a-duration", 0, "0s"),
    ("tries: 3", "tries: 0", "not-a-number", 0, "0"),
    ("tries: 3", "tries: trois", "not-a-number", 0, "trois"),
    ("digits: 8", "digits: 8..4", "digits", 0, "8..4"),
    ("digits: 8", "check: date\n      digits: 6", "digits", 1, "6"),
    ("digits: 8", "check: luhm", "unknown-check", 0, "luhm"),
    ("digits: 8", "check: regex", "regex", 0, "regex"),
    ("digits: 8", "check: { regex: \"[1-4\" }", "regex", 0, ""),
    // Keys.
    ("        star:", "        étoile:", "not-a-key", 0, "étoile"),
    ("        star:", "        \"*\":", "not-a-key", 0, "\"*\""),
    ("        star:", "        1:", "duplicate-key", 0, ""),
    ("goto: suivi }", "aller: suivi }", "unknown-key", 0, "aller"),
    ("label: réécouter,", "label: \"\",", "missing-label", 0, ""),
    ("{ label: réécouter, goto: choix }", "choix", "missing-label", 0, "choix"),
    ("key: 1,", "key: un,", "not-a-key", 0, "un"),
    ("max_wait: 5m", "keys: { 1: fin }", "key-twice", 1, "1"),
    // Exits, ends, loops.
    ("      closed: message\n", "", "missing-exit", 0, "hours"),
    ("otherwise: fin }", "}", "missing-exit", 8, "menu"),
    ("    - tag: message\n    - goto: fin\n", "    - tag: message\n", "no-end", 0, "tag: message"),
    ("    - hangup: normal\n", "    []\n", "no-end", 0, "fin"),
    ("- say: Bienvenue.", "- goto: choix", "after-end", 1, "hours: boutique"),
    ("no_agent: alice", "no_agent: file", "deaf-loop", -5, "file"),
    ("legal: { free_call: appel-gratuit.wav }\n", "", "announcement", 0, "[0800 123 456]"),
    // Types.
    (
        "commande == \"12345678\"",
        "commande == 12345678",
        "type",
        0,
        "commande == 12345678 and agents(sav) > 0",
    ),
    ("commande == \"12345678\"", "commande = \"12345678\"", "condition", 0, "="),
    ("commande == \"12345678\"", "commande == oui", "unknown-variable", 0, "oui"),
    ("{commande|digits}", "{commande|time}", "format", 0, "{commande|time}"),
    // YAML.
    ("max_wait: 5m", "  max_wait: 5m", "yaml", 0, ""),
    ("- say: Bienvenue.", "- say: Tapez #1 pour finir.", "comment-cut", 0, "#1 pour finir."),
    ("- say: Bienvenue.", "-\tsay: Bienvenue.", "tab", 0, ""),
    ("- say: Bienvenue.", "- say: Attention : ceci: cela.", "yaml", 0, ""),
    ("        star:", "        *:", "star-key", 0, ""),
];

#[test]
fn each_mistake_is_told_at_its_place_by_its_code() {
    let mut wrong = Vec::new();
    for (right, written, code, below, marked) in MISTAKES {
        assert!(RIGHT.contains(right), "{right}");
        let text = RIGHT.replacen(right, written, 1);
        let changed = RIGHT[..RIGHT.find(right).unwrap()].matches('\n').count() + 1;
        let (_, report) = compiled(&text);
        let first = report.iter().find(|told| told.code == *code);
        let told = first.is_some_and(|told| {
            let (line, _) = told.source.position(told.range.start);
            let found = told.source.text[told.range.clone()].lines().next().unwrap_or("");
            let near = if right.ends_with('\n') {
                line.abs_diff(changed) <= 3
            } else {
                changed.checked_add_signed(*below) == Some(line)
            };
            near && (marked.is_empty() || found == *marked)
        });
        if !told || report.iter().count() > 2 {
            wrong.push(format!(
                "{right:?} -> {written:?} wants {code} at {changed}+{below} {marked:?}:\n{report}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_right_is_told_nothing() {
    let silent = |text: &str| assert_eq!(compiled(text).1.to_string(), "");
    silent(RIGHT);
    for (from, to) in [
        ("commande == ", "known(commande) and commande == "),
        ("- say: Bienvenue.", "- set: { ville: {call.number} }"),
        ("- say: Bienvenue.", "- say: { fr: Bienvenue., en: Welcome. }"),
        ("- say: Bienvenue.", "- say: \"C'est l'heure : 9h # 10h\""),
        ("menu: Que voulez-vous ?", "menu: { first: Que voulez-vous ?, again: Choisissez. }"),
        ("digits: 8", "check: siret"),
        ("digits: 8", "digits: 4..10\n      confirm: true\n      secret: false"),
        ("[alice, bruno]", "[06 12 34 56 78, \"sip:accueil@pbx.example\"]"),
        ("max_wait: 5m", "max_wait: 300s\n      keys: { star: fin, 9: { goto: message } }"),
        ("legal: { free_call: appel-gratuit.wav }", "legal: { free_call: operator }\nlanguage: fr"),
        ("holiday", "holiday"),
    ] {
        silent(&RIGHT.replacen(from, to, 1));
    }
}

#[test]
fn a_guard_is_enough_wherever_it_stands() {
    let flow = |condition: &str| {
        format!(
            "svi: 1\nname: a\nstart: debut\nblocks:\n  debut:\n    - if: caller.mobile\n      then: suite\n    - set: {{ code: \"1\" }}\n    - goto: suite\n  suite:\n    - if: {condition}\n      then: fin\n    - say: \"Code {{code}}.\"\n    - goto: fin\n  fin:\n    - hangup: normal\n"
        )
    };
    let codes = |condition| compiled(&flow(condition)).1.iter().map(|told| told.code).collect::<Vec<_>>();
    assert_eq!(codes("not known(code)"), [""; 0]);
    assert_eq!(codes("not known(code) or code == \"2\""), [""; 0]);
    assert_eq!(codes("known(code) and code == \"2\""), ["unset"], "the text behind it is not guarded");
    assert_eq!(codes("known(code) or code == \"2\""), ["unset", "unset"]);
    assert_eq!(codes("caller.mobile"), ["unset"]);
}

#[test]
fn cases_that_never_come_are_told() {
    let flow = |value: &str, case: &str| {
        format!(
            "svi: 1\nname: a\nstart: debut\nblocks:\n  debut:\n    - set: {{ n: 8 }}\n    - switch: {value}\n      cases: {{ {case}: fin }}\n      otherwise: fin\n  fin:\n    - hangup: normal\n"
        )
    };
    let codes = |value, case| compiled(&flow(value, case)).1.iter().map(|told| told.code).collect::<Vec<_>>();
    assert_eq!(codes("n", "8"), [""; 0]);
    assert_eq!(codes("caller.mobile", "true"), [""; 0]);
    assert_eq!(codes("caller.country", "FR"), [""; 0]);
    assert_eq!(codes("n", "08"), ["type"]);
    assert_eq!(codes("caller.mobile", "oui"), ["type"]);
}

#[test]
fn a_campaign_brings_a_free_number_to_a_flow_that_lists_none() {
    let text = "svi: 1\nname: a\nstart: fin\nblocks:\n  fin:\n    - hangup: normal\n";
    let mut names = names();
    assert!(compiled_with(text, &names).0.is_some());
    names.campaign_numbers = vec!["+33800123457".to_owned()];
    let (flow, report) = compiled_with(text, &names);
    assert!(flow.is_none());
    assert_eq!(report.iter().map(|told| told.code).collect::<Vec<_>>(), ["announcement"]);
}

#[test]
fn texts_without_a_voice_are_told_once() {
    let mut names = names();
    names.can_render.clear();
    let text = "svi: 1\nname: a\nstart: fin\nblocks:\n  fin:\n    - say: Bonjour.\n    - say: Bonjour.\n    - say: Au revoir.\n    - hangup: normal\n";
    let (flow, report) = compiled_with(text, &names);
    assert!(flow.is_some());
    let drawn = "\
warning[no-voice]: 2 texts have no voice yet:
                     Bonjour.
                     Au revoir.
 --> flow.yaml:6:12
  |
6 |     - say: Bonjour.
  |            ^^^^^^^^
  |
  = help: name a text-to-speech command in site.yaml: `server: { speech: [espeak-ng, …] }`
";
    assert_eq!(report.to_string().trim_end(), drawn.trim_end());
}
