//! `survey` asks one question that a key answers, and never holds the caller up: no answer is an answer.

use super::super::draw::card::{Drawn, line, said};
use super::super::draw::diagram::{self, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{Form, SCALE, SPEECH, VARIABLE, need, opt};
use super::super::next::Next;
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText, TRIES_MAX};
use super::super::system::{INVALID, Phrase};
use super::super::turn::Turn;
use super::super::value::{Kind, Value};
use super::super::vocabulary::{Event, Trace};
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
use super::whole::Converses;
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::Node;
use crate::say;
use serde::{Deserialize, Serialize};

pub(crate) const SURVEY: Verb = Verb {
    name: "survey",
    says: "asks one question that a key answers, for statistics; who does not answer goes on",
    argument: VARIABLE,
    options: &[
        need("say", SPEECH, "the question"),
        opt("scale", SCALE, "the keys that answer it (1..5)"),
        opt("timeout", Form::Duration, "how long a key is waited for (the flow's default, or 5s)"),
        opt("tries", Form::Count(TRIES_MAX), "how often it is asked in all (1)"),
    ],
    ends: Ends::Never,
    example: "- survey: satisfaction\n  say: De 1 à 5, quelle note nous donnez-vous ?\n  scale: 1..5",
};

const TIMEOUT: Duration = Duration::from_secs(5);

/// A question for statistics.
#[derive(Debug)]
pub(crate) struct Survey {
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

/// The question waits for its key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    /// How often it was said.
    times: u32,
    /// It is still being heard.
    speaking: bool,
}

impl Lawful for Survey {
    fn phrases(&self) -> Vec<Phrase> {
        vec![INVALID]
    }
    fn types(&self) -> Vec<(&Name, Option<Kind>)> {
        vec![(&self.name, Some(Kind::Number))]
    }
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Taken
    }
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

impl Drawn for Survey {
    fn kind(&self) -> diagram::Kind {
        diagram::Kind::Question
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        let scale = format!("{} ({}–{})", self.name, self.least, self.most);
        vec![line(Sign::Says, said(&self.question)), line(Sign::Asks, scale)]
    }
}

impl Converses for Survey {
    type Moment = Asked;

    fn begin(&self, turn: &mut Turn<'_>) -> Next<Asked> {
        let asked = Asked { times: 1, speaking: false };
        match turn.kept() {
            Some(digit) => self.pick(asked, digit, turn),
            None => {
                let speaking = turn.say(&[&self.question]);
                self.listen(Asked { speaking, ..asked }, turn)
            }
        }
    }

    fn hear(&self, mut asked: Asked, event: Event, turn: &mut Turn<'_>) -> Next<Asked> {
        match event {
            Event::Digit(digit) => {
                if asked.speaking {
                    turn.hush();
                }
                turn.rest();
                self.pick(asked, digit, turn)
            }
            Event::Played => {
                asked.speaking = false;
                self.listen(asked, turn)
            }
            Event::Timeout => {
                if asked.times >= self.tries {
                    return Next::Step;
                }
                asked.times += 1;
                asked.speaking = turn.say(&[&self.question]);
                self.listen(asked, turn)
            }
            _ => Next::Stay(asked),
        }
    }
}

impl Survey {
    fn pick(&self, mut asked: Asked, digit: Digit, turn: &mut Turn<'_>) -> Next<Asked> {
        turn.trace(Trace::Key(digit));
        if (self.least..=self.most).contains(&digit.event()) {
            turn.trace(Trace::Answer(self.name.clone(), digit));
            turn.set(&self.name, Value::whole(i64::from(digit.event())), false);
            return Next::Step;
        }
        turn.forget_keys();
        turn.memory.tries += 1;
        if asked.times >= self.tries {
            return Next::Step;
        }
        asked.times += 1;
        asked.speaking = turn.say_after(&INVALID, &self.question);
        self.listen(asked, turn)
    }

    fn listen(&self, asked: Asked, turn: &mut Turn<'_>) -> Next<Asked> {
        if !asked.speaking {
            turn.wake(self.timeout);
        }
        Next::Stay(asked)
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Survey> {
    let name = reader.variable(step.argument);
    let question = reader.question(step);
    let (least, most) = match step.option("scale") {
        Some(node) => scale(reader, node)?,
        None => (1, 5),
    };
    let timeout = reader.duration_or(step, "timeout", reader.defaults.timeout.unwrap_or(TIMEOUT));
    let tries = step.option("tries").and_then(|node| reader.tries(node)).unwrap_or(1);
    Some(Survey { name: name?, question: question?, least, most, timeout, tries })
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
