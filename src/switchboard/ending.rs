//! The end of a call, and the one record that it leaves (law 4).

use super::call::{Call, CallKey, Leg, Playing, Recording, Side};
use super::event::Event;
use super::timer::Timer;
use super::{Output, Switchboard};
use crate::base::digit::Digit;
use crate::base::limit::REPORTS_MAX;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant, Now};
use crate::centre::caller::Caller;
use crate::centre::floor::Leave;
use crate::centre::number;
use crate::centre::queue::Waiter;
use crate::centre::record::{
    Announcement, CallRecord, CalledRaw, EndedBy, MediaReport, Message, Phase, Promised, Stopwatch,
};
use crate::flow::errand::Letter;
use crate::flow::graph::Flow;
use crate::flow::vocabulary::{CallFacts, HangUp, RecordInto};
use crate::media::vocabulary::{G711, MediaCommand, Report, SessionId};
use crate::sip::endpoint::{End, Invited, Refusal};

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

    pub(super) fn of_caller_end(end: &End) -> Self {
        let (by, reason) = match end {
            End::Bye(Some(reason)) => (EndedBy::Caller, reason.as_str()),
            End::Bye(None) => (EndedBy::Caller, "bye"),
            End::Cancelled => (EndedBy::Caller, "cancel"),
            End::NoAck => (EndedBy::Network, "no ACK"),
            End::Lost => (EndedBy::Network, "dialog lost"),
            End::Unreachable => (EndedBy::Network, "unreachable"),
        };
        Self { by, reason: reason.to_owned(), header: None }
    }
}

/// A record in the making.
#[derive(Debug)]
pub(super) struct Draft {
    record: CallRecord,
    watch: Stopwatch,
    zone: Name,
    answered: Option<Instant>,
    /// The next thing played is the announcement.
    announcement_due: bool,
    /// The other side of a talk has hung up, and the flow has said nothing since.
    left: bool,
    begun: Option<Instant>,
}

impl Draft {
    pub(super) fn begin(
        now: Now,
        id: String,
        invited: &Invited,
        route: &super::route::Route,
        facts: &CallFacts,
        site_version: &str,
        zone: Name,
    ) -> Self {
        let caller: &Caller = &route.caller;
        let flow: &Flow = &route.flow;
        let record = CallRecord {
            id,
            call_id: invited.call_id.clone(),
            reference: facts.reference.clone(),
            trunk: Some(route.trunk.clone()).filter(|trunk| *trunk != super::route::INTERNAL),
            peer: invited.remote,
            number: Some(facts.number.clone()),
            called_raw: CalledRaw {
                request_uri: invited.request_uri.clone(),
                to: invited.to.clone(),
                diversion: invited.diversion.clone(),
                history: invited.history.clone(),
            },
            campaign: facts.campaign.clone(),
            caller: caller.number.as_ref().map(|number| number.reveal().clone()),
            caller_class: Some(caller.class),
            identity: invited.identity.clone(),
            started: now.wall.rfc3339(&zone),
            flow: Some(flow.name.clone()),
            flow_version: Some(flow.version.to_string()),
            site_version: Some(site_version.to_string()),
            ..CallRecord::default()
        };
        let watch = Stopwatch::start(now.at);
        Self { record, watch, zone, answered: None, announcement_due: false, left: false, begun: None }
    }

    /// The record of a call back that was promised in another call.
    #[allow(clippy::too_many_arguments)] // each is a field of the record
    pub(super) fn promise(
        now: Now,
        id: String,
        origin: String,
        facts: &CallFacts,
        trunk: &Name,
        flow: &Flow,
        site_version: &str,
        zone: Name,
    ) -> Self {
        let number = facts.caller.as_ref().map(|number| number.reveal().clone());
        let record = CallRecord {
            id,
            callback_of: Some(origin),
            reference: facts.reference.clone(),
            trunk: Some(trunk.clone()).filter(|trunk| *trunk != super::route::INTERNAL),
            number: Some(facts.number.clone()),
            campaign: facts.campaign.clone(),
            caller_class: number.as_deref().map(|number| number::normalise(number).class),
            caller: number,
            started: now.wall.rfc3339(&zone),
            flow: Some(flow.name.clone()),
            flow_version: Some(flow.version.to_string()),
            site_version: Some(site_version.to_string()),
            ..CallRecord::default()
        };
        let mut watch = Stopwatch::start(now.at);
        watch.enter(now.at, Phase::Wait);
        Self { record, watch, zone, answered: None, announcement_due: false, left: false, begun: None }
    }

    pub(super) fn answered(&mut self, now: Now) {
        self.answered = Some(now.at);
        self.record.answered = Some(now.wall.rfc3339(&self.zone));
        self.record.status = 200;
        self.watch.enter(now.at, Phase::Flow);
    }

    pub(super) fn codec(&mut self, codec: G711) {
        self.record.codec = Some(Name::from(match codec {
            G711::Alaw => "PCMA",
            G711::Ulaw => "PCMU",
        }));
    }

    pub(super) fn phase(&mut self, now: Instant, phase: Phase) {
        self.watch.enter(now, phase);
    }

    pub(super) fn block(&mut self, block: Name) {
        self.left = false;
        self.record.block(block);
    }

    pub(super) fn key(&mut self, digit: Digit) {
        self.record.key(digit);
    }

    pub(super) fn tag(&mut self, tag: Name) {
        self.record.tag(tag);
    }

    pub(super) fn queue(&mut self, queue: Name) {
        self.record.queue = Some(queue);
    }

    pub(super) fn agent(&mut self, agent: Name) {
        self.record.agent(agent);
    }

    /// The agent, or whoever the caller talked to, has hung up.
    pub(super) fn left(&mut self) {
        self.left = true;
    }

    pub(super) fn announcement_due(&mut self) {
        self.announcement_due = true;
    }

    /// Whether what is played next is the announcement; asked once.
    pub(super) fn takes_announcement(&mut self) -> bool {
        std::mem::take(&mut self.announcement_due)
    }

    /// The first packet of the announcement has left.
    pub(super) fn announcement_begun(&mut self, at: Instant) {
        self.begun = Some(at);
        let begun_ms = self.since_answer(at);
        self.record.announcement = Some(Announcement { begun_ms, ended_ms: None, full: false });
    }

    /// Its last packet has left, or the call ended first.
    pub(super) fn announcement_ended(&mut self, at: Instant, full: bool) {
        let ended_ms = Some(self.since_answer(at));
        if let Some(announcement) = &mut self.record.announcement
            && announcement.ended_ms.is_none()
        {
            *announcement = Announcement { ended_ms, full, ..*announcement };
        }
    }

    pub(super) fn media(&mut self, report: Report) {
        self.record.media = Some(MediaReport {
            sent: report.sent,
            received: report.received,
            lost: report.lost,
            jitter_ms: report.jitter_us / 1_000,
        });
    }

    pub(super) fn message(&mut self, recording: &Recording, duration: Duration) {
        let file = format!("{}.wav", recording.path);
        match &recording.into {
            RecordInto::Mailbox(mailbox) => {
                self.record.message = Some(Message {
                    mailbox: mailbox.clone(),
                    file,
                    duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
                });
            }
            RecordInto::Variable(_) => self.record.recording(file),
        }
    }

    pub(super) fn business(&mut self, event: Name, fields: &[(Name, String)]) {
        self.record.event(event, fields);
    }

    pub(super) fn answer(&mut self, survey: Name, digit: Digit) {
        self.record.answers.insert(survey, digit.event());
    }

    pub(super) fn card(&mut self, card: String) {
        self.record.card = Some(card);
    }

    pub(super) fn card_shown(&self) -> Option<&str> {
        self.record.card.as_deref()
    }

    pub(super) fn lookup(&mut self, host: Name, outcome: String) {
        self.record.lookup(host, outcome);
    }

    pub(super) fn letter(&mut self, letter: &Letter) {
        match letter {
            Letter::Sms { .. } => self.record.sms += 1,
            Letter::Email { .. } => self.record.emails += 1,
        }
    }

    pub(super) fn promised(&mut self, promise: Promised) {
        self.record.callback = Some(promise);
    }

    pub(super) fn id(&self) -> &str {
        &self.record.id
    }

    /// What stands in the JSON beside a voicemail message.
    pub(super) fn message_json(
        &self,
        now: Now,
        recording: &Recording,
        duration: Duration,
        failed: bool,
    ) -> String {
        let began = now.at.since(recording.begun);
        let received = crate::base::time::Wall::from_epoch_ms(
            now.wall.epoch_ms() - i64::try_from(began.as_millis()).unwrap_or(0),
        );
        serde_json::json!({
            "mailbox": match &recording.into {
                RecordInto::Mailbox(mailbox) => Some(mailbox),
                RecordInto::Variable(_) => None,
            },
            "received": received.rfc3339(&self.zone),
            "duration_ms": u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
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

    fn finish(&mut self, now: Now, why: &Why, status: u16) {
        if self.watch.phase() != Phase::Ring || self.record.status == 0 {
            self.record.status = if self.record.status == 0 { status } else { self.record.status };
        }
        self.record.ended = now.wall.rfc3339(&self.zone);
        self.record.clocks = self.watch.read(now.at);
        let left = self.left && why.by == EndedBy::Flow;
        self.record.ended_by = if left { EndedBy::Agent } else { why.by };
        self.record.reason = Some(why.reason.clone());
    }

    fn since_answer(&self, at: Instant) -> u64 {
        u64::try_from(at.since(self.answered.unwrap_or(at)).as_millis()).unwrap_or(u64::MAX)
    }
}

impl Switchboard {
    /// Refuses a call that has not been answered, by a SIP status.
    pub(super) fn refuse_call(&mut self, now: Now, key: CallKey, status: u16, reason: &str) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let retry_after = (status == 503).then_some(5);
        if let Some(invite) = call.invite
            && self.by_invite.remove(&invite).is_some()
        {
            self.endpoint.refuse(now, invite, Refusal { status, retry_after });
        }
        self.conclude(now, key, Why::server(reason), status);
    }

    /// Ends a call, whoever wants it: every leg, every wait, every recording.
    pub(super) fn end(&mut self, now: Now, key: CallKey, why: Why) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if call.is_ended() {
            return;
        }
        let status = if why.by == EndedBy::Caller { 487 } else { 503 };
        if let Some(invite) = call.invite
            && self.by_invite.remove(&invite).is_some()
        {
            self.endpoint.hang_up(now, invite, why.header);
        }
        self.conclude(now, key, why, status);
    }

    fn conclude(&mut self, now: Now, key: CallKey, why: Why, status: u16) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if matches!(call.playing, Playing::Speech { announcement: true, .. }) {
            call.record.announcement_ended(now.at, false);
        }
        call.record.finish(now, &why, status);
        let (session, reference) = (call.line.session, call.facts.reference.clone());
        let told = format!("{:?}: {}", why.by, why.reason);
        let by_caller = why.by != EndedBy::Flow;
        call.leg = Leg::Ended;
        self.event(Event::CallEnded { call: reference, why: told });
        self.timers.forget(key);
        self.timers.set(now.at + REPORTS_MAX, key, Timer::Reports);
        self.floor.leave(now.at, Waiter(key.number()), Leave::Abandoned);
        self.cancel_effort(now, key);
        if self.by_session.contains_key(&session) {
            self.media(MediaCommand::Close(session));
        }
        if by_caller {
            self.say_goodbye(now, key);
        }
        self.close_if_over(now, key);
    }

    /// When the last media session of a call has reported, its record leaves and the call is forgotten.
    pub(super) fn close_if_over(&mut self, _now: Now, key: CallKey) {
        let Some(call) = self.calls.get(key) else { return };
        let open = self.by_session.contains_key(&call.line.session) || !call.callees.is_empty();
        // A silent step may still wait for its answer: what it says belongs into the record.
        if open || !call.is_ended() || call.walk.is_leaving() {
            return;
        }
        self.close(key);
    }

    /// The record of a call leaves, and the call is forgotten.
    fn close(&mut self, key: CallKey) {
        let Some(mut call) = self.calls.remove(key) else { return };
        self.timers.forget(key);
        if let Some(recording) = &call.recording {
            self.by_effect.remove(&recording.opened);
        }
        if let Some(fetch) = &call.fetch {
            self.by_effect.remove(fetch);
        }
        call.record.record.journal = Some(call.journal.to_json(&call.facts));
        self.counters.records += 1;
        self.outputs.push_back(Output::Record(Box::new(call.record.record)));
    }

    /// The data plane owes reports of a call that is over: its record does not wait for ever.
    pub(super) fn go_without_reports(&mut self, now: Now, key: CallKey) {
        let Some(call) = self.calls.get(key).filter(|call| call.is_ended()) else { return };
        let caller = call.line.session;
        let mut silent: Vec<(SessionId, Side)> =
            call.callees.keys().map(|session| (*session, Side::Callee(*session))).collect();
        if self.by_session.contains_key(&caller) {
            silent.push((caller, Side::Caller));
        }
        if silent.is_empty() {
            // The walk waits for an answer that does not come.
            return self.close(key);
        }
        self.event(Event::Alarm(format!(
            "{} media sessions of a call did not report their end",
            silent.len()
        )));
        for (session, side) in silent {
            self.on_closed(now, key, side, session, Report::default());
        }
    }

    /// A media session that never came to be: it will give no report.
    pub(super) fn forget_session(&mut self, now: Now, key: CallKey, side: Side) {
        let Some(call) = self.calls.get(key) else { return };
        let session = match side {
            Side::Caller => call.line.session,
            Side::Callee(session) => session,
        };
        self.on_closed(now, key, side, session, Report::default());
    }
}

impl Call {
    pub(super) fn is_ended(&self) -> bool {
        matches!(self.leg, Leg::Ended)
    }
}
