//! What a record says of each block that the caller came through.

use serde::{Deserialize, Serialize};

use crate::base::name::Name;

/// A block that was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// The flow, when it is not the one of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Name>,
    /// Which block.
    pub block: Name,
    /// When it was entered, after the call began.
    pub after_ms: u64,
    /// How long it lasted.
    pub ms: u64,
    /// How it was left.
    pub left: StepEnd,
    /// The key, the exit's name, or the block that was gone to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// Silences in it: a question that got no key in time.
    #[serde(default, skip_serializing_if = "super::record::is_zero")]
    pub silences: u32,
    /// Keys in it that lead nowhere.
    #[serde(default, skip_serializing_if = "super::record::is_zero")]
    pub wrong_keys: u32,
}

impl StepRecord {
    /// A block that was entered just now.
    pub(crate) const fn entered(block: Name, after_ms: u64) -> Self {
        Self {
            flow: None,
            block,
            after_ms,
            ms: 0,
            left: StepEnd::HungUp,
            by: None,
            silences: 0,
            wrong_keys: 0,
        }
    }
}

/// How a block was left.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepEnd {
    /// The caller, the line or we ended the call while it was there.
    #[default]
    HungUp,
    /// By a key of a menu.
    Key,
    /// By silence, once too often.
    Silence,
    /// By wrong keys, once too often.
    WrongKey,
    /// By an exit of a step, by its name: `closed`, `no-answer`.
    Exit,
    /// By `goto`, or because the next block follows.
    Goto,
    /// The flow ended the call there.
    End,
}
