//! A telephone in somebody's hand: one call (or one agent's account) on tokio, with sound and keys.
//!
//! One task owns everything: the SIP wire, the RTP socket, the call, what is said and what is heard. Whoever started it
//! holds a [`CallHandle`]: orders go in, what happens comes out, and at the end an [`Outcome`].

use std::fmt;
use std::io;
use std::net::SocketAddr;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::base::codec::G711;
use crate::base::digit::Digit;
use crate::base::pii::Secret;
use crate::base::time::Duration;
use crate::phone::call::End;
use crate::phone::digest::Credentials;
use crate::phone::hearing::Statistics;
use crate::phone::message::Transport;
use crate::phone::script::Script;
use crate::phone::session::Session;

/// Happenings that may wait for whoever holds the phone.
const HAPPENINGS_MAX: usize = 1_024;

/// The phone: [`Phone::dial`] calls, [`Phone::answer`] waits to be called.
#[derive(Copy, Clone, Debug)]
pub struct Phone;

/// Whom to call, as whom, and what to do then.
#[derive(Clone, Debug)]
pub struct DialOptions {
    /// Where the SIP goes.
    pub server: SocketAddr,
    /// The Request-URI: `sip:0800123456@127.0.0.1`.
    pub target: String,
    /// The number that calls.
    pub from: String,
    /// What answers a challenge.
    pub credentials: Option<Credentials>,
    /// How SIP travels.
    pub transport: Transport,
    /// The codecs offered, best first.
    pub codecs: Vec<G711>,
    /// What the caller does.
    pub script: Script,
    /// Print the ladder as it happens.
    pub print: bool,
}

impl DialOptions {
    /// Calls `number` at `server` from a mobile number, over UDP, with both codecs; does nothing then.
    pub fn new(server: SocketAddr, number: &str) -> Self {
        Self {
            server,
            target: format!("sip:{number}@{server}"),
            from: "0612345678".into(),
            credentials: None,
            transport: Transport::Udp,
            codecs: G711::PREFERRED.to_vec(),
            script: Script::default(),
            print: false,
        }
    }
}

/// Under which account to be reached, and what to do when called.
#[derive(Clone, Debug)]
pub struct AnswerOptions {
    /// The server to register at.
    pub server: SocketAddr,
    /// The account, and its domain in the From (the server's host unless given).
    pub user: String,
    /// The domain of the account; the server's address if `None`.
    pub domain: Option<String>,
    /// The password.
    pub credentials: Option<Credentials>,
    /// How SIP travels.
    pub transport: Transport,
    /// The codecs accepted, best first.
    pub codecs: Vec<G711>,
    /// What is done with each call.
    pub script: Script,
    /// The life asked of the registration, in seconds; `None` does not register.
    pub register_for: Option<u32>,
    /// Leave after this many calls; `None`: stay until the handle is dropped.
    pub calls: Option<u32>,
    /// Print the ladder as it happens.
    pub print: bool,
}

impl AnswerOptions {
    /// An agent at `server`, over UDP, with both codecs, who answers at once and stays.
    pub fn new(server: SocketAddr, user: &str, password: &str) -> Self {
        Self {
            server,
            user: user.into(),
            domain: None,
            credentials: Some(Credentials { user: user.into(), password: Secret::new(password) }),
            transport: Transport::Udp,
            codecs: G711::PREFERRED.to_vec(),
            script: Script::default(),
            register_for: Some(300),
            calls: None,
            print: false,
        }
    }
}

/// What happens on the phone.
#[derive(Clone, Debug)]
pub enum Happening {
    /// The server knows where we are.
    Registered,
    /// A 1xx has come.
    Progress(u16),
    /// We are being called, by this From.
    Ringing(String),
    /// Both sides talk.
    Answered,
    /// A key came.
    Key(Digit),
    /// The media has been negotiated anew: whether we may send.
    Reoffered {
        /// Whether our audio is wanted; false on hold.
        send: bool,
    },
    /// A call is over.
    Ended(Box<Outcome>),
}

/// What may be ordered while the phone is at work.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    /// Hang up, take back the registration and leave.
    Leave,
}

/// A call that is over.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// From the INVITE to its 200; `None` if it was never answered.
    pub answered_after: Option<Duration>,
    /// From the answer to the end.
    pub talked: Duration,
    /// The codec, if one was negotiated.
    pub codec: Option<G711>,
    /// What was heard, 8,000 samples a second, from the first packet on.
    pub heard: Vec<i16>,
    /// How well it came.
    pub statistics: Statistics,
    /// Packets sent.
    pub sent: u64,
    /// When the first packet came, since the call began.
    pub(crate) first_packet_at: Option<Duration>,
    /// The ladder, line by line.
    pub ladder: Vec<String>,
}

/// Why a phone could not do its work.
#[derive(Debug)]
pub enum PhoneError {
    /// The sockets: none free, the server not reached, the connection lost.
    Network(SocketAddr, io::Error),
    /// The number or the name makes no SIP address.
    Address(String),
    /// The server refused the registration with this status (408: it never answered).
    Registration(u16),
    /// The task of the phone is gone: a fault of ours.
    Gone,
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(server, error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                write!(f, "nobody listens at {server}: is the server running, and on that port?")
            }
            Self::Network(server, error) => write!(f, "cannot talk to {server}: {error}"),
            Self::Address(why) => f.write_str(why),
            Self::Registration(401 | 407) => f.write_str("the server refuses this user or this password"),
            Self::Registration(408) => f.write_str("the server does not answer the REGISTER"),
            Self::Registration(status) => write!(f, "the server refuses the registration: {status}"),
            Self::Gone => f.write_str("the phone's task has ended without an outcome"),
        }
    }
}

impl std::error::Error for PhoneError {}

/// The phone's strings: orders in, happenings out. Dropping it hangs up.
#[derive(Debug)]
pub struct CallHandle {
    orders: mpsc::UnboundedSender<Order>,
    happenings: mpsc::Receiver<Happening>,
    task: JoinHandle<Result<(), PhoneError>>,
}

impl Phone {
    /// Sends the INVITE, and hands over the strings.
    pub async fn dial(options: DialOptions) -> Result<CallHandle, PhoneError> {
        Ok(Self::start(|orders, happenings| Session::dialling(options, orders, happenings)).await?.0)
    }

    /// Registers (or only listens) and waits to be called. Gives the address of its SIP as well.
    pub async fn answer(options: AnswerOptions) -> Result<(CallHandle, SocketAddr), PhoneError> {
        Self::start(|orders, happenings| Session::answering(options, orders, happenings)).await
    }

    async fn start<F>(
        open: impl FnOnce(mpsc::UnboundedReceiver<Order>, mpsc::Sender<Happening>) -> F,
    ) -> Result<(CallHandle, SocketAddr), PhoneError>
    where
        F: Future<Output = Result<Session, PhoneError>>,
    {
        let (orders, to_phone) = mpsc::unbounded_channel();
        let (to_holder, happenings) = mpsc::channel(HAPPENINGS_MAX);
        let session = open(to_phone, to_holder).await?;
        let local = session.local();
        let task = tokio::spawn(session.run());
        Ok((CallHandle { orders, happenings, task }, local))
    }
}

impl CallHandle {
    /// What happens next; `None` when the phone has left.
    pub async fn next(&mut self) -> Option<Happening> {
        self.happenings.recv().await
    }

    /// Waits until the server knows where we are.
    pub async fn registered(&mut self) -> Result<(), PhoneError> {
        while let Some(happening) = self.next().await {
            if matches!(happening, Happening::Registered) {
                return Ok(());
            }
        }
        Err(self.error().await)
    }

    /// Waits for the answer; `Err(outcome)` inside when the call ended without one.
    pub async fn answered(&mut self) -> Result<Result<(), Box<Outcome>>, PhoneError> {
        while let Some(happening) = self.next().await {
            match happening {
                Happening::Answered => return Ok(Ok(())),
                Happening::Ended(outcome) => return Ok(Err(outcome)),
                _ => {}
            }
        }
        Err(self.error().await)
    }

    /// Waits for the end of the call.
    pub async fn ended(&mut self) -> Result<Outcome, PhoneError> {
        while let Some(happening) = self.next().await {
            if let Happening::Ended(outcome) = happening {
                return Ok(*outcome);
            }
        }
        Err(self.error().await)
    }

    /// Hangs up and takes back the registration; the phone then leaves.
    pub fn leave(&self) {
        self.order(Order::Leave);
    }

    fn order(&self, order: Order) {
        // A phone that has left takes no orders: what it did before is what counts.
        let _ = self.orders.send(order);
    }

    async fn error(&mut self) -> PhoneError {
        match (&mut self.task).await {
            Ok(Err(error)) => error,
            Ok(Ok(())) | Err(_) => PhoneError::Gone,
        }
    }
}
