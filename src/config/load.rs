//! From texts to a site: every text is read, every section typed, every flow compiled, every number given to its flow;
//! all mistakes of all files are told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::check;
use super::form::{Row, SVI};
use super::read::{Credentials, Reader};
use super::schema::SITE;
use super::shared::{self, Document, SECTIONS};
use super::site::Shared;
use crate::base::diagnostic::{Report, Source, Text, nearest};
use crate::base::name::Name;
use crate::base::read::head;
use crate::base::yaml::{self, Node, Value};
use crate::flow::Siblings;
use crate::say;

/// What a site is loaded from. `io` reads the files.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// `site.yaml` and the flows, in any order; a file with `blocks` is a flow, and may hold the site's sections too.
    pub(crate) texts: &'a [Arc<Source>],
    /// Every prompt file that can be played, by its key in the library.
    pub(crate) prompts: &'a BTreeSet<Name>,
    /// Where `credential:NAME` leads.
    pub(crate) credentials: Credentials<'a>,
}

/// What was loaded, with flows of the kind that `compile` made.
#[derive(Debug)]
pub struct Loaded<F> {
    /// The shared sections.
    pub shared: Shared,
    /// Flows by name.
    pub flows: BTreeMap<Name, Arc<F>>,
    /// Numbers in normal form, and the flow that each reaches.
    pub(crate) numbers: BTreeMap<String, Arc<F>>,
    /// Changes with every letter of every text: 16 hex digits of SHA-256.
    pub(crate) version: Name,
    /// Every text could be read, so that what is nowhere is missing.
    pub(super) all_read: bool,
}

/// A flow's text, ready to be compiled: what is the site's has been taken out of its tree.
#[derive(Debug)]
pub(crate) struct FlowText {
    /// The text.
    pub(crate) source: Arc<Source>,
    /// Its tree, without the sections of the site.
    pub(crate) root: Node,
    /// Its name.
    pub(crate) name: Name,
    /// Numbers of campaigns that reach it.
    pub(crate) campaign_numbers: Vec<String>,
    /// All flows of the site, as they see each other.
    pub(crate) siblings: Arc<Siblings>,
}

/// Reads everything. What comes back is whole only when the report has no error; it is there all the same, for tools that
/// show what they can.
pub(crate) fn load<F>(
    sources: Sources<'_>,
    mut compile: impl FnMut(&FlowText, &Shared, &mut Report) -> Option<F>,
) -> (Loaded<F>, Report) {
    let mut report = Report::default();
    let documents: Vec<Document> = sources
        .texts
        .iter()
        .filter_map(|source| {
            let root = yaml::parse(source, &mut report)?;
            Some(Document { source: Arc::clone(source), root })
        })
        .collect();
    let all_read = documents.len() == sources.texts.len() && documents.iter().all(Document::is_whole);
    shared::check_sections(&documents, &mut report);
    let shared = shared::read(&documents, sources.prompts, &mut report, sources.credentials);
    let mut loader = Loader {
        credentials: sources.credentials,
        report,
        numbers: BTreeMap::new(),
        owners: BTreeMap::new(),
        named: BTreeSet::new(),
    };
    let named = documents.iter().filter(|document| is_flow(&document.root));
    let named =
        named.filter_map(|document| Some((Name::from(document.root.get("name")?.text()?), &document.root)));
    let siblings = Arc::new(Siblings::of(named));
    let mut flows = BTreeMap::new();
    for document in &documents {
        loader.language(document);
        let Some(mut text) = loader.flow_text(document) else { continue };
        let alone = documents.iter().filter(|other| other.root.get("blocks").is_some()).count() == 1;
        let campaigns = shared.campaigns.values();
        let reach =
            campaigns.filter(|campaign| campaign.flow.as_ref().map_or(alone, |flow| *flow == text.name));
        text.siblings = Arc::clone(&siblings);
        text.campaign_numbers = reach.map(|campaign| campaign.number.clone()).collect();
        if let Some(flow) = compile(&text, &shared, &mut loader.report).map(Arc::new) {
            loader.attach(document, &text.name, &flow);
            flows.insert(text.name, flow);
        }
    }
    for document in &documents {
        loader.attach_campaigns(document, &shared, &flows, &siblings);
    }
    let Loader { mut report, numbers, .. } = loader;
    if !all_read {
        report.drop_consequences();
    }
    (Loaded { shared, flows, numbers, version: version(sources.texts), all_read }, report)
}

/// The version of a site: of its texts, in whatever order they were read.
fn version(texts: &[Arc<Source>]) -> Name {
    let mut each: Vec<_> = texts.iter().map(|source| Sha256::digest(source.text.as_bytes())).collect();
    each.sort();
    let mut all = Sha256::new();
    each.iter().for_each(|digest| all.update(digest));
    Name::from(all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>())
}

struct Loader<'a, F> {
    credentials: Credentials<'a>,
    report: Report,
    numbers: BTreeMap<String, Arc<F>>,
    /// The names of flows, whether or not those are well.
    named: BTreeSet<Name>,
    /// Which flow lists a number, for the message when another does too.
    owners: BTreeMap<String, Name>,
}

impl<F> Loader<'_, F> {
    fn reader<'r>(&'r mut self, document: &'r Document) -> Reader<'r> {
        Reader::new(&document.source, &mut self.report, self.credentials)
    }

    /// Each file says `svi: 1`, the version of the language.
    fn language(&mut self, document: &Document) {
        let mut reader = self.reader(document);
        match document.root.get("svi") {
            Some(node) if node.text() == Some("1") => {}
            Some(node) => {
                let why = Text::word("this svi reads version 1 of the language");
                reader.error(node, "version", why, Text::word("write `svi: 1`"));
            }
            None => reader.error(
                &head(&document.source, &document.root),
                "version",
                Text::word("the version of the language is missing"),
                Text::word("begin with `svi: 1`"),
            ),
        }
    }

    /// The flow of a document, if it is one. A file of the site alone may have the site's sections only.
    fn flow_text(&mut self, document: &Document) -> Option<FlowText> {
        let mut reader = Reader::new(&document.source, &mut self.report, self.credentials);
        if document.root.get("blocks").is_none() && is_flow(&document.root) {
            let slip = check::keys_with_nodes(&document.root)
                .into_iter()
                .find(|(key, _)| nearest(key, ["blocks"]).is_some());
            match slip {
                Some((_, node)) => {
                    reader.unknown_key(node, Text::word("the flow"), &["blocks"]);
                }
                None => {
                    let head = head(&document.source, &document.root);
                    reader.missing_key(&head, Text::word("the flow"), "blocks");
                }
            }
            return None;
        }
        if document.root.get("blocks").is_none() {
            let what = Text::word("the site (a flow has `blocks`)");
            let table: Vec<Row> = SITE.iter().copied().chain([SVI]).collect();
            let pairs = reader.pairs(&document.root, what.clone());
            let (astray, pairs) = Document::astray(pairs);
            for (key, section) in astray {
                let name = key.text().unwrap_or_default();
                let why =
                    say!("`{}` begins at the edge of the page: it is no longer under `{}`", name, section);
                reader.error(key, "unknown-key", why, Text::word("indent it by two blanks"));
            }
            // Sections of which nothing comes were told with those of all files.
            reader.strays(&pairs, what, &table);
            return None;
        }
        let Some(node) = document.root.get("name") else {
            let keys = check::keys_with_nodes(&document.root).into_iter();
            match keys.filter(|(key, _)| *key != "svi").find(|(key, _)| nearest(key, ["name"]).is_some()) {
                Some((_, slip)) => reader.unknown_key(slip, Text::word("the flow"), &["name"]),
                None => {
                    let head = head(&document.source, &document.root);
                    reader.missing_key(&head, Text::word("the flow"), "name");
                }
            }
            return None;
        };
        let name = reader.new_name(node)?;
        if !self.named.insert(name.clone()) {
            let why = say!("another flow is named `{}` too", &name);
            reader.error(node, "flow-twice", why, Text::word("give each a name of its own"));
            return None;
        }
        Some(FlowText {
            source: Arc::clone(&document.source),
            root: without_sections(&document.root),
            name,
            campaign_numbers: Vec::new(),
            siblings: Arc::default(),
        })
    }

    /// Gives the numbers that a flow lists to it.
    fn attach(&mut self, document: &Document, name: &Name, flow: &Arc<F>) {
        for (text, node) in document.root.get("numbers").map(check::texts).unwrap_or_default() {
            let Some(number) = self.reader(document).own_number(node) else { continue };
            if let Some(other) = self.owners.get(&number).cloned() {
                let why = match other == *name {
                    true => say!("`{}` stands twice in this flow", text),
                    false => say!("`{}` reaches the flow `{}` already", text, other),
                };
                let help = Text::word("a number reaches one flow, once");
                self.reader(document).error(node, "number-twice", why, help);
                continue;
            }
            self.owners.insert(number.clone(), name.clone());
            self.numbers.insert(number, Arc::clone(flow));
        }
    }

    /// Numbers of campaigns that stand in no flow reach the campaign's flow, or the only one that there is.
    fn attach_campaigns(
        &mut self,
        document: &Document,
        shared: &Shared,
        flows: &BTreeMap<Name, Arc<F>>,
        siblings: &Siblings,
    ) {
        let Some(section) = document.root.get("campaigns") else { return };
        // A flow that has mistakes of its own is there all the same.
        let names = siblings.names();
        for (name, node) in check::keys(section) {
            let Some(campaign) = shared.campaigns.get(name) else { continue };
            let flow = match (&campaign.flow, node.get("flow")) {
                (Some(wanted), Some(place)) if !names.contains(wanted) => {
                    let known = names.iter().map(Name::as_str);
                    self.reader(document).unknown(place, "unknown-name", Text::word("flow"), known);
                    None
                }
                (Some(wanted), _) => flows.get(wanted),
                (None, _) if flows.len() == 1 => flows.values().next(),
                (None, _) => None,
            };
            if let Some(flow) = flow {
                self.numbers.entry(campaign.number.clone()).or_insert_with(|| Arc::clone(flow));
            }
        }
    }
}

/// A flow has `blocks`; who misspells them has said where a call begins.
fn is_flow(root: &Node) -> bool {
    root.get("blocks").is_some() || root.get("start").is_some()
}

fn without_sections(root: &Node) -> Node {
    let Value::Map(entries) = &root.value else { return root.clone() };
    let own = |(key, _): &&(Node, Node)| !key.text().is_some_and(|key| SECTIONS.contains(&key));
    Node { range: root.range.clone(), value: Value::Map(entries.iter().filter(own).cloned().collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_texts(texts: &[&str]) -> (Loaded<String>, Report) {
        let texts: Vec<Arc<Source>> = texts
            .iter()
            .enumerate()
            .map(|(place, text)| Source::new(format!("{place}.yaml"), *text))
            .collect();
        let prompts = ["attente.wav", "appel-gratuit.wav", "appel-enregistre.wav"].map(Name::from).into();
        let sources = Sources { texts: &texts, prompts: &prompts, credentials: &|_| Some("x".to_owned()) };
        load(sources, |text, _, _| Some(text.name.to_string()))
    }

    fn codes(texts: &[&str]) -> Vec<&'static str> {
        load_texts(texts).1.iter().map(|diagnostic| diagnostic.code).collect()
    }

    const SITE: &str = include_str!("../../tests/data/site/site.yaml");
    const FLOW: &str = include_str!("../../tests/data/site/service-client.yaml");

    #[test]
    fn the_reference_site_routes_its_numbers() {
        let (site, report) = load_texts(&[FLOW, SITE]);
        assert!(!report.has_errors(), "{report}");
        let numbers: Vec<&String> = site.numbers.keys().collect();
        assert_eq!(numbers, ["+33800123456", "+33800123457", "+80012345678"]);
        assert!(site.numbers.values().all(|flow| **flow == "service-client"));
    }

    #[test]
    fn a_small_user_puts_all_in_one_file() {
        let one = "svi: 1\nname: petit\nsite: petit\nnumbers: [01 23 45 67 89]\nqueues: { q: { agents: [a] } }\n\
                   agents: { a: { phone: 06 12 34 56 78 } }\nblocks: {}\n";
        let mut seen = Vec::new();
        let texts = [Source::new("petit.yaml", one)];
        let sources = Sources { texts: &texts, prompts: &BTreeSet::new(), credentials: &|_| None };
        let (site, report) = load(sources, |text, shared, _| {
            seen = check::keys(&text.root).into_iter().map(|(key, _)| key.to_owned()).collect();
            Some(shared.queues.len())
        });
        assert_eq!(report.to_string(), "");
        assert_eq!(seen, ["svi", "name", "numbers", "blocks"], "the sections of the site are taken out");
        assert_eq!(*site.numbers["+33123456789"], 1);
    }

    #[test]
    fn numbers_reach_one_flow() {
        let flow =
            |name: &str, numbers: &str| format!("svi: 1\nname: {name}\nnumbers: [{numbers}]\nblocks: {{}}\n");
        assert_eq!(codes(&[&flow("a", "0800 123 456, 3008")]), ["own-number"]);
        assert_eq!(codes(&[&flow("a", "0800 123 456"), &flow("b", "+33 800 123 456")]), ["number-twice"]);
        assert_eq!(codes(&[&flow("a", "3018"), &flow("a", "3019")]), ["flow-twice"]);
        let campaign =
            "svi: 1\ncampaigns:\n  c: { number: 0800 000 001, flow: b }\n  d: { number: 0800 000 002 }\n";
        let (site, report) = load_texts(&[&flow("a", "3018"), &flow("b", "3019"), campaign]);
        assert_eq!(report.to_string(), "");
        assert_eq!(*site.numbers["+33800000001"], "b");
        assert!(!site.numbers.contains_key("+33800000002"), "which of the two is not said");
        assert_eq!(codes(&["svi: 1\ncampaigns: { c: { number: 3018, flow: b } }\n"]), ["unknown-name"]);
    }

    #[test]
    fn files_say_what_they_are() {
        assert_eq!(codes(&["site: a\n"]), ["version"]);
        assert_eq!(codes(&["svi: 2\nsite: a\n"]), ["version"]);
        assert_eq!(codes(&["svi: 1\nquues: {}\n"]), ["unknown-key"]);
        assert_eq!(codes(&["svi: 1\nblocks: {}\n"]), ["missing-key"]);
        assert_eq!(codes(&["svi: 1\nagents: [\n", "svi: 1\nsite: a b\n"]), ["yaml", "not-a-name"]);
        assert_eq!(codes(&["- a\n"]), ["version", "not-a-map"]);
        assert_eq!(codes(&[""]), ["empty-file"]);
    }
}
