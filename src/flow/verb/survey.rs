//! `survey` asks one question that a key answers, and never holds the caller up: no answer is an answer.

use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::shape::{Shape, need, opt};
use super::{Ends, Lawful, Step, Verb};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::Node;
use crate::say;

pub(crate) const SURVEY: Verb = Verb {
    name: "survey",
    says: "asks one question that a key answers, for statistics; who does not answer goes on",
    argument: Shape::Variable,
    options: &[
        need("say", Shape::Speech, "the question"),
        opt("scale", Shape::Scale, "the keys that answer it (1..5)"),
        opt("timeout", Shape::Duration, "how long a key is waited for (the flow's default, or 5s)"),
        opt("tries", Shape::Tries, "how often it is asked in all (1)"),
    ],
    ends: Ends::Never,
    example: "- survey: satisfaction\n  say: De 1 à 5, quelle note nous donnez-vous ?\n  scale: 1..5",
    read,
};

const TIMEOUT: Duration = Duration::from_secs(5);

/// A question for statistics.
#[derive(Debug)]
pub struct Survey {
    /// Its name in the record, and the variable that holds the answer, a number, if there is one.
    pub(crate) name: Name,
    /// What is said.
    pub(crate) question: Speech,
    /// The least key.
    pub(crate) least: u8,
    /// The greatest key.
    pub(crate) most: u8,
    /// How long a key is waited for.
    pub(crate) timeout: Duration,
    /// How often it is asked in all.
    pub(crate) tries: u32,
}

impl Lawful for Survey {
    fn listens(&self) -> bool {
        true
    }
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.question]
    }
    fn may_set(&self) -> Vec<&Name> {
        vec![&self.name]
    }
}

fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let name = reader.variable(step.argument);
    let question = reader.question(step);
    let (least, most) = match step.option("scale") {
        Some(node) => scale(reader, node)?,
        None => (1, 5),
    };
    let timeout = reader.duration_or(step, "timeout", reader.defaults.timeout.unwrap_or(TIMEOUT));
    let tries = step.option("tries").and_then(|node| reader.tries(node)).unwrap_or(1);
    Some(Step::Survey(Survey { name: name?, question: question?, least, most, timeout, tries }))
}

/// `1..5`
fn scale(reader: &mut Reader<'_>, node: &Node) -> Option<(u8, u8)> {
    let text = reader.text(node)?;
    let ends = text.split_once("..");
    let read = ends.and_then(|(least, most)| Some((least.trim().parse().ok()?, most.trim().parse().ok()?)));
    let fits = read.filter(|(least, most)| least < most && *most <= 9);
    if fits.is_none() {
        let why = say!("`{}` is no scale of keys", text);
        reader.error(node, "scale", why, Text::word("write `1..5`; keys are 0 to 9"));
    }
    fits
}
