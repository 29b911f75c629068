//! The end of a call, and the one record that it leaves (law 4).

use super::call::{Call, CallKey, Playing, Stage};
use super::common::{Common, Pending};
use super::event::Event;
use super::leg::{Gone, Happened, LegKey, State};
use super::timer::Timer;
use crate::base::limit::{FETCH_DURATION_MAX, REPORTS_MAX};
use crate::centre::floor::Leave;
use crate::centre::record::EndedBy;
use crate::figures::cost;
use crate::flow::system::{LEAVE_TAKING, file_in};
use crate::flow::vocabulary::HangUp;
use crate::media::vocabulary::{MediaCommand, RecordingEnd, Report};
use crate::say;
use crate::sip::endpoint::End;

/// What a far end is told when a bug of ours ends its call.
pub(super) const BUG_HEADER: Option<&str> = Some("Q.850;cause=41;text=\"Temporary failure\"");

/// Why calls end whose server cannot wait any longer.
pub(super) const DRAINED: &str = "drain limit reached";

/// Who ended a call, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Why {
    by: EndedBy,
    reason: String,
    /// The Reason header of our BYE (RFC 3326), when we end it.
    header: Option<&'static str>,
}

impl Why {
    pub(super) fn server(reason: &str) -> Self {
        Self { by: EndedBy::Server, reason: reason.to_owned(), header: None }
    }

    pub(super) fn network(reason: &str) -> Self {
        Self { by: EndedBy::Network, reason: reason.to_owned(), header: None }
    }

    /// A bug of ours.
    pub(super) fn bug() -> Self {
        Self { header: BUG_HEADER, ..Self::server("internal error") }
    }

    /// A flow's reason as the cause that the network understands (ITU-T Q.850).
    pub(super) fn flow(how: HangUp) -> Self {
        let (reason, header) = match how {
            HangUp::Normal => ("normal", None),
            HangUp::Busy => ("busy", Some("Q.850;cause=17;text=\"User busy\"")),
            HangUp::Technical => ("technical", Some("Q.850;cause=41;text=\"Temporary failure\"")),
            HangUp::Rejected => ("rejected", Some("Q.850;cause=21;text=\"Call rejected\"")),
        };
        Self { by: EndedBy::Flow, reason: reason.to_owned(), header }
    }

    /// The caller's leg is gone.
    pub(super) fn of_caller(gone: &Gone) -> Self {
        let (by, reason) = match gone {
            Gone::End(End::Bye(Some(reason))) => (EndedBy::Caller, reason.as_str()),
            Gone::End(End::Bye(None)) => (EndedBy::Caller, "bye"),
            Gone::End(End::Cancelled) => (EndedBy::Caller, "cancel"),
            Gone::End(End::NoAck) => (EndedBy::Network, "no ACK"),
            Gone::End(End::Lost) => (EndedBy::Network, "dialog lost"),
            Gone::End(End::Unreachable) => (EndedBy::Network, "unreachable"),
            Gone::Silent => (EndedBy::Network, "media timeout"),
            Gone::Broken => (EndedBy::Server, "the media session failed"),
            Gone::Transferring => (EndedBy::Caller, "bye"),
            Gone::Unusable => (EndedBy::Network, "no usable SDP in the ACK"),
        };
        Self { by, reason: reason.to_owned(), header: None }
    }
}

impl Call {
    /// Ends the call, whoever wants it: every leg, every wait, every recording.
    pub(super) fn end(&mut self, common: &mut Common, why: Why) {
        if self.is_ended() {
            return;
        }
        let status = if why.by == EndedBy::Caller { 487 } else { 503 };
        self.conclude(common, why, status);
    }

    /// The server stops and cannot wait any longer: who is on the line hears so, and then the call ends. Whoever else takes part
    /// is let go at once; a message that is being left is kept.
    pub(super) fn take_leave(&mut self, common: &mut Common) {
        let sound = self.edition.library.sound(&file_in(self.walk.language(), LEAVE_TAKING)).cloned();
        let up = self.caller().filter(|(_, leg)| leg.is_up()).map(|(_, leg)| leg.line.session);
        let (Some(session), Some(sound)) = (up, sound) else {
            return self.end(common, Why::server(DRAINED));
        };
        if self.recording.is_some() {
            self.stop_taking_down(common, RecordingEnd::Stopped);
        }
        common.floor.leave(common.now.at, self.waiter(), Leave::Abandoned);
        self.cancel_effort(common);
        self.silence(common);
        let play = common.new_play();
        self.leave = Some(play);
        common.media(MediaCommand::Play { session, play, sounds: vec![sound], repeat: false });
    }

    /// The same; `status`: what the caller was told, if they were not answered.
    pub(super) fn conclude(&mut self, common: &mut Common, why: Why, status: u16) {
        if matches!(self.playing, Playing::Speech { announcement: true, .. }) {
            self.record.announcement_ended(self.since_answer(common.now.at), false);
        }
        // First the floor, so that agents whose phones ring for the caller have not declined; then their phones.
        common.floor.leave(common.now.at, self.waiter(), Leave::Abandoned);
        self.cancel_effort(common);
        if let Some((key, _)) = self.caller()
            && let Some(leg) = self.legs.get_mut(key)
        {
            leg.close(common, why.header);
        }
        match &self.stage {
            Stage::Promised(_) => common.promised -= 1,
            Stage::CallingBack(..) | Stage::Live(_) => common.on_line -= 1,
            Stage::Ended | Stage::Over => {}
        }
        self.stage = Stage::Ended;
        let of_this = (self.key, CallKey::from_number(0))..=(self.key, CallKey::from_number(u64::MAX));
        let followers: Vec<_> = common.followers.range(of_this).copied().collect();
        for follower in followers {
            common.followers.remove(&follower);
            common.pending.push_back((follower.1, Pending::Follow));
        }
        self.finish(common, &why, status);
        self.leaves_traffic(common);
        common.event(Event::CallEnded {
            call: self.id.clone(),
            why: format!("{:?}: {}", self.record.ended_by, why.reason),
        });
        common.timers.forget(self.key);
        common.timers.set(common.now.at + REPORTS_MAX, self.key, Timer::Reports);
        if why.by != EndedBy::Flow {
            self.say_goodbye(common);
        }
    }

    fn finish(&mut self, common: &Common, why: &Why, status: u16) {
        if self.record.status == 0 {
            self.record.status = status;
        }
        self.record.ended = Some(self.edition.moment(common.now.wall));
        self.record.clocks = self.watch.read(common.now.at);
        self.visit_is_over(common, why.by);
        let now = self.since_begun(common);
        self.record.close_steps(now, why.by == EndedBy::Flow);
        let left = self.left && why.by == EndedBy::Flow;
        self.record.ended_by = if left { EndedBy::Agent } else { why.by };
        self.record.reason = Some(why.reason.clone());
    }

    /// Whether nothing is awaited: the last media session has reported, no silent step waits for its answer, and no message for
    /// its name on the disk: their words belong into the record.
    pub(super) fn is_over(&self) -> bool {
        match self.stage {
            Stage::Ended => self.legs.is_empty() && !self.walk.is_leaving() && !self.is_storing(),
            Stage::Over => true,
            Stage::Promised(_) | Stage::CallingBack(..) | Stage::Live(_) => false,
        }
    }

    /// Whether a message of the call is on its way to its name on the disk.
    fn is_storing(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.handed.is_some())
    }

    /// The record leaves.
    pub(super) fn close(mut self, common: &mut Common) {
        common.timers.forget(self.key);
        let recording = self.recording.as_ref();
        let handed = recording.and_then(|recording| recording.handed.as_ref());
        let awaited = [recording.map(|it| it.opened), handed.map(|it| it.effect), self.fetch];
        for effect in awaited.into_iter().flatten() {
            common.effects.remove(&effect);
        }
        self.record.journal = Some(self.journal.to_json(&self.facts));
        let tariffs = &self.edition.site.shared.tariffs;
        if !tariffs.all.is_empty() {
            cost::charge(&mut self.record, tariffs);
        }
        common.record(self.record);
    }

    /// The data plane owes reports of a call that is over, or an answer does not come: its record does not wait for ever.
    pub(super) fn go_without_reports(&mut self, common: &mut Common) {
        if !self.is_ended() {
            return;
        }
        let silent: Vec<LegKey> = self.legs.iter().map(|(key, _)| key).collect();
        if !silent.is_empty() {
            common.alarm(say!("{} media sessions of a call did not report their end", silent.len()));
        }
        for key in silent {
            self.happened(common, key, Happened::Closed(Report::default()));
        }
        // A question has its own bound, and is answered within it, or fails.
        if self.walk.is_leaving() && self.fetch.is_some() && self.fetch != self.patience {
            self.patience = self.fetch;
            return common.timers.set(common.now.at + FETCH_DURATION_MAX, self.key, Timer::Reports);
        }
        self.stage = Stage::Over;
    }

    /// A bug of ours made a piece of work on this call panic: it ends, with all that it may have left half done.
    pub(super) fn abandon(&mut self, common: &mut Common) {
        self.end(common, Why::bug());
        common.sweep(self.key);
        // A transition that was broken off has left its leg without a state: its media is closed, and reports.
        for (_, leg) in self.legs.iter_mut() {
            if matches!(leg.state, State::Over) {
                common.media(MediaCommand::Close(leg.line.session));
                leg.state = State::Closing;
            }
        }
    }
}
