//! Sockets, clocks, files, signals: the only place beside `phone` and `cli` that touches the outside.

pub mod assets;
pub mod clock;
pub mod control;
pub mod driver;
pub mod entropy;
mod intake;
pub mod kept_calls;
pub mod load;
mod log;
pub mod media_worker;
pub mod outside;
pub mod priority;
pub mod prompts;
pub mod recorder;
mod recordings;
pub mod records;
mod recovery;
pub mod scenes;
pub mod systemd;
pub mod tcp;
pub mod udp;
pub mod versions;
mod voice;
mod watch;
