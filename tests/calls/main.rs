//! Whole calls through the server's own core under a virtual clock: one file a feature. Nothing sleeps.
#![allow(clippy::unwrap_used)] // a test may

#[path = "../support/mod.rs"]
mod support;

mod announcement;
mod ask;
mod faults;
mod hold;
mod ladder;
mod menu;
mod outside;
mod queue;
mod ring;
mod transfer;
mod voicemail;
mod whole;
