//! The words between the endpoint and the switchboard: configuration in, events out. No behaviour.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::InviteId;
use super::phrase::phrase;
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::pii::Secret;
use crate::base::time::Duration;
use crate::sip::digest::Hash;
use crate::sip::guard::GuardRules;
use crate::sip::transport::{ConnectionId, Protocol, Transmit};

/// What the endpoint is told about the world. Replaced whole on reload.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// The host and port that we write into Via and Contact when a message leaves by this protocol and no other address
    /// is known better (the public address behind a 1:1 NAT, say). Empty: the local address of the datagram.
    pub(crate) public_address: Option<IpAddr>,
    /// Where we listen; the first of a protocol is the one that new requests leave from.
    pub(crate) listen: Vec<(Protocol, SocketAddr)>,
    /// Realm of the registrar's challenges.
    pub(crate) realm: String,
    /// The algorithms that challenges offer, in this order; MD5 alone when empty.
    pub(crate) digests: Vec<Hash>,
    /// Who may register: user name -> account.
    pub(crate) accounts: BTreeMap<Name, Account>,
    /// Who may call without proof.
    pub(crate) peers: Peers,
    /// When a stranger is not heard any more.
    pub(crate) guard: GuardRules,
    /// OPTIONS of strangers are not answered: nobody learns that we are here.
    pub(crate) hidden: bool,
    /// Our own registrations at operators: trunk name -> registration.
    pub(crate) registrations: BTreeMap<Name, Registration>,
}

/// Who may call without proof, by the address.
#[derive(Clone, Default)]
pub(crate) struct Peers(Option<Arc<dyn Fn(IpAddr) -> bool + Send + Sync>>);

impl Peers {
    /// Those for whom this is true.
    pub(crate) fn those(test: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(test)))
    }

    /// Whether an address is one of them.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.as_ref().is_some_and(|test| test(address))
    }
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Peers({})", if self.0.is_some() { "some" } else { "none" })
    }
}

/// An agent's account at our registrar (RFC 3261 §10).
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The password of the digest.
    pub(crate) password: Secret,
}

/// A user name and password for a realm of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// User name.
    pub(crate) user: String,
    /// Password.
    pub(crate) password: Secret,
}

/// Our registration at an operator's registrar.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    /// `sip:sip.operateur.example`: the Request-URI of the REGISTER, and the domain of our address of record.
    pub(crate) registrar: String,
    /// Where that registrar is, resolved by `io`: at least one; the next is asked when one does not answer.
    pub(crate) addresses: Vec<SocketAddr>,
    /// UDP or TCP.
    pub(crate) protocol: Protocol,
    /// Who we are there.
    pub(crate) credentials: Credentials,
    /// What we ask for; the answer rules. Refreshed well before its end.
    pub(crate) expires: Duration,
}

/// What comes out of the endpoint.
#[derive(Debug)]
pub(crate) enum Output {
    /// Send this.
    Transmit(Transmit),
    /// Tell the switchboard.
    Event(Event),
}

/// What happened, in the words of telephony. SDP bodies pass through as octets.
#[derive(Debug)]
pub(crate) enum Event {
    /// Somebody calls us; 100 has been sent. Answer with `progress`, `answer` or `refuse`.
    Invited(InviteId, Box<Invited>),
    /// Our 200 was acknowledged; the body is the SDP answer when the INVITE had no offer. Of a re-INVITE it comes only
    /// then: with the answer to the offer that our 200 made.
    Acknowledged(InviteId, Option<Arc<[u8]>>),
    /// A re-INVITE (or UPDATE) in the dialog: an offer, or none (then we offer). Answer with `answer_offer`.
    Offered(InviteId, Option<Arc<[u8]>>),
    /// Our re-INVITE was answered: the SDP answer, or the status that refused it. Comes unasked when the peer has moved its
    /// media in the answer to a session refresh.
    OfferAnswered(InviteId, Result<Arc<[u8]>, u16>),
    /// Our outgoing call has reached somebody (100), rings or sends early media.
    Progress(InviteId, u16, Option<Arc<[u8]>>),
    /// Our outgoing call was answered (ACK has been sent).
    Answered(InviteId, Option<Arc<[u8]>>),
    /// Our outgoing call is to be made elsewhere (302), to one of these URIs. Comes of an [`Invitation`] that follows, once.
    /// Answer with `redirect`.
    Redirected(InviteId, Vec<String>),
    /// What the far end said when it refused our outgoing call; `Failed` follows.
    Told(InviteId, Box<Told>),
    /// Our outgoing call failed before an answer. The id is dead.
    Failed(InviteId, Failure),
    /// A DTMF key by INFO (application/dtmf-relay or application/dtmf).
    Digit(InviteId, Digit),
    /// The peer asked us to call somebody else for it (REFER); it was told that we do not.
    Referred(InviteId),
    /// The call is over; the id is dead. Never comes for a call that we ended by `hang_up` or `refuse`.
    Ended(InviteId, End),
    /// An INVITE or REGISTER was refused before anybody was asked.
    Turned(Box<Turned>),
    /// A digest was wrong.
    WrongPassword(Box<WrongPassword>),
    /// A phone of this account has registered, again or anew, or not any more.
    Registered(Name),
    /// An account's reachability changed: the contacts that are bound now (none: unregistered).
    Bound(Name, Vec<Binding>),
    /// Our registration at an operator changed.
    Trunk(Name, TrunkState),
}

/// A new incoming call, as its INVITE tells it. Header values are the octets as they came, unfolded, lossily decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Invited {
    /// Where it really came from.
    pub(crate) remote: Option<SocketAddr>,
    /// Our address that it reached.
    pub(crate) local: Option<SocketAddr>,
    /// The account whose digest the INVITE proved, when it comes from a registered agent's binding.
    pub(crate) account: Option<Name>,
    /// The Call-ID.
    pub(crate) call_id: String,
    /// The Request-URI.
    pub(crate) request_uri: String,
    /// The From value, whole.
    pub(crate) from: String,
    /// The To value, whole.
    pub(crate) to: String,
    /// All P-Asserted-Identity values.
    pub(crate) asserted: Vec<String>,
    /// All Remote-Party-ID values.
    pub(crate) remote_party: Vec<String>,
    /// All Diversion values, the latest diverting first (RFC 5806).
    pub(crate) diversion: Vec<String>,
    /// All History-Info values (RFC 7044).
    pub(crate) history: Vec<String>,
    /// The Privacy value (RFC 3323).
    pub(crate) privacy: Option<String>,
    /// The Identity value (STIR, RFC 8224), kept for the record.
    pub(crate) identity: Option<String>,
    /// The SDP offer, if there was one.
    pub(crate) offer: Option<Arc<[u8]>>,
}

/// A call that we place.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Invitation {
    /// The Request-URI.
    pub(crate) target: String,
    /// Where to send it.
    pub(crate) remote: SocketAddr,
    /// UDP or TCP.
    pub(crate) protocol: Protocol,
    /// The stream that the phone keeps open to us, when it registered over TCP.
    pub(crate) connection: Option<ConnectionId>,
    /// The From URI with display name, without tag: `"0800 123 456" <sip:0800123456@host>`.
    pub(crate) from: String,
    /// The To URI, usually the target.
    pub(crate) to: String,
    /// Extra header lines, name and value: P-Asserted-Identity, Privacy, Diversion, Alert-Info.
    pub(crate) headers: Vec<(String, String)>,
    /// Credentials to answer a challenge of this peer with, never another's. They are not written down.
    #[serde(skip)]
    pub(crate) credentials: Option<Credentials>,
    /// Our SDP offer.
    pub(crate) offer: Vec<u8>,
    /// Give up when nothing final has come for this long (then CANCEL). The switchboard may hang up earlier.
    #[serde(with = "crate::base::time::micros")]
    pub(crate) timeout: Duration,
    /// Whether it may be told to call elsewhere: asked by `Event::Redirected`.
    pub(crate) follows: bool,
}

/// An INVITE or REGISTER that was refused by the endpoint itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// Where it came from.
    pub(crate) remote: SocketAddr,
    /// `INVITE`, `REGISTER`.
    pub(crate) method: String,
    /// The user of its Request-URI or, of a REGISTER, of its To.
    pub(crate) user: String,
    /// What it was answered.
    pub(crate) status: u16,
    /// Why.
    pub(crate) why: Cow<'static, str>,
}

/// A digest that did not prove its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongPassword {
    /// Where it came from.
    pub(crate) remote: SocketAddr,
    /// `INVITE`, `REGISTER`.
    pub(crate) method: String,
    /// Who it said it was.
    pub(crate) user: String,
    /// Failures from this address so far; 0 of a peer, whose are not counted.
    pub(crate) tries: u32,
    /// The address is not heard any more for this long.
    pub(crate) banned: Option<Duration>,
}

/// What a final refusal says besides its status, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// 300 to 699.
    pub(crate) status: u16,
    /// Its reason phrase.
    pub(crate) phrase: String,
    /// Its Reason value (RFC 3326).
    pub(crate) reason: Option<String>,
    /// Its Warning value (RFC 3261 §20.43).
    pub(crate) warning: Option<String>,
}

/// Why an outgoing call failed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A final status of the far end, 300 to 699, and its Retry-After in seconds.
    Refused(u16, Option<u32>),
    /// Nothing answered (timer B), or the ringing lasted longer than allowed.
    Timeout,
    /// The transport could not bring it there.
    Unreachable,
}

/// Why a call ended, when the far end or the protocol ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// BYE from the peer; its Reason value if any (RFC 3326).
    Bye(Option<String>),
    /// CANCEL from the peer before our answer.
    Cancelled,
    /// Our 200 was never acknowledged (RFC 3261 §13.3.1.4); BYE has been sent.
    NoAck,
    /// The far end does not know the dialog any more (481, 408 to a request in the dialog), or the session expired.
    Lost,
    /// The stream or route broke and a request in the dialog could not be sent.
    Unreachable,
}

/// A refusal of an incoming call.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// 300 to 699.
    pub(crate) status: u16,
    /// Retry-After, in seconds.
    pub(crate) retry_after: Option<u32>,
}

/// A contact at which an account can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The Contact URI: the Request-URI of calls to it.
    pub(crate) uri: String,
    /// Where the REGISTER came from: calls go there (symmetric, NAT or not).
    pub(crate) remote: SocketAddr,
    /// UDP or TCP.
    pub(crate) protocol: Protocol,
    /// The stream, for TCP.
    pub(crate) connection: Option<ConnectionId>,
    /// Its q value in thousandths (1000 = 1.0).
    pub(crate) q: u16,
}

/// Our registration at an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrunkState {
    /// Registered for this long.
    Registered(Duration),
    /// Refused or unreachable.
    Failing {
        /// The status; 0 when nothing came.
        status: u16,
        /// What the operator said beside it.
        phrase: String,
        /// It is tried again in this long.
        again: Duration,
    },
}

impl TrunkState {
    /// As an operator reads it.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Registered(length) => format!("registered for {} s", length.as_secs()),
            Self::Failing { again, .. } => {
                let why = self.error().unwrap_or_default();
                format!("not registered: {why}; tried again in {} s", again.as_secs())
            }
        }
    }

    /// What went wrong.
    pub(crate) fn error(&self) -> Option<String> {
        match self {
            Self::Registered(_) => None,
            Self::Failing { status: 0, .. } => Some("no answer".to_owned()),
            Self::Failing { status, phrase: said, .. } => {
                let phrase = if said.is_empty() { phrase(*status) } else { said };
                Some(match status {
                    401 | 403 | 407 => {
                        format!("the operator refuses the user or the password ({status} {phrase})")
                    }
                    404 => format!("the operator does not know the user ({status} {phrase})"),
                    _ => format!("{status} {phrase}"),
                })
            }
        }
    }
}

/// Whether new calls are let in.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Admission {
    /// They are.
    #[default]
    Open,
    /// 503 with this Retry-After (seconds) to new INVITEs and to OPTIONS; calls in progress go on.
    Draining(u32),
}
