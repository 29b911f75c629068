//! Agents, queues, hours, numbers, records: the contact centre, pure. Knows nothing of SIP, media or flows.

pub mod caller;
pub mod holiday;
pub mod hours;
pub mod number;
mod number_table;
pub mod trunk;
