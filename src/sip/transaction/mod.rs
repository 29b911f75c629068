//! The transactions of RFC 3261 §17, one file per machine, and the table that owns them. They know a method, a
//! status and octets; what these mean is for `endpoint/` and `invite/`. Read RFC 3261 §17, RFC 6026, RFC 4320.

pub(crate) mod invite_client;
pub(crate) mod invite_server;
pub(crate) mod key;
pub(crate) mod other_client;
pub(crate) mod other_server;
pub(crate) mod table;

#[cfg(test)]
mod model;

use std::sync::Arc;

/// What a machine wants after a timer has fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// Nothing: no timer was due.
    Idle,
    /// Send this again.
    Send(Arc<[u8]>),
    /// It gave up: tell the user, then forget the machine.
    TimedOut,
    /// It has done its duty: forget the machine.
    Over,
}

/// What a client machine says of a response.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// For the user.
    Deliver,
    /// A non-2xx to an INVITE: acknowledge it, and give it to the user.
    DeliverAndAck,
    /// That non-2xx again: acknowledge it again.
    Ack,
    /// Old, or of no use.
    Drop,
}
