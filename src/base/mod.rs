//! Words that every layer shares. Pure types: no clock, no file, no chance.

pub(crate) mod arena;
pub mod codec;
pub mod diagnostic;
pub mod digit;
pub(crate) mod form;
pub(crate) mod french;
pub(crate) mod letters;
pub mod limit;
pub mod name;
pub mod pii;
#[cfg(test)]
pub(crate) mod property;
pub(crate) mod read;
pub mod rng;
pub mod time;
pub(crate) mod url;
pub mod yaml;
