//! SIP (RFC 3261 and its family), pure: bytes and moments in, bytes and events out. Knows nothing of IVR.
//!
//! Read `endpoint/` first: it is all that the switchboard sees. `message/` reads and writes the text, `transaction/`
//! holds the four machines of RFC 3261 §17, `dialog.rs` and `invite/` the calls, `registrar.rs` the agents' phones,
//! `trunk_registration.rs` our own line at the operator.
//!
//! Not here: TLS, DNS (addresses come resolved), PRACK (RFC 3262: refused by 420, never advertised), REFER.

pub mod dialog;
pub mod digest;
pub mod endpoint;
pub mod invite;
pub mod message;
pub mod observe;
pub mod path;
pub mod registrar;
pub mod timer;
pub mod transaction;
pub mod transport;
pub mod trunk_registration;
