//! Agents, queues, hours, numbers, records: the contact centre, pure. Knows nothing of SIP, media or flows.

pub(crate) mod agent;
pub(crate) mod caller;
pub mod cost_record;
pub(crate) mod floor;
mod floor_check;
mod floor_hope;
mod floor_place;
mod floor_view;
pub(crate) mod french;
pub(crate) mod group;
pub mod holiday;
pub mod hours;
pub(crate) mod incoming;
pub mod leg_record;
pub(crate) mod number;
mod number_table;
pub mod outcome;
pub(crate) mod outgoing;
pub(crate) mod queue;
pub mod record;
pub mod step_record;
pub(crate) mod traffic;
pub(crate) mod trunk;
pub mod visit_record;

pub(crate) use floor::CentreConfig;
pub(crate) use floor_place::{KeptPlace, Place};
