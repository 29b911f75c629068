//! `menu` says what to press and waits for a key. Its words are composed from the labels, so that audio and keys cannot
//! diverge.

use std::collections::BTreeMap;

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, line, said};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, Row, SPEECH, need, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText, TRIES_MAX};
use super::super::speech::Language;
use super::super::system::{INVALID, Phrase, SILENT};
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};
use crate::say;

pub(crate) const MENU: Verb = Verb {
    name: "menu",
    says: "says what to press and waits for a key; its words are composed from the labels",
    argument: Form::Short(&SPEECH, TITLES),
    options: &[
        need(
            "keys",
            Form::Keys(&Form::Section(CHOICE)),
            "the choices: 0 to 9, star, hash, each with `label` and `goto`",
        ),
        opt("tries", Form::Count(TRIES_MAX), "how often it is said in all (the flow's default, or 3)"),
        opt("timeout", Form::Duration, "how long a key is waited for (the flow's default, or 5s)"),
        opt("invalid", BLOCK, "after too many wrong keys (as `otherwise`)"),
        opt("silence", BLOCK, "after too much silence (as `otherwise`)"),
        opt("otherwise", BLOCK, "after either (the flow's `otherwise`)"),
    ],
    ends: Ends::Always,
    example: "- menu: Que souhaitez-vous faire ?\n  keys:\n    1: { label: suivre votre commande, goto: suivi }\n    0: { label: parler à un conseiller, goto: conseiller }",
};

/// The text of a menu in two parts.
const TITLES: &[Row] = &[
    need("first", SPEECH, "what is said first"),
    opt("again", SPEECH, "what is said after a wrong key or silence"),
];

/// A choice of a menu.
const CHOICE: &[Row] = &[
    need("label", SPEECH, "what the key does, as callers hear it: `suivre votre commande`"),
    need("goto", BLOCK, "where it leads"),
];

/// Wrong keys or silences that a menu bears, unless it says otherwise.
pub(super) const TRIES: u32 = 3;
/// How long a menu waits for a key, unless it says otherwise.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A menu.
#[derive(Debug)]
pub(crate) struct Menu {
    /// What is asked, before the choices.
    pub(crate) title: Speech,
    /// What is said first: the title and every choice.
    pub(crate) first: Speech,
    /// What is said after a wrong key or silence.
    pub(crate) again: Speech,
    /// What each key does.
    pub(crate) choices: BTreeMap<Digit, Choice>,
    /// How often it is said in all.
    pub(crate) tries: u32,
    /// How long it waits after its last word.
    pub(crate) timeout: Duration,
    /// After too many wrong keys.
    pub(crate) invalid: BlockId,
    /// After too much silence.
    pub(crate) silence: BlockId,
}

/// What a key does.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// As callers hear of it.
    pub(crate) label: String,
    /// Where it leads.
    pub(crate) goto: BlockId,
}

impl Lawful for Menu {
    fn phrases(&self) -> Vec<Phrase> {
        vec![SILENT, INVALID]
    }
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Taken
    }
    fn ways(&self) -> Vec<Way> {
        let keys = self.choices.iter();
        let keys = keys.map(|(key, choice)| Way::heard(Label::Key(*key, choice.label.clone()), choice.goto));
        let failures = match self.invalid == self.silence {
            true => vec![Way::heard(Label::Otherwise, self.invalid)],
            false => vec![Way::heard(Label::Invalid, self.invalid), Way::heard(Label::Silence, self.silence)],
        };
        keys.chain(failures).collect()
    }
    fn is_end(&self) -> bool {
        true
    }
    fn listens(&self) -> bool {
        true
    }
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.first, &self.again]
    }
}

impl Drawn for Menu {
    fn kind(&self) -> Kind {
        Kind::Menu
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        let title = said(&self.title);
        if title.is_empty() { Vec::new() } else { vec![line(Sign::Says, title)] }
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Menu> {
    let (first, again) = titles(reader, step.argument);
    let (sentences, choices) = match step.option("keys") {
        Some(keys) if keys.value != Value::Null && keys.value != Value::Map(Vec::new()) => {
            read_choices(reader, keys)
        }
        Some(_) | None => {
            let help = say!("add `{}`", "keys: { 1: { label: …, goto: BLOCK } }");
            reader.error(step.verb, "missing-keys", Text::word("the menu has no keys"), help);
            (Speech::default(), BTreeMap::new())
        }
    };
    let usual = choices.keys().filter(|digit| digit.event() != 0 && digit.event() < 10).count();
    if usual > 5 {
        let message = say!("{} choices: few callers remember more than five", usual);
        let help = Text::word("group some in a menu of their own (0, star and hash do not count)");
        reader.warn(step.verb, "many-choices", message, help);
    }
    let tries = step.option("tries").and_then(|node| reader.tries(node)).or(reader.defaults.tries);
    let timeout = reader.defaults.timeout.unwrap_or(TIMEOUT);
    let timeout = reader.duration_or(step, "timeout", timeout);
    // With both exits of its own a menu needs no `otherwise`.
    let both = step.option("invalid").is_some() && step.option("silence").is_some();
    let otherwise = if both { None } else { reader.last_exit(step) };
    let invalid = if step.option("invalid").is_some() { reader.exit(step, "invalid") } else { otherwise };
    let silence = if step.option("silence").is_some() { reader.exit(step, "silence") } else { otherwise };
    Some(Menu {
        title: first.clone()?,
        first: first?.then(&sentences),
        again: again?.then(&sentences),
        choices,
        tries: tries.unwrap_or(TRIES),
        timeout,
        invalid: invalid?,
        silence: silence?,
    })
}

/// The title: a text, `{first: …, again: …}`, or a text by language.
fn titles(reader: &mut Reader<'_>, node: &Node) -> (Option<Speech>, Option<Speech>) {
    if let Some(first) = node.get("first") {
        let fields = reader.fields(node, Text::word("a menu's text"), TITLES);
        let first = reader.speech(first);
        let again = match fields.get("again") {
            Some(again) => reader.speech(again),
            None => first.clone(),
        };
        return (first, again);
    }
    let title = reader.speech(node);
    (title.clone(), title)
}

/// `{ label: parler, discuter, goto: fin }`: for YAML the comma ends the label, and a key without a value follows.
fn cut_by_comma(choice: &Node) -> Option<&Node> {
    let Value::Map(entries) = &choice.value else { return None };
    let known = |key: &str| CHOICE.iter().any(|row| row.name == key);
    let cut = |(key, value): &&(Node, Node)| {
        value.value == Value::Null && key.text().is_some_and(|key| !known(key))
    };
    entries.iter().find(cut).map(|(key, _)| key)
}

/// One sentence a choice: "Pour suivre votre commande, tapez 1."
fn read_choices(reader: &mut Reader<'_>, keys: &Node) -> (Speech, BTreeMap<Digit, Choice>) {
    let (mut sentences, mut choices) = (Speech::default(), BTreeMap::new());
    for (key, choice) in reader.pairs(keys, Text::word("`keys`")) {
        let Some(digit) = reader.digit(key) else { continue };
        if let Some(text) = choice.text() {
            let help = say!("write `{}`: callers hear the label", format!("{{ label: …, goto: {text} }}"));
            reader.error(choice, "missing-label", Text::word("this choice has no label"), help);
            reader.target(choice);
            continue;
        }
        if let Some(rest) = cut_by_comma(choice) {
            let why = Text::word("YAML takes the comma before this for the end of the text");
            reader.error(rest, "comma-cut", why, Text::word("put the whole text in quotes"));
            continue;
        }
        let fields = reader.fields(choice, Text::word("a choice"), CHOICE);
        let target = match fields.meant("goto", CHOICE) {
            Some(target) => reader.target(target),
            None => {
                let message = Text::word("this choice leads nowhere");
                reader.error(key, "missing-exit", message, say!("add `{}: BLOCK`", "goto"));
                None
            }
        };
        let Some(label) = fields.meant("label", CHOICE) else {
            let message = Text::word("this choice has no label: callers would not hear of it");
            reader.error(key, "missing-label", message, say!("add `{}`", "label: …"));
            continue;
        };
        if label.text().is_some_and(|text| text.trim().is_empty()) {
            let help = Text::word("say what the key does: `suivre votre commande`");
            reader.error(label, "missing-label", Text::word("this label is empty"), help);
            continue;
        }
        let sentence = reader.speech_as(label, |language, label| sentence(language, label.trim(), digit));
        if let (Some(sentence), Some(goto)) = (sentence, target) {
            sentences = sentences.then(&sentence);
            let label = label.text().or_else(|| label.get("fr")?.text()).unwrap_or("").trim().to_owned();
            choices.insert(digit, Choice { label, goto });
        }
    }
    (sentences, choices)
}

fn sentence(language: Language, label: &str, digit: Digit) -> String {
    match language {
        Language::French => format!("Pour {label}, tapez {}.", spoken_key(language, digit)),
        Language::English => format!("To {label}, press {}.", spoken_key(language, digit)),
    }
}

/// A key as callers call it.
pub(super) fn spoken_key(language: Language, digit: Digit) -> String {
    match (digit, language) {
        (Digit::STAR, Language::French) => "étoile".to_owned(),
        (Digit::HASH, Language::French) => "dièse".to_owned(),
        (Digit::STAR, Language::English) => "star".to_owned(),
        (Digit::HASH, Language::English) => "hash".to_owned(),
        (other, _) => other.to_string(),
    }
}
