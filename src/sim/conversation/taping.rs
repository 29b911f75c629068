//! A recording of the caller that goes on.

use crate::base::time::{Duration, Instant};
use crate::flow::vocabulary::RecordRequest;

/// Who is recorded and does not say how long they talk leaves a message of this length.
pub(super) const MESSAGE: Duration = Duration::from_secs(10);
/// A message with less speech than this is thrown away, as the recorder does.
pub(super) const MESSAGE_LEAST: Duration = Duration::from_millis(500);

/// The caller is being recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taping {
    pub(super) request: RecordRequest,
    pub(super) since: Instant,
    /// How long the caller has talked; none when nothing was said of it.
    pub(super) talked: Option<Duration>,
}

impl Taping {
    /// When it ends by itself: at its longest, or by the silence behind what was said.
    pub(super) fn end(&self) -> Instant {
        let talked = self.talked.unwrap_or(MESSAGE);
        self.since + self.request.longest.min(talked + self.request.silence)
    }
}
