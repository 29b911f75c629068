//! The store of call records: the one truth about the past, in a database of SQLite beside the other things that a server keeps, or
//! in one of PostgreSQL.
//!
//! Records come in by one thread ([`Store`]), in transactions, with the sums that reports are made of. What the database cannot take
//! goes into a spill file beside it and is taken in later; each record counts once, by its id. Who reads has a connection of their
//! own ([`Reader`]) and holds nobody up. `ARCHITECTURE.md` says who may know the crates of databases: this folder alone.

mod backup;
mod db;
#[cfg(test)]
mod engines_tests;
mod entry;
mod filter;
mod forget;
mod import;
mod keep;
mod key;
mod ledger;
#[cfg(test)]
mod million;
mod nightly;
mod pages;
mod place;
mod reader;
mod rollups;
mod schema;
mod spill;
mod sums;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use self::backup::save;
pub(crate) use self::filter::Filter;
pub(crate) use self::forget::{export_caller, forget, names};
pub(crate) use self::import::take;
pub(crate) use self::keep::{Purged, Terms};
pub(crate) use self::key::is_hash;
pub(crate) use self::ledger::News;
pub(crate) use self::place::{Place, StoreError};
pub(crate) use self::reader::{Reader, ended};
pub(crate) use self::sums::{BlockSum, recost, recount};
pub(crate) use self::writer::Store;
