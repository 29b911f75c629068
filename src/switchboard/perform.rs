//! Does what a walk asks for: its words become orders to the data plane, the floor and the outside.

use std::sync::Arc;

use super::call::{Call, Effort, Playing};
use super::common::{Common, Pending};
use super::effect::{Awaited, Effect, EffectId};
use super::ending::{DRAINED, Why};
use super::event::Event;
use super::known::{Known, OnTheFloor};
use super::timer::Timer;
use crate::audio::sound::Sound;
use crate::base::time::Instant;
use crate::centre::floor::{Enqueued, Leave};
use crate::centre::outgoing::Outlet;
use crate::centre::record::Phase;
use crate::flow::errand::{Fetch, Fetched, Letter};
use crate::flow::vocabulary::{Action, Clip, Event as FlowEvent, QueueNews, QueueRequest, Trace};
use crate::media::vocabulary::{MediaCommand, PlayId, SessionId};

impl Call {
    /// Hears what has waited for it.
    pub(super) fn attend(&mut self, common: &mut Common, pending: Pending) {
        match pending {
            Pending::Event(event) => self.step(common, event),
            Pending::Offer(offer) => self.offered_agent(common, offer),
            Pending::Dropped => {
                self.cancel_effort(common);
                common.tell(self.key, QueueNews::NoAgent);
            }
            Pending::Follow => self.follow(common),
            Pending::End(why) => self.end(common, why),
        }
    }

    /// Tells the walk what happened, and does what it asks for.
    pub(super) fn step(&mut self, common: &mut Common, event: FlowEvent) {
        if self.promise().is_some() {
            return self.on_promise_news(common, &event);
        }
        let heard = event == FlowEvent::HungUp || self.walk.is_leaving();
        if (self.is_ended() || self.leave.is_some()) && !heard {
            return;
        }
        self.look_at_place(common);
        let crowd = OnTheFloor { floor: &common.floor, waiter: self.waiter() };
        let known = Known { now: common.now, facts: &self.facts, edition: &self.edition, crowd: &crowd };
        for action in self.journal.tell(&mut self.walk, event, &known) {
            self.perform(common, action);
        }
    }

    fn perform(&mut self, common: &mut Common, action: Action) {
        // What nobody hears is done for a caller who is gone, too.
        let audible = match action {
            Action::Trace(trace) => return self.trace(common, trace),
            Action::Fetch(fetch) => return self.fetch(common, fetch),
            Action::Send(letter) => return self.send(common, letter),
            audible => audible,
        };
        if self.is_ended() {
            return;
        }
        match audible {
            Action::Play(clips) => self.play(common, &clips),
            Action::Music(clip) => self.music(common, &clip),
            Action::Silence => self.silence(common),
            Action::Wake(after) => {
                let at = common.now.at + after;
                self.wake = Some(at);
                common.timers.set(at, self.key, Timer::Wake);
            }
            Action::Sleep => self.wake = None,
            Action::Enqueue(request) => self.enqueue(common, &request),
            Action::Dequeue => self.dequeue(common),
            Action::Ring(request) => self.ring(common, request),
            Action::Transfer(request) => self.transfer(common, &request),
            Action::Record(request) => self.take_down(common, &request),
            Action::Promise(request) => {
                let kept = self.promise_call_back(common, request).is_some();
                if kept {
                    self.visit_is_promised(common);
                }
                common.tell(self.key, FlowEvent::Promised(kept));
            }
            Action::HangUp(how) => self.end(common, Why::flow(how)),
            Action::Trace(_) | Action::Fetch(_) | Action::Send(_) => {}
        }
    }

    /// The media session of the caller's leg.
    pub(super) fn session(&self) -> Option<SessionId> {
        self.caller().map(|(_, leg)| leg.line.session)
    }

    fn fetch(&mut self, common: &mut Common, fetch: Fetch) {
        let effect = common.effect(Effect::Fetch(fetch), Some((self.key, Awaited::Answer)));
        // The answer to an older question is not waited for any more.
        if let Some(old) = self.fetch.replace(effect) {
            common.effects.remove(&old);
        }
    }

    pub(super) fn on_fetched(&mut self, common: &mut Common, effect: EffectId, fetched: Fetched) {
        if self.fetch == Some(effect) {
            self.fetch = None;
            common.tell(self.key, FlowEvent::Fetched(fetched));
        }
    }

    pub(super) fn send(&mut self, common: &mut Common, letter: Letter) {
        match &letter {
            Letter::Sms { to, .. } => {
                if common.lets_out(&self.edition.site, to, Outlet::Data).is_none() {
                    return;
                }
                self.record.sms += 1;
            }
            Letter::Email { .. } => self.record.emails += 1,
        }
        common.effect(Effect::Send(letter), None);
    }

    fn trace(&mut self, common: &mut Common, trace: Trace) {
        match trace {
            Trace::Block(block) => {
                self.left = false;
                let now = self.since_begun(common);
                self.record.block(block.clone(), now);
                common.event(Event::Block { call: self.id.clone(), block });
            }
            Trace::Aside(aside) => self.note_aside(common, &aside),
            Trace::Key(digit) => {
                self.record.key(digit);
                self.stirs(common);
            }
            Trace::Tag(tag) => self.record.tag(tag),
            Trace::AnnouncementBegun => self.announcement_due = true,
            // When it was heard in full, the data plane says so to the packet (`on_played`).
            Trace::AnnouncementEnded(_) => {}
            Trace::Secret(_) => self.stirs(common),
            Trace::Event(event, fields) => {
                self.record.event(event.clone(), &fields);
                common.event(Event::Business { call: self.id.clone(), event, fields });
            }
            Trace::Answer(survey, digit) => {
                self.record.answers.insert(survey, digit.event());
                self.stirs(common);
            }
            Trace::Card(card) => self.record.card = Some(card),
            Trace::Lookup(host, outcome) => self.record.lookup(host, outcome),
        }
    }

    fn sounds(&self, clips: &[Clip]) -> Vec<Arc<Sound>> {
        clips.iter().filter_map(|clip| self.edition.library.sound(&clip.key).cloned()).collect()
    }

    fn play(&mut self, common: &mut Common, clips: &[Clip]) {
        let Some(session) = self.session() else { return };
        let play = common.new_play();
        let announcement = std::mem::take(&mut self.announcement_due);
        let sounds = self.sounds(clips);
        if sounds.is_empty() {
            // A flow that loads cannot fail by name (law 6), so this is a text of no words.
            self.playing = Playing::Nothing;
            return common.tell(self.key, FlowEvent::Played);
        }
        self.playing = Playing::Speech { play, announcement };
        common.media(MediaCommand::Play { session, play, sounds, repeat: false });
    }

    fn music(&mut self, common: &mut Common, clip: &Clip) {
        let Some(session) = self.session() else { return };
        let play = common.new_play();
        let sounds = self.sounds(std::slice::from_ref(clip));
        if sounds.is_empty() {
            return self.silence(common);
        }
        self.playing = Playing::Music(play);
        common.media(MediaCommand::Play { session, play, sounds, repeat: true });
    }

    pub(super) fn silence(&mut self, common: &mut Common) {
        if self.playing != Playing::Nothing
            && let Some(session) = self.session()
        {
            self.playing = Playing::Nothing;
            common.media(MediaCommand::Stop(session));
        }
    }

    /// The first packet of what plays has left.
    pub(super) fn on_started(&mut self, play: PlayId, at: Instant) {
        if self.playing == (Playing::Speech { play, announcement: true }) {
            self.record.announcement_begun(self.since_answer(at));
        }
    }

    /// Its last packet has left.
    pub(super) fn on_played(&mut self, common: &mut Common, play: PlayId, at: Instant, finished: bool) {
        if self.leave == Some(play) {
            return self.end(common, Why::server(DRAINED));
        }
        let Playing::Speech { play: current, announcement } = self.playing else { return };
        if current != play || !finished {
            return;
        }
        if announcement {
            self.record.announcement_ended(self.since_answer(at), true);
        }
        self.playing = Playing::Nothing;
        common.tell(self.key, FlowEvent::Played);
    }

    /// Milliseconds since the caller's leg was answered.
    pub(super) fn since_answer(&self, at: Instant) -> u64 {
        u64::try_from(at.since(self.answered.unwrap_or(at)).as_millis()).unwrap_or(u64::MAX)
    }

    fn enqueue(&mut self, common: &mut Common, request: &QueueRequest) {
        let QueueRequest { queue, skill, priority, head } = request;
        let placed =
            common.floor.enqueue(common.now.at, self.waiter(), queue, skill.clone(), *priority, *head);
        let news = match placed {
            Enqueued::Position(position) => {
                self.effort = Effort::Queue;
                self.watch.enter(common.now.at, Phase::Wait);
                self.record.queue = Some(queue.clone());
                self.begin_visit(common, queue, position);
                QueueNews::Position(position, None)
            }
            Enqueued::Full => QueueNews::Full,
            Enqueued::NoAgent => QueueNews::NoAgent,
        };
        common.tell(self.key, news);
    }

    fn dequeue(&mut self, common: &mut Common) {
        self.place = common.floor.place(self.waiter());
        common.floor.leave(common.now.at, self.waiter(), Leave::Overflowed);
        self.watch.enter(common.now.at, Phase::Flow);
        self.cancel_effort(common);
    }

    /// The caller's part in the flow is over: only silent steps run now.
    pub(super) fn say_goodbye(&mut self, common: &mut Common) {
        self.step(common, FlowEvent::HungUp);
    }
}
