//! What a walk was told, kept so that the call can be walked again: keys, clocks, replies, and what it read of the world.
//!
//! The same flow with the same journal takes the same path. Digits of a secret question are not in it: what came of them is.
//! Of an answer of the company's system only the values are kept that the flow reads.

mod entries;
mod kept;
mod replay;
mod tape;

pub(crate) use self::entries::Journal;
pub use self::replay::{Replay, ReplayError, Walked};
