//! The world as a step of a flow sees it: clocks, calendars, queues, the call itself. The switchboard answers, and the
//! simulator; a replay answers as it was then.

use super::vocabulary::{CallFacts, HoursState, QueueFacts, Standing};
use crate::base::time::{Duration, Now};

/// What a step may ask of the world while it is taken.
pub trait Facts {
    /// The clocks of this step.
    fn now(&self) -> Now;
    /// The state of a calendar now.
    fn hours(&self, calendar: &str) -> HoursState;
    /// The week of a calendar as `Format::Hours` reads it: `mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00`.
    fn week(&self, calendar: &str) -> Option<String>;
    /// When a calendar opens next, in its own zone, as `Format::DateTime` reads it: `2026-11-26T09:00`.
    fn next_open(&self, calendar: &str) -> Option<String>;
    /// Callers who wait in a queue.
    fn waiting(&self, queue: &str) -> usize;
    /// Agents logged in who serve a queue.
    fn agents(&self, queue: &str) -> usize;
    /// The call itself.
    fn call(&self) -> &CallFacts;
    /// How a queue treats its callers.
    fn queue(&self, queue: &str) -> QueueFacts;
    /// Where this call stands in the line that it waits in; none when it waits in none, or only its news tell (a story in
    /// words). Asked when it is to be said, so that a line of thousands tells nobody who does not ask.
    fn standing(&self) -> Option<Standing> {
        None
    }
    /// The moment so long from now, in the zone of the site, as `Format::DateTime` reads it.
    fn civil_in(&self, after: Duration) -> String;
    /// What came out of a choice that cannot be repeated from the journal, because it hangs on a secret. A replay answers
    /// what came out then.
    fn witness(&self, outcome: u32) -> u32 {
        outcome
    }
}
