//! Agents, queues, hours, numbers, records: the contact centre, pure. Knows nothing of SIP, media or flows.

pub mod agent;
pub mod caller;
pub mod floor;
mod floor_check;
mod floor_hope;
mod floor_place;
mod floor_view;
pub mod group;
pub mod holiday;
pub mod hours;
pub mod number;
mod number_table;
pub mod queue;
pub mod record;
pub mod trunk;

pub use floor::{Centre, CentreConfig};
pub use floor_check::Broken;
pub use floor_place::Place;
pub use floor_view::QueueStatus;
