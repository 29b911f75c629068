//! The reference of codes: every code has its page, every page its code, and what a page calls wrong or right is so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use svi::base::diagnostic::codes::{Page, pages};
use svi::base::diagnostic::{Diagnostic, Report, Severity, Source, Tongue};
use svi::base::name::Name;
use svi::config::SECTIONS;
use svi::io::assets;

use crate::source;

/// Rooms that tell an operator of mistakes.
const ROOMS: &[&str] = &["base", "config", "flow", "io", "sim"];
/// Calls that take a code: the first literal of theirs at its own level.
const HEADS: &[&str] = &[
    ".error(",
    ".warn(",
    ".warning(",
    ".tell(",
    ".unknown(",
    ".unknown_word(",
    "reader.word(",
    "reader.word_or(",
    "about(",
    "refused(",
    "refuse(",
    "mark.warning(",
    "mark.error(",
    "unwrap_or_else(nowhere).error(",
    "Some((Severity::Error, ",
    "(Severity::Error, ",
];
/// Codes whose page shows no YAML: what is wrong is the file as a whole, a recording, or what came of a scenario.
const WITHOUT_EXAMPLE: &[&str] = &[
    "announcement-sound",
    "expected",
    "file-too-large",
    "flow-twice",
    "heard",
    "invisible-character",
    "key-not-taken",
    "long-text",
    "missing-fragment",
    "missing-value",
    "mixed-voices",
    "needs-inputs",
    "no-flow",
    "no-site",
    "no-words",
    "not-a-moment",
    "not-a-request",
    "not-a-status",
    "not-an-answer",
    "not-awaited",
    "not-heard",
    "not-in-queue",
    "not-sent",
    "not-utf8",
    "not-wanted",
    "nul",
    "other-flow",
    "outside-file",
    "scenario-twice",
    "section-twice",
    "speech-failed",
    "stale-recording",
    "tab",
    "too-deep",
    "too-many",
    "too-many-mistakes",
    "two-documents",
    "two-steps",
    "unanswered-request",
    "unexpected",
    "unknown-fragment",
    "unknown-number",
    "unknown-step",
    "unreadable-file",
    "unreadable-prompt",
    "yaml-readers-disagree",
];

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let used = codes();
    assert!(used.len() > 80, "the scan finds too few: {used:?}");
    for tongue in [Tongue::English, svi::cli::FRENCH] {
        let known: BTreeSet<String> = pages(tongue).map(|page| page.code.to_owned()).collect();
        let missing: Vec<_> = used.iter().filter(|(code, _)| !known.contains(*code)).collect();
        let orphans: Vec<_> = known.iter().filter(|code| !used.contains_key(*code)).collect();
        assert!(missing.is_empty(), "no page in {tongue:?}: {missing:#?}");
        assert!(orphans.is_empty(), "{tongue:?} pages of codes that nothing tells: {orphans:?}");
    }
}

/// Every code of the source, and a file that tells it.
fn codes() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for code in source::code(ROOMS) {
        let told = HEADS.iter().flat_map(|head| source::calls(&code.text, head));
        let told = told.filter_map(|literals| literals.into_iter().next());
        let fields = ["code: \"", "const CODE: &str = \""].into_iter().flat_map(|head| {
            let places = code.text.match_indices(head).map(move |(at, _)| at + head.len() - 1);
            places.map(|at| source::literal(&code.text[at..]).0).collect::<Vec<_>>()
        });
        for word in told.chain(fields).filter(|word| is_code(word)) {
            found.insert(word, code.path.display().to_string());
        }
    }
    found
}

/// `unknown-key`, and no sentence, nor the two letters of a language.
fn is_code(word: &str) -> bool {
    word.len() > 2
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[test]
fn what_a_page_calls_wrong_is_told_and_what_it_calls_right_is_not() {
    let mut wrong = Vec::new();
    for page in pages(Tongue::English) {
        let examples = examples(&page);
        if WITHOUT_EXAMPLE.contains(&page.code) {
            assert!(examples.is_empty(), "{} has an example now: take it off the list", page.code);
            continue;
        }
        let [bad, good] = examples[..] else {
            panic!("{}: a page shows what is wrong and what is right, or is on the list", page.code)
        };
        let (told, drawn) = told(bad, page.code);
        if !told.contains_key(page.code) {
            wrong.push(format!("{}: the wrong example tells {told:?}\n{drawn}", page.code));
        }
        let (told, drawn) = self::told(good, page.code);
        if told.contains_key(page.code) || told.values().any(|is_error| *is_error) {
            wrong.push(format!("{}: the right example tells {told:?}\n{drawn}", page.code));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

#[test]
fn both_languages_show_the_same_examples() {
    let french: BTreeMap<&str, Page> = pages(svi::cli::FRENCH).map(|page| (page.code, page)).collect();
    for page in pages(Tongue::English) {
        assert_eq!(examples(&page), examples(&french[page.code]), "{}", page.code);
    }
}

fn examples(page: &Page) -> Vec<&'static str> {
    let blocks = page.body.split("```yaml\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default()).collect()
}

const SITE: &str = "\
svi: 1
trunks: { local: { peers: [127.0.0.1] } }
agents: { alice: { sip: alice, password: secret } }
queues: { conseillers: { agents: [alice] } }
mailboxes: { accueil: { longest: 2m } }
hours: { boutique: { week: { lun-ven: 9h-18h } } }
";
const FLOW: &str = "\
svi: 1
name: accueil
numbers: [01 23 45 67 89]
start: fin
";
const BLOCKS: &str = "blocks:\n  fin:\n    - hangup: normal\n";
/// A flow that examples may call.
const CALLED: &str = "\
svi: 1
name: facture
start: dire
inputs: [numero]
outputs: [statut]
blocks:
  dire:
    - set: { statut: connu }
    - return:
";

/// The codes that a site with this example in it tells, whether each is an error, and the drawing.
fn told(example: &str, code: &str) -> (BTreeMap<&'static str, bool>, String) {
    let first = example.lines().next().unwrap_or_default();
    let key = first.split(':').next().unwrap_or_default();
    let (site, flow) = match key {
        "# accueil.yaml" => (SITE.to_owned(), example.to_owned()),
        "# site.yaml" => (example.to_owned(), format!("{FLOW}{BLOCKS}")),
        section if SECTIONS.contains(&section) => (with(SITE, example), format!("{FLOW}{BLOCKS}")),
        "svi" | "name" | "numbers" | "start" | "legal" | "defaults" => {
            (SITE.to_owned(), with(FLOW, example) + BLOCKS)
        }
        block => {
            let indented: String = example.lines().map(|line| format!("  {line}\n")).collect();
            (SITE.to_owned(), with(FLOW, &format!("start: {block}\n")) + BLOCKS + &indented)
        }
    };
    let files = [("site.yaml", site), ("accueil.yaml", flow), ("facture.yaml", CALLED.to_owned())];
    let sources: Vec<Arc<Source>> = files.into_iter().map(|(path, text)| Source::new(path, text)).collect();
    let recordings: BTreeSet<Name> =
        assets::names().filter_map(|name| name.strip_prefix("prompts/")).map(Name::from).collect();
    let (site, report): (_, Report) = svi::config::read(&sources, &recordings, code != "no-voice", &|_| None);
    let beside = [svi::config::lacks(&site), svi::config::doubts(&site)];
    let beside = beside.iter().flat_map(Report::iter).filter(|told| told.code == code);
    let is_error = |told: &Diagnostic| told.severity == Severity::Error;
    let told = report.iter().chain(beside).map(|told| (told.code, is_error(told)));
    (told.collect(), report.to_string())
}

/// A file with the sections of an example instead of its own.
fn with(file: &str, example: &str) -> String {
    let own: Vec<&str> = example.lines().filter(|line| !line.starts_with([' ', '-'])).collect();
    let replaced = |line: &str| own.iter().any(|key| key.split(':').next() == line.split(':').next());
    let kept: String = file.lines().filter(|line| !replaced(line)).map(|line| format!("{line}\n")).collect();
    kept + example
}
