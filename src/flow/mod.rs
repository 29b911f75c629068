//! The flow language: YAML in, a typed graph, and the walk of one call through it. Pure; knows nothing of telephony.

pub mod speech;
pub mod vocabulary;
