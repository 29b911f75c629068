//! What a waiting caller is told, in each language: place, persons before, estimated wait.

use super::fragment::Fragment;
use super::language::Language;
use super::{english, french};

/// The place in a queue: 1 (and 0, which does not occur) is the next call.
pub fn position_in(language: Language, n: usize) -> Vec<Fragment> {
    match language {
        Language::French => french::position(n),
        Language::English => english::position(n),
    }
}

/// The number of persons before the caller.
pub(crate) fn persons_before_in(language: Language, n: usize) -> Vec<Fragment> {
    match language {
        Language::French => french::persons_before(n),
        Language::English => english::persons_before(n),
    }
}

/// The estimated wait in seconds, rounded up to the minute so that it is not a promise that time breaks.
pub(crate) fn wait_in(language: Language, seconds: u64) -> Vec<Fragment> {
    match language {
        Language::French => french::wait(seconds),
        Language::English => english::wait(seconds),
    }
}
