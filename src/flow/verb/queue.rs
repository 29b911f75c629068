//! `queue` waits for an agent, first come first served, with music and the position.

use std::collections::BTreeMap;

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, lasting, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, Row, need, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::speech::Language;
use super::super::system::{LOST, Phrase, WAITING};
use super::super::vocabulary::QueueRequest;
use super::lawful::{Ends, Lawful, Verb};
use super::menu::spoken_key;
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::Node;
use crate::say;

pub(crate) const QUEUE: Verb = Verb {
    name: "queue",
    says: "waits for an agent with music, position and estimated wait",
    argument: Form::Name("queue"),
    options: OPTIONS,
    ends: Ends::Always,
    example: "- queue: conseillers\n  skill: sav\n  max_wait: 5m\n  callback: { after: 60s, key: 1, goto: rappel }\n  no_agent: messagerie\n  too_long: messagerie",
};

const OPTIONS: &[Row] = &[
    opt("skill", Form::Name("skill"), "only agents who have it"),
    opt("priority", Form::Number, "higher is served first (0)"),
    opt("max_wait", Form::Duration, "how long a caller waits (10m)"),
    opt("callback", Form::Section(OFFER), "an offer to be called back: after this wait, by this key"),
    opt("keys", Form::Keys(&Form::Short(&BLOCK, WAY)), "keys that lead out"),
    opt("no_agent", BLOCK, "when nobody works in the queue (the flow's `error`)"),
    opt("too_long", BLOCK, "when the wait is too long, or the queue full (the flow's `error`)"),
    opt("after", BLOCK, "when the agent has hung up (the call ends)"),
];

/// `callback:`
const OFFER: &[Row] = &[
    need("after", Form::Duration, "after this wait"),
    need("key", Form::Key, "the key that takes it"),
    need("goto", BLOCK, "where it leads"),
];

/// A key that is written like those of a menu.
const WAY: &[Row] = &[need("goto", BLOCK, "where it leads")];

/// How long a caller waits unless the step says otherwise.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// A wait for an agent.
#[derive(Debug)]
pub(crate) struct Queue {
    /// Where, and how.
    pub(crate) request: QueueRequest,
    /// After this the call goes to `too_long`.
    pub(crate) max_wait: Duration,
    /// Keys that lead out.
    pub(crate) keys: BTreeMap<Digit, BlockId>,
    /// What is offered to who has waited for a while.
    pub(crate) offer: Option<Offer>,
    /// Nobody works there now.
    pub(crate) no_agent: BlockId,
    /// The wait was too long, or the queue is full.
    pub(crate) too_long: BlockId,
    /// The agent has hung up; none: the call ends.
    pub(crate) after: Option<BlockId>,
}

/// An offer to be called back instead of waiting.
#[derive(Debug)]
pub(crate) struct Offer {
    /// After this wait.
    pub(crate) after: Duration,
    /// By this key.
    pub(crate) key: Digit,
    /// Leads here.
    pub(crate) goto: BlockId,
    /// How it is offered.
    pub(crate) speech: Speech,
}

impl Queue {
    /// A wait without choices, for who is called back.
    pub(crate) fn plain(queue: Name, exit: BlockId) -> Self {
        Self {
            request: QueueRequest { queue, skill: None, priority: 0, head: true },
            max_wait: MAX_WAIT,
            keys: BTreeMap::new(),
            offer: None,
            no_agent: exit,
            too_long: exit,
            after: None,
        }
    }
}

impl Lawful for Queue {
    fn phrases(&self) -> Vec<Phrase> {
        vec![WAITING, LOST]
    }
    fn ways(&self) -> Vec<Way> {
        let keys = self.keys.iter().map(|(key, to)| Way::heard(Label::Key(*key, String::new()), *to));
        let offer = self
            .offer
            .iter()
            .map(|offer| Way::heard(Label::Key(offer.key, "être rappelé".to_owned()), offer.goto));
        let failures = [Way::deaf(Label::NoAgent, self.no_agent), Way::deaf(Label::TooLong, self.too_long)];
        let after = self.after.map(|to| Way::heard(Label::After, to));
        keys.chain(offer).chain(failures).chain(after).collect()
    }
    fn is_end(&self) -> bool {
        true
    }
    fn can_end_call(&self) -> bool {
        self.after.is_none()
    }
    fn speeches(&self) -> Vec<&Speech> {
        self.offer.iter().map(|offer| &offer.speech).collect()
    }
}

impl Drawn for Queue {
    fn kind(&self) -> Kind {
        Kind::Queue
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        let skill = self.request.skill.as_ref().map(|skill| format!("{skill}, ")).unwrap_or_default();
        let longest = lasting(self.max_wait);
        let text = format!("{} ({skill}{longest} {})", self.request.queue, words.at_most);
        vec![line(Sign::Queues, text)]
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Queue> {
    let known = &reader.names.queues;
    let queue = reader.one_of(step.argument, Text::word("queue"), known);
    let skill =
        step.option("skill").and_then(|node| match queue.as_ref().and_then(|q| reader.names.skills.get(q)) {
            // Nobody would ever answer.
            Some(skills) => reader.one_of(node, Text::word("agent in this queue with the skill"), skills),
            None => reader.name(node),
        });
    let priority = step.option("priority").and_then(|node| reader.number(node)).unwrap_or(0);
    let max_wait = reader.duration_or(step, "max_wait", MAX_WAIT);
    let mut keys = BTreeMap::new();
    if let Some(node) = step.option("keys") {
        for (key, target) in reader.pairs(node, Text::word("`keys`")) {
            let target = match target.get("goto") {
                Some(_) => reader.fields(target, Text::word("a key of a queue"), WAY).get("goto"),
                None => Some(target),
            };
            let Some(target) = target else { continue };
            if let (Some(digit), Some(target)) = (reader.digit(key), reader.target(target)) {
                keys.insert(digit, target);
            }
        }
    }
    let offer = step.option("callback").and_then(|node| offer(reader, node, &keys, max_wait));
    let (no_agent, too_long) = (reader.failure_exit(step, "no_agent"), reader.failure_exit(step, "too_long"));
    let after = reader.exit(step, "after");
    let priority = i32::try_from(priority).unwrap_or(i32::MAX);
    Some(Queue {
        request: QueueRequest { queue: queue?, skill, priority, head: false },
        max_wait,
        keys,
        offer,
        no_agent: no_agent?,
        too_long: too_long?,
        after,
    })
}

fn offer(
    reader: &mut Reader<'_>,
    node: &Node,
    keys: &BTreeMap<Digit, BlockId>,
    max_wait: Duration,
) -> Option<Offer> {
    let fields = reader.fields(node, Text::word("`callback`"), OFFER);
    let (Some(after), Some(key), Some(goto)) = (fields.get("after"), fields.get("key"), fields.get("goto"))
    else {
        // A key that is misspelled is the one that is missing.
        if !fields.are_known() {
            return None;
        }
        reader.error(
            node,
            "callback",
            Text::word("an offer of a call back has `after`, `key` and `goto`"),
            say!("write `{}`", "{ after: 60s, key: 1, goto: BLOCK }"),
        );
        return None;
    };
    let places = (after, key);
    let (after, key, goto) = (reader.duration(after), reader.digit(key), reader.target(goto));
    let (after, key, goto) = (after?, key?, goto?);
    if keys.contains_key(&key) {
        reader.error(
            places.1,
            "key-twice",
            Text::word("this key leads elsewhere already"),
            Text::word("take another key"),
        );
    }
    if after >= max_wait {
        let why = say!("this is never offered: the wait ends after {} s", max_wait.as_secs());
        reader.warn(places.0, "late-offer", why, Text::word("offer it earlier, or let `max_wait` be longer"));
    }
    let speech = reader.own_sentence(node, |language| match language {
        Language::French => format!("Pour être rappelé, tapez {}.", spoken_key(language, key)),
        Language::English => format!("To be called back, press {}.", spoken_key(language, key)),
    })?;
    Some(Offer { after, key, goto, speech })
}

impl QueueRequest {
    /// The same at the head of the line, after an agent's line was lost.
    pub(crate) fn at_head(&self) -> Self {
        Self { head: true, ..self.clone() }
    }

    /// The queue's name.
    pub(crate) fn name(&self) -> &Name {
        &self.queue
    }
}
