//! What became of callers, by all their calls together: whom nobody answered and who was called back, who called again, who was
//! helped by one call. No single record knows this, so that it is no part of roll-ups: it is asked for a span of time.

use std::collections::BTreeMap;

use super::outcome;
use super::tally::Callers;
use super::thresholds::Aims;
use crate::base::name::Name;
use crate::base::time::{Wall, millis};
use crate::centre::outcome::Outcome;
use crate::centre::record::CallRecord;
use crate::centre::visit_record::VisitEnd;

/// A span of time that is judged, by what is known at another moment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Calls that began since...
    pub(crate) from: Wall,
    /// ...and before this.
    pub(crate) until: Wall,
    /// The records end here.
    pub(crate) now: Wall,
}

/// What is kept of a call while callers are judged.
struct Seen<'r> {
    record: &'r CallRecord,
    outcome: Outcome,
    began: i64,
}

/// All calls of a caller, in order.
type Calls<'r> = Vec<Seen<'r>>;

/// Judges the calls of a span. The records may come in any order, and are those of the span and all that began since.
pub(crate) fn of<'r>(records: impl IntoIterator<Item = &'r CallRecord>, span: Span, aims: &Aims) -> Callers {
    let mut callers: BTreeMap<&str, Calls<'_>> = BTreeMap::new();
    let mut sum = Callers::default();
    for record in records {
        let outcome = outcome::known(record);
        let seen = Seen { record, outcome, began: record.started.epoch_ms() };
        match record.caller.as_deref() {
            Some(caller) => callers.entry(caller).or_default().push(seen),
            None => judge_stay(&seen, &[], span, aims, &mut sum),
        }
    }
    for calls in callers.values_mut() {
        calls.sort_by_key(|seen| seen.began);
        for (place, seen) in calls.iter().enumerate() {
            judge_stay(seen, calls.get(place + 1..).unwrap_or_default(), span, aims, &mut sum);
        }
        judge_help(calls, span, aims, &mut sum);
    }
    sum
}

/// A call that entered a queue: when was its caller served, and how?
fn judge_stay(seen: &Seen<'_>, later: &[Seen<'_>], span: Span, aims: &Aims, sum: &mut Callers) {
    let Some(queue) = queue(seen.record) else { return };
    if !span.holds(seen) || seen.record.callback_of.is_some() {
        return;
    }
    let thresholds = aims.of(queue);
    sum.offered += 1;
    match seen.outcome {
        Outcome::Served if waited_ms(seen.record) <= millis(thresholds.within) => sum.within += 1,
        Outcome::Served | Outcome::SelfServed => sum.late += 1,
        _ if seen.record.caller.is_none() => sum.secret += 1,
        _ => match later.iter().find(|other| other.outcome == Outcome::Served) {
            Some(back) if back.record.callback_of.is_some() => {
                sum.called_back += 1;
                let ended = seen.record.ended.map_or(seen.began, |ended| ended.epoch_ms());
                let reached = back.record.answered.map_or(back.began, |answered| answered.epoch_ms());
                let after = u64::try_from(reached.saturating_sub(ended)).unwrap_or(0);
                sum.back_in_time += u64::from(after <= millis(thresholds.back));
            }
            Some(_) => sum.called_again += 1,
            None => sum.owed += 1,
        },
    }
}

/// Who was served in the span: did they call the same number and queue again?
fn judge_help(calls: &[Seen<'_>], span: Span, aims: &Aims, sum: &mut Callers) {
    let mut judged: Vec<(Option<&str>, Option<&Name>)> = Vec::new();
    for (place, seen) in calls.iter().enumerate() {
        let reason = (seen.record.number.as_deref(), queue(seen.record));
        let first = seen.outcome == Outcome::Served && span.holds(seen) && !judged.contains(&reason);
        let again = reason.1.map_or(&aims.usual, |queue| aims.of(queue)).again;
        let over = seen.began.saturating_add(i64::try_from(millis(again)).unwrap_or(i64::MAX));
        if !first || seen.record.callback_of.is_some() || over > span.now.epoch_ms() {
            continue;
        }
        judged.push(reason);
        let mut later = calls.iter().skip(place + 1).take_while(|other| other.began <= over);
        let same = |other: &Seen<'_>| {
            other.record.callback_of.is_none()
                && (other.record.number.as_deref(), queue(other.record)) == reason
        };
        sum.judged += 1;
        sum.helped += u64::from(!later.any(same));
    }
}

/// The queue that a call entered last.
fn queue(record: &CallRecord) -> Option<&Name> {
    record.visits.last().map(|visit| &visit.queue).or(record.queue.as_ref())
}

/// How long a served caller waited: in the queue in which somebody answered.
fn waited_ms(record: &CallRecord) -> u64 {
    let answered = record.visits.iter().find(|visit| visit.left == VisitEnd::Answered);
    answered.map_or(record.clocks.wait_ms, |visit| visit.wait_ms)
}

impl Span {
    fn holds(&self, seen: &Seen<'_>) -> bool {
        (self.from.epoch_ms()..self.until.epoch_ms()).contains(&seen.began)
    }
}

#[cfg(test)]
#[path = "callers_tests.rs"]
mod tests;
