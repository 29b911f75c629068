//! Our own softphone: it dials, answers, sends keys, plays and listens.
//!
//! The caller of the tests, of the load bench and of `svi dial`. It shares no SIP code with the server: its messages are
//! written and read by `rsip` (one door: `message.rs`), so that no fault can be made on both sides and hide itself.
//!
//! `call.rs` is one call as a value, without socket or clock; `handset.rs` carries one with tokio, sound and keys;
//! `load.rs` carries thousands.

pub mod call;
pub(crate) mod conversation;
pub(crate) mod dialog;
pub(crate) mod digest;
pub mod fingerprint;
pub(crate) mod handset;
pub(crate) mod hearing;
pub(crate) mod ladder;
pub mod load;
pub mod message;
pub(crate) mod registration;
pub(crate) mod repeat;
pub mod script;
pub(crate) mod session;
pub(crate) mod sink;
pub(crate) mod spacing;
pub(crate) mod voice;
pub(crate) mod wire;

pub(crate) use fingerprint::Heard;
pub use fingerprint::fingerprint;
pub(crate) use handset::PhoneError;
pub use handset::{AnswerOptions, CallHandle, DialOptions, Happening, Outcome, Phone};
