//! What a record says of the money: estimates by the tariffs in force at the moment of the call, in millionths of a euro.

use serde::{Deserialize, Serialize};

use crate::base::name::Name;

/// What a call costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRecord {
    /// All of it.
    pub total_micros: u64,
    /// The call that came in.
    pub incoming_micros: u64,
    /// Calls that went out for it: forwarded, to agents' mobiles, call backs.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub outgoing_micros: u64,
    /// Text messages.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub messages_micros: u64,
    /// Of the call that came in: the part that was spent in queues.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub waiting_micros: u64,
    /// The tariff of the number, as it was then; none: the number has no tariff, and the call costs nothing that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<Name>,
    /// What was billed of the call that came in.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub billed_s: u64,
    /// A class, a number or a price was not known, and the dearest rate was taken.
    #[serde(default, skip_serializing_if = "is_sure")]
    pub unsure: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives a reference
fn is_nothing(micros: &u64) -> bool {
    *micros == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives a reference
fn is_sure(unsure: &bool) -> bool {
    !*unsure
}
