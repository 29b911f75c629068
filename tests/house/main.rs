//! The laws of the house, and what is generated from it or stands beside it: pages, schemas, calendars, voices. No call is made
//! here, so that it needs no more than the source, the tables and the files of the repository.
#![allow(unreachable_pub)] // a program shows nothing: what is `pub` in it is shown to its other files
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests read the files that they judge

mod source;

mod calendars;
mod codes;
mod messages;
mod mutants;
mod reference;
mod schema;
mod speech;
mod tidy;
