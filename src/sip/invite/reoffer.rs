//! Offers in a call that is up, both ways: re-INVITE (RFC 3261 §14), UPDATE (RFC 3311). One at a time; two that cross are
//! refused by 491 and tried again at times that differ (glare).

use std::sync::Arc;

use super::cancel::reread;
use super::errand::Errand;
use super::session_timer::{self, MIN_SE, SessionTimer};
use super::uas::{sdp_of, session_of};
use super::{Exchange, Invite, Ours, Phase, Queued, Talk, Unacked, Wish};
use crate::base::time::{Duration, Instant};
use crate::sip::endpoint::wire::{ALLOW, Asked, ClientId, SUPPORTED, Wire};
use crate::sip::endpoint::{End, Endpoint, Event, Failure, InviteId};
use crate::sip::message::{HeaderName, Method, Response};

impl Endpoint {
    /// A re-INVITE or UPDATE came in a dialog, in order and readable.
    pub(in crate::sip) fn offered(&mut self, now: Instant, id: InviteId, asked: Asked) {
        let is_invite = *asked.request.method() == Method::Invite;
        let headers = asked.request.headers();
        let offer = sdp_of(headers, asked.request.body());
        if session_timer::Asked::of(headers) == session_timer::Asked::TooSmall {
            return self.wire.reply(now, &asked, 422, |it| it.header(HeaderName::MinSe, MIN_SE.to_string()));
        }
        let Some(invite) = self.invites.get_mut(id) else { return };
        let refusal = match &mut invite.phase {
            // RFC 3261 §14.2, RFC 3311 §5.2: an offer while ours is open is glare, while theirs is open is haste.
            Phase::Offered(_) if offer.is_none() && !is_invite => None,
            Phase::Offered(_) => Some(500),
            Phase::Answered(_, unacked) if is_invite || offer.is_some() => {
                Some(if unacked.is_offer { 491 } else { 500 })
            }
            Phase::Answered(..) => None,
            Phase::Talking(talk) => match &talk.exchange {
                _ if !is_invite && offer.is_none() => None,
                Exchange::Idle => None,
                Exchange::Ours(_) => Some(491),
                Exchange::Confirming(unacked) if unacked.is_offer => Some(491),
                Exchange::Theirs(..) | Exchange::Confirming(_) => Some(500),
            },
            Phase::Calling(_) | Phase::Leaving(..) | Phase::Moving(_) => Some(481),
        };
        if let Some(status) = refusal {
            let soon = self.wire.soon();
            return self.wire.reply(now, &asked, status, |it| match status {
                500 => it.header(HeaderName::RetryAfter, soon),
                _ => it,
            });
        }
        if !is_invite && offer.is_none() {
            return self.refreshed(now, id, &asked);
        }
        let server = self.wire.serve(now, &asked, is_invite.then_some(id));
        if is_invite {
            let trying = self.wire.response(&asked, 100);
            self.wire.respond(now, server, 100, trying);
        }
        if let Some(talk) = self.invites.get_mut(id).and_then(Invite::talk) {
            talk.exchange = Exchange::Theirs(Box::new(asked), server);
        }
        self.rearm(id);
        self.wire.emit(Event::Offered(id, offer));
    }

    /// An UPDATE without an offer: it refreshes the session and the target, and asks nobody.
    fn refreshed(&mut self, now: Instant, id: InviteId, asked: &Asked) {
        let server = self.wire.serve(now, asked, None);
        let contact = self.wire.contact(asked.origin);
        let response = self.wire.response(asked, 200).header(HeaderName::Contact, contact);
        let (response, session) = session_of(now, asked.request.headers(), response);
        self.wire.respond(now, server, 200, response);
        if let Some(invite) = self.invites.get_mut(id) {
            if let Some(dialog) = invite.dialog() {
                dialog.refresh(asked.request.headers().contact());
            }
            if let Some(talk) = invite.talk() {
                talk.session = session;
            }
        }
        self.rearm(id);
    }

    /// See [`Endpoint::answer_offer`].
    pub(in crate::sip) fn say_answer(&mut self, now: Instant, id: InviteId, answer: Result<&[u8], u16>) {
        let Some(talk) = self.invites.get_mut(id).and_then(Invite::talk) else { return };
        let (asked, server) = match std::mem::replace(&mut talk.exchange, Exchange::Idle) {
            Exchange::Theirs(asked, server) => (asked, server),
            other => return talk.exchange = other,
        };
        match answer {
            Ok(sdp) => accept(&mut self.wire, talk, now, &asked, server, sdp),
            Err(status) => {
                let status = if (300..=699).contains(&status) { status } else { 488 };
                let response = self.wire.response(&asked, status);
                self.wire.respond(now, server, status, response);
            }
        }
        self.rearm(id);
    }

    /// See [`Endpoint::reoffer`].
    pub(in crate::sip) fn offer(&mut self, now: Instant, id: InviteId, sdp: Arc<[u8]>, wish: Wish) {
        let Some(invite) = self.invites.get_mut(id) else { return };
        let is_free =
            matches!(&invite.phase, Phase::Talking(talk) if matches!(talk.exchange, Exchange::Idle));
        let Some(talk) = invite.talk() else { return };
        match &talk.queued {
            // A wish of the switchboard refreshes the session as well; the other way round it would be lost.
            Some(queued) if wish == Wish::Refresh && queued.wish == Wish::Switchboard => return,
            Some(_) | None => {}
        }
        talk.queued = Some(Queued { sdp, at: now, wish });
        if is_free {
            self.next_offer(now, id);
        }
        self.rearm(id);
    }

    /// Sends the offer of ours whose turn it is.
    pub(in crate::sip) fn next_offer(&mut self, now: Instant, id: InviteId) {
        let Some(Invite { phase: Phase::Talking(talk), .. }) = self.invites.get_mut(id) else { return };
        if let (Exchange::Idle, Some(queued)) = (&talk.exchange, talk.queued.take()) {
            self.send_offer(now, id, queued, None);
        }
        self.rearm(id);
    }

    fn send_offer(
        &mut self,
        now: Instant,
        id: InviteId,
        queued: Queued,
        authorization: Option<(HeaderName, String)>,
    ) {
        let Some(talk) = self.invites.get_mut(id).and_then(Invite::talk) else { return };
        let sequence = talk.dialog.next_sequence();
        let (mut builder, branch, path) = self.wire.compose_in(&talk.dialog, &Method::Invite, sequence);
        builder = builder
            .header(HeaderName::Contact, self.wire.contact(path))
            .header(HeaderName::Allow, ALLOW)
            .header(HeaderName::Supported, SUPPORTED);
        if let Some(session) = &mut talk.session {
            builder = session.write(now, builder);
        }
        let is_authorized = authorization.is_some();
        if let Some((name, value)) = authorization {
            builder = builder.header(name, value);
        }
        let bytes = builder.body("application/sdp", &queued.sdp).build();
        let sent = self.wire.request(now, (&branch, &Method::Invite, path), bytes, Errand::Reoffer(id));
        match sent {
            Some(client) => {
                let ours = Ours { client, sdp: queued.sdp, wish: queued.wish, is_authorized };
                talk.exchange = Exchange::Ours(Box::new(ours));
            }
            None if queued.wish == Wish::Switchboard => self.wire.emit(Event::OfferAnswered(id, Err(503))),
            None => {}
        }
        self.rearm(id);
    }

    /// A response to a re-INVITE of ours.
    pub(in crate::sip) fn reoffered(
        &mut self,
        now: Instant,
        id: InviteId,
        client: ClientId,
        response: &Response,
    ) {
        let Some(Invite { phase: Phase::Talking(talk), .. }) = self.invites.get_mut(id) else { return };
        let is_open = matches!(&talk.exchange, Exchange::Ours(ours) if ours.client == client);
        match response.status() {
            100..=199 => {}
            200..=299 if is_open => self.reoffer_accepted(now, id, client, response),
            200..=299 => {
                let tag = response.to().tag();
                let tag = tag.as_deref().unwrap_or_default().as_bytes();
                if let Some(ack) = self.wire.transactions.acknowledged(client, tag) {
                    self.wire.send(ack);
                }
            }
            status if is_open => self.reoffer_refused(now, id, status, response),
            _ => {}
        }
    }

    fn reoffer_accepted(&mut self, now: Instant, id: InviteId, client: ClientId, response: &Response) {
        let request = self.wire.transactions.client(client).and_then(|it| reread(it.request()));
        let Some(Invite { phase: Phase::Talking(talk), .. }) = self.invites.get_mut(id) else { return };
        let Exchange::Ours(ours) = std::mem::replace(&mut talk.exchange, Exchange::Idle) else { return };
        let answer = sdp_of(response.headers(), response.body());
        let is_news = answer.is_some() && answer != talk.peer_sdp;
        talk.dialog.refresh(response.headers().contact());
        talk.session = SessionTimer::of_response(now, response.headers());
        talk.sdp = ours.sdp;
        talk.peer_sdp = answer.clone().or(talk.peer_sdp.take());
        let dialog = talk.dialog.clone();
        if let Some(request) = request {
            self.acknowledge(client, &request, &dialog);
        }
        match (ours.wish, answer) {
            (Wish::Switchboard, Some(answer)) => self.wire.emit(Event::OfferAnswered(id, Ok(answer))),
            (Wish::Switchboard, None) => self.wire.emit(Event::OfferAnswered(id, Err(response.status()))),
            // The peer has used the refresh to move its media.
            (Wish::Refresh, Some(answer)) if is_news => self.wire.emit(Event::OfferAnswered(id, Ok(answer))),
            (Wish::Refresh, _) => {}
        }
        self.rearm(id);
    }

    fn reoffer_refused(&mut self, now: Instant, id: InviteId, status: u16, response: &Response) {
        let Some(Invite { phase: Phase::Talking(talk), .. }) = self.invites.get_mut(id) else { return };
        let Exchange::Ours(ours) = std::mem::replace(&mut talk.exchange, Exchange::Idle) else { return };
        let wish = ours.wish;
        match status {
            491 => {
                let at = now + glare(&mut self.wire, talk.is_ours);
                talk.queued.get_or_insert(Queued { sdp: ours.sdp, at, wish });
            }
            401 | 407 if !ours.is_authorized && talk.credentials.is_some() => {
                let credentials = talk.credentials.clone();
                let (uri, _) = talk.dialog.addressing();
                let what = (&Method::Invite, uri.as_str(), &*ours.sdp);
                let authorization = credentials.and_then(|it| self.authorization(response, &it, what));
                if authorization.is_some() {
                    return self.send_offer(now, id, Queued { sdp: ours.sdp, at: now, wish }, authorization);
                }
                self.refused_offer(id, wish, status);
            }
            422 => {
                let min_se = response.headers().min_se().unwrap_or(MIN_SE);
                if let Some(session) = &mut talk.session {
                    session.lengthen(now, min_se);
                }
                self.refused_offer(id, wish, status);
            }
            // RFC 3261 §12.2.1.2: the dialog is gone at the other end.
            481 => {
                self.forget(id);
                return self.wire.emit(Event::Ended(id, End::Lost));
            }
            408 => return self.lost(now, id, End::Lost),
            _ => self.refused_offer(id, wish, status),
        }
        self.rearm(id);
    }

    fn refused_offer(&mut self, id: InviteId, wish: Wish, status: u16) {
        if wish == Wish::Switchboard {
            self.wire.emit(Event::OfferAnswered(id, Err(status)));
        }
    }

    /// A re-INVITE of ours reached nobody.
    pub(in crate::sip) fn reoffer_failed(&mut self, now: Instant, id: InviteId, failure: Failure) {
        let end = match failure {
            Failure::Unreachable => End::Unreachable,
            Failure::Timeout | Failure::Refused(..) => End::Lost,
        };
        self.lost(now, id, end);
    }

    /// Ends a call that is up because its peer seems gone: BYE all the same (RFC 3261 §12.2.1.2).
    pub(in crate::sip) fn lost(&mut self, now: Instant, id: InviteId, end: End) {
        if self.invites.get_mut(id).and_then(Invite::talk).is_none() {
            return;
        }
        self.finish(now, id, None);
        self.wire.emit(Event::Ended(id, end));
    }

    /// The session wants its refresh: the same SDP again, version and all (RFC 4028 §7.4).
    pub(in crate::sip) fn refresh_session(&mut self, now: Instant, id: InviteId) {
        let Some(talk) = self.invites.get_mut(id).and_then(Invite::talk) else { return };
        if let Some(session) = &mut talk.session {
            session.refreshing(now);
        }
        let sdp = talk.sdp.clone();
        match talk.exchange {
            // What is under way refreshes the session too.
            Exchange::Ours(_) => self.rearm(id),
            Exchange::Idle | Exchange::Theirs(..) | Exchange::Confirming(_) => {
                self.offer(now, id, sdp, Wish::Refresh);
            }
        }
    }
}

/// 200 to their offer.
fn accept(
    wire: &mut Wire,
    talk: &mut Talk,
    now: Instant,
    asked: &Asked,
    server: crate::sip::endpoint::wire::ServerId,
    sdp: &[u8],
) {
    let headers = asked.request.headers();
    let response = wire
        .response(asked, 200)
        .copy(headers, HeaderName::RecordRoute)
        .header(HeaderName::Contact, wire.contact(asked.origin))
        .header(HeaderName::Allow, ALLOW)
        .header(HeaderName::Supported, SUPPORTED);
    let (response, session) = session_of(now, headers, response);
    talk.session = session;
    talk.dialog.refresh(headers.contact());
    talk.sdp = sdp.into();
    let offer = sdp_of(headers, asked.request.body());
    let is_offer = offer.is_none();
    talk.peer_sdp = offer.or(talk.peer_sdp.take());
    let bytes = response.body("application/sdp", sdp).build();
    let Some(transmit) = wire.transactions.respond(now, server, 200, bytes) else { return };
    wire.send(transmit.clone());
    if *asked.request.method() == Method::Invite {
        let sequence = asked.request.cseq().number;
        talk.exchange = Exchange::Confirming(Unacked::new(now, transmit, sequence, is_offer));
    }
}

/// How long a refused offer waits after a glare: 2.1 to 4 seconds who made the Call-ID, 0 to 2 the other, in steps of
/// 10 ms (RFC 3261 §14.1).
fn glare(wire: &mut Wire, is_ours: bool) -> Duration {
    let steps = if is_ours { 210 + wire.rng.below(191) } else { wire.rng.below(201) };
    Duration::from_millis(steps * 10)
}
