//! Calls that an earlier process was in when it was cut off: each gets its record, and the message that was being left in it is
//! kept with what is known of it.

use std::cell::RefCell;
use std::path::Path;

use super::open_calls::Found;
use crate::base::name::Name;
use crate::base::time::{Moment, Wall};
use crate::centre::record::{CallRecord, EndedBy, Message};
use crate::figures::outcome;
use crate::switchboard::KeptCall;

/// Why such a call ended, in its record.
const REASON: &str = "interrupted";
/// Octets of a WAV file before its sound.
const HEADER: u64 = 44;
/// Octets of a millisecond of it.
const OCTETS_PER_MS: u64 = 16;

/// See the module.
#[derive(Debug)]
pub(super) struct Interrupted(RefCell<Vec<CallRecord>>);

impl Interrupted {
    /// Their records. They ended when that process was alive last, as far as is known.
    pub(super) fn of(found: &Found, now: Wall, zone: &str) -> Self {
        let alive = found.alive.unwrap_or(now);
        let record = |call: &KeptCall| {
            let mut record = call.record.clone();
            record.clocks.add(call.phase, u64::try_from(alive.epoch_ms() - call.at_ms).unwrap_or(0));
            record.ended = Some(Moment::of(alive, zone));
            record.ended_by = EndedBy::Server;
            record.reason = Some(REASON.to_owned());
            record.cut_off(call.phase);
            record.outcome = Some(outcome::of(&record));
            record
        };
        let cut_off = found.calls.iter().filter(|call| call.promise.is_none());
        Self(RefCell::new(cut_off.map(record).collect()))
    }

    /// What stands beside a message that was cut off, when its call is known; that call's record names it from then on.
    pub(super) fn message(&self, whole: &Path) -> Option<String> {
        let stem = whole.file_stem()?.to_str()?;
        let folder = whole.parent()?.file_name()?.to_str()?;
        let mut records = self.0.borrow_mut();
        // As `switchboard/taking_down.rs` names it: `DAY-TIME-REFERENCE-LETTERS OF THE ID-NUMBER`.
        let mut words = stem.rsplitn(4, '-').skip(1);
        let (letters, reference) = (words.next()?, words.next()?);
        let mut of_call = records.iter_mut();
        let record = of_call.find(|it| it.id.ends_with(letters) && it.reference == reference)?;
        let part = super::disk::with(whole, ".part");
        let length = std::fs::metadata(part).map_or(0, |metadata| metadata.len());
        let duration_ms = length.saturating_sub(HEADER) / OCTETS_PER_MS;
        let mailbox = (!folder.starts_with('.')).then(|| Name::from(folder));
        let file = format!("{folder}/{stem}.wav");
        match &mailbox {
            Some(mailbox) => {
                record.message = Some(Message { mailbox: mailbox.clone(), file, duration_ms });
            }
            None => record.recording(file),
        }
        let known = serde_json::json!({
            "mailbox": mailbox,
            "received": record.started,
            "duration_ms": duration_ms,
            "caller": record.caller,
            "number": record.number,
            "campaign": record.campaign,
            "flow": record.flow,
            "call": record.id,
            "reference": record.reference,
            "truncated": true,
            "recovered": true,
        });
        Some(format!("{known}\n"))
    }

    /// The records, to be written.
    pub(super) fn records(self) -> Vec<CallRecord> {
        self.0.into_inner()
    }
}
