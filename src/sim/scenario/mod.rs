//! Scenarios: calls as an operator expects them, played without a telephone, and judged.
//!
//! A file `*.test.yaml` is read strictly (`document.rs`), each of its tests is played by the same walk as real calls
//! (`run.rs`), what was said is compared by ear (`hear.rs`), what came of the call is compared with what was expected
//! (`expect.rs`), and what no scenario visits is told (`coverage.rs`).

pub mod coverage;
mod document;
mod expect;
mod figure;
pub mod form;
pub(crate) mod hear;
pub(crate) mod http;
pub mod junit;
pub(crate) mod moment;
mod numeral;
mod read;
mod run;
mod words;

use std::ops::Range;
use std::sync::Arc;

pub use self::document::read;
pub(crate) use self::document::{CALLER, facts, read_answers};
use self::expect::Expectation;
use self::hear::Wanted;
use self::http::Answers;
pub use self::read::keys;
pub use self::run::play;
use super::conversation::{Others, Reply};
use crate::base::diagnostic::{Diagnostic, Source};
use crate::base::digit::Digit;
use crate::base::time::{Duration, Wall};
use crate::flow::graph::Flow;
use crate::flow::vocabulary::CallFacts;

/// A call as an operator expects it.
#[derive(Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The file that it stands in.
    pub(crate) source: Arc<Source>,
    /// The flow that the call begins in.
    pub flow: Arc<Flow>,
    /// Where its name stands.
    place: Range<usize>,
    facts: CallFacts,
    wall: Wall,
    others: Others,
    answers: Answers,
    steps: Vec<Step>,
    expectations: Vec<Expectation>,
}

/// A step of a scenario.
#[derive(Debug)]
struct Step {
    /// Where it stands.
    place: Range<usize>,
    deed: Deed,
}

/// What the caller, or who plays the world, does in a step.
#[derive(Debug)]
enum Deed {
    Hear(Wanted),
    NotHear(Wanted),
    Press(Vec<Digit>),
    Wait(Duration),
    Silence,
    Reply(Reply),
    Position(usize),
    Say(Duration),
    Clock(Wall),
    HangUp,
}

impl Scenario {
    /// Something that is wrong with the call, at a place of its scenario.
    fn wrong(&self, place: &Range<usize>, wrong: Wrong) -> Diagnostic {
        Diagnostic {
            severity: crate::base::diagnostic::Severity::Error,
            code: wrong.code,
            message: wrong.message,
            source: Arc::clone(&self.source),
            range: place.clone(),
            help: (!wrong.help.is_empty()).then_some(wrong.help),
        }
    }
}

/// What is wrong with a call.
#[derive(Debug)]
struct Wrong {
    code: &'static str,
    message: crate::base::diagnostic::Text,
    help: crate::base::diagnostic::Text,
}
