//! A whole world under a virtual clock: network, callers, agents, laws. Knows nothing of real sockets or clocks.

pub mod conversation;
pub mod ear;
pub mod ladder;
pub mod law;
pub mod network;
pub mod pcap;
pub mod phone;
pub mod scenario;
mod watch;
pub mod whole;
pub mod world;
