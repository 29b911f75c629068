//! From a text to a flow: sections, blocks, steps; then the laws. All mistakes are told at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::block::BlockId;
use super::check;
use super::form::{ANNOUNCEMENT, BLOCK, FILE, FLOW_NAME, Form, NUMBER, Row, SVI, TYPED, need, not_yet, opt};
use super::form_of_blocks::BLOCKS;
use super::graph::{Block, Flow};
use super::prompt::Speech;
use super::read::{Defaults, Names, Reader, StepText, TRIES_MAX};
use super::siblings;
use super::speech::Language;
use super::value::Kind;
use super::verb::{Ends, Step, VERBS};
use super::{wants, words};
use crate::base::diagnostic::{Report, Source, Text, nearest};
use crate::base::name::Name;
use crate::base::read::head;
use crate::base::yaml::{Node, Value};
use crate::say;

/// What a flow's file may hold at its top.
pub(crate) const SECTIONS: &[Row] = &[
    SVI,
    need("name", FLOW_NAME, "the name of the flow"),
    opt("numbers", Form::Several(&NUMBER), "the numbers that reach it"),
    need("start", BLOCK, "the block in which a call begins"),
    opt("language", Form::Word(&["fr", "en"]), "the language in which a call begins (fr)"),
    opt("legal", Form::Section(LEGAL), "what the law wants callers to hear"),
    opt("inputs", TYPED, "what a flow that calls this one gives"),
    opt("outputs", TYPED, "what this flow gives back to one that calls it"),
    opt("defaults", Form::Section(DEFAULTS), "what steps fall back on"),
    need("blocks", BLOCKS, "the blocks by name; a block is a list of steps, read top to bottom"),
];

/// `legal:`
const LEGAL: &[Row] = &[
    opt(
        "free_call",
        ANNOUNCEMENT,
        "the announcement of a free number, played before all else; `operator` when the network plays it; required as soon as one number is free",
    ),
    not_yet("recording", FILE, "what tells callers that the conversation is recorded"),
];

/// `defaults:`
const DEFAULTS: &[Row] = &[
    opt("tries", Form::Count(TRIES_MAX), "how often menus and questions are said in all"),
    opt("timeout", Form::Duration, "how long they wait for a key"),
    opt("otherwise", BLOCK, "after the caller's silence and wrong keys"),
    opt("error", BLOCK, "when something outside fails"),
];

/// Reads a flow and judges it alone; none when anything is wrong.
#[cfg(test)]
pub(crate) fn compile(
    source: &Arc<Source>,
    root: &Node,
    name: &Name,
    names: &Names,
    report: &mut Report,
) -> Option<Flow> {
    let mut own = Report::default();
    let flow = read(source, root, name, names, &mut own);
    if let Some(flow) = &flow {
        judge(flow, &BTreeMap::new(), names, &mut own);
    }
    let whole = !own.has_errors();
    report.extend(own);
    flow.filter(|_| whole)
}

/// Judges a flow that could be read by the laws, in the company of those that it calls.
pub(crate) fn judge(flow: &Flow, others: &BTreeMap<Name, Arc<Flow>>, names: &Names, report: &mut Report) {
    let mut reader = Reader::new(&flow.source, names, report, &flow.name);
    check::laws(&mut reader, flow, others);
}

/// Reads a flow; none when anything is wrong. `root` is the tree of its text, `name` its name.
pub(crate) fn read(
    source: &Arc<Source>,
    root: &Node,
    name: &Name,
    names: &Names,
    report: &mut Report,
) -> Option<Flow> {
    let mut own = Report::default();
    let mut reader = Reader::new(source, names, &mut own, name);
    let flow = read_sections(&mut reader, root);
    words::tell_voiceless(&mut reader);
    let whole = !own.has_errors();
    report.extend(own);
    flow.filter(|_| whole)
}

/// The tree with the keys that can only mean another under that one's name: what was told of them is not told again.
fn as_meant(root: &Node) -> Node {
    let Value::Map(entries) = &root.value else { return root.clone() };
    let known = || SECTIONS.iter().map(|row| row.name);
    let mut entries = entries.clone();
    for (key, _) in &mut entries {
        let Some(word) = key.text().filter(|word| known().all(|known| known != *word)) else { continue };
        let free = |meant: &&str| root.get(meant).is_none();
        if let Some(meant) = nearest(word, known()).filter(free) {
            key.value = Value::Text { text: meant.to_owned(), plain: true };
        }
    }
    Node { range: root.range.clone(), value: Value::Map(entries) }
}

/// Whether a key at the top of a flow is a block that was not indented: a list of steps under a name of nothing else.
fn is_block_astray((key, value): &(&Node, &Node)) -> bool {
    let known = key.text().is_none_or(|key| SECTIONS.iter().any(|row| row.name == key));
    let step = |node: &Node| VERBS.iter().any(|row| node.get(row.name).is_some());
    !known && matches!(&value.value, Value::List(items) if items.iter().any(step))
}

fn read_sections(reader: &mut Reader<'_>, root: &Node) -> Option<Flow> {
    let sections = reader.pairs(root, Text::word("a flow"));
    let (astray, sections): (Vec<_>, Vec<_>) = sections.into_iter().partition(is_block_astray);
    reader.only(&sections, Text::word("a flow"), SECTIONS);
    let root = &as_meant(root);
    let blocks = root.get("blocks")?;
    let texts = reader.pairs(blocks, Text::word("`blocks`"));
    for (place, (key, _)) in texts.iter().enumerate() {
        if let Some(block) = key.text() {
            reader.blocks.insert(Name::from(block), BlockId(place));
        }
    }
    for (key, _) in astray {
        let name = key.text().unwrap_or_default();
        let why = say!("the block `{}` begins at the edge of the page: it is no longer under `blocks`", name);
        reader.error(key, "unknown-key", why, Text::word("indent it and its steps by two blanks"));
        // It is there; that it is not where it should be was told.
        reader.blocks.entry(Name::from(name)).or_insert(BlockId(0));
    }
    let own = siblings::signature(root);
    reader.languages = match reader.names.siblings.get(&reader.flow) {
        Some(known) => known.languages.clone(),
        None => own.languages,
    };
    let language = read_language(reader, root);
    let (inputs, outputs) = (read_typed(reader, root, "inputs"), read_typed(reader, root, "outputs"));
    reader.outputs = outputs;
    let numbers = read_numbers(reader, root);
    let announcement = read_announcement(reader, root, &numbers);
    reader.defaults = read_defaults(reader, root);
    let start = match root.get("start") {
        Some(node) => reader.target(node),
        None => {
            let message = Text::word("the flow does not say where a call begins");
            let head = head(reader.source, root);
            reader.error(&head, "missing-start", message, say!("add `{}: BLOCK`", "start"));
            None
        }
    };
    let mut compiled = Vec::new();
    for (key, steps) in &texts {
        let (steps, places) = read_block(reader, key, steps).into_iter().unzip();
        let name = Name::from(key.text().unwrap_or(""));
        compiled.push(Block { name, steps, place: key.range.clone(), places });
    }
    Some(Flow {
        name: reader.flow.clone(),
        version: version(&reader.source.text),
        numbers,
        announcement: announcement?,
        start: start?,
        language,
        inputs,
        defaults: [reader.defaults.otherwise, reader.defaults.error].into_iter().flatten().collect(),
        wants: wants::of(|| compiled.iter().flat_map(|block| &block.steps)),
        blocks: compiled,
        languages: reader.languages.clone(),
        zone: reader.names.zone.clone(),
        plan: Arc::clone(&reader.names.numbers),
        source: Arc::clone(reader.source),
    })
}

fn read_language(reader: &mut Reader<'_>, root: &Node) -> Language {
    let Some(node) = root.get("language") else { return Language::default() };
    let language = node.text().and_then(Language::parse);
    if language.is_none() {
        reader.unknown(node, "language", Text::word("language"), Language::ALL.map(Language::as_str));
    }
    language.unwrap_or_default()
}

/// `inputs:` and `outputs:`: names, with types when they are no texts.
fn read_typed(reader: &mut Reader<'_>, root: &Node, section: &'static str) -> Vec<(Name, Kind)> {
    let Some(node) = root.get(section) else { return Vec::new() };
    let words = Kind::NAMED.map(|(word, _)| word);
    match &node.value {
        Value::Map(entries) => {
            for (name, kind) in entries {
                reader.variable(name);
                if kind.text().is_none_or(|kind| !words.contains(&kind)) {
                    reader.unknown(kind, "unknown-type", Text::word("type"), words);
                }
            }
        }
        Value::Null | Value::Text { .. } | Value::List(_) => {
            for name in reader.list(node) {
                reader.variable(name);
            }
        }
    }
    siblings::typed(Some(node))
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
    listed
        .iter()
        .filter_map(|node| node.text())
        .filter_map(|text| reader.names.numbers.normal(text))
        .collect()
}

/// The outer `None`: something is wrong. The inner: nothing is played.
#[allow(clippy::option_option)] // the two are different things, and both are said at once
fn read_announcement(reader: &mut Reader<'_>, root: &Node, numbers: &[String]) -> Option<Option<Speech>> {
    let legal = root.get("legal").map(|node| reader.fields(node, Text::word("`legal`"), LEGAL));
    if legal.as_ref().is_some_and(|legal| !legal.are_known()) {
        return None;
    }
    if let Some(recording) = legal.as_ref().and_then(|legal| legal.get("recording")) {
        reader.file(recording)?;
    }
    match legal.and_then(|legal| legal.get("free_call")) {
        Some(node) if node.text() == Some("operator") => Some(None),
        Some(node) => reader.file(node).map(Some),
        None => {
            let reach = numbers.iter().chain(&reader.names.campaign_numbers);
            let free = reach.into_iter().find(|number| reader.names.numbers.is_free(number));
            let Some(free) = free else { return Some(None) };
            let head = head(reader.source, root);
            let place = root.get("numbers").unwrap_or(&head);
            let message = say!("{} is free for the caller, and nothing announces it", free);
            let help = Text::word(
                "add `legal: { free_call: appel-gratuit.wav }`, or `free_call: operator` if the network plays it",
            );
            reader.error(place, "announcement", message, help);
            None
        }
    }
}

fn read_defaults(reader: &mut Reader<'_>, root: &Node) -> Defaults {
    let Some(node) = root.get("defaults") else { return Defaults::default() };
    let fields = reader.fields(node, Text::word("`defaults`"), DEFAULTS);
    Defaults {
        tries: fields.get("tries").and_then(|node| reader.tries(node)),
        timeout: fields.get("timeout").and_then(|node| reader.duration(node)),
        otherwise: fields.get("otherwise").and_then(|node| reader.target(node)),
        error: fields.get("error").and_then(|node| reader.target(node)),
    }
}

/// The steps of a block, with their places. The last one must say where the call goes, and none before it may.
fn read_block(reader: &mut Reader<'_>, key: &Node, node: &Node) -> Vec<(Step, Range<usize>)> {
    let name = key.text().unwrap_or("").to_owned();
    let Value::List(items) = &node.value else {
        let glued = |(verb, _): &&(Node, Node)| verb.text().is_some_and(|verb| verb.starts_with('-'));
        if let Value::Map(entries) = &node.value
            && let Some((verb, _)) = entries.iter().find(glued)
        {
            let bare = verb.text().unwrap_or_default().trim_start_matches('-');
            let why = Text::word("a blank is missing behind the `-` of this step");
            reader.error(verb, "not-steps", why, say!("write `{}`", format!("- {bare}: …")));
            return Vec::new();
        }
        reader.error(
            key,
            "not-steps",
            say!("the block `{}` has no steps", name),
            Text::word("write its steps as lines that begin with `- `"),
        );
        return Vec::new();
    };
    if items.is_empty() {
        reader.error(
            key,
            "no-end",
            say!("the block `{}` has no steps", name),
            Text::word("add a last step: `goto`, `menu`, `hangup`…"),
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
                say!("the block `{}` ends without saying where the call goes", name),
                Text::word("add a last step: `goto`, `menu`, `hangup`…"),
            );
        }
        if !last && ended {
            reader.error(
                &items[place + 1],
                "after-end",
                Text::word("this step can never come: the one before leads elsewhere"),
                Text::word("remove it, or move it up"),
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
            Some("hangup") => say!("write `{}`", "- hangup: normal"),
            Some("return") => say!("write `{}`", "- return:"),
            Some(text) if VERBS.iter().any(|verb| text.starts_with(&format!("{}:", verb.name))) => {
                Text::word("set a blank after the colon")
            }
            Some(text) => {
                // `goto fin`, `raccrocher`: the verb is there, in some tongue, and the colon is not.
                let (word, rest) = text.split_once(' ').unwrap_or((text, "…"));
                match nearest(word, VERBS.iter().map(|verb| verb.name)) {
                    Some("hangup") => say!("write `{}`", "- hangup: normal"),
                    Some(verb) => say!("write `{}`", format!("- {verb}: {rest}")),
                    None => Text::word("write a verb and a colon: `- say: …`"),
                }
            }
            None => Text::word("write a verb and a colon: `- say: …`"),
        };
        reader.error(node, "not-a-step", Text::word("a step is `verb: …`"), help);
        return None;
    };
    let Some(((verb, argument), options)) =
        entries.split_first().map(|((verb, argument), rest)| ((verb, argument), rest))
    else {
        let help = Text::word("write a verb and a colon: `- say: …`");
        reader.error(node, "not-a-step", Text::word("this step is empty"), help);
        return None;
    };
    let word = verb.text().unwrap_or("");
    let find = |word: &str| VERBS.iter().find(|known| known.name == word);
    let Some(known) = find(word) else {
        let later = options.iter().filter_map(|(key, _)| key.text()).find(|key| find(key).is_some());
        match later {
            Some(later) => {
                let why = say!("a step begins with its verb, and `{}` is none", word);
                reader.error(verb, "unknown-verb", why, say!("put `{}` first", later));
            }
            None => {
                reader.unknown(verb, "unknown-verb", Text::word("verb"), VERBS.iter().map(|verb| verb.name));
            }
        }
        return None;
    };
    let options: Vec<(&Node, &Node)> = options.iter().map(|(key, value)| (key, value)).collect();
    reader.only(&options, say!("`{}`", word), known.options);
    let step = StepText { verb, argument, options, known: known.options };
    Some(((known.read)(reader, &step), known.ends))
}
