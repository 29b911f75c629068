//! The bounds that figures are measured by. They stand in each figure's formula.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::name::Name;
use crate::base::time::Duration;

/// What is quick, what is short, what is soon.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Thresholds {
    /// Whoever is answered within this was answered well.
    pub(crate) within: Duration,
    /// Whoever hangs up before this has not waited.
    pub(crate) short: Duration,
    /// Whoever is called back within this was served as well.
    pub(crate) back: Duration,
    /// Whoever calls again within this was not helped.
    pub(crate) again: Duration,
}

impl Default for Thresholds {
    /// 20 s, 5 s, 4 h, 7 days.
    fn default() -> Self {
        let hours = |count: u64| Duration::from_secs(count * 3_600);
        Self {
            within: Duration::from_secs(20),
            short: Duration::from_secs(5),
            back: hours(4),
            again: hours(7 * 24),
        }
    }
}

/// Those of a site, and of queues that have their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Aims {
    /// Of all others.
    pub(crate) usual: Thresholds,
    /// Of these queues.
    pub(crate) queues: BTreeMap<Name, Thresholds>,
}

impl Aims {
    /// Those of a queue.
    pub(crate) fn of(&self, queue: &str) -> &Thresholds {
        self.queues.get(queue).unwrap_or(&self.usual)
    }
}
