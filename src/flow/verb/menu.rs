//! `menu` says what to press and waits for a key. Its words are composed from the labels, so that audio and keys cannot
//! diverge.

use std::collections::BTreeMap;

use super::super::graph::BlockId;
use super::super::prompt::{Part, Speech};
use super::super::read::{Reader, StepText};
use super::Step;
use crate::base::digit::Digit;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};

pub(super) const OPTIONS: &[&str] = &["keys", "invalid", "silence", "tries", "timeout", "otherwise"];

/// Wrong keys or silences that a menu bears, unless it says otherwise.
pub(super) const TRIES: u32 = 3;
/// How long a menu waits for a key, unless it says otherwise.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A menu.
#[derive(Debug)]
pub struct Menu {
    /// What is said first: the title and every choice.
    pub first: Speech,
    /// What is said after a wrong key or silence.
    pub again: Speech,
    /// Where each key leads.
    pub choices: BTreeMap<Digit, BlockId>,
    /// How often it is said in all.
    pub tries: u32,
    /// How long it waits after its last word.
    pub timeout: Duration,
    /// After too many wrong keys.
    pub invalid: BlockId,
    /// After too much silence.
    pub silence: BlockId,
}

impl Menu {
    pub(super) fn exits(&self) -> Vec<BlockId> {
        self.choices.values().copied().chain([self.invalid, self.silence]).collect()
    }
}

pub(crate) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let (first, again) = titles(reader, step.argument);
    let (sentences, choices) = match step.option("keys") {
        Some(keys) if keys.value != Value::Null && keys.value != Value::Map(Vec::new()) => {
            read_choices(reader, keys)
        }
        Some(_) | None => {
            let help = "add `keys: { 1: { label: …, goto: BLOCK } }`";
            reader.error(step.verb, "missing-keys", "the menu has no keys", help);
            (Speech::default(), BTreeMap::new())
        }
    };
    let usual = choices.keys().filter(|digit| digit.event() != 0 && digit.event() < 10).count();
    if usual > 5 {
        let message = format!("{usual} choices: few callers remember more than five");
        reader.warn(
            step.verb,
            "many-choices",
            message,
            "group some in a menu of their own (0, star and hash do not count)",
        );
    }
    let tries = step.option("tries").and_then(|node| reader.tries(node)).or(reader.defaults.tries);
    let timeout = reader.defaults.timeout.unwrap_or(TIMEOUT);
    let timeout = reader.duration_or(step, "timeout", timeout);
    // With both exits of its own a menu needs no `otherwise`.
    let both = step.option("invalid").is_some() && step.option("silence").is_some();
    let otherwise = if both { None } else { reader.last_exit(step) };
    let invalid = if step.option("invalid").is_some() { reader.exit(step, "invalid") } else { otherwise };
    let silence = if step.option("silence").is_some() { reader.exit(step, "silence") } else { otherwise };
    Some(Step::Menu(Menu {
        first: first?.then(&sentences),
        again: again?.then(&sentences),
        choices,
        tries: tries.unwrap_or(TRIES),
        timeout,
        invalid: invalid?,
        silence: silence?,
    }))
}

/// The title: a text, `{first: …, again: …}`, or a text by language.
fn titles(reader: &mut Reader<'_>, node: &Node) -> (Option<Speech>, Option<Speech>) {
    if let (Some(first), Value::Map(entries)) = (node.get("first"), &node.value) {
        let pairs: Vec<(&Node, &Node)> = entries.iter().map(|(key, value)| (key, value)).collect();
        reader.only(&pairs, "a menu's text", &["first", "again"]);
        let first = reader.speech(first);
        let again = match node.get("again") {
            Some(again) => reader.speech(again),
            None => first.clone(),
        };
        return (first, again);
    }
    let title = reader.speech(node);
    (title.clone(), title)
}

/// One sentence a choice: "Pour suivre votre commande, tapez 1."
fn read_choices(reader: &mut Reader<'_>, keys: &Node) -> (Speech, BTreeMap<Digit, BlockId>) {
    let (mut parts, mut choices) = (Vec::<Part>::new(), BTreeMap::new());
    for (key, choice) in reader.pairs(keys, "`keys`") {
        let Some(digit) = reader.digit(key) else { continue };
        if let Some(text) = choice.text() {
            let help = format!("write `{{ label: …, goto: {text} }}`: callers hear the label");
            reader.error(choice, "missing-label", "this choice has no label", &help);
            reader.target(choice);
            continue;
        }
        let options = reader.pairs(choice, "a choice");
        reader.only(&options, "a choice", &["label", "goto"]);
        let target = match choice.get("goto") {
            Some(target) => reader.target(target),
            None => {
                reader.error(key, "missing-exit", "this choice leads nowhere", "add `goto: BLOCK`");
                None
            }
        };
        let Some(label) = choice.get("label") else {
            reader.error(
                key,
                "missing-label",
                "this choice has no label: callers would not hear of it",
                "add `label: …`",
            );
            continue;
        };
        if label.text().is_some_and(|text| text.trim().is_empty()) {
            reader.error(
                label,
                "missing-label",
                "this label is empty",
                "say what the key does: `suivre votre commande`",
            );
        } else if let (Some(text), Some(target)) = (reader.text(label), target) {
            let sentence = format!("Pour {}, tapez {}.", text.trim(), spoken_key(digit));
            let placed =
                Node { range: label.range.clone(), value: Value::Text { text: sentence, plain: false } };
            parts.extend(reader.speech(&placed).into_iter().flat_map(|speech| speech.parts));
            choices.insert(digit, target);
        }
    }
    (Speech { parts }, choices)
}

pub(super) fn spoken_key(digit: Digit) -> String {
    match digit {
        Digit::STAR => "étoile".to_owned(),
        Digit::HASH => "dièse".to_owned(),
        other => other.to_string(),
    }
}
