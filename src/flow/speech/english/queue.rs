//! What a waiting caller is told: place and estimated wait.

use super::super::fragment::Fragment;
use super::super::read::{NUMBER_MAX, RANK_MAX, Unit, WAIT_MINUTES_MAX};
use super::atom::Phrase;
use super::number::{cardinal, count};
use super::word;

/// The place in a queue: 1 (and 0, which does not occur) is the next caller.
pub(in super::super) fn position(n: usize) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    match n {
        0 | 1 => {
            phrase.say(&word::NEXT_CALL);
        }
        2..=RANK_MAX => {
            phrase.say(&word::YOUR_CALL);
            cardinal(&mut phrase, n as u32);
            phrase.say(&word::IN_LINE);
        }
        _ => return persons_before(n - 1),
    }
    phrase.stop().fragments()
}

/// The number of persons before the caller.
pub(in super::super) fn persons_before(n: usize) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    let n = u32::try_from(n).unwrap_or(NUMBER_MAX).min(NUMBER_MAX);
    match n {
        0 => {
            phrase.say(&word::NOBODY_AHEAD);
        }
        n => {
            phrase.say(if n == 1 { &word::THERE_IS } else { &word::THERE_ARE });
            cardinal(&mut phrase, n);
            phrase.say(if n == 1 { &word::PERSON_AHEAD } else { &word::PEOPLE_AHEAD });
        }
    }
    phrase.stop().fragments()
}

/// The estimated wait, rounded up to the minute.
pub(in super::super) fn wait(seconds: u64) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    match seconds.div_ceil(60) {
        _ if seconds < 60 => {
            phrase.say(&word::WAIT_SHORT);
        }
        minutes @ 1..=WAIT_MINUTES_MAX => {
            phrase.say(&word::WAIT_ABOUT);
            count(&mut phrase, minutes as u32, Unit::Minute);
        }
        _ => {
            phrase.say(&word::WAIT_LONG);
        }
    }
    phrase.stop().fragments()
}
