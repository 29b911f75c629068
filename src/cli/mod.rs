//! One file per command.

pub mod assets;
