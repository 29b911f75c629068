//! What one record adds to which buckets. Roll-ups are sums of these, and so is a recount: they are the same by construction.
//!
//! A call counts in the quarter hour in which it began, a stay in a queue in that in which the queue was entered, an agent's
//! telephone in that in which it was rung. Records of before there were visits and legs add what they know.

use super::outcome;
use super::tally::{Calls, Key, Stays, Tally, Work, bin, quarter};
use super::thresholds::{Aims, Thresholds};
use crate::base::name::Name;
use crate::base::time::millis;
use crate::centre::leg_record::{LegOutcome, LegRecord};
use crate::centre::outcome::Outcome;
use crate::centre::record::CallRecord;
use crate::centre::visit_record::VisitEnd;

/// See the module.
pub(crate) fn of(record: &CallRecord, aims: &Aims) -> Vec<(Key, Tally)> {
    let outcome = outcome::known(record);
    let mut all = vec![(key(record, 0), Tally { calls: calls(record, outcome), ..Tally::default() })];
    if record.callback_of.is_none() {
        stays(record, outcome, aims, &mut all);
    }
    work(record, &mut all);
    all
}

/// The bucket of what happened so long after a call began.
fn key(record: &CallRecord, after_ms: u64) -> Key {
    Key {
        quarter: quarter(record.started.later_ms(after_ms)),
        number: record.number.clone(),
        campaign: record.campaign.clone(),
        queue: None,
        agent: None,
    }
}

fn calls(record: &CallRecord, outcome: Outcome) -> Calls {
    let mut calls = Calls { sms: u64::from(record.sms), ..Calls::default() };
    if let Some(cost) = &record.cost {
        calls.cost_micros = cost.total_micros;
        calls.incoming_micros = cost.incoming_micros;
        calls.outgoing_micros = cost.outgoing_micros;
        calls.messages_micros = cost.messages_micros;
        calls.waiting_micros = cost.waiting_micros;
        calls.unsure = u64::from(cost.unsure);
    }
    if record.callback_of.is_some() {
        calls.called_back = u64::from(record.answered.is_some());
        return calls;
    }
    let heard = record.announcement.and_then(|it| Some(it.ended_ms?.saturating_sub(it.begun_ms)));
    calls.calls = 1;
    calls.answered = u64::from(record.answered.is_some());
    calls.ring_ms = record.clocks.ring_ms;
    calls.announcement_ms = heard.unwrap_or(0);
    calls.flow_ms = record.clocks.flow_ms;
    calls.wait_ms = record.clocks.wait_ms;
    calls.talk_ms = record.clocks.talk_ms;
    calls.outcomes[outcome as usize] = 1;
    calls
}

fn stays(record: &CallRecord, outcome: Outcome, aims: &Aims, all: &mut Vec<(Key, Tally)>) {
    let mut add = |queue: &Name, after_ms, stays| {
        let key = Key { queue: Some(queue.clone()), ..key(record, after_ms) };
        all.push((key, Tally { stays, ..Tally::default() }));
    };
    for visit in &record.visits {
        let thresholds = aims.of(&visit.queue);
        let stay = Stays { offers: u64::from(visit.offers), ..stay(visit.left, visit.wait_ms, thresholds) };
        add(&visit.queue, visit.after_ms, stay);
    }
    if let Some(queue) = record.queue.as_ref().filter(|_| record.visits.is_empty()) {
        let left = match outcome {
            Outcome::Served => VisitEnd::Answered,
            Outcome::Callback => VisitEnd::Callback,
            Outcome::AbandonedQueue => VisitEnd::Abandoned,
            Outcome::Failed | Outcome::Interrupted | Outcome::Refused => VisitEnd::Ended,
            Outcome::Message
            | Outcome::SelfServed
            | Outcome::AbandonedFlow
            | Outcome::AbandonedAnnouncement
            | Outcome::OverflowedLost => VisitEnd::Overflow,
        };
        // When it was entered is not told: most flows come before their queue.
        let after_ms = record.clocks.ring_ms.saturating_add(record.clocks.flow_ms);
        add(queue, after_ms, stay(left, record.clocks.wait_ms, aims.of(queue)));
    }
}

fn stay(left: VisitEnd, wait_ms: u64, thresholds: &Thresholds) -> Stays {
    let mut stay = Stays { offered: 1, ..Stays::default() };
    stay.waits[bin(wait_ms)] = 1;
    match left {
        VisitEnd::Answered => {
            stay.answered = 1;
            stay.within = u64::from(wait_ms <= millis(thresholds.within));
            stay.wait_answered_ms = wait_ms;
        }
        VisitEnd::Abandoned => {
            stay.abandoned = 1;
            stay.short = u64::from(wait_ms < millis(thresholds.short));
            stay.wait_abandoned_ms = wait_ms;
            stay.patience[bin(wait_ms)] = 1;
        }
        VisitEnd::Overflow => stay.overflowed = 1,
        VisitEnd::Callback => stay.promised = 1,
        VisitEnd::Ended => stay.ended = 1,
    }
    stay
}

fn work(record: &CallRecord, all: &mut Vec<(Key, Tally)>) {
    let mut add = |agent: &Name, queue: Option<&Name>, after_ms, work| {
        let key = Key { agent: Some(agent.clone()), queue: queue.cloned(), ..key(record, after_ms) };
        all.push((key, Tally { work, ..Tally::default() }));
    };
    for leg in &record.legs {
        if let Some((agent, work)) = leg.who.as_ref().zip(leg_work(leg, record)) {
            add(agent, leg.queue.as_ref(), leg.after_ms, work);
        }
    }
    // Of several who talked nobody knows how long each did: the last has the time.
    let agents = if record.legs.is_empty() { record.agents.as_slice() } else { &[] };
    for (place, agent) in agents.iter().enumerate() {
        let talk_ms = if place + 1 == agents.len() { record.clocks.talk_ms } else { 0 };
        let after_ms = record.clocks.ring_ms.saturating_add(record.clocks.flow_ms);
        let work = Work { rung: 1, answered: 1, talk_ms, ..Work::default() };
        add(agent, record.queue.as_ref(), after_ms, work);
    }
}

/// None of a telephone that was not rung at all.
fn leg_work(leg: &LegRecord, record: &CallRecord) -> Option<Work> {
    let mut work = Work { rung: 1, ring_ms: leg.ring_ms, ..Work::default() };
    match leg.outcome {
        // A voicemail answers, too, and does not press the key that accepts.
        LegOutcome::Answered if !leg.who.as_ref().is_some_and(|who| record.agents.contains(who)) => {
            work.missed = 1;
        }
        LegOutcome::Answered => {
            let (talk, hold) = (leg.talk_ms.unwrap_or(0), leg.hold_ms.unwrap_or(0));
            work.answered = 1;
            work.talk_ms = talk.saturating_sub(hold);
            work.hold_ms = hold.min(talk);
        }
        LegOutcome::NoAnswer => work.missed = 1,
        LegOutcome::Busy => work.declined = 1,
        LegOutcome::Refused | LegOutcome::Unreachable => work.failed = 1,
        LegOutcome::Ringing | LegOutcome::Elsewhere | LegOutcome::GivenUp => work.withdrawn = 1,
        LegOutcome::NoWay | LegOutcome::Barred | LegOutcome::NoPort => return None,
    }
    Some(work)
}

#[cfg(test)]
#[path = "contribution_tests.rs"]
mod tests;
