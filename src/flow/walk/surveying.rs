//! One question for statistics: a key of its scale answers it, and nothing holds the caller up.

use serde::{Deserialize, Serialize};

use super::super::next::Next;
use super::super::system::INVALID;
use super::super::turn::Turn;
use super::super::value::Value;
use super::super::verb::survey::Survey;
use super::super::vocabulary::{Event, Trace};
use crate::base::digit::Digit;

/// A question that waits for its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Surveying {
    asked: u32,
    speaking: bool,
}

pub(super) fn enter(survey: &Survey, turn: &mut Turn<'_>) -> Next<Surveying> {
    let surveying = Surveying { asked: 1, speaking: false };
    match turn.kept() {
        Some(digit) => surveying.pick(survey, digit, turn),
        None => {
            let speaking = turn.say(&[&survey.question]);
            Surveying { speaking, ..surveying }.listen(survey, turn)
        }
    }
}

impl Surveying {
    pub(super) fn on(mut self, survey: &Survey, event: Event, turn: &mut Turn<'_>) -> Next<Surveying> {
        match event {
            Event::Digit(digit) => {
                if self.speaking {
                    turn.hush();
                }
                turn.rest();
                self.pick(survey, digit, turn)
            }
            Event::Played => {
                self.speaking = false;
                self.listen(survey, turn)
            }
            Event::Timeout => {
                if self.asked >= survey.tries {
                    return Next::Step;
                }
                self.asked += 1;
                self.speaking = turn.say(&[&survey.question]);
                self.listen(survey, turn)
            }
            _ => Next::Stay(self),
        }
    }

    fn pick(mut self, survey: &Survey, digit: Digit, turn: &mut Turn<'_>) -> Next<Surveying> {
        turn.trace(Trace::Key(digit));
        if (survey.least..=survey.most).contains(&digit.event()) {
            turn.trace(Trace::Answer(survey.name.clone(), digit));
            turn.set(&survey.name, Value::whole(i64::from(digit.event())), false);
            return Next::Step;
        }
        turn.forget_keys();
        turn.memory.tries += 1;
        if self.asked >= survey.tries {
            return Next::Step;
        }
        self.asked += 1;
        self.speaking = turn.say_after(&INVALID, &survey.question);
        self.listen(survey, turn)
    }

    fn listen(self, survey: &Survey, turn: &mut Turn<'_>) -> Next<Surveying> {
        if !self.speaking {
            turn.wake(survey.timeout);
        }
        Next::Stay(self)
    }
}
