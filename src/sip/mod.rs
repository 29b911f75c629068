//! SIP (RFC 3261 and its family), pure: bytes and moments in, bytes and events out. Knows nothing of IVR.
//!
//! Read `endpoint/` first: it is all that the switchboard sees. `message/` reads and writes the text, `transaction/`
//! holds the four machines of RFC 3261 §17, `dialog.rs` and `invite/` the calls, `registrar.rs` the agents' phones,
//! `trunk_registration.rs` our own line at the operator.
//!
//! Not here: TLS, DNS (addresses come resolved), PRACK (RFC 3262: refused by 420, never advertised), REFER.

pub(crate) mod dialog;
pub(crate) mod digest;
pub(crate) mod endpoint;
pub(crate) mod guard;
pub(crate) mod invite;
pub(crate) mod kept;
pub mod message;
pub(crate) mod observe;
pub(crate) mod path;
pub(crate) mod registrar;
pub(crate) mod timer;
pub(crate) mod transaction;
pub mod transport;
pub(crate) mod trunk_registration;
