//! Digits of an answer, one after another; hash or the last one ends them. Read back when the question wants it.

use serde::{Deserialize, Serialize};

use super::super::next::Next;
use super::super::prompt::{Speech, fragment_clip, spoken};
use super::super::speech::Format;
use super::super::system::{CONFIRM, INVALID, Phrase, SILENT, TYPED};
use super::super::turn::Turn;
use super::super::value::Value;
use super::super::verb::ask::Ask;
use super::super::vocabulary::{Aside, Event, Trace};
use crate::base::digit::Digit;
use crate::base::time::Duration;

/// Between two digits (domain rule I3).
const NEXT_DIGIT: Duration = Duration::from_secs(3);

/// What a question waits in.
#[derive(Debug)]
pub(super) enum Answering {
    /// Digits come.
    Collecting(Collecting),
    /// They were read back.
    Confirming(Confirming),
}

/// An answer in the making.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Collecting {
    digits: String,
    /// Wrong or missing answers so far.
    failed: u32,
    speaking: bool,
}

/// An answer that was read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Confirming {
    digits: String,
    failed: u32,
    speaking: bool,
}

pub(super) fn enter(ask: &Ask, turn: &mut Turn<'_>) -> Next<Answering> {
    Collecting::default().ask(ask, turn, &ask.question)
}

impl Collecting {
    /// Says the question, unless the answer has begun already.
    fn ask(mut self, ask: &Ask, turn: &mut Turn<'_>, question: &Speech) -> Next<Answering> {
        if !turn.has_keys() {
            self.speaking = turn.say(&[question]);
            return self.listen(ask, turn);
        }
        while let Some((digit, ordinal)) = turn.kept_with_ordinal() {
            match self.take(ask, digit, ordinal, turn) {
                Next::Stay(Answering::Collecting(same)) => self = same,
                done => return done,
            }
        }
        self.listen(ask, turn)
    }

    pub(super) fn on(mut self, ask: &Ask, event: Event, turn: &mut Turn<'_>) -> Next<Answering> {
        match event {
            Event::Digit(digit) => {
                if std::mem::take(&mut self.speaking) {
                    turn.hush();
                }
                let ordinal = turn.ordinal();
                match self.take(ask, digit, ordinal, turn) {
                    Next::Stay(Answering::Collecting(same)) => same.listen(ask, turn),
                    done => done,
                }
            }
            Event::Played => {
                self.speaking = false;
                self.listen(ask, turn)
            }
            Event::Timeout if self.digits.is_empty() => self.fail(ask, turn, &SILENT),
            Event::Timeout => self.judge(ask, turn),
            _ => Next::Stay(Answering::Collecting(self)),
        }
    }

    /// One key; `ordinal` is its place among the keys of the call.
    fn take(mut self, ask: &Ask, digit: Digit, ordinal: u32, turn: &mut Turn<'_>) -> Next<Answering> {
        turn.trace(if ask.secret { Trace::Secret(ordinal) } else { Trace::Key(digit) });
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
        Next::Stay(Answering::Collecting(self))
    }

    fn judge(self, ask: &Ask, turn: &mut Turn<'_>) -> Next<Answering> {
        let right = self.digits.len() >= ask.least
            && ask.check.as_ref().is_none_or(|check| check.accepts(&self.digits));
        // The digits of a secret are in no journal: what came of them is.
        let right = if ask.secret { turn.cx.witness(u32::from(right)) != 0 } else { right };
        if !right {
            return self.fail(ask, turn, &INVALID);
        }
        if ask.confirm {
            let confirming = Confirming { digits: self.digits, failed: self.failed, speaking: false };
            // Who knows the question confirms without listening.
            return match turn.kept() {
                Some(digit) => confirming.pick(ask, digit, turn),
                None => confirming.read_back(turn),
            };
        }
        turn.set(&ask.variable, Value::Text(self.digits), ask.secret);
        Next::Step
    }

    fn fail(mut self, ask: &Ask, turn: &mut Turn<'_>, why: &Phrase) -> Next<Answering> {
        self.failed += 1;
        turn.memory.tries += 1;
        turn.trace(Trace::Aside(if *why == SILENT { Aside::Silence } else { Aside::WrongKey }));
        self.digits.clear();
        if ask.secret {
            turn.forget_secret_keys();
        }
        turn.forget_keys();
        match ask.otherwise.filter(|_| self.failed >= ask.tries) {
            Some(block) => Next::Goto(block),
            None => {
                self.speaking = turn.say_after(why, &ask.question);
                self.listen(ask, turn)
            }
        }
    }

    fn listen(self, ask: &Ask, turn: &mut Turn<'_>) -> Next<Answering> {
        if !self.speaking {
            turn.wake(if self.digits.is_empty() { ask.timeout } else { NEXT_DIGIT });
        }
        Next::Stay(Answering::Collecting(self))
    }
}

impl Confirming {
    pub(super) fn on(mut self, ask: &Ask, event: Event, turn: &mut Turn<'_>) -> Next<Answering> {
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
                Next::Stay(Answering::Confirming(self))
            }
            Event::Timeout => self.again(ask, turn),
            _ => Next::Stay(Answering::Confirming(self)),
        }
    }

    fn pick(self, ask: &Ask, digit: Digit, turn: &mut Turn<'_>) -> Next<Answering> {
        match digit.as_char() {
            '1' => {
                turn.set(&ask.variable, Value::Text(self.digits), ask.secret);
                Next::Step
            }
            '2' => self.again(ask, turn),
            _ => {
                turn.forget_keys();
                self.read_back(turn)
            }
        }
    }

    fn read_back(mut self, turn: &mut Turn<'_>) -> Next<Answering> {
        let spoken = spoken(turn.language(), Format::Digits, &self.digits).unwrap_or_default();
        let clips = std::iter::once(turn.phrase(&TYPED));
        let clips = clips.chain(spoken.into_iter().map(fragment_clip)).chain([turn.phrase(&CONFIRM)]);
        self.speaking = turn.play(clips.collect());
        Next::Stay(Answering::Confirming(self))
    }

    /// The caller wants to correct it, or does not say: asked again, as often as the question bears.
    fn again(self, ask: &Ask, turn: &mut Turn<'_>) -> Next<Answering> {
        let failed = self.failed + 1;
        turn.memory.tries += 1;
        match ask.otherwise.filter(|_| failed >= ask.tries) {
            Some(block) => Next::Goto(block),
            None => Collecting { failed, ..Collecting::default() }.ask(ask, turn, &ask.question),
        }
    }
}
