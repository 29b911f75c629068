//! The figures: each with the id that machines know it by, its unit, its name, its formula in words with the thresholds that it
//! used, and its value. The formulas are those of French contact centres (taux de décroché, DMA, DMC, DMT); where people mean two
//! things by one word, there are two figures.

use super::tally::Tally;
use super::thresholds::Thresholds;
use super::value::{Unit, Value};
use crate::base::diagnostic::Text;
use crate::base::time::{Duration, millis};
use crate::say;

/// A figure.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    /// Calls that came in.
    Calls,
    /// Stays in queues.
    Offered,
    /// Stays that an agent ended.
    Answered,
    /// *Taux de décroché*.
    AnswerRate,
    /// *Niveau de service*.
    ServiceLevel,
    /// The same, without who hung up at once.
    ServiceLevelWithoutShort,
    /// The same, with who was called back soon.
    ServiceLevelWithCallbacks,
    /// Stays that the caller ended.
    Abandoned,
    /// Their part.
    AbandonRate,
    /// The same, without who hung up at once.
    AbandonRateWithoutShort,
    /// *DMA*, average speed of answer.
    MeanWait,
    /// How long callers wait who hang up.
    WaitBeforeAbandon,
    /// *DMC*, average talk time.
    MeanTalk,
    /// *DMT*, average handling time.
    HandlingTime,
    /// How busy agents are.
    Occupancy,
    /// Times that an agent's telephone was rung.
    Rung,
    /// Of these: taken.
    Taken,
    /// Of these: missed or declined.
    Missed,
    /// First-call resolution.
    FirstCallResolution,
    /// Whom nobody answered: called back since.
    MissedCalledBack,
    /// Whom nobody answered: called again and were served.
    MissedCalledAgain,
    /// Whom nobody answered: and nobody has since.
    MissedOwed,
    /// What all calls cost.
    Cost,
    /// What a call costs.
    CostPerCall,
    /// What a call costs that the flow answered.
    CostPerAnsweredCall,
    /// What a call costs that was served by a person.
    CostPerServedCall,
    /// What the minutes in queues cost.
    CostOfWaiting,
}

/// What is fixed of a figure.
struct Entry {
    figure: Figure,
    id: &'static str,
    unit: Unit,
    name: Text,
}

const fn entry(figure: Figure, id: &'static str, unit: Unit, name: Text) -> Entry {
    Entry { figure, id, unit, name }
}

#[rustfmt::skip]
static ENTRIES: [Entry; 27] = [
    entry(Figure::Calls, "calls", Unit::Count, Text::word("calls received")),
    entry(Figure::Offered, "offered", Unit::Count, Text::word("calls offered to a queue")),
    entry(Figure::Answered, "answered", Unit::Count, Text::word("calls answered")),
    entry(Figure::AnswerRate, "answer-rate", Unit::Percent, Text::word("answer rate")),
    entry(Figure::ServiceLevel, "service-level", Unit::Percent, Text::word("service level")),
    entry(Figure::ServiceLevelWithoutShort, "service-level-without-short", Unit::Percent, Text::word("service level without short abandons")),
    entry(Figure::ServiceLevelWithCallbacks, "service-level-with-callbacks", Unit::Percent, Text::word("service level with call backs")),
    entry(Figure::Abandoned, "abandoned", Unit::Count, Text::word("abandons")),
    entry(Figure::AbandonRate, "abandon-rate", Unit::Percent, Text::word("abandon rate")),
    entry(Figure::AbandonRateWithoutShort, "abandon-rate-without-short", Unit::Percent, Text::word("abandon rate without short abandons")),
    entry(Figure::MeanWait, "mean-wait", Unit::Seconds, Text::word("mean wait before the answer")),
    entry(Figure::WaitBeforeAbandon, "wait-before-abandon", Unit::Seconds, Text::word("mean wait before an abandon")),
    entry(Figure::MeanTalk, "mean-talk", Unit::Seconds, Text::word("mean talk")),
    entry(Figure::HandlingTime, "handling-time", Unit::Seconds, Text::word("mean handling time")),
    entry(Figure::Occupancy, "occupancy", Unit::Percent, Text::word("occupancy")),
    entry(Figure::Rung, "rung", Unit::Count, Text::word("calls that rang")),
    entry(Figure::Taken, "taken", Unit::Count, Text::word("calls taken")),
    entry(Figure::Missed, "missed", Unit::Count, Text::word("calls missed")),
    entry(Figure::FirstCallResolution, "first-call-resolution", Unit::Percent, Text::word("resolved by the first call")),
    entry(Figure::MissedCalledBack, "missed-called-back", Unit::Count, Text::word("missed, called back since")),
    entry(Figure::MissedCalledAgain, "missed-called-again", Unit::Count, Text::word("missed, called again by themselves")),
    entry(Figure::MissedOwed, "missed-owed", Unit::Count, Text::word("missed, still to be called back")),
    entry(Figure::Cost, "cost", Unit::Euros, Text::word("cost (estimated)")),
    entry(Figure::CostPerCall, "cost-per-call", Unit::Euros, Text::word("cost of a call (estimated)")),
    entry(Figure::CostPerAnsweredCall, "cost-per-answered-call", Unit::Euros, Text::word("cost of an answered call (estimated)")),
    entry(Figure::CostPerServedCall, "cost-per-served-call", Unit::Euros, Text::word("cost of a served call (estimated)")),
    entry(Figure::CostOfWaiting, "cost-of-waiting", Unit::Euros, Text::word("cost of waiting (estimated)")),
];

impl Figure {
    /// All, in the order in which they are shown.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| entry.figure)
    }

    /// The figure that machines know by an id.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        ENTRIES.iter().find(|entry| entry.id == id).map(|entry| entry.figure)
    }

    fn entry(self) -> &'static Entry {
        // The table is in the order of the figures, which a test holds.
        &ENTRIES[self as usize]
    }

    /// By what machines know it.
    pub(crate) fn id(self) -> &'static str {
        self.entry().id
    }

    /// What it counts.
    pub(crate) fn unit(self) -> Unit {
        self.entry().unit
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static Text {
        &self.entry().name
    }

    /// How it is reckoned, in words.
    pub(crate) fn formula(self, thresholds: &Thresholds) -> Text {
        let within = length(thresholds.within);
        let short = length(thresholds.short);
        match self {
            Self::Calls => Text::word("calls to our numbers, refused ones included"),
            Self::Offered => Text::word("calls that entered a queue, once for each queue"),
            Self::Answered => Text::word("calls in a queue that an agent took"),
            Self::AnswerRate => Text::word("answered / offered"),
            Self::ServiceLevel => say!("answered within {} / offered", within),
            Self::ServiceLevelWithoutShort => {
                say!("answered within {} / (offered - abandons before {})", within, short)
            }
            Self::ServiceLevelWithCallbacks => say!(
                "(answered within {} + missed and called back within {}) / (calls that entered a queue - missed with a hidden number)",
                within,
                length(thresholds.back)
            ),
            Self::Abandoned => Text::word("calls in a queue that the caller ended"),
            Self::AbandonRate => Text::word("abandons / offered"),
            Self::AbandonRateWithoutShort => {
                say!("(abandons - abandons before {}) / (offered - abandons before {})", short, short)
            }
            Self::MeanWait => Text::word("waits of answered calls / answered"),
            Self::WaitBeforeAbandon => Text::word("waits of abandons / abandons"),
            Self::MeanTalk => Text::word("talks of agents, without hold / talks"),
            Self::HandlingTime => Text::word("(talk + hold + wrap-up) / talks"),
            Self::Occupancy => Text::word("(talk + hold + wrap-up) / (logged in - pauses)"),
            Self::Rung => Text::word("calls that an agent’s telephone was rung for"),
            Self::Taken => Text::word("calls that rang and that the agent talked to"),
            Self::Missed => Text::word("calls that rang and that the agent did not take, or declined"),
            Self::FirstCallResolution => say!(
                "callers who were served and did not call the same number and queue again within {} / callers who were served",
                length(thresholds.again)
            ),
            Self::MissedCalledBack => {
                Text::word("nobody answered them in a queue, and we have called them back since")
            }
            Self::MissedCalledAgain => Text::word(
                "nobody answered them in a queue, and they have called again since and were served",
            ),
            Self::MissedOwed => Text::word("nobody answered them in a queue, and nobody has since"),
            Self::Cost => Text::word("calls in + calls out + text messages, by the tariffs of their day"),
            Self::CostPerCall => Text::word("cost / calls received"),
            Self::CostPerAnsweredCall => Text::word("cost / calls that the flow answered"),
            Self::CostPerServedCall => Text::word("cost / calls that talked to a person"),
            Self::CostOfWaiting => {
                Text::word("the minutes in queues, at the price of the calls that came in")
            }
        }
    }

    /// Its value; none when there is nothing of which it could be a part. Thresholds were applied when calls were tallied.
    pub(crate) fn value(self, tally: &Tally) -> Option<Value> {
        let Tally { calls, stays, work, callers } = tally;
        let busy = work.talk_ms.saturating_add(work.hold_ms).saturating_add(work.wrap_ms);
        let longer = stays.offered.saturating_sub(stays.short);
        let ratio = |over, under| Value::ratio(self.unit(), over, under);
        match self {
            Self::Calls => Some(Value::count(calls.calls)),
            Self::Offered => Some(Value::count(stays.offered)),
            Self::Answered => Some(Value::count(stays.answered)),
            Self::AnswerRate => ratio(stays.answered, stays.offered),
            Self::ServiceLevel => ratio(stays.within, stays.offered),
            Self::ServiceLevelWithoutShort => ratio(stays.within, longer),
            Self::ServiceLevelWithCallbacks => ratio(
                callers.within.saturating_add(callers.back_in_time),
                callers.offered.saturating_sub(callers.secret),
            ),
            Self::Abandoned => Some(Value::count(stays.abandoned)),
            Self::AbandonRate => ratio(stays.abandoned, stays.offered),
            Self::AbandonRateWithoutShort => ratio(stays.abandoned.saturating_sub(stays.short), longer),
            Self::MeanWait => ratio(stays.wait_answered_ms, stays.answered),
            Self::WaitBeforeAbandon => ratio(stays.wait_abandoned_ms, stays.abandoned),
            Self::MeanTalk => ratio(work.talk_ms, work.answered),
            Self::HandlingTime => ratio(busy, work.answered),
            Self::Occupancy => ratio(busy, work.logged_ms.saturating_sub(work.paused_ms)),
            Self::Rung => Some(Value::count(work.rung)),
            Self::Taken => Some(Value::count(work.answered)),
            Self::Missed => Some(Value::count(work.missed.saturating_add(work.declined))),
            Self::FirstCallResolution => ratio(callers.helped, callers.judged),
            Self::MissedCalledBack => Some(Value::count(callers.called_back)),
            Self::MissedCalledAgain => Some(Value::count(callers.called_again)),
            Self::MissedOwed => Some(Value::count(callers.owed)),
            Self::Cost => ratio(calls.cost_micros, 1),
            Self::CostPerCall => ratio(calls.cost_micros, calls.calls),
            Self::CostPerAnsweredCall => ratio(calls.cost_micros, calls.answered),
            Self::CostPerServedCall => ratio(calls.cost_micros, calls.outcomes[0]),
            Self::CostOfWaiting => ratio(calls.waiting_micros, 1),
        }
    }
}

/// A length of time in its largest whole unit.
fn length(length: Duration) -> Text {
    let ms = millis(length);
    for (unit, unit_ms) in [("h", 3_600_000), ("min", 60_000), ("s", 1_000)] {
        if unit == "h" && ms >= 48 * unit_ms && ms.is_multiple_of(24 * unit_ms) {
            return say!("{} days", ms / (24 * unit_ms));
        }
        if ms >= unit_ms && ms.is_multiple_of(unit_ms) {
            return Text::raw(format!("{}\u{a0}{unit}", ms / unit_ms));
        }
    }
    Text::raw(format!("{ms}\u{a0}ms"))
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
