//! The program as it is started: the promises of its unit, and commands that write files. Real processes, signals and sockets.
#![allow(unreachable_pub)] // a program shows nothing: what is `pub` in it is shown to its other files
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)] // tests start programs and read files

mod graph;
mod unit;
