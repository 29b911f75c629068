//! Whole calls through the server's own core under a virtual clock: one file a feature, and what strangers, chance and a bad
//! network make of them. Nothing sleeps.
#![allow(unreachable_pub)] // a program shows nothing: what is `pub` in it is shown to its other files
#![allow(clippy::unwrap_used)] // a test may

mod bench;
#[path = "../support/mod.rs"]
mod support;

mod announcement;
mod ask;
mod chaos;
mod faults;
mod hold;
mod hostile;
mod ladder;
mod menu;
mod outside;
mod queue;
mod ring;
mod scrambled;
mod torture;
mod torture_answers;
mod transfer;
mod voicemail;
