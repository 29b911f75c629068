//! A duration written down: whole microseconds, as our moments are. For `#[serde(with = "crate::base::time::micros")]`.
//!
//! What is shorter than a microsecond is lost, and so is what is longer than half a million years.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Duration;

/// What this form can be given to: a duration, or one that may be absent.
pub(crate) trait Micros: Sized {
    /// As it is written.
    type Written: Serialize + for<'de> Deserialize<'de>;
    /// Writes it.
    fn write(&self) -> Self::Written;
    /// Reads it.
    fn read(written: Self::Written) -> Self;
}

impl Micros for Duration {
    type Written = u64;

    fn write(&self) -> u64 {
        u64::try_from(self.as_micros()).unwrap_or(u64::MAX)
    }

    fn read(written: u64) -> Self {
        Self::from_micros(written)
    }
}

impl Micros for Option<Duration> {
    type Written = Option<u64>;

    fn write(&self) -> Option<u64> {
        self.as_ref().map(Micros::write)
    }

    fn read(written: Option<u64>) -> Self {
        written.map(Micros::read)
    }
}

pub(crate) fn serialize<T: Micros, S: Serializer>(duration: &T, serializer: S) -> Result<S::Ok, S::Error> {
    duration.write().serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Micros, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::Written::deserialize(deserializer).map(T::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super")]
        sure: Duration,
        #[serde(with = "super")]
        unsure: Option<Duration>,
    }

    #[test]
    fn durations_come_back_to_the_microsecond() {
        for unsure in [None, Some(Duration::ZERO), Some(Duration::from_micros(7))] {
            let both = Both { sure: Duration::from_millis(1_250), unsure };
            let written = serde_json::to_string(&both).unwrap();
            assert!(written.starts_with("{\"sure\":1250000,"), "{written}");
            assert_eq!(serde_json::from_str::<Both>(&written).unwrap(), both);
        }
    }
}
