//! The laws of the house, and what is generated from it or stands beside it: pages, schemas, calendars, voices. No call is made
//! here, so that it needs no more than the source, the tables and the files of the repository.
#![allow(unreachable_pub)] // a test shows nothing to anybody
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests read the files that they judge

#[path = "../../src/base/property.rs"]
mod property;
mod source;

mod calendars;
mod circles;
mod codes;
mod messages;
mod mutants;
mod reference;
mod schema;
mod speech;
mod tidy;
