//! The end of a call, theirs and ours: RFC 3261 §15.

use super::errand::{Errand, Farewell, Orphan};
use super::{Exchange, Phase};
use crate::base::time::Instant;
use crate::sip::endpoint::wire::Asked;
use crate::sip::endpoint::{End, Endpoint, Event, InviteId};
use crate::sip::message::{HeaderName, Method, Response};

impl Endpoint {
    /// A BYE of theirs came in a dialog of ours, in order.
    pub(in crate::sip) fn bye(&mut self, now: Instant, id: InviteId, asked: &Asked) {
        self.wire.reply(now, asked, 200, |it| it);
        let reason = asked.request.headers().reason().map(Into::into);
        let Some(invite) = self.forget(id) else { return };
        match invite.phase {
            // A caller may say BYE to an early dialog (RFC 3261 §15); its INVITE is then answered 487 (§15.1.2).
            Phase::Offered(offered) => {
                let response = self.wire.response(&offered.asked, 487).tag(&offered.dialog.local_tag);
                self.wire.respond(now, offered.server, 487, response);
            }
            Phase::Answered(talk, _) | Phase::Talking(talk) => self.drop_exchange(now, talk.exchange),
            Phase::Leaving(..) => return,
            Phase::Calling(_) | Phase::Moving(_) => {}
        }
        self.wire.emit(Event::Ended(id, End::Bye(reason)));
    }

    /// See [`Endpoint::hang_up`].
    pub(in crate::sip) fn hang(&mut self, now: Instant, id: InviteId, reason: Option<&str>) {
        let Some(invite) = self.invites.get_mut(id) else { return };
        match &invite.phase {
            Phase::Offered(_) => {
                self.say_no(now, id, 487, |it| it);
            }
            Phase::Calling(_) => self.abandon(now, id, reason),
            Phase::Answered(..) => {
                let Phase::Answered(talk, unacked) = invite.take() else { return };
                self.drop_exchange(now, talk.exchange);
                let farewell = Farewell {
                    dialog: talk.dialog,
                    credentials: talk.credentials,
                    reason: reason.map(Into::into),
                };
                self.leaving += 1;
                self.enter(id, Phase::Leaving(Box::new(farewell), unacked));
            }
            Phase::Talking(_) => self.finish(now, id, reason),
            Phase::Leaving(..) | Phase::Moving(_) => {}
        }
    }

    /// Ends a call that is up by BYE; no event.
    pub(in crate::sip) fn finish(&mut self, now: Instant, id: InviteId, reason: Option<&str>) {
        let Some(invite) = self.forget(id) else { return };
        if let Phase::Answered(talk, _) | Phase::Talking(talk) = invite.phase {
            self.drop_exchange(now, talk.exchange);
            let farewell = Farewell {
                dialog: talk.dialog,
                credentials: talk.credentials,
                reason: reason.map(Into::into),
            };
            self.farewell(now, Box::new(farewell), None);
        }
    }

    /// The ACK that a BYE of ours waited for has come, or will not come any more.
    pub(in crate::sip) fn leave(&mut self, now: Instant, id: InviteId) {
        if let Some(Phase::Leaving(farewell, _)) = self.forget(id).map(|invite| invite.phase) {
            self.farewell(now, farewell, None);
        }
    }

    /// Says BYE.
    pub(in crate::sip) fn farewell(
        &mut self,
        now: Instant,
        mut farewell: Box<Farewell>,
        authorization: Option<(HeaderName, String)>,
    ) {
        let sequence = farewell.dialog.next_sequence();
        let (mut builder, branch, path) = self.wire.compose_in(&farewell.dialog, &Method::Bye, sequence);
        if let Some((name, value)) = authorization {
            builder = builder.header(name, value);
        }
        if let Some(reason) = &farewell.reason {
            builder = builder.header(HeaderName::Reason, reason);
        }
        self.wire.request(now, (&branch, &Method::Bye, path), builder.build(), Errand::Farewell(farewell));
    }

    /// Our BYE was answered: a challenge is met once, all else is the end (RFC 3261 §15.1.1).
    pub(in crate::sip) fn farewell_answered(
        &mut self,
        now: Instant,
        mut farewell: Box<Farewell>,
        response: &Response,
    ) {
        if !matches!(response.status(), 401 | 407) {
            return;
        }
        let Some(credentials) = farewell.credentials.take() else { return };
        let (uri, _) = farewell.dialog.addressing();
        let authorization = self.authorization(response, &credentials, (&Method::Bye, &uri, b""));
        if authorization.is_some() {
            self.farewell(now, farewell, authorization);
        }
    }

    /// What happens to an offer that is under way when its call ends.
    pub(in crate::sip) fn drop_exchange(&mut self, now: Instant, exchange: Exchange) {
        match exchange {
            // RFC 3261 §15.1.2: pending requests are answered 487.
            Exchange::Theirs(asked, server) => {
                let response = self.wire.response(&asked, 487);
                self.wire.respond(now, server, 487, response);
            }
            Exchange::Ours(ours) => {
                self.wire
                    .transactions
                    .replace_client_user(ours.client, Errand::Orphan(Orphan::acknowledged_only()));
            }
            Exchange::Idle | Exchange::Confirming(_) => {}
        }
    }
}
