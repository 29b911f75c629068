//! svi: a SIP interactive voice response server for French free numbers (*numéro vert*).
//!
//! The core is a value: `Switchboard` takes `handle(now, input)` and gives its outputs until it says when to wake it.
//! Start with `ARCHITECTURE.md`; the layers below stand in the order in which they may know each other, and
//! `tests/house/tidy.rs` holds that order. A room is `pub` for those outside of the library: integration tests, benches, examples
//! and the binary. Within it only what they name is `pub`, all else `pub(crate)`, so that the compiler sees what is dead.

pub mod base;

pub mod audio;
pub mod rtp;
pub mod sdp;
pub mod sip;

pub mod media;

pub mod centre;
pub mod flow;

#[expect(dead_code, reason = "the store, the pages and the commands that ask for figures are to come")]
pub(crate) mod figures;

pub mod config;

pub mod switchboard;

pub mod sim;

#[allow(clippy::disallowed_methods, clippy::disallowed_types)] // clocks, sockets, files and threads live here
pub mod io;
#[allow(clippy::disallowed_methods, clippy::disallowed_types)] // a program of its own, on tokio
pub mod phone;

#[allow(clippy::disallowed_methods, clippy::disallowed_types)] // commands read files and the environment
pub mod cli;
