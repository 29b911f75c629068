//! The incoming calls of the last day, as far as the bounds of `incoming.rs` need them, and of the last minutes, as far as
//! robots show in them: many calls of one range of numbers that press nothing, say nothing, and are all of one length.
//!
//! A person among them is served: who has pressed a key or talked to somebody of late, and who calls again after being refused,
//! one a minute; a machine that goes through its numbers does not.

use std::collections::{BTreeMap, VecDeque};

use super::incoming::{Answer, Ask, Bounds, Incoming, Periods, Pumping};
use crate::base::limit::{TRAFFIC_KEYS_MAX, TRAFFIC_RUN_MAX};
use crate::base::time::{Duration, Instant};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// Digits at the end by which numbers of one range differ.
const RANGE_DIGITS: usize = 4;
/// The range of those who hide their number.
const SECRET: &str = "secret";
/// Calls that began within this are looked at together.
const RUN_WINDOW: Duration = Duration::from_secs(300);
/// So many idle calls of one range are no chance.
const RUN_IDLE_MIN: usize = 20;
/// A call that goes on is idle when nothing was done in it for so long.
const IDLE_AFTER: Duration = Duration::from_secs(10);
/// So many within this from one range, which is one in ten thousand numbers, are idle at once. Of secret callers that says nothing.
const BURST: Duration = Duration::from_secs(60);
/// A range is looked at no oftener, unless so many calls have come.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// See above.
const LOOK_CALLS: usize = 5;
/// Durations are alike within this, or within a fifth.
const ALIKE: Duration = Duration::from_secs(3);
/// A run is over when its range has been quiet for so long.
const RUN_QUIET: Duration = Duration::from_secs(300);
/// Who was refused may try again after this...
const REDIAL_MIN: Duration = Duration::from_secs(5);
/// ...until this...
const REDIAL_MAX: Duration = Duration::from_secs(600);
/// ...and one of them is let in each time that this has gone by.
const REDIAL_EVERY: Duration = Duration::from_secs(60);

/// Why a call is not taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    /// A rule of the site.
    Rule(Answer),
    /// A bound.
    Bound(Whose),
    /// A machine calls from there.
    Pumping,
}

impl Turned {
    /// The status of the refusal.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Rule(answer) => answer.status().unwrap_or(603),
            Self::Bound(_) => 486,
            Self::Pumping => 603,
        }
    }

    /// As records and the log have it.
    pub(crate) const fn why(self) -> &'static str {
        match self {
            Self::Rule(_) => "a rule of `incoming:`",
            Self::Bound(Whose::Caller) => "a bound of `incoming: per_caller`",
            Self::Bound(Whose::Range) => "a bound of `incoming: per_range`",
            Self::Bound(Whose::Number) => "a bound of `incoming: per_number`",
            Self::Pumping => "a machine calls from this range",
        }
    }
}

/// Whose calls are counted together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// A caller's.
    Caller,
    /// Those of numbers that differ in their last digits alone.
    Range,
    /// A number of ours.
    Number,
}

impl Whose {
    const ALL: [Self; 3] = [Self::Caller, Self::Range, Self::Number];

    /// Whom such calls are counted by.
    fn of(self, ask: &Ask<'_>) -> String {
        match self {
            Self::Caller => ask.caller.unwrap_or(SECRET),
            Self::Range => range_of(ask.caller),
            Self::Number => ask.number,
        }
        .to_owned()
    }
}

/// What the operator is to be told, once for each occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// So many idle calls have come from this range within a few minutes.
    Run { range: String, calls: usize },
    /// A bound is reached.
    Full { whose: Whose, of: String },
}

type Key = (Whose, String);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// Calls that go on.
    open: BTreeMap<u64, Open>,
    tallies: BTreeMap<Key, Tally>,
    runs: BTreeMap<String, Run>,
    /// Callers who have done something of late, and when.
    people: BTreeMap<String, Instant>,
    notices: Vec<Notice>,
}

/// A call that goes on: who calls whom, its owner knows.
#[derive(Copy, Clone, Debug)]
struct Open {
    begun: Instant,
    /// Where it is counted.
    counted: [bool; 3],
}

/// What is counted together.
#[derive(Debug, Default)]
struct Tally {
    /// Calls that go on.
    open: usize,
    /// The sum of the moments at which they began, in microseconds.
    open_since: u128,
    hour: Window,
    day: Window,
    told: Option<Instant>,
}

/// The calls of an hour or of a day.
#[derive(Debug, Default)]
struct Window {
    begun: VecDeque<Instant>,
    /// When each ended, and how long it was.
    ended: VecDeque<(Instant, Duration)>,
    /// The sum of their lengths.
    length: Duration,
}

/// The last calls of a range.
#[derive(Debug, Default)]
struct Run {
    calls: VecDeque<Member>,
    /// It looks like a machine's, until then.
    until: Option<Instant>,
    /// Who was refused, and when last.
    refused: BTreeMap<String, Instant>,
    /// When one of them was let in.
    let_in: Option<Instant>,
    /// When it was looked at last.
    looked: Option<Instant>,
    /// Calls since then.
    unseen: usize,
}

#[derive(Debug)]
struct Member {
    call: u64,
    begun: Instant,
    length: Option<Duration>,
    /// Somebody has pressed a key, or talked.
    stirred: bool,
}

impl Traffic {
    /// Whether a call may come in.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn judge(&mut self, now: Instant, rules: &Incoming, ask: &Ask<'_>) -> Result<(), Turned> {
        match rules.ruled(ask) {
            Some(Answer::Accept) => return Ok(()),
            Some(answer) => return Err(Turned::Rule(answer)),
            None => {}
        }
        for (bounds, key) in keys(rules, ask) {
            let Some(tally) = self.tallies.get_mut(&key) else { continue };
            tally.forget(now);
            if tally.is_full(now, bounds, rules.price.0) {
                let (whose, of) = key;
                let of = if whose == Whose::Range { shown(&of) } else { of };
                if whose != Whose::Caller && tally.told.is_none_or(|told| now.since(told) >= HOUR) {
                    tally.told = Some(now);
                    self.notices.push(Notice::Full { whose, of });
                }
                return Err(Turned::Bound(whose));
            }
        }
        if rules.pumping == Pumping::Ignore {
            return Ok(());
        }
        let range = range_of(ask.caller);
        self.look(now, range);
        let Some(run) = self.runs.get_mut(range) else { return Ok(()) };
        let person = |caller: &str| self.people.get(caller).is_some_and(|at| now.since(*at) < DAY);
        if !run.is_on(now) || rules.pumping != Pumping::Refuse || ask.caller.is_some_and(person) {
            return Ok(());
        }
        run.until = Some(now + RUN_QUIET);
        if ask.caller.is_some_and(|caller| run.takes_redial(now, caller)) {
            Ok(())
        } else {
            Err(Turned::Pumping)
        }
    }

    /// A call has come in.
    pub(crate) fn begin(&mut self, now: Instant, rules: &Incoming, call: u64, ask: &Ask<'_>) {
        let mut counted = [false; 3];
        for (_, key) in keys(rules, ask) {
            counted[key.0 as usize] = true;
            self.make_room(now);
            let tally = self.tallies.entry(key).or_default();
            tally.open += 1;
            tally.open_since += u128::from(now.as_micros());
            tally.windows().for_each(|window| window.begun.push_back(now));
        }
        if rules.pumping != Pumping::Ignore {
            let run = self.run(now, range_of(ask.caller));
            run.unseen += 1;
            run.calls.push_back(Member { call, begun: now, length: None, stirred: false });
            if run.calls.len() > TRAFFIC_RUN_MAX {
                run.calls.pop_front();
            }
        }
        self.open.insert(call, Open { begun: now, counted });
    }

    /// Its caller has pressed a key, has left a message, or talks to somebody.
    pub(crate) fn stir(&mut self, now: Instant, call: u64, ask: &Ask<'_>) {
        if !self.open.contains_key(&call) {
            return;
        }
        if let Some(member) = self.runs.get_mut(range_of(ask.caller)).and_then(|run| run.member(call)) {
            member.stirred = true;
        }
        let Some(caller) = ask.caller else { return };
        if let Some(at) = self.people.get_mut(caller) {
            *at = now;
            return;
        }
        if self.people.len() >= TRAFFIC_KEYS_MAX {
            self.people.retain(|_, at| now.since(*at) < HOUR);
        }
        if self.people.len() < TRAFFIC_KEYS_MAX {
            self.people.insert(caller.to_owned(), now);
        }
    }

    /// It is over.
    pub(crate) fn end(&mut self, now: Instant, call: u64, ask: &Ask<'_>) {
        let Some(Open { begun, counted }) = self.open.remove(&call) else { return };
        let length = now.since(begun);
        for whose in Whose::ALL.into_iter().filter(|whose| counted[*whose as usize]) {
            if let Some(tally) = self.tallies.get_mut(&(whose, whose.of(ask))) {
                tally.open -= 1;
                tally.open_since -= u128::from(begun.as_micros());
                tally.windows().for_each(|window| window.end(now, length));
            }
        }
        let range = range_of(ask.caller);
        if let Some(member) = self.runs.get_mut(range).and_then(|run| run.member(call)) {
            member.length = Some(length);
        }
        self.look(now, range);
    }

    /// What the operator is to be told.
    pub(crate) fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Calls that go on, for the laws of the whole.
    pub(crate) fn open(&self) -> impl Iterator<Item = u64> {
        self.open.keys().copied()
    }

    /// Whether a run has begun.
    fn look(&mut self, now: Instant, range: &str) {
        let Some(run) = self.runs.get_mut(range) else { return };
        if run.unseen < LOOK_CALLS && run.looked.is_some_and(|at| now.since(at) < LOOK_EVERY) {
            return;
        }
        (run.looked, run.unseen) = (Some(now), 0);
        run.forget(now);
        if run.looks_like_a_machine(now, range != SECRET) {
            if !run.is_on(now) {
                let calls = run.calls.len();
                self.notices.push(Notice::Run { range: shown(range), calls });
            }
            run.until = Some(now + RUN_QUIET);
        }
    }

    /// Makes room for a tally, for many at once: what counts nothing any more goes, then who has called but once in the hour,
    /// then all who are not on the line.
    fn make_room(&mut self, now: Instant) {
        let full = |tallies: &BTreeMap<Key, Tally>| tallies.len() >= TRAFFIC_KEYS_MAX;
        if full(&self.tallies) {
            self.tallies.retain(|_, tally| {
                tally.forget(now);
                tally.open > 0 || !tally.day.begun.is_empty() || !tally.day.ended.is_empty()
            });
        }
        for least in [1, usize::MAX] {
            if full(&self.tallies) {
                self.tallies.retain(|_, tally| tally.open > 0 || tally.hour.begun.len() > least);
            }
        }
    }

    /// The last calls of a range.
    fn run(&mut self, now: Instant, range: &str) -> &mut Run {
        if !self.runs.contains_key(range) {
            // Many at once, as above: a run has many calls.
            for least in [0, 1, usize::MAX] {
                if self.runs.len() >= TRAFFIC_KEYS_MAX {
                    self.runs.retain(|_, run| {
                        run.forget(now);
                        run.is_on(now) || run.calls.len() > least
                    });
                }
            }
        }
        self.runs.entry(range.to_owned()).or_default()
    }
}

impl Tally {
    fn windows(&mut self) -> impl Iterator<Item = &mut Window> {
        [&mut self.hour, &mut self.day].into_iter()
    }

    fn forget(&mut self, now: Instant) {
        self.hour.forget(now, HOUR);
        self.day.forget(now, DAY);
    }

    fn is_full(&self, now: Instant, bounds: &Bounds, price: u64) -> bool {
        let Bounds { at_once, calls, time, micros } = bounds;
        // What goes on counts as far as it has come.
        let lasting = u128::from(now.as_micros()) * self.open as u128 - self.open_since;
        let lasting = Duration::from_micros(u64::try_from(lasting).unwrap_or(u64::MAX));
        let spent = |window: &Window| window.length + lasting;
        let cost = |window: &Window| price.saturating_mul(spent(window).as_secs()) / 60;
        at_once.is_some_and(|most| self.open >= most)
            || self.reached(calls, |window| window.begun.len())
            || self.reached(time, spent)
            || self.reached(micros, cost)
    }

    fn reached<T: PartialOrd>(&self, bound: &Periods<T>, there: impl Fn(&Window) -> T) -> bool {
        bound.hour.as_ref().is_some_and(|most| there(&self.hour) >= *most)
            || bound.day.as_ref().is_some_and(|most| there(&self.day) >= *most)
    }
}

impl Window {
    fn end(&mut self, now: Instant, length: Duration) {
        self.ended.push_back((now, length));
        self.length += length;
    }

    fn forget(&mut self, now: Instant, window: Duration) {
        while self.begun.pop_front_if(|at| now.since(*at) >= window).is_some() {}
        while let Some((_, length)) = self.ended.pop_front_if(|(at, _)| now.since(*at) >= window) {
            self.length -= length;
        }
    }
}

impl Run {
    fn forget(&mut self, now: Instant) {
        while self.calls.pop_front_if(|call| now.since(call.begun) >= RUN_WINDOW).is_some() {}
        if !self.is_on(now) {
            self.refused.clear();
        }
    }

    fn is_on(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    fn member(&mut self, call: u64) -> Option<&mut Member> {
        self.calls.iter_mut().rev().find(|member| member.call == call)
    }

    fn looks_like_a_machine(&self, now: Instant, is_narrow: bool) -> bool {
        let recent = self.calls.iter().rev().take_while(|call| now.since(call.begun) < BURST).count();
        let is_burst = is_narrow && recent >= RUN_IDLE_MIN;
        let stirred = self.calls.iter().filter(|call| call.stirred).count();
        let idle = || self.calls.iter().filter(|call| !call.stirred);
        let is_idle = |call: &&Member| is_burst || now.since(call.begun) >= IDLE_AFTER;
        let waiting = idle().filter(|call| call.length.is_none()).filter(is_idle);
        let mut lengths: Vec<Duration> = idle().filter_map(|call| call.length).collect();
        let count = waiting.count() + lengths.len();
        if count < RUN_IDLE_MIN || count < 9 * stirred {
            return false;
        }
        lengths.sort_unstable();
        let Some(middle) = lengths.get(lengths.len() / 2).copied() else { return true };
        let alike = |length: &&Duration| length.abs_diff(middle) <= ALIKE.max(middle / 5);
        lengths.iter().filter(alike).count() * 5 >= lengths.len() * 4
    }

    /// Whether this one was refused, has called again, and is let in this time.
    fn takes_redial(&mut self, now: Instant, caller: &str) -> bool {
        let again = self.refused.get(caller).is_some_and(|at| {
            let since = now.since(*at);
            (REDIAL_MIN..REDIAL_MAX).contains(&since)
        });
        let due = self.let_in.is_none_or(|at| now.since(at) >= REDIAL_EVERY);
        if again && due {
            self.let_in = Some(now);
            return true;
        }
        if self.refused.len() < TRAFFIC_RUN_MAX {
            self.refused.insert(caller.to_owned(), now);
        }
        false
    }
}

/// The numbers from which a machine calls differ in their last digits; all who hide theirs are one range.
fn range_of(caller: Option<&str>) -> &str {
    let Some(caller) = caller else { return SECRET };
    let kept = caller.len().saturating_sub(RANGE_DIGITS).max(1);
    caller.get(..kept).unwrap_or(caller)
}

/// As rules of the site write it.
fn shown(range: &str) -> String {
    if range == SECRET { SECRET.to_owned() } else { format!("{range}*") }
}

/// Where a call is counted, with the bounds there.
fn keys<'r>(rules: &'r Incoming, ask: &Ask<'_>) -> impl Iterator<Item = (&'r Bounds, Key)> {
    let bounds = [&rules.per_caller, &rules.per_range, &rules.per_number];
    let bounded = bounds.into_iter().zip(Whose::ALL).filter(|(bounds, _)| !bounds.is_open());
    let counted = bounded.filter(|(_, whose)| *whose != Whose::Caller || ask.caller.is_some());
    counted.map(|(bounds, whose)| (bounds, (whose, whose.of(ask))))
}

#[cfg(test)]
#[path = "traffic_tests.rs"]
mod tests;
