//! A new call: let in, with a leg whose port is being bound, or refused.

use super::Switchboard;
use super::call::{Call, Origin, Stage};
use super::common::Seat;
use super::event::Event;
use super::leg::{Leg, RETRY_AFTER_S, Role, Way};
use super::record;
use super::route::{self, Refused, Stranger};
use super::timer::Timer;
use crate::base::limit::{CALL_DURATION_MAX, TOLD_CHARS_MAX};
use crate::base::pii::Pii;
use crate::flow::walk::Walk;
use crate::sip::endpoint::{InviteId, Invited, Refusal};
use std::sync::Arc;

impl Switchboard {
    pub(super) fn on_invited(&mut self, invite: InviteId, invited: &Invited) {
        let Self { common, .. } = self;
        let edition = Arc::clone(&common.edition);
        let is_full = common.on_line >= edition.site.shared.server.calls_max;
        // Strangers are told nothing of how full the house is.
        let route = match route::route(common.now, &edition, invited, |trunk| common.has_room(trunk)) {
            Ok(_) if is_full => {
                return self.refuse(invite, invited, full("as many calls as the site allows"));
            }
            Ok(route) => route,
            Err(refused) => return self.refuse(invite, invited, refused),
        };
        if let Err(refused) = common.hears(&edition, &route) {
            return self.refuse(invite, invited, refused);
        }
        let reached = invited.local.map(|local| local.ip());
        let worker = common.worker();
        let Some(line) = common.new_line(worker, reached, invited.remote.map(|remote| remote.ip())) else {
            return self.refuse(invite, invited, full("no RTP port left"));
        };
        let mut facts = route.facts.clone();
        facts.reference = record::reference(&mut common.rng);
        facts.chance = common.rng.u64();
        let record = record::of_invited(common.now, &mut common.rng, &edition, invited, &route, &facts);
        let trunk = record.trunk.clone();
        common.on_line += 1;
        common.counters.calls += 1;
        let leg = Leg::opening(Role::Caller, trunk, line, Way::In(invite, invited.offer.clone()));
        let call = Call::new(
            common,
            Origin {
                walk: Walk::new(Arc::clone(&route.flow)),
                edition,
                facts,
                trunk: route.trunk,
                stage: Stage::Over,
                place: None,
                record,
            },
        );
        common.event(Event::CallBegan {
            call: call.id.clone(),
            caller: call.facts.caller.clone(),
            number: call.facts.number.clone(),
            flow: route.flow.name.clone(),
        });
        let key = self.insert(Box::new(call));
        self.with(key, |call, common| {
            let leg = call.add_leg(common, leg, None);
            call.stage = Stage::Live(leg);
            call.enters_traffic(common);
            common.usages.insert(invite, Seat { call: key, leg });
            common.timers.set(common.now.at + CALL_DURATION_MAX, key, Timer::Longest);
        });
    }

    fn refuse(&mut self, invite: InviteId, invited: &Invited, refused: Refused) {
        let Self { common, .. } = self;
        common.counters.refused += 1;
        let challenged = refused.stranger == Some(Stranger::Challenged);
        let known = invited.remote.is_some_and(|remote| common.endpoint.is_known(remote.ip()));
        // A registered phone is asked for its password at each call: that is no news.
        if !(challenged && known) {
            common.event(Event::CallRefused {
                status: if challenged { 401 } else { refused.refusal.status },
                why: refused.why,
                remote: invited.remote,
                called: user_told(&invited.request_uri),
                caller: Pii::new(user_told(&invited.from)),
                peer: refused.stranger.is_none(),
            });
        }
        common.record_refused(invited, &refused);
        match refused.stranger {
            Some(Stranger::Challenged) => common.endpoint.challenge(common.now, invite),
            Some(Stranger::ShutOut) => common.endpoint.shut_out(invite, refused.refusal.status),
            None => common.endpoint.refuse(common.now, invite, refused.refusal),
        }
    }
}

/// For the log: what stands before the `@` of a URI, alone or in a header.
fn user_told(text: &str) -> String {
    let uri = text.split_once('<').map_or(text, |(_, uri)| uri);
    let user = uri.split_once(':').map_or(uri, |(_, rest)| rest).split(['@', '>', ';']).next();
    user.unwrap_or_default().chars().take(TOLD_CHARS_MAX).collect()
}

/// There is no room for another call.
fn full(why: &'static str) -> Refused {
    Refused { refusal: Refusal { status: 503, retry_after: Some(RETRY_AFTER_S) }, why, stranger: None }
}
