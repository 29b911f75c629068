//! What a record says of the caller's stays in queues, and of how blocks were left. It looks on: the floor and the walk know nothing of it.

use super::call::Call;
use super::common::Common;
use crate::base::name::Name;
use crate::base::time::millis;
use crate::centre::record::EndedBy;
use crate::centre::step_record::StepEnd;
use crate::centre::visit_record::{VisitEnd, VisitRecord};
use crate::flow::vocabulary::{Aside, Left};

impl Call {
    /// The caller stands in a queue, at this place.
    pub(super) fn begin_visit(&mut self, common: &Common, queue: &Name, place: usize) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.waits = self.record.visit(VisitRecord {
            queue: queue.clone(),
            after_ms: self.since_begun(common),
            wait_ms: 0,
            left: VisitEnd::Abandoned,
            by: None,
            exit: None,
            place_first: place,
            place_last: place,
            place_max: place,
            offers: 0,
        });
    }

    /// The caller still stands there; where?
    pub(super) fn look_at_place(&mut self, common: &Common) {
        if !self.waits {
            return;
        }
        let place = common.floor.position(self.waiter());
        if let (Some(place), Some(visit)) = (place, self.record.visits.last_mut()) {
            visit.place_last = u32::try_from(place).unwrap_or(u32::MAX);
            visit.place_max = visit.place_max.max(visit.place_last);
        }
    }

    /// An agent is rung for who waits.
    pub(super) fn note_offer(&mut self) -> Option<Name> {
        let visit = self.record.visits.last_mut().filter(|_| self.waits)?;
        visit.offers = visit.offers.saturating_add(1);
        Some(visit.queue.clone())
    }

    /// Somebody has answered who waits.
    pub(super) fn visit_is_answered(&mut self, common: &Common, who: &Name) {
        self.end_visit(common, VisitEnd::Answered, |visit| visit.by = Some(who.clone()));
    }

    /// What is noted of the block that the walk is in.
    pub(super) fn note_aside(&mut self, common: &Common, aside: &Aside) {
        match aside {
            Aside::Left(left) => {
                self.visit_is_left(common, left);
                let (end, by) = step_end(left);
                self.record.left(end, by, self.since_begun(common));
            }
            Aside::Silence => self.record.silence(),
            Aside::WrongKey => self.record.wrong_key(),
        }
    }

    /// The walk leaves its block, and with it the queue.
    fn visit_is_left(&mut self, common: &Common, left: &Left) {
        let exit = step_end(left).1;
        self.end_visit(common, VisitEnd::Overflow, |visit| visit.exit = exit);
    }

    /// A call back was promised to who waits, or has just left the queue for it.
    pub(super) fn visit_is_promised(&mut self, common: &Common) {
        self.end_visit(common, VisitEnd::Callback, |_| {});
        if let Some(visit) = self.record.visits.last_mut().filter(|visit| visit.left == VisitEnd::Overflow) {
            visit.left = VisitEnd::Callback;
        }
    }

    /// The call is over.
    pub(super) fn visit_is_over(&mut self, common: &Common, by: EndedBy) {
        let end = match by {
            EndedBy::Caller | EndedBy::Network => VisitEnd::Abandoned,
            EndedBy::Flow | EndedBy::Agent | EndedBy::Server => VisitEnd::Ended,
        };
        self.end_visit(common, end, |_| {});
    }

    fn end_visit(&mut self, common: &Common, end: VisitEnd, more: impl FnOnce(&mut VisitRecord)) {
        self.look_at_place(common);
        let now = self.since_begun(common);
        if std::mem::take(&mut self.waits)
            && let Some(visit) = self.record.visits.last_mut()
        {
            visit.wait_ms = now.saturating_sub(visit.after_ms);
            visit.left = end;
            more(visit);
        }
    }

    /// How long the call has gone on.
    pub(super) fn since_begun(&self, common: &Common) -> u64 {
        millis(self.watch.begun(common.now.at))
    }
}

/// How the flow left a block, as a record says it.
fn step_end(left: &Left) -> (StepEnd, Option<Name>) {
    match left {
        Left::Key(key) => (StepEnd::Key, Some(Name::from(key.as_char().to_string()))),
        Left::Silence => (StepEnd::Silence, None),
        Left::WrongKey => (StepEnd::WrongKey, None),
        Left::Exit(name) => (StepEnd::Exit, Some(name.clone())),
        Left::Goto => (StepEnd::Goto, None),
    }
}
