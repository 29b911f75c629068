//! One file per command.
pub mod dial;
