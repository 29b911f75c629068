//! What is known of each telephone that we ring: an object in the record of its call, and one line of the log when it is
//! known how it took it. The telephony (`leg/`) knows nothing of it: this looks on.

use serde::{Deserialize, Serialize};

use super::Switchboard;
use super::call::Call;
use super::common::{Common, Seat};
use super::event::Event;
use super::leg::{Happened, Leg, LegKey, Role, Way};
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Duration, Instant, millis};
use crate::centre::leg_record::{LegOutcome, LegRecord};
use crate::centre::record::EndedBy;
use crate::flow::vocabulary::Target;
use crate::media::vocabulary::Report;
use crate::sip::endpoint::{End, Failure, InviteId, Told};

/// Legs of one call that are not over, each with its record so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct LegBook {
    open: Vec<Page>,
    /// Legs whose media has still to report, and their place in the record.
    reporting: Vec<(LegKey, usize)>,
}

/// See [`LegBook`].
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Page {
    leg: LegKey,
    record: LegRecord,
    begun: Instant,
    rings: Option<Duration>,
    answered: Option<Instant>,
    /// It has shown a sign of life: 100, 180, 183.
    progress: bool,
    /// How long the caller was on hold, and since when they are.
    held: Duration,
    holds: Option<Instant>,
}

impl Switchboard {
    /// Something on the way has the call: whatever becomes of it, the far end was reached.
    pub(super) fn on_trying(&mut self, invite: InviteId) {
        if let Some(&Seat { call, leg }) = self.common.usages.get(&invite) {
            self.with(call, |call, _| {
                if let Some(page) = call.leg_book.page(leg) {
                    page.progress = true;
                }
            });
        }
    }

    /// What the far end said when it refused.
    pub(super) fn on_told(&mut self, invite: InviteId, told: Told) {
        if let Some(&Seat { call, leg }) = self.common.usages.get(&invite) {
            self.with(call, |call, _| {
                if let Some(page) = call.leg_book.page(leg) {
                    let record = &mut page.record;
                    record.status = Some(told.status);
                    record.phrase = Some(told.phrase);
                    (record.reason, record.warning) = (told.reason, told.warning);
                }
            });
        }
    }
}

impl LegBook {
    /// It is called at another number.
    pub(super) fn readdress(&mut self, leg: LegKey, number: &str) {
        if let Some(page) = self.page(leg) {
            page.record.to = Pii::new(number.to_owned());
        }
    }

    fn page(&mut self, leg: LegKey) -> Option<&mut Page> {
        self.open.iter_mut().find(|page| page.leg == leg)
    }
}

impl Call {
    /// A telephone is going to be rung.
    pub(super) fn open_leg_record(&mut self, common: &Common, key: LegKey, rings: Option<Duration>) {
        let Some(leg) = self.legs.get(key).filter(|leg| leg.role != Role::Caller) else { return };
        let super::leg::State::Opening(opening) = &leg.state else { return };
        let Way::Out(invitation) = &opening.way else { return };
        let record = LegRecord {
            who: leg.role.agent().cloned(),
            to: Pii::new(called(&invitation.target, leg.trunk.is_some())),
            trunk: leg.trunk.clone(),
            after_ms: self.since_begun(common),
            queue: self.note_offer(),
            ..LegRecord::default()
        };
        self.leg_book.open.push(Page {
            leg: key,
            record,
            begun: common.now.at,
            rings,
            answered: None,
            progress: false,
            held: Duration::ZERO,
            holds: None,
        });
    }

    /// A target could not be rung at all.
    pub(super) fn note_unrung(&mut self, common: &mut Common, target: &Target, outcome: LegOutcome) {
        let (who, to) = match target {
            Target::Agent(who) => (Some(who.clone()), String::new()),
            Target::Number(to) | Target::Uri(to) => (None, to.to_string()),
        };
        let record = LegRecord {
            who,
            to: Pii::new(to),
            after_ms: self.since_begun(common),
            outcome,
            ..LegRecord::default()
        };
        tell(common, &self.id, &record);
        self.record.leg(record);
    }

    /// Something is about to happen to a leg.
    pub(super) fn note_leg(&mut self, key: LegKey, happened: &Happened<'_>) {
        if let Happened::Closed(report) = happened {
            return self.note_report(key, *report);
        }
        let Some(page) = self.leg_book.page(key) else { return };
        let answered = page.answered.is_some();
        let record = &mut page.record;
        match happened {
            Happened::Progress(..) => page.progress = true,
            Happened::Failed(Failure::Refused(status, _)) => {
                record.status = Some(*status);
                record.outcome = LegOutcome::of(*status);
            }
            Happened::Failed(Failure::Timeout) if page.progress => record.outcome = LegOutcome::NoAnswer,
            Happened::Failed(Failure::Timeout | Failure::Unreachable) => {
                record.outcome = LegOutcome::Unreachable;
            }
            Happened::NotOpened => record.outcome = LegOutcome::NoPort,
            Happened::Opened => record.outcome = LegOutcome::Ringing,
            Happened::Accepted(_) => record.status = Some(200),
            Happened::Ended(end) => {
                record.reason = match end {
                    End::Bye(reason) => reason.clone().or_else(|| Some("bye".to_owned())),
                    End::Cancelled => None,
                    End::NoAck => Some("no ACK".to_owned()),
                    End::Lost => Some("dialog lost".to_owned()),
                    End::Unreachable => Some("unreachable".to_owned()),
                };
                match end {
                    _ if !answered => record.outcome = LegOutcome::Unreachable,
                    End::Bye(_) => record.ended_by = Some(EndedBy::Agent),
                    End::Cancelled | End::NoAck | End::Lost | End::Unreachable => {
                        record.ended_by = Some(EndedBy::Network);
                    }
                }
            }
            Happened::Dead if answered => {
                record.reason = Some("media timeout".to_owned());
                record.ended_by = Some(EndedBy::Network);
            }
            _ => {}
        }
    }

    /// After each piece of work: who has answered, and who is over.
    pub(super) fn settle_leg_records(&mut self, common: &mut Common) {
        let now = common.now.at;
        for place in (0..self.leg_book.open.len()).rev() {
            let Some(page) = self.leg_book.open.get_mut(place) else { continue };
            let leg = self.legs.get(page.leg);
            if page.answered.is_none() && leg.is_some_and(Leg::is_up) {
                page.answered = Some(now);
                page.record.ring_ms = millis(now.since(page.begun));
                page.record.outcome = LegOutcome::Answered;
                tell(common, &self.id, &page.record);
            }
            page.hold(now, leg.and_then(Leg::terms).is_some_and(|terms| !terms.direction.send));
            if !leg.is_some_and(Leg::is_alive) {
                let page = self.leg_book.open.remove(place);
                self.close_page(common, page);
            }
        }
    }

    fn close_page(&mut self, common: &mut Common, page: Page) {
        let now = common.now.at;
        let Page { leg, mut record, begun, rings, answered, progress, held, .. } = page;
        if let Some(answered) = answered {
            record.talk_ms = Some(millis(now.since(answered)));
            record.hold_ms = Some(millis(held)).filter(|held| *held > 0);
            let us = if self.record.ended.is_some() { self.record.ended_by } else { EndedBy::Server };
            record.ended_by = record.ended_by.or(Some(us));
        } else {
            record.ring_ms = millis(now.since(begun));
            if record.outcome == LegOutcome::Ringing {
                record.outcome = match (self.talk, rings) {
                    (Some(other), _) if other != leg => LegOutcome::Elsewhere,
                    // Accepted on terms that we cannot use.
                    _ if record.status == Some(200) => LegOutcome::Refused,
                    (_, Some(rings)) if now.since(begun) >= rings && !progress => LegOutcome::Unreachable,
                    (_, Some(rings)) if now.since(begun) >= rings => LegOutcome::NoAnswer,
                    _ => LegOutcome::GivenUp,
                };
            }
            tell(common, &self.id, &record);
        }
        self.leg_book.reporting.push((leg, self.record.legs.len()));
        self.record.leg(record);
    }

    /// What the media of a leg was like: known when it is over.
    fn note_report(&mut self, key: LegKey, report: Report) {
        let reporting = &mut self.leg_book.reporting;
        let Some(at) = reporting.iter().position(|(leg, _)| *leg == key) else { return };
        let (_, place) = reporting.swap_remove(at);
        if let Some(leg) = self.record.legs.get_mut(place).filter(|leg| leg.talk_ms.is_some()) {
            leg.media = Some(report.into());
        }
    }
}

impl Page {
    /// Whether whoever was called has the caller on hold now.
    fn hold(&mut self, now: Instant, holds: bool) {
        match (self.holds, holds && self.answered.is_some()) {
            (None, true) => self.holds = Some(now),
            (Some(since), false) => {
                self.held += now.since(since);
                self.holds = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}

impl LegOutcome {
    fn of(status: u16) -> Self {
        match status {
            486 | 600 | 603 => Self::Busy,
            408 | 480 | 487 => Self::NoAnswer,
            _ => Self::Refused,
        }
    }
}

fn tell(common: &mut Common, call: &Name, record: &LegRecord) {
    common.event(Event::Leg { call: call.clone(), leg: Box::new(record.clone()) });
}

/// The number of a call through a trunk, or the address of a phone.
fn called(target: &str, by_trunk: bool) -> String {
    let user = target.strip_prefix("sip:").and_then(|rest| rest.split_once('@')).map(|(user, _)| user);
    user.filter(|_| by_trunk).unwrap_or(target).to_owned()
}
