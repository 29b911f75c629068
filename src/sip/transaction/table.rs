//! The owner of all transactions: finds them, bounds them, and runs their timers. Every step is O(log n).
//!
//! `S` is what a server transaction means to its user, `C` what a client transaction does.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::invite_client::InviteClient;
use super::invite_server::InviteServer;
use super::key::ServerKey;
use super::other_client::OtherClient;
use super::other_server::OtherServer;
use super::{Verdict, Wake};
use crate::base::arena::{Arena, Key};
use crate::base::limit::{SIP_FORKS_MAX, SIP_KEPT_BYTES_MAX, SIP_TRANSACTIONS_MAX, SIP_TRANSACTIONS_RESERVE};
use crate::base::time::Instant;
use crate::sip::path::Path;
use crate::sip::timer::Deadlines;
use crate::sip::transport::{Protocol, Transmit};

/// A server transaction.
#[derive(Debug)]
pub(crate) struct Server<S> {
    machine: ServerMachine,
    path: Path,
    key: ServerKey,
    merged: Option<ServerKey>,
    armed: Option<Instant>,
    /// Octets of the response that is kept.
    kept: usize,
    /// What it is to the user.
    pub(crate) user: S,
}

#[derive(Debug)]
enum ServerMachine {
    Invite(InviteServer),
    Other(OtherServer),
}

/// A client transaction.
#[derive(Debug)]
pub(crate) struct Client<C> {
    machine: ClientMachine,
    path: Path,
    key: ClientKey,
    request: Arc<[u8]>,
    refusal_ack: Option<Arc<[u8]>>,
    accepted: Vec<(Box<[u8]>, Transmit)>,
    armed: Option<Instant>,
    /// What it is to the user.
    pub(crate) user: C,
}

#[derive(Debug)]
enum ClientMachine {
    Invite(InviteClient),
    Other(OtherClient),
}

/// A server transaction of the table.
pub(crate) type ServerId<S> = Key<Server<S>>;
/// A client transaction of the table.
pub(crate) type ClientId<C> = Key<Client<C>>;

/// The key of a client transaction: our branch, which is ours alone, and the method of CSeq (a CANCEL shares the
/// branch of its INVITE).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ClientKey {
    branch: Box<[u8]>,
    method: Box<[u8]>,
}

/// What a response is for us.
#[derive(Debug)]
pub(crate) enum Heard<C> {
    /// For the user of this transaction.
    Deliver(ClientId<C>),
    /// For the user, who also builds the ACK and gives it to [`Transactions::acknowledge_refusal`].
    Acknowledge(ClientId<C>),
    /// An acknowledged final response came again: the ACK, again.
    Again(Transmit),
    /// Of no transaction, or of no use.
    Dropped,
}

/// What a timer brought.
#[derive(Debug)]
pub(crate) enum Woken<C> {
    /// A retransmission.
    Send(Transmit),
    /// A request of ours got no final response; its transaction is gone.
    TimedOut(C),
    /// Only housekeeping.
    Nothing,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Transactions<S, C> {
    servers: Arena<Server<S>>,
    by_key: BTreeMap<ServerKey, ServerId<S>>,
    by_merge: BTreeMap<ServerKey, ServerId<S>>,
    clients: Arena<Client<C>>,
    by_branch: BTreeMap<ClientKey, ClientId<C>>,
    by_remote: BTreeMap<(Protocol, SocketAddr, u64), ClientId<C>>,
    server_deadlines: Deadlines<ServerId<S>>,
    client_deadlines: Deadlines<ClientId<C>>,
    /// Octets of the responses that server transactions keep.
    kept: usize,
}

impl<S, C> Default for Transactions<S, C> {
    fn default() -> Self {
        Self {
            servers: Arena::new(),
            by_key: BTreeMap::new(),
            by_merge: BTreeMap::new(),
            clients: Arena::new(),
            by_branch: BTreeMap::new(),
            by_remote: BTreeMap::new(),
            server_deadlines: Deadlines::default(),
            client_deadlines: Deadlines::default(),
            kept: 0,
        }
    }
}

/// Server transactions.
impl<S, C> Transactions<S, C> {
    /// Whether no new request can be taken: answer 503 without a transaction. Those of calls have a reserve.
    pub(crate) fn is_full(&self, in_call: bool) -> bool {
        let reserve = if in_call { SIP_TRANSACTIONS_RESERVE } else { 0 };
        self.servers.len() >= SIP_TRANSACTIONS_MAX + reserve || !in_call && self.kept >= SIP_KEPT_BYTES_MAX
    }

    /// How many there are of both kinds.
    pub(crate) fn len(&self) -> usize {
        self.servers.len() + self.clients.len()
    }

    /// The transaction of a request that came before.
    pub(crate) fn server(&self, key: &ServerKey) -> Option<ServerId<S>> {
        self.by_key.get(key).copied()
    }

    /// The transaction of the same request, come by another path (RFC 3261 §8.2.2.2).
    pub(crate) fn merged(&self, key: &ServerKey) -> Option<ServerId<S>> {
        self.by_merge.get(key).copied()
    }

    /// Begins a server transaction. The caller has looked that there is none of this key, and that there is room.
    pub(crate) fn serve(
        &mut self,
        now: Instant,
        key: ServerKey,
        merged: Option<ServerKey>,
        path: Path,
        is_invite: bool,
        user: S,
    ) -> ServerId<S> {
        let machine = if is_invite {
            ServerMachine::Invite(InviteServer::new(path.is_reliable()))
        } else {
            ServerMachine::Other(OtherServer::new(now, path.is_reliable()))
        };
        let server =
            Server { machine, path, key: key.clone(), merged: merged.clone(), armed: None, kept: 0, user };
        let id = self.servers.insert(server);
        self.by_key.insert(key, id);
        if let Some(merged) = merged {
            self.by_merge.insert(merged, id);
        }
        self.settle_server(id);
        id
    }

    /// What the transaction means to its user.
    pub(crate) fn server_user(&self, id: ServerId<S>) -> Option<&S> {
        self.servers.get(id).map(|server| &server.user)
    }

    /// The request came again: what to send again, on the way of the first.
    pub(crate) fn repeated(&self, id: ServerId<S>) -> Option<Transmit> {
        let server = self.servers.get(id)?;
        let bytes = match &server.machine {
            ServerMachine::Invite(machine) => machine.repeated(),
            ServerMachine::Other(machine) => machine.repeated(),
        };
        bytes.map(|bytes| server.path.carry(bytes))
    }

    /// An ACK with the key of this transaction came. True: it ends here.
    pub(crate) fn ack(&mut self, now: Instant, id: ServerId<S>) -> bool {
        let Some(Server { machine: ServerMachine::Invite(machine), .. }) = self.servers.get_mut(id) else {
            return false;
        };
        let absorbed = machine.ack(now);
        self.settle_server(id);
        absorbed
    }

    /// Responds; `None` when it is too late for that.
    pub(crate) fn respond(
        &mut self,
        now: Instant,
        id: ServerId<S>,
        status: u16,
        bytes: Arc<[u8]>,
    ) -> Option<Transmit> {
        let server = self.servers.get_mut(id)?;
        let sent = match &mut server.machine {
            ServerMachine::Invite(machine) => machine.respond(now, status, &bytes),
            ServerMachine::Other(machine) => machine.respond(now, &bytes),
        };
        if sent {
            self.kept = self.kept - server.kept + bytes.len();
            server.kept = bytes.len();
        }
        let transmit = sent.then(|| server.path.carry(bytes));
        self.settle_server(id);
        transmit
    }

    fn settle_server(&mut self, id: ServerId<S>) {
        let Some(server) = self.servers.get_mut(id) else { return };
        let (next, over) = match &server.machine {
            ServerMachine::Invite(machine) => (
                machine.next().map(|(at, _)| at),
                *machine.state() == super::invite_server::State::Terminated,
            ),
            ServerMachine::Other(machine) => {
                (machine.next().map(|(at, _)| at), *machine.state() == super::other_server::State::Terminated)
            }
        };
        self.server_deadlines.arm(id, &mut server.armed, next);
        if over {
            self.drop_server(id);
        }
    }

    /// Forgets a server transaction: its request, come again, is a new one.
    pub(crate) fn drop_server(&mut self, id: ServerId<S>) {
        let Some(mut server) = self.servers.remove(id) else { return };
        self.kept -= server.kept;
        self.server_deadlines.arm(id, &mut server.armed, None);
        self.by_key.remove(&server.key);
        if let Some(merged) = &server.merged {
            self.by_merge.remove(merged);
        }
    }
}

/// Client transactions.
impl<S, C> Transactions<S, C> {
    /// Begins a client transaction and gives what to send; `None` when there is no room.
    pub(crate) fn request(
        &mut self,
        now: Instant,
        branch: &[u8],
        method: &[u8],
        path: Path,
        request: Arc<[u8]>,
        user: C,
    ) -> Option<(ClientId<C>, Transmit)> {
        if self.clients.len() >= SIP_TRANSACTIONS_MAX {
            return None;
        }
        let machine = if method == b"INVITE" {
            ClientMachine::Invite(InviteClient::new(now, path.is_reliable()))
        } else {
            ClientMachine::Other(OtherClient::new(now, path.is_reliable()))
        };
        let key = ClientKey { branch: branch.into(), method: method.into() };
        let transmit = path.carry(request.clone());
        let id = self.clients.insert(Client {
            machine,
            path,
            key: key.clone(),
            request,
            refusal_ack: None,
            accepted: Vec::new(),
            armed: None,
            user,
        });
        self.by_branch.insert(key, id);
        self.by_remote.insert((path.protocol, path.remote, id.number()), id);
        self.settle_client(id);
        Some((id, transmit))
    }

    /// A response came: whose is it?
    pub(crate) fn heard(&mut self, now: Instant, branch: &[u8], method: &[u8], status: u16) -> Heard<C> {
        let key = ClientKey { branch: branch.into(), method: method.into() };
        let Some(&id) = self.by_branch.get(&key) else { return Heard::Dropped };
        let Some(client) = self.clients.get_mut(id) else { return Heard::Dropped };
        let verdict = match &mut client.machine {
            ClientMachine::Invite(machine) => machine.response(now, status),
            ClientMachine::Other(machine) => machine.response(now, status),
        };
        let again = match (&verdict, &client.refusal_ack) {
            (Verdict::Ack, Some(ack)) => Some(client.path.carry(ack.clone())),
            _ => None,
        };
        self.settle_client(id);
        match (verdict, again) {
            (Verdict::Deliver, _) => Heard::Deliver(id),
            (Verdict::DeliverAndAck, _) => Heard::Acknowledge(id),
            (Verdict::Ack, Some(transmit)) => Heard::Again(transmit),
            (Verdict::Ack | Verdict::Drop, _) => Heard::Dropped,
        }
    }

    /// The transaction itself, for its user.
    pub(crate) fn client(&self, id: ClientId<C>) -> Option<&Client<C>> {
        self.clients.get(id)
    }

    /// Replaces what the transaction means to its user, and gives what it meant.
    pub(crate) fn replace_client_user(&mut self, id: ClientId<C>, user: C) -> Option<C> {
        self.clients.get_mut(id).map(|client| std::mem::replace(&mut client.user, user))
    }

    /// The ACK of a non-2xx, kept for its repeats (RFC 3261 §17.1.1.3).
    pub(crate) fn acknowledge_refusal(&mut self, id: ClientId<C>, ack: Arc<[u8]>) -> Option<Transmit> {
        let client = self.clients.get_mut(id)?;
        client.refusal_ack = Some(ack.clone());
        Some(client.path.carry(ack))
    }

    /// The ACK of a 2xx, kept for its repeats, by the tag of the branch that sent it (RFC 3261 §13.2.2.4).
    /// False: that many forks nobody has; the ACK is not kept.
    pub(crate) fn acknowledge_acceptance(&mut self, id: ClientId<C>, tag: &[u8], ack: Transmit) -> bool {
        let Some(client) = self.clients.get_mut(id) else { return false };
        let room = client.accepted.len() < SIP_FORKS_MAX;
        if room {
            client.accepted.push((tag.into(), ack));
        }
        room
    }

    /// The ACK that a 2xx with this tag was answered with before.
    pub(crate) fn acknowledged(&self, id: ClientId<C>, tag: &[u8]) -> Option<Transmit> {
        let client = self.clients.get(id)?;
        client.accepted.iter().find(|(known, _)| **known == *tag).map(|(_, ack)| ack.clone())
    }

    /// Whether a CANCEL of this INVITE may be sent now.
    pub(crate) fn may_cancel(&self, id: ClientId<C>) -> bool {
        match self.clients.get(id).map(|client| &client.machine) {
            Some(ClientMachine::Invite(machine)) => machine.may_cancel(),
            Some(ClientMachine::Other(_)) | None => false,
        }
    }

    /// A CANCEL of this INVITE has been sent.
    pub(crate) fn cancelled(&mut self, now: Instant, id: ClientId<C>) {
        if let Some(Client { machine: ClientMachine::Invite(machine), .. }) = self.clients.get_mut(id) {
            machine.cancelled(now);
        }
        self.settle_client(id);
    }

    /// The transport cannot reach `remote`: ends the requests to it from which nothing has come, and gives their users.
    pub(crate) fn unreachable(&mut self, protocol: Protocol, remote: SocketAddr) -> Vec<(C, Arc<[u8]>)> {
        let there = (protocol, remote, 0)..=(protocol, remote, u64::MAX);
        let ids: Vec<_> = self.by_remote.range(there).map(|(_, id)| *id).collect();
        let unheard = ids.into_iter().filter(|id| self.clients.get(*id).is_some_and(Client::is_unheard));
        let unheard: Vec<_> = unheard.collect();
        let gone = unheard.into_iter().filter_map(|id| self.remove_client(id));
        gone.map(|client| (client.user, client.request)).collect()
    }

    fn settle_client(&mut self, id: ClientId<C>) {
        let Some(client) = self.clients.get_mut(id) else { return };
        let next = match &client.machine {
            ClientMachine::Invite(machine) => machine.next().map(|(at, _)| at),
            ClientMachine::Other(machine) => machine.next().map(|(at, _)| at),
        };
        self.client_deadlines.arm(id, &mut client.armed, next);
    }

    fn remove_client(&mut self, id: ClientId<C>) -> Option<Client<C>> {
        let mut client = self.clients.remove(id)?;
        self.client_deadlines.arm(id, &mut client.armed, None);
        self.by_branch.remove(&client.key);
        self.by_remote.remove(&(client.path.protocol, client.path.remote, id.number()));
        Some(client)
    }
}

/// Time.
impl<S, C> Transactions<S, C> {
    /// The earliest timer.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.server_deadlines.next().into_iter().chain(self.client_deadlines.next()).min()
    }

    /// Runs one timer that is due; `None` when none is. Call until then.
    pub(crate) fn wake(&mut self, now: Instant) -> Option<Woken<C>> {
        if let Some(id) = self.server_deadlines.due(now) {
            return Some(self.wake_server(now, id));
        }
        let id = self.client_deadlines.due(now)?;
        Some(self.wake_client(now, id))
    }

    fn wake_server(&mut self, now: Instant, id: ServerId<S>) -> Woken<C> {
        let Some(server) = self.servers.get_mut(id) else { return Woken::Nothing };
        let wake = match &mut server.machine {
            ServerMachine::Invite(machine) => machine.wake(now),
            ServerMachine::Other(machine) => machine.wake(now),
        };
        let path = server.path;
        self.settle_server(id);
        match wake {
            Wake::Send(bytes) => Woken::Send(path.carry(bytes)),
            Wake::Idle | Wake::TimedOut | Wake::Over => Woken::Nothing,
        }
    }

    fn wake_client(&mut self, now: Instant, id: ClientId<C>) -> Woken<C> {
        let Some(client) = self.clients.get_mut(id) else { return Woken::Nothing };
        let wake = match &mut client.machine {
            ClientMachine::Invite(machine) => machine.wake(now, &client.request),
            ClientMachine::Other(machine) => machine.wake(now, &client.request),
        };
        match wake {
            Wake::Send(bytes) => {
                let transmit = client.path.carry(bytes);
                self.settle_client(id);
                Woken::Send(transmit)
            }
            Wake::TimedOut => match self.remove_client(id) {
                Some(client) => Woken::TimedOut(client.user),
                None => Woken::Nothing,
            },
            Wake::Over => {
                self.remove_client(id);
                Woken::Nothing
            }
            Wake::Idle => {
                self.settle_client(id);
                Woken::Nothing
            }
        }
    }
}

impl<C> Client<C> {
    /// The request as it was sent.
    pub(crate) fn request(&self) -> &Arc<[u8]> {
        &self.request
    }

    /// The way it went.
    pub(crate) fn path(&self) -> Path {
        self.path
    }

    /// Whether nothing has come yet.
    pub(crate) fn is_unheard(&self) -> bool {
        match &self.machine {
            ClientMachine::Invite(machine) => machine.is_unheard(),
            ClientMachine::Other(machine) => machine.is_unheard(),
        }
    }
}
