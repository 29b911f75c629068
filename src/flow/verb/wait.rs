//! `wait`: music for a while.

use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::system;
use super::shape::{Shape, opt};
use super::{Ends, Lawful, Step, Verb};
use crate::base::time::Duration;

pub(crate) const WAIT: Verb = Verb {
    name: "wait",
    says: "music for a while; keys are kept for the next menu",
    argument: Shape::Duration,
    options: &[opt("music", Shape::File, "what is heard (svi's own music)")],
    ends: Ends::Never,
    example: "- wait: 10s",
    read,
};

/// A pause with music.
#[derive(Debug)]
pub struct Wait {
    /// How long.
    pub(crate) duration: Duration,
    /// What is heard.
    pub(crate) music: Speech,
}

impl Lawful for Wait {
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.music]
    }
}

fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let music = match step.option("music") {
        Some(node) => reader.file(node)?,
        None => Speech::file(system::MUSIC),
    };
    Some(Step::Wait(Wait { duration: reader.duration(step.argument)?, music }))
}
