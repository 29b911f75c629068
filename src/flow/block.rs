//! The place of a block in its flow: what a step leads to. A name that was read once is an index from then on (law 6).

/// A block of its flow.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BlockId(pub usize);
