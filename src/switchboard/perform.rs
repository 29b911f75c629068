//! Does what a walk asks for: its words become orders to the data plane, the floor and the outside.

use std::sync::Arc;

use super::call::{Call, CallKey, Effort, Playing, Recording};
use super::effect::Effect;
use super::ending::Why;
use super::event::Event;
use super::timer::Timer;
use super::{Awaited, EffectId, Known, Output, Switchboard};
use crate::audio::sound::Sound;
use crate::base::name::Name;
use crate::base::time::{Duration, Now};
use crate::centre::floor::{Enqueued, Leave};
use crate::centre::queue::Waiter;
use crate::centre::record::Phase;
use crate::flow::errand::{Fetch, Fetched, Letter};
use crate::flow::vocabulary::{
    Action, Clip, Event as FlowEvent, QueueNews, QueueRequest, RecordInto, RecordRequest, Recorded, Trace,
};
use crate::media::vocabulary::{MediaCommand, RecordingEnd, RecordingId};

/// The folder of what `record` takes down; no mailbox can have this name, for a dot is in it.
const RECORDINGS: &str = ".recordings";
/// Messages with less speech than this are thrown away: somebody hung up at the beep.
const SPEECH_MIN: Duration = Duration::from_millis(500);

impl Switchboard {
    /// Tells the walk of a call what happened, and does what it asks for.
    pub(super) fn step(&mut self, now: Now, key: CallKey, event: FlowEvent) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if call.promise().is_some() {
            return self.on_promise_news(now, key, &event);
        }
        if call.is_ended() && event != FlowEvent::HungUp && !call.walk.is_leaving() {
            return;
        }
        let known = Known { now, facts: &call.facts, edition: &call.edition, crowd: &self.floor };
        let actions = call.journal.tell(&mut call.walk, event, &known);
        for action in actions {
            self.perform(now, key, action);
        }
        self.close_if_over(now, key);
    }

    fn perform(&mut self, now: Now, key: CallKey, action: Action) {
        let Some(call) = self.calls.get_mut(key) else { return };
        // What nobody hears is done for a caller who is gone, too.
        let audible = match action {
            Action::Trace(trace) => return self.trace(key, trace),
            Action::Fetch(fetch) => return self.fetch(key, fetch),
            Action::Send(letter) => return self.send(key, letter),
            audible => audible,
        };
        if call.is_ended() {
            return;
        }
        match audible {
            Action::Play(clips) => self.play(key, &clips),
            Action::Music(clip) => self.music(key, &clip),
            Action::Silence => self.silence(key),
            Action::Wake(after) => {
                let at = now.at + after;
                call.wake = Some(at);
                self.timers.set(at, key, Timer::Wake);
            }
            Action::Sleep => call.wake = None,
            Action::Enqueue(request) => self.enqueue(now, key, &request),
            Action::Dequeue => self.dequeue(now, key),
            Action::Ring(request) => self.ring(now, key, request),
            Action::Transfer(request) => self.transfer(now, key, &request),
            Action::Cancel => self.cancel_effort(now, key),
            Action::Record(request) => self.record(now, key, &request),
            Action::StopRecording => {
                let session = call.line.session;
                self.media(MediaCommand::StopRecording(session));
            }
            Action::Promise(request) => self.promise(now, key, request),
            Action::HangUp(how) => self.end(now, key, Why::flow(how)),
            Action::Trace(_) | Action::Fetch(_) | Action::Send(_) => {}
        }
    }

    fn fetch(&mut self, key: CallKey, fetch: Fetch) {
        let effect = EffectId(self.next_serial());
        let Some(call) = self.calls.get_mut(key) else { return };
        // The answer to an older question is not waited for any more.
        if let Some(old) = call.fetch.replace(effect) {
            self.by_effect.remove(&old);
        }
        self.by_effect.insert(effect, (key, Awaited::Answer));
        self.outputs.push_back(Output::Effect(effect, Effect::Fetch(fetch)));
    }

    pub(super) fn on_fetched(&mut self, key: CallKey, effect: EffectId, fetched: Fetched) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if call.fetch == Some(effect) {
            call.fetch = None;
            self.pending.push_back((key, FlowEvent::Fetched(fetched)));
        }
    }

    fn send(&mut self, key: CallKey, letter: Letter) {
        let effect = EffectId(self.next_serial());
        let Some(call) = self.calls.get_mut(key) else { return };
        call.record.letter(&letter);
        self.outputs.push_back(Output::Effect(effect, Effect::Send(letter)));
    }

    fn trace(&mut self, key: CallKey, trace: Trace) {
        let Some(call) = self.calls.get_mut(key) else { return };
        match trace {
            Trace::Block(block) => {
                call.record.block(block.clone());
                let reference = call.facts.reference.clone();
                self.event(Event::Block { call: reference, block });
            }
            Trace::Key(digit) => call.record.key(digit),
            Trace::Tag(tag) => call.record.tag(tag),
            Trace::AnnouncementBegun => call.record.announcement_due(),
            // When it was heard in full, the data plane says so to the packet (`on_played`).
            Trace::AnnouncementEnded(_) | Trace::Secret(_) => {}
            Trace::Event(event, fields) => {
                call.record.business(event.clone(), &fields);
                let reference = call.facts.reference.clone();
                self.event(Event::Business { call: reference, event, fields });
            }
            Trace::Answer(survey, digit) => call.record.answer(survey, digit),
            Trace::Card(card) => call.record.card(card),
            Trace::Lookup(host, outcome) => call.record.lookup(host, outcome),
        }
    }

    fn sounds(call: &Call, clips: &[Clip]) -> Vec<Arc<Sound>> {
        clips.iter().filter_map(|clip| call.edition.library.sound(&clip.key).cloned()).collect()
    }

    fn play(&mut self, key: CallKey, clips: &[Clip]) {
        let play = self.next_play();
        let Some(call) = self.calls.get_mut(key) else { return };
        let announcement = call.record.takes_announcement();
        let (session, sounds) = (call.line.session, Self::sounds(call, clips));
        if sounds.is_empty() {
            // A flow that loads cannot fail by name (law 6), so this is a text of no words.
            call.playing = Playing::Nothing;
            return self.pending.push_back((key, FlowEvent::Played));
        }
        call.playing = Playing::Speech { play, announcement };
        self.media(MediaCommand::Play { session, play, sounds, repeat: false });
    }

    fn music(&mut self, key: CallKey, clip: &Clip) {
        let play = self.next_play();
        let Some(call) = self.calls.get_mut(key) else { return };
        let (session, sounds) = (call.line.session, Self::sounds(call, std::slice::from_ref(clip)));
        if sounds.is_empty() {
            return self.silence(key);
        }
        call.playing = Playing::Music(play);
        self.media(MediaCommand::Play { session, play, sounds, repeat: true });
    }

    fn silence(&mut self, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if call.playing != Playing::Nothing {
            call.playing = Playing::Nothing;
            let session = call.line.session;
            self.media(MediaCommand::Stop(session));
        }
    }

    fn enqueue(&mut self, now: Now, key: CallKey, request: &QueueRequest) {
        let caller = Waiter(key.number());
        let placed = self.floor.enqueue(
            now.at,
            caller,
            &request.queue,
            request.skill.clone(),
            request.priority,
            request.head,
        );
        let Some(call) = self.calls.get_mut(key) else { return };
        let news = match placed {
            Enqueued::Position(position) => {
                call.effort = Effort::Queue;
                call.record.phase(now.at, Phase::Wait);
                call.record.queue(request.queue.clone());
                QueueNews::Position(position, None)
            }
            Enqueued::Full => QueueNews::Full,
            Enqueued::NoAgent => QueueNews::NoAgent,
        };
        self.pending.push_back((key, FlowEvent::Queue(news)));
    }

    pub(super) fn dequeue(&mut self, now: Now, key: CallKey) {
        let place = self.floor.place(Waiter(key.number()));
        self.floor.leave(now.at, Waiter(key.number()), Leave::Overflowed);
        if let Some(call) = self.calls.get_mut(key)
            && !call.is_ended()
        {
            call.place = place;
            call.record.phase(now.at, Phase::Flow);
        }
        self.cancel_effort(now, key);
    }

    fn record(&mut self, now: Now, key: CallKey, request: &RecordRequest) {
        let id = RecordingId(self.next_serial());
        let effect = EffectId(self.next_serial());
        let Some(call) = self.calls.get_mut(key) else { return };
        let folder = match &request.into {
            RecordInto::Mailbox(mailbox) => mailbox.as_str(),
            RecordInto::Variable(_) => RECORDINGS,
        };
        let path = message_path(now, folder, &call.facts.reference, id);
        call.recording = Some(Recording {
            id,
            opened: effect,
            into: request.into.clone(),
            path: path.clone(),
            begun: now.at,
            failed: false,
        });
        let session = call.line.session;
        self.by_effect.insert(effect, (key, Awaited::Recording(id)));
        let open = Effect::OpenRecording { recording: id, path };
        self.outputs.push_back(Output::Effect(effect, open));
        self.media(MediaCommand::Record {
            session,
            recording: id,
            longest: request.longest,
            silence: Some(request.silence),
            stop_on_digit: true,
        });
    }

    /// The data plane has handed over the last frame of a message.
    pub(super) fn on_recorded(
        &mut self,
        now: Now,
        key: CallKey,
        id: RecordingId,
        duration: Duration,
        speech: Duration,
        end: RecordingEnd,
    ) {
        let effect = EffectId(self.next_serial());
        let Some(call) = self.calls.get_mut(key) else { return };
        let Some(recording) = call.recording.take_if(|recording| recording.id == id) else { return };
        self.by_effect.remove(&recording.opened);
        let failed = recording.failed || end == RecordingEnd::Failed;
        // What could be written of a message that failed is kept, whatever it holds.
        let keep = failed || speech >= SPEECH_MIN;
        let metadata = keep.then(|| call.record.message_json(now, &recording, duration, failed));
        if keep {
            call.record.message(&recording, duration);
        }
        let finish = Effect::FinishRecording { recording: id, keep, metadata };
        self.by_effect.insert(effect, (key, Awaited::Recording(id)));
        self.outputs.push_back(Output::Effect(effect, finish));
        let digit = match end {
            RecordingEnd::Digit(digit) => Some(digit),
            RecordingEnd::Silence | RecordingEnd::Longest | RecordingEnd::Stopped | RecordingEnd::Failed => {
                None
            }
        };
        let path = Some(Name::from(recording.path)).filter(|_| keep);
        let heard = Recorded { duration, kept: keep && !failed, key: digit, failed, path };
        self.pending.push_back((key, FlowEvent::Recorded(heard)));
    }

    pub(super) fn on_recorder_failed(&mut self, _now: Now, key: CallKey, id: RecordingId, why: &str) {
        self.event(Event::Alarm(format!("a message could not be written: {why}")));
        let Some(call) = self.calls.get_mut(key) else { return };
        if let Some(recording) = call.recording.as_mut().filter(|recording| recording.id == id) {
            recording.failed = true;
            let session = call.line.session;
            self.media(MediaCommand::StopRecording(session));
        }
    }

    /// The caller's part in the flow is over: only silent steps run now.
    pub(super) fn say_goodbye(&mut self, now: Now, key: CallKey) {
        if self.calls.get(key).is_some_and(Call::is_ended) {
            self.step(now, key, FlowEvent::HungUp);
        }
    }
}

/// `sav/20261124-101500-042137-17`: sorted by time, never the same twice.
fn message_path(now: Now, folder: &str, reference: &str, id: RecordingId) -> String {
    let stamp: String = now.wall.rfc3339("UTC").chars().filter(char::is_ascii_digit).take(14).collect();
    let (day, time) = stamp.split_at(8.min(stamp.len()));
    format!("{folder}/{day}-{time}-{reference}-{}", id.0)
}
