//! The flow language: YAML in, a typed graph, and the walk of one call through it. Pure; knows nothing of telephony.
//!
//! `compile.rs` reads a text into a `Flow` (`graph.rs`) with the verbs of `verb/`, and `check/` proves what must hold;
//! `walk/` takes a call through it, and says what it wants in the words of `vocabulary.rs`.

mod block;
mod check;
mod compile;
pub mod context;
pub(crate) mod decimal;
pub(crate) mod draw;
pub mod errand;
mod expression;
pub mod facts;
mod form;
mod form_of_blocks;
pub(crate) mod french;
pub mod graph;
pub mod journal;
mod next;
pub(crate) mod numbers;
pub mod prompt;
mod read;
mod reading;
pub(crate) mod recorded;
pub mod reference;
pub(crate) mod schema;
pub(crate) mod siblings;
pub mod speech;
mod spot;
pub mod system;
mod template;
#[cfg(test)]
mod testing;
mod turn;
pub(crate) mod value;
pub mod verb;
pub mod vocabulary;
pub mod walk;
mod wants;
mod words;
pub(crate) mod written;

#[cfg(test)]
pub(crate) use compile::compile;
pub(crate) use compile::{judge, read};
pub(crate) use read::Names;
pub(crate) use siblings::Siblings;
pub(crate) use template::literal;
