//! The laws that a whole run must have kept, judged from outside: what phones heard, what records say.

use std::collections::BTreeSet;

use super::phone::Phone;
use crate::base::time::Instant;
use crate::centre::number;
use crate::centre::record::CallRecord;
use crate::switchboard::Event;

/// Law 4: every call that began, was promised, or was refused to a peer, has left exactly one record, and each record is sound in
/// itself. `promised`: call backs that were left to the next process.
pub(crate) fn of_records(
    records: &[CallRecord],
    events: &[(Instant, Event)],
    promised: usize,
) -> Vec<String> {
    let mut broken = Vec::new();
    let begins = |event: &Event| match event {
        Event::CallBegan { .. } | Event::CallbackPromised { .. } => true,
        // Refused, but by a peer of ours: its operator may ask for it.
        Event::CallRefused { peer, .. } => *peer,
        _ => false,
    };
    let began = events.iter().filter(|(_, event)| begins(event)).count();
    if began != records.len() + promised {
        broken
            .push(format!("{began} calls began, {} records, {promised} call backs are left", records.len()));
    }
    let ids: BTreeSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
    if ids.len() != records.len() {
        broken.push("two records have the same id".to_owned());
    }
    for record in records {
        let free = record.number.as_deref().is_some_and(number::is_free);
        let spoke = !record.path.is_empty();
        if free && spoke && record.announcement.is_none() {
            broken.push(format!("{}: a block was entered before the announcement", record.id));
        }
        if record.announcement.is_some_and(|announcement| announcement.full) && record.path.is_empty() {
            broken.push(format!("{}: the announcement led nowhere", record.id));
        }
    }
    broken
}

/// Law 3: what a caller of a free number hears first is the announcement.
pub(crate) fn of_ears(phones: &[Phone], records: &[CallRecord]) -> Vec<String> {
    let free = |phone: &Phone| {
        records.iter().any(|record| {
            record.peer == Some(phone.address) && record.number.as_deref().is_some_and(number::is_free)
        })
    };
    let first_wrong =
        |phone: &&Phone| phone.ear.heard.first().is_some_and(|heard| !heard.name.contains("appel-gratuit"));
    phones
        .iter()
        .filter(|phone| free(phone))
        .filter(first_wrong)
        .map(|phone| {
            format!("{} heard {:?} first", phone.name, phone.ear.heard.first().map(|heard| &heard.name))
        })
        .collect()
}
