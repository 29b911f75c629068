//! What a walk reads of the world that no flow and no clock can tell again: how many wait, how many agents there are, what
//! came of a secret.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;

use super::super::context::Context;
use super::super::facts::Facts;
use super::super::graph::Flow;
use super::super::vocabulary::{CallFacts, HoursState, QueueFacts, Standing};
use crate::base::time::{Duration, Now};

/// A wait that is not known, among the readings.
const UNKNOWN: i64 = -1;

/// A world that notes what is read of it.
pub(super) struct Recording<'a> {
    inner: &'a dyn Context,
    readings: RefCell<Vec<i64>>,
}

/// A world that answers what was noted; when nothing is left, what it is now.
pub(super) struct Replaying<'a> {
    inner: &'a dyn Context,
    readings: RefCell<VecDeque<i64>>,
    /// Something was read that was not noted.
    strayed: Cell<bool>,
}

impl<'a> Recording<'a> {
    pub(super) fn new(inner: &'a dyn Context) -> Self {
        Self { inner, readings: RefCell::default() }
    }

    pub(super) fn readings(self) -> Vec<i64> {
        self.readings.into_inner()
    }

    fn note(&self, value: i64) {
        self.readings.borrow_mut().push(value);
    }
}

impl<'a> Replaying<'a> {
    pub(super) fn new(inner: &'a dyn Context, readings: &[i64]) -> Self {
        Self { inner, readings: RefCell::new(readings.iter().copied().collect()), strayed: Cell::new(false) }
    }

    /// Whether more was read than was noted.
    pub(super) fn has_strayed(&self) -> bool {
        self.strayed.get()
    }

    fn next(&self) -> Option<i64> {
        let next = self.readings.borrow_mut().pop_front();
        if next.is_none() {
            self.strayed.set(true);
        }
        next
    }
}

macro_rules! as_inner {
    () => {
        fn now(&self) -> Now {
            self.inner.now()
        }
        fn hours(&self, calendar: &str) -> HoursState {
            self.inner.hours(calendar)
        }
        fn week(&self, calendar: &str) -> Option<String> {
            self.inner.week(calendar)
        }
        fn next_open(&self, calendar: &str) -> Option<String> {
            self.inner.next_open(calendar)
        }
        fn call(&self) -> &CallFacts {
            self.inner.call()
        }
        fn queue(&self, queue: &str) -> QueueFacts {
            self.inner.queue(queue)
        }
        fn civil_in(&self, after: Duration) -> String {
            self.inner.civil_in(after)
        }
    };
}

impl Context for Recording<'_> {
    fn flow(&self, name: &str) -> Option<Arc<Flow>> {
        self.inner.flow(name)
    }
}

impl Context for Replaying<'_> {
    fn flow(&self, name: &str) -> Option<Arc<Flow>> {
        self.inner.flow(name)
    }
}

impl Facts for Recording<'_> {
    as_inner!();
    fn waiting(&self, queue: &str) -> usize {
        let waiting = self.inner.waiting(queue);
        self.note(i64::try_from(waiting).unwrap_or(i64::MAX));
        waiting
    }
    fn agents(&self, queue: &str) -> usize {
        let agents = self.inner.agents(queue);
        self.note(i64::try_from(agents).unwrap_or(i64::MAX));
        agents
    }
    fn witness(&self, outcome: u32) -> u32 {
        self.note(i64::from(outcome));
        outcome
    }
    fn standing(&self) -> Option<Standing> {
        let standing = self.inner.standing()?;
        self.note(i64::try_from(standing.position).unwrap_or(i64::MAX));
        let expected = standing.expected.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        self.note(expected.unwrap_or(UNKNOWN));
        Some(standing)
    }
}

impl Facts for Replaying<'_> {
    as_inner!();
    fn waiting(&self, queue: &str) -> usize {
        self.next().and_then(|value| usize::try_from(value).ok()).unwrap_or_else(|| self.inner.waiting(queue))
    }
    fn agents(&self, queue: &str) -> usize {
        self.next().and_then(|value| usize::try_from(value).ok()).unwrap_or_else(|| self.inner.agents(queue))
    }
    fn witness(&self, outcome: u32) -> u32 {
        self.next().and_then(|value| u32::try_from(value).ok()).unwrap_or(outcome)
    }
    /// None where none was noted: then its news told, or nothing did.
    fn standing(&self) -> Option<Standing> {
        let mut readings = self.readings.borrow_mut();
        let position = usize::try_from(readings.pop_front()?).ok()?;
        let expected = readings.pop_front().and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
        Some(Standing { position, expected })
    }
}
