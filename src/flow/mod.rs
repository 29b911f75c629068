//! The flow language: YAML in, a typed graph, and the walk of one call through it. Pure; knows nothing of telephony.
//!
//! `compile.rs` reads a text into a `Flow` (`graph.rs`) with the verbs of `verb/`, and `check/` proves what must hold;
//! `walk/` takes a call through it, and says what it wants in the words of `vocabulary.rs`.

mod check;
mod compile;
pub mod decimal;
pub mod draw;
pub mod errand;
mod expression;
pub mod graph;
pub mod journal;
pub mod prompt;
mod read;
pub mod recorded;
pub mod reference;
pub mod schema;
pub mod siblings;
pub mod speech;
mod spot;
pub mod system;
mod template;
#[cfg(test)]
mod testing;
pub mod value;
pub mod verb;
pub mod vocabulary;
pub mod walk;
mod wants;
mod words;
pub mod written;

#[cfg(test)]
pub use compile::compile;
pub use compile::{judge, read};
pub use read::Names;
pub use siblings::Siblings;
pub use template::literal;
