//! CANCEL, theirs and ours: RFC 3261 §9. It has a transaction of its own; the INVITE's ends by 487, or was faster.

use super::{Exchange, Invite, Phase};
use crate::base::time::Instant;
use crate::sip::endpoint::wire::{Asked, ClientId};
use crate::sip::endpoint::{End, Endpoint, Event, InviteId};
use crate::sip::invite::errand::Errand;
use crate::sip::message::{Framing, HeaderName, Message, Method, Request, RequestBuilder, parse};

impl Endpoint {
    /// A CANCEL came: 200 to it and 487 to its INVITE; or 200 and no effect, when the INVITE is answered.
    pub(in crate::sip) fn cancelled(&mut self, now: Instant, asked: &Asked) {
        let Some(server) = self.wire.transactions.server(&asked.key(&Method::Invite)) else {
            return self.wire.reply_stateless(asked, 481, |it| it);
        };
        let id = self.wire.transactions.server_user(server).copied().flatten();
        let invite = id.and_then(|id| Some((id, self.invites.get_mut(id)?)));
        let Some((id, invite)) = invite else {
            return self.wire.reply(now, asked, 200, |it| it);
        };
        // RFC 3261 §9.2: the tag SHOULD be that of the response to the INVITE.
        let tag = invite.dialog().map(|dialog| dialog.local_tag.clone()).unwrap_or_default();
        let is_open = matches!(&invite.phase, Phase::Offered(offered) if offered.server == server);
        let cancel = self.wire.serve(now, asked, None);
        let response = self.wire.response(asked, 200).tag(&tag);
        self.wire.respond(now, cancel, 200, response);
        if is_open {
            if self.say_no(now, id, 487, |it| it) {
                self.wire.emit(Event::Ended(id, End::Cancelled));
            }
        } else {
            self.cancel_theirs(now, id, server);
        }
    }

    /// Their re-INVITE is cancelled while the switchboard thinks.
    fn cancel_theirs(&mut self, now: Instant, id: InviteId, server: crate::sip::endpoint::wire::ServerId) {
        let Some(talk) = self.invites.get_mut(id).and_then(Invite::talk) else { return };
        match std::mem::replace(&mut talk.exchange, Exchange::Idle) {
            Exchange::Theirs(asked, theirs) if theirs == server => {
                let response = self.wire.response(&asked, 487);
                self.wire.respond(now, server, 487, response);
            }
            other => talk.exchange = other,
        }
        self.rearm(id);
    }

    /// Cancels an INVITE of ours, if it may be cancelled now: after a provisional response, once (RFC 3261 §9.1). `reason`: why,
    /// so that a phone does not show a call that another has taken as missed (RFC 3326).
    pub(in crate::sip) fn cancel(&mut self, now: Instant, client: ClientId, reason: Option<&str>) {
        if !self.wire.transactions.may_cancel(client) {
            return;
        }
        let Some(transaction) = self.wire.transactions.client(client) else { return };
        let path = transaction.path();
        let Some(invite) = reread(transaction.request()) else { return };
        let branch = invite.via().branch().unwrap_or_default().into_owned();
        let mut cancel = beside(&invite, &Method::Cancel).header(HeaderName::To, invite.to().text());
        if let Some(reason) = reason {
            cancel = cancel.header(HeaderName::Reason, reason);
        }
        let bytes = cancel.build();
        self.wire.transactions.cancelled(now, client);
        self.wire.request(now, (&branch, &Method::Cancel, path), bytes, Errand::Forgotten);
    }
}

/// A request of ours, read back from its octets: cheaper than keeping both for each transaction.
pub(in crate::sip) fn reread(bytes: &std::sync::Arc<[u8]>) -> Option<Request> {
    match parse(bytes.clone(), Framing::Datagram) {
        Ok(Message::Request(request)) => Some(request),
        Ok(Message::Response(_)) | Err(_) => None,
    }
}

/// A request that shares the transaction of `invite`: CANCEL (RFC 3261 §9.1), ACK of a non-2xx (§17.1.1.3). To is left
/// to the caller.
pub(in crate::sip) fn beside(invite: &Request, method: &Method) -> RequestBuilder {
    RequestBuilder::new(method, invite.uri_text())
        .header(HeaderName::Via, invite.via().text())
        .header(HeaderName::MaxForwards, "70")
        .copy(invite.headers(), HeaderName::Route)
        .header(HeaderName::From, invite.from().text())
        .header(HeaderName::CallId, invite.call_id())
        .header(HeaderName::CSeq, format!("{} {}", invite.cseq().number, method.as_str()))
}
