//! `queue` waits for an agent, first come first served, with music and the position.

use std::collections::BTreeMap;

use super::super::graph::BlockId;
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::vocabulary::QueueRequest;
use super::Step;
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};

pub(super) const OPTIONS: &[&str] =
    &["skill", "priority", "max_wait", "callback", "keys", "no_agent", "too_long"];

/// How long a caller waits unless the step says otherwise.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// A wait for an agent.
#[derive(Debug)]
pub struct Queue {
    /// Where, and how.
    pub request: QueueRequest,
    /// After this the call goes to `too_long`.
    pub max_wait: Duration,
    /// Keys that lead out.
    pub keys: BTreeMap<Digit, BlockId>,
    /// What is offered to who has waited for a while.
    pub offer: Option<Offer>,
    /// Nobody works there now.
    pub no_agent: BlockId,
    /// The wait was too long, or the queue is full.
    pub too_long: BlockId,
}

/// An offer to be called back instead of waiting.
#[derive(Debug)]
pub struct Offer {
    /// After this wait.
    pub after: Duration,
    /// By this key.
    pub key: Digit,
    /// Leads here.
    pub goto: BlockId,
    /// How it is offered.
    pub speech: Speech,
}

impl Queue {
    pub(super) fn exits(&self) -> Vec<BlockId> {
        let offer = self.offer.iter().map(|offer| offer.goto);
        self.keys.values().copied().chain(offer).chain([self.no_agent, self.too_long]).collect()
    }
}

pub(crate) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let known = &reader.names.queues;
    let queue = reader.one_of(step.argument, "queue", known);
    let skill =
        step.option("skill").and_then(|node| match queue.as_ref().and_then(|q| reader.names.skills.get(q)) {
            // Nobody would ever answer.
            Some(skills) => reader.one_of(node, "agent in this queue with the skill", skills),
            None => reader.name(node),
        });
    let priority = step.option("priority").and_then(|node| reader.number(node)).unwrap_or(0);
    let max_wait = reader.duration_or(step, "max_wait", MAX_WAIT);
    let mut keys = BTreeMap::new();
    if let Some(node) = step.option("keys") {
        for (key, target) in reader.pairs(node, "`keys`") {
            if target.get("goto").is_some() {
                let options = reader.pairs(target, "a key");
                reader.only(&options, "a key of a queue", &["goto"]);
            }
            let target = target.get("goto").unwrap_or(target);
            if let (Some(digit), Some(target)) = (reader.digit(key), reader.target(target)) {
                keys.insert(digit, target);
            }
        }
    }
    let offer = step.option("callback").and_then(|node| offer(reader, node, &keys, max_wait));
    let (no_agent, too_long) = (reader.failure_exit(step, "no_agent"), reader.failure_exit(step, "too_long"));
    let priority = i32::try_from(priority).unwrap_or(i32::MAX);
    Some(Step::Queue(Queue {
        request: QueueRequest { queue: queue?, skill, priority, head: false },
        max_wait,
        keys,
        offer,
        no_agent: no_agent?,
        too_long: too_long?,
    }))
}

fn offer(
    reader: &mut Reader<'_>,
    node: &Node,
    keys: &BTreeMap<Digit, BlockId>,
    max_wait: Duration,
) -> Option<Offer> {
    let pairs = reader.pairs(node, "`callback`");
    reader.only(&pairs, "`callback`", &["after", "key", "goto"]);
    let (Some(after), Some(key), Some(goto)) = (node.get("after"), node.get("key"), node.get("goto")) else {
        reader.error(
            node,
            "callback",
            "an offer of a call back has `after`, `key` and `goto`",
            "write `{ after: 60s, key: 1, goto: BLOCK }`",
        );
        return None;
    };
    let places = (after, key);
    let (after, key, goto) = (reader.duration(after), reader.digit(key), reader.target(goto));
    let (after, key, goto) = (after?, key?, goto?);
    if keys.contains_key(&key) {
        reader.error(places.1, "key-twice", "this key leads elsewhere already", "take another key");
    }
    if after >= max_wait {
        let why = format!("this is never offered: the wait ends after {} s", max_wait.as_secs());
        reader.warn(places.0, "late-offer", why, "offer it earlier, or let `max_wait` be longer");
    }
    let sentence = format!("Pour être rappelé, tapez {}.", super::menu::spoken_key(key));
    let placed = Node { range: node.range.clone(), value: Value::Text { text: sentence, plain: false } };
    Some(Offer { after, key, goto, speech: reader.speech(&placed)? })
}

impl QueueRequest {
    /// The same at the head of the line, after an agent's line was lost.
    pub fn at_head(&self) -> Self {
        Self { head: true, ..self.clone() }
    }

    /// The queue's name.
    pub fn name(&self) -> &Name {
        &self.queue
    }
}
