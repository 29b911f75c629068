//! A call back is offered: the number, a key to confirm, the promise.

use serde::{Deserialize, Serialize};

use super::super::next::Next;
use super::super::turn::Turn;
use super::super::value::{Path, Value};
use super::super::verb::callback::Callback;
use super::super::vocabulary::{Action, CallbackRequest, Event, Trace};
use super::collecting::{self, Answering, Collecting};
use crate::base::digit::Digit;
use crate::base::pii::Pii;

/// What the promise of a call back waits in.
#[derive(Debug)]
pub(super) enum Promising {
    /// The number is being typed.
    Numbering(Collecting),
    /// It is offered, and a key awaited.
    Offering(Offering),
    /// Whether it can be kept was asked.
    Asked,
}

/// An offer that waits for its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Offering {
    number: Pii<String>,
    silent: u32,
    speaking: bool,
}

/// Which number would be called: the variable's, or the caller's; one is asked for when neither can be.
pub(super) fn enter(callback: &Callback, turn: &mut Turn<'_>) -> Next<Promising> {
    let named = match &callback.number {
        Some(path) => path.value(&turn.reading()),
        None => Path("caller".into()).value(&turn.reading()),
    };
    match named.and_then(|number| turn.plan.callable(&number.to_string())) {
        Some(number) => offer(callback, number, turn),
        None => numbering(collecting::enter(&callback.question, turn), callback, turn),
    }
}

/// The digits of a number to call back.
pub(super) fn on_number(
    collecting: Collecting,
    callback: &Callback,
    event: Event,
    turn: &mut Turn<'_>,
) -> Next<Promising> {
    let next = collecting.on(&callback.question, event, turn);
    numbering(next, callback, turn)
}

/// What has come of asking for a number.
fn numbering(next: Next<Answering>, callback: &Callback, turn: &mut Turn<'_>) -> Next<Promising> {
    match next {
        Next::Stay(Answering::Collecting(collecting)) => Next::Stay(Promising::Numbering(collecting)),
        // The question of a call back confirms nothing: its offer does.
        Next::Stay(Answering::Confirming(_)) => Next::Goto(callback.refused),
        Next::Step => {
            let typed = turn.scope.variables.remove(&callback.question.variable);
            match typed.and_then(|number| turn.plan.callable(&number.to_string())) {
                Some(number) => offer(callback, number, turn),
                None => Next::Goto(callback.refused),
            }
        }
        Next::Goto(block) => Next::Goto(block),
        Next::PassOver(_) | Next::Call | Next::Return | Next::End(_) => Next::Goto(callback.refused),
    }
}

fn offer(callback: &Callback, number: String, turn: &mut Turn<'_>) -> Next<Promising> {
    let offering = Offering { number: Pii::new(number), silent: 0, speaking: false };
    // Who knows the offer takes it without listening.
    match turn.kept() {
        Some(digit) => offering.pick(callback, digit, turn),
        None => offering.speak(callback, turn),
    }
}

impl Offering {
    pub(super) fn on(mut self, callback: &Callback, event: Event, turn: &mut Turn<'_>) -> Next<Promising> {
        match event {
            Event::Digit(digit) => {
                if self.speaking {
                    turn.hush();
                }
                turn.rest();
                self.pick(callback, digit, turn)
            }
            Event::Played => {
                self.speaking = false;
                turn.wake(callback.timeout);
                Next::Stay(Promising::Offering(self))
            }
            Event::Timeout => {
                self.silent += 1;
                turn.memory.tries += 1;
                if self.silent >= callback.tries {
                    return Next::Goto(callback.refused);
                }
                self.speak(callback, turn)
            }
            _ => Next::Stay(Promising::Offering(self)),
        }
    }

    fn speak(mut self, callback: &Callback, turn: &mut Turn<'_>) -> Next<Promising> {
        self.speaking = turn.say_as(&callback.speech, self.number.reveal());
        if !self.speaking {
            turn.wake(callback.timeout);
        }
        Next::Stay(Promising::Offering(self))
    }

    fn pick(self, callback: &Callback, digit: Digit, turn: &mut Turn<'_>) -> Next<Promising> {
        turn.trace(Trace::Key(digit));
        if digit.as_char() != '1' {
            return Next::Goto(callback.refused);
        }
        let request =
            CallbackRequest { queue: callback.queue.clone(), number: self.number, within: callback.within };
        turn.act(Action::Promise(request));
        Next::Stay(Promising::Asked)
    }
}

/// The promise is kept, or cannot be.
pub(super) fn promised(kept: bool, callback: &Callback, turn: &mut Turn<'_>) -> Next<Promising> {
    if !kept {
        return Next::Goto(callback.refused);
    }
    let before = turn.cx.civil_in(callback.within);
    turn.set(&callback.promised, Value::Text(before), false);
    Next::Step
}
