//! `callback` keeps the caller's place in a queue and calls back. Who calls from a secret number is asked for one.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, at_most, line, said};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, Form, SPEECH, VARIABLE, need, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText, TRIES_MAX};
use super::super::system::{CALLING_BACK, INVALID, LOST, Phrase, SILENT, WAITING, WHICH_NUMBER};
use super::super::value::{CALLBACK_BEFORE, Path};
use super::ask::{Ask, Check};
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
use super::queue::Queue;
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::Duration;

pub(crate) const CALLBACK: Verb = Verb {
    name: "callback",
    says: "offers a call back, to be confirmed with 1; keeps the caller's place in the queue and calls when it comes",
    argument: Form::Name("queue"),
    options: &[
        need("say", SPEECH, "what is offered; `{caller|phone}` is the number that will be called"),
        opt("within", Form::Duration, "until when the call back is promised: `{callback.before|time}` (2h)"),
        opt("number", VARIABLE, "a variable with the number (the caller's; a secret one is asked for)"),
        opt("tries", Form::Count(TRIES_MAX), "how often it is said in all (the flow's default, or 3)"),
        opt("timeout", Form::Duration, "how long a key is waited for (the flow's default, or 6s)"),
        opt(
            "refused",
            BLOCK,
            "when the caller does not want it, or it cannot be promised (the flow's `error`)",
        ),
    ],
    ends: Ends::Never,
    example: "- callback: conseillers\n  say: Nous vous rappelons au {caller|phone}. Tapez 1 pour confirmer.\n  within: 2h\n  refused: messagerie",
};

const WITHIN: Duration = Duration::from_secs(2 * 3_600);
const TIMEOUT: Duration = Duration::from_secs(6);

/// An offer to be called back.
#[derive(Debug)]
pub(crate) struct Callback {
    /// In which queue the place is kept.
    pub(crate) queue: Name,
    /// What is offered.
    pub(crate) speech: Speech,
    /// Until when it is promised.
    pub(crate) within: Duration,
    /// The variable with the number.
    pub(crate) number: Option<Path>,
    /// How a number is asked for when the caller's is secret.
    pub(crate) question: Ask,
    /// How often it is offered in all.
    pub(crate) tries: u32,
    /// How long a key is waited for.
    pub(crate) timeout: Duration,
    /// When the caller does not want it.
    pub(crate) refused: BlockId,
    /// The variable with the moment that was promised.
    pub(crate) promised: Name,
    /// The wait of who is called back, once they have answered.
    pub(crate) wait: Queue,
}

impl Lawful for Callback {
    fn phrases(&self) -> Vec<Phrase> {
        vec![WHICH_NUMBER, SILENT, INVALID, CALLING_BACK, WAITING, LOST]
    }
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Taken
    }
    fn ways(&self) -> Vec<Way> {
        vec![Way::heard(Label::Refused, self.refused)]
    }
    fn listens(&self) -> bool {
        true
    }
    fn speeches(&self) -> Vec<&Speech> {
        vec![&self.speech, &self.question.question]
    }
    fn reads(&self) -> Vec<&Path> {
        self.number.iter().collect()
    }
    fn sets(&self) -> Vec<&Name> {
        vec![&self.promised]
    }
}

impl Drawn for Callback {
    fn kind(&self) -> Kind {
        Kind::Queue
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        let promise = at_most(&self.queue, self.within, words);
        vec![line(Sign::Says, said(&self.speech)), line(Sign::Queues, promise)]
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Callback> {
    let known = &reader.names.queues;
    let queue = reader.one_of(step.argument, Text::word("queue"), known);
    let speech = reader.question(step);
    let within = reader.duration_or(step, "within", WITHIN);
    let number = step.option("number").and_then(|node| reader.variable_read(node));
    let tries = step.option("tries").and_then(|node| reader.tries(node)).or(reader.defaults.tries);
    let tries = tries.unwrap_or(super::menu::TRIES);
    let timeout = reader.duration_or(step, "timeout", reader.defaults.timeout.unwrap_or(TIMEOUT));
    let refused = reader.failure_exit(step, "refused");
    let (queue, refused) = (queue?, refused?);
    let question = Ask {
        variable: Name::from("callback.number"),
        question: Speech::phrase(&WHICH_NUMBER),
        least: 10,
        most: 10,
        check: Some(Check::Phone),
        secret: false,
        confirm: false,
        tries,
        timeout,
        otherwise: Some(refused),
    };
    let wait = Queue::plain(queue.clone(), refused);
    Some(Callback {
        queue,
        speech: speech?,
        within,
        number,
        question,
        tries,
        timeout,
        refused,
        promised: Name::from(CALLBACK_BEFORE),
        wait,
    })
}
