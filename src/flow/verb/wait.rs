//! `wait`: music for a while.

use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::system;
use super::Step;
use crate::base::time::Duration;

/// A pause with music.
#[derive(Debug)]
pub struct Wait {
    /// How long.
    pub duration: Duration,
    /// What is heard.
    pub music: Speech,
}

pub(crate) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let music = match step.option("music") {
        Some(node) => reader.file(node)?,
        None => Speech::file(system::MUSIC),
    };
    Some(Step::Wait(Wait { duration: reader.duration(step.argument)?, music }))
}
