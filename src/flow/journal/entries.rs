//! The journal itself: how it is kept while a call walks, and how it stands in a record.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::super::context::Context;
use super::super::vocabulary::{Action, CallFacts, Event, Trace};
use super::super::walk::Walk;
use super::kept::Kept;
use super::tape::Recording;
use crate::base::limit::JOURNAL_ENTRIES_MAX;
use crate::base::time::{Duration, Instant, Now, Wall, micros, millis};

/// A journal of no more entries than this takes no room for others.
const FIRST_EXACT: usize = 4;

/// The journal of one call.
///
/// In a record it is what `to_json` makes of it. Written down with `serde` it is whole, to the microsecond, so that a call in
/// mid course can go on; then a secret is in it like any digit until the walk has said that it is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Journal {
    pub(super) begun: Option<Now>,
    pub(super) entries: Vec<Entry>,
    /// Places of the digits among the entries, by their ordinal in the call.
    digits: Vec<usize>,
    /// It went on after the bound.
    pub(super) cut: bool,
}

/// One event, with what the walk read of the world on its account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Since the call began.
    #[serde(with = "micros")]
    pub(super) after: Duration,
    pub(super) event: Kept,
    pub(super) readings: Vec<i64>,
}

impl Journal {
    /// Tells the walk of a call what happened, and keeps it.
    pub(crate) fn tell(&mut self, walk: &mut Walk, event: Event, cx: &dyn Context) -> Vec<Action> {
        let now = cx.now();
        let begun = *self.begun.get_or_insert(now);
        let kept = Kept::of(&event, &walk.wanted_of_answer());
        let recording = Recording::new(cx);
        let actions = walk.on(event, &recording);
        if self.entries.len() < JOURNAL_ENTRIES_MAX {
            if matches!(kept, Kept::Key(_)) {
                self.digits.push(self.entries.len());
            }
            if self.entries.len() < FIRST_EXACT {
                // Most calls that wait have few: `Vec` would make room for four.
                self.entries.reserve_exact(1);
            }
            self.entries.push(Entry {
                after: now.at.since(begun.at),
                event: kept,
                readings: recording.readings(),
            });
        } else {
            self.cut = true;
        }
        for action in &actions {
            if let Action::Trace(Trace::Secret(ordinal)) = action
                && let Some(place) = self.digits.get(*ordinal as usize)
                && let Some(entry) = self.entries.get_mut(*place)
            {
                entry.event = entry.event.masked();
            }
        }
        actions
    }

    /// As it stands in the record of its call.
    pub(crate) fn to_json(&self, facts: &CallFacts) -> Json {
        let begun = self.begun.map_or(0, |now| now.wall.epoch_ms());
        let entries = self.entries.iter().map(|entry| {
            let mut row = vec![json!(millis(entry.after)), entry.event.to_json()];
            if !entry.readings.is_empty() {
                row.push(json!(entry.readings));
            }
            Json::Array(row)
        });
        json!({
            "begun_ms": begun,
            "chance": facts.chance.to_string(),
            "free": facts.free,
            "mobile": facts.caller_mobile,
            "country": facts.caller_country,
            "cut": self.cut,
            "events": entries.collect::<Vec<Json>>(),
        })
    }

    /// Reads it from a record.
    pub(super) fn of_json(json: &Json) -> Option<Self> {
        let mut journal = Self {
            begun: Some(Now { at: Instant::ZERO, wall: Wall::from_epoch_ms(json["begun_ms"].as_i64()?) }),
            cut: json["cut"].as_bool().unwrap_or(false),
            ..Self::default()
        };
        for row in json["events"].as_array()? {
            let readings =
                row.get(2).and_then(Json::as_array).map(|numbers| numbers.iter().filter_map(Json::as_i64));
            journal.entries.push(Entry {
                after: Duration::from_millis(row.get(0)?.as_u64()?),
                event: Kept::of_json(row.get(1)?)?,
                readings: readings.into_iter().flatten().collect(),
            });
        }
        Some(journal)
    }
}

/// What is known of the call of a record: its journal's facts, and those that stand in the record itself.
pub(super) fn facts_of(record: &Json) -> Option<CallFacts> {
    let journal = &record["journal"];
    let text = |value: &Json| value.as_str().map(str::to_owned);
    Some(CallFacts {
        caller: text(&record["caller"]).map(crate::base::pii::Pii::new),
        caller_name: text(&record["caller_name"]).map(crate::base::pii::Pii::new),
        caller_mobile: journal["mobile"].as_bool()?,
        caller_country: text(&journal["country"]).map(Into::into),
        number: text(&record["number"])?,
        free: journal["free"].as_bool()?,
        campaign: text(&record["campaign"]).map(Into::into),
        reference: text(&record["reference"])?,
        chance: journal["chance"].as_str()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Stroll;
    use super::*;
    use crate::base::digit::Digit;

    #[test]
    fn a_journal_goes_on_after_it_was_written_down() {
        let blocks = "  debut:\n    - ask: code\n      say: Votre code ?\n      digits: 4\n      secret: true\n      otherwise: fin\n    - goto: fin\n  fin:\n    - hangup: normal\n";
        let (mut call, mut other) = (Stroll::new(blocks), Stroll::new(blocks));
        let (mut left, mut thawed) = (Journal::default(), Journal::default());
        let keys = "0042".chars().filter_map(Digit::from_char).map(Event::Digit);
        for event in std::iter::once(Event::Begin).chain(keys) {
            call.world.now = call.world.now.later(Duration::from_micros(1_234_567));
            left.tell(&mut call.walk, event.clone(), &call.world);
            let written = serde_json::to_string(&thawed).unwrap();
            thawed = serde_json::from_str(&written).unwrap();
            thawed.tell(&mut other.walk, event, &call.world);
            assert_eq!(thawed, left, "{written}");
        }
        let record = left.to_json(&CallFacts::default());
        assert_eq!(record["events"][1][1], json!(["key", "•"]), "the digits of a secret are masked by then");
    }
}
