//! The site: typed from the texts it is given, checked whole, swapped whole on reload.

mod bounds;
mod check;
mod doubts;
pub(crate) mod form;
pub(crate) mod french;
pub(crate) mod load;
pub(crate) mod outside;
mod read;
pub mod schema;
mod section_accepted;
mod section_calendar;
mod section_incoming;
mod section_money;
mod section_outgoing;
mod section_outside;
mod section_people;
mod section_server;
mod section_sms;
mod served;
mod shared;
pub(crate) mod short_text;
pub(crate) mod site;
pub(crate) mod value;
mod whole;

pub use doubts::doubts;
pub(crate) use load::Sources;
pub use read::Credentials;
pub use served::lacks;
pub use shared::SECTIONS;
pub use whole::{Site, read};
