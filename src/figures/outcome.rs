//! How a call went, in one word: the rules, in the order in which they are judged. Page, API and exports use only these.
//!
//! Records of before there were steps and visits are judged by what they have: agents, queue, clocks, who ended it.

use crate::centre::number;
use crate::centre::outcome::Outcome;
use crate::centre::record::{CallRecord, EndedBy};
use crate::centre::step_record::StepEnd;
use crate::centre::visit_record::{VisitEnd, VisitRecord};

/// Why the server ends calls when it is itself cut off or stopped (`io/interrupted.rs`, `switchboard/ending.rs`).
const CUT_OFF: [&str; 2] = ["interrupted", "drain limit reached"];
/// Why a flow ends a call that it cannot serve (`hangup: technical`).
const TECHNICAL: &str = "technical";

/// How a call went: as its record says, or, of one of before there were outcomes, as it is judged now.
pub(crate) fn known(record: &CallRecord) -> Outcome {
    record.outcome.unwrap_or_else(|| of(record))
}

/// The first rule that fits decides.
pub(crate) fn of(record: &CallRecord) -> Outcome {
    if is_served(record) {
        return Outcome::Served;
    }
    if record.message.is_some() {
        return Outcome::Message;
    }
    if record.callback.is_some() {
        return Outcome::Callback;
    }
    // Who was called back has not called: nobody refused them.
    if record.answered.is_none() && record.callback_of.is_none() && record.status != 0 {
        return Outcome::Refused;
    }
    match record.ended_by {
        EndedBy::Flow | EndedBy::Agent => ended_by_flow(record),
        EndedBy::Caller => hung_up(record),
        EndedBy::Network => Outcome::Failed,
        EndedBy::Server => {
            let reason = record.reason.as_deref().unwrap_or_default();
            if CUT_OFF.contains(&reason) { Outcome::Interrupted } else { Outcome::Failed }
        }
    }
}

/// Talked to a person: an agent, or somebody outside.
fn is_served(record: &CallRecord) -> bool {
    !record.agents.is_empty()
        || record.clocks.talk_ms > 0
        || record.visits.iter().any(|visit| visit.left == VisitEnd::Answered)
}

/// The flow has said its last word.
fn ended_by_flow(record: &CallRecord) -> Outcome {
    if record.reason.as_deref() == Some(TECHNICAL) {
        return Outcome::Failed;
    }
    if helped_itself(record) {
        return Outcome::SelfServed;
    }
    // Nobody was there, or somebody who did not find the keys: the flow only closed the door behind them. Not so when they had
    // waited for a person.
    if record.visits.is_empty() && record.queue.is_none() && gave_up(record) {
        return Outcome::AbandonedFlow;
    }
    // Also who heard that the line is closed: sent away by us, unserved.
    Outcome::OverflowedLost
}

/// The caller answered a question or was looked up, and did not want a person; or, who did not get one, chose again after that.
fn helped_itself(record: &CallRecord) -> bool {
    let Some(last) = record.visits.last() else {
        let asked = !record.keys.is_empty() || !record.answers.is_empty() || !record.lookups.is_empty();
        return asked && record.queue.is_none();
    };
    let left_ms = last.after_ms.saturating_add(last.wait_ms);
    record.steps.iter().any(|step| step.left == StepEnd::Key && step.after_ms >= left_ms)
}

/// The last choice that the flow offered was left by silence or by wrong keys.
fn gave_up(record: &CallRecord) -> bool {
    let choices = [StepEnd::Key, StepEnd::Silence, StepEnd::WrongKey];
    let last = record.steps.iter().rev().find(|step| choices.contains(&step.left));
    last.is_some_and(|step| step.left != StepEnd::Key)
}

/// The caller hung up, unserved: where were they?
fn hung_up(record: &CallRecord) -> Outcome {
    // The announcement is over before the first block is entered.
    let in_flow = !record.path.is_empty() || !record.steps.is_empty();
    let announced = record.announcement.is_some() || record.number.as_deref().is_some_and(number::is_free);
    if is_in_queue(record) {
        Outcome::AbandonedQueue
    } else if !in_flow && announced && record.callback_of.is_none() {
        Outcome::AbandonedAnnouncement
    } else {
        Outcome::AbandonedFlow
    }
}

fn is_in_queue(record: &CallRecord) -> bool {
    match record.visits.last() {
        Some(VisitRecord { left, .. }) => *left == VisitEnd::Abandoned,
        // Older records do not say whether the queue had been left.
        None => record.queue.is_some() && record.clocks.wait_ms > 0,
    }
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
