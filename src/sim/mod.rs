//! A whole world under a virtual clock: network, callers, agents, laws.
