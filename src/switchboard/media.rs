//! What the data plane reports, told to the call that it belongs to; and the timers of calls.

use super::call::{Call, CallKey, CalleeState, DigitPath, Leg, Playing, Side};
use super::effect::Awaited;
use super::ending::Why;
use super::timer::Timer;
use super::{EffectId, Reply, Switchboard};
use crate::base::digit::Digit;
use crate::base::time::{Duration, Instant, Now};
use crate::flow::errand::{FetchFailure, Fetched};
use crate::flow::vocabulary::Event as FlowEvent;
use crate::media::vocabulary::{MediaEvent, PlayId, SessionId};

/// The same key by RFC 4733 and by INFO within this time is one key (test K5).
const SAME_KEY: Duration = Duration::from_millis(200);

impl Switchboard {
    pub(super) fn on_media(&mut self, now: Now, event: MediaEvent) {
        let session = event.session();
        let Some(&(key, side)) = self.by_session.get(&session) else { return };
        match event {
            MediaEvent::Opened(_) => match side {
                Side::Caller => self.on_caller_opened(now, key),
                Side::Callee(session) => self.on_callee_opened(now, key, session),
            },
            MediaEvent::OpenFailed(_) if self.calls.get(key).is_some_and(Call::is_ended) => {
                self.forget_session(now, key, side);
            }
            MediaEvent::OpenFailed(_) => match side {
                Side::Caller => self.on_caller_open_failed(now, key),
                Side::Callee(session) => self.on_callee_open_failed(now, key, session),
            },
            MediaEvent::Digit(_, digit) => self.on_digit(now, key, side, digit, DigitPath::Rtp),
            MediaEvent::Started(_, play, at) => self.on_started(key, play, at),
            MediaEvent::Played { play, at, finished, .. } => self.on_played(key, play, at, finished),
            MediaEvent::Recorded { recording, duration, speech, end, .. } => {
                self.on_recorded(now, key, recording, duration, speech, end);
            }
            MediaEvent::Locked(..) => {}
            MediaEvent::Quiet(_) => self.counters.quiet += 1,
            MediaEvent::Dead(_) => match side {
                Side::Caller => self.end(now, key, Why::network("media timeout")),
                Side::Callee(session) => self.on_callee_gone(now, key, session, true),
            },
            MediaEvent::Closed(session, report) => self.on_closed(now, key, side, session, report),
        }
    }

    pub(super) fn on_digit(&mut self, now: Now, key: CallKey, side: Side, digit: Digit, path: DigitPath) {
        let Some(call) = self.calls.get_mut(key) else { return };
        match side {
            Side::Caller => {
                let twice = call
                    .last_digit
                    .is_some_and(|(last, by, at)| last == digit && by != path && now.at.since(at) < SAME_KEY);
                if twice {
                    return;
                }
                call.last_digit = Some((digit, path, now.at));
                if matches!(call.leg, Leg::Talking) {
                    self.pending.push_back((key, FlowEvent::Digit(digit)));
                }
            }
            Side::Callee(session) => self.on_callee_digit(now, key, session, digit),
        }
    }

    fn on_started(&mut self, key: CallKey, play: PlayId, at: Instant) {
        let Some(call) = self.calls.get_mut(key) else { return };
        if call.playing == (Playing::Speech { play, announcement: true }) {
            call.record.announcement_begun(at);
        }
    }

    fn on_played(&mut self, key: CallKey, play: PlayId, at: Instant, finished: bool) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let Playing::Speech { play: current, announcement } = call.playing else { return };
        if current != play || !finished {
            return;
        }
        if announcement {
            call.record.announcement_ended(at, true);
        }
        call.playing = Playing::Nothing;
        self.pending.push_back((key, FlowEvent::Played));
    }

    pub(super) fn on_timer(&mut self, now: Now, key: CallKey, timer: Timer) {
        let Some(call) = self.calls.get_mut(key) else { return };
        match timer {
            Timer::Wake => {
                if call.wake.is_some_and(|wake| wake <= now.at) {
                    call.wake = None;
                    self.pending.push_back((key, FlowEvent::Timeout));
                }
            }
            Timer::Ringing(session) => {
                if call.callees.get(&session).is_some_and(|callee| callee.state.is_ringing()) {
                    self.on_callee_silent(now, key, session);
                }
            }
            Timer::Callback => self.on_callback_timer(now, key),
            Timer::Longest => self.end(now, key, Why::server("longest call allowed")),
            Timer::Reports => self.go_without_reports(now, key),
        }
    }

    pub(super) fn on_reply(&mut self, now: Now, effect: EffectId, reply: Reply) {
        let Some((key, awaited)) = self.by_effect.remove(&effect) else { return };
        match (reply, awaited) {
            (Reply::Fetched(fetched), Awaited::Answer) => self.on_fetched(key, effect, fetched),
            (Reply::Failed(_), Awaited::Answer) => {
                let failed = Fetched::Failed(FetchFailure::Unreachable);
                self.on_fetched(key, effect, failed);
            }
            (Reply::Failed(why), Awaited::Recording(recording)) => {
                self.on_recorder_failed(now, key, recording, &why);
            }
            (Reply::Stored(_) | Reply::Discarded | Reply::Fetched(_), _) => {}
        }
    }

    pub(super) fn on_closed(
        &mut self,
        now: Now,
        key: CallKey,
        side: Side,
        session: SessionId,
        report: crate::media::vocabulary::Report,
    ) {
        self.by_session.remove(&session);
        let Some(call) = self.calls.get_mut(key) else { return };
        let port = match side {
            Side::Caller => {
                call.record.media(report);
                call.line.local.port
            }
            Side::Callee(session) => match call.callees.remove(&session) {
                Some(callee) => {
                    debug_assert!(matches!(callee.state, CalleeState::Closing));
                    callee.line.local.port
                }
                None => return,
            },
        };
        self.ports.give_back(now.at, port);
        self.close_if_over(now, key);
    }
}
