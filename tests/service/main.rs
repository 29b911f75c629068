//! The program as it is started: the promises of its unit, and commands that write files. Real processes, signals and sockets.
#![allow(unreachable_pub)] // a test shows nothing to anybody
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)] // tests start programs and read files

mod graph;
mod operations;
mod server;
mod unit;
