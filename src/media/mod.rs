//! The data plane without a socket: sessions, sources, bridges, recorders, and what the control plane says to it.

mod lock;
mod outbox;
mod outgoing;
pub mod plane;
mod player;
mod receive;
mod recording;
mod relay;
mod report;
mod session;
mod tick;
pub mod vocabulary;
mod wheel;
