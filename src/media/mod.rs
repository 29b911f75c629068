//! The data plane without a socket: sessions, sources, bridges, recorders, and what the control plane says to it.

pub mod vocabulary;
