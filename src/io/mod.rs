//! Sockets, clocks, files, signals: the only place beside `phone` and `cli` that touches the outside.

pub mod assets;
pub(crate) mod clock;
pub(crate) mod control;
pub(crate) mod driver;
pub(crate) mod entropy;
pub(crate) mod french;
mod intake;
pub(crate) mod kept_calls;
pub mod load;
mod log;
pub(crate) mod media_worker;
pub(crate) mod outside;
pub(crate) mod priority;
pub(crate) mod prompts;
pub(crate) mod recorder;
mod recordings;
pub(crate) mod records;
mod recovery;
pub mod scenes;
pub(crate) mod systemd;
pub(crate) mod tcp;
pub(crate) mod udp;
pub(crate) mod versions;
mod voice;
mod watch;
