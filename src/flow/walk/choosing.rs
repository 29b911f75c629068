//! A menu: its words, then a key. Wrong keys and silences are counted apart.

use serde::{Deserialize, Serialize};

use super::super::next::Next;
use super::super::system::{INVALID, SILENT};
use super::super::turn::Turn;
use super::super::verb::menu::Menu;
use super::super::vocabulary::{Aside, Event, Trace};
use crate::base::digit::Digit;

/// A menu that waits for a key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Choosing {
    wrong: u32,
    silent: u32,
    /// Its words are still being heard.
    speaking: bool,
}

/// A key typed ahead answers a menu without a word of it.
pub(super) fn enter(menu: &Menu, turn: &mut Turn<'_>) -> Next<Choosing> {
    let mut choosing = Choosing::default();
    match turn.kept() {
        Some(digit) => choosing.pick(menu, digit, turn),
        None => {
            choosing.speaking = turn.say(&[&menu.first]);
            choosing.listen(menu, turn)
        }
    }
}

impl Choosing {
    pub(super) fn on(mut self, menu: &Menu, event: Event, turn: &mut Turn<'_>) -> Next<Choosing> {
        match event {
            Event::Digit(digit) => {
                if self.speaking {
                    turn.hush();
                }
                turn.rest();
                self.pick(menu, digit, turn)
            }
            Event::Played => {
                self.speaking = false;
                self.listen(menu, turn)
            }
            Event::Timeout => {
                self.silent += 1;
                turn.trace(Trace::Aside(Aside::Silence));
                turn.memory.tries += 1;
                if self.silent >= menu.tries {
                    return Next::Goto(menu.silence);
                }
                self.speaking = turn.say_after(&SILENT, &menu.again);
                self.listen(menu, turn)
            }
            _ => Next::Stay(self),
        }
    }

    fn pick(mut self, menu: &Menu, digit: Digit, turn: &mut Turn<'_>) -> Next<Choosing> {
        turn.trace(Trace::Key(digit));
        if let Some(choice) = menu.choices.get(&digit) {
            turn.memory.laps += 1;
            return Next::Goto(choice.goto);
        }
        turn.forget_keys();
        self.wrong += 1;
        turn.trace(Trace::Aside(Aside::WrongKey));
        turn.memory.tries += 1;
        if self.wrong >= menu.tries {
            return Next::Goto(menu.invalid);
        }
        self.speaking = turn.say_after(&INVALID, &menu.again);
        self.listen(menu, turn)
    }

    /// The time for an answer runs from the last word.
    fn listen(self, menu: &Menu, turn: &mut Turn<'_>) -> Next<Choosing> {
        if !self.speaking {
            turn.wake(menu.timeout);
        }
        Next::Stay(self)
    }
}
