//! Our own softphone: it dials, answers, sends keys, plays and listens.
//!
//! The caller of the tests, of the load bench and of `svi dial`. It shares no SIP code with the server: its messages are
//! written and read by `rsip` (one door: `message.rs`), so that no fault can be made on both sides and hide itself.
//!
//! `call.rs` is one call as a value, without socket or clock; `handset.rs` carries one with tokio, sound and keys;
//! `load.rs` carries thousands.

pub mod call;
pub mod dialog;
pub mod digest;
pub mod message;
pub mod repeat;
