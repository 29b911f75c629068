//! A disk that fails, for tests: the nth call of this thread from now on, that one or all from then on.

use std::cell::Cell;
use std::io;

use super::Act;

/// How it fails.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(in crate::io) enum How {
    /// One call.
    Once,
    /// One write, after half of its octets.
    Short,
    /// Every call from then on, until [`heal`].
    FromThen,
}

thread_local! {
    static PLAN: Cell<Option<(usize, How)>> = const { Cell::new(None) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

/// Lets the nth call from now fail, the first being 0.
pub(in crate::io) fn plan(nth: usize, how: How) {
    CALLS.set(0);
    PLAN.set(Some((nth, how)));
}

/// The disk is well again. Whether the plan was reached.
pub(in crate::io) fn heal() -> bool {
    let reached = PLAN.get().is_some_and(|(nth, _)| CALLS.get() > nth);
    PLAN.set(None);
    reached
}

fn call() -> Option<How> {
    let (nth, how) = PLAN.get()?;
    let place = CALLS.replace(CALLS.get() + 1);
    (place == nth || how == How::FromThen && place > nth).then_some(how)
}

pub(super) fn may(act: Act) -> io::Result<()> {
    match call() {
        Some(_) => Err(io::Error::other(format!("no {act:?}, says the test"))),
        None => Ok(()),
    }
}

/// How much of a write is taken before the disk is full; the next call fails then.
pub(super) fn short_write(length: usize) -> Option<usize> {
    let (nth, how) = PLAN.get()?;
    if how != How::Short || length < 2 || CALLS.get() != nth {
        return None;
    }
    // The rest is refused: `write_all` asks again at once.
    PLAN.set(Some((nth + 1, How::Once)));
    CALLS.set(nth + 1);
    Some(length / 2)
}
