//! A whole world under a virtual clock: network, callers, agents, laws. Knows nothing of real sockets or clocks.

pub mod conversation;
