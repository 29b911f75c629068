//! From a text to a flow: sections, blocks, steps; then the laws. All mistakes are told at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::check;
use super::graph::{Block, BlockId, Flow};
use super::prompt::Speech;
use super::read::{Defaults, Names, Reader, StepText};
use super::verb::{Ends, Step, VERBS};
use super::words;
use crate::base::diagnostic::{Report, Severity, Source};
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};

/// What a flow's file may hold at its top.
const SECTIONS: &[&str] = &["svi", "name", "numbers", "start", "legal", "defaults", "blocks", "language"];

/// Compiles a flow; none when anything is wrong. `root` is the tree of its text, `name` its name.
pub fn compile(
    source: &Arc<Source>,
    root: &Node,
    name: &Name,
    names: &Names,
    report: &mut Report,
) -> Option<Flow> {
    let mut own = Report::default();
    let mut reader = Reader {
        source,
        names,
        report: &mut own,
        blocks: BTreeMap::new(),
        defaults: Defaults::default(),
        voiceless: BTreeMap::new(),
    };
    let flow = read(&mut reader, root, name);
    words::tell_voiceless(&mut reader);
    let whole = !own.has_errors();
    report.extend(own);
    flow.filter(|_| whole)
}

fn read(reader: &mut Reader<'_>, root: &Node, name: &Name) -> Option<Flow> {
    let sections = reader.pairs(root, "a flow");
    reader.only(&sections, "a flow", SECTIONS);
    let blocks = root.get("blocks")?;
    let texts = reader.pairs(blocks, "`blocks`");
    for (place, (key, _)) in texts.iter().enumerate() {
        if let Some(block) = key.text() {
            reader.blocks.insert(Name::from(block), BlockId(place));
        }
    }
    if let Some(language) = root.get("language").filter(|language| language.text() != Some("fr")) {
        reader.error(language, "language", "flows speak French in this version", "write `language: fr`");
    }
    let numbers = read_numbers(reader, root);
    let announcement = read_announcement(reader, root, &numbers);
    reader.defaults = read_defaults(reader, root);
    let start = match root.get("start") {
        Some(node) => reader.target(node),
        None => {
            reader.error(
                root,
                "missing-start",
                "the flow does not say where a call begins",
                "add `start: BLOCK`",
            );
            None
        }
    };
    let mut compiled = Vec::new();
    for (key, steps) in &texts {
        let (steps, places) = read_block(reader, key, steps).into_iter().unzip();
        compiled.push(Block { name: Name::from(key.text().unwrap_or("")), steps, places });
    }
    let flow = Flow {
        name: name.clone(),
        version: version(&reader.source.text),
        numbers,
        announcement: announcement?,
        start: start?,
        blocks: compiled,
    };
    // Consequences after causes: the laws are judged on a flow that could be read.
    if !reader.report.has_errors() {
        let keys: Vec<&Node> = texts.iter().map(|(key, _)| *key).collect();
        check::laws(reader, &flow, &keys);
    }
    Some(flow)
}

/// Changes with every letter of the text.
fn version(text: &str) -> Name {
    let hash = Sha256::digest(text.as_bytes());
    Name::from(hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn read_numbers(reader: &mut Reader<'_>, root: &Node) -> Vec<String> {
    let Some(node) = root.get("numbers") else { return Vec::new() };
    let listed = reader.list(node);
    // Whether each is one that a company can own is the site's question (`config`).
    listed.iter().filter_map(|node| node.text()).filter_map(|text| (reader.names.normalise)(text)).collect()
}

/// The outer `None`: something is wrong. The inner: nothing is played.
#[allow(clippy::option_option)] // the two are different things, and both are said at once
fn read_announcement(reader: &mut Reader<'_>, root: &Node, numbers: &[String]) -> Option<Option<Speech>> {
    let legal = root.get("legal");
    if let Some(legal) = legal {
        let pairs = reader.pairs(legal, "`legal`");
        reader.only(&pairs, "`legal`", &["free_call", "recording"]);
        if let Some(recording) = legal.get("recording") {
            reader.file(recording)?;
        }
    }
    match legal.and_then(|legal| legal.get("free_call")) {
        Some(node) if node.text() == Some("operator") => Some(None),
        Some(node) => reader.file(node).map(Some),
        None => {
            let reach = numbers.iter().chain(&reader.names.campaign_numbers);
            let free = reach.into_iter().find(|number| (reader.names.is_free)(number));
            let Some(free) = free else { return Some(None) };
            let place = root.get("numbers").unwrap_or(root);
            let message = format!("{free} is free for the caller, and nothing announces it");
            reader.error(place, "announcement", message, "add `legal: { free_call: appel-gratuit.wav }`, or `free_call: operator` if the network plays it");
            None
        }
    }
}

fn read_defaults(reader: &mut Reader<'_>, root: &Node) -> Defaults {
    let Some(node) = root.get("defaults") else { return Defaults::default() };
    let pairs = reader.pairs(node, "`defaults`");
    reader.only(&pairs, "`defaults`", &["tries", "timeout", "otherwise", "error"]);
    Defaults {
        tries: node.get("tries").and_then(|node| reader.tries(node)),
        timeout: node.get("timeout").and_then(|node| reader.duration(node)),
        otherwise: node.get("otherwise").and_then(|node| reader.target(node)),
        error: node.get("error").and_then(|node| reader.target(node)),
    }
}

/// The steps of a block, with their places. The last one must say where the call goes, and none before it may.
fn read_block(reader: &mut Reader<'_>, key: &Node, node: &Node) -> Vec<(Step, Range<usize>)> {
    let name = key.text().unwrap_or("").to_owned();
    let Value::List(items) = &node.value else {
        reader.error(
            key,
            "not-steps",
            format!("the block `{name}` has no steps"),
            "write its steps as lines that begin with `- `",
        );
        return Vec::new();
    };
    if items.is_empty() {
        reader.error(
            key,
            "no-end",
            format!("the block `{name}` has no steps"),
            "add a last step: `goto`, `menu`, `hangup`…",
        );
    }
    let mut steps = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let last = place + 1 == items.len();
        let Some((step, ends)) = read_step(reader, item) else { continue };
        let ended = matches!((ends, step.as_ref()), (Ends::Always, _))
            || (ends == Ends::Either && step.as_ref().is_some_and(Step::is_end));
        // A verb that is not there yet, or could not be read, may have been an end.
        let unsure = step.is_none() && ends == Ends::Either;
        if last && !ended && !unsure {
            reader.error(
                item,
                "no-end",
                format!("the block `{name}` ends without saying where the call goes"),
                "add a last step: `goto`, `menu`, `hangup`…",
            );
        }
        if !last && ended {
            reader.error(
                &items[place + 1],
                "after-end",
                "this step can never come: the one before leads elsewhere",
                "remove it, or move it up",
            );
        }
        steps.extend(step.map(|step| (step, item.range.clone())));
    }
    steps
}

/// A step: its first key is the verb, the rest are the verb's options.
fn read_step(reader: &mut Reader<'_>, node: &Node) -> Option<(Option<Step>, Ends)> {
    let Value::Map(entries) = &node.value else {
        let help = match node.text() {
            Some("hangup") => "write `- hangup: normal`",
            _ => "write a verb and a colon: `- say: …`",
        };
        reader.error(node, "not-a-step", "a step is `verb: …`", help);
        return None;
    };
    let Some(((verb, argument), options)) =
        entries.split_first().map(|((verb, argument), rest)| ((verb, argument), rest))
    else {
        reader.error(node, "not-a-step", "this step is empty", "write a verb and a colon: `- say: …`");
        return None;
    };
    let word = verb.text().unwrap_or("");
    let find = |word: &str| VERBS.iter().find(|known| known.name == word);
    let Some(known) = find(word) else {
        let later = options.iter().filter_map(|(key, _)| key.text()).find(|key| find(key).is_some());
        match later {
            Some(later) => {
                let why = format!("a step begins with its verb, and `{word}` is none");
                reader.error(verb, "unknown-verb", why, &format!("put `{later}` first"));
            }
            None => reader.unknown(verb, "unknown-verb", "verb", VERBS.iter().map(|verb| verb.name)),
        }
        return None;
    };
    let Some(read) = known.read else {
        reader.tell(
            Severity::Error,
            verb,
            "verb-later",
            format!("`{word}` is not available in this version"),
            "see CHANGELOG for what is",
        );
        return Some((None, known.ends));
    };
    let options: Vec<(&Node, &Node)> = options.iter().map(|(key, value)| (key, value)).collect();
    reader.only(&options, &format!("`{word}`"), known.options);
    let step = StepText { verb, argument, options };
    Some((read(reader, &step), known.ends))
}
