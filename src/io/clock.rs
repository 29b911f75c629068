//! The clocks of the process: one origin, which all threads share.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::time::{Instant, Now, Wall};

/// The monotonic clock since its start, and the civil clock.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Clock {
    origin: std::time::Instant,
}

impl Clock {
    /// Begins now: this moment is [`Instant::ZERO`].
    pub(crate) fn start() -> Self {
        Self { origin: std::time::Instant::now() }
    }

    /// The monotonic time.
    pub(crate) fn at(&self) -> Instant {
        let elapsed = self.origin.elapsed().as_micros();
        Instant::from_micros(u64::try_from(elapsed).unwrap_or(u64::MAX))
    }

    /// Both clocks.
    pub(crate) fn now(&self) -> Now {
        // A civil clock before 1970 is one that was never set.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { at: self.at(), wall: Wall::from_epoch_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)) }
    }
}
