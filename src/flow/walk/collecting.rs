//! Digits of an answer, one after another; hash or the last one ends them. Read back when the question wants it.

use super::super::prompt::{Speech, fragment_clip, text_clip};
use super::super::speech::{self, Format};
use super::super::system::{CONFIRM, INVALID, SILENT, TYPED};
use super::super::value::Value;
use super::super::verb::ask::{Ask, Check};
use super::super::vocabulary::{Event, Trace};
use super::turn::Turn;
use super::{Next, State};
use crate::base::digit::Digit;
use crate::base::time::Duration;

/// Between two digits (domain rule I3).
const NEXT_DIGIT: Duration = Duration::from_secs(3);

/// An answer in the making.
#[derive(Debug, Default)]
pub(super) struct Collecting {
    digits: String,
    /// Wrong or missing answers so far.
    failed: u32,
    speaking: bool,
}

/// An answer that was read back.
#[derive(Debug)]
pub(super) struct Confirming {
    digits: String,
    failed: u32,
    speaking: bool,
}

pub(super) fn enter(ask: &Ask, turn: &mut Turn<'_>) -> Next {
    Collecting::default().ask(ask, turn, &ask.question)
}

impl Collecting {
    /// Says the question, unless the answer has begun already.
    fn ask(mut self, ask: &Ask, turn: &mut Turn<'_>, question: &Speech) -> Next {
        if !turn.has_keys() {
            self.speaking = turn.say(&[question]);
            return self.listen(ask, turn);
        }
        while let Some(digit) = turn.kept() {
            match self.take(ask, digit, turn) {
                Next::Stay(State::Collecting(same)) => self = same,
                done => return done,
            }
        }
        self.listen(ask, turn)
    }

    pub(super) fn on(mut self, ask: &Ask, event: Event, turn: &mut Turn<'_>) -> Next {
        match event {
            Event::Digit(digit) => {
                if std::mem::take(&mut self.speaking) {
                    turn.hush();
                }
                match self.take(ask, digit, turn) {
                    Next::Stay(State::Collecting(same)) => same.listen(ask, turn),
                    done => done,
                }
            }
            Event::Played => {
                self.speaking = false;
                self.listen(ask, turn)
            }
            Event::Timeout if self.digits.is_empty() => self.fail(ask, turn, SILENT.fr),
            Event::Timeout => self.judge(ask, turn),
            _ => Next::Stay(State::Collecting(self)),
        }
    }

    fn take(mut self, ask: &Ask, digit: Digit, turn: &mut Turn<'_>) -> Next {
        if !ask.secret {
            turn.trace(Trace::Key(digit));
        }
        if digit == Digit::HASH {
            turn.rest();
            return self.judge(ask, turn);
        }
        if digit.event() < 10 {
            self.digits.push(digit.as_char());
        }
        if self.digits.len() >= ask.most {
            turn.rest();
            turn.answered();
            return self.judge(ask, turn);
        }
        Next::Stay(State::Collecting(self))
    }

    fn judge(self, ask: &Ask, turn: &mut Turn<'_>) -> Next {
        let right = self.digits.len() >= ask.least
            && ask.check.is_none_or(|check: Check| check.accepts(&self.digits));
        if !right {
            return self.fail(ask, turn, INVALID.fr);
        }
        if ask.confirm {
            let confirming = Confirming { digits: self.digits, failed: self.failed, speaking: false };
            // Who knows the question confirms without listening.
            return match turn.kept() {
                Some(digit) => confirming.pick(ask, digit, turn),
                None => confirming.read_back(turn),
            };
        }
        turn.memory.variables.insert(ask.variable.clone(), Value::Text(self.digits));
        Next::Step
    }

    fn fail(mut self, ask: &Ask, turn: &mut Turn<'_>, why: &str) -> Next {
        self.failed += 1;
        self.digits.clear();
        turn.forget_keys();
        match ask.otherwise.filter(|_| self.failed >= ask.tries) {
            Some(block) => Next::Goto(block),
            None => {
                self.speaking = turn.say_after(why, &ask.question);
                self.listen(ask, turn)
            }
        }
    }

    fn listen(self, ask: &Ask, turn: &mut Turn<'_>) -> Next {
        if !self.speaking {
            turn.wake(if self.digits.is_empty() { ask.timeout } else { NEXT_DIGIT });
        }
        Next::Stay(State::Collecting(self))
    }
}

impl Confirming {
    pub(super) fn on(mut self, ask: &Ask, event: Event, turn: &mut Turn<'_>) -> Next {
        match event {
            Event::Digit(digit) => {
                if std::mem::take(&mut self.speaking) {
                    turn.hush();
                }
                turn.rest();
                self.pick(ask, digit, turn)
            }
            Event::Played => {
                self.speaking = false;
                turn.wake(ask.timeout);
                Next::Stay(State::Confirming(self))
            }
            Event::Timeout => self.again(ask, turn),
            _ => Next::Stay(State::Confirming(self)),
        }
    }

    fn pick(self, ask: &Ask, digit: Digit, turn: &mut Turn<'_>) -> Next {
        match digit.as_char() {
            '1' => {
                turn.memory.variables.insert(ask.variable.clone(), Value::Text(self.digits));
                Next::Step
            }
            '2' => self.again(ask, turn),
            _ => {
                turn.forget_keys();
                self.read_back(turn)
            }
        }
    }

    fn read_back(mut self, turn: &mut Turn<'_>) -> Next {
        let spoken = speech::speak(Format::Digits, &self.digits).unwrap_or_default();
        let clips = std::iter::once(text_clip(TYPED.fr));
        let clips = clips.chain(spoken.into_iter().map(fragment_clip)).chain([text_clip(CONFIRM.fr)]);
        self.speaking = turn.play(clips.collect());
        Next::Stay(State::Confirming(self))
    }

    /// The caller wants to correct it, or does not say: asked again, as often as the question bears.
    fn again(self, ask: &Ask, turn: &mut Turn<'_>) -> Next {
        let failed = self.failed + 1;
        match ask.otherwise.filter(|_| failed >= ask.tries) {
            Some(block) => Next::Goto(block),
            None => Collecting { failed, ..Collecting::default() }.ask(ask, turn, &ask.question),
        }
    }
}
