//! The site: typed from the texts it is given, checked whole, swapped whole on reload.

mod check;
pub mod form;
pub mod load;
pub mod outside;
mod read;
pub mod schema;
mod section_calendar;
mod section_money;
mod section_outside;
mod section_people;
mod section_server;
mod section_sms;
mod shared;
pub mod site;
pub mod value;
mod whole;

pub use load::{FlowText, Loaded, Sources};
pub use read::Credentials;
pub use whole::{Site, read};
