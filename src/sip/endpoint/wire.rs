//! What a verb may touch: transactions, the outbox, chance, counters, the configuration. It writes the parts of messages
//! that all verbs share, and knows no call.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;

use super::phrase::phrase;
use super::{Config, Event, InviteId, Output, Turned};
use crate::base::limit::TOLD_CHARS_MAX;
use crate::base::rng::Rng;
use crate::base::time::Instant;
use crate::sip::dialog::{Dialog, Routing, routing_of};
use crate::sip::invite::errand::Errand;
use crate::sip::message::{BRANCH_COOKIE, HeaderName, Method, Request, RequestBuilder, ResponseBuilder};
use crate::sip::observe::Counters;
use crate::sip::path::{Path, is_inside};
use crate::sip::transaction::key::{Old, ServerKey};
use crate::sip::transaction::table;
use crate::sip::transport::{Datagram, Protocol, Transmit};

/// A server transaction; an INVITE's belongs to an invite usage.
pub(crate) type ServerId = table::ServerId<Option<InviteId>>;
/// A client transaction.
pub(crate) type ClientId = table::ClientId<Errand>;

/// What we do in a dialog and out of it.
pub(crate) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REGISTER";
/// The extensions that we know.
pub(crate) const SUPPORTED: &str = "timer";
/// The bodies that we read.
pub(crate) const ACCEPT: &str = "application/sdp, application/dtmf-relay, application/dtmf";

/// See the module.
#[derive(Debug)]
pub(crate) struct Wire {
    /// What the endpoint is told about the world.
    pub(crate) config: Config,
    /// Chance.
    pub(crate) rng: Rng,
    /// All transactions.
    pub(crate) transactions: table::Transactions<Option<InviteId>, Errand>,
    /// What is counted.
    pub(crate) counters: Counters,
    out: VecDeque<Output>,
    secret: u64,
    seen: BTreeMap<Protocol, SocketAddr>,
}

/// A request of theirs, with what is needed to answer it later.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The request.
    pub(crate) request: Request,
    /// Where it really came from.
    pub(crate) source: SocketAddr,
    /// The way of the answers.
    pub(crate) path: Path,
    /// The way of the messages themselves: what a symmetric dialog uses.
    pub(crate) origin: Path,
}

impl Asked {
    /// A request with its ways.
    pub(crate) fn new(request: Request, datagram: &Datagram) -> Self {
        let origin = Path::back(datagram);
        let via = request.via();
        // RFC 3261 §18.2.2: without rport, to the port of sent-by; behind a NAT that port is not the sender's.
        let to_sent_by = origin.protocol == Protocol::Udp
            && !via.wants_rport()
            && routing_of(&request, datagram.remote) == Routing::ByText;
        let remote = if to_sent_by { via.answer_to(datagram.remote) } else { datagram.remote };
        Self { request, source: datagram.remote, path: Path { remote, ..origin }, origin }
    }

    /// By what its transaction is known, when the method sought is `method`.
    pub(crate) fn key(&self, method: &Method) -> ServerKey {
        let (request, via) = (&self.request, self.request.via());
        let branch = via.unique_branch();
        let sent_by = (via.host(), via.port());
        let from_tag = request.from().tag();
        let old = Old {
            uri: request.uri_text().as_bytes(),
            from_tag: from_tag.as_deref().unwrap_or_default().as_bytes(),
            call_id: request.call_id().as_bytes(),
            cseq: request.cseq().number,
            via: via.text().as_bytes(),
        };
        ServerKey::new(
            method.as_str().as_bytes(),
            branch.as_deref().map(str::as_bytes),
            sent_by.0.as_bytes(),
            sent_by.1,
            old,
        )
    }

    /// By what the same request is known when it comes by another path (RFC 3261 §8.2.2.2).
    pub(crate) fn merge_key(&self) -> ServerKey {
        let from_tag = self.request.from().tag();
        ServerKey::merged(
            self.request.method().as_str().as_bytes(),
            from_tag.as_deref().unwrap_or_default().as_bytes(),
            self.request.call_id().as_bytes(),
            self.request.cseq().number,
        )
    }

    /// The dialog that answering it with `tag` makes.
    pub(crate) fn dialog(&self, tag: &str) -> Option<Dialog> {
        Dialog::of_uas(&self.request, tag, self.origin, routing_of(&self.request, self.source))
    }
}

impl Wire {
    /// An idle wire.
    pub(crate) fn new(config: Config, mut rng: Rng) -> Self {
        let secret = rng.u64();
        Self {
            config,
            rng,
            transactions: table::Transactions::default(),
            counters: Counters::default(),
            out: VecDeque::new(),
            secret,
            seen: BTreeMap::new(),
        }
    }

    /// The next output.
    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Sends.
    pub(crate) fn send(&mut self, transmit: Transmit) {
        self.counters.sent += 1;
        self.out.push_back(Output::Transmit(transmit));
    }

    /// Tells the switchboard.
    pub(crate) fn emit(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    /// Tells that an INVITE or REGISTER was refused.
    pub(crate) fn turned(&mut self, asked: &Asked, status: u16, why: &'static str) {
        let request = &asked.request;
        let user = match request.method() {
            Method::Register => request.to().uri().user().map(Into::into),
            Method::Invite => request.uri().user().map(Into::into),
            _ => return,
        };
        let user: String = user.unwrap_or_default();
        self.emit(Event::Turned(Box::new(Turned {
            remote: asked.source,
            method: request.method().as_str().to_owned(),
            user: user.chars().take(TOLD_CHARS_MAX).collect(),
            status,
            why: why.into(),
        })));
    }

    /// Remembers by which address of ours a protocol was reached last.
    pub(crate) fn saw(&mut self, protocol: Protocol, local: SocketAddr) {
        self.seen.insert(protocol, local);
    }

    /// A tag of ours: 64 random bits, as [`tag_number`] reads them back.
    pub(crate) fn tag(&mut self) -> String {
        self.rng.hex(8)
    }

    // Answers.

    /// A response with what RFC 3261 §8.2.6 copies; no tag yet.
    pub(crate) fn response(&self, asked: &Asked, status: u16) -> ResponseBuilder {
        ResponseBuilder::to(&asked.request, asked.source, status, phrase(status))
    }

    /// Answers without a transaction: what a stateless server does (RFC 3261 §8.2.7), so that floods of nonsense take no
    /// memory. The tag is a function of the request, so that a repeated request gets the same answer.
    pub(crate) fn reply_stateless(
        &mut self,
        asked: &Asked,
        status: u16,
        with: impl FnOnce(ResponseBuilder) -> ResponseBuilder,
    ) {
        let tag = self.tag_of(&asked.request);
        let bytes = with(self.response(asked, status).tag(&tag)).build();
        if status >= 400 {
            self.counters.refused += 1;
        }
        self.send(asked.path.carry(bytes));
    }

    fn tag_of(&self, request: &Request) -> String {
        let mut hasher = DefaultHasher::new();
        self.secret.hash(&mut hasher);
        (request.via().text(), request.from().text(), request.call_id()).hash(&mut hasher);
        request.cseq().number.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// Opens the server transaction of a request.
    pub(crate) fn serve(&mut self, now: Instant, asked: &Asked, user: Option<InviteId>) -> ServerId {
        let method = asked.request.method();
        let merged = asked.request.to().tag().is_none().then(|| asked.merge_key());
        let is_invite = *method == Method::Invite;
        self.transactions.serve(now, asked.key(method), merged, asked.path, is_invite, user)
    }

    /// Answers in a transaction.
    pub(crate) fn respond(&mut self, now: Instant, server: ServerId, status: u16, response: ResponseBuilder) {
        if let Some(transmit) = self.transactions.respond(now, server, status, response.build()) {
            self.send(transmit);
        }
    }

    /// Opens the transaction of a request and answers it at once.
    pub(crate) fn reply(
        &mut self,
        now: Instant,
        asked: &Asked,
        status: u16,
        with: impl FnOnce(ResponseBuilder) -> ResponseBuilder,
    ) {
        let server = self.serve(now, asked, None);
        let tag = self.tag_of(&asked.request);
        let response = with(self.response(asked, status).tag(&tag));
        self.respond(now, server, status, response);
    }

    /// The Retry-After of a refusal that only means "not this very moment" (RFC 3261 §14.2): 0 to 10 seconds.
    pub(crate) fn soon(&mut self) -> String {
        self.rng.below(11).to_string()
    }

    // Requests.

    /// Begins a request: request line, Via, Max-Forwards. Also gives its branch.
    pub(crate) fn compose(&mut self, method: &Method, uri: &str, path: Path) -> (RequestBuilder, String) {
        let branch = format!("{BRANCH_COOKIE}{}", self.rng.hex(12));
        let via = format!("SIP/2.0/{} {};branch={branch};rport", path.protocol.via(), self.host(path));
        let builder = RequestBuilder::new(method, uri)
            .header(HeaderName::Via, via)
            .header(HeaderName::MaxForwards, "70");
        (builder, branch)
    }

    /// Begins a request in a dialog: all but Contact and what the method wants. Also gives branch and way.
    pub(crate) fn compose_in(
        &mut self,
        dialog: &Dialog,
        method: &Method,
        sequence: u32,
    ) -> (RequestBuilder, String, Path) {
        let (uri, routes) = dialog.addressing();
        let path = dialog.way();
        let (mut builder, branch) = self.compose(method, &uri, path);
        for route in routes {
            builder = builder.header(HeaderName::Route, route);
        }
        let builder = builder
            .header(HeaderName::From, &dialog.local)
            .header(HeaderName::To, &dialog.remote)
            .header(HeaderName::CallId, &dialog.call_id)
            .header(HeaderName::CSeq, format!("{sequence} {}", method.as_str()));
        (builder, branch, path)
    }

    /// Sends a request in a transaction of its own; `None`: there is no room for one.
    pub(crate) fn request(
        &mut self,
        now: Instant,
        (branch, method, path): (&str, &Method, Path),
        bytes: Arc<[u8]>,
        errand: Errand,
    ) -> Option<ClientId> {
        let method = method.as_str().as_bytes();
        let (id, transmit) =
            self.transactions.request(now, branch.as_bytes(), method, path, bytes, errand)?;
        self.send(transmit);
        Some(id)
    }

    /// Host and port of ours on a way: the public address, if there is one and the peer is not in our own network, else what the
    /// peer reached; with the port that we listen at.
    pub(crate) fn host(&self, path: Path) -> String {
        let public = self.config.public_address.filter(|_| !is_inside(path.remote.ip()));
        let listen = self.config.listen.iter().find(|(protocol, _)| *protocol == path.protocol);
        let listen = listen.map(|(_, address)| *address).filter(|address| !address.ip().is_unspecified());
        // The port of SIP, where nothing is listened at (RFC 3261 §19.1.2).
        let unknown = public.map(|ip| SocketAddr::new(ip, 5060));
        let Some(mut local) =
            path.local.or(listen).or_else(|| self.seen.get(&path.protocol).copied()).or(unknown)
        else {
            return "invalid".to_owned();
        };
        if let Some(public) = public {
            local.set_ip(public);
        }
        // Our end of a stream that we opened has a port where nobody listens.
        let mut ports =
            self.config.listen.iter().filter(|(it, _)| *it == path.protocol).map(|(_, it)| it.port());
        if path.protocol == Protocol::Tcp
            && let Some(first) = ports.next()
            && local.port() != first
            && !ports.any(|port| port == local.port())
        {
            local.set_port(first);
        }
        local.to_string()
    }

    /// Our Contact on a way.
    pub(crate) fn contact(&self, path: Path) -> String {
        match path.protocol {
            Protocol::Udp => format!("<sip:svi@{}>", self.host(path)),
            Protocol::Tcp => format!("<sip:svi@{};transport=tcp>", self.host(path)),
        }
    }
}

/// The number of a tag that [`Wire::tag`] made; `None` if it is none of ours.
pub(crate) fn tag_number(tag: &str) -> Option<u64> {
    let is_ours = tag.len() == 16 && tag.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if is_ours { u64::from_str_radix(tag, 16).ok() } else { None }
}
