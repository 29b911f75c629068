//! What a waiting caller is told: place and estimated wait.

use super::super::fragment::Fragment;
use super::super::read::{Gender, NUMBER_MAX, RANK_MAX, Unit, WAIT_MINUTES_MAX};
use super::atom::Phrase;
use super::number::{cardinal, count, rank};
use super::word;

/// The place in a queue: 1 (and 0, which does not occur) is the next call. A feminine rank, so that the caller's gender is not guessed.
pub(crate) fn position(n: usize) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    match n {
        0 | 1 => {
            phrase.say(&word::NEXT_CALL);
        }
        2..=RANK_MAX => {
            phrase.say(&word::YOUR_CALL);
            rank(&mut phrase, n as u32, Gender::Feminine);
            phrase.say(&word::POSITION);
        }
        _ => return persons_before(n - 1),
    }
    phrase.stop().fragments()
}

/// The number of persons before the caller.
pub(crate) fn persons_before(n: usize) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    let n = u32::try_from(n).unwrap_or(NUMBER_MAX).min(NUMBER_MAX);
    match n {
        0 => {
            phrase.say(&word::NOBODY_BEFORE);
        }
        n => {
            phrase.say(&word::THERE_IS);
            cardinal(&mut phrase, n, Gender::Feminine);
            if n.is_multiple_of(1_000_000) {
                phrase.say(&word::DE);
            }
            phrase.say(if n == 1 { &word::PERSON_BEFORE } else { &word::PERSONS_BEFORE });
        }
    }
    phrase.stop().fragments()
}

/// The estimated wait, rounded up to the minute so that it is not a promise that time breaks.
pub(crate) fn wait(seconds: u64) -> Vec<Fragment> {
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
