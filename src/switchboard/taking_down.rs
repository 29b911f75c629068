//! Messages: what the caller says is taken down, into a mailbox or a variable.

use super::call::{Call, Recording};
use super::common::Common;
use super::effect::{Awaited, Effect};
use crate::base::name::Name;
use crate::base::time::{Duration, Wall};
use crate::centre::record::Message;
use crate::flow::vocabulary::{Event as FlowEvent, RecordInto, RecordRequest, Recorded};
use crate::media::vocabulary::{MediaCommand, RecordingEnd, RecordingId};

/// The folder of what `record` takes down; no mailbox can have this name, for a dot is in it.
const RECORDINGS: &str = ".recordings";
/// Messages with less speech than this are thrown away: somebody hung up at the beep.
const SPEECH_MIN: Duration = Duration::from_millis(500);
/// Letters of a record's id that a file's name has: its last ones are chance.
const ID_CHARS: usize = 6;

impl Call {
    pub(super) fn take_down(&mut self, common: &mut Common, request: &RecordRequest) {
        let Some(session) = self.session() else { return };
        let recording = common.new_recording();
        let path = self.message_path(common.now.wall, &request.into, recording);
        let open = Effect::OpenRecording { recording, path: path.clone() };
        let opened = common.effect(open, Some((self.key, Awaited::Recording(recording))));
        self.recording = Some(Recording {
            id: recording,
            opened,
            into: request.into.clone(),
            path,
            begun: common.now.at,
            failed: false,
        });
        common.media(MediaCommand::Record {
            session,
            recording,
            longest: request.longest,
            silence: Some(request.silence),
            stop_on_digit: true,
        });
    }

    pub(super) fn stop_taking_down(&mut self, common: &mut Common) {
        if let Some(session) = self.session() {
            common.media(MediaCommand::StopRecording(session));
        }
    }

    /// The data plane has handed over the last frame of a message.
    pub(super) fn on_recorded(
        &mut self,
        common: &mut Common,
        id: RecordingId,
        (duration, speech): (Duration, Duration),
        end: RecordingEnd,
    ) {
        let Some(recording) = self.recording.take_if(|recording| recording.id == id) else { return };
        common.effects.remove(&recording.opened);
        let failed = recording.failed || end == RecordingEnd::Failed;
        // What could be written of a message that failed is kept, whatever it holds.
        let keep = failed || speech >= SPEECH_MIN;
        let metadata = keep.then(|| self.message_json(common, &recording, duration, failed));
        if keep {
            self.note_message(&recording, duration);
        }
        if keep {
            self.filing.push((id, format!("{}.wav", recording.path)));
        }
        let finish = Effect::FinishRecording { recording: id, keep, metadata };
        common.effect(finish, Some((self.key, Awaited::Recording(id))));
        let digit = match end {
            RecordingEnd::Digit(digit) => Some(digit),
            RecordingEnd::Silence | RecordingEnd::Longest | RecordingEnd::Stopped | RecordingEnd::Failed => {
                None
            }
        };
        let path = Some(Name::from(recording.path)).filter(|_| keep);
        let heard = Recorded { duration, kept: keep && !failed, key: digit, failed, path };
        common.tell(self.key, FlowEvent::Recorded(heard));
    }

    /// A message lies in its place.
    pub(super) fn on_filed(&mut self, id: RecordingId) {
        self.filing.retain(|(recording, _)| *recording != id);
    }

    /// A record never names a file that is not there: what is not filed is no part of it. It may be filed later, and names its
    /// call then.
    pub(super) fn disown(&mut self, which: impl Fn(RecordingId) -> bool) {
        for (_, file) in self.filing.extract_if(.., |(id, _)| which(*id)) {
            self.record.message.take_if(|message| message.file == file);
            self.record.disown(&file);
        }
    }

    pub(super) fn on_recorder_failed(&mut self, common: &mut Common, id: RecordingId, why: &str) {
        common.alarm(format!("a message could not be written: {why}"));
        self.disown(|recording| recording == id);
        if let Some(recording) = self.recording.as_mut().filter(|recording| recording.id == id) {
            recording.failed = true;
            self.stop_taking_down(common);
        }
    }

    /// `sav/20261124-101500-042137-7F3K2M-17`: sorted by time, with the reference that was said, never the same twice.
    fn message_path(&self, wall: Wall, into: &RecordInto, id: RecordingId) -> String {
        let folder = match into {
            RecordInto::Mailbox(mailbox) => mailbox.as_str(),
            RecordInto::Variable(_) => RECORDINGS,
        };
        let stamp: String = wall.rfc3339("UTC").chars().filter(char::is_ascii_digit).take(14).collect();
        let (day, time) = stamp.split_at(8.min(stamp.len()));
        let chance = self.id.get(self.id.len().saturating_sub(ID_CHARS)..).unwrap_or_default();
        format!("{folder}/{day}-{time}-{}-{chance}-{}", self.facts.reference, id.0)
    }

    fn note_message(&mut self, recording: &Recording, duration: Duration) {
        let file = format!("{}.wav", recording.path);
        match &recording.into {
            RecordInto::Mailbox(mailbox) => {
                let mailbox = mailbox.clone();
                self.record.message = Some(Message { mailbox, file, duration_ms: millis(duration) });
            }
            RecordInto::Variable(_) => self.record.recording(file),
        }
    }

    /// What stands in the JSON beside a message.
    fn message_json(
        &self,
        common: &Common,
        recording: &Recording,
        duration: Duration,
        failed: bool,
    ) -> String {
        let ago = common.now.at.since(recording.begun);
        let received =
            Wall::from_epoch_ms(common.now.wall.epoch_ms() - i64::try_from(ago.as_millis()).unwrap_or(0));
        serde_json::json!({
            "mailbox": match &recording.into {
                RecordInto::Mailbox(mailbox) => Some(mailbox),
                RecordInto::Variable(_) => None,
            },
            "received": self.edition.moment(received),
            "duration_ms": millis(duration),
            "caller": self.record.caller,
            "number": self.record.number,
            "campaign": self.record.campaign,
            "flow": self.record.flow,
            "call": self.record.id,
            "reference": self.record.reference,
            "truncated": failed,
        })
        .to_string()
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
