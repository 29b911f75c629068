//! A sound ready to be sent: encoded once, in both codecs of G.711, shared by all calls that play it.

use std::sync::Arc;

use crate::base::time::Duration;

/// 8,000 samples a second, mono, as payload octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// A-law octets, one a sample.
    pub alaw: Arc<[u8]>,
    /// mu-law octets, one a sample.
    pub ulaw: Arc<[u8]>,
}

impl Sound {
    /// How long it lasts.
    pub fn duration(&self) -> Duration {
        Duration::from_micros(self.alaw.len() as u64 * 125)
    }
}
