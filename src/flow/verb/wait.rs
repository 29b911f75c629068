//! `wait`: music for a while.

use super::super::draw::card::{Drawn, lasting, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{FILE, Form, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::system;
use super::lawful::{Ends, Lawful, Verb};
use crate::base::time::Duration;

pub(crate) const WAIT: Verb = Verb {
    name: "wait",
    says: "music for a while; keys are kept for the next menu",
    argument: Form::Duration,
    options: &[opt("music", FILE, "what is heard (svi's own music)")],
    ends: Ends::Never,
    example: "- wait: 10s",
};

/// A pause with music.
#[derive(Debug)]
pub(crate) struct Wait {
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

impl Drawn for Wait {
    fn kind(&self) -> Kind {
        Kind::Say
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![line(Sign::Pauses, lasting(self.duration))]
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Wait> {
    let music = match step.option("music") {
        Some(node) => reader.file(node)?,
        None => Speech::file(system::MUSIC),
    };
    Some(Wait { duration: reader.duration(step.argument)?, music })
}
