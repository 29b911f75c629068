//! Who the phone is (its line), and what two ends of a call agree to be talking about (their dialog).
//! Read first: RFC 3261 §12.

use std::net::SocketAddr;

use crate::phone::digest::Credentials;
use crate::phone::message::{Message, Method, Outgoing, Transport, Unreadable};

/// Who the phone is, and how it writes.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// How its SIP travels.
    pub(crate) transport: Transport,
    /// Where it listens.
    pub(crate) local: SocketAddr,
    /// Its number, or the name of its account.
    pub(crate) user: String,
    /// The host of its own address: the server it belongs to.
    pub(crate) host: String,
    /// What it answers to a challenge.
    pub(crate) credentials: Option<Credentials>,
}

impl Line {
    /// `<sip:0612345678@127.0.0.1>`: From, and To of a registration.
    pub(crate) fn address(&self) -> String {
        format!("<sip:{}@{}>", self.user, self.host)
    }

    /// `<sip:0612345678@127.0.0.1:5090>`: where the phone itself is reached.
    pub(crate) fn contact(&self) -> String {
        let transport = if self.transport == Transport::Tcp { ";transport=tcp" } else { "" };
        format!("<sip:{}@{}{transport}>", self.user, self.local)
    }
}

/// The two ends of a call.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// The Call-ID.
    pub(crate) call_id: String,
    /// Our From, with our tag.
    pub(crate) local: String,
    /// Our tag.
    pub(crate) tag: String,
    /// Their To, with their tag once it is known.
    pub(crate) remote: String,
    /// Where requests go: the Request-URI.
    pub(crate) target: String,
    /// The route set, first hop first.
    pub(crate) routes: Vec<String>,
    /// The number of our last request.
    pub(crate) cseq: u32,
}

impl Dialog {
    /// A dialog to be: the caller's side, before any answer.
    pub(crate) fn caller(line: &Line, target: &str, call_id: String, tag: String) -> Self {
        Self {
            call_id,
            local: format!("{};tag={tag}", line.address()),
            tag,
            remote: format!("<{target}>"),
            target: target.to_string(),
            routes: Vec::new(),
            cseq: 0,
        }
    }

    /// The dialog of an INVITE that came (RFC 3261 §12.1.1).
    pub(crate) fn called(invite: &Message, tag: String) -> Self {
        Self {
            call_id: invite.call_id().to_string(),
            local: format!("{};tag={tag}", invite.to()),
            tag,
            remote: invite.from().to_string(),
            target: invite.contact().unwrap_or_default(),
            routes: invite.record_routes(),
            cseq: 0,
        }
    }

    /// What a response to our INVITE settles (RFC 3261 §12.1.2): their tag, their address, the route set reversed.
    pub(crate) fn learn(&mut self, response: &Message) {
        self.remote = response.to().to_string();
        if let Some(contact) = response.contact() {
            self.target = contact;
        }
        self.routes = response.record_routes();
        self.routes.reverse();
    }

    /// A request inside the dialog; `cseq` is the INVITE's for an ACK, the next one for all others.
    pub(crate) fn request(
        &self,
        line: &Line,
        method: Method,
        cseq: u32,
        branch: &str,
        body: Option<(&str, &str)>,
    ) -> Result<Vec<u8>, Unreadable> {
        let contact = line.contact();
        let outgoing = Outgoing {
            method,
            uri: &self.target,
            transport: line.transport,
            sent_by: line.local,
            branch,
            from: &self.local,
            to: &self.remote,
            call_id: &self.call_id,
            cseq,
            routes: &self.routes,
            contact: matches!(method, Method::Invite | Method::Info).then_some(contact.as_str()),
            authorization: None,
            expires: None,
            body,
        };
        outgoing.bytes()
    }
}
