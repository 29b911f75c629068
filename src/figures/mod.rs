//! What records add up to: how each call went, what it cost, and the figures of a span of time. One definition of each figure,
//! in one place, printed beside the figure; page, API and exports ask here.
//!
//! Pure: records in, numbers out. No store, no clock, no file.

mod additive;
pub(crate) mod bill;
pub(crate) mod callers;
pub(crate) mod campaign;
pub(crate) mod catalogue;
pub(crate) mod contribution;
pub(crate) mod cost;
pub(crate) mod erlang;
pub(crate) mod french;
pub(crate) mod interval;
pub(crate) mod money;
pub(crate) mod origin;
pub(crate) mod outcome;
pub(crate) mod report;
#[cfg(test)]
mod sample;
pub(crate) mod tally;
pub(crate) mod tariff;
pub(crate) mod thresholds;
pub(crate) mod value;
