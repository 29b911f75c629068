//! Callers who were promised a call back. The promise is a call of its own, without a leg at first: it stands in line at the
//! place that was kept, and when an agent would be rung for it the caller is. Who answers waits at the head of the line.

use std::sync::Arc;

use super::call::{Call, Origin, Promise, Stage};
use super::common::Common;
use super::ending::Why;
use super::event::Event;
use super::leg::{Leg, Role, Way};
use super::record;
use super::timer::Timer;
use crate::base::diagnostic::Text;
use crate::base::limit::{CALLBACK_TRIES_MAX, CALLBACKS_MAX};
use crate::base::time::Duration;
use crate::centre::floor::{Enqueued, Leave};
use crate::centre::outgoing::Outlet;
use crate::centre::record::{Phase, Promised};
use crate::flow::vocabulary::{CallFacts, CallbackRequest, CallerId, Event as FlowEvent, QueueNews};
use crate::flow::walk::Walk;

/// How long the caller's telephone rings.
const RING: Duration = Duration::from_secs(30);
/// After the call in which it was promised: the caller puts the receiver down.
const BREATH: Duration = Duration::from_secs(10);
/// Between two tries.
const PAUSE: Duration = Duration::from_secs(180);
/// Before the line is tried again when nobody works in the queue.
const NOBODY: Duration = Duration::from_secs(60);

impl Call {
    /// The walk promises a call back; none when it cannot be kept.
    pub(super) fn promise_call_back(&mut self, common: &mut Common, request: CallbackRequest) -> Option<()> {
        if common.promised >= CALLBACKS_MAX
            || self.edition.trunk_for(&self.trunk, |_| true).is_none()
            || self.edition.site.shared.outgoing.judge(request.number.reveal()).is_err()
        {
            return None;
        }
        let walk = Walk::resume(self.walk.bookmark()?);
        let facts = CallFacts {
            caller: Some(request.number.clone()),
            reference: record::reference(&mut common.rng),
            ..self.facts.clone()
        };
        let until = common.now.later(request.within);
        let record = record::of_promise(common, self, &facts);
        let stage = Stage::Promised(Promise {
            number: request.number.clone(),
            queue: request.queue.clone(),
            until: until.at,
            tries: 0,
            after: Some(self.key),
        });
        let promised = Self::new(
            common,
            Origin {
                edition: Arc::clone(&self.edition),
                facts,
                trunk: self.trunk.clone(),
                stage,
                walk,
                // A place is for one.
                place: self.place.take(),
                record,
            },
        );
        common.promised += 1;
        common.born.push(promised);
        self.record.callback = Some(Promised {
            queue: request.queue.clone(),
            number: request.number.reveal().clone(),
            before: self.edition.moment(until.wall),
        });
        common.event(Event::CallbackPromised { call: self.id.clone(), queue: request.queue });
        Some(())
    }

    /// It has its place in the table, and waits until the caller has hung up: nobody is rung who is on the line.
    pub(super) fn begin_promise(&mut self, common: &mut Common) {
        self.watch.enter(common.now.at, Phase::Wait);
        let Some(promise) = self.promise() else { return };
        let (until, after) = (promise.until, promise.after);
        common.timers.set(until, self.key, Timer::Callback);
        common.followers.extend(after.map(|after| (after, self.key)));
    }

    /// The call in which it was promised is over. A moment later its place in line is taken.
    pub(super) fn follow(&mut self, common: &mut Common) {
        if let Stage::Promised(promise) = &mut self.stage {
            promise.after = None;
            common.timers.set(promise.until.min(common.now.at + BREATH), self.key, Timer::Callback);
        }
    }

    /// Stands in line for who was promised a call back.
    fn line_up(&mut self, common: &mut Common) {
        let Some(promise) = self.promise() else { return };
        let placed = common.floor.stand_in(common.now.at, self.waiter(), &promise.queue, self.place.as_ref());
        let again = match placed {
            Enqueued::Position(_) => promise.until,
            Enqueued::Full | Enqueued::NoAgent => promise.until.min(common.now.at + NOBODY),
        };
        common.timers.set(again, self.key, Timer::Callback);
    }

    /// News of the queue for who is not on the line yet.
    pub(super) fn on_promise_news(&mut self, common: &mut Common, event: &FlowEvent) {
        let waits = common.floor.position(self.waiter()).is_some();
        if matches!(event, FlowEvent::Queue(QueueNews::NoAgent)) && !waits {
            self.line_up(common);
        }
    }

    /// An agent would be rung for them: their own telephone is rung first.
    pub(super) fn call_back(&mut self, common: &mut Common) {
        common.floor.leave(common.now.at, self.waiter(), Leave::Overflowed);
        let Some(promise) = self.promise().cloned() else { return };
        let trunk = self.edition.trunk_for(&self.trunk, |trunk| common.has_room(trunk)).cloned();
        if trunk.is_none() {
            // No channel is free: that is no try.
            return common.timers.set(promise.until.min(common.now.at + NOBODY), self.key, Timer::Callback);
        }
        let promise = Promise { tries: promise.tries + 1, ..promise };
        let number = promise.number.reveal();
        let Some(toll) = common.lets_out(&self.edition.site, number, Outlet::Data) else {
            return self.end(common, Why::server("call back not allowed"));
        };
        let invitation = trunk.as_ref().and_then(|trunk| {
            self.edition.invitation(&self.facts, trunk, number, Some(&CallerId::Company), RING)
        });
        let worker = common.worker();
        let line = invitation.as_ref().and_then(|invitation| {
            let ip = common.edition.ip_towards(invitation.remote);
            common.new_line(worker, ip, Some(invitation.remote.ip()))
        });
        let (Some(invitation), Some(line)) = (invitation, line) else {
            return self.try_again(common, promise);
        };
        let mut leg = Leg::opening(Role::CalledBack, trunk, line, Way::Out(Box::new(invitation)));
        leg.toll = Some(toll);
        let key = self.add_leg(common, leg, None);
        common.promised -= 1;
        common.on_line += 1;
        self.stage = Stage::CallingBack(promise, key);
        common.timers.set(common.now.at + RING, self.key, Timer::Callback);
    }

    /// The caller's telephone could not be reached, or nobody answered.
    pub(super) fn on_callback_failed(&mut self, common: &mut Common) {
        let Stage::CallingBack(promise, key) = &self.stage else { return };
        let (promise, key) = (promise.clone(), *key);
        if let Some(leg) = self.legs.get_mut(key) {
            leg.close(common, None);
        }
        common.promised += 1;
        common.on_line -= 1;
        self.stage = Stage::Promised(promise.clone());
        self.try_again(common, promise);
    }

    fn try_again(&mut self, common: &mut Common, promise: Promise) {
        let again = common.now.at + PAUSE;
        if promise.tries >= CALLBACK_TRIES_MAX || again >= promise.until {
            common.alarm(Text::word("a promised call back reached nobody"));
            return self.end(common, Why::network("call back not answered"));
        }
        self.stage = Stage::Promised(promise);
        common.timers.set(again, self.key, Timer::Callback);
    }

    /// It is time to stand in line again, the telephone has rung long enough, or the promise is over.
    pub(super) fn on_callback_timer(&mut self, common: &mut Common) {
        match &self.stage {
            Stage::Promised(promise) if promise.until <= common.now.at => {
                common.alarm(Text::word("a call back could not be made in the time that was promised"));
                self.end(common, Why::server("call back not made in time"));
            }
            Stage::Promised(_) => self.line_up(common),
            Stage::CallingBack(..) => self.on_callback_failed(common),
            Stage::Live(_) | Stage::Ended | Stage::Over => {}
        }
    }
}
