//! The ways that leave a step, with their labels in words. What stands on the card the step says itself (`card.rs`).

use super::super::block::BlockId;
use super::super::verb::branch::Branch;
use super::super::verb::{self, Step};
use super::card::condition;
use super::diagram::{Course, Kind, Label};
use super::words::Words;
use crate::base::digit::Digit;

/// A way that leaves a step.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) label: Label,
    pub(super) to: BlockId,
    pub(super) kind: Course,
}

/// The ways that leave a step, keys as on a telephone.
pub(super) fn ways(step: &Step, words: &Words) -> Vec<Way> {
    let mut ways: Vec<Way> = step.ways().into_iter().map(|way| drawn(step, way, words)).collect();
    // 1 to 9, 0, star, hash, then the rest as it stands.
    ways.sort_by_key(|way| match way.label.key {
        Some('0') => 10,
        Some(key @ '1'..='9') => key as u32 - '0' as u32,
        Some(key) => 11 + key as u32,
        None => u32::MAX,
    });
    ways
}

/// A way with its label in words.
fn drawn(step: &Step, way: verb::way::Way, words: &Words) -> Way {
    use verb::way::Label as When;
    let kind = if way.label.is_failure() { Course::Fallback } else { Course::Usual };
    let label = match way.label {
        When::Key(key, _) if is_offer(step, key) => pressed(key, words.call_back),
        When::Key(key, label) => pressed(key, &label),
        When::Then(written) => match step {
            Step::Branch(Branch::If { condition: tested, .. }) => named(&condition(tested, words)),
            _ => named(&written),
        },
        When::Case(case) => named(&case),
        When::Share(share) => named(&format!("{share} %")),
        When::Always => named(""),
        When::Open => named(words.open),
        When::Closed => named(words.closed),
        When::Holiday => named(words.holiday),
        When::Else | When::Otherwise => named(words.otherwise),
        When::Invalid => named(words.wrong_key),
        When::Silence => named(words.silence),
        When::NoAgent => named(words.nobody),
        When::TooLong => named(words.too_long),
        When::Failed => named(words.no_answer),
        When::After => named(words.after),
        When::Error => named(words.error),
        When::NotFound => named(words.not_found),
        When::Refused => named(words.refused),
    };
    Way { label, to: way.to, kind }
}

/// Whether a key of a queue is its offer to be called back.
fn is_offer(step: &Step, key: Digit) -> bool {
    matches!(step, Step::Queue(queue) if queue.offer.as_ref().is_some_and(|offer| offer.key == key))
}

/// How much a kind says of its block: a block that ends in a menu is a menu, whatever it says before.
pub(super) const fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::Say => 0,
        Kind::Branch => 1,
        Kind::Outside => 2,
        Kind::SubFlow => 3,
        Kind::End => 4,
        Kind::Question => 5,
        Kind::Message => 6,
        Kind::Menu => 7,
        Kind::Talk => 8,
        Kind::Queue => 9,
        Kind::Start => 10,
    }
}

fn named(words: &str) -> Label {
    Label { key: None, words: words.to_owned() }
}

fn pressed(key: Digit, label: &str) -> Label {
    Label { key: Some(key.as_char()), words: label.to_owned() }
}
