//! What stands in a record from the first moment on.

use super::call::Call;
use super::common::Common;
use super::edition::Edition;
use super::route::{self, INTERNAL, Refused, Route};
use crate::base::diagnostic::Text;
use crate::base::limit::REFUSED_RECORDS_MAX;
use crate::base::name::Name;
use crate::base::rng::Rng;
use crate::base::time::Now;
use crate::centre::number;
use crate::centre::record::{CallRecord, CalledRaw, EndedBy, MediaReport, record_id};
use crate::flow::vocabulary::CallFacts;
use crate::media::vocabulary::Report;
use crate::sip::endpoint::Invited;

/// A reference of six digits, to be said and asked for. It names a call among those of a day; the record's id names it for good.
pub(super) fn reference(rng: &mut Rng) -> String {
    format!("{:06}", rng.below(1_000_000))
}

/// Of a call that came in.
pub(super) fn of_invited(
    now: Now,
    rng: &mut Rng,
    edition: &Edition,
    invited: &Invited,
    route: &Route,
    facts: &CallFacts,
) -> CallRecord {
    CallRecord {
        id: record_id(now.wall, rng),
        call_id: invited.call_id.clone(),
        reference: facts.reference.clone(),
        trunk: outside(&route.trunk),
        peer: invited.remote,
        number: Some(facts.number.clone()),
        called_raw: called_raw(invited),
        campaign: facts.campaign.clone(),
        caller: route.caller.number.as_ref().map(|number| number.reveal().clone()),
        caller_name: route.caller.display.clone(),
        caller_class: Some(route.caller.class),
        identity: invited.identity.clone(),
        started: edition.moment(now.wall),
        flow: Some(route.flow.name.clone()),
        flow_version: Some(route.flow.version.to_string()),
        site_version: Some(edition.site.version.to_string()),
        ..CallRecord::default()
    }
}

/// Of a call that was refused before it had a flow.
fn of_refused(common: &mut Common, invited: &Invited, refused: &Refused) -> CallRecord {
    let edition = &common.edition;
    let (name, trunk) =
        edition.trunk_of_call(invited).map(|(name, line)| (name.clone(), &line.trunk)).unzip();
    let from = route::calling(trunk, invited);
    let moment = edition.moment(common.now.wall);
    CallRecord {
        trunk: name,
        number: route::called(trunk, invited).into_iter().next(),
        caller: from.number.as_ref().map(|number| number.reveal().clone()),
        caller_class: Some(from.class),
        ended: Some(moment),
        started: moment,
        site_version: Some(edition.site.version.to_string()),
        call_id: invited.call_id.clone(),
        peer: invited.remote,
        called_raw: called_raw(invited),
        identity: invited.identity.clone(),
        ended_by: EndedBy::Server,
        reason: Some(refused.why.to_owned()),
        status: refused.refusal.status,
        id: record_id(common.now.wall, &mut common.rng),
        ..CallRecord::default()
    }
}

impl Common {
    /// A call of a peer or of a registered phone that is refused leaves a record too. A stranger's does not: it would let
    /// anybody fill the disk; nor does what a peer sends beyond a bound, which is counted and told instead.
    pub(super) fn record_refused(&mut self, invited: &Invited, refused: &Refused) {
        if refused.stranger.is_some() {
            return;
        }
        let minute = self.now.at.as_micros() / 60_000_000;
        if self.refused_records.0 != minute {
            self.refused_records = (minute, 0);
        }
        self.refused_records.1 += 1;
        match self.refused_records.1 {
            1..=REFUSED_RECORDS_MAX => {
                let record = of_refused(self, invited, refused);
                self.record(record);
            }
            beyond if beyond == REFUSED_RECORDS_MAX + 1 => {
                self.alarm(Text::word("so many calls are refused that not each leaves a record"));
            }
            _ => {}
        }
    }
}

fn called_raw(invited: &Invited) -> CalledRaw {
    CalledRaw {
        request_uri: invited.request_uri.clone(),
        to: invited.to.clone(),
        diversion: invited.diversion.clone(),
        history: invited.history.clone(),
    }
}

/// Of a call back that is promised in another call.
pub(super) fn of_promise(common: &mut Common, origin: &Call, facts: &CallFacts) -> CallRecord {
    let number = facts.caller.as_ref().map(|number| number.reveal().clone());
    CallRecord {
        id: record_id(common.now.wall, &mut common.rng),
        callback_of: Some(origin.record.id.clone()),
        reference: facts.reference.clone(),
        trunk: outside(&origin.trunk),
        number: Some(facts.number.clone()),
        campaign: facts.campaign.clone(),
        caller_class: number.as_deref().map(|number| number::normalise(number).class),
        caller: number,
        started: origin.edition.moment(common.now.wall),
        flow: origin.record.flow.clone(),
        flow_version: origin.record.flow_version.clone(),
        site_version: origin.record.site_version.clone(),
        ..CallRecord::default()
    }
}

fn outside(trunk: &Name) -> Option<Name> {
    Some(trunk.clone()).filter(|trunk| *trunk != INTERNAL)
}

impl From<Report> for MediaReport {
    fn from(report: Report) -> Self {
        Self {
            sent: report.sent,
            received: report.received,
            lost: report.lost,
            jitter_ms: report.jitter_us / 1_000,
        }
    }
}
