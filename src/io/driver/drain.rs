//! The end: no new calls, those in progress may finish, callers are told, and then the process stops.

use std::time::Duration;

use super::Driver;
use crate::base::limit::LEAVE_TAKING_MAX;
use crate::io::terminal::errln;
use crate::say;
use crate::switchboard::{Input, Order};

/// Operators at which we are registered confirm within this that we are gone: a challenge and its answer.
const FAREWELL_MAX: Duration = Duration::from_secs(2);

impl Driver {
    pub(super) fn drain(&mut self) {
        if self.drain_until.is_some() {
            return;
        }
        let limit = self.options.drain_max;
        self.drain_until = Some(tokio::time::Instant::now() + limit);
        tracing::info!(calls = self.board.calls_len(), "no new calls; those in progress may finish");
        let extend = (limit + LEAVE_TAKING_MAX + Duration::from_secs(10)).as_micros();
        self.notifier
            .tell(&format!("STOPPING=1\nEXTEND_TIMEOUT_USEC={extend}\nSTATUS=draining, {}", self.summary()));
        let retry_after = u32::try_from(limit.as_secs()).unwrap_or(180).clamp(5, 180);
        self.take(Input::Order(Order::Drain(retry_after)));
    }

    /// Ctrl-C lets the calls finish; once more, and they end now, each with its record.
    pub(super) fn interrupted(&mut self) {
        if self.drain_until.is_none() {
            self.drain();
            errln!(
                "svi: {}",
                say!("calls in progress may finish; Ctrl-C once more ends them now").to(self.options.tongue)
            );
        } else {
            self.leaving = true;
            self.drain_until = Some(tokio::time::Instant::now());
        }
    }

    pub(super) fn end_drain(&mut self) {
        if let Some(until) = self.drain_until
            && tokio::time::Instant::now() >= until
            && self.board.calls_len() > 0
        {
            let (order, length) = match self.leaving {
                // Callers are told; then, or if that takes too long, their calls end.
                false => (Order::TakeLeave, LEAVE_TAKING_MAX),
                // The BYEs leave and the records are written within this.
                true => (Order::EndAll, Duration::from_secs(2)),
            };
            self.leaving = true;
            self.take(Input::Order(order));
            self.drain_until = Some(tokio::time::Instant::now() + length);
        }
    }

    /// No call is left, and the operators know that we are gone, or do not say so in time.
    pub(super) fn is_over(&mut self) -> bool {
        if self.drain_until.is_none() || self.board.calls_len() > 0 {
            return false;
        }
        let now = tokio::time::Instant::now();
        let until = *self.farewell_until.get_or_insert(now + FAREWELL_MAX);
        !self.board.is_leaving() || now >= until
    }
}
