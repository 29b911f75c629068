//! Sites as people write them: right, wrong or meant to harm; their scenarios, and their calls walked again.
#![allow(unreachable_pub)] // a program shows nothing: what is `pub` in it is shown to its other files
#![allow(clippy::unwrap_used)] // a test may

#[path = "../support/mod.rs"]
mod support;

mod hostile_yaml;
mod journals;
mod mistakes;
mod random_flows;
mod scenarios;
mod scenes;
