//! Our own softphone: it dials, answers, sends keys, plays and listens.
//!
//! The caller of the tests, of the load bench and of `svi dial`. It shares no SIP code with the server: its messages are
//! written and read by `rsip` (one door: `message.rs`), so that no fault can be made on both sides and hide itself.
//!
//! `call.rs` is one call as a value, without socket or clock; `handset.rs` carries one with tokio, sound and keys;
//! `load.rs` carries thousands.

pub mod call;
pub mod conversation;
pub mod dialog;
pub mod digest;
pub mod fingerprint;
pub mod handset;
pub mod hearing;
pub mod ladder;
pub mod load;
pub mod message;
pub mod registration;
pub mod repeat;
pub mod script;
pub mod session;
pub mod sink;
pub mod spacing;
pub mod voice;
pub mod wire;

pub use fingerprint::{Heard, fingerprint};
pub use handset::{AnswerOptions, CallHandle, DialOptions, Happening, Outcome, Phone, PhoneError};
