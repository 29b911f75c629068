//! The data plane without a socket: sessions, who hears whom, recordings, and what the control plane says to it.

pub(crate) mod crossing;
mod ear;
mod gain;
mod hearing;
mod jitter;
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
