//! An outgoing call, from our INVITE to the 2xx and its ACK: RFC 3261 §13.2.

use std::sync::Arc;

use super::cancel::{beside, reread};
use super::errand::{Errand, Farewell, Farewells, Orphan};
use super::session_timer::SessionTimer;
use super::uas::sdp_of;
use super::{Calling, Exchange, Invite, Phase, Talk};
use crate::base::limit::TOLD_CHARS_MAX;
use crate::base::time::{Duration, Instant};
use crate::sip::dialog::Dialog;
use crate::sip::endpoint::wire::{ALLOW, ClientId, SUPPORTED, tag_number};
use crate::sip::endpoint::{Endpoint, Event, Failure, Invitation, InviteId, Told};
use crate::sip::message::{Contacts, HeaderName, Method, Request, Response};
use crate::sip::path::Path;
use crate::sip::transport::Datagram;

/// How much longer than our patience the INVITE is valid: the CANCEL shall come first.
const SLACK: Duration = Duration::from_secs(5);

/// What tells one INVITE of a call from the next, when the first was challenged.
struct Attempt {
    call_id: String,
    local_tag: String,
    sequence: u32,
    give_up: Instant,
    authorization: Option<(HeaderName, String)>,
    proofs: u8,
}

/// A challenge is met once, and again as long as it says that only our nonce was too old (RFC 7616 §3.3, `stale`).
const PROOFS_MAX: u8 = 3;

impl Endpoint {
    /// See [`Endpoint::invite`].
    pub(in crate::sip) fn call(&mut self, now: Instant, invitation: Invitation) -> InviteId {
        let local_tag = self.wire.tag();
        let tag = tag_number(&local_tag).unwrap_or_default();
        let id = self.invites.insert(Invite { phase: Phase::Moving(None), tag, armed: None });
        self.by_tag.insert(tag, id);
        let attempt = Attempt {
            call_id: self.wire.rng.hex(16),
            local_tag,
            sequence: 1,
            give_up: now + invitation.timeout,
            authorization: None,
            proofs: 0,
        };
        self.attempt(now, id, invitation, attempt);
        id
    }

    fn attempt(&mut self, now: Instant, id: InviteId, invitation: Invitation, attempt: Attempt) {
        let path = Path {
            protocol: invitation.protocol,
            local: None,
            remote: invitation.remote,
            connection: invitation.connection,
        };
        let (builder, branch) = self.wire.compose(&Method::Invite, &invitation.target, path);
        let mut builder = builder
            .header(HeaderName::From, format!("{};tag={}", bracketed(&invitation.from), attempt.local_tag))
            .header(HeaderName::To, bracketed(&invitation.to))
            .header(HeaderName::CallId, &attempt.call_id)
            .header(HeaderName::CSeq, format!("{} INVITE", attempt.sequence))
            .header(HeaderName::Contact, self.wire.contact(path))
            // Should we vanish, or hear nothing so that we may not CANCEL, it does not ring for ever.
            .header(HeaderName::Expires, (invitation.timeout + SLACK).as_secs().to_string())
            .header(HeaderName::Allow, ALLOW)
            .header(HeaderName::Supported, SUPPORTED);
        for (name, value) in &invitation.headers {
            builder = builder.header(name, value);
        }
        if let Some((name, value)) = attempt.authorization {
            builder = builder.header(name, value);
        }
        let bytes = builder.body("application/sdp", &invitation.offer).build();
        let sent = self.wire.request(now, (&branch, &Method::Invite, path), bytes, Errand::Call(id));
        let Some(client) = sent else {
            self.forget(id);
            return self.wire.emit(Event::Failed(id, Failure::Refused(503, None)));
        };
        let calling = Calling {
            invitation,
            client,
            call_id: attempt.call_id,
            local_tag: attempt.local_tag,
            sequence: attempt.sequence,
            give_up: attempt.give_up,
            proofs: attempt.proofs,
            early: None,
            moved: None,
        };
        self.enter(id, Phase::Calling(Box::new(calling)));
    }

    /// A response to the INVITE of an outgoing call.
    pub(in crate::sip) fn called(
        &mut self,
        now: Instant,
        id: InviteId,
        client: ClientId,
        response: &Response,
        datagram: &Datagram,
    ) {
        match response.status() {
            100 => self.wire.emit(Event::Progress(id, 100, None)),
            status @ 101..=199 => self.ringing(id, status, response),
            200..=299 => self.accepted(now, id, client, response, datagram),
            status => self.refused(now, id, status, response),
        }
    }

    fn ringing(&mut self, id: InviteId, status: u16, response: &Response) {
        let Some(Invite { phase: Phase::Calling(calling), .. }) = self.invites.get_mut(id) else { return };
        let sdp = sdp_of(response.headers(), response.body());
        if sdp.is_some() {
            calling.early = sdp.clone();
        }
        self.wire.emit(Event::Progress(id, status, sdp));
    }

    /// A 2xx: the first makes the call, others of the same branch are its repeats, those of other branches are let go.
    fn accepted(
        &mut self,
        now: Instant,
        id: InviteId,
        client: ClientId,
        response: &Response,
        datagram: &Datagram,
    ) {
        let is_first = matches!(self.invites.get(id), Some(Invite { phase: Phase::Calling(it), .. }) if it.client == client);
        if !is_first {
            // Another fork's, of a call that was put through at the same operator.
            let credentials =
                self.invites.get_mut(id).and_then(Invite::talk).and_then(|it| it.credentials.clone());
            let orphan = Orphan { farewells: Farewells::Bye, reason: None, credentials };
            return self.dismiss(now, client, response, datagram, &orphan);
        }
        let Some((request, dialog)) = self.dialog_of(client, response, datagram) else {
            // A 2xx that makes no dialog cannot even be acknowledged.
            return self.called_off(now, id, Failure::Refused(502, None));
        };
        let Some(Phase::Calling(calling)) = self.invites.get_mut(id).map(Invite::take) else { return };
        self.acknowledge(client, &request, &dialog);
        // Some gateways say their SDP in the 183 only; it then stands for the answer (RFC 3261 §13.2.1).
        let answer = sdp_of(response.headers(), response.body()).or(calling.early);
        let talk = Talk {
            dialog,
            exchange: Exchange::Idle,
            queued: None,
            session: SessionTimer::of_response(now, response.headers()),
            probed: None,
            credentials: calling.invitation.credentials,
            sdp: calling.invitation.offer.into(),
            peer_sdp: answer.clone(),
            is_ours: true,
        };
        self.enter(id, Phase::Talking(Box::new(talk)));
        self.wire.emit(Event::Answered(id, answer));
    }

    fn refused(&mut self, now: Instant, id: InviteId, status: u16, response: &Response) {
        let Some(Invite { phase: Phase::Calling(calling), .. }) = self.invites.get(id) else { return };
        if matches!(status, 401 | 407)
            && (calling.proofs == 0 || calling.proofs < PROOFS_MAX && is_stale(response))
            && let Some(credentials) = calling.invitation.credentials.clone()
        {
            let (target, offer) = (calling.invitation.target.clone(), calling.invitation.offer.clone());
            let authorization =
                self.authorization(response, &credentials, (&Method::Invite, &target, &offer));
            if authorization.is_some() {
                return self.attempt_again(now, id, authorization);
            }
        }
        if let Some(Invite { phase: Phase::Calling(calling), .. }) = self.invites.get_mut(id)
            && status == 302
            && std::mem::take(&mut calling.invitation.follows)
        {
            calling.moved = Some(Box::new(told(response)));
            self.wire.transactions.replace_client_user(calling.client, Errand::Forgotten);
            let contacts = match response.headers().contacts() {
                Ok(Contacts::List(list)) => list.iter().map(|it| it.uri().text().to_owned()).collect(),
                Ok(Contacts::All) | Err(_) => Vec::new(),
            };
            return self.wire.emit(Event::Redirected(id, contacts));
        }
        let failure = Failure::Refused(status, response.headers().retry_after());
        self.forget(id);
        self.wire.emit(Event::Told(id, Box::new(told(response))));
        self.wire.emit(Event::Failed(id, failure));
    }

    /// See [`Endpoint::redirect`].
    pub(in crate::sip) fn call_elsewhere(&mut self, now: Instant, id: InviteId, target: Option<String>) {
        let Some(Invite { phase: Phase::Calling(calling), .. }) = self.invites.get_mut(id) else { return };
        let Some(told) = calling.moved.take() else { return };
        match target {
            Some(target) => {
                calling.invitation.target = target;
                self.attempt_again(now, id, None);
            }
            None => {
                let failure = Failure::Refused(told.status, None);
                self.forget(id);
                self.wire.emit(Event::Told(id, told));
                self.wire.emit(Event::Failed(id, failure));
            }
        }
    }

    /// The INVITE once more, with what was asked for: same Call-ID, same tag, next number (RFC 3261 §22.2).
    fn attempt_again(&mut self, now: Instant, id: InviteId, authorization: Option<(HeaderName, String)>) {
        let Some(Phase::Calling(calling)) = self.invites.get_mut(id).map(Invite::take) else { return };
        self.wire.transactions.replace_client_user(calling.client, Errand::Forgotten);
        let attempt = Attempt {
            call_id: calling.call_id,
            local_tag: calling.local_tag,
            sequence: calling.sequence + 1,
            give_up: calling.give_up,
            authorization,
            proofs: calling.proofs + 1,
        };
        self.attempt(now, id, calling.invitation, attempt);
    }

    /// It has rung long enough.
    pub(in crate::sip) fn called_off(&mut self, now: Instant, id: InviteId, failure: Failure) {
        self.abandon(now, id, None);
        self.wire.emit(Event::Failed(id, failure));
    }

    /// Gives an outgoing call up: CANCEL now, or as soon as it may be sent; what answers all the same is let go.
    pub(in crate::sip) fn abandon(&mut self, now: Instant, id: InviteId, reason: Option<&str>) {
        if let Some(Phase::Calling(calling)) = self.forget(id).map(|invite| invite.phase) {
            let client = calling.client;
            let credentials = calling.invitation.credentials;
            let orphan = Orphan { farewells: Farewells::Bye, reason: reason.map(Into::into), credentials };
            self.wire.transactions.replace_client_user(client, Errand::Orphan(Box::new(orphan)));
            self.cancel(now, client, reason);
        }
    }

    /// A response to an INVITE that nobody waits for any more.
    pub(in crate::sip) fn orphaned(
        &mut self,
        now: Instant,
        client: ClientId,
        response: &Response,
        datagram: &Datagram,
        orphan: &Orphan,
    ) {
        match response.status() {
            100..=199 if orphan.farewells == Farewells::Bye => {
                self.cancel(now, client, orphan.reason.as_deref());
            }
            200..=299 => self.dismiss(now, client, response, datagram, orphan),
            _ => {}
        }
    }

    /// ACK, and BYE, to a 2xx that makes a call which nobody wants: another fork's, or one that crossed our CANCEL
    /// (RFC 3261 §13.2.2.4). A repeat of a 2xx gets its ACK again.
    pub(in crate::sip) fn dismiss(
        &mut self,
        now: Instant,
        client: ClientId,
        response: &Response,
        datagram: &Datagram,
        orphan: &Orphan,
    ) {
        let tag = response.to().tag();
        if let Some(ack) =
            self.wire.transactions.acknowledged(client, tag.as_deref().unwrap_or_default().as_bytes())
        {
            return self.wire.send(ack);
        }
        let Some((request, dialog)) = self.dialog_of(client, response, datagram) else { return };
        if self.acknowledge(client, &request, &dialog) && orphan.farewells == Farewells::Bye {
            let (credentials, reason) = (orphan.credentials.clone(), orphan.reason.clone());
            let farewell = Farewell { dialog, credentials, reason };
            self.farewell(now, Box::new(farewell), None);
        }
    }

    /// Sends the ACK of a 2xx, and keeps it for the repeats. False: too many forks, it is not kept.
    pub(in crate::sip) fn acknowledge(
        &mut self,
        client: ClientId,
        request: &Request,
        dialog: &Dialog,
    ) -> bool {
        let (builder, _, path) = self.wire.compose_in(dialog, &Method::Ack, request.cseq().number);
        // RFC 3261 §13.2.2.4: the ACK carries the credentials of its INVITE.
        let ack = builder
            .copy(request.headers(), HeaderName::Authorization)
            .copy(request.headers(), HeaderName::ProxyAuthorization)
            .build();
        let ack = path.carry(ack);
        self.wire.send(ack.clone());
        let tag = dialog.remote_tag.as_deref().unwrap_or_default();
        self.wire.transactions.acknowledge_acceptance(client, tag.as_bytes(), ack)
    }

    /// The ACK of a non-2xx: RFC 3261 §17.1.1.3.
    pub(in crate::sip) fn acknowledge_refusal(&mut self, client: ClientId, response: &Response) {
        let request = self.wire.transactions.client(client).and_then(|it| reread(it.request()));
        let Some(request) = request else { return };
        let ack: Arc<[u8]> =
            beside(&request, &Method::Ack).header(HeaderName::To, response.to().text()).build();
        if let Some(transmit) = self.wire.transactions.acknowledge_refusal(client, ack) {
            self.wire.send(transmit);
        }
    }

    /// The INVITE of a transaction, and the dialog that a 2xx to it makes.
    fn dialog_of(
        &self,
        client: ClientId,
        response: &Response,
        datagram: &Datagram,
    ) -> Option<(Request, Dialog)> {
        let transaction = self.wire.transactions.client(client)?;
        let request = reread(transaction.request())?;
        let path =
            Path { local: Some(datagram.local), connection: datagram.connection, ..transaction.path() };
        let dialog = Dialog::of_uac(&request, response, path)?;
        Some((request, dialog))
    }
}

/// What a refusal says for people, no more of it than a line has.
fn told(response: &Response) -> Told {
    let line = |text: &str| text.chars().filter(|c| !c.is_control()).take(TOLD_CHARS_MAX).collect::<String>();
    let headers = response.headers();
    Told {
        status: response.status(),
        phrase: line(&response.reason()),
        reason: headers.reason().map(|value| line(&value)),
        warning: headers.all(HeaderName::Warning).next().map(|value| line(&value)),
    }
}

/// An address to which parameters can be added: in brackets, else they would be the URI's or the header's, who knows
/// (RFC 3261 §20.10).
fn bracketed(address: &str) -> String {
    if address.contains('<') { address.to_owned() } else { format!("<{address}>") }
}

/// Whether a challenge says that our proof was right, and its nonce too old.
fn is_stale(response: &Response) -> bool {
    let headers = response.headers();
    let challenges =
        headers.all(HeaderName::WwwAuthenticate).chain(headers.all(HeaderName::ProxyAuthenticate));
    let plain = |line: &str| line.to_ascii_lowercase().replace([' ', '"'], "");
    challenges.into_iter().any(|line| plain(&line).contains("stale=true"))
}
