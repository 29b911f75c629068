//! An incoming call, from its INVITE to the ACK of our 200: RFC 3261 §13.3.

use std::net::IpAddr;
use std::sync::Arc;

use super::session_timer::{self, MIN_SE, SessionTimer};
use super::{Exchange, Invite, Offered, Phase, Talk, Unacked};
use crate::base::time::{Duration, Instant, Now};
use crate::sip::endpoint::body::{Body, body_of};
use crate::sip::endpoint::wire::{ALLOW, Asked, SUPPORTED, tag_number};
use crate::sip::endpoint::{End, Endpoint, Event, InviteId, Invited, Refusal};
use crate::sip::message::{HeaderName, Headers, ResponseBuilder};

/// RFC 3261 §13.3.1.1: a provisional response each minute, or proxies give the INVITE up.
const REMIND: Duration = Duration::from_secs(60);

impl Endpoint {
    /// A new INVITE that may come in: 100, and the switchboard is asked.
    pub(in crate::sip) fn invited(&mut self, now: Now, asked: Asked) {
        let headers = asked.request.headers();
        let offer = match body_of(headers, asked.request.body()) {
            Body::Sdp(sdp) => Some(sdp),
            Body::None | Body::Foreign | Body::Encoded => None,
        };
        if session_timer::Asked::of(headers) == session_timer::Asked::TooSmall {
            self.wire.turned(&asked, 422, "its session timer is too short");
            return self
                .wire
                .reply_stateless(&asked, 422, |it| it.header(HeaderName::MinSe, MIN_SE.to_string()));
        }
        let local_tag = self.wire.tag();
        let (Some(dialog), Some(tag)) = (asked.dialog(&local_tag), tag_number(&local_tag)) else {
            return self.wire.reply_stateless(&asked, 400, |it| it);
        };
        let mut invited = described(&asked, offer);
        invited.account = self.registrar.proves(now, &mut self.wire, &asked);
        let id = self.invites.insert(Invite { phase: Phase::Moving(None), tag, armed: None });
        self.by_tag.insert(tag, id);
        let server = self.wire.serve(now.at, &asked, Some(id));
        let trying = self.wire.response(&asked, 100);
        self.wire.respond(now.at, server, 100, trying);
        let expires = headers.expires().map(|seconds| now.at + Duration::from_secs(seconds.into()));
        let is_offerless = invited.offer.is_none();
        let offered = Offered { asked, server, dialog, expires, remind: None, is_offerless };
        self.enter(id, Phase::Offered(Box::new(offered)));
        self.wire.emit(Event::Invited(id, Box::new(invited)));
    }

    /// See [`Endpoint::progress`].
    pub(in crate::sip) fn say_progress(
        &mut self,
        now: Instant,
        id: InviteId,
        status: u16,
        sdp: Option<&[u8]>,
    ) {
        let Some(invite) = self.invites.get_mut(id) else { return };
        let (Phase::Offered(offered), 101..=199) = (&mut invite.phase, status) else { return };
        let mut response = forming(&self.wire.contact(offered.asked.origin), offered, &self.wire, status);
        // Without an offer, an unreliable provisional response can hold no SDP of ours (RFC 3261 §13.2.1).
        if let Some(sdp) = sdp.filter(|_| !offered.is_offerless) {
            response = response.body("application/sdp", sdp);
        }
        offered.remind = Some(now + REMIND);
        let server = offered.server;
        self.wire.respond(now, server, status, response);
        self.rearm(id);
    }

    /// See [`Endpoint::answer`].
    pub(in crate::sip) fn say_yes(&mut self, now: Instant, id: InviteId, sdp: &[u8]) {
        let Some(invite) = self.invites.get_mut(id) else { return };
        let offered = match invite.take() {
            Phase::Offered(offered) => *offered,
            other => return invite.phase = other,
        };
        let mut response = forming(&self.wire.contact(offered.asked.origin), &offered, &self.wire, 200)
            .header(HeaderName::Allow, ALLOW)
            .header(HeaderName::Supported, SUPPORTED);
        let mut session = None;
        if let session_timer::Asked::Timer(wanted) = session_timer::Asked::of(offered.asked.request.headers())
        {
            response = wanted.write(response);
            session = Some(wanted.start(now));
        }
        let bytes = response.body("application/sdp", sdp).build();
        let Some(transmit) = self.wire.transactions.respond(now, offered.server, 200, bytes) else {
            // Its transaction is over, which only happens together with the usage.
            self.forget(id);
            return;
        };
        self.wire.send(transmit.clone());
        let sequence = offered.asked.request.cseq().number;
        let unacked = Unacked::new(now, transmit, sequence, offered.is_offerless);
        let talk = Talk {
            dialog: offered.dialog,
            exchange: Exchange::Idle,
            queued: None,
            session,
            probed: None,
            credentials: None,
            sdp: sdp.into(),
            peer_sdp: sdp_of(offered.asked.request.headers(), offered.asked.request.body()),
            is_ours: false,
        };
        self.enter(id, Phase::Answered(Box::new(talk), unacked));
    }

    /// See [`Endpoint::refuse`].
    pub(in crate::sip) fn say_no(
        &mut self,
        now: Instant,
        id: InviteId,
        status: u16,
        with: impl FnOnce(ResponseBuilder) -> ResponseBuilder,
    ) -> bool {
        let Some(Invite { phase: Phase::Offered(offered), .. }) = self.invites.get(id) else { return false };
        let response = self.wire.response(&offered.asked, status).tag(&offered.dialog.local_tag);
        let server = offered.server;
        self.wire.respond(now, server, status, with(response));
        self.forget(id);
        true
    }

    /// Where an INVITE came from that is not answered yet.
    pub(in crate::sip) fn source_of(&self, id: InviteId) -> Option<IpAddr> {
        match &self.invites.get(id)?.phase {
            Phase::Offered(offered) => Some(offered.asked.source.ip()),
            _ => None,
        }
    }

    /// Refuses as a stateless server does (RFC 3261 §8.2.7): usage and transaction go, nothing is repeated.
    pub(in crate::sip) fn turn_away(
        &mut self,
        id: InviteId,
        status: u16,
        with: impl FnOnce(ResponseBuilder) -> ResponseBuilder,
    ) {
        if !matches!(self.invites.get(id), Some(Invite { phase: Phase::Offered(_), .. })) {
            return;
        }
        let Some(Invite { phase: Phase::Offered(offered), .. }) = self.forget(id) else { return };
        self.wire.transactions.drop_server(offered.server);
        self.wire.reply_stateless(&offered.asked, status, with);
    }

    /// Refuses as the switchboard says.
    pub(in crate::sip) fn say_refusal(&mut self, now: Instant, id: InviteId, refusal: Refusal) {
        let status = if (300..=699).contains(&refusal.status) { refusal.status } else { 500 };
        self.say_no(now, id, status, |response| match refusal.retry_after {
            Some(seconds) => response.header(HeaderName::RetryAfter, seconds.to_string()),
            None => response,
        });
    }

    /// An ACK that no transaction wanted: of a 2xx of ours, by dialog and number (RFC 3261 §13.3.1.4), or of nothing.
    pub(in crate::sip) fn acknowledged(&mut self, now: Instant, asked: &Asked) {
        let Some(id) = self.find(&asked.request) else {
            self.wire.counters.stray += 1;
            return;
        };
        let Some(invite) = self.invites.get_mut(id) else { return };
        let number = asked.request.cseq().number;
        let sdp = sdp_of(asked.request.headers(), asked.request.body());
        match invite.take() {
            Phase::Answered(mut talk, unacked) if unacked.sequence == number => {
                let answer = sdp.filter(|_| unacked.is_offer);
                talk.peer_sdp = answer.clone().or(talk.peer_sdp.take());
                self.enter(id, Phase::Talking(talk));
                self.wire.emit(Event::Acknowledged(id, answer));
            }
            Phase::Talking(mut talk) => {
                match &talk.exchange {
                    Exchange::Confirming(unacked) if unacked.sequence == number => {
                        let answer = sdp.filter(|_| unacked.is_offer);
                        talk.exchange = Exchange::Idle;
                        if answer.is_some() {
                            talk.peer_sdp = answer.clone();
                            self.wire.emit(Event::Acknowledged(id, answer));
                        }
                    }
                    Exchange::Idle | Exchange::Theirs(..) | Exchange::Confirming(_) | Exchange::Ours(_) => {}
                }
                self.enter(id, Phase::Talking(talk));
            }
            Phase::Leaving(farewell, unacked) if unacked.sequence == number => {
                self.enter(id, Phase::Leaving(farewell, unacked));
                self.leave(now, id);
            }
            other => self.enter(id, other),
        }
    }

    /// The caller's Expires is over (RFC 3261 §13.3.1).
    pub(in crate::sip) fn expired(&mut self, now: Instant, id: InviteId) {
        if self.say_no(now, id, 487, |it| it) {
            self.wire.emit(Event::Ended(id, End::Cancelled));
        }
    }

    /// The last provisional response once more.
    pub(in crate::sip) fn remind(&mut self, now: Instant, id: InviteId) {
        let Some(invite) = self.invites.get_mut(id) else { return };
        let Phase::Offered(offered) = &mut invite.phase else { return };
        offered.remind = Some(now + REMIND);
        if let Some(transmit) = self.wire.transactions.repeated(offered.server) {
            self.wire.send(transmit);
        }
        self.rearm(id);
    }
}

/// A response that makes or confirms the dialog: tag, Record-Route, Contact (RFC 3261 §12.1.1).
fn forming(
    contact: &str,
    offered: &Offered,
    wire: &crate::sip::endpoint::wire::Wire,
    status: u16,
) -> ResponseBuilder {
    wire.response(&offered.asked, status)
        .tag(&offered.dialog.local_tag)
        .copy(offered.asked.request.headers(), HeaderName::RecordRoute)
        .header(HeaderName::Contact, contact)
}

/// The SDP of a message, if it has some.
pub(in crate::sip) fn sdp_of(headers: &Headers, body: &[u8]) -> Option<Arc<[u8]>> {
    match body_of(headers, body) {
        Body::Sdp(sdp) => Some(sdp),
        Body::None | Body::Foreign | Body::Encoded => None,
    }
}

/// A new session timer for the answer to a request of theirs in a call that is up.
pub(in crate::sip) fn session_of(
    now: Instant,
    headers: &Headers,
    response: ResponseBuilder,
) -> (ResponseBuilder, Option<SessionTimer>) {
    match session_timer::Asked::of(headers) {
        session_timer::Asked::Timer(wanted) => (wanted.write(response), Some(wanted.start(now))),
        session_timer::Asked::Nothing | session_timer::Asked::TooSmall => (response, None),
    }
}

/// An INVITE in the words of telephony.
fn described(asked: &Asked, offer: Option<Arc<[u8]>>) -> Invited {
    let request = &asked.request;
    let headers = request.headers();
    let values = |name| headers.values(name).into_iter().map(Into::into).collect();
    let first = |name| headers.first(name).map(Into::into);
    Invited {
        remote: Some(asked.source),
        local: asked.origin.local,
        account: None,
        call_id: request.call_id().to_owned(),
        request_uri: request.uri_text().to_owned(),
        from: request.from().text().to_owned(),
        to: request.to().text().to_owned(),
        asserted: values(HeaderName::PAssertedIdentity),
        remote_party: values(HeaderName::RemotePartyId),
        diversion: values(HeaderName::Diversion),
        history: values(HeaderName::HistoryInfo),
        privacy: first(HeaderName::Privacy),
        identity: first(HeaderName::Identity),
        offer,
    }
}
