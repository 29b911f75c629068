//! A whole world under a virtual clock: network, callers, agents, laws. Knows nothing of real sockets or clocks.

pub mod conversation;
pub(crate) mod ear;
pub(crate) mod french;
pub(crate) mod ladder;
pub(crate) mod law;
pub mod network;
pub(crate) mod pcap;
pub mod phone;
pub mod scenario;
mod watch;
pub mod whole;
pub mod world;
