//! Messages: what the caller says is taken down, into a mailbox or a variable.

use std::sync::Arc;

use super::call::{Call, Handed, Recording};
use super::common::Common;
use super::effect::{Awaited, Effect};
use super::letter::{self, Cut};
use super::timer::Timer;
use crate::base::diagnostic::Text;
use crate::base::limit::STORING_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, Wall, millis};
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
            handed: None,
        });
        common.media(MediaCommand::Record {
            session,
            recording,
            longest: request.longest,
            silence: Some(request.silence),
            stop_on_digit: true,
        });
    }

    /// Ends a recording that is on, as the data plane does by itself where it hears the end.
    pub(super) fn stop_taking_down(&mut self, common: &mut Common, end: RecordingEnd) {
        if let Some(session) = self.session().filter(|_| self.recording.is_some()) {
            common.media(MediaCommand::StopRecording(session, end));
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
        let of_id = |recording: &&mut Recording| recording.id == id && recording.handed.is_none();
        let Some(mut recording) = self.recording.as_mut().filter(of_id).cloned() else { return };
        common.effects.remove(&recording.opened);
        recording.failed |= end == RecordingEnd::Failed;
        // What could be written of a message that failed is kept, whatever it holds.
        let keep = recording.failed || speech >= SPEECH_MIN;
        let metadata = keep.then(|| self.message_json(common, &recording, duration));
        let finish = Effect::FinishRecording { recording: id, keep, metadata };
        let effect = common.effect(finish, Some((self.key, Awaited::Recording(id))));
        let key = match end {
            RecordingEnd::Digit(digit) => Some(digit),
            RecordingEnd::Silence | RecordingEnd::Longest | RecordingEnd::Stopped | RecordingEnd::Failed => {
                None
            }
        };
        recording.handed = Some(Handed { effect, duration, key, told: false });
        common.timers.set(common.now.at + STORING_MAX, self.key, Timer::Stored);
        self.recording = Some(recording);
    }

    /// A message has its name on the disk, or was thrown away as asked: only now the caller is told.
    pub(super) fn on_stored(&mut self, common: &mut Common, id: RecordingId, kept: bool) {
        let Some(recording) = self.recording.take_if(|recording| recording.id == id) else { return };
        if kept {
            self.note_message(common, &recording);
        }
        self.tell_recorded(common, &recording, kept);
    }

    pub(super) fn on_recorder_failed(&mut self, common: &mut Common, id: RecordingId) {
        let Some(recording) = self.recording.as_mut().filter(|recording| recording.id == id) else { return };
        recording.failed = true;
        match recording.handed {
            // What there is of it has no name: it is in no record.
            Some(_) => {
                if let Some(recording) = self.recording.take() {
                    self.tell_recorded(common, &recording, false);
                }
            }
            None => self.stop_taking_down(common, RecordingEnd::Stopped),
        }
    }

    /// The disk takes too long: the caller is not kept in silence. What it stores later is kept, told and recorded all the same.
    pub(super) fn on_slow_disk(&mut self, common: &mut Common) {
        let Some(mut recording) = self.recording.take() else { return };
        if recording.handed.is_some() {
            common.alarm(Text::word(
                "a message is not on the disk yet: the caller hears that it could not be kept",
            ));
            recording.failed = true;
            self.tell_recorded(common, &recording, false);
            recording.handed = recording.handed.map(|handed| Handed { told: true, ..handed });
        }
        self.recording = Some(recording);
    }

    /// The walk hears of a message, once.
    fn tell_recorded(&self, common: &mut Common, recording: &Recording, kept: bool) {
        let Some(handed) = recording.handed.as_ref().filter(|handed| !handed.told) else { return };
        let failed = recording.failed;
        let path = Some(Name::from(recording.path.as_str())).filter(|_| kept);
        let (duration, key) = (handed.duration, handed.key);
        let heard = Recorded { duration, kept: kept && !failed, key, failed, path };
        common.tell(self.key, FlowEvent::Recorded(heard));
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

    fn note_message(&mut self, common: &mut Common, recording: &Recording) {
        self.stirs(common);
        let file = format!("{}.wav", recording.path);
        let duration = recording.handed.as_ref().map(|handed| handed.duration).unwrap_or_default();
        match &recording.into {
            RecordInto::Mailbox(mailbox) => {
                let mailbox = mailbox.clone();
                self.record.message = Some(Message { mailbox, file, duration_ms: millis(duration) });
                let cut = recording.failed.then_some(Cut::Disk);
                let site = Arc::clone(&self.edition.site);
                if let Some(letter) = letter::of_message(&site, &self.record, common.now.wall, cut) {
                    self.send(common, letter);
                }
            }
            RecordInto::Variable(_) => self.record.recording(file),
        }
    }

    /// What stands in the JSON beside a message.
    fn message_json(&self, common: &Common, recording: &Recording, duration: Duration) -> String {
        let received = common.now.wall - common.now.at.since(recording.begun);
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
            "truncated": recording.failed,
        })
        .to_string()
    }
}
