//! Whole calls through the server's own core under a virtual clock: one file a feature, and what strangers, chance and a bad
//! network make of them. Nothing sleeps.
#![allow(unreachable_pub)] // a test shows nothing to anybody
#![allow(clippy::unwrap_used)] // a test may

mod bench;
#[path = "../../src/base/property.rs"]
mod property;
#[path = "../support/mod.rs"]
mod support;

mod announcement;
mod ask;
mod bounds;
mod chaos;
mod clock;
mod costs;
mod faults;
mod hold;
mod hostile;
mod identity;
mod keys;
mod ladder;
mod legs;
mod menu;
mod outside;
mod queue;
mod records;
mod redirect;
mod ring;
mod scrambled;
mod torture;
mod torture_answers;
mod transfer;
mod voicemail;
mod whole;
