//! One call in words: what is known of it, then what happened, moment by moment.

use crate::base::diagnostic::{Text, Tongue};
use crate::centre::leg_record::{LegOutcome, LegRecord};
use crate::centre::number;
use crate::centre::record::{CallRecord, EndedBy};
use crate::centre::step_record::{StepEnd, StepRecord};
use crate::centre::visit_record::{VisitEnd, VisitRecord};
use crate::cli::status::length;
use crate::say;

/// A list of moments: milliseconds after the beginning, and what happened then.
type Moments = Vec<(u64, Text)>;

/// The whole.
pub(super) fn told(call: &CallRecord, tongue: Tongue) -> String {
    let facts = super::facts::of(call, tongue);
    let moments = moments(call);
    let facts = facts.iter().map(|fact| format!("{}\n", fact.to(tongue)));
    let moments = moments.iter().map(|(ms, what)| {
        let clock = call.started.after(*ms).clock();
        format!("  {:>8}  {clock}  {}\n", offset(*ms), what.to(tongue))
    });
    facts.chain(["\n".to_owned()]).chain(moments).collect()
}

/// What happened, in order.
fn moments(call: &CallRecord) -> Moments {
    let mut moments = vec![(0, beginning(call))];
    let answered = call.answered.map(|at| since(call, at.epoch_ms()));
    moments.extend(answered.map(|ms| (ms, Text::word("svi answers"))));
    if let (Some(answered), Some(announcement)) = (answered, call.announcement) {
        let begun = answered + announcement.begun_ms;
        let lasted = tenths(announcement.ended_ms.unwrap_or_default().saturating_sub(announcement.begun_ms));
        moments.push(match announcement.full {
            true => (begun, say!("announcement that the call is free: heard to its end, {}", lasted)),
            false => (begun, say!("announcement that the call is free: cut off after {}", lasted)),
        });
    }
    moments.extend(call.steps.iter().map(|step| (step.after_ms, entered(step))));
    moments.extend(call.visits.iter().flat_map(stay));
    moments.extend(call.legs.iter().flat_map(rung));
    // What happened at the same moment stays in the order of the list.
    moments.sort_by_key(|(ms, _)| *ms);
    moments.extend(call.ended.map(|at| (since(call, at.epoch_ms()), ended(call))));
    moments
}

fn since(call: &CallRecord, ms: i64) -> u64 {
    u64::try_from(ms - call.started.epoch_ms()).unwrap_or(0)
}

fn beginning(call: &CallRecord) -> Text {
    match (&call.callback_of, &call.trunk) {
        (Some(promised), _) => say!("svi calls back, as was promised in the call {}", promised),
        (None, Some(trunk)) => say!("the call comes in by the trunk {}", trunk),
        (None, None) => Text::word("the call comes in from a registered telephone"),
    }
}

fn entered(step: &StepRecord) -> Text {
    let block = match &step.flow {
        Some(flow) => format!("{flow}/{}", step.block),
        None => step.block.to_string(),
    };
    let by = step.by.as_deref().unwrap_or("?");
    let left = match step.left {
        StepEnd::HungUp => Text::word("the call ends here"),
        StepEnd::Key => say!("key {}", by),
        StepEnd::Silence => Text::word("left after silence"),
        StepEnd::WrongKey => Text::word("left after wrong keys"),
        StepEnd::Exit => say!("exit `{}`", by),
        StepEnd::Goto => say!("on to {}", by),
        StepEnd::End => Text::word("the flow ends the call"),
    };
    let lasted = length(step.ms / 1_000);
    match (step.silences, step.wrong_keys) {
        (0, 0) => say!("block {}, for {}: {}", block, lasted, left),
        (silences, wrong) => {
            say!("block {}, for {}: {} (silences: {}, wrong keys: {})", block, lasted, left, silences, wrong)
        }
    }
}

fn stay(visit: &VisitRecord) -> [(u64, Text); 2] {
    let waited = length(visit.wait_ms / 1_000);
    let left = match (visit.left, visit.by.as_ref().or(visit.exit.as_ref())) {
        (VisitEnd::Answered, Some(who)) => say!("after {} of waiting {} answers", waited, who),
        (VisitEnd::Answered, None) => say!("after {} of waiting somebody answers", waited),
        (VisitEnd::Abandoned, _) => say!("the caller gives up after {} of waiting", waited),
        (VisitEnd::Overflow, exit) => {
            say!(
                "leaves the queue after {}, by its exit `{}`",
                waited,
                exit.map_or("?", |exit| exit.as_str())
            )
        }
        (VisitEnd::Callback, _) => say!("after {} of waiting a call back is promised", waited),
        (VisitEnd::Ended, _) => say!("the waiting ends after {}: svi ended the call", waited),
    };
    let entered = match visit.offers {
        0 => say!("waits in the queue {}, at place {}; offered to nobody", visit.queue, visit.place_first),
        offers => {
            say!(
                "waits in the queue {}, at place {}; offered {} times",
                visit.queue,
                visit.place_first,
                offers
            )
        }
    };
    [(visit.after_ms, entered), (visit.after_ms + visit.wait_ms, left)]
}

fn rung(leg: &LegRecord) -> Vec<(u64, Text)> {
    let who = leg.who.as_ref().map_or_else(|| number::display(leg.to.reveal()), ToString::to_string);
    let took = took(leg);
    let mut moments = vec![(leg.after_ms, say!("{} is rung: {}", who, took))];
    if let Some(talk_ms) = leg.talk_ms {
        let talked = match leg.hold_ms.filter(|hold| *hold > 0) {
            None => say!("talks with {} for {}", who, length(talk_ms / 1_000)),
            Some(hold) => {
                say!(
                    "talks with {} for {}, of it {} on hold",
                    who,
                    length(talk_ms / 1_000),
                    length(hold / 1_000)
                )
            }
        };
        moments.push((leg.after_ms + leg.ring_ms, talked));
    }
    moments
}

/// How a telephone took it.
fn took(leg: &LegRecord) -> Text {
    let rang = length(leg.ring_ms / 1_000);
    match leg.outcome {
        LegOutcome::Ringing => Text::word("it rings"),
        LegOutcome::Answered => say!("answers after {}", rang),
        LegOutcome::Busy => Text::word("is busy, or declines"),
        LegOutcome::NoAnswer => say!("does not answer, for {}", rang),
        LegOutcome::Refused => match leg.status {
            Some(status) => say!("refused by the network (SIP status {})", status),
            None => Text::word("refused by the network"),
        },
        LegOutcome::Unreachable => Text::word("cannot be reached"),
        LegOutcome::Elsewhere => Text::word("another telephone was faster"),
        LegOutcome::GivenUp => say!("given up after {}: the caller hung up, or the flow went on", rang),
        LegOutcome::NoWay => Text::word("no telephone is registered, or no trunk leads there"),
        LegOutcome::Barred => Text::word("not allowed by `outgoing:`"),
        LegOutcome::NoPort => Text::word("no RTP port was free"),
    }
}

fn ended(call: &CallRecord) -> Text {
    if call.answered.is_none() && call.callback_of.is_none() && call.status >= 300 {
        return match &call.reason {
            Some(reason) => say!("refused before an answer, SIP status {} ({})", call.status, reason),
            None => say!("refused before an answer, SIP status {}", call.status),
        };
    }
    let who = match call.ended_by {
        EndedBy::Caller => Text::word("the caller hung up"),
        EndedBy::Flow => Text::word("the flow ended the call"),
        EndedBy::Agent => Text::word("the agent hung up, and the flow had no more to say"),
        EndedBy::Server => Text::word("svi ended the call"),
        EndedBy::Network => Text::word("the line was lost"),
    };
    match &call.reason {
        Some(reason) => say!("{} ({})", who, reason),
        None => who,
    }
}

/// `+0:05`, `+1:02:05`.
fn offset(ms: u64) -> String {
    let seconds = ms / 1_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("+{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("+{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// `2.5 s`
fn tenths(ms: u64) -> Text {
    say!("{}.{} s", ms / 1_000, ms / 100 % 10)
}

#[cfg(test)]
#[path = "tale_tests.rs"]
mod tests;
