//! Sockets, clocks, files, signals: the only place beside `phone` and `cli` that touches the outside.

pub mod clock;
pub mod entropy;
mod intake;
pub mod media_worker;
pub mod priority;
pub mod recorder;
mod recovery;
