//! How evenly packets arrive: counts by tenths of a millisecond, so that a million packets cost as much as ten.

use crate::base::time::Duration;

/// Width of a class.
const STEP_US: u64 = 100;
/// Classes: the last one holds all that took a second or more.
const STEPS: usize = 10_001;
/// From here on it is a gap that one hears (telephony.md B5: no gap above 40 ms).
pub(crate) const GAP: Duration = Duration::from_millis(40);

/// A distribution of durations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spacing {
    counts: Vec<u32>,
    total: u64,
    longest: Duration,
    gaps: u64,
}

impl Default for Spacing {
    fn default() -> Self {
        Self { counts: vec![0; STEPS], total: 0, longest: Duration::ZERO, gaps: 0 }
    }
}

impl Spacing {
    /// Counts one.
    pub(crate) fn record(&mut self, duration: Duration) {
        let step = duration.as_micros() as u64 / STEP_US;
        self.counts[(step as usize).min(STEPS - 1)] += 1;
        self.total += 1;
        self.longest = self.longest.max(duration);
        self.gaps += u64::from(duration > GAP);
    }

    /// The duration that `permille` of a thousand stay below, to a tenth of a millisecond; zero if nothing was counted.
    pub fn percentile(&self, permille: u64) -> Duration {
        let rank = (self.total * permille).div_ceil(1_000).max(1);
        let mut below = 0;
        for (step, count) in self.counts.iter().enumerate() {
            below += u64::from(*count);
            if below >= rank {
                return Duration::from_micros(step as u64 * STEP_US).min(self.longest);
            }
        }
        Duration::ZERO
    }

    /// The longest of all.
    pub(crate) fn longest(&self) -> Duration {
        self.longest
    }

    /// How many were above [`GAP`].
    pub(crate) fn gaps(&self) -> u64 {
        self.gaps
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_gaps() {
        let mut spacing = Spacing::default();
        assert_eq!(spacing.percentile(500), Duration::ZERO);
        (0..99).for_each(|_| spacing.record(Duration::from_millis(20)));
        spacing.record(Duration::from_secs(3));
        assert_eq!(spacing.percentile(500), Duration::from_millis(20));
        assert_eq!(spacing.percentile(990), Duration::from_millis(20));
        assert_eq!(spacing.percentile(1_000), Duration::from_secs(1));
        assert_eq!((spacing.count(), spacing.gaps(), spacing.longest()), (100, 1, Duration::from_secs(3)));
    }
}
