//! By which way a block was left.

use super::super::block::BlockId;
use super::super::graph::Flow;
use super::super::turn::Turn;
use super::super::verb::Step;
use super::super::verb::way::Label;
use super::super::vocabulary::{Aside, Event, Left, QueueNews, Trace};
use super::visit::Place;
use crate::base::digit::Digit;
use crate::base::name::Name;

/// What tells ways apart that lead to the same block.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Time is over.
    Timeout,
    /// Nobody works in the queue.
    NoAgent,
    /// It is full.
    Full,
    /// Anything else.
    Other,
}

impl Cause {
    pub(super) fn of(event: &Event) -> Self {
        match event {
            Event::Timeout => Self::Timeout,
            Event::Queue(QueueNews::NoAgent) => Self::NoAgent,
            Event::Queue(QueueNews::Full) => Self::Full,
            _ => Self::Other,
        }
    }

    fn fits(self, label: &Label) -> bool {
        match self {
            Self::Timeout => matches!(label, Label::Silence | Label::TooLong),
            Self::NoAgent => *label == Label::NoAgent,
            Self::Full => *label == Label::TooLong,
            Self::Other => false,
        }
    }
}

/// The walk goes from this place to that block.
pub(super) fn note(flow: &Flow, from: Place, to: BlockId, cause: Cause, turn: &mut Turn<'_>) {
    let step = flow.block(from.block).steps.get(from.step);
    let way = by(step, to, turn.pressed(), cause);
    turn.trace(Trace::Aside(Aside::Left(way)));
}

/// The way of a step that leads there. Several do: that of the key that was pressed just now, that of the cause, else the first
/// without a key.
fn by(step: Option<&Step>, to: BlockId, pressed: Option<Digit>, cause: Cause) -> Left {
    let ways = step.map(Step::ways).unwrap_or_default();
    let labels: Vec<Label> = ways.into_iter().filter(|way| way.to == to).map(|way| way.label).collect();
    let is_pressed = |label: &&Label| matches!(label, Label::Key(key, _) if Some(*key) == pressed);
    let is_key = |label: &&Label| matches!(label, Label::Key(..));
    let label = labels.iter().find(is_pressed);
    let label = label.or_else(|| labels.iter().find(|label| cause.fits(label)));
    let label = label.or_else(|| labels.iter().find(|label| !is_key(label)));
    label.or(labels.first()).map_or(Left::Goto, of)
}

fn of(label: &Label) -> Left {
    match label {
        Label::Always => Left::Goto,
        Label::Key(key, _) => Left::Key(*key),
        Label::Silence => Left::Silence,
        Label::Invalid => Left::WrongKey,
        Label::Open => exit("open"),
        Label::Closed => exit("closed"),
        Label::Holiday => exit("holiday"),
        Label::Then(_) => exit("then"),
        Label::Else => exit("else"),
        // Not its value: it may be a secret.
        Label::Case(_) => exit("case"),
        Label::Otherwise => exit("otherwise"),
        Label::NoAgent => exit("no-agent"),
        Label::TooLong => exit("too-long"),
        Label::Failed => exit("failed"),
        Label::After => exit("after"),
        Label::Error => exit("error"),
        Label::NotFound => exit("not-found"),
        Label::Refused => exit("refused"),
        Label::Share(_) => exit("share"),
    }
}

fn exit(name: &'static str) -> Left {
    Left::Exit(Name::from(name))
}
