//! When a letter that could not be delivered is tried again: soon at first, then ever later, for a day. Pure.

use crate::base::limit::LETTER_LIFE;
use crate::base::time::Duration;

/// The pauses between tries, in seconds; the last one repeats.
const PAUSES: [u64; 7] = [5, 30, 2 * 60, 10 * 60, 3_600, 2 * 3_600, 4 * 3_600];

/// After `tries` tries (1: the first one has failed) of a letter that is `age` old: the pause before the next try; none: it is
/// given up. `chance` (any number) makes the pause up to a fifth longer or shorter, so that a thousand letters that waited
/// for one server do not come to it in one second. The last try is at the end of the letter's life.
pub(crate) fn pause(tries: u32, age: Duration, chance: u64) -> Option<Duration> {
    let left = LETTER_LIFE.checked_sub(age).filter(|left| !left.is_zero())?;
    let place = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    // 800 to 1,200 thousandths of the pause.
    let pause = Duration::from_millis(PAUSES[place] * (800 + chance % 401));
    Some(pause.min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ages at which a letter is tried, in seconds.
    fn tries(chance: u64) -> Vec<u64> {
        let (mut age, mut ages) = (Duration::ZERO, vec![0]);
        while let Some(pause) = pause(u32::try_from(ages.len()).unwrap(), age, chance) {
            age += pause;
            ages.push(age.as_secs());
        }
        ages
    }

    #[test]
    fn pauses_grow_and_the_last_try_is_after_a_day() {
        assert_eq!(
            tries(200),
            [0, 5, 35, 155, 755, 4_355, 11_555, 25_955, 40_355, 54_755, 69_155, 83_555, 86_400]
        );
    }

    #[test]
    fn chance_moves_a_pause_by_a_fifth_at_the_most() {
        assert_eq!(pause(1, Duration::ZERO, 0), Some(Duration::from_secs(4)));
        assert_eq!(pause(1, Duration::ZERO, 400), Some(Duration::from_secs(6)));
        assert_eq!(pause(1, Duration::ZERO, 401), Some(Duration::from_secs(4)));
        for chance in 0..401 {
            let ages = tries(chance);
            assert!(ages.len() >= 11 && ages.len() <= 15, "{chance}: {ages:?}");
            assert_eq!(ages.last(), Some(&86_400));
        }
    }

    #[test]
    fn an_old_letter_is_given_up() {
        assert_eq!(pause(3, LETTER_LIFE, 7), None);
        assert_eq!(pause(u32::MAX, LETTER_LIFE + Duration::from_secs(1), u64::MAX), None);
        assert_eq!(pause(0, Duration::ZERO, 200), Some(Duration::from_secs(5)));
    }
}
