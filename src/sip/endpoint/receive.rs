//! A message from the network, on its way to its verb.

use super::screen::{objection, overload};
use super::wire::{ACCEPT, ALLOW, Asked, SUPPORTED};
use super::{Endpoint, Errand, Event, InviteId, Turned};
use crate::base::limit::TOLD_CHARS_MAX;
use crate::base::time::{Instant, Now};
use crate::sip::dialog::Sequence;
use crate::sip::invite::{Invite, Phase};
use crate::sip::message::{
    Framing, HeaderName, Message, Method, ParseError, Response, ResponseBuilder, parse,
};
use crate::sip::path::Path;
use crate::sip::transaction::table::Heard;
use crate::sip::transport::{Datagram, Protocol};

impl Endpoint {
    /// A whole message from the network.
    pub(crate) fn receive(&mut self, now: Now, datagram: Datagram) {
        self.count(&datagram);
        if self.registrar.guard.is_banned(now.at, datagram.remote.ip())
            && !self.is_known(datagram.remote.ip())
        {
            self.wire.counters.banned += 1;
            return;
        }
        let framing = match datagram.protocol {
            Protocol::Udp => Framing::Datagram,
            Protocol::Tcp => Framing::Stream,
        };
        match parse(datagram.bytes.clone(), framing) {
            Ok(Message::Request(request)) => self.request(now, Asked::new(request, &datagram)),
            Ok(Message::Response(response)) => self.response(now.at, &response, &datagram),
            Err(error) => self.malformed(&error, &datagram),
        }
    }

    /// RFC 3261 §8.2, §16.3: a bad request is answered if it says where to, all else is dropped.
    fn malformed(&mut self, error: &ParseError, datagram: &Datagram) {
        let (status, reason) = error.fault.status();
        let builder = error
            .draft
            .as_ref()
            .and_then(|draft| ResponseBuilder::to_draft(draft, datagram.remote, status, reason));
        match builder {
            Some(builder) => {
                self.wire.counters.malformed += 1;
                self.tell_malformed(error, status, datagram);
                let tag = self.wire.tag();
                self.wire.send(Path::back(datagram).carry(builder.tag(&tag).build()));
            }
            None => self.wire.counters.dropped += 1,
        }
    }

    /// An INVITE or REGISTER that cannot be read is told: an operator's first one may be among them.
    fn tell_malformed(&mut self, error: &ParseError, status: u16, datagram: &Datagram) {
        let Some(draft) = &error.draft else { return };
        let Some(method @ (Method::Invite | Method::Register)) = &draft.method else { return };
        let to = draft.headers.first(HeaderName::To).unwrap_or_default();
        let user = to.split_once(':').and_then(|(_, rest)| rest.split_once('@')).map_or("", |(user, _)| user);
        self.wire.emit(Event::Turned(Box::new(Turned {
            remote: datagram.remote,
            method: method.as_str().to_owned(),
            user: user.chars().take(TOLD_CHARS_MAX).collect(),
            status,
            why: error.fault.to_string().into(),
        })));
    }

    fn request(&mut self, now: Now, asked: Asked) {
        if *asked.request.method() == Method::Ack {
            return self.ack(now.at, &asked);
        }
        if let Some(server) = self.wire.transactions.server(&asked.key(asked.request.method())) {
            self.wire.counters.repeated += 1;
            if let Some(transmit) = self.wire.transactions.repeated(server) {
                self.wire.send(transmit);
            }
            return;
        }
        // Whoever is in a call may still end it when the house is full; the reserve is bounded too.
        let in_call = asked.request.to().tag().is_some() && self.find(&asked.request).is_some();
        if self.wire.transactions.is_full(in_call) {
            self.wire.counters.overloaded += 1;
            if let Some(objection) = overload(&self.wire, 0, None) {
                self.wire.reply_stateless(&asked, 503, |it| objection.write(it));
            }
            return;
        }
        if *asked.request.method() == Method::Cancel {
            return self.cancelled(now.at, &asked);
        }
        if asked.request.to().tag().is_some() {
            self.request_in_dialog(now.at, asked);
        } else {
            self.request_alone(now, asked);
        }
    }

    /// An ACK: of a non-2xx, then its transaction takes it; or of a 2xx.
    fn ack(&mut self, now: Instant, asked: &Asked) {
        let server = self.wire.transactions.server(&asked.key(&Method::Invite));
        if !server.is_some_and(|server| self.wire.transactions.ack(now, server)) {
            self.acknowledged(now, asked);
        }
    }

    /// A request that opens something, or asks about nothing in particular.
    fn request_alone(&mut self, now: Now, asked: Asked) {
        if let Some(objection) = objection(&asked) {
            self.wire.turned(&asked, objection.status, objection.why());
            return self.wire.reply_stateless(&asked, objection.status, |it| objection.write(it));
        }
        // RFC 3261 §8.2.2.2: the same request by two paths would be two calls.
        if self.wire.transactions.merged(&asked.merge_key()).is_some() {
            return self.wire.reply_stateless(&asked, 482, |it| it);
        }
        match asked.request.method() {
            Method::Invite => match overload(&self.wire, self.invites.len(), self.draining()) {
                Some(objection) => {
                    self.wire.counters.overloaded += u64::from(self.draining().is_none());
                    let why = if self.draining().is_some() { "the server stops" } else { "too many calls" };
                    self.wire.turned(&asked, objection.status, why);
                    self.wire.reply_stateless(&asked, objection.status, |it| objection.write(it));
                }
                None => self.invited(now, asked),
            },
            Method::Options => self.options(&asked),
            Method::Register => self.registrar.register(now, &mut self.wire, &asked),
            _ => self.wire.reply_stateless(&asked, 481, |it| it),
        }
    }

    /// OPTIONS: what an INVITE would be told (RFC 3261 §11.2), at once and without a trace; strangers learn nothing, if the
    /// site wants it so.
    fn options(&mut self, asked: &Asked) {
        if self.wire.config.hidden && !self.is_known(asked.source.ip()) {
            self.wire.counters.unanswered += 1;
            return;
        }
        match self.draining() {
            Some(seconds) => self
                .wire
                .reply_stateless(asked, 503, |it| it.header(HeaderName::RetryAfter, seconds.to_string())),
            None => self.wire.reply_stateless(asked, 200, capabilities),
        }
    }

    fn request_in_dialog(&mut self, now: Instant, asked: Asked) {
        let Some(id) = self.find(&asked.request) else {
            return self.wire.reply_stateless(&asked, 481, |it| it);
        };
        if let Some(status) = self.out_of_order(id, &asked) {
            return self.wire.reply(now, &asked, status, |it| it);
        }
        if let Some(objection) = objection(&asked) {
            if *asked.request.method() == Method::Refer {
                self.wire.emit(Event::Referred(id));
            }
            return self.wire.reply(now, &asked, objection.status, |it| objection.write(it));
        }
        let is_leaving = matches!(self.invites.get(id), Some(Invite { phase: Phase::Leaving(..), .. }));
        match asked.request.method() {
            Method::Bye => self.bye(now, id, &asked),
            _ if is_leaving => self.wire.reply(now, &asked, 481, |it| it),
            Method::Invite | Method::Update => self.offered(now, id, asked),
            Method::Info => self.info(now, id, &asked),
            Method::Options => self.wire.reply(now, &asked, 200, capabilities),
            _ => self.wire.reply(now, &asked, 405, |it| it.header(HeaderName::Allow, ALLOW)),
        }
    }

    /// RFC 3261 §12.2.2: 500 to what is older than what was served. A BYE with the number of the request before is let
    /// through: to refuse the end of a call helps nobody.
    fn out_of_order(&mut self, id: InviteId, asked: &Asked) -> Option<u16> {
        let dialog = self.invites.get_mut(id)?.dialog()?;
        match dialog.sequence(asked.request.cseq().number) {
            Sequence::New => {}
            Sequence::Same if *asked.request.method() == Method::Bye => {}
            Sequence::Same | Sequence::Old => return Some(500),
        }
        dialog.moved(asked.origin);
        None
    }

    fn response(&mut self, now: Instant, response: &Response, datagram: &Datagram) {
        let via = response.via();
        let method = response.cseq().method.as_str().as_bytes().to_vec();
        let branch = via.branch().unwrap_or_default();
        match self.wire.transactions.heard(now, branch.as_bytes(), &method, response.status()) {
            Heard::Deliver(client) => self.deliver(now, client, response, datagram),
            Heard::Acknowledge(client) => {
                self.acknowledge_refusal(client, response);
                self.deliver(now, client, response, datagram);
            }
            Heard::Again(transmit) => {
                self.wire.counters.repeated += 1;
                self.wire.send(transmit);
            }
            Heard::Dropped => self.wire.counters.stray += 1,
        }
    }

    /// Gives a response to whom it concerns. A request that is answered for good is nobody's any more, but for an INVITE,
    /// which may be answered by many.
    fn deliver(
        &mut self,
        now: Instant,
        client: super::wire::ClientId,
        response: &Response,
        datagram: &Datagram,
    ) {
        let user = self.wire.transactions.client(client).map(|transaction| &transaction.user);
        match user {
            Some(Errand::Call(id)) => {
                let id = *id;
                self.called(now, id, client, response, datagram);
            }
            Some(Errand::Reoffer(id)) => {
                let id = *id;
                self.reoffered(now, id, client, response);
            }
            Some(Errand::Probe(id)) => {
                let (id, status) = (*id, response.status());
                if status >= 200 {
                    self.probe_answered(now, id, status);
                }
            }
            Some(Errand::Orphan(orphan)) => {
                let orphan = orphan.clone();
                self.orphaned(now, client, response, datagram, &orphan);
            }
            Some(Errand::Farewell(_) | Errand::Register(_)) => {
                match self.wire.transactions.replace_client_user(client, Errand::Forgotten) {
                    Some(Errand::Farewell(farewell)) => self.farewell_answered(now, farewell, response),
                    Some(Errand::Register(name)) => {
                        let heard = (response, datagram.connection);
                        self.trunks.answered(now, &mut self.wire, &name, heard);
                    }
                    _ => {}
                }
            }
            Some(Errand::Forgotten) | None => {}
        }
    }
}

/// What we can, for OPTIONS (RFC 3261 §11.2).
fn capabilities(response: ResponseBuilder) -> ResponseBuilder {
    response
        .header(HeaderName::Allow, ALLOW)
        .header(HeaderName::Accept, ACCEPT)
        .header(HeaderName::Supported, SUPPORTED)
        .header(HeaderName::AcceptEncoding, "identity")
        .header(HeaderName::AcceptLanguage, "fr, en")
}
