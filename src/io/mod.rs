//! Sockets, clocks, files, signals: the only place beside `phone` and `cli` that touches the outside.

pub mod control;
pub mod driver;
pub mod entropy;
pub mod records;
pub mod systemd;
pub mod tcp;
pub mod udp;
pub mod clock;
pub mod entropy;
mod intake;
pub mod media_worker;
pub mod priority;
pub mod recorder;
mod recovery;
