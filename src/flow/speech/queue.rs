//! What a waiting caller is told: place and estimated wait.

use super::Fragment;
use super::atom::{Gender, Phrase};
use super::number::{NUMBER_MAX, Unit, cardinal, count, rank};
use super::word;

/// Above this the estimate only says "plus de quinze minutes".
const WAIT_MINUTES_MAX: u64 = 15;
/// A rank above this is long to say and hard to grasp; a place further back is told as the number of persons before it.
const RANK_MAX: usize = 99;

/// The place in a queue: 1 (and 0, which does not occur) is the next call. A feminine rank, so that the caller's gender is not guessed.
pub fn position(n: usize) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    match n {
        0 | 1 => {
            phrase.word(&word::NEXT_CALL);
        }
        2..=RANK_MAX => {
            phrase.word(&word::YOUR_CALL);
            rank(&mut phrase, n as u32, Gender::Feminine);
            phrase.word(&word::POSITION);
        }
        _ => return persons_before(n - 1),
    }
    phrase.stop().fragments()
}

/// The number of persons before the caller.
pub fn persons_before(n: usize) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    let n = u32::try_from(n).unwrap_or(NUMBER_MAX).min(NUMBER_MAX);
    match n {
        0 => {
            phrase.word(&word::NOBODY_BEFORE);
        }
        n => {
            phrase.word(&word::THERE_IS);
            cardinal(&mut phrase, n, Gender::Feminine);
            if n.is_multiple_of(1_000_000) {
                phrase.word(&word::DE);
            }
            phrase.word(if n == 1 { &word::PERSON_BEFORE } else { &word::PERSONS_BEFORE });
        }
    }
    phrase.stop().fragments()
}

/// The estimated wait, rounded up to the minute so that it is not a promise that time breaks.
pub fn wait(seconds: u64) -> Vec<Fragment> {
    let mut phrase = Phrase::default();
    match seconds.div_ceil(60) {
        _ if seconds < 60 => {
            phrase.word(&word::WAIT_SHORT);
        }
        minutes @ 1..=WAIT_MINUTES_MAX => {
            phrase.word(&word::WAIT_ABOUT);
            count(&mut phrase, minutes as u32, Unit::Minute);
        }
        _ => {
            phrase.word(&word::WAIT_LONG);
        }
    }
    phrase.stop().fragments()
}
